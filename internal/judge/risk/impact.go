package risk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/cost"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// worth is the impact by type where nobody says more; 0 means that the access has no meaning for the type.
type worth struct {
	read, write int
	word        string
}

var byType = map[string]worth{
	"AWS::S3::Bucket":             {3, 3, "bucket"},
	"AWS::RDS::DBInstance":        {3, 4, "database"},
	"AWS::RDS::DBCluster":         {3, 4, "database"},
	"AWS::DynamoDB::Table":        {3, 4, "database"},
	"AWS::RDS::DBSnapshot":        {3, 3, "snapshot"},
	"AWS::RDS::DBClusterSnapshot": {3, 3, "snapshot"},
	"AWS::EC2::Snapshot":          {3, 3, "snapshot"},
	"AWS::EC2::Volume":            {3, 3, "volume"},
	"AWS::EC2::Image":             {2, 4, "image"},
	"AWS::SecretsManager::Secret": {4, 3, "secret"},
	"AWS::SSM::Parameter":         {2, 3, "parameter"},
	"AWS::KMS::Key":               {2, 4, "key"},
	"AWS::Lambda::Function":       {2, 4, "code"},
	"AWS::ECR::Repository":        {2, 4, "image"},
	"AWS::SQS::Queue":             {2, 2, "queue"},
	"AWS::SNS::Topic":             {2, 2, "topic"},
	"AWS::CloudTrail::Trail":      {1, 4, "trail"},
}

// Types lists the types that have rows on the sheet, sorted by the caller's need.
func Types() map[string]bool {
	out := map[string]bool{}
	for t := range byType {
		out[t] = true
	}
	return out
}

var byClass = map[string]int{"public": 1, "internal": 2, "confidential": 4, "restricted": 5}

// Impact is the harm of one unauthorised access, 1..5, with what it was made of.
type Impact struct {
	Level int    // worst end
	Low   int    // on what was seen alone
	Terms []Term // they sum to Level
}

func (i *Impact) add(says string, points int) {
	i.unread(says, points)
	i.Low += points
}

// unread adds what would be there by a fact that was not read: it counts for the worst end alone.
func (i *Impact) unread(says string, points int) {
	i.Terms = append(i.Terms, Term{says, points})
	i.Level += points
}

// atLeast raises to the level of another impact, and says why.
func (i *Impact) atLeast(o Impact, says string) {
	if o.Level > i.Level {
		i.unread(says, o.Level-i.Level)
	}
	i.Low = max(i.Low, o.Low)
}

// clamp keeps 1..5.
func (i *Impact) clamp() Impact {
	if c := min(max(i.Level, 1), 5); c != i.Level {
		i.unread("between 1 and 5", c-i.Level)
	}
	i.Low = min(max(i.Low, 1), 5)
	return *i
}

// ownImpact is the impact of a resource by itself. What may be stated of it, since whether it is meant was not read, counts for the worst end.
func ownImpact(r *snapshot.Resource, c access.Capability, m *threatmodel.Model, costs *cost.Table) Impact {
	i := impactAs(r, c, m.Of(r), m.Class(r), costs)
	for _, st := range m.Perhaps(r) {
		o := impactAs(r, c, st, cmp.Or(st.Class, m.Class(r)), costs)
		if o.Level > i.Level {
			i.unread("whether it is "+st.ID+" was not read", o.Level-i.Level)
		}
		i.Low = min(i.Low, o.Low)
	}
	return i
}

// impactAs is the impact by class, else by type; an owner's number wins.
func impactAs(r *snapshot.Resource, c access.Capability, stated *threatmodel.Resource, class string, costs *cost.Table) Impact {
	var i Impact
	if stated != nil && stated.Impact.Reason != "" {
		n := stated.Impact.Read
		if c == access.Write {
			n = stated.Impact.Write
		}
		if n > 0 {
			i.add("stated: "+stated.Impact.Reason, n)
			return i.clamp()
		}
	}
	w := byType[r.Type]
	if c == access.Read {
		if n := byClass[class]; n > 0 {
			source := "tag"
			if stated != nil && stated.Class != "" {
				source = "stated"
			}
			i.add(class+" ("+source+")", n)
			return i.clamp()
		}
		n, word := w.read, w.word
		if stateFile(r) {
			n, word = 4, "state file"
		}
		if r.Type == "AWS::SSM::Parameter" && r.Text("Type") == "SecureString" {
			n, word = 4, "secret"
		}
		i.add(word, n)
		if r.IsUnknown("Tags") {
			i.unread("its tags, which may tell a class, were not read", 5-n)
		}
		development(&i, r)
		return i.clamp()
	}
	i.add(w.word, w.write)
	switch noBackup(r) {
	case snapshot.Known:
		i.add("neither backup nor versions", 1)
	case snapshot.Unknown:
		i.unread("whether copies are kept was not read", 1)
	}
	if keptElsewhere(r) {
		i.add("versions, a lock, and a copy that its writers cannot touch", -1)
	}
	switch {
	case class == "restricted":
		i.add("restricted", 1)
	case class == "" && r.IsUnknown("Tags"):
		i.unread("its tags, which may say restricted, were not read", 1)
	}
	development(&i, r)
	dear(&i, r, costs)
	return i.clamp()
}

// aFifth is from which part of the bill on a thing matters for what it costs, and dearLevel how much it does at least: who changes what runs there
// changes the bill, and what is worth so much to somebody is missed when it is gone.
const (
	aFifth    = 0.2
	dearLevel = 3
)

// dear raises the impact of what is a fifth of the bill or more, never lowers any. Only what was billed or allocated counts.
func dear(i *Impact, r *snapshot.Resource, costs *cost.Table) {
	if costs == nil {
		return
	}
	share, f, ok := costs.Share(r.Key)
	if ok && share >= aFifth {
		i.atLeast(Impact{Level: dearLevel, Low: dearLevel}, fmt.Sprintf("%.0f %% of the bill of %s (%s)", share*100, f.Period, f.Source))
	}
}

func development(i *Impact, r *snapshot.Resource) {
	for _, k := range []string{"env", "environment", "stage", "Environment", "Env"} {
		switch strings.ToLower(r.Tags[k]) {
		case "dev", "development", "sandbox", "test":
			i.add("development", -1)
			return
		}
	}
}

// stateFile: infrastructure state holds every secret that it was given.
func stateFile(r *snapshot.Resource) bool {
	n := strings.ToLower(r.Name)
	return r.Type == "AWS::S3::Bucket" && (strings.Contains(n, "tfstate") || strings.Contains(n, "terraform-state"))
}

// keptElsewhere tells whether what is overwritten or deleted can be had back whatever its writers do: versions are kept, a lock protects them,
// and rules copy them to a bucket of another account.
func keptElsewhere(r *snapshot.Resource) bool {
	if r.Type != "AWS::S3::Bucket" || r.Text("VersioningConfiguration.Status") != "Enabled" {
		return false
	}
	locked, _ := r.Flag("ObjectLockEnabled")
	rules, _ := r.Maps("ReplicationConfiguration.Rules")
	return locked && slices.ContainsFunc(rules, func(rule map[string]any) bool {
		to, _ := rule["Destination"].(map[string]any)
		account, _ := to["Account"].(string)
		return rule["Status"] == "Enabled" && account != "" && account != r.Account
	})
}

// noBackup is Known when neither versions nor backups are kept, Absent when one is or the type keeps none, Unknown when that was not read.
func noBackup(r *snapshot.Resource) snapshot.State {
	yes := func(kept bool, st snapshot.State) snapshot.State {
		if st == snapshot.Unknown {
			return snapshot.Unknown
		}
		if kept {
			return snapshot.Absent
		}
		return snapshot.Known
	}
	switch r.Type {
	case "AWS::S3::Bucket":
		v, st := r.Property("VersioningConfiguration.Status")
		return yes(v == "Enabled", st)
	case "AWS::RDS::DBInstance", "AWS::RDS::DBCluster":
		n, st := r.Number("BackupRetentionPeriod")
		return yes(n > 0, st)
	case "AWS::DynamoDB::Table":
		on, st := r.Flag("PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled")
		return yes(on, st)
	}
	return snapshot.Absent
}
