package iam

// Evaluate decides one request under the policies that have a say. It does not change its arguments and may be called from many
// goroutines with the same policies.
//
// "Policy evaluation logic",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func Evaluate(r *Request, in *Layers) Decision {
	if in == nil {
		in = &Layers{}
	}
	q := newQuery(r, in)
	seen := q.decide(in, asRead)
	seen.Seen, seen.Void = seen.Outcome, unique(q.voids, sameRef)
	doubts := q.doubts(in)
	if doubts == 0 {
		return seen
	}
	best := q.decide(in, atBest)
	best.Void = seen.Void
	if best.Outcome == Deny || best.Outcome == q.decide(in, atWorst).Outcome {
		// Nothing that was not read can change the answer.
		if best.Outcome != seen.Outcome {
			best.Seen = seen.Outcome
			return best
		}
		return seen
	}
	if doubts&^(doubtSCP|doubtRCP) == 0 {
		// Allowed at most: an organisation's policies only take away.
		best.Outcome, best.Seen = Conditional, seen.Outcome
		if doubts&doubtSCP != 0 {
			best.Residual = append(best.Residual, Condition{Operator: "Unread", Key: LayerSCP, Values: []string{}})
		}
		if doubts&doubtRCP != 0 {
			best.Residual = append(best.Residual, Condition{Operator: "Unread", Key: LayerRCP, Values: []string{}})
		}
		return best
	}
	return Decision{Outcome: Unknown, Because: seen.Because, Seen: seen.Outcome, Void: seen.Void}
}

type doubt uint8

const (
	doubtSCP doubt = 1 << iota
	doubtRCP
	doubtOther
)

// doubts says what could not be read or understood among the layers that apply to the request.
func (q *query) doubts(in *Layers) doubt {
	var d doubt
	for _, name := range in.Unread {
		switch name {
		case LayerSCP:
			if q.underSCP() {
				d |= doubtSCP
			}
		case LayerRCP:
			if q.underRCP() {
				d |= doubtRCP
			}
		default:
			d |= doubtOther
		}
	}
	if q.underSCP() && anyUnparsed(in.SCP...) {
		d |= doubtSCP
	}
	if q.underRCP() && anyUnparsed(in.RCP...) {
		d |= doubtRCP
	}
	if anyUnparsed(in.Identity, in.Boundary, in.Session, in.Resource, in.VPCEndpoint) {
		d |= doubtOther
	}
	return d
}

func anyUnparsed(layers ...[]*Policy) bool {
	for _, policies := range layers {
		for _, p := range policies {
			if p != nil && len(p.Unparsed) > 0 {
				return true
			}
		}
	}
	return false
}

// decide gives the outcome when what could not be read is taken as a says. Seen is left to the caller.
func (q *query) decide(in *Layers, a assume) Decision {
	switch {
	case q.alwaysAllowed():
		return Decision{Outcome: Allow}
	case q.ownedByAWS():
		return Decision{Outcome: Deny}
	}
	allow, deny := q.judge(in, a)
	switch {
	case deny.t == yes:
		return Decision{Outcome: Deny, Explicit: true, Because: unique(deny.because, sameRef)}
	case allow.t == no:
		return Decision{Outcome: Deny, Because: unique(allow.because, sameRef)}
	case allow.t == yes && deny.t == no:
		return Decision{Outcome: Allow, Because: unique(allow.because, sameRef)}
	}
	d := Decision{Outcome: Conditional, Because: unique(append(allow.because, deny.because...), sameRef)}
	var residual []Condition
	if allow.t == open {
		residual = append(residual, allow.residual...)
	}
	residual = append(residual, negate(deny.residual)...)
	d.Residual = unique(residual, sameCondition)
	return d
}

// judge puts the layers together.
func (q *query) judge(in *Layers, a assume) (allow, deny term) {
	unread := func(name string) bool { return contains(in.Unread, name) }
	one := func(name string, policies []*Policy, named bool) layerResult {
		l := q.layer(name, policies, named, a)
		if unread(name) {
			l.doubt(a)
		}
		return l
	}

	// The caller's side: identity policies within the boundary and the session policy.
	granted, boundary, session := always, always, always
	if q.inAccount() && q.kind != rootPrincipal {
		l := one(LayerIdentity, in.Identity, false)
		granted, deny = l.allow(), or(deny, l.deny)
		if in.Boundary != nil || unread(LayerBoundary) {
			l = one(LayerBoundary, in.Boundary, false)
			deny = or(deny, l.deny)
			if in.Boundary != nil {
				boundary = l.allow()
			}
		}
	}
	if q.inAccount() && (in.Session != nil || unread(LayerSession)) {
		l := one(LayerSession, in.Session, false)
		deny = or(deny, l.deny)
		if in.Session != nil {
			session = l.allow()
		}
	}

	// The resource's side.
	var policy layerResult
	if q.readsResourcePolicy() {
		policy = one(LayerResource, in.Resource, true)
		if !q.ownerMayRepair() {
			deny = or(deny, policy.deny)
		}
		if q.publicAccessBlocked(in, a) {
			policy.byName, policy.byRole, policy.byAccount = term{}, term{}, term{}
		}
	}
	grants := q.grants(in.Grants)
	if unread(LayerGrant) && a == atBest && q.isKMSKey() {
		grants = layerResult{byName: always}
	}
	allow = q.combine(granted, boundary, session, policy, grants)
	if q.mountsByDefault(in) {
		allow = always
	}

	// Limits on either side.
	if q.underSCP() {
		limit, denied := q.levels(LayerSCP, in.SCP, unread(LayerSCP), a)
		allow, deny = and(allow, limit), or(deny, denied)
	}
	if q.underRCP() {
		limit, denied := q.levels(LayerRCP, in.RCP, unread(LayerRCP), a)
		allow, deny = and(allow, limit), or(deny, denied)
	}
	if q.kind != servicePrincipal && (in.VPCEndpoint != nil || unread(LayerVPCEndpoint)) {
		l := one(LayerVPCEndpoint, in.VPCEndpoint, true)
		deny = or(deny, l.deny)
		if in.VPCEndpoint != nil {
			allow = and(allow, l.allow())
		}
	}
	return allow, deny
}

// combine says when the caller's side and the resource's side together allow.
//
// Which grants of a resource policy a boundary or session policy limits: "Policy evaluation for requests within a single account",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
// Other accounts: "Cross-account policy evaluation logic",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
func (q *query) combine(granted, boundary, session term, policy, grants layerResult) term {
	identity := and(granted, boundary, session)
	if !q.inAccount() {
		return or(policy.byName, grants.byName)
	}
	if !q.sameAccount() {
		return and(identity, or(policy.allow(), grants.allow()))
	}
	direct := or(
		policy.byName,
		and(or(policy.byRole, grants.byRole), boundary, session),
		grants.byName,
	)
	switch {
	case q.isTrust() && q.kind == rootPrincipal:
		// "AssumeRole": root credentials cannot call it,
		// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
		return term{}
	case q.isTrust() || q.isKMSKey():
		// Identity policies count only where the trust or key policy hands the decision to the account,
		// https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
		return or(direct, and(policy.byAccount, identity))
	}
	return or(identity, direct)
}
