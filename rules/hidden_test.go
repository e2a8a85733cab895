package rules_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// hides are the rules whose examples are judged again with a type out of sight: those about what watches and what is recorded.
func hides(r check.Rule) bool {
	return r.Judge != nil && (strings.HasPrefix(r.ID, "LOG-") || strings.HasPrefix(r.ID, "DET-") || r.ID == "ROOT-05")
}

// A type that could not be listed never makes a failure hold or not apply, and never makes what holds fail: nothing is there or absent because nobody saw it.
func TestHiddenTypes(t *testing.T) {
	eachAccount(t, func(t *testing.T, r check.Rule) {
		if !hides(r) {
			t.Skip("its examples are judged as they are")
		}
		files, err := fs.Glob(r.Examples, "examples/*.account.txtar")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := fs.ReadFile(r.Examples, f)
			if err != nil {
				t.Fatal(err)
			}
			was := account(t, f, txtar.Parse(text)).Case()
			before := joined(check.Run([]check.Rule{r}, was))
			for _, typ := range r.Types() {
				s := hidden(was.Snapshot, typ)
				as, err := assess.Of(assess.Input{Snapshot: s, Model: was.Model, File: "footing.yaml"})
				if err != nil {
					t.Fatal(err)
				}
				results := check.Run([]check.Rule{r}, as.Case())
				after := joined(results)
				if before == check.Fail && (after == check.Pass || after == check.NotApplicable) || before != check.Fail && after == check.Fail {
					t.Errorf("%s is %s, and without a sight of %s %s:\n%s", f, before, typ, after, told(results))
				}
			}
		}
	})
}

func joined(results []check.Result) check.Outcome {
	out := check.NotApplicable
	for i := range results {
		out = out.And(results[i].Outcome)
	}
	return out
}

// hidden is an account of which one type could not be listed.
func hidden(s *snapshot.Snapshot, typ string) *snapshot.Snapshot {
	out := &snapshot.Snapshot{Account: s.Account, Partition: s.Partition, Regions: s.Regions, Taken: s.Taken, Observations: slices.Clone(s.Observations)}
	for _, r := range s.Resources {
		if r.Type != typ {
			out.Resources = append(out.Resources, r)
		}
	}
	for _, c := range s.Coverage {
		c.Types = slices.DeleteFunc(slices.Clone(c.Types), func(t string) bool { return t == typ })
		if len(c.Types) > 0 || c.Resource != "" || c.Region == "*" {
			out.Coverage = append(out.Coverage, c)
		}
	}
	out.Coverage = append(out.Coverage, snapshot.Coverage{Service: "x", Call: "x:List", Types: []string{typ}, Outcome: snapshot.Denied, Reason: "AccessDenied"})
	out.Seal()
	return out
}
