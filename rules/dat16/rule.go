// Package dat16 wants nothing that runs to be able to delete backups.
package dat16

import (
	"embed"
	"fmt"
	"slices"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DAT-16.
var Rule = check.Rule{
	ID:    "DAT-16",
	Title: "Nothing that runs in the account can delete backups",
	Why: "Machines, functions and containers are where an intruder begins. If the role that one of them runs as can delete recovery points, or can " +
		"become somebody who can, the backups go with the data. Asked of every vault in which a plan keeps backups, over every way that the " +
		"path table knows; one whose lock has set is safe from all.",
	Fix: "Take backup:Delete* and backup:UpdateRecoveryPointLifecycle from the role (its policies are in the evidence), or deny them to it in the " +
		"access policy of the vault.",
	Read: 1, Write: 5, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC08-BP04", "wa:SEC10-BP05"},
	Sources: []string{
		"https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html",
		"https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
	},
	Needs:    needs,
	Judge:    judge,
	Examples: examples,
}

// needs are the vaults, the roles, and what mostly runs as one.
var needs = []string{"AWS::Backup::BackupVault", "AWS::Backup::BackupPlan", "AWS::IAM::Role", "AWS::EC2::Instance", "AWS::IAM::InstanceProfile", "AWS::Lambda::Function", "AWS::ECS::TaskDefinition"}

func judge(c check.Case) []check.Result {
	out := c.Blind(needs...)
	vaults := fact.Vaults(c)
	runs := fact.Workloads(c)
	n := 0
	for _, v := range vaults {
		if set(c, v) {
			continue
		}
		n++
		if r, tell := deleters(c, v, runs); tell {
			out = append(out, r)
		}
	}
	if unread := roleless(c); n > 0 && len(out) == 0 && len(unread) > 0 {
		out = append(out, check.Result{Target: c.Account(), Says: "what these run as was not read, nor so whether they can delete what is in the vaults: " + check.Few(unread)})
	}
	switch {
	case len(out) > 0:
		return out
	case len(vaults) == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no plan of AWS Backup keeps backups in this account"}}
	case n == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "the locks of all vaults in which plans keep backups have set"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("nothing that runs can delete what is in the vaults, as %s", check.Count(len(runs), "role", "roles"))}}
}

// set tells that nobody takes the lock of a vault off any more, or shortens what it keeps.
func set(c check.Case, v fact.Vault) bool {
	at := v.Text("LockConfiguration.LockDate")
	return v.Text("VaultType") == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" || at != "" && at <= c.Snapshot.Taken.UTC().Format("2006-01-02T15:04:05Z")
}

// roleless are the things of which it was not read as which role they run.
func roleless(c check.Case) []string {
	var out []string
	for i := range c.Snapshot.Resources {
		if r := &c.Snapshot.Resources[i]; c.Access.UnreadRole(r) != "" {
			out = append(out, fact.Name(c, r.Key))
		}
	}
	return out
}

// deleters is the verdict on one vault.
func deleters(c check.Case, v fact.Vault, runs map[string][]snapshot.Key) (check.Result, bool) {
	out := check.Result{Target: v.Key}
	var sure, perhaps []string
	for _, a := range c.Access.Who(v.Key, access.Write) {
		what := runs[a.Principal]
		if len(what) == 0 {
			continue
		}
		e := check.Evidence{Key: v.Key, Access: access.Write, Path: &a.Path, Who: []string{a.Principal}}
		name := fmt.Sprintf("%s (%s)", fact.Name(c, snapshot.Key(a.Principal)), fact.Name(c, what[0]))
		if a.Path.Seen {
			sure = append(sure, name)
			e.Outcome, e.Says = check.Fail, name+" can"
		} else {
			perhaps = append(perhaps, name)
			e.Says = name + " may, by what was not read"
		}
		out.Evidence = append(out.Evidence, e)
	}
	slices.Sort(sure)
	slices.Sort(perhaps)
	switch {
	case len(sure) > 0:
		out.Outcome, out.Says = check.Fail, fmt.Sprintf("what is in the vault %s can be deleted by %s", v.Name, check.Few(sure))
	case len(perhaps) > 0:
		out.Says = fmt.Sprintf("what is in the vault %s may be deleted by %s: what would tell was not read", v.Name, check.Few(perhaps))
	default:
		return out, false
	}
	return out, true
}
