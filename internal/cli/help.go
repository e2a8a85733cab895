package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/footing-dev/footing/internal/show/term"
)

// help prints the root's list of verbs, or one verb with its examples and flags.
func (a *app) help(c *cobra.Command, _ []string) {
	w := a.screen(a.stdout)
	if !c.HasParent() {
		a.rootHelp(w, c)
		return
	}
	text := c.Long
	if text == "" {
		text = c.Short
	}
	fmt.Fprintf(w, "%s\n\n%s\n  %s\n", strings.TrimSpace(text), w.Bold("Usage"), a.typed(c.UseLine()))
	if subs := c.Commands(); len(subs) > 0 {
		fmt.Fprintf(w, "\n%s\n", w.Bold("Verbs"))
		for _, s := range subs {
			if s.IsAvailableCommand() {
				fmt.Fprintf(w, "  %s  %s\n", term.Pad(strings.TrimPrefix(s.Use, c.Name()+" "), 26), s.Short)
			}
		}
	}
	if c.Example != "" {
		fmt.Fprintf(w, "\n%s\n", w.Bold("Examples"))
		for line := range strings.SplitSeq(strings.Trim(c.Example, "\n"), "\n") {
			fmt.Fprintf(w, "  %s\n", a.typed(strings.TrimSpace(line)))
		}
	}
	own, shared := pflag.NewFlagSet("", pflag.ContinueOnError), pflag.NewFlagSet("", pflag.ContinueOnError)
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Name == "help" || f.Hidden {
			return
		}
		if f.Annotations[everywhere] != nil || c.InheritedFlags().Lookup(f.Name) != nil {
			shared.AddFlag(f)
		} else {
			own.AddFlag(f)
		}
	})
	flagHelp(w, "Flags", own)
	flagHelp(w, "Flags of most verbs", shared)
}

func flagHelp(w *term.Screen, title string, f *pflag.FlagSet) {
	if f.HasFlags() {
		fmt.Fprintf(w, "\n%s\n%s", w.Bold(title), f.FlagUsagesWrapped(w.Width))
	}
}

// rootHelp lists the verbs in their groups.
func (a *app) rootHelp(w *term.Screen, root *cobra.Command) {
	fmt.Fprintf(w, "footing — %s\n\n", root.Short)
	for _, g := range groups() {
		lead := g
		for _, c := range root.Commands() {
			if c.GroupID == g && c.IsAvailableCommand() {
				verbLine(w, lead, c)
				lead = ""
			}
		}
	}
	fmt.Fprintf(w, "\n%s VERB --help explains one of them, with examples.\n", a.program)
	fmt.Fprintf(w, "%s completion bash|zsh|fish|powershell prints a completion script.\n", a.program)
	fmt.Fprintf(w, "%s --version says which version this is.\n", a.program)
}

// verbLine is `Start   demo    try it …`; a family lists its verbs in its name.
func verbLine(w *term.Screen, lead string, c *cobra.Command) {
	use := strings.TrimSuffix(c.Use, " [flags]")
	if subs := c.Commands(); len(subs) > 0 {
		var names []string
		for _, s := range subs {
			names = append(names, s.Name())
		}
		use = c.Name() + " " + strings.Join(names, "|")
	}
	lead = fmt.Sprintf("%-7s %s", lead, term.Pad(use, 24))
	if term.Width(use) > 24 {
		fmt.Fprintln(w, lead)
		lead = strings.Repeat(" ", 32)
	}
	for _, line := range term.Wrap(c.Short, w.Width-34) {
		fmt.Fprintf(w, "%s  %s\n", lead, line)
		lead = strings.Repeat(" ", 32)
	}
}

func (a *app) helpVerb(c *cobra.Command, args []string) error {
	of, rest, err := c.Root().Find(args)
	if err != nil || of == nil || len(rest) > 0 {
		return a.known(c.Root(), args)
	}
	return of.Help()
}
