// Package dat09 advises that databases be protected from deletion.
package dat09

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed rule.guard
var text string

//go:embed examples
var examples embed.FS

// Rule is DAT-09.
var Rule = check.Rule{
	ID:    "DAT-09",
	Title: "Databases are protected from deletion",
	Why: "Deletion protection is one more call that somebody has to make, and be allowed to make, before a database is gone. It " +
		"stops mistakes and hurried scripts more than it stops an intruder.",
	Fix: "aws rds modify-db-instance --db-instance-identifier NAME --deletion-protection; aws dynamodb update-table --table-name " +
		"NAME --deletion-protection-enabled.",
	Read: 1, Write: 4, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC08-BP04"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
		"https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html#WorkingWithTables.Basics.DeletionProtection",
	},
	Looks: []check.Look{
		{Type: "AWS::RDS::DBInstance", Path: "DeletionProtection", Values: check.YesNo()},
		{Type: "AWS::RDS::DBInstance", Path: "DBClusterIdentifier"},
		{Type: "AWS::RDS::DBCluster", Path: "DeletionProtection", Values: check.YesNo()},
		{Type: "AWS::DocDB::DBCluster", Path: "DeletionProtection", Values: check.YesNo()},
		{Type: "AWS::Neptune::DBCluster", Path: "DeletionProtection", Values: check.YesNo()},
		{Type: "AWS::DynamoDB::Table", Path: "DeletionProtectionEnabled", Values: check.YesNo()},
	},
	Terraform: []string{"aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster", "aws_dynamodb_table"},
	Guard:     text,
	Examples:  examples,
}
