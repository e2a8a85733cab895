package cli

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/duty"
	"github.com/footing-dev/footing/internal/show/inventory"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/threatmodel"
)

func listVerb(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "list [SELECTOR…]",
		Short: "the inventory: what there is, and what could not be seen",
		Long: `The inventory of the latest snapshot.

A SELECTOR is a word that is looked for in name, ARN, type and tags, or one of
  type:bucket  type:AWS::S3::Bucket  type:s3::*     the type, or the end of it
  tag:team  tag:team=web                            a tag, or a tag and its value
  region:eu-west-1  region:global                   where it is
  name:*orders*  arn:*:role/*  account:111122223333
  unit:prod  owner:*@example.com  class:restricted  what people state, or tags say; "none" finds what nobody stated
  managed:terraform  managed:nobody                 what made it, as far as stacks and tags tell
  near:web-1                                        what it leads to, and what leads to it
  @name                                             a view of footing.yaml
Case does not matter; * and ? are wildcards. Several selectors must all match; "-" before one turns it around
(put "--" before the first, so that it is no flag).

When one resource is left, its page is shown: its settings, and its relations in both directions.
--cost shows what things cost a month: as billed, as far as the bill can be allocated, else as estimated. Unknown is not 0.
--new, --changed and --gone compare with the snapshot before, or with --since.
Nothing is called absent that was not looked for: what could not be seen is listed below the table.`,
		Example: `
footing list
footing list type:bucket tag:env=prod
footing list orders -o orders.json -o orders.csv
footing list near:web-1
footing list --unmanaged type:bucket
footing list --cost unit:prod
footing list --duties
footing list --new --since 20261120T0900
footing list --demo -- -region:global`,
		ValidArgsFunction: a.completeSelectors,
	}
	in := a.reads(c, "text", "json", "csv")
	var asked inventory.Asked
	var since string
	f := c.Flags()
	f.BoolVar(&asked.New, "new", false, "only what was not there before")
	f.BoolVar(&asked.Changed, "changed", false, "only what changed")
	f.BoolVar(&asked.Gone, "gone", false, "only what is gone")
	f.BoolVar(&asked.Unmanaged, "unmanaged", false, "only what no stack or tool is known to manage")
	f.BoolVar(&asked.Cost, "cost", false, "what things cost a month, the dearest first, with sums by unit, owner, service and class")
	f.BoolVar(&asked.Duties, "duties", false, "whose duty what is, by service; what rules show; what a move would take off you")
	f.StringVar(&since, "since", "", "compare with `ID|FILE` (default: the snapshot before)")
	completeFunc(c, "since", a.completeSnapshots)
	c.RunE = in.run(func(v *view) (*forms, error) {
		words, err := v.Desk.Views(v.Args)
		if err != nil {
			return nil, err
		}
		if asked.Selectors, err = threatmodel.ParseSelectors(words); err != nil {
			return nil, err
		}
		if asked.New || asked.Changed || asked.Gone || since != "" {
			if asked.Before, err = v.Desk.Before(v.Ctx, v.Snap, since); err != nil {
				return nil, err
			}
		}
		if asked.Duties {
			as, err := v.Desk.Assess(v.Snap)
			if err != nil {
				return nil, err
			}
			asked.Evidence = duty.Tables().Evidenced(a.parts.Rules, check.Run(a.parts.Rules, as.Case()), as.Access.Account)
		}
		l := inventory.Of(v.Snap, v.Desk.Model, asked)
		return &forms{
			Text: func(w *term.Screen) error { return inventory.Text(w, l, v.Desk.Now(), asked, v.Desk.Command) },
			JSON: l,
			CSV:  func(w io.Writer) error { return inventory.CSV(w, l) },
		}, nil
	})
	return c
}
