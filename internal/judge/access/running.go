package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

// running lists what runs with each role, as ways in: a host is as strong as its weakest door.
func (t *Table) running(n *network.Reach) map[snapshot.Key][]*Entry {
	out, f := map[snapshot.Key][]*Entry{}, t.frontage(n)
	t.front = f
	for _, i := range t.snap.OfType("AWS::EC2::Instance") {
		if i.Text("State") == "terminated" {
			continue
		}
		role, ok := t.relations.roleOf(i)
		if !ok {
			t.loose["ec2.amazonaws.com"] = t.loose["ec2.amazonaws.com"] || !t.relations.knowsProfile(i)
			continue
		}
		out[role] = append(out[role], f.instances(i)...)
	}
	for _, x := range t.snap.OfType("AWS::Lambda::Function") {
		if role, ok := t.relations.roleOf(x); ok {
			out[role] = append(out[role], f.function(x))
		} else if x.IsUnknown("Role") {
			t.loose["lambda.amazonaws.com"] = true
		}
	}
	used := map[string]bool{}
	for _, s := range t.snap.OfType("AWS::ECS::Service") {
		used[s.Text("TaskDefinition")] = true
		if _, ok := t.snap.Get(snapshot.Key(s.Text("TaskDefinition"))); !ok {
			t.loose["ecs-tasks.amazonaws.com"] = true
		}
		if role, ok := t.relations.roleOf(s); ok {
			out[role] = append(out[role], f.service(s)...)
		}
	}
	for _, td := range t.snap.OfType("AWS::ECS::TaskDefinition") {
		if role, ok := t.relations.roleOf(td); ok && !used[string(td.Key)] {
			e := &Entry{Kind: PrivateHost, ID: string(td.Key), Actor: string(td.Key), Says: td.Name + ", when a task runs"}
			out[role] = append(out[role], t.observed(e, td.Key))
		}
	}
	return out
}

// instances lists the kinds of way into an instance: several, when one of its interfaces is open and another was not read.
func (f *frontage) instances(i *snapshot.Resource) []*Entry {
	var out []*Entry
	var subnets, groups []string
	for _, h := range f.net.Hosts(i) {
		e := f.Table.host(i, f.net.FromInternet(h))
		subnets, groups = append(subnets, h.Subnet), append(groups, h.Groups...)
		if !slices.ContainsFunc(out, func(o *Entry) bool { return o.Kind == e.Kind && o.Unknown == e.Unknown }) {
			out = append(out, e)
		}
	}
	out = f.fronted(out, i, subnets, groups, string(i.Key))
	for _, e := range out {
		switch tokens, st := i.Property("MetadataOptions.HttpTokens"); {
		case st == snapshot.Known && tokens == "optional":
			e.Facts = append(e.Facts, Fact{IMDSv1, snapshot.Known, "its credentials can be fetched without a token (IMDSv1)"})
		case st == snapshot.Unknown:
			e.Facts = append(e.Facts, Fact{IMDSv1, snapshot.Unknown, "whether it asks for a metadata token was not read"})
		}
	}
	return out
}

// fronted adds what the internet reaches something through. A way that is not reached from the internet says nothing beside one that is.
func (f *frontage) fronted(own []*Entry, r *snapshot.Resource, subnets, groups []string, at ...string) []*Entry {
	open := slices.DeleteFunc(slices.Clone(own), func(e *Entry) bool { return e.Kind == PrivateHost })
	if slices.ContainsFunc(open, func(e *Entry) bool { return !e.Unknown }) {
		return open
	}
	web := func(says string, unknown bool) *Entry {
		return f.observed(&Entry{Kind: WebHost, ID: string(r.Key), Actor: string(r.Key), Says: r.Name + ", " + says, Unknown: unknown}, r.Key)
	}
	var may *Entry
	for _, id := range at {
		if x, ok := f.reached(id); ok && !x.unknown {
			return append(open, web(x.says, false))
		} else if ok && may == nil {
			may = web(x.says, true)
		}
	}
	if may == nil && len(open) == 0 {
		if says := f.maybe(subnets, groups); says != "" {
			may = web(says, true)
		}
	}
	switch {
	case may != nil:
		return append(open, may)
	case len(open) > 0:
		return open
	}
	return own
}

// host classifies something with a network address by what the internet reaches.
func (t *Table) host(r *snapshot.Resource, w network.Way) *Entry {
	e := &Entry{ID: string(r.Key), Actor: string(r.Key)}
	port := w.Admin()
	switch {
	case w.State == snapshot.Unknown && len(w.Ports) == 0:
		e.Kind, e.Unknown, e.Says = ExposedHost, true, r.Name+": "+w.Says
	case port != 0:
		e.Kind, e.Says = ExposedHost, fmt.Sprintf("%s, port %d open", r.Name, port)
	case len(w.Ports) > 0:
		e.Kind, e.Says = WebHost, fmt.Sprintf("%s, reached from the internet on port %d", r.Name, w.Ports[0].From)
	default:
		e.Kind, e.Says = PrivateHost, r.Name+", not reached from the internet"
	}
	e.Unknown = e.Unknown || w.State == snapshot.Unknown
	return t.observed(e, r.Key)
}

// observed adds what others said: these facts only raise, and only when matched.
func (t *Table) observed(e *Entry, k snapshot.Key) *Entry {
	for _, o := range t.snap.Observed(k) {
		if o.Kind == KnownExploited || o.Kind == LikelyExploited {
			e.Facts = append(e.Facts, Fact{o.Kind, snapshot.Known, o.Says})
		}
	}
	return e
}

// function: a URL without sign-in, or a policy that lets anybody invoke, faces the internet
// (AWS Lambda Developer Guide, "Control access to Lambda function URLs": both are needed for a URL).
func (f *frontage) function(fn *snapshot.Resource) *Entry {
	e := &Entry{Kind: PrivateHost, ID: string(fn.Key), Actor: string(fn.Key), Says: "the function " + fn.Name}
	worst := func(action string) iam.Outcome {
		return f.explain(decide.Query{Principal: decide.Anonymous, Action: action, On: fn.Key}).Outcome
	}
	if u, ok := f.snap.Get(fn.Key + ":url"); ok && strings.EqualFold(u.Text("AuthType"), "NONE") {
		switch worst("lambda:InvokeFunctionUrl") {
		case iam.Deny:
		case iam.Unknown:
			e.Kind, e.Unknown, e.Says = WebHost, true, e.Says+", whose URL may be open"
		default:
			e.Kind, e.Says = WebHost, e.Says+", open by its URL"
		}
	}
	switch worst("lambda:InvokeFunction") {
	case iam.Allow, iam.Conditional:
		e.Kind, e.Unknown, e.Says = WebHost, false, "the function "+fn.Name+", invoked by anyone"
	case iam.Unknown:
		if e.Kind == PrivateHost {
			e.Kind, e.Unknown, e.Says = WebHost, true, "the function "+fn.Name+", whose policy could not be read"
		}
	}
	f.invoked(e, fn)
	if f.unread("AWS::Lambda::Url") && e.Kind == PrivateHost {
		e.Kind, e.Unknown, e.Says = WebHost, true, "the function "+fn.Name+", whose URL was not read"
	}
	return f.observed(e, fn.Key)
}

// service: tasks with a public address are hosts; behind a load balancer they face whom it faces. Tasks that share the network of
// the machine that they run on are reached as that machine is, and which one it is is not read.
func (f *frontage) service(s *snapshot.Resource) []*Entry {
	const vpc = "NetworkConfiguration.AwsvpcConfiguration"
	h := network.Host{Public: snapshot.Absent}
	h.Groups, _ = s.Strings(vpc + ".SecurityGroups")
	switch _, state := s.Property(vpc); {
	case s.IsUnknown(vpc + ".AssignPublicIp"):
		h.Public = snapshot.Unknown
	case state == snapshot.Absent && strings.EqualFold(s.Text("LaunchType"), "EC2"):
		h.Public = snapshot.Unknown
	case strings.EqualFold(s.Text(vpc+".AssignPublicIp"), "ENABLED"):
		h.Public = snapshot.Known
	}
	subnets, _ := s.Strings(vpc + ".Subnets")
	way := f.net.FromInternet(h)
	for i, subnet := range subnets { // tasks land in any of them
		h.Subnet = subnet
		if w := f.net.FromInternet(h); i == 0 || wider(w, way) {
			way = w
		}
	}
	lbs, state := s.Maps("LoadBalancers")
	var at []string
	for _, lb := range lbs {
		if ref, _ := lb["TargetGroupArn"].(string); ref != "" {
			at = append(at, ref)
		}
		if name, _ := lb["LoadBalancerName"].(string); name != "" {
			if c := f.find(classic, name, "LoadBalancerName"); c != nil {
				at = append(at, string(c.Key))
			}
		}
	}
	registries, _ := s.Maps("ServiceRegistries")
	for _, r := range registries {
		ref, _ := r["RegistryArn"].(string)
		at = append(at, ref)
	}
	out := f.fronted([]*Entry{f.Table.host(s, way)}, s, subnets, h.Groups, at...)
	if len(out) == 1 && out[0].Kind == PrivateHost && (len(lbs) > 0 || state == snapshot.Unknown) {
		f.balanced(out[0], s, lbs, state)
	}
	return out
}

// wider tells whether a way in is more than another: an open administration port, then any port, then what was not read.
func wider(a, b network.Way) bool {
	rank := func(w network.Way) int {
		switch {
		case w.Admin() != 0:
			return 4
		case w.State == snapshot.Unknown && len(w.Ports) == 0:
			return 3
		case len(w.Ports) > 0:
			return 2
		}
		return 0
	}
	return rank(a) > rank(b)
}

// balanced: a service that stands behind a load balancer faces whom that one faces; where not all of it was read, perhaps everybody.
func (f *frontage) balanced(e *Entry, s *snapshot.Resource, lbs []map[string]any, state snapshot.State) {
	unread := state == snapshot.Unknown
	for _, lb := range lbs {
		group, _ := lb["TargetGroupArn"].(string)
		name, _ := lb["LoadBalancerName"].(string)
		switch {
		case name != "" && group == "":
			unread = unread || f.unread(classic) || f.find(classic, name, "LoadBalancerName") == nil
		case group == "" || f.gaps["elasticloadbalancing.amazonaws.com"] != "" || f.find(targetGroup, group, "TargetGroupArn") == nil:
			unread = true
		}
	}
	if unread {
		e.Kind, e.Unknown, e.Says = WebHost, true, s.Name+", behind a load balancer that was not read"
	}
}

// unread tells whether some resources of a type may not have been seen: in no Region, or not in all.
func (t *Table) unread(typ string) bool {
	return t.snap.Has(typ, "") == snapshot.Unknown || slices.ContainsFunc(t.snap.Coverage, func(c snapshot.Coverage) bool {
		return c.Gap() && slices.Contains(c.Types, typ)
	})
}
