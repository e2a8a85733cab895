package practice

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every table is whole: each row has every column, each id is of its framework's form and stands once, and each group has items.
func TestTables(t *testing.T) {
	forms := map[string]*regexp.Regexp{"sec": regexp.MustCompile(`^SEC(0[1-9]|1[01])-BP0[1-9]$`), "ssb": regexp.MustCompile(`^(ACCT|WKLD)\.\d\d$`), "cis": regexp.MustCompile(`^[1-6](\.\d+){1,2}$`)}
	rule := regexp.MustCompile(`^[A-Z]{2,4}-\d\d$`)
	for name, columns := range map[string]int{"sec.tsv": 9, "ssb.tsv": 7, "cis.tsv": 10} {
		slugs := map[string]bool{}
		for _, f := range lines(name) {
			if len(f) != columns || slugs[f[0]] {
				t.Errorf("%s: %d cells, or twice: %q", name, len(f), f)
			}
			slugs[f[0]] = true
		}
	}
	want := map[string]int{"sec-2024-11": 63, "ssb-2022": 27, "ssb-2026": 32, "cis-3.0": 62, "cis-4.0.1": 64, "cis-5.0": 63, "cis-6.0": 63, "cis-7.0": 70}
	for _, e := range editions {
		full := e.framework + "-" + e.name
		table, ok := Load(full)
		if !ok {
			t.Fatalf("%s is not there", full)
		}
		seen, n := map[string]bool{}, 0
		for _, g := range table.Groups {
			if len(g.Items) == 0 || g.Name == "" {
				t.Errorf("%s: %+v", full, g)
			}
			for _, i := range g.Items {
				n++
				if seen[i.ID] || !forms[e.framework].MatchString(i.ID) || i.Title == "" {
					t.Errorf("%s: %+v", full, i)
				}
				seen[i.ID] = true
				if i.Sees == None && !strings.HasPrefix(i.Says, "Not covered, because ") || i.Says != "" && !strings.HasSuffix(i.Says, ".") {
					t.Errorf("%s %s: %s: %q", full, i.ID, i.Sees, i.Says)
				}
				if i.Sees == None && len(i.Rules) > 0 {
					t.Errorf("%s %s: not covered, and %v", full, i.ID, i.Rules)
				}
				for _, r := range i.Rules {
					if !rule.MatchString(r) {
						t.Errorf("%s %s: %q is no rule", full, i.ID, r)
					}
				}
			}
		}
		if n != want[full] {
			t.Errorf("%s has %d items, not %d", full, n, want[full])
		}
	}
}

// The numbers that one can get wrong by counting on: sections that moved, items that went and came.
func TestNumbers(t *testing.T) {
	for _, c := range []struct{ table, slug, id string }{
		{"cis-3.0", "root-key", "1.4"}, {"cis-5.0", "root-key", "1.3"}, {"cis-6.0", "root-key", "2.3"}, {"cis", "root-key", "2.4"},
		{"cis-3.0", "ebs-encryption", "2.2.1"}, {"cis-4.0.1", "ebs-encryption", "5.1.1"}, {"cis-7.0", "imdsv2", "6.7"}, {"cis-7.0", "one-key", ""},
		{"ssb", "guardduty", "ACCT.11"}, {"ssb-2026", "guardduty", "ACCT.14"}, {"ssb-2026", "access-analyzer", "ACCT.11"},
		{"sec", "sec_protect_compute_validate_software_integrity", "SEC06-BP04"},
	} {
		table, _ := Load(c.table)
		got := ""
		for _, g := range table.Groups {
			for _, i := range g.Items {
				if i.Slug == c.slug {
					got = i.ID
				}
			}
		}
		if got != c.id {
			t.Errorf("%s of %s is %q, not %q", c.slug, c.table, got, c.id)
		}
	}
	table, _ := Load("cis-5.0")
	var ids []string
	for _, i := range table.Groups[0].Items {
		ids = append(ids, i.ID)
	}
	if !slices.IsSortedFunc(ids, compareIDs) || ids[9] != "1.10" {
		t.Errorf("in the order %v", ids)
	}
}

// What the Well-Architected Tool takes: 64 characters at most, and only ids that are known.
func TestChoices(t *testing.T) {
	table, _ := Load("sec")
	unknown := 0
	for _, g := range table.Groups {
		if g.Tool == "" || g.Question == "" || g.Area == "" {
			t.Errorf("%+v", g)
		}
		for _, i := range g.Items {
			switch {
			case i.Choice == "":
				unknown++
			case i.Choice != i.Slug || len(i.Choice) > 64 || !strings.HasPrefix(i.Choice, "sec_"):
				t.Errorf("%s: %q", i.ID, i.Choice)
			}
		}
	}
	if unknown != 1 {
		t.Errorf("%d choices are not known", unknown)
	}
	if p := Pillars(); len(p) != 6 || p[0].Name != "Security" {
		t.Errorf("pillars: %v", p)
	}
}

func TestNames(t *testing.T) {
	if n := Names(); !slices.Equal(n[:3], []string{"sec", "ssb", "cis"}) || len(n) != 3+len(editions) {
		t.Errorf("%v", n)
	}
	if _, ok := Load("cis-2.0"); ok {
		t.Error("there is a table of an edition that nobody wrote")
	}
	table, _ := Load("cis-6.0")
	i := table.Groups[0].Items[2]
	if got := i.Names(); !slices.Equal(got, []string{"cis-5.0:1.3", "cis-4.0.1:1.4", "cis-3.0:1.4", "cis-3.0:1.4", "cis-4.0.1:1.4", "cis-5.0:1.3", "cis-6.0:2.3", "cis-7.0:2.4"}) {
		t.Errorf("%v", got)
	}
}
