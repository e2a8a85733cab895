package check

import (
	"slices"

	"github.com/footing-dev/footing/internal/snapshot"
)

// join marks failures that are told under another rule (Rule.With): on the same things that one fails too, is not told elsewhere itself, and weighs as
// much, so that nothing hides beneath what matters less.
func (x *run) join(rules []Rule, results []Result) {
	of := map[string][]*Result{} // what fails, by rule
	for i := range results {
		if r := &results[i]; r.Outcome == Fail {
			of[r.Rule] = append(of[r.Rule], r)
		}
	}
	for i := range rules {
		for _, r := range of[rules[i].ID] {
			for _, id := range rules[i].With {
				if r.With == "" && x.same(r, of[id]) {
					r.With = id
				}
			}
		}
	}
}

// same tells whether all that a failure is about is among what others are about.
func (x *run) same(r *Result, others []*Result) bool {
	account := x.Account()
	var about, among []snapshot.Key
	for _, e := range r.Evidence {
		if e.Outcome == Fail {
			about = append(about, e.Key)
		}
	}
	if len(about) == 0 {
		about = append(about, r.Target)
	}
	for _, o := range others {
		if o.With != "" || o.Risk < r.Risk || o.Advice && !r.Advice {
			continue
		}
		among = append(among, o.Target)
		for _, e := range o.Evidence {
			if e.Outcome == Fail {
				among = append(among, e.Key)
			}
		}
	}
	return !slices.ContainsFunc(about, func(k snapshot.Key) bool { return k == "" || k == account || !slices.Contains(among, k) })
}
