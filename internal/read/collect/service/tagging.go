package service

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Tagging lists the tags of many resources at once. It finds nothing by itself: the other collectors ask it first, and only
// what it does not know costs a call of its own. It tells all that has or had tags, of the types that it knows: so what it leaves out has none
// where it tells another thing of the same type.
// "GetResources", https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
func Tagging() Service {
	return Service{
		Name: "tag",
		Calls: []Call{
			about("resourcegroupstaggingapi:GetResources", "tag:GetResources", "ResourceTagMappingList", "the tags of many resources in one call"),
		},
		Read: func(context.Context, *Scope) {},
	}
}

// tagged are the types whose own lists do not tell their tags.
var tagged = []string{
	"s3", "kms:key", "lambda:function", "dynamodb:table", "sqs", "sns", "ecr:repository", "ssm:parameter",
	"events:event-bus", "events:rule", "states:stateMachine", "codepipeline", "codedeploy",
	"rds:subgrp", "rds:db-proxy",
	"logs:log-group", "cloudwatch:alarm", "config:config-rule",
	"elasticache", "es:domain", "backup:backup-vault", "backup:backup-plan",
	"kinesis:stream", "firehose:deliverystream", "redshift-serverless", "athena",
	"iot:policy", "iot:rolealias", "iot:rule", "iot:cacert",
	"apprunner:service",
	"glue:job", "glue:crawler", "glue:devEndpoint", "glue:connection",
	"sagemaker:notebook-instance", "sagemaker:domain", "sagemaker:user-profile", "sagemaker:model", "sagemaker:endpoint", "sagemaker:pipeline",
	"sagemaker:feature-group", "sagemaker:model-package-group",
	"bedrock:guardrail", "bedrock:agent", "bedrock:knowledge-base", "bedrock:flow",
	"acm", "wafv2", "rolesanywhere", "ssm:managed-instance", "ssm:association",
}

// taggedAt are more of them, which the tagging API knows in one Region alone.
var taggedAt = map[string]string{"us-east-1": "cloudfront", acceleratorSeat: "globalaccelerator"}

// TagIndex holds what the tagging API told, Region by Region, asked when it is first needed. It is shared by all collectors.
type TagIndex struct {
	All     bool     // ask for everything that has tags: what is not among tagged tells what else there is, and one list serves both
	Regions []string // that are scanned; in others only what is told there alone is asked for

	mu      sync.Mutex
	regions map[string]*regionTags
}

type regionTags struct {
	once  sync.Once
	of    map[string]map[string]string // by ARN
	kinds map[string]bool              // of what was told: see kindOf
	err   error
}

func (x *TagIndex) region(name string) *regionTags {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.regions == nil {
		x.regions = map[string]*regionTags{}
	}
	r, ok := x.regions[name]
	if !ok {
		r = &regionTags{}
		x.regions[name] = r
	}
	return r
}

// tags gives a resource its tags if the tagging API knows them, be it that there are none; false if the resource must be asked for itself.
func (s *Scope) tags(ctx context.Context, r *snapshot.Resource) bool {
	return s.tagsIn(ctx, r, r.Region)
}

// tagsIn is for a resource without a Region, the tags of which are told in one.
func (s *Scope) tagsIn(ctx context.Context, r *snapshot.Resource, region string) bool {
	if s.Tags == nil {
		return false
	}
	t := s.regionTags(ctx, region)
	tags, told := t.of[string(r.Key)]
	if len(tags) > 0 {
		r.Tags = tags
	}
	return told || t.kinds[kindOf(string(r.Key))]
}

// kindOf is the service and type that an ARN names: "sqs:", "logs:log-group".
func kindOf(arn string) string {
	a, ok := shape.ParseARN(arn)
	if !ok {
		return ""
	}
	typ, _, several := strings.Cut(strings.Replace(a.Resource, ":", "/", 1), "/")
	if !several {
		typ = "" // the whole is a name
	}
	return a.Service + ":" + typ
}

// regionTags has the answer for a Region; the first who needs it asks. After an error nothing is known: everything is asked for itself, and
// what then fails is the gap.
func (s *Scope) regionTags(ctx context.Context, region string) *regionTags {
	t := s.Tags.region(region)
	t.once.Do(func() {
		t.of, t.err = s.askTags(ctx, region)
		t.kinds = map[string]bool{}
		for arn := range t.of {
			t.kinds[kindOf(arn)] = true
		}
		delete(t.kinds, "")
	})
	return t
}

// askTags asks for the tags in a Region, by ARN.
func (s *Scope) askTags(ctx context.Context, region string) (map[string]map[string]string, error) {
	of := map[string]map[string]string{}
	c := resourcegroupstaggingapi.NewFromConfig(s.Wire.Config(region))
	in := &resourcegroupstaggingapi.GetResourcesInput{ResourcesPerPage: aws.Int32(100)}
	if here := slices.Contains(s.Tags.Regions, region); !here || !s.Tags.All {
		if here {
			in.ResourceTypeFilters = slices.Clone(tagged)
		}
		if more := taggedAt[region]; more != "" {
			in.ResourceTypeFilters = append(in.ResourceTypeFilters, more)
		}
	}
	_, err := turn(ctx, s, resourcegroupstaggingapi.NewGetResourcesPaginator(c, in), func(o *resourcegroupstaggingapi.GetResourcesOutput) {
		for _, m := range o.ResourceTagMappingList {
			of[aws.ToString(m.ResourceARN)] = tagsOf(m.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
		}
	})
	if err != nil {
		return nil, err
	}
	return of, nil
}
