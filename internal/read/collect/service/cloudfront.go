package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// CloudFront reads distributions and the ways from them to what they distribute.
func CloudFront() Service {
	const why = "what the internet reaches through CloudFront"
	return Service{
		Name: "cloudfront", Global: true,
		Calls: []Call{
			list("cloudfront:ListDistributions", "cloudfront:ListDistributions", "Quantity", why, "AWS::CloudFront::Distribution"),
			list("cloudfront:ListVpcOrigins", "cloudfront:ListVpcOrigins", "Quantity", why, "AWS::CloudFront::VpcOrigin"),
			list("cloudfront:ListOriginAccessControls", "cloudfront:ListOriginAccessControls", "Quantity", why, "AWS::CloudFront::OriginAccessControl"),
			about("cloudfront:GetDistributionConfig", "cloudfront:GetDistributionConfig", "Enabled", "its access logs, which the list does not tell"),
			about("cloudfront:GetVpcOrigin", "cloudfront:GetVpcOrigin", "VpcOriginEndpointConfig", "the ports of a way into a VPC"),
			about("cloudfront:ListTagsForResource", "cloudfront:ListTagsForResource", "Tags", "whose it is"),
		},
		Read: readCloudFront,
	}
}

func readCloudFront(ctx context.Context, s *Scope) {
	if !s.offered("aws", "aws-cn") {
		return
	}
	c := cloudfront.NewFromConfig(s.in(s.seat()))
	var all []*snapshot.Resource
	pages(ctx, s, "cloudfront:ListDistributions", cloudfront.NewListDistributionsPaginator(c, &cloudfront.ListDistributionsInput{}), func(o *cloudfront.ListDistributionsOutput) {
		if o.DistributionList != nil {
			for _, d := range o.DistributionList.Items {
				all = append(all, distribution(s, d))
			}
		}
	})
	Each(ctx, all, func(ctx context.Context, r *snapshot.Resource) {
		id, arn := r.Text("Id"), string(r.Key)
		config := r.Properties["DistributionConfig"].(object)
		if o := part(ctx, s, r, "DistributionConfig.Logging", "cloudfront:GetDistributionConfig", c.GetDistributionConfig, &cloudfront.GetDistributionConfigInput{Id: &id}); o != nil && o.DistributionConfig != nil {
			set(config, "DefaultRootObject", o.DistributionConfig.DefaultRootObject)
			if l := o.DistributionConfig.Logging; l != nil && aws.ToString(l.Bucket) != "" {
				m := object{}
				set(m, "Bucket", l.Bucket)
				text(m, "Prefix", deref(l.Prefix))
				config["Logging"] = m
			}
		}
		if !s.tagsIn(ctx, r, s.seat()) {
			if o := part(ctx, s, r, "Tags", "cloudfront:ListTagsForResource", c.ListTagsForResource, &cloudfront.ListTagsForResourceInput{Resource: &arn}); o != nil && o.Tags != nil {
				r.Tags = tagsOf(o.Tags.Items, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		s.Add(*r)
	})
	readVPCOrigins(ctx, s, c)
	const controls = "cloudfront:ListOriginAccessControls"
	pages(ctx, s, controls, cloudfront.NewListOriginAccessControlsPaginator(c, &cloudfront.ListOriginAccessControlsInput{}), func(o *cloudfront.ListOriginAccessControlsOutput) {
		if o.OriginAccessControlList == nil {
			return
		}
		for _, x := range o.OriginAccessControlList.Items {
			r := s.New("AWS::CloudFront::OriginAccessControl", s.ARN("cloudfront", "origin-access-control/"+deref(x.Id)), deref(x.Name), controls)
			m := object{}
			set(m, "Name", x.Name)
			text(m, "OriginAccessControlOriginType", x.OriginAccessControlOriginType)
			text(m, "SigningBehavior", x.SigningBehavior)
			text(m, "SigningProtocol", x.SigningProtocol)
			set(r.Properties, "Id", x.Id)
			r.Properties["OriginAccessControlConfig"] = m
			s.Add(*r)
		}
	})
}

func readVPCOrigins(ctx context.Context, s *Scope, c *cloudfront.Client) {
	const call = "cloudfront:ListVpcOrigins"
	var all []*snapshot.Resource
	p := follow(c.ListVpcOrigins, &cloudfront.ListVpcOriginsInput{}, func(in *cloudfront.ListVpcOriginsInput, o *cloudfront.ListVpcOriginsOutput) bool {
		return o.VpcOriginList != nil && next(&in.Marker, o.VpcOriginList.NextMarker)
	})
	pages(ctx, s, call, p, func(o *cloudfront.ListVpcOriginsOutput) {
		if o.VpcOriginList == nil {
			return
		}
		for _, v := range o.VpcOriginList.Items {
			r := s.New("AWS::CloudFront::VpcOrigin", deref(v.Arn), deref(v.Name), call)
			set(r.Properties, "Id", v.Id)
			r.Properties["VpcOriginEndpointConfig"] = object{"Name": deref(v.Name), "Arn": deref(v.OriginEndpointArn)}
			all = append(all, r)
		}
	})
	Each(ctx, all, func(ctx context.Context, r *snapshot.Resource) {
		id := r.Text("Id")
		o := part(ctx, s, r, "VpcOriginEndpointConfig.HTTPPort", "cloudfront:GetVpcOrigin", c.GetVpcOrigin, &cloudfront.GetVpcOriginInput{Id: &id})
		switch {
		case o == nil:
			r.Unknown = append(r.Unknown, "VpcOriginEndpointConfig.HTTPSPort")
		case o.VpcOrigin != nil && o.VpcOrigin.VpcOriginEndpointConfig != nil:
			e, m := o.VpcOrigin.VpcOriginEndpointConfig, r.Properties["VpcOriginEndpointConfig"].(object)
			set(m, "HTTPPort", e.HTTPPort)
			set(m, "HTTPSPort", e.HTTPSPort)
			text(m, "OriginProtocolPolicy", e.OriginProtocolPolicy)
		}
		s.Add(*r)
	})
}

func distribution(s *Scope, d types.DistributionSummary) *snapshot.Resource {
	r := s.New("AWS::CloudFront::Distribution", deref(d.ARN), deref(d.DomainName), "cloudfront:ListDistributions")
	set(r.Properties, "Id", d.Id)
	set(r.Properties, "DomainName", d.DomainName)
	p := object{}
	r.Properties["DistributionConfig"] = p
	set(p, "Enabled", d.Enabled)
	set(p, "Staging", d.Staging)
	text(p, "WebACLId", deref(d.WebACLId))
	if d.Aliases != nil {
		many(p, "Aliases", sorted(d.Aliases.Items, same))
	}
	if d.Origins != nil {
		p["Origins"] = sorted(d.Origins.Items, origin)
	}
	if d.DefaultCacheBehavior != nil {
		b := *d.DefaultCacheBehavior
		p["DefaultCacheBehavior"] = behavior(types.CacheBehavior{
			TargetOriginId: b.TargetOriginId, ViewerProtocolPolicy: b.ViewerProtocolPolicy, AllowedMethods: b.AllowedMethods, TrustedKeyGroups: b.TrustedKeyGroups,
			TrustedSigners: b.TrustedSigners, LambdaFunctionAssociations: b.LambdaFunctionAssociations, FunctionAssociations: b.FunctionAssociations,
			FieldLevelEncryptionId: b.FieldLevelEncryptionId, CachePolicyId: b.CachePolicyId, OriginRequestPolicyId: b.OriginRequestPolicyId,
			ResponseHeadersPolicyId: b.ResponseHeadersPolicyId, RealtimeLogConfigArn: b.RealtimeLogConfigArn,
		})
	}
	if d.CacheBehaviors != nil { // in the order in which paths are compared
		many(p, "CacheBehaviors", each(d.CacheBehaviors.Items, behavior))
	}
	if v := d.ViewerCertificate; v != nil {
		m := object{}
		set(m, "AcmCertificateArn", v.ACMCertificateArn)
		set(m, "IamCertificateId", v.IAMCertificateId)
		set(m, "CloudFrontDefaultCertificate", v.CloudFrontDefaultCertificate)
		text(m, "MinimumProtocolVersion", v.MinimumProtocolVersion)
		text(m, "SslSupportMethod", v.SSLSupportMethod)
		p["ViewerCertificate"] = m
	}
	if d.Restrictions != nil && d.Restrictions.GeoRestriction != nil {
		m := object{}
		text(m, "RestrictionType", d.Restrictions.GeoRestriction.RestrictionType)
		many(m, "Locations", sorted(d.Restrictions.GeoRestriction.Items, same))
		p["Restrictions"] = object{"GeoRestriction": m}
	}
	return r
}

// origin keeps the names of the headers that CloudFront adds. Their values are often what an origin knows CloudFront by: secrets.
// "Add custom headers to origin requests", https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
func origin(o types.Origin) any {
	m := object{}
	set(m, "Id", o.Id)
	set(m, "DomainName", o.DomainName)
	text(m, "OriginPath", deref(o.OriginPath))
	text(m, "OriginAccessControlId", deref(o.OriginAccessControlId))
	if o.S3OriginConfig != nil {
		m["S3OriginConfig"] = object{"OriginAccessIdentity": deref(o.S3OriginConfig.OriginAccessIdentity)}
	}
	if x := o.CustomOriginConfig; x != nil {
		k := object{}
		set(k, "HTTPPort", x.HTTPPort)
		set(k, "HTTPSPort", x.HTTPSPort)
		text(k, "OriginProtocolPolicy", x.OriginProtocolPolicy)
		if x.OriginSslProtocols != nil {
			many(k, "OriginSSLProtocols", sorted(x.OriginSslProtocols.Items, same))
		}
		m["CustomOriginConfig"] = k
	}
	if x := o.VpcOriginConfig; x != nil {
		k := object{}
		set(k, "VpcOriginId", x.VpcOriginId)
		set(k, "OwnerAccountId", x.OwnerAccountId)
		m["VpcOriginConfig"] = k
	}
	if o.CustomHeaders != nil {
		many(m, "OriginCustomHeaders", sorted(o.CustomHeaders.Items, func(h types.OriginCustomHeader) any { return object{"HeaderName": deref(h.HeaderName)} }))
	}
	return m
}

func behavior(b types.CacheBehavior) any {
	m := object{}
	set(m, "PathPattern", b.PathPattern)
	set(m, "TargetOriginId", b.TargetOriginId)
	text(m, "ViewerProtocolPolicy", b.ViewerProtocolPolicy)
	for name, id := range map[string]*string{
		"FieldLevelEncryptionId": b.FieldLevelEncryptionId, "CachePolicyId": b.CachePolicyId, "OriginRequestPolicyId": b.OriginRequestPolicyId,
		"ResponseHeadersPolicyId": b.ResponseHeadersPolicyId, "RealtimeLogConfigArn": b.RealtimeLogConfigArn,
	} {
		text(m, name, deref(id))
	}
	if b.AllowedMethods != nil {
		many(m, "AllowedMethods", sorted(b.AllowedMethods.Items, same))
	}
	if b.TrustedKeyGroups != nil {
		many(m, "TrustedKeyGroups", sorted(b.TrustedKeyGroups.Items, same))
	}
	if b.TrustedSigners != nil {
		many(m, "TrustedSigners", sorted(b.TrustedSigners.Items, same))
	}
	if b.LambdaFunctionAssociations != nil {
		many(m, "LambdaFunctionAssociations", sorted(b.LambdaFunctionAssociations.Items, func(f types.LambdaFunctionAssociation) any {
			return object{"EventType": string(f.EventType), "LambdaFunctionARN": deref(f.LambdaFunctionARN)}
		}))
	}
	if b.FunctionAssociations != nil {
		many(m, "FunctionAssociations", sorted(b.FunctionAssociations.Items, func(f types.FunctionAssociation) any {
			return object{"EventType": string(f.EventType), "FunctionARN": deref(f.FunctionARN)}
		}))
	}
	return m
}
