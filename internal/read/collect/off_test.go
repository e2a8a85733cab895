package collect

import (
	"io"
	"net/http"
	"slices"
	"testing"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/snapshot"
)

// A hub that is off is an answer, in whichever words; one that is kept from us is a gap.
func TestHubIsOff(t *testing.T) {
	for name, c := range map[string]struct {
		status        int
		code, message string
		want          snapshot.State
	}{
		"not subscribed":  {401, "InvalidAccessException", "Account 111122223333 is not subscribed to AWS Security Hub", snapshot.Absent},
		"no hub":          {404, "ResourceNotFoundException", "The request was rejected because it specifies a resource that doesn't exist", snapshot.Absent},
		"something wrong": {401, "InvalidAccessException", "x", snapshot.Unknown},
		"denied":          {403, "AccessDeniedException", "x", snapshot.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			fake(t, func(w http.ResponseWriter, q request) {
				if !start(w, q) {
					w.Header().Set("X-Amzn-ErrorType", c.code)
					w.WriteHeader(c.status)
					io.WriteString(w, `{"Message":"`+c.message+`"}`)
				}
			})
			s, err := scan(t.Context(), read.Options{Services: []string{"securityhub"}, Regions: []string{"eu-central-1"}}, service.All(), quick)
			if err != nil {
				t.Fatal(err)
			}
			for _, typ := range []string{"AWS::SecurityHub::Hub", "AWS::SecurityHub::Standard"} {
				if got := s.Has(typ, "eu-central-1"); got != c.want {
					t.Errorf("%s is %v: %+v", typ, got, s.Coverage)
				}
			}
		})
	}
}

// A member of an organization sees that there is an Identity Center and may read nothing of it: one gap, not one for each part.
func TestIdentityCenterOfAnother(t *testing.T) {
	fake(t, func(w http.ResponseWriter, q request) {
		switch {
		case start(w, q):
		case q.operation == "ListInstances":
			io.WriteString(w, `{"Instances":[{"InstanceArn":"arn:aws:sso:::instance/ssoins-1","IdentityStoreId":"d-1","OwnerAccountId":"999988887777"}]}`)
		default:
			refuse(w, q, 400, "AccessDenied")
		}
	})
	s, err := scan(t.Context(), read.Options{Services: []string{"sso"}, Regions: []string{"eu-central-1"}}, service.All(), quick)
	if err != nil {
		t.Fatal(err)
	}
	var gaps []snapshot.Coverage
	for _, g := range s.Gaps() {
		if g.Outcome != snapshot.NotAsked { // the other services are not asked
			gaps = append(gaps, g)
		}
	}
	if len(gaps) != 1 || gaps[0].Outcome != snapshot.Denied || !slices.Contains(gaps[0].Types, "AWS::SSO::Assignment") || !slices.Contains(gaps[0].Types, "AWS::SSO::PermissionSet") {
		t.Errorf("gaps %+v", gaps)
	}
	if notAsked := slices.ContainsFunc(s.Gaps(), func(c snapshot.Coverage) bool { return c.Service == "ssoadmin" && c.Outcome == snapshot.NotAsked }); notAsked || s.Has("AWS::SSO::Instance", "") != snapshot.Absent {
		t.Errorf("coverage %+v", s.Coverage)
	}
}
