package shape_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/read/shape"
)

func TestCredentialReport(t *testing.T) {
	report, err := shape.CredentialReport(file(t, "credential-report.csv"), "111122223333")
	if err != nil {
		t.Fatal(err)
	}
	r, newest := report.Resource, report.Newest
	if r.Key != "arn:aws:iam::111122223333:credential-report" || r.Type != "AWS::IAM::CredentialReport" || r.Account != "111122223333" {
		t.Errorf("%+v", r)
	}
	// A rotation that is due next year says nothing of when the report was made.
	if want := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC); !newest.Equal(want) {
		t.Errorf("newest %v, want %v", newest, want)
	}
	want := []any{
		map[string]any{
			"User": "<root_account>", "Arn": "arn:aws:iam::111122223333:root", "UserCreationTime": "2024-01-02T03:04:05Z",
			"MfaActive": true, "AccessKey1Active": false, "AccessKey2Active": false, "Cert1Active": false, "Cert2Active": false,
		},
		map[string]any{
			"User": "bot", "Arn": "arn:aws:iam::111122223333:user/bot", "UserCreationTime": "2025-01-02T03:04:05Z",
			"PasswordEnabled": false, "AccessKey1Active": true, "AccessKey2Active": false, "Cert2Active": false,
		},
		map[string]any{
			"User": "zoe", "Arn": "arn:aws:iam::111122223333:user/zoe", "UserCreationTime": "2025-01-02T03:04:05Z",
			"PasswordEnabled": true, "PasswordLastChanged": "2025-01-02T03:04:05Z", "MfaActive": true,
			"AccessKey1Active": true, "AccessKey1LastRotated": "2025-05-31T22:00:00Z", "AccessKey1LastUsedDate": "2026-11-20T08:00:00Z",
			"AccessKey2Active": false, "Cert1Active": false, "Cert2Active": false,
		},
	}
	if got := r.Properties["Rows"]; !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if want := []string{"Rows.1.AccessKey1LastRotated", "Rows.1.Cert1Active", "Rows.1.MfaActive"}; !slices.Equal(r.Unknown, want) {
		t.Errorf("unknown %v, want %v", r.Unknown, want)
	}
}

func TestCredentialReportWithoutColumns(t *testing.T) {
	// Columns in another order, some missing, one that nobody knows, Windows line ends, a byte order mark.
	report, err := shape.CredentialReport([]byte("\ufeffarn,new_column,user,mfa_active\r\narn:aws-us-gov:iam::111122223333:user/a,?,a,false\r\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	r, newest := report.Resource, report.Newest
	if r.Account != "111122223333" || r.Key != "arn:aws-us-gov:iam::111122223333:credential-report" || !newest.IsZero() {
		t.Errorf("%+v %v", r, newest)
	}
	if !slices.Contains(r.Unknown, "Rows.AccessKey1Active") || slices.Contains(r.Unknown, "Rows.MfaActive") || len(r.Unknown) != 11 {
		t.Errorf("unknown %v", r.Unknown)
	}
}

func TestWrongCredentialReports(t *testing.T) {
	const header = "user,arn,mfa_active\n"
	for _, c := range []struct{ name, doc, account, says string }{
		{"nothing", "", "", "is empty"},
		{"another table", "name,cost\na,1\n", "", `line 1 names no column "user"`},
		{"a column twice", "user,arn,user\n", "", `the column "user" twice`},
		{"a short line", header + "a,arn:aws:iam::111122223333:user/a,true\nb\n", "", "line 3"},
		{"an open quote", header + "\"a,arn\n", "", "line 2"},
		{"no user", header + ",arn:aws:iam::111122223333:user/a,true\n", "", "no user in line 2"},
		{"no ARN", header + "a,N/A,true\n", "", "line 2"},
		{"another account", header + "a,arn:aws:iam::444455556666:user/a,true\n", "111122223333", "about account 444455556666 in line 2"},
		{"two accounts", header + "a,arn:aws:iam::111122223333:user/a,true\nb,arn:aws:iam::444455556666:user/b,true\n", "", "line 3"},
		{"no line and no account", header, "", "no line after its header"},
		{"not UTF-8", header + "a\n\xff", "", "is not UTF-8 at line 3, column 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := shape.CredentialReport([]byte(c.doc), c.account)
			if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("says %v, not %q", err, c.says)
			}
		})
	}
}

func FuzzCredentialReport(f *testing.F) {
	f.Add(file(f, "credential-report.csv"))
	f.Add([]byte("user,arn\n\"a\nb\",arn:aws:iam::111122223333:user/a\n"))
	f.Add([]byte("user,arn,mfa_active\n"))
	f.Add([]byte("\ufeff\""))
	f.Fuzz(func(t *testing.T, doc []byte) {
		report, err := shape.CredentialReport(doc, "111122223333")
		if err != nil {
			return
		}
		r := report.Resource
		if _, err := json.Marshal(r); err != nil {
			t.Errorf("cannot be written: %v", err)
		}
		if !slices.IsSorted(r.Unknown) {
			t.Errorf("unknown is not sorted: %v", r.Unknown)
		}
	})
}
