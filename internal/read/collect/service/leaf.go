package service

import "context"

// leaf turns the pages of a list for which the SDK has no paginator.
type leaf[I, O, P any] struct {
	call func(context.Context, *I, ...func(*P)) (*O, error)
	in   *I
	next func(*I, *O) *string // puts the token of the next page into the input, and tells it
	done bool
}

func leaves[I, O, P any](call func(context.Context, *I, ...func(*P)) (*O, error), in *I, next func(*I, *O) *string) *leaf[I, O, P] {
	return &leaf[I, O, P]{call: call, in: in, next: next}
}

func (l *leaf[I, O, P]) HasMorePages() bool { return !l.done }

func (l *leaf[I, O, P]) NextPage(ctx context.Context, with ...func(*P)) (*O, error) {
	out, err := l.call(ctx, l.in, with...)
	if err != nil {
		return nil, err
	}
	l.done = deref(l.next(l.in, out)) == ""
	return out, nil
}
