package collect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/snapshot"
)

// control is a fake account of which Cloud Control tells: by type, what it lists; by identifier, what it tells of one.
type control struct {
	tagged []string            // ARNs with tags
	made   []string            // types that a stack made
	lists  map[string][]string // identifiers by type; one that begins with "!" is an error
	models map[string]string   // by identifier, likewise; {} for others

	mu    sync.Mutex
	asked []string
}

func (c *control) answer(w http.ResponseWriter, q request) {
	if start(w, q) {
		return
	}
	var in struct{ TypeName, Identifier, NextToken string }
	if q.operation == "ListResources" || q.operation == "GetResource" {
		json.Unmarshal([]byte(q.body), &in)
		c.mu.Lock()
		c.asked = append(c.asked, strings.TrimSpace(q.operation+" "+in.TypeName+" "+in.Identifier))
		c.mu.Unlock()
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	}
	switch q.operation {
	case "GetResources":
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		var all []string
		for _, arn := range c.tagged {
			all = append(all, fmt.Sprintf(`{"ResourceARN":%q,"Tags":[{"Key":"team","Value":"shop"}]}`, arn))
		}
		fmt.Fprintf(w, `{"ResourceTagMappingList":[%s]}`, strings.Join(all, ","))
	case "DescribeStacks":
		io.WriteString(w, `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackId>arn:aws:cloudformation:eu-central-1:111122223333:stack/s/1</StackId><StackName>s</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`)
	case "ListStackResources":
		io.WriteString(w, `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>`)
		for i, typ := range c.made {
			fmt.Fprintf(w, `<member><LogicalResourceId>r%d</LogicalResourceId><ResourceType>%s</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`, i, typ)
		}
		io.WriteString(w, `</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`)
	case "ListStackSets":
		io.WriteString(w, `<ListStackSetsResponse><ListStackSetsResult><Summaries/></ListStackSetsResult></ListStackSetsResponse>`)
	case "ListResources":
		ids := c.lists[in.TypeName]
		if len(ids) > 0 && strings.HasPrefix(ids[0], "!") {
			refuse(w, q, 400, ids[0][1:])
			return
		}
		const page = 100
		from := 0
		fmt.Sscan(in.NextToken, &from)
		out := map[string]any{"TypeName": in.TypeName}
		var l []map[string]string
		for _, id := range ids[from:min(len(ids), from+page)] {
			if id == "!broken" {
				refuse(w, q, 400, "HandlerInternalFailureException")
				return
			}
			l = append(l, map[string]string{"Identifier": id, "Properties": fmt.Sprintf(`{"Name":%q}`, id)})
		}
		if out["ResourceDescriptions"] = l; from+page < len(ids) {
			out["NextToken"] = fmt.Sprint(from + page)
		}
		json.NewEncoder(w).Encode(out)
	case "GetResource":
		model, ok := c.models[in.Identifier]
		if code, is := strings.CutPrefix(model, "!"); is {
			refuse(w, q, 400, code)
			return
		}
		if !ok {
			model = `{}`
		}
		json.NewEncoder(w).Encode(map[string]any{"TypeName": in.TypeName, "ResourceDescription": map[string]string{"Identifier": in.Identifier, "Properties": model}})
	default:
		refuse(w, q, 403, "AccessDenied")
	}
}

func (c *control) scan(t *testing.T) *snapshot.Snapshot {
	t.Helper()
	fake(t, c.answer)
	s, err := scan(t.Context(), read.Options{Services: []string{"cloudformation", "cloudcontrol"}, Regions: []string{"eu-central-1"}}, service.All(), quick)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(c.asked)
	return s
}

// coverage is what was said of the list of a type.
func coverage(s *snapshot.Snapshot, typ string) (outcome, reason string) {
	for _, c := range s.Coverage {
		if slices.Contains(c.Types, typ) {
			return c.Outcome, c.Reason
		}
	}
	return "", ""
}

// Only what something hints at is asked for, and never what another collector reads, what hands out secrets, or somebody else's code.
func TestTailIsHintedAt(t *testing.T) {
	c := &control{
		tagged: []string{
			"arn:aws:transfer:eu-central-1:111122223333:server/s-1", "arn:aws:sqs:eu-central-1:111122223333:q",
			"arn:aws:catalog:eu-central-1:111122223333:portfolio/p", "arn:aws:catalog:eu-central-1:111122223333:portfolio/o", "not an ARN",
		},
		made: []string{
			"AWS::DMS::ReplicationConfig", "AWS::SQS::Queue", "AWS::Lambda::Permission", "AWS::AppSync::ApiKey", "AWS::CDK::Metadata",
			"Custom::Thing", "Acme::Own::Type", "AWS::Lambda::Function", "AWS::S3::BucketPolicy", "AWS::Made::Up::MODULE",
		},
		lists: map[string][]string{"AWS::Transfer::Server": {"arn:aws:transfer:eu-central-1:111122223333:server/s-1"}, "AWS::DMS::ReplicationConfig": {"one|two"}},
		models: map[string]string{
			"arn:aws:transfer:eu-central-1:111122223333:server/s-1": `{"Arn":"arn:aws:transfer:eu-central-1:111122223333:server/s-1","EndpointType":"PUBLIC","Protocols":["SFTP","FTP"]}`,
			"one|two": `{"ComputeConfig":{"MultiAZ":true},"Tags":[{"Key":"a","Value":"b"}]}`,
		},
	}
	s := c.scan(t)
	want := []string{
		"GetResource AWS::DMS::ReplicationConfig one|two", "GetResource AWS::Transfer::Server arn:aws:transfer:eu-central-1:111122223333:server/s-1",
		"ListResources AWS::DMS::ReplicationConfig", "ListResources AWS::Transfer::Server",
	}
	if !slices.Equal(c.asked, want) {
		t.Errorf("asked %q, want %q", c.asked, want)
	}
	r, ok := s.Get("arn:aws:transfer:eu-central-1:111122223333:server/s-1")
	if l, _ := r.Strings("Protocols"); !ok || r.Text("EndpointType") != "PUBLIC" || !slices.Equal(l, []string{"FTP", "SFTP"}) || r.Tags["team"] != "shop" || len(r.Unknown) > 0 {
		t.Errorf("%+v", r)
	}
	if r, ok := s.Get("arn:aws:cloudcontrol:eu-central-1:111122223333:AWS::DMS::ReplicationConfig/one|two"); !ok || r.Tags["a"] != "b" || r.Properties["Tags"] != nil {
		t.Errorf("%+v", r)
	}
	for typ, outcome := range map[string]string{
		"AWS::Transfer::Server": snapshot.OK, "AWS::DMS::ReplicationConfig": snapshot.OK, "AWS::AppSync::ApiKey": snapshot.NotAsked,
		"AWS::AppSync::GraphQLApi": "", "AWS::Lambda::Permission": "", "AWS::CDK::Metadata": "", "Custom::Thing": "", "Acme::Own::Type": "",
	} {
		if got, _ := coverage(s, typ); got != outcome {
			t.Errorf("%s: %q, want %q", typ, got, outcome)
		}
	}
	if s.Has("AWS::AppSync::GraphQLApi", "") != snapshot.Unknown {
		t.Error("what nobody asked for is unknown")
	}
	if !slices.ContainsFunc(s.Gaps(), func(g snapshot.Coverage) bool { return strings.HasSuffix(g.Reason, "tagged in catalog (2)") }) {
		t.Errorf("tags in a service that nobody reads are no gap: %+v", s.Gaps())
	}
}

// However Cloud Control fails for a type, it is a gap of that type and of no other, and says what it means.
func TestTailFails(t *testing.T) {
	types := map[string]struct{ code, outcome, reason string }{
		"AWS::DMS::ReplicationConfig": {"!ThrottlingException", snapshot.Throttled, "ThrottlingException"},
		"AWS::FMS::Policy":            {"!AccessDeniedException", snapshot.Denied, "AccessDeniedException"},
		"AWS::XRay::Group":            {"!UnsupportedActionException", snapshot.Failed, "not supported by Cloud Control"},
		"AWS::Macie::Session":         {"!TypeNotFoundException", snapshot.Failed, "not supported by Cloud Control"},
		"AWS::AppConfig::Environment": {"!InvalidRequestException", snapshot.Failed, "without naming what it belongs to"},
		"AWS::M2::Application":        {"!HandlerFailureException", snapshot.Failed, "HandlerFailureException"},
		"AWS::Lex::Bot":               {"", snapshot.Failed, "a resource without an identifier"},
		"AWS::Oam::Link":              {"here", snapshot.OK, ""},
	}
	c := &control{lists: map[string][]string{}, made: []string{"AWS::WorkSpaces::Workspace"}}
	for typ, x := range types {
		c.made = append(c.made, typ)
		c.lists[typ] = []string{x.code}
	}
	s := c.scan(t)
	for typ, x := range types {
		outcome, reason := coverage(s, typ)
		if outcome != x.outcome || !strings.Contains(reason, x.reason) {
			t.Errorf("%s: %s %q, want %s %q", typ, outcome, reason, x.outcome, x.reason)
		}
		if got := s.Has(typ, "eu-central-1"); (got == snapshot.Unknown) != (x.outcome != snapshot.OK) {
			t.Errorf("%s is %v", typ, got)
		}
	}
	if s.Has("AWS::WorkSpaces::Workspace", "eu-central-1") != snapshot.Absent {
		t.Error("an empty list is an answer")
	}
}

// What the tagging API does not answer is a gap: nobody knows what else there is.
func TestTailWithoutTags(t *testing.T) {
	c := &control{}
	fake(t, func(w http.ResponseWriter, q request) {
		if q.operation == "GetResources" {
			refuse(w, q, 400, "AccessDeniedException")
			return
		}
		c.answer(w, q)
	})
	s, err := scan(t.Context(), read.Options{Services: []string{"cloudcontrol"}, Regions: []string{"eu-central-1"}}, service.All(), quick)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(s.Gaps(), func(g snapshot.Coverage) bool {
		return g.Call == "resourcegroupstaggingapi:GetResources" && g.Outcome == snapshot.Denied && g.Region == "eu-central-1"
	}) {
		t.Errorf("%+v", s.Gaps())
	}
}

// The bounds are said, and what lies within them is kept.
func TestTailIsBounded(t *testing.T) {
	c := &control{lists: map[string][]string{}}
	for i := range 70 {
		typ := fmt.Sprintf("AWS::Tail::T%02d", i)
		c.made = append(c.made, typ)
		c.lists[typ] = []string{fmt.Sprint("only-", i)}
	}
	c.made = append(c.made, "AWS::VpcLattice::Service") // was looked through, and comes first
	many, broken := []string{}, []string{}
	for i := range 1200 {
		many = append(many, fmt.Sprintf("many-%04d", i))
	}
	for i := range 150 {
		broken = append(broken, fmt.Sprintf("half-%03d", i))
	}
	c.lists["AWS::VpcLattice::Service"], c.lists["AWS::Tail::T00"] = many, append(broken, "!broken")
	s := c.scan(t)
	for typ, want := range map[string]struct {
		n               int
		outcome, reason string
	}{
		"AWS::VpcLattice::Service": {1000, snapshot.Truncated, "more than 1000"},
		"AWS::Tail::T00":           {100, snapshot.Truncated, "after page 1: HandlerInternalFailureException"},
		"AWS::Tail::T01":           {1, snapshot.OK, ""},
		"AWS::Tail::T59":           {0, snapshot.NotAsked, "more than 60 types"},
	} {
		outcome, reason := coverage(s, typ)
		if n := len(s.OfType(typ)); n != want.n || outcome != want.outcome || !strings.Contains(reason, want.reason) {
			t.Errorf("%s: %d, %s %q; want %+v", typ, n, outcome, reason, want)
		}
	}
	reads := 0
	for _, a := range c.asked {
		if strings.HasPrefix(a, "GetResource") {
			reads++
		}
	}
	if reads != 300 || !slices.ContainsFunc(s.Gaps(), func(g snapshot.Coverage) bool {
		return g.Call == "cloudcontrol:GetResource" && g.Outcome == snapshot.Truncated && strings.HasPrefix(g.Reason, "300 resources were read one by one, ")
	}) {
		t.Errorf("%d were read one by one: %+v", reads, s.Gaps())
	}
	unread, _ := s.Get("arn:aws:vpc-lattice:eu-central-1:111122223333:service/many-0999")
	if unread == nil || !unread.IsUnknown("AuthType") || unread.IsUnknown("Name") {
		t.Errorf("what was not read is unknown: %+v", unread)
	}
}

// What one may not read is unknown, and is not asked of the next of its type.
func TestTailDenied(t *testing.T) {
	c := &control{made: []string{"AWS::VpcLattice::Service", "AWS::Oam::Sink"}, lists: map[string][]string{"AWS::VpcLattice::Service": {"a", "b"}, "AWS::Oam::Sink": {"c"}},
		models: map[string]string{"a": "!AccessDeniedException", "b": "!AccessDeniedException", "c": "neither JSON nor anything"}}
	s := c.scan(t)
	asked := slices.DeleteFunc(slices.Clone(c.asked), func(a string) bool { return !strings.HasPrefix(a, "GetResource") })
	if !slices.Equal(asked, []string{"GetResource AWS::Oam::Sink c", "GetResource AWS::VpcLattice::Service a"}) {
		t.Errorf("asked %q", asked)
	}
	for key, outcome := range map[snapshot.Key]string{
		"arn:aws:vpc-lattice:eu-central-1:111122223333:service/a": snapshot.Denied, "arn:aws:vpc-lattice:eu-central-1:111122223333:service/b": snapshot.Denied,
		"arn:aws:oam:eu-central-1:111122223333:sink/c": snapshot.Failed,
	} {
		r, ok := s.Get(key)
		if !ok || !r.IsUnknown("AuthType") || !r.IsUnknown("Tags") {
			t.Errorf("%s: %+v", key, r)
		}
		if !slices.ContainsFunc(s.Gaps(), func(g snapshot.Coverage) bool { return g.Resource == key && g.Outcome == outcome }) {
			t.Errorf("no gap of %s is %s", key, outcome)
		}
	}
	if r, _ := s.Get("arn:aws:oam:eu-central-1:111122223333:sink/c"); r != nil {
		if _, st := r.ResourcePolicy(); st != snapshot.Unknown {
			t.Errorf("its policy is %v", st)
		}
	}
}

// An unchanged account gives the same bytes, in whatever order it is told; and no secret of it is kept.
func TestTailAgain(t *testing.T) {
	c := control{made: []string{"AWS::VpcLattice::Service", "AWS::DMS::ReplicationConfig"}, lists: map[string][]string{"AWS::VpcLattice::Service": {"a", "b"}, "AWS::DMS::ReplicationConfig": {"x"}},
		models: map[string]string{
			"a": `{"L":[{"B":1},{"A":2}],"AuthType":"NONE","LastUpdatedAt":"now","MasterPassword":"hunter2hunter2"}`,
			"x": `{"Users":[{"Name":"u","Password":"correct horse"}]}`,
		}}
	other := control{made: []string{c.made[1], c.made[0]}, lists: map[string][]string{"AWS::VpcLattice::Service": {"b", "a"}, "AWS::DMS::ReplicationConfig": {"x"}},
		models: map[string]string{
			"a": `{"AuthType":"NONE","MasterPassword":"hunter2hunter2","LastUpdatedAt":"later","L":[{"A":2},{"B":1}]}`,
			"x": c.models["x"],
		}}
	one, two := c.scan(t), other.scan(t)
	tail := func(s *snapshot.Snapshot) []byte {
		return encode(t, append(s.OfType("AWS::VpcLattice::Service"), s.OfType("AWS::DMS::ReplicationConfig")...))
	}
	a, b := tail(one), tail(two)
	if !bytes.Equal(a, b) || !bytes.Equal(encode(t, one.Coverage), encode(t, two.Coverage)) {
		t.Errorf("they differ:\n%s\n%s", a, b)
	}
	for _, secret := range []string{"hunter2", "correct horse"} {
		if bytes.Contains(a, []byte(secret)) {
			t.Errorf("%q is kept: %s", secret, a)
		}
	}
	if !bytes.Contains(a, []byte(`{"Digest":"`)) || !bytes.Contains(a, []byte(`"Name":"MasterPassword"`)) {
		t.Errorf("nothing says that a secret-looking value is there: %s", a)
	}
}

// Cloud Control is asked one thing after another, with a pause between.
func TestTailKeepsItsPace(t *testing.T) {
	c := &control{made: []string{"AWS::Tail::A", "AWS::Tail::B"}, lists: map[string][]string{"AWS::Tail::A": {"a"}}}
	var mu sync.Mutex
	var at []time.Time
	fake(t, func(w http.ResponseWriter, q request) {
		if q.operation == "ListResources" || q.operation == "GetResource" {
			mu.Lock()
			at = append(at, time.Now())
			mu.Unlock()
		}
		c.answer(w, q)
	})
	set := quick
	set.Pause = 60 * time.Millisecond
	if _, err := scan(t.Context(), read.Options{Services: []string{"cloudformation", "cloudcontrol"}, Regions: []string{"eu-central-1"}}, service.All(), set); err != nil {
		t.Fatal(err)
	}
	if len(at) != 3 {
		t.Fatalf("%d requests", len(at))
	}
	for i := 1; i < len(at); i++ {
		if d := at[i].Sub(at[i-1]); d < 50*time.Millisecond {
			t.Errorf("request %d came %s after the one before", i+1, d)
		}
	}
}

// A scan that goes on where another ended has the hints of what that one read, and asks for the tail anew.
func TestTailOfAScanThatGoesOn(t *testing.T) {
	c := &control{made: []string{"AWS::Tail::A"}, lists: map[string][]string{"AWS::Tail::A": {"a"}}}
	stacks := 0
	fake(t, func(w http.ResponseWriter, q request) {
		if q.operation == "DescribeStacks" {
			stacks++
		}
		c.answer(w, q)
	})
	o := read.Options{Services: []string{"cloudformation", "cloudcontrol"}, Regions: []string{"eu-central-1"}, Now: func() time.Time { return reportNow }}
	kept := newShelf(t)
	one, two := scanned(t, kept.use(o)), scanned(t, kept.use(o))
	if names := kept.names(); !slices.Equal(names, []string{"cloudformation eu-central-1"}) || stacks != 1 {
		t.Errorf("kept %q, asked for stacks %d times", names, stacks)
	}
	same(t, two, one)
	if len(two.OfType("AWS::Tail::A")) != 1 {
		t.Errorf("%+v", two.Coverage)
	}
}
