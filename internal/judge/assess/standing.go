package assess

import (
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Standing is one row of the sheet in numbers: what is kept of it when nothing else is.
type Standing struct {
	ID     string
	Key    snapshot.Key
	Type   string
	Access access.Capability
	State  string // open, in-force, accepted
	Numbers
}

// Numbers are a row's risks, at the worst end and on what was seen alone, and its impact.
type Numbers struct {
	Full, FullLow   int // with the ways through administration of the account
	Shown, ShownLow int // beside them, as the sheet shows it
	Impact          int // worst end
}

// cellKey is one access to one resource.
type cellKey struct {
	key    snapshot.Key
	access access.Capability
}

func (s *Standing) cell() cellKey { return cellKey{s.Key, s.Access} }

func (n Numbers) minus(o Numbers) Numbers {
	return Numbers{n.Full - o.Full, n.FullLow - o.FullLow, n.Shown - o.Shown, n.ShownLow - o.ShownLow, n.Impact - o.Impact}
}

// Standings are the rows of the sheet, in its order.
func (a *Assessment) Standings() []Standing {
	out := make([]Standing, 0, len(a.Sheet.Rows))
	for i := range a.Sheet.Rows {
		r := &a.Sheet.Rows[i]
		out = append(out, Standing{r.ID, r.Key, r.Type, r.Access, r.State, Numbers{r.FullRisk(), r.FullLow(), r.Risk(), r.Low(), r.Impact.Level}})
	}
	return out
}

// Record is what is kept of an assessment when nothing else is: enough to compare its risks with those of a later one.
type Record struct {
	Taken  time.Time
	Rows   []Standing
	Stated []Statement
}

// Record is that of this assessment.
func (a *Assessment) Record() Record {
	return Record{a.Snapshot.Taken, a.Standings(), a.Statements()}
}
