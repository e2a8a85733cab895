package network

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
