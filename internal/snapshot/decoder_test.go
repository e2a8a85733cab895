package snapshot

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

const storedRole = `{"key":"arn:aws:iam::111122223333:role/a","type":"AWS::IAM::Role","account":"111122223333","region":"eu-west-1","name":"a",` +
	`"tags":{"env":"prod","team":"core"},"properties":{"AssumeRolePolicyDocument":{"Version":"2012-10-17"},"MaxSessionDuration":3.60e3,` +
	`"Nested":{"a":[1,"<\u2028>",null,true,[],{}]},"Policies":[{"PolicyDocument":{"b":1,"a":"x"},"PolicyName":"p"},{"PolicyDocument":"%%"},7]},` +
	`"policy":{"Statement":[]},"unknown":["Tags"],"origin":{"call":"iam:ListRoles","line":3}}`

// carefully is the reference: encoding/json, then documents as a snapshot keeps them.
func carefully(doc []byte) (Resource, error) {
	var r Resource
	if err := decodeStrictly(doc, &r); err != nil {
		return Resource{}, err
	}
	KeepDocuments(r.Properties)
	if r.Policy != nil {
		r.Policy, _ = canonicalOdd(r.Policy)
	}
	return r, nil
}

// FuzzResource holds the decoder against encoding/json: what it takes at all, it takes alike.
func FuzzResource(f *testing.F) {
	for _, s := range []string{
		storedRole, `{}`, `{"Key":"a"}`, `{"key":"a","key":"b"}`, `{"tags":{"a":"b","a":"c"}}`, `{"tags":null}`, `{"tags":{"a":null}}`,
		`{"key":1}`, `{"unknown":[]}`, `{"policy":null}`, `{"policy":"\ud800"}`, `{"policy":{"b":1,"a":2,"a":3}}`, `{"origin":{"line":1.0}}`,
		`{"properties":{"KeyPolicy":null,"Content":[],"Policies":{}}}`, `{"properties":{"n":-0,"m":1E400}}`, `{}{}`, `{"key":"a"`, "\xff", `{"\u017fource":1,"un\u212anown":[]}`,
	} {
		f.Add([]byte(s))
	}
	d := NewDecoder() // one for all: nothing of a document may show in the next
	f.Fuzz(func(t *testing.T, doc []byte) {
		var quick Resource
		d.Reset(doc)
		err := d.resource(&quick)
		if err == nil {
			err = d.End()
		}
		careful, carefulErr := carefully(doc)
		if err == nil && (carefulErr != nil || !reflect.DeepEqual(quick, careful)) {
			t.Errorf("%q\nis      %#v\nand not %#v, %v", doc, quick, careful, carefulErr)
		}
		r, err := d.Resource(doc)
		if (err == nil) != (carefulErr == nil) || err != nil && err.Error() != carefulErr.Error() {
			t.Errorf("%q: %v, not %v", doc, err, carefulErr)
		}
		if err == nil && !reflect.DeepEqual(r, careful) {
			t.Errorf("%q\nis      %#v\nand not %#v", doc, r, careful)
		}
	})
}

// What is stored is read in one pass, and comes out as the same bytes.
func TestStoredResources(t *testing.T) {
	d := NewDecoder()
	d.Reset([]byte(storedRole))
	var quick Resource
	if err := d.resource(&quick); err != nil || d.End() != nil {
		t.Fatalf("what the store wrote is not read in one pass: %v", err)
	}
	r, err := d.Resource([]byte(storedRole))
	if err != nil || !reflect.DeepEqual(r, quick) {
		t.Fatalf("%v\n%+v\n%+v", err, r, quick)
	}
	if doc, ok := r.Properties["AssumeRolePolicyDocument"].(json.RawMessage); !ok || string(doc) != `{"Version":"2012-10-17"}` {
		t.Errorf("%v", r.Properties)
	}
	var plain Resource // policy documents decoded, as other readers have them
	if err := decodeStrictly([]byte(storedRole), &plain); err != nil {
		t.Fatal(err)
	}
	if names := differs(&r, &plain); len(names) > 0 {
		t.Errorf("the same role differs in %v", names)
	}
	for what, encode := range map[string]func(*Resource) ([]byte, error){
		"stored": func(r *Resource) ([]byte, error) {
			var b bytes.Buffer
			err := EncodeResource(&b, r)
			return b.Bytes(), err
		},
		"shown": func(r *Resource) ([]byte, error) { return json.MarshalIndent(r, "", "  ") },
	} {
		a, err1 := encode(&r)
		b, err2 := encode(&plain)
		if err1 != nil || err2 != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: %v %v\n%s\n%s", what, err1, err2, a, b)
		}
	}
}

func TestPathsLeadIntoDocuments(t *testing.T) {
	r, err := NewDecoder().Resource([]byte(storedRole))
	if err != nil {
		t.Fatal(err)
	}
	if v := r.Text("AssumeRolePolicyDocument.Version"); v != "2012-10-17" {
		t.Errorf("version %q", v)
	}
	if _, state := r.Property("AssumeRolePolicyDocument.Statement"); state != Absent {
		t.Errorf("state %v", state)
	}
	r.Properties["KeyPolicy"] = json.RawMessage(`[1]`)
	if _, state := r.Property("KeyPolicy.Statement"); state != Absent {
		t.Errorf("state %v", state)
	}
}

// Words and tags that are said often cost memory once; others do not fill the decoder.
func TestDecoderShares(t *testing.T) {
	d := NewDecoder()
	a, _ := d.Resource([]byte(`{"key":"a","type":"AWS::S3::Bucket","tags":{"team":"core","env":"prod"}}`))
	b, _ := d.Resource([]byte(`{"key":"b","type":"AWS::S3::Bucket","tags":{"team":"core","env":"prod"}}`))
	if reflect.ValueOf(a.Tags).Pointer() != reflect.ValueOf(b.Tags).Pointer() {
		t.Error("equal tags are two maps")
	}
	for _, tags := range []string{`{"team":"coreenv","prod":""}`, `{"team":"core"}`, `{"env":"core","team":"prod"}`} {
		c, err := d.Resource([]byte(`{"key":"c","tags":` + tags + `}`))
		if err != nil || reflect.DeepEqual(a.Tags, c.Tags) {
			t.Errorf("%s is taken for %v", tags, a.Tags)
		}
	}
	long := strings.Repeat("x", longestWord+1)
	if _, err := d.Resource([]byte(`{"type":"` + long + `"}`)); err != nil || d.words[long] != "" {
		t.Error("a long word is kept")
	}
}
