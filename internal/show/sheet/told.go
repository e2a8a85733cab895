package sheet

import (
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
)

// What the screens say, for printers of other forms: the same words, and the same standing of each resource.

// Standings of a resource, as the first line of the overview counts them.
const (
	ToFix     = "to-fix"
	ToWatch   = "to-watch"
	Unseen    = "unseen"
	Settled   = "settled"
	OutOfMind = "out-of-mind"
)

// Thing is one resource, or one group of another sheet, with both of its rows.
type Thing struct {
	Read, Write *risk.Row
	Top         *risk.Row // what decides where it stands
	Standing    string
}

// Things lists what has a place on the sheet, as the screen orders it, also what is out of mind.
func Things(a *assess.Assessment, gate int) []Thing { return Pairs(a, a.Sheet.Rows, gate) }

// Pairs does so for rows of any sheet.
func Pairs(a *assess.Assessment, rows []risk.Row, gate int) []Thing {
	var out []Thing
	ordered, _ := shown(a, pairs(a, rows), gate, false)
	for _, t := range ordered {
		says := [...]string{outOfMind: OutOfMind, settled: Settled, toWatch: ToWatch, unseen: Unseen, toFix: ToFix}[stand(a, t, gate)]
		out = append(out, Thing{t.read, t.write, t.top, says})
	}
	return out
}

// KindOf is the kind of rows that a word of Sheets asks for; "" for no such word.
func KindOf(word string) string {
	for _, s := range Sheets {
		if s.Word == word {
			return s.Kind
		}
	}
	return ""
}

// Lowest is the number from which on a risk is not out of mind.
func (p Page) Lowest() int { return p.lowest() }

// Teller says things as people would.
type Teller struct{ n *namer }

// Words is the teller of one assessment.
func Words(a *assess.Assessment) Teller { return Teller{names(a)} }

// Name is the short name of a principal or resource.
func (t Teller) Name(id string) string { return t.n.of(id) }

// Kind is the sort of thing, if that has a word, and its name: "role", "deploy".
func (t Teller) Kind(id string) (kind, name string) {
	name = t.n.of(id)
	return strings.TrimSuffix(strings.TrimSuffix(t.n.kind(id), name), " "), name
}

// Does says what a route does.
func (t Teller) Does(route string) string { return t.n.does(route) }

// Sentence tells a row's worst path.
func (t Teller) Sentence(r *risk.Row) string { return t.n.sentence(r) }

// Trail is a path in one line.
func (t Teller) Trail(p access.Path) string { return t.n.trail(p) }

// Group is what people call a group: as it is stated, else by the name of what it is.
func (t Teller) Group(r *risk.Row) string { return t.n.group(r) }

// Reason is the worst path of a resource in a few words, or what was not seen.
func (t Teller) Reason(x Thing) string { return t.n.reason(thing{x.Read, x.Write, x.Top}) }

// Unread names what of a resource was not read; "" when nothing of it was missing.
func (t Teller) Unread(r *risk.Row) string { return t.n.unread(r) }

// Way tells who gets in and how, of one answer: what he does there, and what he comes in as.
func (t Teller) Way(x access.Answer) (does, as string) { return how(t.n, x), wayIn(t.n, x) }

// Path is a path as JSON has it.
func Path(p access.Path) PathJSON { return pathJSON(p.Told()) }

// Action is the action that a number asks for; "" when it stays below all.
func Action(a *assess.Assessment, n int) string { return action(a, n) }

// RowOf is a row's READ or WRITE; nil when the sheet has none.
func RowOf(a *assess.Assessment, k snapshot.Key, c access.Capability) *risk.Row {
	for i := range a.Sheet.Rows {
		if r := &a.Sheet.Rows[i]; r.Key == k && r.Access == c {
			return r
		}
	}
	return nil
}
