package heap

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// TestCollectLate: nothing is collected below the limit, and a process that keeps much is collected as usual.
func TestCollectLate(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	const limit = 64 << 20
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	collections := func() uint32 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.NumGC
	}
	runtime.GC()
	CollectLate(limit)
	before := collections()
	for range 100 {
		kept = make([]byte, 100<<10) // 10 MB
	}
	if n := collections(); n != before {
		t.Errorf("%d collections below the limit", n-before)
	}
	for range 200 {
		kept = append(kept, make([]byte, 512<<10)...) // 100 MB, all of which stays
	}
	runtime.GC()
	runtime.GC()
	for range 100 {
		if debug.SetMemoryLimit(-1) > limit {
			return
		}
		runtime.Gosched()
		runtime.GC()
	}
	t.Errorf("the limit holds on for a process that keeps %d MB", len(kept)>>20)
}

var kept []byte

// TestCollectSoon: garbage is collected often until the work is done, and late again after it.
func TestCollectSoon(t *testing.T) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	const limit = 1 << 40
	for _, c := range []struct {
		gogc          string
		during, after int
	}{{"", 25, -1}, {"100", 100, 100}} {
		t.Setenv("GOGC", c.gogc)
		t.Setenv("GOMEMLIMIT", "")
		debug.SetGCPercent(100)
		CollectLate(limit)
		late := CollectSoon()
		during := debug.SetGCPercent(100)
		debug.SetGCPercent(during)
		late()
		after := debug.SetGCPercent(100)
		if during != c.during || after != c.after {
			t.Errorf("GOGC=%s: %d during, %d after", c.gogc, during, after)
		}
		if c.gogc == "" && debug.SetMemoryLimit(-1) != limit {
			t.Error("the limit is gone")
		}
	}
}
