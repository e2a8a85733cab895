package access

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

// free stands in an ARN for a name that the caller chooses.
const free = "{any}"

// fill puts what is known of a resource into the ARN of a need. The Region of what is global is free.
func fill(template string, r *snapshot.Resource, account string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(template, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		switch name {
		case "any":
			b.WriteString(free)
		case "arn", "own":
			b.WriteString(string(r.Key))
		case "name":
			b.WriteString(r.Name)
		case "account":
			b.WriteString(account)
		case "region":
			b.WriteString(cmp.Or(ownRegion(r), free))
		default:
			b.WriteString(r.Text(name))
		}
		template = after
	}
}

// ownRegion is the Region of a resource; "" of what is global.
func ownRegion(r *snapshot.Resource) string {
	if a, ok := iam.SplitARN(string(r.Key)); ok && a.Region != "" {
		return a.Region
	}
	return r.Region
}

// fillsAlike tells whether a need is filled in the same way for all resources of one Region.
func fillsAlike(template string) bool {
	for _, name := range []string{"{any}", "{account}", "{region}"} {
		template = strings.ReplaceAll(template, name, "")
	}
	return !strings.Contains(template, "{")
}

// chosen decides an action on something whose name the caller may choose: the names that his own policies allow are tried,
// since a policy that allows "function:dev-*" lets him create a function all the same. The best answer counts.
func (t *Table) chosen(q decide.Query, arn string) iam.Decision {
	q.On = ""
	names := []string{ordinary(arn)}
	for _, n := range examplesOf(arn, t.allowedNames(q.Principal, q.Action), q.Principal) {
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	d := t.best(q, names)
	if d.Outcome == iam.Allow {
		return d
	}
	for _, k := range t.letsIn(arn, q.Action) {
		q.On, q.Resource = k, ""
		if o := t.explain(q); asSure(o, d) {
			d = o
		}
	}
	return d
}

// inside begins what a need is about where that lies in the resource and has an ARN of another kind: recovery points in a vault.
const inside = "in:"

// within tells whether a need is about a part of the resource, for which its own policy counts: an index of a domain, an object behind an access point.
func (n *Need) within() bool {
	return strings.HasPrefix(n.On, "{own}") || strings.HasPrefix(n.On, inside)
}

// partsOf are the forms of ARN that the parts of a resource may have, with commas between them.
func (t *Table) partsOf(n *Need, r *snapshot.Resource) string {
	forms := strings.Split(strings.TrimPrefix(n.On, inside), ",")
	for i, f := range forms {
		forms[i] = t.here(fill(f, r, t.snap.Account))
	}
	return strings.Join(forms, ",")
}

// parts lists the parts of a resource that may differ, of the forms of partsOf: those that the caller's policies allow and that its own policy does, by
// name, and one of each form that nobody names. The resource itself is among them only where one of these names it and no part of it.
func (t *Table) parts(forms string, of snapshot.Key, action, principal string, allowed []string) []string {
	var out []string
	add := func(name string) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	policies, _ := t.decisions.Policies(of)
	patterns := slices.Concat(allowed, namedIn(policies, action))
	for form := range strings.SplitSeq(forms, ",") {
		add(ordinary(form))
		for _, p := range patterns {
			if name, ok := example(form, p, principal); ok {
				add(name)
			}
		}
	}
	for _, p := range patterns {
		if iam.Match(p, string(of)) && !slices.ContainsFunc(out, func(name string) bool { return iam.Match(p, name) }) {
			add(string(of))
		}
	}
	return out
}

// allowedNames lists the resources that a principal's own policies allow an action on, as they are written.
func (t *Table) allowedNames(principal, action string) []string {
	return namedIn(t.decisions.Identity(snapshot.Key(principal)), action)
}

func namedIn(policies []*iam.Policy, action string) []string {
	var out []string
	for _, p := range policies {
		for i := range p.Statements {
			if st := &p.Statements[i]; st.Effect == iam.EffectAllow && st.SpeaksOf(action) {
				out = append(out, st.Resources...)
			}
		}
	}
	return out
}

// examplesOf lists ARNs of a template's form that patterns match.
func examplesOf(template string, patterns []string, principal string) []string {
	if !strings.Contains(template, free) {
		return nil
	}
	var out []string
	for _, p := range patterns {
		if n, ok := example(template, p, principal); ok && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// letsIn lists resources of a template's form that may let the caller in where his own policies leave it open: those whose own policies
// allow somebody the action, or may do so, and of the others with a policy one for each set of tags.
func (t *Table) letsIn(template, action string) []snapshot.Key {
	prefix, _, ok := strings.Cut(template, free)
	if !ok {
		return nil
	}
	pattern := strings.ReplaceAll(template, free, "*")
	var out []snapshot.Key
	met := map[string]bool{}
	for i := range t.guarded() {
		g := &t.ownPolicy[i]
		if !strings.HasPrefix(string(g.Key), prefix) || met[g.tags] && !g.gives(action) || !iam.Match(pattern, string(g.Key)) {
			continue
		}
		met[g.tags] = true
		out = append(out, g.Key)
	}
	return out
}

// guarded is a resource that has, or may have, a policy of its own.
type guarded struct {
	snapshot.Key
	tags     string
	policies []*iam.Policy
	unread   bool
}

// gives tells whether its own policy allows, or may allow, somebody an action.
func (g *guarded) gives(action string) bool {
	return g.unread || slices.ContainsFunc(g.policies, func(p *iam.Policy) bool {
		return len(p.Unparsed) > 0 || slices.ContainsFunc(p.Statements, func(st iam.Statement) bool { return st.Effect == iam.EffectAllow && st.SpeaksOf(action) })
	})
}

// guarded lists them, but for roles: nobody is passed or assumed by name alone.
func (t *Table) guarded() []guarded {
	if t.ownPolicy == nil {
		t.ownPolicy = []guarded{}
		for i := range t.snap.Resources {
			r := &t.snap.Resources[i]
			ps, read := t.decisions.Policies(r.Key)
			if r.Type == "AWS::IAM::Role" || len(ps) == 0 && read {
				continue
			}
			var tags strings.Builder
			for _, k := range slices.Sorted(maps.Keys(r.Tags)) {
				tags.WriteString(k + "\x00" + r.Tags[k] + "\x00")
			}
			if r.IsUnknown("Tags") {
				tags.WriteString("?")
			}
			t.ownPolicy = append(t.ownPolicy, guarded{r.Key, tags.String(), ps, !read})
		}
	}
	return t.ownPolicy
}

// best is the answer that means most access, of several resources.
func (t *Table) best(q decide.Query, resources []string) iam.Decision {
	best := iam.Decision{Outcome: iam.Deny, Seen: iam.Deny}
	for _, r := range resources {
		q.Resource = r
		d := t.explain(q)
		if d.Outcome == iam.Allow {
			return d
		}
		if asSure(d, best) {
			best = d
		}
	}
	return best
}

// asSure tells whether a decision means as much access as another. Of two that are unknown, one that is allowed by what was read
// means more.
func asSure(d, than iam.Decision) bool {
	if d.Outcome == than.Outcome {
		return d.Outcome != iam.Unknown || d.Seen != iam.Deny || than.Seen == iam.Deny
	}
	return certainty(d.Outcome) > certainty(than.Outcome)
}

// ordinary fills in a name that no policy names on purpose.
func ordinary(arn string) string {
	f := strings.SplitN(arn, ":", 6)
	if len(f) == 6 && f[3] == free {
		f[3] = "us-east-1"
	}
	return strings.ReplaceAll(strings.Join(f, ":"), free, "any")
}

// example is an ARN of a template's form that a pattern of a policy matches.
func example(template, pattern, principal string) (string, bool) {
	pattern = strings.ReplaceAll(pattern, "${aws:username}", last(principal, "/"))
	want, have := strings.SplitN(template, ":", 6), strings.SplitN(pattern, ":", 6)
	if len(want) != 6 || len(have) != 6 || strings.Contains(pattern, "${") {
		return "", false
	}
	for i, w := range want {
		if !strings.Contains(w, free) {
			continue // the pattern may match it or not: that is decided later
		}
		h := have[i]
		if i == 3 && h == "*" {
			h = "us-east-1"
		}
		h = strings.NewReplacer("*", "any", "?", "a").Replace(h)
		if !iam.Match(strings.ReplaceAll(w, free, "*"), h) {
			return "", false
		}
		want[i] = h
	}
	return strings.Join(want, ":"), true
}

// attached decides an action on any of the customer managed policies that a principal has.
func (t *Table) attached(q decide.Query, r *snapshot.Resource) iam.Decision {
	arns, state := r.Strings("ManagedPolicyArns")
	q.On = ""
	d := t.best(q, slices.DeleteFunc(arns, ownedByAWS))
	if state == snapshot.Unknown && d.Outcome == iam.Deny {
		return iam.Decision{Outcome: iam.Unknown, Seen: iam.Deny}
	}
	return d
}

// parameterPath decides an action on any path above a parameter: who may list a path reads all that lies below it
// (Systems Manager User Guide, "How Parameter Store authorizes parameter retrieval",
// https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-retrieval-authorization.html).
func (t *Table) parameterPath(q decide.Query, r *snapshot.Resource) iam.Decision {
	q.On = ""
	return t.best(q, parameterPaths(r))
}

func parameterPaths(r *snapshot.Resource) []string {
	before, name, ok := strings.Cut(string(r.Key), ":parameter/")
	if !ok {
		return nil
	}
	var paths []string
	for name != "" {
		name = name[:max(strings.LastIndex(name, "/"), 0)]
		paths = append(paths, before+":parameter/"+name)
	}
	return paths
}

// asksBoundary tells whether requests of an action have the key of the permissions boundary of whom they are about.
func asksBoundary(action string) bool {
	return strings.HasPrefix(action, "iam:") && !(strings.HasPrefix(action, "iam:Put") && strings.HasSuffix(action, "PermissionsBoundary"))
}

// boundaryKey tells requests about a user or role which permissions boundary that one has: policies of delegated administration
// ask for it (IAM User Guide, "Permissions boundaries for IAM entities",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
func boundaryKey(q *decide.Query, r *snapshot.Resource) {
	if !asksBoundary(q.Action) {
		return
	}
	switch r.Type {
	case "AWS::IAM::User", "AWS::IAM::Role":
		switch v, state := r.Property("PermissionsBoundary"); state {
		case snapshot.Absent:
			q.Absent = append(slices.Clip(q.Absent), "iam:PermissionsBoundary")
		case snapshot.Known:
			if arn, ok := v.(string); ok {
				q.Context["iam:PermissionsBoundary"] = []string{arn}
			}
		}
	}
}
