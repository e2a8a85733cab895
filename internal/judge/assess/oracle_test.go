package assess

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/decide"
)

// The whole matrix, which asks few cells, against every cell.
func TestMatrixAgainstEveryCell(t *testing.T) {
	for seed := range uint64(60) {
		_, resources := draw(seed)
		s := sealed(resources)
		a, err := Access(Input{Snapshot: s})
		if err != nil {
			t.Fatal(err)
		}
		certainty := [...]int{iam.Unknown: 1, iam.Deny: 0, iam.Conditional: 2, iam.Allow: 3}
		principals := []string{decide.Anonymous, decide.Stranger, "arn:aws:iam::" + s.Account + ":root"}
		for _, p := range a.Decisions.Principals() {
			if !strings.Contains(string(p), ":group/") {
				principals = append(principals, string(p))
			}
		}
		got := map[string]iam.Outcome{}
		for _, c := range a.Access.All(nil) {
			if c.Principal == access.AnyAccount {
				c.Principal = decide.Stranger
			}
			if slices.Contains(principals, c.Principal) {
				got[fmt.Sprint(c.Principal, " ", c.Action, " ", c.Resource)] = c.Outcome
			}
		}
		cells := 0
		for action, types := range a.Access.DirectActions() {
			for i := range s.Resources {
				r := &s.Resources[i]
				service, _, _ := strings.Cut(action, ":")
				if !slices.Contains(types, r.Type) || !strings.Contains(strings.ToLower(r.Type), "::"+service+"::") && !(service == "sts" && r.Type == "AWS::IAM::Role") {
					continue
				}
				nobody := iam.Deny // what is allowed without an account
				for _, p := range principals {
					q := decide.Query{Principal: p, Action: action, On: r.Key}
					want := a.Decisions.Explain(q)
					if r.Type == "AWS::S3::Bucket" && access.ObjectAction(action) {
						want, _ = a.Decisions.SomeObject(q)
					}
					switch {
					case p == decide.Anonymous:
						nobody = want.Outcome
					case p == decide.Stranger && certainty[nobody] >= certainty[want.Outcome]:
						want.Outcome = iam.Deny // said of anonymous already
					}
					key := fmt.Sprint(p, " ", action, " ", r.Key)
					cells++
					if o, ok := got[key]; ok != (want.Outcome != iam.Deny) || ok && o != want.Outcome {
						t.Fatal(named(seed, "%s: matrix %d (%v), asked %d", key, o, ok, want.Outcome))
					}
				}
			}
		}
		if cells < 200 {
			t.Fatal(named(seed, "%d cells only", cells))
		}
	}
}

// Who may do one action holds at least everybody who is allowed it himself, no less surely.
func TestWhoActionAgainstEveryPrincipal(t *testing.T) {
	certainty := [...]int{iam.Unknown: 1, iam.Deny: 0, iam.Conditional: 2, iam.Allow: 3}
	for seed := range uint64(30) {
		_, resources := draw(seed)
		a, err := Access(Input{Snapshot: sealed(resources)})
		if err != nil {
			t.Fatal(err)
		}
		for _, action := range []string{"s3:GetObject", "s3:ListBucket"} {
			answers := map[string]access.Answer{}
			for _, w := range a.Access.WhoAction(action, "arn:aws:s3:::logs") {
				answers[w.Principal] = w
			}
			for _, p := range a.Decisions.Principals() {
				if strings.Contains(string(p), ":group/") {
					continue
				}
				q := decide.Query{Principal: string(p), Action: action, On: "arn:aws:s3:::logs"}
				want := a.Decisions.Explain(q)
				if action == "s3:GetObject" {
					want, _ = a.Decisions.SomeObject(q)
				}
				w, ok := answers[string(p)]
				if want.Outcome != iam.Deny && !ok || ok && w.Direct && want.Outcome == iam.Deny || ok && certainty[w.Path.Outcome] < certainty[want.Outcome] {
					t.Fatal(named(seed, "%s %s: answer %v direct %v outcome %d, asked %d", p, action, ok, w.Direct, w.Path.Outcome, want.Outcome))
				}
			}
		}
	}
}
