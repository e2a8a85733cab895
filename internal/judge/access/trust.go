package access

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

// trusts adds the ways into roles: what runs with them, federation, other accounts, AWS services.
func (t *Table) trusts(n *network.Reach) {
	run := t.running(n)
	for _, r := range t.snap.OfType("AWS::IAM::Role") {
		ps, read := t.decisions.Policies(r.Key)
		if !read || slices.ContainsFunc(ps, func(p *iam.Policy) bool { return len(p.Unparsed) > 0 }) {
			t.enter(node{string(r.Key), None}, &entryAt{Entry: &Entry{Kind: Public, ID: decide.Anonymous, Actor: decide.Anonymous, Unknown: true,
				Says: "the trust policy of " + r.Name + " was not understood"}})
		}
		for _, e := range run[r.Key] {
			t.enter(node{string(r.Key), None}, &entryAt{Entry: e})
		}
		for _, p := range ps {
			for i := range p.Statements {
				if st := &p.Statements[i]; st.Effect == iam.EffectAllow && (st.Principals != nil || st.NotPrincipal != nil) {
					t.federation(r, st)
					t.foreignTrust(r, st)
					t.serviceTrust(r, st)
				}
			}
		}
	}
}

// federation adds the OIDC and SAML identities that a statement lets in.
func (t *Table) federation(role *snapshot.Resource, st *iam.Statement) {
	at := node{string(role.Key), None}
	if everybody(st) && st.SpeaksOf("sts:AssumeRoleWithWebIdentity") {
		e := &Entry{Kind: OIDCNoSubject, ID: "any identity provider", Actor: "any identity provider", Says: "anybody with a token of any provider"}
		t.enter(at, &entryAt{Entry: e, open: st.Conditions})
	}
	if st.Principals == nil {
		return
	}
	for _, provider := range st.Principals.Federated {
		host := providerHost(provider)
		saml := strings.Contains(provider, ":saml-provider/")
		action := "sts:AssumeRoleWithWebIdentity"
		if saml {
			action = "sts:AssumeRoleWithSAML"
		}
		if !st.SpeaksOf(action) {
			continue
		}
		d := t.explain(decide.Query{Principal: provider, Action: action, On: role.Key})
		if d.Outcome == iam.Deny {
			continue
		}
		e := &Entry{}
		switch {
		case saml:
			e.Kind, e.ID, e.Says = SSO, provider, "people who sign in through "+last(provider, "/")
			if strings.Contains(role.Name, "AWSReservedSSO_") {
				e.Says = "people with the permission set " + permissionSet(role.Name)
			}
		case strings.HasPrefix(host, "oidc.eks."):
			e.Kind, e.ID, e.Says = Pod, provider+subject(st, host), "pods"+strings.TrimPrefix(subject(st, host), "#")
			if s := subject(st, host); s == "" || strings.HasPrefix(s, "#*") {
				e.Kind, e.Says = OIDCNoSubject, "any identity of the cluster"
			}
		case host == "cognito-identity.amazonaws.com":
			e.Kind, e.ID, e.Says = cognito(st)
		default:
			e.Kind, e.Says = oidc(st, host)
			e.ID = provider + subject(st, host)
		}
		e.Actor = e.ID
		t.enter(at, &entryAt{Entry: e, because: d.Because, open: d.Residual})
	}
}

// everybody tells whether a statement is for all principals, or for all but some.
func everybody(st *iam.Statement) bool {
	return st.NotPrincipal != nil || st.Principals != nil && st.Principals.Any
}

func providerHost(provider string) string {
	if _, h, ok := strings.Cut(provider, ":oidc-provider/"); ok {
		return h
	}
	return provider
}

func permissionSet(role string) string {
	s := strings.TrimPrefix(role, "AWSReservedSSO_")
	if i := strings.LastIndex(s, "_"); i > 0 {
		s = s[:i]
	}
	return s
}

// subjects are the values that a statement asks of the provider's sub claim; nil when it asks nothing that narrows it.
// ForAllValues is true of a missing claim, and a negated or …IfExists operator lets a token without the claim pass.
func subjects(st *iam.Statement, host string) []string {
	return claim(st, host+":sub")
}

// claim lists the values of which a token must have one; nil when a token without the claim passes too.
func claim(st *iam.Statement, key string) []string {
	for _, c := range st.Conditions {
		op := strings.ToLower(c.Operator)
		if !strings.EqualFold(c.Key, key) || strings.HasPrefix(op, "forallvalues:") || strings.Contains(op, "not") || strings.HasSuffix(op, "ifexists") || op == "null" {
			continue
		}
		return c.Values
	}
	return nil
}

func subject(st *iam.Statement, host string) string {
	s := subjects(st, host)
	if len(s) == 0 {
		return ""
	}
	return "#" + strings.Join(s, "|")
}

// oidc classifies a statement by the widest subject that it lets in. The forms are GitHub's and GitLab's
// (repo:ORG/NAME:…, project_path:GROUP/NAME:…); for other providers a subject without a wildcard is pinned.
func oidc(st *iam.Statement, host string) (kind, says string) {
	subs := subjects(st, host)
	who := last(strings.TrimSuffix(host, "/"), "/")
	if len(subs) == 0 {
		return OIDCNoSubject, "anybody with a token of " + who
	}
	order := []string{OIDCNoSubject, OIDCOrg, OIDCRepo, OIDCPinned}
	best, says := len(order), ""
	for _, s := range subs {
		k, w := oidcSubject(s)
		if i := slices.Index(order, k); i < best {
			best, says = i, w
		}
	}
	return order[best], says
}

func oidcSubject(s string) (kind, says string) {
	before, wild := s, false
	if i := strings.IndexAny(s, "*?"); i >= 0 {
		before, wild = s[:i], true
	}
	prefix, rest, ok := strings.Cut(before, ":")
	if !ok || prefix != "repo" && prefix != "project_path" {
		switch {
		case !wild:
			return OIDCPinned, s
		case nobodys(before):
			return OIDCNoSubject, "any identity like " + s
		}
		return OIDCOrg, "any identity like " + s
	}
	org, repo, inOrg := strings.Cut(rest, "/")
	repo, tail, inRepo := strings.Cut(repo, ":")
	switch {
	case wild && (!inOrg || org == ""):
		return OIDCNoSubject, "any repository of anybody"
	case wild && !inRepo:
		return OIDCOrg, "any repository of " + org
	case wild, tail == "pull_request": // whoever may push any branch, or open a pull request from one
		return OIDCRepo, "any branch of " + org + "/" + repo
	}
	return OIDCPinned, s
}

// nobodys tells whether what stands before a wildcard names no tenant in full: a provider that serves everybody gives
// "organization:acme-anything" to whoever registers that name, while "organization:acme:" is one customer's.
func nobodys(before string) bool {
	kind, rest, ok := strings.Cut(strings.ReplaceAll(before, "/", ":"), ":")
	if !ok || kind == "" {
		return true
	}
	word := strings.Trim(strings.ToLower(kind), "abcdefghijklmnopqrstuvwxyz_-") == ""
	return word && !strings.Contains(strings.TrimLeft(rest, ":"), ":")
}

// cognito: an identity pool hands its unauthenticated role to anybody (Amazon Cognito Developer Guide, "Identity pools"); a role
// that does not name the pool by its audience can be had through anybody's pool.
func cognito(st *iam.Statement) (kind, id, says string) {
	const host = "cognito-identity.amazonaws.com"
	amr := claim(st, host+":amr")
	guest := len(amr) == 0 || slices.ContainsFunc(amr, func(v string) bool { return iam.Match(v, "unauthenticated") })
	if !guest && len(claim(st, host+":aud")) > 0 {
		return WebHost, host + "#authenticated", "signed-up users of the identity pool"
	}
	return AnyPrincipal, host + "#unauthenticated", "anyone, through the identity pool"
}

// foreignTrust adds accounts and their principals that a statement lets assume the role.
func (t *Table) foreignTrust(role *snapshot.Resource, st *iam.Statement) {
	if !st.SpeaksOf("sts:AssumeRole") {
		return
	}
	var who []string
	if st.Principals != nil {
		for _, a := range st.Principals.AWS {
			if arn, ok := iam.SplitARN(a); ok && arn.Account != t.snap.Account {
				who = append(who, a)
			}
		}
	}
	if everybody(st) {
		who = append(who, decide.Stranger)
		who = append(who, t.narrowed(st)...)
	}
	for _, p := range who {
		v := verdict{outcome: iam.Allow, seen: true}.and(t.explain(decide.Query{Principal: p, Action: "sts:AssumeRole", On: role.Key}))
		if v.outcome == iam.Deny {
			continue
		}
		e := &Entry{ID: p, Actor: p}
		e.Kind, e.Says = t.stranger(p, v.open)
		principal := p
		if p == decide.Stranger {
			principal, e.ID, e.Actor = AnyAccount, AnyAccount, decide.Anonymous
		}
		at := node{principal + viaKind(e.Kind), None}
		t.kinds[at.id] = principal
		ed := &edge{from: at, to: node{string(role.Key), None}, by: "assume-role"}
		v.onto(ed)
		t.add(ed)
		t.once(at, e)
	}
}

// computeTypes maps services that run a customer's code to the types that would hold the role. Their ways in are those
// of what runs; a service that only acts for the customer is an entry point of its own.
var computeTypes = map[string][]string{
	"ec2.amazonaws.com":       {"AWS::EC2::Instance"},
	"lambda.amazonaws.com":    {"AWS::Lambda::Function"},
	"ecs-tasks.amazonaws.com": {"AWS::ECS::Service", "AWS::ECS::TaskDefinition"},
}

// rolesAnywhere lets in whoever has a certificate of an authority that the account trusts. What the certificate says are tags of the session, which
// other services have none of.
// "Trust model", https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
const rolesAnywhere = "rolesanywhere.amazonaws.com"

// ofCertificates are the keys by which a role's trust policy asks for something in a certificate.
func (t *Table) ofCertificates(role *snapshot.Resource) []string {
	var out []string
	policies, _ := t.decisions.Policies(role.Key)
	for _, p := range policies {
		for i := range p.Statements {
			for _, c := range p.Statements[i].Conditions {
				k := strings.ToLower(c.Key)
				if strings.HasPrefix(k, "aws:principaltag/x509") || strings.HasPrefix(k, "aws:requesttag/x509") || k == "sts:sourceidentity" {
					out = append(out, c.Key)
				}
			}
		}
	}
	return out
}

func (t *Table) serviceTrust(role *snapshot.Resource, st *iam.Statement) {
	if st.Principals == nil {
		return
	}
	at := node{string(role.Key), None}
	for _, s := range st.Principals.Service {
		q := decide.Query{Principal: s, Action: "sts:AssumeRole", On: role.Key}
		if s == rolesAnywhere {
			q.Present = t.ofCertificates(role)
		}
		d := t.explain(q)
		if d.Outcome == iam.Deny {
			continue
		}
		if types, compute := computeTypes[s]; compute {
			if t.loose[s] || slices.ContainsFunc(types, t.unread) {
				id := string(role.Key) + "#" + s
				e := &Entry{Kind: ExposedHost, ID: id, Actor: id, Unknown: true, Says: "what runs as " + role.Name + " was not read"}
				if s == "ec2.amazonaws.com" {
					e.Facts = append(e.Facts, Fact{IMDSv1, snapshot.Unknown, "nor whether it asks for a metadata token"})
				}
				t.enter(at, &entryAt{Entry: e})
			}
			continue
		}
		e := &Entry{Kind: Service, ID: s, Actor: s, Says: "the service " + s}
		linked := strings.Contains(string(role.Key), ":role/aws-service-role/")
		if bound, _ := t.stranger(s, d.Residual); linked || bound == ServiceBound {
			e.Kind, e.Says = ServiceBound, e.Says+", for this account"
		}
		t.enter(at, &entryAt{Entry: e, because: d.Because, open: d.Residual})
	}
}
