package fact

import (
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Watch is whether something that is switched on Region by Region is on in one.
type Watch struct {
	Region  string
	On      Truth
	Absent  bool   // it is not offered there, or the Region is not enabled
	Why     string // why not, or what was not read
	Used    bool   // something of the account is in the Region, or may be
	Watcher *snapshot.Resource
}

// Watches tells of each enabled Region whether a resource of a type is there and on. on judges one; several may be in a Region.
func Watches(c check.Case, typ, none string, on func(*snapshot.Resource) (Truth, string)) (list []Watch, others []check.Evidence) {
	regions, others := EnabledRegions(c)
	used := Used(c)
	for _, region := range regions {
		w := Watch{Region: region, On: No, Why: none, Used: slices.Contains(used, region)}
		for _, r := range InRegion(c, typ, region) {
			is, why := on(r)
			if w.Watcher == nil || w.On == No || is == Yes {
				w.On, w.Why, w.Watcher = is, why, r
			}
		}
		if what := MissedIn(c, typ, region); w.On != Yes && len(what) > 0 {
			w.On, w.Why = Unclear, what[0]
		}
		w.Absent = w.Watcher == nil && Off(c, typ, region)
		list = append(list, w)
	}
	return list, others
}

// Detector tells whether a detector of GuardDuty looks: one may be there and suspended.
func Detector(d *snapshot.Resource) (Truth, string) {
	switch on := flag(d, "Enable"); on {
	case Yes:
		return Yes, ""
	case No:
		return No, "detector " + d.Name + " is suspended"
	}
	return Unclear, "whether detector " + d.Name + " is on was not read"
}

// comesAlone are types that a Region has before anybody puts anything there.
var comesAlone = []string{"AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::EC2::InternetGateway", "AWS::EC2::NetworkAcl", "AWS::EC2::SecurityGroup",
	"AWS::EC2::EBSEncryptionByDefault", "AWS::EC2::InstanceMetadataDefaults", "AWS::EC2::ImageBlockPublicAccess", "AWS::EC2::SnapshotBlockPublicAccess",
	"AWS::EC2::VPCBlockPublicAccessOptions", "AWS::EC2::SerialConsoleAccess", "AWS::Events::EventBus", "AWS::Backup::RegionSettings", "AWS::SES::Account",
	"AWS::InspectorV2::Account", "AWS::SSM::ServiceSetting", "AWS::Athena::WorkGroup", typDetector, typHub, "AWS::SecurityHub::Standard",
	"AWS::Config::ConfigurationRecorder", "AWS::Config::DeliveryChannel", "AWS::Config::ConfigRule", "AWS::AccessAnalyzer::Analyzer"}

// Used are the Regions in which something is, or was not read, that does not come by itself and is not there to watch.
func Used(c check.Case) []string {
	seen := map[string]bool{}
	for i := range c.Snapshot.Resources {
		if r := &c.Snapshot.Resources[i]; r.Region != "" && !seen[r.Region] && !slices.Contains(comesAlone, r.Type) {
			seen[r.Region] = true
		}
	}
	for _, v := range c.Snapshot.Coverage {
		if v.Gap() && v.Region != "" && v.Region != everywhere && slices.ContainsFunc(v.Types, func(t string) bool { return !slices.Contains(comesAlone, t) }) {
			seen[v.Region] = true
		}
	}
	var out []string
	for r := range seen {
		out = append(out, r)
	}
	slices.Sort(out)
	return out
}
