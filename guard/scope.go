package guard

import "strconv"

// result is one value that a query gives: there, or missing. literal says that it was written in the rule; comparisons treat such a value
// otherwise than one that was found.
type result struct {
	value   *Value
	missing *missing
	literal bool
}

// missing is a way that ends before its query does.
type missing struct {
	at   *Value // the last value that is there
	part *part  // what it does not have
	why  missingWhy
}

type missingWhy uint8

const (
	noKey missingWhy = iota
	noIndex
	notMap
	notList
	empty
	notFilterable
	keyUnknown
)

func (m *missing) says() string {
	switch m.why {
	case noKey:
		return "has no " + m.part.text
	case noIndex:
		return "has no element " + strconv.FormatInt(m.part.index, 10)
	case notMap:
		return "is a " + m.at.kind.String() + ", not a map with " + m.part.text
	case notList:
		return "is a " + m.at.kind.String() + ", not a list with an element " + strconv.FormatInt(m.part.index, 10)
	case empty:
		return "is empty"
	case notFilterable:
		return "is a " + m.at.kind.String() + ", which cannot be filtered"
	}
	return "the keys in " + m.part.text + " are not there"
}

type scopeKind uint8

const (
	rootScope  scopeKind = iota // the document; the file's assignments
	blockScope                  // a block's assignments
	valueScope                  // the value that a block or filter is asked of
	paramScope                  // the parameters of a rule that is called
)

// scope is where names mean something. Queries begin at its value.
type scope struct {
	kind   scopeKind
	parent *scope
	value  *Value
	lets   lets
	known  map[string][]result // assignments that were evaluated; in the root also captures
	params map[string][]result
}

func (s *scope) rootValue() *Value {
	for s.kind == paramScope {
		s = s.parent
	}
	return s.value
}

// query pushes what q selects on the stack.
func (ev *evaluation) query(q *query, s *scope) error {
	from := s
	if s.kind == valueScope {
		// Names in the query mean what they mean around the value.
		from = s.parent
	}
	return ev.walk(q.parts, 0, s.rootValue(), from, -1)
}

// variable gives the values of a name. They must not be changed.
func (ev *evaluation) variable(name string, s *scope) ([]result, error) {
	for ; s != nil; s = s.parent {
		switch s.kind {
		case valueScope:
			continue
		case paramScope:
			if values, ok := s.params[name]; ok {
				return values, nil
			}
			continue
		}
		l := s.lets[name]
		if l != nil && l.literal != nil {
			return l.literal, nil
		}
		if values, ok := s.known[name]; ok {
			return values, nil
		}
		if l != nil {
			return ev.assigned(name, l, s)
		}
	}
	return nil, cannot("there is no variable %%%s", name)
}

func (ev *evaluation) assigned(name string, l *let, s *scope) ([]result, error) {
	if err := ev.enter(); err != nil { // let x = %x
		return nil, err
	}
	defer ev.leave()
	values, err := ev.operand(operand{call: l.call, query: l.query}, s)
	if err != nil {
		return nil, err
	}
	if l.call == nil && l.query.some {
		there := values[:0]
		for _, v := range values {
			if v.missing == nil && !v.literal {
				there = append(there, v)
			}
		}
		values = there
	}
	if s.known == nil {
		s.known = map[string][]result{}
	}
	s.known[name] = values
	return values, nil
}

// capture adds a key to a variable. Captures belong to the whole evaluation of a document, as in cfn-guard, and add up.
func (ev *evaluation) capture(name string, key *Value) {
	if ev.root.known == nil {
		ev.root.known = map[string][]result{}
	}
	ev.root.known[name] = append(ev.root.known[name], result{value: key})
}
