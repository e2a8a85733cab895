package threatmodel

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/footing-dev/footing/internal/fault"
)

const (
	saidSo = `reason: r, by: b, date: 2026-11-02`
	bound  = "resources: [{id: a, bind: {arn: x}}]\n"
	acts   = "actors: [{id: admins, outside: true}]\n"
)

// TestMistakes: what is wrong is told in one sentence, with its place, a hint, and exit status 2. Those marked are underlined by the schema too;
// the others take more than one place of the file, or a meaning, to see.
func TestMistakes(t *testing.T) {
	schema := compiled(t)
	seen := 0
	for _, c := range []struct {
		schema          bool
		src, says, hint string
	}{
		// Keys and words.
		{true, "footing: 1\nresorces: []\n", `f.yaml:2:1: unknown key "resorces" in footing.yaml`, "did you mean \"resources\"?\n    2 | resorces: []\n      | ^"},
		{true, "resources:\n  - id: a\n    clas: public\n", `f.yaml:3:5: unknown key "clas" in a resource`, `did you mean "class"?`},
		{true, "resources:\n  - id: a\n    class: confidental\n", `f.yaml:3:12: class cannot be "confidental"`, `did you mean "confidential"?`},
		{false, "name: a\nname: b\n", `f.yaml:2:1: "name" stands in footing.yaml twice`, "keep one"},
		{false, "policy: {trusted_accounts: {\"444455556666\": a, \"444455556666\": b}}\n", `"444455556666" stands in trusted_accounts twice`, ""},
		{true, "footing: 2\n", "from 1 to 1", ""},
		{true, "footing: \"1\"\n", `the version of footing.yaml is a whole number`, "without quotes"},
		{true, "name:\n", "f.yaml:1:1: name of footing.yaml says nothing", "leave the key out"},
		{true, "name: 5\n", "name is a text, and 5 is a number", `quote it: "5"`},
		{true, "name: \"  \"\n", "name says nothing", ""},
		{true, "name: [a]\n", "name is not a text", ""},
		{true, "- a\n- b\n", "footing.yaml is not a mapping", ""},
		{true, "resources: {id: a}\n", "resources is not a list", "- "},
		{true, "resources: [a]\n", "a resource is not a mapping", ""},
		{true, "actors: [{id: a, outside: true}, ]\nunits: [null]\n", "an item of units says nothing", "dash"},
		{true, "account: 1234\nactors: [{id: 5}]", `account is twelve digits, not "1234"`, "quote it"},
		{true, "regions: [europe]\n", `"europe" is no name of a Region`, "eu-west-1"},
		{true, "review: {every: 3 months}\n", `every is a number of days like 90d, not "3 months"`, "^"},
		{true, "review: {last: 2026-01-01}\n", `unknown key "last" in review`, "every"},
		{true, "alerts: [{email: ana}]\n", `"ana" is no place that email reaches`, "ana@acme.example"},
		{true, "alerts: [{email: a@b, sns: x}]\n", "f.yaml:1:23: an alert goes to one place", "another item"},

		// YAML of 1.1 and other traps.
		{false, "name: yes\n", "YAML may read yes as true or false", `quote it: "yes"`},
		{false, "actors: [{id: on, outside: true}]\n", "f.yaml:1:15: id is a text, and YAML may read on as true or false", `quote it: "on"`},
		{true, "owner: true\n", "YAML may read true as true or false", ""},
		{true, "actors: [{id: a, outside: yes}]\n", "outside is true or false", "without quotes"},
		{true, "actors: [{id: a, outside: \"true\"}]\n", "outside is true or false", ""},
		{false, "resources: [{id: a, bind: {tag: {public: no}}}]\n", "f.yaml:1:42: the value of a tag is a text", `quote it: "no"`},
		{false, "views: {on: x}\n", "YAML may read on as true or false", `quote it: "on"`},
		{false, "resources:\n\t- id: a\n", "f.yaml:2:1: a tab stands where YAML wants spaces", "indent with spaces"},
		{false, "resources:\n  - id: a\n\t  owner: b\n", "f.yaml:3:1: a tab stands", "indent with spaces"},
		{false, "name: &a x\nowner: *a\n", "f.yaml:1:7: footing.yaml takes no anchors and aliases", "write the value itself"},
		{false, "a: &a [x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", "takes no anchors and aliases", ""},
		{false, "resources: [{id: a, bind: {arn: *x}}]\n", "a text that begins so is quoted", ""},
		{false, "name: !!str x\n", "f.yaml:1:7: footing.yaml takes no tags and directives (! and %)", ""},
		{false, "%YAML 1.1\n---\nname: x\n", "takes no tags and directives", ""},
		{false, "? name\n: x\n", "question mark", "key: value"},
		{false, "name: a\n---\nname: b\n", "a second document begins here", "one document"},
		{false, "name: [b\n", "f.yaml:1:7:", ""},
		{false, "name: \xff\xfe\n", "f.yaml is not UTF-8 text", "UTF-8"},
		{false, "name: " + strings.Repeat("[", 100_000), "f.yaml:1:23: lists within lists, more than 16 deep", ""},
		{false, strings.Repeat("{a: ", 100_000), "more than 16 deep", ""},
		{false, strings.Repeat("- ", 100_000), "more than 16 deep", ""},
		{false, strings.Repeat("\x00\x01{[", 2000), "f.yaml", ""},
		{false, strings.Repeat("# x\n", 10<<18), "larger than 1 MiB", ""},

		// Policy.
		{false, "policy:\n  thresholds:\n    - {at: 10, action: a}\n    - {at: 15, action: b}\n", "f.yaml:4:7: the threshold 15 is never reached", "from the highest down"},
		{true, "policy: {thresholds: [{at: 26, action: a}]}\n", `at is a whole number from 1 to 25, not "26"`, "^"},
		{true, "policy: {thresholds: [{at: \"15\", action: a}]}\n", `at is a whole number from 1 to 25, not "15"`, "without quotes"},
		{true, "policy: {thresholds: [{at: 1.5, action: a}]}\n", `not "1.5"`, ""},
		{false, "policy: {thresholds: [{at: 0x10, action: a}]}\n", `not "0x10"`, ""},
		{false, "policy: {thresholds: [{at: 017, action: a}]}\n", `not "017"`, ""},
		{true, "policy: {thresholds: []}\n", "thresholds is an empty list", "leave the key out"},
		{true, "policy: {thresholds: [{at: 15}]}\n", "a threshold needs at and action", "for instance"},
		{false, "policy: {thresholds: [{at: 15, action: a, objective: CO-1}]}\n", `the objective of a threshold cannot be "CO-1": no objective is called that`, "state it under objectives"},
		{true, "policy: {trusted_accounts: {insurer: \"444455556666\"}}\n", `a trusted account is twelve digits, not "insurer"`, "quote it"},
		{true, "policy: {trusted_accounts: {\"444455556666\": {name: a, by: b}}}\n", "a trusted account needs name, reason, by and date", ""},
		{true, "policy: {unknown_is: best}\n", `unknown_is cannot be "best"`, "worst"},

		// Resources, binds, units.
		{true, "resources:\n  - id: a\n    bind: {arn: x}\n    impact: {read: 5}\n", "f.yaml:4:13: an impact that people state needs reason, by and date", "for instance"},
		{true, "resources: [{id: a, bind: {arn: x}, impact: {read: 6, " + saidSo + "}}]\n", "read is a whole number from 1 to 5", ""},
		{true, "resources: [{id: a, bind: {arn: x}, impact: {" + saidSo + "}}]\n", "says neither read nor write", ""},
		{true, "resources:\n  - id: a\n    bind: {}\n", "f.yaml:3:11: this bind is empty", "for instance"},
		{true, "resources: [{bind: {arn: x}}]\n", "a resource needs id and bind", "for instance"},
		{true, "resources: [{id: a}]\n", "in the place of bind", "for instance"},
		{true, "resources: [{id: a, bind: {arn: x}, asset: z}]\n", "it stands in AWS or outside", ""},
		{true, "resources: [{id: \"a:read\", bind: {arn: x}}]\n", `"a:read" cannot be the id of a resource`, "letters"},
		{false, "resources:\n  - {id: a, bind: {arn: x}}\n  - {id: a, bind: {arn: y}}\n", `f.yaml:3:10: two resources are called "a"`, "in line 2"},
		{false, bound + "components: [{id: a, bind: {arn: x}}]\n", `a resource and a component are called "a"`, "in line 1"},
		{false, "components: [{id: account, bind: {arn: x}}]\n", `"account" is the account itself`, ""},
		{false, "components: [{id: a, bind: {arn: x}, uses: [bbb]}]\n" + "resources: [{id: bbbb, bind: {arn: x}}]\n", `uses cannot be "bbb": no resource or component is called that`, `did you mean "bbbb"?`},
		{false, "components:\n  - {id: a, bind: {arn: x}, uses: [b]}\n  - {id: b, bind: {arn: x}, uses: [c]}\n  - {id: c, bind: {arn: x}, uses: [a]}\n", `f.yaml:4:5: "a" uses itself: a → b → c → a`, "take one"},
		{false, "components: [{id: a, bind: {arn: x}, uses: [a]}]\n", `"a" uses itself: a → a`, ""},
		{true, "resources: [{id: a, bind: {oidc: x, arn: z}}]\n", "oidc stands with other keys", ""},
		{true, "resources: [{id: a, bind: {iam_path: prod}}]\n", `iam_path begins with a slash`, "/prod/"},
		{true, "resources: [{id: a, bind: {exposure: lan}}]\n", `exposure cannot be "lan"`, "internet"},
		{true, "resources: [{id: a, bind: {capability: administer}}]\n", `capability cannot be "administer"`, ""},
		{false, "actors: [{id: a, bind: {capability: \"read:b\"}}]\n", `the capability is of something that cannot be "b": no resource is called that`, ""},
		{false, "resources: [{id: a, bind: {unit: prd}}]\nunits: [{name: prod, bind: [{vpc: v}]}]\n", `unit cannot be "prd"`, `did you mean "prod"?`},
		{true, "resources: [{id: a, bind: {tag: {}}}]\n", "tag names no tag", ""},
		{true, "resources: [{id: a, bind: {arn: []}}]\n", "arn is an empty list", ""},
		{true, "resources: [{id: a, bind: {k8s: {namespaces: [a]}}}]\n", "k8s needs cluster", ""},
		{true, "units: [{name: a}]\n", "a unit needs name and bind", ""},
		{true, "units: [{name: a, bind: {vpc: v}}]\n", "the bind of a unit is not a list", ""},
		{true, "units: [{name: a, bind: [{vcp: v}]}]\n", `unknown key "vcp"`, `did you mean "vpc"?`},
		{true, "units: [{name: a, bind: [{capability: admin}]}]\n", `unknown key "capability" in bind`, ""},
		{false, "units: [{name: a, bind: [{vpc: v}]}, {name: a, bind: [{vpc: w}]}]\n", `two units are called "a"`, ""},
		{false, "units: [{name: root, bind: [{vpc: v}]}]\n", "no unit can be called that", ""},
		{false, "units: [{name: a, parent: b, bind: [{vpc: v}]}]\n", `the parent of a unit cannot be "b": no unit is called that`, ""},
		{false, "units: [{name: a, may_reach: [b], bind: [{vpc: v}]}]\n", `may_reach cannot be "b"`, ""},
		{false, "units:\n  - {name: a, parent: b, bind: [{vpc: v}]}\n  - {name: b, parent: a, bind: [{vpc: v}]}\n", `"a" lies within itself: a → b → a`, ""},
		{true, "views: {a: }\n", `the view "a" is empty`, ""},
		{false, "views: {a: \"colour:red\"}\n", `in the view "a": the selector "colour:red"`, ""},
		{true, "views: [a]\n", "views is not a mapping", ""},

		// Who, and what is meant.
		{true, "people: [{id: a}]\n", "a person needs id and bind", ""},
		{true, "actors: [{id: a}]\n", "an actor needs an id, and a bind unless it stands outside", ""},
		{true, "actors: [{id: a, kind: robot, outside: true}]\n", `kind cannot be "robot"`, ""},
		{true, "entry_points: [{id: a, kind: web-hst}]\n", `kind cannot be "web-hst"`, `did you mean "web-host"?`},
		{false, "entry_points: [{id: a, leads_to: [b]}]\n", `leads_to cannot be "b"`, ""},
		{false, "use_cases:\n  - {id: a, actor: ghost}\n", `f.yaml:2:20: the actor of a use case cannot be "ghost"`, "state it under actors"},
		{false, acts + "use_cases: [{id: a, actor: admins, needs: {b: read}}]\n", `no resource is called that`, "resources"},
		{true, acts + bound + "use_cases: [{id: a, actor: admins, needs: {a: delete}}]\n", `cannot be "delete"`, ""},
		{false, acts + "use_cases: [{id: a, actor: admins, through: x}]\n", `through cannot be "x": no entry point is called that`, "entry_points"},
		{false, acts + bound + "use_cases: [{id: a, actor: admins, path: [a, bb]}]\n", `f.yaml:3:46: path cannot be "bb"`, ""},

		// Threats and what is done against them.
		{true, "threats: [{id: T}]\n", "a threat needs id and target", ""},
		{true, "threats: [{id: T, target: {access: read}}]\n", "the target of a threat needs a resource", ""},
		{true, "threats: [{id: T, target: {resource: a}, stride: [X]}]\n", `stride cannot be "X"`, "S, T, R, I, D, E"},
		{false, "threats: [{id: T, target: {resource: a}, by: [x]}]\n", `by cannot be "x": no actor is called that`, ""},
		{false, "threats: [{id: T, target: {resource: a}, mitigations: [M]}]\n", `mitigations cannot be "M"`, ""},
		{true, "mitigations: [{id: M}]\n", "a mitigation needs id and say", ""},
		{true, "mitigations: [{id: M, say: s, effect: {close: {entry: access-key}, add_guard: mfa}}]\n", "an effect is one of close, drop_fact, add_guard and replace, and this one has 2", ""},
		{true, "mitigations: [{id: M, say: s, effect: {where: {}}}]\n", "this one has 0", ""},
		{true, "mitigations: [{id: M, say: s, effect: []}]\n", "effect is an empty list", ""},
		{true, "mitigations: [{id: M, say: s, effect: {close: {}}}]\n", "this closes nothing", ""},
		{true, "mitigations: [{id: M, say: s, effect: {close: {step: a, entry: pod}}}]\n", "closes steps and ways at once", ""},
		{false, "mitigations: [{id: M, say: s, effect: {close: {step: a}, where: {entry: pod}}}]\n", "stands in close itself", ""},
		{true, "mitigations: [{id: M, say: s, effect: {drop_fact: imdsv2}}]\n", `drop_fact cannot be "imdsv2"`, `did you mean "imdsv1"?`},
		{false, "mitigations: [{id: M, say: s, effect: {replace: {from: pod, to: sso}, where: {entry: pod}}}]\n", `unknown key "entry" in where`, ""},
		{true, "mitigations: [{id: M, say: s, due: soon}]\n", `due is a day like 2026-11-02, not "soon"`, ""},
		{false, "mitigations: [{id: M, say: s, due: 2026-02-30}]\n", `not "2026-02-30"`, ""},

		// Somebody's word.
		{true, "overrides: [{target: {resource: a}, likelihood: 2, by: b, date: 2026-11-02, until: 2026-12-01}]\n", "an override needs target, likelihood, until, reason, by and date", ""},
		{true, "overrides: [{target: {resource: a}, likelihood: 6, " + saidSo + ", until: 2026-12-01}]\n", "likelihood is a whole number from 1 to 5", ""},
		{true, "overrides: [{target: {resource: a}, likelihood: 2, " + saidSo + "}]\n", "an override needs", "until"},
		{false, "overrides: [{target: {resource: a}, likelihood: 2, " + saidSo + ", until: 2027-05-02}]\n", "f.yaml:1:95: an override may hold for 180 days", "the last day that it may have is 2027-05-01"},
		{false, "overrides: [{target: {resource: a}, likelihood: 2, " + saidSo + ", until: 2026-11-01}]\n", "ends on 2026-11-01, before it was said", ""},
		{false, "overrides:\n  - {target: {resource: a}, likelihood: 2, " + saidSo + ", until: 2027-01-01}\n  - {target: {resource: a, access: read}, likelihood: 2, " + saidSo + ", until: 2027-01-01}\n", "f.yaml:3:5: two overrides are about a:read", "in line 2"},
		{true, "waivers: [{target: {resource: a}, " + saidSo + ", until: 2027-01-01}]\n", "a waiver of a risk needs max_risk", ""},
		{false, "objectives: [{id: o, must: nobody may read unit prod}]\n", `"prod" stands where the name of a resource should come`, ""},
		{true, "waivers: [{target: {rule: r, resource: a}, max_risk: 5, " + saidSo + ", until: 2027-01-01}]\n", "is about no risk", ""},
		{true, "waivers: [{target: {rule: r, objective: o}, " + saidSo + ", until: 2027-01-01}]\n", "a waiver is about one thing", ""},
		{true, "waivers: [{target: {}, max_risk: 5, " + saidSo + ", until: 2027-01-01}]\n", "a waiver is about one thing", ""},
		{false, "waivers: [{target: {threat: T}, max_risk: 5, " + saidSo + ", until: 2027-01-01}]\n", `the threat of a waiver cannot be "T": no threat is called that`, ""},
		{true, "waivers: [{target: {resource: a}, max_risk: 5, reason: r, by: b, until: 2027-01-01}]\n", "a waiver needs target, until, reason, by and date", ""},
		{true, "exceptions: [{from: a, " + saidSo + ", until: 2027-01-01}]\n", "an exception needs from, to, until, reason, by and date", ""},
		{true, "exceptions: [{from: a, to: b, action: read, " + saidSo + ", until: 2027-01-01}]\n", `"read" is no action of IAM`, ""},
		{true, "attestations: [{rule: r, by: b, date: 2026-11-02, until: 2027-01-01}]\n", "an attestation needs rule, until, reason, by and date", ""},
		{false, "attestations: [{rule: r, " + saidSo + ", until: 2027-01-01}, {rule: r, " + saidSo + ", until: 2027-01-01}]\n", "two attestations are about r", ""},

		// Sentences.
		{true, "objectives: [{id: a, say: b}]\n", "an objective needs id and must", ""},
		{false, acts + "objectives: [{id: a, must: only admns may administer account}]\n", `f.yaml:2:33: "admns" stands where the name of an actor should come`, `did you mean "admins"?`},
		{false, acts + "objectives:\n  - id: a\n    must:\n      - only admins may administer account\n      - \"nobody may wirte account\"\n", `f.yaml:6:21: "wirte" stands`, "                     ^"},
		{false, acts + "objectives:\n  - id: a\n    must: >\n      only admins may\n      administer acount\n", `f.yaml:6:18: "acount" stands`, `did you mean "account"?`},
		{false, acts + "objectives:\n  - id: a\n    must: only admins\n      may read\n", `f.yaml:5:15: the sentence ends where the name of a resource should come`, ""},
	} {
		_, err := Parse("f.yaml", []byte(c.src))
		var f *fault.Error
		if !errors.As(err, &f) {
			t.Errorf("%.200q: got %v, want a fault", c.src, err)
			continue
		}
		if !strings.Contains(f.Error(), c.says) || !strings.Contains(f.Hint(), c.hint) || f.ExitCode() != fault.Usage || f.Hint() == "" || strings.Contains(f.Error(), "\n") {
			t.Errorf("%.200q\nsays %q\nhint %q\nwant %q, %q", c.src, f.Error(), f.Hint(), c.says, c.hint)
		}
		if !c.schema {
			continue
		}
		var doc any
		if err := yaml.Unmarshal([]byte(c.src), &doc); err != nil {
			t.Errorf("%q: %v", c.src, err)
			continue
		}
		if m, ok := doc.(map[string]any); ok && m["footing"] == nil {
			m["footing"] = 1 // so that the mistake is the only one
		}
		if schema.Validate(loose(t, asYAML(t, doc))) == nil {
			t.Errorf("%q: the schema takes it", c.src)
		}
		seen++
	}
	if seen < 50 {
		t.Errorf("only %d of the mistakes were put to the schema", seen)
	}
}

// TestBigFiles: no file that is taken at all, however it is made, keeps the reader busy for long.
func TestBigFiles(t *testing.T) {
	for name, line := range map[string]string{
		"keys": "k%d: v\n", "flow": "v%d: x, ", "uses": "  - {id: c%[1]d, bind: {arn: x}, uses: [c%[1]d, x]}\n",
	} {
		var b strings.Builder
		b.WriteString(map[string]string{"uses": "components:\n", "flow": "views: {"}[name])
		for i := 0; b.Len() < maxSource-100; i++ {
			fmt.Fprintf(&b, line, i)
		}
		if name == "flow" {
			b.WriteString("}")
		}
		begin := time.Now()
		_, _ = Parse("f.yaml", []byte(b.String()))
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("%s: %s", name, took)
		} else {
			t.Logf("%s: %s", name, took)
		}
	}
}
