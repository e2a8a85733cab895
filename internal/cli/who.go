package cli

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/catalog"
	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
)

func whoVerb(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "who CAPABILITY|ACTION[,…] [RESOURCE]",
		Short: "who can, by which path, because of which statements",
		Long: `Who can READ, WRITE or ADMINISTER a resource, or is allowed an exact IAM action on it: directly, or as somebody that he can become.
Without RESOURCE the account itself is meant, so "who admin" lists everyone who can become administrator.

RESOURCE is a name, an id of the risk sheet, or an ARN. For S3 object actions some object of the bucket is meant.
--all writes the whole matrix: every principal, action and resource that is not denied.
--without leaves one thing out and answers as if it were gone: a route, a principal's ARN, a policy, or POLICY#STATEMENT.`,
		Example: `
footing who admin
footing who read customer-uploads --paths
footing who s3:PutObject customer-uploads
footing who --all --format csv -o matrix.csv
footing who admin --without iam-put-own-user-policy`,
		Args:              a.takes(0, 2, "a capability or action, and a resource"),
		ValidArgsFunction: a.completeWho,
	}
	in := a.reads(c, "text", "json", "csv")
	var all, paths bool
	var without []string
	f := c.Flags()
	f.BoolVar(&all, "all", false, "the whole matrix: principal, action, resource, decision")
	f.BoolVar(&paths, "paths", false, "every way that differs in what it asks for, with the statements behind each step")
	f.StringArrayVar(&without, "without", nil, "answer as if `STEP|STATEMENT` were not there; may be repeated")
	c.RunE = in.run(func(v *view) (*forms, error) {
		as, err := v.Desk.Access(v.Snap, without...)
		if err != nil {
			return nil, err
		}
		if all {
			return a.whoAll(v, as)
		}
		if len(v.Args) == 0 {
			return nil, fault.Input("try "+v.Desk.Command("who admin"), "say what is asked: read, write, admin, or an IAM action")
		}
		r, err := a.ask(v, as, paths)
		if err != nil {
			return nil, err
		}
		for _, name := range as.Access.Missed() {
			a.say("footing: --without %s meets nothing here; the answer is the same", name)
		}
		return &forms{
			Text: func(w *term.Screen) error { return sheet.WhoText(w, a.page(v, as), r, paths) },
			JSON: r,
			CSV:  func(w io.Writer) error { return sheet.WhoCSV(w, r) },
		}, nil
	})
	return c
}

// ask answers one question.
func (a *app) ask(v *view, as *assess.Assessment, paths bool) (sheet.WhoJSON, error) {
	what, word := v.Args[0], ""
	if len(v.Args) == 2 {
		word = v.Args[1]
	}
	key, err := v.Desk.Resource(as, word)
	capability, ok := access.ParseCapability(what)
	if ok {
		if err != nil {
			return sheet.WhoJSON{}, err
		}
		q := sheet.QuestionJSON{Capability: strings.ToLower(capability.String()), Resource: string(key)}
		return sheet.Who(as, q, key, as.Access.Who(key, capability), paths), nil
	}
	actions, badAction := actionsOf(what)
	if badAction != nil {
		return sheet.WhoJSON{}, badAction
	}
	if err != nil {
		return sheet.WhoJSON{}, err
	}
	if word == "" {
		key = ""
	}
	var answers []access.Answer
	for _, action := range actions {
		a.unheardOf(as, action)
		answers = append(answers, as.Access.WhoAction(action, key)...)
	}
	return sheet.Who(as, sheet.QuestionJSON{Action: what, Resource: string(key)}, key, answers, paths), nil
}

var wellFormed = regexp.MustCompile(`^[A-Za-z0-9-]+:[A-Za-z0-9]+$`)

// actionsOf reads exact actions, with commas between them.
func actionsOf(s string) ([]string, error) {
	out := strings.Split(s, ",")
	for _, x := range out {
		if !wellFormed.MatchString(x) {
			return nil, fault.Input("read, write, admin, or an exact action such as s3:GetObject", "%q is neither a capability nor an action", x)
		}
	}
	return out, nil
}

// unheardOf warns of an action that nothing here knows: it is asked as a literal.
func (a *app) unheardOf(as *assess.Assessment, action string) {
	if as.Access.Knows(action) {
		return // and the catalogue need not be decoded
	}
	c, err := catalog.Load()
	if err != nil {
		return // it is asked all the same
	}
	if says := notInTheData(c, action, true); says != "" {
		a.say("footing: %s", says)
	}
}

func (a *app) whoAll(v *view, as *assess.Assessment) (*forms, error) {
	var actions []string
	if len(v.Args) > 0 {
		var err error
		if actions, err = actionsOf(v.Args[0]); err != nil {
			return nil, err
		}
	}
	for _, action := range actions {
		a.unheardOf(as, action)
	}
	m := sheet.Matrix(as, as.Access.All(actions))
	return &forms{
		Text: func(w *term.Screen) error {
			for _, x := range m.Cells {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", x.Principal, x.Action, x.Resource, x.Decision)
			}
			return nil
		},
		JSON: m,
		CSV:  func(w io.Writer) error { return sheet.MatrixCSV(w, m) },
	}, nil
}

func reachVerb(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "reach PRINCIPAL|ENTRY",
		Short: "the other way round: everything it can read, write, administer",
		Long: `The blast radius of a leaked key, a broken host, a partner: everything that a principal or an entry point can READ, WRITE or ADMINISTER,
directly or as somebody that it can become.

PRINCIPAL is the name or ARN of a user, role, host or function, or an account id; ENTRY is a kind of entry point: access-key, public, partner …`,
		Example: `
footing reach ci-legacy
footing reach dev-1 --format json
footing reach access-key`,
		Args:              a.takes(1, 1, "one principal or entry point"),
		ValidArgsFunction: a.completePrincipals,
	}
	in := a.reads(c, "text", "json")
	c.RunE = in.run(func(v *view) (*forms, error) {
		as, err := v.Desk.Access(v.Snap)
		if err != nil {
			return nil, err
		}
		from, err := v.Desk.Starting(as, v.Args[0])
		if err != nil {
			return nil, err
		}
		r := sheet.Reach(as, from, as.Access.Reach(from, v.Desk.Targets(as)))
		return &forms{
			Text: func(w *term.Screen) error { return sheet.ReachText(w, a.page(v, as), v.Args[0], r) },
			JSON: r,
		}, nil
	})
	return c
}
