package access

import (
	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
)

// Decide answers one query about what need not be in the snapshot: something in a Region where nothing is.
func (t *Table) Decide(q decide.Query) iam.Decision { return t.explain(q) }
