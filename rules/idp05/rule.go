// Package idp05 wants no code to be open by which machines outside AWS take a role.
package idp05

import (
	"embed"
	"fmt"
	"slices"
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is IDP-05.
var Rule = check.Rule{
	ID:    "IDP-05",
	Title: "Activations for machines outside AWS are closed again",
	Why: "Whoever has the code of an open activation registers a machine of his own with Systems Manager and gets its role, renewed for as long as the machine " +
		"asks. The code is in the installer's history, in a script, in a mail.",
	Fix: "aws ssm delete-activation --activation-id ID: machines that are registered stay so. Make activations for as many machines as there are and for a day, " +
		"with a role that has AmazonSSMManagedInstanceCore and no more.",
	Read: 3, Write: 4, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP02", "wa:SEC02-BP05"},
	Sources: []string{
		"https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateActivation.html",
		"https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Activation.html",
	},
	Needs:    append([]string{"AWS::SSM::Activation"}, fact.Principals()...),
	Judge:    judge,
	Examples: examples,
}

// Registering machines may take so many days.
const registering = 7

func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::SSM::Activation"); blind != nil && len(c.Snapshot.OfType("AWS::SSM::Activation")) == 0 {
		return blind
	}
	out := c.Blind("AWS::SSM::Activation")
	open, unread := 0, len(c.Unlisted(fact.Principals()...)) > 0
	for _, a := range c.Snapshot.OfType("AWS::SSM::Activation") {
		ends, err := time.Parse(time.RFC3339, a.Text("ExpirationDate"))
		limit, lst := a.Number("RegistrationLimit")
		taken, tst := a.Number("RegistrationsCount")
		left := int(limit - taken)
		if err == nil && !ends.After(c.Snapshot.Taken) || lst == snapshot.Known && tst == snapshot.Known && left <= 0 {
			continue
		}
		open++
		says := fmt.Sprintf("whoever has the code of activation %s gets the role %s for %d machines until %s", a.Name, a.Text("IamRole"), left, ends.Format(time.DateOnly))
		x := check.Result{Target: a.Key, Outcome: check.Fail, Says: says}
		made, bad := time.Parse(time.RFC3339, a.Text("CreatedDate"))
		switch {
		case err != nil || lst != snapshot.Known || tst != snapshot.Known:
			x.Outcome, x.Says = check.Unknown, "whether activation "+a.Name+" is still open was not read"
		case a.IsUnknown("IamRole"):
			x.Outcome, x.Says = check.Unknown, "which role whoever has the code of activation "+a.Name+" gets was not read"
		case administers(c, a.Text("IamRole"), true):
			x.Risk, x.Says = 20, says+", and the role administers the account"
		case bad == nil && fact.Days(c, made) <= registering && (unread || administers(c, a.Text("IamRole"), false)):
			x.Outcome, x.Says = check.Unknown, says+"; whether that administers the account was not read"
		case bad == nil && fact.Days(c, made) <= registering:
			continue
		}
		out = append(out, x)
	}
	switch {
	case len(out) > 0:
		return out
	case open > 0:
		return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "no activation is open for more than 7 days"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no activation for machines outside AWS is open"}}
}

// administers tells whether a role, which activations name without its path, administers the account: by what was read, or perhaps.
func administers(c check.Case, role string, surely bool) bool {
	return c.Access != nil && slices.ContainsFunc(c.Access.Administrators(), func(h access.Holder) bool {
		r, ok := c.Snapshot.Get(snapshot.Key(h.Principal))
		return ok && r.Type == "AWS::IAM::Role" && r.Name == role && (h.Seen || !surely)
	})
}
