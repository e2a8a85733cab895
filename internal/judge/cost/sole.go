package cost

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/footing-dev/footing/internal/snapshot"
)

// sole finds the one resource that a line of Cost Explorer can be about.
type sole struct {
	snap   *snapshot.Snapshot
	listed map[string]bool // whether a type is listed in full in a Region
}

// meant.tsv tells which usage of which service is about which type, and by which property a usage type names a kind of it.
//
//go:embed meant.tsv
var meantText string

type meaning struct {
	service, usage, typ, property string
}

// meant is the table, read when a line is first divided. Its form is checked by a test.
var meant = sync.OnceValue(func() []meaning {
	var out []meaning
	for line := range strings.Lines(meantText) {
		line = strings.TrimRight(line, "\n")
		if f := strings.Split(line, "\t"); len(f) == 4 && !strings.HasPrefix(line, "#") {
			out = append(out, meaning{f[0], f[1], f[2], strings.TrimPrefix(f[3], "-")})
		}
	}
	return out
})

// of is the only resource that a charge can be about: there is one such in its Region, and the type was listed there in full.
func (o *sole) of(l *snapshot.CostLine) (snapshot.Key, bool) {
	for _, m := range meant() {
		if m.service != l.Service || !strings.Contains(l.Usage, m.usage) {
			continue
		}
		_, kind, _ := strings.Cut(l.Usage, m.usage) // "EUW1-BoxUsage:t3.micro" is of instances that are a t3.micro
		return o.only(m, l.Region, strings.TrimLeft(kind, ":."))
	}
	return "", false
}

func (o *sole) only(m meaning, region, kind string) (snapshot.Key, bool) {
	if region == "" || m.property != "" && kind == "" || !o.whole(m.typ, region) {
		return "", false
	}
	var found snapshot.Key
	for _, r := range o.snap.OfType(m.typ) {
		switch {
		case r.Region != region:
		case m.property != "" && r.IsUnknown(m.property):
			return "", false
		case m.property != "" && r.Text(m.property) != kind:
		case found != "":
			return "", false
		default:
			found = r.Key
		}
	}
	return found, found != ""
}

// whole tells whether a type was listed in full in a Region: else there may be more than one of it.
func (o *sole) whole(typ, region string) bool {
	at := typ + " " + region
	whole, seen := o.listed[at]
	if seen {
		return whole
	}
	for _, c := range o.snap.Coverage {
		if c.Region != "" && c.Region != region {
			continue
		}
		for _, t := range c.Types {
			if t != typ {
				continue
			}
			if c.Gap() {
				o.listed[at] = false
				return false
			}
			whole = true
		}
	}
	o.listed[at] = whole
	return whole
}
