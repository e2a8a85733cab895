package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// GuardDuty reads what it watches, where it tells, and what it has found and nobody has archived.
func GuardDuty() Service {
	return Service{
		Name: "guardduty",
		Calls: []Call{
			list("guardduty:ListDetectors", "guardduty:ListDetectors", "detectorIds", "whether threats are looked for", "AWS::GuardDuty::Detector"),
			about("guardduty:GetDetector", "guardduty:GetDetector", "status", "what is looked at"),
			below("guardduty:ListPublishingDestinations", "guardduty:ListPublishingDestinations", "destinations", "where findings are kept", "AWS::GuardDuty::PublishingDestination"),
			about("guardduty:DescribePublishingDestination", "guardduty:DescribePublishingDestination", "destinationId", "where findings are kept"),
			about("guardduty:ListFindings", "guardduty:ListFindings", "findingIds", "what was found"),
			about("guardduty:GetFindings", "guardduty:GetFindings", "findings", "what was found"),
		},
		Read: readGuardDuty,
	}
}

func readGuardDuty(ctx context.Context, s *Scope) {
	c := guardduty.NewFromConfig(s.Config())
	var ids []string
	complete := pages(ctx, s, "guardduty:ListDetectors", guardduty.NewListDetectorsPaginator(c, &guardduty.ListDetectorsInput{}), func(o *guardduty.ListDetectorsOutput) {
		ids = append(ids, o.DetectorIds...)
	})
	destinations := newTally(complete)
	Each(ctx, ids, func(ctx context.Context, id string) {
		r := detector(ctx, s, c, id)
		destinations.count(r.Key, readDestinations(ctx, s, c, id, r.Key))
		readThreats(ctx, s, c, id, r)
		s.Add(*r)
	})
	destinations.note(s, "guardduty:ListPublishingDestinations")
}

func detector(ctx context.Context, s *Scope, c *guardduty.Client, id string) *snapshot.Resource {
	r := s.New("AWS::GuardDuty::Detector", s.ARN("guardduty", "detector/"+id), id, "guardduty:ListDetectors")
	o := part(ctx, s, r, "Enable", "guardduty:GetDetector", c.GetDetector, &guardduty.GetDetectorInput{DetectorId: &id})
	if o == nil {
		r.Unknown = append(r.Unknown, "Features", "FindingPublishingFrequency", "Tags")
		return r
	}
	r.Properties["Enable"] = o.Status == types.DetectorStatusEnabled
	text(r.Properties, "FindingPublishingFrequency", o.FindingPublishingFrequency)
	r.Properties["Features"] = sorted(o.Features, func(f types.DetectorFeatureConfigurationResult) any {
		m := object{"Name": string(f.Name), "Status": string(f.Status)}
		many(m, "AdditionalConfiguration", sorted(f.AdditionalConfiguration, func(a types.DetectorAdditionalConfigurationResult) any {
			return object{"Name": string(a.Name), "Status": string(a.Status)}
		}))
		return m
	})
	if len(o.Tags) > 0 {
		r.Tags = o.Tags
	}
	return r
}

func readDestinations(ctx context.Context, s *Scope, c *guardduty.Client, id string, detector snapshot.Key) error {
	const call = "guardduty:ListPublishingDestinations"
	var found []types.Destination
	_, err := turn(ctx, s, guardduty.NewListPublishingDestinationsPaginator(c, &guardduty.ListPublishingDestinationsInput{DetectorId: &id}), func(o *guardduty.ListPublishingDestinationsOutput) {
		found = append(found, o.Destinations...)
	})
	for _, d := range found {
		r := s.New("AWS::GuardDuty::PublishingDestination", string(detector)+"/publishingdestination/"+deref(d.DestinationId), deref(d.DestinationId), call)
		r.Properties["DetectorId"] = id
		text(r.Properties, "DestinationType", d.DestinationType)
		in := &guardduty.DescribePublishingDestinationInput{DetectorId: &id, DestinationId: d.DestinationId}
		if o := part(ctx, s, r, "DestinationProperties", "guardduty:DescribePublishingDestination", c.DescribePublishingDestination, in); o != nil && o.DestinationProperties != nil {
			m := object{}
			set(m, "DestinationArn", o.DestinationProperties.DestinationArn)
			set(m, "KmsKeyArn", o.DestinationProperties.KmsKeyArn)
			r.Properties["DestinationProperties"] = m
			if len(o.Tags) > 0 {
				r.Tags = o.Tags
			}
		}
		s.Add(*r)
	}
	return err
}

// readThreats reads findings about this account alone: a detector of an organization's administrator tells those of all members.
func readThreats(ctx context.Context, s *Scope, c *guardduty.Client, id string, r *snapshot.Resource) {
	in := &guardduty.ListFindingsInput{
		DetectorId: &id, MaxResults: aws.Int32(50),
		FindingCriteria: &types.FindingCriteria{Criterion: map[string]types.Condition{
			"service.archived": {Equals: []string{"false"}}, "accountId": {Equals: []string{s.Account}},
		}},
		SortCriteria: &types.SortCriteria{AttributeName: aws.String("severity"), OrderBy: types.OrderByDesc},
	}
	var ids []string
	n := 0
	findings(ctx, s, r, "guardduty:ListFindings", &n, guardduty.NewListFindingsPaginator(c, in), func(o *guardduty.ListFindingsOutput) int {
		ids = append(ids, o.FindingIds...)
		return len(o.FindingIds)
	})
	for batch := range slices.Chunk(ids, 50) { // the most that one call takes
		o := part(ctx, s, r, "Findings", "guardduty:GetFindings", c.GetFindings, &guardduty.GetFindingsInput{DetectorId: &id, FindingIds: batch})
		if o == nil {
			return
		}
		for _, f := range o.Findings {
			for _, about := range threatened(s, f.Resource) {
				s.Observe(snapshot.Observation{
					Source: "guardduty", Kind: "guardduty:" + deref(f.Type), About: about, Severity: aws.ToFloat64(f.Severity), At: moment(f.CreatedAt), Says: deref(f.Title),
				})
			}
		}
	}
}

// threatened tells which resources a finding is about.
func threatened(s *Scope, r *types.Resource) []snapshot.Key {
	var arns []string
	add := func(arn *string) {
		if arn != nil && *arn != "" {
			arns = append(arns, *arn)
		}
	}
	if r != nil {
		for _, b := range r.S3BucketDetails {
			add(b.Arn)
		}
		switch {
		case len(arns) > 0:
		case r.LambdaDetails != nil:
			add(aws.String(unqualified(deref(r.LambdaDetails.FunctionArn))))
		case r.RdsDbInstanceDetails != nil:
			add(r.RdsDbInstanceDetails.DbInstanceArn)
		case r.RdsLimitlessDbDetails != nil:
			add(r.RdsLimitlessDbDetails.DbShardGroupArn)
		case r.EksClusterDetails != nil:
			add(r.EksClusterDetails.Arn)
		case r.EcsClusterDetails != nil:
			add(r.EcsClusterDetails.Arn)
		case r.InstanceDetails != nil && deref(r.InstanceDetails.InstanceId) != "":
			add(aws.String(s.ARN("ec2", "instance/"+*r.InstanceDetails.InstanceId)))
		case r.EbsSnapshotDetails != nil:
			add(r.EbsSnapshotDetails.SnapshotArn)
		case r.Ec2ImageDetails != nil:
			add(r.Ec2ImageDetails.ImageArn)
		case r.RecoveryPointDetails != nil:
			add(r.RecoveryPointDetails.RecoveryPointArn)
		}
		if k := r.AccessKeyDetails; k != nil && len(arns) == 0 {
			add(aws.String(s.principal(deref(k.UserType), deref(k.UserName))))
		}
	}
	if len(arns) == 0 {
		return []snapshot.Key{s.aboutAccount()}
	}
	slices.Sort(arns)
	var out []snapshot.Key
	for _, arn := range slices.Compact(arns) {
		out = append(out, snapshot.Key(arn))
	}
	return out
}

// principal is the ARN of who used a key, as far as its kind and name tell: the path of a user or role is not told.
func (s *Scope) principal(kind, name string) string {
	const iam = ":iam::"
	switch kind {
	case "Root":
		return "arn:" + s.Partition + iam + s.Account + ":root"
	case "IAMUser":
		return "arn:" + s.Partition + iam + s.Account + ":user/" + name
	case "AssumedRole", "Role":
		return "arn:" + s.Partition + iam + s.Account + ":role/" + name
	}
	return ""
}
