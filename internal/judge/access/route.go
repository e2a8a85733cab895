package access

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Route says what is needed to take a step or to hold a capability. Routes are data: routes/*.yaml, one file a service, each with an
// example. What a run needs of them is routes.tsv, which is generated from them: reading YAML would cost every command tens of
// milliseconds.
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
	When    []string `yaml:"when"`  // preconditions on the resource, see holds
	Says    string   `yaml:"says"`  // what one does, in a few words: "updates its code"
	See     string   `yaml:"see"`   // where AWS documents it, or who described the escalation
}

// Need is one permission.
type Need struct {
	Action string `yaml:"action"`
	// On: "" the resource itself, "object" some object of it, "key" its KMS key (no need when it has none of the customer's),
	// "role" the role it holds, "code" the image, script or source that it runs, "attached" some customer managed policy that it
	// has, "path" some path above a parameter, "any" an action without resource, or an ARN in which {region}, {account}, {arn},
	// {name} and {Property} are filled in, and {any} is whatever name the caller's policies allow: the caller chooses it. One that
	// begins with {own} is a part of the resource itself, on which the resource's own policy has its say; so is one that begins with
	// "in:", whose ARN is of another kind, or of one of several that have commas between.
	On   string            `yaml:"on"`
	With map[string]string `yaml:"with"` // context keys that the step fixes; "" when the request has no such key
}

//go:embed routes.tsv
var routeTable string

// Routes is the table of routes, sorted by id. It fails only when the program itself is broken.
func Routes() ([]Route, error) {
	list, err := readRoutes()
	return slices.Clone(list), err
}

var readRoutes = sync.OnceValues(func() ([]Route, error) { return parseRoutes(routeTable) })

// parseRoutes reads one route a line: id, type, what it gives, what the caller becomes, flags (d direct, t trace, s self), needs, preconditions,
// what one does, source. Tabs are between columns; a need is ACTION@ON?KEY=VALUE&KEY=VALUE, and "; " is between preconditions.
func parseRoutes(table string) ([]Route, error) {
	out := make([]Route, 0, strings.Count(table, "\n"))
	for line := range strings.Lines(table) {
		var f [9]string
		rest, n := strings.TrimSuffix(line, "\n"), 0
		for more := true; more && n < len(f); n++ {
			f[n], rest, more = strings.Cut(rest, "\t")
		}
		if n < len(f) || rest != "" || f[0] == "" {
			return nil, fmt.Errorf("routes.tsv: %q is no route", line)
		}
		r := Route{
			ID: f[0], On: f[1], Gives: f[2], Becomes: f[3], Says: f[7], See: f[8],
			Direct: strings.Contains(f[4], "d"), Trace: strings.Contains(f[4], "t"), Self: strings.Contains(f[4], "s"),
			Needs: make([]Need, 0, strings.Count(f[5], " ")+1),
		}
		for need := range strings.SplitSeq(f[5], " ") {
			r.Needs = append(r.Needs, parseNeed(need))
		}
		if f[6] != "" {
			r.When = strings.Split(f[6], "; ")
		}
		out = append(out, r)
	}
	return out, nil
}

func parseNeed(s string) Need {
	s, with, _ := strings.Cut(s, "?")
	var n Need
	n.Action, n.On, _ = strings.Cut(s, "@")
	if with != "" {
		n.With = map[string]string{}
		for pair := range strings.SplitSeq(with, "&") {
			k, v, _ := strings.Cut(pair, "=")
			n.With[k] = v
		}
	}
	return n
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
