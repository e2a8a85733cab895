package draft_test

import (
	"testing"

	"github.com/footing-dev/footing/demo"
	"github.com/footing-dev/footing/internal/act/draft"
	"github.com/footing-dev/footing/internal/judge/assess"
)

func TestSample(t *testing.T) {
	s, err := demo.Open()
	if err != nil {
		t.Fatal(err)
	}
	a, err := assess.Of(assess.Input{Snapshot: s.Snapshot})
	if err != nil {
		t.Fatal(err)
	}
	f := draft.Of(a)
	t.Logf("%d\n%s", f.Open, f.Text())
}
