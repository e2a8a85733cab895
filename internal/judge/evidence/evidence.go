// Package evidence says of each practice that others wrote down what this account shows of it: by the rules that bear on it, by what people state in
// footing.yaml, or by somebody's word; or that nothing here can tell.
package evidence

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/catalog/practice"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// State is where an account stands with a practice. The zero State is Unknown: what nobody judged is not shown.
type State uint8

// In the order in which they are worth reading: Failing first.
const (
	Unknown       State = iota // what would tell was not read, or no rule of this program judges it
	Failing                    // a rule that bears on it fails
	Waived                     // one fails, and somebody accepts that until a day
	Unanswered                 // only people can tell, and nobody did
	NotCovered                 // nothing here can tell
	NotApplicable              // it is about nothing that is there
	Attested                   // somebody's word, and nothing against it
	Evidenced                  // all that bears on it holds; Item.Sees is how much that is
)

var stateWords = [...]string{"unknown", "failing", "waived", "unanswered", "not-covered", "not-applicable", "attested", "evidenced"}

func (s State) String() string { return stateWords[s] }

// States are all of them, what holds first.
func States() []State {
	return []State{Evidenced, Failing, Unknown, Waived, Attested, Unanswered, NotApplicable, NotCovered}
}

// Finding is one practice, judged.
type Finding struct {
	practice.Item
	State    State
	Says     string                   // one sentence
	Worst    int                      // the highest risk of what decides, 1..25; 0 where it has none
	Results  []check.Result           // of rules, what decides first
	Stated   []Stated                 // what footing.yaml and the reviews show
	Attested *threatmodel.Attestation // somebody's word for the practice itself; nil for none that counts
	Missing  []string                 // rules that bear on it, and that were not asked
	advice   bool                     // there is nothing but advice
	stale    string                   // why somebody's word does not count any more, though it has not ended
}

// Group is a question or a section.
type Group struct {
	practice.Group
	Findings []Finding
}

// Count counts states.
func (g *Group) Count() map[State]int {
	out := map[State]int{}
	for i := range g.Findings {
		out[g.Findings[i].State]++
	}
	return out
}

// Input is all that a judgement of practices depends on.
type Input struct {
	check.Case
	Rules      []check.Result
	Objectives []check.Result
}

// Judge goes through a table.
func Judge(t practice.Table, in Input) []Group {
	out := make([]Group, len(t.Groups))
	for n, g := range t.Groups {
		out[n].Group = g
		for _, item := range g.Items {
			out[n].Findings = append(out[n].Findings, in.judge(item))
		}
	}
	return out
}

// judge joins what bears on one practice. What fails decides over any word.
func (in *Input) judge(item practice.Item) Finding {
	f := Finding{Item: item, Stated: in.stated(item.Slug)}
	in.bearing(&f)
	if len(f.Results) > 0 && f.Sees == practice.None {
		f.Sees = practice.Part // a rule that came later than the table
	}
	f.advice = !slices.ContainsFunc(f.Results, func(r check.Result) bool { return !r.Advice })
	joined := check.NotApplicable
	for i := range f.Results {
		if f.decides(&f.Results[i]) {
			joined = joined.And(f.Results[i].Outcome)
		}
	}
	for i := range f.Stated {
		joined = joined.And(f.Stated[i].Outcome)
	}
	if len(f.Missing) > 0 {
		joined = joined.And(check.Unknown)
	}
	f.order(joined)
	f.Attested = in.word(&f)
	f.settle(joined, len(f.Results) > 0 || len(f.Stated) > 0)
	return f
}

// decides tells whether a result has a say. Nobody is asked for a word about advice where other rules tell.
func (f *Finding) decides(r *check.Result) bool {
	return !r.Advice || f.advice || r.Outcome != check.Manual
}

// bearing finds the results of rules that refer to the practice, or that its table names.
func (in *Input) bearing(f *Finding) {
	refs := f.Refs()
	f.Missing = slices.Clone(f.Rules)
	for _, r := range in.Rules {
		named := slices.Contains(f.Rules, r.Rule)
		if !named && !slices.ContainsFunc(r.Refs, func(ref string) bool { return slices.Contains(refs, ref) }) {
			continue
		}
		f.Missing = slices.DeleteFunc(f.Missing, func(id string) bool { return id == r.Rule })
		if x, ok := in.thing(r.Target); ok && x.Type != "AWS::Account" && !strings.Contains(r.Says, x.Name) {
			r.Says = x.Name + ": " + r.Says // here it stands without its thing
		}
		f.Results = append(f.Results, r)
	}
}

// thing is what a verdict is about, where that is one thing.
func (in *Input) thing(k snapshot.Key) (*snapshot.Resource, bool) {
	if in.Snapshot == nil || k == "" {
		return nil, false
	}
	return in.Snapshot.Get(k)
}

// order puts what decides first, the highest risk before the others.
func (f *Finding) order(joined check.Outcome) {
	first := func(r *check.Result) bool { return f.decides(r) && r.Outcome == joined }
	slices.SortStableFunc(f.Results, func(a, b check.Result) int {
		switch {
		case first(&a) == first(&b):
			return b.Risk - a.Risk
		case first(&a):
			return -1
		}
		return 1
	})
	if len(f.Results) > 0 && first(&f.Results[0]) && (joined == check.Fail || joined == check.Unknown || joined == check.Waived) {
		f.Worst = f.Results[0].Risk
	}
}

// settle names the state, and says it in one sentence.
func (f *Finding) settle(joined check.Outcome, judged bool) {
	switch {
	case joined == check.Fail:
		f.State, f.Says = Failing, f.named(check.Fail)
	case joined == check.Unknown:
		f.State, f.Says = Unknown, f.unread()
	case joined == check.Waived || joined == check.Manual && f.Attested != nil && f.has(check.Waived):
		f.State, f.Says = Waived, f.named(check.Waived)
	case f.Attested != nil && (joined == check.Manual || !judged || f.Sees <= practice.Word):
		f.State, f.Says = Attested, said(f.Attested)
	case joined == check.Manual:
		f.State, f.Says = Unanswered, f.named(check.Manual)+f.stale
	case !judged && f.Sees == practice.None:
		f.State, f.Says = NotCovered, f.Item.Says
	case !judged && f.Sees == practice.Word:
		f.State, f.Says = Unanswered, "nobody gave his word for it"
	case !judged:
		f.State, f.Says = Unknown, "no rule of this program judges it yet"
	case joined == check.NotApplicable:
		f.State, f.Says = NotApplicable, f.named(check.NotApplicable)
	case f.onWord():
		f.State, f.Says = Attested, f.named(check.Pass)
	default:
		f.State, f.Says = Evidenced, f.named(check.Pass)
	}
}

// has tells that a result came to something.
func (f *Finding) has(o check.Outcome) bool {
	return slices.ContainsFunc(f.Results, func(r check.Result) bool { return r.Outcome == o })
}

// onWord tells that all that holds does so by somebody's word.
func (f *Finding) onWord() bool {
	for i := range f.Results {
		if f.Results[i].Outcome == check.Pass && f.Results[i].Attested == nil {
			return false
		}
	}
	return !slices.ContainsFunc(f.Stated, func(s Stated) bool { return s.Outcome == check.Pass })
}

// named lists what has an outcome: rules by their ids, with what the first says, and what is stated.
func (f *Finding) named(o check.Outcome) string {
	var ids []string
	says := ""
	for i := range f.Results {
		if r := &f.Results[i]; r.Outcome == o && f.decides(r) && !slices.Contains(ids, r.Rule) {
			ids = append(ids, r.Rule)
			says = cmp.Or(says, r.Says)
		}
	}
	var parts []string
	switch {
	case len(ids) > 0 && o == check.Pass:
		parts = append(parts, strings.Join(ids, ", ")+plural(len(ids), " holds", " hold"))
	case len(ids) > 0 && o == check.NotApplicable:
		parts = append(parts, strings.Join(ids, ", ")+plural(len(ids), " is", " are")+" about nothing here")
	case len(ids) > 0:
		parts = append(parts, strings.Join(ids, ", ")+": "+says)
	}
	for _, s := range f.Stated {
		if s.Outcome == o {
			parts = append(parts, s.Says)
		}
	}
	return strings.Join(parts, "; ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func (f *Finding) unread() string {
	says := f.named(check.Unknown)
	if len(f.Missing) > 0 {
		missing := "not judged by this program yet: " + strings.Join(f.Missing, ", ")
		if says == "" {
			return missing
		}
		says += "; " + missing
	}
	return says
}

// word is the attestation of the practice itself that counts today.
func (in *Input) word(f *Finding) *threatmodel.Attestation {
	if in.Model == nil {
		return nil
	}
	names := f.Names()
	for i := range in.Model.Attestations {
		a := &in.Model.Attestations[i]
		if !slices.Contains(names, a.Rule) || a.Ahead(in.Now) || a.Over(in.Now) {
			continue
		}
		if days := f.days(); days > 0 && a.Older(days, in.Now) {
			f.stale = fmt.Sprintf("; the word of %s is of %s, and counts for %d days", a.By, a.Date, days)
			continue
		}
		return a
	}
	return nil
}

// days is how long a word about what the rules of a practice ask people counts; 0: until it ends. Under another name it counts no longer.
func (f *Finding) days() (least int) {
	for i := range f.Results {
		if r := &f.Results[i]; r.Outcome == check.Manual && r.Days > 0 && (least == 0 || r.Days < least) {
			least = r.Days
		}
	}
	return least
}

func said(a *threatmodel.Attestation) string {
	return fmt.Sprintf("%s said so on %s, until %s: %s", a.By, a.Date, a.Until, a.Reason)
}
