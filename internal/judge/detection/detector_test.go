package detection

import (
	"slices"
	"testing"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Region by Region: on, suspended, absent where that was seen, not offered, and unknown where nobody looked or the call failed.
func TestWatches(t *testing.T) {
	detector := func(region string, on any, unknown ...string) snapshot.Resource {
		return snapshot.Resource{Key: snapshot.Key("d-" + region), Type: typDetector, Region: region, Properties: o{"Enable": on}, Unknown: unknown}
	}
	s := &snapshot.Snapshot{Regions: []string{"asked", "denied", "none", "off", "on", "suspended", "twice", "unread"}, Resources: []snapshot.Resource{
		detector("on", true), detector("suspended", false), detector("unread", nil, "Enable"), detector("denied", false),
		{Key: "vpc", Type: "AWS::EC2::VPC", Region: "none"}, {Key: "bucket", Type: "AWS::S3::Bucket", Region: "suspended"},
	}}
	for region, outcome := range map[string]string{"on": snapshot.OK, "suspended": snapshot.OK, "unread": snapshot.OK, "none": snapshot.OK, "twice": snapshot.OK,
		"off": snapshot.NotEnabled, "denied": snapshot.Denied} {
		s.Coverage = append(s.Coverage, snapshot.Coverage{Call: "guardduty:ListDetectors", Region: region, Types: []string{typDetector}, Outcome: outcome})
	}
	s.Coverage = append(s.Coverage, snapshot.Coverage{Call: "guardduty:ListDetectors", Region: "twice", Types: []string{typDetector}, Outcome: snapshot.Truncated},
		snapshot.Coverage{Call: "lambda:ListFunctions", Region: "none", Types: []string{"AWS::Lambda::Function"}, Outcome: snapshot.Denied},
		snapshot.Coverage{Call: "ec2:DescribeRegions", Region: "*", Outcome: snapshot.NotAsked, Reason: "two more"})
	s.Seal()
	list, others := Watches(check.Case{Snapshot: s}, typDetector, "none", Detector)
	if len(others) != 1 || others[0].Says != "two more" {
		t.Errorf("others: %+v", others)
	}
	want := map[string]Truth{"asked": Unclear, "denied": Unclear, "none": No, "off": No, "on": Yes, "suspended": No, "twice": Unclear, "unread": Unclear}
	for _, w := range list {
		if w.On != want[w.Region] || w.Absent != (w.Region == "off") || w.Used != slices.Contains([]string{"denied", "none", "suspended", "twice"}, w.Region) || (w.Why == "") != (w.On == Yes) {
			t.Errorf("%+v", w)
		}
		delete(want, w.Region)
	}
	if len(want) > 0 {
		t.Errorf("nothing is said of %v", want)
	}
}
