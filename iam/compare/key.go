package compare

import (
	"encoding/base64"
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footing-dev/footing/iam"
)

// keySpace is what values a condition key can have in the comparison at hand.
type keySpace struct {
	key     string
	spelled string
	many    bool // several values in one request
	domain  domain
	typed   bool    // the catalogue says so: nothing else is a value
	forced  *filled // what the key is as a variable
}

type domain uint8

const (
	texts domain = iota
	switches
	numbers
	dates
	addresses
	binaries
	mixed
)

func domainOf(k iam.Kind) domain {
	switch k {
	case iam.KindNumeric:
		return numbers
	case iam.KindDate:
		return dates
	case iam.KindIP:
		return addresses
	case iam.KindBinary:
		return binaries
	case iam.KindBool:
		return switches
	}
	return texts
}

// keyFact is what the catalogue says of a key.
type keyFact struct {
	many   bool
	typed  bool
	domain domain
}

func (s *Solver) fact(key string) keyFact {
	if f, ok := s.facts[key]; ok {
		return f
	}
	var f keyFact
	if k, ok := s.u.catalog.ConditionKey(key); ok {
		f.many = k.Many()
		f.typed = true
		switch strings.TrimPrefix(k.Type, "ArrayOf") {
		case "Numeric":
			f.domain = numbers
		case "Date":
			f.domain = dates
		case "IPAddress":
			f.domain = addresses
		case "Bool":
			f.domain = switches
		default:
			f.typed = false
		}
	}
	if len(s.facts) < maxKept {
		s.facts[key] = f
	}
	return f
}

// space gathers what is asked of a key.
func (s *Solver) space(key string, atoms []*atom, many bool) *keySpace {
	f := s.fact(key)
	k := &keySpace{key: key, many: many, typed: f.typed}
	first := true
	for _, a := range atoms {
		if k.spelled == "" || a.spelled < k.spelled {
			k.spelled = a.spelled
		}
		if a.op.Kind == iam.KindNull {
			continue
		}
		d := domainOf(a.op.Kind)
		switch {
		case first:
			k.domain, first = d, false
		case k.domain == d:
		case k.domain <= switches && d <= switches:
			k.domain = texts
		default:
			k.domain = mixed
		}
	}
	switch {
	case !f.typed:
	case first, k.domain == f.domain, f.domain == switches:
		k.domain = f.domain
	case k.domain == texts: // it is compared as a text alone
		k.typed = false
	case k.domain == numbers && f.domain == dates: // seconds since 1970
	default:
		k.domain = mixed
	}
	return k
}

// value of a key in a request: no values is a missing key.
type value []string

// holds says whether an atom holds for a value. It mirrors the evaluator, with which every witness is confirmed.
func (k *keySpace) holds(a *atom, v value, b *budget) bool {
	op := a.op
	if op.Kind == iam.KindNull {
		want := "false"
		if len(v) == 0 {
			want = "true"
		}
		return slices.ContainsFunc(a.values, func(s string) bool { return strings.EqualFold(s, want) })
	}
	if len(v) == 0 {
		return op.IfExists || op.ForAll || op.Negated && !op.ForAny
	}
	if op.ForAll && allEmpty(v) {
		return true
	}
	all, some := true, false
	for _, h := range v {
		t := a.element(h, b) != op.Negated
		all, some = all && t, some || t
	}
	switch {
	case op.ForAll:
		return all
	case op.ForAny:
		return some
	case op.Negated:
		return all
	}
	return some
}

func allEmpty(v value) bool {
	for _, s := range v {
		if s != "" {
			return false
		}
	}
	return true
}

// element says whether one value equals one of the policy's, without the negation.
func (a *atom) element(h string, b *budget) bool {
	switch domainOf(a.op.Kind) {
	case texts, switches:
		return anyMatches(a.patterns, h, b)
	}
	for _, w := range a.values {
		b.take(4)
		if a.op.Compare(h, w) {
			return true
		}
	}
	return false
}

// demand is what one value is asked.
type demand struct {
	a    *atom
	want bool // that it equals one of the policy's
}

// solve finds a value for which the literals hold.
func (k *keySpace) solve(lits []lit, b *budget) (value, answer) {
	f := k.forced
	switch {
	case f != nil && f.state == single && f.known:
		if k.all(lits, value{f.value}, b) {
			return value{f.value}, possible
		}
		return nil, impossible
	case f == nil || f.state == missing:
		if k.all(lits, nil, b) {
			return nil, possible
		}
		if f != nil {
			return nil, impossible
		}
	}
	v, ok := k.present(lits, b)
	if ok == possible && f != nil && f.state == several && len(v) == 1 {
		v = append(v, v[0]) // nothing but a variable minds that a value stands there twice
	}
	return v, ok
}

func (k *keySpace) present(lits []lit, b *budget) (value, answer) {
	var every, some []demand // on each value; on some value, a different one each
	sets := false            // a ForAllValues is asked, for which empty texts are no values
	for _, l := range lits {
		op := l.a.op
		switch {
		case op.Kind == iam.KindNull:
			if k.holds(l.a, value{"x"}, b) != l.want {
				return nil, impossible
			}
			continue
		case op.ForAll:
			sets = true
			d := demand{l.a, l.want != op.Negated}
			if l.want {
				every = append(every, d)
			} else {
				some = append(some, d)
			}
			continue
		}
		// φ is what one value is asked: equal, or with a negated operator not equal
		d := demand{l.a, l.want != op.Negated}
		if (op.Negated && !op.ForAny) == l.want {
			every = append(every, d)
		} else {
			some = append(some, d)
		}
	}
	if k.domain == texts && k.emptyFits(lits, b) {
		// it does, but a value that says something is nicer
		if v, ok := k.values(every, some, sets, b); ok == possible {
			return v, possible
		}
		return value{""}, possible
	}
	return k.values(every, some, sets, b)
}

// emptyFits says whether an empty text will do, which ForAllValues takes for no value.
func (k *keySpace) emptyFits(lits []lit, b *budget) bool {
	sets := false
	for _, l := range lits {
		sets = sets || l.a.op.ForAll
	}
	return sets && k.all(lits, value{""}, b)
}

func (k *keySpace) values(every, some []demand, sets bool, b *budget) (value, answer) {
	if !k.many {
		h, ok := k.one(append(slices.Clone(every), some...), sets, b)
		return value{h}, ok
	}
	var out value
	said := false
	for i := -1; i < len(some); i++ {
		demands := every
		if i >= 0 {
			demands = append(slices.Clone(every), some[i])
		} else if len(some) > 0 {
			continue
		}
		h, ok := k.one(demands, true, b)
		if ok == impossible {
			h, ok = k.one(demands, false, b)
		}
		if ok != possible {
			return nil, ok
		}
		said = said || h != ""
		if !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	if sets && !said { // beside the empty texts stands one that is not empty
		h, ok := k.one(every, true, b)
		if ok != possible {
			return nil, ok
		}
		out = append(out, h)
	}
	return out, possible
}

func (k *keySpace) all(lits []lit, v value, b *budget) bool {
	for _, l := range lits {
		if l.a.vars && len(v) > 0 {
			continue // may be either
		}
		if k.holds(l.a, v, b) != l.want {
			return false
		}
	}
	return true
}

// one finds one value as demanded; empty texts count only where said is false.
func (k *keySpace) one(demands []demand, said bool, b *budget) (string, answer) {
	switch k.domain {
	case texts:
		return k.text(demands, said, b)
	case switches, numbers, dates, addresses, binaries:
		list, whole := k.points(k.domain, demands)
		if !k.typed { // nobody says that it cannot hold something else
			list = append(list, "x")
		}
		h, ok := k.try(list, demands, b)
		if ok == impossible && !whole {
			ok = unsure
		}
		return h, ok
	}
	candidates := []string{"x", ""}
	if said {
		candidates = candidates[:1]
	}
	if k.typed {
		candidates = nil
	}
	var words []demand
	for d := switches; d <= binaries; d++ {
		list, _ := k.points(d, demands)
		candidates = append(candidates, list...)
	}
	for _, d := range demands {
		if domainOf(d.a.op.Kind) <= switches {
			words = append(words, d)
			for _, p := range d.a.patterns {
				candidates = append(candidates, p.sample("x"), p.sample("0"))
			}
		}
	}
	if h, ok := k.try(candidates, demands, b); ok == possible {
		return h, ok
	}
	if h, ok := k.text(words, said, b); ok == impossible {
		return h, ok
	}
	return "", unsure
}

// text finds a text. The empty one is the last resort.
func (k *keySpace) text(demands []demand, said bool, b *budget) (string, answer) {
	w := wanted{least: 1}
	for _, d := range demands {
		if d.want {
			w.some = append(w.some, d.a.patterns)
		} else {
			w.none = append(w.none, d.a.patterns...)
		}
	}
	h, ok := w.find(b)
	if ok == impossible && !said {
		w.least = 0
		return w.find(b)
	}
	return h, ok
}

func (k *keySpace) try(candidates []string, demands []demand, b *budget) (string, answer) {
	for _, c := range candidates {
		ok := true
		for _, d := range demands {
			if d.a.element(c, b) != d.want {
				ok = false
				break
			}
		}
		if ok {
			return c, possible
		}
		if b.spent() {
			return "", unsure
		}
	}
	return "", impossible
}

// points are values of a domain, one of every sort that the demands tell apart: bounds, what lies between two of them, and what lies
// outside. Whole is false when one of them cannot be written in a way that the evaluator reads.
func (k *keySpace) points(d domain, demands []demand) (list []string, whole bool) {
	var values []string
	for _, x := range demands {
		if domainOf(x.a.op.Kind) == d {
			values = append(values, x.a.values...)
		}
	}
	switch d {
	case switches:
		return []string{"true", "false"}, true
	case numbers:
		return numberPoints(values)
	case dates:
		return datePoints(values)
	case addresses:
		return addressPoints(values), true
	case binaries:
		list = []string{"eA=="}
		for _, v := range values {
			list = append(list, v)
			if plain, err := base64.StdEncoding.DecodeString(v); err == nil {
				list = append(list, string(plain))
			}
		}
	}
	return list, true
}

func numberPoints(values []string) (list []string, whole bool) {
	var at []*big.Rat
	for _, v := range values {
		if n, ok := iam.ParseNumber(v); ok {
			at = append(at, n)
		}
	}
	if len(at) == 0 {
		return []string{"1"}, true
	}
	slices.SortFunc(at, func(a, b *big.Rat) int { return a.Cmp(b) })
	at = slices.CompactFunc(at, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
	whole = true
	put := func(n *big.Rat) {
		s := decimal(n)
		if _, ok := iam.ParseNumber(s); !ok {
			whole = false
			return
		}
		list = append(list, s)
	}
	one := big.NewRat(1, 1)
	put(new(big.Rat).Sub(at[0], one))
	for i, n := range at {
		put(n)
		if i+1 < len(at) {
			put(between(n, at[i+1]))
		}
	}
	put(new(big.Rat).Add(at[len(at)-1], one))
	return list, whole
}

// between prefers a whole number.
func between(a, b *big.Rat) *big.Rat {
	next := new(big.Int).Div(a.Num(), a.Denom())
	whole := new(big.Rat).SetInt(next.Add(next, big.NewInt(1)))
	if whole.Cmp(a) > 0 && whole.Cmp(b) < 0 {
		return whole
	}
	sum := new(big.Rat).Add(a, b)
	return sum.Mul(sum, big.NewRat(1, 2))
}

// decimal writes a number out; all of them have an end, since they come from decimals and halves of those.
func decimal(n *big.Rat) string {
	if n.IsInt() {
		return n.Num().String()
	}
	digits, _ := n.FloatPrec()
	return n.FloatString(digits)
}

func datePoints(values []string) (list []string, whole bool) {
	var at []time.Time
	for _, v := range values {
		if t, ok := iam.ParseDate(v); ok {
			at = append(at, t.UTC())
		}
	}
	if len(at) == 0 {
		at = append(at, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	}
	slices.SortFunc(at, time.Time.Compare)
	whole = true
	put := func(t time.Time) {
		s := t.Format(time.RFC3339Nano)
		if t.Year() > 9999 && t.Nanosecond() == 0 {
			s = strconv.FormatInt(t.Unix(), 10)
		}
		if back, ok := iam.ParseDate(s); !ok || !back.Equal(t) {
			whole = false
			return
		}
		list = append(list, s)
	}
	put(at[0].Add(-time.Hour))
	for i, t := range at {
		put(t)
		if i+1 < len(at) {
			switch gap := at[i+1].Sub(t); {
			case gap > 2*time.Second:
				put(t.Add((gap / 2).Truncate(time.Second)))
			case gap > 1:
				put(t.Add(gap / 2))
			}
		}
	}
	put(at[len(at)-1].Add(time.Hour))
	return list, whole
}

func addressPoints(values []string) []string {
	var at []netip.Addr
	for _, v := range values {
		if a, err := netip.ParseAddr(v); err == nil {
			a = a.WithZone("").Unmap()
			at = append(at, a, a.Next(), a.Prev())
			continue
		}
		p, err := netip.ParsePrefix(v)
		if err != nil {
			continue
		}
		first, last := p.Masked().Addr(), lastOf(p)
		at = append(at, first, last, last.Next(), first.Prev())
		if p.Bits() < first.BitLen()-1 {
			at = append(at, first.Next())
		}
	}
	at = append(at, netip.AddrFrom4([4]byte{192, 0, 2, 1}), netip.AddrFrom4([4]byte{}), netip.IPv6Unspecified(), netip.MustParseAddr("2001:db8::1"))
	slices.SortStableFunc(at, func(a, b netip.Addr) int { return plainness(a) - plainness(b) })
	var out []string
	for _, a := range at {
		if a.IsValid() {
			out = append(out, a.String())
		}
	}
	return out
}

// plainness puts addresses that somebody may have before those of special use.
func plainness(a netip.Addr) int {
	switch {
	case !a.IsValid():
		return 3
	case a.IsUnspecified() || a.IsMulticast():
		return 2
	case a.Is6():
		return 1
	}
	return 0
}

func lastOf(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}
