package shape_test

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func details(t *testing.T, docs ...[]byte) (shape.Details, *snapshot.Snapshot) {
	t.Helper()
	d, err := shape.AuthorizationDetailsPages(docs)
	if err != nil {
		t.Fatal(err)
	}
	s := &snapshot.Snapshot{Resources: slices.Clone(d.Resources)}
	s.Seal()
	return d, s
}

func get(t *testing.T, s *snapshot.Snapshot, key snapshot.Key) *snapshot.Resource {
	t.Helper()
	r, ok := s.Get(key)
	if !ok {
		t.Fatalf("no %s", key)
	}
	return r
}

func TestAuthorizationDetails(t *testing.T) {
	d, s := details(t, file(t, "gaad.json"))
	if d.Account != "111122223333" || d.Partition != "aws" || d.Truncated || len(d.Missing()) != 0 {
		t.Errorf("account %q, partition %q, truncated %v, missing %v", d.Account, d.Partition, d.Truncated, d.Missing())
	}
	read := func(action, resource string) json.RawMessage { // canonical
		return json.RawMessage(`{"Statement":[{"Action":"` + action + `","Effect":"Allow","Resource":"` + resource + `"}],"Version":"2012-10-17"}`)
	}
	document := read("s3:GetObject", "arn:aws:s3:::a+b/*") // a plus sign is one, however the document was written
	for _, want := range []snapshot.Resource{
		{
			Key: "arn:aws:iam::111122223333:user/staff/ada", Type: "AWS::IAM::User", Name: "ada", Account: "111122223333",
			Tags: map[string]string{"team": "core"},
			Properties: map[string]any{
				"UserName": "ada", "Path": "/staff/", "UserId": "AIDA00000000000000001", "CreateDate": "2025-03-01T10:00:00Z",
				"Groups": []any{"engineers"}, "ManagedPolicyArns": []any{"arn:aws:iam::aws:policy/ReadOnlyAccess"},
				"PermissionsBoundary": "arn:aws:iam::111122223333:policy/limit",
				"Policies": []any{
					map[string]any{"PolicyName": "object", "PolicyDocument": document},
					map[string]any{"PolicyName": "encoded", "PolicyDocument": document},
					map[string]any{"PolicyName": "text", "PolicyDocument": document},
					map[string]any{"PolicyName": "broken", "PolicyDocument": `{"Version": `},
				},
			},
			Unknown: []string{"Policies.3.PolicyDocument"},
		},
		{
			Key: "arn:aws:iam::111122223333:user/idle", Type: "AWS::IAM::User", Name: "idle", Account: "111122223333",
			Properties: map[string]any{"UserName": "idle", "Path": "/", "UserId": "AIDA00000000000000002", "CreateDate": "2025-03-01T12:00:00Z"},
		},
		{
			Key: "arn:aws:iam::111122223333:group/engineers", Type: "AWS::IAM::Group", Name: "engineers", Account: "111122223333",
			Properties: map[string]any{"GroupName": "engineers", "Path": "/", "ManagedPolicyArns": []any{"arn:aws:iam::111122223333:policy/limit"}},
		},
		{
			Key: "arn:aws:iam::111122223333:role/host", Type: "AWS::IAM::Role", Name: "host", Account: "111122223333",
			Properties: map[string]any{
				"RoleName": "host", "Path": "/", "RoleId": "AROA00000000000000001", "CreateDate": "2025-03-01T12:00:00Z",
				"AssumeRolePolicyDocument": json.RawMessage(
					`{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"}}],"Version":"2012-10-17"}`),
			},
			Unknown: []string{"MaxSessionDuration"},
		},
		{
			Key: "arn:aws:iam::111122223333:role/untrusted", Type: "AWS::IAM::Role", Name: "untrusted", Account: "111122223333",
			Properties: map[string]any{
				"RoleName": "untrusted", "Path": "/", "RoleId": "AROA00000000000000002", "CreateDate": "2025-03-01T12:00:00Z",
				"AssumeRolePolicyDocument": "%%%",
			},
			Unknown: []string{"AssumeRolePolicyDocument", "MaxSessionDuration"},
		},
		{
			Key: "arn:aws:iam::111122223333:instance-profile/host-profile", Type: "AWS::IAM::InstanceProfile", Name: "host-profile", Account: "111122223333",
			Properties: map[string]any{"InstanceProfileName": "host-profile", "Path": "/", "Roles": []any{"host"}},
			Unknown:    []string{"Tags"},
		},
		{
			Key: "arn:aws:iam::111122223333:policy/limit", Type: "AWS::IAM::ManagedPolicy", Name: "limit", Account: "111122223333",
			Properties: map[string]any{
				"ManagedPolicyName": "limit", "Path": "/", "DefaultVersionId": "v2",
				"PolicyDocument": json.RawMessage(`{"Statement":[{"Action":"s3:*","Effect":"Allow","Resource":"*","Sid":"Second"}],"Version":"2012-10-17"}`),
			},
			Unknown: []string{"Tags"},
		},
		{
			Key: "arn:aws:iam::aws:policy/ReadOnlyAccess", Type: "AWS::IAM::ManagedPolicy", Name: "ReadOnlyAccess",
			Properties: map[string]any{"ManagedPolicyName": "ReadOnlyAccess", "Path": "/", "DefaultVersionId": "v9"},
			Unknown:    []string{"PolicyDocument"},
		},
	} {
		want.Origin.Call = "iam:GetAccountAuthorizationDetails"
		if got := get(t, s, want.Key); !reflect.DeepEqual(*got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", want.Key, *got, want)
		}
	}
	if len(s.Resources) != 8 {
		t.Errorf("%d resources", len(s.Resources))
	}
}

// The SDK writes empty lists as null, and documents URL-encoded: the same account must come out the same.
func TestDetailsAsTheSDKWritesThem(t *testing.T) {
	d, s := details(t, []byte(`{"GroupDetailList":null,"IsTruncated":false,"Marker":null,"Policies":null,"ResultMetadata":{},
		"RoleDetailList":[{"Arn":"arn:aws-cn:iam::111122223333:role/r","AssumeRolePolicyDocument":"%7B%22Version%22%3A%222012-10-17%22%7D",
		"AttachedManagedPolicies":null,"CreateDate":"2025-03-01T12:00:00Z","InstanceProfileList":null,"Path":"/","PermissionsBoundary":null,
		"RoleId":"AROA1","RoleLastUsed":null,"RoleName":"r","RolePolicyList":null,"Tags":null,"MaxSessionDuration":3600}],"UserDetailList":null}`))
	if len(d.Missing()) != 0 || d.Truncated || d.Partition != "aws-cn" {
		t.Errorf("%+v", d)
	}
	r := get(t, s, "arn:aws-cn:iam::111122223333:role/r")
	if doc, st := r.ResourcePolicy(); st != snapshot.Known || string(doc) != `{"Version":"2012-10-17"}` {
		t.Errorf("trust policy %s, state %d", doc, st)
	}
	if n, st := r.Number("MaxSessionDuration"); n != 3600 || st != snapshot.Known || len(r.Unknown) != 0 {
		t.Errorf("MaxSessionDuration %v %d, unknown %v", n, st, r.Unknown)
	}
}

func TestPages(t *testing.T) {
	user := func(name, more string) []byte {
		return []byte(`{"UserDetailList":[{"UserName":"` + name + `","Arn":"arn:aws:iam::111122223333:user/` + name + `"}]` + more + `}`)
	}
	d, s := details(t, user("a", `,"IsTruncated":true,"Marker":"x"`), user("b", `,"IsTruncated":false`))
	if d.Truncated || len(s.Resources) != 2 {
		t.Errorf("truncated %v, %d resources", d.Truncated, len(s.Resources))
	}
	want := []string{"AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::InstanceProfile", "AWS::IAM::ManagedPolicy"}
	if got := d.Missing(); !slices.Equal(got, want) {
		t.Errorf("missing %v", got)
	}
	for _, left := range []string{`,"IsTruncated":true`, `,"Marker":"x"`, `,"NextToken":"x"`} {
		if d, _ := details(t, user("a", ""), user("b", left)); !d.Truncated {
			t.Errorf("%s is not noticed", left)
		}
	}
	d, s = details(t, user("a", ""), []byte(`{"UserDetailList":[{"UserName":"a","Path":"/x/","Arn":"arn:aws:iam::111122223333:user/a"}]}`))
	if len(d.Resources) != 1 || s.Resources[0].Text("Path") != "/x/" {
		t.Errorf("what comes twice: %+v", d.Resources)
	}
	if _, err := shape.AuthorizationDetailsPages([][]byte{user("a", ""), []byte(`{`)}); err == nil || !strings.HasPrefix(err.Error(), "page 2 ") {
		t.Errorf("%v", err)
	}
	if _, err := shape.AuthorizationDetailsPages(nil); err == nil {
		t.Error("no pages are no answer")
	}
}

func TestAWSPoliciesThatNobodyUsesAreNotTheAccount(t *testing.T) {
	const doc = `{"GroupDetailList":[],"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/r","PermissionsBoundary":{"PermissionsBoundaryArn":"arn:aws:iam::aws:policy/Limit"},
		"AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::aws:policy/Used"}]}],"UserDetailList":[],
		"Policies":[{"Arn":"arn:aws:iam::aws:policy/Used"},{"Arn":"arn:aws:iam::aws:policy/Limit"},{"Arn":"arn:aws:iam::aws:policy/Idle"},{"Arn":"arn:aws:iam::111122223333:policy/idle"}]%s}`
	for more, want := range map[string]int{"": 4, `,"IsTruncated":true`: 5} { // a role that is not seen yet may use it
		if d, _ := details(t, []byte(fmt.Sprintf(doc, more))); len(d.Resources) != want {
			t.Errorf("%q: %d resources, want %d", more, len(d.Resources), want)
		}
	}
}

func TestWrongDetails(t *testing.T) {
	for _, c := range []struct{ name, doc, says string }{
		{"nothing", " \n", "is empty"},
		{"no JSON", "{\n  \"UserDetailList\": x}", "line 2, column 21"},
		{"cut", `{"UserDetailList":[`, "ends early at line 1, column 20"},
		{"columns are characters", `{"ä":x}`, "line 1, column 6"},
		{"two documents", "{\"Policies\":[]}\n{}", "something follows it at line 2, column 1"},
		{"not UTF-8", "{\"Policies\":[\"\xff\"]}", "is not UTF-8 at line 1, column 15"},
		{"a list", `[]`, "wrong shape"},
		{"a word", `"x"`, "wrong shape"},
		{"null", `null`, "none of UserDetailList"},
		{"something else", `{"Reservations":[]}`, "none of UserDetailList"},
		{"a list that is none", `{"UserDetailList":{}}`, "UserDetailList is a JSON object"},
		{"a name that is none", `{"UserDetailList":[{"UserName":1}]}`, "UserName is a JSON number"},
		{"no ARN", `{"RoleDetailList":[{"RoleName":"r"}]}`, "RoleDetailList[0] has no ARN"},
		{"an ARN of something else", `{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:user/u"}]}`, "RoleDetailList[0] has no ARN"},
		{"an ARN without an account", `{"UserDetailList":[{"Arn":"arn:aws:iam:::user/u"}]}`, "UserDetailList[0] has an ARN without an account"},
		{"two accounts", `{"UserDetailList":[{"Arn":"arn:aws:iam::111122223333:user/u"},{"Arn":"arn:aws:iam::444455556666:user/u"}]}`, "UserDetailList[1] is of account 444455556666"},
		{"a profile without an ARN", `{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/r","InstanceProfileList":[{}]}]}`, "RoleDetailList[0].InstanceProfileList[0] has no ARN"},
		{"deep", strings.Repeat("[", 200_000), "depth"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := shape.AuthorizationDetails([]byte(c.doc))
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %v, not %q", err, c.says)
			}
			if err != nil && (strings.Contains(err.Error(), "Go ") || strings.Contains(err.Error(), "\n")) {
				t.Errorf("not a sentence for people: %v", err)
			}
		})
	}
}

func TestPolicyDocument(t *testing.T) {
	object := json.RawMessage(`{"N":1.50}`)
	for _, c := range []struct {
		raw  string
		want any
		ok   bool
	}{
		{`{"N": 1.50}`, object, true},
		{`"{\"N\": 1.50}"`, object, true},
		{`"%7B%22N%22%3A1.50%7D"`, object, true},
		{`"%7B%22N%22%3A%22a+b%2520%22%7D"`, json.RawMessage(`{"N":"a+b%20"}`), true},
		{`""`, "", false},
		{`"null"`, "null", false},
		{`"%zz"`, "%zz", false},
		{`[]`, []any{}, false},
		{`null`, nil, false},
		{``, nil, false},
		{`{"N":`, `{"N":`, false},
	} {
		got, ok := shape.PolicyDocument(json.RawMessage(c.raw))
		if ok != c.ok || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %#v %v", c.raw, got, ok)
		}
	}
}

func TestNamesComeFromARNsWhenTheyAreLeftOut(t *testing.T) {
	_, s := details(t, []byte(`{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/a/b","AssumeRolePolicyDocument":{},
		"InstanceProfileList":[{"Arn":"arn:aws:iam::111122223333:instance-profile/c"}]}],"Policies":[{"Arn":"arn:aws:iam::111122223333:policy/x/y"}]}`))
	if r := get(t, s, "arn:aws:iam::111122223333:role/a/b"); r.Name != "b" || r.Text("RoleName") != "b" {
		t.Errorf("%+v", r)
	}
	if r := get(t, s, "arn:aws:iam::111122223333:policy/x/y"); r.Name != "y" || r.Text("ManagedPolicyName") != "y" {
		t.Errorf("%+v", r)
	}
	if roles, _ := get(t, s, "arn:aws:iam::111122223333:instance-profile/c").Strings("Roles"); !slices.Equal(roles, []string{"b"}) {
		t.Errorf("roles %v", roles)
	}
}

func TestUnclearPartsAreUnknown(t *testing.T) {
	_, s := details(t, []byte(`{"UserDetailList":[{"Arn":"arn:aws:iam::111122223333:user/u","PermissionsBoundary":{},"UserPolicyList":[{"PolicyName":"p"}]}],
		"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/r","AssumeRolePolicyDocument":null}],
		"Policies":[{"Arn":"arn:aws:iam::111122223333:policy/p","PolicyVersionList":[{"VersionId":"v1","Document":{}}],"Tags":[{"Key":"k","Value":"v"}]}]}`))
	for key, want := range map[snapshot.Key][]string{
		"arn:aws:iam::111122223333:user/u":   {"PermissionsBoundary", "Policies.0.PolicyDocument"},
		"arn:aws:iam::111122223333:role/r":   {"AssumeRolePolicyDocument", "MaxSessionDuration"},
		"arn:aws:iam::111122223333:policy/p": {"PolicyDocument"}, // no version is the default one
	} {
		if got := get(t, s, key).Unknown; !slices.Equal(got, want) {
			t.Errorf("%s: unknown %v, want %v", key, got, want)
		}
	}
}

func FuzzAuthorizationDetails(f *testing.F) {
	f.Add(file(f, "gaad.json"))
	for _, s := range []string{`{"Policies":[{"Arn":"arn:aws:iam::aws:policy/p"}]}`, `{"UserDetailList":null}`, `{"RoleDetailList":[{"AssumeRolePolicyDocument":"%7B"}]}`, "[", "\xff"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		d, err := shape.AuthorizationDetails(doc)
		if err != nil {
			return
		}
		for _, r := range d.Resources {
			if r.Key == "" || r.Type == "" {
				t.Errorf("a resource without a key or type: %+v", r)
			}
			if _, err := json.Marshal(r); err != nil {
				t.Errorf("cannot be written: %v", err)
			}
			if doc, st := r.ResourcePolicy(); st == snapshot.Known && !json.Valid(doc) {
				t.Errorf("%s is known to have a policy that is none: %s", r.Key, doc)
			}
		}
	})
}
