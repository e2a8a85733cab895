package collect

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/rules"
)

// Two whole accounts, one as a first account grows when nobody looks after it, the other when somebody did: what every rule comes to, and what
// changes where AWS answers otherwise.
func TestJudged(t *testing.T) {
	for _, name := range estateNames() {
		t.Run(name, func(t *testing.T) {
			e := estateOf(t, name)
			e.check(t)
			t.Logf("%d requests, %d resources", e.whole.Calls, len(e.whole.Resources))
			got := e.lines(e.whole, e.judge(t, e.whole))
			if *update {
				e.write(t, "rules.txt", []byte(strings.Join(got, "\n")+"\n"))
			}
			differs(t, got, golden(t, name))
			others, err := filepath.Glob(e.file("but-*.txtar"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range others {
				t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { e.changes(t, file, got) })
			}
		})
	}
}

func (e *estate) changes(t *testing.T, file string, before []string) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	other, want := e.but(t, a)
	other.check(t)
	s := other.scan(t)
	after := other.lines(s, other.judge(t, s))
	var got []string
	for _, line := range after {
		if !slices.Contains(before, line) {
			got = append(got, line)
		}
	}
	if *update {
		a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name == "want" })
		a.Files = append(a.Files, txtar.File{Name: "want", Data: []byte(strings.Join(got, "\n") + "\n")})
		e.write(t, filepath.Base(file), txtar.Format(a))
		return
	}
	differs(t, got, strings.Split(strings.TrimSpace(want), "\n"))
}

func (e *estate) write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(e.file(name), text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// golden is what rules.txt holds.
func golden(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "judged", name, "rules.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// differs tells the lines that are not in both lists.
func differs(t *testing.T, got, want []string) {
	t.Helper()
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("new:  %s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("gone: %s", line)
		}
	}
}

// oneWay are rules that these accounts show only one way, and why no account could show the other.
var oneWay = map[string]string{
	"ADM-02":  "whether root can be recovered has to be tried: it asks for a word where people come in by one door",
	"NET-12":  "to have no web ACL may be decided: it asks for a word",
	"ACCT-03": "only people know whether the account's contact details are right: it passes by their word, and never fails",
	"DET-06":  "what is checked every day is told by people alone",
	"DET-08":  "the API of Trusted Advisor is not asked",
	"DET-09":  "who read the news is told by people alone",
	"DAT-14":  "no scan reads lifecycle rules",
	"GOV-01":  "it fails where more than a twentieth of all things are of services that the list of duties does not know: it knows all that a scan lists",
	"GOV-06":  "what the build runs is told by people alone",
	"GOV-09":  "an incident plan is told by people alone",
	"KEY-05":  "no scan asks for SSH keys, two calls a user",
	"LOG-04":  "no scan reads lifecycle rules",
	"LP-03":   "no scan asks which services were used",
}

// Every rule passes in one of the accounts and fails in one.
func TestJudgedBothWays(t *testing.T) {
	seen := map[string][]string{}
	for _, name := range estateNames() {
		lines := golden(t, name)
		others, err := filepath.Glob(filepath.Join("testdata", "judged", name, "but-*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range others {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range a.Files {
				if f.Name == "want" {
					lines = append(lines, strings.Split(strings.TrimSpace(string(f.Data)), "\n")...)
				}
			}
		}
		for _, line := range lines {
			words := strings.Fields(line)
			seen[words[0]] = append(seen[words[0]], words[1])
		}
	}
	listed := maps.Clone(oneWay)
	for _, r := range rules.All() {
		pass, fail := slices.Contains(seen[r.ID], check.Pass.String()), slices.Contains(seen[r.ID], check.Fail.String())
		switch why := oneWay[r.ID]; {
		case why == "" && !(pass && fail):
			t.Errorf("%s: pass %v, fail %v", r.ID, pass, fail)
		case why != "" && pass && fail:
			t.Errorf("%s passes and fails: take it off the list", r.ID)
		case why != "" && !pass:
			t.Errorf("%s passes nowhere", r.ID)
		}
		delete(listed, r.ID)
	}
	for id := range listed {
		t.Errorf("there is no rule %s", id)
	}
}

// Who administers the account is counted by every way: a policy of AWS's own, *:*, everything but something, iam:*, a policy that its holder may
// rewrite, a role behind a role, an identity provider, Identity Center. A Deny and a boundary take it away, and so does a directory that lets
// somebody in no more.
func TestJudgedAdministrators(t *testing.T) {
	for name, c := range map[string]struct {
		outcome, says string
		evidence      []string
	}{
		"neglected": {"fail", "dara, ines, lena and 3 more administer the account: 6, and at most 2 should", []string{
			"fail dara: has all-but-organizations through the group builders; to cut: statement 0 of the policy all-but-organizations, which dara has through the group builders",
			"fail ines: has AdministratorAccess; to cut: the policy AdministratorAccess, which ines has",
			"fail lena: assumes the role step, assumes the role top, has AdministratorAccess; to cut: that lena may assume the role step",
			"fail pavel: rewrites a policy that it has; to cut: statement 0 of the policy pavel, which pavel has",
			"fail tomasz: has all through the group everyone; to cut: statement 0 of the policy all, which tomasz has through the group everyone",
			"fail yuki: attaches a group a policy and joins the group; to cut: statement 0 of the policy people, which yuki has",
			"unknown people who sign in through directory: has AdministratorAccess; to cut: the policy AdministratorAccess, which staff has",
		}},
		"tended": {"pass", "The notary and Tomasz administer the account", []string{
			"pass The notary: has AdministratorAccess and nothing-without-mfa through the group sealed",
			"pass Tomasz: has AdministratorAccess",
			"pass ines is assigned administration, and switched off in the directory",
		}},
	} {
		e := estateOf(t, name)
		results := e.judge(t, e.whole)
		x := results[slices.IndexFunc(results, func(r check.Result) bool { return r.Rule == "ADM-01" })]
		var got []string
		for _, v := range x.Evidence {
			got = append(got, v.Outcome.String()+" "+v.Says)
		}
		slices.Sort(got)
		if x.Outcome.String() != c.outcome || x.Says != c.says || !slices.Equal(got, c.evidence) {
			t.Errorf("%s: %s %s\n%s", name, x.Outcome, x.Says, strings.Join(got, "\n"))
		}
	}
}
