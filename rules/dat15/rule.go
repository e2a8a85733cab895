// Package dat15 wants backups to be locked.
package dat15

import (
	"embed"
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DAT-15.
var Rule = check.Rule{
	ID:    "DAT-15",
	Title: "Vaults of backups are locked, or copied to where nobody gets at them",
	Why: "Whoever takes over the account deletes the backups first. A lock keeps them until their time is over: in compliance mode nobody takes " +
		"it off again, root and AWS included; in governance mode only who may do that. A copy in an air-gapped vault, or in another account, " +
		"does as well.",
	Fix: "aws backup put-backup-vault-lock-configuration --backup-vault-name NAME --min-retention-days 7 (governance); with " +
		"--changeable-for-days 3 it sets after three days and cannot be undone: try it with a short retention first.",
	Read: 1, Write: 5, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC08-BP04", "wa:SEC10-BP05"},
	Sources: []string{
		"https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
		"https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html",
	},
	Needs:    []string{"AWS::Backup::BackupVault", "AWS::Backup::BackupPlan"},
	Judge:    judge,
	Examples: examples,
}

func plans(names []string) string {
	if len(names) == 1 {
		return "the plan " + names[0] + " has"
	}
	return "the plans " + strings.Join(names, ", ") + " have"
}

func judge(c check.Case) []check.Result {
	out := c.Blind("AWS::Backup::BackupVault", "AWS::Backup::BackupPlan")
	vaults := fact.Vaults(c)
	var kept []string
	for _, v := range vaults {
		switch v.Safe {
		case snapshot.Known:
			kept = append(kept, v.Name+" ("+v.Says+")")
		case snapshot.Unknown:
			out = append(out, check.Result{Target: v.Key, Says: "whether the vault " + v.Name + " is locked, or copied to one that is, was not read"})
		default:
			out = append(out, check.Result{Target: v.Key, Outcome: check.Fail,
				Says: fmt.Sprintf("the vault %s is not locked, nor is all that %s put there copied to a safer one", v.Name, plans(v.Plans))})
		}
	}
	switch {
	case len(out) > 0:
		return out
	case len(vaults) == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no plan of AWS Backup keeps backups in this account"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "what plans keep is safe: " + strings.Join(kept, ", ")}}
}
