package iam

import (
	"fmt"
	"strings"
)

// principals reads a Principal or NotPrincipal element: "*" or an object of AWS, Service, Federated and CanonicalUser.
//
// "AWS JSON policy elements: Principal",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (r *reader) principals(at string, n *node) (*Principals, bool) {
	if n.kind == kindString && n.text == "*" {
		return &Principals{Any: true}, true
	}
	if n.kind != kindObject || len(n.members) == 0 {
		r.fail(n.offset, at, `a principal is "*" or an object such as {"AWS": …}`)
		return nil, false
	}
	p := &Principals{}
	seen := map[string]bool{}
	for _, m := range n.members {
		path := at + "." + m.name
		if seen[m.name] {
			r.fail(m.offset, path, "%s occurs twice", m.name)
			return nil, false
		}
		seen[m.name] = true
		var ok bool
		switch m.name {
		case "AWS":
			var named []string
			named, ok = r.strings(path, m.value, checkAWSPrincipal)
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
		case "Service":
			p.Service, ok = r.strings(path, m.value, checkService)
		case "Federated":
			p.Federated, ok = r.strings(path, m.value, checkNotEmpty)
		case "CanonicalUser":
			p.Canonical, ok = r.strings(path, m.value, checkCanonical)
		default:
			r.fail(m.offset, path, "unknown kind of principal %q", m.name)
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
	if s == "*" || isAccountID(s) || isUniqueID(s) {
		return ""
	}
	bad := fmt.Sprintf("%q is no principal: expected an account id or the ARN of a user, role, session or root", s)
	arn, ok := SplitARN(s)
	if !ok || !strings.HasPrefix(arn.Partition, "aws") || arn.Region != "" || strings.ContainsAny(s, "*?") {
		return bad
	}
	first, rest, _ := strings.Cut(arn.Resource, "/")
	named := rest != "" && !strings.HasPrefix(rest, "/") && !strings.HasSuffix(rest, "/")
	switch {
	case arn.Service == "iam" && arn.Account == "cloudfront" && first == "user" && named:
		return ""
	case !isAccountID(arn.Account):
		return bad
	case arn.Service == "iam" && (arn.Resource == "root" || named && (first == "user" || first == "role")):
		return ""
	case arn.Service == "sts" && first == "federated-user" && named:
		return ""
	case arn.Service == "sts" && first == "assumed-role" && named && strings.Count(rest, "/") == 1:
		return ""
	}
	return bad
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
