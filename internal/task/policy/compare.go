package policy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/iam/compare"
	"github.com/footing-dev/footing/internal/fault"
)

// Compared is one line of output of a comparison or a check.
type Compared struct {
	ID        json.RawMessage   `json:"id"`
	Check     string            `json:"check,omitempty"` // of a check: not-granted or not-public
	Verdict   string            `json:"verdict"`
	Witnesses []compare.Witness `json:"witnesses"`
	Why       string            `json:"why,omitempty"`      // of unknown
	Errors    []Trouble         `json:"errors,omitempty"`   // a policy that AWS would refuse, which makes it unknown
	Warnings  []Trouble         `json:"warnings,omitempty"` // AWS would refuse it where it is attached; it is compared all the same
}

// Trouble is something wrong with a policy. Policy is old, new or policy.
type Trouble struct {
	Policy   string `json:"policy"`
	Position string `json:"position"`
	Says     string `json:"says"`
}

// The verdicts of the checks: what holds, and what does not.
var verdicts = map[string][2]string{
	"":            {"no-new-access", "new-access"},
	"not-granted": {"not-granted", "granted"},
	"not-public":  {"not-public", "public"},
}

// CompareLines reads lines of {id, old, new} and answers each as soon as it is known. It ends with exit status 2 when a line was no
// comparison, 3 when one has new access, and 4 when the best that can be said of one is unknown.
func CompareLines(ctx context.Context, in io.Reader, out io.Writer, name string, o compare.Options) error {
	c := comparer{solver: compare.NewSolver(o), policies: map[string]*readPolicy{}}
	t, err := stream(ctx, in, out, name, "comparing the policies", c.line)
	switch {
	case err != nil:
		return err
	case t.bad > 0:
		return fault.Input("each line is one JSON object with id, old and new",
			"%d of %d lines of %s are no comparisons, first line %d: %s", t.bad, t.lines, name, t.firstBad, t.firstSays)
	case c.broken > 0:
		return &fault.Error{Status: fault.Findings, Sentence: fmt.Sprintf("%d of %d comparisons found new access", c.broken, t.lines),
			Hinted: "each line has a request that the new policy allows and the old one does not"}
	case c.unknown > 0:
		return fault.Blind("each line says why", "%d of %d comparisons could not be decided", c.unknown, t.lines)
	}
	return nil
}

// File is a policy document and what to call it.
type File struct {
	Name string
	Text []byte
}

// Compare compares two documents. Without new access it returns nil.
func Compare(out io.Writer, old, new File, o compare.Options) error {
	var policies [2]*iam.Policy
	answer := Compared{ID: json.RawMessage("null")}
	for i, f := range []File{old, new} {
		p := read(f.Text)
		if err := p.refused(f.Name); err != nil {
			return err
		}
		policies[i] = p.policy
		answer.Warnings = append(answer.Warnings, p.trouble([]string{"old", "new"}[i], p.warnings)...)
	}
	r := compare.NoNewAccess(policies[0], policies[1], o)
	answer.take(r)
	if err := write(out, answer); err != nil {
		return err
	}
	return judged(r, new.Name+" allows what "+old.Name+" does not", "whether "+new.Name+" allows more than "+old.Name)
}

// Check says of one document whether it allows one of some actions, when there are any, and whether it allows strangers something.
func Check(out io.Writer, f File, notGranted []compare.Access, notPublic bool, o compare.Options) error {
	p := read(f.Text)
	if err := p.refused(f.Name); err != nil {
		return err
	}
	s := compare.NewSolver(o)
	var worst error
	one := func(check string, r compare.Result, broken, open string) error {
		answer := Compared{ID: json.RawMessage("null"), Check: check, Warnings: p.trouble("policy", p.warnings)}
		answer.take(r)
		if err := write(out, answer); err != nil {
			return err
		}
		if err := judged(r, f.Name+broken, open); err != nil && (worst == nil || status(err) == fault.Findings) {
			worst = err
		}
		return nil
	}
	if len(notGranted) > 0 {
		if err := one("not-granted", s.NotGranted(p.policy, notGranted), " allows what it must not", "whether "+f.Name+" allows what it must not"); err != nil {
			return err
		}
	}
	if notPublic {
		if err := one("not-public", s.NotPublic(p.policy), " is public", "whether "+f.Name+" is public"); err != nil {
			return err
		}
	}
	return worst
}

func status(err error) int {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Status
	}
	return 0
}

func write(out io.Writer, answer Compared) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if err := e.Encode(answer); err != nil {
		return fault.IO("check the disk, or whether the reader went away", "cannot write the answer: %w", err)
	}
	return nil
}

// judged is the error that a result ends with.
func judged(r compare.Result, broken, open string) error {
	switch r.Verdict {
	case compare.Broken:
		w := &r.Witnesses[0]
		return &fault.Error{Status: fault.Findings, Sentence: fmt.Sprintf("%s: %s on %s by %s", broken, w.Action, w.Resource, w.Principal),
			Hinted: "the request stands in full in the answer; put it to \"footing policy eval\" to see which statements decide"}
	case compare.Unknown:
		return fault.Blind("what is not decided is not called safe; compare simpler policies, or read them", "%s was not decided: %s", open, r.Why)
	}
	return nil
}

func (a *Compared) take(r compare.Result) {
	words := verdicts[a.Check]
	a.Witnesses = r.Witnesses
	if a.Witnesses == nil {
		a.Witnesses = []compare.Witness{}
	}
	switch r.Verdict {
	case compare.Holds:
		a.Verdict = words[0]
	case compare.Broken:
		a.Verdict = words[1]
	default:
		a.Verdict, a.Why = "unknown", r.Why
	}
}

// comparer remembers policies by their text: streams repeat them.
type comparer struct {
	solver          *compare.Solver
	policies        map[string]*readPolicy
	broken, unknown int
}

// readPolicy is a policy with what is wrong with it.
type readPolicy struct {
	policy           *iam.Policy
	errors, warnings []*iam.ParseError
}

// read parses a document. What breaks the grammar is an error; what AWS refuses in one kind of policy is a warning, since that it is of this
// kind is a guess: a policy that names principals is one of a resource.
func read(text []byte) *readPolicy {
	p, errs := iam.ParseLenient(text)
	if len(errs) > 0 {
		return &readPolicy{policy: p, errors: errs}
	}
	layer := iam.LayerIdentity
	for i := range p.Statements {
		if p.Statements[i].Principals != nil || p.Statements[i].NotPrincipal != nil {
			layer = iam.LayerResource
		}
	}
	_, warnings := iam.ParseFor(text, layer)
	return &readPolicy{policy: p, warnings: warnings}
}

// refused is the first thing that is wrong with a file.
func (p *readPolicy) refused(name string) error {
	if len(p.errors) == 0 {
		return nil
	}
	e := p.errors[0]
	at := fmt.Sprintf("%s:%d:%d: ", name, e.Line, e.Column)
	if e.Path != "" {
		at += e.Path + ": "
	}
	return fault.Input("mend the policy: AWS would refuse it too", "%s%s", at, e.Says)
}

func (p *readPolicy) trouble(which string, list []*iam.ParseError) []Trouble {
	var out []Trouble
	for _, e := range list {
		out = append(out, Trouble{Policy: which, Position: e.Position(), Says: e.Says})
	}
	return out
}

// line answers one line.
func (c *comparer) line(text []byte, tooLong bool) (answer any, says string) {
	if says := unreadable(text, tooLong); says != "" {
		return refuse(nil, says)
	}
	var l struct {
		ID  json.RawMessage `json:"id"`
		Old json.RawMessage `json:"old"`
		New json.RawMessage `json:"new"`
	}
	if err := json.Unmarshal(text, &l); err != nil {
		return refuse(l.ID, strings.ReplaceAll(inWords(err).Error(), "request", "comparison"))
	}
	if l.ID == nil {
		l.ID = json.RawMessage("null")
	}
	a := Compared{ID: l.ID}
	var policies [2]*iam.Policy
	for i, raw := range []json.RawMessage{l.Old, l.New} {
		which := []string{"old", "new"}[i]
		if raw == nil || string(raw) == "null" {
			return refuse(l.ID, which+" is missing")
		}
		p, err := c.policy(raw)
		if err != nil {
			return refuse(l.ID, which+": "+err.Error())
		}
		policies[i] = p.policy
		a.Errors = append(a.Errors, p.trouble(which, p.errors)...)
		a.Warnings = append(a.Warnings, p.trouble(which, p.warnings)...)
	}
	r := compare.Result{Why: "AWS would refuse a policy"}
	if len(a.Errors) == 0 {
		r = c.solver.NoNewAccess(policies[0], policies[1])
	}
	switch a.take(r); r.Verdict {
	case compare.Broken:
		c.broken++
	case compare.Unknown:
		c.unknown++
	}
	return a, ""
}

// policy takes a document, an object or a string that holds one.
func (c *comparer) policy(raw json.RawMessage) (*readPolicy, error) {
	if p, ok := c.policies[string(raw)]; ok {
		return p, nil
	}
	document := []byte(raw)
	switch raw[0] {
	case '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, errors.New("a policy is a JSON object or a string that holds one")
		}
		document = []byte(text)
	case '{':
	default:
		return nil, errors.New("a policy is a JSON object or a string that holds one")
	}
	if len(c.policies) >= maxParsed {
		clear(c.policies)
	}
	p := read(document)
	c.policies[string(raw)] = p
	return p, nil
}
