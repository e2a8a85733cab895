package iam

import "strings"

// finding is what one statement says of a request: whether it matches, in which ways it means the caller, and what stays open.
type finding struct {
	match    tri
	how      how
	residual []Condition
	sessions []string // the caller stands for any session of a role; the statement names these single ones
	void     bool     // it does not match, and would but for a variable without a value
}

// statement judges one statement: cheap and telling tests first. In layers that are attached to the caller nobody is named, and the
// statement means the caller by name.
func (q *query) statement(p *Policy, st *Statement, named bool) finding {
	if !st.SpeaksOf(q.Action) {
		return finding{}
	}
	variables := p.Version == version2012
	f := finding{match: yes, how: byName}
	var pattern Condition
	q.void = false
	f.match, pattern = q.resources(st, variables)
	f.void = q.void && f.match == no
	if f.match == no && !f.void {
		return finding{}
	}
	if f.match == open {
		f.residual = append(f.residual, pattern)
	}
	if named && !q.principal(st, &f) {
		return finding{}
	}
	for i := range st.Conditions {
		c := &st.Conditions[i]
		q.void = false
		switch q.condition(c, variables) {
		case no:
			if !q.void {
				return finding{}
			}
			f.void = true
		case open:
			f.match = open
			f.residual = append(f.residual, *c)
		}
	}
	if f.void {
		return finding{void: true}
	}
	return f
}

// SpeaksOf tells whether Action or NotAction of a statement matches an action. Case does not count.
func (st *Statement) SpeaksOf(action string) bool {
	for _, a := range st.Actions {
		if MatchAction(a, action) {
			return true
		}
	}
	if st.NotActions == nil {
		return false
	}
	for _, a := range st.NotActions {
		if MatchAction(a, action) {
			return false
		}
	}
	return true
}

// resources judges Resource or NotResource. When open, the condition names the pattern and the variable that it waits for.
func (q *query) resources(st *Statement, variables bool) (tri, Condition) {
	switch {
	case st.Resources != nil:
		result, waits := no, Condition{}
		for _, pattern := range st.Resources {
			t, key := q.resourceMatch(pattern, variables)
			if t == yes {
				return yes, Condition{}
			}
			q.void = q.void || t == void
			if t == open && result == no {
				result, waits = open, Condition{Operator: "Resource", Key: key, Values: []string{pattern}}
			}
		}
		return result, waits
	case st.NotResources != nil:
		result, waits := yes, Condition{}
		for _, pattern := range st.NotResources {
			t, key := q.resourceMatch(pattern, variables)
			if t == yes || t == void {
				q.void = t == void
				return no, Condition{}
			}
			if (t == open || t == never) && result == yes {
				result, waits = open, Condition{Operator: "NotResource", Key: key, Values: []string{pattern}}
			}
		}
		return result, waits
	}
	return yes, Condition{}
}

// Two more values for patterns. Void: a variable has no value; as a Resource the pattern matches nothing, as a NotResource it voids
// the statement. Never: whatever value a variable has, the pattern does not match, but it may turn out void.
const (
	void  tri = 3
	never tri = 4
)

func (q *query) resourceMatch(pattern string, variables bool) (tri, string) {
	if pattern == "*" {
		return yes, ""
	}
	if !variables || !strings.Contains(pattern, "${") {
		return truth(MatchARN(pattern, q.Resource)), ""
	}
	// Variables may stand in the last part of an ARN only.
	head, tail := splitLast(pattern)
	filledIn, state, key := q.expand(tail)
	switch {
	case state == voided:
		return void, ""
	case !MatchARN(head+filledIn, q.Resource):
		if state == unfilled {
			return never, key
		}
		return no, ""
	case state == unfilled:
		return open, key
	}
	return yes, ""
}

// splitLast cuts behind the fifth colon; a pattern with fewer is all tail.
func splitLast(pattern string) (head, tail string) {
	at := 0
	for range 5 {
		i := strings.IndexByte(pattern[at:], ':')
		if i < 0 {
			return "", pattern
		}
		at += i + 1
	}
	return pattern[:at], pattern[at:]
}

// principal judges Principal or NotPrincipal into f and reports whether the statement may mean the caller at all.
func (q *query) principal(st *Statement, f *finding) bool {
	if st.NotPrincipal != nil {
		if st.Effect == EffectDeny {
			// "Permissions boundaries for IAM entities": such a Deny always hits a principal that has a boundary,
			// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
			return q.hasBound && q.inAccount() || !q.spared(st.NotPrincipal)
		}
		h, _ := q.named(st.NotPrincipal)
		return h == 0 && !st.NotPrincipal.Any
	}
	if st.Principals == nil {
		return false
	}
	h, sessions := q.named(st.Principals)
	if h == 0 && len(sessions) == 0 {
		return false
	}
	f.how, f.sessions = h, sessions
	return true
}
