package access

import (
	"maps"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// holds decides the preconditions of a route on a resource. They read:
//
//	trusts SERVICE       a role that a service may hold
//	federated KIND       a role that identities of a provider may hold: saml-provider, oidc-provider
//	property NAME        a property that is true or not empty
//	not property NAME    a property that is known to be false or missing
//	equals NAME VALUE    a property with that text
//	not equals NAME VALUE
//	customer             not AWS's own (managed policies, keys, service-linked and single sign-on roles)
//	bounded              a user or role with a permissions boundary
//	acls                 a bucket whose access control lists count
//	shareable            a snapshot that is not under a key of AWS's own
//	caller user          not of the resource: only users can take the route
//	policy, denied, deployed, management   see circumstance
//	unread WHAT          depends on something that no snapshot holds: the way may be there
//
// A principal of another account, of which a file may tell, is changed, passed and run by nobody here.
func (t *Table) holds(rt *Route, r *snapshot.Resource) snapshot.State {
	switch r.Type {
	case "AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group":
		if !t.ours(string(r.Key)) {
			return snapshot.Absent
		}
	}
	all := snapshot.Known
	for _, w := range rt.When {
		switch st := t.condition(w, r); st {
		case snapshot.Absent:
			return snapshot.Absent
		case snapshot.Unknown:
			all = snapshot.Unknown
		}
	}
	return all
}

const callerUser = "caller user"

func (t *Table) condition(when string, r *snapshot.Resource) snapshot.State {
	verb, rest, _ := strings.Cut(when, " ")
	switch verb {
	case "trusts":
		return t.mayHold(r, rest)
	case "customer":
		if r.Text("KeyManager") == "AWS" || ownedByAWS(string(r.Key)) {
			return snapshot.Absent
		}
		return snapshot.Known
	case "federated":
		return t.trustsProvider(r, rest)
	case "bounded":
		_, st := r.Property("PermissionsBoundary")
		return st
	case "caller":
		return snapshot.Known // asked of each caller, see prospects
	case "acls":
		return aclsCount(r)
	case "shareable":
		return t.relations.shareable(r)
	case "unread":
		return snapshot.Unknown
	case "property":
		return truth(r, rest)
	case "not":
		switch t.condition(rest, r) {
		case snapshot.Known:
			return snapshot.Absent
		case snapshot.Absent:
			return snapshot.Known
		}
		return snapshot.Unknown
	case "equals":
		name, value, _ := strings.Cut(rest, " ")
		v, st := r.Property(name)
		if s, ok := v.(string); st == snapshot.Known && (!ok || !strings.EqualFold(s, value)) {
			return snapshot.Absent
		}
		return st
	}
	return t.circumstance(when, r)
}

func truth(r *snapshot.Resource, path string) snapshot.State {
	v, st := r.Property(path)
	if b, ok := r.Flag(path); ok == snapshot.Known && !b {
		if _, isText := v.(string); !isText {
			if _, isBool := v.(bool); isBool {
				return snapshot.Absent
			}
		}
	}
	return st
}

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

// circumstance decides the preconditions that are about more than one property of the resource:
//
//	policy       it has a policy of its own
//	denied       a policy of the principal denies it something
//	deployed     a deployment group of CodeDeploy puts code on the instance
//	management   the account manages its organization
func (t *Table) circumstance(when string, r *snapshot.Resource) snapshot.State {
	switch when {
	case "policy":
		ps, read := t.decisions.Policies(r.Key)
		return known(len(ps) > 0, !read)
	case "denied":
		denies := slices.ContainsFunc(t.decisions.Identity(r.Key), func(p *iam.Policy) bool {
			return slices.ContainsFunc(p.Statements, func(st iam.Statement) bool { return st.Effect == iam.EffectDeny })
		})
		return known(denies, t.decisions.UnreadIdentity(r.Key))
	case "deployed":
		groups := t.snap.OfType("AWS::CodeDeploy::DeploymentGroup")
		tagsRead := !slices.Contains(r.Unknown, "Tags")
		return known(slices.ContainsFunc(groups, func(g *snapshot.Resource) bool { return deploysTo(g, r.Tags) }), !tagsRead || t.unread("AWS::CodeDeploy::DeploymentGroup"))
	case "management":
		for _, o := range t.snap.OfType("AWS::Organizations::Organization") {
			v, state := o.Property("ManagementAccountId")
			return known(v == t.snap.Account, state != snapshot.Known)
		}
		return known(false, t.unread("AWS::Organizations::Organization"))
	}
	return snapshot.Unknown
}

// known is the state of what was found, or may be among what was not read.
func known(found, unread bool) snapshot.State {
	switch {
	case found:
		return snapshot.Known
	case unread:
		return snapshot.Unknown
	}
	return snapshot.Absent
}

// deploysTo tells whether a deployment group has an instance with these tags, by its filters or its Auto Scaling groups
// (AWS CodeDeploy User Guide, "Tagging instances for deployment groups in CodeDeploy",
// https://docs.aws.amazon.com/codedeploy/latest/userguide/instances-tagging.html: within a group of filters any will do, and all groups must).
func deploysTo(g *snapshot.Resource, tags map[string]string) bool {
	anyOf := func(filters []map[string]any) bool {
		return slices.ContainsFunc(filters, func(f map[string]any) bool {
			key, _ := f["Key"].(string)
			value, _ := f["Value"].(string)
			have, has := tags[key]
			switch f["Type"] {
			case "KEY_ONLY":
				return has
			case "VALUE_ONLY":
				return slices.Contains(slices.Collect(maps.Values(tags)), value)
			}
			return has && have == value
		})
	}
	scaling, _ := g.Strings("AutoScalingGroups")
	if slices.Contains(scaling, tags["aws:autoscaling:groupName"]) {
		return true
	}
	if filters, _ := g.Maps("Ec2TagFilters"); anyOf(filters) {
		return true
	}
	sets, _ := g.Maps("Ec2TagSet.Ec2TagSetList")
	for _, set := range sets {
		list, _ := set["Ec2TagGroup"].([]any)
		var filters []map[string]any
		for _, f := range list {
			if m, ok := f.(map[string]any); ok {
				filters = append(filters, m)
			}
		}
		if !anyOf(filters) {
			return false
		}
	}
	return len(sets) > 0
}
