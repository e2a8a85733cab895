// Package guard is the CloudFormation Guard language: rules about the content of YAML and JSON documents, as cfn-guard 3.2.1 understands them.
//
//	rules, err := guard.Parse("buckets.guard", source)
//	doc, err := guard.Load("template.yaml", template)
//	for _, r := range rules.Evaluate(doc, guard.Options{}) {
//		fmt.Println(r.Rule, r.Status)
//		for _, f := range r.Failures {
//			fmt.Println(f.Where, f.Path, f.Says, f.Message)
//		}
//	}
//
// The package reads no file, no clock and no network. What the language means is settled by running the Rust program; testdata/cases holds what
// it answered.
package guard

import (
	"errors"
	"fmt"
	"iter"
	"time"
)

// Status is what became of a rule. The zero value is Unjudged.
type Status uint8

const (
	Unjudged Status = iota // the rule could not be judged; Result.Err says why
	Pass
	Fail
	Skip // the rule does not apply: a condition does not hold, or nothing was selected
)

func (s Status) String() string { return [...]string{"ERROR", "PASS", "FAIL", "SKIP"}[s] }

// Result is the outcome of one rule on one document.
type Result struct {
	Rule     string
	At       Position // of the rule
	Status   Status
	Failures []Failure // why it failed: at least one when Status is Fail
	Err      error     // an *Error, when Status is Unjudged; the other rules are judged all the same
}

// Failure is one clause that does not hold for one value.
type Failure struct {
	Clause  string   // as written in the rule
	At      Position // of the clause, in the rule file
	Path    string   // of the value, or of the nearest one that exists: /Resources/Logs/Properties
	Where   Position // of that value, in the document; zero where it was computed
	Says    string   // what is wrong: "is false"
	Message string   // <<…>> of the clause, trimmed; may be empty
}

// Options are what an evaluation needs to know besides the document.
type Options struct {
	Now time.Time // what now() gives; if zero, a rule that calls now() is Unjudged
}

// Evaluate judges a document by every rule, in the order of Names.
func (r *Rules) Evaluate(doc *Value, o Options) []Result {
	ev := &evaluation{rules: r, now: o.Now, statuses: map[reference]status{}}
	ev.root = &scope{kind: rootScope, lets: r.lets, value: doc}
	out := make([]Result, 0, len(r.rules))
	for _, each := range r.rules {
		ev.failures, ev.stack, ev.steps, ev.depth, ev.quiet = nil, ev.stack[:0], maxClauses, 0, 0
		st, err := ev.rule(each, ev.root, false)
		res := Result{Rule: each.name, At: each.at, Status: st}
		switch {
		case err != nil:
			res.Status, res.Err = Unjudged, r.located(err, each.at)
		case st == Fail:
			res.Failures = ev.failures
		}
		out = append(out, res)
	}
	return out
}

// located is an error with its place in the rule file.
func (r *Rules) located(err error, rule Position) *Error {
	out := &Error{File: r.file, At: rule, Sentence: err.Error()}
	var e *evalError
	if errors.As(err, &e) {
		out.Sentence = e.says
		if e.at.Line > 0 {
			out.At = e.at
		}
	}
	return out
}

// Resource is one resource as a template would hold it, wherever it comes from.
type Resource struct {
	Name       string // its key under Resources
	Type       string // AWS::S3::Bucket
	Properties map[string]any
	Metadata   map[string]any // may be nil
}

// Document is a template of these resources, to evaluate rules on. Two resources of one name are an error.
func Document(resources ...Resource) (*Value, error) {
	all := make(map[string]any, len(resources))
	for _, r := range resources {
		if _, twice := all[r.Name]; twice {
			return nil, fmt.Errorf("two resources have the name %q", r.Name)
		}
		one := map[string]any{"Type": r.Type, "Properties": r.Properties}
		if r.Properties == nil {
			one["Properties"] = map[string]any{}
		}
		if r.Metadata != nil {
			one["Metadata"] = r.Metadata
		}
		all[r.Name] = one
	}
	return Of(map[string]any{"Resources": all})
}

// EvaluateEach judges a stream of resources, each as a template of its own, so that only one is in memory. A resource that is no document gives
// one Unjudged result.
func (r *Rules) EvaluateEach(resources iter.Seq[Resource], o Options) iter.Seq2[Resource, []Result] {
	return func(yield func(Resource, []Result) bool) {
		for each := range resources {
			doc, err := Document(each)
			results := []Result{{Status: Unjudged, Err: err}}
			if err == nil {
				results = r.Evaluate(doc, o)
			}
			if !yield(each, results) {
				return
			}
		}
	}
}
