package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

func readModels(ctx context.Context, s *Scope, c *sagemaker.Client) {
	var found []types.ModelSummary
	pages(ctx, s, "sagemaker:ListModels", sagemaker.NewListModelsPaginator(c, &sagemaker.ListModelsInput{}), func(o *sagemaker.ListModelsOutput) {
		found = append(found, o.Models...)
	})
	Each(ctx, found, func(ctx context.Context, v types.ModelSummary) {
		r := s.New("AWS::SageMaker::Model", deref(v.ModelArn), deref(v.ModelName), "sagemaker:ListModels")
		p := r.Properties
		set(p, "ModelName", v.ModelName)
		if o := part(ctx, s, r, "ExecutionRoleArn", "sagemaker:DescribeModel", c.DescribeModel, &sagemaker.DescribeModelInput{ModelName: v.ModelName}); o != nil {
			set(p, "ExecutionRoleArn", o.ExecutionRoleArn)
			set(p, "EnableNetworkIsolation", o.EnableNetworkIsolation)
			modelNetwork(p, o.VpcConfig)
			if o.PrimaryContainer != nil {
				p["PrimaryContainer"] = modelContainer(*o.PrimaryContainer)
			}
			many(p, "Containers", each(o.Containers, modelContainer))
		} else {
			r.Unknown = append(r.Unknown, "EnableNetworkIsolation", "VpcConfig", "PrimaryContainer", "Containers")
		}
		finishSageMaker(ctx, s, c, r)
	})
}

func modelNetwork(p object, v *types.VpcConfig) {
	if v != nil {
		p["VpcConfig"] = object{"Subnets": sorted(v.Subnets, same), "SecurityGroupIds": sorted(v.SecurityGroupIds, same)}
	}
}

func modelContainer(k types.ContainerDefinition) any {
	m := object{}
	set(m, "Image", k.Image)
	set(m, "ModelDataUrl", k.ModelDataUrl)
	environment(m, k.Environment)
	return m
}

// readModelEndpoints reads endpoints together with the configuration that each has now: configurations that were left behind answer nobody.
func readModelEndpoints(ctx context.Context, s *Scope, c *sagemaker.Client) {
	var found []types.EndpointSummary
	pages(ctx, s, "sagemaker:ListEndpoints", sagemaker.NewListEndpointsPaginator(c, &sagemaker.ListEndpointsInput{}), func(o *sagemaker.ListEndpointsOutput) {
		found = append(found, o.Endpoints...)
	})
	Each(ctx, found, func(ctx context.Context, v types.EndpointSummary) {
		r := s.New("AWS::SageMaker::Endpoint", deref(v.EndpointArn), deref(v.EndpointName), "sagemaker:ListEndpoints")
		set(r.Properties, "EndpointName", v.EndpointName)
		o := part(ctx, s, r, "EndpointConfigName", "sagemaker:DescribeEndpoint", c.DescribeEndpoint, &sagemaker.DescribeEndpointInput{EndpointName: v.EndpointName})
		if o != nil && o.EndpointConfigName != nil {
			set(r.Properties, "EndpointConfigName", o.EndpointConfigName)
			readEndpointConfig(ctx, s, c, r, o.EndpointConfigName)
		} else if o == nil {
			r.Unknown = append(r.Unknown, "KmsKeyId", "ExecutionRoleArn", "ProductionVariants", "DataCaptureConfig", "VpcConfig")
		}
		finishSageMaker(ctx, s, c, r)
	})
}

func readEndpointConfig(ctx context.Context, s *Scope, c *sagemaker.Client, r *snapshot.Resource, name *string) {
	p := r.Properties
	o := part(ctx, s, r, "KmsKeyId", "sagemaker:DescribeEndpointConfig", c.DescribeEndpointConfig, &sagemaker.DescribeEndpointConfigInput{EndpointConfigName: name}, "ValidationException")
	if o == nil { // it may be deleted while the endpoint goes on
		r.Unknown = append(r.Unknown, "KmsKeyId", "ExecutionRoleArn", "ProductionVariants", "DataCaptureConfig", "VpcConfig")
		return
	}
	set(p, "KmsKeyId", o.KmsKeyId)
	set(p, "ExecutionRoleArn", o.ExecutionRoleArn)
	set(p, "EnableNetworkIsolation", o.EnableNetworkIsolation)
	modelNetwork(p, o.VpcConfig)
	p["ProductionVariants"] = sorted(o.ProductionVariants, func(v types.ProductionVariant) any {
		m := object{"VariantName": deref(v.VariantName)}
		set(m, "ModelName", v.ModelName)
		set(m, "EnableSSMAccess", v.EnableSSMAccess)
		text(m, "InstanceType", v.InstanceType)
		return m
	})
	if d := o.DataCaptureConfig; d != nil {
		m := object{"DestinationS3Uri": deref(d.DestinationS3Uri)}
		set(m, "EnableCapture", d.EnableCapture)
		set(m, "KmsKeyId", d.KmsKeyId)
		p["DataCaptureConfig"] = m
	}
}

func readFeatureGroups(ctx context.Context, s *Scope, c *sagemaker.Client) {
	var found []types.FeatureGroupSummary
	pages(ctx, s, "sagemaker:ListFeatureGroups", sagemaker.NewListFeatureGroupsPaginator(c, &sagemaker.ListFeatureGroupsInput{}), func(o *sagemaker.ListFeatureGroupsOutput) {
		found = append(found, o.FeatureGroupSummaries...)
	})
	Each(ctx, found, func(ctx context.Context, v types.FeatureGroupSummary) {
		r := s.New("AWS::SageMaker::FeatureGroup", deref(v.FeatureGroupArn), deref(v.FeatureGroupName), "sagemaker:ListFeatureGroups")
		p := r.Properties
		set(p, "FeatureGroupName", v.FeatureGroupName)
		o := part(ctx, s, r, "RoleArn", "sagemaker:DescribeFeatureGroup", c.DescribeFeatureGroup, &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: v.FeatureGroupName})
		if o == nil {
			r.Unknown = append(r.Unknown, "OnlineStoreConfig", "OfflineStoreConfig")
		} else {
			set(p, "RoleArn", o.RoleArn)
			if x := o.OnlineStoreConfig; x != nil {
				m := object{}
				set(m, "EnableOnlineStore", x.EnableOnlineStore)
				if x.SecurityConfig != nil {
					m["SecurityConfig"] = object{"KmsKeyId": deref(x.SecurityConfig.KmsKeyId)}
				}
				p["OnlineStoreConfig"] = m
			}
			if x := o.OfflineStoreConfig; x != nil && x.S3StorageConfig != nil {
				m := object{"S3Uri": deref(x.S3StorageConfig.S3Uri)}
				set(m, "KmsKeyId", x.S3StorageConfig.KmsKeyId)
				p["OfflineStoreConfig"] = object{"S3StorageConfig": m}
			}
		}
		finishSageMaker(ctx, s, c, r)
	})
}

func readModelPackageGroups(ctx context.Context, s *Scope, c *sagemaker.Client) {
	var found []types.ModelPackageGroupSummary
	pages(ctx, s, "sagemaker:ListModelPackageGroups", sagemaker.NewListModelPackageGroupsPaginator(c, &sagemaker.ListModelPackageGroupsInput{}), func(o *sagemaker.ListModelPackageGroupsOutput) {
		found = append(found, o.ModelPackageGroupSummaryList...)
	})
	Each(ctx, found, func(ctx context.Context, v types.ModelPackageGroupSummary) {
		r := s.New("AWS::SageMaker::ModelPackageGroup", deref(v.ModelPackageGroupArn), deref(v.ModelPackageGroupName), "sagemaker:ListModelPackageGroups")
		set(r.Properties, "ModelPackageGroupName", v.ModelPackageGroupName)
		in := &sagemaker.GetModelPackageGroupPolicyInput{ModelPackageGroupName: v.ModelPackageGroupName}
		// That there is no policy is told as an invalid request.
		if o := part(ctx, s, r, "Policy", "sagemaker:GetModelPackageGroupPolicy", c.GetModelPackageGroupPolicy, in, "ValidationException", "ResourceNotFound"); o != nil {
			setPolicy(r, "Policy", o.ResourcePolicy)
		}
		finishSageMaker(ctx, s, c, r)
	})
}
