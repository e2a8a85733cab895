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
	case LayerIdentity, LayerBoundary, LayerSession:
		// The principal is the identity that the policy is attached to.
		if st.Principals != nil || st.NotPrincipal != nil {
			v.fail("Principal", "a policy of this kind names no principal")
		}
	case LayerSCP:
		if st.Principals != nil || st.NotPrincipal != nil {
			v.fail("Principal", "a service control policy names no principal")
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
		if allStars(s) || strings.HasPrefix(s, "arn:") {
			continue
		}
		first, _, found := strings.Cut(s, ":")
		if found && match(first, "arn", false) || !found && strings.ContainsAny(s, "*?") && match(s, "arn:", false) {
			continue
		}
		v.fail(element, `resource %q is neither an ARN nor "*"`, s)
	}
}

func (v *validator) sid(sid string, seen map[string]bool) {
	if sid == "" {
		return
	}
	ofIAM := v.layer == LayerIdentity || v.layer == LayerBoundary || v.layer == LayerSession
	if ofIAM && strings.ContainsFunc(sid, func(c rune) bool { return notVendor(c) || c == '-' || c == '.' }) {
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
