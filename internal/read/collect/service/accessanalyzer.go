package service

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// AccessAnalyzer reads which analyzers look at the account, and what they found and nobody has resolved or archived.
func AccessAnalyzer() Service {
	return Service{
		Name: "accessanalyzer",
		Calls: []Call{
			list("accessanalyzer:ListAnalyzers", "access-analyzer:ListAnalyzers", "analyzers", "whether access from outside is looked for", "AWS::AccessAnalyzer::Analyzer"),
			about("accessanalyzer:ListFindingsV2", "access-analyzer:ListFindings", "findings", "what was found"),
		},
		Read: readAnalyzers,
	}
}

func readAnalyzers(ctx context.Context, s *Scope) {
	c := accessanalyzer.NewFromConfig(s.Config())
	var found []*snapshot.Resource
	pages(ctx, s, "accessanalyzer:ListAnalyzers", accessanalyzer.NewListAnalyzersPaginator(c, &accessanalyzer.ListAnalyzersInput{}), func(o *accessanalyzer.ListAnalyzersOutput) {
		for _, a := range o.Analyzers {
			r := s.New("AWS::AccessAnalyzer::Analyzer", deref(a.Arn), deref(a.Name), "accessanalyzer:ListAnalyzers")
			set(r.Properties, "AnalyzerName", a.Name)
			text(r.Properties, "Type", a.Type)
			text(r.Properties, "Status", a.Status)
			if a.CreatedAt != nil { // what is new has not looked at everything
				r.Properties["CreatedAt"] = a.CreatedAt.UTC().Format(time.RFC3339)
			}
			if u, ok := a.Configuration.(*types.AnalyzerConfigurationMemberUnusedAccess); ok && u.Value.UnusedAccessAge != nil {
				r.Properties["AnalyzerConfiguration"] = object{"UnusedAccessConfiguration": object{"UnusedAccessAge": *u.Value.UnusedAccessAge}}
			}
			if len(a.Tags) > 0 {
				r.Tags = a.Tags
			}
			found = append(found, r)
		}
	})
	Each(ctx, found, func(ctx context.Context, r *snapshot.Resource) {
		readAccessFindings(ctx, s, c, r)
		s.Add(*r)
	})
}

// analyzed says in a few words what each kind of finding means.
var analyzed = map[types.FindingType]string{
	types.FindingTypeExternalAccess:         "somebody outside its zone of trust has access",
	types.FindingTypeInternalAccess:         "somebody inside the organization has access",
	types.FindingTypeUnusedIamRole:          "the role is not used",
	types.FindingTypeUnusedIamUserAccessKey: "an access key is not used",
	types.FindingTypeUnusedIamUserPassword:  "the password is not used",
	types.FindingTypeUnusedPermission:       "some of its permissions are not used",
}

// readAccessFindings reads findings about this account alone: an analyzer of an organization tells those of all members.
func readAccessFindings(ctx context.Context, s *Scope, c *accessanalyzer.Client, r *snapshot.Resource) {
	arn, n := string(r.Key), 0
	in := &accessanalyzer.ListFindingsV2Input{AnalyzerArn: &arn, MaxResults: aws.Int32(100), Filter: map[string]types.Criterion{
		"status": {Eq: []string{string(types.FindingStatusActive)}}, "resourceOwnerAccount": {Eq: []string{s.Account}},
	}}
	findings(ctx, s, r, "accessanalyzer:ListFindingsV2", &n, accessanalyzer.NewListFindingsV2Paginator(c, in), func(o *accessanalyzer.ListFindingsV2Output) int {
		for _, f := range o.Findings {
			about := snapshotKey(f.Resource)
			if about == "" {
				about = s.aboutAccount()
			}
			s.Observe(snapshot.Observation{
				Source: "accessanalyzer", Kind: "accessanalyzer:" + string(f.FindingType), About: about, At: second(f.CreatedAt), Says: analyzed[f.FindingType],
			})
		}
		return len(o.Findings)
	})
}
