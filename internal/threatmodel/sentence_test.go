package threatmodel

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var someNames = Names{
	Actors:    []string{"admins", "terraform", "the night shift", "only"},
	Resources: []string{"account", "backups", "uploads", "trips-db", "unit"},
	Units:     []string{"dev", "prod", "test", "shared services"},
}

func TestSentences(t *testing.T) {
	for text, want := range map[string]Assertion{
		"only admins and terraform may administer account":          {Kind: Only, Actors: []string{"admins", "terraform"}, Access: []string{"admin"}, Targets: []string{"account"}},
		"Nobody may write backups.":                                 {Kind: Nobody, Access: []string{"write"}, Targets: []string{"backups"}},
		"No one can read the account":                               {Kind: Nobody, Access: []string{"read"}, Targets: []string{"account"}},
		"dev is isolated from prod":                                 {Kind: Isolated, From: []string{"dev"}, To: []string{"prod"}},
		"dev, unit test are isolated from prod and shared services": {Kind: Isolated, From: []string{"dev", "test"}, To: []string{"prod", "shared services"}},
		"administering account requires mfa":                        {Kind: Requires, Access: []string{"admin"}, Targets: []string{"account"}, Guards: []string{"mfa"}},
		"reading or writing uploads and trips-db requires mfa, network and organization": {Kind: Requires, Access: []string{"read", "write"},
			Targets: []string{"uploads", "trips-db"}, Guards: []string{"mfa", "network", "organization"}},
		"at most 3 may administer account": {Kind: AtMost, AtMost: 3, Access: []string{"admin"}, Targets: []string{"account"}},
		"when risk is 15 or more, only admins may write anything": {Kind: Only, Actors: []string{"admins"}, Access: []string{"write"}, Targets: []string{Anything},
			RiskAtLeast: 15},
		"when risk is 9 or more administering everything requires mfa": {Kind: Requires, Access: []string{"admin"}, Targets: []string{Anything}, Guards: []string{"mfa"}, RiskAtLeast: 9},
		"only the night shift or \"only\" may read, write and administer class restricted, type AWS::S3::Bucket, type bucket, unit prod, unit shared services and unit": {
			Kind: Only, Actors: []string{"the night shift", "only"}, Access: []string{"read", "write", "admin"},
			Targets: []string{"class:restricted", "type:AWS::S3::Bucket", "type:bucket", "unit:prod", "unit:shared services", "unit"}},
		"only 'the night shift', terraform may read uploads, uploads": {Kind: Only, Actors: []string{"the night shift", "terraform"}, Access: []string{"read"}, Targets: []string{"uploads"}},
	} {
		got, slip := ParseSentence(text, someNames)
		if slip != nil {
			t.Errorf("%q: %s (%s)", text, slip.says, slip.hint)
			continue
		}
		want.Text = text
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
	for _, f := range Forms() {
		if _, slip := ParseSentence(f, someNames); slip != nil {
			t.Errorf("the form %q is not understood: %s", f, slip.says)
		}
	}
}

// TestSlips: the word that is not understood is the one that is shown, with what may stand there.
func TestSlips(t *testing.T) {
	names := someNames
	names.Resources = names.Resources[:4] // without the one that is called "unit"
	for _, c := range []struct {
		text       string
		word       int
		says, hint string
	}{
		{"only admns may read account", 1, `"admns" stands where the name of an actor should come`, `did you mean "admins"?`},
		{"only zebras may read account", 1, "the name of an actor", "there are admins, terraform, the night shift, only"},
		{"only admins my read account", 2, `"may" should come`, `did you mean "may"?`},
		{"only admins", 2, "the sentence ends where", "write it like: only admins"},
		{"only admins may", 3, "the sentence ends where read, write or administer should come", ""},
		{"nobody may wrte backups", 2, "read, write or administer", `did you mean "write"?`},
		{"nobody may write bakups", 3, `"bakups"`, `did you mean "backups"?`},
		{"nobody may write Backups", 3, `"Backups"`, `did you mean "backups"?`},
		{"nobody may write the bakups", 4, `"bakups"`, `did you mean "backups"?`},
		{"nobody may write class secret", 4, `"secret"`, "public, internal, confidential, restricted"},
		{"nobody may write type b@cket", 4, `"b@cket"`, "write it like"},
		{"nobody may write unit prd", 4, `"prd"`, `did you mean "prod"?`},
		{"nobody may write backups and read uploads", 5, `"read"`, ""},
		{"nobody may write backups now", 4, `the sentence goes on with "now"`, "one sentence for each thing"},
		{"dev is isolated from prd", 4, `"prd"`, `did you mean "prod"?`},
		{"dve is isolated from prod", 0, `"dve"`, `did you mean "dev"?`},
		{"dev is isolated of prod", 3, `"of" stands where "from" should come`, "write it like: dev is isolated from prod"},
		{"dev and prod are isolated from test, dev", 6, `"dev" cannot be isolated from itself`, ""},
		{"administering account requires mfa or network", 4, `"or" would leave open`, `write "and"`},
		{"administering account requires luck", 3, `"luck"`, "mfa, network, organization"},
		{"at most three may administer account", 2, "a number from 1 to 9999", "at most 3"},
		{"at most 0 may administer account", 2, "not 0", `write "nobody may …"`},
		{"when risk is 30 or more, nobody may read anything", 3, "from 1 to 25", ""},
		{"when risk is 15, nobody may read anything", 3, `"," stands where "or more" should come`, ""},
		{"when risk is 15 or more dev is isolated from prod", 6, "units are isolated as a whole", "leave the beginning out"},
		{"everybody may read backups", 0, `no sentence begins with "everybody"`, "at most 3 may administer account"},
		{"admins may read backups", 0, `no sentence begins with "admins"`, `write "only admins may …"`},
		{"", 0, "the sentence ends", "at most 3 may administer account"},
		{"\"", 0, "no sentence begins", ""},
	} {
		_, slip := ParseSentence(c.text, names)
		if slip == nil {
			t.Errorf("%q is taken", c.text)
			continue
		}
		if slip.word != c.word || !strings.Contains(slip.says, c.says) || !strings.Contains(slip.hint, c.hint) || slip.hint == "" {
			t.Errorf("%q: word %d, %q, hint %q", c.text, slip.word, slip.says, slip.hint)
		}
	}
}

// FuzzSentence: what is taken means the same with other space, speaks of names that there are, and says all that its kind needs;
// what is not taken points at one of its words, or just behind them.
func FuzzSentence(f *testing.F) {
	for _, s := range Forms() {
		f.Add(s)
	}
	for _, s := range []string{"only 'the night shift', terraform may read uploads", "nobody may read type a::b, class public or unit prod.", "when risk is 1 or more, at most 9999 can write the unit", "\"\" ' , . and or"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, slip := ParseSentence(text, someNames)
		if slip != nil {
			if n := len(strings.Fields(text)); slip.word < 0 || slip.word > n || slip.says == "" || slip.hint == "" {
				t.Fatalf("%q: word %d of %d, %q, %q", text, slip.word, n, slip.says, slip.hint)
			}
			return
		}
		b, slip := ParseSentence("  "+strings.Join(strings.Fields(text), " \n\t ")+" ", someNames)
		if slip != nil || !cmp.Equal(a, b) {
			t.Fatalf("%q means %+v, and with more space %+v, %v", text, a, b, slip)
		}
		for _, actor := range a.Actors {
			if !slices.Contains(someNames.Actors, actor) {
				t.Fatalf("%q speaks of %q", text, actor)
			}
		}
		full := map[string]bool{
			Only: len(a.Actors)*len(a.Access)*len(a.Targets) > 0, Nobody: len(a.Access)*len(a.Targets) > 0, AtMost: a.AtMost*len(a.Access)*len(a.Targets) > 0,
			Requires: len(a.Guards)*len(a.Access)*len(a.Targets) > 0, Isolated: len(a.From)*len(a.To) > 0 && a.RiskAtLeast == 0,
		}
		if !full[a.Kind] {
			t.Fatalf("%q: %s", text, fmt.Sprintf("%+v", a))
		}
	})
}
