package objective_test

import (
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// walled is an account with a development role and a production bucket.
func walled(t *testing.T, statements ...object) *account {
	a := newAccount(t)
	a.units()
	a.get(photos).Tags = tags("env", "prod")
	a.role("ci", trust("Service", "codebuild.amazonaws.com"), statements...).Properties["Path"] = "/dev/"
	return a
}

// What leads from one unit into another, and what people allow.
func TestIsolation(t *testing.T) {
	exception := func(from, to, action, until string) func(*account) {
		return func(a *account) {
			a.model.Exceptions = append(a.model.Exceptions, threatmodel.Exception{From: from, To: to, Action: action, Until: until})
		}
	}
	nothing := func(*account) {}
	many := []object{get, permit("s3:PutObject", photos+"/*")}
	prodRole := func(trusted object) func(*account) {
		return func(a *account) { a.role("deploy", trusted).Properties["Path"] = "/prod/" }
	}
	for name, c := range map[string]struct {
		has  []object
		do   func(*account)
		want check.Outcome
		says string
	}{
		"nothing leads there": {nil, nothing, check.Pass, "nothing of dev gets at prod"},
		"what has no unit":    {nil, func(a *account) { a.user("ann", get) }, check.Pass, "1 thing has no unit"},
		"a role reads":        {[]object{get}, nothing, check.Fail, "ci can read photos"},
		"a role administers":  {[]object{permit("s3:PutBucketPolicy", photos)}, nothing, check.Fail, "ci can read or write photos"},
		"under a condition":   {[]object{permit("s3:GetObject", photos+"/*", mfa)}, nothing, check.Fail, "ci can read photos"},
		"over another role":   {[]object{permit("sts:AssumeRole", arn("role", "reader"))}, func(a *account) { a.role("reader", trust("AWS", arn("role", "ci")), get) }, check.Fail, "ci can read photos"},
		"a role nobody enters": {nil, func(a *account) {
			a.role("idle", trust("Service", "lambda.amazonaws.com"), get).Properties["Path"] = "/dev/"
		}, check.Fail, "idle can read photos"},
		"over the account":       {[]object{all}, nothing, check.Fail, "ci can take over the account, and prod with it"},
		"it becomes a principal": {[]object{permit("sts:AssumeRole", arn("role", "deploy"))}, prodRole(trust("AWS", arn("role", "ci"))), check.Fail, "ci can become deploy"},
		"another may, too": {[]object{get}, func(a *account) {
			r := a.role("other", trust("Service", "codebuild.amazonaws.com"))
			r.Properties["Path"], r.Unknown = "/dev/", []string{"Policies"}
			delete(r.Properties, "Policies")
		}, check.Fail, "ci can read photos"},
		"the other way round": {nil, func(a *account) {
			a.role("prod-ci", trust("Service", "codebuild.amazonaws.com"), permit("s3:*", "arn:aws:s3:::dev*")).Properties["Path"] = "/prod/"
		}, check.Pass, ""},
		"a function of the unit": {nil, func(a *account) {
			a.role("fn", trust("Service", "lambda.amazonaws.com"), get)
			a.function("resize", "fn").Tags = tags("env", "dev")
		}, check.Fail, "resize can read photos"},
		"what runs was not read": {nil, func(a *account) {
			a.role("fn", trust("Service", "lambda.amazonaws.com"), get)
			a.gaps = append(a.gaps, "AWS::Lambda::Function")
		}, check.Unknown, "fn"},
		"by a policy not read": {nil, func(a *account) {
			r := a.get(arn("role", "ci"))
			delete(r.Properties, "Policies")
			r.Unknown = []string{"Policies"}
		}, check.Unknown, "ci may, by what was not read"},
		"its unit was not read":   {nil, func(a *account) { a.user("ann", get).Unknown = []string{"Tags"} }, check.Unknown, "ann may"},
		"whose unit was not read": {[]object{get}, func(a *account) { r := a.get(photos); r.Tags, r.Unknown = nil, []string{"Tags"} }, check.Unknown, "ci may"},
		"principals not listed":   {nil, func(a *account) { a.gaps = append(a.gaps, "AWS::IAM::Role") }, check.Unknown, ""},
		"resources not listed":    {nil, func(a *account) { a.gaps = append(a.gaps, "AWS::S3::Bucket") }, check.Unknown, "there may be more"},

		"it may reach":               {[]object{get}, func(a *account) { a.model.Units[0].MayReach = []string{"prod"} }, check.Pass, ""},
		"it may reach another":       {[]object{get}, func(a *account) { a.model.Units[0].MayReach = []string{"shared"} }, check.Fail, ""},
		"a part of it may":           {[]object{get}, func(a *account) { a.model.Units[1].Parent = "shared"; a.model.Units[0].MayReach = []string{"shared"} }, check.Pass, ""},
		"an exception":               {[]object{get}, exception("role/dev/ci", "prod", "", "2026-06-01"), check.Fail, ""},
		"an exception by ARN":        {[]object{get}, exception("role/ci", "prod", "", "2026-06-01"), check.Pass, ""},
		"an exception by units":      {[]object{get}, exception("dev", "unit/prod", "", "2026-12-01"), check.Pass, ""},
		"one that ended":             {[]object{get}, exception("role/ci", "prod", "", "2026-05-31"), check.Fail, ""},
		"one for somebody else":      {[]object{get}, exception("role/ci-2", "prod", "", "2026-12-01"), check.Fail, ""},
		"one for an action":          {[]object{get}, exception("ci", "prod", "s3:GetObject", "2026-12-01"), check.Pass, ""},
		"one for another action":     {[]object{get}, exception("ci", "prod", "s3:PutObject", "2026-12-01"), check.Fail, "ci can read photos"},
		"one for one of two actions": {many, exception("ci", "prod", "s3:GetObject", "2026-12-01"), check.Fail, "ci can write photos"},
		"one for each": {many, func(a *account) {
			exception("ci", "prod", "s3:GetObject", "2026-12-01")(a)
			exception("ci", "prod", "s3:PutObject", "2026-12-01")(a)
		}, check.Pass, ""},
		"one for one of two ways": {[]object{get, permit("s3:PutBucketPolicy", photos)}, exception("ci", "prod", "s3:GetObject", "2026-12-01"), check.Fail, "ci can read or write photos"},
		"one for becoming somebody": {[]object{permit("sts:AssumeRole", arn("role", "deploy"))}, func(a *account) {
			prodRole(trust("AWS", arn("role", "ci")))(a)
			exception("ci", "prod", "sts:AssumeRole", "2026-12-01")(a)
		}, check.Pass, ""},
		"an exception of what comes in as": {nil, func(a *account) {
			a.role("fn", trust("Service", "lambda.amazonaws.com"), get)
			a.function("resize", "fn").Tags = tags("env", "dev")
			exception("role/fn", "prod", "", "2026-12-01")(a)
		}, check.Pass, ""},

		"a network that lets through":        {nil, func(a *account) { a.network("10.0.1.0/24") }, check.Fail, "eni-d can connect to eni-p: tcp 5432"},
		"one that lets others through":       {nil, func(a *account) { a.network("10.0.2.0/24") }, check.Pass, ""},
		"one that lets the internet through": {nil, func(a *account) { a.network("0.0.0.0/0") }, check.Pass, ""},
		"one of which not all was read": {nil, func(a *account) {
			a.network("10.0.1.0/24")
			a.get(sg("p")).Unknown = []string{"SecurityGroupIngress"}
			delete(a.get(sg("p")).Properties, "SecurityGroupIngress")
		}, check.Unknown, "eni-d may"},
		"an exception for it":                 {nil, func(a *account) { a.network("10.0.1.0/24"); exception("dev", "prod", "", "2026-12-01")(a) }, check.Pass, ""},
		"an action of IAM is none of network": {nil, func(a *account) { a.network("10.0.1.0/24"); exception("dev", "prod", "s3:GetObject", "2026-12-01")(a) }, check.Fail, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := walled(t, c.has...)
			c.do(a)
			r := a.must("dev is isolated from prod")
			if r.Outcome != c.want || !strings.Contains(r.Says, c.says) || r.Outcome == check.Fail && !r.Gates(25) {
				t.Errorf("%s, %q; want %s, with %q", r.Outcome, r.Says, c.want, c.says)
			}
			for _, e := range r.Evidence {
				if e.Outcome == check.Fail && e.Path == nil && !strings.Contains(e.Says, "connect") {
					t.Errorf("%q, and no way is told", e.Says)
				}
			}
		})
	}
}

func sg(name string) string { return "arn:aws:ec2:eu-west-1:" + ours + ":security-group/sg-" + name }

// network has one interface of each unit, in public subnets of one VPC. That of production takes connections to its database from a block.
func (a *account) network(block string) {
	ec2 := func(typ, kind, id string, p object) {
		a.thing("AWS::EC2::"+typ, "arn:aws:ec2:eu-west-1:"+ours+":"+kind+"/"+id, id, p)
	}
	ec2("VPC", "vpc", "vpc-1", object{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"})
	ec2("InternetGateway", "internet-gateway", "igw-1", object{"InternetGatewayId": "igw-1", "VpcIds": []any{"vpc-1"}})
	ec2("RouteTable", "route-table", "rtb-1", object{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": []any{object{"Main": true}},
		"Routes": []any{object{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"}, object{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}}})
	for i, name := range []string{"d", "p"} {
		net := []string{"10.0.1", "10.0.2"}[i]
		ec2("Subnet", "subnet", "subnet-"+name, object{"SubnetId": "subnet-" + name, "VpcId": "vpc-1", "CidrBlock": net + ".0/24"})
		ec2("NetworkInterface", "network-interface", "eni-"+name, object{"NetworkInterfaceId": "eni-" + name, "SubnetId": "subnet-" + name, "VpcId": "vpc-1",
			"PrivateIpAddress": net + ".10", "PublicIp": "203.0.113." + []string{"1", "2"}[i], "GroupSet": []any{"sg-" + name}, "InterfaceType": "interface"})
		a.resources[len(a.resources)-1].Tags = tags("env", []string{"dev", "prod"}[i])
		in := []any{}
		if name == "p" {
			in = append(in, object{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": block})
		}
		ec2("SecurityGroup", "security-group", "sg-"+name, object{"GroupId": "sg-" + name, "VpcId": "vpc-1", "SecurityGroupIngress": in,
			"SecurityGroupEgress": []any{object{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}}})
	}
}
