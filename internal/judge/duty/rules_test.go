package duty_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/duty"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/rules"
)

// Every line of the evidence names a rule that there is, and without services one that looks at something of which the duty is not AWS's alone.
func TestEvidenceNamesRules(t *testing.T) {
	text, err := os.ReadFile("evidence.tsv")
	if err != nil {
		t.Fatal(err)
	}
	table, all := duty.Tables(), rules.All()
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) < 3 || f[0][0] == '#' {
			continue
		}
		i := slices.IndexFunc(all, func(r check.Rule) bool { return r.ID == f[1] })
		if i < 0 {
			t.Errorf("%s: there is no such rule", f[1])
			continue
		}
		at := slices.IndexFunc(table.Layers, func(l duty.Layer) bool { return l.ID == f[0] })
		if len(f) == 3 && !slices.ContainsFunc(all[i].Types(), func(typ string) bool {
			s, _, _ := table.Of(&snapshot.Resource{Type: typ})
			return s != nil && (s.Layers[at] == byte(duty.Yours) || s.Layers[at] == byte(duty.Split))
		}) {
			t.Errorf("%s is evidence of %s, and looks at nothing that has that duty", f[1], f[0])
		}
	}
}
