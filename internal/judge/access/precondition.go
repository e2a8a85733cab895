package access

import (
	"maps"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
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
			if st.Effect == iam.EffectAllow && st.Principals != nil && slices.ContainsFunc(st.Principals.Federated, func(f string) bool { return strings.Contains(f, ":"+kind+"/") || f == kind+".amazonaws.com" }) {
				return snapshot.Known
			}
		}
	}
	return state
}

// findServices finds out which services the trust policies of all roles name.
func (t *Table) findServices() {
	t.serviceNames, t.services = map[snapshot.Key][]string{}, map[string]bool{}
	for _, role := range t.snap.OfType("AWS::IAM::Role") {
		names := t.namedServices(role)
		t.serviceNames[role.Key] = names
		for _, name := range names {
			t.services[anywhere(name)] = true
		}
	}
}

// possible is false of routes on what no resource is: roles of a service that no trust policy names.
func (t *Table) possible(rt *Route) bool {
	for _, w := range rt.When {
		if service, ok := strings.CutPrefix(w, "trusts "); ok && !t.services[service] && !t.services["*"] {
			return false
		}
	}
	return true
}

// mayHold asks whether a service may hold a role. Most trust policies name one service, and most routes ask for another: that costs no
// decision. Some name the service of one Region, such as logs.eu-west-1.amazonaws.com, or of another partition, ec2.amazonaws.com.cn
// (IAM User Guide, "AWS JSON policy elements: Principal", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
func (t *Table) mayHold(role *snapshot.Resource, service string) snapshot.State {
	best := snapshot.Absent
	for _, name := range t.serviceNames[role.Key] {
		switch name {
		case "*":
			name = service
		default:
			if anywhere(name) != service {
				continue
			}
		}
		switch t.trustsService(role, name) {
		case snapshot.Known:
			return snapshot.Known
		case snapshot.Unknown:
			best = snapshot.Unknown
		}
	}
	return best
}

// namedServices lists the services that a role's trust policy names; "*" stands for any, where it does not say, or was not read.
func (t *Table) namedServices(role *snapshot.Resource) []string {
	ps, read := t.decisions.Policies(role.Key)
	names := []string{}
	if !read {
		names = append(names, "*")
	}
	for _, p := range ps {
		if len(p.Unparsed) > 0 {
			names = append(names, "*")
		}
		for i := range p.Statements {
			switch st := &p.Statements[i]; {
			case st.Effect != iam.EffectAllow:
			case st.Principals == nil || st.Principals.Any:
				names = append(names, "*")
			default:
				names = append(names, st.Principals.Service...)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// anywhere takes the Region and the partition out of the name of a service.
func anywhere(service string) string {
	f := strings.Split(strings.TrimSuffix(service, ".cn"), ".")
	if n := len(f); n > 3 && strings.Count(f[n-3], "-") > 1 && strings.ContainsAny(f[n-3], "123456789") {
		f = slices.Delete(f, n-3, n-2)
	}
	return strings.Join(f, ".")
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

// code lists what a resource runs and somebody may overwrite: the repository of its image, when a tag names it that may be moved, the
// object of its script, the repository of its source.
func (t *Table) code(r *snapshot.Resource) []decide.Column {
	var out []decide.Column
	for _, arn := range t.runs(r) {
		if repository, ok := t.snap.Get(snapshot.Key(arn)); !ok {
			out = append(out, decide.Column{Resource: arn})
		} else if !strings.EqualFold(repository.Text("ImageTagMutability"), "IMMUTABLE") {
			out = append(out, decide.Column{On: repository.Key})
		}
	}
	return out
}
