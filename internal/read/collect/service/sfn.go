package service

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

// SFN reads state machines of Step Functions: their role, and the ARNs that their definition names. The definition itself is not kept.
func SFN() Service {
	return Service{
		Name: "sfn",
		Calls: []Call{
			list("sfn:ListStateMachines", "states:ListStateMachines", "stateMachines", "the state machines", "AWS::StepFunctions::StateMachine"),
			about("sfn:DescribeStateMachine", "states:DescribeStateMachine", "stateMachineArn", "the role of a state machine, and what it calls"),
			about("sfn:ListTagsForResource", "states:ListTagsForResource", "?tags", "whose state machine it is"),
		},
		Read: readSFN,
	}
}

func readSFN(ctx context.Context, s *Scope) {
	c := sfn.NewFromConfig(s.Config())
	var found []types.StateMachineListItem
	pages(ctx, s, "sfn:ListStateMachines", sfn.NewListStateMachinesPaginator(c, &sfn.ListStateMachinesInput{MaxResults: 1000}), func(o *sfn.ListStateMachinesOutput) {
		found = append(found, o.StateMachines...)
	})
	Each(ctx, found, func(ctx context.Context, m types.StateMachineListItem) {
		r := s.New("AWS::StepFunctions::StateMachine", deref(m.StateMachineArn), deref(m.Name), "sfn:ListStateMachines")
		set(r.Properties, "StateMachineName", m.Name)
		text(r.Properties, "StateMachineType", m.Type)
		describeMachine(ctx, s, c, r)
		if !s.tags(ctx, r) {
			if o := part(ctx, s, r, "Tags", "sfn:ListTagsForResource", c.ListTagsForResource, &sfn.ListTagsForResourceInput{ResourceArn: m.StateMachineArn}); o != nil {
				r.Tags = tagsOf(o.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		s.Add(*r)
	})
}

func describeMachine(ctx context.Context, s *Scope, c *sfn.Client, r *snapshot.Resource) {
	arn := string(r.Key)
	ask := func(data types.IncludedData) (*sfn.DescribeStateMachineOutput, error) {
		return try(ctx, s, func(ctx context.Context) (*sfn.DescribeStateMachineOutput, error) {
			return c.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: &arn, IncludedData: data})
		})
	}
	o, err := ask("")
	if wire.Code(err) == "KmsAccessDeniedException" {
		// Under a key of the account's own, the definition needs kms:Decrypt, and all else does not.
		// "DescribeStateMachine", https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
		s.Miss(r, "Calls", "sfn:DescribeStateMachine", err)
		o, err = ask(types.IncludedDataMetadataOnly)
	}
	if err != nil {
		s.Miss(r, "RoleArn", "sfn:DescribeStateMachine", err)
		r.Unknown = append(r.Unknown, "Calls", "LoggingConfiguration", "EncryptionConfiguration", "TracingConfiguration")
		return
	}
	p := r.Properties
	set(p, "RoleArn", o.RoleArn)
	many(p, "Calls", each(arnsIn(deref(o.Definition)), same))
	if l := o.LoggingConfiguration; l != nil {
		m := object{"Level": string(l.Level), "IncludeExecutionData": l.IncludeExecutionData}
		many(m, "Destinations", each(l.Destinations, func(d types.LogDestination) any {
			to := object{}
			if d.CloudWatchLogsLogGroup != nil {
				to["CloudWatchLogsLogGroup"] = object{"LogGroupArn": deref(d.CloudWatchLogsLogGroup.LogGroupArn)}
			}
			return to
		}))
		p["LoggingConfiguration"] = m
	}
	if e := o.EncryptionConfiguration; e != nil {
		m := object{"Type": string(e.Type)}
		set(m, "KmsKeyId", e.KmsKeyId)
		p["EncryptionConfiguration"] = m
	}
	if o.TracingConfiguration != nil {
		p["TracingConfiguration"] = object{"Enabled": o.TracingConfiguration.Enabled}
	}
}

// arnsIn lists the strings of a JSON document that are ARNs, each once.
func arnsIn(document string) []string {
	var v any
	if json.Unmarshal([]byte(document), &v) != nil {
		return nil
	}
	found := map[string]bool{}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		case string:
			if strings.HasPrefix(v, "arn:") && !strings.ContainsAny(v, " \n{") {
				found[v] = true
			}
		}
	}
	walk(v)
	return slices.Sorted(maps.Keys(found))
}
