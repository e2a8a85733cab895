package access

import (
	"fmt"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

// running lists what runs with each role, as ways in: a host is as strong as its weakest door.
func (t *Table) running(n *network.Reach) map[snapshot.Key][]*Entry {
	out := map[snapshot.Key][]*Entry{}
	for _, i := range t.snap.OfType("AWS::EC2::Instance") {
		role, ok := t.relations.roleOf(i)
		if s := i.Text("State"); !ok || s == "terminated" {
			continue
		}
		e := t.host(i, n.FromInternet(network.Instance(i)))
		switch tokens, st := i.Property("MetadataOptions.HttpTokens"); {
		case st == snapshot.Known && tokens == "optional":
			e.Facts = append(e.Facts, Fact{IMDSv1, snapshot.Known, "its credentials can be fetched without a token (IMDSv1)"})
		case st == snapshot.Unknown:
			e.Facts = append(e.Facts, Fact{IMDSv1, snapshot.Unknown, "whether it asks for a metadata token was not read"})
		}
		out[role] = append(out[role], e)
	}
	for _, f := range t.snap.OfType("AWS::Lambda::Function") {
		if role, ok := t.relations.roleOf(f); ok {
			out[role] = append(out[role], t.function(f))
		}
	}
	used := map[string]bool{}
	for _, s := range t.snap.OfType("AWS::ECS::Service") {
		used[s.Text("TaskDefinition")] = true
		if role, ok := t.relations.roleOf(s); ok {
			out[role] = append(out[role], t.service(s, n))
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
	for _, o := range t.snap.Observations {
		if o.About == k && (o.Kind == KnownExploited || o.Kind == LikelyExploited) {
			e.Facts = append(e.Facts, Fact{o.Kind, snapshot.Known, o.Says})
		}
	}
	return e
}

// function: a URL without sign-in, or a policy that lets anybody invoke, faces the internet
// (AWS Lambda Developer Guide, "Control access to Lambda function URLs": both are needed for a URL).
func (t *Table) function(f *snapshot.Resource) *Entry {
	e := &Entry{Kind: PrivateHost, ID: string(f.Key), Actor: string(f.Key), Says: "the function " + f.Name}
	worst := func(action string) iam.Outcome {
		return t.explain(decide.Query{Principal: decide.Anonymous, Action: action, On: f.Key}).Outcome
	}
	if u, ok := t.snap.Get(f.Key + ":url"); ok && strings.EqualFold(u.Text("AuthType"), "NONE") {
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
		e.Kind, e.Unknown, e.Says = WebHost, false, "the function "+f.Name+", invoked by anyone"
	case iam.Unknown:
		if e.Kind == PrivateHost {
			e.Kind, e.Unknown, e.Says = WebHost, true, "the function "+f.Name+", whose policy could not be read"
		}
	}
	if t.snap.Has("AWS::Lambda::Url", "") == snapshot.Unknown && e.Kind == PrivateHost {
		e.Kind, e.Unknown, e.Says = WebHost, true, "the function "+f.Name+", whose URL was not read"
	}
	return t.observed(e, f.Key)
}

// service: tasks with a public address are hosts; behind a load balancer they face whom it faces.
func (t *Table) service(s *snapshot.Resource, n *network.Reach) *Entry {
	h := network.Host{Public: snapshot.Absent}
	h.Groups, _ = s.Strings("NetworkConfiguration.AwsvpcConfiguration.SecurityGroups")
	subnets, _ := s.Strings("NetworkConfiguration.AwsvpcConfiguration.Subnets")
	if len(subnets) > 0 {
		h.Subnet = subnets[0]
	}
	if strings.EqualFold(s.Text("NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp"), "ENABLED") {
		h.Public = snapshot.Known
	}
	e := t.host(s, n.FromInternet(h))
	if lbs, _ := s.Maps("LoadBalancers"); len(lbs) > 0 && e.Kind == PrivateHost {
		return t.balanced(e, s)
	}
	return e
}

// balanced: an internet-facing load balancer makes its targets internet-facing; one that was not read may be.
func (t *Table) balanced(e *Entry, s *snapshot.Resource) *Entry {
	internal := false
	lbs := t.snap.OfType("AWS::ElasticLoadBalancingV2::LoadBalancer")
	for _, lb := range lbs {
		if lb.Text("Scheme") == "internet-facing" {
			e.Kind, e.Says = WebHost, s.Name+", behind "+lb.Name
			return e
		}
		internal = true
	}
	if !internal {
		e.Kind, e.Unknown, e.Says = WebHost, true, s.Name+", behind a load balancer that was not read"
	}
	return e
}
