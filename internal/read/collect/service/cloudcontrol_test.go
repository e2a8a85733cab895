package service

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/catalog"
)

// The types that were looked through exist, are nobody else's, need nothing but to list and to read, and are found by the ARNs that the
// catalogue gives them.
func TestTailTypes(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	h := NewHints(All())
	seen := map[string]bool{}
	for _, x := range tailTypes() {
		if seen[x.name] || !asType.MatchString(x.name) || toldElsewhere(x.name) || h.listed[x.name] || handsOutSecrets.MatchString(x.name) {
			t.Errorf("%s stands here twice, or another collector reads it, or it is never asked for", x.name)
		}
		seen[x.name] = true
		if x.list == "" {
			t.Errorf("%s needs no action", x.name)
		}
		for a := range strings.FieldsSeq(x.list + " " + x.read) {
			known, ok := c.Action(a)
			if !ok || known.String() != a || known.Level != catalog.LevelList && known.Level != catalog.LevelRead {
				t.Errorf("%s needs %s, which is no known action that lists or reads (%s)", x.name, a, known.Level)
			}
		}
		if x.policy != "" && !slices.Contains(strings.Fields(x.needed), x.policy) {
			t.Errorf("%s has a policy that is not needed", x.name)
		}
		prefix, name, _ := strings.Cut(x.kind, ":")
		s, ok := c.Service(prefix)
		if !ok || !slices.ContainsFunc(s.ResourceTypes, func(r catalog.ResourceType) bool { return r.Name == name }) {
			t.Errorf("%s is not in the catalogue", x.kind)
			continue
		}
		for _, r := range s.ResourceTypes {
			if r.Name == name {
				arn := strings.NewReplacer("${Partition}", "aws", "${Region}", "eu-central-1", "${Account}", "111122223333", "${", "", "}", "").Replace(r.ARN)
				if !slices.ContainsFunc(c.TypesOf(arn), func(r catalog.ResourceType) bool { return r.Service+":"+r.Name == x.kind }) {
					t.Errorf("%s is not %s", arn, x.kind)
				}
			}
		}
	}
	text, err := os.ReadFile("../../../../docs/vocabulary.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(text), "\nLooked through, and granted by the printed policy: ")
	list, _, _ = strings.Cut(list, ".\n")
	var told []string
	for group := range strings.SplitSeq(strings.Join(strings.Fields(list), " "), "; ") {
		at := strings.LastIndex(group, "::") + 2
		for name := range strings.SplitSeq(group[at:], ", ") {
			told = append(told, group[:at]+name)
		}
	}
	if want := slices.Sorted(maps.Keys(seen)); len(want) < 40 || !slices.Equal(slices.Sorted(slices.Values(told)), want) {
		t.Errorf("the vocabulary tells of\n%v, want\n%v", told, want)
	}
}

// The key is the ARN that the resource tells of itself, never one of something that it uses.
func TestTailARN(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	x := tail{s: &Scope{Account: "111122223333", Partition: "aws", Region: "eu-central-1"}, catalog: c, types: map[string]tailType{}}
	for _, k := range tailTypes() {
		x.types[k.name] = k
	}
	const role = "arn:aws:iam::111122223333:role/r"
	for _, c := range []struct {
		typ, id    string
		properties object
		want       string
	}{
		{"AWS::A::B", "i", object{"Arn": "arn:aws:a:r:1:b/i", "RoleArn": role}, "arn:aws:a:r:1:b/i"},
		{"AWS::A::B", "i", object{"BArn": "arn:aws:a:r:1:b/i", "RoleArn": role}, "arn:aws:a:r:1:b/i"},
		{"AWS::A::B", "arn:aws:a:r:1:b/i", object{"RoleArn": role}, "arn:aws:a:r:1:b/i"},
		{"AWS::A::B", "i|j", object{"RoleArn": role, "Arn": "no ARN"}, "arn:aws:cloudcontrol:eu-central-1:111122223333:AWS::A::B/i|j"},
		{"AWS::Grafana::Workspace", "g-1", object{"RoleArn": role}, "arn:aws:grafana:eu-central-1:111122223333:/workspaces/g-1"},
		{"AWS::BedrockAgentCore::BrowserCustom", "b", object{"ExecutionRoleArn": role, "BrowserArn": "arn:aws:bedrock-agentcore:eu-central-1:111122223333:browser-custom/b"},
			"arn:aws:bedrock-agentcore:eu-central-1:111122223333:browser-custom/b"},
		{"AWS::FSx::Volume", "fsvol-1", object{}, "arn:aws:cloudcontrol:eu-central-1:111122223333:AWS::FSx::Volume/fsvol-1"}, // its ARN names the file system too
		{"AWS::VerifiedPermissions::PolicyStore", "p", object{}, "arn:aws:verifiedpermissions::111122223333:policy-store/p"},
	} {
		if got := x.arn(x.types[c.typ], c.typ, c.id, c.properties); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.typ, c.id, got, c.want)
		}
	}
}
