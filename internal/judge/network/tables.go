package network

import (
	"slices"

	"github.com/footing-dev/footing/internal/snapshot"
)

func mask(on bool) uint64 {
	if on {
		return ^uint64(0)
	}
	return 0
}

// wayWords is how many words a path takes: what surely passes, what may, what something that is not modelled may carry, and whether
// rules that name groups count, inward and outward, surely and perhaps.
func (t *tables) wayWords() int { return 3*t.r.atoms.words + 4 }

// letAt is where the rules of a team for a spot lie: a row has one source, so that inward the teams of a spot lie together, and
// outward the spots of a team.
func (t *tables) letAt(dir, team, spot int) []uint64 {
	at := spot*len(t.teams) + team
	if dir == outward {
		at = team*len(t.spots) + spot
	}
	w := 2 * t.r.atoms.words
	return t.let[dir][at*w : (at+1)*w]
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
	t.ways = make([][]uint64, len(t.places))
	for a := range t.places {
		t.ways[a] = make([]uint64, 0, len(t.places)*t.wayWords())
		for b := range t.places {
			p := path{both: r.atoms.nothing(), via: r.atoms.none()}
			if t.places[a].six == t.places[b].six {
				p = r.between(legs[a][b], legs[b][a])
			}
			t.ways[a] = append(append(append(t.ways[a], p.must...), p.may...), p.via...)
			for _, counts := range []snapshot.State{p.refIn, p.refOut} {
				t.ways[a] = append(t.ways[a], mask(counts == snapshot.Known), mask(counts != snapshot.Absent))
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
		// What one group says is worked out once, however many teams it is in.
		said, words := map[string][]uint64{}, 2*r.atoms.words
		one := func(id string, spot int) []uint64 {
			list := said[id]
			if list == nil {
				list = make([]uint64, 0, len(t.spots)*words)
				for _, at := range t.spots {
					b := r.let(Host{Groups: []string{id}}, dir, at, Host{unfiltered: true}, snapshot.Absent)
					list = append(append(list, b.must...), b.may...)
				}
				said[id] = list
			}
			return list[spot*words:][:words]
		}
		t.let[dir] = make([]uint64, len(t.teams)*len(t.spots)*2*r.atoms.words)
		for team, h := range t.teams {
			names := false
			for _, g := range h.Groups {
				if g := r.groups[g]; g != nil {
					names = names || slices.ContainsFunc(g.rules[dir], func(x rule) bool { return x.group != "" })
				}
			}
			t.refs[dir] = append(t.refs[dir], names)
			for spot, at := range t.spots {
				to := t.letAt(dir, team, spot)
				if len(h.Groups) == 0 || h.closed {
					b := r.let(h, dir, at, Host{unfiltered: true}, snapshot.Absent)
					copy(to[copy(to, b.must):], b.may)
					continue
				}
				for _, id := range h.Groups {
					set(to).or(one(id, spot))
				}
			}
		}
	}
	for _, h := range t.teams {
		any := r.anybody(h)
		if h.closed {
			any = r.atoms.none()
		}
		t.anyIn = append(t.anyIn, any...)
	}
}

// desk is what one worker writes on: what rules that name groups open between the source of a row and each team.
type desk struct {
	named   [2][]uint64 // by team
	byGroup []uint64
	sum     []uint64
}

func (t *tables) desk() *desk {
	w := 2 * t.r.atoms.words
	return &desk{named: [2][]uint64{make([]uint64, len(t.teams)*w), make([]uint64, len(t.teams)*w)}, byGroup: make([]uint64, len(t.group)*w), sum: make([]uint64, w)}
}

// row answers one class of sources: for each class of destinations the number of its answer.
func (t *tables) row(s int, desk *desk, found *answers) []int32 {
	from, words := &t.classes[s], t.r.atoms.words
	t.named(desk, from.team, inward)
	t.named(desk, from.team, outward)
	row := make([]int32, len(t.classes))
	sum, way := desk.sum, t.wayWords()
	must, may := sum[:words], sum[words:2*words]
	for d := range t.classes {
		to := &t.classes[d]
		clear(sum)
		for a := range from.ends {
			fa := &from.ends[a]
			if fa.public || to.host.closed {
				continue
			}
			for b := range to.ends {
				fb := &to.ends[b]
				if fa.six != fb.six {
					continue
				}
				if fb.public || fb.six {
					t.outside(both{must, may}, from, to, fa, fb)
				}
				if fb.public {
					continue
				}
				p := t.ways[fa.place][int(fb.place)*way:][:way]
				in, out := t.letAt(inward, to.team, int(fa.spot)), t.letAt(outward, from.team, int(fb.spot))
				namedIn, namedOut := desk.named[inward][to.team*2*words:][:2*words], desk.named[outward][to.team*2*words:][:2*words]
				anyIn := t.anyIn[to.team*words:][:words]
				refs := p[3*words : 3*words+4]
				sure := mask(fa.sure && fb.sure)
				for w := range must {
					must[w] |= p[w] & (in[w] | namedIn[w]&refs[0]) & (out[w] | namedOut[w]&refs[2]) & sure
				}
				for w := range may {
					v := words + w
					may[w] |= (p[v]&(in[v]|namedIn[v]&refs[1]) | p[v+words]&anyIn[w]) & (out[v] | namedOut[v]&refs[3])
				}
			}
		}
		row[d] = found.number(sum)
	}
	return row
}

// outside adds what passes over the internet.
func (t *tables) outside(sum both, from, to *class, fa, fb *end) {
	a, b := t.r.subnets[from.host.Subnet], t.r.subnets[to.host.Subnet]
	if !fb.public && a != nil && b != nil && a.vpc == b.vpc {
		return
	}
	j := &t.abroad[fa.leaves][fb.arrives]
	if j.may.empty() && j.via.empty() {
		return
	}
	words := len(sum.must)
	i, o, anyIn := t.letAt(inward, to.team, j.spot), t.letAt(outward, from.team, int(fb.spot)), t.anyIn[to.team*words:]
	for w := range sum.may {
		if fa.sure && fb.sure {
			sum.must[w] |= j.must[w] & i[w] & o[w]
		}
		sum.may[w] |= (j.may[w]&i[words+w] | j.via[w]&anyIn[w]) & o[words+w]
	}
}

// journeys works out every way over the internet that a pair may need.
func (t *tables) journeys() {
	spots, leaves, arrives := map[run]int{}, map[journey]int32{}, map[journey]int32{}
	for i, s := range t.spots {
		spots[s] = i
	}
	var origins, ends []journey
	var owns []*face
	number := func(known map[journey]int32, list *[]journey, j journey) (n int32, fresh bool) {
		n, ok := known[j]
		if !ok {
			n = int32(len(*list))
			known[j], *list = n, append(*list, j)
		}
		return n, !ok
	}
	for c := range t.classes {
		x := &t.classes[c]
		for k := range x.faces {
			f := &x.faces[k]
			at := place{t.r.subnets[x.host.Subnet], f.net, f.six}
			if f.public || f.six {
				x.ends[k].arrives, _ = number(arrives, &ends, journey{at: at})
			}
			if f.public {
				continue
			}
			own := f
			if !f.six {
				own = x.public()
			}
			j := journey{at: at, none: own == nil}
			if own != nil {
				j.own, j.ownSG, j.sure = own.net, own.sg, own.sure
			}
			n, fresh := number(leaves, &origins, j)
			if x.ends[k].leaves = n; fresh {
				owns = append(owns, own)
			}
		}
	}
	t.abroad = make([][]journeyed, len(origins))
	for o, from := range origins {
		t.abroad[o] = make([]journeyed, len(ends))
		for e, to := range ends {
			if from.at.six != to.at.six {
				continue
			}
			p, seen := t.r.publicly(from.at, owns[o], to.at, to.at.addr)
			spot, ok := spots[seen]
			if !ok && seen.lo <= seen.hi {
				spot = len(t.spots)
				spots[seen], t.spots = spot, append(t.spots, seen)
			}
			t.abroad[o][e] = journeyed{p, spot}
		}
	}
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

// named writes down what rules that name groups open between a team and each other one: inward by the rules of the others, outward
// by its own.
func (t *tables) named(desk *desk, team, dir int) {
	w := 2 * t.r.atoms.words
	list := desk.named[dir]
	clear(list)
	if !slices.Contains(t.refs[dir], true) || dir == outward && !t.refs[dir][team] {
		return
	}
	clear(desk.byGroup)
	for _, g := range t.members[team] {
		for _, n := range t.naming[dir][g] {
			to := desk.byGroup[n.group*w:][:w]
			set(to[:w/2]).or(n.must)
			set(to[w/2:]).or(n.may)
		}
	}
	for d, members := range t.members {
		if dir == inward && !t.refs[dir][d] {
			continue
		}
		to := list[d*w:][:w]
		if open(t.teams[d]) || open(t.teams[team]) { // in groups that were not read
			b := t.r.named(t.teams[d], dir, t.teams[team])
			if dir == outward {
				b = t.r.named(t.teams[team], dir, t.teams[d])
			}
			copy(to[copy(to, b.must):], b.may)
			continue
		}
		for _, g := range members {
			set(to).or(desk.byGroup[g*w:][:w])
		}
	}
}

func open(h Host) bool { return len(h.Groups) == 0 && !h.closed && !h.unfiltered }
