package inventory

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

func account(coverage ...snapshot.Coverage) *snapshot.Snapshot {
	s := &snapshot.Snapshot{Account: "111122223333", Taken: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Coverage: coverage}
	s.Resources = []snapshot.Resource{
		{Key: "arn:aws:s3:::orders", Type: "AWS::S3::Bucket", Region: "eu-west-1", Name: "orders", Tags: map[string]string{"Name": "orders", "evil": "a\x1b[2Jb"}},
		{Key: "arn:aws:s3:::unread", Type: "AWS::S3::Bucket", Region: "eu-west-1", Name: "unread", Unknown: []string{"Tags"}},
		{Key: "arn:aws:iam::aws:policy/ReadOnlyAccess", Type: "AWS::IAM::ManagedPolicy", Name: "ReadOnlyAccess"},
	}
	s.Seal()
	return s
}

func text(t *testing.T, s *snapshot.Snapshot, words ...string) string {
	t.Helper()
	sel, err := threatmodel.ParseSelectors(words)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	asked := Asked{Selectors: sel}
	l := Of(s, threatmodel.Default(), asked)
	if err := Text(term.Paper(&b), l, s.Taken.Add(time.Minute), asked, func(v string) string { return "footing " + v }); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestZeroSaysWhatWasLookedAt: each kind of nothing has its own sentence.
func TestZeroSaysWhatWasLookedAt(t *testing.T) {
	ok := snapshot.Coverage{Service: "sqs", Call: "sqs:ListQueues", Types: []string{"AWS::SQS::Queue"}, Outcome: snapshot.OK}
	denied := snapshot.Coverage{Service: "sns", Call: "sns:ListTopics", Types: []string{"AWS::SNS::Topic"}, Outcome: snapshot.Denied}
	s := account(ok, denied)
	for selector, want := range map[string]string{
		"type:queue": "There is no AWS::SQS::Queue: it was looked for",
		"type:topic": "Nothing seen. That does not mean that there is nothing:",
		"type:table": "Nothing seen, and nobody looked",
		"xyzzy-word": "Nothing seen. That does not mean that there is nothing:",
	} {
		if got := text(t, s, selector); !strings.Contains(got, want) {
			t.Errorf("%s:\n%s", selector, got)
		}
	}
	if got := text(t, account(ok), "type:bucket", "xyzzy"); !strings.Contains(got, "Nothing of 3 resources matches.") {
		t.Errorf("%s", got)
	}
	if got := text(t, account(ok), "xyzzy"); !strings.Contains(got, "Nothing of 3 resources matches.") {
		t.Errorf("%s", got)
	}
	if got := text(t, s, "type:topic"); !strings.Contains(got, "SNS::Topic: sns:ListTopics was denied") {
		t.Errorf("%s", got)
	}
}

func TestTagsAreCleanAndUnknownIsShown(t *testing.T) {
	got := text(t, account())
	for _, want := range []string{"evil=a·[2Jb", "unread  S3::Bucket  eu-west-1  ?", "1 policy of AWS not shown"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "ReadOnlyAccess") || strings.Contains(got, "Name=") {
		t.Errorf("%s", got)
	}
	if got := text(t, account(), "readonly"); !strings.Contains(got, "ReadOnlyAccess") {
		t.Errorf("asked for and not shown:\n%s", got)
	}
}

func TestGapsOfOneReasonAreOneLine(t *testing.T) {
	var gaps []Gap
	for i := range 12 {
		gaps = append(gaps, Gap{Service: fmt.Sprintf("s%02d", i), Reason: fmt.Sprintf("reason %d", min(i, 8))})
	}
	var b bytes.Buffer
	WriteGaps(term.Paper(&b), gaps)
	if got := strings.Count(b.String(), "\n"); got != maxGaps+1 || !strings.HasSuffix(b.String(), "  and 3 more reasons (--format json)\n") {
		t.Errorf("%s", b.String())
	}
	b.Reset()
	WriteGaps(term.Paper(&b), gaps[7:])
	if got := b.String(); got != "  s07: reason 7\n  s08, s09, s10, s11: reason 8\n" {
		t.Errorf("%q", got)
	}
	// What is unseen is told once, type by type, and Regions that say the same are counted.
	b.Reset()
	WriteGaps(term.Paper(&b), []Gap{
		{Service: "rds", Region: "eu-west-1", Types: []string{"AWS::RDS::DBInstance", "AWS::DocDB::DBInstance"}, Reason: "AccessDenied"},
		{Service: "rds", Region: "us-east-1", Types: []string{"AWS::RDS::DBInstance", "AWS::DocDB::DBInstance"}, Reason: "AccessDenied"},
		{Service: "sqs", Region: "us-east-1", Types: []string{"AWS::SQS::Queue"}, Reason: "AccessDenied"},
		{Service: "sqs", Region: "us-east-1", Resource: "arn:aws:sqs:us-east-1:111122223333:jobs", Types: []string{"AWS::SQS::Queue"}, Reason: "Throttling"},
	})
	if got := b.String(); got != "  RDS::DBInstance, DocDB::DBInstance, SQS::Queue: AccessDenied in 2 Regions\n  jobs: Throttling in us-east-1\n" {
		t.Errorf("%q", got)
	}
}
