package risk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/cost"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Row is one access to one thing.
type Row struct {
	Kind   string // Resource, or what Sheet.Grouped groups by
	ID     string // unique, without suffix; "visits-db"
	Key    snapshot.Key
	Name   string
	Type   string
	Access access.Capability // Read or Write
	Impact Impact
	Full   Likelihood   // with the ways through administration of the whole account; what the gate counts
	Beside Likelihood   // without them: they are told once, in the row of the account; what the sheet shows
	Within string       // the id of the row that tells this one's story (a snapshot of a database that is there); "" for most
	Unread []string     // what of the resource was not read
	Asset  bool         // outside AWS, stated: nothing of it is read
	Target string       // of a group: the id of the row whose numbers it shows, which Key is of
	Self   snapshot.Key // of a group that is one thing: its key

	State    string // Open, InForce or Accepted
	Owner    string // who answers for it; "" when nobody does
	Override *Overridden
	Waiver   *threatmodel.Waiver // what accepts it; nil unless State is Accepted
}

// Risk is impact times likelihood, worst end, as the sheet shows it: 1..25.
func (r *Row) Risk() int { return r.Impact.Level * r.Beside.Level }

// Low is the risk on what was seen alone, as the sheet shows it.
func (r *Row) Low() int { return r.Impact.Low * r.Beside.LowLevel }

// Unknown tells whether something unread makes a difference to the number that the sheet shows.
func (r *Row) Unknown() bool { return r.Low() != r.Risk() }

// FullRisk and FullLow count the ways through the account too.
func (r *Row) FullRisk() int { return r.Impact.Level * r.Full.Level }

// FullLow is the lower end of FullRisk.
func (r *Row) FullLow() int { return r.Impact.Low * r.Full.LowLevel }

// Sheet is every row of one account.
type Sheet struct {
	Table    string // version of the likelihood table
	Rows     []Row  // by risk, points and key, the highest first; READ and WRITE of one resource stay together
	Warnings []Warning

	assessor *assessor
	account  []Scored // the ways to the account, marked
}

// Warning tells of something stated that has no effect (any more). Line is where it stands in footing.yaml.
type Warning struct {
	Line int
	Says string
}

// Options are what a sheet depends on beside the account and what people state.
type Options struct {
	With []threatmodel.Mitigation // a what-if: their effects on ways; path steps that they close are cut from the table
	Now  time.Time                // when overrides and waivers are looked at

	Costs *cost.Table // of the snapshot; nil: nothing is known of them
}

// Tell works out the paths of a row and its arithmetic, of which Assess keeps the numbers alone.
func (s *Sheet) Tell(r *Row) {
	if r.Beside.Terms != nil {
		return // told already, as the account's row always is
	}
	a := s.assessor
	paths := a.score(a.table.Paths(r.Key, r.Access, true), r.Key, r.Access)
	r.Beside, r.Full = likelihood(paths), likelihood(slices.Concat(paths, s.account))
	r.overrule()
}

// On is a row's likelihood beside the ways through the account, by another table of the same account: a what-if about one row alone.
func (s *Sheet) On(t *access.Table, r *Row) Likelihood {
	c := r.Access
	if r.ID == AccountID {
		c = access.Admin
	}
	return likelihood(s.assessor.score(t.Paths(r.Key, c, true), r.Key, c))
}

// TellAll does so for every row.
func (s *Sheet) TellAll() {
	for i := range s.Rows {
		s.Tell(&s.Rows[i])
	}
}

// Each calls f with every row that is wanted (nil: all), told, in an order that makes that quick: by type. f gets a copy, and the paths
// go with it.
func (s *Sheet) Each(wanted func(*Row) bool, f func(i int, r *Row)) {
	var order []int
	for i := range s.Rows {
		if wanted == nil || wanted(&s.Rows[i]) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &s.Rows[a], &s.Rows[b]
		return cmp.Or(strings.Compare(x.Type, y.Type), strings.Compare(string(x.Key), string(y.Key)))
	})
	loaded := ""
	for _, i := range order {
		r := s.Rows[i]
		if r.ID != AccountID && !r.Asset && r.Type != loaded && len(order) > few {
			s.assessor.table.Load(r.Type)
			loaded = r.Type
		}
		s.Tell(&r)
		f(i, &r)
	}
	s.assessor.table.Load("")
}

// few is how many rows are told faster one by one than by type.
const few = 20

// AccountID is the id of the account's own row.
const AccountID = "account"

// Assess computes the sheet of a sealed snapshot.
func Assess(s *snapshot.Snapshot, t *access.Table, m *threatmodel.Model, o Options) Sheet {
	a := &assessor{snap: s, table: t, model: m, now: o.Now, lens: newLens(s, m, effects(o.With)),
		costs: o.Costs, impacts: map[string]Impact{}, names: map[snapshot.Key][]string{}, served: map[service]bool{}}
	a.name()
	a.unlock()
	sheet := Sheet{Table: TableVersion, assessor: a}
	account := a.score(t.Paths(t.Account, access.Admin, true), t.Account, access.Admin)
	sheet.account = make([]Scored, len(account))
	for i, p := range account {
		p.ViaAccount = true
		sheet.account[i] = p
	}
	for _, c := range []access.Capability{access.Read, access.Write} {
		l := likelihood(account)
		i := Impact{}
		i.add("the whole account", 5)
		sheet.Rows = append(sheet.Rows, Row{ID: AccountID, Key: t.Account, Name: AccountID, Type: "AWS::Account", Access: c, Impact: i, Full: l, Beside: l, Owner: a.accountOwner()})
	}
	sheet.Rows = append(sheet.Rows, a.assets()...)
	n := newTally()
	loaded := ""
	for _, r := range byTypeThenKey(s) {
		if r.Type != loaded {
			t.Load(r.Type)
			loaded = r.Type
		}
		target := a.called(r.Key)
		for _, c := range []access.Capability{access.Read, access.Write} {
			n.reset()
			t.Reaching(r.Key, c, func(e *access.Entry, h access.How) {
				if e, guards, open := a.lens.see(e, h.Principal, h.Guards, target); open {
					n.add(e, guards, h.Traces, h.Seen)
				}
			})
			beside := n.likelihood()
			for i := range sheet.account {
				n.count(sheet.account[i].Entry, sheet.account[i].High, sheet.account[i].Low)
			}
			sheet.Rows = append(sheet.Rows, Row{
				ID: a.ids[r.Key], Key: r.Key, Name: r.Name, Type: r.Type, Access: c, Impact: a.impact(r, c),
				Beside: beside, Full: n.likelihood(), Within: a.within[r.Key], Unread: r.Unknown, Owner: cmp.Or(m.Owner(r), m.DefaultOwner),
			})
		}
	}
	t.Load("")
	for i := range sheet.Rows {
		sheet.Rows[i].Kind = Resource
	}
	sheet.override()
	sortRows(sheet.Rows)
	sheet.Settle(nil)
	return sheet
}

// byTypeThenKey lists the resources that have rows.
func byTypeThenKey(s *snapshot.Snapshot) []*snapshot.Resource {
	var out []*snapshot.Resource
	for i := range s.Resources {
		if r := &s.Resources[i]; rowed(r) {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b *snapshot.Resource) int { return strings.Compare(a.Type, b.Type) })
	return out
}

// rowed tells whether a resource has rows: what AWS keeps for everybody has none.
func rowed(r *snapshot.Resource) bool {
	return byType[r.Type] != worth{} && r.Text("KeyManager") != "AWS"
}

// sortRows puts the resource with the highest row first; of equal products the account comes first, since it holds the others,
// then points rank, then the key.
func sortRows(rows []Row) {
	top := map[snapshot.Key][3]int{}
	for i := range rows {
		r := &rows[i]
		x := [3]int{r.Risk(), r.Low(), r.Beside.Points}
		if r.ID == AccountID {
			x[1], x[2] = 25, 115 // what takes over the account takes the rest
		}
		if old, ok := top[r.Key]; !ok || slices.Compare(x[:], old[:]) > 0 {
			top[r.Key] = x
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		x, y := top[a.Key], top[b.Key]
		return cmp.Or(slices.Compare(y[:], x[:]), strings.Compare(string(a.Key), string(b.Key)), int(a.Access)-int(b.Access))
	})
}

type assessor struct {
	snap      *snapshot.Snapshot
	table     *access.Table
	model     *threatmodel.Model
	now       time.Time
	lens      *lens
	touching  *lens // of all mitigations, see Mitigations
	ids       map[snapshot.Key]string
	names     map[snapshot.Key][]string // see called
	served    map[service]bool          // see serves
	costs     *cost.Table
	impacts   map[string]Impact
	within    map[snapshot.Key]string
	unlocks   map[snapshot.Key][]unlocked
	mayUnlock map[snapshot.Key][]snapshot.Key // what else each may open, by what was not read
	unkeyed   []snapshot.Key                  // what any key may open, by what was not read
}

// unlocked is what a key, secret or snapshot opens, and for which accesses its impact counts.
type unlocked struct {
	key     snapshot.Key
	says    string
	readers bool // only READ of the opener takes the impact
}

// name gives every row an id that people can type: what footing.yaml says, else the name, else with its kind.
func (a *assessor) name() {
	a.ids = map[snapshot.Key]string{}
	taken := map[string][]snapshot.Key{}
	want := map[snapshot.Key]string{}
	bound := map[string]int{}
	for i := range a.snap.Resources {
		r := &a.snap.Resources[i]
		if st := a.model.Of(r); rowed(r) && st != nil && st.ID != "" {
			bound[st.ID]++
		}
	}
	for i := range a.snap.Resources {
		r := &a.snap.Resources[i]
		if !rowed(r) {
			continue
		}
		id := cmp.Or(r.Name, string(r.Key))
		if st := a.model.Of(r); st != nil && bound[st.ID] == 1 {
			id = st.ID
		}
		want[r.Key] = id
		taken[id] = append(taken[id], r.Key)
	}
	used := map[string]bool{AccountID: true}
	for i := range a.model.Resources {
		if st := &a.model.Resources[i]; st.Asset != "" {
			used[st.ID] = true
			a.ids[assetKey(st)] = st.ID
		}
	}
	for i := range a.snap.Resources {
		r := &a.snap.Resources[i]
		id, ok := want[r.Key]
		if !ok {
			continue
		}
		kind := byType[r.Type].word
		for _, try := range []string{id, kind + "/" + id, kind + "/" + id + "@" + r.Region, string(r.Key)} {
			if try == id && len(taken[id]) > 1 || used[try] {
				continue
			}
			id = try
			break
		}
		used[id] = true
		a.ids[r.Key] = id
	}
}

// unlock collects what opens what.
func (a *assessor) unlock() {
	a.unlocks, a.within = map[snapshot.Key][]unlocked{}, map[snapshot.Key]string{}
	a.mayUnlock, a.unkeyed = map[snapshot.Key][]snapshot.Key{}, a.table.Unkeyed()
	for _, o := range a.table.Opens() {
		if o.Unread {
			a.mayUnlock[o.From] = append(a.mayUnlock[o.From], o.To)
			continue
		}
		says := "opens "
		if o.By == "snapshot-of" {
			says = "copy of "
			a.within[o.From] = a.ids[o.To]
		}
		a.unlocks[o.From] = append(a.unlocks[o.From], unlocked{o.To, says + a.ids[o.To], o.By != "encrypts"})
	}
}

// dependants is from how many on a resource weighs more: losing it takes them all.
const dependants = 5

// impact is a resource's own, or that of what it unlocks when that is more.
func (a *assessor) impact(r *snapshot.Resource, c access.Capability) Impact {
	id := c.String() + string(r.Key)
	if i, ok := a.impacts[id]; ok {
		return i
	}
	i := ownImpact(r, c, a.model, a.costs)
	a.impacts[id] = i // a ring of keys and secrets ends here
	for _, u := range a.unlocks[r.Key] {
		if to, ok := a.snap.Get(u.key); ok && rowed(to) && (c == access.Read || !u.readers) {
			i.atLeast(a.impact(to, c), u.says)
		}
	}
	for _, k := range a.mayUnlock[r.Key] {
		if c == access.Read {
			a.mayOpen(&i, k, c)
		}
	}
	for _, k := range a.unkeyed {
		if r.Type == "AWS::KMS::Key" {
			a.mayOpen(&i, k, c)
		}
	}
	if n := len(a.unlocks[r.Key]); c == access.Write && n >= dependants {
		i.add(fmt.Sprintf("%d things depend on it", n), 1)
	}
	i = i.clamp()
	a.impacts[id] = i
	return i
}

// mayOpen raises the worst end of an impact to that of what may be opened.
func (a *assessor) mayOpen(i *Impact, k snapshot.Key, c access.Capability) {
	if to, ok := a.snap.Get(k); ok && rowed(to) {
		if o := a.impact(to, c); o.Level > i.Level {
			i.unread("what opens "+a.ids[k]+" was not read", o.Level-i.Level)
		}
	}
}

// score gives every path its points, as the lens shows it, and says for which use case it was meant.
func (a *assessor) score(paths []access.Path, k snapshot.Key, c access.Capability) []Scored {
	target, needing := a.called(k), a.needing(k, c)
	out := make([]Scored, 0, len(paths))
	for _, p := range paths {
		entry := p.Entry
		var open bool
		if p.Entry, p.Guards, open = a.lens.see(entry, p.Principal, p.Guards, target); !open {
			continue
		}
		s := Score(p)
		s.Meant = a.meant(entry, p.Principal, needing)
		out = append(out, s)
	}
	return out
}
