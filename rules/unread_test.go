package rules_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/footing-dev/footing/internal/judge/check"
)

// What fails is not saved by seeing less: of every account example that fails, each property, the tags and the policy of each resource are taken away
// in turn, as not read. It then fails still, or is unknown. What a thing is called comes with its list and is never unread.
func TestUnreadSavesNothing(t *testing.T) {
	eachAccount(t, func(t *testing.T, r check.Rule) {
		list, err := fs.Glob(r.Examples, "examples/fail*.account.txtar")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			text, err := fs.ReadFile(r.Examples, f)
			if err != nil {
				t.Fatal(err)
			}
			a := txtar.Parse(text)
			at := slices.IndexFunc(a.Files, func(x txtar.File) bool { return x.Name == "resources.json" })
			if at < 0 {
				continue
			}
			whole := a.Files[at].Data
			for what, less := range lesser(t, whole) {
				a.Files[at].Data = less
				if results := check.Run([]check.Rule{r}, account(t, f, a).Case()); saved(results) {
					t.Errorf("%s, when %s was not read:\n%s", f, what, told(results))
				}
			}
		}
	})
}

// saved tells that nothing fails or is unknown any more, and that it is nobody's word that says so.
func saved(results []check.Result) bool {
	return !slices.ContainsFunc(results, func(x check.Result) bool {
		return x.Outcome == check.Fail || x.Outcome == check.Unknown || x.Outcome == check.Manual || x.Attested != nil
	})
}

// lesser lists what remains of resources.json where one thing in it was not read.
func lesser(t *testing.T, whole []byte) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	read := func() (list []map[string]any) {
		if err := json.Unmarshal(whole, &list); err != nil {
			t.Fatal(err)
		}
		return list
	}
	put := func(what string, list []map[string]any) {
		text, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		out[what] = text
	}
	for i, r := range read() {
		arn, _ := r["arn"].(string)
		p, _ := r["properties"].(map[string]any)
		for _, k := range slices.Sorted(maps.Keys(p)) {
			if name, _ := p[k].(string); name != "" && strings.Contains(strings.ToLower(arn), strings.ToLower(name)) {
				continue
			}
			list := read()
			list[i]["properties"].(map[string]any)[k] = nil
			put(k+" of "+arn, list)
		}
		for _, k := range []string{"tags", "policy"} {
			if r[k] != nil {
				list := read()
				list[i][k] = nil
				put(k+" of "+arn, list)
			}
		}
	}
	return out
}
