// Package pub06 advises that documents of Systems Manager be kept from everybody.
package pub06

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is PUB-06.
var Rule = check.Rule{
	ID:    "PUB-06",
	Title: "No document of Systems Manager is public, and none can become it",
	Why: "A document tells how machines are set up: paths, names, now and then a password. One that everybody may read is searched for such " +
		"things. A Region that blocks public sharing takes the mistake away.",
	Fix: "aws ssm modify-document-permission --name NAME --permission-type Share --account-ids-to-remove all; aws ssm update-service-setting " +
		"--setting-id /ssm/documents/console/public-sharing-permission --setting-value Disable, in every Region.",
	Read: 4, Write: 2, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC03-BP07"},
	Sources: []string{
		"https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html",
		"https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetServiceSetting.html",
	},
	Needs:    needs,
	Judge:    judge,
	Examples: examples,
}

const (
	document = "AWS::SSM::Document"
	setting  = "AWS::SSM::ServiceSetting"
	sharing  = "/ssm/documents/console/public-sharing-permission"
)

var needs = []string{document, setting}

func judge(c check.Case) []check.Result {
	out := c.Blind(needs...)
	docs := c.Snapshot.OfType(document)
	for _, d := range docs {
		with, st := d.Strings("SharedWith")
		switch {
		case slices.ContainsFunc(with, func(id string) bool { return strings.EqualFold(id, "all") }) && c.Model.Class(d) != "public":
			out = append(out, check.Result{Target: d.Key, Outcome: check.Fail, Says: fmt.Sprintf("everybody may read the document %s", fact.Name(c, d.Key))})
		case st == snapshot.Unknown:
			out = append(out, check.Result{Target: d.Key, Says: fmt.Sprintf("whom the document %s is shared with was not read", fact.Name(c, d.Key))})
		}
	}
	var open []string
	for _, s := range c.Snapshot.OfType(setting) {
		if !strings.HasSuffix(string(s.Key), sharing) {
			continue
		}
		switch value, st := s.Property("SettingValue"); {
		case st == snapshot.Unknown:
			out = append(out, check.Result{Target: s.Key, Says: "whether documents can be made public in " + s.Region + " was not read"})
		case value != "Disable":
			open = append(open, s.Region)
		}
	}
	if len(open) > 0 {
		slices.Sort(open)
		out = append(out, check.Result{Target: c.Account(), Outcome: check.Fail, Risk: 4, Says: "documents can be made public in " + check.Few(open)})
	}
	if len(out) > 0 {
		return out
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "no document is public, of " + check.Count(len(docs), "document", "documents")}}
}
