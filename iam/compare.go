package iam

import (
	"encoding/base64"
	"math/big"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// compare applies an operator, without its negation, to one value of the request and one of the policy. A value that cannot be read
// as a number, date, address … compares to nothing.
func (op operator) compare(have, want string) bool {
	switch op.base {
	case opString:
		return equalText(want, have, false)
	case opStringFold:
		return equalText(want, have, true)
	case opLike:
		return match(want, have, false)
	case opARN:
		return MatchConditionARN(want, have)
	case opBool:
		return strings.EqualFold(have, want) && (strings.EqualFold(want, "true") || strings.EqualFold(want, "false"))
	case opBinary:
		return equalBinary(have, want)
	case opIP:
		return containsIP(want, have)
	case opNumeric:
		h, ok := parseNumber(have)
		w, ok2 := parseNumber(want)
		return ok && ok2 && op.relation.holds(h.Cmp(w))
	case opDate:
		h, ok := parseDate(have)
		w, ok2 := parseDate(want)
		return ok && ok2 && op.relation.holds(h.Compare(w))
	}
	return false
}

func (r relation) holds(c int) bool {
	switch r {
	case relLess:
		return c < 0
	case relLessEqual:
		return c <= 0
	case relGreater:
		return c > 0
	case relGreaterEqual:
		return c >= 0
	}
	return c == 0
}

// equalText is equality, minding the bytes that stand for a literal star or question mark.
func equalText(want, have string, fold bool) bool {
	if strings.IndexByte(want, literalStar) >= 0 || strings.IndexByte(want, literalQuestion) >= 0 {
		want = strings.NewReplacer(string([]byte{literalStar}), "*", string([]byte{literalQuestion}), "?").Replace(want)
	}
	if fold {
		return strings.EqualFold(want, have)
	}
	return want == have
}

// parseNumber reads an integer or a decimal, exactly. Exponents are bounded so that a short text cannot become a huge number.
func parseNumber(s string) (*big.Rat, bool) {
	if s == "" || len(s) > 64 || strings.Trim(s, "0123456789+-.eE") != "" {
		return nil, false
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		if e, err := strconv.Atoi(s[i+1:]); err != nil || e > 400 || e < -400 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(s)
}

// parseDate reads the W3C forms of ISO 8601 and seconds since 1970.
//
// "IAM JSON policy elements: Condition operators", date condition operators,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func parseDate(s string) (time.Time, bool) {
	if len(s) > 4 && strings.Trim(s, "0123456789.") == "" {
		whole, _, _ := strings.Cut(s, ".")
		if n, err := strconv.ParseInt(whole, 10, 64); err == nil && len(whole) <= 18 {
			return time.Unix(n, 0).UTC(), true
		}
		return time.Time{}, false
	}
	for _, layout := range []string{
		time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04",
		"20060102T150405Z", "2006-01-02", "2006-01", "2006",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// containsIP says whether the address lies in a CIDR block, or equals a bare address, which stands for itself alone.
func containsIP(block, address string) bool {
	have, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	have = have.WithZone("").Unmap()
	if one, err := netip.ParseAddr(block); err == nil {
		return one.WithZone("").Unmap() == have
	}
	prefix, err := netip.ParsePrefix(block)
	return err == nil && prefix.Masked().Contains(have)
}

// equalBinary compares the base64 of a policy with the bytes of the request, which a caller may hand over plain or in base64.
func equalBinary(have, want string) bool {
	if have == want {
		return true
	}
	w, err := base64.StdEncoding.DecodeString(want)
	if err != nil {
		return false
	}
	if string(w) == have {
		return true
	}
	h, err := base64.StdEncoding.DecodeString(have)
	return err == nil && string(h) == string(w)
}
