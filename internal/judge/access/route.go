package access

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Route says what is needed to take a step or to hold a capability. Routes are data: routes/*.yaml, one file a service.
type Route struct {
	ID     string `yaml:"id"`
	On     string `yaml:"on"`     // the type of resource it is about
	Gives  string `yaml:"gives"`  // READ | WRITE | ADMIN of it | acts-as (becomes the principal named in Becomes) | account (ADMIN of the whole account)
	Direct bool   `yaml:"direct"` // the plain use of the capability, not a detour
	Trace  bool   `yaml:"trace"`  // changes or launches something first
	// Self: the caller must be that resource, or (for a group or managed policy) have it.
	Self bool `yaml:"self"`
	// Becomes: which principal the caller acts as: "self" (a user, role or group), "role" (the role that the resource holds) or
	// "unbounded" (the caller without its permissions boundary).
	Becomes string   `yaml:"becomes"`
	Needs   []Need   `yaml:"needs"` // all of them
	When    []string `yaml:"when"`  // preconditions on the resource, see holds in hold.go
	Says    string   `yaml:"says"`  // what one does, in a few words: "updates its code"
	See     string   `yaml:"see"`   // where AWS documents it, or who described the escalation
	Example Example  `yaml:"example"`
}

// Need is one permission.
type Need struct {
	Action string `yaml:"action"`
	// On: "" the resource itself, "object" some object of it, "key" its KMS key (no need when it has none of the customer's),
	// "role" the role it holds, "attached" some customer managed policy that it has, "path" some path above a parameter, "any" an
	// action without resource, or an ARN in which {region}, {account}, {arn}, {name} and {Property} are filled in, and {any} is
	// whatever name the caller's policies allow: the caller chooses it.
	On   string            `yaml:"on"`
	With map[string]string `yaml:"with"` // context keys that the step fixes; "" when the request has no such key
}

// Example is an account in which the route leads somewhere. Without any one of its needs it does not, and neither with Not laid over it.
type Example struct {
	Caller    string            `yaml:"caller"` // a user or role of Resources; default: arn:aws:iam::111122223333:user/alice
	Resources []ExampleResource `yaml:"resources"`
	Allow     []ExampleGrant    `yaml:"allow"`
	Target    string            `yaml:"target"` // key of the resource that the route is about; default: the first
	Not       []ExampleResource `yaml:"not"`    // the same keys with other properties: the route must be gone; or
	Deny      []ExampleGrant    `yaml:"deny"`   // statements that close it
}

// ExampleResource is a resource of an example.
type ExampleResource struct {
	Key        string         `yaml:"key"`
	Type       string         `yaml:"type"`
	Properties map[string]any `yaml:"properties"`
	Policy     map[string]any `yaml:"policy"`
}

// ExampleGrant is a statement of the caller's policy.
type ExampleGrant struct {
	Action   string `yaml:"action"`
	Resource string `yaml:"resource"`
}

//go:embed routes/*.yaml
var routeFiles embed.FS

// Routes reads the table of routes, sorted by id. It fails only when the program itself is broken.
func Routes() ([]Route, error) {
	entries, err := routeFiles.ReadDir("routes")
	if err != nil {
		return nil, err
	}
	var out []Route
	for _, e := range entries {
		src, err := routeFiles.ReadFile("routes/" + e.Name())
		if err != nil {
			return nil, err
		}
		var rs []Route
		if err := yaml.UnmarshalWithOptions(src, &rs, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("routes/%s: %w", e.Name(), err)
		}
		out = append(out, rs...)
	}
	slices.SortFunc(out, func(a, b Route) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

func (rt *Route) capability() Capability {
	switch rt.Gives {
	case "READ":
		return Read
	case "WRITE":
		return Write
	case "ADMIN":
		return Admin
	}
	return None
}
