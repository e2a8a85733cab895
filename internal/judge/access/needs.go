package access

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

// target is where a route leads.
func (t *Table) target(rt *Route, r *snapshot.Resource) (node, bool) {
	switch rt.Gives {
	case "account":
		return node{string(t.Account), Admin}, true
	case "acts-as":
		if rt.Becomes == "unbounded" {
			return node{string(t.Account), Admin}, true // at most; see limits
		}
		if rt.Becomes == "self" {
			return node{string(r.Key), None}, true
		}
		role, ok := t.relations.roleOf(r)
		return node{string(role), None}, ok
	}
	return node{string(r.Key), rt.capability()}, true
}

// needs decides all permissions of a route for one principal.
func (t *Table) needs(rt *Route, r *snapshot.Resource, p string) (verdict, string) {
	return t.needsAs(rt, r, decide.Query{Principal: p})
}

// needsAs does so for a principal as the query has it: as it is, after it edited its policies, or without its boundary.
func (t *Table) needsAs(rt *Route, r *snapshot.Resource, as decide.Query) (verdict, string) {
	v, prefix := verdict{outcome: iam.Allow, seen: true}, ""
	for _, n := range rt.Needs {
		d, key := t.need(n, r, as)
		if t.rejected(r, n.Action, as.Principal) {
			d = iam.Decision{Outcome: iam.Deny, Seen: iam.Deny}
		}
		if key != "" {
			prefix = key
		}
		if v = v.and(d); v.outcome == iam.Deny {
			break
		}
	}
	return v, prefix
}

func (t *Table) need(n Need, r *snapshot.Resource, q decide.Query) (iam.Decision, string) {
	q.Action, q.On, q.Context = n.Action, r.Key, map[string][]string{}
	boundaryKey(&q, r)
	for k, v := range n.With {
		if v == "" {
			q.Absent = append(q.Absent, k)
		} else {
			q.Context[k] = []string{v}
		}
	}
	switch n.On {
	case "":
		return t.explain(q), ""
	case "object":
		return t.someObject(q)
	case "key":
		k, state := t.relations.keyOf(r)
		switch state {
		case snapshot.Absent:
			return iam.Decision{Outcome: iam.Allow, Seen: iam.Allow}, ""
		case snapshot.Unknown:
			return iam.Decision{Outcome: iam.Unknown, Seen: iam.Allow}, ""
		}
		q.On = k
		if service := serviceOf(r.Type); service != "" {
			q.Context["kms:ViaService"] = []string{service + "." + region(r, k) + ".amazonaws.com"}
		}
		return t.explain(q), ""
	case "role":
		role, ok := t.relations.roleOf(r)
		if !ok {
			return iam.Decision{Outcome: iam.Deny, Seen: iam.Deny}, ""
		}
		q.On = role
		return t.explain(q), ""
	case "attached":
		return t.attached(q, r), ""
	case "path":
		return t.parameterPath(q, r), ""
	case "code":
		best := iam.Decision{Outcome: iam.Deny, Seen: iam.Deny}
		for _, c := range t.code(r) {
			q.On, q.Resource = c.On, c.Resource
			if d := t.explain(q); worse(best.Outcome, d.Outcome) == best.Outcome {
				best = d
			}
		}
		return best, ""
	case "any":
		q.On, q.Resource = "", "*"
		return t.explain(q), ""
	}
	if n.within() {
		return t.best(q, t.parts(t.partsOf(&n, r), r.Key, n.Action, q.Principal, t.allowedNames(q.Principal, n.Action))), ""
	}
	return t.chosen(q, t.here(fill(n.On, r, t.snap.Account))), ""
}

// region of a resource, of its key, or any one for what is global.
func region(r *snapshot.Resource, k snapshot.Key) string {
	if a, ok := iam.SplitARN(string(k)); ok && a.Region != "" {
		return a.Region
	}
	if r.Region != "" {
		return r.Region
	}
	return "us-east-1"
}

// serviceOf is the name under which a service calls KMS; "" where the caller does so itself.
func serviceOf(typ string) string {
	switch typ {
	case "AWS::EC2::Snapshot", "AWS::RDS::DBSnapshot", "AWS::RDS::DBClusterSnapshot":
		return ""
	case "AWS::S3::Bucket":
		return "s3"
	case "AWS::SecretsManager::Secret":
		return "secretsmanager"
	case "AWS::SSM::Parameter":
		return "ssm"
	case "AWS::SQS::Queue":
		return "sqs"
	case "AWS::SNS::Topic":
		return "sns"
	}
	_, s, _ := strings.Cut(typ, "::")
	s, _, _ = strings.Cut(s, "::")
	return strings.ToLower(s)
}

// isSelf tells whether a user, role, group or managed policy is, or belongs to, the caller.
func (t *Table) isSelf(r *snapshot.Resource, principal string) bool {
	own, known := t.selves[principal]
	if !known {
		own = t.belongings(principal)
		t.selves[principal] = own
	}
	return own[r.Key]
}

// belongings are a principal, the groups that it is in, and the managed policies of all of these.
func (t *Table) belongings(principal string) map[snapshot.Key]bool {
	out := map[snapshot.Key]bool{snapshot.Key(principal): true}
	p, ok := t.snap.Get(snapshot.Key(principal))
	if !ok {
		return out
	}
	attached := func(r *snapshot.Resource) {
		arns, _ := r.Strings("ManagedPolicyArns")
		for _, arn := range arns {
			out[snapshot.Key(arn)] = true
		}
	}
	attached(p)
	groups, _ := p.Strings("Groups")
	for _, g := range t.snap.OfType("AWS::IAM::Group") {
		if slices.Contains(groups, g.Text("GroupName")) {
			out[g.Key] = true
			attached(g)
		}
	}
	return out
}

// code lists what a resource runs and somebody may overwrite: the repository of its image, when a tag names it that may be moved, the
// object of its script, the repository of its source.
func (t *Table) code(r *snapshot.Resource) []decide.Column {
	var out []decide.Column
	for _, arn := range t.runs(r) {
		if repository, ok := t.snap.Get(snapshot.Key(arn)); !ok {
			out = append(out, decide.Column{Resource: arn})
		} else if !strings.EqualFold(repository.Text("ImageTagMutability"), "IMMUTABLE") {
			out = append(out, decide.Column{On: repository.Key})
		}
	}
	return out
}
