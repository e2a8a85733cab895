package decide

import (
	"slices"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/iam"
)

const (
	version2012 = "2012-10-17" // policy variables count in it alone
	resourceTag = "resourcetag/"
)

// condition is one condition, whichever policies it stands in, with the keys that it depends on.
type condition struct {
	*iam.Condition
	version string
	number  int32
	keys    []string // lower case, sorted
	reads   reads
	compare func(value, have string) bool // how a value of the key is compared; nil where that is more than one look at each value
}

// condition interns by content.
func (e *Engine) condition(c *iam.Condition, version string) *condition {
	var b strings.Builder
	b.WriteString(c.Operator)
	b.WriteByte(0)
	b.WriteString(c.Key)
	variables := false
	for _, v := range c.Values {
		b.WriteByte(0)
		b.WriteString(v)
		variables = variables || strings.Contains(v, "${")
	}
	if variables {
		b.WriteString("\x00" + version)
	}
	if old, ok := e.conditions[b.String()]; ok {
		return old
	}
	out := &condition{Condition: c, version: version, number: int32(len(e.conditions)), keys: []string{strings.ToLower(c.Key)}}
	if variables && version == version2012 {
		for _, v := range c.Values {
			eachVariable(v, func(name string) { out.keys = append(out.keys, strings.ToLower(name)) })
		}
	}
	slices.Sort(out.keys)
	out.keys = slices.Compact(out.keys)
	if !variables && len(c.Values) <= maxCompared {
		out.compare = comparison(c.Operator)
	}
	for _, k := range out.keys {
		out.reads |= e.reads(k)
	}
	e.conditions[b.String()] = out
	return out
}

// maxCompared is how many values of a condition are looked at one by one.
const maxCompared = 24

// comparison is what an operator does with one value, when its result depends on nothing else.
func comparison(operator string) func(value, have string) bool {
	switch strings.TrimSuffix(operator, "IfExists") {
	case "StringEquals", "StringNotEquals":
		return func(value, have string) bool { return value == have }
	case "StringLike", "StringNotLike":
		return iam.Match
	case "ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike":
		return iam.MatchConditionARN
	}
	return nil
}

// eachVariable calls f with the key of every policy variable of a text.
func eachVariable(s string, f func(string)) {
	for {
		_, rest, ok := strings.Cut(s, "${")
		if !ok {
			return
		}
		name, after, _ := strings.Cut(rest, "}")
		name, _, _ = strings.Cut(name, ",")
		f(strings.TrimSpace(name))
		s = after
	}
}

// ofColumn tells whether a key may differ from column to column.
func (cs *Columns) ofColumn(key string) bool {
	return cs.keys[key] || strings.Contains(key, resourceTag) || strings.HasPrefix(key, "aws:resource") || key == "s3:resourceaccount" || key == "aws:requestedregion"
}

// ofActor tells whether a key may differ from principal to principal of one account.
func (e *Engine) ofActor(key string) bool {
	return strings.HasPrefix(key, "aws:principal") || strings.HasPrefix(key, "aws:user") || e.actorKeys[key]
}

// part is the answer of one condition: one value for all columns, or one for each.
type part struct {
	value   iam.Truth
	columns *truths // nil: value holds for all
}

// at is the answer in one column.
func (p part) at(col int) iam.Truth {
	switch {
	case p.columns == nil:
		return p.value
	case p.columns.must.Has(col):
		return iam.True
	case p.columns.may.Has(col):
		return iam.Open
	}
	return iam.False
}

// askColumns asks one column of each group that looks the same to the condition.
func (q *question) askColumns(c *condition, a *actor, groups [][]int) part {
	x := newTruths(q.n)
	for _, g := range groups {
		switch q.probe(a, g[0]).Condition(c.Condition, c.version) {
		case iam.True:
			for _, col := range g {
				x.must.add(col)
				x.may.add(col)
			}
		case iam.Open:
			for _, col := range g {
				x.may.add(col)
			}
		}
	}
	return part{columns: &x}
}

// everyColumn is groups of one column each.
func (q *question) everyColumn() [][]int {
	out := make([][]int, q.n)
	for col := range out {
		out[col] = []int{col}
	}
	return out
}

// columnGroups puts columns together that give the same values to some keys.
func (q *question) columnGroups(keys []string) [][]int {
	id := strings.Join(keys, "\x00")
	cache := q.groups
	if !q.says(keys) { // the same for every action of the service
		id, cache = service(q.Action)+"\x00"+strconv.FormatBool(q.untagged)+"\x00"+id, q.cs.groups
	}
	if g, ok := cache[id]; ok {
		return g
	}
	byLook := map[string]int{}
	var out [][]int
	for col := range q.n {
		look := looks(q.probe(q.e.neutral(), col), keys)
		i, ok := byLook[look]
		if !ok {
			i = len(out)
			byLook[look] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], col)
	}
	cache[id] = out
	return out
}

// says tells whether the question itself fixes some of the keys.
func (q *question) says(keys []string) bool {
	fixed := func(k string) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return strings.EqualFold(key, k) })
	}
	for k := range q.Context {
		if fixed(k) {
			return true
		}
	}
	return slices.ContainsFunc(q.Absent, fixed)
}

// looks writes out what a request says of some keys.
func looks(p *iam.Probe, keys []string) string {
	var b strings.Builder
	for _, k := range keys {
		values, absent, present := p.Key(k)
		switch {
		case absent:
			b.WriteByte(1)
		case present:
			b.WriteByte(2)
		}
		for _, v := range values {
			b.WriteByte(3)
			b.WriteString(v)
		}
		b.WriteByte(4)
	}
	return b.String()
}
