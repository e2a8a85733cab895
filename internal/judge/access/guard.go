package access

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
)

// A condition is a guard when an attacker who lacks what it is about cannot meet it. So each is tried without: MFA missing (a
// long-lived key carries no such key at all) and false, an address that nobody listed, no organisation and a foreign one. What is
// met all the same (a block list; "unless MFA is false" without IfExists) guards nothing
// (IAM User Guide, "AWS: Denies access to AWS based on the source IP" and "Secure API access with MFA").

// guardKeys maps condition keys to the guard that they may be.
var guardKeys = map[string]Guard{
	"aws:multifactorauthpresent": GuardMFA, "aws:multifactorauthage": GuardMFA,
	"aws:sourceip": GuardNetwork, "aws:sourcevpc": GuardNetwork, "aws:sourcevpce": GuardNetwork, "aws:vpcsourceip": GuardNetwork,
	"aws:sourcevpcarn": GuardNetwork, "aws:vpceaccount": GuardNetwork, "aws:vpceorgid": GuardNetwork, "aws:vpceorgpaths": GuardNetwork,
	"aws:principalorgid": GuardOrganization, "aws:principalorgpaths": GuardOrganization,
}

// lacks lists, for each guard, the requests of somebody who lacks it: keys that he has; every other key of the guard is missing.
var lacks = map[Guard][]map[string][]string{
	GuardMFA:          {{}, {"aws:MultiFactorAuthPresent": {"false"}}},
	GuardNetwork:      {{"aws:SourceIp": {"192.0.2.1"}}, {"aws:SourceIp": {"2001:db8::1"}}},
	GuardOrganization: {{}, {"aws:PrincipalOrgID": {"o-anotherone"}, "aws:PrincipalOrgPaths": {"o-anotherone/r-any/ou-any/"}}},
}

// guardLacks is lacks as the engine asks them, a bit of Guard each.
var guardLacks = func() []decide.Lack {
	out := make([]decide.Lack, guardCount)
	for i := range out {
		g := Guard(1 << i)
		for k, guard := range guardKeys {
			if guard == g {
				out[i].Keys = append(out[i].Keys, k)
			}
		}
		slices.Sort(out[i].Keys)
		out[i].Requests = lacks[g]
	}
	return out
}()

// guardOf tells which guards a list of open conditions makes. A key that the caller chooses freely is none.
func guardOf(open []iam.Condition) Guard {
	var g Guard
	for _, c := range open {
		if k := guardKeys[strings.ToLower(c.Key)]; k != 0 && g&k == 0 && guards(c, k) {
			g |= k
		}
	}
	return g
}

// guards tells whether a condition keeps out whoever lacks something.
func guards(c iam.Condition, g Guard) bool {
	switch c.Operator {
	case "Unread", "Resource", "NotResource", "Setting":
		return false
	}
	policy := &iam.Policy{Version: "2012-10-17", Statements: []iam.Statement{{Effect: iam.EffectAllow, Actions: []string{"*"}, Resources: []string{"*"},
		Conditions: []iam.Condition{{Operator: c.Operator, Key: c.Key, Values: c.Values}}}}}
	for _, lacking := range lacks[g] {
		r := iam.Request{Principal: "arn:aws:iam::000000000000:user/any", Action: "s3:ListAllMyBuckets", Resource: "*", Context: lacking, Closed: true}
		met := iam.Evaluate(&r, &iam.Layers{Identity: []*iam.Policy{policy}}).Outcome == iam.Allow
		if met != c.Negated {
			return false
		}
	}
	return true
}

// unguarded asks, and where the answer names a guard that some other statement does without, gives the answer without it: the
// conditions of alternatives are listed together, and only those that nobody gets around count.
func unguarded(q decide.Query, ask func(decide.Query) (iam.Decision, string)) (iam.Decision, string) {
	d, key := ask(q)
	for _, g := range []Guard{GuardOrganization, GuardNetwork, GuardMFA} {
		if d.Outcome != iam.Conditional || guardOf(d.Residual)&g == 0 {
			continue
		}
		for _, lacking := range lacks[g] {
			with := q
			with.Context, with.Absent = map[string][]string{}, slices.Clone(q.Absent)
			for k, v := range q.Context {
				with.Context[k] = v
			}
			for k, guard := range guardKeys {
				if guard == g {
					with.Absent = append(with.Absent, k)
				}
			}
			for k, v := range lacking {
				with.Context[k] = v
			}
			slices.Sort(with.Absent)
			e, at := ask(with)
			if e.Outcome == iam.Conditional {
				d, key, q = e, at, with
				break
			}
			if e.Outcome == iam.Allow {
				rest := slices.DeleteFunc(slices.Clone(d.Residual), func(c iam.Condition) bool { return guardOf([]iam.Condition{c})&g != 0 })
				if len(rest) > 0 {
					d.Residual = rest
				}
				break
			}
		}
	}
	return d, key
}

// explain decides one query, with the conditions of the easiest way to be allowed.
func (t *Table) explain(q decide.Query) iam.Decision {
	d, _ := unguarded(q, func(q decide.Query) (iam.Decision, string) { return t.decisions.Explain(q), "" })
	return d
}

// someObject does so for some object of a bucket.
func (t *Table) someObject(q decide.Query) (iam.Decision, string) {
	return unguarded(q, t.decisions.SomeObject)
}
