package network

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"slices"
)

// space cuts the addresses of both families into segments, so that every block that was named is a run of whole segments:
// what is true of one address of a segment is true of all. IPv6 segments are numbered after those of IPv4.
type space struct{ four, six []netip.Addr } // the first address of each segment, ascending

// run is an inclusive range of segments; it holds none where hi < lo.
type run struct{ lo, hi int }

func (r run) has(seg int) bool { return r.lo <= seg && seg <= r.hi }

func newSpace(blocks []netip.Prefix) space {
	s := space{four: []netip.Addr{netip.IPv4Unspecified()}, six: []netip.Addr{netip.IPv6Unspecified()}}
	for _, b := range blocks {
		cuts := []netip.Addr{b.Addr()}
		if after := last(b).Next(); after.IsValid() {
			cuts = append(cuts, after)
		}
		if b.Addr().Is4() {
			s.four = append(s.four, cuts...)
		} else {
			s.six = append(s.six, cuts...)
		}
	}
	for _, l := range []*[]netip.Addr{&s.four, &s.six} {
		slices.SortFunc(*l, netip.Addr.Compare)
		*l = slices.Compact(*l)
	}
	return s
}

func (s space) count() int { return len(s.four) + len(s.six) }

// at is the segment of an address.
func (s space) at(a netip.Addr) int {
	list, base := s.four, 0
	if !a.Is4() {
		list, base = s.six, len(s.four)
	}
	i, found := slices.BinarySearchFunc(list, a, netip.Addr.Compare)
	if !found {
		i--
	}
	return base + i
}

// of is the run of segments that a block touches: exactly the block, where the space was cut at it.
func (s space) of(b netip.Prefix) run { return run{s.at(b.Addr()), s.at(last(b))} }

// first is the first address of a segment, and end the last one.
func (s space) first(seg int) netip.Addr {
	if seg < len(s.four) {
		return s.four[seg]
	}
	return s.six[seg-len(s.four)]
}

func (s space) end(seg int) netip.Addr {
	switch {
	case seg == len(s.four)-1:
		return last(everything4)
	case seg == s.count()-1:
		return last(everything6)
	}
	return s.first(seg + 1).Prev()
}

var (
	everything4 = netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	everything6 = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
)

// last is the last address of a block.
func last(b netip.Prefix) netip.Addr {
	raw := b.Addr().AsSlice()
	for i := b.Bits(); i < len(raw)*8; i++ {
		raw[i/8] |= 1 << (7 - i%8)
	}
	a, _ := netip.AddrFromSlice(raw)
	return a
}

// block reads a CIDR block; a block that is not written from its first address counts from there, as AWS reads it.
func block(v any) (netip.Prefix, bool) {
	s, _ := v.(string)
	p, err := netip.ParsePrefix(s)
	if err != nil || p.Addr().Is4In6() {
		return netip.Prefix{}, false
	}
	return p.Masked(), true
}

func address(s string) (netip.Prefix, bool) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, false
	}
	a = a.Unmap()
	return netip.PrefixFrom(a, a.BitLen()), true
}

// size counts addresses, up to 2^128-1.
type size struct{ hi, lo uint64 }

func (a size) plus(b size) size {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	hi, over := bits.Add64(a.hi, b.hi, carry)
	if over != 0 {
		return size{^uint64(0), ^uint64(0)}
	}
	return size{hi, lo}
}

func (a size) atLeast(b size) bool { return a.hi > b.hi || a.hi == b.hi && a.lo >= b.lo }

// between counts the addresses from one to another, both included.
func between(from, to netip.Addr) size {
	a, b := from.As16(), to.As16()
	lo, borrow := bits.Sub64(binary.BigEndian.Uint64(b[8:]), binary.BigEndian.Uint64(a[8:]), 0)
	hi, _ := bits.Sub64(binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(a[:8]), borrow)
	return size{hi, lo}.plus(size{0, 1})
}

// The internet is addresses that nobody has chosen: as many public ones as a /8 of IPv4 has, or a /16 of IPv6, however many
// blocks they are written as. A named block that is narrower is an office, a partner, a content network.
var (
	internet4 = size{0, 1 << 24}
	internet6 = size{1 << 48, 0}
)

// notPublic are the blocks that the internet does not route (IANA IPv4 Special-Purpose Address Registry, RFC 6890), but for those
// kept for documentation, which samples use as public ones.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("224.0.0.0/3"),
}

// public6 is what IANA has given out of IPv6 as global unicast.
var public6 = netip.MustParsePrefix("2000::/3")

func isPublic(a netip.Addr) bool {
	if !a.Is4() {
		return public6.Contains(a)
	}
	return !slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(a) })
}
