package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Account reads what the account is called and whether somebody can be reached about it. Only which contacts are set is kept,
// never a name or an address.
func Account() Service {
	return Service{
		Name: "account", Global: true,
		Calls: []Call{
			list("iam:ListAccountAliases", "iam:ListAccountAliases", "AccountAliases", "what people call the account", "AWS::Account"),
			about("account:GetAlternateContact", "account:GetAlternateContact", "AlternateContact", "whether billing, operations and security contacts are set"),
		},
		Read: readAccount,
	}
}

func readAccount(ctx context.Context, s *Scope) {
	r := s.New("AWS::Account", "arn:"+s.Partition+":account::"+s.Account+":account", "", "iam:ListAccountAliases")
	r.Properties["AccountId"] = s.Account
	aliases := iam.NewListAccountAliasesPaginator(iam.NewFromConfig(s.Config()), &iam.ListAccountAliasesInput{})
	if !pages(ctx, s, "iam:ListAccountAliases", aliases, func(o *iam.ListAccountAliasesOutput) {
		for _, a := range o.AccountAliases { // there is at most one
			r.Name = a
			text(r.Properties, "Alias", a)
		}
	}) {
		r.Unknown = append(r.Unknown, "Alias")
	}
	readContacts(ctx, s, r)
	readRegions(s, r)
	s.Add(*r)
}

// readRegions keeps the Regions in which something can be: those that are always on, and those that somebody switched on.
func readRegions(s *Scope, r *snapshot.Resource) {
	if s.Regions == nil {
		r.Unknown = append(r.Unknown, "Regions")
		return
	}
	on := slices.DeleteFunc(slices.Clone(s.Regions), func(x Region) bool { return !x.Enabled() })
	r.Properties["Regions"] = each(on, func(x Region) any { return object{"RegionName": x.Name, "RegionOptStatus": x.Status} })
}

func readContacts(ctx context.Context, s *Scope, r *snapshot.Resource) {
	const none = "ResourceNotFoundException" // every account has a primary contact; only the others may be missing
	c := account.NewFromConfig(s.Config())
	var kinds []string
	for _, kind := range types.AlternateContactType("").Values() {
		_, err := try(ctx, s, func(ctx context.Context) (*account.GetAlternateContactOutput, error) {
			return c.GetAlternateContact(ctx, &account.GetAlternateContactInput{AlternateContactType: kind})
		})
		if err == nil {
			kinds = append(kinds, string(kind))
		} else if wire.Code(err) != none {
			s.Miss(r, "Contacts", "account:GetAlternateContact", err)
			break // the other kinds would be refused alike
		}
	}
	if !slices.Contains(r.Unknown, "Contacts") {
		r.Properties["Contacts"] = sorted(kinds, same)
	}
}
