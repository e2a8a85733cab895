package iam

import (
	"fmt"
	"strings"
)

// Validate adds to [Parse] what AWS demands of one kind of policy. Layer is one of the Layer names; a role's trust policy is a
// [LayerResource]. It returns what is wrong, in the order of the document, without places in the text (Line is 0).
//
// Policies that were stored before a rule existed keep working, so only rules that AWS has always enforced are here.
func Validate(p *Policy, layer string) []*ParseError {
	v := &validator{layer: layer}
	sids := map[string]bool{}
	for i := range p.Statements {
		if containsNumber(p.Unparsed, i) {
			continue
		}
		v.path = fmt.Sprintf("Statement[%d]", i)
		st := &p.Statements[i]
		v.principal(st)
		v.dates(st)
		switch layer {
		case LayerIdentity, LayerBoundary, LayerSession, LayerSCP, LayerRCP:
			if st.Resources == nil && st.NotResources == nil {
				v.fail("", "Resource is missing")
			}
			v.resources("Resource", st.Resources)
			v.resources("NotResource", st.NotResources)
			v.sid(st.Sid, sids)
		}
	}
	return v.errs
}

type validator struct {
	layer, path string
	errs        []*ParseError
}

func (v *validator) fail(element, format string, args ...any) {
	path := v.path
	if element != "" {
		path += "." + element
	}
	v.errs = append(v.errs, &ParseError{Path: path, Says: fmt.Sprintf(format, args...)})
}

func (v *validator) principal(st *Statement) {
	switch v.layer {
	case LayerIdentity, LayerBoundary, LayerSession, LayerSCP:
		// The principal is the identity that the policy is attached to.
		if st.Principals != nil {
			v.fail("Principal", "a policy of this kind names no principal")
		}
		if st.NotPrincipal != nil {
			v.fail("NotPrincipal", "a policy of this kind names no principal")
		}
	case LayerRCP:
		// "RCP syntax", https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
		switch {
		case st.NotPrincipal != nil:
			v.fail("NotPrincipal", "a resource control policy has no NotPrincipal")
		case st.Principals == nil || !st.Principals.onlyAny():
			v.fail("Principal", `the principal of a resource control policy is "*"`)
		}
		if st.NotActions != nil {
			v.fail("NotAction", "a resource control policy has no NotAction")
		}
	case LayerResource, LayerVPCEndpoint:
		if st.Principals == nil && st.NotPrincipal == nil {
			v.fail("", "Principal is missing")
		}
	}
}

func (p *Principals) onlyAny() bool {
	return p.Any && len(p.AWS)+len(p.Service)+len(p.Federated)+len(p.Canonical) == 0
}

// resources wants "*" or something that begins like an ARN.
func (v *validator) resources(element string, patterns []string) {
	for _, s := range patterns {
		if allStars(s) {
			continue
		}
		if rest, ok := strings.CutPrefix(s, "arn:"); ok {
			v.service(element, s, rest)
			continue
		}
		first, _, found := strings.Cut(s, ":")
		if found && match(first, "arn", false) || !found && strings.ContainsAny(s, "*?") && match(s, "arn:", false) {
			continue
		}
		v.fail(element, `resource %q is neither an ARN nor "*"`, s)
	}
}

// service wants the service of an ARN in an identity policy to be named, and no region where the service has none.
//
// "AWS JSON policy elements: Resource", using wildcards in resource ARNs,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func (v *validator) service(element, whole, rest string) {
	if !v.ofIAM() {
		return
	}
	_, rest, _ = strings.Cut(rest, ":")
	service, rest, _ := strings.Cut(rest, ":")
	region, _, _ := strings.Cut(rest, ":")
	switch {
	case service == "":
		v.fail(element, "resource %q names no service", whole)
	case strings.ContainsAny(service, "*?"):
		v.fail(element, "resource %q has a wildcard in the place of the service", whole)
	case service == "iam" && region != "" && region != "*":
		v.fail(element, "resource %q names a region, which resources of IAM do not have", whole)
	}
}

// ofIAM says whether the policy is one that IAM itself keeps.
func (v *validator) ofIAM() bool {
	return v.layer == LayerIdentity || v.layer == LayerBoundary || v.layer == LayerSession
}

// dates wants the values of date operators to be dates. Numbers, addresses and booleans are not checked here: that AWS refuses such a
// policy is not documented, and what cannot be read compares to nothing.
//
// "IAM JSON policy elements: Condition operators", date condition operators,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func (v *validator) dates(st *Statement) {
	for _, c := range st.Conditions {
		if op, ok := parseOperator(c.Operator); !ok || op.base != opDate {
			continue
		}
		for _, s := range c.Values {
			if _, ok := parseDate(s); !ok {
				v.fail("Condition."+c.Operator+"."+c.Key, "%q is no date, neither ISO 8601 nor seconds since 1970", s)
				break
			}
		}
	}
}

func (v *validator) sid(sid string, seen map[string]bool) {
	if sid == "" {
		return
	}
	if v.ofIAM() && strings.ContainsFunc(sid, func(c rune) bool { return notVendor(c) || c == '-' || c == '.' }) {
		v.fail("Sid", "Sid %q holds more than letters and digits", sid)
	}
	if seen[sid] {
		v.fail("Sid", "Sid %q occurs twice", sid)
	}
	seen[sid] = true
}

func containsNumber(list []int, n int) bool {
	for _, m := range list {
		if m == n || m == AllUnparsed {
			return true
		}
	}
	return false
}
