package service

import (
	"context"
	"errors"
	"reflect"
)

// follow turns the pages of a list for which the SDK has no paginator. more puts into the next request where the last answer ended,
// and tells whether it did end before the list.
func follow[I, O, P any](f func(context.Context, *I, ...func(*P)) (*O, error), in *I, more func(*I, *O) bool) paginator[O, P] {
	return &follower[I, O, P]{ask: f, in: in, more: more}
}

type follower[I, O, P any] struct {
	ask  func(context.Context, *I, ...func(*P)) (*O, error)
	in   *I
	more func(*I, *O) bool
	over bool
}

func (f *follower[I, O, P]) HasMorePages() bool { return !f.over }

func (f *follower[I, O, P]) NextPage(ctx context.Context, options ...func(*P)) (*O, error) {
	in := *f.in // whoever looks at the request later sees what was asked
	out, err := f.ask(ctx, &in, options...)
	if err != nil {
		return nil, err
	}
	f.over = !f.more(f.in, out)
	if !f.over && reflect.DeepEqual(&in, f.in) {
		return nil, errors.New("the list does not end: it names the page that was just read as the next one")
	}
	return out, nil
}

// next keeps a token for the next request; false when there is none.
func next(to **string, token *string) bool {
	*to = token
	return deref(token) != ""
}
