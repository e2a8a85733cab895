// Package dat08 wants databases to keep backups for a week.
package dat08

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed rule.guard
var text string

//go:embed examples
var examples embed.FS

// Rule is DAT-08.
var Rule = check.Rule{
	ID:    "DAT-08",
	Title: "Databases keep their backups for a week",
	Why: "Whoever can write into a database can spoil it, and it is seldom noticed on the same day. A copy of the week before is " +
		"what is left then. Replicas are copies of their source, and members of a cluster are backed up with it. A plan of AWS Backup that " +
		"keeps its copies for a week does as well.",
	Fix: "aws rds modify-db-instance --db-instance-identifier NAME --backup-retention-period 7 --apply-immediately (modify-db-cluster " +
		"--db-cluster-identifier NAME for a cluster); one that kept none is out of reach for a while. aws dynamodb update-continuous-backups " +
		"--table-name NAME --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true.",
	Read: 1, Write: 5, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC08-BP04", "wa:SEC10-BP05"},
	With: []string{"DAT-07"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html",
		"https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-11",
		"https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html",
	},
	Looks: []check.Look{
		{Type: "AWS::RDS::DBInstance", Path: "BackupRetentionPeriod", Values: check.Numbers(0, 35)},
		{Type: "AWS::RDS::DBInstance", Path: "DBClusterIdentifier"},
		{Type: "AWS::RDS::DBInstance", Path: "SourceDBInstanceIdentifier"},
		{Type: "AWS::RDS::DBCluster", Path: "BackupRetentionPeriod", Values: check.Numbers(1, 35)},
		{Type: "AWS::DocDB::DBCluster", Path: "BackupRetentionPeriod", Values: check.Numbers(1, 35)},
		{Type: "AWS::Neptune::DBCluster", Path: "BackupRetentionPeriod", Values: check.Numbers(1, 35)},
		{Type: "AWS::DynamoDB::Table", Path: "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", Values: check.YesNo()},
	},
	Terraform: []string{"aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster", "aws_dynamodb_table"},
	Guard:     text,
	Else:      planned,
	Examples:  examples,
}

// planned tells of a plan of AWS Backup that keeps copies of a database for a week. A template knows of none.
func planned(c check.Case, r *snapshot.Resource) (check.Outcome, string) {
	switch st, by := fact.Planned(c, r, 7); st {
	case snapshot.Known:
		return check.Pass, by + " keeps copies for a week"
	case snapshot.Unknown:
		return check.Unknown, "whether a plan of AWS Backup keeps copies for a week was not read"
	}
	return check.NotApplicable, ""
}
