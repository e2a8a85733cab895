package network

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Answer is whether traffic passes. State is Known: it does, Says tells the way; Absent: something closes it, Says tells what;
// Unknown: Says tells what was not read or is not modelled.
type Answer struct {
	State snapshot.State
	Says  string
}

func (a Answer) String() string {
	switch a.State {
	case snapshot.Known:
		return "reachable (" + a.Says + ")"
	case snapshot.Absent:
		return "blocked (by " + a.Says + ")"
	}
	return "unknown (" + a.Says + ")"
}

// Interfaces lists what has an address, in the order of the snapshot: network interfaces first.
func (r *Reach) Interfaces() []Interface { return r.interfaces }

// lane is one way from one interface to another: private, by IPv6, or over the internet.
type lane struct {
	path
	in, out both // what the security groups of the destination and of the source let pass
	sure    bool // both ends surely have these addresses
	anyIn   set
}

func (r *Reach) lanes(s, d *Interface) []lane {
	var out []lane
	for i := range s.faces {
		a := &s.faces[i]
		if a.public {
			continue // how it is seen from outside, not where its packets begin
		}
		from := place{r.subnets[s.host.Subnet], a.net, a.six}
		own := a
		if !a.six {
			own = nil
			for j := range s.faces {
				if s.faces[j].public {
					own = &s.faces[j]
				}
			}
		}
		for j := range d.faces {
			b := &d.faces[j]
			if a.six != b.six {
				continue
			}
			to := place{r.subnets[d.host.Subnet], b.net, b.six}
			sure := a.sure && b.sure
			if !b.public {
				p := r.between(r.legs(from, to), r.legs(to, from))
				out = append(out, r.filtered(lane{path: p, sure: sure}, s, d, a.sg, b.sg))
			}
			if b.public || b.six && (from.subnet == nil || to.subnet == nil || from.subnet.vpc != to.subnet.vpc) {
				p, seen := r.publicly(from, own, to, b.net)
				if seen.hi < seen.lo {
					seen = a.sg
				}
				out = append(out, r.filtered(lane{path: p, sure: sure}, s, d, seen, b.sg))
			}
		}
	}
	return out
}

// filtered adds what the security groups of both ends say.
func (r *Reach) filtered(l lane, s, d *Interface, from, to run) lane {
	l.in, l.out = r.let(d.host, inward, from, s.host, l.refIn), r.let(s.host, outward, to, d.host, l.refOut)
	l.anyIn = r.anybody(d.host)
	if d.host.closed {
		l.in, l.anyIn = r.atoms.nothing(), r.atoms.none()
	}
	return l
}

// let is what the groups of a host let in from, or out to, a run of addresses and the groups of the other end.
func (r *Reach) let(h Host, dir int, peer run, end Host, named snapshot.State) both {
	if h.unfiltered && len(h.Groups) == 0 || h.closed && dir == outward {
		return r.atoms.whole()
	}
	out := r.atoms.nothing()
	if len(h.Groups) == 0 {
		out.may.or(r.atoms.all)
	}
	for _, id := range h.Groups {
		g := r.groups[id]
		if g == nil {
			out.may.or(r.atoms.all)
			continue
		}
		out.or(g.toward(r.atoms, dir, peer))
	}
	if named != snapshot.Absent {
		refs := r.named(h, dir, end)
		out.may.or(refs.may)
		if named == snapshot.Known {
			out.must.or(refs.must)
		}
	}
	return out
}

// named is what rules of a host's groups open to the groups of the other end. An end whose groups were not read may be in any.
func (r *Reach) named(h Host, dir int, end Host) both {
	out := r.atoms.nothing()
	for _, id := range h.Groups {
		g := r.groups[id]
		if g == nil {
			continue
		}
		for i := range g.rules[dir] {
			switch ru := &g.rules[dir][i]; {
			case ru.group == "":
			case slices.Contains(end.Groups, ru.group):
				out.or(ru.sets)
			case len(end.Groups) == 0 && !end.closed && !end.unfiltered:
				out.may.or(ru.sets.may)
			}
		}
	}
	return out
}

// anybody is what the groups of a host may let in from anyone at all.
func (r *Reach) anybody(h Host) set {
	out := r.atoms.none()
	if len(h.Groups) == 0 {
		return r.atoms.all
	}
	for _, id := range h.Groups {
		g := r.groups[id]
		if g == nil || g.gap[inward] != "" {
			return r.atoms.all
		}
		for i := range g.rules[inward] {
			out.or(g.rules[inward][i].sets.may)
		}
	}
	return out
}

// sum is what passes on a lane.
func (l lane) sum(a *atoms) both {
	out := a.nothing()
	if l.sure {
		out.must.or(l.must)
		out.must.and(l.in.must)
		out.must.and(l.out.must)
	}
	out.may.or(l.may)
	out.may.and(l.in.may)
	via := a.none()
	via.or(l.via)
	via.and(l.anyIn)
	out.may.or(via)
	out.may.and(l.out.may)
	return out
}

// Between tells whether one interface reaches another by a protocol ("tcp", "udp", "icmp" …) and port.
func (r *Reach) Between(s, d *Interface, proto string, port int) Answer {
	i := r.atoms.index(proto, port)
	why := Answer{snapshot.Absent, "no way between their addresses"}
	depth := -1
	for _, l := range r.lanes(s, d) {
		b := l.sum(r.atoms)
		if b.must.has(i) {
			var what []string
			for _, leg := range l.there {
				what = append(what, leg.what)
			}
			return Answer{snapshot.Known, strings.Join(what, ", ")}
		}
		if b.may.has(i) {
			why, depth = Answer{snapshot.Unknown, r.unsure(l, i, s, d)}, 9
		} else if at, says := r.closes(l, i, s, d); at > depth {
			why, depth = Answer{snapshot.Absent, says}, at
		}
	}
	return why
}

// closes tells what closes a lane; what is farther along tells more.
func (r *Reach) closes(l lane, i int, s, d *Interface) (int, string) {
	for _, list := range [][]leg{l.there, l.back} {
		for _, leg := range list {
			if leg.kind == drops {
				return 0, leg.why
			}
			for _, f := range leg.filters {
				if f.acl != nil && !l.may.has(i) {
					return 1, "network ACL " + f.acl.id
				}
			}
		}
	}
	switch {
	case d.host.closed:
		return 3, "a NAT gateway, which accepts no connection"
	case !l.out.may.has(i):
		return 2, "the outward rules of " + strings.Join(s.host.Groups, ", ")
	}
	return 3, "the inward rules of " + strings.Join(d.host.Groups, ", ")
}

// unsure names the first thing on a lane that was not read or is not modelled.
func (r *Reach) unsure(l lane, i int, s, d *Interface) string {
	for _, list := range [][]leg{l.there, l.back} {
		for _, leg := range list {
			if leg.kind == vague {
				return leg.why
			}
			for _, f := range leg.filters {
				if f.acl != nil && f.acl.gap != "" {
					return f.acl.gap
				}
			}
		}
	}
	switch {
	case !l.in.must.has(i):
		return r.groupGap(d.host, inward)
	case !l.out.must.has(i):
		return r.groupGap(s.host, outward)
	case !l.sure:
		return "an address was not read"
	case !l.must.has(i):
		return "its answers find no way back, or only to a port below 1024"
	}
	return "what is not modelled"
}

func (r *Reach) groupGap(h Host, dir int) string {
	if len(h.Groups) == 0 {
		return "its security groups were not read"
	}
	if says := r.blind(h, dir); says != "" {
		return says
	}
	return "whom security group " + h.Groups[0] + " names was not read"
}
