// Package lp08 wants aws login to need more than a password.
package lp08

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is LP-08.
var Rule = check.Rule{
	ID:    "LP-08",
	Title: "Who gets credentials by aws login signs in with MFA",
	Why: "aws login turns a session of the console into credentials for the command line, which are renewed for twelve hours on the machine where they lie. That is " +
		"better than an access key; with a password alone it makes one out of a password. signin:AuthorizeOAuth2Access and signin:CreateOAuth2Token allow it, " +
		"and so does every policy that allows everything.",
	Fix:  "Give the user MFA; or take away AWS's policy SignInLocalDevelopmentAccess, or deny signin:CreateOAuth2Token while aws:MultiFactorAuthPresent is false.",
	Read: 3, Write: 3, Likelihood: 3,
	Tier: 2,
	With: []string{"MFA-01"},
	Refs: []string{"wa:SEC02-BP01", "wa:SEC02-BP02"},
	Sources: []string{
		"https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html",
		"https://docs.aws.amazon.com/aws-managed-policy/latest/reference/SignInLocalDevelopmentAccess.html",
	},
	Needs:    append([]string{"AWS::IAM::CredentialReport"}, fact.Principals()...),
	Judge:    judge,
	Examples: examples,
}

// Of root MFA is ROOT-02's, of people who come from an identity provider it is the provider's.
func judge(c check.Case) []check.Result {
	if blind := c.Blind(fact.Principals()...); blind != nil {
		return blind
	}
	rows, blind := fact.Credentials(c)
	if blind != nil {
		return blind
	}
	may := tokens(c)
	devices, _ := fact.VirtualDevices(c) // registered since the report was made, as MFA-01 has it
	x := check.Result{Target: c.Account()}
	var bad, unsure []string
	asked, passwords := 0, 0
	for _, r := range rows {
		if r.User != fact.Root && (r.Password || r.Missed("PasswordEnabled")) {
			passwords++
		}
		sure, ok := may[r.Key]
		if r.User == fact.Root || !ok || !r.Password && !r.Missed("PasswordEnabled") {
			continue
		}
		asked++
		if r.MFA || devices[r.Key] != nil {
			continue
		}
		if sure && r.Password && !r.Missed("MfaActive") {
			bad = append(bad, r.User)
			x.Evidence = append(x.Evidence, check.Evidence{Key: r.Key, Outcome: check.Fail, Says: r.User + " has a password and no MFA"})
		} else {
			unsure = append(unsure, r.User)
		}
	}
	switch {
	case len(bad) == 1:
		x.Outcome, x.Says = check.Fail, bad[0]+" gets credentials for the command line with a password alone"
	case len(bad) > 0:
		x.Outcome, x.Says = check.Fail, check.Few(bad)+" get credentials for the command line with a password alone"
	case len(unsure) > 0:
		x.Says = "whether " + check.Few(unsure) + " may use aws login with a password alone was not read"
	case passwords == 0:
		x.Outcome, x.Says = check.NotApplicable, "no user has a password"
	case asked == 0:
		x.Outcome, x.Says = check.Pass, "no user with a password may use aws login without MFA"
	default:
		x.Outcome, x.Says = check.Pass, "every user who may use aws login has MFA"
	}
	return []check.Result{x}
}

// tokens are who may do what aws login needs, on the machine itself or from another one, and whether that is sure.
func tokens(c check.Case) map[snapshot.Key]bool {
	out := map[snapshot.Key]bool{}
	if c.Access == nil {
		return out
	}
	const client = "arn:aws:signin:{region}:{account}:oauth2/public-client/"
	for _, kind := range []string{"localhost", "remote"} {
		first := map[string]bool{}
		for _, h := range c.Access.WhoMay(access.Need{Action: "signin:AuthorizeOAuth2Access", On: client + kind, With: map[string]string{"aws:MultiFactorAuthPresent": "false"}}, nil) {
			first[h.Principal] = h.Seen
		}
		for _, h := range c.Access.WhoMay(access.Need{Action: "signin:CreateOAuth2Token", On: client + kind, With: map[string]string{"aws:MultiFactorAuthPresent": "false"}}, nil) {
			if seen, ok := first[h.Principal]; ok {
				k := snapshot.Key(h.Principal)
				out[k] = out[k] || seen && h.Seen
			}
		}
	}
	return out
}
