package access

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

const (
	exampleAccount = "111122223333"
	alice          = "arn:aws:iam::111122223333:user/alice"
)

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
	Key        string            `yaml:"key"`
	Type       string            `yaml:"type"`
	Properties map[string]any    `yaml:"properties"`
	Policy     map[string]any    `yaml:"policy"`
	Tags       map[string]string `yaml:"tags"`
}

// ExampleGrant is a statement of the caller's policy.
type ExampleGrant struct {
	Action   string `yaml:"action"`
	Resource string `yaml:"resource"`
}

// caller is who takes the route of an example.
func (e *Example) caller() string {
	if e.Caller != "" {
		return e.Caller
	}
	return alice
}

// snapshot builds the account of an example: its resources, and a caller with one inline policy of the statements.
func (e *Example) snapshot(t *testing.T, allow, deny []ExampleGrant, over []ExampleResource) *snapshot.Snapshot {
	t.Helper()
	s := &snapshot.Snapshot{Account: exampleAccount, Partition: "aws", Taken: time.Date(2026, 11, 23, 9, 14, 0, 0, time.UTC)}
	list := slices.Clone(e.Resources)
	if !slices.ContainsFunc(list, func(r ExampleResource) bool { return r.Key == e.caller() }) {
		list = append(list, ExampleResource{Key: alice, Type: "AWS::IAM::User", Properties: map[string]any{"UserName": "alice"}})
	}
	seen := []string{"AWS::Organizations::Organization", "AWS::Organizations::Policy", "AWS::S3::AccountPublicAccessBlock", "AWS::IAM::User",
		"AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::Lambda::Url"}
	for _, r := range list {
		r.Properties = maps.Clone(r.Properties)
		if r.Properties == nil {
			r.Properties = map[string]any{}
		}
		for _, o := range over {
			if o.Key == r.Key {
				maps.Copy(r.Properties, o.Properties)
				if o.Policy != nil {
					r.Policy = o.Policy
				}
				if o.Tags != nil {
					r.Tags = o.Tags
				}
			}
		}
		if r.Key == e.caller() {
			r.Properties["Policies"] = []any{map[string]any{"PolicyName": "example", "PolicyDocument": document(allow, deny)}}
		}
		s.Resources = append(s.Resources, r.resource(t))
		seen = append(seen, r.Type)
	}
	s.Coverage = []snapshot.Coverage{{Service: "example", Call: "example:List", Types: seen, Outcome: snapshot.OK}}
	s.Seal()
	return s
}

func (r *ExampleResource) resource(t *testing.T) snapshot.Resource {
	t.Helper()
	out := snapshot.Resource{Key: snapshot.Key(r.Key), Type: r.Type, Account: exampleAccount, Name: last(last(r.Key, ":"), "/"), Properties: r.Properties, Tags: r.Tags}
	if f := strings.Split(r.Key, ":"); len(f) > 3 {
		out.Region = f[3]
	}
	if r.Policy != nil {
		b, err := json.Marshal(r.Policy)
		if err != nil {
			t.Fatal(err)
		}
		out.Policy = b
	}
	return out
}

func document(allow, deny []ExampleGrant) map[string]any {
	statements := []any{map[string]any{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}} // a policy is never empty
	add := func(effect string, list []ExampleGrant) {
		for _, g := range list {
			statements = append(statements, map[string]any{"Effect": effect, "Action": g.Action, "Resource": g.Resource})
		}
	}
	add("Allow", allow)
	add("Deny", deny)
	return map[string]any{"Version": "2012-10-17", "Statement": statements}
}

// taken compiles the account with all routes and lists the edges of one route that the caller has.
func taken(t *testing.T, routes []Route, rt *entry, s *snapshot.Snapshot) (*Table, []*edge) {
	t.Helper()
	table := Compile(s, decide.Compile(s), network.Compile(s), routes, Options{})
	on := table.ofType(rt.On)
	if len(on) == 0 {
		return table, nil
	}
	caller := table.engine.Actor(rt.Example.caller())
	var out []*edge
	for _, tk := range table.takings(on, nil, func(o *Route) bool { return o.ID == rt.ID }) {
		if tk.by[caller] == nil {
			continue
		}
		tk.by[caller].each(func(col int) {
			s := step{&rt.Route, on[col], caller, tk.by[caller].at(col)}
			e := table.holding(s)
			if !holds(&rt.Route) {
				to, ok := table.leads(s)
				if !ok {
					return
				}
				e = table.edge(s, to)
			}
			if table.left(e) {
				out = append(out, e)
			}
		})
	}
	return table, out
}

// without leaves out the statements about one action.
func without(list []ExampleGrant, action string) []ExampleGrant {
	return slices.DeleteFunc(slices.Clone(list), func(g ExampleGrant) bool { return strings.EqualFold(g.Action, action) })
}

// leadsTo is where the route of an example ends.
func (e *entry) leadsTo(t *testing.T, table *Table) node {
	t.Helper()
	key := e.Example.Target
	if key == "" && len(e.Example.Resources) > 0 {
		key = e.Example.Resources[0].Key
	}
	if e.On == "AWS::Account" {
		return node{string(table.Account), Admin}
	}
	r, ok := table.snap.Get(snapshot.Key(key))
	if !ok {
		t.Fatalf("the example has no %s", key)
	}
	if e.Becomes == "unbounded" {
		who := e.Example.caller()
		if !e.Self {
			who = key
		}
		at := node{who + "\x00unbound", Admin}
		held := node{"arn:aws:sqs:eu-west-1:111122223333:orders", Read} // what its boundary held back
		if !slices.ContainsFunc(table.edgesInto(held), func(x *edge) bool { return x.from == at }) {
			t.Errorf("%v is not gained", held)
		}
		return at
	}
	to, ok := table.target(&e.Route, r)
	if !ok {
		t.Fatalf("the example leads nowhere")
	}
	return to
}
