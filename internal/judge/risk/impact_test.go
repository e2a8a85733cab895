package risk

import (
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/cost"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// TestImpact: the numbers of the method, with what was not read at its worst and the lower end on what was seen.
func TestImpact(t *testing.T) {
	type props = map[string]any
	versions := props{"Status": "Enabled"}
	away := props{"Rules": []any{props{"Status": "Enabled", "Destination": props{"Bucket": "arn:aws:s3:::copy", "Account": "444455556666"}}}}
	home := props{"Rules": []any{props{"Status": "Enabled", "Destination": props{"Bucket": "arn:aws:s3:::copy", "Account": "111122223333"}}}}
	for name, c := range map[string]struct {
		r     snapshot.Resource
		c     access.Capability
		level int
		low   int
	}{
		"bucket read":                        {r: snapshot.Resource{Type: "AWS::S3::Bucket"}, c: access.Read, level: 3, low: 3},
		"confidential":                       {r: snapshot.Resource{Type: "AWS::S3::Bucket", Tags: map[string]string{"data-class": "confidential"}}, c: access.Read, level: 4, low: 4},
		"public, though a secret":            {r: snapshot.Resource{Type: "AWS::SecretsManager::Secret", Tags: map[string]string{"classification": "Public"}}, c: access.Read, level: 1, low: 1},
		"development":                        {r: snapshot.Resource{Type: "AWS::S3::Bucket", Tags: map[string]string{"env": "dev"}}, c: access.Read, level: 2, low: 2},
		"development, classified":            {r: snapshot.Resource{Type: "AWS::S3::Bucket", Tags: map[string]string{"env": "dev", "class": "restricted"}}, c: access.Read, level: 5, low: 5},
		"state file":                         {r: snapshot.Resource{Type: "AWS::S3::Bucket", Name: "acme-tfstate"}, c: access.Read, level: 4, low: 4},
		"no versions":                        {r: snapshot.Resource{Type: "AWS::S3::Bucket"}, c: access.Write, level: 4, low: 4},
		"versions":                           {r: snapshot.Resource{Type: "AWS::S3::Bucket", Properties: props{"VersioningConfiguration": versions}}, c: access.Write, level: 3, low: 3},
		"versions not read":                  {r: snapshot.Resource{Type: "AWS::S3::Bucket", Unknown: []string{"VersioningConfiguration"}}, c: access.Write, level: 4, low: 3},
		"versions, lock, copy":               {r: snapshot.Resource{Type: "AWS::S3::Bucket", Account: "111122223333", Properties: props{"VersioningConfiguration": versions, "ObjectLockEnabled": true, "ReplicationConfiguration": away}}, c: access.Write, level: 2, low: 2},
		"a copy that the same writers touch": {r: snapshot.Resource{Type: "AWS::S3::Bucket", Account: "111122223333", Properties: props{"VersioningConfiguration": versions, "ObjectLockEnabled": true, "ReplicationConfiguration": home}}, c: access.Write, level: 3, low: 3},
		"restricted database, backups":       {r: snapshot.Resource{Type: "AWS::RDS::DBInstance", Tags: map[string]string{"data-class": "restricted"}, Properties: props{"BackupRetentionPeriod": 7}}, c: access.Write, level: 5, low: 5},
		"database, backups not read":         {r: snapshot.Resource{Type: "AWS::RDS::DBInstance", Unknown: []string{"BackupRetentionPeriod"}}, c: access.Write, level: 5, low: 4},
		"tags not read":                      {r: snapshot.Resource{Type: "AWS::S3::Bucket", Unknown: []string{"Tags"}}, c: access.Read, level: 5, low: 3},
		"tags not read, write":               {r: snapshot.Resource{Type: "AWS::S3::Bucket", Unknown: []string{"Tags"}, Properties: props{"VersioningConfiguration": versions}}, c: access.Write, level: 4, low: 3},
		"some tags not read":                 {r: snapshot.Resource{Type: "AWS::S3::Bucket", Unknown: []string{"Tags"}, Tags: map[string]string{"class": "internal"}}, c: access.Read, level: 2, low: 2},
		"queue":                              {r: snapshot.Resource{Type: "AWS::SQS::Queue"}, c: access.Write, level: 2, low: 2},
	} {
		i := ownImpact(&c.r, c.c, threatmodel.Default(), nil)
		sum := 0
		for _, term := range i.Terms {
			sum += term.Points
		}
		if i.Level != c.level || i.Low != c.low || sum != i.Level {
			t.Errorf("%s: %d…%d of terms %v that sum to %d, want %d…%d", name, i.Low, i.Level, i.Terms, sum, c.low, c.level)
		}
	}
}

// Whether a resource is the one that people mean was not read: the worst of what they say of it counts, and the range shows it.
func TestPerhapsStated(t *testing.T) {
	m := threatmodel.Default()
	m.Resources = []threatmodel.Resource{{ID: "orders", Bind: threatmodel.Bind{Tag: map[string]threatmodel.Words{"service": {"orders"}}}, Class: "restricted"},
		{ID: "public", Bind: threatmodel.Bind{Tag: map[string]threatmodel.Words{"service": {"www"}}}, Class: "public"}}
	r := snapshot.Resource{Type: "AWS::S3::Bucket", Unknown: []string{"Tags"}}
	for c, want := range map[access.Capability][2]int{access.Read: {1, 5}, access.Write: {4, 5}} {
		if i := ownImpact(&r, c, m, nil); i.Low != want[0] || i.Level != want[1] {
			t.Errorf("%s: %d…%d %v", c, i.Low, i.Level, i.Terms)
		}
	}
	r.Tags = map[string]string{"class": "internal"} // what was read of its tags tells a class, and not whether it is the one
	for c, want := range map[access.Capability][2]int{access.Read: {1, 5}, access.Write: {4, 5}} {
		if i := ownImpact(&r, c, m, nil); i.Low != want[0] || i.Level != want[1] {
			t.Errorf("%s, of a class: %d…%d %v", c, i.Low, i.Level, i.Terms)
		}
	}
	r.Unknown, r.Tags = nil, nil
	if i := ownImpact(&r, access.Read, m, nil); i.Low != 3 || i.Level != 3 {
		t.Errorf("with tags that were read: %d…%d %v", i.Low, i.Level, i.Terms)
	}
}

// A fifth of the bill raises what writing may harm to 3, and lowers nothing.
func TestAFifthOfTheBill(t *testing.T) {
	queue := snapshot.Resource{Key: "arn:aws:sqs:eu-west-1:111122223333:jobs", Type: "AWS::SQS::Queue"}
	key := snapshot.Resource{Key: "arn:aws:kms:eu-west-1:111122223333:key/1", Type: "AWS::KMS::Key"}
	volume := snapshot.Resource{Key: "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1", Type: "AWS::EC2::Volume", Properties: map[string]any{"VolumeType": "gp3", "Size": 100000}, Tags: map[string]string{"env": "dev"}}
	for name, c := range map[string]struct {
		r           snapshot.Resource
		access      access.Capability
		queue, rest float64
		level       int
	}{
		"less than a fifth":            {queue, access.Write, 19.9, 80.1, 2},
		"a fifth":                      {queue, access.Write, 20, 80, 3},
		"a fifth, in cents":            {queue, access.Write, 0.6, 2.4, 3},
		"reading is not about money":   {queue, access.Read, 20, 80, 2},
		"no bill":                      {queue, access.Write, 0, 0, 2},
		"more already":                 {key, access.Write, 90, 10, 4},
		"estimated, whatever it costs": {volume, access.Write, 0, 0, 2},
	} {
		s := &snapshot.Snapshot{Taken: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Resources: []snapshot.Resource{c.r}}
		if c.queue > 0 {
			s.Bills = []snapshot.Bill{{Month: "2026-10", Origin: snapshot.FromExport, Through: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Lines: []snapshot.CostLine{
				{Service: "X", Resource: string(c.r.Key), Kind: snapshot.ChargeUsage, Amount: c.queue, Currency: "USD"},
				{Service: "Y", Kind: snapshot.ChargeUsage, Amount: c.rest, Currency: "USD"}}}}
		}
		s.Seal()
		i := ownImpact(&c.r, c.access, threatmodel.Default(), cost.Of(s))
		sum, told := 0, false
		for _, term := range i.Terms {
			sum += term.Points
			told = told || strings.Contains(term.Says, "of the bill of 2026-10 (billed)")
		}
		if i.Level != c.level || i.Low != c.level || sum != i.Level || told != (c.level == 3) {
			t.Errorf("%s: %d…%d of %v, want %d", name, i.Low, i.Level, i.Terms, c.level)
		}
	}
}
