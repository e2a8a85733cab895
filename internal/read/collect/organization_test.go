package collect

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/snapshot"
)

// The head of an organization counts the others, and keeps of its own address the domain alone. A member does not ask.
func TestOtherAccounts(t *testing.T) {
	for _, c := range []struct {
		name, head string
		denied     bool
		state      snapshot.State
		others     float64
	}{
		{"at the head", "111122223333", false, snapshot.Known, 2},
		{"at the head, denied", "111122223333", true, snapshot.Unknown, 0},
		{"member", "999922223333", false, snapshot.Absent, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			fake(t, func(w http.ResponseWriter, q request) {
				if start(w, q) {
					return
				}
				answer := ""
				switch {
				case q.operation == "DescribeOrganization":
					answer = `{"Organization":{"Id":"o-1","Arn":"arn:aws:organizations::` + c.head + `:organization/o-1","MasterAccountId":"` + c.head + `","MasterAccountEmail":"Root@Otterslip.example"}}`
				case q.operation == "ListAccounts" && c.state == snapshot.Absent:
					t.Error("a member asks for all accounts")
				case q.operation == "ListAccounts" && !c.denied && strings.Contains(q.body, "more"):
					answer = `{"Accounts":[{"Id":"444455556666"},{"Id":"111122223333"}]}`
				case q.operation == "ListAccounts" && !c.denied:
					answer = `{"Accounts":[{"Id":"999922223333"}],"NextToken":"more"}`
				}
				if answer == "" {
					refuse(w, q, 400, "AccessDeniedException")
					return
				}
				w.Header().Set("Content-Type", "application/x-amz-json-1.1")
				io.WriteString(w, answer)
			})
			s, err := scan(t.Context(), read.Options{Services: []string{"organizations"}, Regions: []string{"eu-central-1"}}, service.All(), quick)
			if err != nil {
				t.Fatal(err)
			}
			r := s.OfType("AWS::Organizations::Organization")[0]
			if n, st := r.Number("OtherAccounts"); n != c.others || st != c.state {
				t.Errorf("others %v, %v", n, st)
			}
			if r.Text("ManagementAccountEmailDomain") != "otterslip.example" || strings.Contains(strings.ToLower(string(encode(t, r))), "root@") {
				t.Errorf("%v", r.Properties)
			}
		})
	}
}
