package service

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

// urlReader reads the addresses of functions: their own and those of their aliases. Endpoints that cannot list them
// are asked for each.
type urlReader struct {
	*tally
	unlisted atomic.Bool
}

func (u *urlReader) read(ctx context.Context, s *Scope, c *lambda.Client, r *snapshot.Resource, name *string) error {
	var found []types.FunctionUrlConfig
	var err error
	if !u.unlisted.Load() {
		in := &lambda.ListFunctionUrlConfigsInput{FunctionName: name}
		_, err = turn(ctx, s, lambda.NewListFunctionUrlConfigsPaginator(c, in), func(o *lambda.ListFunctionUrlConfigsOutput) {
			found = append(found, o.FunctionUrlConfigs...)
		})
	}
	outcome, _ := wire.Outcome(err, s.MaybeOff)
	if u.unlisted.Load() || outcome == snapshot.Failed && ctx.Err() == nil {
		found, err = askURLs(ctx, s, c, name)
		u.unlisted.Store(err == nil)
	}
	for _, u := range found {
		target := aws.ToString(u.FunctionArn) // with an alias's name at the end, if the address is an alias's
		x := s.New("AWS::Lambda::Url", target+":url", r.Name, "lambda:ListFunctionUrlConfigs")
		text(x.Properties, "TargetFunctionArn", target)
		text(x.Properties, "AuthType", u.AuthType)
		set(x.Properties, "FunctionUrl", u.FunctionUrl)
		if at := made(u.CreationTime); !at.IsZero() { // decides what its policy has to allow
			x.Properties["CreationTime"] = at.Format(time.RFC3339)
		}
		s.Add(*x)
	}
	return err
}

// made reads a time of Lambda, whose offset has no colon; the zero time if it is none.
func made(text *string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.999999999-0700"} {
		if t, err := time.Parse(layout, deref(text)); err == nil {
			return t.UTC().Truncate(time.Second)
		}
	}
	return time.Time{}
}

// askURLs asks for a function's own address. That of an alias is not told so.
func askURLs(ctx context.Context, s *Scope, c *lambda.Client, name *string) ([]types.FunctionUrlConfig, error) {
	o, err := try(ctx, s, func(ctx context.Context) (*lambda.GetFunctionUrlConfigOutput, error) {
		return c.GetFunctionUrlConfig(ctx, &lambda.GetFunctionUrlConfigInput{FunctionName: name})
	})
	switch code := wire.Code(err); {
	case err == nil:
		return []types.FunctionUrlConfig{{FunctionArn: o.FunctionArn, AuthType: o.AuthType, FunctionUrl: o.FunctionUrl, CreationTime: o.CreationTime}}, nil
	case code == "ResourceNotFoundException" || code == "GenericResourceNotFound":
		return nil, nil
	}
	return nil, err
}
