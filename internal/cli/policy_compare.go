package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/iam/compare"
	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/task/policy"
)

// solving are the flags that both verbs have.
func solving(c *cobra.Command) *compare.Options {
	o := &compare.Options{}
	f := c.Flags()
	f.BoolVar(&o.Open, "open", false, "ask for every action that could exist, not only for those that AWS has")
	f.IntVar(&o.Witnesses, "witnesses", 1, "look for up to `N` requests")
	f.IntVar(&o.Steps, "steps", compare.DefaultSteps, "work at most `N` steps on one question; one that needs more is unknown")
	return o
}

func policyCompare(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "compare [--old FILE --new FILE]",
		Short: "does a policy allow anything that another does not?",
		Long: `Says whether a new policy allows any request that the old one does not, exactly, and shows such a request. Without --old and --new it reads
lines from the standard input and answers each as it comes.

In:  {"id", "old": policy, "new": policy}
Out: {"id", "verdict": "no-new-access|new-access|unknown", "witnesses": [{"principal", "action", "resource", "context"}], "why"}

A witness is a request that IAM's rules, as "footing policy eval" has them, allow by the new policy alone; context keys that it does not list are
missing. What cannot be decided is unknown, with the reason, and never passes. docs/policy.md says what is compared.

Exit status 3: new access. 4: nothing worse than unknown. 2: a policy or a line that is none.`,
		Example: `footing policy compare --old before.json --new after.json
footing policy compare --open --witnesses 5 --old before.json --new after.json
footing policy compare < pairs.ndjson`,
		Args: a.takes(0, 0, "no files beside --old and --new"),
	}
	o := solving(c)
	var oldFile, newFile string
	c.Flags().StringVar(&oldFile, "old", "", "the policy as it is: `FILE`")
	c.Flags().StringVar(&newFile, "new", "", "the policy as it is to be: `FILE`")
	c.RunE = func(c *cobra.Command, _ []string) error {
		switch {
		case oldFile == "" && newFile == "":
			return policy.CompareLines(c.Context(), a.stdin, a.stdout, "the standard input", *o)
		case oldFile == "" || newFile == "":
			return fault.Input("give --old FILE and --new FILE, or neither and lines on the standard input", "a comparison needs two policies")
		}
		old, err := a.document(oldFile)
		if err != nil {
			return err
		}
		new, err := a.document(newFile)
		if err != nil {
			return err
		}
		return policy.Compare(a.stdout, old, new, *o)
	}
	return c
}

func policyCheck(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "does a policy allow what it must not, or the public anything?",
		Long: `Answers one line for each check.

--not-granted ACTION,…  no request with one of these actions is allowed (patterns as in a policy); with --on ARN,… none on these resources
--not-public            for a policy of a resource: nobody whom it does not know is allowed anything. Known are principals that it names, and the
                        values of keys that tell who asks or from where (aws:SourceArn, aws:PrincipalOrgID, aws:SourceVpce, …)

Out: {"check", "verdict": "not-granted|granted|not-public|public|unknown", "witnesses": [{"principal", "action", "resource", "context"}], "why"}

Exit status 3: granted or public. 4: nothing worse than unknown. 2: a policy that is none.`,
		Example: `footing policy check role.json --not-granted iam:PassRole,iam:Create*
footing policy check bucket.json --not-public`,
		Args: a.takes(1, 1, "one file"),
	}
	o := solving(c)
	var actions, on []string
	var notPublic bool
	f := c.Flags()
	f.StringSliceVar(&actions, "not-granted", nil, "`ACTIONS` that it must not allow")
	f.StringSliceVar(&on, "on", nil, "with --not-granted: only on these `ARNS`; patterns too")
	f.BoolVar(&notPublic, "not-public", false, "it must not allow strangers anything")
	c.RunE = func(_ *cobra.Command, args []string) error {
		var accesses []compare.Access
		if len(actions) > 0 {
			accesses = []compare.Access{{Actions: actions, Resources: on}}
		}
		switch {
		case len(accesses) == 0 && !notPublic:
			return fault.Input("give --not-granted ACTION,… or --not-public", "there is nothing to check %s for", args[0])
		case len(accesses) == 0 && len(on) > 0:
			return fault.Input("give --not-granted ACTION,… beside it", "--on says on which resources an action must not be granted")
		}
		for _, action := range actions {
			if action != "*" && strings.Count(action, ":") != 1 {
				return fault.Input("name it as a policy does, as in s3:GetObject or s3:*", "%q is no action", action)
			}
		}
		f, err := a.document(args[0])
		if err != nil {
			return err
		}
		return policy.Check(a.stdout, f, accesses, notPublic, *o)
	}
	return c
}

// document reads a file that somebody named on the command line, or the standard input.
func (a *app) document(name string) (policy.File, error) {
	in, called := a.stdin, "the standard input"
	if name != "-" {
		f, err := openInput(name)
		if err != nil {
			return policy.File{}, err
		}
		defer f.Close()
		in, called = f, name
	}
	text, err := io.ReadAll(io.LimitReader(in, maxDocument+1))
	switch {
	case err != nil:
		return policy.File{}, fault.IO("check that it is a readable file", "cannot read %s: %w", called, err)
	case len(text) > maxDocument:
		return policy.File{}, fault.Input("a policy of AWS has at most some 20,000 characters", "%s is larger than 16 MB", called)
	}
	return policy.File{Name: called, Text: text}, nil
}

const maxDocument = 16 << 20
