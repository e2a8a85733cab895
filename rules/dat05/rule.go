// Package dat05 wants secrets to be renewed, owned and used.
package dat05

import (
	"cmp"
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DAT-05.
var Rule = check.Rule{
	ID:    "DAT-05",
	Title: "Secrets are renewed or have an owner, and unused ones are removed",
	Why: "A secret that never changes is known to everybody who ever had it: those who left, old laptops, logs. One that rotates by itself is " +
		"renewed whoever forgets it; another needs an owner who does that once a year. One that nobody fetched for 90 days opens a door that " +
		"nobody needs. Secrets that a service of AWS owns are renewed by it. Parameters with secrets in plain text: rule VM-06.",
	Fix: "aws secretsmanager rotate-secret --secret-id NAME --rotation-lambda-arn ARN, or a new value and an owner in footing.yaml (or the tag " +
		"owner). Unused: aws secretsmanager delete-secret --secret-id NAME --recovery-window-in-days 30.",
	Read: 4, Write: 4, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP03", "ssb:WKLD.03", "ssb:WKLD.05"},
	Sources: []string{
		"https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html",
		"https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_SecretListEntry.html",
		"https://docs.aws.amazon.com/secretsmanager/latest/userguide/service-linked-secrets.html",
	},
	Needs:    []string{"AWS::SecretsManager::Secret"},
	Judge:    judge,
	Examples: examples,
}

const (
	unused = 90  // days after which nobody seems to need a secret
	year   = 365 // days after which its owner renews it
)

func judge(c check.Case) []check.Result {
	out := c.Blind("AWS::SecretsManager::Secret")
	n := 0
	for _, s := range c.Snapshot.OfType("AWS::SecretsManager::Secret") {
		if s.Text("OwningService") != "" || s.Text("PrimaryRegion") != "" && s.Text("PrimaryRegion") != s.Region {
			continue // AWS renews it; or it is a copy of one that is judged where it is made
		}
		n++
		if v := of(c, s); v.Outcome != check.Pass {
			out = append(out, v)
		}
	}
	switch {
	case len(out) > 0:
		return out
	case n == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there are no secrets of our own in Secrets Manager"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "every secret is renewed or owned, and used: " + check.Count(n, "secret", "secrets")}}
}

// of judges one secret: what is told of it first is what is wrong for certain.
func of(c check.Case, s *snapshot.Resource) check.Result {
	used, changed := fact.Moment(c, s.Key, fact.SecretUsed), fact.Moment(c, s.Key, fact.SecretChanged)
	name := fact.Name(c, s.Key)
	v := check.Result{Target: s.Key}
	var says, unread []string
	made, err := time.Parse(time.RFC3339, s.Text("CreatedDate"))
	since := used
	switch {
	case !used.IsZero():
	case changed.IsZero() || err != nil: // no scan told its dates
		unread = append(unread, "when it was used last")
	default:
		since = made // never, since its use is recorded
	}
	if !since.IsZero() && fact.Days(c, since) > unused {
		says = append(says, fmt.Sprintf("nobody has fetched it for %d days", fact.Days(c, since)))
		v.Risk = 8 // whoever gets it still has to know what it opens
	}
	rotates, st := s.Flag("RotationEnabled")
	owner := cmp.Or(c.Model.Owner(s), c.Model.DefaultOwner)
	switch {
	case st == snapshot.Unknown:
		unread = append(unread, "whether it rotates")
	case rotates && !changed.IsZero() && fact.Days(c, changed) > year:
		says, v.Risk = append(says, fmt.Sprintf("it should rotate, and has not changed for %d days", fact.Days(c, changed))), 0
	case rotates:
	case owner == "" && s.IsUnknown("Tags"):
		unread = append(unread, "whose it is")
	case owner == "":
		says, v.Risk = append(says, "it does not rotate, and nobody owns it"), 0
	case changed.IsZero():
		unread = append(unread, "when it was changed last")
	case fact.Days(c, changed) > year:
		says, v.Risk = append(says, fmt.Sprintf("it does not rotate, and %s has not changed it for %d days", owner, fact.Days(c, changed))), 0
	}
	switch {
	case len(says) > 0:
		v.Outcome, v.Says = check.Fail, name+": "+strings.Join(says, "; ")
	case len(unread) > 0:
		v.Says = name + ": " + strings.Join(unread, " and ") + " was not read"
	default:
		v.Outcome = check.Pass
	}
	return v
}
