package rules_test

import (
	"cmp"
	"encoding/json"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/rules"
)

// saved tells that nothing fails or is unknown any more, and that it is nobody's word that says so.
func saved(results []check.Result) bool {
	return !slices.ContainsFunc(results, func(x check.Result) bool {
		return x.Outcome == check.Fail || x.Outcome == check.Unknown || x.Outcome == check.Manual || x.Attested != nil
	})
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
		whole := read(t, f, txtar.Parse(text))
		out = append(out, exampleAccount{strings.TrimSuffix(path.Base(f), ".account.txtar"), func() assess.Input {
			in, s := whole, *whole.Snapshot
			s.Resources, s.Coverage = slices.Clone(s.Resources), slices.Clone(s.Coverage)
			s.Seal()
			in.Snapshot = &s
			return in
		}})
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

// What holds though a type was not listed holds whatever there may be of it: of every account example each type that the rule needs, or that is in one of
// its examples, is not listed, in turn, and where that leaves nothing open, things of that type from other examples are put in its place: from those of all
// rules where this one says that it needs the type. None of them fails, or is unknown.
func TestUnlistedSavesNothing(t *testing.T) {
	worlds := worldsOf(t, rules.All()...)
	eachAccount(t, func(t *testing.T, r check.Rule) {
		t.Parallel()
		own := worldsOf(t, r)
		types := append(slices.Collect(maps.Keys(own)), r.Types()...)
		slices.Sort(types)
		types = slices.Compact(types)
		for _, e := range accounts(t, r) {
			for _, typ := range types {
				in := e.input()
				deny(in.Snapshot, typ, "", snapshot.Denied)
				results := judged(t, r, in)
				if !saved(results) || impossible[r.ID+" "+typ] != "" {
					continue
				}
				donors := own[typ]
				if slices.Contains(r.Types(), typ) {
					donors = worlds[typ]
				}
				for _, w := range donors {
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

// impossible are the ways in which things are put together here and cannot be in an account, with the reason.
var impossible = map[string]string{
	"DAT-21 AWS::S3::Bucket VersioningConfiguration": "a bucket whose lock keeps what comes in keeps versions",
	"DAT-03 AWS::Organizations::Organization":        "its policies are asked for only once it was read",
	"GRD-03 AWS::Organizations::Policy":              "without an organisation there are no policies of it",
	"NET-01 AWS::EC2::Instance VpcId":                "its subnet lies in one VPC, which is that of the instance",
	"PUB-03 AWS::EC2::Image LaunchPermissions":       "what is open to everybody is Public",
}

// A Region that was not asked saves nothing either: what holds without it holds whatever things of the type are in it.
func TestUnaskedRegionSavesNothing(t *testing.T) {
	const there = "eu-north-1"
	eachAccount(t, func(t *testing.T, r check.Rule) {
		t.Parallel()
		worlds := worldsOf(t, r)
		for _, e := range accounts(t, r) {
			for _, typ := range r.Types() {
				in := e.input()
				deny(in.Snapshot, typ, there, snapshot.NotAsked)
				results := judged(t, r, in)
				if !saved(results) {
					continue
				}
				for _, w := range worlds[typ] {
					in := e.input()
					for _, x := range w.resources {
						k := snapshot.Key(strings.ReplaceAll(string(x.Key), ":"+x.Region+":", ":"+there+":"))
						if x.Region == "" || k == x.Key { // of no Region, or called so that there is one alone
							continue
						}
						x.Key, x.Region = k, there
						in.Snapshot.Resources = append(in.Snapshot.Resources, x)
					}
					in.Snapshot.Seal()
					if other := judged(t, r, in); !saved(other) {
						t.Errorf("%s without %s in %s:\n%swith those of %s:\n%s", e.name, typ, there, told(results), w.name, told(other))
						break
					}
				}
			}
		}
	})
}

// worldsOf is all things of each type, as the examples of some rules have them.
func worldsOf(t *testing.T, list ...check.Rule) map[string][]world {
	t.Helper()
	worlds := map[string][]world{}
	for _, r := range list {
		if r.Judge == nil {
			continue
		}
		for _, e := range accounts(t, r) {
			by := map[string][]snapshot.Resource{}
			for _, x := range e.input().Snapshot.Resources {
				by[x.Type] = append(by[x.Type], x)
			}
			for typ, list := range by {
				worlds[typ] = append(worlds[typ], world{r.ID + " " + e.name, list})
			}
		}
	}
	return worlds
}

// world is things of one type, as one example has them.
type world struct {
	name      string
	resources []snapshot.Resource
}

// What holds though a property was not read holds whatever it is: of every account example each property, the tags and the policy of each resource in turn
// are not read, and where that leaves nothing open, each value that an example of the rule has there is tried, and none. No verdict is then worse.
func TestUnreadSavesNothing(t *testing.T) {
	eachAccount(t, func(t *testing.T, r check.Rule) {
		t.Parallel()
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
					if !saved(results) || impossible[r.ID+" "+first.Type+" "+p] != "" {
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

// columns are what the credential report may lack, with values that a row may have there.
var columns = map[string][]any{
	"UserCreationTime": moments, "PasswordEnabled": {true, false}, "PasswordLastChanged": moments, "MfaActive": {true, false}, "AccessKey1Active": {true, false},
	"AccessKey1LastRotated": moments, "AccessKey1LastUsedDate": moments, "AccessKey2Active": {true, false}, "AccessKey2LastRotated": moments, "AccessKey2LastUsedDate": moments,
	"Cert1Active": {true, false}, "Cert2Active": {true, false},
}

var moments = []any{nil, "2020-01-01T00:00:00Z", "2026-11-21T00:00:00Z"}

// What holds without a column of the credential report holds whatever a row has there.
func TestMissingColumnSavesNothing(t *testing.T) {
	eachAccount(t, func(t *testing.T, r check.Rule) {
		t.Parallel()
		for _, e := range accounts(t, r) {
			for _, name := range slices.Sorted(maps.Keys(columns)) {
				in := e.input()
				i := slices.IndexFunc(in.Snapshot.Resources, func(x snapshot.Resource) bool { return x.Type == "AWS::IAM::CredentialReport" })
				if i < 0 {
					break
				}
				rows := fill(&in.Snapshot.Resources[i], -1, name, nil)
				in.Snapshot.Resources[i].Unknown = append(slices.Clone(in.Snapshot.Resources[i].Unknown), "Rows."+name)
				in.Snapshot.Seal()
				results := judged(t, r, in)
				for at := range rows {
					for _, v := range columns[name] {
						if !saved(results) {
							break
						}
						in := e.input()
						fill(&in.Snapshot.Resources[i], at, name, v)
						if other := judged(t, r, in); !saved(other) {
							t.Errorf("%s without %s:\n%swith %v in row %d:\n%s", e.name, name, told(results), v, at, told(other))
							results = other
						}
					}
				}
			}
		}
	})
}

// fill puts a value into a column of the credential report, in one row or in all (-1), and counts the rows.
func fill(r *snapshot.Resource, at int, name string, v any) int {
	old, _ := r.Maps("Rows")
	rows := make([]any, len(old))
	for i, row := range old {
		row = maps.Clone(row)
		if at < 0 || at == i {
			if delete(row, name); v != nil {
				row[name] = v
			}
		}
		rows[i] = row
	}
	r.Properties = map[string]any{"Rows": rows}
	return len(rows)
}

// Whatever fails or is unknown is so still, or unknown, when several things were not read, picked at random: types, Regions, properties, columns.
func TestMuchUnreadSavesNothing(t *testing.T) {
	seeds := uint64(6)
	if n, err := strconv.ParseUint(os.Getenv("FOOTING_CASES"), 10, 64); err == nil {
		seeds = n
	}
	eachAccount(t, func(t *testing.T, r check.Rule) {
		t.Parallel()
		for _, e := range accounts(t, r) {
			if saved(judged(t, r, e.input())) {
				continue
			}
			for seed := range seeds {
				in, less := e.input(), []string(nil)
				dice := rand.New(rand.NewPCG(seed, uint64(len(e.name))))
				types := r.Types()
				for range 1 + dice.IntN(4) {
					typ := append(types, "AWS::IAM::Role")[dice.IntN(len(types)+1)]
					switch n := len(in.Snapshot.Resources); {
					case dice.IntN(6) == 0 || n == 0:
						deny(in.Snapshot, typ, "", snapshot.Denied)
						less = append(less, typ)
					case dice.IntN(6) == 0:
						deny(in.Snapshot, typ, "eu-north-1", snapshot.NotAsked)
						less = append(less, typ+" in eu-north-1")
					default:
						x := &in.Snapshot.Resources[dice.IntN(n)]
						all := properties(x)
						p := all[dice.IntN(len(all))]
						setValue(x, p, nil)
						x.Unknown = append(slices.Clone(x.Unknown), p)
						less = append(less, p+" of "+string(x.Key))
						in.Snapshot.Seal()
					}
				}
				if results := judged(t, r, in); saved(results) {
					t.Errorf("%s without %s:\n%s", e.name, strings.Join(less, ", "), told(results))
				}
			}
		}
	})
}

// Without footing.yaml nothing fails less, but for rules about what stands in it.
func TestNothingStatedSavesNothing(t *testing.T) {
	about := map[string]string{
		"ACCT-05": "asks about the Regions that it names", "LP-06": "asks of Regions that it names, too", "GOV-08": "is about waivers", "GOV-10": "measures by the rhythm that it states",
	}
	eachAccount(t, func(t *testing.T, r check.Rule) {
		for _, e := range accounts(t, r) {
			in := e.input()
			if in.Model == nil || saved(judged(t, r, in)) || about[r.ID] != "" {
				continue
			}
			in = e.input()
			in.Model, in.File = nil, ""
			if results := judged(t, r, in); saved(results) {
				t.Errorf("%s without footing.yaml:\n%s", e.name, told(results))
			}
		}
	})
}
