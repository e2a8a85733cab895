// Package relation tells what belongs to what: in which network something stands, which role it has, which key encrypts it, what it
// triggers. What a reference looks like is data (relations.tsv); judgements about access have their own, stricter reading in package access.
package relation

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Relation is one typed edge between two resources.
type Relation struct {
	Kind     string // "uses key", see Back
	From, To snapshot.Key
}

// kinds are the words of relations, in both directions: A uses key B, B encrypts A.
var kinds = map[string]string{
	"backs up": "backed up by", "behind": "before", "bounded by": "bounds", "copies to": "filled by", "copy of": "copied as", "filters": "filtered by",
	"from": "source of", "guarded by": "guards", "has": "of", "has role": "role of", "holds": "in stack", "in": "holds", "lets in": "let in by", "logs to": "logs of",
	"names": "named by", "of": "has", "opened by": "opens", "opens": "opened by", "reads": "read by", "routes": "routed by", "runs": "run by",
	"targets": "targeted by", "tells": "told by", "triggered by": "triggers", "triggers": "triggered by", "uses certificate": "certificate of",
	"uses key": "encrypts", "watches": "watched by", "guards": "guarded by",
}

// Back is the word for a relation as its other end sees it.
func Back(kind string) string { return kinds[kind] }

//go:embed relations.tsv
var table string

// rule says that a property of a type names a resource.
type rule struct {
	typ, path, kind string
	target          string // the type it names; "" for any
	by              string // the property of the target that the value equals; "" for its ARN; or one of the words below
}

// How a value names a target where it is neither its ARN nor a property of it.
const (
	byImage    = "image"    // ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG
	byDomain   = "domain"   // NAME.s3.REGION.amazonaws.com
	byPhysical = "physical" // whatever CloudFormation calls a resource: its ARN, id or name
)

func rules() []rule {
	var out []rule
	for line := range strings.Lines(table) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) == 5 {
			out = append(out, rule{f[0], f[1], f[2], f[3], f[4]})
		}
	}
	return out
}

// Graph is all relations of a snapshot.
type Graph struct {
	out, in map[snapshot.Key][]Relation
}

// From lists what a resource leads to, in stable order.
func (g *Graph) From(k snapshot.Key) []Relation { return g.out[k] }

// To lists what leads to a resource, in stable order.
func (g *Graph) To(k snapshot.Key) []Relation { return g.in[k] }

// Of finds the relations of a sealed snapshot. A reference to something that is not in it gives none.
func Of(s *snapshot.Snapshot) *Graph {
	g := &Graph{map[snapshot.Key][]Relation{}, map[snapshot.Key][]Relation{}}
	x := index{s: s, by: map[id][]*snapshot.Resource{}, done: map[[2]string]bool{}}
	for _, ru := range rules() {
		for _, r := range s.OfType(ru.typ) {
			for _, v := range values(r.Properties, ru.path) {
				if to := x.find(ru, r, v); to != nil && to.Key != r.Key {
					g.out[r.Key] = append(g.out[r.Key], Relation{ru.kind, r.Key, to.Key})
				}
			}
		}
	}
	for k, list := range g.out {
		slices.SortFunc(list, func(a, b Relation) int {
			return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(string(a.To), string(b.To)))
		})
		g.out[k] = slices.Compact(list)
		for _, r := range g.out[k] {
			g.in[r.To] = append(g.in[r.To], r)
		}
	}
	for _, list := range g.in {
		slices.SortFunc(list, func(a, b Relation) int {
			return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(string(a.From), string(b.From)))
		})
	}
	return g
}

// values are the texts at a path: "A.B" goes into an object, "A[]" into every item of a list.
func values(v any, path string) []string {
	name, rest, more := strings.Cut(path, ".")
	name, list := strings.CutSuffix(name, "[]")
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	items := []any{m[name]}
	if list {
		items, _ = m[name].([]any)
	}
	var out []string
	for _, item := range items {
		if more {
			out = append(out, values(item, rest)...)
		} else if text, ok := item.(string); ok && text != "" {
			out = append(out, text)
		}
	}
	return out
}

type id struct{ typ, property, value string }

// index finds resources by what references say of them.
type index struct {
	s    *snapshot.Snapshot
	by   map[id][]*snapshot.Resource
	done map[[2]string]bool // type and property
}

// find is the resource that a value names. Of several that are called so the one in the same Region is meant.
func (x *index) find(ru rule, from *snapshot.Resource, value string) *snapshot.Resource {
	if ru.kind == "uses key" || ru.typ == "AWS::KMS::Alias" {
		return x.key(from, value)
	}
	if r, ok := x.s.Get(snapshot.Key(strings.TrimSuffix(value, ":*"))); ok && (ru.target == "" || r.Type == ru.target) {
		return r
	}
	switch ru.by {
	case "":
		return x.named(ru.target, from, value)
	case byImage:
		host, name, _ := strings.Cut(value, "/")
		name, _, _ = strings.Cut(name, "@")
		name, _, _ = strings.Cut(name, ":")
		if !strings.Contains(host, ".dkr.ecr.") {
			return nil
		}
		return x.lookup(ru.target, "RepositoryName", from, name)
	case byDomain:
		name, rest, _ := strings.Cut(value, ".s3")
		if !strings.HasSuffix(rest, ".amazonaws.com") {
			return nil
		}
		return x.lookup(ru.target, "BucketName", from, name)
	case byPhysical:
		return x.named("", from, value)
	case "DNSName":
		value = strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(value, "dualstack."), "."))
	}
	return x.lookup(ru.target, ru.by, from, value)
}

// key finds a KMS key by id, ARN or alias.
func (x *index) key(from *snapshot.Resource, value string) *snapshot.Resource {
	if i := strings.Index(value, "alias/"); i >= 0 {
		if a := x.lookup("AWS::KMS::Alias", "AliasName", from, value[i:]); a != nil {
			return x.key(a, a.Text("TargetKeyId"))
		}
		return nil
	}
	value = value[strings.LastIndexByte(value, '/')+1:]
	return x.lookup("AWS::KMS::Key", ending, from, value)
}

// named finds a resource by its name, or by the end of its ARN.
func (x *index) named(typ string, from *snapshot.Resource, value string) *snapshot.Resource {
	if r := x.lookup(typ, "", from, value); r != nil {
		return r
	}
	return x.lookup(typ, ending, from, value)
}

// ending stands for the last part of an ARN.
const ending = "\x00ending"

func (x *index) lookup(typ, property string, from *snapshot.Resource, value string) *snapshot.Resource {
	if at := [2]string{typ, property}; !x.done[at] {
		x.done[at] = true
		for i := range x.s.Resources {
			r := &x.s.Resources[i]
			if typ != "" && r.Type != typ {
				continue
			}
			have := r.Name
			switch property {
			case "":
			case ending:
				have = string(r.Key)
				have = have[strings.LastIndexAny(have, ":/")+1:]
			case "DNSName":
				have = strings.ToLower(r.Text(property))
			default:
				have = r.Text(property)
			}
			if have != "" {
				n := id{typ, property, have}
				x.by[n] = append(x.by[n], r)
			}
		}
	}
	all := x.by[id{typ, property, value}]
	if typ == "" && len(all) > 1 {
		return nil // a name alone that several have means none of them for sure
	}
	for _, r := range all {
		if r.Region == from.Region || r.Region == "" {
			return r
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return nil
}
