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
