// Package threatmodel is what people state: footing.yaml with its thresholds, resources, actors and use cases, and the selectors that choose resources.
package threatmodel

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Model is one footing.yaml. The zero Model states nothing; Default has the thresholds that hold when nobody says otherwise.
type Model struct {
	Name         string
	Account      string   // twelve digits; "" when not stated
	DefaultOwner string   // who answers for what nobody else does
	Regions      []string // where the account is used; empty when not stated
	Review       Review
	Thresholds   []Threshold       // from the highest down; the first that a risk reaches wins
	Trusted      map[string]string // account id → the name that people gave it
	TrustedSaid  map[string]Said   // why, of those for whom somebody said it
	ClassTags    []string          // tag keys that tell a data class, the first wins
	Alerts       []Alert
	People       []Person
	Units        []Unit // in file order; the first that binds a resource wins
	Views        []View
	Resources    []Resource // in file order; the first that binds a resource wins
	Components   []Component
	Actors       []Actor
	EntryPoints  []EntryPoint
	UseCases     []UseCase
	Threats      []Threat
	Mitigations  []Mitigation
	Objectives   []Objective
	Overrides    []Override
	Waivers      []Waiver
	Exceptions   []Exception
	Attestations []Attestation

	// Ask answers the binds that ask what no resource tells of itself (unit, capability, exposure; vpc of what does not say it).
	// The judge who knows sets it; nil leaves those open.
	Ask Labels `json:"-"`
}

// Threshold is an action that a risk of At or more asks for.
type Threshold struct {
	At     int // 1..25
	Action string
	Say    string
	Within string // "14d"; "" when there is no hurry
	// Objective is the id of the objective that puts the action in force for a row where it holds; "" for none.
	Objective string
}

// Resource is what people say of the resources that Bind chooses.
type Resource struct {
	ID     string
	Bind   Bind
	Owner  string
	Class  string // public, internal, confidential, restricted; "" when not stated
	Impact Impact
	Asset  string // of what stands outside AWS: "domain registrar", "source host"; then Bind is empty
	Line   int
}

// Impact is an owner's own word, 1..5; 0 leaves the computed number. It stands only with a reason, an author and a date.
type Impact struct {
	Read   int
	Write  int
	Reason string
	By     string
	Date   string // 2026-11-02
}

// Unit is a part of the account that people keep apart from the others: an environment, a team's, a product's.
type Unit struct {
	Name     string
	Parent   string
	Bind     []Bind   // one of them is enough
	MayReach []string // names of units
	Line     int
}

// View is a choice of resources under a name: "list @name".
type View struct {
	Name      string
	Selectors []string
}

// Actor is somebody, or something, that people know by name.
type Actor struct {
	ID      string
	Kind    string // human, machine, anonymous
	Bind    Bind
	Outside bool // not a principal of this account
	Line    int
}

// Anybody tells that an actor is nobody in particular: what he may, everybody may.
func (a *Actor) Anybody() bool { return a.Kind == "anonymous" && a.Bind.Empty() }

// UseCase says which access an actor is meant to have.
type UseCase struct {
	ID      string
	Actor   string
	Through string              // id of an entry point
	Path    []string            // ids of components and resources
	Needs   map[string][]string // resource id → read, write, admin
	Line    int
}

// Classes from the least to the most sensitive.
func Classes() []string { return []string{"public", "internal", "confidential", "restricted"} }

// Default is the model of an account that nobody has described yet.
func Default() *Model {
	return &Model{
		Thresholds: []Threshold{
			{At: 20, Action: "fix-now", Within: "2d", Say: "Fix before any other work."},
			{At: 15, Action: "restrict", Within: "14d", Say: "Only one team may administer it."},
			{At: 10, Action: "watch", Within: "90d", Say: "Look again at the next review."},
		},
		Trusted:   map[string]string{},
		ClassTags: classTags(),
	}
}

func classTags() []string { return []string{"data-class", "class", "classification"} }

// Of is what people state about a resource; nil when nothing binds it for certain.
func (m *Model) Of(r *snapshot.Resource) *Resource {
	for i := range m.Resources {
		if m.Resources[i].Bind.Choose(r, m.Ask) == snapshot.Known {
			return &m.Resources[i]
		}
	}
	return nil
}

// Perhaps lists what people may have stated about a resource, before what Of finds: whether it is meant was not read. The worst of them and of
// Of is what counts.
func (m *Model) Perhaps(r *snapshot.Resource) []*Resource {
	var out []*Resource
	for i := range m.Resources {
		switch m.Resources[i].Bind.Choose(r, m.Ask) {
		case snapshot.Known:
			return out
		case snapshot.Unknown:
			out = append(out, &m.Resources[i])
		}
	}
	return out
}

// Class is the data class of a resource: what people state, else the first of its ClassTags that says one.
// It is "" when neither says one of Classes: an unknown word is not a class.
func (m *Model) Class(r *snapshot.Resource) string {
	if s := m.Of(r); s != nil && s.Class != "" {
		return s.Class
	}
	keys := m.ClassTags
	if len(keys) == 0 {
		keys = classTags()
	}
	for _, key := range keys {
		if v := strings.ToLower(strings.TrimSpace(tag(r, key))); slices.Contains(Classes(), v) {
			return v
		}
	}
	return ""
}

// tag is the value of a tag however its key is capitalised; of several, the key itself, else the first in order.
func tag(r *snapshot.Resource, key string) string {
	if v, ok := r.Tags[key]; ok {
		return v
	}
	first := ""
	for k := range r.Tags {
		if strings.EqualFold(k, key) && (first == "" || k < first) {
			first = k
		}
	}
	return r.Tags[first]
}

// Owner is who answers for a resource: what people state, else its tag owner; "" when nobody does.
func (m *Model) Owner(r *snapshot.Resource) string {
	if s := m.Of(r); s != nil && s.Owner != "" {
		return s.Owner
	}
	return r.Tags["owner"]
}

// Unit is the unit of a resource that stands in a network ("" for none): what people state, else its tag unit, environment, env or stage;
// "" when nobody says, or when it cannot be told.
func (m *Model) Unit(r *snapshot.Resource, vpc string) string {
	name, _ := m.Within(r, vpc)
	return name
}

// Within is Unit, and whether it is known. It is Unknown when a unit that comes first may hold the resource: its tags were not read.
func (m *Model) Within(r *snapshot.Resource, vpc string) (unit string, st snapshot.State) {
	ask := func(_ snapshot.Key, label string) snapshot.State {
		id, ok := strings.CutPrefix(label, "vpc:")
		return state(ok && vpc != "" && Glob(id, vpc))
	}
	st = snapshot.Absent
	for _, u := range m.Units {
		for _, b := range u.Bind {
			switch b.Choose(r, ask) {
			case snapshot.Known:
				if st == snapshot.Unknown {
					return "", st
				}
				return u.Name, snapshot.Known
			case snapshot.Unknown:
				st = snapshot.Unknown
			}
		}
	}
	if len(m.Units) > 0 {
		return "", st // who states units does not want them guessed
	}
	for _, key := range []string{"unit", "environment", "env", "stage"} {
		if v := strings.TrimSpace(tag(r, key)); v != "" {
			return v, snapshot.Known
		}
	}
	if r.IsUnknown("Tags") {
		st = snapshot.Unknown
	}
	return "", st
}

// Inside tells whether a unit is another, or lies within it.
func (m *Model) Inside(unit, other string) bool {
	for range len(m.Units) + 1 {
		if unit == other {
			return true
		}
		i := slices.IndexFunc(m.Units, func(u Unit) bool { return u.Name == unit })
		if i < 0 || m.Units[i].Parent == "" {
			return false
		}
		unit = m.Units[i].Parent
	}
	return false
}

// View is the selectors of a view; ok is false when there is none of that name.
func (m *Model) View(name string) (selectors []string, ok bool) {
	for _, v := range m.Views {
		if v.Name == name {
			return v.Selectors, true
		}
	}
	return nil, false
}

// Threshold is the first threshold that a risk reaches; ok is false when it stays below all.
func (m *Model) Threshold(risk int) (t Threshold, ok bool) {
	for _, t := range m.Thresholds {
		if risk >= t.At {
			return t, true
		}
	}
	return Threshold{}, false
}
