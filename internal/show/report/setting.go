package report

import (
	"fmt"

	"github.com/footing-dev/footing/internal/snapshot"
)

// setting is how one kind of resource tells that something is on.
type setting struct {
	typ, name, does string
	regional        bool
	on              func(*snapshot.Resource) snapshot.State
}

// flags: on when every one of some properties is true.
func flags(names ...string) func(*snapshot.Resource) snapshot.State {
	return func(r *snapshot.Resource) snapshot.State {
		out := snapshot.Known
		for _, n := range names {
			v, st := r.Flag(n)
			switch {
			case st == snapshot.Unknown:
				out = snapshot.Unknown
			case !v:
				return snapshot.Absent
			}
		}
		return out
	}
}

func there(*snapshot.Resource) snapshot.State { return snapshot.Known }

// word: on when a property has a value that is not one of those that mean off.
func word(name string, off ...string) func(*snapshot.Resource) snapshot.State {
	return func(r *snapshot.Resource) snapshot.State {
		if r.IsUnknown(name) {
			return snapshot.Unknown
		}
		v := r.Text(name)
		for _, o := range append(off, "") {
			if v == o {
				return snapshot.Absent
			}
		}
		return snapshot.Known
	}
}

// limits: AWS's own policy of this name allows everything.
func limits(r *snapshot.Resource) snapshot.State {
	if n := r.Text("Name"); n == "FullAWSAccess" || n == "RCPFullAWSAccess" {
		return snapshot.Absent
	}
	return snapshot.Known
}

// bells tell what rings or records when something happens.
func bells(s *snapshot.Snapshot) []Setting {
	return settings(s, []setting{
		{"AWS::CloudTrail::Trail", "CloudTrail", "records who did what", false, flags("IsLogging")},
		{"AWS::GuardDuty::Detector", "GuardDuty", "looks for intruders", true, flags("Enable")},
		{"AWS::Config::ConfigurationRecorder", "Config", "records what changed", true, flags("Recording")},
		{"AWS::SecurityHub::Hub", "Security Hub", "collects findings", true, there},
		{"AWS::AccessAnalyzer::Analyzer", "Access Analyzer", "finds what is shared", true, there},
		{"AWS::Budgets::Budget", "Budgets", "watches the bill", false, there},
	})
}

// fences tell what the account itself does not let anybody do. What AWS says of each:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
// https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html
func fences(s *snapshot.Snapshot) []Setting {
	return settings(s, []setting{
		{"AWS::S3::AccountPublicAccessBlock", "No public buckets", "S3 block public access, all four", false, flags("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")},
		{"AWS::EC2::SnapshotBlockPublicAccess", "No public snapshots", "EBS block public access", true, word("State", "unblocked")},
		{"AWS::EC2::ImageBlockPublicAccess", "No public images", "AMI block public access", true, word("State", "unblocked")},
		{"AWS::EC2::EBSEncryptionByDefault", "Disks are encrypted", "EBS encryption by default", true, flags("EbsEncryptionByDefault")},
		{"AWS::Organizations::Policy", "Limits from above", "the organisation's policies", false, limits},
	})
}

func settings(s *snapshot.Snapshot, list []setting) []Setting {
	var out []Setting
	for _, k := range list {
		x := Setting{Name: k.name, Does: k.does, State: Off}
		on, off, unread := map[string]bool{}, map[string]bool{}, 0
		for i := range s.Resources {
			r := &s.Resources[i]
			if r.Type != k.typ {
				continue
			}
			switch k.on(r) {
			case snapshot.Known:
				on[r.Region] = true
			case snapshot.Absent:
				off[r.Region] = true
			default:
				unread++
			}
		}
		regions := max(len(s.Regions), len(on), 1)
		switch {
		case len(on) > 0 && (!k.regional || len(on) >= regions):
			x.State = On
		case len(on) > 0:
			x.State, x.Where = Partly, fmt.Sprintf("in %d of %d Regions", len(on), regions)
		case unread > 0 || s.Has(k.typ, "") == snapshot.Unknown:
			x.State, x.Where = Unknown, "not read"
		}
		out = append(out, x)
	}
	return out
}
