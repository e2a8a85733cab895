package compare

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
)

// world is one way in which the variables of the policies may be: each missing, there once or there several times. In an open world a value is not
// known; what is impossible there is impossible for every value.
type world struct {
	f    filling
	keys map[string]*keySpace
}

// most bounds how many worlds are looked at.
const mostWorlds = 243

func (w *world) open() bool {
	for _, v := range w.f {
		if v.state == single && !v.known {
			return true
		}
	}
	return false
}

// worlds are all the ways that there are for the statements of a class. When they are too many it reports false, and gives two of them.
func (c *comparison) worlds(in []bool) ([]*world, bool) {
	var variables []string
	at := 0
	for _, p := range [...]*policy{c.old, c.new} {
		for i := range p.statements {
			if st := &p.statements[i]; in[at] && st.open {
				for _, l := range st.lits {
					for j := range l.a.open {
						variables = append(variables, l.a.open[j].keys()...)
					}
				}
			}
			at++
		}
	}
	slices.Sort(variables)
	variables = slices.Compact(variables)
	variables = slices.DeleteFunc(variables, iam.MultiValued)
	key := strings.Join(variables, "\n")
	if w, ok := c.worldsOf[key]; ok {
		return w.list, w.all
	}
	list, all := c.makeWorlds(variables)
	c.worldsOf[key] = worldList{list, all}
	return list, all
}

// worldList are the worlds of some variables, and whether they are all that there are.
type worldList struct {
	list []*world
	all  bool
}

func (c *comparison) makeWorlds(variables []string) ([]*world, bool) {
	list := []filling{{}}
	for i, key := range variables {
		states := []filled{{state: missing}, {state: single, id: rune(i)}}
		if c.many(key) {
			states = append(states, filled{state: several})
		}
		var next []filling
		for _, f := range list {
			for _, v := range states {
				g := filling{key: v}
				for k, x := range f {
					g[k] = x
				}
				next = append(next, g)
			}
		}
		if list = next; len(list) > mostWorlds {
			none, all := filling{}, filling{}
			for i, key := range variables {
				none[key] = filled{state: missing}
				all[key] = filled{state: single, known: true, value: fresh(i)}
			}
			return []*world{{f: none}, {f: all}}, false
		}
	}
	out := make([]*world, len(list))
	for i, f := range list {
		out[i] = &world{f: f}
	}
	return out, true
}

// many says whether a key may hold several values.
func (c *comparison) many(key string) bool {
	m, ok := c.manyOf[key]
	if !ok {
		m = c.s.fact(key).many || c.askedInSets(key)
		c.manyOf[key] = m
	}
	return m
}

func (c *comparison) askedInSets(key string) bool {
	for _, p := range [...]*policy{c.old, c.new} {
		for i := range p.statements {
			for _, l := range p.statements[i].lits {
				if l.a.key == key && (l.a.op.ForAll || l.a.op.ForAny) {
					return true
				}
			}
		}
	}
	return false
}

// enter makes a world the one at hand; the first time it gathers what is asked of each key there.
func (c *comparison) enter(w *world) {
	c.world = w
	if w.keys != nil {
		return
	}
	f := w.f
	w.keys = map[string]*keySpace{}
	asked := map[string][]*atom{}
	note := func(lits []lit) {
		for _, l := range lits {
			if l.a.key != "" && !slices.Contains(asked[l.a.key], l.a) {
				asked[l.a.key] = append(asked[l.a.key], l.a)
			}
		}
	}
	for _, p := range [...]*policy{c.old, c.new} {
		for i := range p.statements {
			lits, _ := c.s.fill(&p.statements[i], f)
			note(lits)
		}
	}
	for i := range c.bounds {
		note(c.bounds[i].lits)
	}
	for key, atoms := range asked {
		k := c.s.space(key, atoms, c.many(key))
		if v, ok := f[key]; ok {
			k.forced = &v
			k.many = v.state == several
		}
		w.keys[key] = k
	}
}

// refine looks for values of the variables with which the request that an open world promises is there.
func (c *comparison) refine(action string, number int, at *place, who *caller, in []bool) bool {
	open := c.world
	defer func() { c.world = open }()
	before := len(c.found)
	for _, w := range c.closed(open) {
		c.enter(w)
		q, ok := c.ask(in, who)
		if !ok {
			continue
		}
		if c.try(q, in, action, number, at, who); len(c.found) > before || c.b.spent() {
			return true
		}
	}
	c.doubt("it hangs on the value of a policy variable in a way that is not supported")
	return false
}

// closed are worlds with values in place of what an open one leaves open: one of which nobody speaks, and those that the policies mention.
func (c *comparison) closed(open *world) []*world {
	if list, ok := c.closedOf[open]; ok {
		return list
	}
	list := []filling{{}}
	keys := make([]string, 0, len(open.f))
	for k := range open.f {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	n := 0
	for _, v := range open.f {
		if v.state == single && !v.known {
			n++
		}
	}
	most := [...]int{0, 40, 8, 4, 3, 2}[min(n, 5)]
	for i, key := range keys {
		values := []filled{open.f[key]}
		if v := values[0]; v.state == single && !v.known {
			values = values[:0]
			for _, s := range c.mentioned(key, i, most) {
				values = append(values, filled{state: single, known: true, value: s})
			}
		}
		var next []filling
		for _, f := range list {
			for _, v := range values {
				g := filling{key: v}
				for k, x := range f {
					g[k] = x
				}
				next = append(next, g)
			}
		}
		list = next
	}
	out := make([]*world, len(list))
	for i, f := range list {
		out[i] = &world{f: f}
	}
	c.closedOf[open] = out
	return out
}

// fresh is a value that no policy is likely to mention.
func fresh(number int) string { return "user" + string(rune('p'+number%10)) }

// mentioned are values that a key may well have: a new one, those that conditions compare it with, and pieces of other texts.
func (c *comparison) mentioned(key string, number, most int) []string {
	var near, far []string
	for _, p := range [...]*policy{c.old, c.new} {
		for i := range p.statements {
			for _, l := range p.statements[i].lits {
				for _, t := range l.a.patterns {
					if l.a.key == key {
						near = append(near, t.sample("x"), t.sample(fresh(number)))
						continue
					}
					if l.a.key != "" {
						far = append(far, t.sample("x"))
					}
					far = append(far, strings.FieldsFunc(t.sample("x"), func(r rune) bool { return r == ':' || r == '/' })...)
				}
				if l.a.key == key && domainOf(l.a.op.Kind) > switches {
					near = append(near, l.a.values...)
				}
			}
		}
	}
	var out []string
	for _, s := range append(append([]string{fresh(number)}, near...), far...) {
		if len(out) < most && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
