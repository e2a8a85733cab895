package access

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

// trustsProvider tells whether a role's trust policy names an identity provider of a kind.
func (t *Table) trustsProvider(role *snapshot.Resource, kind string) snapshot.State {
	ps, read := t.decisions.Policies(role.Key)
	if !read {
		return snapshot.Unknown
	}
	state := snapshot.Absent
	for _, p := range ps {
		if len(p.Unparsed) > 0 {
			state = snapshot.Unknown
		}
		for i := range p.Statements {
			st := &p.Statements[i]
			if st.Effect == iam.EffectAllow && st.Principals != nil && slices.ContainsFunc(st.Principals.Federated, func(f string) bool { return strings.Contains(f, ":"+kind+"/") || f == kind+".amazonaws.com" }) {
				return snapshot.Known
			}
		}
	}
	return state
}

// findServices finds out which services the trust policies of all roles name.
func (t *Table) findServices() {
	t.serviceNames, t.services = map[snapshot.Key][]string{}, map[string]bool{}
	for _, role := range t.snap.OfType("AWS::IAM::Role") {
		names := t.namedServices(role)
		t.serviceNames[role.Key] = names
		for _, name := range names {
			t.services[anywhere(name)] = true
		}
	}
}

// possible is false of routes on what no resource is: roles of a service that no trust policy names.
func (t *Table) possible(rt *Route) bool {
	for _, w := range rt.When {
		if service, ok := strings.CutPrefix(w, "trusts "); ok && !t.services[service] && !t.services["*"] {
			return false
		}
	}
	return true
}

// mayHold asks whether a service may hold a role. Most trust policies name one service, and most routes ask for another: that costs no
// decision. Some name the service of one Region, such as logs.eu-west-1.amazonaws.com, or of another partition, ec2.amazonaws.com.cn
// (IAM User Guide, "AWS JSON policy elements: Principal", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
func (t *Table) mayHold(role *snapshot.Resource, service string) snapshot.State {
	best := snapshot.Absent
	for _, name := range t.serviceNames[role.Key] {
		switch name {
		case "*":
			name = service
		default:
			if anywhere(name) != service {
				continue
			}
		}
		switch t.trustsService(role, name) {
		case snapshot.Known:
			return snapshot.Known
		case snapshot.Unknown:
			best = snapshot.Unknown
		}
	}
	return best
}

// namedServices lists the services that a role's trust policy names; "*" stands for any, where it does not say, or was not read.
func (t *Table) namedServices(role *snapshot.Resource) []string {
	ps, read := t.decisions.Policies(role.Key)
	names := []string{}
	if !read {
		names = append(names, "*")
	}
	for _, p := range ps {
		if len(p.Unparsed) > 0 {
			names = append(names, "*")
		}
		for i := range p.Statements {
			switch st := &p.Statements[i]; {
			case st.Effect != iam.EffectAllow:
			case st.Principals == nil || st.Principals.Any:
				names = append(names, "*")
			default:
				names = append(names, st.Principals.Service...)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// anywhere takes the Region and the partition out of the name of a service.
func anywhere(service string) string {
	f := strings.Split(strings.TrimSuffix(service, ".cn"), ".")
	if n := len(f); n > 3 && strings.Count(f[n-3], "-") > 1 && strings.ContainsAny(f[n-3], "123456789") {
		f = slices.Delete(f, n-3, n-2)
	}
	return strings.Join(f, ".")
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
