package assess

import (
	"slices"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/snapshot"
)

// The worked examples of the method.
func TestWorkedExamples(t *testing.T) {
	const github = "token.actions.githubusercontent.com"
	quiet := root(object{"MfaActive": true})
	classed := func(r snapshot.Resource, class string) snapshot.Resource {
		r.Tags = map[string]string{"data-class": class}
		return r
	}
	versioned := func(r snapshot.Resource) snapshot.Resource {
		r.Properties["VersioningConfiguration"] = object{"Status": "Enabled"}
		return r
	}
	may := func(r snapshot.Resource, actions ...any) snapshot.Resource {
		r.Properties["Policies"] = []any{object{"PolicyName": "own", "PolicyDocument": doc([]any{object{"Effect": "Allow", "Action": actions, "Resource": "*"}})}}
		return r
	}
	ci := func(subject string) snapshot.Resource {
		return reader(trust("Federated", "arn:aws:iam::"+ours+":oidc-provider/"+github, object{"StringLike": object{github + ":sub": subject}}))
	}
	check := func(name string, list []snapshot.Resource, key snapshot.Key, read, write int) {
		t.Helper()
		a := rows(judge(t, sealed(slices.Concat(quiet, list))))
		r, w := a[cell{key, access.Read}], a[cell{key, access.Write}]
		if r.Risk() != read || w.Risk() != write {
			t.Errorf("%s: read %d×%d %v, write %d×%d %v; want %d and %d", name, r.Impact.Level, r.Beside.Level, r.Beside.Terms, w.Impact.Level, w.Beside.Level, w.Beside.Terms, read, write)
		}
	}

	// A public website with a pinned CI identity: 1×5 and 3×2.
	check("website", []snapshot.Resource{may(ci("repo:acme/web:ref:refs/heads/main"), "s3:PutObject"), versioned(classed(bucket(everyone(nil)), "public"))}, logs, 5, 6)

	// Uploads: a web host with IMDSv1, a key of 400 days, six developers: 4×4 and 4×4.
	uploads := host(true, 443, "optional")
	uploads[0] = may(uploads[0], "s3:GetObject", "s3:PutObject")
	rowsOf := []any{object{"User": "<root_account>", "MfaActive": true}, object{"User": "ci", "Arn": arn("user", "ci"), "AccessKey1Active": true, "AccessKey1LastRotated": "2025-04-27T00:00:00Z"}}
	uploads = append(uploads, may(resource("AWS::IAM::User", arn("user", "ci"), "ci", object{"UserName": "ci"}), "s3:GetObject", "s3:PutObject"))
	for _, n := range []string{"a", "b", "c", "d", "e", "f"} {
		uploads = append(uploads, may(resource("AWS::IAM::User", arn("user", n), n, object{"UserName": n}), "s3:GetObject", "s3:PutObject"))
		rowsOf = append(rowsOf, object{"User": n, "Arn": arn("user", n), "PasswordEnabled": true, "MfaActive": true})
	}
	report := resource("AWS::IAM::CredentialReport", "arn:aws:iam::"+ours+":credential-report", "", object{"Rows": rowsOf})
	check("uploads", append(uploads, report, classed(bucket(), "confidential")), logs, 16, 16)

	// After the fixes the host asks for tokens and only reads, and a pinned identity writes to what keeps versions: 4×3 and 3×2.
	fixed := host(true, 443, "required")
	second := may(ci("repo:acme/web:environment:prod"), "s3:PutObject")
	second.Key, second.Name, second.Properties["RoleName"] = snapshot.Key(arn("role", "ci")), "ci", "ci"
	check("uploads, fixed", append(fixed, second, versioned(classed(bucket(), "confidential"))), logs, 12, 6)

	// With a lock and a copy that its writers cannot touch: 4×3 and 2×2.
	kept := versioned(classed(bucket(), "confidential"))
	kept.Properties["ObjectLockEnabled"] = true
	kept.Properties["ReplicationConfiguration"] = object{"Rules": []any{object{"Status": "Enabled", "Destination": object{"Bucket": "arn:aws:s3:::copy", "Account": "444455556666"}}}}
	check("uploads, fixed and kept", append(slices.Clip(append(fixed, second)), kept), logs, 12, 4)

	// An administrator role that a whole organisation may hold, and one that a branch may.
	account := access.AccountKey(&snapshot.Snapshot{Account: ours})
	check("administrator for an organisation", []snapshot.Resource{may(ci("repo:acme/*"), "*")}, account, 15, 15)
	check("administrator for a branch", []snapshot.Resource{may(ci("repo:acme/web:environment:prod"), "*")}, account, 10, 10)

	// A public snapshot of a restricted database: 5×5.
	db := resource("AWS::RDS::DBInstance", "arn:aws:rds:eu-west-1:"+ours+":db:shop", "shop", object{"DBInstanceIdentifier": "shop", "BackupRetentionPeriod": 7})
	db.Region = "eu-west-1"
	copied := resource("AWS::RDS::DBSnapshot", "arn:aws:rds:eu-west-1:"+ours+":snapshot:shop-1", "shop-1", object{"DBSnapshotIdentifier": "shop-1", "DBInstanceIdentifier": "shop", "SharedWith": []any{"all"}})
	copied.Region = "eu-west-1"
	check("public snapshot", []snapshot.Resource{classed(db, "restricted"), copied}, db.Key, 25, 5)

	// Who reads the secret of a database reads and writes it: a host that faces the internet does.
	secret := resource("AWS::SecretsManager::Secret", "arn:aws:secretsmanager:eu-west-1:"+ours+":secret:db-AbCdEf", "db", object{"Name": "db"})
	db = resource("AWS::RDS::DBInstance", "arn:aws:rds:eu-west-1:"+ours+":db:shop", "shop", object{"DBInstanceIdentifier": "shop", "BackupRetentionPeriod": 7,
		"MasterUserSecret": object{"SecretArn": string(secret.Key)}})
	shop := host(true, 443, "required")
	shop[0] = may(shop[0], "secretsmanager:GetSecretValue")
	check("database by its secret", append(shop, secret, classed(db, "restricted")), db.Key, 15, 15)

	// The same behind a load balancer, which is all that the internet reaches: 5×3.
	const elb, ec2 = "arn:aws:elasticloadbalancing:eu-west-1:" + ours + ":", "arn:aws:ec2:eu-west-1:" + ours + ":"
	shop = host(false, 8080, "required")
	shop[0] = may(shop[0], "secretsmanager:GetSecretValue")
	shop = append(shop,
		resource("AWS::EC2::SecurityGroup", ec2+"security-group/sg-lb", "", object{"GroupId": "sg-lb", "SecurityGroupIngress": []any{object{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}}}),
		resource("AWS::ElasticLoadBalancingV2::LoadBalancer", elb+"loadbalancer/app/shop/1", "shop", object{"Name": "shop", "Scheme": "internet-facing", "Subnets": []any{"subnet-1"}, "SecurityGroups": []any{"sg-lb"}}),
		resource("AWS::ElasticLoadBalancingV2::Listener", elb+"listener/app/shop/1/1", "", object{"LoadBalancerArn": elb + "loadbalancer/app/shop/1", "Port": 443,
			"DefaultActions": []any{object{"Type": "forward", "TargetGroupArn": elb + "targetgroup/shop/1"}}}),
		resource("AWS::ElasticLoadBalancingV2::TargetGroup", elb+"targetgroup/shop/1", "", object{"TargetType": "instance", "Port": 8080, "VpcId": "vpc-1", "Targets": []any{object{"Id": "i-1"}}}))
	shop = append(shop, secret, classed(db, "restricted"))
	check("database behind a load balancer", shop, db.Key, 15, 15)
	if r := rows(judge(t, sealed(slices.Concat(quiet, shop))))[cell{db.Key, access.Read}]; r.Low() != 15 || r.Beside.Worst.Says != "web-1, behind the load balancer shop on port 443" {
		t.Errorf("from %d on, by %s", r.Low(), r.Beside.Worst.Says)
	}
}

// Who administers everything is told once: the other rows show what remains, and count all of it beside.
func TestBesideTheAccount(t *testing.T) {
	list := user(object{"PasswordEnabled": true, "MfaActive": false})
	list[0].Properties["Policies"] = []any{object{"PolicyName": "all", "PolicyDocument": doc([]any{object{"Effect": "Allow", "Action": "*", "Resource": "*"}})}}
	r := rows(judge(t, sealed(append(list, bucket()))))[cell{logs, access.Read}]
	if r.Beside.Points != 0 || len(r.Beside.Paths) != 0 || r.Full.Points != 65 {
		t.Errorf("beside %d, full %d points; want 0 and 65", r.Beside.Points, r.Full.Points)
	}
	for _, p := range r.Full.Paths {
		if !p.ViaAccount {
			t.Errorf("%s is not marked as leading through the account", p.Entry.ID)
		}
	}
}
