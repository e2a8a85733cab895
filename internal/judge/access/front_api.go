package access

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Types of API Gateway.
const (
	restAPI         = "AWS::ApiGateway::RestApi"
	method          = "AWS::ApiGateway::Method"
	restStage       = "AWS::ApiGateway::Stage"
	restDeployment  = "AWS::ApiGateway::Deployment"
	restLink        = "AWS::ApiGateway::VpcLink"
	httpAPI         = "AWS::ApiGatewayV2::Api"
	httpIntegration = "AWS::ApiGatewayV2::Integration"
	httpRoute       = "AWS::ApiGatewayV2::Route"
	httpStage       = "AWS::ApiGatewayV2::Stage"
)

// apis follows every API that faces the internet to what answers for it.
func (f *frontage) apis() {
	for _, a := range f.things[restAPI] {
		f.rest(a)
	}
	for _, a := range f.things[httpAPI] {
		f.http(a)
	}
}

// published tells whether an API has a stage: without one nobody calls it.
func (f *frontage) published(a *snapshot.Resource, id string, types ...string) snapshot.State {
	state := snapshot.Absent
	for _, typ := range types {
		for _, s := range f.of(typ, id, a, id) {
			if typ != restDeployment || s.Text("StageName") != "" {
				return snapshot.Known
			}
		}
		if f.unread(typ) {
			state = snapshot.Unknown
		}
	}
	return state
}

// asks tells whom a method or route lets in: Known is everybody, Absent only who has credentials of AWS; what an authorizer lets
// through, and who has an API key, is not known.
func asks(r *snapshot.Resource) snapshot.State {
	key, keyState := r.Flag("ApiKeyRequired")
	kind, state := r.Property("AuthorizationType")
	switch {
	case kind == "AWS_IAM":
		return snapshot.Absent
	case state == snapshot.Unknown, state == snapshot.Known && kind != "NONE", key, keyState == snapshot.Unknown:
		return snapshot.Unknown
	}
	return snapshot.Known
}

// rest follows a REST API. A private one is called from VPCs alone ("Private REST APIs in API Gateway",
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html).
func (f *frontage) rest(a *snapshot.Resource) {
	kinds, state := a.Strings("EndpointConfiguration.Types")
	if slices.Contains(kinds, "PRIVATE") {
		return
	}
	out := f.published(a, "RestApiId", restStage, restDeployment)
	if out == snapshot.Absent {
		return
	}
	closed, closedState := a.Flag("DisableExecuteApiEndpoint")
	unknown := state == snapshot.Unknown || out == snapshot.Unknown || closed || closedState == snapshot.Unknown
	// A policy may narrow it, and is not weighed here.
	policy, policyState := a.Property("Policy")
	narrowed := a.Policy != nil || a.IsUnknown("Policy") || policy != nil || policyState == snapshot.Unknown
	if a.Properties["Body"] != nil || a.Properties["BodyS3Location"] != nil || a.IsUnknown("Body") {
		f.gaps["apigateway.amazonaws.com"] = restAPI + " " + called(a) + " (Body)"
	}
	for _, m := range f.of(method, "RestApiId", a, "RestApiId") {
		in := asks(m)
		if in == snapshot.Absent && !narrowed {
			continue
		}
		x := front{says: "behind the API " + called(a), by: "apigateway.amazonaws.com", unknown: unknown || narrowed || in == snapshot.Unknown}
		uri := m.Text("Integration.Uri")
		if m.IsUnknown("Integration.Uri") {
			f.gaps["apigateway.amazonaws.com"] = method
		}
		if m.Text("Integration.ConnectionType") == "VPC_LINK" {
			link := f.find(restLink, m.Text("Integration.ConnectionId"), "VpcLinkId")
			if link == nil {
				f.linked(x)
				continue
			}
			arns, _ := link.Strings("TargetArns")
			for _, arn := range arns {
				f.inside(arn, x)
			}
			continue
		}
		f.invokes(uri, m.Properties["Integration"], "Credentials", x)
	}
}

// invokes puts a function behind an API; one that is called with a role needs no permission of its own, and what the role may is not
// weighed here.
func (f *frontage) invokes(uri string, in any, property string, x front) {
	m, _ := in.(map[string]any)
	if m[property] != nil {
		x.by, x.unknown = "", true
	}
	f.put(functionARN(uri), x)
}

// linked: a link into a VPC that was not read leads to some load balancer.
func (f *frontage) linked(x front) {
	x.unknown = true
	for _, lb := range f.things[balancer] {
		f.inside(string(lb.Key), x)
	}
	if f.unread(balancer) {
		f.missing("of a link into the VPC")
	}
}

// inside enters a load balancer by a way that the account laid to it, such as a link into a VPC.
func (f *frontage) inside(arn string, x front) {
	lb := f.find(balancer, arn, "LoadBalancerArn")
	if lb == nil {
		f.missing(arn)
		return
	}
	_, state := lb.Property("SecurityGroups")
	f.enter(lb, x.says, func(port int) snapshot.State {
		return best(x, f.net.Lets(groupsOf(lb), state == snapshot.Absent, network.Ports{From: port, To: port}))
	})
}

// http follows an HTTP or WebSocket API. Of a WebSocket API the route $connect decides who comes in ("Control and manage access to
// WebSocket APIs in API Gateway"); an integration inside a VPC names the listener of a load balancer.
func (f *frontage) http(a *snapshot.Resource) {
	out := f.published(a, "ApiId", httpStage)
	if a.Text("Target") != "" { // made together with its route and stage
		out = snapshot.Known
	}
	if out == snapshot.Absent {
		return
	}
	closed, closedState := a.Flag("DisableExecuteApiEndpoint")
	x := front{says: "behind the API " + called(a), by: "apigateway.amazonaws.com", unknown: out == snapshot.Unknown || closed || closedState == snapshot.Unknown}
	if a.Properties["Body"] != nil || a.Properties["BodyS3Location"] != nil || a.IsUnknown("Body") {
		f.gaps["apigateway.amazonaws.com"] = httpAPI + " " + called(a) + " (Body)"
	}
	f.invokes(a.Text("Target"), a.Properties, "CredentialsArn", x)
	door := snapshot.Known
	routes := f.of(httpRoute, "ApiId", a, "ApiId")
	for _, r := range routes {
		if r.Text("RouteKey") == "$connect" {
			door = asks(r)
		}
	}
	for _, r := range routes {
		in := asks(r)
		if a.Text("ProtocolType") == "WEBSOCKET" {
			in = door
		}
		if in == snapshot.Absent {
			continue
		}
		one := x
		one.unknown = x.unknown || in == snapshot.Unknown
		target := strings.TrimPrefix(r.Text("Target"), "integrations/")
		found := false
		for _, i := range f.of(httpIntegration, "ApiId", a, "ApiId") {
			if target != string(i.Key) && target != i.Text("IntegrationId") {
				continue
			}
			found = true
			uri := i.Text("IntegrationUri")
			if i.Text("ConnectionType") == "VPC_LINK" {
				f.routed(uri, one)
				continue
			}
			f.invokes(uri, i.Properties, "CredentialsArn", one)
		}
		if !found {
			f.gaps["apigateway.amazonaws.com"] = httpIntegration
		}
	}
}

// routed follows an integration inside a VPC: to the listener of a load balancer, or to what a registry of Cloud Map lists
// ("AWS::ApiGatewayV2::Integration", IntegrationUri).
func (f *frontage) routed(uri string, x front) {
	l := f.find(listener, uri, "ListenerArn")
	switch {
	case strings.Contains(uri, ":servicediscovery:"):
		f.put(uri, x)
	case l == nil:
		f.linked(x)
	default:
		lb := f.find(balancer, l.Text("LoadBalancerArn"), "LoadBalancerArn")
		if lb == nil {
			lb = l
		}
		f.listen(l, lb, x.says, best(x, snapshot.Unknown))
	}
}
