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
	Bind     []UnitBind // one of them is enough
	MayReach []string   // names of units
	Line     int
}

// UnitBind chooses resources of a unit. All given keys must match.
type UnitBind struct {
	Bind
	VPC  Words // ids: everything that stands in such a network
	Path Words // beginnings of the paths of IAM users, roles and policies
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
		Trusted: map[string]string{},
	}
}

// Of is what people state about a resource; nil when nothing binds it.
func (m *Model) Of(r *snapshot.Resource) *Resource {
	for i := range m.Resources {
		if m.Resources[i].Bind.Match(r) {
			return &m.Resources[i]
		}
	}
	return nil
}

// Class is the data class of a resource: what people state, else its tag data-class, class or classification.
// It is "" when neither says one of Classes: an unknown word is not a class.
func (m *Model) Class(r *snapshot.Resource) string {
	if s := m.Of(r); s != nil && s.Class != "" {
		return s.Class
	}
	for _, key := range []string{"data-class", "class", "classification"} {
		for k, v := range r.Tags {
			if v = strings.ToLower(strings.TrimSpace(v)); strings.EqualFold(k, key) && slices.Contains(Classes(), v) {
				return v
			}
		}
	}
	return ""
}

// Owner is who answers for a resource: what people state, else its tag owner; "" when nobody does.
func (m *Model) Owner(r *snapshot.Resource) string {
	if s := m.Of(r); s != nil && s.Owner != "" {
		return s.Owner
	}
	return r.Tags["owner"]
}

// Unit is the unit of a resource that stands in a network ("" for none): what people state, else its tag unit, environment, env or stage;
// "" when nobody says.
func (m *Model) Unit(r *snapshot.Resource, vpc string) string {
	for _, u := range m.Units {
		for _, b := range u.Bind {
			if b.match(r, vpc) {
				return u.Name
			}
		}
	}
	if len(m.Units) > 0 {
		return "" // who states units does not want them guessed
	}
	for _, key := range []string{"unit", "environment", "env", "stage"} {
		for k, v := range r.Tags {
			if v = strings.TrimSpace(v); strings.EqualFold(k, key) && v != "" {
				return v
			}
		}
	}
	return ""
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
