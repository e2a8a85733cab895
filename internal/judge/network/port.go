package network

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Protocols that have ports, and the two whose messages have types instead.
const (
	tcp    = "tcp"
	udp    = "udp"
	icmp   = "icmp"
	icmpv6 = "icmpv6"
)

// Ports is an inclusive range of TCP or UDP ports; 0–65535 is all of them.
type Ports struct{ From, To int }

// Has tells whether a port is in the range.
func (p Ports) Has(port int) bool { return p.From <= port && port <= p.To }

var allPorts = Ports{0, 65535}

// ephemeral is where the client's end of a connection usually is; answers go back there (Amazon VPC User Guide, "Custom network ACLs",
// on ephemeral ports, https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html).
const ephemeral = 1024

// Traffic is one protocol and, for TCP and UDP, a range of ports. An empty protocol stands for all that no rule names.
type Traffic struct {
	Protocol string
	Ports
}

func (t Traffic) String() string {
	switch {
	case t.Protocol == "":
		return "other protocols"
	case t.Protocol != tcp && t.Protocol != udp:
		return t.Protocol
	case t.Ports == allPorts:
		return t.Protocol
	case t.From == t.To:
		return fmt.Sprintf("%s %d", t.Protocol, t.From)
	}
	return fmt.Sprintf("%s %d-%d", t.Protocol, t.From, t.To)
}

// spec is the traffic that a rule names. all: every protocol, whatever ports it writes beside (Amazon EC2 API Reference, IpPermission:
// with -1 all ports are meant). vague: not all of it could be read, so the rule may be for less.
type spec struct {
	Traffic
	all, vague bool
}

// protocol reads a protocol by name or number; "" with true stands for all of them.
func protocol(v any) (string, bool) {
	s, isText := v.(string)
	if n, ok := number(v); ok && !isText {
		s, isText = strconv.Itoa(n), true
	}
	switch s = strings.ToLower(strings.TrimSpace(s)); s {
	case "":
		return "", false
	case "-1", "all":
		return "", true
	case "1":
		return icmp, true
	case "6":
		return tcp, true
	case "17":
		return udp, true
	case "58":
		return icmpv6, true
	}
	return s, isText
}

// ported reads the protocol and ports of a rule; what is there but no number makes it vague.
func ported(proto, from, to any) spec {
	p, ok := protocol(proto)
	if !ok {
		return spec{all: true, vague: true}
	}
	s := spec{Traffic: Traffic{p, allPorts}, all: p == ""}
	a, okA := number(from)
	b, okB := number(to)
	switch p {
	case tcp, udp:
		switch {
		case from == nil && to == nil || okA && okB && a == -1:
		case !okA || !okB || a < 0 || b > 65535 || a > b:
			s.vague = true
		default:
			s.Ports = Ports{a, b}
		}
	case icmp, icmpv6: // its ports are a type and a code
		s.vague = from != nil && (!okA || a != -1)
	}
	return s
}

func number(v any) (int, bool) {
	if s, ok := v.(string); ok {
		n, err := strconv.Atoi(s)
		return n, err == nil
	}
	r := snapshot.Resource{Properties: map[string]any{"n": v}}
	f, state := r.Number("n")
	return int(f), state == snapshot.Known && f > -1e9 && f < 1e9
}

// set is a set of atoms, one bit each.
type set []uint64

func (s set) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }
func (s set) add(i int)      { s[i/64] |= 1 << (i % 64) }

func (s set) or(o set) {
	for i, w := range o {
		s[i] |= w
	}
}

func (s set) and(o set) {
	for i, w := range o {
		s[i] &= w
	}
}

func (s set) without(o set) {
	for i, w := range o {
		s[i] &^= w
	}
}

func (s set) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// both is what surely passes and what may: must is always within may. Between them lies what is unknown.
type both struct{ must, may set }

func (b both) or(o both)  { b.must.or(o.must); b.may.or(o.may) }
func (b both) and(o both) { b.must.and(o.must); b.may.and(o.may) }

// atoms are the distinct ranges of ports that any rule names: what is true of one port of an atom is true of all.
type atoms struct {
	list  []Traffic
	at    map[string]run // atoms of a protocol
	words int
	all   set
	tcp   set
}

func newAtoms(specs []spec) *atoms {
	cuts := map[string][]int{tcp: {0, ephemeral}, udp: {0, ephemeral}}
	for _, s := range specs {
		switch {
		case s.all || s.Protocol == "":
		case s.Protocol == tcp || s.Protocol == udp:
			cuts[s.Protocol] = append(cuts[s.Protocol], s.From, s.To+1)
		default:
			cuts[s.Protocol] = nil
		}
	}
	var protocols []string
	for p := range cuts {
		protocols = append(protocols, p)
	}
	slices.Sort(protocols)
	a := &atoms{at: map[string]run{}}
	for _, p := range protocols {
		c := cuts[p]
		slices.Sort(c)
		c = slices.Compact(c)
		lo := len(a.list)
		if c == nil {
			a.list = append(a.list, Traffic{p, allPorts})
		}
		for i, from := range c {
			to := 65535
			if i+1 < len(c) {
				to = c[i+1] - 1
			}
			if from <= 65535 {
				a.list = append(a.list, Traffic{p, Ports{from, to}})
			}
		}
		a.at[p] = run{lo, len(a.list) - 1}
	}
	a.at[""] = run{len(a.list), len(a.list)}
	a.list = append(a.list, Traffic{"", allPorts})
	a.words = (len(a.list) + 63) / 64
	a.all, a.tcp = a.none(), a.none()
	for i, t := range a.list {
		a.all.add(i)
		if t.Protocol == tcp {
			a.tcp.add(i)
		}
	}
	return a
}

func (a *atoms) none() set      { return make(set, a.words) }
func (a *atoms) nothing() both  { return both{a.none(), a.none()} }
func (a *atoms) anything() both { return both{a.none(), slices.Clone(a.all)} }
func (a *atoms) whole() both    { return both{slices.Clone(a.all), slices.Clone(a.all)} }

// of is what a rule covers, surely and at most.
func (a *atoms) of(s spec) both {
	b := a.nothing()
	if s.all {
		b.may.or(a.all)
	} else {
		r := a.at[s.Protocol]
		for i := r.lo; i <= r.hi; i++ {
			if s.From <= a.list[i].From && a.list[i].To <= s.To {
				b.may.add(i)
			}
		}
	}
	if !s.vague {
		b.must.or(b.may)
	}
	return b
}

// index finds the atom of a protocol and port. A protocol that no rule names is as good as any other such.
func (a *atoms) index(proto string, port int) int {
	r, ok := a.at[proto]
	if !ok {
		r = a.at[""]
	}
	for i := r.lo; i < r.hi; i++ {
		if a.list[i].Has(port) {
			return i
		}
	}
	return r.hi
}

// traffic spells a set out, neighbouring ranges as one.
func (a *atoms) traffic(s set) []Traffic {
	var out []Traffic
	for i, t := range a.list {
		if !s.has(i) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Protocol == t.Protocol && out[n-1].To+1 == t.From {
			out[n-1].To = t.To
			continue
		}
		out = append(out, t)
	}
	return out
}

// ports spells out the TCP and UDP ports of a set, sorted, each once.
func (a *atoms) ports(s set) []Ports {
	var all []Ports
	for _, t := range a.traffic(s) {
		if t.Protocol == tcp || t.Protocol == udp {
			all = append(all, t.Ports)
		}
	}
	slices.SortFunc(all, func(a, b Ports) int { return cmp.Or(a.From-b.From, a.To-b.To) })
	var out []Ports
	for _, p := range all {
		if n := len(out); n > 0 && p.From <= out[n-1].To+1 {
			out[n-1].To = max(out[n-1].To, p.To)
			continue
		}
		out = append(out, p)
	}
	return out
}

// answered says for which traffic an answer gets back, when these sets tell what passes on its way: for TCP and UDP there must be
// a port that a client can have, surely one from 1024 up, perhaps one below (whoever is root may bind those); for the rest the
// protocol itself must pass.
func (a *atoms) answered(b both) both {
	out := a.nothing()
	for p, r := range a.at {
		sure, may := false, false
		for i := r.lo; i <= r.hi; i++ {
			sure = sure || b.must.has(i) && (a.list[i].From >= ephemeral || p != tcp && p != udp)
			may = may || b.may.has(i)
		}
		for i := r.lo; i <= r.hi; i++ {
			if sure {
				out.must.add(i)
			}
			if may {
				out.may.add(i)
			}
		}
	}
	return out
}
