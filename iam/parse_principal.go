package iam

import (
	"fmt"
	"strings"
)

// principals reads a Principal or NotPrincipal element: "*" or an object of AWS, Service, Federated and CanonicalUser.
//
// "AWS JSON policy elements: Principal",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (r *reader) principals(at *place, n *node) (*Principals, bool) {
	if n.kind == kindString && n.text == "*" {
		return &Principals{Any: true}, true
	}
	if n.kind != kindObject || n.members == 0 {
		r.fail(n.offset, at, `a principal is "*" or an object such as {"AWS": …}`)
		return nil, false
	}
	p := &Principals{}
	repeats := r.repeats(n)
	for m := range r.below(n) {
		path := &place{up: at, name: m.name}
		if repeats[m.nameOffset] {
			r.fail(m.nameOffset, path, "%s occurs twice", m.name)
			return nil, false
		}
		var ok bool
		switch m.name {
		case "AWS":
			var named []string
			named, ok = r.strings(path, m, checkAWSPrincipal)
			p.AWS = named[:0]
			for _, s := range named {
				switch {
				case s == "*":
					p.Any = true
				case isAccountID(s):
					p.AWS = append(p.AWS, "arn:aws:iam::"+s+":root")
				default:
					p.AWS = append(p.AWS, s)
				}
			}
			if len(p.AWS) == 0 {
				p.AWS = nil
			}
		case "Service":
			p.Service, ok = r.strings(path, m, checkService)
		case "Federated":
			p.Federated, ok = r.strings(path, m, checkNotEmpty)
		case "CanonicalUser":
			p.Canonical, ok = r.strings(path, m, checkCanonical)
		default:
			r.fail(m.nameOffset, path, "unknown kind of principal %q", m.name)
		}
		if !ok {
			return nil, false
		}
	}
	return p, true
}

// checkAWSPrincipal accepts "*", an account id, a unique id, and the ARN of a root, user, role, role session or federated user.
// A wildcard inside an ARN is refused, and so is a group: neither can be a principal.
func checkAWSPrincipal(s string) string {
	if s == "*" || isAccountID(s) || isUniqueID(s) || isPrincipalARN(s) {
		return ""
	}
	return fmt.Sprintf("%q is no principal: expected an account id or the ARN of a user, role, session or root", s)
}

func isPrincipalARN(s string) bool {
	arn, ok := SplitARN(s)
	if !ok || !strings.HasPrefix(arn.Partition, "aws") || arn.Region != "" || strings.ContainsAny(s, "*?") {
		return false
	}
	first, rest, _ := strings.Cut(arn.Resource, "/")
	named := rest != "" && rest[0] != '/' && rest[len(rest)-1] != '/'
	switch {
	case arn.Service == "iam" && arn.Account == "cloudfront":
		return first == "user" && named
	case !isAccountID(arn.Account):
		return false
	case arn.Service == "iam":
		return arn.Resource == "root" || named && (first == "user" || first == "role")
	case arn.Service == "sts" && first == "assumed-role":
		return named && strings.Count(rest, "/") == 1
	}
	return arn.Service == "sts" && first == "federated-user" && named
}

func checkService(s string) string {
	if !strings.Contains(s, ".") || strings.ContainsAny(s, "*? /:") {
		return fmt.Sprintf("%q is no service principal, as in lambda.amazonaws.com", s)
	}
	return ""
}

func checkCanonical(s string) string {
	if s == "" || strings.ContainsFunc(s, func(c rune) bool { return notVendor(c) || c == '-' || c == '.' }) {
		return fmt.Sprintf("%q is no canonical user id", s)
	}
	return ""
}
