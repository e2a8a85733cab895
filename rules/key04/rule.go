// Package key04 wants people, and builds that can, to do without access keys.
package key04

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
)

//go:embed examples
var examples embed.FS

// Rule is KEY-04.
var Rule = check.Rule{
	ID:    "KEY-04",
	Title: "Builds, and people with a password, have no access keys",
	Why: "A person's key lies in a file on a laptop, a build's in the settings of a platform, and works from anywhere until somebody thinks of it. Credentials " +
		"that end within hours are not worth stealing twice.",
	Fix: "People: aws sso login with Identity Center, or aws login; then delete the key. Builds: make an OIDC provider for the platform and a role that asks for " +
		"the repository (IDP-02), have the build assume it (GitHub: aws-actions/configure-aws-credentials with role-to-assume), delete the key.",
	Read: 4, Write: 4, Likelihood: 4,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP02", "ssb:ACCT.03", "ssb:WKLD.01", "cis-3.0:1.11", "cis-4.0.1:1.11", "cis-5.0:1.10"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
		"https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
	},
	Needs:    []string{"AWS::IAM::User", "AWS::IAM::CredentialReport", "AWS::IAM::OIDCProvider"},
	Judge:    judge,
	Examples: examples,
}

// platforms of builds give tokens, so that a build there needs no key. A user's name is a hint.
var platforms = []string{"bitbucket", "buildkite", "circleci", "github", "gitlab"}

// builds are what users for builds are called where the platform is not said.
var builds = []string{"build", "builder", "cd", "ci", "cicd", "deploy", "deployer", "deployment", "pipeline", "runner"}

// Who works with a key alone is MFA-02's: whether that is a person, and whether the key asks for MFA.
func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::IAM::User"); blind != nil {
		return blind
	}
	if _, blind := fact.Credentials(c); blind != nil {
		return blind
	}
	var out []check.Result
	var machines, alone []string
	people := fact.NewPeople(c)
	for _, u := range c.Snapshot.OfType("AWS::IAM::User") {
		row, ok := people.Credential(u.Key)
		unread := row.Missed("PasswordEnabled", "AccessKey1Active", "AccessKey2Active")
		if ok && !unread && !row.Keys[0].Active && !row.Keys[1].Active {
			continue
		}
		kind, why := people.OfUser(u)
		switch {
		case !ok || unread:
			out = append(out, check.Result{Target: u.Key, Says: "whether " + u.Name + " has a password or an active key was not read"})
		case kind == fact.Unsaid && (people.MayBeMachine(u) || row.Missed("MfaActive")) && !passes(c, u.Name):
			out = append(out, check.Result{Target: u.Key, Says: "whether " + u.Name + ", which has a key, is a machine was not read"})
		case kind != fact.Machine && !row.Password:
			alone = append(alone, u.Name)
		case kind != fact.Machine:
			out = append(out, check.Result{Target: u.Key, Outcome: check.Fail, Says: u.Name + " has an access key, and is a person: " + why})
		default:
			switch outcome, says := build(c, u.Name); outcome {
			case check.Pass:
				machines = append(machines, u.Name)
			default:
				out = append(out, check.Result{Target: u.Key, Outcome: outcome, Risk: 12, Says: says})
			}
		}
	}
	switch {
	case len(out) > 0:
		return out
	case len(alone) > 0:
		return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "nobody with a password has an access key; of keys of those who have none MFA-02 speaks: " + check.Few(alone)}}
	case len(machines) > 0:
		return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "only machines have access keys: " + check.Few(machines)}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "no IAM user has an active access key"}}
}

// passes tells that a user is called like no build, or like one that needs a key.
func passes(c check.Case, name string) bool {
	outcome, _ := build(c, name)
	return outcome == check.Pass
}

// build tells whether a user that builds work with could do without a key: the platform gives tokens, or the account has a provider for some already.
func build(c check.Case, name string) (check.Outcome, string) {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r < 'a' || r > 'z' })
	for _, w := range words {
		if slices.Contains(platforms, w) {
			return check.Fail, fmt.Sprintf("%s is a build's key, by its name; %s gives builds tokens that a role can trust", name, w)
		}
	}
	if !slices.ContainsFunc(words, func(w string) bool { return slices.Contains(builds, w) }) {
		return check.Pass, ""
	}
	for _, p := range c.Snapshot.OfType("AWS::IAM::OIDCProvider") {
		host := fact.Host(string(p.Key))
		if slices.ContainsFunc(platforms, func(w string) bool { return strings.Contains(host, w) }) {
			return check.Fail, fmt.Sprintf("%s is a build's key, by its name; the account has the provider %s for tokens of builds", name, host)
		}
	}
	if len(c.Unlisted("AWS::IAM::OIDCProvider")) > 0 {
		return check.Unknown, fmt.Sprintf("%s is a build's key, by its name; whether the account has a provider for tokens of builds was not read", name)
	}
	return check.Pass, ""
}
