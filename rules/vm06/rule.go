// Package vm06 wants no secrets where machines and functions keep their settings.
package vm06

import (
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is VM-06.
var Rule = check.Rule{
	ID:    "VM-06",
	Title: "No secrets stand in variables, plain parameters or user data",
	Why: "Variables, plain parameters and user data are settings: everybody who may look at a function, a task or a machine reads them, and they end up in logs and backups. " +
		"A key that never changes is there for whoever looked once.",
	Fix: "Give the machine or function a role instead of a key. What is left goes into Secrets Manager (aws secretsmanager create-secret) or a SecureString parameter, and the " +
		"variable names it. Then change the secret: it has been read.",
	Read: 5, Write: 5, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC02-BP03", "wa:SEC03-BP01", "ssb:WKLD.01", "ssb:WKLD.03", "ssb:WKLD.04", "cis-3.0:1.18", "cis-4.0.1:1.18", "cis-5.0:1.17"},
	Sources: []string{
		"https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
		"https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-securestring.html",
		"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html",
	},
	Needs: holders(),
	Days:  365,

	Judge:    judge,
	Examples: examples,
}

// holders are the types that keep settings.
func holders() []string {
	return []string{"AWS::Lambda::Function", "AWS::ECS::TaskDefinition", "AWS::CodeBuild::Project", "AWS::SSM::Parameter", "AWS::EC2::Instance", "AWS::Batch::JobDefinition", "AWS::AppRunner::Service",
		"AWS::Amplify::App", "AWS::Glue::Job", "AWS::SageMaker::Model", "AWS::Lightsail::Container", "AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage"}
}

// What a scan took for a secret stands with the resource, by name and never with its value. A parameter is told by its name. User data is not read: it may hold
// anything, and one call a machine would be needed.
func judge(c check.Case) []check.Result {
	var out []check.Result
	for i := range c.Snapshot.Resources {
		r := &c.Snapshot.Resources[i]
		var names []string
		looking(r.Properties, func(name string) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		})
		plain := r.Type == "AWS::SSM::Parameter" && strings.HasPrefix(r.Text("Type"), "String") && secret(r.Text("Name"))
		switch {
		case len(names) > 0:
			slices.Sort(names)
			out = append(out, check.Result{Target: r.Key, Outcome: check.Fail, Says: fmt.Sprintf("%s has what looks like a secret in plain text: %s", fact.Name(c, r.Key), check.Few(names))})
		case plain:
			out = append(out, check.Result{Target: r.Key, Outcome: check.Fail, Says: fmt.Sprintf("the parameter %s is by its name a secret, and is kept as plain text", r.Text("Name"))})
		case slices.ContainsFunc(r.Unknown, func(u string) bool { return hides(r.Type, u) }):
			out = append(out, check.Result{Target: r.Key, Says: fmt.Sprintf("the variables of %s were not read in full", fact.Name(c, r.Key))})
		case r.Type == "AWS::SSM::Parameter" && (r.IsUnknown("Type") && secret(r.Text("Name")) || r.IsUnknown("Name") && strings.HasPrefix(r.Text("Type"), "String")):
			out = append(out, check.Result{Target: r.Key, Says: fmt.Sprintf("whether the parameter %s keeps a secret as plain text was not read", fact.Name(c, r.Key))})
		}
	}
	out = append(out, c.Blind(holders()...)...)
	n := 0
	fleets, unread := fact.Fleets(c)
	out = append(out, unread...)
	for _, f := range fleets {
		n += len(f.Machines)
	}
	switch {
	case n > 0:
		return append(out, check.Result{Target: c.Account(), Outcome: check.Manual, Says: fmt.Sprintf("no scan reads user data: somebody has to look at that of the running machines, %d, and of their launch templates", n)})
	case len(out) > 0:
		return out
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "no variable and no plain parameter looks like a secret, and no machine is running"}}
}

// within are the properties in which variables stand, where they are none of the resource itself.
var within = map[string][]string{
	"AWS::ECS::TaskDefinition":  {"ContainerDefinitions"},
	"AWS::CodeBuild::Project":   {"Environment"},
	"AWS::Batch::JobDefinition": {"ContainerProperties", "NodeProperties", "EcsProperties", "EksProperties"},
	"AWS::AppRunner::Service":   {"SourceConfiguration"},
	"AWS::SageMaker::Model":     {"PrimaryContainer", "Containers"},
	"AWS::Lightsail::Container": {"ContainerServiceDeployment"},
}

// hides tells that what was not read of a resource may be a secret.
func hides(typ, unread string) bool {
	last := unread[strings.LastIndexByte(unread, '.')+1:]
	return last == "SecretLooking" || slices.Contains(holders(), typ) && (unread == snapshot.Properties || slices.ContainsFunc(within[typ], func(p string) bool {
		return unread == p || strings.HasPrefix(unread, p+".")
	}))
}

// looking calls tell with the name of each value that a scan took for a secret, at any depth.
func looking(v any, tell func(string)) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			looking(x, tell)
		}
	case map[string]any:
		if list, ok := v["SecretLooking"].([]any); ok {
			for _, x := range list {
				if m, ok := x.(map[string]any); ok {
					tell(fmt.Sprint(m["Name"]))
				}
			}
		}
		for k, x := range v {
			if k != "SecretLooking" {
				looking(x, tell)
			}
		}
	}
}

var (
	word = regexp.MustCompile(`(?i)(^|[^a-z])(pass(word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|auth[_-]?key|credentials?)([^a-z]|$)`)
	// What follows such a word and makes it the name of something else: where the secret is, or how long it lives.
	other = regexp.MustCompile(`(?i)[_-](arn|name|id|path|file|url|uri|endpoint|host|ttl|expiry|expires|expiration|length|size|type|algorithm|version|region|enabled|policy|rotation)$`)
	hump  = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// secret tells whether a parameter is by its name a secret: by its last part, since "/secrets/region" only lies beside some.
func secret(name string) bool {
	last := name[strings.LastIndexByte(name, '/')+1:]
	last = hump.ReplaceAllString(last, "${1}_${2}")
	return word.MatchString(last) && !other.MatchString(last)
}
