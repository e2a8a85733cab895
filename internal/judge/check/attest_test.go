package check

import (
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Somebody's word answers what no scan can see, while it counts; it answers nothing else.
func TestAttested(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		outcome     Outcome
		date, until string
		want        Outcome
		says        string
	}{
		{Manual, "2026-11-01", "2027-11-01", Pass, "ana said so on 2026-11-01, until 2027-11-01: two of us hold it"},
		{Manual, "2026-10-13", "2027-11-01", Pass, "ana said so on 2026-10-13, until 2027-11-01: two of us hold it"}, // the fortieth day
		{Manual, "2026-10-12", "2027-11-01", Manual, "who holds it; the word of ana is of 2026-10-12, and counts for 40 days"},
		{Manual, "2026-11-01", "2026-11-21", Manual, "who holds it; the word of ana ended on 2026-11-21"},
		{Manual, "2026-11-24", "2027-11-01", Manual, "who holds it; the word of ana is dated 2026-11-24, which is still to come"},
		{Fail, "2026-11-01", "2027-11-01", Fail, "who holds it"},
		{Unknown, "2026-11-01", "2027-11-01", Unknown, "who holds it"},
	} {
		m := threatmodel.Default()
		m.Attestations = []threatmodel.Attestation{{Rule: "ROOT-99"}, {Rule: "ROOT-06", Until: x.until, Said: threatmodel.Said{Reason: "two of us hold it", By: "ana", Date: x.date}}}
		s := &snapshot.Snapshot{Account: "111122223333", Taken: now}
		s.Seal()
		r := Rule{ID: "ROOT-06", Days: 40, Read: 5, Likelihood: 2, Judge: func(Case) []Result { return []Result{{Outcome: x.outcome, Says: "who holds it"}} }}
		got := Run([]Rule{r}, Case{Snapshot: s, Model: m, Now: now})[0]
		if got.Outcome != x.want || got.Says != x.says || (got.Attested != nil) != (x.want == Pass) {
			t.Errorf("%+v: %s %q %v", x, got.Outcome, got.Says, got.Attested)
		}
	}
}

// The calls of a rule are those that list what it needs, and those about one thing of it that were not answered.
func TestCalls(t *testing.T) {
	s := &snapshot.Snapshot{Resources: []snapshot.Resource{{Key: "a", Type: "AWS::S3::Bucket"}, {Key: "q", Type: "AWS::SQS::Queue"}}, Coverage: []snapshot.Coverage{
		{Call: "s3:ListBuckets", Types: []string{"AWS::S3::Bucket"}, Region: "eu-west-1", Outcome: snapshot.OK},
		{Call: "s3:ListBuckets", Types: []string{"AWS::S3::Bucket"}, Region: "eu-west-2", Outcome: snapshot.OK},
		{Call: "s3:ListBuckets", Types: []string{"AWS::S3::Bucket"}, Region: "eu-west-3", Outcome: snapshot.Denied},
		{Call: "s3:GetBucketPolicy", Resource: "a", Outcome: snapshot.Denied},
		{Call: "sqs:GetQueueAttributes", Resource: "q", Outcome: snapshot.Denied},
		{Call: "iam:GetAccountSummary", Types: []string{"AWS::IAM::AccountSummary"}, Outcome: snapshot.OK},
	}}
	s.Seal()
	got := Case{Snapshot: s}.Calls("AWS::S3::Bucket")
	want := []Call{{"s3:GetBucketPolicy", snapshot.Denied, 1}, {"s3:ListBuckets", snapshot.Denied, 1}, {"s3:ListBuckets", snapshot.OK, 2}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v", got[i])
		}
	}
}
