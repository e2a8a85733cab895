package oracle_test

import (
	"regexp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
)

const nothing = "none:Nothing"

// noFileSystemDefault gives a file system that has no policy an empty one: then nobody mounts it by default.
func noFileSystemDefault(q *question) {
	if strings.HasPrefix(strings.ToLower(q.request.Action), "elasticfilesystem:client") && len(q.layers.Resource) == 0 {
		q.layers.Resource = []*iam.Policy{{Version: "2012-10-17"}}
	}
}

// plainRole takes a service-linked role for a role like any other.
func plainRole(q *question) {
	plain := func(s string) string {
		s = strings.ReplaceAll(s, ":assumed-role/AWSServiceRoleFor", ":assumed-role/PlainRoleFor")
		return strings.ReplaceAll(s, ":role/aws-service-role/", ":role/plain/")
	}
	q.request.Principal = plain(q.request.Principal)
	q.principals(func(p *iam.Principals) {
		for i, s := range p.AWS {
			p.AWS[i] = plain(s)
		}
	})
}

// principals calls f with a copy of every Principal and NotPrincipal, which takes its place.
func (q *question) principals(f func(*iam.Principals)) {
	q.statements(func(_ string, _ *iam.Policy, st *iam.Statement) {
		for _, p := range []**iam.Principals{&st.Principals, &st.NotPrincipal} {
			if *p != nil {
				c := **p
				c.AWS = slices.Clone(c.AWS)
				*p = &c
				f(&c)
			}
		}
	})
}

// rcpEverywhere lets RCPs bind every service and every action.
func rcpEverywhere(q *question, next func(*question) verdict) verdict {
	denies := &iam.Policy{Version: "2012-10-17"}
	for _, level := range q.layers.RCP {
		for _, p := range level {
			for _, st := range p.Statements {
				if st.Effect == iam.EffectDeny {
					st.Principals = nil
					denies.Statements = append(denies.Statements, st)
				}
			}
		}
	}
	if len(denies.Statements) > 0 && judged(q, denies) == forbid {
		return forbid
	}
	return next(q)
}

// judged is what a policy alone says to the request, as if it were an identity policy of a user who asks for something of his own.
func judged(q *question, policies ...*iam.Policy) verdict {
	c := q.clone()
	c.request.Principal = "arn:aws:iam::" + third + ":user/x"
	c.request.ResourceAccount = third
	trusting := &iam.Policy{Statements: []iam.Statement{{Effect: iam.EffectAllow, Actions: []string{"*"},
		Principals: &iam.Principals{AWS: []string{"arn:aws:iam::" + third + ":root"}}}}}
	c.layers = iam.Layers{Identity: policies, Resource: []*iam.Policy{trusting}}
	return c.disowned().ours()
}

// rootAsUser takes the root user for a user whom nothing but policies allows anything.
func rootAsUser(q *question) {
	if account, ok := strings.CutSuffix(q.request.Principal, ":root"); ok {
		q.request.Principal = account + ":user/the-root-user"
	}
}

// sessionAlwaysLimits: a session policy limits whatever else allows.
func sessionAlwaysLimits(q *question, next func(*question) verdict) verdict {
	v := next(q)
	if v == allow && q.layers.Session != nil && !strings.EqualFold(q.request.Action, "sts:GetCallerIdentity") {
		return judged(q, q.layers.Session...)
	}
	return v
}

// identityOfEverybody: the identity policies and SCPs of a question bind a caller without an account too, and unless he is a service he
// needs an identity policy.
func identityOfEverybody(q *question, next func(*question) verdict) verdict {
	p := q.request.Principal
	if iam.Account(p) != "" || p == "anonymous" || strings.Contains(p, "-provider/") {
		return next(q)
	}
	for _, level := range append([][]*iam.Policy{q.layers.Identity}, q.layers.SCP...) {
		if judged(q, level...) == forbid {
			return forbid
		}
	}
	v := next(q)
	if v == allow && !strings.Contains(p, ".") {
		return deny
	}
	return v
}

// federatedUserIsUser takes a grant to a user for one to the federated user of the same name.
func federatedUserIsUser(q *question) {
	name, ok := strings.CutPrefix(q.request.Principal, "arn:aws:sts::"+home+":federated-user/")
	if !ok {
		return
	}
	q.principals(func(p *iam.Principals) {
		for i, s := range p.AWS {
			if s == "arn:aws:iam::"+home+":user/"+name {
				p.AWS[i] = q.request.Principal
			}
		}
	})
}

// notPrincipalSparesAnyMatch: one name that means the caller is enough for a Deny with NotPrincipal to leave him alone.
func notPrincipalSparesAnyMatch(q *question) {
	q.statements(func(layer string, _ *iam.Policy, st *iam.Statement) {
		if st.Effect == iam.EffectDeny && st.NotPrincipal != nil && means(q, st.NotPrincipal) && q.layers.Boundary == nil {
			st.Actions, st.NotActions = []string{nothing}, nil
		}
	})
}

// means says whether a Principal element means the caller in any way.
func means(q *question, p *iam.Principals) bool {
	granting := &iam.Policy{Statements: []iam.Statement{{Effect: iam.EffectAllow, Actions: []string{"*"}, Principals: p}}}
	r := iam.Request{Principal: q.request.Principal, Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:000000000000:q", Closed: true}
	return iam.Evaluate(&r, &iam.Layers{Identity: []*iam.Policy{full(false)}, Resource: []*iam.Policy{granting}}).Outcome == iam.Allow
}

// publicAccessIsExplicit calls what Block Public Access takes away an explicit denial.
func publicAccessIsExplicit(q *question, next func(*question) verdict) verdict {
	v := next(q)
	if v == deny && q.layers.PublicAccess != nil {
		q.layers.PublicAccess = nil
		if agree(next(q), allow) {
			return forbid
		}
	}
	return v
}

// publicByFewerKeys: more conditions than on the list of S3 make a bucket policy non-public.
func publicByFewerKeys(q *question, next func(*question) verdict) verdict {
	keys := []string{"aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist", "aws:principalarn", "aws:principalorgpaths"}
	for _, p := range q.layers.Resource {
		for i := range p.Statements {
			for _, c := range p.Statements[i].Conditions {
				variable := slices.ContainsFunc(c.Values, func(s string) bool { return strings.Contains(s, "${") })
				if variable || slices.Contains(keys, strings.ToLower(c.Key)) {
					q.layers.PublicAccess = nil
				}
			}
		}
	}
	return next(q)
}

// publicInOtherForms: some forms of the conditions on that list do not make a bucket policy non-public: an address without a mask, the ARN
// of a principal compared as text, the id of a user compared otherwise than by StringEquals, ForAnyValue.
func publicInOtherForms(q *question, next func(*question) verdict) verdict {
	v := next(q)
	if v != allow || q.layers.PublicAccess == nil || !q.layers.PublicAccess.RestrictPublicBuckets || q.owner() == iam.Account(q.request.Principal) {
		return v
	}
	for _, p := range q.layers.Resource {
		for i := range p.Statements {
			for _, c := range p.Statements[i].Conditions {
				switch key := strings.ToLower(c.Key); {
				case strings.HasPrefix(c.Operator, "ForAnyValue:"),
					key == "aws:principalarn" && strings.HasPrefix(c.Operator, "String"),
					key == "aws:userid" && c.Operator != "StringEquals",
					key == "aws:sourceip" && slices.ContainsFunc(c.Values, func(s string) bool { return !strings.Contains(s, "/") }):
					return forbid
				}
			}
		}
	}
	return v
}

// aliasesOfAWS: a policy's Deny is told before an alias is known to belong to AWS.
func aliasesOfAWS(q *question, next func(*question) verdict) verdict {
	if strings.Contains(q.request.Resource, ":alias/aws/") {
		if next(q.disowned()) == forbid {
			return forbid
		}
		return deny
	}
	return next(q)
}

// rolesOfServices: service-linked roles can be changed like any other.
func rolesOfServices(q *question, next func(*question) verdict) verdict {
	if strings.Contains(q.request.Resource, ":role/aws-service-role/") {
		return next(q.disowned())
	}
	return next(q)
}

// disowned is the same question about a resource that does not look as if it belonged to AWS: one letter of its name, and of every
// pattern, is another.
func (q *question) disowned() *question {
	c := q.clone()
	rename := func(s string) string {
		head, tail := s, ""
		if parts := strings.SplitAfterN(s, ":", 6); len(parts) == 6 {
			tail, head = parts[5], strings.Join(parts[:5], "")
		}
		var out strings.Builder
		for depth, i := 0, 0; i < len(tail); i++ {
			switch {
			case strings.HasPrefix(tail[i:], "${"):
				depth++
			case tail[i] == '}' && depth > 0:
				depth--
			}
			if tail[i] == 'w' && depth == 0 {
				out.WriteByte('~')
			} else {
				out.WriteByte(tail[i])
			}
		}
		return head + out.String()
	}
	c.request.Resource = rename(c.request.Resource)
	c.statements(func(_ string, _ *iam.Policy, st *iam.Statement) {
		for _, list := range [][]string{st.Resources, st.NotResources} {
			for i := range list {
				list[i] = rename(list[i])
			}
		}
	})
	return c
}

// literalResourceType: no wildcard and no variable counts before the first / or : of the last part of an ARN.
func literalResourceType(q *question) {
	arn, _ := iam.SplitARN(q.request.Resource)
	literal := func(list []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool {
			pattern, ok := iam.SplitARN(s)
			if !ok || pattern.Service == "s3" && pattern.Account == "" && pattern.Region == "" {
				return false
			}
			i := strings.IndexAny(pattern.Resource, "/:")
			return i >= 0 && !strings.HasPrefix(arn.Resource, pattern.Resource[:i+1])
		})
	}
	q.resources(literal)
}

// shortARNs: an ARN with parts missing matches nothing in the policy of a resource, an endpoint or the organisation. As a NotResource that
// does not match it voids the statement in every policy.
func shortARNs(q *question) {
	short := func(s string) bool { return strings.HasPrefix(s, "arn:") && strings.Count(s, ":") < 5 }
	q.statements(func(layer string, _ *iam.Policy, st *iam.Statement) {
		for _, s := range st.NotResources {
			if short(s) && strings.Contains(s, "*") && !inParts(s, q.request.Resource) {
				st.Actions, st.NotActions = []string{nothing}, nil
			}
		}
		switch layer {
		case iam.LayerIdentity, iam.LayerBoundary, iam.LayerSession:
			return
		}
		drop := func(list []string) []string {
			return slices.DeleteFunc(slices.Clone(list), func(s string) bool {
				return short(s) && (layer == iam.LayerRCP || !strings.Contains(s, "*"))
			})
		}
		if st.Resources != nil {
			st.Resources = drop(st.Resources)
		}
		if st.NotResources != nil {
			st.NotResources = drop(st.NotResources)
		}
	})
}

// variables calls f with the key and the default of every variable in the policies; what it returns takes the variable's place.
func variables(id string, f func(q *question, key, fallback string) (string, bool)) class {
	return reads(id, func(q *question) {
		fill := func(list []string) {
			for i, s := range list {
				list[i] = variable.ReplaceAllStringFunc(s, func(found string) string {
					parts := variable.FindStringSubmatch(found)
					if instead, ok := f(q, parts[1], parts[2]); ok {
						return instead
					}
					return found
				})
			}
		}
		q.statements(func(_ string, _ *iam.Policy, st *iam.Statement) {
			fill(st.Resources)
			fill(st.NotResources)
			for i := range st.Conditions {
				fill(st.Conditions[i].Values)
			}
		})
	})
}

var variable = regexp.MustCompile(`\$\{([^},]+)(?:, *'([^']*)')?\}`)

// void says whether a value of a policy holds a variable for which the request has no value.
func (q *question) void(s string) bool {
	for _, found := range variable.FindAllStringSubmatch(s, -1) {
		if key := found[1]; !strings.Contains("*?$", key) && found[2] == "" && (len(q.value(key)) != 1 || isMany(key)) {
			return true
		}
	}
	return false
}

// starStaysInPart: no star reaches over a colon.
func starStaysInPart(q *question) {
	q.resources(func(list []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return strings.HasPrefix(s, "arn:") && !inParts(s, q.request.Resource) })
	})
}

// inParts compares the parts before the fifth colon one by one, as far as the pattern has them.
func inParts(pattern, resource string) bool {
	have := strings.SplitN(resource, ":", 6)
	for i, part := range strings.SplitN(pattern, ":", 6) {
		if i < 5 && i < len(have) && !iam.Match(part, have[i]) {
			return false
		}
	}
	return true
}

// resources calls change with every Resource and NotResource; what it returns takes its place.
func (q *question) resources(change func([]string) []string) {
	q.statements(func(_ string, _ *iam.Policy, st *iam.Statement) {
		if st.Resources != nil {
			st.Resources = change(st.Resources)
		}
		if st.NotResources != nil {
			st.NotResources = change(st.NotResources)
		}
	})
}

// providerHasAccount takes an identity provider for a principal of its account.
func providerHasAccount(q *question) {
	if !strings.Contains(q.request.Principal, ":oidc-provider/") {
		return
	}
	q.statements(func(layer string, _ *iam.Policy, st *iam.Statement) {
		root := "arn:aws:iam::" + home + ":root"
		switch {
		case layer != iam.LayerResource || st.Effect != iam.EffectDeny:
		case st.Principals != nil && slices.Contains(st.Principals.AWS, root):
			st.Principals = &iam.Principals{Any: true}
		case st.NotPrincipal != nil && slices.Contains(st.NotPrincipal.AWS, root):
			st.Actions, st.NotActions = []string{nothing}, nil
		}
	})
}

// manyNeedSet: a condition without a set operator on a key that may have many values never holds where the request carries the key.
func manyNeedSet(q *question, c *iam.Condition) {
	if isMany(c.Key) && !strings.Contains(c.Operator, ":") && c.Operator != "Null" && q.value(c.Key) != nil {
		never(c)
	}
}

// isMany says whether a key may have many values.
func isMany(key string) bool {
	return strings.EqualFold(key, "aws:PrincipalServiceNamesList") ||
		slices.ContainsFunc(keys, func(k contextKey) bool { return k.many && strings.EqualFold(k.name, key) })
}

// never makes a condition one that does not hold.
func never(c *iam.Condition) { c.Operator, c.Values = "Null", nil }

// value is what the request carries under a key, in any case; nil where it does not.
func (q *question) value(key string) []string {
	for k, v := range q.request.Context {
		if strings.EqualFold(k, key) {
			return v
		}
	}
	return nil
}

// hostOfOtherFamily: an address without a mask does not differ from one of the other family.
func hostOfOtherFamily(q *question, c *iam.Condition) {
	if !strings.Contains(c.Operator, "NotIpAddress") {
		return
	}
	for _, s := range c.Values {
		for _, have := range q.value(c.Key) {
			if !strings.Contains(s, "/") && strings.Contains(s, ":") != strings.Contains(have, ":") {
				never(c)
				return
			}
		}
	}
}
