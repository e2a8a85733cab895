package cli

import (
	"bufio"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/heap"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/task"
)

func scanVerb(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "scan",
		Short: "read the account (read-only), keep a snapshot",
		Long: `Reads one AWS account and keeps what it saw as a snapshot. Nothing is changed in the account, and no secret is stored.

Credentials, profile and Region come from where the AWS CLI has them: environment variables and ~/.aws.
What could not be read is kept too: it counts as unknown, never as absent.
A scan that is interrupted goes on with what it had finished when it is started again within an hour.

Without credentials, --from reads files: the output of "aws iam get-account-authorization-details", an exported snapshot,
or a folder with gaad.json, resources.json and, if there, credential-report.csv, scp.json, gaps.json.

What things cost: --bill reads an export of the bill (FOCUS 1.x or CUR, CSV), --cost asks Cost Explorer, which takes money for each question.
It says how much and asks first; where nobody can be asked, --yes agrees.

Exit status: 0 also when some calls failed (they are listed); 4 when nothing at all could be seen.`,
		Example: `
footing scan --print-policy > policy.json
AWS_PROFILE=audit footing scan
footing scan --region eu-west-1 --services iam,s3
footing scan --from gaad.json --format json
footing scan --bill ~/exports/acme
footing scan --cost`,
		Args: a.takes(0, 0, "no argument"),
	}
	var o task.ScanOptions
	var policy bool
	var model string
	f := c.Flags()
	f.StringVar(&o.From, "from", "", "read `PATH` instead of the live account")
	f.StringSliceVar(&o.Regions, "region", nil, "only these `REGIONS` (default: every enabled one)")
	f.StringSliceVar(&o.Services, "services", nil, "only these `SERVICES` (default: all)")
	f.BoolVar(&o.Fresh, "fresh", false, "begin anew, also when an interrupted scan could go on, or costs were asked for within a day")
	f.StringVar(&o.Bill, "bill", "", "read the bill too: an export in `PATH` or s3://bucket/prefix")
	f.BoolVar(&o.Cost, "cost", false, "ask Cost Explorer too, which takes 0.01 USD a question")
	f.BoolVarP(&o.Yes, "yes", "y", false, "agree to what --cost and --bill would ask")
	f.BoolVar(&policy, "print-policy", false, "print the least policy that a scan needs, and do nothing else")
	f.StringVar(&model, "model", "", "read what people state from `FILE` (default: the nearest footing.yaml upward)")
	out := a.writes(c, "text", "json")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if err := out.check(); err != nil {
			return err
		}
		setup := a.setup()
		setup.ModelAt = model
		progress := term.NewProgress(a.screen(a.stderr), a.now)
		if !a.quiet {
			setup.Tell = progress.Tell
		}
		setup.Warn = func(says string) {
			progress.Done()
			a.say("footing: %s", says)
		}
		for _, flag := range []string{"from", "bill"} {
			if f.Changed(flag) && f.Lookup(flag).Value.String() == "" { // a variable that is not set is no live scan, and none without a bill
				return fault.Input("give a path, or leave the flag out", "--%s names nothing", flag)
			}
		}
		return a.withDesk(setup, func(d *task.Desk) error {
			if policy {
				return a.printPolicy(d, read.Extra{Cost: o.Cost, Bill: o.Bill}, out)
			}
			o.May = a.may(progress)
			late := func() {}
			if o.From == "" {
				late = heap.CollectSoon()
			}
			sum, snap, err := d.Scan(c.Context(), o)
			late()
			progress.Done()
			if sum == nil {
				return err
			}
			text := func(w *term.Screen) error {
				if wrote := scanText(w, sum); wrote != nil || err != nil {
					return wrote // nothing seen: there is nothing to give an overview of
				}
				return a.overview(w, &view{Ctx: c.Context(), Desk: d, Snap: snap})
			}
			return errors.Join(out.print(&forms{Text: text, JSON: sum}), err)
		})
	}
	return c
}

// may asks the person at the terminal; nil when there is none.
func (a *app) may(progress *term.Progress) func(string) bool {
	in, ok := a.stdin.(*input)
	if !ok || !term.Terminal(in.from) || !term.Terminal(a.stderr) {
		return nil
	}
	return func(says string) bool {
		progress.Done()
		fmt.Fprintf(a.stderr, "%s\nGo on? [y/N] ", says)
		answer, _ := bufio.NewReader(a.stdin).ReadString('\n')
		answer = strings.ToLower(strings.TrimSpace(answer))
		return answer == "y" || answer == "yes"
	}
}

func (a *app) printPolicy(d *task.Desk, extra read.Extra, out *output) error {
	p, err := d.Policy(extra)
	if err != nil {
		return err
	}
	if len(out.files) > 1 {
		return fault.Input("give one -o FILE", "the policy is one document")
	}
	if len(out.files) == 0 || out.files[0] == "-" {
		if _, err = a.stdout.Write(p.Whole); err == nil && len(p.Parts) > 1 {
			a.say("footing: it is longer than a managed policy may be; -o policy.json writes it as %d policies that fit", len(p.Parts))
		}
		return err
	}
	if len(p.Parts) == 1 {
		return writeFile(out.files[0], writesBytes(p.Whole))
	}
	ext := filepath.Ext(out.files[0])
	for i, part := range p.Parts {
		file := fmt.Sprintf("%s-%d%s", strings.TrimSuffix(out.files[0], ext), i+1, ext)
		if err := writeFile(file, writesBytes(part)); err != nil {
			return err
		}
		a.say("wrote %s", file)
	}
	a.say("create a managed policy of each, and attach them all to whom the scan runs as")
	return nil
}
