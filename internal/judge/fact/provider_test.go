package fact_test

import (
	"testing"

	"github.com/footing-dev/footing/internal/judge/fact"
)

func TestPlatforms(t *testing.T) {
	for host, want := range map[string]struct {
		name   string
		shared bool
	}{
		"token.actions.githubusercontent.com":             {"GitHub", true},
		"token.actions.githubusercontent.com/otterslip":   {"GitHub", true},
		"token.actions.githubusercontent.com.example.net": {"token.actions.githubusercontent.com.example.net", true},
		"gitlab.com":         {"GitLab", true},
		"gitlab.example.net": {"gitlab.example.net", true},
		"api.bitbucket.org/2.0/workspaces/otterslip/pipelines-config/identity/oidc": {"the Bitbucket workspace", false},
		"oidc.circleci.com/org/4ada2c32":                                            {"the CircleCI organisation", false},
		"oidc.circleci.com":                                                         {"oidc.circleci.com", true},
		"oidc.vercel.com/otterslip":                                                 {"the Vercel team", false},
		"oidc.vercel.com":                                                           {"oidc.vercel.com", true},
		"app.terraform.io":                                                          {"HCP Terraform", true},
		"oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF0123456789":                      {"a cluster", false},
	} {
		if p := fact.PlatformOf(host); p.Name != want.name || p.Shared != want.shared {
			t.Errorf("%s: %+v", host, p)
		}
	}
	for subject, want := range map[string]bool{
		"organization:o:project:p:workspace:prod:run_phase:*": true,
		"organization:o:project:*:workspace:prod:run_phase:*": false,
		"organization:o:project:p:workspace:*:run_phase:plan": false,
		"organization:o:project:p:workspace:prod*":            false,
		"organization:o:*": false,
		"":                 false,
	} {
		if got := fact.PlatformOf("app.terraform.io").Names(subject); got != want {
			t.Errorf("%s names a workspace: %v", subject, got)
		}
	}
	if fact.PlatformOf("gitlab.com").Names("organization:o:project:p:workspace:prod:run_phase:*") {
		t.Error("only HCP Terraform has workspaces")
	}
}
