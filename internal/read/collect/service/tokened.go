package service

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// tokened turns the pages of a list for which the SDK has no paginator.
type tokened[I, O, P any] struct {
	call  func(context.Context, *I, ...func(*P)) (*O, error)
	in    *I
	token **string // of in: which page is asked for
	next  func(*O) *string
	begun bool
}

func byToken[I, O, P any](call func(context.Context, *I, ...func(*P)) (*O, error), in *I, token **string, next func(*O) *string) *tokened[I, O, P] {
	return &tokened[I, O, P]{call: call, in: in, token: token, next: next}
}

func (t *tokened[I, O, P]) HasMorePages() bool { return !t.begun || aws.ToString(*t.token) != "" }

func (t *tokened[I, O, P]) NextPage(ctx context.Context, options ...func(*P)) (*O, error) {
	o, err := t.call(ctx, t.in, options...)
	if err != nil {
		return nil, err
	}
	next := t.next(o)
	if t.begun && aws.ToString(next) != "" && aws.ToString(next) == aws.ToString(*t.token) {
		return nil, fmt.Errorf("the list does not end")
	}
	t.begun, *t.token = true, next
	return o, nil
}

// someTags are tags that a service tells as a map; none are no map.
func someTags(in map[string]string) map[string]string {
	if len(in) == 0 {
		return nil
	}
	return in
}

// keyValues is a map as CloudFormation writes most of them.
func keyValues(in map[string]string) []any {
	return each(slices.Sorted(maps.Keys(in)), func(k string) any { return object{"Key": k, "Value": in[k]} })
}

// structured puts a JSON document that a service tells as a string, as CloudFormation has it.
func structured(m object, name string, said *string) {
	var v any
	if said != nil && json.Unmarshal([]byte(*said), &v) == nil {
		m[name] = v
	}
}
