package network

import (
	"net/netip"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Way is the answer for one host.
type Way struct {
	Ports []Ports        // what the internet reaches, sorted; a worst case where State is Unknown
	State snapshot.State // Known: reached on Ports; Absent: not reached; Unknown: not enough was read
	Says  string         // why, in a few words
}

// FromInternet tells on which ports the internet reaches a host: it needs a public address, a route to an internet gateway,
// a network ACL and a security group that let the packet in, and an answer out.
func (r *Reach) FromInternet(h Host) Way {
	if h.gap != "" {
		return Way{Says: h.gap}
	}
	switch h.Public {
	case snapshot.Absent:
		return Way{State: snapshot.Absent, Says: "no public address"}
	case snapshot.Unknown:
		return Way{Says: "whether it has a public address was not read"}
	}
	if says := r.blind(h, inward); says != "" {
		return Way{Says: says}
	}
	b, says := r.wide(h, inward)
	return r.way(b, says, "no security group lets the internet in")
}

// ToInternet tells on which ports a host reaches the internet.
func (r *Reach) ToInternet(h Host) Way {
	if says := r.blind(h, outward); says != "" {
		return Way{Says: says}
	}
	b, says := r.wide(h, outward)
	return r.way(b, says, "no security group lets it out to the internet")
}

func (r *Reach) blind(h Host, dir int) string {
	if len(h.Groups) == 0 && !h.unfiltered && !h.closed {
		return "its security groups were not read"
	}
	for _, id := range h.Groups {
		switch g := r.groups[id]; {
		case g == nil:
			return "security group " + id + " was not read"
		case g.gap[dir] != "":
			return g.gap[dir]
		}
	}
	return ""
}

func (r *Reach) way(b both, says, closed string) Way {
	sure, may := r.atoms.ports(b.must), r.atoms.ports(b.may)
	switch {
	case len(may) == 0:
		if says == "" {
			says = closed
		}
		return Way{State: snapshot.Absent, Says: says}
	case len(sure) == len(may) && sureIs(sure, may):
		return Way{Ports: sure, State: snapshot.Known, Says: says}
	}
	if says == "" {
		says = "not all on the way was read"
	}
	return Way{Ports: may, Says: says}
}

func sureIs(a, b []Ports) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// wide is the traffic that so much of the public address space may open, or be opened to, that it is the internet. Sizes are summed
// segment by segment: how a block is cut into rules makes no difference.
func (r *Reach) wide(h Host, dir int) (both, string) {
	out, says := r.atoms.nothing(), ""
	var own *face
	faces := r.faces(h)
	for i := range faces {
		if faces[i].public {
			own = &faces[i]
		}
	}
	for i := range faces {
		f := &faces[i]
		if dir == inward && !f.public && !f.six || dir == outward && f.public {
			continue
		}
		if f.six {
			own = f
		}
		at := place{r.subnets[h.Subnet], f.net, f.six}
		sum := r.sum(f.six)
		var p path
		net := -1 // whose path p is: it hangs on routes and ACLs, which name far fewer blocks than security groups
		r.each(f.six, func(n, s int, count size) {
			if n != net {
				net = n
				if dir == inward {
					there, back := r.arrive(at, run{n, n})
					p = r.between(there, back)
				} else {
					p = r.outbound(at, own, run{n, n})
				}
				if says == "" {
					says = told(p)
				}
			}
			if h.closed && dir == inward || p.may.empty() {
				return
			}
			g := r.let(h, dir, run{s, s}, Host{unfiltered: true}, snapshot.Absent)
			if !f.sure {
				g.must = r.atoms.none()
			}
			g.and(p.both)
			sum.add(g, count)
		})
		out.or(sum.internet())
	}
	return out, says
}

// sum counts from how many addresses of a family each atom passes, surely and perhaps.
type sum struct {
	atoms *atoms
	sizes [2][]size
	need  size
}

func (r *Reach) sum(six bool) *sum {
	s := &sum{r.atoms, [2][]size{make([]size, len(r.atoms.list)), make([]size, len(r.atoms.list))}, internet4}
	if six {
		s.need = internet6
	}
	return s
}

func (s *sum) add(b both, count size) {
	for a := range s.atoms.list {
		if b.must.has(a) {
			s.sizes[0][a] = s.sizes[0][a].plus(count)
		}
		if b.may.has(a) {
			s.sizes[1][a] = s.sizes[1][a].plus(count)
		}
	}
}

// internet is what passes from so many addresses that they are the internet.
func (s *sum) internet() both {
	out := s.atoms.nothing()
	for a := range s.atoms.list {
		if s.sizes[0][a].atLeast(s.need) {
			out.must.add(a)
		}
		if s.sizes[1][a].atLeast(s.need) {
			out.may.add(a)
		}
	}
	return out
}

func (r *Reach) outbound(at place, own *face, to run) path {
	p := path{both: r.atoms.nothing()}
	for i, e := range r.exits(at, own, to) {
		p2 := r.between([]leg{e.leg}, []leg{{kind: passes, filters: e.back}})
		p.there = append(p.there, e.leg)
		if i == 0 {
			p.must.or(p2.must)
		}
		p.must.and(p2.must)
		p.may.or(p2.may)
	}
	return p
}

// told says why a path is closed or unknown, "" when it passes.
func told(p path) string {
	for _, list := range [][]leg{p.there, p.back} {
		for _, l := range list {
			if l.kind != passes {
				return l.why
			}
			for _, f := range l.filters {
				if f.acl != nil && f.acl.gap != "" {
					return f.acl.gap
				}
			}
		}
	}
	return ""
}

// each walks the public addresses of a family in pieces that no rule, route or ACL tells apart: the segments that they have in both
// spaces, and how many addresses there are.
func (r *Reach) each(six bool, visit func(net, sg int, count size)) {
	whole := everything4
	if six {
		whole = public6
	}
	at, end := whole.Addr(), last(whole)
	for at.IsValid() && at.Compare(end) <= 0 {
		n, s := r.net.at(at), r.sg.at(at)
		to := least(least(r.net.end(n), r.sg.end(s)), end)
		if isPublic(at) {
			visit(n, s, between(at, to))
		}
		at = to.Next()
	}
}

func least(a, b netip.Addr) netip.Addr {
	if a.Compare(b) < 0 {
		return a
	}
	return b
}

// adminPorts are where people administer a machine or a database; whoever finds one open tries passwords and known flaws.
var adminPorts = []int{21, 22, 23, 135, 139, 445, 1433, 1521, 2375, 2376, 3306, 3389, 5432, 5439, 5900, 5984, 5985, 5986, 6379, 9200, 9300, 10250, 11211, 27017, 27018}

// Admin returns the first administration or database port that the way leads to, 0 when none.
func (w Way) Admin() int {
	for _, port := range adminPorts {
		for _, p := range w.Ports {
			if p.Has(port) {
				return port
			}
		}
	}
	return 0
}
