// Package draft writes the first footing.yaml of an account from what was judged, and what later scans add to it.
package draft

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/isolation"
	"github.com/footing-dev/footing/internal/judge/relation"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Item is one entry of a list, in YAML.
type Item struct {
	ID      string
	Lines   []string // not indented, without the dash; only comments where the item is no more than a proposal
	Comment string   // "# …"; "" for none
}

// Proposal tells that an item is only comments: it states nothing until somebody takes the mark away.
func (i Item) Proposal() bool {
	return !slices.ContainsFunc(i.Lines, func(line string) bool { return !strings.HasPrefix(line, "#") })
}

// Appended is the item as threatmodel.Append takes it: a comment that does not fit behind it stands below.
func (i Item) Appended() string {
	lines := slices.Clone(i.Lines)
	if last := len(lines) - 1; i.Comment != "" && runes(lines[last])+4+runes(i.Comment) <= room {
		lines[last] += "  " + i.Comment
	} else if i.Comment != "" {
		lines = append(lines, i.Comment)
	}
	return strings.Join(lines, "\n")
}

// written is the item as it stands in a list: a comment that does not fit behind it stands above.
func (i Item) written() []string {
	var lines []string
	for n, l := range i.Lines {
		switch {
		case strings.HasPrefix(l, "#"):
			lines = append(lines, l)
		case n == 0:
			lines = append(lines, "- "+l)
		default:
			lines = append(lines, "  "+l)
		}
	}
	return remark(lines, i.Comment)
}

// Section is one key of the file, with what follows it.
type Section struct {
	Key   string
	Note  string // a comment behind the key
	Items []Item
}

// File is a drafted footing.yaml.
type File struct {
	Head     []string // everything above the first list
	Sections []Section
	Open     int // how many of its lines need a person
}

// opening are the sections that begin after an empty line: what is there, who is there, what could happen, what must not.
var opening = []string{"people", "units", "resources", "actors", "threats", "objectives"}

// Text is the whole file.
func (f *File) Text() []byte {
	var b strings.Builder
	for _, l := range f.Head {
		b.WriteString(l + "\n")
	}
	for _, s := range f.Sections {
		if len(s.Items) == 0 {
			continue
		}
		if slices.Contains(opening, s.Key) {
			b.WriteString("\n")
		}
		b.WriteString(s.Key + ":")
		if s.Note != "" {
			b.WriteString("  # " + s.Note)
		}
		b.WriteString("\n")
		for _, i := range s.Items {
			for _, l := range i.written() {
				b.WriteString("  " + l + "\n")
			}
		}
	}
	return []byte(b.String())
}

// Of drafts the file of an account that was judged by the defaults. Nothing in it lowers a risk.
func Of(a *assess.Assessment) *File {
	m := newMaker(a)
	m.known = threatmodel.Default()
	f := &File{Head: m.head()}
	f.Sections = append(f.Sections, Section{"people", "principals that are one human being count once", m.people()})
	f.Sections = append(f.Sections, m.lists()...)
	aims := m.objectives()
	f.Sections = append(f.Sections, Section{"objectives", `what must hold; "footing check" shows the ways that break it`, m.aimed(aims, nil)})
	f.Sections[len(f.Sections)-1].Items = m.aimed(aims, judged(a, f))
	f.count()
	return f
}

// judged is what is found of the objectives of a draft, in their order; nil when it cannot be judged.
func judged(a *assess.Assessment, f *File) []check.Result {
	model, err := threatmodel.Parse("the draft", f.Text())
	if err != nil {
		return nil // whoever writes the draft finds it out, and says so
	}
	b, err := assess.Of(assess.Input{Snapshot: a.Snapshot, Model: model})
	if err != nil {
		return nil
	}
	return b.Objectives()
}

// count counts the lines that ask for a person.
func (f *File) count() {
	lines := slices.Clone(f.Head)
	for _, s := range f.Sections {
		for _, i := range s.Items {
			lines = append(lines, i.Comment)
		}
	}
	for _, l := range lines {
		if strings.Contains(l, Check) {
			f.Open++
		}
	}
}

// Appended are the sections that a later scan may add to, what refers after what it refers to. What is meant and what must hold is for people alone.
var Appended = []string{"resources", "components", "actors", "entry_points", "mitigations", "threats"}

// New drafts what a file does not state yet, of an account that was judged by that file. Only its lists are of use.
func New(a *assess.Assessment) *File {
	m := newMaker(a)
	m.take()
	lists := slices.DeleteFunc(m.lists(), func(s Section) bool { return len(s.Items) == 0 || !slices.Contains(Appended, s.Key) })
	f := &File{Sections: lists}
	f.count()
	return f
}

// lists drafts the sections in the order of the file. The order of work is another: what refers needs the ids.
func (m *maker) lists() []Section {
	units := m.units()
	resources := m.resources()
	m.look()
	components := m.components()
	actors := m.actors()
	entries := m.entryPoints()
	cases := m.useCases()
	mitigations := m.mitigations()
	threats := m.threats()
	return []Section{
		{"units", "parts to keep apart; the first that binds a resource wins", units},
		{"resources", "what you would not like to lose or see elsewhere; the rest is judged all the same", resources},
		{"components", "what runs, and what of the above it uses", components},
		{"actors", "who is there; being meant to do something lowers no likelihood", actors},
		{"entry_points", "ways in", entries},
		{"use_cases", "what is meant, guessed from what runs; every other way is excess, and closed first", cases},
		{"threats", `what stands at or above the lowest threshold; "footing risk ID" shows every way`, threats},
		{"mitigations", `what would help; "footing risk --with ID" shows before and after`, mitigations},
	}
}

// maker drafts one file.
type maker struct {
	a     *assess.Assessment
	s     *snapshot.Snapshot
	known *threatmodel.Model // what the file states already
	graph *relation.Graph
	where *isolation.Units // of what the file states
	open  int

	ids    map[string]map[string]bool // by name space: ids that are taken
	named  []named                    // resources with an id, the most at risk first
	entry  []*access.Entry
	ways   map[string][]risk.Scored // by row
	places []place                  // units
	placed threatmodel.Model        // with those units alone
	runs   []part
	actor  []who
	doors  []door
	fixes  []fix
}

// mostChecks is how many lines of a draft ask for a person.
const mostChecks = 10

func newMaker(a *assess.Assessment) *maker {
	return &maker{
		a: a, s: a.Snapshot, known: a.Model, graph: relation.Of(a.Snapshot), where: isolation.Of(a.Snapshot, a.Model), entry: a.Access.Entries(),
		ids: map[string]map[string]bool{}, ways: map[string][]risk.Scored{},
	}
}

// ask is a comment that a person is to look at, unless there are enough of those.
func (m *maker) ask(format string, args ...any) string {
	if m.open >= mostChecks {
		return note(format, args...)
	}
	m.open++
	return Check + clean(fmt.Sprintf(format, args...))
}

// Spaces of ids: what a reference of one kind may mean.
const (
	ofThings  = "resources and components"
	ofActors  = "actors"
	ofDoors   = "entry points"
	ofCases   = "use cases"
	ofThreats = "threats"
	ofFixes   = "mitigations"
	ofUnits   = "units"
	ofPeople  = "people"
)

// take notes the ids that the file has.
func (m *maker) take() {
	took := func(space, id string) { m.space(space)[id] = true }
	for _, x := range m.known.Resources {
		took(ofThings, x.ID)
	}
	for _, x := range m.known.Components {
		took(ofThings, x.ID)
	}
	for _, x := range m.known.Actors {
		took(ofActors, x.ID)
	}
	for _, x := range m.known.EntryPoints {
		took(ofDoors, x.ID)
	}
	for _, x := range m.known.Threats {
		took(ofThreats, x.ID)
	}
	for _, x := range m.known.Mitigations {
		took(ofFixes, x.ID)
	}
}

func (m *maker) space(name string) map[string]bool {
	if m.ids[name] == nil {
		m.ids[name] = map[string]bool{}
	}
	return m.ids[name]
}

var notInID = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// speech is words that mean something in the sentence of an objective.
var speech = strings.Fields("and anything at from is isolated may more most network nobody of only or organization requires risk than type unit class when with")

const longest = 80 // bytes of an id; a counter may follow

// id makes a name that is free in its space: of plain letters, so that people can type it.
func (m *maker) id(space, want, kind string) string {
	id := strings.Trim(notInID.ReplaceAllString(want[:min(len(want), longest)], "-"), "-.")
	if id == "" || slices.Contains(speech, strings.ToLower(id)) {
		id = strings.Trim(kind+"-"+id, "-")
	}
	free := id
	for n := 2; m.space(space)[free]; n++ {
		free = fmt.Sprintf("%s-%d", id, n)
	}
	m.space(space)[free] = true
	return free
}

// item is one entry on as few lines as it takes.
func item(id string, fs fields, comment string) Item {
	return Item{id, folded(flow(fs), 1), comment}
}

// ending is the part of an ARN that tells a thing of this account from others, behind a wildcard: "*:role/api".
func (m *maker) ending(k snapshot.Key) string {
	parts := strings.SplitN(string(k), ":", 6)
	if len(parts) == 6 && parts[4] == m.s.Account && parts[5] != "" {
		return "*:" + itself(snapshot.Key(parts[5]))
	}
	return itself(k)
}

// itself is a pattern for one key. A star in it would choose others too; a question mark is as good as the star's own letter.
func itself(k snapshot.Key) string { return strings.ReplaceAll(string(k), "*", "?") }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
