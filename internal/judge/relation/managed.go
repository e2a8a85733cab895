package relation

import (
	"cmp"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Managed tells what made a resource and keeps it as it is: By is a tool, Nobody, or Untold where its tags were not read.
type Managed struct {
	By string `json:"by"`
	In string `json:"in,omitempty"` // the stack
}

// Nobody and Untold stand where no tool is known.
const (
	Nobody = "nobody"
	Untold = "unknown"
)

// tools are what people's tags call them.
var tools = []string{"terraform", "opentofu", "pulumi", "cdk", "cloudformation", "crossplane", "ansible", "serverless"}

// Managed finds the stack of a resource, by AWS's own tag or because a stack lists it, else a tool that one of its tags names.
// "Automatic tagging", https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
func (g *Graph) Managed(s *snapshot.Snapshot, r *snapshot.Resource) Managed {
	if stack := r.Tags["aws:cloudformation:stack-name"]; stack != "" {
		return Managed{"cloudformation", stack}
	}
	for _, x := range g.To(r.Key) {
		if stack, ok := s.Get(x.From); ok && stack.Type == "AWS::CloudFormation::Stack" {
			return Managed{"cloudformation", cmp.Or(stack.Name, stack.Text("StackName"))}
		}
	}
	for k, value := range r.Tags {
		key := strings.NewReplacer("-", "", "_", "", ":", "", " ", "").Replace(strings.ToLower(k))
		value = strings.ToLower(value)
		for _, tool := range tools {
			names := key == "managedby" || key == "provisionedby" || key == "provisioner" || key == "createdby" || key == "iac"
			if names && strings.Contains(value, tool) || key == tool && value != "false" && value != "no" {
				return Managed{By: tool}
			}
		}
	}
	if r.IsUnknown("Tags") {
		return Managed{By: Untold}
	}
	return Managed{By: Nobody}
}

// Unmanaged tells whether somebody made a resource by hand, as far as one can see. What AWS makes by itself is no one's to manage.
func (m Managed) Unmanaged(r *snapshot.Resource) bool {
	k := string(r.Key)
	if strings.Contains(k, ":iam::aws:") || strings.Contains(k, ":role/aws-service-role/") || strings.Contains(k, ":role/aws-reserved/") {
		return false
	}
	switch r.Type {
	case "AWS::Account", "AWS::IAM::CredentialReport", "AWS::IAM::AccountSummary":
		return false
	}
	return m.By == Nobody || m.By == Untold
}
