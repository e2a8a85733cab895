package main

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// figures are what one process did and what it cost. It writes them as one line of JSON.
type figures struct {
	CPU   float64 // seconds of processor time, user and system, all threads
	RSS   float64 // most memory that was resident at any moment, MB of 2^20 bytes
	Cells int     // decisions: a principal, an action, a resource
	Rate  float64 // cells a second of processor time
	Ways  int     // paths: ways into a capability on a resource; who: principals in the answer
}

// measure fills in the costs of this process up to now.
func (f *figures) measure() {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) == nil {
		f.CPU, f.RSS = seconds(u.Utime)+seconds(u.Stime), float64(u.Maxrss)/1024
	}
	if peak, ok := ownPeak(); ok {
		f.RSS = peak
	}
	if f.CPU > 0 {
		f.Rate = float64(f.Cells) / f.CPU
	}
}

func seconds(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }

// ownPeak is VmHWM of Linux. A process takes what getrusage says over from whoever started it: under "go run" that would be the
// memory of the go command (getrusage(2) and execve(2)).
func ownPeak() (mb float64, ok bool) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, false
	}
	_, rest, ok := bytes.Cut(text, []byte("VmHWM:"))
	if !ok {
		return 0, false
	}
	kb, err := strconv.Atoi(string(bytes.Fields(rest)[0]))
	return float64(kb) / 1024, err == nil
}
