package service

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

const (
	describeOrganization = "organizations:DescribeOrganization"
	listPolicies         = "organizations:ListPolicies"
	listAccounts         = "organizations:ListAccounts"
	typeOrganization     = "AWS::Organizations::Organization"
	typeOrgPolicy        = "AWS::Organizations::Policy"
)

// Organizations reads where the account stands: alone, at the head of an organization, or under its policies. A member account
// sees those policies only when the organization has made it a delegated administrator; else that they are unseen is the fact.
func Organizations() Service {
	return Service{
		Name: "organizations", Global: true,
		Calls: []Call{
			list(describeOrganization, describeOrganization, "Organization", "whether others set limits to this account", typeOrganization),
			below(listPolicies, listPolicies, "Policies", "whether the limits may be read", typeOrgPolicy),
			about("organizations:ListParents", "organizations:ListParents", "Parents", "which limits reach this account"),
			about("organizations:ListPoliciesForTarget", "organizations:ListPoliciesForTarget", "Policies", "which limits reach this account"),
			about(listAccounts, listAccounts, "Accounts", "whether the account heads others; asked of its head alone"),
			about("organizations:DescribePolicy", "organizations:DescribePolicy", "Policy", "what the limits say"),
		},
		Read: readOrganization,
	}
}

func readOrganization(ctx context.Context, s *Scope) {
	c := organizations.NewFromConfig(s.Config())
	out, err := try(ctx, s, func(ctx context.Context) (*organizations.DescribeOrganizationOutput, error) {
		return c.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	})
	outcome, reason := wire.Outcome(err, false)
	if outcome == snapshot.NotEnabled { // an account on its own: no organization, and no policy of one
		s.NoteTypes(describeOrganization, outcome, reason, typeOrganization, typeOrgPolicy)
		return
	}
	s.Note(describeOrganization, outcome, reason)
	if err != nil || out.Organization == nil {
		s.Note(listPolicies, snapshot.NotAsked, "whether the account is in an organization could not be read")
		return
	}
	o := out.Organization
	r := s.New(typeOrganization, aws.ToString(o.Arn), aws.ToString(o.Id), describeOrganization)
	set(r.Properties, "Id", o.Id)
	set(r.Properties, "ManagementAccountId", o.MasterAccountId)
	text(r.Properties, "FeatureSet", o.FeatureSet)
	if _, domain, ok := strings.Cut(aws.ToString(o.MasterAccountEmail), "@"); ok { // never the address
		text(r.Properties, "ManagementAccountEmailDomain", strings.ToLower(domain))
	}
	head := aws.ToString(o.MasterAccountId) == s.Account
	if head {
		others := 0
		if pagesOf(ctx, s, r, "OtherAccounts", listAccounts, organizations.NewListAccountsPaginator(c, &organizations.ListAccountsInput{}), func(o *organizations.ListAccountsOutput) {
			for _, a := range o.Accounts {
				if aws.ToString(a.Id) != s.Account {
					others++
				}
			}
		}) {
			r.Properties["OtherAccounts"] = others
		}
	}
	s.Add(*r)
	if head {
		// Neither kind of policy has an effect on the management account.
		// "Service control policies", https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
		s.NoteTypes(describeOrganization, snapshot.OK, "", typeOrgPolicy)
		return
	}
	n, err := readLimits(ctx, s, c)
	s.noteList(listPolicies, n, err)
}

// readLimits reads the policies on the way from the root to this account. n counts the answers before err.
func readLimits(ctx context.Context, s *Scope, c *organizations.Client) (n int, err error) {
	kinds := []types.PolicyType{types.PolicyTypeServiceControlPolicy, types.PolicyTypeResourceControlPolicy}
	on := map[types.PolicyType]bool{}
	for _, kind := range kinds {
		_, err := turn(ctx, s, organizations.NewListPoliciesPaginator(c, &organizations.ListPoliciesInput{Filter: kind}), func(o *organizations.ListPoliciesOutput) {
			on[kind] = on[kind] || len(o.Policies) > 0
		})
		if err != nil {
			return n, err
		}
		n++
	}
	way := []string{s.Account}
	for len(way) < 10 { // an organization is at most five units deep
		child, parent := way[len(way)-1], types.Parent{}
		_, err := turn(ctx, s, organizations.NewListParentsPaginator(c, &organizations.ListParentsInput{ChildId: &child}), func(o *organizations.ListParentsOutput) {
			for _, p := range o.Parents {
				parent = p
			}
		})
		if err != nil {
			return n, err
		}
		if parent.Id == nil {
			return n, fmt.Errorf("%s has no parent", child)
		}
		way = append(way, *parent.Id)
		if parent.Type == types.ParentTypeRoot {
			break
		}
	}
	slices.Reverse(way)
	texts := map[string]string{}
	for level, target := range way {
		for _, kind := range kinds {
			if !on[kind] {
				continue
			}
			if err := readLevel(ctx, s, c, level, target, kind, texts); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

func readLevel(ctx context.Context, s *Scope, c *organizations.Client, level int, target string, kind types.PolicyType, texts map[string]string) error {
	var found []types.PolicySummary
	in := &organizations.ListPoliciesForTargetInput{TargetId: &target, Filter: kind}
	_, err := turn(ctx, s, organizations.NewListPoliciesForTargetPaginator(c, in), func(o *organizations.ListPoliciesForTargetOutput) {
		found = append(found, o.Policies...)
	})
	if err != nil {
		return err
	}
	for _, p := range found {
		id, name := aws.ToString(p.Id), aws.ToString(p.Name)
		if _, ok := texts[id]; !ok {
			o, err := try(ctx, s, func(ctx context.Context) (*organizations.DescribePolicyOutput, error) {
				return c.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: &id})
			})
			if err != nil {
				return err
			}
			if o.Policy == nil {
				return fmt.Errorf("the policy %s has no content", name)
			}
			texts[id] = aws.ToString(o.Policy.Content)
		}
		prefix := "scp"
		if kind == types.PolicyTypeResourceControlPolicy {
			prefix = "rcp"
		}
		content := texts[id]
		r := s.New(typeOrgPolicy, fmt.Sprintf("%s:%d/%s", prefix, level, name), name, "organizations:DescribePolicy")
		r.Properties = object{"Name": name, "Type": string(kind), "Level": level}
		setPolicy(r, "Content", &content)
		s.Add(*r)
	}
	return nil
}
