package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Types that stand before compute.
const (
	balancer    = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	classic     = "AWS::ElasticLoadBalancing::LoadBalancer"
	listener    = "AWS::ElasticLoadBalancingV2::Listener"
	rule        = "AWS::ElasticLoadBalancingV2::ListenerRule"
	targetGroup = "AWS::ElasticLoadBalancingV2::TargetGroup"
)

// front is one way from the internet to what stands behind something that faces it.
type front struct {
	says    string // "behind the load balancer shop on port 443"
	by      string // the service that invokes a function; "" when it needs no permission of the function
	unknown bool
}

// frontage tells what faces the internet on behalf of what. What narrows a way (conditions of listener rules, sign-in at a load
// balancer, signed addresses, web ACLs) is not looked at.
type frontage struct {
	*Table
	net    *network.Reach
	things map[string][]*snapshot.Resource // by type
	behind map[string][]front              // by key of an instance, function, target group or classic load balancer, ARN of a registry
	doors  map[snapshot.Key][]Door         // by instance
	loose  []loose
	gaps   map[string]string // by service that invokes functions: what of it was not read
	done   map[string]bool
	memo   map[string]bool                            // types that were not read
	named  map[string]map[string]*snapshot.Resource   // by type: resources by all that a reference may say
	parts  map[string]map[string][]*snapshot.Resource // by type and property: resources by what they belong to
}

// loose is a load balancer that may face the internet, and behind which more may stand than was read.
type loose struct{ name, vpc, why string }

func (t *Table) frontage(n *network.Reach) *frontage {
	f := &frontage{Table: t, net: n, things: map[string][]*snapshot.Resource{}, behind: map[string][]front{}, doors: map[snapshot.Key][]Door{}, gaps: map[string]string{}, done: map[string]bool{},
		memo: map[string]bool{}, named: map[string]map[string]*snapshot.Resource{}, parts: map[string]map[string][]*snapshot.Resource{}}
	for i := range t.snap.Resources {
		r := &t.snap.Resources[i]
		f.things[r.Type] = append(f.things[r.Type], r)
	}
	f.gap("elasticloadbalancing.amazonaws.com", balancer, listener, rule, targetGroup)
	f.gap("apigateway.amazonaws.com", restAPI, method, restStage, httpAPI, httpIntegration, httpRoute, httpStage)
	f.gap("cloudfront.amazonaws.com", distribution)
	f.balancers()
	f.apis()
	f.edges()
	return f
}

// gap keeps which of some types was not read.
func (f *frontage) gap(service string, types ...string) {
	for _, typ := range types {
		if f.gaps[service] == "" && f.unread(typ) {
			f.gaps[service] = typ
		}
	}
}

// unread tells whether some resources of a type may not have been seen; asked of every host, so the answers are kept.
func (f *frontage) unread(typ string) bool {
	known, ok := f.memo[typ]
	if !ok {
		known = f.Table.unread(typ)
		f.memo[typ] = known
	}
	return known
}

// find is the resource of a type that a reference means: its key, or the property that has its identifier (one for each type).
func (f *frontage) find(typ, ref, property string) *snapshot.Resource {
	if f.named[typ] == nil {
		f.named[typ] = map[string]*snapshot.Resource{}
		for _, r := range f.things[typ] {
			f.named[typ][r.Text(property)] = r
		}
		for _, r := range f.things[typ] {
			f.named[typ][string(r.Key)] = r
		}
		delete(f.named[typ], "")
	}
	return f.named[typ][ref]
}

// by sorts the resources of a type by a property.
func (f *frontage) by(typ, property string) map[string][]*snapshot.Resource {
	mark := typ + "." + property
	if f.parts[mark] == nil {
		f.parts[mark] = map[string][]*snapshot.Resource{}
		for _, r := range f.things[typ] {
			f.parts[mark][r.Text(property)] = append(f.parts[mark][r.Text(property)], r)
		}
	}
	return f.parts[mark]
}

// of lists the resources of a type that belong to another: whose property names its key, or the identifier that it has by a property
// of its own.
func (f *frontage) of(typ, property string, owner *snapshot.Resource, id string) []*snapshot.Resource {
	out := f.by(typ, property)[string(owner.Key)]
	if name := owner.Text(id); name != "" && name != string(owner.Key) {
		out = append(slices.Clip(out), f.by(typ, property)[name]...)
	}
	return out
}

func (f *frontage) put(what string, x front) {
	if what != "" && !slices.Contains(f.behind[what], x) {
		f.behind[what] = append(f.behind[what], x)
	}
}

// reached is the best of some fronts: one that is sure, else any.
func (f *frontage) reached(what string) (front, bool) {
	all := f.behind[what]
	if i := slices.IndexFunc(all, func(x front) bool { return !x.unknown }); i >= 0 {
		return all[i], true
	}
	if len(all) > 0 {
		return all[0], true
	}
	return front{}, false
}

func called(r *snapshot.Resource, properties ...string) string {
	for _, p := range append(properties, "Name") {
		if v := r.Text(p); v != "" {
			return v
		}
	}
	return r.Name
}

// balancers follows every load balancer that faces the internet to its targets.
func (f *frontage) balancers() {
	for _, lb := range f.things[balancer] {
		if kind := lb.Text("Type"); kind != "gateway" {
			facing := f.net.Balancer(lb)
			f.enter(lb, "", func(port int) snapshot.State { return facing.On(port) })
		}
	}
	for _, lb := range f.things[classic] {
		facing := f.net.Balancer(lb)
		ids, state := lb.Strings("Instances")
		lines, _ := lb.Maps("Listeners")
		may := false
		for _, l := range lines {
			port, inner := count(l["LoadBalancerPort"]), count(l["InstancePort"])
			at := facing.On(port)
			if at == snapshot.Absent {
				continue
			}
			may = true
			x := front{says: fmt.Sprintf("behind the load balancer %s on port %d", called(lb, "LoadBalancerName"), port), unknown: at == snapshot.Unknown}
			for _, id := range ids {
				f.host(id, inner, x)
			}
			f.put(string(lb.Key), x)
		}
		// A group of instances registers by itself: a template that lists none says nothing of them.
		if state != snapshot.Known && (may || lb.IsUnknown("Listeners")) {
			f.unsure(lb, "whose instances were not read")
		}
	}
}

// count reads a number that CloudFormation may write as text; 0 when it is none.
func count(v any) int {
	r := snapshot.Resource{Properties: map[string]any{"n": v}}
	if n, state := r.Number("n"); state == snapshot.Known {
		return int(n)
	}
	n := 0
	s, _ := v.(string)
	for _, c := range s {
		if c < '0' || c > '9' || n > 65535 {
			return 0
		}
		n = 10*n + int(c-'0')
	}
	return n
}

func (f *frontage) unsure(lb *snapshot.Resource, why string) {
	subnets, _ := lb.Strings("Subnets")
	mappings, _ := lb.Maps("SubnetMappings")
	for _, m := range mappings {
		s, _ := m["SubnetId"].(string)
		subnets = append(subnets, s)
	}
	x := loose{name: called(lb, "LoadBalancerName"), why: why}
	if len(subnets) > 0 {
		x.vpc, _ = f.net.VPC(subnets[0])
	}
	if !slices.Contains(f.loose, x) {
		f.loose = append(f.loose, x)
	}
}

// missing: something public leads to a load balancer that was not read, and so perhaps to whatever lets anybody in.
func (f *frontage) missing(name string) {
	if x := (loose{name: last(name, "/"), why: "which was not read"}); !slices.Contains(f.loose, x) {
		f.loose = append(f.loose, x)
	}
}

// enter follows a load balancer that is reached on the ports that open tells of; via says through what, "" when by itself.
func (f *frontage) enter(lb *snapshot.Resource, via string, open func(port int) snapshot.State) {
	if _, state := lb.Property("Scheme"); f.unread(listener) && (via != "" || state == snapshot.Unknown || f.net.Balancer(lb).Any()) {
		f.unsure(lb, "whose listeners were not read")
	}
	for _, l := range f.of(listener, "LoadBalancerArn", lb, "LoadBalancerArn") {
		port, known := l.Number("Port")
		at := open(int(port))
		if known != snapshot.Known && (via != "" || f.net.Balancer(lb).Any()) {
			at = snapshot.Unknown
		}
		if at != snapshot.Absent {
			f.listen(l, lb, via, at)
		}
	}
}

// listen follows one listener, which is reached, to its target groups: by its default actions and by its rules ("Action types for
// listener rules", https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html).
func (f *frontage) listen(l, lb *snapshot.Resource, via string, at snapshot.State) {
	mark := string(l.Key) + "\x00" + via + "\x00" + fmt.Sprint(at)
	if f.done[mark] {
		return
	}
	f.done[mark] = true
	port, _ := l.Number("Port")
	x := front{says: fmt.Sprintf("behind the load balancer %s on port %d", called(lb, "LoadBalancerName"), int(port)), by: "elasticloadbalancing.amazonaws.com", unknown: at == snapshot.Unknown}
	if via != "" {
		x.says += ", " + via
	}
	actions, whole := f.actions(l, "DefaultActions")
	for _, r := range f.of(rule, "ListenerArn", l, "ListenerArn") {
		more, all := f.actions(r, "Actions")
		actions, whole = append(actions, more...), whole && all
	}
	if !whole || f.unread(rule) {
		f.unsure(lb, "whose rules were not read")
	}
	for _, ref := range actions {
		if g := f.find(targetGroup, ref, "TargetGroupArn"); g != nil {
			f.targets(g, lb, x)
		} else {
			f.put(ref, x)
			f.unsure(lb, "whose targets were not read")
		}
	}
}

// actions lists the target groups that actions forward to: of weighted ones, those that get any requests, unless clients may stick to
// what they had. False when not all was read.
func (f *frontage) actions(r *snapshot.Resource, property string) (out []string, whole bool) {
	all, state := r.List(property)
	list, _ := r.Maps(property)
	whole = state == snapshot.Known && len(all) == len(list)
	for _, a := range list {
		if kind, _ := a["Type"].(string); kind != "" && kind != "forward" {
			continue
		}
		if one, ok := a["TargetGroupArn"].(string); ok {
			out = append(out, one)
		}
		config, _ := a["ForwardConfig"].(map[string]any)
		groups, _ := config["TargetGroups"].([]any)
		_, sticky := config["TargetGroupStickinessConfig"]
		for _, g := range groups {
			m, _ := g.(map[string]any)
			ref, _ := m["TargetGroupArn"].(string)
			if w, said := m["Weight"]; said && count(w) == 0 && fmt.Sprint(w) == "0" && len(groups) > 1 && !sticky {
				continue
			}
			out, whole = append(out, ref), whole && ref != ""
		}
		whole = whole && (a["TargetGroupArn"] != nil || len(groups) > 0)
	}
	slices.Sort(out)
	return slices.Compact(out), whole
}

// targets follows a target group that is reached to what is registered in it.
func (f *frontage) targets(g, lb *snapshot.Resource, x front) {
	f.put(string(g.Key), x)
	f.put(g.Text("TargetGroupArn"), x)
	targets, state := g.Maps("Targets")
	joined := slices.ContainsFunc(f.things["AWS::AutoScaling::AutoScalingGroup"], func(a *snapshot.Resource) bool {
		refs, _ := a.Strings("TargetGroupARNs")
		return slices.Contains(refs, string(g.Key)) || slices.Contains(refs, g.Text("TargetGroupArn"))
	})
	if state != snapshot.Known || joined { // services and groups of instances register by themselves
		f.unsure(lb, "whose targets were not read")
	}
	port, _ := g.Number("Port")
	for _, m := range targets {
		id, _ := m["Id"].(string)
		at := count(m["Port"])
		if at == 0 {
			at = int(port)
		}
		switch g.Text("TargetType") {
		case "lambda":
			f.put(functionARN(id), x)
		case "alb":
			if next := f.find(balancer, id, "LoadBalancerArn"); next == nil {
				f.missing(id)
			} else {
				f.enter(next, x.says, func(p int) snapshot.State {
					if at != 0 && p != at {
						return snapshot.Absent
					}
					return best(x, f.net.Lets(groupsOf(next), false, network.Ports{From: p, To: p}))
				})
			}
		case "ip":
			f.host(f.instanceAt(g.Text("VpcId"), id), at, x)
		default:
			f.host(id, at, x)
		}
	}
}

// best is how sure a way is that leads on through security groups: nobody let in ends it; who is let in is not compared.
func best(x front, lets snapshot.State) snapshot.State {
	switch {
	case lets == snapshot.Absent:
		return snapshot.Absent
	case x.unknown:
		return snapshot.Unknown
	}
	return snapshot.Known
}

func groupsOf(r *snapshot.Resource) []string {
	groups, _ := r.Strings("SecurityGroups")
	return groups
}

// host puts an instance behind a front, unless its security groups let nobody in on that port.
func (f *frontage) host(id string, port int, x front) {
	i := f.find("AWS::EC2::Instance", id, "InstanceId")
	if i == nil {
		return
	}
	ports := network.Ports{From: port, To: port}
	if port == 0 {
		ports.To = 65535
	}
	for _, h := range f.net.Hosts(i) {
		if f.net.Lets(h.Groups, false, ports) != snapshot.Absent {
			x.by = ""
			f.put(string(i.Key), x)
			f.door(i.Key, ports, x)
			return
		}
	}
}

// instanceAt is the instance that has a private address in a VPC, by itself or by one of its interfaces; "" when none has.
func (f *frontage) instanceAt(vpc, address string) string {
	for _, typ := range []string{"AWS::EC2::Instance", "AWS::EC2::NetworkInterface"} {
		for _, r := range f.by(typ, "PrivateIpAddress")[address] {
			id := r.Text("InstanceId")
			if id == "" && typ == "AWS::EC2::Instance" {
				id = string(r.Key)
			}
			if id == "" {
				continue
			}
			own := r.Text("VpcId")
			if own == "" {
				own, _ = f.net.VPC(r.Text("SubnetId"))
			}
			if own == vpc || own == "" || vpc == "" {
				return id
			}
		}
	}
	return ""
}

// functionARN is the function that an ARN or an integration's address means, without its version or alias.
func functionARN(s string) string {
	if _, rest, ok := strings.Cut(s, ":lambda:path/"); ok { // arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations
		_, s, _ = strings.Cut(rest, "/functions/")
		s = strings.TrimSuffix(s, "/invocations")
	}
	if parts := strings.Split(s, ":"); len(parts) > 7 && parts[2] == "lambda" {
		s = strings.Join(parts[:7], ":")
	}
	return s
}

// maybe tells what a host in a subnet may stand behind that was not all read: load balancers of its VPC, and what its security groups
// let in by name; "" when there is nothing.
func (f *frontage) maybe(subnets, groups []string) string {
	for _, s := range subnets {
		vpc, _ := f.net.VPC(s)
		i := slices.IndexFunc(f.loose, func(l loose) bool { return l.vpc == vpc || l.vpc == "" || vpc == "" })
		if i >= 0 && f.net.Lets(groups, false, network.Ports{To: 65535}) != snapshot.Absent {
			return "which may stand behind the load balancer " + f.loose[i].name + ", " + f.loose[i].why
		}
	}
	// Balancers themselves were not all read: those that the host lets in by its security groups tell of themselves.
	if lb := f.net.Front(groups); lb != "" && (f.gaps["elasticloadbalancing.amazonaws.com"] != "" || f.unread(classic)) {
		return "which lets in the load balancer " + lb
	}
	if f.unread(endpointGroup) && slices.ContainsFunc(subnets, f.net.Accelerated) && f.net.Lets(groups, false, network.Ports{To: 65535}) != snapshot.Absent {
		return "which may stand behind a Global Accelerator, whose endpoints were not read"
	}
	return ""
}
