package service

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/aws-sdk-go-v2/service/securityhub/types"

	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

const (
	describeHub  = "securityhub:DescribeHub"
	typeHub      = "AWS::SecurityHub::Hub"
	typeStandard = "AWS::SecurityHub::Standard"
)

// SecurityHub reads whether it is on, which standards it checks, and its grave findings but for those of services that are read
// themselves.
func SecurityHub() Service {
	return Service{
		Name: "securityhub",
		Calls: []Call{
			list(describeHub, describeHub, "HubArn", "whether findings are gathered", typeHub),
			below("securityhub:GetEnabledStandards", "securityhub:GetEnabledStandards", "StandardsSubscriptions", "what is checked", typeStandard),
			about("securityhub:GetFindings", "securityhub:GetFindings", "Findings", "what was found"),
		},
		Read: readSecurityHub,
	}
}

func readSecurityHub(ctx context.Context, s *Scope) {
	c := securityhub.NewFromConfig(s.Config())
	o, err := try(ctx, s, func(ctx context.Context) (*securityhub.DescribeHubOutput, error) {
		return c.DescribeHub(ctx, &securityhub.DescribeHubInput{})
	})
	outcome, reason := wire.Outcome(err, s.MaybeOff)
	if wire.Code(err) == "ResourceNotFoundException" {
		outcome = snapshot.NotEnabled
	}
	if outcome == snapshot.NotEnabled { // no hub, and no standard in it
		s.NoteTypes(describeHub, outcome, reason, typeHub, typeStandard)
		return
	}
	s.Note(describeHub, outcome, reason)
	if err != nil {
		return
	}
	r := s.New(typeHub, deref(o.HubArn), "default", describeHub)
	set(r.Properties, "AutoEnableControls", o.AutoEnableControls)
	text(r.Properties, "ControlFindingGenerator", o.ControlFindingGenerator)
	const standards = "securityhub:GetEnabledStandards"
	pages(ctx, s, standards, securityhub.NewGetEnabledStandardsPaginator(c, &securityhub.GetEnabledStandardsInput{}), func(o *securityhub.GetEnabledStandardsOutput) {
		for _, x := range o.StandardsSubscriptions {
			arn := deref(x.StandardsArn)
			_, name, _ := strings.Cut(arn, "/")
			r := s.New(typeStandard, deref(x.StandardsSubscriptionArn), name, standards)
			text(r.Properties, "StandardsArn", arn)
			s.Add(*r)
		}
	})
	readHubFindings(ctx, s, c, r)
	s.Add(*r)
}

// readHubFindings reads what is open of this account and Region. An administrator's hub tells those of members
// too, and one that aggregates those of other Regions.
func readHubFindings(ctx context.Context, s *Scope, c *securityhub.Client, hub *snapshot.Resource) {
	in := &securityhub.GetFindingsInput{MaxResults: aws.Int32(100), Filters: &types.AwsSecurityFindingFilters{
		AwsAccountId:   hubFilter(types.StringFilterComparisonEquals, s.Account),
		Region:         hubFilter(types.StringFilterComparisonEquals, s.Region),
		RecordState:    hubFilter(types.StringFilterComparisonEquals, string(types.RecordStateActive)),
		WorkflowStatus: hubFilter(types.StringFilterComparisonEquals, string(types.WorkflowStatusNew), string(types.WorkflowStatusNotified)),
		SeverityLabel:  hubFilter(types.StringFilterComparisonEquals, string(types.SeverityLabelCritical), string(types.SeverityLabelHigh)),
		ProductName:    hubFilter(types.StringFilterComparisonNotEquals, "GuardDuty", "Inspector", "IAM Access Analyzer"),
	}}
	n := 0
	findings(ctx, s, hub, "securityhub:GetFindings", &n, securityhub.NewGetFindingsPaginator(c, in), func(o *securityhub.GetFindingsOutput) int {
		for _, f := range o.Findings {
			observeHub(s, f)
		}
		return len(o.Findings)
	})
}

func hubFilter(how types.StringFilterComparison, values ...string) []types.StringFilter {
	var out []types.StringFilter
	for _, v := range values {
		out = append(out, types.StringFilter{Comparison: how, Value: aws.String(v)})
	}
	return out
}

func observeHub(s *Scope, f types.AwsSecurityFinding) {
	kind, severity := deref(f.GeneratorId), 7.0
	if f.Compliance != nil && deref(f.Compliance.SecurityControlId) != "" {
		kind = *f.Compliance.SecurityControlId
	}
	if f.Severity != nil && f.Severity.Label == types.SeverityLabelCritical {
		severity = 9
	}
	for _, r := range f.Resources {
		about := snapshot.Key(unqualified(deref(r.Id)))
		if !strings.HasPrefix(string(about), "arn:") { // "AWS::::Account:111122223333"
			about = s.aboutAccount()
		}
		s.Observe(snapshot.Observation{Source: "securityhub", Kind: "securityhub:" + kind, About: about, Severity: severity, At: moment(f.CreatedAt), Says: deref(f.Title)})
	}
}
