package cli

import (
	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
)

func reviewVerb(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "review",
		Short: "what changed since the last review; --sign records it",
		Long: `Compares the account with the last review that somebody signed: risks, ways, resources, users and roles, what people state, and what could
not be seen any more; says what runs out before the next one, and when that is due (review: {every: 90d} in footing.yaml; 90 days without).

--sign adds one line to footing.reviews.jsonl beside footing.yaml: when, who, which snapshot, the number of every risk, and a checksum. Commit it:
the repository is the record, and a review can be compared where the snapshot of that day is not at hand. Lines are never edited.

Exit status: 3 when the review is overdue.`,
		Example: `
footing review
footing review --sign --by ana@acme.example
footing review --format json -o review.json`,
		Args: a.takes(0, 0, "no argument"),
	}
	in := a.reads(c, "text", "json")
	var sign bool
	var by string
	f := c.Flags()
	f.BoolVar(&sign, "sign", false, "record that somebody looked")
	f.StringVar(&by, "by", "", "with --sign: `WHO` signs (default: $FOOTING_BY, $GIT_AUTHOR_EMAIL, the owner in footing.yaml)")
	c.RunE = in.run(func(v *view) (*forms, error) {
		if by != "" && !sign {
			return nil, fault.Input("add --sign, or leave --by out", "--by says who signs, and nothing is signed")
		}
		r, err := v.Desk.Review(v.Ctx, v.Snap)
		if err != nil {
			return nil, err
		}
		if sign {
			if err := v.Desk.Sign(r, by); err != nil {
				return nil, err
			}
		}
		p := a.page(v, r.Assessment)
		return &forms{
			Text: func(w *term.Screen) error { return sheet.Review(w, p, r, v.Desk.SignCommand(r)) },
			JSON: func() any { return sheet.OfReview(r) },
		}, v.Desk.Overdue(r)
	})
	return c
}
