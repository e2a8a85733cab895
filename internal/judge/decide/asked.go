package decide

import "strings"

// asked is what a question found out about one condition. What depends on nothing but the question is asked once, what depends on the
// caller once a group of callers that look the same to it, and so for columns.
type asked struct {
	actor, column []string // the condition's keys that may differ from actor to actor, and from column to column
	both          bool     // some key is in both: what one actor's request says of it in one column tells nothing of the others
	groups        []int32  // by actor, from 1; 0 where nobody asked yet
	masks         map[int32]int32
	likeness      *likeness
	parts         []answer // by group; 0 for all actors alike

	actors *truths           // see ofActors
	at     map[int32]*truths // the same for every look of a column
	look   []int32           // of the columns
}

type answer struct {
	part
	known bool
}

// asker is the question in which a condition is judged: what somebody lacks makes no difference to one that does not read it.
func (q *question) asker(c *condition) *question {
	if q.base != nil && c.reads&^readsTags == 0 {
		return q.base
	}
	return q
}

// about finds what was found out about a condition.
func (q *question) about(c *condition) *asked {
	q = q.asker(c)
	for len(q.asked) <= int(c.number) {
		q.asked = append(q.asked, nil)
	}
	if x := q.asked[c.number]; x != nil {
		return x
	}
	x := &asked{}
	q.asked[c.number] = x
	for _, k := range c.keys {
		actor, column := q.e.ofActor(k), q.cs.ofColumn(k)
		if actor {
			x.actor = append(x.actor, k)
		}
		if column {
			x.column = append(x.column, k)
		}
		x.both = x.both || actor && column
	}
	switch {
	case x.both:
	case len(x.actor) == 1 && len(c.keys) == 1 && c.compare != nil:
		x.groups, x.masks = make([]int32, len(q.e.actors)), map[int32]int32{}
	case x.actor != nil:
		x.likeness = q.likenessOf(x.actor)
		x.groups = x.likeness.groups
	}
	return x
}

// ask judges one condition for an actor, in every column.
func (q *question) ask(c *condition, a *actor) part {
	q = q.asker(c)
	x := q.about(c)
	group := 0
	if x.both {
		group = int(a.number) + 1
	}
	if x.groups != nil {
		if x.groups[a.number] == 0 {
			if x.masks != nil {
				x.groups[a.number] = q.comparedGroup(a, c, x)
			} else {
				x.groups[a.number] = q.groupOf(a, x.likeness)
			}
		}
		group = int(x.groups[a.number])
	}
	for len(x.parts) <= group {
		x.parts = append(x.parts, answer{})
	}
	p := &x.parts[group]
	if !p.known {
		var out part
		switch {
		case x.both:
			out = q.askColumns(c, a, q.everyColumn())
		case x.column == nil:
			out.value = q.probe(a, 0).Condition(c.Condition, c.version)
		default:
			out = q.askColumns(c, a, q.columnGroups(x.column))
		}
		*p = answer{out, true}
	}
	return p.part
}

// actorsAt judges one condition for every actor in one column; the truths are numbered by actor.
func (q *question) actorsAt(c *condition, col int) truths {
	q = q.asker(c)
	x := q.about(c)
	if x.column == nil {
		if x.actors == nil {
			x.actors = q.everyActor(c, col)
		}
		return *x.actors
	}
	if x.both {
		return *q.everyActor(c, col)
	}
	if x.look == nil {
		x.look, x.at = make([]int32, q.n), map[int32]*truths{}
		for i, g := range q.columnGroups(x.column) {
			for _, at := range g {
				x.look[at] = int32(i)
			}
		}
	}
	out := x.at[x.look[col]]
	if out == nil {
		out = q.everyActor(c, col)
		x.at[x.look[col]] = out
	}
	return *out
}

func (q *question) everyActor(c *condition, col int) *truths {
	out := newTruths(len(q.e.actors))
	for i, a := range q.e.actors {
		out.set(i, q.ask(c, a).at(col))
	}
	return &out
}

// actorKey is what an actor's request says of one key.
type actorKey struct {
	asked, one bool
	value      string // when one
}

// comparedGroup numbers the ways in which the one value of a key compares with the values of a condition. Conditions on the caller's
// ARN would otherwise be asked for every caller.
func (q *question) comparedGroup(a *actor, c *condition, x *asked) int32 {
	key := c.keys[0]
	looks, ok := q.actorKeys[key]
	if !ok {
		looks = make([]actorKey, len(q.e.actors))
		q.actorKeys[key] = looks
	}
	look := &looks[a.number]
	if !look.asked {
		look.asked = true
		if values, _, _ := q.probe(a, 0).Key(key); len(values) == 1 {
			look.one, look.value = true, values[0]
		}
	}
	mask := int32(0)
	if look.one {
		mask = 1
		for i, v := range c.Values {
			if c.compare(v, look.value) {
				mask |= 2 << i
			}
		}
	} else {
		mask = -q.groupOf(a, q.likenessOf(c.keys))
	}
	group, ok := x.masks[mask]
	if !ok {
		group = int32(len(x.masks) + 1)
		x.masks[mask] = group
	}
	return group
}

// likeness is which actors look the same to some keys.
type likeness struct {
	keys   []string
	groups []int32 // by actor, from 1; 0 where nobody asked yet
	number map[string]int32
}

func (q *question) likenessOf(keys []string) *likeness {
	id := strings.Join(keys, "\x00")
	l := q.likenesses[id]
	if l == nil {
		l = &likeness{keys: keys, groups: make([]int32, len(q.e.actors)), number: map[string]int32{}}
		q.likenesses[id] = l
	}
	return l
}

func (q *question) groupOf(a *actor, l *likeness) int32 {
	if l.groups[a.number] == 0 {
		look := looks(q.probe(a, 0), l.keys)
		n, ok := l.number[look]
		if !ok {
			n = int32(len(l.number) + 1)
			l.number[look] = n
		}
		l.groups[a.number] = n
	}
	return l.groups[a.number]
}
