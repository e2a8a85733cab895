package cli

import (
	"errors"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/show/ruled"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/task"
)

func rulesVerb(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "rules",
		Short: "list and explain the rules that check judges by; test your own",
		Long: `The rules about configuration that footing check judges an account by: ls lists them, explain tells all of one.
Rules of your own are written in the language of CloudFormation Guard: test runs their tests, footing check --rules judges templates by them.`,
	}
	return a.family(c, rulesLs(a), rulesExplain(a), rulesTest(a))
}

func rulesLs(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "ls [WORD…]",
		Short: "list the rules that check judges by",
		Long: `The rules of the catalogue by their families, with what a failure weighs where the account itself tells nothing of the thing. Advice never fails a gate.
With words only those that have each of them in their id, title, severity, references or types.`,
		Example: "footing rules ls\nfooting rules ls mfa\nfooting rules ls SEC02 high\nfooting rules ls cis-5.0:1. --format json",
		Args:    cobra.ArbitraryArgs,
	}
	out := a.writes(c, "text", "json", "markdown")
	c.RunE = func(_ *cobra.Command, words []string) error {
		if err := out.check(); err != nil {
			return err
		}
		all := ruled.Chosen(a.parts.Rules, words)
		if len(all) == 0 {
			return fault.Input(a.typed("footing rules ls")+" lists all", "no rule has %s in its id, title, severity, references or types", strings.Join(words, " and "))
		}
		return out.print(&forms{
			Text: func(w *term.Screen) error {
				return ruled.ListText(w, all, a.typed("footing rules explain ID"), a.typed("footing rules ls WORD")+"   as mfa, bucket, SEC02, cis-5.0, high")
			},
			JSON: func() any { return ruled.ListValue(all) },
			More: map[string]func(io.Writer) error{"markdown": func(w io.Writer) error { return ruled.ListMarkdown(w, all) }},
		})
	}
	return c
}

func rulesExplain(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:     "explain ID",
		Short:   "why a rule is, what it looks at, what to do where it fails",
		Long:    "Why a rule is, what to do where it fails, which properties it looks at, the rule itself, a template that passes and one that fails, and the pages of AWS.",
		Example: "footing rules explain DAT-02\nfooting rules explain DAT-02 --format markdown",
		Args:    a.takes(1, 1, "the id of one rule"),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var ids []string
			for _, r := range a.parts.Rules {
				ids = append(ids, r.ID+"\t"+r.Title)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
	}
	out := a.writes(c, "text", "json", "markdown")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		r, ok := ruled.Find(a.parts.Rules, args[0])
		if !ok {
			return fault.Input(a.typed("footing rules ls")+" lists them", "there is no rule %q", args[0])
		}
		return out.print(&forms{
			Text: func(w *term.Screen) error { return ruled.ExplainText(w, r) },
			JSON: func() any { return ruled.ListValue([]check.Rule{*r}) },
			More: map[string]func(io.Writer) error{"markdown": func(w io.Writer) error { return ruled.ExplainMarkdown(w, r) }},
		})
	}
	return c
}

func rulesTest(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "test DIR|FILE",
		Short: "run the tests of Guard rules",
		Long: `Runs the tests of CloudFormation Guard rules: of one rule file, or of all in a folder and below.

Tests stand in NAME_tests.yml beside NAME.guard, or in a folder "tests" beside it: a file is for the rule file whose name, without .guard, its own
begins with. A test file is a list of cases, each with a name, an input and what is expected of rules: PASS, FAIL or SKIP.

Exit status 3: a case failed. A test file that belongs to no rule file, and an expectation of a rule that does not exist, are warned of.`,
		Example: "footing rules test rules/\nfooting rules test rules/buckets.guard\nfooting rules test rules/ --format json",
		Args:    a.takes(1, 1, "one rule file, or a folder"),
	}
	out := a.writes(c, "text", "json")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		tested, unread := task.TestRules(args[0], a.now(), a.warnOf)
		if tested == nil {
			return unread
		}
		for _, w := range tested.Warnings {
			a.say("footing: %s", w)
		}
		if err := out.print(&forms{
			Text: func(w *term.Screen) error { return ruled.TestText(w, tested) },
			JSON: func() any { return ruled.TestValue(tested) },
		}); err != nil || unread != nil {
			return errors.Join(err, unread)
		}
		if _, failed := tested.Counts(); failed > 0 {
			return &fault.Error{Status: fault.Findings, Sentence: term.Count(failed, "case failed", "cases failed"), Hinted: a.typed("footing rules test --format json") + " tells every check"}
		}
		return nil
	}
	return c
}

// warnOf tells of something that is passed over.
func (a *app) warnOf(err error) {
	a.say("footing: %v", err)
	a.hint(err)
}

// guardRules are the flags of check --rules.
type guardRules struct {
	rules, inputs []string
	codes         bool
}

func (g *guardRules) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&g.rules, "rules", nil, "judge the templates PATH by the Guard rules in `DIR|FILE`; may be repeated")
	f.StringArrayVarP(&g.inputs, "input", "i", nil, "with --rules: lay the templates over the parameters in `FILE`; may be repeated")
	f.BoolVar(&g.codes, "guard-exit-codes", false, "with --rules: exit as cfn-guard does, 19 if a rule fails and 5 if something could not be read")
}

// The exit statuses of cfn-guard.
const (
	guardFailed     = 19
	guardUnreadable = 5
)

// check judges templates by Guard rules.
func (g *guardRules) check(a *app, out *output, paths []string, strict bool) error {
	if len(paths) == 0 {
		return g.status(fault.Input(a.typed("footing check --rules rules/ template.yaml")+" checks a file", "--rules needs the templates to check"))
	}
	out.forms = []string{"text", "json", "junit", "sarif"}
	if err := out.check(); err != nil {
		return err
	}
	checked, unread := task.CheckRules(g.rules, g.inputs, paths, a.now(), a.warnOf)
	if checked == nil {
		return g.status(unread)
	}
	checked.Strict = strict
	if err := out.print(&forms{
		Text: func(w *term.Screen) error { return ruled.CheckText(w, checked) },
		JSON: func() any { return ruled.CheckValue(checked) },
		More: map[string]func(io.Writer) error{
			"junit": func(w io.Writer) error { return ruled.CheckJUnit(w, checked) },
			"sarif": func(w io.Writer) error { return ruled.CheckSARIF(w, checked) },
		},
	}); err != nil {
		return err
	}
	if unread != nil {
		return g.status(unread)
	}
	failed, unknown := checked.Count(check.Fail), checked.Count(check.Unknown)
	hint := "the line of each rule that could not be judged says why; correct it there"
	switch {
	case failed > 0:
		return g.status(&fault.Error{Status: fault.Findings, Sentence: term.Count(failed, "rule fails", "rules fail"), Hinted: "--format json holds every property on which they do"})
	case unknown > 0 && (strict || checked.Count(check.Pass) == 0 || g.codes):
		return g.status(fault.Blind(hint, "%s", term.Count(unknown, "rule could not be judged", "rules could not be judged")))
	}
	return nil
}

// status turns an exit status into the one of cfn-guard, if that was asked for.
func (g *guardRules) status(err error) error {
	var e *fault.Error
	if !g.codes || !errors.As(err, &e) {
		return err
	}
	c := *e
	c.Status = guardUnreadable
	if e.Status == fault.Findings {
		c.Status = guardFailed
	}
	return &c
}

// alone refuses flags that mean something only with --rules.
func (g *guardRules) alone(args []string) error {
	switch {
	case len(g.inputs) > 0 || g.codes:
		return fault.Input("add --rules DIR|FILE", "--input and --guard-exit-codes belong to --rules")
	case len(args) > 0:
		return fault.Input("add --rules DIR|FILE to judge files by Guard rules; without PATH the latest snapshot is checked, and --snapshot names another",
			"check looks at snapshots, and cannot check files such as %s yet", args[0])
	}
	return nil
}
