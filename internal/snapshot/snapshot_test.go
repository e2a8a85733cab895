package snapshot

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"
)

func sealed(resources []Resource, coverage ...Coverage) *Snapshot {
	s := &Snapshot{Account: "111122223333", Taken: time.Unix(1_790_000_000, 0), Resources: resources, Coverage: coverage}
	s.Seal()
	return s
}

func keys(s *Snapshot) []Key {
	var out []Key
	for _, r := range s.Resources {
		out = append(out, r.Key)
	}
	return out
}

func TestSealSortsMergesAndIndexes(t *testing.T) {
	s := sealed([]Resource{
		{Key: "b", Type: "T", Name: "first"},
		{Key: "a", Type: "T", Unknown: []string{"Tags", "Policy", "Tags"}},
		{Key: "b", Type: "T", Name: "second"},
	})
	s.Regions = []string{"eu-west-1", "eu-central-1", "eu-west-1"}
	s.Seal()
	if got := keys(s); !slices.Equal(got, []Key{"a", "b"}) {
		t.Fatalf("keys %v", got)
	}
	if r, ok := s.Get("b"); !ok || r.Name != "second" {
		t.Errorf("the later resource does not win: %+v %v", r, ok)
	}
	if r, _ := s.Get("a"); !slices.Equal(r.Unknown, []string{"Policy", "Tags"}) {
		t.Errorf("unknown %v", r.Unknown)
	}
	if _, ok := s.Get("c"); ok {
		t.Error("found what is not there")
	}
	if !slices.Equal(s.Regions, []string{"eu-central-1", "eu-west-1"}) {
		t.Errorf("regions %v", s.Regions)
	}
}

// What several collectors found in any order must end in one order.
func TestSealOrdersCoverageAndObservationsByContent(t *testing.T) {
	c := []Coverage{
		{Service: "s3", Call: "s3:ListBuckets", Outcome: OK, Types: []string{"B"}},
		{Service: "s3", Call: "s3:ListBuckets", Outcome: OK, Types: []string{"A"}},
		{Service: "s3", Call: "s3:ListBuckets", Outcome: Denied, Reason: "z"},
		{Service: "s3", Call: "s3:ListBuckets", Outcome: Denied, Reason: "a"},
		{Service: "ec2", Region: "eu-west-1", Call: "ec2:DescribeVpcs", Outcome: OK},
	}
	o := []Observation{{About: "a", Says: "two"}, {About: "a", Says: "one"}, {About: "a", Kind: "k"}}
	one := &Snapshot{Coverage: slices.Clone(c), Observations: slices.Clone(o)}
	slices.Reverse(c)
	slices.Reverse(o)
	two := &Snapshot{Coverage: c, Observations: o}
	one.Seal()
	two.Seal()
	if !reflect.DeepEqual(one.Coverage, two.Coverage) {
		t.Errorf("coverage depends on the order of arrival:\n%v\n%v", one.Coverage, two.Coverage)
	}
	if !reflect.DeepEqual(one.Observations, two.Observations) {
		t.Errorf("observations depend on the order of arrival:\n%v\n%v", one.Observations, two.Observations)
	}
}

func TestHas(t *testing.T) {
	bucket := Resource{Key: "arn:aws:s3:::a", Type: "AWS::S3::Bucket", Region: "eu-west-1"}
	list := func(region, outcome string) Coverage {
		return Coverage{Service: "s3", Region: region, Call: "s3:ListBuckets", Types: []string{"AWS::S3::Bucket"}, Outcome: outcome}
	}
	for _, c := range []struct {
		name      string
		resources []Resource
		coverage  []Coverage
		region    string
		want      State
	}{
		{name: "nobody asked", want: Unknown},
		{name: "asked, none", coverage: []Coverage{list("", OK)}, want: Absent},
		{name: "asked, one", resources: []Resource{bucket}, coverage: []Coverage{list("", OK)}, want: Known},
		{name: "one is there whatever the list said", resources: []Resource{bucket}, coverage: []Coverage{list("", Denied)}, want: Known},
		{name: "denied", coverage: []Coverage{list("", Denied)}, want: Unknown},
		{name: "truncated", coverage: []Coverage{list("", Truncated)}, want: Unknown},
		{name: "an outcome of a later version is a gap", coverage: []Coverage{list("", "postponed")}, want: Unknown},
		{name: "the Region is off", coverage: []Coverage{list("eu-west-1", NotEnabled)}, want: Absent},
		{name: "ok here, denied there, asked anywhere", coverage: []Coverage{list("eu-west-1", OK), list("us-east-1", Denied)}, want: Unknown},
		{name: "ok here, denied there, asked here", coverage: []Coverage{list("eu-west-1", OK), list("us-east-1", Denied)}, region: "eu-west-1", want: Absent},
		{name: "ok here, asked where nobody looked", coverage: []Coverage{list("eu-west-1", OK)}, region: "us-east-1", want: Unknown},
		{name: "a global list speaks for every Region", coverage: []Coverage{list("", OK)}, region: "us-east-1", want: Absent},
		{name: "in another Region", resources: []Resource{bucket}, coverage: []Coverage{list("us-east-1", OK)}, region: "us-east-1", want: Absent},
		{name: "a call about one resource lists nothing", coverage: []Coverage{{Call: "s3:GetBucketPolicy", Resource: "arn:aws:s3:::a", Outcome: OK}}, want: Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := sealed(c.resources, c.coverage...).Has("AWS::S3::Bucket", c.region); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestOfTypeAndGaps(t *testing.T) {
	s := sealed([]Resource{{Key: "b", Type: "B"}, {Key: "c", Type: "A"}, {Key: "a", Type: "A"}},
		Coverage{Call: "x:A", Outcome: OK}, Coverage{Call: "x:B", Outcome: Failed}, Coverage{Call: "x:C", Outcome: NotEnabled})
	var got []Key
	for _, r := range s.OfType("A") {
		got = append(got, r.Key)
	}
	if !slices.Equal(got, []Key{"a", "c"}) {
		t.Errorf("of type A: %v", got)
	}
	if g := s.Gaps(); len(g) != 1 || g[0].Call != "x:B" {
		t.Errorf("gaps %v", g)
	}
}

func TestProperty(t *testing.T) {
	r := Resource{
		Properties: map[string]any{
			"Name": "a", "Null": nil, "Yes": true, "YesText": "True", "No": "false",
			"N": json.Number("3"), "F": 2.5, "I": 7, "Odd": json.Number("1e999"),
			"Block": map[string]any{"Inner": map[string]any{"Leaf": "x"}, "Hidden": "read in part"},
			"One":   "single", "Many": []any{"a", 1, "b"}, "Typed": []string{"a", "b"},
			"Maps": []map[string]any{{"k": "v"}}, "Mixed": []any{map[string]any{"k": "v"}, "no"},
		},
		Unknown: []string{"Block.Hidden", "Gone", "Policies.0.PolicyDocument"},
	}
	for path, want := range map[string]State{
		"Name": Known, "Nothing": Absent, "Null": Absent, "Block": Known, "Block.Inner": Known, "Block.Inner.Leaf": Known,
		"Block.Nothing": Absent, "Name.Deeper": Absent, "Block.Hidden": Unknown, "Block.Hidden.Deeper": Unknown,
		"Gone": Unknown, "Gone.Deeper": Unknown, "Goner": Absent, "Policies.0.PolicyDocument": Unknown,
	} {
		v, got := r.Property(path)
		if got != want || (v != nil) != (want == Known) {
			t.Errorf("%s: %v, state %d, want %d", path, v, got, want)
		}
	}
	for path, want := range map[string]bool{"Yes": true, "YesText": true, "No": false} {
		if got, st := r.Flag(path); got != want || st != Known {
			t.Errorf("flag %s: %v %d", path, got, st)
		}
	}
	if got, st := r.Flag("Gone"); got || st != Unknown {
		t.Errorf("an unread flag: %v %d", got, st)
	}
	for path, want := range map[string]float64{"N": 3, "F": 2.5, "I": 7} {
		if got, st := r.Number(path); got != want || st != Known {
			t.Errorf("number %s: %v %d", path, got, st)
		}
	}
	for path, want := range map[string]State{"Name": Absent, "Odd": Absent, "Gone": Unknown} {
		if got, st := r.Number(path); got != 0 || st != want {
			t.Errorf("number %s: %v %d, want state %d", path, got, st, want)
		}
	}
	for path, want := range map[string][]string{"One": {"single"}, "Many": {"a", "b"}, "Typed": {"a", "b"}, "Nothing": nil} {
		if got, _ := r.Strings(path); !slices.Equal(got, want) {
			t.Errorf("strings %s: %v", path, got)
		}
	}
	for path, want := range map[string]int{"Maps": 1, "Mixed": 1, "Name": 0} {
		if got, _ := r.Maps(path); len(got) != want {
			t.Errorf("maps %s: %v", path, got)
		}
	}
	if r.Text("Name") != "a" || r.Text("N") != "" || r.Text("Gone") != "" {
		t.Error("text")
	}
}

func TestResourcePolicy(t *testing.T) {
	doc := map[string]any{"Version": "2012-10-17"}
	const text = `{"Version":"2012-10-17"}`
	for _, c := range []struct {
		name string
		r    Resource
		want State
	}{
		{"none", Resource{Type: "AWS::S3::Bucket"}, Absent},
		{"null is none", Resource{Type: "AWS::S3::Bucket", Policy: json.RawMessage("null")}, Absent},
		{"one", Resource{Type: "AWS::S3::Bucket", Policy: json.RawMessage(text)}, Known},
		{"unread", Resource{Type: "AWS::S3::Bucket", Unknown: []string{"Policy"}}, Unknown},
		{"not understood", Resource{Type: "AWS::S3::Bucket", Policy: json.RawMessage(`"{"`), Unknown: []string{"Policy"}}, Unknown},
		{"trust", Resource{Type: "AWS::IAM::Role", Properties: map[string]any{"AssumeRolePolicyDocument": doc}}, Known},
		{"unread trust", Resource{Type: "AWS::IAM::Role", Unknown: []string{"AssumeRolePolicyDocument"}}, Unknown},
		{"key", Resource{Type: "AWS::KMS::Key", Properties: map[string]any{"KeyPolicy": text}}, Known},
		{"unread key", Resource{Type: "AWS::KMS::Key", Unknown: []string{"KeyPolicy"}}, Unknown},
		{"repository", Resource{Type: "AWS::ECR::Repository", Properties: map[string]any{"RepositoryPolicyText": doc}}, Known},
		{"a property of another type is no policy", Resource{Type: "AWS::SQS::Queue", Properties: map[string]any{"KeyPolicy": doc}}, Absent},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, st := c.r.ResourcePolicy()
			if st != c.want {
				t.Fatalf("state %d, want %d", st, c.want)
			}
			if (st == Known) != (string(got) == text) {
				t.Errorf("document %s", got)
			}
		})
	}
}

// Of a resource of which not everything was read, what is there is known and what is not there is unknown.
func TestNotAllPropertiesRead(t *testing.T) {
	r := Resource{Properties: map[string]any{"A": "x", "B": map[string]any{"C": true}}, Unknown: []string{Properties}}
	for path, want := range map[string]State{"A": Known, "B.C": Known, "B.D": Absent, "E": Unknown, "E.F": Unknown} {
		if _, got := r.Property(path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	if r.IsUnknown("Policy") || r.IsUnknown("Tags") {
		t.Error("they are no properties")
	}
}

func TestObserved(t *testing.T) {
	s := sealed(nil)
	s.Observations = []Observation{{About: "c", Kind: "1"}, {About: "a", Kind: "2"}, {About: "b", Kind: "3"}, {About: "b", Kind: "2"}}
	s.Seal()
	for key, want := range map[Key]int{"a": 1, "b": 2, "c": 1, "": 0, "bb": 0, "d": 0} {
		got := s.Observed(key)
		if len(got) != want || slices.ContainsFunc(got, func(o Observation) bool { return o.About != key }) {
			t.Errorf("about %q: %v", key, got)
		}
	}
}
