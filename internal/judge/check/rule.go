package check

import (
	"cmp"
	"io/fs"
	"slices"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Rule is one rule of the catalogue. Its logic is Guard or Go, never both.
type Rule struct {
	ID, Title string // Title is true where the rule holds
	Why, Fix  string

	// What unauthorised reading and writing would do, and how likely it becomes where the rule fails, 1..5 each: what counts where the account
	// itself says nothing about the thing.
	Read, Write, Likelihood int
	Tier                    int      // 1; 2 is advice, and no gate counts it
	Refs                    []string // framework:item, such as ssb:WKLD.08
	Sources                 []string // pages of AWS that say so

	Looks     []Look   // all that Guard is shown of a resource
	Terraform []string // the types of Terraform that are the same things
	Guard     string   // a file of Guard rules

	// Or Go, for what is about the account and not about how one thing is configured. The results need no Rule, Title, Severity, Refs; Risk only where
	// it is not the usual one. Needs are the resource types that it looks at: their calls are its evidence, and it may say nothing is there only where
	// Case.Unlisted has nothing to say of them.
	Judge func(Case) []Result
	Needs []string
	// Stated: it is about what people state and do, so that it can be judged where nothing of the account was read.
	Stated bool
	Days   int // an attestation counts for at most so many days; 0: until it ends

	// With are rules that tell the same decision: where one of them fails on a thing on which this one fails too, both are told as one, under that one.
	With []string
	// Else looks, where Guard does not pass a resource of the account, for what makes the title true all the same and stands elsewhere: Pass where it is
	// there, Unknown where that was not read, anything else where there is nothing. It may be nil.
	Else func(Case, *snapshot.Resource) (holds Outcome, says string)

	Examples fs.FS // examples/OUTCOME[-words].live.json, .template.yaml, .plan.json; of a rule in Go .account.txtar
}

// Look is one property that a rule looks at.
type Look struct {
	Type, Path string
	// Values are all that the property may be beside absent. Where it was not read, each of them is tried; nil: it may be anything.
	Values []any
	Files  bool // no scan reads it: only templates and plans have it
	InUse  bool // of a setting of a Region: it is judged only where the Region is in use, or may be unseen
}

// YesNo are the values of a switch.
func YesNo() []any { return []any{true, false} }

// Types are the resource types that a rule is about, in the order in which it names them.
func (r *Rule) Types() []string {
	out := slices.Clone(r.Needs)
	for _, l := range r.Looks {
		if !slices.Contains(out, l.Type) {
			out = append(out, l.Type)
		}
	}
	return out
}

// Weight is the risk of a failure where the account itself tells none.
func (r *Rule) Weight() int { return max(r.Read, r.Write) * r.Likelihood }

// Run judges a case by rules, in their order: one result for each resource that a rule is about, else one that says why there is none.
// Waivers are applied here, once, and what is one decision is joined.
func Run(rules []Rule, c Case) []Result {
	x := &run{Case: c, rows: map[snapshot.Key][]int{}}
	if c.Sheet != nil {
		for i := range c.Sheet.Rows {
			k := c.Sheet.Rows[i].Key
			x.rows[k] = append(x.rows[k], i)
		}
	}
	var out []Result
	for i := range rules {
		r := &rules[i]
		judged := x.byGuard(r)
		if r.Judge != nil {
			judged = r.Judge(c)
		}
		calls := c.Calls(r.Types()...)
		for _, each := range judged {
			each.Calls = calls
			x.finish(r, &each)
			out = append(out, each)
		}
	}
	x.join(rules, out)
	return out
}

// run is one run, and the sheet's rows by what they are about.
type run struct {
	Case
	rows map[snapshot.Key][]int
}

// finish says of a result whose it is, what is at stake, and who accepts it.
func (x *run) finish(r *Rule, out *Result) {
	out.Rule, out.Title, out.Refs, out.Advice, out.Stated, out.Days = r.ID, r.Title, r.Refs, r.Tier > 1, r.Stated, r.Days
	out.Fingerprint = Fingerprint(r.ID, string(out.Target))
	if out.Risk == 0 {
		out.Risk = cmp.Or(x.risk(r, out.Target), r.Weight())
	}
	out.Severity = Severity(out.Risk)
	if x.Model == nil {
		return
	}
	if out.Outcome == Manual {
		x.attest(r, out)
	}
	if out.Outcome != Fail {
		return
	}
	for i := range x.Model.Waivers {
		w := &x.Model.Waivers[i]
		if w.Rule != r.ID || !slices.Contains(x.called(out.Target), w.Target.ID) {
			continue
		}
		on, why := InForce(w, x.Now, out.Risk)
		if on {
			out.Outcome, out.Waiver = Waived, w
			return
		}
		out.Says += "; " + why
	}
}

// risk is what a failure weighs on a thing that has rows on the sheet: their impact times the rule's likelihood, and no more than the risk of the
// row, since a setting makes nothing worse than it is. It counts the access that the rule is about: reading, writing, or the worse of both.
// 0: the sheet has no row of it. What is about the account as a whole weighs what the rule says.
func (x *run) risk(r *Rule, k snapshot.Key) int {
	if x.Access != nil && k == x.Access.Account {
		return 0
	}
	out := 0
	for _, i := range x.rows[k] {
		row := &x.Sheet.Rows[i]
		if row.Access == access.Read && r.Read < r.Write || row.Access == access.Write && r.Write < r.Read {
			continue
		}
		out = max(out, min(row.FullRisk(), row.Impact.Level*r.Likelihood))
	}
	return out
}

// called lists what a waiver may call a thing: its key, its id on the sheet, the id under which footing.yaml binds it; its name where it has no row.
func (x *run) called(k snapshot.Key) []string {
	out := []string{string(k)}
	for _, i := range x.rows[k] {
		out = append(out, x.Sheet.Rows[i].ID)
	}
	r, ok := x.Snapshot.Get(k)
	if !ok {
		return out
	}
	if len(out) == 1 && r.Name != "" {
		out = append(out, r.Name)
	}
	if st := x.Model.Of(r); st != nil && st.ID != "" {
		out = append(out, st.ID)
	}
	return out
}

// Numbers are all whole numbers from one to another.
func Numbers(from, to int) []any {
	out := make([]any, 0, to-from+1)
	for n := from; n <= to; n++ {
		out = append(out, n)
	}
	return out
}
