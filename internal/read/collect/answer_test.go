package collect

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/snapshot"
)

var reportNow = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// The credential report is waited for, made again when it expired, and never believed when it is old or not whole.
func TestCredentialReport(t *testing.T) {
	const head = "user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active,password_last_used\n"
	row := func(day string) string {
		return "nadia,arn:aws:iam::111122223333:user/nadia," + day + "T10:00:00+00:00,true,false,false,no_information\n"
	}
	type get struct{ code, made, csv string }
	whole := get{"", "2026-03-04T11:00:00Z", head + row("2026-01-01")}
	for _, c := range []struct {
		name    string
		states  []string // of GenerateCredentialReport, the last for ever
		gets    []get    // of GetCredentialReport, likewise
		outcome string
		reason  string
	}{
		{"at once", []string{"COMPLETE"}, []get{whole}, snapshot.OK, ""},
		{"after a while", []string{"STARTED", "INPROGRESS", "COMPLETE"}, []get{whole}, snapshot.OK, ""},
		{"not ready after all", []string{"COMPLETE"}, []get{{code: "ReportInProgress"}, whole}, snapshot.OK, ""},
		{"expired meanwhile", []string{"COMPLETE"}, []get{{code: "ReportExpired"}, {code: "ReportNotPresent"}, whole}, snapshot.OK, ""},
		{"never ready", []string{"INPROGRESS"}, nil, snapshot.Failed, "not ready in time"},
		{"denied", []string{"COMPLETE"}, []get{{code: "AccessDenied"}}, snapshot.Denied, "AccessDenied"},
		{"stale", []string{"COMPLETE"}, []get{{"", "2026-03-01T11:00:00Z", head + row("2026-01-01")}}, snapshot.Failed, "stale: it was made on 2026-03-01, 3 days before"},
		{"told an old date, and holds a new one", []string{"COMPLETE"}, []get{{"", "2015-02-02T11:00:00Z", head + row("2026-03-04")}}, snapshot.OK, ""},
		{"cut off in a line", []string{"COMPLETE"}, []get{{"", whole.made, head + "nadia,arn:aws:iam::1111"}}, snapshot.Failed, "credential report is not CSV in line 2"},
		{"only the head", []string{"COMPLETE"}, []get{{"", whole.made, "user,ar"}}, snapshot.Failed, "not a credential report"},
		{"of another account", []string{"COMPLETE"}, []get{{"", whole.made, strings.ReplaceAll(whole.csv, "111122223333", "999922223333")}}, snapshot.Failed, "is about account 999922223333"},
	} {
		t.Run(c.name, func(t *testing.T) {
			generated, got := 0, 0
			fake(t, func(w http.ResponseWriter, q request) {
				switch q.operation {
				case "GenerateCredentialReport":
					fmt.Fprintf(w, `<GenerateCredentialReportResponse><GenerateCredentialReportResult><State>%s</State></GenerateCredentialReportResult></GenerateCredentialReportResponse>`, c.states[min(generated, len(c.states)-1)])
					generated++
				case "GetCredentialReport":
					g := c.gets[min(got, len(c.gets)-1)]
					got++
					if g.code != "" {
						refuse(w, q, 410, g.code)
						return
					}
					fmt.Fprintf(w, `<GetCredentialReportResponse><GetCredentialReportResult><Content>%s</Content><GeneratedTime>%s</GeneratedTime><ReportFormat>text/csv</ReportFormat></GetCredentialReportResult></GetCredentialReportResponse>`,
						base64.StdEncoding.EncodeToString([]byte(g.csv)), g.made)
				default:
					if !start(w, q) {
						refuse(w, q, 403, "AccessDenied")
					}
				}
			})
			s, err := scan(t.Context(), read.Options{Services: []string{"iam"}, Regions: []string{"eu-central-1"}, Now: func() time.Time { return reportNow }}, service.All(), quick)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(s.Coverage, func(x snapshot.Coverage) bool { return x.Call == "iam:GetCredentialReport" })
			if i < 0 || s.Coverage[i].Outcome != c.outcome || !strings.Contains(s.Coverage[i].Reason, c.reason) {
				t.Fatalf("coverage %+v", s.Coverage)
			}
			if n := len(s.OfType("AWS::IAM::CredentialReport")); n != 0 != (c.outcome == snapshot.OK) {
				t.Errorf("%d reports", n)
			}
			if n := len(s.Observed("arn:aws:iam::111122223333:user/nadia")); n != 0 != (c.outcome == snapshot.OK) {
				t.Errorf("%d times it was told when the password was used last", n)
			}
		})
	}
}

// An account alone has no limits from above, one at the head is not bound by them, and a member's limits are unseen
// unless it may read them.
func TestOrganization(t *testing.T) {
	organization := func(head string) string {
		return `{"Organization":{"Id":"o-1","Arn":"arn:aws:organizations::` + head + `:organization/o-1","MasterAccountId":"` + head + `","FeatureSet":"ALL"}}`
	}
	member := map[string]string{
		"DescribeOrganization":      organization("999922223333"),
		"ListPolicies":              `{"Policies":[{"Id":"p-1","Name":"no-exit"}]}`,
		"ListParents 1111":          `{"Parents":[{"Id":"ou-1","Type":"ORGANIZATIONAL_UNIT"}]}`,
		"ListParents ou-1":          `{"Parents":[{"Id":"r-1","Type":"ROOT"}]}`,
		"ListPoliciesForTarget r-1": `{"Policies":[{"Id":"p-1","Name":"no-exit"}]}`,
		"ListPoliciesForTarget":     `{"Policies":[]}`,
		"DescribePolicy":            `{"Policy":{"Content":"{\"Statement\":[]}"}}`,
	}
	for _, c := range []struct {
		name       string
		answers    map[string]string // by operation, or operation and a piece of the request
		refused    string
		org, limit snapshot.State
		keys       []snapshot.Key
	}{
		{"alone", nil, "AWSOrganizationsNotInUseException", snapshot.Absent, snapshot.Absent, nil},
		{"at the head", map[string]string{"DescribeOrganization": organization("111122223333")}, "AccessDeniedException", snapshot.Known, snapshot.Absent, nil},
		{"member", map[string]string{"DescribeOrganization": organization("999922223333")}, "AccessDeniedException", snapshot.Known, snapshot.Unknown, nil},
		{"denied", nil, "AccessDeniedException", snapshot.Unknown, snapshot.Unknown, nil},
		{"delegated administrator", member, "AccessDeniedException", snapshot.Known, snapshot.Known, []snapshot.Key{"rcp:0/no-exit", "scp:0/no-exit"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fake(t, func(w http.ResponseWriter, q request) {
				if start(w, q) {
					return
				}
				best := ""
				for k := range c.answers {
					op, about, _ := strings.Cut(k, " ")
					if op == q.operation && strings.Contains(q.body, about) && len(k) > len(best) {
						best = k
					}
				}
				if best == "" {
					refuse(w, q, 400, c.refused)
					return
				}
				w.Header().Set("Content-Type", "application/x-amz-json-1.1")
				io.WriteString(w, c.answers[best])
			})
			s, err := scan(t.Context(), read.Options{Services: []string{"organizations"}, Regions: []string{"eu-central-1"}}, service.All(), quick)
			if err != nil {
				t.Fatal(err)
			}
			if org, limit := s.Has("AWS::Organizations::Organization", ""), s.Has("AWS::Organizations::Policy", ""); org != c.org || limit != c.limit {
				t.Errorf("organization %v, limits %v: %+v", org, limit, s.Coverage)
			}
			var keys []snapshot.Key
			for _, r := range s.OfType("AWS::Organizations::Policy") {
				keys = append(keys, r.Key)
				if _, ok := r.Properties["Content"].(json.RawMessage); !ok || r.Text("Name") != "no-exit" {
					t.Errorf("%v", r.Properties)
				}
			}
			if !slices.Equal(keys, c.keys) {
				t.Errorf("limits %v, want %v", keys, c.keys)
			}
		})
	}
}

// With many snapshots it is known which are public, and unknown whom the others are shared with. A list that calls
// everything public is not believed when its first entry is not.
func TestManySnapshots(t *testing.T) {
	for _, c := range []struct {
		name            string
		listed, private int // entries of the public list, and whether the first is private after all
		public, unknown int
	}{
		{"one public", 1, 0, 1, 59},
		{"none public", 0, 0, 0, 60},
		{"all public", 60, 0, 60, 0},
		{"all listed, but not public", 60, 1, 0, 60},
	} {
		t.Run(c.name, func(t *testing.T) {
			fake(t, func(w http.ResponseWriter, q request) {
				switch q.operation {
				case "DescribeSnapshots":
					n := 60
					if q.form.Get("RestorableBy.1") == "all" {
						n = c.listed
					}
					io.WriteString(w, "<DescribeSnapshotsResponse><snapshotSet>")
					for i := range n {
						fmt.Fprintf(w, "<item><snapshotId>snap-%02d</snapshotId><ownerId>111122223333</ownerId></item>", i)
					}
					io.WriteString(w, "<item><snapshotId>snap-x</snapshotId><ownerId>somebody</ownerId></item></snapshotSet></DescribeSnapshotsResponse>")
				case "DescribeSnapshotAttribute":
					group := "<item><group>all</group></item>"
					if c.private > 0 {
						group = ""
					}
					io.WriteString(w, "<DescribeSnapshotAttributeResponse><snapshotId>x</snapshotId><createVolumePermission>"+group+"</createVolumePermission></DescribeSnapshotAttributeResponse>")
				default:
					if !start(w, q) {
						refuse(w, q, 403, "AccessDenied")
					}
				}
			})
			s, err := scan(t.Context(), read.Options{Services: []string{"ec2"}, Regions: []string{"eu-central-1"}}, service.All(), quick)
			if err != nil {
				t.Fatal(err)
			}
			public, unknown := 0, 0
			for _, r := range s.OfType("AWS::EC2::Snapshot") {
				switch _, st := r.Property("CreateVolumePermissions"); st {
				case snapshot.Known:
					public++
				case snapshot.Unknown:
					unknown++
				}
			}
			if public != c.public || unknown != c.unknown {
				t.Errorf("%d public, %d unknown", public, unknown)
			}
			if gap := slices.ContainsFunc(s.Gaps(), func(x snapshot.Coverage) bool { return x.Call == "ec2:DescribeSnapshotAttribute" }); gap != (c.unknown > 0) {
				t.Errorf("gap %v", gap)
			}
		})
	}
}

// Where the account gives no tokens, AWS says so by an error: that is an answer.
func TestOutboundFederation(t *testing.T) {
	const on = `<R><GetOutboundWebIdentityFederationInfoResult><IssuerIdentifier>https://0a1b.tokens.sts.global.api.aws</IssuerIdentifier><JwtVendingEnabled>true</JwtVendingEnabled></GetOutboundWebIdentityFederationInfoResult></R>`
	for code, want := range map[string]snapshot.State{"": snapshot.Known, "FeatureDisabled": snapshot.Absent, "AccessDenied": snapshot.Unknown} {
		fake(t, func(w http.ResponseWriter, q request) {
			switch {
			case q.operation == "GetOutboundWebIdentityFederationInfo" && code == "":
				fmt.Fprint(w, on)
			case q.operation == "GetOutboundWebIdentityFederationInfo":
				refuse(w, q, 400, code)
			case !start(w, q):
				refuse(w, q, 403, "AccessDenied")
			}
		})
		s, err := scan(t.Context(), read.Options{Services: []string{"iam"}, Regions: []string{"eu-central-1"}}, service.All(), quick)
		if err != nil {
			t.Fatal(err)
		}
		const typ = "AWS::IAM::OutboundWebIdentityFederation"
		if got := s.Has(typ, ""); got != want {
			t.Errorf("%q: %v, want %v", code, got, want)
		}
		for _, r := range s.OfType(typ) {
			if on, st := r.Flag("JwtVendingEnabled"); !on || st != snapshot.Known || r.Text("IssuerIdentifier") != "https://0a1b.tokens.sts.global.api.aws" {
				t.Errorf("%+v", r)
			}
		}
	}
}
