package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/task"
	"github.com/footing-dev/footing/internal/threatmodel"
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
With ID, or ID:read, ID:write, the sum is written out that makes the number.

The same ways make five sheets: --sheet shows them by component, use case, actor or entry point.
--with supposes mitigations of footing.yaml and shows every row that changes, before → after.`,
		Example: `
footing risk
footing risk --all
footing risk orders-db:read
footing risk orders-db:read --evidence
footing risk --sheet actors
footing risk --with M-1,M-2
footing risk --gate 15 --strict -o risk.json`,
		Args:              a.takes(0, 1, "one risk"),
		ValidArgsFunction: a.completeRisks,
	}
	in := a.reads(c, "text", "json")
	history := historyFlag(c)
	var all, arns, strict, evidence bool
	var gate int
	var with []string
	var of string
	f := c.Flags()
	f.BoolVar(&all, "all", false, "every row, also those that are out of mind")
	f.BoolVar(&arns, "arns", false, "with ID: every path, with ARNs and statements")
	f.BoolVar(&evidence, "evidence", false, "with ID: the lines of footing.yaml that override its likelihood")
	f.StringVar(&of, "sheet", "resources", "the rows of one of the five sheets: `"+strings.Join(sheetWords(), "|")+"`")
	f.StringSliceVar(&with, "with", nil, "suppose that the mitigations `ID,…` of footing.yaml have their effect")
	complete(c, "sheet", sheetWords())
	completeFunc(c, "with", a.completeMitigations)
	f.IntVar(&gate, "gate", 0, "exit with 3 when a known risk is at `N` or above (1..25)")
	f.BoolVar(&strict, "strict", false, "what is unknown counts as its worst for the gate")
	c.RunE = in.run(func(v *view) (*forms, error) {
		if c.Flags().Changed("gate") && (gate < 1 || gate > 25) {
			return nil, fault.Input("give a number from 1 to 25; 15 is usual", "--gate %d is no risk", gate)
		}
		kind, err := sheetKind(of)
		if err != nil {
			return nil, err
		}
		switch {
		case evidence && len(v.Args) == 0:
			return nil, fault.Input("name one: "+v.Desk.Command("risk ID:read --evidence"), "--evidence is about one risk")
		case kind != risk.Resource && (len(v.Args) > 0 || len(with) > 0):
			return nil, fault.Input("leave one of them out", "--sheet %s shows groups of ways; an ID and --with are about resources", of)
		}
		as, err := v.Desk.Assess(v.Snap)
		if err != nil {
			return nil, err
		}
		a.warnings(v, as)
		if *history {
			return a.history(v, as)
		}
		p := a.page(v, as)
		if gate > 0 {
			p.Gate = gate
		}
		wanted := func(*risk.Row) bool { return true }
		text := func(w *term.Screen) error { return sheet.Risk(w, p, all) }
		json := func() any { return sheet.JSON(as, p.Gate, wanted) }
		if len(v.Args) == 1 {
			key, only, err := oneRisk(v, as, v.Args[0])
			if err != nil {
				return nil, err
			}
			wanted = func(r *risk.Row) bool { return r.Key == key && (only == access.None || r.Access == only) }
			text = func(w *term.Screen) error { return sheet.One(w, p, key, only, arns) }
			if evidence {
				text = func(w *term.Screen) error { return sheet.Evidence(w, p, key, only) }
			}
			json = func() any { return sheet.OneJSON(as, p.Gate, wanted) }
		}
		gating := as
		switch {
		case len(with) > 0:
			what, err := suppose(v, as, with)
			if err != nil {
				return nil, err
			}
			gating = what.After
			text = func(w *term.Screen) error { return sheet.With(w, p, what, wanted, all) }
			json = func() any { return sheet.SupposedJSON(what, p.Gate, wanted) }
		case kind != risk.Resource:
			text = func(w *term.Screen) error { return sheet.Groups(w, p, of, as.Sheet.Grouped(kind), all) }
			json = func() any { return sheet.GroupsJSON(as, p.Gate, as.Sheet.Grouped(kind)) }
		}
		return &forms{Text: text, JSON: json}, gated(v, gating, wanted, gate, strict)
	})
	return c
}

func sheetWords() []string {
	var out []string
	for _, s := range sheet.Sheets {
		out = append(out, s.Word)
	}
	return out
}

func sheetKind(word string) (string, error) {
	for _, s := range sheet.Sheets {
		if s.Word == word {
			return s.Kind, nil
		}
	}
	hint := "the sheets are " + strings.Join(sheetWords(), ", ")
	if near := threatmodel.Nearest(word, sheetWords()); near != "" {
		hint = "did you mean --sheet " + near + "?"
	}
	return "", fault.Input(hint, "there is no sheet %q", word)
}

// suppose judges the account as if mitigations had had their effect.
func suppose(v *view, as *assess.Assessment, ids []string) (*sheet.Supposed, error) {
	out := &sheet.Supposed{Before: as}
	var all []string
	for _, m := range as.Model.Mitigations {
		all = append(all, m.ID)
		if slices.Contains(ids, m.ID) {
			out.Mitigations = append(out.Mitigations, m)
		}
	}
	for _, id := range ids {
		if slices.Contains(all, id) {
			continue
		}
		hint := "footing.yaml states no mitigations"
		if near := threatmodel.Nearest(id, all); near != "" {
			hint = "did you mean " + v.Desk.Command("risk --with "+near) + "?"
		} else if len(all) > 0 {
			hint = "the mitigations are " + strings.Join(all, ", ")
		}
		return nil, fault.Input(hint, "there is no mitigation %q in footing.yaml", id)
	}
	out.Touched = as.Touched(out.Mitigations)
	out.After = as.Supposing(ids...)
	return out, nil
}

// warnings tells of what people stated that has no effect (any more), but for what the reader of footing.yaml has told already.
func (a *app) warnings(v *view, as *assess.Assessment) {
	told := map[int]bool{}
	for _, w := range as.Model.Warnings(v.Snap, v.Desk.Now()) {
		told[w.Line] = true
	}
	for _, w := range as.Sheet.Warnings {
		if !told[w.Line] {
			a.say("footing: %s:%d: %s", cmp.Or(v.Desk.ModelAt, "footing.yaml"), w.Line, w.Says)
		}
	}
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

// gated fails when rows that are open are at or above the gate: 3 for what is known, 4 when only the unknown is, and --strict asks for it.
// What reaches the gate only by the ways through the account is the business of the account's own row. A stale override fails as well.
func gated(v *view, as *assess.Assessment, wanted func(*risk.Row) bool, gate int, strict bool) error {
	if gate == 0 {
		return nil
	}
	settled := map[access.Capability]bool{}
	for i := range as.Sheet.Rows {
		if r := &as.Sheet.Rows[i]; r.ID == risk.AccountID {
			settled[r.Access] = r.State != risk.Open
		}
	}
	known, beside, unknown, stale := 0, 0, 0, 0
	for i := range as.Sheet.Rows {
		r := &as.Sheet.Rows[i]
		high, low := r.FullRisk(), r.FullLow()
		if settled[r.Access] {
			high, low = r.Risk(), r.Low()
		}
		switch {
		case !wanted(r):
			continue
		case r.State != risk.Open:
		case low >= gate:
			known++
			if r.Low() >= gate {
				beside++
			}
		case high >= gate:
			unknown++
		}
		if r.Stale() {
			stale++
		}
	}
	switch {
	case known > 0:
		hint := v.Desk.Command("risk") + " says why"
		if n := known - beside; n > 0 {
			hint += fmt.Sprintf("; %d of them only because whoever takes over the account has it too", n)
		}
		return &fault.Error{Status: fault.Findings, Sentence: fmt.Sprintf("%s at or above %d", term.Count(known, "risk is", "risks are"), gate), Hinted: hint}
	case stale > 0:
		return &fault.Error{Status: fault.Findings, Sentence: fmt.Sprintf("%s stale: the evidence got worse", term.Count(stale, "override is", "overrides are")), Hinted: v.Desk.Command("risk") + " names them; look again, then " + v.Desk.Command("risk ID --evidence")}
	case unknown > 0 && strict:
		return &fault.Error{Status: fault.Unseen, Sentence: fmt.Sprintf("%s at or above %d by what could not be seen", term.Count(unknown, "risk may be", "risks may be"), gate), Hinted: fmt.Sprintf("attach the policy that %q prints, and scan again", v.Desk.Program+" scan --print-policy")}
	}
	return nil
}

// completeMitigations proposes the mitigations that footing.yaml states.
func (a *app) completeMitigations(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var out []string
	_ = a.withDesk(a.setup(), func(d *task.Desk) error { // a footing.yaml with a mistake: the verb itself will say it
		for _, m := range d.Model.Mitigations {
			out = append(out, m.ID+"\t"+m.Say)
		}
		return nil
	})
	return out, cobra.ShellCompDirectiveNoFileComp
}
