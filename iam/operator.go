package iam

import "strings"

type base uint8

const (
	opString base = iota
	opStringFold
	opLike
	opNumeric
	opDate
	opBool
	opBinary
	opIP
	opARN
	opNull
)

type relation uint8

const (
	relEqual relation = iota
	relLess
	relLessEqual
	relGreater
	relGreaterEqual
)

type quantifier uint8

const (
	single quantifier = iota
	forAll
	forAny
)

// operator is a condition operator taken apart.
type operator struct {
	base     base
	relation relation
	negated  bool
	ifExists bool
	set      quantifier
}

// parseOperator reads an operator in any case: [ForAllValues:|ForAnyValue:]Name[IfExists].
func parseOperator(s string) (operator, bool) {
	var op operator
	if prefix, rest, found := strings.Cut(s, ":"); found {
		switch {
		case strings.EqualFold(prefix, "ForAllValues"):
			op.set = forAll
		case strings.EqualFold(prefix, "ForAnyValue"):
			op.set = forAny
		default:
			return op, false
		}
		s = rest
	}
	const suffix = "IfExists"
	if n := len(s) - len(suffix); n > 0 && strings.EqualFold(s[n:], suffix) {
		op.ifExists = true
		s = s[:n]
	}
	switch strings.ToLower(s) {
	case "stringequals":
	case "stringnotequals":
		op.negated = true
	case "stringequalsignorecase":
		op.base = opStringFold
	case "stringnotequalsignorecase":
		op.base, op.negated = opStringFold, true
	case "stringlike":
		op.base = opLike
	case "stringnotlike":
		op.base, op.negated = opLike, true
	case "numericequals":
		op.base = opNumeric
	case "numericnotequals":
		op.base, op.negated = opNumeric, true
	case "numericlessthan":
		op.base, op.relation = opNumeric, relLess
	case "numericlessthanequals":
		op.base, op.relation = opNumeric, relLessEqual
	case "numericgreaterthan":
		op.base, op.relation = opNumeric, relGreater
	case "numericgreaterthanequals":
		op.base, op.relation = opNumeric, relGreaterEqual
	case "dateequals":
		op.base = opDate
	case "datenotequals":
		op.base, op.negated = opDate, true
	case "datelessthan":
		op.base, op.relation = opDate, relLess
	case "datelessthanequals":
		op.base, op.relation = opDate, relLessEqual
	case "dategreaterthan":
		op.base, op.relation = opDate, relGreater
	case "dategreaterthanequals":
		op.base, op.relation = opDate, relGreaterEqual
	case "bool":
		op.base = opBool
	case "binaryequals":
		op.base = opBinary
	case "ipaddress":
		op.base = opIP
	case "notipaddress":
		op.base, op.negated = opIP, true
	case "arnequals", "arnlike":
		op.base = opARN
	case "arnnotequals", "arnnotlike":
		op.base, op.negated = opARN, true
	case "null":
		op.base = opNull
		return op, !op.ifExists // there is no NullIfExists
	default:
		return op, false
	}
	return op, true
}

// expands says whether policy variables may stand in the operator's values: string and ARN operators only.
//
// "IAM policy elements: Variables and tags",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (op operator) expands() bool {
	return op.base == opString || op.base == opStringFold || op.base == opLike || op.base == opARN
}
