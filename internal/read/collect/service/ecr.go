package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
)

// ECR reads repositories of images.
func ECR() Service {
	return Service{
		Name: "ecr",
		Calls: []Call{
			list("ecr:DescribeRepositories", "ecr:DescribeRepositories", "repositories", "the repositories", "AWS::ECR::Repository"),
			list("ecr:GetRegistryScanningConfiguration", "ecr:GetRegistryScanningConfiguration", "scanningConfiguration", "whether images are looked through for known flaws", "AWS::ECR::RegistryScanningConfiguration"),
			about("ecr:GetRepositoryPolicy", "ecr:GetRepositoryPolicy", "policyText", "who may pull and push"),
			about("ecr:ListTagsForResource", "ecr:ListTagsForResource", "tags", "whose repository it is"),
		},
		Read: readECR,
	}
}

func readECR(ctx context.Context, s *Scope) {
	c := ecr.NewFromConfig(s.Config())
	var found []types.Repository
	pages(ctx, s, "ecr:DescribeRepositories", ecr.NewDescribeRepositoriesPaginator(c, &ecr.DescribeRepositoriesInput{}), func(o *ecr.DescribeRepositoriesOutput) {
		found = append(found, o.Repositories...)
	})
	readRegistryScanning(ctx, s, c)
	Each(ctx, found, func(ctx context.Context, d types.Repository) {
		r := s.New("AWS::ECR::Repository", aws.ToString(d.RepositoryArn), aws.ToString(d.RepositoryName), "ecr:DescribeRepositories")
		p := r.Properties
		set(p, "RepositoryName", d.RepositoryName)
		text(p, "ImageTagMutability", d.ImageTagMutability)
		if d.EncryptionConfiguration != nil {
			m := object{}
			text(m, "EncryptionType", d.EncryptionConfiguration.EncryptionType)
			set(m, "KmsKey", d.EncryptionConfiguration.KmsKey)
			p["EncryptionConfiguration"] = m
		}
		if x := d.ImageScanningConfiguration; x != nil {
			p["ImageScanningConfiguration"] = object{"ScanOnPush": x.ScanOnPush}
		}
		in := &ecr.GetRepositoryPolicyInput{RepositoryName: d.RepositoryName}
		if o := part(ctx, s, r, "RepositoryPolicyText", "ecr:GetRepositoryPolicy", c.GetRepositoryPolicy, in, "RepositoryPolicyNotFoundException"); o != nil {
			setPolicy(r, "RepositoryPolicyText", o.PolicyText)
		}
		if !s.tags(ctx, r) {
			if o := part(ctx, s, r, "Tags", "ecr:ListTagsForResource", c.ListTagsForResource, &ecr.ListTagsForResourceInput{ResourceArn: d.RepositoryArn}); o != nil {
				r.Tags = tagsOf(o.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		s.Add(*r)
	})
}

// readRegistryScanning reads what a registry looks through by itself: which repositories, and how often.
func readRegistryScanning(ctx context.Context, s *Scope, c *ecr.Client) {
	const call = "ecr:GetRegistryScanningConfiguration"
	o, ok := one(ctx, s, call, c.GetRegistryScanningConfiguration, &ecr.GetRegistryScanningConfigurationInput{})
	if !ok || o.ScanningConfiguration == nil {
		return
	}
	r := s.New("AWS::ECR::RegistryScanningConfiguration", s.ARN("ecr", "registry-scanning-configuration"), "registry scanning", call)
	text(r.Properties, "ScanType", o.ScanningConfiguration.ScanType)
	many(r.Properties, "Rules", sorted(o.ScanningConfiguration.Rules, func(x types.RegistryScanningRule) any {
		return object{"ScanFrequency": string(x.ScanFrequency), "RepositoryFilters": sorted(x.RepositoryFilters, func(f types.ScanningRepositoryFilter) any {
			return object{"Filter": aws.ToString(f.Filter), "FilterType": string(f.FilterType)}
		})}
	}))
	s.Add(*r)
}
