package guard

import "fmt"

// Case is one case of a rule test file: a document, and what rules are expected to say of it.
type Case struct {
	Name   string // may be empty
	At     Position
	Input  *Value
	Expect []Expectation
}

// Expectation is what one rule is expected to say.
type Expectation struct {
	Rule   string
	Status Status
	At     Position
}

// Check is what became of one expectation.
type Check struct {
	Expectation
	OK  bool
	Got []Result // of the rules with that name; none if there is no such rule, and then OK is false
}

// LoadCases reads a rule test file, as cfn-guard test does: a list of cases with name, input and expectations.rules. Its inputs are read by
// YAML 1.2, and short forms such as !Ref become maps. The error is an *Error.
func LoadCases(file string, src []byte) ([]Case, error) {
	all, err := loadPlain(file, src)
	if err != nil {
		return nil, err
	}
	const shape = "a test file is a list of cases: - name: …, input: …, expectations: {rules: {NAME: PASS}}"
	if all.kind != List {
		return nil, &Error{File: file, At: all.at, Sentence: "a test file is " + article(all.kind) + " and no list", Hinted: shape}
	}
	var out []Case
	for i, v := range all.list {
		wrong := func(at Position, format string, args ...any) error {
			return &Error{File: file, At: at, Sentence: fmt.Sprintf("case %d ", i+1) + fmt.Sprintf(format, args...), Hinted: shape}
		}
		if v.kind != Map {
			return nil, wrong(v.at, "is %s and no map", article(v.kind))
		}
		input, rules := v.Get("input"), v.Get("expectations").Get("rules")
		switch {
		case input == nil:
			return nil, wrong(v.at, "has no input")
		case rules == nil || rules.kind != Map:
			return nil, wrong(v.at, "has no expectations.rules")
		}
		c := Case{At: v.at, Input: uproot(input)}
		if n := v.Get("name"); n != nil {
			c.Name = n.text
		}
		for k, name := range rules.keys {
			e := Expectation{Rule: name.text, At: rules.vals[k].at}
			switch text := rules.vals[k].text; text {
			case "PASS":
				e.Status = Pass
			case "FAIL":
				e.Status = Fail
			case "SKIP":
				e.Status = Skip
			default:
				return nil, wrong(e.At, "expects %s of %s", rules.vals[k], name.text)
			}
			c.Expect = append(c.Expect, e)
		}
		out = append(out, c)
	}
	return out, nil
}

// uproot makes a value the root of its own document. Places in the file stay.
func uproot(v *Value) *Value {
	root := *v
	root.parent, root.step = nil, ""
	for _, e := range root.Items() {
		e.parent = &root
	}
	for _, k := range root.keys {
		k.parent = &root
	}
	return &root
}

// Test judges a case. Where rules share a name, one that says what is expected is enough; for SKIP all must.
func (r *Rules) Test(c Case, o Options) []Check {
	got := map[string][]Result{}
	for _, res := range r.Evaluate(c.Input, o) {
		got[res.Rule] = append(got[res.Rule], res)
	}
	out := make([]Check, len(c.Expect))
	for i, e := range c.Expect {
		results := got[e.Rule]
		hits := 0
		for _, res := range results {
			if res.Status == e.Status {
				hits++
			}
		}
		ok := hits > 0 && (e.Status != Skip || hits == len(results))
		out[i] = Check{Expectation: e, OK: ok, Got: results}
	}
	return out
}
