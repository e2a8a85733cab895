package fact

import (
	_ "embed"
	"strings"
	"sync"
	"time"
)

// Lifespan is how long AWS looks after one version of something.
type Lifespan struct {
	Ends     time.Time // the end of standard support: nothing is mended after it, unless somebody pays
	Extended time.Time // the end of that, too; zero where there is none, or where it is not known
	Source   string
}

//go:embed lifespan.tsv
var lifespanTable string

type lifespans struct {
	asOf time.Time
	of   map[string]Lifespan // by what and version
}

// A row whose date differs between AWS's page and what others read there is left out, and so is what has no date yet.
var readLifespans = sync.OnceValue(func() *lifespans {
	out := &lifespans{of: map[string]Lifespan{}}
	for line := range strings.Lines(lifespanTable) {
		cells := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		day := func(i int) time.Time { t, _ := time.Parse(time.DateOnly, cells[i]); return t }
		switch {
		case cells[0] == "# as of":
			out.asOf = day(1)
		case len(cells) == 5 && !strings.HasPrefix(cells[0], "#"):
			out.of[cells[0]+" "+cells[1]] = Lifespan{day(2), day(3), cells[4]}
		}
	}
	return out
})

// LifespansAsOf is the day of the table.
func LifespansAsOf() time.Time { return readLifespans().asOf }

// LifespanOf looks a version up: lambda (the runtime), eks, or the engine of a database. False where the table does not know it: it is too new, too old, or
// its dates are not certain.
func LifespanOf(what, version string) (Lifespan, bool) {
	t := readLifespans()
	if what == "aurora-mysql" { // 8.0.mysql_aurora.3.08.0, which is Aurora's version 3
		_, version, _ = strings.Cut(version, "mysql_aurora.")
	}
	for version != "" {
		if l, ok := t.of[what+" "+version]; ok {
			return l, true
		}
		i := strings.LastIndexByte(version, '.')
		if what == "lambda" || i < 0 { // python3.1 is no part of python3.14
			break
		}
		version = version[:i]
	}
	return Lifespan{}, false
}
