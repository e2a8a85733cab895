// Package root06 wants root's mail to reach more than one person, at a domain of one's own.
package root06

import (
	"embed"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is ROOT-06.
var Rule = check.Rule{
	ID:    "ROOT-06",
	Title: "Root's e-mail is a shared mailbox of a domain of your own",
	Why: "Whoever reads root's mail can have its password set anew. A private mailbox leaves with its owner, and one at a mail provider " +
		"is recovered by rules that are not yours.",
	Fix: "Account settings, Change e-mail address: to a list of two or three people on a domain that is yours, with MFA on the " +
		"mailboxes. Then state who checked it under attestations in footing.yaml.",
	Read: 5, Write: 5, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP02", "wa:SEC10-BP01", "ssb:ACCT.01", "cis-3.0:1.1", "cis-4.0.1:1.1", "cis-5.0:1.1"},
	Sources: []string{
		"https://docs.aws.amazon.com/accounts/latest/reference/API_GetPrimaryEmail.html",
		"https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-root-user-email.html",
		"https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html",
	},
	Needs:    []string{"AWS::Organizations::Organization"},
	Judge:    judge,
	Days:     365,
	Examples: examples,
}

// No account is told its own address: GetPrimaryEmail answers the head of an organisation, about the others. Only a management account has its domain in
// what describes the organisation; else somebody's word is needed.
func judge(c check.Case) []check.Result {
	out := check.Result{Target: c.Account(), Outcome: check.Manual, Says: "no call tells whose mailbox root's address is"}
	where, org, blind := fact.Stands(c)
	if blind != nil {
		return blind
	}
	if where == fact.Management {
		switch domain := strings.ToLower(org.Text("ManagementAccountEmailDomain")); {
		case domain == "":
		case private(domain):
			out.Outcome, out.Says = check.Fail, "root's address is at "+domain+", a provider of private mail"
		default:
			out.Says = "root's address is at " + domain + "; no call tells who reads it"
		}
	}
	return []check.Result{out}
}

// free are providers where anybody gets an address; with a dot at the end, under every domain of a country or of two parts of it (co.uk).
var free = strings.Fields(`gmail.com googlemail.com outlook. hotmail. live. msn.com yahoo. ymail.com rocketmail.com icloud.com me.com mac.com aol. gmx. web.de
	freenet.de t-online.de proton.me protonmail. pm.me tutanota. tuta.com tuta.io mail.com mail.ru yandex. zoho.com fastmail. hey.com qq.com 163.com 126.com
	naver.com hanmail.net orange.fr free.fr laposte.net wanadoo.fr libero.it virgilio.it bluewin.ch seznam.cz wp.pl o2.pl comcast.net att.net btinternet.com`)

func private(domain string) bool {
	return slices.ContainsFunc(free, func(p string) bool {
		if rest, ok := strings.CutPrefix(domain, p); ok && strings.HasSuffix(p, ".") {
			return !slices.ContainsFunc(strings.Split(rest, "."), func(part string) bool { return len(part) > 3 })
		}
		return domain == p
	})
}
