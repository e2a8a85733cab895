// Package vm10 advises that tags of images stay what they are.
package vm10

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
)

//go:embed rule.guard
var text string

//go:embed examples
var examples embed.FS

// Rule is VM-10.
var Rule = check.Rule{
	ID:    "VM-10",
	Title: "Tags of container images stay what they are",
	Why: "Where a tag can be moved, whoever may push can replace what runs under it, and nobody sees it by the name. A tag that " +
		"stays names one image for good.",
	Fix: "aws ecr put-image-tag-mutability --repository-name NAME --image-tag-mutability IMMUTABLE; tags that have to move " +
		"(latest) can be excluded. A repository of a pull through cache has to stay mutable: waive it.",
	Read: 1, Write: 4, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC11-BP06", "wa:SEC06-BP04"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
	},
	Looks: []check.Look{
		{Type: "AWS::ECR::Repository", Path: "ImageTagMutability", Values: []any{"IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE", "MUTABLE_WITH_EXCLUSION"}},
	},
	Terraform: []string{"aws_ecr_repository"},
	Guard:     text,
	Examples:  examples,
}
