package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Lambda reads functions, who may call them, and what calls them. Environment values are looked at in memory and not kept.
func Lambda() Service {
	return Service{
		Name: "lambda",
		Calls: []Call{
			list("lambda:ListFunctions", "lambda:ListFunctions", "Functions", "the functions", "AWS::Lambda::Function"),
			list("lambda:ListEventSourceMappings", "lambda:ListEventSourceMappings", "EventSourceMappings", "what triggers functions", "AWS::Lambda::EventSourceMapping"),
			list("lambda:ListLayers", "lambda:ListLayers", "Layers", "code that several functions share", "AWS::Lambda::LayerVersion"),
			list("lambda:ListCodeSigningConfigs", "lambda:ListCodeSigningConfigs", "CodeSigningConfigs", "whose code functions accept", "AWS::Lambda::CodeSigningConfig"),
			about("lambda:GetLayerVersionPolicy", "lambda:GetLayerVersionPolicy", "Policy", "whom a layer is shared with"),
			about("lambda:ListFunctionsByCodeSigningConfig", "lambda:ListFunctionsByCodeSigningConfig", "FunctionArns", "which functions accept only signed code"),
			below("lambda:ListFunctionUrlConfigs", "lambda:ListFunctionUrlConfigs", "FunctionUrlConfigs", "the addresses of a function", "AWS::Lambda::Url"),
			about("lambda:GetFunctionUrlConfig", "lambda:GetFunctionUrlConfig", "FunctionUrl", "the addresses of a function, where they cannot be listed"),
			about("lambda:GetPolicy", "lambda:GetPolicy", "Policy", "who may call a function"),
			about("lambda:ListTags", "lambda:ListTags", "?Tags", "whose function it is"),
		},
		Read: readLambda,
	}
}

func readLambda(ctx context.Context, s *Scope) {
	c := lambda.NewFromConfig(s.Config())
	readLayers(ctx, s, c)
	signed := readCodeSigning(ctx, s, c)
	var functions []types.FunctionConfiguration
	all := pages(ctx, s, "lambda:ListFunctions", lambda.NewListFunctionsPaginator(c, &lambda.ListFunctionsInput{}), func(o *lambda.ListFunctionsOutput) {
		functions = append(functions, o.Functions...)
	})
	if all && len(functions) == 0 { // nothing that could have an address or be triggered
		s.NoteTypes("lambda:ListFunctions", snapshot.OK, "", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Url")
		return
	}
	pages(ctx, s, "lambda:ListEventSourceMappings", lambda.NewListEventSourceMappingsPaginator(c, &lambda.ListEventSourceMappingsInput{}), func(o *lambda.ListEventSourceMappingsOutput) {
		for _, m := range o.EventSourceMappings {
			r := s.New("AWS::Lambda::EventSourceMapping", s.ARN("lambda", "event-source-mapping:"+aws.ToString(m.UUID)), aws.ToString(m.UUID), "lambda:ListEventSourceMappings")
			if m.EventSourceMappingArn != nil {
				r.Key = snapshotKey(m.EventSourceMappingArn)
			}
			set(r.Properties, "FunctionName", m.FunctionArn)
			set(r.Properties, "EventSourceArn", m.EventSourceArn)
			set(r.Properties, "UUID", m.UUID)
			r.Properties["Enabled"] = aws.ToString(m.State) == "Enabled" || aws.ToString(m.State) == "Enabling"
			r.Unknown = append(r.Unknown, "Tags")
			s.Add(*r)
		}
	})
	urls := &urlReader{tally: newTally(all)}
	read := func(ctx context.Context, f types.FunctionConfiguration) { readFunction(ctx, s, c, f, urls, signed) }
	first := min(1, len(functions)) // alone: it tells whether addresses can be listed
	Each(ctx, functions[:first], read)
	Each(ctx, functions[first:], read)
	urls.note(s, "lambda:ListFunctionUrlConfigs")
}

func readFunction(ctx context.Context, s *Scope, c *lambda.Client, f types.FunctionConfiguration, urls *urlReader, signed *codeSigning) {
	r := s.New("AWS::Lambda::Function", aws.ToString(f.FunctionArn), aws.ToString(f.FunctionName), "lambda:ListFunctions")
	p := r.Properties
	set(p, "FunctionName", f.FunctionName)
	set(p, "Role", f.Role)
	text(p, "Runtime", f.Runtime)
	set(p, "Handler", f.Handler)
	set(p, "KmsKeyArn", f.KMSKeyArn)
	text(p, "PackageType", f.PackageType)
	if f.VpcConfig != nil && aws.ToString(f.VpcConfig.VpcId) != "" {
		p["VpcConfig"] = object{
			"VpcId":     aws.ToString(f.VpcConfig.VpcId),
			"SubnetIds": sorted(f.VpcConfig.SubnetIds, same), "SecurityGroupIds": sorted(f.VpcConfig.SecurityGroupIds, same),
		}
	}
	signed.tell(r)
	many(p, "Layers", each(f.Layers, func(l types.Layer) any { return aws.ToString(l.Arn) })) // a later one hides what is in an earlier
	many(p, "FileSystemConfigs", sorted(f.FileSystemConfigs, func(x types.FileSystemConfig) any {
		return object{"Arn": aws.ToString(x.Arn), "LocalMountPath": aws.ToString(x.LocalMountPath)}
	}))
	if f.DeadLetterConfig != nil && aws.ToString(f.DeadLetterConfig.TargetArn) != "" {
		p["DeadLetterConfig"] = object{"TargetArn": *f.DeadLetterConfig.TargetArn}
	}
	if f.TracingConfig != nil {
		p["TracingConfig"] = object{"Mode": string(f.TracingConfig.Mode)}
	}
	if f.Environment != nil {
		environment(p, f.Environment.Variables)
		if f.Environment.Error != nil { // the values could not be decrypted for us: there may be names that we did not see
			r.Unknown = append(r.Unknown, "EnvironmentNames", "SecretLooking")
		}
	}
	if o := part(ctx, s, r, "Policy", "lambda:GetPolicy", c.GetPolicy, &lambda.GetPolicyInput{FunctionName: f.FunctionName}, "ResourceNotFoundException"); o != nil {
		setPolicy(r, "Policy", o.Policy)
	}
	if !s.tags(ctx, r) {
		if o := part(ctx, s, r, "Tags", "lambda:ListTags", c.ListTags, &lambda.ListTagsInput{Resource: f.FunctionArn}); o != nil && len(o.Tags) > 0 {
			r.Tags = o.Tags
		}
	}
	urls.count(r.Key, urls.read(ctx, s, c, r, f.FunctionName))
	s.Add(*r)
}
