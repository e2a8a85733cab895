// Package account makes up AWS accounts of any size, for measurements: people, roles, groups, policies and resources in the proportions
// of an account that several teams share. The same Spec gives the same files, byte for byte.
package account

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Spec says what account to make.
type Spec struct {
	Principals, Resources int // users and roles together; at least 5 of each
	Seed                  uint64
	Dense                 bool // nearly every statement has a condition: all families of operators, tags, policy variables
	Equal                 bool // every principal is a role with the same attachments and the same text inline
}

const (
	id     = "123412341234"
	region = "eu-central-1"
	dated  = "2025-03-01T09:00:00Z"
	latest = "2012-10-17"
)

var (
	partners = []string{"555566667777", "888899990000"}
	stages   = []string{"live", "test", "play"}
)

// maker holds what the parts of one account know of each other.
type maker struct {
	Spec
	*rand.Rand
	teams     []string
	users     []string
	roles     []string
	resources []resource
	managed   []managed
}

// Write makes an account and writes it as a folder that "footing scan --from" reads: gaad.json, the answer of
// iam:GetAccountAuthorizationDetails, and resources.json.
func Write(dir string, s Spec) error {
	if s.Principals < 5 || s.Resources < 5 {
		return fmt.Errorf("an account of %d principals and %d resources is too small: at least 5 of each", s.Principals, s.Resources)
	}
	m := &maker{Spec: s, Rand: rand.New(rand.NewPCG(s.Seed, uint64(s.Principals)<<32|uint64(s.Resources)))}
	for i := range min(max(s.Resources/50, 4), 36) {
		m.teams = append(m.teams, fmt.Sprintf("squad%02d", i))
	}
	m.name()
	m.makeResources()
	m.makeManaged()
	if err := write(filepath.Join(dir, "gaad.json"), m.details()); err != nil {
		return err
	}
	return write(filepath.Join(dir, "resources.json"), m.resources)
}

func write(path string, v any) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

// chance is true so often of a hundred times.
func (m *maker) chance(percent int) bool { return m.IntN(100) < percent }

func pick[T any](m *maker, from []T) T { return from[m.IntN(len(from))] }

// document is a policy, statement its parts. Elements that are strings or lists of them are any.
type document struct {
	Version   string
	Statement []statement
}

type statement struct {
	Sid         string     `json:",omitempty"`
	Effect      string     //
	Principal   any        `json:",omitempty"`
	Action      any        `json:",omitempty"`
	NotAction   any        `json:",omitempty"`
	Resource    any        `json:",omitempty"`
	NotResource any        `json:",omitempty"`
	Condition   conditions `json:",omitempty"`
}

// conditions are operator → key → value or values.
type conditions map[string]map[string]any

func (m *maker) policy(statements ...statement) document {
	if m.Dense {
		for i := range statements {
			m.condition(&statements[i])
		}
	}
	return document{latest, statements}
}

func allow(action, on any) statement { return statement{Effect: "Allow", Action: action, Resource: on} }
func deny(action, on any) statement  { return statement{Effect: "Deny", Action: action, Resource: on} }

// where adds one condition.
func (s statement) where(operator, key string, value any) statement {
	if s.Condition == nil {
		s.Condition = conditions{}
	}
	if s.Condition[operator] == nil {
		s.Condition[operator] = map[string]any{}
	}
	s.Condition[operator][key] = value
	return s
}

func (s statement) by(principal any) statement {
	s.Principal = principal
	return s
}

func userARN(name string) string   { return "arn:aws:iam::" + id + ":user/" + name }
func roleARN(name string) string   { return "arn:aws:iam::" + id + ":role/" + name }
func rootARN(of string) string     { return "arn:aws:iam::" + of + ":root" }
func named(arns ...string) any     { return map[string]any{"AWS": arns} }
func service(name string) any      { return map[string]any{"Service": name + ".amazonaws.com"} }
func awsPolicy(name string) string { return "arn:aws:iam::aws:policy/" + name }
func ownPolicy(name string) string { return "arn:aws:iam::" + id + ":policy/" + name }
