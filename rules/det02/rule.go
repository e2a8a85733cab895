// Package det02 wants the protection plans of GuardDuty for what is there.
package det02

import (
	"embed"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/detection"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DET-02.
var Rule = check.Rule{
	ID:    "DET-02",
	Title: "GuardDuty looks at the services that are in use",
	Why:   "By itself GuardDuty reads the trail, flow logs and name look-ups. What is done inside buckets, clusters, databases and functions it sees only with the plan for that.",
	Fix: "aws guardduty update-detector --detector-id ID --features Name=S3_DATA_EVENTS,Status=ENABLED, and likewise the others. Each plan has a price and 30 days to try it; " +
		"one that you do not want is waived with its reason.",
	Read: 3, Write: 3, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC04-BP01", "ssb:ACCT.11"},
	Sources: []string{
		"https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-features-activation-model.html",
		"https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DetectorFeatureConfigurationResult.html",
		"https://docs.aws.amazon.com/guardduty/latest/ug/rds-protection.html",
	},
	Needs:    needs(),
	Judge:    judge,
	Examples: examples,
}

// plans are the features of a detector, and what each is for.
var plans = []struct {
	names []string // one of them is enough
	says  string
	about []string
}{
	{[]string{"S3_DATA_EVENTS"}, "buckets", []string{"AWS::S3::Bucket"}},
	{[]string{"EKS_AUDIT_LOGS"}, "audit logs of Kubernetes", []string{"AWS::EKS::Cluster"}},
	{[]string{"RDS_LOGIN_EVENTS"}, "sign-in to databases", []string{"AWS::RDS::DBInstance"}},
	{[]string{"LAMBDA_NETWORK_LOGS"}, "functions", []string{"AWS::Lambda::Function"}},
	{[]string{"EBS_MALWARE_PROTECTION"}, "malware on volumes", []string{"AWS::EC2::Instance"}},
	{[]string{"RUNTIME_MONITORING"}, "what runs on machines", []string{"AWS::EC2::Instance", "AWS::ECS::Service"}},
	{[]string{"RUNTIME_MONITORING", "EKS_RUNTIME_MONITORING"}, "what runs in clusters of Kubernetes", []string{"AWS::EKS::Cluster"}},
}

// seen tells whether a plan looks at a thing of its types: of databases it knows those of Aurora and PostgreSQL.
// "GuardDuty RDS Protection", https://docs.aws.amazon.com/guardduty/latest/ug/rds-protection.html
func seen(r *snapshot.Resource) bool {
	engine := r.Text("Engine")
	return r.Type != "AWS::RDS::DBInstance" || r.IsUnknown("Engine") || engine == "" || strings.HasPrefix(engine, "aurora") || engine == "postgres"
}

func needs() []string {
	out := []string{"AWS::GuardDuty::Detector"}
	for _, p := range plans {
		for _, t := range p.about {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out
}

// One result: which plans are wanted is decided once, for all Regions.
func judge(c check.Case) []check.Result {
	list, others := detection.Watches(c, "AWS::GuardDuty::Detector", "", detection.Detector)
	out := check.Result{Target: c.Account(), Outcome: check.NotApplicable, Says: "GuardDuty is on in no Region that was read"}
	var off, unread []string
	looked := 0
	for _, e := range others {
		unread = append(unread, e.Says)
	}
	for _, w := range list {
		if w.On != detection.Yes {
			if w.On == detection.Unclear {
				unread = append(unread, w.Region+": "+w.Why)
			}
			continue
		}
		for _, p := range plans {
			is, n := plan(c, w.Watcher, p.names, p.about)
			switch {
			case is == detection.No:
				line := p.says + " in " + w.Region
				off = append(off, line)
				out.Evidence = append(out.Evidence, check.Evidence{Key: w.Watcher.Key, Outcome: check.Fail, Says: p.names[0] + " is off in " + w.Region + ", where " + check.Count(n, "thing is", "things are") + " that it is for"})
			case is == detection.Unclear:
				unread = append(unread, p.names[0]+" in "+w.Region)
			case n > 0:
				looked++
			}
		}
	}
	switch {
	case len(off) > 0:
		out.Outcome, out.Says = check.Fail, "GuardDuty does not look at "+check.Few(off)
	case len(unread) > 0:
		out.Outcome, out.Says = check.Unknown, "what GuardDuty looks at was not read: "+strings.Join(unread[:min(3, len(unread))], ", ")
	case looked > 0:
		out.Outcome, out.Says = check.Pass, "GuardDuty has each plan for what is there"
	case slices.ContainsFunc(list, func(w detection.Watch) bool { return w.On == detection.Yes }):
		out.Says = "where GuardDuty is on, there is nothing that a plan is for"
	case len(list) == 0:
		out.Outcome, out.Says = check.Unknown, "which Regions are enabled was not read"
	}
	return []check.Result{out}
}

// plan tells whether a plan is on that something in the Region needs, and how much that is. Yes and 0: nothing needs it.
func plan(c check.Case, d *snapshot.Resource, names, about []string) (detection.Truth, int) {
	n, all := 0, true
	for _, t := range about {
		for _, r := range detection.InRegion(c, t, d.Region) {
			if seen(r) {
				n++
			}
		}
		all = all && c.Listed(t, d.Region)
	}
	features, st := d.Maps("Features")
	on := slices.ContainsFunc(features, func(f map[string]any) bool {
		name, _ := f["Name"].(string)
		return slices.Contains(names, name) && f["Status"] == "ENABLED"
	})
	switch {
	case on, n == 0 && all:
		return detection.Yes, n
	case st == snapshot.Unknown, n == 0:
		return detection.Unclear, n
	}
	return detection.No, n
}
