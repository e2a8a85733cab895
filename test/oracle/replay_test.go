package oracle_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam"
)

type documents []struct {
	Name   string          `json:"name"`
	Policy json.RawMessage `json:"policy"`
}

// recorded is one case of iam/testdata/decisions.
type recorded struct {
	Name   string `json:"name"`
	Errors int    `json:"errors"`
	In     struct {
		Principal    string            `json:"principal"`
		Action       string            `json:"action"`
		Resource     string            `json:"resource"`
		Owner        string            `json:"resource_account"`
		Tags         map[string]string `json:"resource_tags"`
		Context      map[string]any    `json:"context"`
		Absent       []string          `json:"absent"`
		Present      []string          `json:"present"`
		Closed       bool              `json:"closed"`
		Management   bool              `json:"management_account"`
		Identity     documents         `json:"identity"`
		Boundary     documents         `json:"boundary"`
		Session      documents         `json:"session"`
		Resourced    documents         `json:"resource_policy"`
		Endpoint     documents         `json:"vpc_endpoint"`
		SCP          []documents       `json:"scp"`
		RCP          []documents       `json:"rcp"`
		Grants       []any             `json:"kms_grants"`
		PublicAccess *struct {
			Restrict bool `json:"RestrictPublicBuckets"`
		} `json:"public_access_block"`
		Unread []string `json:"unread"`
	} `json:"in"`
}

// question is the case with the context that its request leaves open. Where our answer to the open question is a plain one, the complete
// question must have it too.
func (c *recorded) question(t *testing.T) *question {
	t.Helper()
	q := &question{name: c.Name, raw: map[*iam.Policy]json.RawMessage{}}
	q.request = iam.Request{
		Principal: c.In.Principal, Action: c.In.Action, Resource: c.In.Resource, ResourceAccount: c.In.Owner, ManagementAccount: c.In.Management,
		Context: map[string][]string{}, Absent: c.In.Absent, Present: c.In.Present, ResourceTags: c.In.Tags, Closed: c.In.Closed,
	}
	for k, v := range c.In.Context {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		q.request.Context[k] = []string{}
		for _, one := range list {
			q.request.Context[k] = append(q.request.Context[k], fmt.Sprint(one))
		}
	}
	read := func(docs documents) []*iam.Policy {
		if docs == nil {
			return nil
		}
		out := []*iam.Policy{}
		for _, d := range docs {
			text := d.Policy
			var quoted string
			if json.Unmarshal(text, &quoted) == nil {
				text = json.RawMessage(quoted)
			}
			p, err := iam.Parse(text)
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			p.Name, q.raw[p] = d.Name, text
			out = append(out, p)
		}
		return out
	}
	l := &q.layers
	l.Identity, l.Boundary, l.Session = read(c.In.Identity), read(c.In.Boundary), read(c.In.Session)
	l.Resource, l.VPCEndpoint, l.Unread = read(c.In.Resourced), read(c.In.Endpoint), c.In.Unread
	for _, docs := range c.In.SCP {
		l.SCP = append(l.SCP, read(docs))
	}
	for _, docs := range c.In.RCP {
		l.RCP = append(l.RCP, read(docs))
	}
	if c.In.PublicAccess != nil {
		l.PublicAccess = &iam.PublicAccessBlock{RestrictPublicBuckets: c.In.PublicAccess.Restrict}
	}
	l.Grants = make([]iam.Grant, len(c.In.Grants)) // which the peer has no words for
	if len(l.Grants)+len(l.Unread) > 0 {
		return q
	}

	before := q.ours()
	q.complete()
	if after := q.ours(); !c.In.Closed && (before == allow) != (after == allow) && before != "conditional" {
		t.Errorf("%s: %s with an open context, %s with a complete one", c.Name, before, after)
	}
	return q
}

// complete closes the context: with the keys that follow from the request, tags, and something for what is only known to exist.
func (q *question) complete() {
	r := &q.request
	context := map[string][]string{}
	if !r.Closed {
		context = principalContext(r.Principal)
		context["aws:ResourceAccount"] = []string{q.owner()}
		if account := iam.Account(r.Principal); account != "" {
			context["kms:CallerAccount"] = []string{account}
		}
	}
	set := func(key string, values []string) {
		for k := range context {
			if strings.EqualFold(k, key) {
				delete(context, k)
			}
		}
		if len(values) > 0 {
			context[key] = values
		}
	}
	service, _, _ := strings.Cut(r.Action, ":")
	for k, v := range r.ResourceTags {
		set("aws:ResourceTag/"+k, []string{v})
		if !r.Closed {
			set(service+":ResourceTag/"+k, []string{v})
		}
	}
	for _, k := range r.Present {
		set(k, []string{"something"})
	}
	for _, k := range r.Absent {
		set(k, nil)
	}
	for k, v := range r.Context {
		set(k, v)
	}
	r.Context, r.Absent, r.Present, r.ResourceTags, r.Closed = context, nil, nil, nil, true
}

// corpus reads the cases; those that are about policies that AWS refuses are left out.
func corpus(t *testing.T) (out []*question, refused int) {
	t.Helper()
	files, err := filepath.Glob("../../iam/testdata/decisions/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no decision cases: %v", err)
	}
	slices.Sort(files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var cases []recorded
		if err := json.Unmarshal(text, &cases); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for i := range cases {
			if cases[i].Errors > 0 {
				refused++
				continue
			}
			out = append(out, cases[i].question(t))
		}
	}
	return out, refused
}
