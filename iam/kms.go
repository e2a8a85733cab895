package iam

import (
	"sort"
	"strings"
)

// grants judges the grants of a key. A grant allows its grantee without any policy; it never denies.
//
// "Grants in AWS KMS", https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
func (q *query) grants(grants []Grant) layerResult {
	var out layerResult
	if !q.isKMSKey() {
		return out
	}
	for i := range grants {
		g := &grants[i]
		if !containsFold(g.Operations, q.actionName) {
			continue
		}
		grantee := Principals{AWS: []string{g.Grantee}, Service: []string{g.Grantee}}
		if isAccountID(g.Grantee) {
			grantee.AWS[0] = "arn:aws:iam::" + g.Grantee + ":root"
		}
		how, sessions := q.named(&grantee)
		if how == 0 && len(sessions) == 0 {
			continue
		}
		f := finding{match: yes, how: how, sessions: sessions}
		if q.encryptionContext(g, &f); f.match != no {
			out.take(EffectAllow, f, Ref{Layer: LayerGrant, Policy: "grant", Statement: i})
		}
	}
	return out
}

// encryptionContext applies the constraint of a grant, which binds cryptographic operations only.
//
// "GrantConstraints", https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
func (q *query) encryptionContext(g *Grant, f *finding) {
	const prefix = "kms:EncryptionContext:"
	switch strings.ToLower(q.actionName) {
	case "describekey", "retiregrant":
		return
	}
	if len(g.EncryptionContext) == 0 {
		return
	}
	names := make([]string, 0, len(g.EncryptionContext))
	for k := range g.EncryptionContext {
		names = append(names, k)
	}
	sort.Strings(names)
	for _, k := range names {
		c := Condition{Operator: "StringEquals", Key: prefix + k, Values: []string{g.EncryptionContext[k]}}
		switch q.condition(&c, false) {
		case no:
			f.match = no
			return
		case open:
			f.match = open
			f.residual = append(f.residual, c)
		}
	}
	if g.Subset {
		return
	}
	for k, v := range q.Context {
		if len(v) == 0 || len(k) <= len(prefix) || !strings.EqualFold(k[:len(prefix)], prefix) {
			continue
		}
		if !containsFold(names, k[len(prefix):]) {
			f.match = no
			return
		}
	}
	keys := Condition{Operator: "ForAllValues:StringEquals", Key: "kms:EncryptionContextKeys", Values: names}
	if q.Closed {
		return
	}
	switch q.condition(&keys, false) {
	case no:
		f.match = no
	case open:
		f.match = open
		f.residual = append(f.residual, keys)
	}
}
