package files

import (
	"os"
	"reflect"
	"testing"
)

// FuzzEntries holds the quick reader of resources.json against the careful one: what it takes at all, it takes alike.
func FuzzEntries(f *testing.F) {
	acme, err := os.ReadFile("testdata/acme/resources.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(acme)
	const bucket = `"type":"AWS::S3::Bucket","arn":"arn:aws:s3:::b"`
	for _, rest := range []string{
		``, `,"tags":null`, `,"tags":{"a":null}`, `,"tags":{"a":"b","a":"c"}`, `,"Tags":{"a":"b"}`, `,"tags":{},"TAGS":null`, `,"policy":null`,
		`,"policy":"%7B%7D"`, `,"policy":{"b":"\u003c","a":1}`, `,"policy":[]`, `,"properties":null`, `,"properties":{"a":null,"Size":1.50,"Content":"{}"}`,
		`,"properties":{"KeyPolicy":{"a":1}},"policy":{"a":1}`, `,"properties":[]`, `,"name":null`, `,"account":"x"`, `,"type":"AWS::Account"`, `},{` + bucket,
	} {
		f.Add([]byte(`[{` + bucket + rest + `}]`))
	}
	for _, s := range []string{`null`, `[]`, `[null]`, `[{}]`, `[]]`, "", "\xff"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		quick, err := quickResources(doc, "111122223333")
		if err != nil {
			return
		}
		careful, err := carefulResources(doc, "111122223333")
		if err != nil || !reflect.DeepEqual(quick, careful) {
			t.Errorf("%q\nis      %#v\nand not %#v, %v", doc, quick, careful, err)
		}
	})
}

// The file that people write is read in one pass.
func TestUsualEntriesAreReadQuickly(t *testing.T) {
	doc, err := os.ReadFile("testdata/acme/resources.json")
	if err != nil {
		t.Fatal(err)
	}
	if list, err := quickResources(doc, "111122223333"); err != nil || len(list) == 0 {
		t.Errorf("%d entries, %v", len(list), err)
	}
}
