package assess

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/read/files"
)

func TestZZTiming(t *testing.T) {
	dir := os.Getenv("GDIR")
	if dir == "" {
		t.Skip()
	}
	at := time.Now()
	step := func(s string) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fmt.Println(s, time.Since(at), "heap", m.HeapAlloc>>20, "MB total", m.TotalAlloc>>20)
		at = time.Now()
	}
	s, err := files.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	step("read")
	a, err := Access(Input{Snapshot: s})
	if err != nil {
		t.Fatal(err)
	}
	step("access")
	a.Access.Who("arn:aws:s3:::team20-prod-s3-00000", 1)
	step("who")
	n, ways := 0, 0
	last := ""
	for _, typ := range []string{"AWS::S3::Bucket", "AWS::KMS::Key", "AWS::DynamoDB::Table", "AWS::Lambda::Function", "AWS::SecretsManager::Secret", "AWS::SQS::Queue"} {
		for _, r := range s.OfType(typ) {
			if typ != last {
				a.Access.Load(typ)
				last = typ
			}
			for c := access.Read; c <= access.Admin; c++ {
				n++
				a.Access.Reaching(r.Key, c, func(*access.Entry, access.How) { ways++ })
			}
		}
		step(typ)
	}
	fmt.Println(n, ways)
	if os.Getenv("RISK") != "" {
		_, err = Of(Input{Snapshot: s})
		step("risk")
	}
}
