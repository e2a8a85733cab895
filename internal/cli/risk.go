package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
)

func riskVerb(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "risk [ID]",
		Short: "the risk sheet and the 5×5 matrix; with ID, the arithmetic and the paths behind one cell",
		Long: `The risk of unauthorised READ and WRITE of everything that matters: impact (1–5) × likelihood (1–5), 25 at most.

Likelihood comes from evidence: the worst path from an entry point, and how many people and machines have one.
Impact comes from the data class (tag data-class, or footing.yaml), else from the type; an owner's word wins.
What could not be read makes a range (8…20 ?), whose worst end counts for the gate.

What leads through administration of the whole account is told once, in the row "account"; the other rows show what remains beside it.
With ID, or ID:read, ID:write, the sum is written out that makes the number.`,
		Example: `
footing risk
footing risk --all
footing risk orders-db:read
footing risk --gate 15 --strict -o risk.json`,
		Args:              a.takes(0, 1, "one risk"),
		ValidArgsFunction: a.completeRisks,
	}
	in := a.reads(c, "text", "json")
	var all, arns, strict, history bool
	var gate int
	f := c.Flags()
	f.BoolVar(&all, "all", false, "every row, also those that are out of mind")
	f.BoolVar(&arns, "arns", false, "with ID: every path, with ARNs and statements")
	f.BoolVar(&history, "history", false, "the risk over the kept snapshots, of everything or of ID")
	f.IntVar(&gate, "gate", 0, "exit with 3 when a known risk is at `N` or above (1..25)")
	f.BoolVar(&strict, "strict", false, "what is unknown counts as its worst for the gate")
	c.RunE = in.run(func(v *view) (*forms, error) {
		if c.Flags().Changed("gate") && (gate < 1 || gate > 25) {
			return nil, fault.Input("give a number from 1 to 25; 15 is usual", "--gate %d is no risk", gate)
		}
		as, err := v.Desk.Assess(v.Snap)
		if err != nil {
			return nil, err
		}
		if history {
			return a.history(v, as, gate)
		}
		p := a.page(v, as)
		if gate > 0 {
			p.Gate = gate
		}
		wanted := func(*risk.Row) bool { return true }
		text := func(w *term.Screen) error { return sheet.Risk(w, p, all) }
		if len(v.Args) == 1 {
			key, only, err := oneRisk(v, as, v.Args[0])
			if err != nil {
				return nil, err
			}
			wanted = func(r *risk.Row) bool { return r.Key == key && (only == access.None || r.Access == only) }
			text = func(w *term.Screen) error { return sheet.One(w, p, key, only, arns) }
		}
		return &forms{Text: text, JSON: func() any { return sheet.JSON(as, p.Gate, wanted) }}, gated(v, as, wanted, gate, strict)
	})
	return c
}

// page is what every screen of the sheet needs to know.
func (a *app) page(v *view, as *assess.Assessment) sheet.Page {
	return sheet.Page{Assessment: as, Now: v.Desk.Now(), Gate: sheet.Gate, Command: v.Desk.Command, Program: v.Desk.Program}
}

// oneRisk reads "orders-db", "orders-db:read" or an ARN with or without the suffix.
func oneRisk(v *view, as *assess.Assessment, word string) (snapshot.Key, access.Capability, error) {
	if k, ok := sheet.Find(as, word); ok {
		return k, access.None, nil
	}
	if i := strings.LastIndex(word, ":"); i > 0 {
		if c, ok := access.ParseCapability(word[i+1:]); ok && c != access.Admin {
			if k, ok := sheet.Find(as, word[:i]); ok {
				return k, c, nil
			}
			word = word[:i]
		}
	}
	return "", access.None, fault.Input(near(v, word, sheet.IDs(as)), "there is no risk %q on the sheet", word)
}

// near suggests what may have been meant.
func near(v *view, word string, all []string) string {
	for _, id := range all {
		if strings.Contains(strings.ToLower(id), strings.ToLower(word)) {
			return "did you mean " + v.Desk.Command("risk "+id) + "?"
		}
	}
	return v.Desk.Command("risk --all") + " lists every id"
}

// gated fails when rows are at or above the gate: 3 for what is known, 4 when only the unknown is, and --strict asks for it.
func gated(v *view, as *assess.Assessment, wanted func(*risk.Row) bool, gate int, strict bool) error {
	if gate == 0 {
		return nil
	}
	known, unknown := 0, 0
	for i := range as.Sheet.Rows {
		switch r := &as.Sheet.Rows[i]; {
		case !wanted(r):
		case r.FullLow() >= gate:
			known++
		case r.FullRisk() >= gate:
			unknown++
		}
	}
	switch {
	case known > 0:
		return &fault.Error{Status: fault.Findings, Sentence: fmt.Sprintf("%s at or above %d", term.Count(known, "risk is", "risks are"), gate), Hinted: v.Desk.Command("risk") + " says why"}
	case unknown > 0 && strict:
		return &fault.Error{Status: fault.Unseen, Sentence: fmt.Sprintf("%s at or above %d by what could not be seen", term.Count(unknown, "risk may be", "risks may be"), gate), Hinted: fmt.Sprintf("attach the policy that %q prints, and scan again", v.Desk.Program+" scan --print-policy")}
	}
	return nil
}
