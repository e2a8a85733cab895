package iam

// assume says what to make of what could not be read.
type assume uint8

const (
	asRead  assume = iota // as if it did not exist
	atBest                // it allows everything and denies nothing
	atWorst               // it denies everything
)

// layerResult is what one layer says: what it allows in each way of naming the caller, and what it denies.
type layerResult struct {
	byName, byRole, byAccount term
	deny                      term
}

func (l *layerResult) allow() term { return or(l.byName, l.byRole, l.byAccount) }

// layer judges the policies of one layer, or of one level of SCPs or RCPs.
func (q *query) layer(name string, policies []*Policy, named bool, a assume) layerResult {
	var out layerResult
	for _, p := range policies {
		if p == nil {
			continue
		}
		if len(p.Unparsed) > 0 {
			out.doubt(a)
		}
		for i := range p.Statements {
			st := &p.Statements[i]
			f := q.statement(p, st, named)
			ref := Ref{Layer: name, Policy: p.Name, Statement: i, Sid: st.Sid}
			if f.match == no {
				if f.void && st.Effect == EffectDeny && a == asRead {
					q.voids = append(q.voids, ref)
				}
				continue
			}
			out.take(st.Effect, f, ref)
		}
	}
	return out
}

func (l *layerResult) take(effect Effect, f finding, ref Ref) {
	some := f.residual
	federated := len(f.sessions) > 0 && isPrincipalARN(f.sessions[0]) // no session name is an ARN
	if len(f.sessions) > 0 {
		one := Condition{Operator: "StringEquals", Key: "sts:RoleSessionName", Values: f.sessions}
		if federated {
			one = Condition{Operator: "FederatedBy", Key: "sts:GetFederationToken", Values: f.sessions}
		}
		some = append(append([]Condition(nil), some...), one)
	}
	if effect == EffectDeny {
		if f.how != 0 {
			l.deny.add(f.match, ref, f.residual)
		} else {
			l.deny.add(open, ref, some)
		}
		return
	}
	if f.how&byName != 0 {
		l.byName.add(f.match, ref, f.residual)
	} else if federated {
		l.byRole.add(open, ref, some)
	} else if len(f.sessions) > 0 {
		l.byName.add(open, ref, some)
	}
	if f.how&byRole != 0 {
		l.byRole.add(f.match, ref, f.residual)
	}
	if f.how&byAccount != 0 {
		l.byAccount.add(f.match, ref, f.residual)
	}
}

// doubt brings in a statement, or a whole layer, that nobody could read.
func (l *layerResult) doubt(a assume) {
	switch a {
	case atBest:
		l.byName, l.byRole, l.byAccount = always, always, always
	case atWorst:
		l.deny = always
	}
}

// levels judges SCPs or RCPs: every level must allow, any may deny.
//
// "SCP evaluation",
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
func (q *query) levels(name string, levels [][]*Policy, unread bool, a assume) (allow, deny term) {
	allow = always
	for _, policies := range levels {
		l := q.layer(name, policies, name == LayerRCP, a)
		allow = and(allow, l.allow())
		deny = or(deny, l.deny)
	}
	if unread && a == atWorst {
		deny = always
	}
	return allow, deny
}
