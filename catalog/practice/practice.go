// Package practice is what others wrote down that an account should do, item by item: the security pillar of the AWS Well-Architected Framework,
// the AWS Startup Security Baseline, the CIS AWS Foundations Benchmark; with how much of each this program sees.
//
// Ids are facts, and those of the Well-Architected Framework come with their titles; all else is in our own words. Editions give the same item
// another number: an item is its slug, and has an id per edition. The tables are dated in their first lines.
package practice

import (
	"embed"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Sees is how much of an item rules, and what people state, can show.
type Sees uint8

// From nothing to nearly all.
const (
	None Sees = iota // not covered
	Word             // only people can tell
	Part
	Most
)

var seesWords = [...]string{"none", "word", "part", "most"}

func (s Sees) String() string { return seesWords[s] }

// Item is one practice, control or recommendation.
type Item struct {
	Framework string            // sec, ssb, cis
	Slug      string            // unique in its framework
	ID        string            // in the edition that was asked for
	IDs       map[string]string // by edition, where it has one
	Title     string
	Says      string // what of it is seen, or why it is not covered; perhaps ""
	Sees      Sees
	Rules     []string // ids of rules that bear on it; others may, by their references
	Choice    string   // its id in the Well-Architected Tool; "" where it is not known for certain
	refs      []string
}

// Refs are the references by which rules name the item, in any edition: "wa:SEC02-BP01", "cis-5.0:1.3".
func (i *Item) Refs() []string { return i.refs }

// Names are what an attestation may call the item: as rules refer to it, by an edition and its id there ("cis-7.0:2.21"), and practices of the
// Well-Architected Framework and controls of the first Startup Security Baseline by their id alone, practices by their slug too.
func (i *Item) Names() []string {
	out := slices.Clone(i.refs)
	for _, r := range i.refs {
		if i.Framework != "cis" {
			_, id, _ := strings.Cut(r, ":")
			out = append(out, id)
		}
	}
	if i.Framework == "sec" {
		out = append(out, i.Slug)
	}
	for _, edition := range slices.Sorted(maps.Keys(i.IDs)) {
		out = append(out, i.Framework+"-"+edition+":"+i.IDs[edition])
	}
	return out
}

// Group is what belongs together: a question, or a section.
type Group struct {
	ID       string
	Name     string // short
	Question string // of the Well-Architected Framework, and
	Area     string // where it belongs in its security pillar, and
	Tool     string // what the Well-Architected Tool calls the question
	Items    []Item // in the order of their ids
}

// Table is one framework in one edition.
type Table struct {
	Name    string // cis-5.0
	Title   string
	Edition string // 5.0
	Groups  []Group
}

// edition is a column of a table. What rules refer to begins with ref; "" where they do not refer to it.
type edition struct{ framework, name, title, ref string }

// The first edition of a framework is the one that its name alone means. Editions that are not listed in full (of the Well-Architected
// Framework) are columns, and cannot be asked for.
var editions = []edition{
	{"sec", "2024-11", "Well-Architected Framework, security pillar", "wa"},
	{"ssb", "2022", "Startup Security Baseline", "ssb"},
	{"ssb", "2026", "Startup Security Baseline", ""},
	{"cis", "7.0", "CIS AWS Foundations", ""},
	{"cis", "6.0", "CIS AWS Foundations", ""},
	{"cis", "5.0", "CIS AWS Foundations", "cis-5.0"},
	{"cis", "4.0.1", "CIS AWS Foundations", "cis-4.0.1"},
	{"cis", "3.0", "CIS AWS Foundations", "cis-3.0"},
}

// Names are the names of tables that Load takes: a framework, and each of its editions.
func Names() []string {
	var out []string
	for i, e := range editions {
		if i == 0 || editions[i-1].framework != e.framework {
			out = append(out, e.framework)
		}
	}
	for _, e := range editions {
		out = append(out, e.framework+"-"+e.name)
	}
	return out
}

//go:embed sec.tsv ssb.tsv cis.tsv groups.tsv pillars.tsv
var files embed.FS

// Load is the table of a name; ok is false where there is none.
func Load(name string) (t Table, ok bool) {
	for _, e := range editions {
		if full := e.framework + "-" + e.name; name == full || name == e.framework {
			return Table{Name: full, Title: e.title, Edition: e.name, Groups: groups(e)}, true
		}
	}
	return Table{}, false
}

// groups sorts the items of an edition into their groups.
func groups(e edition) []Group {
	items := itemsOf(e)
	slices.SortFunc(items, func(a, b Item) int { return compareIDs(a.ID, b.ID) })
	var out []Group
	for _, f := range lines("groups.tsv") {
		if f[0] != e.framework {
			continue
		}
		g := Group{ID: f[1], Tool: f[2], Area: f[3], Name: f[4], Question: f[5]}
		if e.name == "6.0" || e.name == "7.0" { // an introduction became section 1
			n, _ := strconv.Atoi(g.ID)
			g.ID = strconv.Itoa(n + 1)
		}
		for _, i := range items {
			if end := strings.IndexAny(i.ID, "-."); i.ID[:end] == g.ID {
				g.Items = append(g.Items, i)
			}
		}
		out = append(out, g)
	}
	return out
}

// itemsOf reads the table of a framework, and leaves out what an edition does not have. Columns are called in the last line before the rows.
func itemsOf(e edition) []Item {
	var out []Item
	head := columns(e.framework + ".tsv")
	for _, f := range lines(e.framework + ".tsv") {
		i := Item{Framework: e.framework, IDs: map[string]string{}}
		for n, column := range head {
			switch v := f[n]; column {
			case "slug":
				i.Slug = v
			case "choice":
				if v == "yes" {
					i.Choice = i.Slug
				}
			case "title":
				i.Title = v
			case "says":
				i.Says = v
			case "sees":
				i.Sees = Sees(slices.Index(seesWords[:], v))
			case "rules":
				i.Rules = strings.Fields(v)
			default:
				if v != "" {
					i.IDs[column] = v
				}
			}
		}
		for _, x := range editions {
			if id := i.IDs[x.name]; x.framework == e.framework && x.ref != "" && id != "" {
				i.refs = append(i.refs, x.ref+":"+id)
			}
		}
		if i.ID = i.IDs[e.name]; i.ID != "" {
			out = append(out, i)
		}
	}
	return out
}

// compareIDs puts 1.9 before 1.10.
func compareIDs(a, b string) int {
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == '-' })
	}
	return slices.CompareFunc(split(a), split(b), func(x, y string) int {
		m, errX := strconv.Atoi(x)
		n, errY := strconv.Atoi(y)
		if errX == nil && errY == nil {
			return m - n
		}
		return strings.Compare(x, y)
	})
}

// Pillar is one of the six pillars of the Well-Architected Framework: what this program says of it, and what it does not.
type Pillar struct{ Name, Says, Not string }

// Pillars are the six, security first.
func Pillars() []Pillar {
	var out []Pillar
	for _, f := range lines("pillars.tsv") {
		out = append(out, Pillar{f[0], f[1], f[2]})
	}
	return out
}
