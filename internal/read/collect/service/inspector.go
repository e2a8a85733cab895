package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Inspector reads what it scans, and its grave findings. The kinds of those that attackers use or soon will are the facts that make a
// way in easier; the others have a kind by what was found.
func Inspector() Service {
	return Service{
		Name: "inspector",
		Calls: []Call{
			list("inspector2:BatchGetAccountStatus", "inspector2:BatchGetAccountStatus", "accounts", "what is scanned", "AWS::InspectorV2::Account"),
			about("inspector2:ListFindings", "inspector2:ListFindings", "findings", "what was found"),
		},
		Read: readInspector,
	}
}

const (
	knownExploited = "known-exploited"
	highEPSS       = "high-epss"
	// The probability of being exploited within thirty days from which on we call it likely.
	likelyExploited = 0.1
)

func readInspector(ctx context.Context, s *Scope) {
	c := inspector2.NewFromConfig(s.Config())
	o, ok := one(ctx, s, "inspector2:BatchGetAccountStatus", c.BatchGetAccountStatus, &inspector2.BatchGetAccountStatusInput{})
	if !ok {
		return
	}
	for _, a := range o.Accounts {
		if deref(a.AccountId) != s.Account {
			continue
		}
		r := s.New("AWS::InspectorV2::Account", s.ARN("inspector2", "account"), "Inspector", "inspector2:BatchGetAccountStatus")
		scans := object{}
		state := func(name string, v *types.State) {
			if v != nil {
				text(scans, name, v.Status)
			}
		}
		if x := a.ResourceState; x != nil {
			state("Ec2", x.Ec2)
			state("Ecr", x.Ecr)
			state("Lambda", x.Lambda)
			state("LambdaCode", x.LambdaCode)
			state("CodeRepository", x.CodeRepository)
		}
		if a.State != nil {
			text(r.Properties, "Status", a.State.Status)
		}
		r.Properties["ResourceState"] = scans
		if a.State == nil || a.State.Status != types.StatusDisabled {
			readVulnerabilities(ctx, s, c, r)
		}
		s.Add(*r)
	}
}

// readVulnerabilities reads first what has an exploit, so that a long list of other things never hides it.
func readVulnerabilities(ctx context.Context, s *Scope, c *inspector2.Client, r *snapshot.Resource) {
	yes := string(types.ExploitAvailableYes)
	n := 0
	for _, x := range []struct {
		exploit types.StringComparison
		by      types.SortField
	}{{types.StringComparisonEquals, types.SortFieldSeverity}, {types.StringComparisonNotEquals, types.SortFieldEpssScore}} {
		in := &inspector2.ListFindingsInput{MaxResults: aws.Int32(100), SortCriteria: &types.SortCriteria{Field: x.by, SortOrder: types.SortOrderDesc}, FilterCriteria: &types.FilterCriteria{
			AwsAccountId:     inspectorFilter(types.StringComparisonEquals, s.Account),
			FindingStatus:    inspectorFilter(types.StringComparisonEquals, string(types.FindingStatusActive)),
			Severity:         inspectorFilter(types.StringComparisonEquals, string(types.SeverityCritical), string(types.SeverityHigh)),
			ExploitAvailable: inspectorFilter(x.exploit, yes),
		}}
		findings(ctx, s, r, "inspector2:ListFindings", &n, inspector2.NewListFindingsPaginator(c, in), func(o *inspector2.ListFindingsOutput) int {
			for _, f := range o.Findings {
				observeVulnerability(s, f)
			}
			return len(o.Findings)
		})
		if slices.Contains(r.Unknown, "Findings") {
			return
		}
	}
}

func inspectorFilter(how types.StringComparison, values ...string) []types.StringFilter {
	var out []types.StringFilter
	for _, v := range values {
		out = append(out, types.StringFilter{Comparison: how, Value: aws.String(v)})
	}
	return out
}

func observeVulnerability(s *Scope, f types.Finding) {
	severity := 7.0
	if f.Severity == types.SeverityCritical {
		severity = 9
	}
	if f.InspectorScore != nil && *f.InspectorScore > 0 {
		severity = *f.InspectorScore
	}
	var kinds []string
	if f.ExploitAvailable == types.ExploitAvailableYes {
		kinds = append(kinds, knownExploited)
	}
	if f.Epss != nil && f.Epss.Score >= likelyExploited {
		kinds = append(kinds, highEPSS)
	}
	if len(kinds) == 0 {
		kinds = append(kinds, "inspector2:"+string(f.Type))
	}
	link := ""
	if f.PackageVulnerabilityDetails != nil {
		link = deref(f.PackageVulnerabilityDetails.SourceUrl)
	}
	for _, r := range f.Resources {
		about := snapshot.Key(unqualified(deref(r.Id)))
		if r.Type == types.ResourceTypeAwsEc2Instance {
			about = snapshot.Key(s.ARN("ec2", "instance/"+deref(r.Id)))
		}
		for _, kind := range kinds {
			s.Observe(snapshot.Observation{
				Source: "inspector2", Kind: kind, About: about, Severity: severity, At: second(f.FirstObservedAt), Says: deref(f.Title), Link: link,
			})
		}
	}
}
