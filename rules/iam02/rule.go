// Package iam02 wants certificates that ran out to be gone from IAM.
package iam02

import (
	"embed"
	"fmt"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed examples
var examples embed.FS

// Rule is IAM-02.
var Rule = check.Rule{
	ID:    "IAM-02",
	Title: "No server certificate in IAM has run out",
	Why: "A certificate that ran out is served by mistake, and breaks what trusts it. IAM shows none of its certificates in the " +
		"console, so that they are forgotten.",
	Fix:  "Put a certificate of ACM in its place, which renews itself, then: aws iam delete-server-certificate --server-certificate-name NAME.",
	Read: 1, Write: 2, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC09-BP01", "cis-3.0:1.19", "cis-4.0.1:1.19", "cis-5.0:1.18"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs.html",
		"https://docs.aws.amazon.com/config/latest/developerguide/iam-server-certificate-expiration-check.html",
	},
	Needs:    []string{"AWS::IAM::ServerCertificate"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	const typ = "AWS::IAM::ServerCertificate"
	list := c.Snapshot.OfType(typ)
	out := c.Blind(typ)
	for _, r := range list {
		x := check.Result{Target: r.Key}
		end, err := time.Parse(time.RFC3339, r.Text("Expiration"))
		switch {
		case err != nil:
			x.Says = "when " + r.Name + " runs out was not read"
		case end.Before(c.Snapshot.Taken):
			x.Outcome, x.Says = check.Fail, fmt.Sprintf("%s ran out on %s", r.Name, end.Format(time.DateOnly))
		default:
			continue
		}
		out = append(out, x)
	}
	switch {
	case len(out) > 0:
		return out
	case len(list) == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there is no server certificate in IAM"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "no server certificate in IAM has run out"}}
}
