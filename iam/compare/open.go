package compare

import (
	"strings"

	"github.com/footing-dev/footing/iam"
)

// actionForm is what an action looks like; in lower case, since case does not count.
var actionForm = newPattern([]token{
	{kind: one, bar: barColon}, {kind: many, bar: barColon}, {kind: fixed, r: ':'}, {kind: one, bar: barColon}, {kind: many, bar: barColon},
})

// unheard are classes of actions that the catalogue does not have: one action for each way in which the statements may speak of one.
func (c *comparison) unheard() []class {
	n := len(c.old.statements) + len(c.new.statements)
	w := wanted{some: [][]*pattern{{actionForm}}, least: 3, dull: "unheard:of"}
	if c.q.only != nil {
		w.some = append(w.some, actionPatterns(c.q.only.Actions))
	}
	var out []class
	in := make([]bool, 0, n)
	var walk func(w wanted)
	walk = func(w wanted) {
		if c.b.spent() {
			return
		}
		name, ok := c.unknownAction(w)
		switch ok {
		case impossible:
			return
		case unsure:
			c.doubt("which actions there could be was not decided")
			return
		}
		if len(in) == n {
			if c.allowing(in) {
				out = append(out, class{strange: name, in: append([]bool(nil), in...)})
			}
			return
		}
		st := c.statementAt(len(in))
		some, none := w, w
		if list := st.Actions; list != nil {
			some.some = append(w.some[:len(w.some):len(w.some)], actionPatterns(list))
			none.none = append(w.none[:len(w.none):len(w.none)], actionPatterns(list)...)
		} else {
			some.none = append(w.none[:len(w.none):len(w.none)], actionPatterns(st.NotActions)...)
			none.some = append(w.some[:len(w.some):len(w.some)], actionPatterns(st.NotActions))
		}
		in = append(in, true)
		walk(some)
		in[len(in)-1] = false
		walk(none)
		in = in[:len(in)-1]
	}
	walk(w)
	return out
}

func (c *comparison) statementAt(i int) *iam.Statement {
	if i < len(c.old.statements) {
		return c.old.statements[i].source
	}
	return c.new.statements[i-len(c.old.statements)].source
}

// allowing says whether a statement of the new policy that allows is among those.
func (c *comparison) allowing(in []bool) bool {
	for i := range c.new.statements {
		if in[len(c.old.statements)+i] && !c.new.statements[i].deny {
			return true
		}
	}
	return false
}

// unknownAction finds an action that the catalogue does not have.
func (c *comparison) unknownAction(w wanted) (string, answer) {
	for range 100 {
		name, ok := w.find(c.b)
		if ok != possible || !c.s.u.known(name) {
			return name, ok
		}
		w.none = append(w.none[:len(w.none):len(w.none)], newPattern(literal(strings.ToLower(name), fixed)))
	}
	return "", unsure
}

func actionPatterns(list []string) []*pattern {
	out := make([]*pattern, len(list))
	for i, a := range list {
		out[i] = newPattern(raw(strings.ToLower(a)))
	}
	return out
}
