package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/rolesanywhere"
	"github.com/aws/aws-sdk-go-v2/service/rolesanywhere/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// RolesAnywhere reads which certificates let somebody take which roles. A certificate of an authority is public and is kept: who signs
// with it decides who gets in.
func RolesAnywhere() Service {
	return Service{
		Name: "rolesanywhere",
		Calls: []Call{
			list("rolesanywhere:ListTrustAnchors", "rolesanywhere:ListTrustAnchors", "?trustAnchors", "whose certificates let somebody in", "AWS::RolesAnywhere::TrustAnchor"),
			list("rolesanywhere:ListProfiles", "rolesanywhere:ListProfiles", "?profiles", "which roles they may take", "AWS::RolesAnywhere::Profile"),
			list("rolesanywhere:ListCrls", "rolesanywhere:ListCrls", "?crls", "whether certificates are revoked", "AWS::RolesAnywhere::CRL"),
			about("rolesanywhere:ListTagsForResource", "rolesanywhere:ListTagsForResource", "?tags", "whose they are"),
		},
		Read: readRolesAnywhere,
	}
}

func readRolesAnywhere(ctx context.Context, s *Scope) {
	c := rolesanywhere.NewFromConfig(s.Config())
	var found []*snapshot.Resource
	complete := pages(ctx, s, "rolesanywhere:ListTrustAnchors", rolesanywhere.NewListTrustAnchorsPaginator(c, &rolesanywhere.ListTrustAnchorsInput{}), func(o *rolesanywhere.ListTrustAnchorsOutput) {
		for _, a := range o.TrustAnchors {
			found = append(found, trustAnchor(s, a))
		}
	})
	if complete && len(found) == 0 { // nothing that could be revoked
		s.NoteTypes("rolesanywhere:ListTrustAnchors", snapshot.OK, "", "AWS::RolesAnywhere::CRL")
	} else {
		pages(ctx, s, "rolesanywhere:ListCrls", rolesanywhere.NewListCrlsPaginator(c, &rolesanywhere.ListCrlsInput{}), func(o *rolesanywhere.ListCrlsOutput) {
			for _, l := range o.Crls { // the list itself changes with every certificate that is revoked
				r := s.New("AWS::RolesAnywhere::CRL", deref(l.CrlArn), deref(l.Name), "rolesanywhere:ListCrls")
				set(r.Properties, "Name", l.Name)
				set(r.Properties, "Enabled", l.Enabled)
				set(r.Properties, "TrustAnchorArn", l.TrustAnchorArn)
				found = append(found, r)
			}
		})
	}
	pages(ctx, s, "rolesanywhere:ListProfiles", rolesanywhere.NewListProfilesPaginator(c, &rolesanywhere.ListProfilesInput{}), func(o *rolesanywhere.ListProfilesOutput) {
		for _, p := range o.Profiles {
			found = append(found, anywhereProfile(s, p))
		}
	})
	Each(ctx, found, func(ctx context.Context, r *snapshot.Resource) {
		if !s.tags(ctx, r) {
			arn := string(r.Key)
			if o := part(ctx, s, r, "Tags", "rolesanywhere:ListTagsForResource", c.ListTagsForResource, &rolesanywhere.ListTagsForResourceInput{ResourceArn: &arn}); o != nil {
				r.Tags = tagsOf(o.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		s.Add(*r)
	})
}

func trustAnchor(s *Scope, a types.TrustAnchorDetail) *snapshot.Resource {
	r := s.New("AWS::RolesAnywhere::TrustAnchor", deref(a.TrustAnchorArn), deref(a.Name), "rolesanywhere:ListTrustAnchors")
	set(r.Properties, "Name", a.Name)
	set(r.Properties, "Enabled", a.Enabled)
	set(r.Properties, "CrlDpRevocationEnabled", a.CrlDpRevocationEnabled)
	if a.Source != nil {
		data, source := object{}, object{}
		switch d := a.Source.SourceData.(type) {
		case *types.SourceDataMemberAcmPcaArn:
			data["AcmPcaArn"] = d.Value
		case *types.SourceDataMemberX509CertificateData:
			data["X509CertificateData"] = d.Value
		}
		text(source, "SourceType", a.Source.SourceType)
		source["SourceData"] = data
		r.Properties["Source"] = source
	}
	return r
}

func anywhereProfile(s *Scope, x types.ProfileDetail) *snapshot.Resource {
	r := s.New("AWS::RolesAnywhere::Profile", deref(x.ProfileArn), deref(x.Name), "rolesanywhere:ListProfiles")
	p := r.Properties
	set(p, "Name", x.Name)
	set(p, "Enabled", x.Enabled)
	set(p, "DurationSeconds", x.DurationSeconds)
	set(p, "AcceptRoleSessionName", x.AcceptRoleSessionName)
	p["RoleArns"] = sorted(x.RoleArns, same)
	many(p, "ManagedPolicyArns", sorted(x.ManagedPolicyArns, same))
	setPolicy(r, "SessionPolicy", x.SessionPolicy)
	many(p, "AttributeMappings", sorted(x.AttributeMappings, func(a types.AttributeMapping) any {
		return object{"CertificateField": string(a.CertificateField), "MappingRules": sorted(a.MappingRules, func(m types.MappingRule) any {
			return object{"Specifier": deref(m.Specifier)}
		})}
	}))
	return r
}
