package collect

import (
	"context"
	"sync"
	"time"

	"github.com/footing-dev/footing/internal/read"
)

// A scan that takes longer than this says what takes so long, and repeats it even when nothing moves.
const (
	long = 5 * time.Second
	beat = time.Second
)

// progress adds up what all collectors report.
type progress struct {
	tell read.Tell
	now  func() time.Time

	mu       sync.Mutex
	began    time.Time
	done     int
	asked    int
	expected int // calls that collectors still at work are expected to make at least
	last     string
	atWork   []working // in the order in which they began
}

type working struct {
	what  string
	since time.Time
}

func newProgress(tell read.Tell, now func() time.Time) *progress {
	return &progress{tell: tell, now: now, began: now()}
}

func (p *progress) expect(n int) {
	p.mu.Lock()
	p.expected += n
	p.mu.Unlock()
}

func (p *progress) step(what string) func(asked, done int) {
	if p.tell == nil {
		return nil
	}
	return func(asked, done int) {
		p.mu.Lock()
		p.asked += asked
		p.done += done
		p.last = what
		p.mu.Unlock()
		p.say()
	}
}

// begin says that work on a part begins, and returns what to do when it ends.
func (p *progress) begin(what string) (end func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.atWork = append(p.atWork, working{what, p.now()})
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for i := range p.atWork {
			if p.atWork[i].what == what {
				p.atWork = append(p.atWork[:i], p.atWork[i+1:]...)
				return
			}
		}
	}
}

func (p *progress) say() {
	p.mu.Lock()
	n, all, what, since, now := p.done, max(p.asked, p.done+p.expected), p.last, time.Duration(0), p.now()
	if now.Sub(p.began) > long && len(p.atWork) > 0 {
		what, since = p.atWork[0].what, now.Sub(p.atWork[0].since)
	}
	p.mu.Unlock()
	p.tell(n, all, what, since)
}

// repeat tells how far the scan is also while it waits for answers. It returns what to do when the scan is over.
func (p *progress) repeat(ctx context.Context) (stop func()) {
	if p.tell == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var g sync.WaitGroup
	g.Go(func() {
		t := time.NewTicker(beat)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				p.say()
			case <-ctx.Done():
				return
			}
		}
	})
	return func() { cancel(); g.Wait() }
}
