// Package duty tells whose duty what is: of each resource the row of a table of services, layer by layer (AWS's, shared, yours), which of the duties rules that
// hold show to be done, and what moving to another service would take away. It counts, and weighs nothing.
package duty

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

var (
	//go:embed duty.tsv
	dutyTable string
	//go:embed match.tsv
	matchTable string
	//go:embed layer.tsv
	layerTable string
	//go:embed evidence.tsv
	evidenceTable string
)

// Whose says who does something.
type Whose byte

const (
	AWS   Whose = 'A'
	Split Whose = 'S' // AWS has the mechanism; to choose, schedule or switch it on is yours
	Yours Whose = 'C'
	None  Whose = '-' // does not apply
)

// Layer is one thing that somebody has to do.
type Layer struct{ ID, Title string }

// Service is one row of the table: a service, or a variant of it.
type Service struct {
	ID, Name, Variant string
	Layers            string   // a Whose for each of Table.Layers
	Chapter           string   // of AWS's documentation
	Moves             []string // ids of services that take something over
	Checked           string   // the day on which somebody held it against the documentation; "" where nobody did
}

// String is what a row is called.
func (s *Service) String() string { return strings.TrimSpace(s.Name + " " + s.Variant) }

// Count is how many duties somebody has.
type Count struct {
	Whole, Shared int // layers that are yours alone, and those that are split
	Of            int // layers that apply
}

// Yours is how many layers something is left to do in.
func (c Count) Yours() int { return c.Whole + c.Shared }

// Count counts a row.
func (s *Service) Count() Count {
	var c Count
	for i := range len(s.Layers) {
		switch Whose(s.Layers[i]) {
		case Yours:
			c.Whole++
		case Split:
			c.Shared++
		case None:
			continue
		}
		c.Of++
	}
	return c
}

// Table is what the files beside this one say.
type Table struct {
	Layers   []Layer
	Services []Service
	byID     map[string]*Service
	matches  []match
	proofs   []proof
}

type match struct {
	typ   string
	where []condition
	to    string
}

type condition struct {
	path string
	any  []string // globs; "" for not set
}

// Part and Managed are what a match may lead to that is no row.
const (
	part    = "."
	managed = "-"
)

// Tables are those in the files beside this one. They are embedded, and a test reads them: a mistake in them is one of the program.
func Tables() *Table {
	t, err := read()
	if err != nil {
		panic(err)
	}
	return t
}

// read parses the tables. An error names file and line.
func read() (*Table, error) {
	t := &Table{byID: map[string]*Service{}}
	if err := lines("layer.tsv", layerTable, 2, 2, t.layer); err != nil {
		return nil, err
	}
	if err := lines("duty.tsv", dutyTable, 7, 7, t.service); err != nil {
		return nil, err
	}
	if err := t.index(); err != nil {
		return nil, err
	}
	if err := lines("match.tsv", matchTable, 3, 3, t.match); err != nil {
		return nil, err
	}
	return t, lines("evidence.tsv", evidenceTable, 3, 4, t.proof)
}

func (t *Table) layer(f []string) error {
	t.Layers = append(t.Layers, Layer{f[0], f[1]})
	return nil
}

func (t *Table) service(f []string) error {
	if len(f[3]) != len(t.Layers) || strings.Trim(f[3], "ASC-") != "" {
		return fmt.Errorf("%q is no letter for each of %d layers", f[3], len(t.Layers))
	}
	t.Services = append(t.Services, Service{f[0], f[1], f[2], f[3], f[4], strings.Fields(f[5]), f[6]})
	return nil
}

// index makes services known by their id, once all are there.
func (t *Table) index() error {
	for i := range t.Services {
		s := &t.Services[i]
		if t.byID[s.ID] != nil {
			return fmt.Errorf("duty.tsv: %s stands there twice", s.ID)
		}
		t.byID[s.ID] = s
	}
	for _, s := range t.Services {
		for _, m := range s.Moves {
			if t.byID[m] == nil {
				return fmt.Errorf("duty.tsv: %s moves to %s, which is no row", s.ID, m)
			}
		}
	}
	return nil
}

func (t *Table) match(f []string) error {
	m := match{typ: f[0], to: f[2]}
	if m.to != part && m.to != managed && t.byID[m.to] == nil {
		return fmt.Errorf("%s is no row", m.to)
	}
	for _, w := range strings.Fields(f[1]) {
		path, values, ok := strings.Cut(w, "=")
		if !ok {
			return fmt.Errorf("%q is no condition", w)
		}
		m.where = append(m.where, condition{path, strings.Split(values, "|")})
	}
	t.matches = append(t.matches, m)
	return nil
}

// lines calls f with the fields of every line that is no comment.
func lines(name, text string, least, most int, f func([]string) error) error {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) < least || len(fields) > most {
			return fmt.Errorf("%s:%d: %d fields", name, n, len(fields))
		}
		for len(fields) < most {
			fields = append(fields, "")
		}
		if err := f(fields); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	return nil
}

// Class is what is known of whose duty a resource is.
type Class uint8

const (
	Unclassified Class = iota // no line of the table is about it
	Classified
	PartOf  // a part of something else, whose duties it shares
	AllAWSs // AWS does all of it
)

// Of finds the row of a resource. Where what would tell was not read it is the one with the most duties that it may be, and sure is false.
func (t *Table) Of(r *snapshot.Resource) (s *Service, class Class, sure bool) {
	sure = true
	for i := range t.matches {
		m := &t.matches[i]
		if !threatmodel.Glob(m.typ, r.Type) {
			continue
		}
		switch m.holds(r) {
		case snapshot.Absent:
			continue
		case snapshot.Unknown:
			if to := t.byID[m.to]; to != nil && (s == nil || to.more(s)) {
				s, class = to, Classified
			}
			sure = false
			continue
		}
		switch to := t.byID[m.to]; {
		case to != nil && (s == nil || to.more(s)):
			return to, Classified, sure
		case s != nil || to != nil:
			return s, Classified, sure
		case m.to == part:
			return nil, PartOf, sure
		default:
			return nil, AllAWSs, sure
		}
	}
	return s, class, sure
}

// more tells that a row has more duties than another.
func (s *Service) more(than *Service) bool {
	a, b := s.Count(), than.Count()
	return cmp.Or(a.Yours()-b.Yours(), a.Whole-b.Whole) > 0
}

// holds tells whether all conditions are met: Known, Absent for not, Unknown where a property was not read.
func (m *match) holds(r *snapshot.Resource) snapshot.State {
	out := snapshot.Known
	for _, c := range m.where {
		v, st := r.Property(c.path)
		if st == snapshot.Unknown {
			out = snapshot.Unknown
			continue
		}
		var said []string
		switch x := v.(type) {
		case nil:
			said = []string{""}
		case []any:
			for _, each := range x {
				said = append(said, fmt.Sprint(each))
			}
		default:
			said = []string{fmt.Sprint(x)}
		}
		if !slices.ContainsFunc(said, func(s string) bool {
			return slices.ContainsFunc(c.any, func(g string) bool { return g == s || g != "" && threatmodel.Glob(g, s) })
		}) {
			return snapshot.Absent
		}
	}
	return out
}

// Taken is a duty that a move changes.
type Taken struct {
	Layer    Layer
	From, To Whose
}

// Move is what changes where something moves to another service: what it takes over first, in the order of the layers.
func (t *Table) Move(from, to *Service) (less, more []Taken) {
	weight := map[Whose]int{AWS: 0, None: 0, Split: 1, Yours: 2}
	for i, l := range t.Layers {
		a, b := Whose(from.Layers[i]), Whose(to.Layers[i])
		switch {
		case weight[b] < weight[a]:
			less = append(less, Taken{l, a, b})
		case weight[b] > weight[a]:
			more = append(more, Taken{l, a, b})
		}
	}
	return less, more
}

// To is the row of an id; nil where there is none.
func (t *Table) To(id string) *Service { return t.byID[id] }
