package iam_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam"
)

// decisionCase is one entry of testdata/decisions: a request with its policies, what must come out, and the sentence of the AWS
// documentation, in our words, that says so.
type decisionCase struct {
	Name     string          `json:"name"`
	Says     string          `json:"says"`
	See      string          `json:"see"`
	In       json.RawMessage `json:"in"`
	Want     string          `json:"want"`
	Explicit *bool           `json:"explicit"`
	Because  []string        `json:"because"`  // layer/policy/statement
	Residual []string        `json:"residual"` // keys; ! marks the negated ones
	Void     []string        `json:"void"`     // as Because
	Errors   int             `json:"errors"`
}

type documents []struct {
	Name   string          `json:"name"`
	Policy json.RawMessage `json:"policy"`
}

type request struct {
	Principal       string            `json:"principal"`
	Action          string            `json:"action"`
	Resource        string            `json:"resource"`
	ResourceAccount string            `json:"resource_account"`
	ResourceTags    map[string]string `json:"resource_tags"`
	Context         map[string]any    `json:"context"`
	Absent          []string          `json:"absent"`
	Present         []string          `json:"present"`
	Closed          bool              `json:"closed"`
	Management      bool              `json:"management_account"`
	Identity        documents         `json:"identity"`
	Boundary        documents         `json:"boundary"`
	Session         documents         `json:"session"`
	Resourced       documents         `json:"resource_policy"`
	Endpoint        documents         `json:"vpc_endpoint"`
	SCP             []documents       `json:"scp"`
	RCP             []documents       `json:"rcp"`
	Grants          []grant           `json:"kms_grants"`
	PublicAccess    *publicAccess     `json:"public_access_block"`
	Unread          []string          `json:"unread"`
}

type grant struct {
	GranteePrincipal string
	Operations       []string
	Constraints      struct{ EncryptionContextEquals, EncryptionContextSubset map[string]string }
}

type publicAccess struct{ RestrictPublicBuckets bool }

func readCases(t testing.TB) map[string][]decisionCase {
	t.Helper()
	files, err := filepath.Glob("testdata/decisions/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no decision cases: %v", err)
	}
	out := map[string][]decisionCase{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var cases []decisionCase
		if err := json.Unmarshal(data, &cases); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".json")] = cases
	}
	return out
}

// build turns a case into what Evaluate takes, and counts what Parse and Validate refuse.
func build(t testing.TB, raw json.RawMessage) (*iam.Request, *iam.Layers, int) {
	t.Helper()
	var in request
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	r := &iam.Request{
		Principal: in.Principal, Action: in.Action, Resource: in.Resource, ResourceAccount: in.ResourceAccount,
		ResourceTags: in.ResourceTags, Absent: in.Absent, Present: in.Present, Closed: in.Closed, ManagementAccount: in.Management,
		Context: map[string][]string{},
	}
	for k, v := range in.Context {
		if list, ok := v.([]any); ok {
			for _, one := range list {
				r.Context[k] = append(r.Context[k], fmt.Sprint(one))
			}
			continue
		}
		r.Context[k] = []string{fmt.Sprint(v)}
	}
	refused := 0
	read := func(layer string, docs documents) []*iam.Policy {
		if docs == nil {
			return nil
		}
		out := []*iam.Policy{}
		for _, d := range docs {
			text := []byte(d.Policy)
			var quoted string
			if json.Unmarshal(text, &quoted) == nil {
				text = []byte(quoted)
			}
			p, err := iam.Parse(text)
			if err != nil {
				refused++
				continue
			}
			refused += len(iam.Validate(p, layer))
			p.Name = d.Name
			out = append(out, p)
		}
		return out
	}
	levels := func(layer string, all []documents) (out [][]*iam.Policy) {
		for _, docs := range all {
			out = append(out, read(layer, docs))
		}
		return out
	}
	l := &iam.Layers{
		Identity: read(iam.LayerIdentity, in.Identity), Boundary: read(iam.LayerBoundary, in.Boundary),
		Session: read(iam.LayerSession, in.Session), Resource: read(iam.LayerResource, in.Resourced),
		VPCEndpoint: read(iam.LayerVPCEndpoint, in.Endpoint),
		SCP:         levels(iam.LayerSCP, in.SCP), RCP: levels(iam.LayerRCP, in.RCP),
		Unread: in.Unread,
	}
	for _, g := range in.Grants {
		one := iam.Grant{Grantee: g.GranteePrincipal, Operations: g.Operations, EncryptionContext: g.Constraints.EncryptionContextEquals}
		if g.Constraints.EncryptionContextSubset != nil {
			one.EncryptionContext, one.Subset = g.Constraints.EncryptionContextSubset, true
		}
		l.Grants = append(l.Grants, one)
	}
	if in.PublicAccess != nil {
		l.PublicAccess = &iam.PublicAccessBlock{RestrictPublicBuckets: in.PublicAccess.RestrictPublicBuckets}
	}
	return r, l, refused
}

func names(refs []iam.Ref) string {
	var out []string
	for _, r := range refs {
		out = append(out, fmt.Sprintf("%s/%s/%d", r.Layer, r.Policy, r.Statement))
	}
	return strings.Join(out, " ")
}

func word(o iam.Outcome) string {
	return map[iam.Outcome]string{iam.Allow: "allow", iam.Deny: "deny", iam.Conditional: "conditional"}[o]
}

func TestDecisions(t *testing.T) {
	total := 0
	for file, cases := range readCases(t) {
		total += len(cases)
		for _, c := range cases {
			t.Run(file+"/"+c.Name, func(t *testing.T) {
				if c.Says == "" || !strings.HasPrefix(c.See, "https://docs.aws.amazon.com/") {
					t.Error("a case says what AWS documents and where")
				}
				r, l, refused := build(t, c.In)
				if refused > 0 || c.Errors > 0 {
					if refused != c.Errors {
						t.Errorf("%d errors, want %d", refused, c.Errors)
					}
					return
				}
				d := iam.Evaluate(r, l)
				got := word(d.Outcome)
				if got == "" {
					got = "unknown"
				}
				if got != c.Want {
					t.Fatalf("%s: got %s, want %s (%+v)", c.Says, got, c.Want, d)
				}
				if c.Explicit != nil && d.Explicit != *c.Explicit {
					t.Errorf("explicit is %v", d.Explicit)
				}
				if (d.Outcome == iam.Conditional) != (len(d.Residual) > 0) {
					t.Errorf("residual %v with outcome %s", d.Residual, got)
				}
				if got := names(d.Because); c.Because != nil && got != strings.Join(c.Because, " ") {
					t.Errorf("because %s, want %v", got, c.Because)
				}
				if got := names(d.Void); got != strings.Join(c.Void, " ") {
					t.Errorf("void are %q, want %v", got, c.Void)
				}
				if c.Residual != nil {
					var keys []string
					for _, c := range d.Residual {
						if c.Negated {
							c.Key = "!" + c.Key
						}
						keys = append(keys, c.Key)
					}
					if strings.Join(keys, " ") != strings.Join(c.Residual, " ") {
						t.Errorf("residual %v, want %v", keys, c.Residual)
					}
				}
			})
		}
	}
	if total < 500 {
		t.Errorf("only %d cases", total)
	}
}
