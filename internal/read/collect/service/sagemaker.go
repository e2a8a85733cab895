package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// SageMaker reads what runs with a role (notebooks, users of Studio, models, pipelines), and what holds data. The values of variables are not kept.
func SageMaker() Service {
	return Service{
		Name: "sagemaker",
		Calls: []Call{
			list("sagemaker:ListNotebookInstances", "sagemaker:ListNotebookInstances", "NotebookInstances", "the notebooks", "AWS::SageMaker::NotebookInstance"),
			about("sagemaker:DescribeNotebookInstance", "sagemaker:DescribeNotebookInstance", "NotebookInstanceArn", "the role and network of a notebook"),
			list("sagemaker:ListDomains", "sagemaker:ListDomains", "Domains", "where Studio is set up", "AWS::SageMaker::Domain"),
			about("sagemaker:DescribeDomain", "sagemaker:DescribeDomain", "DomainArn", "how one signs in to Studio, and its network"),
			below("sagemaker:ListUserProfiles", "sagemaker:ListUserProfiles", "UserProfiles", "who uses Studio", "AWS::SageMaker::UserProfile"),
			about("sagemaker:DescribeUserProfile", "sagemaker:DescribeUserProfile", "UserProfileArn", "which role a user of Studio has"),
			list("sagemaker:ListModels", "sagemaker:ListModels", "Models", "the models", "AWS::SageMaker::Model"),
			about("sagemaker:DescribeModel", "sagemaker:DescribeModel", "ModelArn", "the role and the images of a model"),
			list("sagemaker:ListEndpoints", "sagemaker:ListEndpoints", "Endpoints", "what answers requests", "AWS::SageMaker::Endpoint"),
			about("sagemaker:DescribeEndpoint", "sagemaker:DescribeEndpoint", "EndpointArn", "which models answer"),
			about("sagemaker:DescribeEndpointConfig", "sagemaker:DescribeEndpointConfig", "EndpointConfigArn", "encryption of what answers, and what it writes down"),
			list("sagemaker:ListPipelines", "sagemaker:ListPipelines", "PipelineSummaries", "the roles of pipelines", "AWS::SageMaker::Pipeline"),
			list("sagemaker:ListFeatureGroups", "sagemaker:ListFeatureGroups", "FeatureGroupSummaries", "where features are kept", "AWS::SageMaker::FeatureGroup"),
			about("sagemaker:DescribeFeatureGroup", "sagemaker:DescribeFeatureGroup", "FeatureGroupArn", "encryption of features"),
			list("sagemaker:ListModelPackageGroups", "sagemaker:ListModelPackageGroups", "ModelPackageGroupSummaryList", "where models are shared", "AWS::SageMaker::ModelPackageGroup"),
			about("sagemaker:GetModelPackageGroupPolicy", "sagemaker:GetModelPackageGroupPolicy", "ResourcePolicy", "whom models are shared with"),
			about("sagemaker:ListTags", "sagemaker:ListTags", "?Tags", "whose they are"),
		},
		Read: readSageMaker,
	}
}

func readSageMaker(ctx context.Context, s *Scope) {
	c := sagemaker.NewFromConfig(s.Config())
	readNotebooks(ctx, s, c)
	readStudio(ctx, s, c)
	readModels(ctx, s, c)
	readModelEndpoints(ctx, s, c)
	pages(ctx, s, "sagemaker:ListPipelines", sagemaker.NewListPipelinesPaginator(c, &sagemaker.ListPipelinesInput{}), func(o *sagemaker.ListPipelinesOutput) {
		Each(ctx, o.PipelineSummaries, func(ctx context.Context, v types.PipelineSummary) {
			r := s.New("AWS::SageMaker::Pipeline", deref(v.PipelineArn), deref(v.PipelineName), "sagemaker:ListPipelines")
			set(r.Properties, "PipelineName", v.PipelineName)
			set(r.Properties, "RoleArn", v.RoleArn)
			finishSageMaker(ctx, s, c, r)
		})
	})
	readFeatureGroups(ctx, s, c)
	readModelPackageGroups(ctx, s, c)
}

// finishSageMaker asks for the tags, and keeps the resource.
func finishSageMaker(ctx context.Context, s *Scope, c *sagemaker.Client, r *snapshot.Resource) {
	if !s.tags(ctx, r) {
		arn := string(r.Key)
		var tags []types.Tag
		if pagesOf(ctx, s, r, "Tags", "sagemaker:ListTags", sagemaker.NewListTagsPaginator(c, &sagemaker.ListTagsInput{ResourceArn: &arn}), func(o *sagemaker.ListTagsOutput) {
			tags = append(tags, o.Tags...)
		}) {
			r.Tags = tagsOf(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
		}
	}
	s.Add(*r)
}

func readNotebooks(ctx context.Context, s *Scope, c *sagemaker.Client) {
	var found []types.NotebookInstanceSummary
	pages(ctx, s, "sagemaker:ListNotebookInstances", sagemaker.NewListNotebookInstancesPaginator(c, &sagemaker.ListNotebookInstancesInput{}), func(o *sagemaker.ListNotebookInstancesOutput) {
		found = append(found, o.NotebookInstances...)
	})
	Each(ctx, found, func(ctx context.Context, v types.NotebookInstanceSummary) {
		r := s.New("AWS::SageMaker::NotebookInstance", deref(v.NotebookInstanceArn), deref(v.NotebookInstanceName), "sagemaker:ListNotebookInstances")
		p := r.Properties
		set(p, "NotebookInstanceName", v.NotebookInstanceName)
		set(p, "LifecycleConfigName", v.NotebookInstanceLifecycleConfigName)
		text(p, "InstanceType", v.InstanceType)
		text(p, "DefaultCodeRepository", withoutUser(deref(v.DefaultCodeRepository)))
		o := part(ctx, s, r, "RoleArn", "sagemaker:DescribeNotebookInstance", c.DescribeNotebookInstance, &sagemaker.DescribeNotebookInstanceInput{NotebookInstanceName: v.NotebookInstanceName})
		if o != nil {
			set(p, "RoleArn", o.RoleArn)
			set(p, "SubnetId", o.SubnetId)
			set(p, "KmsKeyId", o.KmsKeyId)
			set(p, "PlatformIdentifier", o.PlatformIdentifier)
			text(p, "DirectInternetAccess", o.DirectInternetAccess)
			text(p, "RootAccess", o.RootAccess)
			many(p, "SecurityGroupIds", sorted(o.SecurityGroups, same))
			if m := o.InstanceMetadataServiceConfiguration; m != nil {
				p["InstanceMetadataServiceConfiguration"] = object{"MinimumInstanceMetadataServiceVersion": deref(m.MinimumInstanceMetadataServiceVersion)}
			}
		} else {
			r.Unknown = append(r.Unknown, "SubnetId", "SecurityGroupIds", "KmsKeyId", "DirectInternetAccess", "RootAccess", "InstanceMetadataServiceConfiguration")
		}
		finishSageMaker(ctx, s, c, r)
	})
}

// readStudio reads the domains of Studio and their users. A user without a role has the one of the domain.
func readStudio(ctx context.Context, s *Scope, c *sagemaker.Client) {
	var domains []types.DomainDetails
	complete := pages(ctx, s, "sagemaker:ListDomains", sagemaker.NewListDomainsPaginator(c, &sagemaker.ListDomainsInput{}), func(o *sagemaker.ListDomainsOutput) {
		domains = append(domains, o.Domains...)
	})
	if len(domains) == 0 {
		newTally(complete).note(s, "sagemaker:ListUserProfiles")
		return
	}
	roles := map[string]string{}
	for _, d := range domains {
		r := s.New("AWS::SageMaker::Domain", deref(d.DomainArn), deref(d.DomainName), "sagemaker:ListDomains")
		p := r.Properties
		set(p, "DomainName", d.DomainName)
		set(p, "DomainId", d.DomainId)
		if o := part(ctx, s, r, "DefaultUserSettings", "sagemaker:DescribeDomain", c.DescribeDomain, &sagemaker.DescribeDomainInput{DomainId: d.DomainId}); o != nil {
			set(p, "VpcId", o.VpcId)
			set(p, "KmsKeyId", o.KmsKeyId)
			set(p, "HomeEfsFileSystemId", o.HomeEfsFileSystemId)
			text(p, "AuthMode", o.AuthMode)
			text(p, "AppNetworkAccessType", o.AppNetworkAccessType)
			p["SubnetIds"] = sorted(o.SubnetIds, same)
			text(p, "SecurityGroupIdForDomainBoundary", deref(o.SecurityGroupIdForDomainBoundary))
			p["DefaultUserSettings"] = userSettings(o.DefaultUserSettings, "")
			roles[deref(d.DomainId)] = r.Text("DefaultUserSettings.ExecutionRole")
		} else {
			r.Unknown = append(r.Unknown, "VpcId", "SubnetIds", "KmsKeyId", "AuthMode", "AppNetworkAccessType")
		}
		finishSageMaker(ctx, s, c, r)
	}
	var users []types.UserProfileDetails
	pages(ctx, s, "sagemaker:ListUserProfiles", sagemaker.NewListUserProfilesPaginator(c, &sagemaker.ListUserProfilesInput{}), func(o *sagemaker.ListUserProfilesOutput) {
		users = append(users, o.UserProfiles...)
	})
	Each(ctx, users, func(ctx context.Context, v types.UserProfileDetails) {
		domain, name := deref(v.DomainId), deref(v.UserProfileName)
		r := s.New("AWS::SageMaker::UserProfile", s.ARN("sagemaker", "user-profile/"+domain+"/"+name), name, "sagemaker:ListUserProfiles")
		r.Properties["DomainId"], r.Properties["UserProfileName"] = domain, name
		in := &sagemaker.DescribeUserProfileInput{DomainId: &domain, UserProfileName: &name}
		if o := part(ctx, s, r, "UserSettings", "sagemaker:DescribeUserProfile", c.DescribeUserProfile, in); o != nil {
			if o.UserProfileArn != nil {
				r.Key = snapshotKey(o.UserProfileArn)
			}
			text(r.Properties, "SingleSignOnUserValue", deref(o.SingleSignOnUserValue))
			role, read := roles[domain]
			if r.Properties["UserSettings"] = userSettings(o.UserSettings, role); !read && r.Text("UserSettings.ExecutionRole") == "" {
				r.Unknown = append(r.Unknown, "UserSettings.ExecutionRole")
			}
		}
		finishSageMaker(ctx, s, c, r)
	})
}

func userSettings(u *types.UserSettings, role string) object {
	m := object{}
	text(m, "ExecutionRole", role)
	if u != nil {
		text(m, "ExecutionRole", deref(u.ExecutionRole))
		many(m, "SecurityGroups", sorted(u.SecurityGroups, same))
	}
	return m
}
