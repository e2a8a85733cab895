package files

import (
	"strings"

	"github.com/footing-dev/footing/catalog/listing"
	"github.com/footing-dev/footing/internal/snapshot"
)

// details is the operation whose answer every folder has.
const details = "iam:GetAccountAuthorizationDetails"

// otherLists are more operations without which types are not complete: what the lists above need beside themselves, and the
// names that IAM gives them where those differ.
var otherLists = map[string][]string{
	"iam:ListUsers":                         {"AWS::IAM::User"},
	"iam:ListGroups":                        {"AWS::IAM::Group"},
	"iam:ListRoles":                         {"AWS::IAM::Role"},
	"iam:ListInstanceProfiles":              {"AWS::IAM::InstanceProfile"},
	"iam:ListPolicies":                      {"AWS::IAM::ManagedPolicy"},
	"iam:GenerateCredentialReport":          {"AWS::IAM::CredentialReport"},
	"organizations:ListPoliciesForTarget":   {"AWS::Organizations::Policy"},
	"organizations:DescribePolicy":          {"AWS::Organizations::Policy"},
	"organizations:ListParents":             {"AWS::Organizations::Policy"},
	"organizations:DescribeEffectivePolicy": {"AWS::Organizations::Policy"},
	"organizations:ListRoots":               {"AWS::Organizations::Policy"},
	"s3:ListAllMyBuckets":                   {"AWS::S3::Bucket"},
	"s3:GetAccountPublicAccessBlock":        {"AWS::S3::AccountPublicAccessBlock"},
	"s3control:GetAccountPublicAccessBlock": {"AWS::S3::AccountPublicAccessBlock"},
	"lambda:GetFunctionUrlConfig":           {"AWS::Lambda::Url"},
	"ecs:ListClusters":                      {"AWS::ECS::Cluster"},
	"ecs:ListServices":                      {"AWS::ECS::Service"},
	"ecs:ListTaskDefinitions":               {"AWS::ECS::TaskDefinition"},
	"ecs:DescribeTaskDefinition":            {"AWS::ECS::TaskDefinition"},
	"cloudtrail:ListTrails":                 {"AWS::CloudTrail::Trail"},
	"account:GetContactInformation":         {"AWS::Account"},
	"account:GetAlternateContact":           {"AWS::Account"},
}

// listedBy are the types that are not complete without an operation.
func listedBy(call string) []string {
	types := append([]string(nil), otherLists[call]...)
	for _, k := range listing.All() {
		if k.Call == call {
			types = append(types, k.Type)
		}
	}
	return types
}

// serviceOf is the service of a type: the second part of its name when it is not in the vocabulary.
func serviceOf(typ string) string {
	for _, k := range listing.All() {
		if k.Type == typ {
			return k.Service
		}
	}
	if parts := strings.Split(typ, "::"); len(parts) > 1 {
		return strings.ToLower(parts[1])
	}
	return strings.ToLower(typ)
}

// missing says what came of each operation that lists a type of the vocabulary which does not occur.
func missing(occur map[string]bool, outcome, reason string) []snapshot.Coverage {
	var out []snapshot.Coverage
	at := map[string]int{}
	for _, k := range listing.All() {
		if occur[k.Type] || k.Call == details {
			continue
		}
		if i, ok := at[k.Call]; ok {
			out[i].Types = append(out[i].Types, k.Type)
			continue
		}
		at[k.Call] = len(out)
		out = append(out, snapshot.Coverage{
			Service: k.Service, Call: k.Call, Types: []string{k.Type}, Outcome: outcome, Reason: reason,
		})
	}
	return out
}
