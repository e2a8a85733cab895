package network

import "github.com/footing-dev/footing/internal/snapshot"

// Open is the traffic that surely reaches one of Interfaces, by its place, from the whole internet. What anybody reaches tells nothing
// of whoever stands nearer.
func (r *Reach) Open(i int) []Traffic {
	h := r.interfaces[i].host
	if h.gap != "" || r.blind(h, inward) != "" {
		return nil
	}
	b, _ := r.wide(h, inward)
	return r.atoms.traffic(b.must)
}

// Host is where an interface stands.
func (i *Interface) Host() Host { return i.host }

// Unfiltered tells that a host may have no security groups, by its kind.
func (h Host) Unfiltered() bool { return h.unfiltered && len(h.Groups) == 0 }

// Bare is a host without the security groups that filter what comes to it.
func (h Host) Bare() Host {
	h.Groups, h.unfiltered = nil, true
	return h
}

// Reached is what FromInternet tells, by protocol: the traffic that surely reaches a host from the whole internet, and what may.
func (r *Reach) Reached(h Host) (sure, may []Traffic) {
	switch {
	case h.Public == snapshot.Absent && h.gap == "":
		return nil, nil
	case h.gap != "" || h.Public == snapshot.Unknown || r.blind(h, inward) != "":
		return nil, r.atoms.traffic(r.atoms.all)
	}
	b, _ := r.wide(h, inward)
	return r.atoms.traffic(b.must), r.atoms.traffic(b.may)
}

// Opens is what a security group lets in from the whole internet, wherever it is used: surely, and what it may.
func (r *Reach) Opens(id string) (sure, may []Traffic) {
	g := r.groups[id]
	switch {
	case g == nil || g.gap[inward] != "":
		return nil, r.atoms.traffic(r.atoms.all)
	case !g.broad():
		return nil, nil
	}
	out := r.atoms.nothing()
	for _, six := range []bool{false, true} {
		sum := r.sum(six)
		r.each(six, func(_, s int, count size) { sum.add(g.toward(r.atoms, inward, run{s, s}), count) })
		out.or(sum.internet())
	}
	return r.atoms.traffic(out.must), r.atoms.traffic(out.may)
}

// broad tells whether the inward rules of a group name enough addresses to be the internet together; most name far fewer.
func (g *group) broad() bool {
	var four, six size
	for _, r := range g.rules[inward] {
		if r.vague {
			return true
		}
		for _, b := range r.blocks {
			if n := between(b.Addr(), last(b)); b.Addr().Is4() {
				four = four.plus(n)
			} else {
				six = six.plus(n)
			}
		}
	}
	return four.atLeast(internet4) || six.atLeast(internet6)
}

// Beside is what of some traffic is not in other traffic.
func Beside(all, without []Traffic) []Traffic {
	var out []Traffic
	for _, t := range all {
		left := []Traffic{t}
		for _, w := range without {
			if w.Protocol != t.Protocol {
				continue
			}
			var rest []Traffic
			for _, l := range left {
				if w.To < l.From || l.To < w.From {
					rest = append(rest, l)
					continue
				}
				if l.From < w.From {
					rest = append(rest, Traffic{l.Protocol, Ports{l.From, w.From - 1}})
				}
				if w.To < l.To {
					rest = append(rest, Traffic{l.Protocol, Ports{w.To + 1, l.To}})
				}
			}
			left = rest
		}
		out = append(out, left...)
	}
	return out
}
