package cli

import (
	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/show/sheet"
)

// historyFlag gives risk its --history, which leaves no room for what is about one snapshot.
func historyFlag(c *cobra.Command) *bool {
	yes := c.Flags().Bool("history", false, "the risk over the kept snapshots, of everything or of ID")
	c.PreRunE = func(c *cobra.Command, _ []string) error {
		for _, name := range []string{"gate", "strict", "with", "sheet", "evidence", "all", "arns"} {
			if *yes && c.Flags().Changed(name) {
				return fault.Input("leave one of the two out", "--%s is about one snapshot, and --history about many", name)
			}
		}
		return nil
	}
	return yes
}

// history is the form of "risk --history": the risk over the kept snapshots, of the account or of one resource.
func (a *app) history(v *view, as *assess.Assessment) (*forms, error) {
	h := sheet.Past{Page: a.page(v, as)}
	if len(v.Args) == 1 {
		var err error
		if h.Key, h.Only, err = oneRisk(v, as, v.Args[0]); err != nil {
			return nil, err
		}
	}
	var err error
	if h.Moments, err = v.Desk.Moments(v.Ctx, as); err != nil {
		return nil, err
	}
	return &forms{Text: h.Text, JSON: func() any { return h.JSON() }}, nil
}
