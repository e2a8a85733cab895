package decide

import (
	"slices"

	"github.com/footing-dev/footing/iam"
)

// word is 64 truth values.
type word struct{ must, may uint64 }

var (
	yes = word{^uint64(0), ^uint64(0)}
	no  = word{}
)

func (x truths) word(i int) word { return word{x.must[i], x.may[i]} }

func (x word) and(o word) word { return word{x.must & o.must, x.may & o.may} }
func (x word) or(o word) word  { return word{x.must | o.must, x.may | o.may} }

// within keeps the values of some columns, and makes the others false.
func (x word) within(mask uint64) word { return word{x.must & mask, x.may & mask} }

// pick takes the values of columns in mask, and those of o elsewhere.
func (x word) pick(mask uint64, o word) word { return x.within(mask).or(o.within(^mask)) }

// decide puts the layers together, 64 columns at a time, as iam.Evaluate does for one. How says how to take what was not read.
func (q *question) decide(a *actor, how int) {
	w, ru, out := q.work, &q.rules, q.work.outcomes[how]
	identityBest, identityWorst := a.identityDoubt && how == best, a.identityDoubt && how == worst
	boundaryBest, boundaryWorst := a.boundaryDoubt && how == best, a.boundaryDoubt && how == worst
	for i := range out.Allow {
		granted, boundary, deny := yes, yes, no
		if !a.root {
			granted, deny = w.identity.allow.word(i), w.identity.deny.word(i)
			if a.bound {
				boundary, deny = w.boundary.allow.word(i), deny.or(w.boundary.deny.word(i))
			}
		}
		if identityBest {
			granted = yes
		}
		if boundaryBest {
			boundary = yes
		}
		if identityWorst || boundaryWorst {
			deny = yes
		}
		identity := granted.and(boundary)

		name, role, account := w.side[byName].word(i), w.side[byRole].word(i), w.side[byAccount].word(i)
		denied := w.side[denies].word(i)
		switch doubt := yes.within(ru.policyDoubt[i]); how {
		case best:
			name, role, account = name.or(doubt), role.or(doubt), account.or(doubt)
		case worst:
			denied = denied.or(doubt)
		}
		if a.root {
			denied = denied.within(^ru.rootRepairs[i])
		}
		deny = deny.or(denied)
		open := ^ru.blocked[how][i]
		name, role, account = name.within(open), role.within(open), account.within(open)
		byGrant, byGrantRole := w.side[grantName].word(i), w.side[grantRole].word(i)
		if how == best {
			byGrant = byGrant.or(yes.within(ru.grantsUnread[i]))
		}

		direct := name.or(role.or(byGrantRole).and(boundary)).or(byGrant)
		delegated := direct.or(account.and(identity))
		if a.root {
			delegated = delegated.within(^ru.rootCannot[i])
		}
		allow := delegated.pick(ru.delegated[i], identity.or(direct))
		allow = identity.and(name.or(role).or(account).or(byGrant).or(byGrantRole)).pick(ru.cross[i], allow)

		if q.underSCP(a) {
			for l := range w.scp {
				allow, deny = limit(allow, deny, w.scp[l].allow.word(i), w.scp[l].deny.word(i), q.e.scpDoubt[l], how)
			}
			if how == worst && q.e.scpUnread {
				deny = yes
			}
		}
		if under := ru.rcp[i]; !a.linked && under != 0 {
			limited, more := allow, deny
			for l := range w.rcp {
				limited, more = limit(limited, more, w.rcp[l].allow.word(i), w.rcp[l].deny.word(i), q.e.rcpDoubt[l], how)
			}
			if how == worst && q.e.rcpUnread {
				more = yes
			}
			allow, deny = limited.pick(under, allow), more.pick(under, deny)
		}

		if ru.always {
			allow, deny = yes, no
		} else {
			allow = allow.within(^ru.owned[i])
		}
		if i == len(out.Allow)-1 && q.n&63 != 0 {
			allow = allow.within(1<<(q.n&63) - 1)
		}
		out.Allow[i] = allow.must &^ deny.may
		out.Conditional[i] = allow.may &^ deny.must &^ out.Allow[i]
	}
}

// limit applies one level of SCPs or RCPs: it must allow, and may deny.
func limit(allow, deny, levelAllows, levelDenies word, doubt bool, how int) (word, word) {
	if doubt && how == best {
		levelAllows = yes
	}
	if doubt && how == worst {
		levelDenies = yes
	}
	return allow.and(levelAllows), deny.or(levelDenies)
}

// doubtless tells whether nothing that was not read can matter to an actor.
func (q *question) doubtless(a *actor) bool {
	return !a.identityDoubt && !a.boundaryDoubt && !q.scpDoubt(a) && !q.rcpDoubt(a) && !q.anyDoubt
}

func (q *question) scpDoubt(a *actor) bool {
	return q.underSCP(a) && (q.e.scpUnread || slices.Contains(q.e.scpDoubt, true))
}

func (q *question) rcpDoubt(a *actor) bool {
	return !a.linked && (q.e.rcpUnread || slices.Contains(q.e.rcpDoubt, true))
}

// resolve compares the outcomes at best and at worst. Where they are one, nothing unread matters; where only the organisation's
// policies are in doubt, it is allowed at most; else it is unknown.
func (q *question) resolve(a *actor, out Row) {
	o := &q.work.outcomes
	scp, rcp := yes.within(0).must, uint64(0)
	if q.scpDoubt(a) {
		scp = yes.must
	}
	for i := range out.Allow {
		rcp = 0
		if q.rcpDoubt(a) {
			rcp = q.rules.rcp[i]
		}
		other := q.rules.doubt[i]
		if a.identityDoubt || a.boundaryDoubt {
			other = yes.must
		}
		doubt := scp | rcp | other
		sA, sC := o[seen].Allow[i], o[seen].Conditional[i]
		bA, bC := o[best].Allow[i], o[best].Conditional[i]
		wA, wC := o[worst].Allow[i], o[worst].Conditional[i]
		denied := ^(bA | bC)
		same := denied | bA&wA | bC&wC
		open := doubt &^ same
		out.Allow[i] = sA&^doubt | bA&doubt&same
		out.Conditional[i] = sC&^doubt | bC&doubt&same | open&^other
		out.Unknown[i] = open & other
		out.Seen[i] = open & other & (sA | sC)
	}
}

// At is the outcome in one column, and whether it is not denied on what was read alone.
func (r Row) At(col int) (o iam.Outcome, seen bool) {
	switch {
	case r.Allow.Has(col):
		return iam.Allow, true
	case r.Conditional.Has(col):
		return iam.Conditional, true
	case r.Unknown.Has(col):
		return iam.Unknown, r.Seen.Has(col)
	}
	return iam.Deny, false
}
