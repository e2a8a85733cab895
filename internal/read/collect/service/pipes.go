package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/pipes"
	"github.com/aws/aws-sdk-go-v2/service/pipes/types"
)

// Pipes reads the pipes of EventBridge: from where to where, and with which role. What they do to a message is not kept.
func Pipes() Service {
	return Service{
		Name: "pipes",
		Calls: []Call{
			list("pipes:ListPipes", "pipes:ListPipes", "?Pipes", "the pipes", "AWS::Pipes::Pipe"),
			about("pipes:DescribePipe", "pipes:DescribePipe", "Arn", "the role of a pipe"),
		},
		Read: readPipes,
	}
}

func readPipes(ctx context.Context, s *Scope) {
	c := pipes.NewFromConfig(s.Config())
	var found []types.Pipe
	pages(ctx, s, "pipes:ListPipes", pipes.NewListPipesPaginator(c, &pipes.ListPipesInput{}), func(o *pipes.ListPipesOutput) {
		found = append(found, o.Pipes...)
	})
	Each(ctx, found, func(ctx context.Context, v types.Pipe) {
		r := s.New("AWS::Pipes::Pipe", deref(v.Arn), deref(v.Name), "pipes:ListPipes")
		p := r.Properties
		set(p, "Name", v.Name)
		set(p, "Source", v.Source)
		set(p, "Target", v.Target)
		text(p, "Enrichment", deref(v.Enrichment))
		text(p, "DesiredState", v.DesiredState)
		if o := part(ctx, s, r, "RoleArn", "pipes:DescribePipe", c.DescribePipe, &pipes.DescribePipeInput{Name: v.Name}); o != nil {
			set(p, "RoleArn", o.RoleArn)
			text(p, "KmsKeyIdentifier", deref(o.KmsKeyIdentifier))
			if l := o.LogConfiguration; l != nil {
				m := object{"Level": string(l.Level)}
				many(m, "IncludeExecutionData", sorted(l.IncludeExecutionData, same))
				p["LogConfiguration"] = m
			}
			r.Tags = o.Tags
		} else {
			r.Unknown = append(r.Unknown, "KmsKeyIdentifier", "LogConfiguration", "Tags")
		}
		s.Add(*r)
	})
}
