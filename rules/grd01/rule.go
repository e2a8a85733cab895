// Package grd01 wants only administrators to be able to turn off what watches the account.
package grd01

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is GRD-01.
var Rule = check.Rule{
	ID:    "GRD-01",
	Title: "Only administrators may turn off logging and detection",
	Why: "The first thing that somebody does who has broken in is to stop what would show it. A build or a developer who may stop the trail, by a wildcard that " +
		"nobody meant so, gives that to whoever takes it over.",
	Fix: "Deny it in the permissions boundary of everybody but administrators (in an organisation in an SCP): cloudtrail:StopLogging, DeleteTrail, UpdateTrail, " +
		"PutEventSelectors; config:StopConfigurationRecorder, DeleteConfigurationRecorder; guardduty:UpdateDetector, DeleteDetector; securityhub:DisableSecurityHub.",
	Read: 4, Write: 5, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP05", "wa:SEC04-BP01", "ssb:ACCT.07"},
	Sources: []string{
		"https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StopLogging.html",
		"https://docs.aws.amazon.com/config/latest/APIReference/API_StopConfigurationRecorder.html",
		"https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateDetector.html",
		"https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DisableSecurityHub.html",
	},
	Needs:    append([]string{"AWS::CloudTrail::Trail", "AWS::Config::ConfigurationRecorder", "AWS::GuardDuty::Detector", "AWS::SecurityHub::Hub"}, fact.Principals()...),
	Judge:    judge,
	Examples: examples,
}

var watchers = []struct {
	typ, called string
	actions     []string
}{
	{"AWS::CloudTrail::Trail", "trail", []string{"cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "cloudtrail:UpdateTrail", "cloudtrail:PutEventSelectors"}},
	{"AWS::Config::ConfigurationRecorder", "recorder", []string{"config:StopConfigurationRecorder", "config:DeleteConfigurationRecorder"}},
	{"AWS::GuardDuty::Detector", "detector", []string{"guardduty:UpdateDetector", "guardduty:DeleteDetector"}},
	{"AWS::SecurityHub::Hub", "hub", []string{"securityhub:DisableSecurityHub"}},
}

// Who may become an administrator first is ADM-05's. A trail of another account, which an organisation's is, cannot be turned off from here.
func judge(c check.Case) []check.Result {
	if blind := c.Blind(fact.Principals()...); blind != nil {
		return blind
	}
	var asks []fact.Ask
	var unlisted []check.Evidence
	for _, w := range watchers {
		unlisted = append(unlisted, c.Unlisted(w.typ)...)
		for _, r := range c.Snapshot.OfType(w.typ) {
			if r.Account != c.Snapshot.Account {
				continue
			}
			for _, a := range w.actions {
				asks = append(asks, fact.Ask{Need: access.Need{Action: a}, On: r, Says: a + " on " + w.called + " " + r.Name})
			}
		}
	}
	out := fact.Only(c, fact.Besides(c, asks), "turn off what watches the account")
	switch {
	case out.Outcome == check.Fail:
	case len(unlisted) > 0:
		return []check.Result{{Target: c.Account(), Says: unlisted[0].Says, Evidence: append(unlisted, out.Evidence...)}}
	case len(asks) == 0:
		out.Outcome, out.Says = check.NotApplicable, "there is no trail, recorder, detector or hub that somebody could turn off"
	}
	return []check.Result{out}
}
