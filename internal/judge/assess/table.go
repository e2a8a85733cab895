package assess

import (
	"slices"

	"github.com/footing-dev/footing/internal/judge/access"
)

// Table is the table of paths as if some more path steps were not there, without the sheet.
func (a *Assessment) Table(cut ...string) *access.Table {
	b := *a
	b.Cut = append(slices.Clip(a.Cut), cut...)
	b.table()
	return b.Access
}
