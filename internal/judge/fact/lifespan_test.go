package fact_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/judge/fact"
)

// Every row of the table has a version, a day, perhaps a later one, and a page of AWS; what is asked of the table finds it.
func TestLifespanTable(t *testing.T) {
	text, err := os.ReadFile("lifespan.tsv")
	if err != nil {
		t.Fatal(err)
	}
	asOf := fact.LifespansAsOf()
	if asOf.Year() < 2026 {
		t.Errorf("the table is of %s", asOf)
	}
	seen := map[string]bool{}
	for n, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		cells := strings.Split(line, "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if len(cells) != 5 {
			t.Errorf("line %d has %d cells", n+1, len(cells))
			continue
		}
		ends, err := time.Parse(time.DateOnly, cells[2])
		if err != nil {
			t.Errorf("line %d: %v", n+1, err)
		}
		if cells[3] != "" {
			if extended, err := time.Parse(time.DateOnly, cells[3]); err != nil || !extended.After(ends) {
				t.Errorf("line %d: %s after %s: %v", n+1, cells[3], cells[2], err)
			}
		}
		if !strings.HasPrefix(cells[4], "https://docs.aws.amazon.com/") || seen[cells[0]+cells[1]] {
			t.Errorf("line %d: %s", n+1, line)
		}
		seen[cells[0]+cells[1]] = true
		version := cells[1]
		if cells[0] == "aurora-mysql" {
			version = "5.7.mysql_aurora." + version + ".12.1"
		}
		if l, ok := fact.LifespanOf(cells[0], version); !ok || !l.Ends.Equal(ends) {
			t.Errorf("%s %s: %v %v", cells[0], version, l, ok)
		}
	}
}

func TestLifespanOf(t *testing.T) {
	for _, c := range []struct {
		what, version, ends string // "" for not known
	}{
		{"lambda", "nodejs18.x", "2025-09-01"},
		{"lambda", "python3.1", ""},
		{"lambda", "python3.14.1", ""},
		{"eks", "1.30", "2025-07-23"},
		{"eks", "1.3", ""},
		{"postgres", "16.4", "2029-02-28"},
		{"postgres", "9.6.24", "2022-04-30"},
		{"postgres", "1", ""},
		{"postgres", "99.1", ""},
		{"mysql", "8.0.35", "2026-07-31"},
		{"mariadb", "10.11.6", "2028-02-29"},
		{"mariadb", "10.1.34", ""},
		{"aurora-mysql", "5.7.mysql_aurora.2.12.1", "2024-10-31"},
		{"aurora-mysql", "8.0.mysql_aurora.3.08.0", ""},
		{"aurora-mysql", "5.7.12", ""},
		{"oracle-se2", "19.0.0.0", ""},
		{"postgres", "", ""},
	} {
		l, ok := fact.LifespanOf(c.what, c.version)
		if got := l.Ends.Format(time.DateOnly); ok != (c.ends != "") || ok && got != c.ends {
			t.Errorf("%s %s: %s %v, want %q", c.what, c.version, got, ok, c.ends)
		}
	}
}
