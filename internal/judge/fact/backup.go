package fact

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// BackupTypes are what tells what AWS Backup copies, and where to.
func BackupTypes() []string {
	return []string{"AWS::Backup::BackupPlan", "AWS::Backup::BackupSelection", "AWS::Backup::BackupVault", "AWS::Backup::RegionSettings"}
}

// Copies tells whether copies of what a store holds are kept by the store itself, and how; Absent where none are.
func Copies(r *snapshot.Resource) (snapshot.State, string) {
	number := func(path, says string) (snapshot.State, string) {
		n, st := r.Number(path)
		return have(n > 0, st), says
	}
	flag := func(path, says string) (snapshot.State, string) {
		on, st := r.Flag(path)
		return have(on, st), says
	}
	switch r.Type {
	case "AWS::S3::Bucket":
		rules, rst := r.Maps("ReplicationConfiguration.Rules")
		if slices.ContainsFunc(rules, func(rule map[string]any) bool { return rule["Status"] == "Enabled" }) {
			return snapshot.Known, "a copy in another bucket"
		}
		status, st := r.Property("VersioningConfiguration.Status")
		if v := have(status == "Enabled", st); v == snapshot.Known || rst != snapshot.Unknown {
			return v, "versions"
		}
		return snapshot.Unknown, "versions"
	case "AWS::RDS::DBInstance":
		if r.Text("SourceDBInstanceIdentifier") != "" {
			return snapshot.Known, "it is a replica"
		}
		return number("BackupRetentionPeriod", "automatic backups")
	case "AWS::RDS::DBCluster", "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster":
		return number("BackupRetentionPeriod", "automatic backups")
	case "AWS::DynamoDB::Table":
		return flag("PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", "point-in-time recovery")
	case "AWS::EFS::FileSystem":
		status, st := r.Property("BackupPolicy.Status")
		return have(status == "ENABLED" || status == "ENABLING", st), "automatic backups"
	case "AWS::Redshift::Cluster":
		return number("AutomatedSnapshotRetentionPeriod", "automatic snapshots")
	case "AWS::RedshiftServerless::Namespace", "AWS::OpenSearchService::Domain": // the service keeps them whoever wants it or not
		return snapshot.Known, "snapshots that the service takes"
	}
	return snapshot.Absent, ""
}

// have is Known for yes and Absent for no, unless it was not read.
func have(yes bool, st snapshot.State) snapshot.State {
	switch {
	case st == snapshot.Unknown:
		return st
	case yes:
		return snapshot.Known
	}
	return snapshot.Absent
}

// Planned tells whether a plan of AWS Backup copies a store and keeps that for so many days at least, and which. Unknown: a plan, or what it selects, was
// not read.
func Planned(c check.Case, r *snapshot.Resource, days int) (snapshot.State, string) {
	out := snapshot.Absent
	for _, typ := range []string{"AWS::Backup::BackupPlan", "AWS::Backup::BackupSelection"} {
		if !c.Listed(typ, r.Region) {
			out = snapshot.Unknown
		}
	}
	plans := map[string]*snapshot.Resource{}
	for _, p := range c.Snapshot.OfType("AWS::Backup::BackupPlan") {
		plans[p.Region+"/"+p.Text("BackupPlanId")] = p
	}
	for _, s := range c.Snapshot.OfType("AWS::Backup::BackupSelection") {
		plan := plans[s.Region+"/"+s.Text("BackupPlanId")]
		if s.Region != r.Region || plan == nil {
			continue
		}
		rules, st := plan.Maps("BackupPlan.BackupPlanRule")
		if st == snapshot.Known && !slices.ContainsFunc(rules, func(rule map[string]any) bool { return keeps(rule, days) }) {
			continue
		}
		switch is := selects(c, s, r); {
		case is == snapshot.Known && st == snapshot.Unknown:
			out = snapshot.Unknown
		case is == snapshot.Known:
			return snapshot.Known, "the plan " + plan.Name
		case is == snapshot.Unknown:
			out = snapshot.Unknown
		}
	}
	return out, ""
}

// keeps tells whether what a rule of a plan copies lives for some days; it does for ever where nothing is said.
func keeps(rule map[string]any, days int) bool {
	n, st := (&snapshot.Resource{Properties: rule}).Number("Lifecycle.DeleteAfterDays")
	return st == snapshot.Absent || n >= float64(days)
}

// optIn is what AWS Backup calls a type where it asks whether to copy things of it.
var optIn = map[string]string{"AWS::S3::Bucket": "S3", "AWS::RDS::DBInstance": "RDS", "AWS::RDS::DBCluster": "Aurora", "AWS::DocDB::DBCluster": "DocumentDB", "AWS::Neptune::DBCluster": "Neptune",
	"AWS::DynamoDB::Table": "DynamoDB", "AWS::EFS::FileSystem": "EFS", "AWS::Redshift::Cluster": "Redshift"}

// selects tells whether a selection is about a thing: it matches one of its patterns, or has one of its tags; meets all of its conditions; and is
// not left out. What is selected by tags or by a star alone is copied only where the Region copies things of its kind.
// "Assign resources with AWS CLI", https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources-json.html
func selects(c check.Case, s, r *snapshot.Resource) snapshot.State {
	const of = "BackupSelection."
	for _, path := range []string{"Resources", "NotResources", "ListOfTags", "Conditions"} {
		if s.IsUnknown(of + path) {
			return snapshot.Unknown
		}
	}
	if optIn[r.Type] == "" { // AWS Backup knows no such things
		return snapshot.Absent
	}
	patterns, _ := s.Strings(of + "Resources")
	tags, _ := s.Maps(of + "ListOfTags")
	not, _ := s.Strings(of + "NotResources")
	matches := func(list []string) (any, named bool) {
		for _, p := range list {
			if iam.Match(p, string(r.Key)) {
				any = true
				arn, ok := iam.SplitARN(p)
				named = named || ok && arn.Resource != "*" && arn.Resource != ""
			}
		}
		return any, named
	}
	if left, _ := matches(not); left {
		return snapshot.Absent
	}
	out, named := matches(patterns)
	yes := have(out || len(patterns)+len(tags) == 0, snapshot.Known)
	if yes != snapshot.Known {
		for _, t := range tags {
			if x := tagged(r, t, func(have, want string) bool { return have == want }); x == snapshot.Known || x == snapshot.Unknown && yes == snapshot.Absent {
				yes = x
			}
		}
	}
	yes = both(yes, conditions(s, r))
	if yes == snapshot.Known && !named {
		yes = opted(c, r)
	}
	return yes
}

// conditions are all met, or one is not.
func conditions(s, r *snapshot.Resource) snapshot.State {
	out := snapshot.Known
	for _, x := range []struct {
		name string
		ok   func(have, want string) bool
	}{
		{"StringEquals", func(have, want string) bool { return have == want }},
		{"StringLike", func(have, want string) bool { return iam.Match(want, have) }},
		{"StringNotEquals", func(have, want string) bool { return have != want }},
		{"StringNotLike", func(have, want string) bool { return !iam.Match(want, have) }},
	} {
		list, _ := s.Maps("BackupSelection.Conditions." + x.name)
		for _, t := range list {
			out = both(out, tagged(r, t, x.ok))
		}
	}
	return out
}

// both is yes where both are, no where one is not.
func both(a, b snapshot.State) snapshot.State {
	switch {
	case a == snapshot.Absent || b == snapshot.Absent:
		return snapshot.Absent
	case a == snapshot.Unknown || b == snapshot.Unknown:
		return snapshot.Unknown
	}
	return snapshot.Known
}

func tagged(r *snapshot.Resource, t map[string]any, ok func(have, want string) bool) snapshot.State {
	key, _ := t["ConditionKey"].(string)
	want, _ := t["ConditionValue"].(string)
	if r.IsUnknown("Tags") {
		return snapshot.Unknown
	}
	return have(ok(r.Tags[strings.TrimPrefix(key, "aws:ResourceTag/")], want), snapshot.Known)
}

// opted tells whether AWS Backup copies things of a kind in a Region.
func opted(c check.Case, r *snapshot.Resource) snapshot.State {
	for _, s := range c.Snapshot.OfType("AWS::Backup::RegionSettings") {
		if s.Region == r.Region {
			on, st := s.Flag("ResourceTypeOptInPreference." + optIn[r.Type])
			return have(on, st)
		}
	}
	return snapshot.Unknown
}

// Vault is one to which a plan copies, or may: what the plan does was not read; and whether what is in it survives whoever may delete backups.
type Vault struct {
	*snapshot.Resource
	Plans []string
	Safe  snapshot.State // it is locked; or so is the vault, or in another account, to which every plan copies what it puts there
	Says  string
}

// Vaults lists the vaults of the account to which plans copy, in key order. Those that AWS makes and guards by itself (aws/…) are left out.
func Vaults(c check.Case) []Vault {
	var out []Vault
	for _, v := range c.Snapshot.OfType("AWS::Backup::BackupVault") {
		x := Vault{Resource: v}
		if strings.HasPrefix(v.Text("BackupVaultName"), "aws/") {
			continue
		}
		copied, where := snapshot.Known, ""
		for _, p := range c.Snapshot.OfType("AWS::Backup::BackupPlan") {
			if p.Region == v.Region && (p.IsUnknown("BackupPlan") || p.IsUnknown("BackupPlan.BackupPlanRule")) { // it may be this vault
				x.Plans, copied = append(x.Plans, p.Name), both(copied, snapshot.Unknown)
				continue
			}
			rules, _ := p.Maps("BackupPlan.BackupPlanRule")
			for _, rule := range rules {
				if p.Region == v.Region && rule["TargetBackupVault"] == v.Text("BackupVaultName") {
					x.Plans = append(x.Plans, p.Name)
					st, to := elsewhere(c, rule)
					copied, where = both(copied, st), cmp.Or(to, where)
				}
			}
		}
		if len(x.Plans) == 0 {
			continue
		}
		slices.Sort(x.Plans)
		x.Plans = slices.Compact(x.Plans)
		if x.Safe, x.Says = Locked(v); x.Safe != snapshot.Known && copied != snapshot.Absent {
			x.Safe, x.Says = copied, "it is copied to "+where
		}
		out = append(out, x)
	}
	return out
}

// elsewhere tells whether a rule of a plan copies on to a vault that is locked, or that another account has.
func elsewhere(c check.Case, rule map[string]any) (snapshot.State, string) {
	if arn, _ := rule["TargetLogicallyAirGappedBackupVaultArn"].(string); arn != "" {
		return snapshot.Known, "an air-gapped vault"
	}
	out := snapshot.Absent
	actions, _ := rule["CopyActions"].([]any)
	for _, action := range actions {
		m, _ := action.(map[string]any)
		to, _ := m["DestinationBackupVaultArn"].(string)
		if a, ok := iam.SplitARN(to); ok && a.Account != c.Snapshot.Account {
			return snapshot.Known, "account " + a.Account
		}
		v, ok := c.Snapshot.Get(snapshot.Key(to))
		if !ok {
			out = snapshot.Unknown // a vault that was not seen
			continue
		}
		switch st, says := Locked(v); st {
		case snapshot.Known:
			return st, v.Name + ": " + says
		case snapshot.Unknown:
			out = st
		}
	}
	return out, ""
}

// Locked tells whether nobody deletes what is in a vault before its time: it has a lock, or is air-gapped, which is always locked. A lock without a
// date at which it sets can be taken off by whoever may do that.
// "AWS Backup Vault Lock", https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
func Locked(v *snapshot.Resource) (snapshot.State, string) {
	if v.Text("VaultType") == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" {
		return snapshot.Known, "it is air-gapped"
	}
	if v.IsUnknown("LockConfiguration") || v.IsUnknown("LockConfiguration.Locked") {
		return snapshot.Unknown, ""
	}
	on, _ := v.Flag("LockConfiguration.Locked")
	_, days := v.Number("LockConfiguration.MinRetentionDays")
	if on || days == snapshot.Known {
		return snapshot.Known, "it is locked"
	}
	return snapshot.Absent, ""
}
