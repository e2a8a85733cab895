// Package dat07 wants critical stores to be copied.
package dat07

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DAT-07.
var Rule = check.Rule{
	ID:    "DAT-07",
	Title: "Critical stores are backed up",
	Why: "Whoever can write can also encrypt, overwrite or delete, and asks for money afterwards. What is left then is the copy that was kept. " +
		"Critical is what is confidential or restricted, what somebody states an impact of 4 or more for, and every database. Versions of a " +
		"bucket, automatic backups, point-in-time recovery and a plan of AWS Backup all count; how long they last is asked by DAT-08, and who " +
		"can delete them by DAT-15 and DAT-16.",
	Fix: "Put it into a plan of AWS Backup (aws backup create-backup-selection), or turn its own backups on: aws s3api put-bucket-versioning, " +
		"aws rds modify-db-instance --backup-retention-period 7 (one that kept none is out of reach for a while), aws dynamodb " +
		"update-continuous-backups, aws efs put-backup-policy.",
	Read: 1, Write: 5, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC08-BP04", "wa:SEC10-BP05"},
	Sources: []string{
		"https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources-json.html",
		"https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DescribeRegionSettings.html",
		"https://docs.aws.amazon.com/prescriptive-guidance/latest/backup-recovery/welcome.html",
	},
	Needs:    needs,
	Judge:    judge,
	Examples: examples,
}

var needs = append(fact.StoreTypes(), fact.BackupTypes()...)

func judge(c check.Case) []check.Result {
	out := c.Blind(fact.StoreTypes()...)
	n := 0
	for _, r := range fact.Stores(c) {
		critical := fact.Critical(c, r)
		if critical == snapshot.Absent {
			continue
		}
		n++
		name := fact.Name(c, r.Key)
		own, _ := fact.Copies(r)
		if own == snapshot.Known {
			continue
		}
		planned, _ := fact.Planned(c, r, 0)
		switch {
		case planned == snapshot.Known:
		case own == snapshot.Unknown || planned == snapshot.Unknown:
			out = append(out, check.Result{Target: r.Key, Says: "whether " + name + " is backed up was not read"})
		case critical == snapshot.Unknown:
			out = append(out, check.Result{Target: r.Key, Says: "nothing copies " + name + "; its tags, which may tell a class, were not read"})
		default:
			out = append(out, check.Result{Target: r.Key, Outcome: check.Fail, Says: "nothing keeps a copy of " + name})
		}
	}
	switch {
	case len(out) > 0:
		return out
	case n == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no store is critical"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "copies are kept of every critical store: " + check.Count(n, "store", "stores")}}
}
