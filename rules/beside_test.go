package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/rules"
)

// plans is an account with four tables, of which none has point-in-time recovery, and plans of AWS Backup that name three.
const plans = `-- resources.json --
[{"type": "AWS::DynamoDB::Table", "arn": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", "name": "orders", "region": "eu-west-1", "properties": {"TableName": "orders"}},
 {"type": "AWS::DynamoDB::Table", "arn": "arn:aws:dynamodb:eu-west-1:111122223333:table/carts", "name": "carts", "region": "eu-west-1", "properties": {"TableName": "carts"}},
 {"type": "AWS::DynamoDB::Table", "arn": "arn:aws:dynamodb:eu-west-1:111122223333:table/guests", "name": "guests", "region": "eu-west-1", "properties": {"TableName": "guests"}},
 {"type": "AWS::DynamoDB::Table", "arn": "arn:aws:dynamodb:eu-west-1:111122223333:table/locks", "name": "locks", "region": "eu-west-1", "properties": {"TableName": "locks"}},
 {"type": "AWS::Backup::BackupPlan", "arn": "arn:aws:backup:eu-west-1:111122223333:backup-plan:p1", "name": "nightly", "region": "eu-west-1", "properties": {"BackupPlanId": "p1", "BackupPlan": {"BackupPlanName": "nightly", "BackupPlanRule": [{"RuleName": "r", "TargetBackupVault": "main", "Lifecycle": {"DeleteAfterDays": 35}}]}}},
 {"type": "AWS::Backup::BackupSelection", "arn": "arn:aws:backup:eu-west-1:111122223333:backup-plan:p1:selection/s1", "name": "s1", "region": "eu-west-1", "properties": {"BackupPlanId": "p1", "BackupSelection": {"Resources": ["arn:aws:dynamodb:*:*:table/orders"]}}},
 {"type": "AWS::Backup::BackupPlan", "arn": "arn:aws:backup:eu-west-1:111122223333:backup-plan:p2", "name": "short", "region": "eu-west-1", "properties": {"BackupPlanId": "p2", "BackupPlan": {"BackupPlanName": "short", "BackupPlanRule": [{"RuleName": "r", "TargetBackupVault": "main", "Lifecycle": {"DeleteAfterDays": 3}}]}}},
 {"type": "AWS::Backup::BackupSelection", "arn": "arn:aws:backup:eu-west-1:111122223333:backup-plan:p2:selection/s2", "name": "s2", "region": "eu-west-1", "properties": {"BackupPlanId": "p2", "BackupSelection": {"Resources": ["arn:aws:dynamodb:*:*:table/carts"]}}},
 {"type": "AWS::Backup::BackupPlan", "arn": "arn:aws:backup:eu-west-1:111122223333:backup-plan:p3", "name": "kept", "region": "eu-west-1", "properties": {"BackupPlanId": "p3", "BackupPlan": {"BackupPlanName": "kept", "BackupPlanRule": [{"RuleName": "r", "TargetBackupVault": "main"}]}}},
 {"type": "AWS::Backup::BackupSelection", "arn": "arn:aws:backup:eu-west-1:111122223333:backup-plan:p3:selection/s3", "name": "s3", "region": "eu-west-1", "properties": {"BackupPlanId": "p3", "BackupSelection": {"Resources": ["arn:aws:dynamodb:*:*:table/guests"]}}}]
`

// A plan that keeps copies for a week does for a database; what has no copy at all is told once.
func TestBackupsAreToldOnce(t *testing.T) {
	for gaps, want := range map[string]string{
		"": "DAT-07 fail locks; DAT-08 fail carts; DAT-08 fail locks with DAT-07; DAT-08 pass guests; DAT-08 pass orders",
		`-- gaps.json --
[{"call": "backup:ListBackupPlans", "reason": "AccessDenied"}]
`: "DAT-07 unknown locks; DAT-08 pass guests; DAT-08 pass orders; DAT-08 unknown carts; DAT-08 unknown locks",
	} {
		a := account(t, "plans", txtar.Parse([]byte(plans+gaps)))
		var got []string
		for _, r := range check.Run(rules.All(), a.Case()) {
			if (r.Rule == "DAT-07" || r.Rule == "DAT-08") && strings.Contains(string(r.Target), ":table/") {
				says := r.Rule + " " + r.Outcome.String() + " " + string(r.Target)[strings.LastIndexByte(string(r.Target), '/')+1:]
				if r.With != "" {
					says += " with " + r.With
				}
				got = append(got, says)
			}
		}
		slices.Sort(got)
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%s\nwant %s", s, want)
		}
	}
}
