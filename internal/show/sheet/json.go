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
	Meant      *string         `json:"meant,omitempty"` // of a sheet: the use case that it was stated for; "" when nobody did
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
	With      []string  `json:"with,omitempty"` // mitigations whose effect is supposed
	Rows      []RowJSON `json:"rows"`
	Gaps      int       `json:"gaps"` // calls that left something unseen

	Warnings []WarningJSON `json:"warnings"`
}

// WarningJSON tells of something stated that has no effect (any more).
type WarningJSON struct {
	Line int    `json:"line"` // of footing.yaml
	Says string `json:"says"`
}

// RowJSON is one access to one resource. likelihood, points and risk are the worst end, with the ways through the account.
type RowJSON struct {
	Kind          string     `json:"kind"`
	ID            string     `json:"id"`
	Name          string     `json:"name,omitempty"` // of what has no stated id
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
	Target        string     `json:"target,omitempty"`  // of a group: the row whose numbers it shows

	Excess      int           `json:"excess"` // of paths: how many nobody stated
	Owner       string        `json:"owner"`
	Review      string        `json:"review"`      // the day on which somebody looks at it again; "" when nobody said
	Threats     []string      `json:"threats"`     // ids
	Mitigations []string      `json:"mitigations"` // ids of those that touch it
	Computed    ComputedJSON  `json:"computed"`    // by the ways alone, whatever somebody says
	Override    *OverrideJSON `json:"override,omitempty"`
	Waiver      *WaiverJSON   `json:"waiver,omitempty"`
	Evidence    string        `json:"evidence,omitempty"` // of one row: the digest that an override is decided on
	Ways        []WayJSON     `json:"ways,omitempty"`     // of one row: each, the worst first
	Before      *NumbersJSON  `json:"before,omitempty"`   // with mitigations: without them
	After       *NumbersJSON  `json:"after,omitempty"`
}

// ComputedJSON is a likelihood as the ways make it.
type ComputedJSON struct {
	Likelihood int `json:"likelihood"`
	Points     int `json:"points"`
}

// OverrideJSON is somebody's word for a likelihood, and whether it stands: in-force, stale or expired.
type OverrideJSON struct {
	Likelihood int    `json:"likelihood"`
	Reason     string `json:"reason"`
	By         string `json:"by"`
	Date       string `json:"date"`
	Until      string `json:"until"`
	Evidence   string `json:"evidence"`
	Standing   string `json:"standing"`
	Why        string `json:"why"` // why it does not stand
}

// WaiverJSON is who accepted a row, and up to what.
type WaiverJSON struct {
	Reason  string `json:"reason"`
	By      string `json:"by"`
	Date    string `json:"date"`
	Until   string `json:"until"`
	MaxRisk int    `json:"max_risk"`
}

// WayJSON is one scored way.
type WayJSON struct {
	Path   PathJSON   `json:"path"`
	Points int        `json:"points"`
	Low    int        `json:"low"` // on what was seen alone
	Why    []TermJSON `json:"why"`
}

// NumbersJSON is a row in numbers, beside the ways through the account as the screen shows them, and with those.
type NumbersJSON struct {
	Likelihood    int               `json:"likelihood"`
	Risk          int               `json:"risk"`
	Points        int               `json:"points"`
	Low           int               `json:"low"`
	BesideAccount BesideNumbersJSON `json:"beside_account"`
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
	Excess     int        `json:"excess"`
	Action     string     `json:"action"`
	Worst      WorstJSON  `json:"worst"`
	Why        []TermJSON `json:"why"`
}

// BesideNumbersJSON is the numbers of BesideJSON alone.
type BesideNumbersJSON struct {
	Likelihood int `json:"likelihood"`
	Risk       int `json:"risk"`
	Points     int `json:"points"`
	Low        int `json:"low"`
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
	p := scoredJSON(&l.Paths[0])
	return WorstJSON{&p}
}

// scoredJSON is a path of a sheet, which knows what it was meant for.
func scoredJSON(s *risk.Scored) PathJSON {
	p := pathJSON(s.Told())
	p.Meant = &s.Meant
	return p
}

func action(a *assess.Assessment, n int) string {
	if t, ok := a.Model.Threshold(n); ok {
		return t.Action
	}
	return ""
}

// JSON is the sheet for scripts, in whole or, where wanted is not nil, in part. No row's paths are kept but those that a screen told.
func JSON(a *assess.Assessment, gate int, wanted func(*risk.Row) bool) RiskJSON {
	return sheetJSON(a, gate, wanted, rowJSON)
}

// OneJSON is the rows of one resource, with every way and the digest of the evidence.
func OneJSON(a *assess.Assessment, gate int, wanted func(*risk.Row) bool) RiskJSON {
	return sheetJSON(a, gate, wanted, func(a *assess.Assessment, r *risk.Row) RowJSON {
		out := rowJSON(a, r)
		out.Evidence = a.Sheet.Evidence(r)
		for i := range r.Full.Paths {
			s := &r.Full.Paths[i]
			out.Ways = append(out.Ways, WayJSON{scoredJSON(s), s.High, s.Low, terms(s.Terms)})
		}
		return out
	})
}

// SupposedJSON is the sheet after a what-if; each row says what it was before.
func SupposedJSON(s *Supposed, gate int, wanted func(*risk.Row) bool) RiskJSON {
	out := JSON(s.After, gate, wanted)
	for _, m := range s.Mitigations {
		out.With = append(out.With, m.ID)
	}
	was, is := numbers(s.Before), numbers(s.After)
	for i := range out.Rows {
		r := &out.Rows[i]
		r.Before, r.After = was[r.ARN+" "+r.Access], is[r.ARN+" "+r.Access]
	}
	return out
}

func numbers(a *assess.Assessment) map[string]*NumbersJSON {
	out := map[string]*NumbersJSON{}
	for i := range a.Sheet.Rows {
		r := &a.Sheet.Rows[i]
		out[string(r.Key)+" "+verbOfAccess(r.Access)] = &NumbersJSON{r.Full.Level, r.FullRisk(), r.Full.Points, r.FullLow(), BesideNumbersJSON{r.Beside.Level, r.Risk(), r.Beside.Points, r.Low()}}
	}
	return out
}

// GroupsJSON is another sheet of the same ways.
func GroupsJSON(a *assess.Assessment, gate int, rows []risk.Row) RiskJSON {
	out := blank(a, gate)
	n := names(a)
	for i := range rows {
		r := rowJSON(a, &rows[i])
		r.Name = n.group(&rows[i])
		out.Rows = append(out.Rows, r)
	}
	return out
}

func blank(a *assess.Assessment, gate int) RiskJSON {
	out := RiskJSON{Footing: 1, Account: a.Snapshot.Account, Snapshot: a.Snapshot.ID, Table: a.Sheet.Table, Threshold: gate,
		Rows: []RowJSON{}, Gaps: len(a.Snapshot.Gaps()), Warnings: []WarningJSON{}}
	for _, w := range a.Sheet.Warnings {
		out.Warnings = append(out.Warnings, WarningJSON{w.Line, w.Says})
	}
	return out
}

func sheetJSON(a *assess.Assessment, gate int, wanted func(*risk.Row) bool, shape func(*assess.Assessment, *risk.Row) RowJSON) RiskJSON {
	out := blank(a, gate)
	rows := map[int]RowJSON{}
	a.Sheet.Each(wanted, func(i int, r *risk.Row) { rows[i] = shape(a, r) })
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
	out := RowJSON{
		Kind: r.Kind, ID: r.ID, ARN: string(r.Key), Type: r.Type, Access: verbOfAccess(r.Access), Impact: r.Impact.Level,
		Likelihood: r.Full.Level, Risk: r.FullRisk(), Points: r.Full.Points, Action: action(a, r.FullRisk()), State: r.State,
		Paths: len(r.Full.Paths), Worst: worst(r.Full), Low: r.FullLow(), High: r.FullRisk(), Unknown: unknown,
		BesideAccount: BesideJSON{r.Beside.Level, r.Risk(), r.Low(), r.Beside.Points, len(r.Beside.Paths), r.Beside.Excess(), action(a, r.Risk()), worst(r.Beside), terms(r.Beside.Terms)},
		Why:           terms(r.Full.Terms), ImpactWhy: terms(r.Impact.Terms), ToldBy: r.Within, Target: r.Target,
		Excess: r.Full.Excess(), Owner: r.Owner, Review: a.Sheet.Review(r), Threats: []string{}, Mitigations: []string{},
		Computed: ComputedJSON{r.Full.Computed(), r.Full.Points},
	}
	if r.Kind != risk.Resource {
		out.ARN = string(r.Self)
	}
	for _, t := range a.Sheet.Threatened(r) {
		out.Threats = append(out.Threats, t.ID)
	}
	out.Mitigations = append(out.Mitigations, a.Sheet.Mitigations(r)...)
	if o := r.Override; o != nil {
		out.Override = &OverrideJSON{o.Likelihood, o.Reason, o.By, o.Date, o.Until, o.Evidence, o.Standing, o.Why}
	}
	if w := r.Waiver; w != nil {
		out.Waiver = &WaiverJSON{w.Reason, w.By, w.Date, w.Until, w.MaxRisk}
	}
	return out
}
