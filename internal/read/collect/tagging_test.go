package collect

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/footing-dev/footing/internal/read"
)

// What the tagging API leaves out has no tags where it tells another thing of the same type; else the thing is asked for itself.
func TestTagsAreAskedForOnce(t *testing.T) {
	arn := func(region, service, name string) string {
		return fmt.Sprintf("arn:aws:%s:%s:111122223333:%s", service, region, name)
	}
	told := map[string]string{
		"eu-central-1": fmt.Sprintf(`{"ResourceARN":%q,"Tags":[{"Key":"team","Value":"web"}]},{"ResourceARN":%q,"Tags":[]}`,
			arn("eu-central-1", "sqs", "thing-a"), arn("eu-central-1", "dynamodb", "table/thing-a")),
		"us-east-1": fmt.Sprintf(`{"ResourceARN":%q,"Tags":[{"Key":"team","Value":"web"}]}`, arn("us-east-1", "sns", "thing-a")),
	}
	var mu sync.Mutex
	var asked []string
	fake(t, func(w http.ResponseWriter, q request) {
		switch {
		case q.service == "tagging":
			fmt.Fprintf(w, `{"ResourceTagMappingList":[%s]}`, told[q.region])
			return
		case strings.HasPrefix(q.operation, "ListTags") || q.operation == "ListQueueTags":
			mu.Lock()
			asked = append(asked, q.service+" "+q.region+" "+letter(q.body))
			mu.Unlock()
		}
		world(w, q)
	})
	s := scanned(t, read.Options{Services: []string{"sqs", "sns", "dynamodb"}})
	slices.Sort(asked)
	want := []string{"dynamodb us-east-1 a", "dynamodb us-east-1 b", "dynamodb us-east-1 c", "sns eu-central-1 a", "sns eu-central-1 b", "sns eu-central-1 c",
		"sqs us-east-1 a", "sqs us-east-1 b", "sqs us-east-1 c"}
	if !slices.Equal(asked, want) {
		t.Errorf("asked %v,\nwant %v", asked, want)
	}
	for i := range s.Resources {
		r := &s.Resources[i]
		if got, want := r.Tags["team"], map[string]string{
			arn("eu-central-1", "sqs", "thing-a"): "web", arn("us-east-1", "sns", "thing-a"): "web",
			arn("us-east-1", "sqs", "thing-a"): "<a&co>", arn("us-east-1", "sqs", "thing-b"): "<b&co>", arn("us-east-1", "sqs", "thing-c"): "<c&co>",
			arn("eu-central-1", "sns", "thing-a"): "a", arn("eu-central-1", "sns", "thing-b"): "a", arn("eu-central-1", "sns", "thing-c"): "a",
		}[string(r.Key)]; got != want {
			t.Errorf("%s: team %q, want %q", r.Key, got, want)
		}
		if r.IsUnknown("Tags") {
			t.Errorf("%s: the tags are unknown", r.Key)
		}
	}

	// When the tagging API fails, everything is asked for itself.
	asked = nil
	fake(t, func(w http.ResponseWriter, q request) {
		switch {
		case q.service == "tagging" && !strings.Contains(q.body, "more"):
			fmt.Fprintf(w, `{"PaginationToken":"more","ResourceTagMappingList":[%s]}`, told[q.region])
			return
		case q.service == "tagging":
			refuse(w, q, 400, "AccessDenied")
			return
		case q.operation == "ListQueueTags":
			mu.Lock()
			asked = append(asked, q.region+" "+letter(q.body))
			mu.Unlock()
			io.WriteString(w, `{"Tags":{}}`)
			return
		}
		world(w, q)
	})
	scanned(t, read.Options{Services: []string{"sqs"}})
	if len(asked) != 6 {
		t.Errorf("asked for the tags of %v", asked)
	}
}
