package fact

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Standing is where the account stands among others. The zero Standing is not known.
type Standing uint8

const (
	Unplaced   Standing = iota
	Alone               // in no organisation
	Member              // under an organisation's policies
	Management          // at the head of an organisation: its policies do not bind this account
)

const organization = "AWS::Organizations::Organization"

// Stands tells where the account stands, and the organisation; where that was not read, blind says why.
func Stands(c check.Case) (where Standing, org *snapshot.Resource, blind []check.Result) {
	if list := c.Snapshot.OfType(organization); len(list) > 0 {
		switch head, st := list[0].Property("ManagementAccountId"); {
		case st != snapshot.Known:
			return Unplaced, list[0], []check.Result{{Target: list[0].Key, Says: "the organisation does not tell which account is at its head"}}
		case head == c.Snapshot.Account:
			return Management, list[0], nil
		}
		return Member, list[0], nil
	}
	if blind = c.Blind(organization); blind != nil {
		return Unplaced, nil, blind
	}
	return Alone, nil, nil
}

// Summary is the account summary; where it was not read, blind says why.
func Summary(c check.Case) (*snapshot.Resource, []check.Result) {
	const typ = "AWS::IAM::AccountSummary"
	if list := c.Snapshot.OfType(typ); len(list) > 0 {
		return list[0], nil
	}
	if blind := c.Blind(typ); blind != nil {
		return nil, blind
	}
	return nil, []check.Result{{Target: c.Account(), Says: "there is no account summary"}}
}

// Account is what was read of the account itself; where nothing was, blind says why.
func Account(c check.Case) (*snapshot.Resource, []check.Result) {
	const typ = "AWS::Account"
	if list := c.Snapshot.OfType(typ); len(list) > 0 {
		return list[0], nil
	}
	if blind := c.Blind(typ); blind != nil {
		return nil, blind
	}
	return nil, []check.Result{{Target: c.Account(), Says: "nothing was read about the account itself"}}
}

// NoRoot tells whether root has nothing to sign in with: a member account of which the organisation took root's credentials away, or never made
// any. Elsewhere root's password can be had again by mail, so that there it never holds.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management
func NoRoot(where Standing, sum *snapshot.Resource) bool {
	if where != Member {
		return false
	}
	for _, name := range []string{"AccountPasswordPresent", "AccountAccessKeysPresent", "AccountSigningCertificatesPresent"} {
		if n, st := sum.Number(name); st != snapshot.Known || n != 0 {
			return false
		}
	}
	return true
}

// Contact tells whether an alternate contact of a kind (SECURITY, BILLING, OPERATIONS) is set.
func Contact(a *snapshot.Resource, kind string) snapshot.State {
	kinds, st := a.Strings("Contacts")
	switch {
	case st != snapshot.Known: // the list is there, though it may be empty, wherever it was read
		return snapshot.Unknown
	case slices.Contains(kinds, kind):
		return snapshot.Known
	}
	return snapshot.Absent
}

// made are types of which AWS itself puts one into every Region, or that only look at a Region: what is there of them is no use of it.
var made = []string{
	"AWS::EC2::Subnet", "AWS::EC2::InternetGateway", "AWS::EC2::RouteTable", "AWS::EC2::NetworkAcl", "AWS::EC2::SecurityGroup", "AWS::EC2::VPCCidrBlock",
	"AWS::EC2::EBSEncryptionByDefault", "AWS::EC2::InstanceMetadataDefaults", "AWS::EC2::ImageBlockPublicAccess", "AWS::EC2::SnapshotBlockPublicAccess",
	"AWS::EC2::AllowedImagesSettings", "AWS::EC2::VPCBlockPublicAccessOptions", "AWS::EC2::SerialConsoleAccess", "AWS::SES::Account", "AWS::InspectorV2::Account",
	"AWS::Backup::RegionSettings", "AWS::SSM::ServiceSetting", "AWS::Config::ConfigurationRecorder", "AWS::Config::DeliveryChannel", "AWS::GuardDuty::Detector",
	"AWS::AccessAnalyzer::Analyzer", "AWS::SecurityHub::Hub", "AWS::SecurityHub::Standard",
}

// Fixture tells whether a thing is in a Region whether or not anybody uses it: a setting, what watches it, the default network and what it comes with,
// default buses, work groups, user groups and keys.
func Fixture(r *snapshot.Resource) bool {
	switch r.Type {
	case "AWS::EC2::VPC":
		if first, st := r.Flag("IsDefault"); st == snapshot.Known {
			return first
		}
		return r.Text("CidrBlock") == "172.31.0.0/16" // that of every default VPC
	case "AWS::KMS::Key":
		return r.Text("KeyManager") == "AWS"
	case "AWS::KMS::Alias":
		return strings.HasPrefix(r.Text("AliasName"), "alias/aws/")
	case "AWS::Events::EventBus", "AWS::ElastiCache::UserGroup":
		return r.Name == "default"
	case "AWS::Athena::WorkGroup":
		return r.Name == "primary"
	}
	return slices.Contains(made, r.Type)
}

// In counts what somebody put into a Region.
func In(c check.Case, region string) (n int) {
	for i := range c.Snapshot.Resources {
		if r := &c.Snapshot.Resources[i]; r.Region == region && !Fixture(r) {
			n++
		}
	}
	return n
}

// LookedAt tells whether all lists of a Region were read, so that what is not in the snapshot is not there. why names a gap where they were not.
func LookedAt(c check.Case, region string) (all bool, why string) {
	asked := slices.Contains(c.Snapshot.Regions, region)
	for _, v := range c.Snapshot.Coverage {
		asked = asked || v.Region == region
		here := v.Region == region || v.Region == "*" || v.Region == "" && !slices.ContainsFunc(v.Types, global)
		if here && v.Gap() && v.Resource == "" && (len(v.Types) > 0 || v.Region == region) { // one without types is about what no collector reads
			return false, check.Gap(&v)
		}
	}
	if !asked {
		return false, "nobody looked at " + region
	}
	return true, ""
}

// global tells whether a type belongs to no Region.
func global(typ string) bool {
	for _, service := range []string{"AWS::Account", "AWS::IAM::", "AWS::Organizations::", "AWS::CloudFront::", "AWS::Route53::", "AWS::GlobalAccelerator::", "AWS::Budgets::"} {
		if strings.HasPrefix(typ, service) {
			return true
		}
	}
	return false
}

// Abroad is one principal that may act in a Region, certainly or perhaps.
type Abroad struct {
	Principal snapshot.Key
	Region    string
	Sure      bool // by policies that were read; else those that were not may allow it
}

// probes are what an intruder begins with where nobody looks.
var probes = []string{"ec2:RunInstances", "lambda:CreateFunction"}

// ActsIn lists the users and roles that may launch something in one of some Regions, the first such Region each. A service-linked role does what its
// service does.
func ActsIn(c check.Case, regions []string) (out []Abroad) {
	for _, typ := range []string{"AWS::IAM::User", "AWS::IAM::Role"} {
		for _, p := range c.Snapshot.OfType(typ) {
			if strings.Contains(string(p.Key), ":role/aws-service-role/") {
				continue
			}
			if a, ok := abroad(c, p.Key, regions); ok {
				out = append(out, a)
			}
		}
	}
	return out
}

func abroad(c check.Case, who snapshot.Key, regions []string) (out Abroad, found bool) {
	for _, action := range probes {
		for _, r := range regions {
			d := launches(c, who, action, r)
			if d.Seen != iam.Deny && d.Seen != iam.Unknown {
				return Abroad{who, r, true}, true
			}
			if d.Outcome != iam.Deny && !found {
				out, found = Abroad{who, r, false}, true
			}
		}
	}
	return out, found
}

func launches(c check.Case, who snapshot.Key, action, region string) iam.Decision {
	service, thing := "ec2", "instance/i-0123456789abcdef0"
	if strings.HasPrefix(action, "lambda:") {
		service, thing = "lambda", "function:new"
	}
	partition := c.Snapshot.Partition
	if partition == "" {
		partition = "aws"
	}
	return c.Access.Decide(decide.Query{Principal: string(who), Action: action,
		Resource: fmt.Sprintf("arn:%s:%s:%s:%s:%s", partition, service, region, c.Snapshot.Account, thing),
		Context:  map[string][]string{"aws:RequestedRegion": {region}}})
}

// Everywhere judges settings that each Region has once, and joins the answers: one act mends them all. holds says whether a Region is as it should
// be, and what it is like where it is not. Every Region has them: where none was read, nothing is known.
func Everywhere(c check.Case, pass, fail string, holds func(*snapshot.Resource) (check.Outcome, string), types ...string) []check.Result {
	out := check.Result{Target: c.Account(), Outcome: check.NotApplicable, Says: "there is no Region that this is about"}
	in := map[check.Outcome][]string{}
	var all []string
	for _, typ := range types {
		for _, r := range c.Snapshot.OfType(typ) {
			all = append(all, r.Region)
			o, says := holds(r)
			in[o] = append(in[o], r.Region)
			if o == check.Fail || o == check.Unknown {
				out.Evidence = append(out.Evidence, check.Evidence{Key: r.Key, Outcome: o, Says: says + " in " + r.Region})
			}
		}
	}
	unlisted := c.Unlisted(types...)
	out.Evidence = append(out.Evidence, unlisted...)
	switch {
	case in[check.Fail] != nil:
		out.Outcome, out.Says = check.Fail, fail+" in "+regions(in[check.Fail], all)
	case in[check.Unknown] != nil:
		out.Outcome, out.Says = check.Unknown, "not read in "+regions(in[check.Unknown], all)
	case unlisted != nil:
		return c.Blind(types...)
	case all == nil:
		out.Outcome, out.Says = check.Unknown, "it was read of no Region"
	case in[check.Pass] != nil:
		out.Outcome, out.Says = check.Pass, pass
	}
	return []check.Result{out}
}

// regions names some of all Regions.
func regions(some, all []string) string {
	if some, all = once(some), once(all); len(some) == len(all) && len(all) > 1 {
		return "every Region"
	}
	return check.Few(some)
}

func once(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// Machines are the Regions in which machines are made: those with instances, launch templates or groups of them.
func Machines(c check.Case) map[string]bool {
	in := map[string]bool{}
	for _, typ := range machines {
		for _, r := range c.Snapshot.OfType(typ) {
			in[r.Region] = true
		}
	}
	return in
}

var machines = []string{"AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::AutoScalingGroup"}

// OfMachines is a verdict on the Regions in which machines are made. It holds, or is about nothing, only where all of those are known.
func OfMachines(c check.Case, verdict []check.Result) []check.Result {
	if verdict[0].Outcome == check.Fail {
		return verdict
	}
	blind := c.Blind(machines...)
	switch {
	case blind == nil && len(Machines(c)) == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there are no machines, and nothing that makes them"}}
	case blind != nil && verdict[0].Outcome != check.Unknown:
		return blind
	}
	return verdict
}

// Hides tells whether risks may be hidden where a type was not listed. The policies of an organisation, which a member may seldom read, only take away.
func Hides(c check.Case) func(typ string) bool {
	return func(typ string) bool { return typ != "AWS::Organizations::Policy" && c.Access.About(typ) }
}
