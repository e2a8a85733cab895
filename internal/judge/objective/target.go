package objective

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// target is one access to one thing that an assertion is about. Where it is Unknown whether it is, that was not read.
type target struct {
	key    snapshot.Key
	access access.Capability
	state  snapshot.State
	row    *risk.Row // nil where the sheet has none
}

// scope is all that an assertion is about.
type scope struct {
	targets []target
	unseen  []string // what may have hidden more of it
	missing []string // what it names and is not there
	chosen  bool     // it names something that is there, or the one thing that is asked of; a condition on the risk may still leave no target
}

// Words of targets, see threatmodel.Assertion.
const (
	ofUnit  = "unit:"
	ofClass = "class:"
	ofType  = "type:"
)

// capabilities are the accesses that an assertion names.
func capabilities(a *threatmodel.Assertion) []access.Capability {
	var out []access.Capability
	for _, s := range a.Access {
		if c, ok := access.ParseCapability(s); ok && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// scope finds what an assertion is about. only restricts it to one thing; "" is all.
func (j *Judge) scope(a *threatmodel.Assertion, only snapshot.Key) scope {
	var s scope
	is := map[snapshot.Key]snapshot.State{}
	for _, word := range a.Targets {
		found := false
		for k, state := range j.choose(word) {
			found = true
			if only == "" || only == k {
				is[k] = either(stateOr(is, k), state)
				s.chosen = true
			}
		}
		unseen := j.hidden(word)
		s.unseen = append(s.unseen, unseen...)
		if !found && len(unseen) == 0 {
			s.missing = append(s.missing, word)
		}
	}
	for k, state := range is {
		for _, c := range capabilities(a) {
			t := target{k, c, state, j.rowOf(k, c)}
			if a.RiskAtLeast > 0 {
				switch {
				case t.row == nil || t.row.FullRisk() < a.RiskAtLeast:
					continue
				case t.row.FullLow() < a.RiskAtLeast:
					t.state = snapshot.Unknown
				}
			}
			s.targets = append(s.targets, t)
		}
	}
	slices.SortFunc(s.targets, func(x, y target) int {
		if x, y := j.typeOf(x.key), j.typeOf(y.key); x != y { // asked together
			return strings.Compare(x, y)
		}
		if x.key != y.key {
			return strings.Compare(string(x.key), string(y.key))
		}
		return int(x.access) - int(y.access)
	})
	slices.Sort(s.unseen)
	s.unseen = slices.Compact(s.unseen)
	return s
}

func stateOr(is map[snapshot.Key]snapshot.State, k snapshot.Key) snapshot.State {
	if st, ok := is[k]; ok {
		return st
	}
	return snapshot.Absent
}

func (j *Judge) typeOf(k snapshot.Key) string {
	if r, ok := j.Snapshot.Get(k); ok {
		return r.Type
	}
	return ""
}

// rowOf is the row of an access on the sheet; administering counts as both, and the higher of them tells.
func (j *Judge) rowOf(k snapshot.Key, c access.Capability) *risk.Row {
	rows := j.rows[k]
	if c != access.Admin {
		return rows[c]
	}
	r, w := rows[access.Read], rows[access.Write]
	if r == nil || w != nil && w.FullRisk() >= r.FullRisk() {
		return w
	}
	return r
}

func (j *Judge) isAccount(id string) bool {
	if id == risk.AccountID {
		return true
	}
	for _, r := range j.Model.Resources {
		if r.ID == id {
			return slices.Contains(r.Bind.Type, "AWS::Account") || slices.Contains(r.Bind.ARN, string(j.Access.Account))
		}
	}
	return false
}

// choose finds what one word means. Anything that is not the account must be something that can be read, written or administered.
func (j *Judge) choose(word string) map[snapshot.Key]snapshot.State {
	out := map[snapshot.Key]snapshot.State{}
	if word == threatmodel.Anything || j.isAccount(word) {
		out[j.Access.Account] = snapshot.Known
	}
	if j.isAccount(word) {
		return out
	}
	is := j.selector(word)
	for i := range j.Snapshot.Resources {
		r := &j.Snapshot.Resources[i]
		if !j.about(r.Type) {
			continue
		}
		if st := is(r); st != snapshot.Absent {
			out[r.Key] = st
		}
	}
	return out
}

func (j *Judge) about(typ string) bool {
	is, known := j.types[typ]
	if !known {
		is = j.Access.About(typ)
		j.types[typ] = is
	}
	return is
}

// selector tells whether a resource is meant by a word.
func (j *Judge) selector(word string) func(*snapshot.Resource) snapshot.State {
	yes := func(b bool) snapshot.State {
		if b {
			return snapshot.Known
		}
		return snapshot.Absent
	}
	if word == threatmodel.Anything {
		return func(r *snapshot.Resource) snapshot.State { return yes(r.Text("KeyManager") != "AWS") }
	}
	if unit, ok := strings.CutPrefix(word, ofUnit); ok {
		return func(r *snapshot.Resource) snapshot.State { return j.units.In(r.Key, unit) }
	}
	if class, ok := strings.CutPrefix(word, ofClass); ok {
		return func(r *snapshot.Resource) snapshot.State {
			c := j.Model.Class(r)
			perhaps := slices.ContainsFunc(j.Model.Perhaps(r), func(s *threatmodel.Resource) bool { return s.Class == class })
			if c != class && (perhaps || c == "" && r.IsUnknown("Tags")) {
				return snapshot.Unknown
			}
			return yes(c == class)
		}
	}
	if typ, ok := strings.CutPrefix(word, ofType); ok {
		sel, err := threatmodel.ParseSelectors([]string{ofType + typ})
		return func(r *snapshot.Resource) snapshot.State { return yes(err == nil && sel[0].MatchType(r.Type)) }
	}
	return func(r *snapshot.Resource) snapshot.State { return j.stated(word, r) }
}

// stated tells whether a resource is the one that people gave an id. The first that binds a resource has it, as everywhere.
func (j *Judge) stated(id string, r *snapshot.Resource) snapshot.State {
	if s := j.Model.Of(r); s != nil && s.ID == id {
		return snapshot.Known
	}
	if slices.ContainsFunc(j.Model.Perhaps(r), func(s *threatmodel.Resource) bool { return s.ID == id }) {
		return snapshot.Unknown
	}
	return snapshot.Absent
}

// hidden lists the calls that may have hidden more of what a word means.
func (j *Judge) hidden(word string) []string {
	if j.isAccount(word) {
		return nil
	}
	may := func(typ string) bool { return j.about(typ) }
	if typ, ok := strings.CutPrefix(word, ofType); ok {
		sel, err := threatmodel.ParseSelectors([]string{ofType + typ})
		may = func(t string) bool { return err == nil && sel[0].MatchType(t) }
	}
	for i := range j.Model.Resources {
		if s := &j.Model.Resources[i]; s.ID == word {
			if len(s.Bind.Type) == 0 && len(s.Bind.ARN) > 0 && len(j.choose(word)) > 0 && !wild(s.Bind.ARN) {
				return nil // it is there, and there is no other
			}
			if len(s.Bind.Type) > 0 {
				may = func(t string) bool {
					return slices.ContainsFunc(s.Bind.Type, func(w string) bool { return threatmodel.Glob(strings.ToLower(w), strings.ToLower(t)) })
				}
			}
		}
	}
	return j.gaps(may)
}

func wild(words threatmodel.Words) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.ContainsAny(w, "*?") })
}

// gaps lists the calls that left resources of some types unlisted.
func (j *Judge) gaps(may func(typ string) bool) []string {
	var out []string
	for _, g := range j.Snapshot.Gaps() {
		var types []string
		for _, t := range g.Types {
			if g.Resource == "" && may(t) {
				types = append(types, t)
			}
		}
		if len(types) == 0 {
			continue
		}
		g.Types = types
		out = append(out, check.Gap(&g))
	}
	return out
}

// shadows lists what may hide ways to things of some types that no table of paths has: of what leads on to other principals, or opens
// such a thing, not all was listed, or not as what it runs was read.
func (j *Judge) shadows(types map[string]bool) []string {
	if !j.lit {
		j.dark = j.gaps(j.Access.LeadsOn)
		for i := range j.Snapshot.Resources {
			r := &j.Snapshot.Resources[i]
			if p := j.Access.UnreadRole(r); p != "" {
				j.dark = append(j.dark, p+" of "+j.name(string(r.Key))+" was not read")
			}
		}
		j.lit = true
	}
	out := slices.Clone(j.dark)
	for typ := range types {
		openers := access.Openers(typ)
		out = append(out, j.gaps(func(t string) bool { return slices.Contains(openers, t) })...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
