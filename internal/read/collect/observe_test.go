package collect

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/snapshot"
)

// What collectors observe comes into the snapshot in one order, whoever was first, and finds a role whose path it does not tell.
func TestObservations(t *testing.T) {
	fake(t, func(w http.ResponseWriter, q request) { start(w, q) })
	const role = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/ops"
	observe := func(source string, about snapshot.Key) service.Service {
		return service.Service{Name: source, Global: true, Read: func(_ context.Context, s *service.Scope) {
			s.Note(source+":List", snapshot.OK, "")
			s.Observe(snapshot.Observation{Source: source, About: about})
		}}
	}
	all := []service.Service{
		service.Start(), observe("b", "arn:aws:s3:::b"), observe("a", "arn:aws:s3:::b"), observe("c", "arn:aws:iam::111122223333:role/ops"),
		{Name: "iam", Global: true, Read: func(_ context.Context, s *service.Scope) {
			s.Add(*s.New("AWS::IAM::Role", role, "ops", "x:List"))
		}},
	}
	s, err := scan(t.Context(), readOptions(), all, quick)
	if err != nil {
		t.Fatal(err)
	}
	want := []snapshot.Observation{{Source: "c", About: role}, {Source: "a", About: "arn:aws:s3:::b"}, {Source: "b", About: "arn:aws:s3:::b"}}
	if !slices.Equal(s.Observations, want) {
		t.Errorf("%+v", s.Observations)
	}
}

// Of very many findings a bounded number is kept, and the coverage says so.
func TestManyFindings(t *testing.T) {
	page := 0
	fake(t, func(w http.ResponseWriter, q request) {
		if strings.HasSuffix(q.operation, "/get") {
			page++ // of the details: the lists are all read before
		}
		var ids, found []string
		for i := range 50 {
			ids = append(ids, fmt.Sprintf(`"f%d"`, i))
			found = append(found, fmt.Sprintf(`{"id":"f%d","type":"T","severity":1,"title":"%d of %d"}`, i, i, page))
		}
		switch {
		case start(w, q):
		case strings.HasSuffix(q.operation, "/detector"):
			io.WriteString(w, `{"detectorIds":["d"]}`)
		case strings.HasSuffix(q.operation, "/detector/d"):
			io.WriteString(w, `{"status":"ENABLED"}`)
		case strings.HasSuffix(q.operation, "/publishingDestination"):
			io.WriteString(w, `{"destinations":[]}`)
		case strings.HasSuffix(q.operation, "/findings"):
			page++
			fmt.Fprintf(w, `{"findingIds":[%s],"nextToken":"page%d"}`, strings.Join(ids, ","), page)
		case strings.HasSuffix(q.operation, "/findings/get"):
			fmt.Fprintf(w, `{"findings":[%s]}`, strings.Join(found, ","))
		}
	})
	s, err := scan(t.Context(), read.Options{Services: []string{"guardduty"}, Regions: []string{"eu-central-1"}}, service.All(), quick)
	if err != nil {
		t.Fatal(err)
	}
	const detector = "arn:aws:guardduty:eu-central-1:111122223333:detector/d"
	d, _ := s.Get(detector)
	if len(s.Observations) != 1000 || d == nil || !d.IsUnknown("Findings") {
		t.Errorf("%d observations, detector %+v", len(s.Observations), d)
	}
	if !slices.ContainsFunc(s.Gaps(), func(c snapshot.Coverage) bool {
		return c.Call == "guardduty:ListFindings" && c.Resource == detector && c.Outcome == snapshot.Truncated && strings.Contains(c.Reason, "1000")
	}) {
		t.Errorf("gaps %+v", s.Gaps())
	}
}
