package files

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/footing-dev/footing/internal/snapshot"
)

// known is a type of the vocabulary, with the service and an API operation that lists it in a live scan.
type known struct{ typ, service, call string }

//go:embed known.tsv
var knownTable string

// knownTypes are the types that a live scan lists, with each operation that it takes, in reading order; a test of
// collect/service keeps the table true to the collectors.
var knownTypes = sync.OnceValue(func() (all []known) {
	for line := range strings.Lines(knownTable) {
		if cells := strings.Split(strings.TrimSpace(line), "\t"); len(cells) == 3 {
			all = append(all, known{cells[0], cells[1], cells[2]})
		}
	}
	return all
})

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
	for _, k := range knownTypes() {
		if k.call == call {
			types = append(types, k.typ)
		}
	}
	return types
}

// serviceOf is the service of a type: the second part of its name when it is not in the vocabulary.
func serviceOf(typ string) string {
	for _, k := range knownTypes() {
		if k.typ == typ {
			return k.service
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
	for _, k := range knownTypes() {
		if occur[k.typ] || k.call == details {
			continue
		}
		if i, ok := at[k.call]; ok {
			out[i].Types = append(out[i].Types, k.typ)
			continue
		}
		at[k.call] = len(out)
		out = append(out, snapshot.Coverage{
			Service: k.service, Call: k.call, Types: []string{k.typ}, Outcome: outcome, Reason: reason,
		})
	}
	return out
}
