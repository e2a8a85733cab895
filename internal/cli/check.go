package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/show/ruled"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
)

func checkVerb(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "check [--explain [ID…] | --rules DIR|FILE PATH…]",
		Short: "the gate: whether objectives and rules hold, and what breaks them",
		Long: `Objectives are sentences in footing.yaml about who may do what. Each is judged on the account as it is: it holds, it is broken (with the
worst way that breaks it), or what would tell was not read. Rules are about how things are configured; footing rules ls lists them.

An objective fails the gate when the risk of what it broke on reaches --gate; those about isolation and about how many fail it always.
A rule fails it when what it weighs on a thing reaches --gate. Advice never does.
Exit status 3: one fails the gate. 4: no objective, or no rule, could be judged; with --strict: one could not.

With --explain the rules that do not hold are told one by one: what is the matter, why it matters, what to do, what was asked of AWS; with ids those
alone, whatever they say.

With --by the same results are told by the items of a framework: what is shown, what fails, what is unknown, what is somebody's word, and what
nothing here can tell. There is no score.

With --rules, templates are judged by CloudFormation Guard rules instead, as cfn-guard does; no snapshot is looked at. Its formats are text,
json, junit and sarif.`,
		Example: `
footing check
footing check --explain
footing check --explain MFA-01
footing check --strict --gate 10
footing check --by sec
footing check -o check.json -o check.xml
footing check --rules rules/ template.yaml`,
		Args: func(*cobra.Command, []string) error { return nil },
	}
	in := a.reads(c, "text", "json", "csv", "markdown", "junit")
	var foreign guardRules
	foreign.flags(c)
	var by framework
	by.flags(c)
	var strict, explain bool
	var gate int
	var ids []string // to explain
	f := c.Flags()
	f.IntVar(&gate, "gate", sheet.Gate, "a broken objective counts when the risk of what it broke on is `N` or more (1..25)")
	f.BoolVar(&explain, "explain", false, "of the rules that do not hold: what is the matter, why, what to do, what was asked of AWS")
	f.BoolVar(&strict, "strict", false, "what is unknown fails too")
	onSnapshot := in.run(func(v *view) (*forms, error) {
		if gate < 1 || gate > 25 {
			return nil, fault.Input("give a number from 1 to 25; 15 is usual", "--gate %d is no risk", gate)
		}
		as, err := v.Desk.Assess(v.Snap)
		if err != nil {
			return nil, err
		}
		p := a.page(v, as)
		p.Gate = gate
		done := sheet.Checked{Page: p, Results: as.Objectives(), Rules: check.Run(a.parts.Rules, as.Case()), Strict: strict}
		return by.tell(done, &forms{
			Text: func(w *term.Screen) error {
				if explain {
					return sheet.Explain(w, done, a.parts.Rules, ids...)
				}
				return sheet.CheckText(w, done)
			},
			JSON: func() any { return sheet.Check(done) },
			CSV:  func(w io.Writer) error { return sheet.CheckCSV(w, sheet.Check(done)) },
			More: map[string]func(io.Writer) error{
				"markdown": func(w io.Writer) error { return sheet.CheckMarkdown(w, done) },
				"junit":    func(w io.Writer) error { return sheet.CheckJUnit(w, done) },
			},
		}), passed(v, done)
	})
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := by.check(len(foreign.rules) > 0); err != nil {
			return err
		}
		if explain && (by.name != "" || len(foreign.rules) > 0) {
			other := "--by"
			if by.name == "" {
				other = "--rules"
			}
			return fault.Input("leave one of the two out", "--explain tells the rules of this program one by one, which %s does not", other)
		}
		if len(foreign.rules) > 0 {
			return foreign.check(a, in.out, args, strict)
		}
		if explain {
			var err error
			if ids, err = a.ruleIDs(args); err != nil {
				return err
			}
			args = nil
		}
		if err := foreign.alone(args); err != nil {
			return err
		}
		return onSnapshot(c, args)
	}
	return c
}

// passed is the gate: 3 where something that counts is broken, 4 where too little could be judged.
func passed(v *view, c sheet.Checked) error {
	stated, ruled := c.Broken()
	judged, unknown := c.Seen()
	blind := fmt.Sprintf("attach the policy that %q prints, and scan again", v.Desk.Program+" scan --print-policy")
	switch {
	case stated+ruled > 0:
		return &fault.Error{Status: fault.Findings, Sentence: both(stated, ruled, "objective is broken|objectives are broken", "rule fails|rules fail") + fmt.Sprintf(" at the gate of %d", c.Gate),
			Hinted: v.Desk.Command("check --format json") + " holds all the evidence"}
	case unknown[0]+unknown[1] > 0 && c.Strict:
		return fault.Blind(blind, "%s, since not all was read", both(unknown[0], unknown[1], "objective cannot be judged|objectives cannot be judged", "rule cannot be judged|rules cannot be judged"))
	case unknown[0] > 0 && judged[0] == 0:
		return fault.Blind(blind, "no objective could be judged, since not all was read")
	case unknown[1] > 0 && judged[0]+judged[1] == 0:
		return fault.Blind(blind, "no rule could be judged, since not all was read")
	}
	return nil
}

// both counts objectives and rules, and leaves out those of which there is none.
func both(objectives, rules int, objective, rule string) string {
	var parts []string
	for _, p := range []struct {
		n     int
		words string
	}{{objectives, objective}, {rules, rule}} {
		if one, many, _ := strings.Cut(p.words, "|"); p.n > 0 {
			parts = append(parts, term.Count(p.n, one, many))
		}
	}
	return strings.Join(parts, " and ")
}

// ruleIDs are the ids of rules, however they were typed.
func (a *app) ruleIDs(args []string) (out []string, err error) {
	for _, arg := range args {
		r, ok := ruled.Find(a.parts.Rules, arg)
		if !ok {
			return nil, fault.Input(a.typed("footing rules ls")+" lists them", "there is no rule %q", arg)
		}
		out = append(out, r.ID)
	}
	return out, nil
}
