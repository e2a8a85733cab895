package compare

import (
	"strings"

	"github.com/footing-dev/footing/iam"
)

// candidate makes a request of the values found, and keeps it when the evaluator agrees.
func (c *comparison) candidate(p *problem, action string, who *caller) bool {
	w := Witness{Principal: who.name, Action: action, Resource: p.dims[0].holds[0], Context: map[string][]string{}}
	for key, v := range c.world.f {
		switch v.state {
		case single:
			w.Context[c.spelling(key)] = []string{v.value}
		case several:
			w.Context[c.spelling(key)] = []string{"x", "y"}
		}
	}
	for _, d := range p.dims[1:] {
		if len(d.holds) > 0 {
			w.Context[c.spelling(d.space.key)] = d.holds
		}
	}
	if !c.new.named {
		w.Principal = asker(w.Context)
	}
	if !c.confirmed(&w) {
		c.doubt("the evaluator does not confirm the request " + action + " on " + w.Resource)
		return false
	}
	c.found = append(c.found, w)
	return true
}

func (c *comparison) spelling(key string) string {
	if k, ok := c.world.keys[key]; ok {
		return k.spelled
	}
	return key
}

// asker is the principal of a request under an identity policy: where the context says who it is, that one.
func asker(context map[string][]string) string {
	account, name := someAccount, "someone"
	for key, v := range context {
		if len(v) != 1 {
			continue
		}
		switch strings.ToLower(key) {
		case "aws:principalarn":
			r := iam.Request{Principal: v[0], Action: "s3:GetObject", Resource: "*"}
			if a := iam.Account(v[0]); len(a) == 12 && r.Check() == nil && !strings.HasSuffix(v[0], ":root") {
				return v[0]
			}
		case "aws:principalaccount":
			if len(v[0]) == 12 && strings.Trim(v[0], "0123456789") == "" {
				account = v[0]
			}
		case "aws:username":
			if v[0] != "" && !strings.ContainsAny(v[0], "/: *?") {
				name = v[0]
			}
		}
	}
	return "arn:aws:iam::" + account + ":user/" + name
}

// confirmed asks the evaluator: allowed by the new policy, and not by the old one.
func (c *comparison) confirmed(w *Witness) bool {
	return Allows(c.q.new, w) && !c.mayAllow(w)
}

func (c *comparison) mayAllow(w *Witness) bool {
	if len(c.q.old.Statements) == 0 {
		return false
	}
	return decide(c.q.old, w) != iam.Deny
}

// Allows says whether a policy by itself allows a request: as an identity policy on a resource whose account leaves the decision to it or, when
// it names principals, as the policy of a resource in another account whose principals may do everything.
func Allows(p *iam.Policy, w *Witness) bool { return decide(p, w) == iam.Allow }

func decide(p *iam.Policy, w *Witness) iam.Outcome {
	r := iam.Request{Principal: w.Principal, Action: w.Action, Resource: w.Resource, Context: w.Context, Closed: true}
	account := iam.Account(w.Principal)
	if named(p) {
		r.ResourceAccount = someAccount
		if account == someAccount {
			r.ResourceAccount = otherAccount
		}
		return iam.Evaluate(&r, &iam.Layers{Identity: []*iam.Policy{allowAll}, Resource: []*iam.Policy{p}}).Outcome
	}
	r.ResourceAccount = account
	delegates := &iam.Policy{Version: "2012-10-17", Statements: []iam.Statement{{
		Effect: iam.EffectAllow, Actions: []string{"*"}, Resources: []string{"*"},
		Principals: &iam.Principals{AWS: []string{"arn:aws:iam::" + account + ":root"}},
	}}}
	return iam.Evaluate(&r, &iam.Layers{Identity: []*iam.Policy{p}, Resource: []*iam.Policy{delegates}}).Outcome
}

var allowAll = &iam.Policy{Version: "2012-10-17", Statements: []iam.Statement{{
	Effect: iam.EffectAllow, Actions: []string{"*"}, Resources: []string{"*"},
}}}

func named(p *iam.Policy) bool {
	for i := range p.Statements {
		if p.Statements[i].Principals != nil || p.Statements[i].NotPrincipal != nil {
			return true
		}
	}
	return false
}
