// Package dat02 wants databases and file systems to be encrypted.
package dat02

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed rule.guard
var text string

//go:embed examples
var examples embed.FS

// Rule is DAT-02.
var Rule = check.Rule{
	ID:    "DAT-02",
	Title: "Databases and file systems are encrypted",
	Why: "A copy of a database that is not encrypted can be given to another account, or to all, and read there. Encryption is " +
		"chosen when the thing is made. Tables of DynamoDB are always encrypted, and members of a cluster are as their cluster " +
		"is.",
	Fix: "It cannot be turned on later, but for Redshift (aws redshift modify-cluster --encrypted). RDS: copy a snapshot with " +
		"--kms-key-id, restore the copy, move over. EFS: make an encrypted file system and copy the files with DataSync.",
	Read: 3, Write: 2, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC08-BP02", "ssb:WKLD.09", "cis-3.0:2.3.1", "cis-3.0:2.4.1", "cis-4.0.1:2.2.1", "cis-4.0.1:2.3.1", "cis-5.0:2.2.1", "cis-5.0:2.3.1"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
		"https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html",
		"https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-db-encryption.html",
		"https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html",
	},
	Looks: []check.Look{
		{Type: "AWS::RDS::DBInstance", Path: "StorageEncrypted", Values: check.YesNo()},
		{Type: "AWS::RDS::DBInstance", Path: "DBClusterIdentifier"},
		{Type: "AWS::RDS::DBCluster", Path: "StorageEncrypted", Values: check.YesNo()},
		{Type: "AWS::DocDB::DBCluster", Path: "StorageEncrypted", Values: check.YesNo()},
		{Type: "AWS::Neptune::DBCluster", Path: "StorageEncrypted", Values: check.YesNo()},
		{Type: "AWS::EFS::FileSystem", Path: "Encrypted", Values: check.YesNo()},
		{Type: "AWS::Redshift::Cluster", Path: "Encrypted", Values: check.YesNo()},
	},
	Terraform: []string{"aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster", "aws_efs_file_system", "aws_redshift_cluster"},
	Guard:     text,
	Examples:  examples,
}
