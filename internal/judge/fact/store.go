package fact

import (
	"slices"
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
)

// StoreTypes are the types that keep data of their own. Members of a cluster are part of it, and disks part of their machine.
func StoreTypes() []string {
	return []string{"AWS::S3::Bucket", "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster", "AWS::DynamoDB::Table",
		"AWS::EFS::FileSystem", "AWS::Redshift::Cluster", "AWS::RedshiftServerless::Namespace", "AWS::OpenSearchService::Domain"}
}

// Stores lists what keeps data, by type and key.
func Stores(c check.Case) []*snapshot.Resource {
	var out []*snapshot.Resource
	for _, typ := range StoreTypes() {
		for _, r := range c.Snapshot.OfType(typ) {
			if typ != "AWS::RDS::DBInstance" || r.Text("DBClusterIdentifier") == "" {
				out = append(out, r)
			}
		}
	}
	return out
}

// Sensitive tells whether a thing is of class confidential or restricted, or may be: whether it is was not read.
func Sensitive(c check.Case, r *snapshot.Resource) snapshot.State {
	high := func(class string) bool { return class == "confidential" || class == "restricted" }
	switch class := c.Model.Class(r); {
	case high(class):
		return snapshot.Known
	case class == "" && r.IsUnknown("Tags"):
		return snapshot.Unknown
	}
	for _, st := range c.Model.Perhaps(r) {
		if high(st.Class) {
			return snapshot.Unknown
		}
	}
	return snapshot.Absent
}

// Critical tells whether losing what is in a store would be grave: it is sensitive, somebody states an impact of writing of 4 or more, or it is a
// database, whose kind alone weighs so much.
func Critical(c check.Case, r *snapshot.Resource) snapshot.State {
	if st := c.Model.Of(r); st != nil && st.Impact.Reason != "" && st.Impact.Write > 0 {
		if st.Impact.Write >= 4 {
			return snapshot.Known
		}
		return snapshot.Absent
	}
	switch r.Type {
	case "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster", "AWS::DynamoDB::Table":
		return snapshot.Known
	}
	return Sensitive(c, r)
}

// rowsOf are the rows of the sheet about one thing: reading and writing; none where it has none.
func rowsOf(c check.Case, k snapshot.Key) []*risk.Row {
	var out []*risk.Row
	if c.Sheet == nil {
		return out
	}
	for i := range c.Sheet.Rows {
		if c.Sheet.Rows[i].Key == k {
			out = append(out, &c.Sheet.Rows[i])
		}
	}
	return out
}

// Weighs is the highest risk of what would be done to some things: the impact of the access on a row times a likelihood, and no more than the risk of
// that row. 0 where none has a row.
func Weighs(c check.Case, keys map[snapshot.Key]bool, a access.Capability, likelihood int) int {
	out := 0
	for i := range c.Sheet.Rows {
		if row := &c.Sheet.Rows[i]; keys[row.Key] && row.Access == a {
			out = max(out, min(row.FullRisk(), row.Impact.Level*likelihood))
		}
	}
	return out
}

// Workloads are the roles that something in the account runs as, and what that is.
func Workloads(c check.Case) map[string][]snapshot.Key {
	out := map[string][]snapshot.Key{}
	for i := range c.Snapshot.Resources {
		r := &c.Snapshot.Resources[i]
		if role, ok := c.Access.RunsAs(r); ok && !slices.Contains(out[string(role)], r.Key) {
			out[string(role)] = append(out[string(role)], r.Key)
		}
	}
	return out
}

// SecretUsed and SecretChanged are kinds of observations of the source "secretsmanager": when a secret was fetched last (a day), and its value or
// description changed last. They are no properties, since an account in which somebody worked is not a changed one.
const (
	SecretUsed    = "secret-last-used"
	SecretChanged = "secret-last-changed"
)

// Moment is when something of that kind was observed about a thing last; the zero time if it was not.
func Moment(c check.Case, k snapshot.Key, kind string) time.Time {
	var out time.Time
	for _, o := range c.Snapshot.Observed(k) {
		if o.Kind == kind && o.At.After(out) {
			out = o.At
		}
	}
	return out
}
