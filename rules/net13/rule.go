// Package net13 wants databases and brokers to have no public address.
package net13

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed rule.guard
var text string

//go:embed examples
var examples embed.FS

// Rule is NET-13.
var Rule = check.Rule{
	ID:    "NET-13",
	Title: "Databases and brokers have no public address",
	Why: "A public address makes the password, or a mistake in a security group, the only thing between the data and everybody. " +
		"Whoever needs a database from outside can come through a VPN or Systems Manager.",
	Fix: "aws rds modify-db-instance --db-instance-identifier NAME --no-publicly-accessible. A broker of Amazon MQ cannot be " +
		"changed: make a private one and move over.",
	Read: 4, Write: 4, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC05-BP01", "ssb:WKLD.10", "cis-3.0:2.3.3", "cis-4.0.1:2.2.3", "cis-5.0:2.2.3"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
		"https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html#cfn-rds-dbinstance-publiclyaccessible",
		"https://docs.aws.amazon.com/config/latest/developerguide/redshift-cluster-public-access-check.html",
		"https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/using-amazon-mq-securely.html",
	},
	Looks: []check.Look{
		{Type: "AWS::RDS::DBInstance", Path: "PubliclyAccessible", Values: check.YesNo()},
		{Type: "AWS::Redshift::Cluster", Path: "PubliclyAccessible", Values: check.YesNo()},
		{Type: "AWS::RedshiftServerless::Workgroup", Path: "PubliclyAccessible", Values: check.YesNo()},
		{Type: "AWS::AmazonMQ::Broker", Path: "PubliclyAccessible", Values: check.YesNo()},
	},
	Terraform: []string{"aws_db_instance", "aws_rds_cluster_instance", "aws_redshift_cluster", "aws_redshiftserverless_workgroup", "aws_mq_broker"},
	Guard:     text,
	Examples:  examples,
}
