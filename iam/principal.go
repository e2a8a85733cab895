package iam

import "strings"

type principalKind uint8

const (
	otherPrincipal principalKind = iota // not understood: only "*" matches it
	userPrincipal
	rolePrincipal    // a role ARN: any session of it
	sessionPrincipal // one session of a role
	federatedUser    // a session of GetFederationToken
	rootPrincipal
	providerPrincipal // OIDC or SAML provider
	servicePrincipal
	canonicalPrincipal
	anonymousPrincipal
)

// caller is a Request.Principal taken apart.
type caller struct {
	kind    principalKind
	text    string // as given; a bare account id as its root ARN
	account string // empty for services, providers, canonical ids and anonymous
	role    string // name of the role, without its path
	session string // name of the session
	linked  bool   // a service-linked role
}

// webProviders are federated principals that look like host names of services.
func isWebProvider(s string) bool {
	switch strings.ToLower(s) {
	case "accounts.google.com", "www.amazon.com", "graph.facebook.com", "cognito-identity.amazonaws.com":
		return true
	}
	return false
}

func parseCaller(s string) caller {
	c := caller{text: s}
	if isAccountID(s) {
		s = "arn:aws:iam::" + s + ":root"
		c.text = s
	}
	arn, ok := SplitARN(s)
	switch {
	case strings.EqualFold(s, "anonymous") || s == "*":
		c.kind = anonymousPrincipal
		return c
	case ok:
	case isWebProvider(s):
		c.kind = providerPrincipal
		return c
	case len(s) >= 64 && strings.Trim(s, "0123456789abcdef") == "":
		c.kind = canonicalPrincipal
		return c
	case strings.Contains(s, ".") && !strings.ContainsAny(s, " :/"):
		c.kind = servicePrincipal
		return c
	default:
		return c
	}
	c.account = arn.Account
	first, rest, _ := strings.Cut(arn.Resource, "/")
	switch {
	case arn.Service == "iam" && arn.Resource == "root":
		c.kind = rootPrincipal
	case arn.Service == "iam" && arn.Account == "cloudfront": // an origin access identity has no policies of its own
		c.kind, c.account = canonicalPrincipal, ""
	case arn.Service == "iam" && first == "user" && rest != "":
		c.kind = userPrincipal
	case arn.Service == "iam" && first == "role" && rest != "":
		c.kind = rolePrincipal
		c.role = rest[strings.LastIndexByte(rest, '/')+1:]
		c.linked = strings.HasPrefix(rest, "aws-service-role/")
	case arn.Service == "sts" && first == "assumed-role" && rest != "":
		c.kind = sessionPrincipal
		c.role, c.session, _ = strings.Cut(rest, "/")
		c.linked = strings.HasPrefix(c.role, "AWSServiceRoleFor")
	case arn.Service == "sts" && first == "federated-user" && rest != "":
		c.kind = federatedUser
	case arn.Service == "iam" && (first == "oidc-provider" || first == "saml-provider"):
		c.kind = providerPrincipal
		c.account = ""
	}
	return c
}

// inAccount says whether the caller is a principal of an AWS account, with identity policies, a boundary and SCPs of its own.
func (c *caller) inAccount() bool {
	switch c.kind {
	case userPrincipal, rolePrincipal, sessionPrincipal, federatedUser, rootPrincipal:
		return true
	}
	return false
}

func (c *caller) isRole() bool { return c.kind == rolePrincipal || c.kind == sessionPrincipal }

// roleARN is the ARN of the caller's role. A session's ARN does not say the path of its role, so it is not known where the name says
// that there is one.
func (c *caller) roleARN() (string, bool) {
	if c.kind == rolePrincipal {
		return c.text, true
	}
	if c.linked || strings.HasPrefix(c.role, "AWSReservedSSO_") {
		return "", false
	}
	arn, _ := SplitARN(c.text)
	return "arn:" + arn.Partition + ":iam::" + c.account + ":role/" + c.role, true
}

// how says in which way a Principal element means the caller; the way decides which other policies limit the grant.
type how uint8

const (
	byName    how = 1 << iota // the user, the session, the service … itself, or everybody
	byRole                    // the role of a session
	byAccount                 // the account: it hands the decision over to the identity policies there
)

// named looks the caller up in a Principal element. Sessions holds what the element would need: the session names where the caller is
// a role and the element names single sessions of it, the users where the caller is a federated user, who is of one of them.
func (c *caller) named(p *Principals) (h how, sessions []string) {
	if p.Any {
		h |= byName
	}
	for _, s := range p.AWS {
		switch {
		case s == c.text:
			if c.kind == rolePrincipal {
				h |= byRole
			} else {
				h |= byName
			}
		case !c.inAccount():
		default:
			arn, ok := SplitARN(s)
			if !ok || arn.Account != c.account {
				continue
			}
			first, rest, _ := strings.Cut(arn.Resource, "/")
			switch {
			case arn.Resource == "root":
				h |= byAccount
			case c.kind == federatedUser && first == "user":
				// The session may be of this user; its ARN does not say.
				sessions = append(sessions, s)
			case c.kind == sessionPrincipal && first == "role" && rest[strings.LastIndexByte(rest, '/')+1:] == c.role:
				h |= byRole
			case c.kind == rolePrincipal && arn.Service == "sts" && first == "assumed-role":
				if role, session, _ := strings.Cut(rest, "/"); role == c.role {
					sessions = append(sessions, session)
				}
			}
		}
	}
	switch c.kind {
	case servicePrincipal:
		if containsFold(p.Service, c.text) {
			h |= byName
		}
	case providerPrincipal:
		if containsFold(p.Federated, c.text) || contains(p.Federated, "*") || containsFold(p.Service, c.text) {
			h |= byName
		}
	case canonicalPrincipal:
		if containsFold(p.Canonical, c.text) {
			h |= byName
		}
	}
	return h, sessions
}

// spared says whether a Deny with this NotPrincipal leaves the caller alone. AWS checks the account first, then the role or user, so
// both must be listed; a session need not be.
//
// "AWS JSON policy elements: NotPrincipal",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (c *caller) spared(p *Principals) bool {
	if p.Any {
		return true
	}
	h, _ := c.named(p)
	switch {
	case !c.inAccount() || c.kind == rootPrincipal:
		return h != 0
	case c.isRole():
		return h&byAccount != 0 && h&byRole != 0
	}
	return h&byAccount != 0 && h&byName != 0
}

func contains(list []string, s string) bool {
	for _, t := range list {
		if t == s {
			return true
		}
	}
	return false
}

func containsFold(list []string, s string) bool {
	for _, t := range list {
		if strings.EqualFold(t, s) {
			return true
		}
	}
	return false
}
