package cli

import (
	"io"

	"github.com/spf13/cobra"

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
Case does not matter; * and ? are wildcards. Several selectors must all match; "-" before one turns it around
(put "--" before the first, so that it is no flag).

Nothing is called absent that was not looked for: what could not be seen is listed below the table.`,
		Example: `
footing list
footing list type:bucket tag:env=prod
footing list orders -o orders.json -o orders.csv
footing list --demo -- -region:global`,
		ValidArgsFunction: a.completeSelectors,
	}
	in := a.reads(c, "text", "json", "csv")
	c.RunE = in.run(func(v *view) (*forms, error) {
		sel, err := threatmodel.ParseSelectors(v.Args)
		if err != nil {
			return nil, err
		}
		l := inventory.Of(v.Snap, v.Desk.Model, sel)
		return &forms{
			Text: func(w *term.Screen) error { return inventory.Text(w, l, v.Desk.Now(), len(sel) > 0, v.Desk.Command) },
			JSON: l,
			CSV:  func(w io.Writer) error { return inventory.CSV(w, l) },
		}, nil
	})
	return c
}
