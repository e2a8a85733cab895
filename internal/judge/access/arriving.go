package access

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Arriving calls f for every principal that reaches a capability of a resource, and for every entry point at it: the shortest way for each
// set of guards and certainty. the entry is nil once a way, for the principal itself, whoever becomes it or nobody does. With None it tells who
// becomes a principal, itself among them. What leads through administration of the whole account is left out, as in Reaching.
func (t *Table) Arriving(k snapshot.Key, c Capability, f func(*Entry, How)) {
	if t.closed == nil {
		t.closed = t.newClosure()
	}
	to := node{string(k), c}
	ways := t.closed.links
	if c == None {
		ways = t.closed.upstream
	}
	for _, l := range ways(to) {
		n := t.closed.nodes[l.from]
		if !n.isPrincipal() || strings.Contains(n.id, ":group/") {
			continue
		}
		how := How{Principal: t.principalName(n.id), Guards: l.guards, Traces: int(l.traces), Hops: int(l.hops), Seen: l.sure > unseen}
		f(nil, how)
		for _, at := range t.entries[n] {
			with := how
			with.Guards |= at.guards
			f(at.Entry, with)
		}
	}
}

// Taking lists the path steps that need an action, as Options.Cut takes them.
func (t *Table) Taking(action string) []string {
	var out []string
	if strings.EqualFold(action, "sts:AssumeRole") {
		out = append(out, "assume-role")
	}
	for _, r := range t.routes {
		if slices.ContainsFunc(r.Needs, func(n Need) bool { return strings.EqualFold(n.Action, action) }) {
			out = append(out, r.ID)
		}
	}
	return out
}

// LeadsOn tells whether ways lead over resources of a type to other things: whoever takes one over is then what it runs as. Where some of
// them were not listed, there may be ways that no table has.
func (t *Table) LeadsOn(typ string) bool {
	return typ == "AWS::IAM::InstanceProfile" || slices.ContainsFunc(t.byType[typ], func(r *Route) bool { return !holds(r) })
}

// Openers are the types of what opens resources of a type, or is a copy of them: see contents.
func Openers(typ string) []string {
	switch typ {
	case "AWS::RDS::DBInstance":
		return []string{"AWS::RDS::DBSnapshot", "AWS::SecretsManager::Secret", "AWS::SecretsManager::SecretTargetAttachment"}
	case "AWS::RDS::DBCluster":
		return []string{"AWS::RDS::DBClusterSnapshot", "AWS::SecretsManager::Secret", "AWS::SecretsManager::SecretTargetAttachment"}
	case "AWS::Neptune::DBCluster", "AWS::DocDB::DBCluster":
		return []string{"AWS::RDS::DBClusterSnapshot"}
	case "AWS::EC2::Volume":
		return []string{"AWS::EC2::Snapshot"}
	case "AWS::Redshift::Cluster":
		return []string{"AWS::Redshift::ClusterSnapshot"}
	case "AWS::RedshiftServerless::Namespace":
		return []string{"AWS::RedshiftServerless::Snapshot"}
	case "AWS::ElastiCache::ReplicationGroup":
		return []string{"AWS::ElastiCache::Snapshot"}
	case "AWS::MemoryDB::Cluster":
		return []string{"AWS::MemoryDB::Snapshot"}
	case "AWS::FSx::FileSystem":
		return []string{"AWS::FSx::Backup"}
	case "AWS::S3::Bucket":
		return []string{"AWS::S3::AccessPoint"}
	}
	return nil
}

// UnreadRole names the property of a resource that would say which role it has, where it was not read; else "".
func (t *Table) UnreadRole(r *snapshot.Resource) string {
	for _, path := range append(slices.Clip(profileIn[r.Type]), roleIn[r.Type]) {
		if path != "" && r.IsUnknown(path) {
			return path
		}
	}
	return ""
}
