package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ram"
	"github.com/aws/aws-sdk-go-v2/service/ram/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

const (
	getShares       = "ram:GetResourceShares"
	getAssociations = "ram:GetResourceShareAssociations"
)

// RAM reads what this account shares with others, and what others share with it.
func RAM() Service {
	return Service{
		Name: "ram",
		Calls: []Call{
			list(getShares, getShares, "resourceShares", "what is shared", "AWS::RAM::ResourceShare"),
			about(getAssociations, getAssociations, "resourceShareAssociations", "what is shared with whom"),
			about("ram:ListResourceSharePermissions", "ram:ListResourceSharePermissions", "permissions", "what they may do with it"),
			about("ram:ListResources", "ram:ListResources", "resources", "what others share"),
		},
		Read: readShares,
	}
}

func readShares(ctx context.Context, s *Scope) {
	c := ram.NewFromConfig(s.Config())
	own := shares(ctx, s, c, types.ResourceOwnerSelf)
	readAssociated(ctx, s, c, own, "Principals", types.ResourceShareAssociationTypePrincipal)
	readAssociated(ctx, s, c, own, "ResourceArns", types.ResourceShareAssociationTypeResource)
	Each(ctx, own, func(ctx context.Context, r *snapshot.Resource) {
		arn := string(r.Key)
		var permissions []types.ResourceSharePermissionSummary
		if pagesOf(ctx, s, r, "PermissionArns", "ram:ListResourceSharePermissions", ram.NewListResourceSharePermissionsPaginator(c, &ram.ListResourceSharePermissionsInput{ResourceShareArn: &arn}),
			func(o *ram.ListResourceSharePermissionsOutput) { permissions = append(permissions, o.Permissions...) }) {
			r.Properties["PermissionArns"] = sorted(permissions, func(p types.ResourceSharePermissionSummary) any { return deref(p.Arn) })
		}
		s.Add(*r)
	})
	others := shares(ctx, s, c, types.ResourceOwnerOtherAccounts)
	readBorrowed(ctx, s, c, others)
	for _, r := range others {
		r.Unknown = append(r.Unknown, "PermissionArns", "Principals") // only its owner may ask
		s.Add(*r)
	}
}

// shares lists those that are in force: one that was deleted is told for a while.
func shares(ctx context.Context, s *Scope, c *ram.Client, owner types.ResourceOwner) (found []*snapshot.Resource) {
	in := &ram.GetResourceSharesInput{ResourceOwner: owner, ResourceShareStatus: types.ResourceShareStatusActive, MaxResults: aws.Int32(500)}
	pages(ctx, s, getShares, ram.NewGetResourceSharesPaginator(c, in), func(o *ram.GetResourceSharesOutput) {
		for _, x := range o.ResourceShares {
			r := s.New("AWS::RAM::ResourceShare", deref(x.ResourceShareArn), deref(x.Name), getShares)
			if x.OwningAccountId != nil {
				r.Account = *x.OwningAccountId
			}
			set(r.Properties, "Name", x.Name)
			set(r.Properties, "OwningAccountId", x.OwningAccountId)
			set(r.Properties, "AllowExternalPrincipals", x.AllowExternalPrincipals)
			r.Tags = tagsOf(x.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			found = append(found, r)
		}
	})
	return found
}

// readAssociated asks for everything that all own shares hold at once.
func readAssociated(ctx context.Context, s *Scope, c *ram.Client, own []*snapshot.Resource, property string, kind types.ResourceShareAssociationType) {
	if len(own) == 0 {
		return
	}
	of := map[string][]string{}
	in := &ram.GetResourceShareAssociationsInput{AssociationType: kind, AssociationStatus: types.ResourceShareAssociationStatusAssociated, MaxResults: aws.Int32(500)}
	_, err := turn(ctx, s, ram.NewGetResourceShareAssociationsPaginator(c, in), func(o *ram.GetResourceShareAssociationsOutput) {
		for _, a := range o.ResourceShareAssociations {
			of[deref(a.ResourceShareArn)] = append(of[deref(a.ResourceShareArn)], deref(a.AssociatedEntity))
		}
	})
	keepShared(s, own, property, getAssociations, of, err)
}

// readBorrowed asks for everything that others share with this account.
func readBorrowed(ctx context.Context, s *Scope, c *ram.Client, others []*snapshot.Resource) {
	if len(others) == 0 {
		return
	}
	of := map[string][]string{}
	in := &ram.ListResourcesInput{ResourceOwner: types.ResourceOwnerOtherAccounts, MaxResults: aws.Int32(500)}
	_, err := turn(ctx, s, ram.NewListResourcesPaginator(c, in), func(o *ram.ListResourcesOutput) {
		for _, x := range o.Resources {
			of[deref(x.ResourceShareArn)] = append(of[deref(x.ResourceShareArn)], deref(x.Arn))
		}
	})
	keepShared(s, others, "ResourceArns", "ram:ListResources", of, err)
}

func keepShared(s *Scope, shares []*snapshot.Resource, property, call string, of map[string][]string, err error) {
	for _, r := range shares {
		if err != nil {
			s.Miss(r, property, call, err)
			continue
		}
		r.Properties[property] = sorted(of[string(r.Key)], same)
	}
}
