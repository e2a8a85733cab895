package service

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// SSM reads the names of parameters, never a value; the machines that can be commanded, and what is done to them; documents and with
// whom they are shared.
func SSM() Service {
	return Service{
		Name: "ssm",
		Calls: []Call{
			list("ssm:DescribeParameters", "ssm:DescribeParameters", "Parameters", "the names of parameters", "AWS::SSM::Parameter"),
			list("ssm:DescribeInstanceInformation", "ssm:DescribeInstanceInformation", "InstanceInformationList", "which machines can be commanded", "AWS::SSM::ManagedInstance"),
			about("ssm:DescribeInstancePatchStates", "ssm:DescribeInstancePatchStates", "InstancePatchStates", "which of them lack grave patches"),
			list("ssm:ListAssociations", "ssm:ListAssociations", "Associations", "what is done to them on a schedule", "AWS::SSM::Association"),
			list("ssm:DescribeMaintenanceWindows", "ssm:DescribeMaintenanceWindows", "WindowIdentities", "when they are patched", "AWS::SSM::MaintenanceWindow"),
			below("ssm:DescribeMaintenanceWindowTargets", "ssm:DescribeMaintenanceWindowTargets", "Targets", "which of them are patched then", "AWS::SSM::MaintenanceWindowTarget"),
			below("ssm:DescribeMaintenanceWindowTasks", "ssm:DescribeMaintenanceWindowTasks", "Tasks", "what is done then", "AWS::SSM::MaintenanceWindowTask"),
			list("ssm:ListDocuments", "ssm:ListDocuments", "DocumentIdentifiers", "what they may be told to do", "AWS::SSM::Document"),
			about("ssm:DescribeDocumentPermission", "ssm:DescribeDocumentPermission", "?AccountIds", "with whom a document is shared"),
			list("ssm:DescribeActivations", "ssm:DescribeActivations", "ActivationList", "with which codes machines outside AWS become managed", "AWS::SSM::Activation"),
			list("ssm:GetServiceSetting", "ssm:GetServiceSetting", "ServiceSetting", "whether documents may be public, and which role every machine gets", "AWS::SSM::ServiceSetting"),
		},
		Read: readSSM,
	}
}

func readSSM(ctx context.Context, s *Scope) {
	c := ssm.NewFromConfig(s.Config())
	pages(ctx, s, "ssm:DescribeParameters", ssm.NewDescribeParametersPaginator(c, &ssm.DescribeParametersInput{MaxResults: aws.Int32(50)}), func(o *ssm.DescribeParametersOutput) {
		for _, e := range o.Parameters {
			name := aws.ToString(e.Name)
			// A parameter's ARN has one slash between "parameter" and its path.
			r := s.New("AWS::SSM::Parameter", s.ARN("ssm", "parameter/"+strings.TrimPrefix(name, "/")), name, "ssm:DescribeParameters")
			if e.ARN != nil {
				r.Key = snapshotKey(e.ARN)
			}
			text(r.Properties, "Name", name)
			text(r.Properties, "Type", e.Type)
			set(r.Properties, "KeyId", e.KeyId)
			if !s.tags(ctx, r) {
				r.Unknown = append(r.Unknown, "Tags") // only a call for each parameter would tell
			}
			if e.Tier != types.ParameterTierStandard {
				// Only advanced parameters can be shared; a standard one has no policy.
				// "Working with shared parameters", https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html
				r.Unknown = append(r.Unknown, "Policy")
			}
			s.Add(*r)
		}
	})
	readManaged(ctx, s, c)
	readAssociations(ctx, s, c)
	readWindows(ctx, s, c)
	readDocuments(ctx, s, c)
	readActivations(ctx, s, c)
	readSettings(ctx, s, c)
}
