package access

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

// fronted is an account with one instance, one function and one service that nothing reaches by itself, each with a role of its own,
// in a VPC with a public and a private subnet.
type fronted struct {
	*sample
	read []string // more types that were read
}

const (
	elb     = "arn:aws:elasticloadbalancing:eu-west-1:" + ours + ":"
	shopLB  = elb + "loadbalancer/app/shop/1"
	shopTG  = elb + "targetgroup/shop/1"
	shopL   = elb + "listener/app/shop/1/1"
	innerLB = elb + "loadbalancer/app/inner/1"
	api     = "arn:aws:lambda:eu-west-1:" + ours + ":function:api"
)

func newFronted(t *testing.T) *fronted {
	a := &fronted{sample: newSample(t)}
	ec2 := "arn:aws:ec2:eu-west-1:" + ours + ":"
	for service, role := range map[string]string{"ec2": "machine", "lambda": "function", "ecs-tasks": "task"} {
		a.role(role, trusting("Service", service+".amazonaws.com"))
	}
	a.thing("AWS::EC2::VPC", ec2+"vpc/vpc-1", object{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"})
	for id, table := range map[string]object{
		"subnet-open":   {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"},
		"subnet-closed": {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"},
	} {
		a.thing("AWS::EC2::Subnet", ec2+"subnet/"+id, object{"SubnetId": id, "VpcId": "vpc-1"})
		a.thing("AWS::EC2::RouteTable", ec2+"route-table/"+id, object{"RouteTableId": id, "VpcId": "vpc-1", "Routes": []any{table}, "Associations": []any{object{"SubnetId": id}}})
	}
	a.group("sg-lb", object{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"})
	a.group("sg-app", object{"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "CidrIp": "10.0.0.0/16"})
	a.thing("AWS::IAM::InstanceProfile", iamARN("instance-profile", "machine"), object{"InstanceProfileName": "machine", "Roles": []any{"machine"}})
	a.thing("AWS::EC2::Instance", ec2+"instance/i-1", object{"InstanceId": "i-1", "VpcId": "vpc-1", "SubnetId": "subnet-closed", "PrivateIpAddress": "10.0.1.5",
		"SecurityGroupIds": []any{"sg-app"}, "IamInstanceProfile": iamARN("instance-profile", "machine"), "MetadataOptions": object{"HttpTokens": "required"}})
	a.thing("AWS::Lambda::Function", api, object{"FunctionName": "api", "Role": iamARN("role", "function")})
	task := "arn:aws:ecs:eu-west-1:" + ours + ":task-definition/web:1"
	a.thing("AWS::ECS::TaskDefinition", task, object{"TaskRoleArn": iamARN("role", "task")})
	a.thing("AWS::ECS::Service", "arn:aws:ecs:eu-west-1:"+ours+":service/c/web", object{"ServiceName": "web", "TaskDefinition": task, "LaunchType": "FARGATE",
		"NetworkConfiguration": object{"AwsvpcConfiguration": object{"AssignPublicIp": "DISABLED", "Subnets": []any{"subnet-closed"}, "SecurityGroups": []any{"sg-app"}}}})
	a.read = []string{balancer, classic, listener, rule, targetGroup, restAPI, method, restStage, restDeployment, httpAPI, httpIntegration, httpRoute, httpStage, distribution, endpointGroup}
	return a
}

func (a *fronted) group(id string, rules ...any) {
	a.thing("AWS::EC2::SecurityGroup", "arn:aws:ec2:eu-west-1:"+ours+":security-group/"+id, object{"GroupId": id, "VpcId": "vpc-1", "SecurityGroupIngress": rules})
}

// on finds a resource to change it.
func (a *fronted) on(key string) *snapshot.Resource {
	for i := range a.resources {
		if string(a.resources[i].Key) == key {
			return &a.resources[i]
		}
	}
	a.t.Fatalf("no %s", key)
	return nil
}

// shop is a load balancer that forwards 443 to a target group of instances.
func (a *fronted) shop(scheme string, targets ...object) {
	a.thing(balancer, shopLB, object{"Name": "shop", "Scheme": scheme, "DNSName": "shop-1.eu-west-1.elb.amazonaws.com", "Subnets": []any{"subnet-open"}, "SecurityGroups": []any{"sg-lb"}})
	a.thing(listener, shopL, object{"LoadBalancerArn": shopLB, "Port": 443, "Protocol": "HTTPS", "DefaultActions": []any{object{"Type": "forward", "TargetGroupArn": shopTG}}})
	a.thing(targetGroup, shopTG, object{"TargetType": "instance", "Port": 8080, "VpcId": "vpc-1", "Targets": targets})
}

func (a *fronted) rest(kind, auth string) {
	arn := "arn:aws:apigateway:eu-west-1::/restapis/0a1b"
	a.thing(restAPI, arn, object{"RestApiId": "0a1b", "Name": "orders", "EndpointConfiguration": object{"Types": []any{kind}}})
	a.thing(restStage, arn+"/stages/live", object{"RestApiId": "0a1b", "StageName": "live"})
	a.thing(method, arn+"/resources/r/methods/GET", object{"RestApiId": "0a1b", "HttpMethod": "GET", "AuthorizationType": auth,
		"Integration": object{"Type": "AWS_PROXY", "Uri": "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/" + api + ":live/invocations"}})
}

func (a *fronted) web(auth string) {
	a.thing(httpAPI, "arn:aws:apigateway:eu-west-1::/apis/9z", object{"ApiId": "9z", "Name": "carts", "ProtocolType": "HTTP"})
	a.thing(httpStage, "arn:aws:apigateway:eu-west-1::/apis/9z/stages/$default", object{"ApiId": "9z", "StageName": "$default"})
	a.thing(httpRoute, "arn:aws:apigateway:eu-west-1::/apis/9z/routes/r", object{"ApiId": "9z", "RouteKey": "GET /", "AuthorizationType": auth, "Target": "integrations/int1"})
	a.thing(httpIntegration, "arn:aws:apigateway:eu-west-1::/apis/9z/integrations/int1", object{"ApiId": "9z", "IntegrationId": "int1", "IntegrationType": "AWS_PROXY", "IntegrationUri": api})
}

// invocable lets a service invoke the function, for an ARN of this account unless told otherwise.
func (a *fronted) invocable(service, action string, conditions ...object) {
	policy, err := json.Marshal(a.doc(permit(action, api, append(conditions, to("Service", service))...)))
	if err != nil {
		a.t.Fatal(err)
	}
	a.on(api).Policy = policy
}

func (a *fronted) accelerator(end object) {
	ga := "arn:aws:globalaccelerator::" + ours + ":accelerator/x"
	a.thing("AWS::GlobalAccelerator::Accelerator", ga, object{"Name": "fast", "Enabled": true})
	a.thing("AWS::GlobalAccelerator::Listener", ga+"/listener/1", object{"AcceleratorArn": ga, "PortRanges": []any{object{"FromPort": 443, "ToPort": 443}}})
	a.thing(endpointGroup, ga+"/listener/1/endpoint-group/1", object{"ListenerArn": ga + "/listener/1", "EndpointConfigurations": []any{end}})
}

func (a *fronted) distribution(origin object) {
	a.thing(distribution, "arn:aws:cloudfront::"+ours+":distribution/E1", object{"DistributionConfig": object{"Enabled": true, "Aliases": []any{"www.example.com"}, "Origins": []any{origin}}})
}

var (
	machine = object{"Id": "i-1"}
	bound   = on("ArnLike", "aws:SourceArn", "arn:aws:execute-api:eu-west-1:"+ours+":*")
)

func TestFronts(t *testing.T) {
	for name, c := range map[string]struct {
		make      func(a *fronted)
		unread    []string
		who, want string
		says      string
	}{
		"nothing":          {func(a *fronted) {}, nil, "machine", PrivateHost, "not reached"},
		"a target":         {func(a *fronted) { a.shop("internet-facing", machine) }, nil, "machine", WebHost, "behind the load balancer shop on port 443"},
		"no scheme":        {func(a *fronted) { a.shop("", machine); delete(a.on(shopLB).Properties, "Scheme") }, nil, "machine", WebHost, "shop"},
		"an unread scheme": {func(a *fronted) { a.shop("internal", machine); a.on(shopLB).Unknown = []string{"Scheme"} }, nil, "machine", WebHost + "?", "shop"},
		"internal":         {func(a *fronted) { a.shop("internal", machine) }, nil, "machine", PrivateHost, ""},
		"no way to it": {func(a *fronted) {
			a.shop("internet-facing", machine)
			a.on(shopLB).Properties["Subnets"] = []any{"subnet-closed"}
		}, nil, "machine", PrivateHost, ""},
		"its group lets nobody in": {func(a *fronted) { a.shop("internet-facing", machine); a.on(shopL).Properties["Port"] = 80 }, nil, "machine", PrivateHost, ""},
		"the host lets nobody in":  {func(a *fronted) { a.shop("internet-facing", object{"Id": "i-1", "Port": 9090}) }, nil, "machine", PrivateHost, ""},
		"another target":           {func(a *fronted) { a.shop("internet-facing", object{"Id": "i-2"}) }, nil, "machine", PrivateHost, ""},
		"targets were not read":    {func(a *fronted) { a.shop("internet-facing"); a.on(shopTG).Unknown = []string{"Targets"} }, nil, "machine", WebHost + "?", "whose targets were not read"},
		"a group of instances": {func(a *fronted) {
			a.shop("internet-facing", object{"Id": "i-2"})
			a.thing("AWS::AutoScaling::AutoScalingGroup", "arn:aws:autoscaling:eu-west-1:"+ours+":g", object{"TargetGroupARNs": []any{shopTG}})
		}, nil, "machine", WebHost + "?", "whose targets were not read"},
		"listeners were not read": {func(a *fronted) {
			a.shop("internet-facing", machine)
			a.resources = slices.DeleteFunc(a.resources, func(r snapshot.Resource) bool { return r.Type == listener })
		}, []string{listener}, "machine", WebHost + "?", "whose listeners were not read"},
		"listeners of an internal one": {func(a *fronted) {
			a.shop("internal", machine)
			a.resources = slices.DeleteFunc(a.resources, func(r snapshot.Resource) bool { return r.Type == listener })
		}, []string{listener}, "machine", PrivateHost, ""},
		"rules were not read": {func(a *fronted) { a.shop("internet-facing") }, []string{rule}, "machine", WebHost + "?", "whose rules were not read"},
		"an address": {func(a *fronted) {
			a.shop("internet-facing", object{"Id": "10.0.1.5"})
			a.on(shopTG).Properties["TargetType"] = "ip"
		}, nil, "machine", WebHost, "shop"},
		"another address": {func(a *fronted) {
			a.shop("internet-facing", object{"Id": "10.0.1.6"})
			a.on(shopTG).Properties["TargetType"] = "ip"
		}, nil, "machine", PrivateHost, ""},
		"by a rule, weighted": {func(a *fronted) {
			a.shop("internet-facing", machine)
			a.on(shopL).Properties["DefaultActions"] = []any{object{"Type": "fixed-response"}}
			a.thing(rule, shopL+"/r", object{"ListenerArn": shopL, "Actions": []any{object{"Type": "forward", "ForwardConfig": object{"TargetGroups": []any{object{"TargetGroupArn": shopTG, "Weight": 1}, object{"TargetGroupArn": shopTG + "b", "Weight": 9}}}}}})
		}, nil, "machine", WebHost, "shop"},
		"by a rule, without weight": {func(a *fronted) {
			a.shop("internet-facing", machine)
			a.on(shopL).Properties["DefaultActions"] = []any{object{"Type": "fixed-response"}}
			a.thing(targetGroup, shopTG+"b", object{"TargetType": "instance", "Targets": []any{object{"Id": "i-2"}}})
			a.thing(rule, shopL+"/r", object{"ListenerArn": shopL, "Actions": []any{object{"Type": "forward", "ForwardConfig": object{"TargetGroups": []any{object{"TargetGroupArn": shopTG, "Weight": 0}, object{"TargetGroupArn": shopTG + "b", "Weight": 9}}}}}})
		}, nil, "machine", PrivateHost, ""},
		"behind another load balancer": {func(a *fronted) {
			a.shop("internet-facing", object{"Id": innerLB, "Port": 443})
			a.on(shopTG).Properties["TargetType"] = "alb"
			a.thing(balancer, innerLB, object{"Name": "inner", "Scheme": "internal", "Subnets": []any{"subnet-closed"}, "SecurityGroups": []any{"sg-lb"}})
			a.thing(listener, innerLB+"/l", object{"LoadBalancerArn": innerLB, "Port": 443, "DefaultActions": []any{object{"Type": "forward", "TargetGroupArn": shopTG + "b"}}})
			a.thing(targetGroup, shopTG+"b", object{"TargetType": "instance", "Port": 8080, "Targets": []any{machine}})
		}, nil, "machine", WebHost, "behind the load balancer inner on port 443, behind the load balancer shop on port 443"},
		"a classic one": {func(a *fronted) {
			a.thing(classic, elb+"loadbalancer/old", object{"LoadBalancerName": "old", "Subnets": []any{"subnet-open"}, "SecurityGroups": []any{"sg-lb"}, "Instances": []any{"i-1"}, "Listeners": []any{object{"LoadBalancerPort": "443", "InstancePort": "8080"}}})
		}, nil, "machine", WebHost, "behind the load balancer old on port 443"},
		"a classic one without instances": {func(a *fronted) {
			a.thing(classic, elb+"loadbalancer/old", object{"LoadBalancerName": "old", "Subnets": []any{"subnet-open"}, "SecurityGroups": []any{"sg-lb"}, "Listeners": []any{object{"LoadBalancerPort": "443", "InstancePort": "8080"}}})
		}, nil, "machine", WebHost + "?", "whose instances were not read"},

		"a service":              {func(a *fronted) { a.shop("internet-facing"); a.serves(shopTG) }, nil, "task", WebHost, "behind the load balancer shop on port 443"},
		"an internal service":    {func(a *fronted) { a.shop("internal"); a.serves(shopTG) }, nil, "task", PrivateHost, ""},
		"a service, none read":   {func(a *fronted) { a.serves(shopTG) }, []string{balancer, listener, rule, targetGroup}, "task", WebHost + "?", "a load balancer that was not read"},
		"a service, other group": {func(a *fronted) { a.shop("internet-facing", machine); a.serves(shopTG + "x") }, nil, "task", WebHost + "?", "not read"},

		"a function as a target": {func(a *fronted) {
			a.shop("internet-facing", object{"Id": api})
			a.on(shopTG).Properties["TargetType"] = "lambda"
			a.invocable("elasticloadbalancing.amazonaws.com", "lambda:InvokeFunction")
		}, nil, "function", WebHost, "the function api, behind the load balancer shop"},
		"targets that may be functions": {func(a *fronted) {
			a.shop("internet-facing")
			a.on(shopTG).Unknown = []string{"Targets"}
			a.invocable("elasticloadbalancing.amazonaws.com", "lambda:InvokeFunction", on("ArnLike", "aws:SourceArn", shopTG))
		}, nil, "function", WebHost + "?", "for whom was not read"},
		"leave, but another target": {func(a *fronted) {
			a.shop("internet-facing", machine)
			a.invocable("elasticloadbalancing.amazonaws.com", "lambda:InvokeFunction", on("ArnLike", "aws:SourceArn", shopTG))
		}, nil, "function", PrivateHost, ""},
		"a target without leave": {func(a *fronted) {
			a.shop("internet-facing", object{"Id": api})
			a.on(shopTG).Properties["TargetType"] = "lambda"
		}, nil, "function", PrivateHost, ""},
		"an API": {func(a *fronted) {
			a.rest("REGIONAL", "NONE")
			a.invocable("apigateway.amazonaws.com", "lambda:InvokeFunction", bound)
		}, nil, "function", WebHost, "the function api, behind the API orders"},
		"a private API": {func(a *fronted) {
			a.rest("PRIVATE", "NONE")
			a.invocable("apigateway.amazonaws.com", "lambda:InvokeFunction", bound)
		}, nil, "function", PrivateHost, ""},
		"an API with IAM": {func(a *fronted) {
			a.rest("EDGE", "AWS_IAM")
			a.invocable("apigateway.amazonaws.com", "lambda:InvokeFunction", bound)
		}, nil, "function", PrivateHost, ""},
		"an API with sign-in": {func(a *fronted) {
			a.rest("EDGE", "COGNITO_USER_POOLS")
			a.invocable("apigateway.amazonaws.com", "lambda:InvokeFunction", bound)
		}, nil, "function", WebHost + "?", "orders"},
		"an API without a stage": {func(a *fronted) {
			a.rest("EDGE", "NONE")
			a.invocable("apigateway.amazonaws.com", "lambda:InvokeFunction", bound)
			a.resources = slices.DeleteFunc(a.resources, func(r snapshot.Resource) bool { return r.Type == restStage })
		}, nil, "function", PrivateHost, ""},
		"methods were not read": {func(a *fronted) { a.invocable("apigateway.amazonaws.com", "lambda:InvokeFunction", bound) }, []string{method}, "function", WebHost + "?", "for whom was not read"},
		"anybody's API":         {func(a *fronted) { a.invocable("apigateway.amazonaws.com", "lambda:InvokeFunction") }, nil, "function", WebHost + "?", "for whom was not read"},
		"an HTTP API": {func(a *fronted) {
			a.web("NONE")
			a.invocable("apigateway.amazonaws.com", "lambda:InvokeFunction", bound)
		}, nil, "function", WebHost, "behind the API carts"},
		"an HTTP API with JWT": {func(a *fronted) {
			a.web("JWT")
			a.invocable("apigateway.amazonaws.com", "lambda:InvokeFunction", bound)
		}, nil, "function", WebHost + "?", "carts"},
		"a link into the VPC": {func(a *fronted) {
			a.shop("internal", machine)
			a.web("NONE")
			i := a.on("arn:aws:apigateway:eu-west-1::/apis/9z/integrations/int1")
			i.Properties["IntegrationUri"], i.Properties["ConnectionType"] = shopL, "VPC_LINK"
		}, nil, "machine", WebHost, "behind the load balancer shop on port 443, behind the API carts"},

		"a registry": {func(a *fronted) {
			a.web("NONE")
			registry := "arn:aws:servicediscovery:eu-west-1:" + ours + ":service/srv-1"
			i := a.on("arn:aws:apigateway:eu-west-1::/apis/9z/integrations/int1")
			i.Properties["IntegrationUri"], i.Properties["ConnectionType"] = registry, "VPC_LINK"
			a.on("arn:aws:ecs:eu-west-1:" + ours + ":service/c/web").Properties["ServiceRegistries"] = []any{object{"RegistryArn": registry}}
		}, nil, "task", WebHost, "behind the API carts"},
		"a link to what was not read": {func(a *fronted) {
			a.web("NONE")
			i := a.on("arn:aws:apigateway:eu-west-1::/apis/9z/integrations/int1")
			i.Properties["IntegrationUri"], i.Properties["ConnectionType"] = shopL, "VPC_LINK"
		}, []string{balancer, listener, targetGroup}, "machine", WebHost + "?", "not read"},
		"a port that was not read": {func(a *fronted) {
			a.shop("internet-facing", machine)
			delete(a.on(shopL).Properties, "Port")
			a.on(shopL).Unknown = []string{"Port"}
		}, nil, "machine", WebHost + "?", "shop"},
		"an instance without an id": {func(a *fronted) {
			i := "arn:aws:ec2:eu-west-1:" + ours + ":instance/i-1"
			a.shop("internet-facing", object{"Id": i})
			delete(a.on(i).Properties, "InstanceId")
		}, nil, "machine", WebHost, "shop"},
		"an origin that was not read": {func(a *fronted) { a.private(shopLB) }, []string{balancer}, "machine", WebHost + "?", "which was not read"},
		"a distribution": {func(a *fronted) {
			a.fetch("AWS_IAM")
			a.distribution(object{"DomainName": "abc.lambda-url.eu-west-1.on.aws"})
		}, nil, "function", WebHost, "behind the distribution www.example.com"},
		"another origin":  {func(a *fronted) { a.fetch("AWS_IAM"); a.distribution(object{"DomainName": "b.s3.amazonaws.com"}) }, nil, "function", PrivateHost, ""},
		"no distribution": {func(a *fronted) { a.fetch("AWS_IAM") }, []string{distribution}, "function", WebHost + "?", "for whom was not read"},
		"a load balancer for an office": {func(a *fronted) {
			a.shop("internet-facing", machine)
			a.group("sg-office", object{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "203.0.113.0/24"})
			a.on(shopLB).Properties["SecurityGroups"] = []any{"sg-office"}
		}, nil, "machine", PrivateHost, ""},
		"and perhaps a distribution": {func(a *fronted) {
			a.shop("internet-facing", machine)
			a.group("sg-office", object{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "203.0.113.0/24"})
			a.on(shopLB).Properties["SecurityGroups"] = []any{"sg-office"}
			a.distribution(object{"DomainName": "shop-1.eu-west-1.elb.amazonaws.com"})
		}, nil, "machine", WebHost + "?", "behind the distribution www.example.com"},
		"for anybody's distribution": {func(a *fronted) {
			a.shop("internet-facing", machine)
			a.thing("AWS::EC2::PrefixList", "arn:aws:ec2:eu-west-1:"+ours+":prefix-list/pl-1", object{"PrefixListId": "pl-1", "PrefixListName": "com.amazonaws.global.cloudfront.origin-facing", "Entries": []any{object{"Cidr": "198.51.100.0/24"}}})
			a.group("sg-edge", object{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "SourcePrefixListId": "pl-1"})
			a.on(shopLB).Properties["SecurityGroups"] = []any{"sg-edge"}
		}, nil, "machine", WebHost + "?", "shop"},
		"a VPC origin":        {func(a *fronted) { a.shop("internal", machine); a.private(shopLB) }, nil, "machine", WebHost, "shop on port 443, behind the distribution www.example.com"},
		"an instance, origin": {func(a *fronted) { a.private("arn:aws:ec2:eu-west-1:" + ours + ":instance/i-1") }, nil, "machine", WebHost, "behind the distribution www.example.com"},
		"an unread origin": {func(a *fronted) {
			a.shop("internal", machine)
			a.distribution(object{"DomainName": "x", "VpcOriginConfig": object{"VpcOriginId": "vo-9"}})
		}, nil, "machine", WebHost + "?", "shop"},
		"an accelerated load balancer": {func(a *fronted) { a.shop("internal", machine); a.accelerator(object{"EndpointId": shopLB}) }, nil, "machine", WebHost, "shop on port 443, behind the accelerator fast"},
		"an accelerated instance": {func(a *fronted) {
			a.group("sg-all", object{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"})
			a.on("arn:aws:ec2:eu-west-1:" + ours + ":instance/i-1").Properties["SecurityGroupIds"] = []any{"sg-all"}
			a.accelerator(object{"EndpointId": "i-1"})
		}, nil, "machine", WebHost, "behind the accelerator fast"},
		"accelerated, but closed": {func(a *fronted) { a.accelerator(object{"EndpointId": "i-1"}) }, nil, "machine", PrivateHost, ""},
		"an unread accelerator": {func(a *fronted) {
			a.thing("AWS::EC2::NetworkInterface", "arn:aws:ec2:eu-west-1:"+ours+":network-interface/eni-9", object{"NetworkInterfaceId": "eni-9", "SubnetId": "subnet-closed", "InterfaceType": "global_accelerator_managed"})
		}, []string{endpointGroup}, "machine", WebHost + "?", "Global Accelerator"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newFronted(t)
			c.make(a)
			s := a.snapshot()
			for _, typ := range a.read {
				outcome := snapshot.OK
				if slices.Contains(c.unread, typ) {
					outcome = snapshot.Denied
				}
				s.Coverage = append(s.Coverage, snapshot.Coverage{Service: "test", Call: typ, Types: []string{typ}, Outcome: outcome})
			}
			s.Seal()
			table := inFront(s)
			var kinds, says []string
			for _, e := range table.entries[node{iamARN("role", c.who), None}] {
				kind := e.Kind
				if e.Unknown {
					kind += "?"
				}
				kinds, says = append(kinds, kind), append(says, e.Says)
			}
			if got := strings.Join(kinds, " "); got != c.want || !strings.Contains(strings.Join(says, "; "), c.says) {
				t.Errorf("%s: %s, want %s: …%s…", got, says, c.want, c.says)
			}
		})
	}
}

// serves puts the service behind a target group.
func (a *fronted) serves(group string) {
	a.on("arn:aws:ecs:eu-west-1:" + ours + ":service/c/web").Properties["LoadBalancers"] = []any{object{"TargetGroupArn": group, "ContainerPort": 8080}}
}

// fetch gives the function a URL that CloudFront may use.
func (a *fronted) fetch(auth string) {
	a.thing("AWS::Lambda::Url", api+":url", object{"TargetFunctionArn": api, "AuthType": auth, "FunctionUrl": "https://abc.lambda-url.eu-west-1.on.aws/"})
	a.invocable("cloudfront.amazonaws.com", "lambda:InvokeFunctionUrl", on("StringEquals", "aws:SourceArn", "arn:aws:cloudfront::"+ours+":distribution/E1"))
}

// private is a distribution whose origin stands in the VPC.
func (a *fronted) private(arn string) {
	a.thing(vpcOrigin, "arn:aws:cloudfront::"+ours+":vpcorigin/vo-1", object{"Id": "vo-1", "VpcOriginEndpointConfig": object{"Arn": arn, "HTTPPort": 8080, "HTTPSPort": 443}})
	a.distribution(object{"DomainName": "inner.example.com", "VpcOriginConfig": object{"VpcOriginId": "vo-1"}})
}

func inFront(s *snapshot.Snapshot) *Table {
	return Compile(s, decide.Compile(s), network.Compile(s), routesOnce(), Options{})
}
