package access

// easiest is what actors have by the routes that were asked already, so that those that come later need not be kept where they are no
// easier: of hundreds of routes to one role a few are left. Plain uses are asked first, see takings.
type easiest struct {
	words int      // 64 resources each
	by    [][]ease // by actor
}

// ease is one degree of it: that an actor has one kind of target of some resources.
type ease struct {
	target string
	sure   certain
	guards Guard
	trace  bool
	on     []uint64
}

func newEasiest(actors, resources int) *easiest {
	return &easiest{(resources + 63) / 64, make([][]ease, actors)}
}

// targetOf names what a route leads to where that is the same for all routes with that name, on one resource; else "".
func targetOf(rt *Route) string {
	switch {
	case rt.capability() != None:
		return rt.Gives
	case rt.Gives == "acts-as" && (rt.Becomes == "self" || rt.Becomes == "role"):
		return rt.Becomes
	}
	return ""
}

// take drops from v what the actor has as easily already, and remembers the rest.
func (c *easiest) take(rt *Route, actor int, v *cells) {
	target := targetOf(rt)
	if target == "" {
		return
	}
	for i := range c.by[actor] {
		if l := &c.by[actor][i]; l.target == target && (!l.trace || rt.Trace) {
			v.drop(l)
		}
	}
	for i := range v.allow {
		c.put(rt, actor, target, i, allowed, 0, v.allow[i])
		if v.conditional[i]|v.unknown[i] == 0 {
			continue
		}
		for g := range Guard(1 << guardCount) {
			with := ^uint64(0)
			for bit := range v.guards {
				if g&(1<<bit) != 0 {
					with &= v.guards[bit][i]
				} else {
					with &^= v.guards[bit][i]
				}
			}
			c.put(rt, actor, target, i, conditional, g, v.conditional[i]&with)
			c.put(rt, actor, target, i, seen, g, v.unknown[i]&v.seen[i]&with)
			c.put(rt, actor, target, i, unseen, g, v.unknown[i]&^v.seen[i]&with)
		}
	}
}

// put adds 64 columns to a ease.
func (c *easiest) put(rt *Route, actor int, target string, at int, sure certain, guards Guard, columns uint64) {
	if columns == 0 {
		return
	}
	for i := range c.by[actor] {
		if l := &c.by[actor][i]; l.target == target && l.sure == sure && l.guards == guards && l.trace == rt.Trace {
			l.on[at] |= columns
			return
		}
	}
	l := ease{target, sure, guards, rt.Trace, make([]uint64, c.words)}
	l.on[at] = columns
	c.by[actor] = append(c.by[actor], l)
}

// drop takes out the columns of an ease, or all, that are no surer in c, and no less guarded.
func (c *cells) drop(l *ease) {
	for i := range c.allow {
		w := ^uint64(0)
		if l.on != nil {
			w = l.on[i]
		}
		switch l.sure {
		case conditional:
			w &= c.conditional[i] | c.unknown[i]
		case seen:
			w &= c.unknown[i]
		case unseen:
			w &= c.unknown[i] &^ c.seen[i]
		}
		for bit := range c.guards {
			if l.guards&(1<<bit) != 0 {
				w &= c.guards[bit][i]
			}
		}
		c.allow[i] &^= w
		c.conditional[i] &^= w
		c.unknown[i] &^= w
	}
}
