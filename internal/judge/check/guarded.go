package check

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/footing-dev/footing/guard"
	"github.com/footing-dev/footing/internal/snapshot"
)

// byGuard judges every resource of a rule's types by its Guard file.
func (x *run) byGuard(r *Rule) []Result {
	if r.Guard == "" {
		return nil
	}
	file, err := guard.Parse(r.ID+".guard", []byte(r.Guard))
	if err != nil {
		return []Result{{Says: "the rule cannot be read: " + err.Error()}}
	}
	j := judge{file, r, guard.Options{Now: x.Now}}
	var out []Result
	idle := 0
	for _, typ := range r.Types() {
		for _, res := range x.Snapshot.OfType(typ) {
			if x.idle(r, res) {
				idle++
				continue
			}
			v := j.resource(res)
			if r.Else != nil && (v.Outcome == Fail || v.Outcome == Unknown) {
				if o, says := r.Else(x.Case, res); o == Pass || o == Unknown {
					v.Outcome, v.Says, v.Evidence = o, says, nil
				}
			}
			out = append(out, v)
		}
	}
	switch unseen := x.Blind(r.Types()...); {
	case unseen != nil:
		out = append(out, unseen...)
	case len(out) == 0 && idle > 0:
		out = append(out, Result{Outcome: NotApplicable, Says: "no Region that this is about is in use"})
	case len(out) == 0:
		out = append(out, Result{Outcome: NotApplicable, Says: "there is none of " + strings.Join(r.Types(), ", ")})
	}
	return out
}

// inUse are the types by which a Region is in use for EC2.
var inUse = []string{"AWS::EC2::NetworkInterface", "AWS::EC2::Instance", "AWS::EC2::Volume"}

// idle tells that a resource is a setting of a Region that is not in use: such types were listed there, and there is none.
func (x *run) idle(r *Rule, res *snapshot.Resource) bool {
	if !slices.ContainsFunc(r.Looks, func(l Look) bool { return l.Type == res.Type && l.InUse }) {
		return false
	}
	for _, typ := range inUse {
		if slices.ContainsFunc(x.Snapshot.OfType(typ), func(o *snapshot.Resource) bool { return o.Region == res.Region }) {
			return false
		}
		listed := false
		for _, v := range x.Snapshot.Coverage {
			if !slices.Contains(v.Types, typ) || v.Region != "" && v.Region != "*" && v.Region != res.Region {
				continue
			}
			if v.Gap() {
				return false
			}
			listed = true
		}
		if !listed {
			return false
		}
	}
	return true
}

// judge is a Guard file at work.
type judge struct {
	file *guard.Rules
	rule *Rule
	with guard.Options
}

// mostWorlds bounds how many ways of being are tried of a resource that was not read in full.
const mostWorlds = 256

// resource judges one resource. Of what it is, Guard is shown the properties that the rule says it looks at, and no other. Where one of them was
// not read, the verdict is what comes out whatever it is: left out, and with each value that it may have. Where that differs, or where it may be
// anything, the verdict is unknown.
func (j *judge) resource(r *snapshot.Resource) Result {
	seen := object{}
	var open []Look
	worlds := 1 // 0: more than can be tried
	for _, l := range j.rule.Looks {
		switch {
		case l.Type != r.Type:
		case unread(r, l.Path):
			open = append(open, l)
			if worlds *= len(l.Values) + 1; l.Values == nil || worlds > mostWorlds {
				worlds = 0
			}
		default:
			if v, st := r.Property(l.Path); st == snapshot.Known {
				seen.put(l.Path, v)
			}
		}
	}
	var out Result
	for n := range worlds {
		w := j.world(r, seen, open, n)
		if n > 0 && w.Outcome != out.Outcome {
			worlds = 0
			break
		}
		if n == 0 {
			out = w
		}
	}
	if worlds == 0 {
		out = Result{}
		var names []string
		for _, l := range open {
			names = append(names, l.Path)
			out.Evidence = append(out.Evidence, Evidence{Key: r.Key, Says: l.Path + " was not read"})
		}
		out.Says = strings.Join(names, ", ") + " was not read"
	}
	out.Target, out.Location = r.Key, Location{File: r.Origin.File, Line: r.Origin.Line}
	return out
}

// unread tells whether a property, or a part of it, was not read.
func unread(r *snapshot.Resource, path string) bool {
	if r.IsUnknown(path) {
		return true
	}
	for _, u := range r.Unknown {
		if strings.HasPrefix(u, path+".") {
			return true
		}
	}
	return false
}

// world judges what was seen, with the n-th choice of what was not.
func (j *judge) world(r *snapshot.Resource, seen object, open []Look, n int) Result {
	for _, l := range open {
		choices := len(l.Values) + 1
		if i := n % choices; i > 0 {
			seen = seen.with(l.Path, l.Values[i-1])
		}
		n /= choices
	}
	doc, err := guard.Document(guard.Resource{Name: resourceName, Type: r.Type, Properties: seen})
	if err != nil {
		return Result{Says: "it cannot be shown to the rule: " + err.Error()}
	}
	return verdict(r.Key, j.file.Evaluate(doc, j.with))
}

// resourceName is what a resource is called in the template that Guard is shown.
const resourceName = "it"

// verdict joins what the rules of one file say of one resource. One that could not be judged is unknown, and so is all unless another fails.
func verdict(k snapshot.Key, results []guard.Result) Result {
	out := Result{Outcome: NotApplicable, Says: "it does not apply"}
	for _, g := range results {
		switch g.Status {
		case guard.Fail:
			out.Outcome = out.Outcome.And(Fail)
			for _, f := range g.Failures {
				name := strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(f.Path, "/Resources/"+resourceName+"/Properties"), "/"), "/", ".")
				says := strings.TrimSpace(name + " " + f.Says)
				if f.Message != "" {
					says = f.Message
				}
				out.Evidence = append(out.Evidence, Evidence{Key: k, Outcome: Fail, Says: says})
			}
		case guard.Unjudged:
			out.Outcome = out.Outcome.And(Unknown)
			out.Evidence = append(out.Evidence, Evidence{Key: k, Says: fmt.Sprintf("%s could not be judged: %v", g.Rule, g.Err)})
		case guard.Pass:
			out.Outcome = out.Outcome.And(Pass)
		}
	}
	switch out.Outcome {
	case Pass:
		out.Says = "it holds"
	case Fail, Unknown:
		for _, e := range out.Evidence {
			if e.Outcome == out.Outcome {
				out.Says = e.Says
				break
			}
		}
	}
	return out
}

// object is the properties of a resource, as far as Guard sees them.
type object map[string]any

// put sets a dotted path. Values are turned into what encoding/json gives.
func (o object) put(path string, v any) {
	at := map[string]any(o)
	for name, rest, more := strings.Cut(path, "."); ; name, rest, more = strings.Cut(rest, ".") {
		if !more {
			at[name] = plain(v)
			return
		}
		in, ok := at[name].(map[string]any)
		if !ok {
			in = map[string]any{}
			at[name] = in
		}
		at = in
	}
}

// with is a copy in which a path is set.
func (o object) with(path string, v any) object {
	out := maps.Clone(o)
	if top, _, more := strings.Cut(path, "."); more {
		if in, ok := out[top].(map[string]any); ok {
			out[top] = map[string]any(object(in).with(path[len(top)+1:], v))
			return out
		}
	}
	out.put(path, v)
	return out
}

func plain(v any) any {
	switch v.(type) {
	case nil, bool, string:
		return v
	}
	b, err := json.Marshal(v)
	if err != nil {
		return v
	}
	var out any
	if json.Unmarshal(b, &out) != nil {
		return v
	}
	return out
}
