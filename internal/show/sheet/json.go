package sheet

import (
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
)

// PathJSON is one path, in every output that has paths.
type PathJSON struct {
	ID         string          `json:"id"` // survives reformatted policies
	Entry      *EntryJSON      `json:"entry"`
	Principal  string          `json:"principal"`
	Steps      []StepJSON      `json:"steps"`
	By         string          `json:"by"` // the last, direct grant: which use it is
	Because    []RefJSON       `json:"because"`
	Resource   string          `json:"resource"`
	Capability string          `json:"capability"`
	Prefix     string          `json:"prefix,omitempty"` // objects that are reached, when not all
	Decision   string          `json:"decision"`
	Guards     []string        `json:"guards"`
	Conditions []ConditionJSON `json:"conditions"`
	ViaAccount bool            `json:"via_account"`
}

// EntryJSON is a way in; null when nobody was found who can become the principal.
type EntryJSON struct {
	Kind    string   `json:"kind"`
	ID      string   `json:"id"`
	Says    string   `json:"says"`
	Facts   []string `json:"facts"`
	Unknown bool     `json:"unknown"`
}

// StepJSON is one step of a path.
type StepJSON struct {
	By      string    `json:"by"`
	From    string    `json:"from"`
	To      string    `json:"to"`
	Because []RefJSON `json:"because"`
	Trace   bool      `json:"trace"`
}

// RefJSON names a statement.
type RefJSON struct {
	Layer     string `json:"layer"`
	Policy    string `json:"policy"`
	Statement int    `json:"statement"`
	Sid       string `json:"sid"`
}

// ConditionJSON is an open condition with its words.
type ConditionJSON struct {
	Key      string   `json:"key"`
	Operator string   `json:"operator"`
	Values   []string `json:"values"`
	Negated  bool     `json:"negated"`
	Says     string   `json:"says"`
}

func decision(o iam.Outcome) string {
	return [...]string{iam.Unknown: "unknown", iam.Deny: "deny", iam.Conditional: "conditional", iam.Allow: "allow"}[o]
}

func refs(in []iam.Ref) []RefJSON {
	out := make([]RefJSON, 0, len(in))
	for _, r := range in {
		out = append(out, RefJSON{r.Layer, r.Policy, r.Statement, r.Sid})
	}
	return out
}

func conditions(in []iam.Condition) []ConditionJSON {
	out := make([]ConditionJSON, 0, len(in))
	for _, c := range in {
		values := c.Values
		if values == nil {
			values = []string{}
		}
		out = append(out, ConditionJSON{c.Key, c.Operator, values, c.Negated, Condition(c)})
	}
	return out
}

func pathJSON(p access.Path) PathJSON {
	out := PathJSON{
		ID: p.ID(), Principal: p.Principal, Steps: []StepJSON{}, By: p.By, Because: refs(p.Because), Resource: string(p.Resource),
		Capability: strings.ToLower(p.Capability.String()), Prefix: p.Prefix, Decision: decision(p.Outcome), Guards: p.Guards.Names(),
		Conditions: conditions(p.Conditions), ViaAccount: p.ViaAccount,
	}
	if e := p.Entry; e != nil {
		out.Entry = &EntryJSON{Kind: e.Kind, ID: e.ID, Says: e.Says, Facts: []string{}, Unknown: e.Unknown}
		for _, f := range e.Facts {
			out.Entry.Facts = append(out.Entry.Facts, f.Name)
		}
	}
	for _, s := range p.Steps {
		out.Steps = append(out.Steps, StepJSON{s.By, s.From, s.To, refs(s.Because), s.Trace})
	}
	return out
}

// RiskJSON is `risk --format json`: every row, also those that the text hides.
type RiskJSON struct {
	Footing   int       `json:"footing"`
	Account   string    `json:"account"`
	Snapshot  string    `json:"snapshot"`
	Table     string    `json:"table"` // version of the likelihood table
	Threshold int       `json:"threshold"`
	Rows      []RowJSON `json:"rows"`
	Gaps      int       `json:"gaps"` // calls that left something unseen
}

// RowJSON is one access to one resource. likelihood, points and risk are the worst end, with the ways through the account.
type RowJSON struct {
	Kind          string     `json:"kind"`
	ID            string     `json:"id"`
	ARN           string     `json:"arn"`
	Type          string     `json:"type"`
	Access        string     `json:"access"`
	Impact        int        `json:"impact"`
	Likelihood    int        `json:"likelihood"`
	Risk          int        `json:"risk"`
	Points        int        `json:"points"`
	Action        string     `json:"action"`
	State         string     `json:"state"`
	Paths         int        `json:"paths"`
	Worst         WorstJSON  `json:"worst"`
	Low           int        `json:"low"`
	High          int        `json:"high"`
	Unknown       []string   `json:"unknown"`
	BesideAccount BesideJSON `json:"beside_account"`
	Why           []TermJSON `json:"why"`
	ImpactWhy     []TermJSON `json:"impact_why"`
	ToldBy        string     `json:"told_by,omitempty"` // the row that tells this one's story
}

// WorstJSON holds the worst path; null when there is none.
type WorstJSON struct {
	Path *PathJSON `json:"path"`
}

// BesideJSON is what remains beside the ways through administration of the account: what the sheet shows.
type BesideJSON struct {
	Likelihood int        `json:"likelihood"`
	Risk       int        `json:"risk"`
	Low        int        `json:"low"`
	Points     int        `json:"points"`
	Paths      int        `json:"paths"`
	Action     string     `json:"action"`
	Worst      WorstJSON  `json:"worst"`
	Why        []TermJSON `json:"why"`
}

// TermJSON is one term of a sum.
type TermJSON struct {
	Term   string `json:"term"`
	Points int    `json:"points"`
}

func terms(in []risk.Term) []TermJSON {
	out := make([]TermJSON, 0, len(in))
	for _, t := range in {
		out = append(out, TermJSON{t.Says, t.Points})
	}
	return out
}

func worst(l risk.Likelihood) WorstJSON {
	if len(l.Paths) == 0 {
		return WorstJSON{}
	}
	p := pathJSON(l.Paths[0].Told())
	return WorstJSON{&p}
}

func action(a *assess.Assessment, n int) string {
	if t, ok := a.Model.Threshold(n); ok {
		return t.Action
	}
	return ""
}

// JSON is the sheet for scripts, in whole or, where wanted is not nil, in part. No row's paths are kept but those that a screen told.
func JSON(a *assess.Assessment, gate int, wanted func(*risk.Row) bool) RiskJSON {
	out := RiskJSON{Footing: 1, Account: a.Snapshot.Account, Snapshot: a.Snapshot.ID, Table: a.Sheet.Table, Threshold: gate,
		Rows: []RowJSON{}, Gaps: len(a.Snapshot.Gaps())}
	rows := map[int]RowJSON{}
	a.Sheet.Each(wanted, func(i int, r *risk.Row) { rows[i] = rowJSON(a, r) })
	for i := range a.Sheet.Rows {
		if r, ok := rows[i]; ok {
			out.Rows = append(out.Rows, r)
		}
	}
	return out
}

func rowJSON(a *assess.Assessment, r *risk.Row) RowJSON {
	unknown := []string{}
	for _, p := range r.Full.Paths {
		if p.High != p.Low && r.Full.Unknown() && len(unknown) < 10 {
			unknown = append(unknown, p.Terms[0].Says)
		}
	}
	if r.Impact.Low != r.Impact.Level {
		for _, t := range r.Impact.Terms {
			if strings.HasSuffix(t.Says, "was not read") {
				unknown = append(unknown, t.Says)
			}
		}
	}
	unknown = append(unknown, r.Unread...)
	return RowJSON{
		Kind: "resource", ID: r.ID, ARN: string(r.Key), Type: r.Type, Access: strings.ToLower(r.Access.String()), Impact: r.Impact.Level,
		Likelihood: r.Full.Level, Risk: r.FullRisk(), Points: r.Full.Points, Action: action(a, r.FullRisk()), State: "open",
		Paths: len(r.Full.Paths), Worst: worst(r.Full), Low: r.FullLow(), High: r.FullRisk(), Unknown: unknown,
		BesideAccount: BesideJSON{r.Beside.Level, r.Risk(), r.Low(), r.Beside.Points, len(r.Beside.Paths), action(a, r.Risk()), worst(r.Beside), terms(r.Beside.Terms)},
		Why:           terms(r.Full.Terms), ImpactWhy: terms(r.Impact.Terms), ToldBy: r.Within,
	}
}
