package term

import (
	"fmt"
	"sync"
	"time"
)

// Progress tells how far a long task is: one repainted line on a terminal, a plain line every few seconds otherwise.
type Progress struct {
	mu    sync.Mutex
	w     *Screen
	now   func() time.Time
	last  time.Time
	shown bool
}

const (
	repaint = 100 * time.Millisecond
	plainly = 5 * time.Second
)

// NewProgress writes to a screen, which should be the standard error.
func NewProgress(w *Screen, now func() time.Time) *Progress {
	return &Progress{w: w, now: now, last: now()}
}

// Tell says that done of all calls known so far are made, and what is being read; if since is not 0, what has been read longest, and
// for how long. Safe for several goroutines.
func (p *Progress) Tell(done, all int, what string, since time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, every := p.now(), plainly
	if p.w.Live {
		every = repaint
	}
	if now.Sub(p.last) < every {
		return
	}
	p.last = now
	if since > 0 {
		what = fmt.Sprintf("%s for %s", what, since.Round(time.Second))
	}
	line := Fit(Clean(fmt.Sprintf("reading: %d of %d calls, %s", done, all, what)), p.w.Width-1)
	if !p.w.Live {
		fmt.Fprintln(p.w, line)
		return
	}
	p.shown = true
	fmt.Fprintf(p.w, "\r\x1b[K%s", line)
}

// Done takes the repainted line away.
func (p *Progress) Done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
