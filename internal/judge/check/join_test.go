package check

import (
	"slices"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/snapshot"
)

// What fails on the same things is one decision, told under the rule that is named, unless that matters less, or holds, or is about something else.
func TestJoin(t *testing.T) {
	const bram, cleo, account = "user/bram", "user/cleo", "account"
	fails := func(target snapshot.Key, risk int, evidence ...snapshot.Key) Result {
		r := Result{Outcome: Fail, Target: target, Risk: risk}
		for _, k := range evidence {
			r.Evidence = append(r.Evidence, Evidence{Key: k, Outcome: Fail})
		}
		return r
	}
	for name, c := range map[string]struct {
		leads, follows []Result
		with           []string // of the results that follow
	}{
		"on the same target":               {[]Result{fails(bram, 20)}, []Result{fails(bram, 20), fails(cleo, 20)}, []string{"MFA-01", ""}},
		"over evidence":                    {[]Result{fails("group", 20, bram, cleo)}, []Result{fails(account, 9, bram)}, []string{"MFA-01"}},
		"all of the evidence has to be":    {[]Result{fails(bram, 20)}, []Result{fails(account, 9, bram, cleo)}, []string{""}},
		"over several results":             {[]Result{fails(bram, 20), fails(cleo, 20)}, []Result{fails(account, 9, bram, cleo)}, []string{"MFA-01"}},
		"evidence before the target":       {[]Result{fails(bram, 20)}, []Result{fails("acl", 9, bram)}, []string{"MFA-01"}},
		"never the account as a whole":     {[]Result{fails(account, 20)}, []Result{fails(account, 9)}, []string{""}},
		"not under what weighs less":       {[]Result{fails(bram, 12)}, []Result{fails(bram, 15)}, []string{""}},
		"not under what holds":             {[]Result{{Outcome: Pass, Target: bram, Risk: 20}}, []Result{fails(bram, 9)}, []string{""}},
		"not under advice":                 {[]Result{{Outcome: Fail, Target: bram, Risk: 20, Advice: true}}, []Result{fails(bram, 9)}, []string{""}},
		"not what is unknown":              {[]Result{fails(bram, 20)}, []Result{{Target: bram, Risk: 9}}, []string{""}},
		"not under what is told elsewhere": {[]Result{{Outcome: Fail, Target: bram, Risk: 20, With: "X-01"}}, []Result{fails(bram, 9)}, []string{""}},
	} {
		var all []Result
		for _, r := range c.leads {
			r.Rule = "MFA-01"
			all = append(all, r)
		}
		for _, r := range c.follows {
			r.Rule = "ADM-03"
			all = append(all, r)
		}
		x := &run{Case: Case{Access: &access.Table{Account: account}}}
		x.join([]Rule{{ID: "ADM-03", With: []string{"GRP-09", "MFA-01"}}, {ID: "MFA-01"}}, all)
		var got []string
		for _, r := range all[len(c.leads):] {
			got = append(got, r.With)
		}
		if !slices.Equal(got, c.with) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A setting of a Region is judged where the Region is in use, or may be.
func TestIdleRegions(t *testing.T) {
	const setting = "AWS::EC2::EBSEncryptionByDefault"
	rule := Rule{ID: "X-01", Read: 1, Write: 1, Likelihood: 1, Guard: "rule x { " + setting + " { Properties.On == true } }", Looks: []Look{{Type: setting, Path: "On", Values: YesNo(), InUse: true}}}
	off := snapshot.Resource{Key: "setting", Type: setting, Region: "eu-west-1", Properties: map[string]any{"On": false}}
	here := snapshot.Resource{Key: "eni", Type: "AWS::EC2::NetworkInterface", Region: "eu-west-1"}
	there := snapshot.Resource{Key: "eni", Type: "AWS::EC2::NetworkInterface", Region: "eu-west-2"}
	seen := snapshot.Coverage{Call: "all", Types: append([]string{setting}, inUse...), Outcome: snapshot.OK}
	denied := snapshot.Coverage{Call: "ec2:DescribeNetworkInterfaces", Types: inUse[:1], Region: "eu-west-1", Outcome: snapshot.Denied}
	for name, c := range map[string]struct {
		has  []snapshot.Resource
		saw  []snapshot.Coverage
		want Outcome
	}{
		"in use":               {[]snapshot.Resource{off, here}, []snapshot.Coverage{seen}, Fail},
		"idle":                 {[]snapshot.Resource{off, there}, []snapshot.Coverage{seen}, NotApplicable},
		"denied":               {[]snapshot.Resource{off, there}, []snapshot.Coverage{seen, denied}, Fail},
		"nobody asked of some": {[]snapshot.Resource{off}, []snapshot.Coverage{{Call: "one", Types: []string{setting}, Outcome: snapshot.OK}}, Fail},
	} {
		s := &snapshot.Snapshot{Account: "111122223333", Resources: c.has, Coverage: c.saw}
		s.Seal()
		if got := Run([]Rule{rule}, Case{Snapshot: s}); len(got) != 1 || got[0].Outcome != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Rules stand by families: administrators, root, sign-in and groups before all others; what is no family comes last.
func TestFamilies(t *testing.T) {
	ids := []string{"ZZ-01", "GOV-01", "DAT-02", "DAT-01", "GRP-01", "MFA-01", "ROOT-01", "ADM-02", "ADM-01"}
	slices.SortFunc(ids, Compare)
	if want := []string{"ADM-01", "ADM-02", "ROOT-01", "MFA-01", "GRP-01", "DAT-01", "DAT-02", "GOV-01", "ZZ-01"}; !slices.Equal(ids, want) {
		t.Errorf("%v", ids)
	}
	if name, _ := Family("ADM-01"); name != "Administrators" {
		t.Error(name)
	}
}
