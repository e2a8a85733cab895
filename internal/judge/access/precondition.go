package access

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// ownedByAWS: managed policies of AWS, service-linked roles and the roles of IAM Identity Center cannot be edited
// (IAM User Guide, "Create a service-linked role"; IAM Identity Center User Guide, "Referencing permission sets in resource policies").
func ownedByAWS(arn string) bool {
	return strings.Contains(arn, ":iam::aws:policy/") || strings.Contains(arn, ":role/aws-service-role/") || strings.Contains(arn, ":role/aws-reserved/")
}

// aclsCount: with BucketOwnerEnforced they are off; a bucket without the setting is from before it existed
// (Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket").
func aclsCount(r *snapshot.Resource) snapshot.State {
	if r.IsUnknown("OwnershipControls") {
		return snapshot.Unknown
	}
	rules, _ := r.Maps("OwnershipControls.Rules")
	for _, rule := range rules {
		if rule["ObjectOwnership"] == "BucketOwnerEnforced" {
			return snapshot.Absent
		}
	}
	return snapshot.Known
}

// shareable: what is under a key of AWS's own cannot be given to another account
// (Amazon EBS User Guide, "Share an Amazon EBS snapshot"; Amazon RDS User Guide, "Sharing encrypted snapshots").
func (r *relations) shareable(res *snapshot.Resource) snapshot.State {
	encrypted, state := res.Flag("Encrypted")
	switch {
	case state == snapshot.Unknown || encrypted && res.IsUnknown("KmsKeyId"):
		return snapshot.Unknown
	case !encrypted:
		return snapshot.Known
	}
	if _, key := r.keyOf(res); key == snapshot.Absent {
		return snapshot.Absent
	}
	return snapshot.Known
}

// trustsProvider tells whether a role's trust policy names an identity provider of a kind.
func (t *Table) trustsProvider(role *snapshot.Resource, kind string) snapshot.State {
	ps, read := t.decisions.Policies(role.Key)
	if !read {
		return snapshot.Unknown
	}
	state := snapshot.Absent
	for _, p := range ps {
		if len(p.Unparsed) > 0 {
			state = snapshot.Unknown
		}
		for i := range p.Statements {
			st := &p.Statements[i]
			if st.Effect == iam.EffectAllow && st.Principals != nil && slices.ContainsFunc(st.Principals.Federated, func(f string) bool { return strings.Contains(f, ":"+kind+"/") }) {
				return snapshot.Known
			}
		}
	}
	return state
}
