package iam

import (
	"math/big"
	"time"
)

// Kind is what a condition operator compares.
type Kind uint8

// The kinds of operators.
const (
	KindString     Kind = iota // StringEquals
	KindStringFold             // StringEqualsIgnoreCase
	KindLike                   // StringLike
	KindNumeric
	KindDate
	KindBool
	KindBinary
	KindIP
	KindARN // ArnEquals and ArnLike, which are the same
	KindNull
)

// Operator is a condition operator taken apart, for programs that reason about policies rather than evaluate them.
type Operator struct {
	Kind           Kind
	Negated        bool // StringNotEquals …
	IfExists       bool
	ForAll, ForAny bool // ForAllValues:, ForAnyValue:
	Variables      bool // policy variables may stand in its values
	written        operator
}

// ParseOperator reads an operator in any case: [ForAllValues:|ForAnyValue:]Name[IfExists].
func ParseOperator(s string) (Operator, bool) {
	op, ok := parseOperator(s)
	if !ok {
		return Operator{}, false
	}
	return Operator{
		Kind: Kind(op.base), Negated: op.negated, IfExists: op.ifExists, ForAll: op.set == forAll, ForAny: op.set == forAny,
		Variables: op.expands(), written: op,
	}, true
}

// Compare applies the operator, without its negation, to one value of a request and one of a policy in which no variable is left.
func (o Operator) Compare(have, want string) bool { return o.written.compare(have, want) }

// ParseNumber reads the value of a Numeric operator.
func ParseNumber(s string) (*big.Rat, bool) { return parseNumber(s) }

// ParseDate reads the value of a Date operator.
func ParseDate(s string) (time.Time, bool) { return parseDate(s) }

// MultiValued names the global condition keys that may hold many values, and are no policy variables for that reason.
func MultiValued(key string) bool { return multivalued(key) }
