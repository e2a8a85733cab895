package rules_test

import (
	"cmp"
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/rules"
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
	parse := func() (list []map[string]any) {
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
	for i, r := range parse() {
		arn, _ := r["arn"].(string)
		p, _ := r["properties"].(map[string]any)
		for _, k := range slices.Sorted(maps.Keys(p)) {
			if name, _ := p[k].(string); name != "" && strings.Contains(strings.ToLower(arn), strings.ToLower(name)) {
				continue
			}
			list := parse()
			list[i]["properties"].(map[string]any)[k] = nil
			put(k+" of "+arn, list)
		}
		for _, k := range []string{"tags", "policy"} {
			if r[k] != nil {
				list := parse()
				list[i][k] = nil
				put(k+" of "+arn, list)
			}
		}
	}
	return out
}

// exampleAccount is an account example of a rule.
type exampleAccount struct {
	name  string
	input func() assess.Input // anew each time
}

func accounts(t *testing.T, r check.Rule) []exampleAccount {
	t.Helper()
	list, err := fs.Glob(r.Examples, "examples/*.account.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var out []exampleAccount
	for _, f := range list {
		text, err := fs.ReadFile(r.Examples, f)
		if err != nil {
			t.Fatal(err)
		}
		a := txtar.Parse(text)
		out = append(out, exampleAccount{strings.TrimSuffix(path.Base(f), ".account.txtar"), func() assess.Input { return read(t, f, a) }})
	}
	return out
}

// judged is what a rule says.
func judged(t *testing.T, r check.Rule, in assess.Input) []check.Result {
	t.Helper()
	as, err := assess.Of(in)
	if err != nil {
		t.Fatal(err)
	}
	return check.Run([]check.Rule{r}, as.Case())
}

// deny makes a type unlisted: in one Region, or everywhere for "".
func deny(s *snapshot.Snapshot, typ, region, outcome string) {
	var call string
	for i := range s.Coverage {
		if v := &s.Coverage[i]; slices.Contains(v.Types, typ) && region == "" {
			call, v.Types = v.Call, slices.DeleteFunc(slices.Clone(v.Types), func(x string) bool { return x == typ })
		}
	}
	s.Coverage = append(s.Coverage, snapshot.Coverage{Call: cmp.Or(call, "x:List"), Types: []string{typ}, Region: region, Outcome: outcome})
	if region == "" {
		s.Resources = slices.DeleteFunc(s.Resources, func(r snapshot.Resource) bool { return r.Type == typ })
	}
	s.Seal()
}

// What holds though a type was not listed holds whatever there may be of it: of every account example each type in turn is not listed, and where that
// leaves nothing open, things of that type from every other example are put in its place. None of them fails, or is unknown.
func TestUnlistedSavesNothing(t *testing.T) {
	worlds := map[string][]world{}
	for _, r := range rules.All() {
		if r.Judge == nil {
			continue
		}
		for _, e := range accounts(t, r) {
			by := map[string][]snapshot.Resource{}
			in := e.input()
			for _, x := range in.Snapshot.Resources {
				by[x.Type] = append(by[x.Type], x)
			}
			for typ, list := range by {
				worlds[typ] = append(worlds[typ], world{r.ID + " " + e.name, list})
			}
		}
	}
	eachAccount(t, func(t *testing.T, r check.Rule) {
		for _, e := range accounts(t, r) {
			for _, typ := range r.Types() {
				in := e.input()
				deny(in.Snapshot, typ, "", snapshot.Denied)
				results := judged(t, r, in)
				if !saved(results) {
					continue
				}
				for _, w := range worlds[typ] {
					in := e.input()
					in.Snapshot.Resources = append(slices.DeleteFunc(in.Snapshot.Resources, func(r snapshot.Resource) bool { return r.Type == typ }), w.resources...)
					in.Snapshot.Seal()
					if other := judged(t, r, in); !saved(other) {
						t.Errorf("%s without %s:\n%swith those of %s:\n%s", e.name, typ, told(results), w.name, told(other))
						break
					}
				}
			}
		}
	})
}

// world is things of one type, as one example has them.
type world struct {
	name      string
	resources []snapshot.Resource
}

// What holds though a property was not read holds whatever it is: of every account example each property, the tags and the policy of each resource in turn
// are not read, and where that leaves nothing open, each value that another example of the rule has there is tried, and none. No verdict is then worse.
func TestUnreadPropertySavesNothing(t *testing.T) {
	eachAccount(t, func(t *testing.T, r check.Rule) {
		list := accounts(t, r)
		values := map[string][]any{} // by type and property
		for _, e := range list {
			in := e.input()
			for i := range in.Snapshot.Resources {
				x := &in.Snapshot.Resources[i]
				for _, p := range properties(x) {
					k := x.Type + " " + p
					if v := valueOf(x, p); !slices.ContainsFunc(values[k], func(o any) bool { return reflect.DeepEqual(o, v) }) {
						values[k] = append(values[k], v)
					}
				}
			}
		}
		for _, e := range list {
			n := len(e.input().Snapshot.Resources)
			for i := range n {
				first := e.input().Snapshot.Resources[i]
				for _, p := range properties(&first) {
					in := e.input()
					setValue(&in.Snapshot.Resources[i], p, nil)
					in.Snapshot.Resources[i].Unknown = append(slices.Clone(first.Unknown), p)
					in.Snapshot.Seal()
					results := judged(t, r, in)
					if !saved(results) {
						continue
					}
					for _, v := range append([]any{nil}, values[first.Type+" "+p]...) {
						in := e.input()
						setValue(&in.Snapshot.Resources[i], p, v)
						if other := judged(t, r, in); !saved(other) {
							t.Errorf("%s, when %s of %s was not read:\n%swith %v:\n%s", e.name, p, first.Key, told(results), v, told(other))
							break
						}
					}
				}
			}
		}
	})
}

// properties are what of a resource may not be read: what it is called comes with its list.
func properties(r *snapshot.Resource) (out []string) {
	for _, p := range slices.Sorted(maps.Keys(r.Properties)) {
		if name, _ := r.Properties[p].(string); name == "" || !strings.Contains(strings.ToLower(string(r.Key)), strings.ToLower(name)) {
			out = append(out, p)
		}
	}
	return append(out, "Policy", "Tags")
}

func valueOf(r *snapshot.Resource, p string) any {
	switch p {
	case "Policy":
		return r.Policy
	case "Tags":
		return r.Tags
	}
	return r.Properties[p]
}

func setValue(r *snapshot.Resource, p string, v any) {
	switch p {
	case "Policy":
		r.Policy, _ = v.(json.RawMessage)
	case "Tags":
		r.Tags, _ = v.(map[string]string)
	default:
		r.Properties = maps.Clone(r.Properties)
		if v == nil {
			delete(r.Properties, p)
			return
		}
		r.Properties[p] = v
	}
}
