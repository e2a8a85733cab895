package shape_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

// use is an observation, but for its kind.
func use(about string, at string) snapshot.Observation {
	o := snapshot.Observation{Source: "iam", About: snapshot.Key(about)}
	if at == "" {
		o.Says = "no use is recorded"
		return o
	}
	o.At, _ = time.Parse(time.RFC3339, at)
	return o
}

func TestWhenPasswordsWereUsed(t *testing.T) {
	const head = "user,arn,password_enabled,password_last_used\n"
	const arn = "arn:aws:iam::111122223333:user/team/a"
	for field, want := range map[string][]snapshot.Observation{
		"2026-11-01T02:00:00+02:00": {use(arn, "2026-11-01T00:00:00Z")},
		"no_information":            {use(arn, "")},
		"N/A":                       {use(arn, "")},
		"not_supported":             nil,
		"yesterday":                 nil,
		"":                          nil,
	} {
		r, err := shape.CredentialReport([]byte(head+"a,"+arn+",true,"+field+"\n"), "")
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			want[i].Kind = "password-last-used"
		}
		if !reflect.DeepEqual(r.Used, want) {
			t.Errorf("%s: %+v, want %+v", field, r.Used, want)
		}
		if _, there := r.Resource.Properties["Rows"].([]any)[0].(map[string]any)["PasswordLastUsed"]; there || len(r.Resource.Unknown) != 11 {
			t.Errorf("%s: it is no property: %+v", field, r.Resource)
		}
	}
	r, err := shape.CredentialReport([]byte("user,arn\na,"+arn+"\n"), "")
	if err != nil || len(r.Used) != 0 {
		t.Errorf("no column, and %+v %v", r.Used, err)
	}
	r, err = shape.CredentialReport(file(t, "credential-report.csv"), "")
	if err != nil || len(r.Used) != 3 || r.Used[1].About != "arn:aws:iam::111122223333:root" || r.Used[1].At.IsZero() {
		t.Errorf("%+v %v", r.Used, err)
	}
}

func TestWhenRolesWereUsed(t *testing.T) {
	const arn = "arn:aws:iam::111122223333:role/team/r"
	for field, want := range map[string][]snapshot.Observation{
		``:                     nil,
		`,"RoleLastUsed":null`: nil,
		`,"RoleLastUsed":{}`:   {use(arn, "")},
		`,"RoleLastUsed":{"LastUsedDate":null,"Region":null}`:                        {use(arn, "")},
		`,"RoleLastUsed":{"LastUsedDate":"2026-11-01T00:00:00+00:00","Region":"eu"}`: {use(arn, "2026-11-01T00:00:00Z")},
		`,"RoleLastUsed":{"LastUsedDate":"soon"}`:                                    nil,
	} {
		doc := []byte(`{"RoleDetailList":[{"Arn":"` + arn + `"` + field + `}]}`)
		for i := range want {
			want[i].Kind = "role-last-used"
		}
		d, err := shape.AuthorizationDetails(doc)
		if err != nil || !reflect.DeepEqual(d.Used, want) {
			t.Errorf("%s: %+v %v, want %+v", field, d.Used, err, want)
		}
	}
	// What comes twice counts as it came last.
	d, err := shape.AuthorizationDetailsPages([][]byte{
		[]byte(`{"RoleDetailList":[{"Arn":"` + arn + `","RoleLastUsed":{}}]}`),
		[]byte(`{"RoleDetailList":[{"Arn":"` + arn + `","RoleLastUsed":{"LastUsedDate":"2026-11-01T00:00:00Z"}}]}`)})
	if err != nil || len(d.Used) != 1 || d.Used[0].At.IsZero() {
		t.Errorf("%+v %v", d.Used, err)
	}
}
