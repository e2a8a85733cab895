package decide

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
)

// The root of another account stands for all its principals, of which only the account is known: its users and roles may have any
// name. So what a policy asks of aws:PrincipalArn is tried with names that the policy itself allows.

// foreign tells whether a principal is the root of an account that is not ours.
func (t *Table) foreign(principal string) bool {
	a, ok := iam.SplitARN(principal)
	return ok && a.Account != t.Account && a.Resource == "root"
}

const principalARN = "aws:PrincipalArn"

// callerPatterns lists what policies ask of the caller's ARN.
func callerPatterns(policies []*iam.Policy) []string {
	var out []string
	for _, p := range policies {
		for i := range p.Statements {
			for _, c := range p.Statements[i].Conditions {
				if !strings.EqualFold(c.Key, principalARN) {
					continue
				}
				for _, v := range c.Values {
					if !slices.Contains(out, v) {
						out = append(out, v)
					}
				}
			}
		}
	}
	return out
}

// anyOf decides for the easiest principal of another account. An answer that holds only for some names is conditional.
func (t *Table) anyOf(r iam.Request, in *iam.Layers, patterns []string) iam.Decision {
	account, _ := iam.SplitARN(r.Principal)
	r.Present = append(slices.Clip(r.Present), "aws:PrincipalType", "aws:username")
	best := iam.Evaluate(&r, in)
	for _, p := range patterns {
		if best.Outcome == iam.Allow {
			break
		}
		arn, ok := called(p, account.Account)
		if !ok {
			continue
		}
		r := r
		r.Context = merge(r.Context, map[string][]string{principalARN: {arn}})
		d := iam.Evaluate(&r, in)
		if rank(d.Outcome, saw(d)) <= rank(best.Outcome, saw(best)) {
			continue
		}
		if d.Outcome == iam.Allow {
			d.Outcome, d.Seen = iam.Conditional, iam.Conditional
		}
		if d.Outcome == iam.Conditional {
			d.Residual = append(slices.Clip(d.Residual), iam.Condition{Operator: "ArnLike", Key: principalARN, Values: []string{p}})
		}
		best = d
		if best.Outcome == iam.Conditional {
			break
		}
	}
	return best
}

// called is the ARN of a principal of an account that a pattern matches.
func called(pattern, account string) (string, bool) {
	if pattern == "*" {
		return "arn:aws:iam::" + account + ":role/any", true
	}
	f := strings.SplitN(pattern, ":", 6)
	if len(f) != 6 || strings.Contains(pattern, "${") || !iam.Match(f[4], account) {
		return "", false
	}
	f[4] = account
	if f[1] == "*" {
		f[1] = "aws"
	}
	if f[2] == "*" {
		f[2] = "iam"
	}
	if f[5] == "*" {
		f[5] = "role/any"
	}
	return strings.NewReplacer("*", "any", "?", "a").Replace(strings.Join(f, ":")), true
}
