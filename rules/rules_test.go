package rules_test

import (
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/guard"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/show/ruled"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
	"github.com/footing-dev/footing/rules"
)

var update = flag.Bool("update", false, "rewrite the pages of the rules in docs/rules")

// each runs a test for every rule in Guard; account_test.go has those in Go.
func each(t *testing.T, test func(*testing.T, check.Rule)) {
	all := slices.DeleteFunc(rules.All(), func(r check.Rule) bool { return r.Guard == "" })
	if len(all) < 10 {
		t.Fatalf("only %d rules", len(all))
	}
	for _, r := range all {
		t.Run(r.ID, func(t *testing.T) { test(t, r) })
	}
}

func folder(id string) string { return strings.ToLower(strings.ReplaceAll(id, "-", "")) }

// Every folder is in the list, once and by its family, which is one that has a name: go generate ./rules writes it.
func TestListed(t *testing.T) {
	files, err := filepath.Glob("*/rule.go")
	if err != nil {
		t.Fatal(err)
	}
	var have, ids []string
	for _, r := range rules.All() {
		have, ids = append(have, filepath.Join(folder(r.ID), "rule.go")), append(ids, r.ID)
		if name, _ := check.Family(r.ID); strings.HasPrefix(r.ID, name+"-") {
			t.Errorf("the family of %s has no name", r.ID)
		}
	}
	if !slices.IsSortedFunc(ids, check.Compare) || ids[0] != "ADM-01" {
		t.Errorf("not by families: %v", ids)
	}
	slices.Sort(have)
	if want := files; !slices.Equal(have, want) {
		t.Errorf("rules.go lists\n%s\nand there are\n%s\nrun go generate ./rules", strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
}

var (
	ids   = regexp.MustCompile(`^[A-Z]{2,4}-\d{2}$`)
	refs  = regexp.MustCompile(`^(wa:SEC\d\d-BP\d\d|ssb:(ACCT|WKLD)\.\d\d|cis-(3\.0|4\.0\.1|5\.0):\d(\.\d+)+)$`)
	pages = regexp.MustCompile(`^https://docs\.aws\.amazon\.com/\S+\.html(#\S+)?$`)
)

func TestSaysWhatItIs(t *testing.T) {
	for _, r := range rules.All() {
		if !ids.MatchString(r.ID) || r.Title == "" || strings.HasSuffix(r.Title, ".") || len(r.Title) > 72 || !strings.HasSuffix(r.Why, ".") || !strings.HasSuffix(r.Fix, ".") {
			t.Errorf("%s: %q, why %q, fix %q", r.ID, r.Title, r.Why, r.Fix)
		}
		for _, n := range []int{r.Read, r.Write, r.Likelihood} {
			if n < 1 || n > 5 {
				t.Errorf("%s: %d/%d·%d", r.ID, r.Read, r.Write, r.Likelihood)
			}
		}
		for _, id := range r.With {
			if x, ok := ruled.Find(rules.All(), id); !ok || x.ID != id || id == r.ID {
				t.Errorf("%s is told with %q, which is no other rule", r.ID, id)
			}
		}
		if r.Tier != 1 && r.Tier != 2 {
			t.Errorf("%s: tier %d", r.ID, r.Tier)
		}
		if len(r.Refs) == 0 || len(r.Sources) == 0 || r.Guard != "" && (len(r.Looks) == 0 || len(r.Terraform) == 0) {
			t.Errorf("%s: no references, no sources, nothing looked at, or no type of Terraform", r.ID)
		}
		for _, x := range r.Refs {
			if !refs.MatchString(x) {
				t.Errorf("%s: %q is no reference", r.ID, x)
			}
		}
		for _, x := range r.Sources {
			if !pages.MatchString(x) {
				t.Errorf("%s: %q is no page of AWS", r.ID, x)
			}
		}
		if (r.Guard == "") == (r.Judge == nil) {
			t.Errorf("%s: the logic is Guard or Go: one of them", r.ID)
		}
		if r.Guard != "" {
			if names := parsed(t, r).Names(); !slices.Equal(names, []string{strings.ReplaceAll(r.ID, "-", "_")}) {
				t.Errorf("the file has the rules %v", names)
			}
		}
	}
}

func parsed(t *testing.T, r check.Rule) *guard.Rules {
	t.Helper()
	g, err := guard.Parse(r.ID, []byte(r.Guard))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// example is one file in examples: OUTCOME[-words].FORM.
type example struct {
	name, form string
	want       check.Outcome
	text       []byte
}

func examplesOf(t *testing.T, r check.Rule) (out []example) {
	t.Helper()
	files, err := fs.Glob(r.Examples, "examples/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := fs.ReadFile(r.Examples, f)
		if err != nil {
			t.Fatal(err)
		}
		e := example{name: filepath.Base(f), text: text}
		said := ""
		said, e.form, _ = strings.Cut(e.name, ".")
		found := false
		for _, o := range []check.Outcome{check.Pass, check.Fail, check.Unknown, check.NotApplicable} {
			if said == o.String() || strings.HasPrefix(said, o.String()+"-") {
				e.want, found = o, true
			}
		}
		if !found || !slices.Contains([]string{"live.json", "template.yaml", "plan.json"}, e.form) {
			t.Errorf("%s is OUTCOME[-words].live.json, .template.yaml or .plan.json", e.name)
		}
		out = append(out, e)
	}
	for _, form := range []string{"live.json", "template.yaml", "plan.json"} {
		for _, o := range []check.Outcome{check.Pass, check.Fail} {
			if !slices.ContainsFunc(out, func(e example) bool { return e.form == form && e.want == o }) {
				t.Errorf("no %s example that is %s", form, o)
			}
		}
	}
	return out
}

// snap is an account of which these are all.
func snap(resources ...snapshot.Resource) *snapshot.Snapshot {
	s := &snapshot.Snapshot{Account: "111122223333", Taken: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Resources: resources}
	for _, r := range rules.All() {
		s.Coverage = append(s.Coverage, snapshot.Coverage{Call: "all", Types: r.Types(), Outcome: snapshot.OK})
	}
	s.Seal()
	return s
}

// run judges resources, each in a Region that is in use.
func run(r check.Rule, resources ...snapshot.Resource) []check.Result {
	for _, x := range resources {
		resources = append(resources, snapshot.Resource{Key: "eni in " + snapshot.Key(x.Region), Type: "AWS::EC2::NetworkInterface", Region: x.Region})
	}
	s := snap(resources...)
	return check.Run([]check.Rule{r}, check.Case{Snapshot: s, Model: threatmodel.Default(), Now: s.Taken})
}

func live(t *testing.T, e example) (out []snapshot.Resource) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(e.text)))
	d.UseNumber()
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		t.Fatalf("%s: %v", e.name, err)
	}
	if len(out) == 0 {
		t.Fatalf("%s is empty", e.name)
	}
	return out
}

// Live examples are judged as a scan's resources are. Every type has one that fails or passes, and none has a property that Guard sees and the
// rule does not say it looks at: shown whole, each is what it is.
func TestLiveExamples(t *testing.T) {
	each(t, func(t *testing.T, r check.Rule) {
		judged := map[string]bool{}
		for _, e := range examplesOf(t, r) {
			if e.form != "live.json" {
				continue
			}
			list := live(t, e)
			results := run(r, list...)
			if len(results) != len(list) {
				t.Fatalf("%s: %d results", e.name, len(results))
			}
			for _, x := range results {
				if x.Outcome != e.want || x.Rule != r.ID || x.Says == "" {
					t.Errorf("%s: %s is %s: %s", e.name, x.Target, x.Outcome, x.Says)
				}
			}
			for _, res := range list {
				judged[res.Type] = judged[res.Type] || e.want == check.Pass || e.want == check.Fail
				if len(res.Unknown) > 0 {
					continue
				}
				if got := whole(t, r, res); got != e.want {
					t.Errorf("%s: %s shown whole is %s", e.name, res.Key, got)
				}
			}
		}
		for _, typ := range r.Types() {
			if !judged[typ] {
				t.Errorf("no live example of %s passes or fails", typ)
			}
		}
	})
}

// whole is what the Guard file says of all properties of a resource.
func whole(t *testing.T, r check.Rule, res snapshot.Resource) check.Outcome {
	t.Helper()
	text, err := json.Marshal(map[string]any{"Resources": map[string]any{"x": map[string]any{"Type": res.Type, "Properties": res.Properties}}})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := guard.Load("x", text)
	if err != nil {
		t.Fatal(err)
	}
	return said(parsed(t, r).Evaluate(doc, guard.Options{}))
}

func said(results []guard.Result) check.Outcome {
	out := check.NotApplicable
	for _, g := range results {
		out = out.And(map[guard.Status]check.Outcome{guard.Pass: check.Pass, guard.Fail: check.Fail, guard.Skip: check.NotApplicable}[g.Status])
	}
	return out
}

// What was not read is never safe: an example that passes is unknown when nothing of it was read, and so is each of whose properties the verdict
// depends. Where a type was not listed, or only in some Regions, that is a result too.
func TestUnread(t *testing.T) {
	each(t, func(t *testing.T, r check.Rule) {
		for _, e := range examplesOf(t, r) {
			if e.form != "live.json" || e.want != check.Pass && e.want != check.Fail {
				continue
			}
			for _, res := range live(t, e) {
				blind := res
				blind.Properties, blind.Unknown = nil, []string{snapshot.Properties}
				if got := run(r, blind); len(got) != 1 || got[0].Outcome != check.Unknown || len(got[0].Evidence) == 0 {
					t.Errorf("%s: nothing of %s was read, and it is %+v", e.name, res.Key, got)
				}
			}
		}
		for _, c := range []snapshot.Coverage{{}, {Call: "x:List", Types: r.Types(), Region: "eu-west-2", Outcome: snapshot.Denied}} {
			s := &snapshot.Snapshot{Account: "111122223333", Coverage: []snapshot.Coverage{c}}
			s.Seal()
			got := check.Run([]check.Rule{r}, check.Case{Snapshot: s, Model: threatmodel.Default()})
			if len(got) != 1 || got[0].Outcome != check.Unknown || got[0].Says == "" {
				t.Errorf("nothing was listed, and it is %+v", got)
			}
		}
		if got := run(r); len(got) != 1 || got[0].Outcome != check.NotApplicable {
			t.Errorf("there is nothing, and it is %+v", got)
		}
	})
}

// Templates are judged twice: as they are written, which is what cfn-guard and check --rules do, and resource by resource, as a scan's are. Neither
// resolves what refers to something else, so that examples spell out what is looked at.
func TestTemplateExamples(t *testing.T) {
	each(t, func(t *testing.T, r check.Rule) {
		for _, e := range examplesOf(t, r) {
			if e.form != "template.yaml" {
				continue
			}
			doc, err := guard.Load(e.name, e.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := said(parsed(t, r).Evaluate(doc, guard.Options{})); got != e.want {
				t.Errorf("%s as written is %s", e.name, got)
			}
			var in map[string]struct {
				Type       string
				Properties map[string]any
			}
			if err := json.Unmarshal([]byte(doc.Get("Resources").String()), &in); err != nil || len(in) == 0 {
				t.Fatalf("%s: %d resources: %v", e.name, len(in), err)
			}
			var list []snapshot.Resource
			for name, x := range in {
				res := snapshot.Resource{Key: snapshot.Key("cfn:example/" + name), Type: x.Type, Name: name, Properties: x.Properties}
				if !slices.Contains(r.Types(), res.Type) {
					t.Errorf("%s: %s is no type of this rule", e.name, res.Type)
				}
				for _, l := range r.Looks {
					if v, _ := res.Property(l.Path); l.Type == res.Type && refers(v) {
						t.Errorf("%s: %s.%s refers to something else", e.name, name, l.Path)
					}
				}
				list = append(list, res)
			}
			for _, x := range run(r, list...) {
				if x.Outcome != e.want {
					t.Errorf("%s: %s by itself is %s: %s", e.name, x.Target, x.Outcome, x.Says)
				}
			}
		}
	})
}

func refers(v any) bool {
	m, ok := v.(map[string]any)
	if !ok {
		return false
	}
	for k := range m {
		if k == "Ref" || strings.HasPrefix(k, "Fn::") {
			return true
		}
	}
	return false
}

// Plans are not judged: nothing reads them yet. That each is what terraform show -json writes, and is about the rule's types, is all that is checked.
func TestPlanExamples(t *testing.T) {
	type planned struct {
		Address, Mode, Type, Name string
		Values                    map[string]any
	}
	each(t, func(t *testing.T, r check.Rule) {
		seen := map[string]bool{}
		for _, e := range examplesOf(t, r) {
			if e.form != "plan.json" {
				continue
			}
			var plan struct {
				FormatVersion    string `json:"format_version"`
				TerraformVersion string `json:"terraform_version"`
				PlannedValues    struct {
					RootModule struct{ Resources []planned } `json:"root_module"`
				} `json:"planned_values"`
				ResourceChanges []struct {
					Address string
					Change  struct{ Actions []string }
				} `json:"resource_changes"`
			}
			if err := json.Unmarshal(e.text, &plan); err != nil {
				t.Fatalf("%s: %v", e.name, err)
			}
			list := plan.PlannedValues.RootModule.Resources
			if !strings.HasPrefix(plan.FormatVersion, "1.") || plan.TerraformVersion == "" || len(list) == 0 || len(list) != len(plan.ResourceChanges) {
				t.Errorf("%s is no plan: %+v", e.name, plan)
			}
			for i, x := range list {
				if x.Mode != "managed" || x.Address != x.Type+"."+x.Name || len(x.Values) == 0 || plan.ResourceChanges[i].Address != x.Address || len(plan.ResourceChanges[i].Change.Actions) == 0 {
					t.Errorf("%s: %+v", e.name, x)
				}
				if !slices.Contains(r.Terraform, x.Type) {
					t.Errorf("%s: %s is no type of this rule", e.name, x.Type)
				}
				seen[x.Type] = true
			}
		}
		for _, typ := range r.Terraform {
			if !seen[typ] {
				t.Errorf("no plan has a %s", typ)
			}
		}
	})
}

// A rule speaks of a live account only by what a scan reads: every property that it looks at is in the vocabulary, and where answers of the service
// are recorded, one of them has it; else a collector at least writes it. What only files have is not in it: as soon as a scan reads that too, the mark has to go.
func TestLooksAtWhatIsRead(t *testing.T) {
	words, recorded, written := vocabulary(t), recordings(t), collectors(t)
	each(t, func(t *testing.T, r check.Rule) {
		for _, l := range r.Looks {
			row, ok := words[l.Type]
			if !ok {
				t.Errorf("no scan lists %s", l.Type)
				continue
			}
			for _, name := range strings.Split(l.Path, ".") {
				if row[name] == l.Files {
					t.Errorf("%s.%s: docs/vocabulary.md has %s: %v", l.Type, l.Path, name, row[name])
				}
			}
			leaf := l.Path[strings.LastIndex(l.Path, ".")+1:]
			if list := recorded[l.Type]; !l.Files && len(list) == 0 && !strings.Contains(written, `"`+leaf+`"`) {
				t.Errorf("no collector writes %s.%s", l.Type, l.Path)
			} else if !l.Files && len(list) > 0 && !slices.ContainsFunc(list, func(x snapshot.Resource) bool {
				_, st := x.Property(l.Path)
				return st == snapshot.Known
			}) {
				t.Errorf("%s.%s is in none of the %d answers that are recorded", l.Type, l.Path, len(list))
			}
		}
	})
}

// collectors is the source of what reads the services.
func collectors(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("../internal/read/collect/service/*.go")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d collectors: %v", len(files), err)
	}
	var b strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	}
	return b.String()
}

var word = regexp.MustCompile(`[A-Za-z0-9]+`)

// vocabulary reads the first table of docs/vocabulary.md: the words of the row of each type.
func vocabulary(t *testing.T) map[string]map[string]bool {
	t.Helper()
	text, err := os.ReadFile("../docs/vocabulary.md")
	if err != nil {
		t.Fatal(err)
	}
	table, _, ok := strings.Cut(string(text), "\nAny other type of CloudFormation may come from files")
	if !ok {
		t.Fatal("the page has lost its second table")
	}
	out := map[string]map[string]bool{}
	for line := range strings.Lines(table) {
		cells := strings.SplitN(strings.TrimSpace(line), " | ", 3)
		if len(cells) < 3 || !strings.HasPrefix(line, "| AWS::") {
			continue
		}
		if strings.HasPrefix(cells[2], "as those of RDS") {
			for k := range out["AWS::RDS::DBCluster"] {
				cells[2] += " " + k
			}
		}
		has := map[string]bool{}
		for _, w := range word.FindAllString(cells[2], -1) {
			has[w] = true
		}
		service := ""
		for typ := range strings.SplitSeq(strings.ReplaceAll(strings.TrimPrefix(cells[0], "| "), "*ours*", ""), ",") {
			typ = strings.TrimSpace(typ)
			if i := strings.LastIndex(typ, "::"); i > 0 {
				service = typ[:i+2]
			} else {
				typ = service + typ
			}
			out[typ] = has
		}
	}
	return out
}

// recordings are the resources that the recorded answers of services come to, by type.
func recordings(t *testing.T) map[string][]snapshot.Resource {
	t.Helper()
	files, err := filepath.Glob("../internal/read/collect/testdata/recorded/*.txtar")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d recordings: %v", len(files), err)
	}
	out := map[string][]snapshot.Resource{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		_, want, _ := strings.Cut(string(text), "\n-- want --\n")
		for line := range strings.Lines(want) {
			var r snapshot.Resource
			if json.Unmarshal([]byte(line), &r) == nil && r.Type != "" {
				out[r.Type] = append(out[r.Type], r)
			}
		}
	}
	return out
}

// The pages in docs/rules are what the rules say: go test ./rules -update writes them.
func TestPages(t *testing.T) {
	pages := map[string]string{}
	var index strings.Builder
	index.WriteString("# Rules\n\nWhat [footing check](../check.md) judges an account by, beside objectives. [How a rule is made](../rule-folders.md).\n\n")
	if err := ruled.ListMarkdown(&index, rules.All()); err != nil {
		t.Fatal(err)
	}
	pages["README.md"] = index.String()
	for _, r := range rules.All() {
		var b strings.Builder
		if err := ruled.ExplainMarkdown(&b, &r); err != nil {
			t.Fatal(err)
		}
		pages[strings.ToLower(r.ID)+".md"] = b.String()
	}
	const dir = "../docs/rules"
	for name, want := range pages {
		path := filepath.Join(dir, name)
		if *update {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if strings.Contains(want, "`` |") {
			t.Errorf("%s has an empty cell", path)
		}
		if have, err := os.ReadFile(path); err != nil || string(have) != want {
			t.Errorf("%s is not what the rule says (%v): run go test ./rules -update", path, err)
		}
	}
	there, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range there {
		if _, ok := pages[f.Name()]; !ok {
			t.Errorf("%s is the page of no rule", f.Name())
		}
	}
}
