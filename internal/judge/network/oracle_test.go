package network

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"

	"github.com/footing-dev/footing/internal/snapshot"
)

// world is a made-up network, and the oracle that walks one packet at a time through it. It shares nothing with the engine but the
// rules of AWS: no segments, no atoms, no sets.
type world struct {
	subnets []oSubnet
	hosts   []oHost
	groups  []oGroup
	tables  []oTable
	acls    []oACL
	peers   [][2]int         // peering connections between VPCs
	transit map[int]int      // VPC → route table of the transit gateway; absent: not attached
	learnt  map[int][]int    // that route table → VPCs that it learnt
	static  map[int][]oRoute // that route table → static routes: to VPC n, or -1: dropped
	naming  bool             // groups can be named across the transit gateway
	igw     map[int]bool
	lists   [][]string
}
type (
	oSubnet struct {
		vpc, table, acl int
		four, six       string
		nat             string // public address of the NAT gateway in it
		zone            string
	}
	oHost struct {
		subnet        int
		groups        []int
		four, pub, v6 string
	}
	oRule struct {
		out      bool
		proto    string
		from, to int
		block    string // or
		list     int    // a prefix list, from 1; or
		group    int    // a group, from 1
	}
	oGroup struct{ rules []oRule }
	oRoute struct {
		block string
		kind  string // igw, eigw, nat, pcx, tgw, blackhole
		to    int
	}
	oTable struct{ routes []oRoute }
	oEntry struct {
		n, from, to  int
		out, allow   bool
		proto, block string
	}
	oACL struct{ entries []oEntry }
)

func inBlock(block, addr string) bool {
	return netip.MustParsePrefix(block).Contains(netip.MustParseAddr(addr))
}
func width(block string) int { return netip.MustParsePrefix(block).Bits() }
func vpcFour(v int) string   { return fmt.Sprintf("10.%d.0.0/16", v) }
func vpcSix(v int) string    { return fmt.Sprintf("2001:db8:%d::/48", v) }

// permits asks an ACL about one packet.
func (w *world) permits(acl int, out bool, proto string, port int, peer string) bool {
	entries := slices.Clone(w.acls[acl].entries)
	slices.SortFunc(entries, func(a, b oEntry) int { return a.n - b.n })
	for _, e := range entries {
		if e.out == out && (e.proto == "-1" || e.proto == proto && e.from <= port && port <= e.to) && inBlock(e.block, peer) {
			return e.allow
		}
	}
	return false
}

// next is where a subnet sends a packet.
func (w *world) next(subnet int, dst string) oRoute {
	s := w.subnets[subnet]
	best := oRoute{kind: "none"}
	bits := -1
	for _, own := range []string{vpcFour(s.vpc), vpcSix(s.vpc)} {
		if inBlock(own, dst) {
			best, bits = oRoute{kind: "local"}, width(own)
		}
	}
	for _, r := range w.tables[s.table].routes {
		if inBlock(r.block, dst) && width(r.block) > bits {
			best, bits = r, width(r.block)
		}
	}
	return best
}

// inside walks a packet to a private or IPv6 address; named tells whether rules that name groups count, inward and outward.
func (w *world) inside(a, b int, src, dst, proto string, port int) (ok, namedIn, namedOut bool) {
	if a == b {
		return true, true, true
	}
	sa, sb := w.subnets[a], w.subnets[b]
	r := w.next(a, dst)
	edges := w.permits(sa.acl, true, proto, port, dst) && w.permits(sb.acl, false, proto, port, src)
	switch {
	case r.kind == "local" && sa.vpc == sb.vpc:
		return edges, true, true
	case r.kind == "pcx":
		p := w.peers[r.to]
		return edges && (p == [2]int{sa.vpc, sb.vpc} || p == [2]int{sb.vpc, sa.vpc}), true, true
	case r.kind == "tgw":
		table, here := w.transit[sa.vpc]
		if !here {
			return false, false, false
		}
		to, bits := -1, -1
		for _, v := range w.learnt[table] {
			for _, own := range []string{vpcFour(v), vpcSix(v)} {
				if inBlock(own, dst) && width(own) > bits {
					to, bits = v, width(own)
				}
			}
		}
		for _, s := range w.static[table] {
			if inBlock(s.block, dst) && width(s.block) >= bits {
				to, bits = s.to, width(s.block)
			}
		}
		if to != sb.vpc {
			return false, false, false
		}
		in, out := w.first(sa.vpc), w.first(sb.vpc)
		if w.subnets[in].zone != sa.zone {
			return false, false, false
		}
		pass := w.permits(sa.acl, true, proto, port, dst) && w.permits(w.subnets[in].acl, false, proto, port, src)
		if out != b {
			pass = pass && w.permits(w.subnets[out].acl, true, proto, port, dst) && w.permits(sb.acl, false, proto, port, src)
		}
		return pass, w.naming, false
	}
	return false, false, false
}

// first is the subnet of a VPC by which it is attached to the transit gateway.
func (w *world) first(vpc int) int {
	return slices.IndexFunc(w.subnets, func(s oSubnet) bool { return s.vpc == vpc })
}

func (w *world) allowed(h, end oHost, out bool, peer, proto string, port int, named bool) bool {
	for _, g := range h.groups {
		for _, r := range w.groups[g].rules {
			if r.out != out || r.proto != "-1" && (r.proto != proto || port < r.from || r.to < port) {
				continue
			}
			switch {
			case r.group > 0:
				if named && slices.Contains(end.groups, r.group-1) {
					return true
				}
			case r.list > 0:
				for _, b := range w.lists[r.list-1] {
					if inBlock(b, peer) {
						return true
					}
				}
			case inBlock(r.block, peer):
				return true
			}
		}
	}
	return false
}

// clients are the ports that a client may have: one of every kind that an ACL tells apart.
func (w *world) clients() []int {
	out := []int{0, ephemeral - 1, ephemeral, 65535}
	for _, a := range w.acls {
		for _, e := range a.entries {
			out = append(out, max(e.from-1, 0), e.from, e.to, min(e.to+1, 65535))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// answered tries every client port: surely one from 1024 up, perhaps one below.
func (w *world) answered(pass func(port int) bool) snapshot.State {
	state := snapshot.Absent
	for _, p := range w.clients() {
		if pass(p) {
			if p >= ephemeral {
				return snapshot.Known
			}
			state = snapshot.Unknown
		}
	}
	return state
}

// outside walks a packet over the internet to a public address.
func (w *world) outside(s, d oHost, own, dst, proto string, port int) (seen string, there bool, back snapshot.State) {
	a, b := w.subnets[s.subnet], w.subnets[d.subnet]
	priv := s.four
	six := dst == d.v6
	if six {
		priv = s.v6
	}
	var nat *oSubnet
	switch r := w.next(s.subnet, dst); {
	case r.kind == "igw" && own != "", r.kind == "eigw" && six:
		seen = own
	case r.kind == "nat" && !six:
		n := w.subnets[r.to]
		nat, seen = &n, n.nat
	default:
		return "", false, snapshot.Absent
	}
	there = w.permits(a.acl, true, proto, port, dst) && w.igw[b.vpc] && w.permits(b.acl, false, proto, port, seen)
	cross := nat != nil && w.next(s.subnet, dst).to != s.subnet
	if cross {
		there = there && w.permits(nat.acl, false, proto, port, priv) && w.permits(nat.acl, true, proto, port, dst)
	}
	if w.next(d.subnet, seen).kind != "igw" {
		return seen, there, snapshot.Absent
	}
	back = w.answered(func(p int) bool {
		ok := w.permits(b.acl, true, proto, p, seen) && w.permits(a.acl, false, proto, p, dst)
		return ok && (!cross || w.permits(nat.acl, false, proto, p, dst) && w.permits(nat.acl, true, proto, p, priv))
	})
	return seen, there, back
}

// ask answers for one pair, protocol and port.
func (w *world) ask(si, di int, proto string, port int) snapshot.State {
	s, d := w.hosts[si], w.hosts[di]
	best := snapshot.Absent
	judge := func(there bool, back snapshot.State, groups bool) {
		switch {
		case !there || !groups || proto == tcp && back == snapshot.Absent || best == snapshot.Known:
		case back == snapshot.Known:
			best = snapshot.Known
		default:
			best = snapshot.Unknown
		}
	}
	private := func(src, dst string) {
		if src == "" || dst == "" {
			return
		}
		there, in, out := w.inside(s.subnet, d.subnet, src, dst, proto, port)
		back := w.answered(func(p int) bool { ok, _, _ := w.inside(d.subnet, s.subnet, dst, src, proto, p); return ok })
		judge(there, back, w.allowed(d, s, false, src, proto, port, in) && w.allowed(s, d, true, dst, proto, port, out))
	}
	private(s.four, d.four)
	private(s.v6, d.v6)
	public := func(own, dst string) {
		if dst == "" {
			return
		}
		seen, there, back := w.outside(s, d, own, dst, proto, port)
		judge(there, back, there && w.allowed(d, s, false, seen, proto, port, false) && w.allowed(s, d, true, dst, proto, port, false))
	}
	public(s.pub, d.pub)
	if s.v6 != "" && w.subnets[s.subnet].vpc != w.subnets[d.subnet].vpc {
		public(s.v6, d.v6)
	}
	return best
}

func newWorld(r *rand.Rand) *world {
	w := &world{transit: map[int]int{}, learnt: map[int][]int{}, static: map[int][]oRoute{}, igw: map[int]bool{}, naming: r.IntN(2) == 0}
	vpcs := 2 + r.IntN(2)
	for range 2 {
		w.lists = append(w.lists, []string{vpcFour(r.IntN(vpcs)), fmt.Sprintf("198.51.100.%d/30", r.IntN(64)*4), vpcSix(r.IntN(vpcs))})
	}
	for a := range vpcs {
		for b := range a {
			if r.IntN(2) == 0 {
				w.peers = append(w.peers, [2]int{a, b})
			}
		}
		if r.IntN(4) > 0 {
			w.transit[a] = r.IntN(2)
		}
		if r.IntN(4) > 0 {
			w.learnt[r.IntN(2)] = append(w.learnt[r.IntN(2)], a)
		}
		w.igw[a] = r.IntN(5) > 0
	}
	for t := range w.learnt { // only what is attached is learnt
		w.learnt[t] = slices.DeleteFunc(w.learnt[t], func(v int) bool { _, ok := w.transit[v]; return !ok })
	}
	for t := range 2 {
		if r.IntN(3) == 0 {
			w.static[t] = append(w.static[t], oRoute{block: fmt.Sprintf("10.%d.0.0/17", r.IntN(vpcs)), to: -1})
		}
	}
	blocks := []string{"0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "198.51.100.0/25", "::/0", "2001:db8::/33", vpcFour(0), vpcFour(1), vpcSix(1), "10.0.0.0/18", "10.1.64.0/18", "10.0.0.5/32"}
	pick := func() string { return blocks[r.IntN(len(blocks))] }
	span := func() (int, int) {
		from := []int{0, 22, 80, 443, 1000, 1024, 5432, 30000}[r.IntN(8)]
		return from, min(from+[]int{0, 0, 10, 500, 65535}[r.IntN(5)], 65535)
	}
	proto := func() string { return []string{"tcp", "tcp", "udp", "-1"}[r.IntN(4)] }
	for range 3 {
		var a oACL
		for n := range 1 + r.IntN(5) {
			from, to := span()
			a.entries = append(a.entries, oEntry{n: n*7 + 1, out: r.IntN(2) == 0, allow: r.IntN(2) == 0, proto: proto(), from: from, to: to, block: pick()})
		}
		for n, b := range []string{"0.0.0.0/0", "::/0"} {
			a.entries = append(a.entries, oEntry{n: 100 + n, allow: r.IntN(4) > 0, proto: "-1", block: b}, oEntry{n: 110 + n, out: true, allow: r.IntN(4) > 0, proto: "-1", block: b})
		}
		w.acls = append(w.acls, a)
	}
	for v := range vpcs {
		public := len(w.subnets)
		for i := range 3 {
			w.subnets = append(w.subnets, oSubnet{vpc: v, table: len(w.tables), acl: r.IntN(3), four: fmt.Sprintf("10.%d.%d.0/18", v, i*64), six: fmt.Sprintf("2001:db8:%d:%d::/64", v, i), zone: string(rune('a' + r.IntN(2)))})
			var t oTable
			add := func(block, kind string, to int) {
				if !slices.ContainsFunc(t.routes, func(x oRoute) bool { return x.block == block }) {
					t.routes = append(t.routes, oRoute{block, kind, to})
				}
			}
			if w.igw[v] && (i == 0 || r.IntN(3) == 0) {
				add("0.0.0.0/0", "igw", 0)
				add("::/0", "igw", 0)
			} else if w.igw[v] && r.IntN(2) == 0 {
				add("0.0.0.0/0", "nat", public)
				add("::/0", "eigw", 0)
			}
			for n, p := range w.peers {
				if p[0] == v || p[1] == v {
					other := p[0] + p[1] - v
					if r.IntN(2) == 0 {
						add(vpcFour(other), "pcx", n)
						add(vpcSix(other), "pcx", n)
					}
				}
			}
			if r.IntN(2) == 0 {
				add("10.0.0.0/8", "tgw", 0)
				add("2001:db8::/32", "tgw", 0)
			}
			if r.IntN(4) == 0 {
				add(fmt.Sprintf("10.%d.0.0/18", (v+1)%vpcs), "blackhole", 0)
			}
			w.tables = append(w.tables, t)
		}
		w.subnets[public].nat = fmt.Sprintf("198.51.100.%d", 200+v)
	}
	for range 6 {
		var g oGroup
		for range 1 + r.IntN(5) {
			x := oRule{out: r.IntN(3) == 0, proto: proto()}
			x.from, x.to = span()
			switch r.IntN(4) {
			case 0:
				x.group = 1 + r.IntN(6)
			case 1:
				x.list = 1 + r.IntN(2)
			default:
				x.block = pick()
			}
			g.rules = append(g.rules, x)
		}
		if r.IntN(2) == 0 {
			g.rules = append(g.rules, oRule{out: true, proto: "-1", block: "0.0.0.0/0"}, oRule{out: true, proto: "-1", block: "::/0"})
		}
		w.groups = append(w.groups, g)
	}
	for i := range 12 {
		s := r.IntN(len(w.subnets))
		sub := w.subnets[s]
		h := oHost{subnet: s, groups: []int{r.IntN(6)}, four: fmt.Sprintf("10.%d.%d.%d", sub.vpc, s%3*64+r.IntN(64), 4+i)}
		if r.IntN(2) == 0 {
			h.groups = append(h.groups, r.IntN(6))
		}
		if r.IntN(3) == 0 {
			h.pub = fmt.Sprintf("198.51.100.%d", 1+i*9)
		}
		if r.IntN(2) == 0 {
			h.v6 = fmt.Sprintf("2001:db8:%d:%d::%d", sub.vpc, s%3, 4+i)
		}
		w.hosts = append(w.hosts, h)
	}
	return w
}
