package isolation

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Breach is something of one unit that gets at something of another.
type Breach struct {
	From       string // a principal, or what runs: its key, or what stands for it in the path table
	As         string // the principal that it comes in as; From itself for a principal
	To         snapshot.Key
	Capability access.Capability // None: it becomes the principal To, or connects to it
	Traffic    []network.Traffic // of a connection
	Account    bool              // To is the whole account, and with it all of the unit
	Certain    bool              // everything that it stands on was read
}

// Input is what walls are judged by.
type Input struct {
	Units   *Units
	Access  *access.Table
	Network *network.Reach
	Now     time.Time
	Without func(steps ...string) *access.Table // see check.Case
}

// Between lists what leads from some units into others, the certain first, in stable order. What people allow (may_reach, exceptions)
// is left out.
func Between(in Input, from, to []string) []Breach {
	w := &walls{Input: in, from: from, to: to, found: map[breachKey]Breach{}}
	w.reach()
	w.takeOver()
	w.excuse()
	w.same()
	w.connect()
	out := make([]Breach, 0, len(w.found))
	for _, b := range w.found {
		out = append(out, b)
	}
	slices.SortFunc(out, func(a, b Breach) int {
		if a.Certain != b.Certain {
			return map[bool]int{true: -1, false: 1}[a.Certain]
		}
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(string(a.To), string(b.To)), cmp.Compare(a.Capability, b.Capability), len(a.Traffic)-len(b.Traffic))
	})
	return out
}

type breachKey struct {
	from       string
	to         snapshot.Key
	capability access.Capability
	network    bool
}

type walls struct {
	Input
	from, to []string
	found    map[breachKey]Breach
}

func (w *walls) add(b Breach) {
	k := breachKey{b.From, b.To, b.Capability, b.Traffic != nil}
	if old, ok := w.found[k]; !ok || b.Certain && !old.Certain {
		w.found[k] = b
	}
}

// reach asks the path table of everything that is, or may be, of the units that are to be kept.
func (w *walls) reach() {
	loaded := ""
	for _, r := range byType(w.Units.snap) {
		is := w.Units.In(r.Key, w.to...)
		if is == snapshot.Absent {
			continue
		}
		var caps []access.Capability
		switch {
		case r.Type == "AWS::IAM::Role" || r.Type == "AWS::IAM::User":
			caps = append(caps, access.None)
		case w.Access.About(r.Type):
			caps = append(caps, access.Read, access.Write)
			if r.Type != loaded {
				w.Access.Load(r.Type)
				loaded = r.Type
			}
		}
		for _, c := range caps {
			w.Access.Arriving(r.Key, c, func(e *access.Entry, h access.How) {
				w.arrives(h.Principal, e, h.Seen && is == snapshot.Known, r.Key, c)
			})
		}
	}
	w.Access.Load("")
}

// arrives adds a way if who takes it is of the units that are to be kept out: the principal, or what comes in as it.
func (w *walls) arrives(principal string, e *access.Entry, certain bool, to snapshot.Key, c access.Capability) {
	who := principal
	if e != nil {
		who = e.Actor
	}
	is := w.Units.In(snapshot.Key(who), w.from...)
	if e != nil && e.Unknown && is == snapshot.Absent && w.unnamed(who) {
		is = snapshot.Unknown // what runs there was not read
	}
	if is == snapshot.Absent || who == string(to) || w.may(who, principal, to) {
		return
	}
	w.add(Breach{From: who, As: principal, To: to, Capability: c, Account: to == w.Access.Account, Certain: certain && is == snapshot.Known})
}

// unnamed tells whether nothing in the snapshot has a name.
func (w *walls) unnamed(who string) bool {
	_, known := w.Units.snap.Get(snapshot.Key(who))
	return !known
}

// takeOver adds whoever of the units that are to be kept out administers the whole account.
func (w *walls) takeOver() {
	account := w.Access.Account
	for _, p := range w.Access.Paths(account, access.Admin, true) {
		w.arrives(p.Principal, p.Entry, p.Seen, account, access.Admin)
	}
	for _, a := range w.Access.Who(account, access.Admin) { // also whom nobody becomes
		w.arrives(a.Principal, nil, a.Path.Seen, account, access.Admin)
	}
}

// may tells whether people allow all that leads from one thing to another, by may_reach or by an exception that is about no single action.
func (w *walls) may(from, as string, to snapshot.Key) bool {
	f, t := w.Units.Unit(snapshot.Key(from)), w.Units.Unit(to)
	for _, u := range w.Units.model.Units {
		if f != "" && t != "" && w.Units.model.Inside(f, u.Name) && slices.ContainsFunc(u.MayReach, func(name string) bool { return w.Units.model.Inside(t, name) }) {
			return true
		}
	}
	return slices.ContainsFunc(w.exceptions(from, as, to), func(e *threatmodel.Exception) bool { return e.Action == "" || e.Action == "*" })
}

// exceptions are those that are in force between two things: what is said of a role is said of whatever comes in as it.
func (w *walls) exceptions(from, as string, to snapshot.Key) []*threatmodel.Exception {
	var out []*threatmodel.Exception
	for i := range w.Units.model.Exceptions {
		e := &w.Units.model.Exceptions[i]
		if !e.Over(w.Now) && !e.Ahead(w.Now) && w.named(to, e.To) && (w.named(snapshot.Key(from), e.From) || w.named(snapshot.Key(as), e.From)) {
			out = append(out, e)
		}
	}
	return out
}

// named tells whether a word of an exception means something: its unit, or the end of its ARN.
func (w *walls) named(k snapshot.Key, word string) bool {
	unit := strings.TrimPrefix(strings.TrimPrefix(word, "unit/"), "unit:")
	if w.Units.In(k, unit) == snapshot.Known {
		return true
	}
	return threatmodel.Glob(word, string(k)) || threatmodel.Glob("*:"+word, string(k)) || !strings.Contains(word, "/") && threatmodel.Glob("*/"+word, string(k))
}

// excuse takes out what exceptions for single actions allow: what is no more there when the steps that need these actions are not.
func (w *walls) excuse() {
	tables := map[string]*access.Table{}
	for k, b := range w.found {
		var steps []string
		for _, e := range w.exceptions(b.From, b.As, b.To) {
			steps = append(steps, w.Access.Taking(e.Action)...)
		}
		if len(steps) == 0 || w.Without == nil {
			continue
		}
		slices.Sort(steps)
		steps = slices.Compact(steps)
		id := strings.Join(steps, " ")
		if tables[id] == nil {
			tables[id] = w.Without(steps...)
		}
		still := &walls{Input: w.Input, from: w.from, to: w.to, found: map[breachKey]Breach{}}
		still.Access = tables[id]
		if b.Account {
			still.takeOver()
		} else {
			still.Access.Arriving(b.To, b.Capability, func(e *access.Entry, h access.How) {
				still.arrives(h.Principal, e, h.Seen, b.To, b.Capability)
			})
		}
		if _, there := still.found[k]; !there {
			delete(w.found, k)
		}
	}
}

// same leaves a role out where what comes in as it is told already.
func (w *walls) same() {
	for _, b := range w.found {
		k := breachKey{b.As, b.To, b.Capability, false}
		if role, ok := w.found[k]; ok && b.From != b.As && (b.Certain || !role.Certain) {
			delete(w.found, k)
		}
	}
}

// connect adds what the network lets through from interfaces of one side to those of the other, but for what the whole internet reaches too.
func (w *walls) connect() {
	if w.Network == nil {
		return
	}
	type end struct {
		at      int
		key     snapshot.Key
		certain bool
	}
	var sources, destinations []end
	stands := w.standing()
	for i, x := range w.Network.Interfaces() {
		k := stands(x)
		for _, side := range []struct {
			units []string
			ends  *[]end
		}{{w.from, &sources}, {w.to, &destinations}} {
			if is := w.Units.In(k, side.units...); is != snapshot.Absent {
				*side.ends = append(*side.ends, end{i, k, is == snapshot.Known})
			}
		}
	}
	if len(sources) == 0 || len(destinations) == 0 {
		return
	}
	all := w.Network.All(1)
	open := map[int][]network.Traffic{}
	for _, d := range destinations {
		for _, s := range sources {
			if s.key == d.key || w.may(string(s.key), "", d.key) {
				continue
			}
			sure, may := all.Between(s.at, d.at)
			if len(may) == 0 {
				continue
			}
			if _, asked := open[d.at]; !asked {
				open[d.at] = w.Network.Open(d.at)
			}
			if left := network.Beside(sure, open[d.at]); len(left) > 0 {
				w.add(Breach{From: string(s.key), To: d.key, Traffic: left, Certain: s.certain && d.certain})
			} else if left := network.Beside(may, open[d.at]); len(left) > 0 {
				w.add(Breach{From: string(s.key), To: d.key, Traffic: left})
			}
		}
	}
}

// standing finds what an interface is of: its owner where that is known and has a unit, else itself.
func (w *walls) standing() func(network.Interface) snapshot.Key {
	byID := map[string]snapshot.Key{}
	for _, r := range w.Units.snap.OfType("AWS::EC2::Instance") {
		byID[r.Text("InstanceId")] = r.Key
	}
	for _, r := range w.Units.snap.OfType("AWS::EC2::NetworkInterface") {
		byID[r.Text("NetworkInterfaceId")] = r.Key
	}
	find := func(id string) snapshot.Key {
		if k, ok := byID[id]; ok && id != "" {
			return k
		}
		return snapshot.Key(id)
	}
	return func(x network.Interface) snapshot.Key {
		owner, own := find(x.Owner), find(x.ID)
		if w.Units.Unit(owner) == "" && (w.Units.Unit(own) != "" || !w.Units.place(owner).unread) {
			return own
		}
		return owner
	}
}

// byType lists resources so that those of one type stand together.
func byType(s *snapshot.Snapshot) []*snapshot.Resource {
	out := make([]*snapshot.Resource, 0, len(s.Resources))
	for i := range s.Resources {
		out = append(out, &s.Resources[i])
	}
	slices.SortStableFunc(out, func(a, b *snapshot.Resource) int { return strings.Compare(a.Type, b.Type) })
	return out
}
