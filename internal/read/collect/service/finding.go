package service

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
)

// mostFindings bounds what is kept of one source in one Region. Whoever has more knows more from the source itself.
const mostFindings = 1000

// findings reads what a source has found until enough of it is there, or its list ends; the list gives the gravest first where it
// can. n counts over several lists. What did not come makes the source's "Findings" unknown.
func findings[O, P any](ctx context.Context, s *Scope, source *snapshot.Resource, call string, n *int, p paginator[O, P], page func(*O) int) {
	for turned := 0; p.HasMorePages(); turned++ {
		if *n >= mostFindings || turned >= mostFindings { // pages may be empty and not the last
			s.miss(source, "Findings", call, snapshot.Truncated, fmt.Sprintf("only the first %d were read", *n))
			return
		}
		out, err := try(ctx, s, func(ctx context.Context) (*O, error) { return p.NextPage(ctx) })
		if err != nil {
			s.Miss(source, "Findings", call, err)
			return
		}
		*n += page(out)
	}
}

// aboutAccount is what a finding is about that is about no resource that we can name.
func (s *Scope) aboutAccount() snapshot.Key {
	return snapshot.Key("arn:" + s.Partition + ":account::" + s.Account + ":account")
}

// unqualified is the ARN of a function without the version or alias behind its name.
func unqualified(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > 7 && parts[2] == "lambda" && parts[5] == "function" {
		return strings.Join(parts[:7], ":")
	}
	return arn
}

// moment reads the time at which somebody else saw something first; the zero time if it is none.
func moment(text *string) time.Time {
	t, err := time.Parse(time.RFC3339, deref(text))
	if err != nil {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}

// second is a time that the SDK has read, as exact as we keep it.
func second(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}
