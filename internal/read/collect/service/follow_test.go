package service

import (
	"context"
	"slices"
	"strings"
	"testing"
)

type followIn struct{ NextToken *string }
type followOut struct {
	NextToken *string
	Item      string
}

// A list is followed to its end, and every request is seen as it was asked; one that names the page that was just read does not go on for ever.
func TestFollow(t *testing.T) {
	for _, c := range []struct {
		name  string
		pages map[string]string // by token: the next token
		want  []string
		fails string
	}{
		{"one page", map[string]string{"": ""}, []string{"page "}, ""},
		{"three pages", map[string]string{"": "b", "b": "c", "c": ""}, []string{"page ", "page b", "page c"}, ""},
		{"no end", map[string]string{"": "b", "b": "b"}, []string{"page "}, "does not end"},
	} {
		var asked []*followIn
		list := follow(func(_ context.Context, in *followIn, _ ...func(*struct{})) (*followOut, error) {
			asked = append(asked, in)
			token := deref(in.NextToken)
			o := &followOut{Item: "page " + token}
			if next := c.pages[token]; next != "" {
				o.NextToken = &next
			}
			return o, nil
		}, &followIn{}, func(in *followIn, o *followOut) bool { return next(&in.NextToken, o.NextToken) })
		var got []string
		var failed error
		for list.HasMorePages() && failed == nil {
			o, err := list.NextPage(t.Context())
			if failed = err; err == nil {
				got = append(got, o.Item)
			}
		}
		if !slices.Equal(got, c.want) || (failed == nil) != (c.fails == "") || failed != nil && !strings.Contains(failed.Error(), c.fails) {
			t.Errorf("%s: %q, %v", c.name, got, failed)
		}
		if len(asked) > 1 && deref(asked[0].NextToken) != "" {
			t.Errorf("%s: the first request was changed after it was made", c.name)
		}
	}
}
