package collect

import (
	"sync"

	"github.com/footing-dev/footing/internal/read"
)

// progress adds up what all collectors report.
type progress struct {
	mu       sync.Mutex
	tell     read.Tell
	done     int
	asked    int
	expected int // calls that collectors still at work are expected to make at least
}

func newProgress(tell read.Tell) *progress { return &progress{tell: tell} }

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
		all := max(p.asked, p.done+p.expected)
		n := p.done
		p.mu.Unlock()
		p.tell(n, all, what)
	}
}
