package network

import (
	"encoding/binary"
	"slices"
	"strings"
	"sync"
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
	team int // its set of groups
	ends []end
}

// end is one address of a class, by numbers.
type end struct {
	spot, place       int32 // as security groups tell addresses apart, and as routes and ACLs do
	leaves, arrives   int32 // its number among the ends from which ways lead over the internet, and to which
	public, six, sure bool
}

// tables is what a matrix looks up: whatever depends on less than a pair. Sets lie one after the other, what surely passes before
// what may, so that a row reads them in order.
type tables struct {
	r       *Reach
	classes []class
	teams   []Host     // distinct sets of groups
	spots   []run      // distinct runs of addresses, as security groups tell them apart
	places  []place    // distinct runs of addresses, as routes and ACLs tell them apart
	ways    [][]uint64 // by place: the paths to every place, wayWords each
	let     [2][]uint64
	refs    [2][]bool // teams whose rules name any group
	anyIn   []uint64
	group   map[string]int     // number of a group
	members [][]int            // groups of a team, by number
	naming  [2]map[int][]names // by direction: groups that name a group, and groups that a group names
	abroad  [][]journeyed      // ways over the internet, by both ends
}

// names is what a rule opens between a group and the one that it names.
type names struct {
	group int
	both
}

// journey is an end of a way over the internet: from a place under an address of its own, or to addresses of a place.
type journey struct {
	at    place
	own   run
	ownSG run
	none  bool // it has no address of its own
	sure  bool
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
	found := make([]*answers, workers) // each worker numbers the answers that it meets
	var wait sync.WaitGroup
	for w := range workers {
		found[w] = newAnswers(2 * r.atoms.words)
		wait.Add(1)
		go func() {
			defer wait.Done()
			desk := t.desk()
			for i := w; i < len(t.classes); i += workers {
				m.rows[i] = t.row(i, desk, found[w])
			}
		}()
	}
	wait.Wait()
	if workers == 1 {
		m.cells = found[0].cells
		return m
	}
	// Numbered anew in the order of the rows, whoever met them.
	all, final := newAnswers(2*r.atoms.words), make([][]int32, workers)
	for w, f := range found {
		final[w] = make([]int32, f.count())
	}
	for i, row := range m.rows {
		w := i % workers
		for d, v := range row {
			if final[w][v] == 0 {
				final[w][v] = all.number(found[w].at(v)) + 1
			}
			row[d] = final[w][v] - 1
		}
	}
	m.cells = all.cells
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
			c.ends = append(c.ends, end{spot: int32(spot), place: int32(at), public: f.public, six: f.six, sure: f.sure})
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
