package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/task/policy"
)

func policyVerb(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "policy",
		Short: "decide requests by IAM's rules, compare policies",
		Long:  "Answers questions about IAM policies without an account: everything that counts stands in the question.",
	}
	return a.family(c, policyEval(a), policyCompare(a), policyCheck(a))
}

func policyEval(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "eval [FILE]",
		Short: "decide requests, one JSON object a line",
		Long: `Decides requests, one JSON object a line in, one a line out, in the same order. Without FILE, or with -, it reads the standard input.

In:  {"id", "principal", "action", "resource", "context": {key: [values]}, "identity": [{"name", "policy"}], "resource_policy", …}
Out: {"id", "decision": "allow|deny|conditional|unknown", "explicit", "because", "residual", "errors", "warnings"}

Unless "closed" is true, context keys that are not given may be anything; a decision that hangs on them is conditional, and
"residual" says on what. An action that is not in the data on AWS is asked as it is written; "warnings" says so. Every key is described in docs/policy.md and docs/schema/policy-eval-in.json.

Exit status 2 at the end when a line was no request; the other lines are answered nevertheless.`,
		Example: "footing policy eval requests.ndjson\nfooting policy eval requests.ndjson -o decisions.ndjson\necho '{\"id\":\"1\",\"principal\":\"anonymous\",\"action\":\"s3:GetObject\",\"resource\":\"arn:aws:s3:::b/k\"}' | footing policy eval",
		Args:    a.takes(0, 1, "at most one file"),
	}
	var file string
	c.Flags().StringVarP(&file, "output", "o", "", "write to `FILE` instead")
	c.RunE = func(c *cobra.Command, args []string) error {
		in, name := a.stdin, "the standard input"
		if len(args) == 1 && args[0] != "-" {
			f, err := openInput(args[0])
			if err != nil {
				return err
			}
			defer f.Close()
			in, name = f, args[0]
		}
		if file == "" || file == "-" {
			return policy.Eval(c.Context(), in, a.stdout, name, unknownActions())
		}
		// Lines that are no requests end in an error, and yet the answers to the others are to be kept.
		var answered error
		err := writeFile(file, func(w io.Writer) error {
			answered = policy.Eval(c.Context(), in, w, name, unknownActions())
			var said *fault.Error
			if errors.As(answered, &said) && said.Status == fault.Usage {
				return nil
			}
			return answered
		})
		if err != nil {
			return err
		}
		return answered
	}
	return c
}

// openInput opens a file that somebody named on the command line.
func openInput(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err == nil {
		if info, e := f.Stat(); e == nil && info.IsDir() {
			f.Close()
			return nil, fault.Input("name a file in it", "%s is a folder, not a file", path)
		}
		return f, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Input("give another file, or - for the standard input", "there is no file %s", path)
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return nil, fault.Input("make it readable, or give another one", "%s cannot be read: %w", path, err)
}
