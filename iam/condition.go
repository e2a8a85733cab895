package iam

// tri is a truth value of three.
type tri uint8

const (
	no tri = iota
	open
	yes
)

func truth(b bool) tri {
	if b {
		return yes
	}
	return no
}

// condition judges one condition. Variables are filled in only where the policy's version knows them.
//
// Set operators and missing keys: "Set operators for multivalued context keys",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (q *query) condition(c *Condition, variables bool) tri {
	op, ok := parseOperator(c.Operator)
	if !ok {
		return open // cannot come from Parse; a policy made by hand
	}
	have, state := q.key(c.Key)
	if op.base == opNull {
		return isNull(c.Values, state)
	}
	if state == keyAbsent && (op.ifExists || op.set == forAll) {
		return yes
	}
	if op.set == forAll && state == keyKnown && allEmpty(have) {
		return yes // an empty string counts as an empty set here
	}
	want, filling := q.values(c.Values, op, variables)
	switch {
	case state == keyAbsent:
		return truth(op.negated && op.set != forAny)
	case state == keyKnown:
		return decide(op, have, want, filling)
	case filling == filled && len(want) == 0:
		return nothingWanted(op, state)
	}
	return undecided(op, state, want, filling)
}

// values are the policy's values with their variables filled in. One whose variable has no value is left out: nothing equals it, so
// that a positive operator does not match through it, and a negated one is not stopped by it. The state is unfilled if one is open.
//
// "Policy variables with no value",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
func (q *query) values(values []string, op operator, variables bool) ([]string, fill) {
	if !variables || !op.expands() {
		return values, filled
	}
	expanded := false
	for _, v := range values {
		for i := 0; i+1 < len(v); i++ {
			expanded = expanded || v[i] == '$' && v[i+1] == '{'
		}
	}
	if !expanded {
		return values, filled
	}
	state := filled
	out := make([]string, 0, len(values))
	for _, v := range values {
		s, f, _ := q.expand(v)
		switch f {
		case unfilled:
			state = unfilled
		case filled:
			out = append(out, s)
		}
	}
	return out, state
}

// nothingWanted judges a key whose value is not known where no value of the policy is left.
func nothingWanted(op operator, state keyState) tri {
	switch {
	case op.negated:
		if op.set == forAny && state == keyOpen && !op.ifExists {
			return open // it does not match if the key turns out to be missing
		}
		return yes
	case op.set == forAll, op.ifExists && state == keyOpen:
		return open // it matches if the key turns out to be missing, or empty
	}
	return no
}

func isNull(values []string, state keyState) tri {
	if state == keyOpen {
		return open
	}
	want := "false"
	if state == keyAbsent {
		want = "true"
	}
	if containsFold(values, want) {
		return yes
	}
	return no
}

func allEmpty(values []string) bool {
	for _, v := range values {
		if v != "" {
			return false
		}
	}
	return true
}

// undecided judges a key whose value is not known. Only patterns that match everything decide anything.
func undecided(op operator, state keyState, want []string, f fill) tri {
	if op.base != opLike || f == unfilled {
		return open
	}
	everything := false
	for _, v := range want {
		everything = everything || allStars(v)
	}
	switch {
	case !everything:
		return open
	case !op.negated && (state == keyPresent || op.ifExists || op.set == forAll):
		return yes
	case op.negated && state == keyPresent && op.set != forAll:
		return no
	}
	return open
}

// decide judges known values.
func decide(op operator, have, want []string, f fill) tri {
	all, some := yes, no
	for _, h := range have {
		t := no
		for _, w := range want {
			if op.compare(h, w) {
				t = yes
				break
			}
		}
		if t == no && f == unfilled {
			t = open
		}
		if op.negated {
			t = yes - t
		}
		all, some = min(all, t), max(some, t)
	}
	switch {
	case op.set == forAll:
		return all
	case op.set == forAny:
		return some
	case op.negated:
		return all // none of the values may match
	}
	return some
}
