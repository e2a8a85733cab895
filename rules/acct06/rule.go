// Package acct06 wants to know where the account stands, and its work not to run at the head of an organisation.
package acct06

import (
	"embed"
	"fmt"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is ACCT-06.
var Rule = check.Rule{
	ID:    "ACCT-06",
	Title: "No workload runs at the head of an organisation",
	Why:   "No policy of an organisation binds its management account, and whoever takes that account has all others. What runs there is a way in.",
	Fix: "Move what runs to a member account, or let the management account do nothing but bills and accounts. An account on its own is " +
		"fine as long as its environments are kept apart.",
	Read: 3, Write: 3, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC01-BP01"},
	Sources: []string{
		"https://docs.aws.amazon.com/organizations/latest/userguide/orgs_best-practices_mgmt-acct.html",
		"https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html",
	},
	Needs:    []string{"AWS::Organizations::Organization", "AWS::EC2::Instance", "AWS::Lambda::Function", "AWS::ECS::Service", "AWS::EKS::Cluster", "AWS::RDS::DBInstance", "AWS::Lightsail::Instance", "AWS::AppRunner::Service"},
	Judge:    judge,
	Examples: examples,
}

// runs are the types by which work is told. An organisation of one account, which is how people sign in once there is Identity Center, has nobody to
// move it to, and is no fault.
var runs = []struct{ typ, name string }{
	{"AWS::EC2::Instance", "EC2 instances"}, {"AWS::Lambda::Function", "Lambda functions"}, {"AWS::ECS::Service", "ECS services"}, {"AWS::EKS::Cluster", "EKS clusters"},
	{"AWS::RDS::DBInstance", "RDS instances"}, {"AWS::Lightsail::Instance", "Lightsail instances"}, {"AWS::AppRunner::Service", "App Runner services"},
}

func judge(c check.Case) []check.Result {
	where, org, blind := fact.Stands(c)
	out := check.Result{Target: c.Account(), Outcome: check.Pass}
	switch where {
	case fact.Unplaced:
		return blind
	case fact.Alone:
		out.Says = "the account stands alone"
		return []check.Result{out}
	case fact.Member:
		out.Says = "the account is a member of the organisation " + org.Name
		return []check.Result{out}
	}
	var says, types []string
	for _, x := range runs {
		types = append(types, x.typ)
		if n := len(c.Snapshot.OfType(x.typ)); n > 0 {
			says = append(says, x.name)
			out.Evidence = append(out.Evidence, check.Evidence{Says: fmt.Sprintf("%s: %d", x.name, n)})
		}
	}
	others, st := org.Number("OtherAccounts")
	switch {
	case st == snapshot.Known && others == 0:
		out.Says = "the account is at the head of an organisation, and alone in it"
	case len(says) == 0:
		if blind := c.Blind(types...); blind != nil {
			return blind
		}
		out.Says = "the account is at the head of an organisation, and nothing runs in it"
	case st != snapshot.Known:
		out.Outcome, out.Says = check.Unknown, "the account is at the head of an organisation and runs "+check.Few(says)+"; whether it has other accounts was not read"
	default:
		out.Outcome, out.Says = check.Fail, fmt.Sprintf("the account is at the head of an organisation (other accounts: %.0f) and runs %s", others, check.Few(says))
	}
	return []check.Result{out}
}
