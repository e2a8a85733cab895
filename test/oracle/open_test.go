package oracle_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
)

// forget makes an open question of a complete one: some keys stay known, some are known to be missing or to exist, and the rest may
// be anything.
func (m *maker) forget() *question {
	o := m.q.clone()
	r := &o.request
	r.Closed = false
	for _, k := range slices.Sorted(maps.Keys(r.Context)) {
		switch {
		case m.chance(60) || k == "aws:ResourceAccount":
		case kindOf(k) != nil && m.chance(25):
			r.Present = append(r.Present, k)
			delete(r.Context, k)
		default:
			delete(r.Context, k)
		}
	}
	for _, k := range keys {
		if _, ok := m.q.request.Context[k.name]; !ok && m.chance(50) {
			r.Absent = append(r.Absent, k.name)
		}
	}
	return o
}

// recall completes an open question at random, in a way that it permits.
func (m *maker) recall(o *question, number int) *question {
	c := o.clone()
	r := &c.request
	c.name = fmt.Sprintf("%s, completion %d", o.name, number)
	for k, v := range m.makeContext(r.Principal, r.ResourceAccount) {
		if _, ok := r.Context[k]; !ok && !slices.Contains(r.Absent, k) {
			r.Context[k] = v
		}
	}
	for _, k := range r.Present {
		if _, ok := r.Context[k]; !ok {
			r.Context[k] = []string{one(m, kindOf(k).values)}
		}
	}
	r.Closed, r.Absent, r.Present = true, nil, nil
	return c
}

// openQuestion gives completions of one open question, having held our answers to them against our answer to the open one.
func openQuestion(t *testing.T, seed uint64, number, completions int) (open verdict, out []*question) {
	m := newMaker(seed, number)
	o := m.forget()
	open = o.ours()
	for i := range completions {
		c := m.recall(o, i)
		out = append(out, c)
		closed := c.ours()
		if open == allow && closed != allow || (open == deny || open == forbid) && closed == allow {
			t.Errorf("%s: %s while open, but %s once complete; open context %v, absent %v, present %v\n%s",
				c.name, open, closed, o.request.Context, o.request.Absent, o.request.Present, c.show())
		}
	}
	return open, out
}

// TestOpenQuestions needs no peer: a plain answer to an open question holds for every completion that is tried.
func TestOpenQuestions(t *testing.T) {
	plain := 0
	for i := range 20_000 {
		open, _ := openQuestion(t, 1, i, 4)
		if open != "conditional" {
			plain++
		}
		if t.Failed() {
			return
		}
	}
	if plain < 5_000 {
		t.Errorf("only %d of 20000 open questions have a plain answer: they test little", plain)
	}
}
