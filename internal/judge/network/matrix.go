package network

import (
	"encoding/binary"
	"slices"
	"strings"
	"sync"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Matrix is who reaches whom on which ports, for all pairs. Interfaces that nothing tells apart share a class, and equal answers a cell.
type Matrix struct {
	atoms *atoms
	class []int32   // by interface
	rows  [][]int32 // cell by class of the source, then of the destination
	cells []uint64  // 2×words each: what surely passes, then what may
}

// Between is what surely passes from one interface to another, and what may, by their places in Interfaces. An interface and
// itself: as to another one like it.
func (m *Matrix) Between(s, d int) (sure, may []Traffic) {
	b := m.cell(s, d)
	return m.atoms.traffic(b.must), m.atoms.traffic(b.may)
}

func (m *Matrix) cell(s, d int) both {
	w := m.atoms.words
	at := int(m.rows[m.class[s]][m.class[d]]) * 2 * w
	return both{set(m.cells[at : at+w]), set(m.cells[at+w : at+2*w])}
}

// Size tells how many classes of interfaces there are, and how many distinct answers.
func (m *Matrix) Size() (classes, answers int) {
	return len(m.rows), len(m.cells) / (2 * m.atoms.words)
}

// class is interfaces with the same groups, subnet and segments of addresses.
type class struct {
	*Interface
	team  int   // its set of groups
	spots []int // of its faces
}

// tables is what a matrix looks up: whatever depends on less than a pair.
type tables struct {
	r       *Reach
	classes []class
	teams   []Host   // distinct sets of groups
	spots   []run    // distinct runs of addresses, as security groups tell them apart
	places  []place  // distinct runs of addresses, as routes and ACLs tell them apart
	paths   [][]path // between private places, by place
	let     [2][]both
	refs    [2][]bool // teams whose rules name any group
	anyIn   []set
	group   map[string]int     // number of a group
	members [][]int            // groups of a team, by number
	naming  [2]map[int][]names // by direction: groups that name a group, and groups that a group names
	abroad  map[journey]journeyed
}

// names is what a rule opens between a group and the one that it names.
type names struct {
	group int
	both
}

// journey is a way over the internet, from a place under an address of its own to another place.
type journey struct {
	from, to place
	own, dst run
	ownSG    run
	none     bool // it has no address of its own
	sure     bool
}

type journeyed struct {
	path
	spot int // the addresses that it is seen under
}

// All answers all pairs and all ports at once. The answer does not depend on how many workers share the rows.
func (r *Reach) All(workers int) *Matrix {
	t := &tables{r: r}
	m := &Matrix{atoms: r.atoms, class: t.classify()}
	t.fill()
	m.rows = make([][]int32, len(t.classes))
	workers = min(max(workers, 1), max(len(t.classes), 1))
	found := make([]map[string]int32, workers) // each worker numbers the answers that it meets
	var wait sync.WaitGroup
	for w := range workers {
		found[w] = map[string]int32{}
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := w; i < len(t.classes); i += workers {
				m.rows[i] = t.row(i, found[w])
			}
		}()
	}
	wait.Wait()
	// Numbered anew in the order of the rows, whoever met them.
	keys, final := make([][]string, workers), make([][]int32, workers)
	for w, f := range found {
		keys[w], final[w] = make([]string, len(f)), make([]int32, len(f))
		for k, v := range f {
			keys[w][v], final[w][v] = k, -1
		}
	}
	cells := map[string]int32{}
	for i, row := range m.rows {
		w := i % workers
		for d, v := range row {
			if final[w][v] < 0 {
				k := keys[w][v]
				c, ok := cells[k]
				if !ok {
					c = int32(len(cells))
					cells[k] = c
					for at := 0; at < len(k); at += 8 {
						m.cells = append(m.cells, binary.LittleEndian.Uint64([]byte(k[at:at+8])))
					}
				}
				final[w][v] = c
			}
			row[d] = final[w][v]
		}
	}
	return m
}

func (t *tables) classify() []int32 {
	r := t.r
	teams, spots, places, classes := map[string]int{}, map[run]int{}, map[place]int{}, map[string]int32{}
	out := make([]int32, len(r.interfaces))
	for i := range r.interfaces {
		x := &r.interfaces[i]
		h := x.host
		groups := slices.Sorted(slices.Values(h.Groups))
		kind := strings.Join(groups, " ")
		if h.closed {
			kind += " closed"
		}
		if h.unfiltered {
			kind += " unfiltered"
		}
		team, ok := teams[kind]
		if !ok {
			team = len(t.teams)
			teams[kind], t.teams = team, append(t.teams, h)
		}
		c := class{Interface: x, team: team}
		key := binary.AppendVarint([]byte(h.Subnet+"\x00"), int64(team))
		for j := range x.faces {
			f := &x.faces[j]
			spot, ok := spots[f.sg]
			if !ok {
				spot = len(t.spots)
				spots[f.sg], t.spots = spot, append(t.spots, f.sg)
			}
			p := place{r.subnets[h.Subnet], f.net, f.six}
			at, ok := places[p]
			if !ok && !f.public {
				at = len(t.places)
				places[p], t.places = at, append(t.places, p)
			}
			f.place = at
			c.spots = append(c.spots, spot)
			for _, n := range []int{spot, f.net.lo, f.net.hi, bit(f.public), bit(f.six), bit(f.sure)} {
				key = binary.AppendVarint(key, int64(n))
			}
		}
		at, ok := classes[string(key)]
		if !ok {
			at = int32(len(t.classes))
			classes[string(key)], t.classes = at, append(t.classes, c)
		}
		out[i] = at
	}
	return out
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (t *tables) fill() {
	r := t.r
	t.journeys()
	t.group = map[string]int{}
	for _, h := range t.teams {
		var list []int
		for _, g := range h.Groups {
			n, ok := t.group[g]
			if !ok {
				n = len(t.group)
				t.group[g] = n
			}
			list = append(list, n)
		}
		t.members = append(t.members, list)
	}
	legs := make([][][]leg, len(t.places))
	for a := range t.places {
		legs[a] = make([][]leg, len(t.places))
		for b := range t.places {
			if t.places[a].six == t.places[b].six {
				legs[a][b] = r.legs(t.places[a], t.places[b])
			}
		}
	}
	t.paths = make([][]path, len(t.places))
	for a := range t.places {
		t.paths[a] = make([]path, len(t.places))
		for b := range t.places {
			if t.places[a].six == t.places[b].six {
				t.paths[a][b] = r.between(legs[a][b], legs[b][a])
			}
		}
	}
	for dir := range t.let {
		t.naming[dir] = map[int][]names{}
		for id, g := range r.groups {
			for i := range g.rules[dir] {
				ru := &g.rules[dir][i]
				other, ok := t.group[ru.group]
				switch own, used := t.group[id]; {
				case ru.group == "" || !ok || !used:
				case dir == inward:
					t.naming[dir][other] = append(t.naming[dir][other], names{own, ru.sets})
				default:
					t.naming[dir][own] = append(t.naming[dir][own], names{other, ru.sets})
				}
			}
		}
		t.let[dir] = make([]both, len(t.teams)*len(t.spots))
		for team, h := range t.teams {
			names := false
			for _, g := range h.Groups {
				if g := r.groups[g]; g != nil {
					names = names || slices.ContainsFunc(g.rules[dir], func(x rule) bool { return x.group != "" })
				}
			}
			t.refs[dir] = append(t.refs[dir], names)
			for spot, at := range t.spots {
				t.let[dir][team*len(t.spots)+spot] = r.let(h, dir, at, Host{unfiltered: true}, snapshot.Absent)
			}
		}
	}
	for _, h := range t.teams {
		any := r.anybody(h)
		if h.closed {
			any = r.atoms.none()
		}
		t.anyIn = append(t.anyIn, any)
	}
}

// row answers one class of sources: for each class of destinations the number of its answer among those found, by their bytes.
func (t *tables) row(s int, found map[string]int32) []int32 {
	r, from, words := t.r, &t.classes[s], t.r.atoms.words
	in, out := t.named(from.team, inward), t.named(from.team, outward)
	row := make([]int32, len(t.classes))
	raw := make([]byte, 16*words)
	sum, i, o := r.atoms.nothing(), r.atoms.nothing(), r.atoms.nothing()
	for d := range t.classes {
		to := &t.classes[d]
		clear(sum.must)
		clear(sum.may)
		for a := range from.faces {
			fa := &from.faces[a]
			if fa.public {
				continue
			}
			for b := range to.faces {
				fb := &to.faces[b]
				if fa.six != fb.six {
					continue
				}
				if to.host.closed {
					continue
				}
				if fb.public || fb.six {
					t.outside(sum, from, to, fa, fb, to.spots[b])
				}
				if fb.public {
					continue
				}
				p := &t.paths[fa.place][fb.place]
				i := join(i, t.let[inward][to.team*len(t.spots)+from.spots[a]], in[to.team], p.refIn)
				o := join(o, t.let[outward][from.team*len(t.spots)+to.spots[b]], out[to.team], p.refOut)
				sure := fa.sure && fb.sure
				for w := range words {
					if sure {
						sum.must[w] |= p.must[w] & i.must[w] & o.must[w]
					}
					sum.may[w] |= (p.may[w]&i.may[w] | p.via[w]&t.anyIn[to.team][w]) & o.may[w]
				}
			}
		}
		for w := range words {
			binary.LittleEndian.PutUint64(raw[8*w:], sum.must[w])
			binary.LittleEndian.PutUint64(raw[8*(words+w):], sum.may[w])
		}
		n, ok := found[string(raw)]
		if !ok {
			n = int32(len(found))
			found[string(raw)] = n
		}
		row[d] = n
	}
	return row
}

// outside adds what passes over the internet.
func (t *tables) outside(sum both, from, to *class, fa, fb *face, spot int) {
	a, b := t.r.subnets[from.host.Subnet], t.r.subnets[to.host.Subnet]
	if !fb.public && a != nil && b != nil && a.vpc == b.vpc {
		return
	}
	own := fa
	if !fa.six {
		own = from.public()
	}
	j := t.abroad[journeyOf(place{a, fa.net, fa.six}, own, place{b, fb.net, fb.six}, fb.net)]
	if j.may.empty() && j.via.empty() {
		return
	}
	i, o := t.let[inward][to.team*len(t.spots)+j.spot], t.let[outward][from.team*len(t.spots)+spot]
	for w := range sum.may {
		if fa.sure && fb.sure {
			sum.must[w] |= j.must[w] & i.must[w] & o.must[w]
		}
		sum.may[w] |= (j.may[w]&i.may[w] | j.via[w]&t.anyIn[to.team][w]) & o.may[w]
	}
}

// journeys works out every way over the internet that a pair may need.
func (t *tables) journeys() {
	t.abroad = map[journey]journeyed{}
	spots, origins, ends := map[run]int{}, map[journey]*face{}, map[journey]bool{}
	for i, s := range t.spots {
		spots[s] = i
	}
	for c := range t.classes {
		x := &t.classes[c]
		for k := range x.faces {
			f := &x.faces[k]
			at := place{t.r.subnets[x.host.Subnet], f.net, f.six}
			if f.public || f.six {
				ends[journey{to: at, dst: f.net}] = true
			}
			own := f
			if !f.six {
				own = x.public()
			}
			if !f.public {
				origins[journeyOf(at, own, place{}, run{})] = own
			}
		}
	}
	for o, own := range origins {
		for e := range ends {
			if o.from.six != e.to.six {
				continue
			}
			j := o
			j.to, j.dst = e.to, e.dst
			p, seen := t.r.publicly(o.from, own, e.to, e.dst)
			spot, ok := spots[seen]
			if !ok && seen.lo <= seen.hi {
				spot = len(t.spots)
				spots[seen], t.spots = spot, append(t.spots, seen)
			}
			t.abroad[j] = journeyed{p, spot}
		}
	}
}

func journeyOf(from place, own *face, to place, dst run) journey {
	j := journey{from: from, to: to, dst: dst, none: own == nil}
	if own != nil {
		j.own, j.ownSG, j.sure = own.net, own.sg, own.sure
	}
	return j
}

// public is the public IPv4 face of an interface, nil when it has none.
func (i *Interface) public() *face {
	for k := range i.faces {
		if i.faces[k].public {
			return &i.faces[k]
		}
	}
	return nil
}

// named is what rules that name groups open between a team and each other one: inward by the rules of the others, outward by its own.
func (t *tables) named(team, dir int) []both {
	out, words := make([]both, len(t.teams)), t.r.atoms.words
	if !slices.Contains(t.refs[dir], true) || dir == outward && !t.refs[dir][team] {
		return out
	}
	slab := make([]uint64, 2*words*(len(t.group)+len(t.teams)))
	cut := func() both {
		b := both{slab[:words:words], slab[words : 2*words : 2*words]}
		slab = slab[2*words:]
		return b
	}
	byGroup := make([]both, len(t.group))
	for g := range byGroup {
		byGroup[g] = cut()
	}
	for _, g := range t.members[team] {
		for _, n := range t.naming[dir][g] {
			byGroup[n.group].or(n.both)
		}
	}
	for d, members := range t.members {
		if dir == inward && !t.refs[dir][d] {
			continue
		}
		if open(t.teams[d]) || open(t.teams[team]) { // in groups that were not read
			if out[d] = t.r.named(t.teams[d], dir, t.teams[team]); dir == outward {
				out[d] = t.r.named(t.teams[team], dir, t.teams[d])
			}
			continue
		}
		out[d] = cut()
		for _, g := range members {
			out[d].or(byGroup[g])
		}
	}
	return out
}

func open(h Host) bool { return len(h.Groups) == 0 && !h.closed && !h.unfiltered }

// join adds what rules that name groups let pass, as far as such rules count. It fills the buffer only where there is something to add.
func join(buffer, blocks, named both, counts snapshot.State) both {
	if named.may == nil || counts == snapshot.Absent {
		return blocks
	}
	for w := range blocks.may {
		buffer.must[w] = blocks.must[w]
		if counts == snapshot.Known {
			buffer.must[w] |= named.must[w]
		}
		buffer.may[w] = blocks.may[w] | named.may[w]
	}
	return buffer
}
