package access

import (
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/internal/snapshot"
	"testing"
)

func BenchmarkWho(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		s, err := files.Read("/tmp/b/g1000")
		if err != nil {
			b.Fatal(err)
		}
		rs, _ := Routes()
		d := decide.Compile(s)
		n := network.Compile(s)
		tb := Compile(s, d, n, rs, Options{})
		tb.WhoAction("s3:GetObject", snapshot.Key("arn:aws:s3:::team03-prod-s3-00001"))
	}
}
