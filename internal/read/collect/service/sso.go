package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	idtypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

const (
	typeSSOInstance   = "AWS::SSO::Instance"
	typePermissionSet = "AWS::SSO::PermissionSet"
	typeAssignment    = "AWS::SSO::Assignment"
	typeDirectoryUser = "AWS::IdentityStore::User"
	typeDirectory     = "AWS::IdentityStore::Group"

	listPermissionSets = "ssoadmin:ListPermissionSets"
	listAssignments    = "ssoadmin:ListAccountAssignments"
	listUsers          = "identitystore:ListUsers"
	listGroups         = "identitystore:ListGroups"
)

// SSO reads IAM Identity Center: permission sets, who has which of them in this account, and the names of those. All but the instance
// can be read only by the account that owns it and those that it has made administrators; for the others that is one gap.
func SSO() Service {
	const why = "each part of a permission set has its own call"
	return Service{
		Name: "sso",
		Calls: []Call{
			list("ssoadmin:ListInstances", "sso:ListInstances", "Instances", "whether people sign in through Identity Center", typeSSOInstance),
			below(listPermissionSets, "sso:ListPermissionSets", "PermissionSets", "what people may get", typePermissionSet),
			about("ssoadmin:DescribePermissionSet", "sso:DescribePermissionSet", "PermissionSet", why),
			about("ssoadmin:ListManagedPoliciesInPermissionSet", "sso:ListManagedPoliciesInPermissionSet", "?AttachedManagedPolicies", why),
			about("ssoadmin:ListCustomerManagedPolicyReferencesInPermissionSet", "sso:ListCustomerManagedPolicyReferencesInPermissionSet", "?CustomerManagedPolicyReferences", why),
			about("ssoadmin:GetInlinePolicyForPermissionSet", "sso:GetInlinePolicyForPermissionSet", "?InlinePolicy", why),
			about("ssoadmin:GetPermissionsBoundaryForPermissionSet", "sso:GetPermissionsBoundaryForPermissionSet", "?PermissionsBoundary", why),
			about("ssoadmin:ListTagsForResource", "sso:ListTagsForResource", "?Tags", why),
			about("ssoadmin:ListPermissionSetsProvisionedToAccount", "sso:ListPermissionSetsProvisionedToAccount", "?PermissionSets", "which of them reach this account"),
			below(listAssignments, "sso:ListAccountAssignments", "?AccountAssignments", "who has them here", typeAssignment),
			below(listUsers, "identitystore:ListUsers", "Users", "who those are", typeDirectoryUser),
			below(listGroups, "identitystore:ListGroups", "Groups", "who those are", typeDirectory),
			about("identitystore:ListGroupMemberships", "identitystore:ListGroupMemberships", "GroupMemberships", "who those are"),
		},
		Read: readSSO,
	}
}

// directory counts the answers about everything below the instances.
type directory struct{ sets, assignments, users, groups *tally }

func readSSO(ctx context.Context, s *Scope) {
	c := ssoadmin.NewFromConfig(s.Config())
	var instances []types.InstanceMetadata
	complete := pages(ctx, s, "ssoadmin:ListInstances", ssoadmin.NewListInstancesPaginator(c, &ssoadmin.ListInstancesInput{}), func(o *ssoadmin.ListInstancesOutput) {
		for _, i := range o.Instances {
			if home := deref(i.PrimaryRegion); home == "" || home == s.Region { // told once, in its own Region
				instances = append(instances, i)
			}
		}
	})
	d := directory{newTally(complete), newTally(complete), newTally(complete), newTally(complete)}
	for _, i := range instances {
		readInstance(ctx, s, c, i, d)
	}
	if len(d.sets.failed) > 0 { // what is below them was not asked: one gap for everything
		d.sets.note(s, listPermissionSets, typePermissionSet, typeAssignment, typeDirectoryUser, typeDirectory)
		return
	}
	d.groups.parents = complete && len(d.assignments.failed) == 0
	d.users.parents = d.groups.parents && len(d.groups.failed) == 0
	d.sets.note(s, listPermissionSets)
	d.assignments.note(s, listAssignments)
	d.users.note(s, listUsers)
	d.groups.note(s, listGroups)
}

func readInstance(ctx context.Context, s *Scope, c *ssoadmin.Client, i types.InstanceMetadata, d directory) {
	var sets []string
	_, err := turn(ctx, s, ssoadmin.NewListPermissionSetsPaginator(c, &ssoadmin.ListPermissionSetsInput{InstanceArn: i.InstanceArn, MaxResults: aws.Int32(100)}), func(o *ssoadmin.ListPermissionSetsOutput) {
		sets = append(sets, o.PermissionSets...)
	})
	key := snapshotKey(i.InstanceArn)
	d.sets.count(key, err)
	if err == nil || deref(i.OwnerAccountId) == s.Account { // else it is visible here, and nobody here can change it
		r := s.New(typeSSOInstance, string(key), deref(i.Name), "ssoadmin:ListInstances")
		set(r.Properties, "Name", i.Name)
		set(r.Properties, "IdentityStoreId", i.IdentityStoreId)
		set(r.Properties, "OwnerAccountId", i.OwnerAccountId)
		r.Unknown = append(r.Unknown, "Tags")
		s.Add(*r)
	}
	if err != nil {
		return
	}
	Each(ctx, sets, func(ctx context.Context, arn string) { s.Add(*permissionSet(ctx, s, c, i.InstanceArn, arn)) })
	readDirectory(ctx, s, i.IdentityStoreId, readAssignments(ctx, s, c, i.InstanceArn, d), d)
}

func permissionSet(ctx context.Context, s *Scope, c *ssoadmin.Client, instance *string, arn string) *snapshot.Resource {
	r := s.New(typePermissionSet, arn, afterLast(arn, '/'), listPermissionSets)
	p := r.Properties
	set(p, "InstanceArn", instance)
	if o := part(ctx, s, r, "Name", "ssoadmin:DescribePermissionSet", c.DescribePermissionSet, &ssoadmin.DescribePermissionSetInput{InstanceArn: instance, PermissionSetArn: &arn}); o != nil && o.PermissionSet != nil {
		r.Name = deref(o.PermissionSet.Name)
		set(p, "Name", o.PermissionSet.Name)
		set(p, "SessionDuration", o.PermissionSet.SessionDuration)
	} else {
		r.Unknown = append(r.Unknown, "SessionDuration")
	}
	var managed []types.AttachedManagedPolicy
	if pagesOf(ctx, s, r, "ManagedPolicies", "ssoadmin:ListManagedPoliciesInPermissionSet",
		ssoadmin.NewListManagedPoliciesInPermissionSetPaginator(c, &ssoadmin.ListManagedPoliciesInPermissionSetInput{InstanceArn: instance, PermissionSetArn: &arn}),
		func(o *ssoadmin.ListManagedPoliciesInPermissionSetOutput) {
			managed = append(managed, o.AttachedManagedPolicies...)
		}) {
		many(p, "ManagedPolicies", sorted(managed, func(a types.AttachedManagedPolicy) any { return deref(a.Arn) }))
	}
	var own []types.CustomerManagedPolicyReference
	if pagesOf(ctx, s, r, "CustomerManagedPolicyReferences", "ssoadmin:ListCustomerManagedPolicyReferencesInPermissionSet",
		ssoadmin.NewListCustomerManagedPolicyReferencesInPermissionSetPaginator(c, &ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput{InstanceArn: instance, PermissionSetArn: &arn}),
		func(o *ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetOutput) {
			own = append(own, o.CustomerManagedPolicyReferences...)
		}) {
		many(p, "CustomerManagedPolicyReferences", sorted(own, policyReference))
	}
	if o := part(ctx, s, r, "InlinePolicy", "ssoadmin:GetInlinePolicyForPermissionSet", c.GetInlinePolicyForPermissionSet,
		&ssoadmin.GetInlinePolicyForPermissionSetInput{InstanceArn: instance, PermissionSetArn: &arn}); o != nil {
		setPolicy(r, "InlinePolicy", o.InlinePolicy)
	}
	if o := part(ctx, s, r, "PermissionsBoundary", "ssoadmin:GetPermissionsBoundaryForPermissionSet", c.GetPermissionsBoundaryForPermissionSet,
		&ssoadmin.GetPermissionsBoundaryForPermissionSetInput{InstanceArn: instance, PermissionSetArn: &arn}, "ResourceNotFoundException"); o != nil && o.PermissionsBoundary != nil {
		m := object{}
		set(m, "ManagedPolicyArn", o.PermissionsBoundary.ManagedPolicyArn)
		if own := o.PermissionsBoundary.CustomerManagedPolicyReference; own != nil {
			m["CustomerManagedPolicyReference"] = policyReference(*own)
		}
		p["PermissionsBoundary"] = m
	}
	var tags []types.Tag
	if pagesOf(ctx, s, r, "Tags", "ssoadmin:ListTagsForResource", ssoadmin.NewListTagsForResourcePaginator(c, &ssoadmin.ListTagsForResourceInput{InstanceArn: instance, ResourceArn: &arn}),
		func(o *ssoadmin.ListTagsForResourceOutput) { tags = append(tags, o.Tags...) }) {
		r.Tags = tagsOf(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	}
	return r
}

func policyReference(p types.CustomerManagedPolicyReference) any {
	m := object{}
	set(m, "Name", p.Name)
	set(m, "Path", p.Path)
	return m
}

// readAssignments reads who has something in this account, and returns the groups and users among them.
func readAssignments(ctx context.Context, s *Scope, c *ssoadmin.Client, instance *string, d directory) map[types.PrincipalType]map[string]bool {
	who := map[types.PrincipalType]map[string]bool{types.PrincipalTypeUser: {}, types.PrincipalTypeGroup: {}}
	var here []string
	_, err := turn(ctx, s, ssoadmin.NewListPermissionSetsProvisionedToAccountPaginator(c, &ssoadmin.ListPermissionSetsProvisionedToAccountInput{InstanceArn: instance, AccountId: &s.Account, MaxResults: aws.Int32(100)}),
		func(o *ssoadmin.ListPermissionSetsProvisionedToAccountOutput) {
			here = append(here, o.PermissionSets...)
		})
	d.assignments.count(snapshotKey(instance), err)
	Each(ctx, here, func(ctx context.Context, arn string) {
		in := &ssoadmin.ListAccountAssignmentsInput{InstanceArn: instance, AccountId: &s.Account, PermissionSetArn: &arn, MaxResults: aws.Int32(100)}
		_, err := turn(ctx, s, ssoadmin.NewListAccountAssignmentsPaginator(c, in), func(o *ssoadmin.ListAccountAssignmentsOutput) {
			for _, a := range o.AccountAssignments {
				kind, id := a.PrincipalType, deref(a.PrincipalId)
				r := s.New(typeAssignment, arn+":assignment/"+s.Account+"/"+string(kind)+"/"+id, id, listAssignments)
				r.Properties = object{"InstanceArn": deref(instance), "PermissionSetArn": arn, "PrincipalType": string(kind), "PrincipalId": id, "TargetType": "AWS_ACCOUNT", "TargetId": s.Account}
				s.Add(*r)
				s.mu.Lock()
				if who[kind] != nil {
					who[kind][id] = true
				}
				s.mu.Unlock()
			}
		})
		d.assignments.count(snapshot.Key(arn), err)
	})
	return who
}

// readDirectory keeps the names of the users and groups that have something in this account, directly or through a group, and of
// nobody else; never an address.
func readDirectory(ctx context.Context, s *Scope, store *string, who map[types.PrincipalType]map[string]bool, d directory) {
	c := identitystore.NewFromConfig(s.Config())
	users, groups := who[types.PrincipalTypeUser], who[types.PrincipalTypeGroup]
	if len(groups) > 0 {
		var found []*snapshot.Resource
		_, err := turn(ctx, s, identitystore.NewListGroupsPaginator(c, &identitystore.ListGroupsInput{IdentityStoreId: store, MaxResults: aws.Int32(100)}), func(o *identitystore.ListGroupsOutput) {
			for _, g := range o.Groups {
				if groups[deref(g.GroupId)] {
					r := s.New(typeDirectory, "arn:"+s.Partition+":identitystore:::group/"+deref(g.GroupId), deref(g.DisplayName), listGroups)
					set(r.Properties, "GroupId", g.GroupId)
					set(r.Properties, "DisplayName", g.DisplayName)
					set(r.Properties, "IdentityStoreId", store)
					found = append(found, r)
				}
			}
		})
		d.groups.count(snapshotKey(store), err)
		Each(ctx, found, func(ctx context.Context, r *snapshot.Resource) {
			members, err := groupMembers(ctx, s, c, store, r)
			d.users.count(r.Key, err)
			s.mu.Lock()
			for _, m := range members {
				users[m] = true
			}
			s.mu.Unlock()
			s.Add(*r)
		})
	}
	if len(users) == 0 {
		return
	}
	_, err := turn(ctx, s, identitystore.NewListUsersPaginator(c, &identitystore.ListUsersInput{IdentityStoreId: store, MaxResults: aws.Int32(100)}), func(o *identitystore.ListUsersOutput) {
		for _, u := range o.Users {
			if users[deref(u.UserId)] {
				r := s.New(typeDirectoryUser, "arn:"+s.Partition+":identitystore:::user/"+deref(u.UserId), deref(u.UserName), listUsers)
				set(r.Properties, "UserId", u.UserId)
				set(r.Properties, "UserName", u.UserName)
				set(r.Properties, "IdentityStoreId", store)
				text(r.Properties, "UserStatus", u.UserStatus)
				s.Add(*r)
			}
		}
	})
	d.users.count(snapshotKey(store), err)
}

func groupMembers(ctx context.Context, s *Scope, c *identitystore.Client, store *string, r *snapshot.Resource) (ids []string, err error) {
	const call = "identitystore:ListGroupMemberships"
	id := r.Text("GroupId")
	in := &identitystore.ListGroupMembershipsInput{IdentityStoreId: store, GroupId: &id, MaxResults: aws.Int32(100)}
	_, err = turn(ctx, s, identitystore.NewListGroupMembershipsPaginator(c, in), func(o *identitystore.ListGroupMembershipsOutput) {
		for _, m := range o.GroupMemberships {
			if u, ok := m.MemberId.(*idtypes.MemberIdMemberUserId); ok {
				ids = append(ids, u.Value)
			}
		}
	})
	if err != nil {
		s.Miss(r, "Members", call, err)
		return ids, err
	}
	r.Properties["Members"] = sorted(ids, same)
	return ids, nil
}
