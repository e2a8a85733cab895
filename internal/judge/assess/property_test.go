package assess

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
)

type cell struct {
	key    snapshot.Key
	access access.Capability
}

func rows(a *Assessment) map[cell]risk.Row {
	out := map[cell]risk.Row{}
	for _, r := range a.Sheet.Rows {
		out[cell{r.Key, r.Access}] = r
	}
	return out
}

func sum(terms []risk.Term) int {
	n := 0
	for _, t := range terms {
		n += t.Points
	}
	return n
}

// Every row adds up, and its two ends and its two views are in order.
func TestRowsAddUp(t *testing.T) {
	for seed := range uint64(12) {
		_, resources := draw(seed)
		for _, r := range judge(t, sealed(resources)).Sheet.Rows {
			for name, l := range map[string]risk.Likelihood{"full": r.Full, "beside": r.Beside} {
				if sum(l.Terms) != l.Points || len(l.Terms) == 0 {
					t.Error(named(seed, "%s %s: terms %v make %d, not %d", r.ID, name, l.Terms, sum(l.Terms), l.Points))
				}
				if l.LowPoints > l.Points || l.LowLevel > l.Level || l.Points < 0 || l.Points > 115 || l.Level < 1 || l.Level > 5 {
					t.Error(named(seed, "%s %s: %d..%d points, level %d..%d", r.ID, name, l.LowPoints, l.Points, l.LowLevel, l.Level))
				}
				for _, p := range l.Paths {
					if sum(p.Terms) != p.High || p.Low > p.High || p.High > 100 || p.Low < 0 {
						t.Error(named(seed, "%s %s: path %v makes %d, not %d (low %d)", r.ID, name, p.Terms, sum(p.Terms), p.High, p.Low))
					}
				}
			}
			if r.Full.Points < r.Beside.Points || r.Full.LowPoints < r.Beside.LowPoints || r.FullRisk() < r.Risk() || r.FullLow() < r.Low() || r.Low() > r.Risk() {
				t.Error(named(seed, "%s: full %d below beside %d", r.ID, r.Full.Points, r.Beside.Points))
			}
			if sum(r.Impact.Terms) != r.Impact.Level || r.Impact.Level < 1 || r.Impact.Level > 5 {
				t.Error(named(seed, "%s: impact %v is %d", r.ID, r.Impact.Terms, r.Impact.Level))
			}
		}
	}
}

// no tells that no row of after is higher than before.
func noHigher(t *testing.T, seed uint64, what string, before, after *Assessment) {
	t.Helper()
	old := rows(before)
	for c, r := range rows(after) {
		if o, ok := old[c]; ok && (r.Full.Points > o.Full.Points || r.Impact.Level > o.Impact.Level) {
			t.Error(named(seed, "%s: %s %s rises from %d to %d points: %v", what, r.ID, r.Access, o.Full.Points, r.Full.Points, r.Full.Terms))
		}
	}
}

// policies lists the documents that may be edited, of principals and resources alike.
func policies(r *snapshot.Resource) []object {
	var out []object
	for _, name := range []string{"PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy"} {
		if d, ok := r.Properties[name].(object); ok {
			out = append(out, d)
		}
	}
	if inline, ok := r.Properties["Policies"].([]any); ok {
		for _, p := range inline {
			out = append(out, p.(object)["PolicyDocument"].(object))
		}
	}
	return out
}

func copied(resources []snapshot.Resource) []snapshot.Resource {
	out := slices.Clone(resources)
	for i := range out {
		out[i].Properties = plain(out[i].Properties).(object)
	}
	return out
}

func TestLessAllowedIsNeverMore(t *testing.T) {
	for seed := range uint64(12) {
		g, resources := draw(seed)
		before := judge(t, sealed(resources))
		for range 4 {
			fewer := copied(resources)
			r := &fewer[g.IntN(len(fewer))]
			docs := policies(r)
			if len(docs) == 0 {
				continue
			}
			d := docs[g.IntN(len(docs))]
			st := d["Statement"].([]any)
			i := g.IntN(len(st))
			if st[i].(object)["Effect"] != "Allow" {
				continue
			}
			// An Allow that nothing meets: an empty list of statements would be no policy.
			st[i].(object)["Condition"] = object{"StringEquals": object{"aws:PrincipalAccount": "000000000001"}}
			noHigher(t, seed, "an Allow of "+string(r.Key)+" removed", before, judge(t, sealed(fewer)))
		}
	}
}

func TestMoreDeniedIsNeverMore(t *testing.T) {
	for seed := range uint64(12) {
		g, resources := draw(seed)
		before := judge(t, sealed(resources))
		for range 4 {
			more := copied(resources)
			r := &more[g.IntN(len(more))]
			docs := policies(r)
			if len(docs) == 0 {
				continue
			}
			on := map[string]string{"AWS::IAM::Role": "", "AWS::KMS::Key": "key"}[r.Type]
			d := docs[g.IntN(len(docs))]
			if trust, ok := r.Properties["AssumeRolePolicyDocument"].(object); ok {
				if d = docs[len(docs)-1]; g.IntN(2) == 0 {
					d, on = trust, "role"
				}
			}
			st := g.statement(on)
			st["Effect"] = "Deny"
			d["Statement"] = append(d["Statement"].([]any), st)
			noHigher(t, seed, "a Deny added to "+string(r.Key), before, judge(t, sealed(more)))
		}
	}
}

// What was not read may be anything: it never lowers a worst end, and no cell that somebody reached is out of reach.
func TestUnreadIsNeverLess(t *testing.T) {
	for seed := range uint64(12) {
		g, resources := draw(seed)
		before := judge(t, sealed(resources))
		for range 6 {
			less, gap, what := copied(resources), "", ""
			r := &less[g.IntN(len(less))]
			switch hide := g.one("Policy", "Policies", "AssumeRolePolicyDocument", "Groups", "KeyPolicy", "boundary", "report", "ManagedPolicyArns", "block"); {
			case hide == "boundary" && r.Properties["PermissionsBoundary"] != nil:
				r.Properties["PermissionsBoundary"], what = arn("policy", "gone"), "the boundary of "+string(r.Key)
			case hide == "report":
				less = slices.DeleteFunc(less, func(r snapshot.Resource) bool { return r.Type == "AWS::IAM::CredentialReport" })
				gap, what = "AWS::IAM::CredentialReport", "the credential report"
			case hide == "block":
				gap, what = "AWS::S3::AccountPublicAccessBlock", "the account's public access block"
			case hide == "Policy" && r.Type == "AWS::S3::Bucket", hide == "KeyPolicy" && r.Type == "AWS::KMS::Key":
				r.Policy, r.Unknown, what = nil, []string{"Policy"}, "the policy of "+string(r.Key)
				delete(r.Properties, "KeyPolicy")
			case r.Properties[hide] != nil && hide != "Policy":
				delete(r.Properties, hide)
				r.Unknown, what = []string{hide}, hide+" of "+string(r.Key)
				if hide == "AssumeRolePolicyDocument" {
					r.Unknown = append(r.Unknown, "Policy")
				}
			default:
				continue
			}
			after := rows(judge(t, sealed(less, gap)))
			for c, o := range rows(before) {
				n, ok := after[c]
				if !ok || n.Full.Points < o.Full.Points || n.Impact.Level < o.Impact.Level || len(o.Full.Paths) > 0 && len(n.Full.Paths) == 0 {
					t.Error(named(seed, "%s unread: %s %s falls from %d %v to %d %v", what, o.ID, c.access, o.Full.Points, o.Full.Terms, n.Full.Points, n.Full.Terms))
				}
			}
		}
	}
}

// The answer does not depend on how often or in which order it is worked out.
func TestSameAgain(t *testing.T) {
	_, resources := draw(3)
	first, err := json.Marshal(judge(t, sealed(resources)).Sheet)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(resources)
	for range 3 {
		again, err := json.Marshal(judge(t, sealed(resources)).Sheet)
		if err != nil || string(again) != string(first) {
			t.Fatal("another sheet for the same account", err)
		}
	}
}
