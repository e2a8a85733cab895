package assess

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
)

const logs = snapshot.Key("arn:aws:s3:::logs")

// reader is a role that reads the bucket.
func reader(trust ...any) snapshot.Resource {
	return resource("AWS::IAM::Role", arn("role", "app"), "app", object{"RoleName": "app", "AssumeRolePolicyDocument": doc(trust), "Policies": []any{object{"PolicyName": "own",
		"PolicyDocument": doc([]any{object{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}})}}})
}

func trust(kind, who string, condition ...object) object {
	s := object{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": object{kind: who}}
	if kind == "Federated" {
		s["Action"] = []any{"sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"}
	}
	for _, c := range condition {
		s["Condition"] = c
	}
	return s
}

func user(more object) []snapshot.Resource {
	row := object{"User": "ann", "Arn": arn("user", "ann")}
	for k, v := range more {
		row[k] = v
	}
	r := reader()
	return []snapshot.Resource{resource("AWS::IAM::User", arn("user", "ann"), "ann", object{"UserName": "ann", "Policies": r.Properties["Policies"]}),
		resource("AWS::IAM::CredentialReport", "arn:aws:iam::"+ours+":credential-report", "", object{"Rows": []any{row, object{"User": "<root_account>", "MfaActive": true}}})}
}

func root(row object) []snapshot.Resource {
	row["User"] = "<root_account>"
	return []snapshot.Resource{resource("AWS::IAM::CredentialReport", "arn:aws:iam::"+ours+":credential-report", "", object{"Rows": []any{row}})}
}

// host is an instance that holds the role; ingress is what the internet may reach of it.
func host(public bool, port int, tokens string) []snapshot.Resource {
	ec2 := "arn:aws:ec2:eu-west-1:" + ours + ":"
	i := object{"InstanceId": "i-1", "SubnetId": "subnet-1", "SecurityGroupIds": []any{"sg-1"}, "State": "running", "MetadataOptions": object{"HttpTokens": tokens},
		"IamInstanceProfile": arn("instance-profile", "app")}
	if public {
		i["PublicIpAddress"] = "203.0.113.7"
	}
	return []snapshot.Resource{reader(trust("Service", "ec2.amazonaws.com")), resource("AWS::EC2::Instance", ec2+"instance/i-1", "web-1", i),
		resource("AWS::IAM::InstanceProfile", arn("instance-profile", "app"), "app", object{"InstanceProfileName": "app", "Roles": []any{"app"}}),
		resource("AWS::EC2::Subnet", ec2+"subnet/subnet-1", "", object{"SubnetId": "subnet-1", "VpcId": "vpc-1"}),
		resource("AWS::EC2::RouteTable", ec2+"route-table/rtb-1", "", object{"VpcId": "vpc-1", "Associations": []any{object{"Main": true}},
			"Routes": []any{object{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}}}),
		resource("AWS::EC2::SecurityGroup", ec2+"security-group/sg-1", "", object{"GroupId": "sg-1", "SecurityGroupIngress": []any{
			object{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "0.0.0.0/0"}}})}
}

func with(list []snapshot.Resource, more ...snapshot.Resource) []snapshot.Resource {
	return append(list, more...)
}

func function(url, policy bool) []snapshot.Resource {
	key := "arn:aws:lambda:eu-west-1:" + ours + ":function:api"
	f := resource("AWS::Lambda::Function", key, "api", object{"FunctionName": "api", "Role": arn("role", "app")})
	out := []snapshot.Resource{reader(trust("Service", "lambda.amazonaws.com"))}
	if policy {
		f.Policy, _ = json.Marshal(doc([]any{object{"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunctionUrl", "Resource": key,
			"Condition": object{"StringEquals": object{"lambda:FunctionUrlAuthType": "NONE"}}}}))
	}
	if url {
		out = append(out, resource("AWS::Lambda::Url", key+":url", "api", object{"AuthType": "NONE"}))
	}
	return append(out, f)
}

func bucket(policy ...any) snapshot.Resource {
	b := resource("AWS::S3::Bucket", string(logs), "logs", object{"BucketName": "logs"})
	if len(policy) > 0 {
		b.Policy, _ = json.Marshal(doc(policy))
	}
	return b
}

func everyone(condition object) object {
	s := object{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}
	if condition != nil {
		s["Condition"] = condition
	}
	return s
}

// Every kind of entry point, with the points that it has with its facts.
func TestEntryPoints(t *testing.T) {
	const github = "token.actions.githubusercontent.com"
	provider := "arn:aws:iam::" + ours + ":oidc-provider/" + github
	eks := "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
	sub := func(s string) object { return object{"StringLike": object{github + ":sub": s}} }
	named := "arn:aws:iam::555566667777:root"
	for name, c := range map[string]struct {
		r         []snapshot.Resource
		on        snapshot.Resource
		kind      string
		high, low int
	}{
		"public":                  {nil, bucket(everyone(nil)), access.Public, 100, 100},
		"from a network":          {nil, bucket(everyone(object{"IpAddress": object{"aws:SourceIp": "203.0.113.0/24"}})), access.Public, 80, 80},
		"an organisation":         {nil, bucket(everyone(object{"StringEquals": object{"aws:PrincipalOrgID": "o-1"}})), access.AnyPrincipal, 75, 75},
		"any principal":           {[]snapshot.Resource{reader(trust("AWS", "*"))}, bucket(), access.AnyPrincipal, 95, 95},
		"guests of a pool":        {[]snapshot.Resource{reader(trust("Federated", "cognito-identity.amazonaws.com"))}, bucket(), access.AnyPrincipal, 95, 95},
		"no subject":              {[]snapshot.Resource{reader(trust("Federated", provider))}, bucket(), access.OIDCNoSubject, 95, 95},
		"an organisation of code": {[]snapshot.Resource{reader(trust("Federated", provider, sub("repo:acme/*")))}, bucket(), access.OIDCOrg, 55, 55},
		"a repository":            {[]snapshot.Resource{reader(trust("Federated", provider, sub("repo:acme/web:*")))}, bucket(), access.OIDCRepo, 45, 45},
		"a branch":                {[]snapshot.Resource{reader(trust("Federated", provider, sub("repo:acme/web:ref:refs/heads/main")))}, bucket(), access.OIDCPinned, 25, 25},
		"a pod":                   {[]snapshot.Resource{reader(trust("Federated", "arn:aws:iam::"+ours+":oidc-provider/"+eks, object{"StringEquals": object{eks + ":sub": "system:serviceaccount:a:b"}}))}, bucket(), access.Pod, 20, 20},
		"single sign-on":          {[]snapshot.Resource{reader(trust("Federated", "arn:aws:iam::"+ours+":saml-provider/idp"))}, bucket(), access.SSO, 25, 25},
		"somebody's account":      {[]snapshot.Resource{reader(trust("AWS", "arn:aws:iam::999988887777:root"))}, bucket(), access.UnknownAccount, 75, 75},
		"partner":                 {[]snapshot.Resource{reader(trust("AWS", named))}, bucket(), access.Partner, 55, 55},
		"partner with an id":      {[]snapshot.Resource{reader(trust("AWS", named, object{"StringEquals": object{"sts:ExternalId": "x"}}))}, bucket(), access.PartnerExtID, 35, 35},
		"service":                 {[]snapshot.Resource{reader(trust("Service", "backup.amazonaws.com"))}, bucket(), access.Service, 35, 35},
		"service for us":          {[]snapshot.Resource{reader(trust("Service", "backup.amazonaws.com", object{"StringEquals": object{"aws:SourceAccount": ours}}))}, bucket(), access.ServiceBound, 5, 5},
		"root with a key":         {root(object{"AccessKey1Active": true, "MfaActive": true}), bucket(), access.RootKey, 85, 85},
		"root without MFA":        {root(object{"MfaActive": false}), bucket(), access.RootNoMFA, 70, 70},
		"root with MFA":           {root(object{"MfaActive": true}), bucket(), access.RootMFA, 10, 10},
		"root, unread":            {nil, bucket(), access.RootKey, 85, 10},
		"password":                {user(object{"PasswordEnabled": true, "MfaActive": false}), bucket(), access.PasswordNoMFA, 65, 65},
		"password and MFA":        {user(object{"PasswordEnabled": true, "MfaActive": true}), bucket(), access.PasswordMFA, 30, 30},
		"key":                     {user(object{"AccessKey1Active": true, "AccessKey1LastRotated": "2026-05-20T00:00:00Z"}), bucket(), access.AccessKey, 55, 55},
		"key of 100 days":         {user(object{"AccessKey2Active": true, "AccessKey2LastRotated": "2026-02-20T00:00:00Z"}), bucket(), access.AccessKey, 60, 60},
		"key of two years":        {user(object{"AccessKey1Active": true, "AccessKey1LastRotated": "2024-05-20T00:00:00Z"}), bucket(), access.AccessKey, 65, 65},
		"key of a person":         {user(object{"PasswordEnabled": true, "MfaActive": true, "AccessKey1Active": true, "AccessKey1LastRotated": "2024-05-20T00:00:00Z"}), bucket(), access.AccessKey, 75, 75},
		"key of unread age":       {user(object{"AccessKey1Active": true}), bucket(), access.AccessKey, 65, 55},
		"exposed host":            {host(true, 22, "required"), bucket(), access.ExposedHost, 70, 70},
		"exposed host, IMDSv1":    {host(true, 22, "optional"), bucket(), access.ExposedHost, 85, 85},
		"web host":                {host(true, 443, "required"), bucket(), access.WebHost, 50, 50},
		"web host, IMDSv1":        {host(true, 443, "optional"), bucket(), access.WebHost, 65, 65},
		"private host":            {host(false, 22, "required"), bucket(), access.PrivateHost, 20, 20},
		"function by its URL":     {function(true, true), bucket(), access.WebHost, 50, 50},
		"a URL without a policy":  {function(true, false), bucket(), access.PrivateHost, 20, 20},
		"a policy without a URL":  {function(false, true), bucket(), access.PrivateHost, 20, 20},
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range judge(t, sealed(with(c.r, c.on))).Sheet.Rows {
				if r.Key != logs || r.Access != access.Read {
					continue
				}
				var worst *risk.Scored
				for i := range r.Full.Paths {
					if p := &r.Full.Paths[i]; p.Entry.Kind == c.kind {
						worst = p
						break
					}
				}
				if worst == nil {
					t.Fatalf("no way in of kind %s: %v", c.kind, r.Full.Terms)
				}
				low := r.Full.LowPoints
				if name != "root, unread" {
					low = worst.Low
				}
				if worst.High != c.high || low != c.low {
					t.Errorf("%d..%d points, want %d..%d: %v", low, worst.High, c.low, c.high, worst.Terms)
				}
			}
		})
	}
}

// What may hold the role was not all seen: somebody may run as it.
func TestUnseenCompute(t *testing.T) {
	for gap, service := range map[string]string{"AWS::EC2::Instance": "ec2", "AWS::Lambda::Function": "lambda", "AWS::ECS::Service": "ecs-tasks", "AWS::ECS::TaskDefinition": "ecs-tasks"} {
		a := judge(t, sealed([]snapshot.Resource{reader(trust("Service", service+".amazonaws.com")), bucket()}, gap))
		r := rows(a)[cell{logs, access.Read}]
		want := 70
		if service == "ec2" {
			want = 85 // its metadata may be open
		}
		if r.Beside.Points != want || r.Beside.LowPoints != 0 {
			t.Errorf("%s: %d..%d points, want 0..%d", gap, r.Beside.LowPoints, r.Beside.Points, want)
		}
	}
	// One Region answered, another did not.
	s := sealed(with(host(false, 22, "required"), bucket()))
	s.Coverage = append(s.Coverage, snapshot.Coverage{Service: "ec2", Region: "us-east-1", Call: "ec2:DescribeInstances", Types: []string{"AWS::EC2::Instance"}, Outcome: snapshot.Denied})
	s.Seal()
	if r := rows(judge(t, s))[cell{logs, access.Read}]; r.Beside.Points != 85 || r.Beside.LowPoints != 20 {
		t.Errorf("another Region: %d..%d points, want 20..85", r.Beside.LowPoints, r.Beside.Points)
	}
	// The instance is there, its profile is not.
	list := host(true, 22, "required")
	list = append(list[:2], list[3:]...)
	if r := rows(judge(t, sealed(with(list, bucket()))))[cell{logs, access.Read}]; r.Beside.Points != 85 {
		t.Errorf("a profile that is not there: %d points, want 85", r.Beside.Points)
	}
}

// Nothing readable at all: nothing is called safe.
func TestNothingRead(t *testing.T) {
	s := &snapshot.Snapshot{Account: ours}
	s.Seal()
	a := judge(t, s)
	if len(a.Sheet.Rows) != 2 || a.Sheet.Rows[0].Full.Level != 5 || a.Sheet.Rows[0].Full.LowLevel != 1 {
		t.Errorf("%+v", a.Sheet.Rows)
	}
}

// Forty administrators with MFA: the line at which administration is restricted to one team.
func TestBreadth(t *testing.T) {
	for n, want := range map[int]int{1: 30, 3: 30, 4: 35, 10: 35, 11: 40, 30: 40, 31: 45, 40: 45} {
		var list []snapshot.Resource
		report := []any{object{"User": "<root_account>", "MfaActive": true}}
		for i := range n - 1 { // root, too, is one who could
			u := fmt.Sprintf("u%02d", i)
			list = append(list, resource("AWS::IAM::User", arn("user", u), u, object{"UserName": u, "Policies": []any{object{"PolicyName": "all",
				"PolicyDocument": doc([]any{object{"Effect": "Allow", "Action": "*", "Resource": "*"}})}}}))
			report = append(report, object{"User": u, "Arn": arn("user", u), "PasswordEnabled": true, "MfaActive": true})
		}
		list = append(list, resource("AWS::IAM::CredentialReport", "arn:aws:iam::"+ours+":credential-report", "", object{"Rows": report}))
		a := judge(t, sealed(list))
		if n == 1 {
			want = 10
		}
		if got := a.Sheet.Rows[0].Full.Points; got != want {
			t.Errorf("%d administrators: %d points, want %d", n, got, want)
		}
	}
}

// Where MFA or a network will do, whoever signed in with MFA has it already: nothing is taken away for the other.
func TestEitherGuardWillDo(t *testing.T) {
	list := user(object{"PasswordEnabled": true, "MfaActive": true, "AccessKey1Active": true, "AccessKey1LastRotated": "2026-05-20T00:00:00Z"})
	read := func(condition object) object {
		return object{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*", "Condition": condition}
	}
	mfa, network := read(object{"Bool": object{"aws:MultiFactorAuthPresent": "true"}}), read(object{"IpAddress": object{"aws:SourceIp": "203.0.113.0/24"}})
	for name, c := range map[string]struct {
		statements    []any
		password, key int
	}{"MFA": {[]any{mfa}, 30, 45}, "network": {[]any{network}, 10, 45}, "either": {[]any{network, mfa}, 30, 45}} {
		list[0].Properties["Policies"] = []any{object{"PolicyName": "own", "PolicyDocument": doc(c.statements)}}
		got := map[string]int{}
		for _, p := range rows(judge(t, sealed(append(list[:2:2], bucket()))))[cell{logs, access.Read}].Beside.Paths {
			got[p.Entry.Kind] = p.High
		}
		if got[access.PasswordMFA] != c.password || got[access.AccessKey] != c.key {
			t.Errorf("%s: %v, want %d with the password and %d with the key", name, got, c.password, c.key)
		}
	}
}

// Which secret opens a database, and what a copy is of, was not read: it may be any. The way is there, and marked; so is the impact.
func TestUnreadOpeners(t *testing.T) {
	db := classed(resource("AWS::RDS::DBInstance", "arn:aws:rds:eu-west-1:"+ours+":db:shop", "shop", object{"DBInstanceIdentifier": "shop", "BackupRetentionPeriod": 7}), "restricted")
	secret := resource("AWS::SecretsManager::Secret", "arn:aws:secretsmanager:eu-west-1:"+ours+":secret:db-AbCdEf", "db", object{"Name": "db"})
	copied := resource("AWS::RDS::DBSnapshot", "arn:aws:rds:eu-west-1:"+ours+":snapshot:shop-1", "shop-1", object{"DBSnapshotIdentifier": "shop-1", "SharedWith": []any{"all"}})
	db.Region, secret.Region, copied.Region = "eu-west-1", "eu-west-1", "eu-west-1"
	db.Unknown, copied.Unknown = []string{"MasterUserSecret"}, []string{"DBInstanceIdentifier"}
	list := user(object{"PasswordEnabled": true, "MfaActive": true})
	list[0].Properties["Policies"] = []any{object{"PolicyName": "own", "PolicyDocument": doc([]any{object{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}})}}
	for name, opener := range map[string]struct {
		r         snapshot.Resource
		low, high int
	}{"secret": {secret, 0, 30}, "copy": {copied, 0, 100}} {
		a := rows(judge(t, sealed(append(list[:2:2], db, opener.r))))
		if b := a[cell{db.Key, access.Read}].Beside; b.LowPoints != opener.low || b.Points != opener.high {
			t.Errorf("%s: the database has %d…%d points, want %d…%d", name, b.LowPoints, b.Points, opener.low, opener.high)
		}
		if i := a[cell{opener.r.Key, access.Read}].Impact; i.Level != 5 || i.Low >= 5 {
			t.Errorf("%s: impact %d…%d %v", name, i.Low, i.Level, i.Terms)
		}
	}
}
