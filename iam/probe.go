package iam

// Truth is a truth value of three: a part of a policy matches a request, does not, or does as long as something holds that the request
// leaves open.
type Truth uint8

// False is the zero value.
const (
	False Truth = iota
	Open
	True
)

// Probe answers single parts of the decision of one request. A program that judges many requests that have most of their parts in
// common asks each part once and puts the answers together itself; [Evaluate] is the rule for how.
type Probe struct{ q query }

// NewProbe takes a request and whether its caller has a permissions boundary. The request must not change afterwards.
func NewProbe(r *Request, bound bool) *Probe {
	in := Layers{}
	if bound {
		in.Boundary = []*Policy{}
	}
	return &Probe{*newQuery(r, &in)}
}

// Condition judges one condition of a policy of some version.
func (p *Probe) Condition(c *Condition, version string) Truth {
	return Truth(p.q.condition(c, version == version2012))
}

// Key tells what is known of a condition key: its values; or that it is missing; or nothing for sure (then both results are false).
// Present says that a key without known values exists in any case.
func (p *Probe) Key(name string) (values []string, absent, present bool) {
	values, state := p.q.key(name)
	return values, state == keyAbsent, state == keyPresent
}

// Resource judges Resource or NotResource of a statement of a policy of some version.
func (p *Probe) Resource(st *Statement, version string) Truth {
	t, _ := p.q.resources(st, version == version2012)
	return Truth(t)
}

// Naming says in which ways a statement of a resource's policy means the caller.
type Naming struct {
	Name, Role, Account bool // itself or everybody; the role of a session; its account
	Session             bool // the caller is a role, not named itself, but single sessions of it are
}

// Principal judges Principal or NotPrincipal of a statement. The zero Naming means somebody else.
func (p *Probe) Principal(st *Statement) Naming {
	f := finding{match: yes, how: byName}
	if !p.q.principal(st, &f) {
		return Naming{}
	}
	return naming(f.how, f.sessions)
}

func naming(h how, sessions []string) Naming {
	return Naming{Name: h&byName != 0, Role: h&byRole != 0, Account: h&byAccount != 0, Session: len(sessions) > 0 && h&byName == 0}
}

// Grants judges the grants of a KMS key: what they allow the caller by name, by role and by account.
func (p *Probe) Grants(grants []Grant) (name, role, account Truth) {
	l := p.q.grants(grants)
	return Truth(l.byName.t), Truth(l.byRole.t), Truth(l.byAccount.t)
}

// Traits are the special rules that hold for a request.
type Traits struct {
	AlwaysAllowed       bool // no policy can forbid it
	OwnedByAWS          bool // it changes what belongs to AWS: denied whatever policies say
	InAccount           bool // the caller has identity policies of its own
	SameAccount         bool // the resource belongs to the caller's account, as far as known
	ReadsResourcePolicy bool // the policy of the resource speaks of this action
	Delegated           bool // role trust, KMS keys: identity policies count only where the resource's policy names the account
	RootCannot          bool // a root user can never do it
	OwnerMayRepair      bool // Denies of the resource's policy do not bind this caller
	UnderSCP, UnderRCP  bool
	Linked              bool // the caller is a service-linked role: policies of the organisation do not bind it
}

// Traits tells which special rules hold.
func (p *Probe) Traits() Traits {
	q := &p.q
	return Traits{
		AlwaysAllowed: q.alwaysAllowed(), OwnedByAWS: q.ownedByAWS(), InAccount: q.inAccount(), SameAccount: q.sameAccount(),
		ReadsResourcePolicy: q.readsResourcePolicy(), Delegated: q.isTrust() || q.isKMSKey(),
		RootCannot: q.isTrust() && q.kind == rootPrincipal, OwnerMayRepair: q.ownerMayRepair(),
		UnderSCP: q.underSCP(), UnderRCP: q.underRCP(), Linked: q.linked,
	}
}

// PublicAccessBlocked tells whether S3 Block Public Access takes the grants of a bucket's policy from the caller; where a setting or
// a statement was not read, at best and at worst.
func (p *Probe) PublicAccessBlocked(in *Layers) (seen, best, worst bool) {
	return p.q.publicAccessBlocked(in, asRead), p.q.publicAccessBlocked(in, atBest), p.q.publicAccessBlocked(in, atWorst)
}

// Expand fills the policy variables of a Resource pattern in, as far as the request knows them. Void: one has no value, and the
// pattern matches nothing. Open: one may have any value, and the result matches whatever it could make of the pattern. The result
// may hold bytes that are no UTF-8; it is for [MatchARN] alone.
func (p *Probe) Expand(pattern string) (result string, open, void bool) {
	head, tail := splitLast(pattern) // variables may stand in the last part only
	tail, state, _ := p.q.expand(tail)
	return head + tail, state == unfilled, state == voided
}
