package decide

import (
	"slices"
	"sort"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Column is one resource as a question asks of it.
type Column struct {
	On       snapshot.Key        // the resource whose policy has a say; "" for none
	Resource string              // the ARN of the request when it is not On itself
	Context  map[string][]string // keys that follow from the resource
	Absent   []string
}

func (c *Column) arn() string {
	if c.Resource != "" {
		return c.Resource
	}
	return requested(c.On)
}

// Columns are the resources of questions, indexed for patterns. They are not safe for concurrent use.
type Columns struct {
	list  []column // sorted by ARN
	place []int    // from the order in which they were given to that of list
	heads []head
	odd   []int // columns whose ARN has not all its parts
	found map[string]Set
	keys  map[string]bool // lower-case condition keys that some column fixes

	groups map[string][][]int // see columnGroups
	rules  map[string]rules   // by iam.RuleGroup, see findRules
}

type column struct {
	Column
	arn    string
	tail   string // the last part of the ARN
	colons int
	res    *resource
}

// head is a run of columns whose ARNs have their first five parts in common.
type head struct {
	text     string // up to and with the fifth colon
	from, to int
}

// Columns indexes resources for questions.
func (t *Table) Columns(list []Column) *Columns {
	cs := &Columns{list: make([]column, len(list)), place: make([]int, len(list)), found: map[string]Set{}, keys: map[string]bool{}, groups: map[string][][]int{}, rules: map[string]rules{}}
	order := make([]int, len(list))
	for i := range list {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(list[a].arn(), list[b].arn()) })
	for at, i := range order {
		c := column{Column: list[i], arn: list[i].arn(), res: t.resources[list[i].On]}
		c.colons = strings.Count(c.arn, ":")
		cs.place[i] = at
		if n := lastPart(c.arn); n > 0 {
			c.tail = c.arn[n:]
			if last := len(cs.heads) - 1; last >= 0 && cs.heads[last].to == at && cs.heads[last].text == c.arn[:n] {
				cs.heads[last].to++
			} else {
				cs.heads = append(cs.heads, head{c.arn[:n], at, at + 1})
			}
		} else {
			cs.odd = append(cs.odd, at)
		}
		cs.list[at] = c
		for k := range c.Context {
			cs.keys[strings.ToLower(k)] = true
		}
		for _, k := range c.Absent {
			cs.keys[strings.ToLower(k)] = true
		}
	}
	return cs
}

// lastPart is where the sixth part of an ARN begins; 0 when there are fewer.
func lastPart(arn string) int {
	at := 0
	for range 5 {
		i := strings.IndexByte(arn[at:], ':')
		if i < 0 {
			return 0
		}
		at += i + 1
	}
	return at
}

// match finds the columns that a Resource pattern without variables matches; nil for none. The result is shared: read only.
func (cs *Columns) match(pattern string) Set {
	if s, ok := cs.found[pattern]; ok {
		return s
	}
	s := newSet(len(cs.list))
	switch n := lastPart(pattern); {
	case pattern == "*":
		s.fill(0, len(cs.list))
	case n == 0:
		for i := range cs.list {
			if iam.MatchARN(pattern, cs.list[i].arn) {
				s.add(i)
			}
		}
	default:
		for _, i := range cs.odd {
			if iam.MatchARN(pattern, cs.list[i].arn) {
				s.add(i)
			}
		}
		for _, h := range cs.heads {
			if strings.HasPrefix(pattern, h.text) && n == len(h.text) || iam.MatchARN(pattern[:n]+"*", h.text+"x") {
				cs.matchTail(s, h, pattern[n:])
			}
		}
		cs.matchOver(s, pattern, n)
	}
	if s.empty() {
		s = nil
	}
	cs.found[pattern] = s
	return s
}

// matchOver adds the columns that a pattern matches with a star that reaches over colons: they have more of them than the pattern.
func (cs *Columns) matchOver(s Set, pattern string, n int) {
	if !strings.Contains(pattern[:n], "*:") {
		return
	}
	colons := strings.Count(pattern, ":")
	for i := range cs.list {
		if c := &cs.list[i]; c.colons > colons && iam.MatchARN(pattern, c.arn) {
			s.add(i)
		}
	}
}

// matchTail adds the columns of a head whose last part a pattern matches: those that begin like it are neighbours.
func (cs *Columns) matchTail(s Set, h head, pattern string) {
	cut := strings.IndexFunc(pattern, func(r rune) bool { return r == '*' || r == '?' || r == '\uFFFD' })
	if cut < 0 {
		cut = len(pattern)
	}
	prefix := pattern[:cut]
	run := cs.list[h.from:h.to]
	from := sort.Search(len(run), func(i int) bool { return run[i].tail >= prefix })
	to := from + sort.Search(len(run)-from, func(i int) bool { return !strings.HasPrefix(run[from+i].tail, prefix) })
	if pattern[cut:] == "*" {
		s.fill(h.from+from, h.from+to)
		return
	}
	for i := from; i < to; i++ {
		if iam.Match(pattern, run[i].tail) {
			s.add(h.from + i)
		}
	}
}
