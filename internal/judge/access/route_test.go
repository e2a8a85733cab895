package access

import (
	"bytes"
	command "flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/footing-dev/footing/iam"
)

var update = command.Bool("update", false, "write generated files anew")

// entry is a route as it is written: with its example.
type entry struct {
	Route   `yaml:",inline"`
	Example Example `yaml:"example"`
}

// entries reads routes/*.yaml, sorted by id.
func entries(t *testing.T) []entry {
	t.Helper()
	files, err := filepath.Glob("routes/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no routes were found", err)
	}
	var out []entry
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var list []entry
		if err := yaml.UnmarshalWithOptions(src, &list, yaml.Strict()); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b entry) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func allRoutes(t testing.TB) []Route {
	t.Helper()
	routes, err := Routes()
	if err != nil {
		t.Fatal(err)
	}
	return routes
}

// Every route leads somewhere in its own example, does not without any one of its needs, and not where its preconditions fail.
func TestRouteExamples(t *testing.T) {
	routes, list := allRoutes(t), entries(t)
	for i := range list {
		rt := &list[i]
		ex := &rt.Example
		t.Run(rt.ID, func(t *testing.T) {
			t.Parallel()
			table, edges := taken(t, routes, rt, ex.snapshot(t, ex.Allow, nil, nil))
			if len(edges) != 1 {
				t.Fatalf("%d edges, want one", len(edges))
			}
			e := edges[0]
			if want := rt.leadsTo(t, table); e.to != want {
				t.Errorf("leads to %v, want %v", e.to, want)
			}
			want := iam.Allow
			if slices.ContainsFunc(rt.When, func(w string) bool { return strings.HasPrefix(w, "unread ") }) {
				want = iam.Unknown
			}
			if e.outcome != want || e.direct != rt.Direct || e.trace != rt.Trace {
				t.Errorf("outcome %d, direct %v, trace %v; want %d, %v, %v", e.outcome, e.direct, e.trace, want, rt.Direct, rt.Trace)
			}
			for _, n := range rt.Needs {
				if _, edges := taken(t, routes, rt, ex.snapshot(t, without(ex.Allow, n.Action), nil, nil)); len(edges) > 0 {
					t.Errorf("still there without %s", n.Action)
				}
				never := []ExampleGrant{{n.Action, "*"}}
				if _, edges := taken(t, routes, rt, ex.snapshot(t, ex.Allow, never, nil)); len(edges) > 0 {
					t.Errorf("still there where %s is denied", n.Action)
				}
			}
			if len(ex.Not) > 0 {
				table, edges := taken(t, routes, rt, ex.snapshot(t, ex.Allow, nil, ex.Not))
				for _, e := range edges {
					if e.to == rt.leadsTo(t, table) {
						t.Errorf("still there where its preconditions fail: %v", e.to)
					}
				}
			}
			if len(ex.Deny) > 0 {
				if _, edges := taken(t, routes, rt, ex.snapshot(t, ex.Allow, ex.Deny, nil)); len(edges) > 0 {
					t.Error("still there where it is denied")
				}
			}
			if len(rt.When) > 0 && len(ex.Not)+len(ex.Deny) == 0 {
				t.Error("has preconditions, and no example in which they fail")
			}
		})
	}
}

// A precondition that no case knows would be unknown for ever.
func TestRoutesAreWellFormed(t *testing.T) {
	vocabulary := types(t)
	id := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	action := regexp.MustCompile(`^[a-z0-9-]+:[A-Za-z][A-Za-z0-9]+$`)
	key := regexp.MustCompile(`^[a-z0-9-]+:[A-Z][A-Za-z]+$`)
	when := regexp.MustCompile(`^(trusts [a-z0-9.-]+\.amazonaws\.com|federated (saml-provider|oidc-provider|cognito-identity)|unread [a-z]+|customer|bounded|denied|deployed|caller user|shareable|` +
		`(not )?(acls|policy|management)|(not )?property [A-Za-z.]+|(not )?equals [A-Za-z.]+ [A-Za-z0-9]+)$`)
	on := regexp.MustCompile(`^(in:arn:[^ |]+|object||key|role|code|attached|path|any|(arn:aws:[a-z0-9-]+:(\{region\}|\{any\}|):(\{account\}|\{any\}|):).+|\{[A-Za-z]+\}.*)$`)
	seen := map[string]bool{}
	direct := 0
	for _, r := range entries(t) {
		bad := func(format string, args ...any) {
			t.Helper()
			t.Errorf("%s: %s", r.ID, fmt.Sprintf(format, args...))
		}
		if !id.MatchString(r.ID) || seen[r.ID] {
			bad("its id is not kebab-case, or there twice")
		}
		seen[r.ID] = true
		if r.Direct {
			direct++
		}
		if u, err := url.Parse(r.See); err != nil || u.Scheme != "https" || u.Host == "" || u.Path == "" {
			bad("see is no https URL: %q", r.See)
		}
		if !vocabulary[r.On] {
			bad("%s is not in docs/vocabulary.md", r.On)
		}
		switch r.Gives {
		case "READ", "WRITE", "ADMIN":
		case "account":
			if r.Direct {
				bad("the account is no plain use")
			}
		case "acts-as":
			if !slices.Contains([]string{"self", "role", "unbounded"}, r.Becomes) {
				bad("becomes %q", r.Becomes)
			}
		default:
			bad("gives %q", r.Gives)
		}
		if (r.Becomes != "") != (r.Gives == "acts-as") {
			bad("gives %s and becomes %q", r.Gives, r.Becomes)
		}
		if len(r.Needs) == 0 || r.Says == "" {
			bad("needs or says nothing")
		}
		for _, n := range r.Needs {
			if n.Action == "iam:PassRole" && n.With["iam:PassedToService"] == "" {
				bad("passes a role to nobody")
			}
			if !action.MatchString(n.Action) {
				bad("%q is no action", n.Action)
			}
			for k := range n.With {
				if !key.MatchString(k) {
					bad("%q is no condition key", k)
				}
			}
			if !on.MatchString(n.On) {
				bad("on %q", n.On)
			}
		}
		for _, w := range r.When {
			if !when.MatchString(w) {
				bad("when %q", w)
			}
		}
		for _, x := range slices.Concat(r.Example.Resources, r.Example.Not) {
			if x.Type != "" && !vocabulary[x.Type] {
				bad("its example has a %s, which is not in docs/vocabulary.md", x.Type)
			}
		}
	}
	if n := len(seen) - direct; len(seen) < 60 || n < 30 {
		t.Errorf("%d routes, %d of them detours", len(seen), n)
	}
}

// types reads the vocabulary; a row may name several types of one service.
func types(t *testing.T) map[string]bool {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "vocabulary.md"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, m := range regexp.MustCompile("`(AWS::[A-Za-z0-9]+::[A-Za-z0-9]+)`").FindAllSubmatch(src, -1) {
		out[string(m[1])] = true
	}
	for line := range strings.Lines(string(src)) {
		cell, ok := strings.CutPrefix(line, "| AWS::")
		if !ok {
			continue
		}
		cell, _, _ = strings.Cut(cell, "|")
		service := ""
		for name := range strings.SplitSeq(strings.NewReplacer("*ours*", "", " ", "", "AWS::", "").Replace(cell), ",") {
			if s, rest, ok := strings.Cut(name, "::"); ok {
				service, name = s, rest
			}
			if service == "" {
				out["AWS::"+name] = true
			} else {
				out["AWS::"+service+"::"+name] = true
			}
		}
	}
	if len(out) < 20 {
		t.Fatalf("only %d types were found", len(out))
	}
	return out
}

func TestRoutesPage(t *testing.T) {
	page := filepath.Join("..", "..", "..", "docs", "routes.md")
	var routes []Route
	for _, e := range entries(t) {
		routes = append(routes, e.Route)
	}
	want := routesPage(routes)
	if *update {
		if err := os.WriteFile(page, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/routes.md is not what the routes say: go test ./internal/judge/access -run TestRoutesPage -update")
	}
}

func routesPage(routes []Route) []byte {
	var b bytes.Buffer
	detours := 0
	for _, r := range routes {
		if !r.Direct {
			detours++
		}
	}
	fmt.Fprintf(&b, `# Routes

A route says what is needed to take a step or to hold a capability. There are %d; %d are detours: one does something else first, or
becomes somebody else. They are data, in internal/judge/access/routes, each with an example that is tested; this page is generated from them.

READ is to see content that exists; WRITE to change or delete it; ADMIN to change who may. "account" is to administer the whole account,
"acts as" to become another principal. A need is an action on the resource itself, or on what is said behind it; {any} is any name that the
caller may choose, and what begins with {own} or in: a part of the resource, for which its own policy
counts; commas stand between the forms that its ARN may have.
`, len(routes), detours)
	for _, part := range []struct {
		title  string
		direct bool
	}{{"Plain uses", true}, {"Detours", false}} {
		fmt.Fprintf(&b, "\n## %s\n\n| id | on | gives | needs | what one does | source |\n|---|---|---|---|---|---|\n", part.title)
		for _, r := range routes {
			if r.Direct == part.direct {
				fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | [%s](%s) |\n", r.ID, strings.TrimPrefix(r.On, "AWS::"), gives(&r), needs(&r), r.Says, source(r.See), r.See)
			}
		}
	}
	return b.Bytes()
}

func gives(r *Route) string {
	switch {
	case r.Gives != "acts-as":
		return r.Gives
	case r.Becomes == "role":
		return "acts as its role"
	case r.Becomes == "unbounded":
		return "acts as itself, unbounded"
	}
	return "acts as it"
}

func needs(r *Route) string {
	var out []string
	if r.Self {
		out = append(out, "*is or has it*")
	}
	for _, n := range r.Needs {
		s := "`" + n.Action + "`"
		switch n.On {
		case "":
		case "object":
			s += " on some object"
		case "key":
			s += " on its key"
		case "role":
			s += " on its role"
		case "code":
			s += " on what it runs"
		case "attached":
			s += " on a policy that it has"
		case "path":
			s += " on a path above it"
		case "any":
			s += " on `*`"
		default:
			s += " on `" + n.On + "`"
		}
		out = append(out, s)
	}
	for _, w := range r.When {
		out = append(out, "*"+w+"*")
	}
	return strings.Join(out, "; ")
}

func source(see string) string {
	u, err := url.Parse(see)
	if err != nil {
		return see
	}
	if u.Host == "docs.aws.amazon.com" {
		return strings.TrimSuffix(last(u.Path, "/"), ".html")
	}
	return u.Host
}
