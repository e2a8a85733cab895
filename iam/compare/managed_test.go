package compare

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/catalog"
	"github.com/footing-dev/footing/iam"
)

// managed makes policies in the manner of those that AWS keeps: full access, read only, a service's own role with what it passes on and tags, and the
// few that speak of nearly everything.
func managed(tb testing.TB, n int) []*iam.Policy {
	c, err := catalog.Load()
	if err != nil {
		tb.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 5))
	services := c.Services()
	allow := func(resources []string, actions ...string) iam.Statement {
		return iam.Statement{Effect: iam.EffectAllow, Actions: actions, Resources: resources}
	}
	all := []string{"*"}
	var out []*iam.Policy
	for len(out) < n {
		p := &iam.Policy{Name: fmt.Sprint(len(out)), Version: "2012-10-17"}
		s := &services[r.IntN(len(services))]
		switch kind := r.IntN(20); {
		case kind == 0: // an administrator, with a limit
			p.Statements = []iam.Statement{{Effect: iam.EffectAllow, NotActions: []string{"iam:*", "organizations:*", s.Prefix + ":*"}, Resources: all}, allow(all, "iam:CreateServiceLinkedRole", "iam:ListRoles", "organizations:DescribeOrganization")}
		case kind == 1: // reads everything
			var actions []string
			for i := range services {
				for _, verb := range []string{"Get*", "List*", "Describe*"} {
					if r.IntN(4) > 0 {
						actions = append(actions, services[i].Prefix+":"+verb)
					}
				}
			}
			p.Statements = []iam.Statement{allow(all, actions...)}
		default:
			for range 1 + r.IntN(6) {
				s := s
				if r.IntN(2) == 0 {
					s = &services[r.IntN(len(services))]
				}
				var actions []string
				switch r.IntN(3) {
				case 0:
					actions = []string{s.Prefix + ":*"}
				case 1:
					actions = []string{s.Prefix + ":Get*", s.Prefix + ":List*", s.Prefix + ":Describe*"}
				default:
					for range 1 + r.IntN(30) {
						actions = append(actions, s.Actions[r.IntN(len(s.Actions))].String())
					}
				}
				st := allow(all, actions...)
				if r.IntN(3) == 0 {
					st.Resources = []string{"arn:aws:" + s.Prefix + ":*:*:*"}
					if len(s.ResourceTypes) > 0 && r.IntN(2) == 0 {
						st.Resources = []string{arn(s.ResourceTypes[r.IntN(len(s.ResourceTypes))].ARN, "aws-*")}
					}
				}
				switch r.IntN(6) {
				case 0:
					st.Conditions = condition("StringEquals", "aws:ResourceTag/managed-by", "x", "y")
				case 1:
					st.Conditions = append(condition("ForAllValues:StringEquals", "aws:TagKeys", "a", "b"), condition("StringLike", "aws:RequestTag/a", "*")...)
				case 2:
					st.Conditions = condition("StringEquals", "aws:ResourceAccount", "${aws:PrincipalAccount}")
				}
				p.Statements = append(p.Statements, st)
			}
			if r.IntN(2) == 0 {
				st := allow([]string{"arn:aws:iam::*:role/service-role/" + s.Prefix + "*"}, "iam:PassRole")
				st.Conditions = condition("StringEquals", "iam:PassedToService", s.Prefix+".amazonaws.com")
				p.Statements = append(p.Statements, st)
			}
			if r.IntN(3) == 0 {
				st := allow([]string{"arn:aws:iam::*:role/aws-service-role/*"}, "iam:CreateServiceLinkedRole")
				st.Conditions = condition("StringLike", "iam:AWSServiceName", s.Prefix+".amazonaws.com")
				p.Statements = append(p.Statements, st)
			}
			if r.IntN(10) == 0 {
				p.Statements = append(p.Statements, iam.Statement{Effect: iam.EffectDeny, Actions: []string{s.Prefix + ":Delete*"}, NotResources: []string{"arn:aws:" + s.Prefix + ":*:*:*/own-*"}})
			}
		}
		out = append(out, p)
	}
	return out
}

// kept are the policies that AWS manages, as an installation of moto has them, where there is one; nothing of them is part of this repository.
func kept(tb testing.TB) []*iam.Policy {
	dir := os.Getenv("FOOTING_MOTO")
	found, _ := filepath.Glob(filepath.Join(dir, "lib/python3*/site-packages/moto/iam/aws_managed_policies.py"))
	if dir == "" || len(found) == 0 {
		return nil
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		tb.Fatal(err)
	}
	_, body, _ := strings.Cut(string(text), `"""`)
	body, _, _ = strings.Cut(body, `"""`)
	var all map[string]struct{ Document json.RawMessage }
	if err := json.Unmarshal([]byte(strings.ReplaceAll(body, `\\`, `\`)), &all); err != nil {
		tb.Fatal(err)
	}
	var out []*iam.Policy
	for name, one := range all {
		p, err := iam.Parse(one.Document)
		if err != nil {
			tb.Logf("%s: %v", name, err)
			continue
		}
		p.Name = name
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b *iam.Policy) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// TestManagedPairs compares all pairs and says how long it takes. FOOTING_MOTO=.cache/venv takes the real ones, FOOTING_STRIDE=7 every seventh
// partner.
func TestManagedPairs(t *testing.T) {
	policies := kept(t)
	if policies == nil {
		policies = managed(t, runs("FOOTING_MANAGED", 60))
	}
	s := NewSolver(Options{})
	start := time.Now()
	for _, p := range policies {
		s.compile(p)
	}
	t.Logf("%d policies taken apart in %v", len(policies), time.Since(start))
	stride := runs("FOOTING_STRIDE", 1)
	var took []time.Duration
	count := map[Verdict]int{}
	whys := map[string]int{}
	var slowest time.Duration
	slow := ""
	for i, old := range policies {
		for j := i % stride; j < len(policies); j += stride {
			new := policies[j]
			start := time.Now()
			r := s.NoNewAccess(old, new)
			d := time.Since(start)
			took = append(took, d)
			if d > slowest {
				slowest, slow = d, old.Name+" to "+new.Name
			}
			count[r.Verdict]++
			if r.Why != "" {
				whys[r.Why]++
			}
			if old == new && r.Verdict != Holds {
				t.Errorf("%s and itself: %+v", old.Name, r)
			}
			for k := range r.Witnesses {
				if !Allows(new, &r.Witnesses[k]) || Allows(old, &r.Witnesses[k]) {
					t.Errorf("%s to %s: no witness: %+v", old.Name, new.Name, r.Witnesses[k])
				}
			}
		}
	}
	slices.Sort(took)
	t.Logf("%d pairs in %v: median %v, p99 %v, most %v (%s)", len(took), time.Since(start), took[len(took)/2], took[len(took)*99/100], slowest, slow)
	t.Logf("%v (0 unknown, 1 holds, 2 broken) %v", count, whys)
}

// BenchmarkPairs is one comparison, on average over all pairs of 300 policies in the manner of AWS's, taken apart already.
func BenchmarkPairs(b *testing.B) {
	policies := managed(b, 300)
	s := NewSolver(Options{})
	for _, p := range policies {
		s.compile(p)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		s.NoNewAccess(policies[i%300], policies[i*7/300%300])
	}
}

// BenchmarkOnce is one comparison from the beginning.
func BenchmarkOnce(b *testing.B) {
	policies := managed(b, 300)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		NoNewAccess(policies[i%300], policies[i*7/300%300], Options{})
	}
}
