package guard

func (ev *evaluation) push(v *Value) { ev.stack = append(ev.stack, result{value: v}) }

func (ev *evaluation) miss(at *Value, p *part, why missingWhy) error {
	ev.stack = append(ev.stack, result{missing: &missing{at, p, why}})
	return nil
}

// walk follows parts[i:] from a value and pushes what it comes to. In which scope names and filters are asked differs from part to part, and
// not always as one would expect: it is what cfn-guard does. style is the way to write keys that found something before, or -1.
func (ev *evaluation) walk(parts []part, i int, at *Value, s *scope, style int) error {
	if i >= len(parts) {
		ev.push(at)
		return nil
	}
	if i == 0 && parts[0].variable != "" {
		return ev.walkVariable(parts, s, style)
	}
	p := &parts[i]
	switch p.kind {
	case partThis:
		return ev.walk(parts, i+1, at, s, style)
	case partKey:
		switch {
		case p.numeric:
			return ev.walkIndex(parts, i, at, s, style)
		case at.kind != Map:
			return ev.miss(at, p, notMap)
		case p.variable != "":
			return ev.walkKeys(parts, i, at, s, style)
		}
		return ev.walkKey(parts, i, at, s, style)
	case partIndex:
		return ev.walkIndex(parts, i, at, s, style)
	case partAll, partValues:
		switch {
		case at.kind == List:
			return ev.walkItems(parts, i, at, s, style)
		case at.kind == Map && (p.kind == partValues || p.capture != ""):
			return ev.walkValues(parts, i, at, s, style, nil)
		}
		// One value is as good as a list of one.
		return ev.walk(parts, i+1, at, s, style)
	case partFilter:
		return ev.walkFilter(parts, i, at, s, style)
	}
	return ev.walkKeyTest(parts, i, at, s, style)
}

func (ev *evaluation) walkVariable(parts []part, s *scope, style int) error {
	values, err := ev.variable(parts[0].variable, s)
	if err != nil {
		return err
	}
	next := 1
	if len(parts) > 1 && parts[1].kind == partAll {
		next = 2
	}
	for _, v := range values {
		if v.missing != nil || next >= len(parts) {
			ev.stack = append(ev.stack, v)
			continue
		}
		if err := ev.walk(parts, next, v.value, &scope{kind: valueScope, value: v.value, parent: s}, style); err != nil {
			return err
		}
	}
	return nil
}

func (ev *evaluation) walkKey(parts []part, i int, at *Value, s *scope, style int) error {
	p := &parts[i]
	if v := at.Get(p.key); v != nil {
		return ev.walk(parts, i+1, v, s, style)
	}
	if style >= 0 {
		if v := at.Get(p.cases[style]); v != nil {
			return ev.walk(parts, i+1, v, s, style)
		}
		return ev.miss(at, p, noKey)
	}
	for n, key := range p.cases {
		if key == p.key {
			continue
		}
		if v := at.Get(key); v != nil {
			return ev.walk(parts, i+1, v, s, n)
		}
	}
	return ev.miss(at, p, noKey)
}

// walkKeys follows the keys that a variable holds: Resources.%names.
func (ev *evaluation) walkKeys(parts []part, i int, at *Value, s *scope, style int) error {
	p := &parts[i]
	keys, err := ev.variable(p.variable, s)
	if err != nil {
		return err
	}
	next := i + 1
	if next < len(parts) {
		switch n := &parts[next]; n.kind {
		case partAll, partKey:
		case partIndex: // which of the keys
			k, ok := offset(n.index, len(keys))
			if !ok {
				return ev.miss(at, n, noIndex)
			}
			keys, next = keys[k:k+1], next+1
		default:
			return unanswerable("%s cannot follow the keys in %s: name the values with let, and go on from there", n.text, p.text)
		}
	}
	follow := func(key *Value) error {
		if key.kind != String {
			return cannot("%s holds a %s, which is no key", p.text, key.kind)
		}
		if v := at.Get(key.text); v != nil {
			return ev.walk(parts, next, v, s, style)
		}
		return ev.miss(at, &part{text: key.text}, noKey)
	}
	for _, k := range keys {
		switch {
		case k.missing != nil:
			err = ev.miss(at, p, keyUnknown)
		case k.value.kind == List:
			for j := 0; j < len(k.value.list) && err == nil; j++ {
				err = follow(k.value.list[j])
			}
		default:
			err = follow(k.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// offset is where an index points; negative ones count from the end.
func offset(i int64, n int) (int, bool) {
	if i < 0 {
		i += int64(n)
	}
	return int(i), i >= 0 && i < int64(n)
}

func (ev *evaluation) walkIndex(parts []part, i int, at *Value, s *scope, style int) error {
	p := &parts[i]
	if at.kind != List {
		return ev.miss(at, p, notList)
	}
	k, ok := offset(p.index, len(at.list))
	if !ok {
		return ev.miss(at, p, noIndex)
	}
	return ev.walk(parts, i+1, at.list[k], s, style)
}

func (ev *evaluation) walkItems(parts []part, i int, at *Value, s *scope, style int) error {
	if len(at.list) == 0 {
		return ev.miss(at, &parts[i], empty)
	}
	for _, v := range at.list {
		if err := ev.walk(parts, i+1, v, s, style); err != nil {
			return err
		}
	}
	return nil
}

// walkValues goes to every value of a map, or to those for which a filter holds.
func (ev *evaluation) walkValues(parts []part, i int, at *Value, s *scope, style int, filter [][]*clause) error {
	if len(at.vals) == 0 {
		return ev.miss(at, &parts[i], empty)
	}
	name := parts[i].capture
	for k, v := range at.vals {
		inner := &scope{kind: valueScope, value: v, parent: s}
		if filter != nil {
			if ok, err := ev.selects(filter, inner); err != nil || !ok {
				if err != nil {
					return err
				}
				continue
			}
		}
		if name != "" {
			ev.capture(name, at.keys[k])
		}
		if err := ev.walk(parts, i+1, v, inner, style); err != nil {
			return err
		}
	}
	return nil
}

func (ev *evaluation) selects(filter [][]*clause, s *scope) (bool, error) {
	st, err := ev.conditions(filter, s)
	return st == Pass, err
}

func (ev *evaluation) walkFilter(parts []part, i int, at *Value, s *scope, style int) error {
	p := &parts[i]
	before := parts[i-1].kind
	switch at.kind {
	case Map:
		inner := s
		switch before {
		case partKey:
			if len(at.vals) == 0 {
				return nil
			}
			return ev.walkValues(parts, i, at, s, style, p.filter)
		case partAll, partValues:
			// s is already about this value, but after [*] of a list it is not: cfn-guard then asks the filter of what is around.
		default:
			inner = &scope{kind: valueScope, value: at, parent: s}
		}
		ok, err := ev.selects(p.filter, inner)
		if err != nil || !ok {
			return err
		}
		return ev.walk(parts, i+1, at, inner, style)
	case List:
		for _, v := range at.list {
			ok, err := ev.selects(p.filter, &scope{kind: valueScope, value: v, parent: s})
			if err != nil {
				return err
			}
			if ok {
				if err := ev.walk(parts, i+1, v, s, style); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if before != partAll {
		return ev.miss(at, p, notFilterable)
	}
	ok, err := ev.selects(p.filter, &scope{kind: valueScope, value: at, parent: s})
	if err != nil || !ok {
		return err
	}
	return ev.walk(parts, i+1, at, s, style)
}

func (ev *evaluation) walkKeyTest(parts []part, i int, at *Value, s *scope, style int) error {
	p := &parts[i]
	if at.kind != Map {
		return ev.miss(at, p, notFilterable)
	}
	with := p.keys.literal
	if q := p.keys.query; q != nil {
		mark := len(ev.stack)
		if err := ev.walk(q.parts, 0, at, s, style); err != nil {
			return err
		}
		with = append([]result(nil), ev.stack[mark:]...)
		ev.stack = ev.stack[:mark]
	}
	for k, key := range at.keys {
		ok, err := keyHolds(key, p.keyOp, p.keyNot, with)
		if err != nil {
			return err
		}
		for range ok { // once for each value that the key equals
			if err := ev.walk(parts, i+1, at.vals[k], s, style); err != nil {
				return err
			}
		}
	}
	return nil
}
