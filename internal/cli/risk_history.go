package cli

import (
	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/show/sheet"
)

// history is the form of "risk --history": the risk over the kept snapshots, of the account or of one row.
func (a *app) history(v *view, as *assess.Assessment, gate int) (*forms, error) {
	if gate > 0 {
		return nil, fault.Input("leave one of the two out", "--gate is about one snapshot, and --history about many")
	}
	h := sheet.Past{Page: a.page(v, as)}
	if len(v.Args) == 1 {
		var err error
		if h.Key, h.Only, err = oneRisk(v, as, v.Args[0]); err != nil {
			return nil, err
		}
	}
	var err error
	if h.Moments, err = v.Desk.Moments(v.Ctx, as, nil); err != nil {
		return nil, err
	}
	return &forms{Text: h.Text, JSON: func() any { return h.JSON() }}, nil
}
