package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// readLayers reads the newest version of every layer: the list tells no other.
func readLayers(ctx context.Context, s *Scope, c *lambda.Client) {
	var found []types.LayersListItem
	pages(ctx, s, "lambda:ListLayers", lambda.NewListLayersPaginator(c, &lambda.ListLayersInput{}), func(o *lambda.ListLayersOutput) {
		found = append(found, o.Layers...)
	})
	Each(ctx, found, func(ctx context.Context, l types.LayersListItem) {
		v := l.LatestMatchingVersion
		if v == nil {
			return
		}
		r := s.New("AWS::Lambda::LayerVersion", aws.ToString(v.LayerVersionArn), aws.ToString(l.LayerName), "lambda:ListLayers")
		p := r.Properties
		set(p, "LayerName", l.LayerName)
		p["Version"] = v.Version
		many(p, "CompatibleRuntimes", sorted(v.CompatibleRuntimes, same))
		in := &lambda.GetLayerVersionPolicyInput{LayerName: l.LayerName, VersionNumber: &v.Version}
		if o := part(ctx, s, r, "Policy", "lambda:GetLayerVersionPolicy", c.GetLayerVersionPolicy, in, "ResourceNotFoundException"); o != nil {
			setPolicy(r, "Policy", o.Policy)
		}
		s.Add(*r)
	})
}

// codeSigning is which configuration a function's code must satisfy. A function without one accepts any code.
type codeSigning struct {
	of    map[string]string // by the function's ARN
	whole bool              // every configuration and all its functions were read
}

func readCodeSigning(ctx context.Context, s *Scope, c *lambda.Client) *codeSigning {
	k := &codeSigning{of: map[string]string{}}
	var found []types.CodeSigningConfig
	k.whole = pages(ctx, s, "lambda:ListCodeSigningConfigs", lambda.NewListCodeSigningConfigsPaginator(c, &lambda.ListCodeSigningConfigsInput{}), func(o *lambda.ListCodeSigningConfigsOutput) {
		found = append(found, o.CodeSigningConfigs...)
	})
	for _, x := range found { // there are few
		r := s.New("AWS::Lambda::CodeSigningConfig", aws.ToString(x.CodeSigningConfigArn), aws.ToString(x.CodeSigningConfigId), "lambda:ListCodeSigningConfigs")
		p := r.Properties
		set(p, "CodeSigningConfigId", x.CodeSigningConfigId)
		if x.AllowedPublishers != nil {
			p["AllowedPublishers"] = object{"SigningProfileVersionArns": sorted(x.AllowedPublishers.SigningProfileVersionArns, same)}
		}
		if x.CodeSigningPolicies != nil {
			p["CodeSigningPolicies"] = object{"UntrustedArtifactOnDeployment": string(x.CodeSigningPolicies.UntrustedArtifactOnDeployment)}
		}
		const call = "lambda:ListFunctionsByCodeSigningConfig"
		in := &lambda.ListFunctionsByCodeSigningConfigInput{CodeSigningConfigArn: x.CodeSigningConfigArn}
		var functions []string
		if pagesOf(ctx, s, r, "FunctionArns", call, lambda.NewListFunctionsByCodeSigningConfigPaginator(c, in), func(o *lambda.ListFunctionsByCodeSigningConfigOutput) {
			functions = append(functions, o.FunctionArns...)
		}) {
			slices.Sort(functions)
			p["FunctionArns"] = each(functions, same)
		} else {
			k.whole = false
		}
		for _, f := range functions {
			k.of[f] = aws.ToString(x.CodeSigningConfigArn)
		}
		r.Unknown = append(r.Unknown, "Tags") // as of event source mappings: each would cost a call
		s.Add(*r)
	}
	return k
}

func (k *codeSigning) tell(r *snapshot.Resource) {
	if arn, ok := k.of[string(r.Key)]; ok {
		r.Properties["CodeSigningConfigArn"] = arn
	} else if !k.whole {
		r.Unknown = append(r.Unknown, "CodeSigningConfigArn")
	}
}
