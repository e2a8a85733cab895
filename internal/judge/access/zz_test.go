package access

import (
	"fmt"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/read/files"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	s, err := files.Read("/tmp/b/g1000")
	if err != nil {
		t.Fatal(err)
	}
	rs, _ := Routes()
	d := decide.Compile(s)
	n := network.Compile(s)
	t0 := time.Now()
	tb := Compile(s, d, n, rs, Options{})
	fmt.Println("compile", time.Since(t0), "actors", len(tb.actors), "changed", len(tb.changedSelves))
	by := map[string]int{}
	cap := map[string]int{}
	for n, l := range tb.into {
		for _, e := range l {
			by[e.by]++
			cap[n.cap.String()]++
			_ = e
		}
	}
	fmt.Println(by, cap)
	tot := 0
	rts := 0
	for i := range rs {
		rt := &rs[i]
		if holds(rt) && rt.On != accountType {
			continue
		}
		if len(tb.ofType(rt.On)) == 0 {
			continue
		}
		c := 0
		tb.prospects(rt, nil).Each(func(int) { c++ })
		if c > 0 {
			rts++
			tot += c
			fmt.Println(rt.ID, rt.On, c)
		}
	}
	fmt.Println(rts, tot)
}
