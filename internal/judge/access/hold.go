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

// holds decides the preconditions of a route on a resource. They read:
//
//	trusts SERVICE       a role that a service may hold
//	federated KIND       a role that identities of a provider may hold: saml-provider, oidc-provider
//	property NAME        a property that is true or not empty
//	not property NAME    a property that is known to be false or missing
//	equals NAME VALUE    a property with that text
//	not equals NAME VALUE
//	customer             not AWS's own (managed policies, keys, service-linked and single sign-on roles)
//	bounded              a user or role with a permissions boundary
//	acls                 a bucket whose access control lists count
//	shareable            a snapshot that is not under a key of AWS's own
//	caller user          not of the resource: only users can take the route
//	policy, denied, deployed, management   see circumstance
//	unread WHAT          depends on something that no snapshot holds: the way may be there
//
// A principal of another account, of which a file may tell, is changed, passed and run by nobody here.
func (t *Table) holds(rt *Route, r *snapshot.Resource) snapshot.State {
	switch r.Type {
	case "AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group":
		if !t.ours(string(r.Key)) {
			return snapshot.Absent
		}
	}
	all := snapshot.Known
	for _, w := range rt.When {
		switch st := t.condition(w, r); st {
		case snapshot.Absent:
			return snapshot.Absent
		case snapshot.Unknown:
			all = snapshot.Unknown
		}
	}
	return all
}

const callerUser = "caller user"

func (t *Table) condition(when string, r *snapshot.Resource) snapshot.State {
	verb, rest, _ := strings.Cut(when, " ")
	switch verb {
	case "trusts":
		return t.mayHold(r, rest)
	case "customer":
		if r.Text("KeyManager") == "AWS" || ownedByAWS(string(r.Key)) {
			return snapshot.Absent
		}
		return snapshot.Known
	case "federated":
		return t.trustsProvider(r, rest)
	case "bounded":
		_, st := r.Property("PermissionsBoundary")
		return st
	case "caller":
		return snapshot.Known // asked of each caller, see prospects
	case "acls":
		return aclsCount(r)
	case "shareable":
		return t.relations.shareable(r)
	case "unread":
		return snapshot.Unknown
	case "property":
		return truth(r, rest)
	case "not":
		switch t.condition(rest, r) {
		case snapshot.Known:
			return snapshot.Absent
		case snapshot.Absent:
			return snapshot.Known
		}
		return snapshot.Unknown
	case "equals":
		name, value, _ := strings.Cut(rest, " ")
		v, st := r.Property(name)
		if s, ok := v.(string); st == snapshot.Known && (!ok || !strings.EqualFold(s, value)) {
			return snapshot.Absent
		}
		return st
	}
	return t.circumstance(when, r)
}

func truth(r *snapshot.Resource, path string) snapshot.State {
	v, st := r.Property(path)
	if b, ok := r.Flag(path); ok == snapshot.Known && !b {
		if _, isText := v.(string); !isText {
			if _, isBool := v.(bool); isBool {
				return snapshot.Absent
			}
		}
	}
	return st
}

// trustsService asks whether a role's trust policy lets an AWS service hold it.
func (t *Table) trustsService(role *snapshot.Resource, service string) snapshot.State {
	id := [2]string{string(role.Key), service}
	if state, known := t.trusting[id]; known {
		return state
	}
	state := snapshot.Known
	switch t.explain(decide.Query{Principal: service, Action: "sts:AssumeRole", On: role.Key}).Outcome {
	case iam.Deny:
		state = snapshot.Absent
	case iam.Unknown:
		state = snapshot.Unknown
	}
	t.trusting[id] = state
	return state
}

// namesPrincipals tells whether a trust policy has anything to say to principals of AWS accounts.
func (t *Table) namesPrincipals(role *snapshot.Resource) bool {
	ps, read := t.decisions.Policies(role.Key)
	if !read {
		return true
	}
	for _, p := range ps {
		if len(p.Unparsed) > 0 {
			return true
		}
		for i := range p.Statements {
			st := &p.Statements[i]
			if st.Effect == iam.EffectAllow && (st.Principals == nil || st.Principals.Any || len(st.Principals.AWS) > 0) {
				return true
			}
		}
	}
	return false
}
