package threatmodel

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footing-dev/footing/internal/snapshot"
)

const stale = `footing: 1
people: [{id: ines, bind: {arn: "arn:aws:iam::1:user/ines"}}]
units:
  - {name: prod, bind: [{vpc: vpc-1}, {tag: {env: prod}}]}
resources:
  - {id: gone, bind: {arn: "arn:aws:s3:::gone-*"}}
  - {id: here, bind: {arn: "arn:aws:s3:::here"}}
  - {id: queue, bind: {type: "AWS::SQS::Queue"}}
  - {id: registrar, asset: domain registrar}
actors:
  - {id: ci, bind: {oidc: "repo:acme/web:*"}}
  - {id: who, outside: true}
  - {id: chief, bind: {capability: admin}}
  - {id: others, bind: {arn: ["arn:aws:iam::444455556666:role/x", "arn:aws:iam::111122223333:root"]}}
threats: [{id: T, target: {resource: nothing}}]
overrides:
  - {target: {resource: here, access: read}, likelihood: 2, reason: r, by: b, date: 2026-11-02, until: 2026-11-30}
  - {target: {resource: there}, likelihood: 2, reason: r, by: b, date: 2026-11-02, until: 2027-01-01}
  - {target: {resource: bucket/here@eu-west-1}, likelihood: 2, reason: r, by: b, date: 2026-11-02, until: 2027-01-01}
waivers:
  - {target: {threat: T}, max_risk: 5, reason: r, by: b, date: 2026-11-02, until: 2026-11-30}
  - {target: {rule: R, resource: account}, reason: r, by: b, date: 2026-11-02, until: 2027-01-01}
exceptions:
  - {from: role/gone, to: prod, reason: r, by: b, date: 2026-11-02, until: 2027-01-01}
  - {from: bucket, to: prod, reason: r, by: b, date: 2026-11-02, until: 2026-11-02}
attestations: [{rule: A, reason: r, by: b, date: 2026-11-02, until: 2026-11-29}]
`

func TestWarnings(t *testing.T) {
	m, err := Parse("footing.yaml", []byte(stale))
	if err != nil {
		t.Fatal(err)
	}
	s := &snapshot.Snapshot{
		Resources: []snapshot.Resource{{Key: "arn:aws:s3:::here", Type: "AWS::S3::Bucket", Name: "here"}, {Key: "arn:aws:iam::1:user/ben", Type: "AWS::IAM::User", Name: "ben"}},
		Coverage: []snapshot.Coverage{
			{Service: "s3", Call: "s3:ListBuckets", Types: []string{"AWS::S3::Bucket"}, Outcome: snapshot.OK},
			{Service: "iam", Call: "iam:GetAccountAuthorizationDetails", Types: []string{"AWS::IAM::User", "AWS::IAM::Role"}, Outcome: snapshot.OK},
		},
	}
	s.Seal()
	day := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	says := func(now string) []string {
		var out []string
		for _, w := range m.Warnings(s, day(now)) {
			out = append(out, fmt.Sprintf("%d: %s", w.Line, w.Says))
		}
		return out
	}
	all := []string{
		`2: the bind of the person "ines" chooses nothing in this snapshot`,
		`4: the bind of the unit "prod" chooses nothing in this snapshot`,
		`6: the bind of the resource "gone" chooses nothing in this snapshot`,
		`15: the threat "T": nothing in this snapshot is called "nothing"`,
		`17: the override of here:read ended on 2026-11-30: the computed likelihood counts again`,
		`18: the override of there: nothing in this snapshot is called "there"`,
		`21: the waiver of T ended on 2026-11-30: nothing is accepted by it any more`,
		`24: the exception from role/gone to prod: no unit is called "role/gone", and no ARN of the snapshot ends so`,
		`25: the exception from bucket to prod ended on 2026-11-02: that way breaks the isolation again`,
		`26: the attestation of A ended on 2026-11-29: what it vouched for is open again`,
	}
	if d := cmp.Diff(all, says("2026-12-01T00:00:00Z")); d != "" {
		t.Error(d)
	}
	// The last day counts to its end.
	if d := cmp.Diff(append(append(append([]string{}, all[:4]...), all[5]), all[7:]...), says("2026-11-30T23:59:59Z")); d != "" {
		t.Error(d)
	}
	// Where nobody looked, nothing is said: all of S3 is a gap, then the tags of the bucket.
	s.Coverage[1].Outcome = snapshot.Denied
	if s.Coverage[1].Service != "s3" {
		t.Fatal("the coverage is sorted otherwise")
	}
	if d := cmp.Diff([]string{all[0], all[4], all[6], all[8], all[9]}, says("2026-12-01T00:00:00Z")); d != "" {
		t.Error(d)
	}
	s.Coverage[1].Outcome = snapshot.OK
	s.Resources[1].Unknown = []string{"Tags"}
	if got := says("2026-11-20T00:00:00Z"); len(got) != 6 || got[1] != all[2] {
		t.Errorf("with unread tags: %q", got)
	}
	s.Resources[1].Unknown = nil
	s.Coverage = append(s.Coverage, snapshot.Coverage{Service: "ec2", Region: "eu-west-1", Call: "ec2:DescribeVpcs", Types: []string{"AWS::EC2::VPC"}, Outcome: snapshot.OK})
	const none = `4: the bind of the unit "prod" chooses nothing: this snapshot has no network vpc-1`
	if got := says("2026-11-20T00:00:00Z"); len(got) != 8 || got[1] != none {
		t.Errorf("without networks: %q", got)
	}
	s.Resources = append(s.Resources, snapshot.Resource{Key: "arn:aws:ec2:eu-west-1:1:vpc/vpc-1", Type: "AWS::EC2::VPC"})
	s.Seal()
	if got := says("2026-11-20T00:00:00Z"); len(got) != 7 || got[1] != all[1] {
		t.Errorf("with the network: %q", got)
	}
}

// TestOver: an end that cannot be read is no end that can be trusted.
func TestOver(t *testing.T) {
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	for until, want := range map[string]bool{"2026-11-30": true, "2026-12-01": false, "2027-01-01": false, "": true, "soon": true} {
		for what, got := range map[string]bool{
			"override": (&Override{Until: until}).Over(now), "waiver": (&Waiver{Until: until}).Over(now),
			"exception": (&Exception{Until: until}).Over(now), "attestation": (&Attestation{Until: until}).Over(now),
		} {
			if got != want {
				t.Errorf("%s until %q: over %v", what, until, got)
			}
		}
	}
}
