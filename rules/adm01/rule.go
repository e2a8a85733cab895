// Package adm01 wants few people to administer the account.
package adm01

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

// Rule is ADM-01.
var Rule = check.Rule{
	ID:    "ADM-01",
	Title: "Few people administer the account",
	Why: "Whoever administers the account reaches everything in it, whatever the other rules say. Each one more is one more laptop, mailbox and phone that " +
		"must not be lost. Where nobody does, only root is left for daily work.",
	Fix: "For each of those who need less, cut what is named beside them: take them out of the group, detach the policy, or narrow the trust of the role. " +
		"Let the others work with roles for what they do. Another number than two is stated as an objective in footing.yaml: at most 3 may administer account. " +
		"Several principals of one person go under people, and a user that is a machine gets the tag footing:kind=machine.",
	Read: 5, Write: 5, Likelihood: 4,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP02", "wa:SEC03-BP01", "ssb:ACCT.04", "cis-3.0:1.16", "cis-4.0.1:1.16", "cis-5.0:1.15"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
		"https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html",
	},
	Needs:    append([]string{"AWS::SSO::PermissionSet", "AWS::SSO::Assignment", "AWS::IdentityStore::Group", "AWS::IdentityStore::User"}, fact.AdministratorTypes...),
	Judge:    judge,
	Examples: examples,
}

// Root is not counted: it always administers the account, and has rules of its own.
func judge(c check.Case) []check.Result {
	x := fact.Administering(c)
	most, _ := fact.MostAdministrators(c)
	sure, perhaps, many := x.Persons()
	open, ajar := x.Anybody()
	unlisted := c.Blind("AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy")
	var hidden []string
	for _, a := range many {
		if a.Unlisted {
			hidden = append(hidden, a.Why)
		}
	}
	out := check.Result{Target: c.Account()}
	tell := func(o check.Outcome, says string) { out.Outcome, out.Says = o, says }
	all, names := len(sure)+len(perhaps)+len(ajar), check.Few(fact.Names(append(sure[:len(sure):len(sure)], perhaps...)))
	switch {
	case len(open) > 0:
		tell(check.Fail, "anybody can administer the account: "+check.Few(fact.Names(open)))
	case len(sure) > most:
		tell(check.Fail, fmt.Sprintf("%s administer the account: %d, and at most %d should", check.Few(fact.Names(sure)), len(sure), most))
	case len(unlisted) > 0:
		tell(check.Unknown, unlisted[0].Says)
	case all > most || len(ajar) > 0:
		tell(check.Unknown, fmt.Sprintf("%d people surely administer the account, perhaps %d, and at most %d should: %s", len(sure), all, most, why(perhaps, ajar)))
	case len(hidden) > 0:
		tell(check.Unknown, check.Few(hidden)+", so it is not known how many people administer the account")
	case x.Hidden() != nil:
		tell(check.Unknown, "there may be more ways to administer the account than were seen: "+check.Few(x.Hidden()))
	case len(many) > 0:
		tell(check.Manual, "no scan can tell how many they are who administer the account: "+check.Few(fact.Names(many)))
	case all == 0:
		tell(check.Fail, "nobody but root administers the account")
	case len(sure) == 0:
		tell(check.Unknown, "perhaps no person administers the account: "+why(perhaps, nil))
	default:
		tell(check.Pass, fmt.Sprintf("%s administer%s the account", names, map[bool]string{true: "s"}[all == 1]))
	}
	out.Evidence = evidence(x, out.Outcome, len(sure) > most)
	return []check.Result{out}
}

// why says of the first few what is not known of them.
func why(lists ...[]*fact.Administrator) string {
	of := map[string][]string{} // names by what is not known of them
	var order []string
	for _, list := range lists {
		for _, a := range list {
			says := a.Why
			if !a.Sure {
				says = ""
			}
			if of[says] == nil {
				order = append(order, says)
			}
			of[says] = append(of[says], a.Name)
		}
	}
	var out []string
	for _, says := range order {
		if names := check.Few(of[says]); says == "" {
			out = append(out, "what "+names+" may do was not read")
		} else {
			out = append(out, names+" "+says)
		}
	}
	return strings.Join(out, "; ")
}

// evidence tells everybody who counts, and where there are too many, what to cut.
func evidence(x *fact.Administration, verdict check.Outcome, edges bool) (out []check.Evidence) {
	for i := range x.List {
		a := &x.List[i]
		if a.Kind == fact.Machine {
			continue
		}
		o := check.Pass
		if verdict == check.Fail || verdict == check.Unknown {
			o = verdict
		}
		if !a.Sure || a.Many && !a.Anybody {
			o = check.Unknown
		}
		e := x.Evidence(a, o)
		if edges && a.Sure {
			if cut := x.Edge(a); cut != nil {
				e.Says += "; to cut: " + cut.Says
			} else {
				e.Says += "; " + x.Uncut()
			}
		}
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b check.Evidence) int { return worst(a.Outcome) - worst(b.Outcome) })
	for _, off := range x.Off {
		out = append(out, check.Evidence{Outcome: check.Pass, Says: off + " is assigned administration, and switched off in the directory"})
	}
	return out
}

// worst orders evidence: what breaks the rule comes first.
func worst(o check.Outcome) int {
	return slices.Index([]check.Outcome{check.Fail, check.Unknown, check.Pass}, o)
}
