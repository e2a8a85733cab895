package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/threatmodel"
)

func (a *app) root() *cobra.Command {
	cobra.EnableCommandSorting = false // the help has our order
	root := &cobra.Command{
		Use:           "footing",
		Short:         "Know what stands under your AWS account, and make it firm.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          a.known,
	}
	// Not cobra's own: a version template brings in text/template, which finds methods by name, and then the linker has to
	// keep every method there is, all operations of the AWS SDK among them. TestLeanBinary looks.
	tellVersion := root.Flags().BoolP("version", "v", false, "say which version this is")
	root.RunE = func(c *cobra.Command, _ []string) error {
		if *tellVersion {
			fmt.Fprintln(c.OutOrStdout(), version()+a.catalogueAge())
			return nil
		}
		return c.Help()
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetHelpFunc(a.help)
	root.SetUsageFunc(func(c *cobra.Command) error { a.help(c, nil); return nil })
	root.SetFlagErrorFunc(a.flagError)
	root.SetHelpCommand(&cobra.Command{Use: "help [VERB]", Hidden: true, RunE: a.helpVerb})
	f := root.PersistentFlags()
	f.StringVar(&a.store, "store", "", "keep snapshots in `PATH` (default: $FOOTING_STORE, else the XDG data folder)")
	f.StringVar(&a.colour, "color", "auto", "paint text: `auto`, always or never")
	f.BoolVarP(&a.quiet, "quiet", "q", false, "no progress and no notes on the standard error")
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if !slices.Contains([]string{"auto", "always", "never"}, a.colour) {
			return fault.Input("write --color=auto, always or never", "--color cannot be %q", a.colour)
		}
		return nil
	}
	for _, g := range groups() {
		root.AddGroup(&cobra.Group{ID: g, Title: g})
	}
	for _, v := range verbs() {
		c := v.make(a)
		c.GroupID = v.group
		root.AddCommand(c)
	}
	root.InitDefaultCompletionCmd() // its mistakes are told like ours
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			a.family(c)
			for _, shell := range c.Commands() {
				shell.Args = a.takes(0, 0, "no argument")
			}
		}
	}
	return root
}

// known refuses a verb that does not exist, and names the one that was probably meant.
func (a *app) known(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			names = append(names, sub.Name())
		}
	}
	path := strings.TrimPrefix(c.CommandPath()+" ", "footing ")
	hint := a.typed("footing "+path+"--help") + " lists the verbs"
	if near := threatmodel.Nearest(args[0], names); near != "" {
		hint = "did you mean " + a.typed("footing "+path+near) + "?"
	}
	return fault.Input(hint, "there is no verb %q", strings.TrimSpace(path+args[0]))
}

// family is a verb that only has verbs below it.
func (a *app) family(c *cobra.Command, subs ...*cobra.Command) *cobra.Command {
	c.Args = a.known
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	c.AddCommand(subs...)
	return c
}

// takes checks the number of arguments; what names them in the message.
func (a *app) takes(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		hint := a.typed("footing "+strings.TrimPrefix(c.CommandPath(), "footing ")) + " --help shows how"
		switch {
		case len(args) < least:
			return fault.Input(hint, "%s needs %s", c.Name(), what)
		case len(args) > most && most == 0:
			return fault.Input(hint, "%s takes no argument, and got %q", c.Name(), args[0])
		case len(args) > most:
			return fault.Input(hint, "%s takes %s, and %q is one too many", c.Name(), what, args[most])
		}
		return nil
	}
}

func (a *app) flagError(c *cobra.Command, err error) error {
	hint := a.typed(c.CommandPath()) + " --help lists the flags"
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near := threatmodel.Nearest(unknown.GetSpecifiedName(), names); near != "" {
			hint = "did you mean --" + near + "?"
		}
	}
	says, _, _ := strings.Cut(err.Error(), ": strconv.") // how Go reads numbers is no business of who types one
	return fault.Input(hint, "%s", says)
}
