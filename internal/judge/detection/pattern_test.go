package detection

import (
	"encoding/json"
	"strings"
	"testing"
)

func decoded(t testing.TB, text string) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var out map[string]any
	if err := d.Decode(&out); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}

const aRecord = `{"source": "aws.signin", "n": 3, "x": 3.5, "on": true, "gone": null, "list": ["a", "b"], "none": [], "who": {"type": "Root", "arn": "arn:aws:iam::1:root"},
 "things": [{"k": "a", "v": 1}, {"k": "b", "v": 2}], "ip": "10.1.2.3", "path": "a*b\\c", "empty": ""}`

// The forms of the page "Comparison operators for use in event patterns", each both ways, and what it leaves open.
func TestMatches(t *testing.T) {
	e := decoded(t, aRecord)
	for text, want := range map[string]Truth{
		`{"source": ["aws.signin"]}`:                                                   Yes,
		`{"source": ["aws.iam"]}`:                                                      No,
		`{"source": ["aws.iam", "aws.signin"], "who": {"type": ["Root"]}}`:             Yes,
		`{"source": ["aws.signin"], "who": {"type": ["IAMUser"]}}`:                     No,
		`{"who": {"type": ["Root"], "mfa": ["yes"]}}`:                                  No,
		`{"source": [{"prefix": "aws."}]}`:                                             Yes,
		`{"source": [{"prefix": "com."}]}`:                                             No,
		`{"source": [{"prefix": {"equals-ignore-case": "AWS"}}]}`:                      Yes,
		`{"n": [{"prefix": "3"}]}`:                                                     No,
		`{"who": {"arn": [{"suffix": ":root"}]}}`:                                      Yes,
		`{"who": {"arn": [{"suffix": {"equals-ignore-case": ":ROOT"}}]}}`:              Yes,
		`{"who": {"arn": [{"suffix": ":user"}]}}`:                                      No,
		`{"who": {"type": [{"equals-ignore-case": "ROOT"}]}}`:                          Yes,
		`{"who": {"type": [{"equals-ignore-case": "USER"}]}}`:                          No,
		`{"who": {"arn": [{"wildcard": "arn:*:iam::*:root"}]}}`:                        Yes,
		`{"who": {"arn": [{"wildcard": "arn:*:sts::*"}]}}`:                             No,
		`{"path": [{"wildcard": "a\\*b\\\\*"}]}`:                                       Yes,
		`{"path": [{"wildcard": "a\\xb"}]}`:                                            Unclear,
		`{"source": [{"anything-but": "aws.iam"}]}`:                                    Yes,
		`{"source": [{"anything-but": ["aws.iam", "aws.signin"]}]}`:                    No,
		`{"source": [{"anything-but": {"prefix": "com"}}]}`:                            Yes,
		`{"source": [{"anything-but": {"prefix": ["com", "aws"]}}]}`:                   No,
		`{"source": [{"anything-but": {"suffix": "iam"}}]}`:                            Yes,
		`{"source": [{"anything-but": {"wildcard": "*sign*"}}]}`:                       No,
		`{"source": [{"anything-but": {"equals-ignore-case": ["AWS.SIGNIN"]}}]}`:       No,
		`{"source": [{"anything-but": {"numeric": ["=", 1]}}]}`:                        Unclear,
		`{"absent": [{"anything-but": "x"}]}`:                                          No,
		`{"n": [{"anything-but": 4}]}`:                                                 Yes,
		`{"n": [3]}`:                                                                   Yes,
		`{"n": [4]}`:                                                                   No,
		`{"n": ["3"]}`:                                                                 No,
		`{"n": [3.0]}`:                                                                 Unclear,
		`{"n": [{"numeric": [">=", 3]}]}`:                                              Yes,
		`{"n": [{"numeric": [">", 0, "<", 3]}]}`:                                       No,
		`{"x": [{"numeric": [">", 3, "<=", 3.5]}]}`:                                    Yes,
		`{"x": [{"numeric": ["=", 3.50]}]}`:                                            Yes,
		`{"source": [{"numeric": [">", 0]}]}`:                                          No,
		`{"n": [{"numeric": [">"]}]}`:                                                  Unclear,
		`{"n": [{"numeric": ["!", 1]}]}`:                                               Unclear,
		`{"on": [true]}`:                                                               Yes,
		`{"on": ["true"]}`:                                                             No,
		`{"gone": [null]}`:                                                             Yes,
		`{"gone": [{"exists": true}]}`:                                                 Yes,
		`{"empty": [""]}`:                                                              Yes,
		`{"absent": [""]}`:                                                             No,
		`{"absent": [{"exists": false}]}`:                                              Yes,
		`{"absent": {"deep": [{"exists": false}]}}`:                                    Yes,
		`{"source": [{"exists": false}]}`:                                              No,
		`{"who": [{"exists": false}]}`:                                                 Yes, // not a leaf
		`{"who": {"type": [{"exists": true}]}}`:                                        Yes,
		`{"none": [{"exists": true}]}`:                                                 Unclear,
		`{"source": [{"exists": "yes"}]}`:                                              Unclear,
		`{"list": ["b", "c"]}`:                                                         Yes,
		`{"list": ["c"]}`:                                                              No,
		`{"list": [{"anything-but": "a"}]}`:                                            Yes,
		`{"things": {"k": ["a"], "v": [1]}}`:                                           Yes,
		`{"things": {"k": ["a"], "v": [2]}}`:                                           No,
		`{"ip": [{"cidr": "10.0.0.0/8"}]}`:                                             Yes,
		`{"ip": [{"cidr": "192.0.2.0/24"}]}`:                                           No,
		`{"ip": [{"cidr": "nowhere"}]}`:                                                Unclear,
		`{"$or": [{"source": ["aws.iam"]}, {"n": [3]}]}`:                               Yes,
		`{"$or": [{"source": ["aws.iam"]}, {"n": [4]}]}`:                               No,
		`{"source": ["aws.signin"], "$or": [{"n": [4]}, {"who": {"type": ["Root"]}}]}`: Yes,
		`{"source": ["aws.iam"], "$or": [{"n": [3]}, {"n": [4]}]}`:                     No,
		`{"$or": [{"n": [3]}]}`:                                                        Unclear, // no choice, and so a field of that name
		`{"source": [{"like": "aws"}]}`:                                                Unclear,
		`{"source": [{"like": "aws"}, "aws.signin"]}`:                                  Yes,
		`{"source": [{"like": "aws"}], "n": [4]}`:                                      No,
		`{"source": "aws.signin"}`:                                                     Unclear,
		`{"source": [["aws.signin"]]}`:                                                 Unclear,
		`{}`:                                                                           Unclear,
		`{"source": []}`:                                                               No,
	} {
		if got := Matches(decoded(t, text), e); got != want {
			t.Errorf("%s is %d, want %d", text, got, want)
		}
	}
	if Matches("no object", e) != Unclear || Matches(nil, e) != Unclear {
		t.Error("what is no pattern matches")
	}
}

// What a pattern is made of decides: more in a list never makes it match less, another field never more. Nothing panics.
func FuzzMatches(f *testing.F) {
	f.Add(`{"source": ["aws.signin"], "who": {"type": [{"prefix": "R"}]}}`, aRecord)
	f.Add(`{"$or": [{"n": [{"numeric": [">", 1]}]}, {"list": [{"anything-but": {"wildcard": "*"}}]}]}`, aRecord)
	f.Add(`{"a": [{"cidr": "::/0"}, {"exists": false}, null, 1e300]}`, `{"a": [[1e999999], {}]}`)
	f.Fuzz(func(t *testing.T, pattern, event string) {
		var p, e map[string]any
		for text, to := range map[string]*map[string]any{pattern: &p, event: &e} {
			d := json.NewDecoder(strings.NewReader(text))
			d.UseNumber()
			if d.Decode(to) != nil {
				return
			}
		}
		was := Matches(p, e)
		if again := Matches(p, e); again != was {
			t.Fatalf("%d, then %d", was, again)
		}
		narrower := map[string]any{"no field of this name": []any{"x"}}
		for k, v := range p {
			narrower[k] = v
		}
		if Matches(narrower, e) == Yes && e["no field of this name"] == nil {
			t.Errorf("%s matches with one more field", pattern)
		}
		for k, v := range p {
			l, ok := v.([]any)
			if !ok || k == "$or" {
				continue
			}
			wider := map[string]any{}
			for k, v := range p {
				wider[k] = v
			}
			wider[k] = append([]any{"one more"}, l...)
			if got := Matches(wider, e); was == Yes && got != Yes {
				t.Errorf("%s matches, and not with one more value of %s", pattern, k)
			}
		}
	})
}
