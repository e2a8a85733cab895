// Package vm05 wants instances to answer for their credentials with a token only.
package vm05

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed rule.guard
var text string

//go:embed examples
var examples embed.FS

// Rule is VM-05.
var Rule = check.Rule{
	ID:    "VM-05",
	Title: "Instances give their credentials only against a token (IMDSv2)",
	Why: "With version 1 of the metadata service one request that an application can be tricked into gives away the credentials of" +
		" the role of the machine. Version 2 wants a token that such a request does not have.",
	Fix: "aws ec2 modify-instance-metadata-options --instance-id ID --http-tokens required; for all new ones of a Region: aws ec2 " +
		"modify-instance-metadata-defaults --http-tokens required.",
	Read: 4, Write: 4, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC06-BP02", "cis-3.0:5.6", "cis-4.0.1:5.7", "cis-5.0:5.7"},
	Sources: []string{
		"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
		"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html",
		"https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ec2-instance-metadataoptions.html",
	},
	Looks: []check.Look{
		{Type: "AWS::EC2::Instance", Path: "MetadataOptions.HttpTokens", Values: []any{"required", "optional"}},
		{Type: "AWS::EC2::Instance", Path: "MetadataOptions.HttpEndpoint", Values: []any{"enabled", "disabled"}},
		{Type: "AWS::EC2::LaunchTemplate", Path: "LaunchTemplateData.MetadataOptions.HttpTokens", Values: []any{"required", "optional"}},
		{Type: "AWS::EC2::LaunchTemplate", Path: "LaunchTemplateData.MetadataOptions.HttpEndpoint", Values: []any{"enabled", "disabled"}},
		{Type: "AWS::AutoScaling::LaunchConfiguration", Path: "MetadataOptions.HttpTokens", Values: []any{"required", "optional"}},
		{Type: "AWS::AutoScaling::LaunchConfiguration", Path: "MetadataOptions.HttpEndpoint", Values: []any{"enabled", "disabled"}},
		{Type: "AWS::EC2::InstanceMetadataDefaults", Path: "HttpTokens", Values: []any{"required", "optional", "no-preference"}, InUse: true},
		{Type: "AWS::EC2::InstanceMetadataDefaults", Path: "HttpEndpoint", Values: []any{"enabled", "disabled", "no-preference"}, InUse: true},
	},
	Terraform: []string{"aws_instance", "aws_launch_template", "aws_launch_configuration", "aws_ec2_instance_metadata_defaults"},
	Guard:     text,
	Examples:  examples,
}
