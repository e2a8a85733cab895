package fact

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Door is a way into a role from outside: who may take it, as the path table has it.
type Door struct {
	*access.Entry
	Seen   bool // it is there on what was read
	Guards access.Guard
}

// Doors lists the ways into a role itself, not over another principal, by kind and id.
func Doors(c check.Case, role snapshot.Key) []Door {
	var out []Door
	if c.Access == nil {
		return nil
	}
	c.Access.Arriving(role, access.None, func(e *access.Entry, how access.How) {
		if e == nil || how.Hops > 1 || how.Hops > 0 && !stranger(c, how.Principal) || how.Hops == 0 && how.Principal != string(role) {
			return
		}
		at := slices.IndexFunc(out, func(d Door) bool { return d.Kind == e.Kind && d.ID == e.ID })
		if at < 0 {
			out = append(out, Door{e, how.Seen, how.Guards})
		} else { // of several ways the widest counts
			out[at].Seen, out[at].Guards = out[at].Seen || how.Seen, out[at].Guards&how.Guards
		}
	})
	slices.SortFunc(out, func(a, b Door) int { return strings.Compare(a.Kind+"\x00"+a.ID, b.Kind+"\x00"+b.ID) })
	return out
}

// stranger tells whether a principal is of another account: it takes a step to become the role, and none before.
func stranger(c check.Case, principal string) bool {
	a, ok := iam.SplitARN(principal)
	return ok && a.Account != "" && a.Account != c.Snapshot.Account
}

// Platform is who gives the tokens of an OIDC provider.
type Platform struct {
	Name   string
	Shared bool   // the issuer serves many customers, so that nothing but the subject tells them apart
	Like   string // a subject that names one thing; "" where nobody knows how they are written
}

// Names tells whether a subject names one thing, whatever its wildcards stand for. The path table knows that of repositories; of HCP Terraform a
// workspace is one, in each phase of its runs.
func (p Platform) Names(subject string) bool {
	fixed, _, _ := strings.Cut(strings.ReplaceAll(subject, "?", "*"), "*")
	_, workspace, ok := strings.Cut(fixed, ":workspace:")
	return p.Name == terraform && ok && strings.Index(workspace, ":") > 0
}

const terraform = "HCP Terraform"

// PlatformOf tells platforms by the address of their issuer. Of an issuer that nobody knows it is not known whom it serves: it counts as shared.
//
//   - https://docs.github.com/en/actions/reference/security/oidc
//   - https://docs.gitlab.com/ci/cloud_services/aws/
//   - https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/
//   - https://circleci.com/docs/openid-connect-tokens/
//   - https://vercel.com/docs/oidc/aws
//   - https://developer.hashicorp.com/terraform/cloud-docs/dynamic-provider-credentials/aws-configuration
//   - https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
func PlatformOf(host string) Platform {
	host = strings.TrimSuffix(strings.TrimPrefix(host, "https://"), "/")
	switch {
	case host == "token.actions.githubusercontent.com", strings.HasPrefix(host, "token.actions.githubusercontent.com/"):
		return Platform{"GitHub", true, "repo:ORG/REPO:environment:NAME"}
	case host == "gitlab.com":
		return Platform{"GitLab", true, "project_path:GROUP/PROJECT:ref_type:branch:ref:main"}
	case strings.HasPrefix(host, "api.bitbucket.org/2.0/workspaces/"):
		return Platform{"the Bitbucket workspace", false, "{REPOSITORY-UUID}:{ENVIRONMENT-UUID}:*"}
	case strings.HasPrefix(host, "oidc.circleci.com/org/"):
		return Platform{"the CircleCI organisation", false, "org/ORG-ID/project/PROJECT-ID/user/*"}
	case strings.HasPrefix(host, "oidc.vercel.com/"):
		return Platform{"the Vercel team", false, "owner:TEAM:project:PROJECT:environment:production"}
	case host == "app.terraform.io":
		return Platform{terraform, true, "organization:ORG:project:PROJECT:workspace:NAME:run_phase:apply"}
	case strings.HasPrefix(host, "oidc.eks.") || strings.HasPrefix(host, "oidc-eks."):
		return Platform{"a cluster", false, "system:serviceaccount:NAMESPACE:NAME"}
	case host == "cognito-identity.amazonaws.com":
		return Platform{"Cognito", true, ""}
	}
	return Platform{Name: host, Shared: true}
}

// Host is the issuer of an OIDC provider, without its scheme: "token.actions.githubusercontent.com".
func Host(provider string) string {
	if _, h, ok := strings.Cut(provider, ":oidc-provider/"); ok {
		return h
	}
	return provider
}
