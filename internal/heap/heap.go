// Package heap says when the garbage collector begins to work.
package heap

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Command is how much memory a command may take before the collector begins to work.
const Command = 128 << 20

// CollectLate keeps the collector from working before a process has taken so many bytes. Most commands end before that, and what they read
// stays until then: to mark it again and again is wasted. As soon as so much stays that the limit leaves little room, the collector works
// as Go does by default. GOGC and GOMEMLIMIT, when set, are obeyed instead.
func CollectLate(bytes int64) {
	if set() {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(bytes)
	watch(bytes)
}

// CollectSoon lets the collector work four times as often as Go does by default, until the function that it returns is called: for what waits on
// others most of the time, as a live scan does, it costs nothing and saves memory. GOGC and GOMEMLIMIT, when set, are obeyed instead.
func CollectSoon() (late func()) {
	if set() {
		return func() {}
	}
	debug.SetGCPercent(25)
	limit := debug.SetMemoryLimit(math.MaxInt64)
	return func() { CollectLate(limit) }
}

func set() bool { return os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" }

// watch looks at what stayed after each collection.
func watch(limit int64) {
	s := new([64]byte) // its end is the sign that a collection took place
	runtime.AddCleanup(s, func(limit int64) {
		if staying()*4 < limit*3 {
			watch(limit)
			return
		}
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
	}, limit)
}

func staying() int64 {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if live[0].Value.Kind() != metrics.KindUint64 {
		return math.MaxInt64 / 4
	}
	return int64(live[0].Value.Uint64())
}
