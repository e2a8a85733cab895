package duty

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/catalog/listing"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

func TestTables(t *testing.T) {
	table, err := read()
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Layers) != 15 || len(table.Services) < 110 {
		t.Errorf("%d layers, %d services", len(table.Layers), len(table.Services))
	}
	used := map[string]bool{}
	for _, m := range table.matches {
		used[m.to] = true
	}
	names := map[string]bool{}
	for _, s := range table.Services {
		if !used[s.ID] && s.ID != "ecs-managed" && s.ID != "eks-self" {
			t.Errorf("nothing matches %s", s.ID)
		}
		if names[s.String()] {
			t.Errorf("two rows are called %s", s.String())
		}
		names[s.String()] = true
		if s.Layers[:2] == "AA" && Whose(s.Layers[3]) == Yours && Whose(s.Layers[4]) == AWS {
			t.Errorf("%s: AWS keeps a runtime on a system that it does not keep", s.ID)
		}
		if Whose(s.Layers[7]) != Yours {
			t.Errorf("%s: who may use it is not yours to say", s.ID)
		}
		if c := s.Count(); c.Yours() == 0 || c.Yours() > c.Of {
			t.Errorf("%s: %+v", s.ID, c)
		}
		if s.Chapter == "" {
			t.Errorf("%s: no chapter", s.ID)
		}
		if _, err := time.Parse(time.DateOnly, s.Checked); s.Checked != "" && err != nil {
			t.Errorf("%s: %v", s.ID, err)
		}
		for _, m := range s.Moves {
			less, more := table.Move(&s, table.To(m))
			if len(less) <= len(more) {
				t.Errorf("%s to %s takes %d over and adds %d", s.ID, m, len(less), len(more))
			}
		}
	}
}

// A mistake in a table is told with its line.
func TestMistakes(t *testing.T) {
	table := Tables()
	for _, x := range []struct {
		take func([]string) error
		f    string
		want string
	}{
		{table.service, "x\tX\t\tAAAB\t\t\t", `"AAAB" is no letter for each of 15 layers`},
		{table.match, "AWS::X::*\t\tnowhere", "nowhere is no row"},
		{table.match, "AWS::X::*\tA\tec2", `"A" is no condition`},
		{table.proof, "CFG\tVM-05\tmost\t", `"most" is neither all nor part`},
		{table.proof, "XXX\tVM-05\tall\t", "XXX is no layer"},
		{table.proof, "CFG\tVM-05\tall\tec2 ec3*", "ec3* is no row"},
	} {
		if err := x.take(strings.Split(x.f, "\t")); err == nil || err.Error() != x.want {
			t.Errorf("%q: %v", x.f, err)
		}
	}
	if err := lines("x.tsv", "# a\n\none\ttwo\nthree\n", 2, 2, func([]string) error { return nil }); err == nil || err.Error() != "x.tsv:4: 1 fields" {
		t.Error(err)
	}
}

// Each line of the evidence names a rule by its form, once for each set of services, and something that it can be evidence of.
func TestProofs(t *testing.T) {
	table := Tables()
	form := regexp.MustCompile(`^[A-Z]+-\d\d$`)
	seen := map[string]bool{}
	for _, p := range table.proofs {
		if !form.MatchString(p.rule) {
			t.Errorf("%q is no rule", p.rule)
		}
		if key := fmt.Sprint(p.layer, p.rule, p.services); seen[key] {
			t.Errorf("%s stands there twice", key)
		} else {
			seen[key] = true
		}
		at := slices.IndexFunc(table.Layers, func(l Layer) bool { return l.ID == p.layer })
		for _, g := range p.services {
			if !slices.ContainsFunc(table.Services, func(s Service) bool {
				w := Whose(s.Layers[at])
				return threatmodel.Glob(g, s.ID) && (w == Yours || w == Split)
			}) {
				t.Errorf("%s of %s: nothing of it is left to do", p.layer, g)
			}
		}
	}
}

// Whatever a scan lists has a row, is a part of something that has one, or is AWS's own: what collectors list, and what is read through Cloud Control.
func TestEveryTypeIsClassified(t *testing.T) {
	vocabulary, err := os.ReadFile("../../../docs/vocabulary.md")
	if err != nil {
		t.Fatal(err)
	}
	table := Tables()
	all := func(types []string, least int) {
		for _, typ := range types {
			if _, class, _ := table.Of(&snapshot.Resource{Type: typ, Unknown: []string{snapshot.Properties}}); class == Unclassified {
				t.Errorf("%s is nobody's", typ)
			}
		}
		if len(types) < least {
			t.Fatalf("only %d types", len(types))
		}
	}
	var listed, controlled []string
	for _, row := range listing.All() {
		listed = append(listed, row.Type)
	}
	all(listed, 200)
	// "Looked through, and granted by the printed policy: AWS::A::B; AWS::C::D,\nE."
	_, text, _ := strings.Cut(string(vocabulary), "granted by the printed policy: ")
	text, _, _ = strings.Cut(text, ".\n")
	for service := range strings.SplitSeq(text, ";") {
		service = strings.TrimSpace(service)
		head := service[:strings.LastIndex(strings.SplitN(service, ",", 2)[0], "::")+2]
		for name := range strings.SplitSeq(strings.TrimPrefix(service, head), ",") {
			controlled = append(controlled, head+strings.TrimSpace(name))
		}
	}
	all(controlled, 50)
}

func TestOf(t *testing.T) {
	table := Tables()
	for _, x := range []struct {
		typ        string
		properties map[string]any
		unknown    []string
		want       string
		sure       bool
	}{
		{"AWS::EC2::Instance", map[string]any{"InstanceType": "t3.micro"}, nil, "ec2", true},
		{"AWS::EC2::Instance", map[string]any{"InstanceType": "m5.metal"}, nil, "ec2-metal", true},
		{"AWS::EC2::Instance", map[string]any{"InstanceType": "m7i.metal-24xl"}, nil, "ec2-metal", true},
		{"AWS::EC2::Instance", nil, []string{"InstanceType"}, "ec2-metal", false},
		{"AWS::EC2::Subnet", nil, nil, "vpc", true},
		{"AWS::Lambda::Function", map[string]any{"PackageType": "Image"}, nil, "lambda-image", true},
		{"AWS::Lambda::Function", map[string]any{}, nil, "lambda", true},
		{"AWS::Lambda::Function", nil, []string{"PackageType"}, "lambda-image", false},
		{"AWS::ECS::Service", map[string]any{"LaunchType": "FARGATE"}, nil, "ecs-fargate", true},
		{"AWS::ECS::Service", map[string]any{"LaunchType": "EXTERNAL"}, nil, "ecs-ec2", true},
		{"AWS::ECS::Service", nil, []string{"LaunchType"}, "ecs-ec2", false},
		{"AWS::ECS::TaskDefinition", nil, nil, "", true},
		{"AWS::RDS::DBInstance", map[string]any{"Engine": "postgres"}, nil, "rds", true},
		{"AWS::RDS::DBInstance", map[string]any{"Engine": "custom-oracle-ee"}, nil, "rds-custom", true},
		{"AWS::RDS::DBCluster", map[string]any{"Engine": "aurora-postgresql"}, nil, "aurora", true},
		{"AWS::RDS::DBInstance", nil, []string{"Engine"}, "rds-custom", false},
		{"AWS::KMS::Key", map[string]any{"KeyManager": "AWS"}, nil, "", true},
		{"AWS::KMS::Key", map[string]any{"KeyManager": "CUSTOMER"}, nil, "kms", true},
		{"AWS::KMS::Key", nil, []string{"KeyManager"}, "kms", false},
		{"AWS::EKS::Cluster", map[string]any{"ComputeConfig": map[string]any{"Enabled": true}}, nil, "eks-auto", true},
		{"AWS::EKS::Cluster", map[string]any{}, nil, "eks-nodegroup", true},
		{"AWS::AppRunner::Service", map[string]any{"SourceConfiguration": map[string]any{"ImageRepository": map[string]any{"ImageIdentifier": "x"}}}, nil, "apprunner-image", true},
		{"AWS::AppRunner::Service", map[string]any{"SourceConfiguration": map[string]any{"CodeRepository": map[string]any{}}}, nil, "apprunner", true},
		{"AWS::AppRunner::Service", nil, []string{snapshot.Properties}, "apprunner-image", false},
		{"AWS::Route53Resolver::ResolverEndpoint", nil, nil, "vpc", true},
		{"AWS::NeptuneGraph::Graph", nil, nil, "neptune-graph", true},
		{"AWS::BedrockAgentCore::Runtime", nil, nil, "agentcore", true},
	} {
		r := &snapshot.Resource{Type: x.typ, Properties: x.properties, Unknown: x.unknown}
		got := ""
		s, _, sure := table.Of(r)
		if s != nil {
			got = s.ID
		}
		if got != x.want || sure != x.sure {
			t.Errorf("%s %v %v: %q, sure %v", x.typ, x.properties, x.unknown, got, sure)
		}
	}
	if _, class, _ := table.Of(&snapshot.Resource{Type: "AWS::Braket::Job"}); class != Unclassified {
		t.Errorf("a service that nobody knows is %v", class)
	}
}

func TestMove(t *testing.T) {
	table := Tables()
	say := func(list []Taken) (out []string) {
		for _, x := range list {
			out = append(out, x.Layer.ID+string(x.From)+string(x.To))
		}
		return out
	}
	less, more := table.Move(table.To("ec2"), table.To("lambda"))
	if got := say(less); !slices.Equal(got, []string{"GOSCA", "RTPCS", "NETCS", "EITCA", "BAKC-", "LOGCS", "AVLCS"}) || len(more) > 0 {
		t.Errorf("%v %v", got, say(more))
	}
	less, more = table.Move(table.To("rds"), table.To("dynamodb"))
	if !slices.Equal(say(less), []string{"RTPSA", "NETCS", "EITSA", "AVLSA"}) || len(more) > 0 {
		t.Errorf("%v %v", say(less), say(more))
	}
	if _, more = table.Move(table.To("rds"), table.To("dsql")); !slices.Equal(say(more), []string{"BAKSC"}) {
		t.Errorf("nothing but AWS Backup makes copies of a cluster of DSQL: %v", say(more))
	}
}

// A duty is shown where a rule that asks for most of it holds of that thing, in part where one holds that asks for less, and not where one fails or is unknown.
// A rule that counts for whole services counts for things at which it does not look, as long as it fails for nothing.
func TestEvidence(t *testing.T) {
	judge := func(check.Case) []check.Result { return nil }
	rules := []check.Rule{
		{ID: "DAT-01", Looks: []check.Look{{Type: "AWS::EC2::Volume"}}}, // in Guard: a result for each thing
		{ID: "PUB-04", Needs: []string{"AWS::SQS::Queue", "AWS::KMS::Key"}, Judge: judge},
		{ID: "LOG-01", Needs: []string{"AWS::CloudTrail::Trail"}, Judge: judge},
		{ID: "VM-07", Needs: []string{"AWS::Lambda::Function", "AWS::RDS::DBInstance"}, Judge: judge},
		{ID: "ZZZ-01", Needs: []string{"AWS::SQS::Queue"}},
	}
	thing := func(k snapshot.Key, typ string) *snapshot.Resource {
		return &snapshot.Resource{Key: k, Type: "AWS::" + typ}
	}
	queue, key := thing("q", "SQS::Queue"), thing("k", "KMS::Key")
	results := func(trail check.Outcome) []check.Result {
		return []check.Result{
			{Rule: "DAT-01", Target: "good", Outcome: check.Pass}, {Rule: "DAT-01", Target: "bad", Outcome: check.Fail},
			{Rule: "PUB-04", Target: "account", Outcome: check.Pass},
			{Rule: "LOG-01", Target: "trail", Outcome: trail},
			{Rule: "VM-07", Target: "old", Outcome: check.Fail}, {Rule: "VM-07", Target: "new", Outcome: check.Pass},
			{Rule: "ZZZ-01", Target: "q", Outcome: check.Pass},
		}
	}
	table := Tables()
	shown := func(r *snapshot.Resource, e *Evidence) string {
		s, _, _ := table.Of(r)
		var out []string
		for _, d := range table.Duties(s, r, e) {
			switch {
			case len(d.Not) > 0:
				out = append(out, "-"+d.Layer.ID)
			case d.Shown() == Whole:
				out = append(out, d.Layer.ID)
			case d.Shown() == InPart:
				out = append(out, "~"+d.Layer.ID)
			}
		}
		return strings.Join(out, " ")
	}
	e := table.Evidenced(rules, results(check.Pass), "account")
	image := thing("image", "Lambda::Function")
	image.Properties = map[string]any{"PackageType": "Image"}
	for _, x := range []struct {
		r    *snapshot.Resource
		want string
	}{
		{thing("good", "EC2::Volume"), "EAR ~LOG"},
		{thing("bad", "EC2::Volume"), "-EAR ~LOG"},
		{thing("unseen", "EC2::Volume"), "~LOG"},     // the rule in Guard says nothing of it
		{thing("snapshot", "EC2::Snapshot"), "~LOG"}, // it looks at none
		{queue, "~IAM ~LOG"},
		{key, "~IAM LOG"}, // all that is done with a key is a management event
		{thing("new", "Lambda::Function"), "RTP ~LOG"},
		{thing("old", "Lambda::Function"), "-RTP ~LOG"},
		{thing("layer", "Lambda::LayerVersion"), "-RTP ~LOG"}, // of a service of which something fails
		{image, "~LOG"},                                       // what an image is built from is no runtime of Lambda's
		{thing("new", "RDS::DBInstance"), "~RTP ~LOG"},
	} {
		if got := shown(x.r, e); got != x.want {
			t.Errorf("%s %s: %q, want %q", x.r.Type, x.r.Key, got, x.want)
		}
		if got := shown(x.r, nil); got != "" {
			t.Errorf("%s: %q without any rule", x.r.Key, got)
		}
	}
	for _, o := range []check.Outcome{check.Fail, check.Unknown, check.Manual, check.Waived} {
		if got := shown(queue, table.Evidenced(rules, results(o), "account")); got != "~IAM -LOG" {
			t.Errorf("no trail that is known to log (%s): %q", o, got)
		}
	}
	if got := shown(queue, table.Evidenced(rules, results(check.NotApplicable), "account")); got != "~IAM" {
		t.Errorf("a rule that is about nothing: %q", got)
	}
}

// What is shown for each of the things counts as shown, what is for some of them in part, and what fails for one not at all.
func TestSum(t *testing.T) {
	rules := []check.Rule{{ID: "DAT-01", Looks: []check.Look{{Type: "AWS::EC2::Volume"}}}}
	table := Tables()
	volume := func(k snapshot.Key) *snapshot.Resource { return &snapshot.Resource{Key: k, Type: "AWS::EC2::Volume"} }
	others := []*snapshot.Resource{{Key: "q", Type: "AWS::SQS::Queue"}, {Key: "x", Type: "AWS::Braket::Job"}, {Key: "t", Type: "AWS::ECS::TaskDefinition"}}
	e := table.Evidenced(rules, []check.Result{
		{Rule: "DAT-01", Target: "a", Outcome: check.Pass}, {Rule: "DAT-01", Target: "b", Outcome: check.Pass}, {Rule: "DAT-01", Target: "c", Outcome: check.Fail},
	}, "account")
	for _, x := range []struct {
		things      []*snapshot.Resource
		whole, part int
	}{
		{[]*snapshot.Resource{volume("a"), volume("b")}, 1, 0},
		{[]*snapshot.Resource{volume("a"), {Key: "s", Type: "AWS::EC2::Snapshot"}}, 0, 1},
		{[]*snapshot.Resource{volume("a"), volume("c")}, 0, 0},
		{[]*snapshot.Resource{volume("c"), volume("a"), {Key: "s", Type: "AWS::EC2::Snapshot"}}, 0, 0},
		{[]*snapshot.Resource{{Key: "s", Type: "AWS::EC2::Snapshot"}}, 0, 0},
	} {
		sum := table.Sum(append(x.things, others...), e)
		if len(sum.Holdings) != 2 || sum.Classified != len(x.things)+2 || len(sum.Unclassified) != 1 || sum.Yours() != 15 {
			t.Errorf("%+v", sum)
		}
		h := sum.Holdings[0]
		if h.Service.ID != "ebs" || len(h.Evidenced) != x.whole || len(h.Part) != x.part || len(h.Open)+x.whole+x.part != h.Yours() ||
			sum.Evidenced != x.whole || sum.Part != x.part {
			t.Errorf("%d things: %+v", len(x.things), h)
		}
	}
}
