package shape

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

// carefulPage reads a page as encoding/json does.
func carefulPage(doc []byte) (p gaadPage, keys gaadKeys, err error) {
	if err = Decode(doc, &p); err == nil {
		err = json.Unmarshal(doc, &keys)
	}
	return p, keys, err
}

// FuzzPage holds the quick reader of a page against encoding/json: what it takes at all, it takes alike.
func FuzzPage(f *testing.F) {
	whole, err := os.ReadFile("testdata/gaad.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	for _, s := range []string{
		`{"UserDetailList":null,"Marker":null}`, `{"userdetaillist":[]}`, `{"IsTruncated":true,"Marker":"a","IsTruncated":false}`,
		`{"UserDetailList":[{"username":"a","User_Name":"b","Tags":[{"key":"a"}]}]}`, `{"UserDetailList":[{"UserName":"a","username":"b"}]}`,
		`{"RoleDetailList":[{"MaxSessionDuration":3600},{"MaxSessionDuration":null},{"MaxSessionDuration":"3600"}]}`,
		`{"RoleDetailList":[{"AssumeRolePolicyDocument":{"b":1,"a":"\u2028"},"PermissionsBoundary":null,"Tags":null}]}`,
		`{"RoleDetailList":[{"AssumeRolePolicyDocument":null},{"AssumeRolePolicyDocument":"%7B"}]}`, `{"Policies":[{"Tags":null},{"Tags":[]}]}`,
		`{"Policies":{}}`, `{"Policies":[null,1]}`, `null`, `[]`, `{}{}`, "", "\xff",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		p, keys, err := quickPage(snapshot.NewDecoder(), doc)
		if err != nil {
			return
		}
		q, carefulKeys, err := carefulPage(doc)
		if err != nil || keys != carefulKeys || !reflect.DeepEqual(p, q) {
			t.Errorf("%q\nis      %#v %v\nand not %#v %v, %v", doc, p, keys, q, carefulKeys, err)
		}
	})
}

// What AWS writes is read in one pass.
func TestUsualPagesAreReadQuickly(t *testing.T) {
	doc, err := os.ReadFile("testdata/gaad.json")
	if err != nil {
		t.Fatal(err)
	}
	if p, _, err := quickPage(snapshot.NewDecoder(), doc); err != nil || len(p.UserDetailList) == 0 {
		t.Errorf("%d users, %v", len(p.UserDetailList), err)
	}
}
