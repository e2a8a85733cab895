package threatmodel

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Bind chooses resources or principals. All given keys must match; values in a list are alternatives; * and ? are wildcards.
type Bind struct {
	ARN        Words
	Type       Words
	Tag        map[string]Words
	OIDC       Words  // the subject claim of a federated identity: no resource has one
	VPC        Words  // ids of networks: everything that stands in one of them
	Path       Words  // beginnings of the paths of IAM users, groups, roles and policies
	Unit       Words  // names of units
	Capability Words  // admin (of the account), or read:ID, write:ID, admin:ID of a resource: who has it
	Exposure   string // internet: what can be reached from there
	K8s        K8s    // objects of a cluster
	Line       int
}

// K8s chooses objects of Kubernetes by the key that the snapshot gives them: k8s:cluster/namespace/kind/name.
type K8s struct {
	Cluster    Words
	Namespaces Words // empty: all
}

// Labels answers what no resource tells of itself: whether a label holds for the resource of that key. Labels are "vpc:vpc-0aaa",
// "unit:prod", "capability:admin", "capability:read:uploads" and "exposure:internet"; a network may hold * and ?.
type Labels func(k snapshot.Key, label string) snapshot.State

// Empty tells that nothing is given; an empty Bind matches nothing.
func (b Bind) Empty() bool {
	return len(b.ARN)+len(b.Type)+len(b.Tag)+len(b.OIDC)+len(b.VPC)+len(b.Path)+len(b.Unit)+len(b.Capability)+len(b.Exposure)+len(b.K8s.Cluster) == 0
}

// Match tells whether a resource is chosen for certain, by what it tells of itself. What is not certain (its tags were not read, somebody has to be
// asked) is Unknown for Choose, and a judge must not take it for a no: Perhaps lists such statements.
func (b Bind) Match(r *snapshot.Resource) bool { return b.Choose(r, nil) == snapshot.Known }

// Choose tells whether a resource is chosen: Known for yes, Absent for no. It is Unknown as long as no given key says no and one of them
// asks what was not read, or what ask (which may be nil) cannot tell.
func (b Bind) Choose(r *snapshot.Resource, ask Labels) snapshot.State {
	if b.Empty() || len(b.OIDC) > 0 {
		return snapshot.Absent
	}
	if len(b.ARN) > 0 && !b.ARN.match(string(r.Key)) ||
		len(b.Type) > 0 && !b.Type.fold().match(strings.ToLower(r.Type)) ||
		len(b.K8s.Cluster) > 0 && !b.K8s.match(r.Key) {
		return snapshot.Absent
	}
	state := snapshot.Known
	for _, st := range []snapshot.State{b.tags(r), b.path(r), b.vpc(r, ask), labelled(r.Key, "unit:", b.Unit, ask), labelled(r.Key, "capability:", b.Capability, ask), b.exposed(r, ask)} {
		if st == snapshot.Absent {
			return st
		}
		if st == snapshot.Unknown {
			state = st
		}
	}
	return state
}

func (b Bind) tags(r *snapshot.Resource) snapshot.State {
	state := snapshot.Known
	for key, values := range b.Tag {
		v, ok := r.Tags[key]
		switch {
		case !ok && r.IsUnknown("Tags"):
			state = snapshot.Unknown
		case !ok || !values.match(v):
			return snapshot.Absent
		}
	}
	return state
}

func (b Bind) path(r *snapshot.Resource) snapshot.State {
	if len(b.Path) == 0 {
		return snapshot.Known
	}
	if !strings.HasPrefix(r.Type, "AWS::IAM::") {
		return snapshot.Absent
	}
	if _, st := r.Property("Path"); st == snapshot.Unknown {
		return st
	}
	path := r.Text("Path")
	for _, p := range b.Path {
		if strings.HasPrefix(path, p) || Glob(p, path) {
			return snapshot.Known
		}
	}
	return snapshot.Absent
}

func (b Bind) vpc(r *snapshot.Resource, ask Labels) snapshot.State {
	if len(b.VPC) == 0 {
		return snapshot.Known
	}
	if id := r.Text("VpcId"); id != "" {
		return state(b.VPC.match(id))
	}
	return labelled(r.Key, "vpc:", b.VPC, ask)
}

func (b Bind) exposed(r *snapshot.Resource, ask Labels) snapshot.State {
	if b.Exposure == "" {
		return snapshot.Known
	}
	return labelled(r.Key, "exposure:", Words{b.Exposure}, ask)
}

// labelled asks for each alternative. One that holds is enough; one that nobody knows leaves it open.
func labelled(k snapshot.Key, kind string, words Words, ask Labels) snapshot.State {
	if len(words) == 0 {
		return snapshot.Known
	}
	if ask == nil {
		return snapshot.Unknown
	}
	out := snapshot.Absent
	for _, w := range words {
		switch ask(k, kind+w) {
		case snapshot.Known:
			return snapshot.Known
		case snapshot.Unknown:
			out = snapshot.Unknown
		}
	}
	return out
}

func state(yes bool) snapshot.State {
	if yes {
		return snapshot.Known
	}
	return snapshot.Absent
}

func (c K8s) match(k snapshot.Key) bool {
	rest, ok := strings.CutPrefix(string(k), "k8s:")
	parts := strings.Split(rest, "/")
	return ok && len(parts) > 1 && c.Cluster.match(parts[0]) && (len(c.Namespaces) == 0 || c.Namespaces.match(parts[1]))
}

// MatchOIDC tells whether a federated subject ("repo:acme/web:environment:prod") is chosen, and every identity that one with wildcards lets
// in. A ? stands for one byte, and a * of the subject for any number.
func (b Bind) MatchOIDC(subject string) bool {
	return slices.ContainsFunc(b.OIDC, func(p string) bool {
		return Glob(p, subject) && (p == subject || !strings.Contains(p, "?") || !strings.Contains(subject, "*"))
	})
}

// Names tells whether somebody is chosen by the ARN alone. A wildcard in the place of the account means the home account, and no stranger's.
func (b Bind) Names(id, home string) bool {
	account := AccountOf(id)
	return slices.ContainsFunc(b.ARN, func(p string) bool {
		return (account == "" || account == home || account != "*" && account == AccountOf(p)) && Glob(p, id)
	})
}

// AccountOf is the account that an ARN names; "" for none.
func AccountOf(arn string) string {
	if f := strings.SplitN(arn, ":", 6); len(f) == 6 && f[0] == "arn" {
		return f[4]
	}
	return ""
}

// Words is one word, or a list of alternatives.
type Words []string

func (w Words) match(s string) bool {
	for _, p := range w {
		if Glob(p, s) {
			return true
		}
	}
	return false
}

func (w Words) fold() Words {
	out := make(Words, len(w))
	for i, s := range w {
		out[i] = strings.ToLower(s)
	}
	return out
}

// Glob matches a whole string: * stands for any number of bytes, ? for one. It takes time in proportion to len(pattern) × len(s).
func Glob(pattern, s string) bool {
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
