package access

import (
	"math/rand/v2"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

// drawn makes small accounts in which anything of the routes may stand.
type drawn struct {
	*rand.Rand
	routes  []Route
	actions []string // of all needs
	gaps    bool
}

func newDrawn(seed, stream uint64) drawn {
	d := drawn{Rand: rand.New(rand.NewPCG(seed, stream)), routes: routesOnce(), gaps: seed%3 == 0}
	for i := range d.routes {
		for _, n := range d.routes[i].Needs {
			d.actions = append(d.actions, n.Action)
		}
	}
	return d
}

func (d drawn) one(of ...string) string { return of[d.IntN(len(of))] }
func (d drawn) chance(p float64) bool   { return d.Float64() < p }
func (d drawn) gap(p float64) bool      { return d.chance(p) && d.gaps }
func (d drawn) some(f func() string) any { // one to four
	var out []any
	for range 1 + d.IntN(4) {
		out = append(out, f())
	}
	return out
}

const (
	drawnKey    = "arn:aws:kms:eu-west-1:" + ours + ":key/one"
	drawnDomain = "arn:aws:es:eu-west-1:" + ours + ":domain/shop"
	drawnPoint  = "arn:aws:s3:eu-west-1:" + ours + ":accesspoint/readers"
	drawnSecret = "arn:aws:secretsmanager:eu-west-1:" + ours + ":secret:db-a1b2c3"
)

// action draws actions; those of one route together, since a route needs all of its own.
func (d drawn) action() string {
	switch {
	case d.chance(.15):
		return d.one("*", "iam:*", "s3:*", "kms:*", "lambda:*", "ec2:*", "ssm:*", "sts:*", "rds:*", "s3:Get*", "iam:Put*", "*:Get*", "iam:PassRole", "kms:Decrypt")
	case d.chance(.15):
		return "sts:AssumeRole"
	}
	return d.actions[d.IntN(len(d.actions))]
}

func (d drawn) resource() string {
	if d.chance(.5) {
		return "*"
	}
	return d.one("arn:aws:s3:::data", "arn:aws:s3:::data/*", "arn:aws:s3:::data/raw/*", "arn:aws:s3:::*", "arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::data/${aws:PrincipalTag/team}/*", drawnKey, drawnSecret,
		iamARN("role", "*"), iamARN("role", "app"), iamARN("role", "ops/deploy"), iamARN("user", "*"), iamARN("user", "bob"), iamARN("user", "${aws:username}"), iamARN("policy", "m0"), iamARN("group", "devs"),
		"arn:aws:lambda:*:*:function:dev-*", "arn:aws:lambda:eu-west-1:"+ours+":function:orders", "arn:aws:ec2:*:*:instance/*", "arn:aws:ssm:*:*:parameter/shop", "arn:aws:ssm:*:*:parameter/shop/*",
		"arn:aws:sqs:*:*:jobs", "arn:aws:dynamodb:*:*:table/orders", "arn:aws:rds:*:*:*", "arn:aws:ec2:*::snapshot/*", "arn:aws:ec2:*:*:snapshot/*",
		drawnDomain, drawnDomain+"/*", drawnDomain+"/logs-*", drawnDomain+"/${aws:username}/*", "arn:aws:backup:*:*:recovery-point:*", "arn:aws:rds:*:*:snapshot:awsbackup:*", drawnPoint+"/object/*", drawnPoint+"/object/raw/*")
}

func (d drawn) condition() object {
	switch d.IntN(9) {
	case 0:
		return object{"Bool": object{"aws:MultiFactorAuthPresent": "true"}}
	case 1:
		return object{"BoolIfExists": object{"aws:MultiFactorAuthPresent": d.one("true", "false")}}
	case 2:
		return object{d.one("IpAddress", "NotIpAddress"): object{"aws:SourceIp": "203.0.113.0/24"}}
	case 3:
		return object{"StringEquals": object{"aws:PrincipalOrgID": "o-1"}}
	case 4:
		return object{"StringEquals": object{"iam:PassedToService": d.one("lambda.amazonaws.com", "ec2.amazonaws.com")}}
	case 5:
		return object{d.one("StringEquals", "StringNotEquals"): object{"iam:PermissionsBoundary": iamARN("policy", "m0")}}
	case 6:
		return object{"StringEquals": object{"aws:ResourceTag/team": d.one("${aws:PrincipalTag/team}", "red")}}
	case 7:
		return object{"StringLike": object{"kms:ViaService": d.one("s3.*", "secretsmanager.eu-west-1.amazonaws.com")}}
	}
	return object{"StringEquals": object{"aws:RequestedRegion": "eu-west-1"}}
}

// statement draws one; kind says where it stands.
func (d drawn) statement(kind string) object {
	st := object{"Effect": "Allow", "Action": d.some(d.action), "Resource": d.resource()}
	if d.chance(.12) {
		st["Effect"] = "Deny"
	}
	switch x := d.Float64(); {
	case x < .1:
		st["Action"] = d.one("iam:Put*", "iam:*Policy*", "iam:*Boundary", "iam:*") // permissions to change permissions
	case x < .5: // all that one route needs
		rt := d.routes[d.IntN(len(d.routes))]
		var needed []any
		for _, n := range rt.Needs {
			needed = append(needed, n.Action)
		}
		st["Action"] = needed
	}
	switch kind {
	case "trust":
		delete(st, "Resource")
		st["Action"] = d.one("sts:AssumeRole", "sts:*", "sts:AssumeRole")
		fallthrough
	case "resource":
		switch {
		case d.chance(.2):
			st["Principal"] = "*"
		case d.chance(.3):
			st["Principal"] = object{"Service": d.one("lambda.amazonaws.com", "ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "glue.amazonaws.com")}
		default:
			st["Principal"] = object{"AWS": d.one(iamARN("user", "ada"), iamARN("role", "app"), iamARN("role", "ops/deploy"), "arn:aws:iam::"+ours+":root", "arn:aws:iam::"+theirs+":root")}
		}
		if st["Effect"] == "Deny" && d.chance(.5) {
			delete(st, "Principal")
			st["NotPrincipal"] = object{"AWS": []any{"arn:aws:iam::" + ours + ":root", iamARN("user", "ada")}}
		}
	}
	if d.chance(.3) {
		st["Condition"] = d.condition()
	}
	if d.gap(.02) {
		st["Condition"] = object{"ForAnyValues:StringLike": object{"aws:TagKeys": "x"}} // not understood
	}
	return st
}

func (d drawn) document(kind string) object {
	var list []any
	for range 1 + d.IntN(3) {
		list = append(list, d.statement(kind))
	}
	if kind == "identity" {
		for range d.IntN(5) {
			list = append(list, d.statement(kind))
		}
	}
	return object{"Version": "2012-10-17", "Statement": list}
}

// account draws one.
func (d drawn) account(a *sample) {
	tag := func(r *snapshot.Resource) *snapshot.Resource {
		if d.chance(.5) {
			r.Tags = map[string]string{"team": d.one("red", "blue")}
		}
		return r
	}
	for i := range 3 {
		name := "m" + string(rune('0'+i))
		doc := d.document("identity")
		if i == 0 { // often the boundary
			doc["Statement"] = append(doc["Statement"].([]any), object{"Effect": "Allow", "Action": d.some(func() string { return d.one("iam:*", "s3:*", "lambda:*", "kms:*", "sts:*", "dynamodb:*", "sqs:*") }), "Resource": "*"})
		}
		a.thing("AWS::IAM::ManagedPolicy", iamARN("policy", name), object{"PolicyDocument": doc}).Name = name
	}
	who := func(r *snapshot.Resource) {
		tag(r)
		if d.chance(.7) {
			r.Properties["Policies"] = a.plain([]any{object{"PolicyName": "own", "PolicyDocument": d.document("identity")}})
		}
		for _, m := range []string{"m1", "m2"} {
			if d.chance(.3) {
				l, _ := r.Properties["ManagedPolicyArns"].([]any)
				r.Properties["ManagedPolicyArns"] = append(l, iamARN("policy", m))
			}
		}
		if d.chance(.3) && r.Type != "AWS::IAM::Group" {
			r.Properties["PermissionsBoundary"] = iamARN("policy", "m0")
		}
		for _, p := range []string{"Policies", "ManagedPolicyArns", "PermissionsBoundary", "Tags"} {
			if d.gap(.03) {
				r.Unknown = append(r.Unknown, p)
			}
		}
	}
	for _, u := range []string{"ada", "bob", "cyd"} {
		r := a.user(u)
		who(r)
		if d.chance(.4) {
			r.Properties["Groups"] = []any{"devs"}
		}
	}
	for _, name := range []string{"app", "ops/deploy", "aws-service-role/x.amazonaws.com/AWSServiceRoleForX"} {
		r := a.role(name, nil)
		r.Properties["RoleName"] = last(name, "/")
		r.Properties["AssumeRolePolicyDocument"] = a.plain(d.document("trust"))
		who(r)
	}
	if d.chance(.2) { // somebody of another account, of whom a file told
		r := a.role("theirs", nil)
		r.Key, r.Account = snapshot.Key("arn:aws:iam::"+theirs+":role/theirs"), theirs
		r.Properties["AssumeRolePolicyDocument"] = a.plain(d.document("trust"))
		who(r)
	}
	who(a.thing("AWS::IAM::Group", iamARN("group", "devs"), object{"GroupName": "devs"}))
	thing := func(typ, arn string, p object) {
		r := tag(a.thing(typ, arn, p))
		if d.chance(.5) {
			r.Policy = []byte(d.text(a, "resource"))
		}
		for _, u := range []string{"Policy", "Tags", "KmsKeyId", "BucketEncryption", "Role"} {
			if d.gap(.04) {
				r.Unknown = append(r.Unknown, u)
			}
		}
	}
	r := a.thing("AWS::KMS::Key", drawnKey, object{"KeyManager": "CUSTOMER", "KeyPolicy": d.document("resource")})
	if d.chance(.3) {
		r.Properties["Grants"] = []any{map[string]any{"GranteePrincipal": iamARN("role", "app"), "Operations": []any{"Decrypt"}}}
	}
	encrypted := object{"BucketName": "data", "BucketEncryption": object{"ServerSideEncryptionConfiguration": []any{object{"ServerSideEncryptionByDefault": object{"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": drawnKey}}}}}
	thing("AWS::S3::Bucket", "arn:aws:s3:::data", encrypted)
	thing("AWS::S3::Bucket", "arn:aws:s3:::ada", object{"BucketName": "ada"})
	thing("AWS::SecretsManager::Secret", drawnSecret, object{"Name": "db", "KmsKeyId": drawnKey})
	thing("AWS::SSM::Parameter", "arn:aws:ssm:eu-west-1:"+ours+":parameter/shop/prod/db", object{"Type": "SecureString", "KeyId": drawnKey})
	thing("AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:"+ours+":jobs", object{})
	thing("AWS::DynamoDB::Table", "arn:aws:dynamodb:eu-west-1:"+ours+":table/orders", object{"DeletionProtectionEnabled": d.chance(.5)})
	thing("AWS::Lambda::Function", "arn:aws:lambda:eu-west-1:"+ours+":function:orders", object{"Role": iamARN("role", "app")})
	thing("AWS::Backup::BackupVault", "arn:aws:backup:eu-west-1:"+ours+":backup-vault:main", object{"BackupVaultName": "main"})
	thing("AWS::OpenSearchService::Domain", drawnDomain, object{"DomainName": "shop"})
	thing("AWS::S3::AccessPoint", drawnPoint, object{"Name": "readers", "Bucket": "data", "NetworkOrigin": d.one("Internet", "VPC"), "PublicAccessBlockConfiguration": object{"RestrictPublicBuckets": d.chance(.5)}})
	rds := "arn:aws:rds:eu-west-1:" + ours + ":"
	thing("AWS::RDS::DBInstance", rds+"db:orders", object{"DBInstanceIdentifier": "orders", "KmsKeyId": drawnKey, "MasterUserSecret": object{"SecretArn": drawnSecret}, "EnableIAMDatabaseAuthentication": d.chance(.5)})
	thing("AWS::RDS::DBSnapshot", rds+"snapshot:orders-1", object{"DBInstanceIdentifier": "orders", "DBSnapshotIdentifier": "orders-1", "Encrypted": d.chance(.7), "KmsKeyId": drawnKey, "SharedWith": []any{theirs}})
	ec2 := "arn:aws:ec2:eu-west-1:" + ours + ":"
	thing("AWS::EC2::Volume", ec2+"volume/vol-1", object{"VolumeId": "vol-1"})
	thing("AWS::EC2::Snapshot", "arn:aws:ec2:eu-west-1::snapshot/snap-1", object{"SnapshotId": "snap-1", "VolumeId": "vol-1", "Encrypted": d.chance(.5), "KmsKeyId": drawnKey})
	a.thing("AWS::IAM::InstanceProfile", iamARN("instance-profile", "app"), object{"InstanceProfileName": "app", "Roles": []any{d.one("app", "deploy")}})
	thing("AWS::EC2::Instance", ec2+"instance/i-1", object{"InstanceId": "i-1", "State": "running", "IamInstanceProfile": iamARN("instance-profile", "app")})
	if d.chance(.3) {
		scp := func(name string, level int, statements ...any) {
			r := a.thing("AWS::Organizations::Policy", "arn:aws:organizations::"+theirs+":policy/o-1/"+name, object{"Name": name, "Type": "SERVICE_CONTROL_POLICY", "Level": float64(level),
				"Content": object{"Version": "2012-10-17", "Statement": statements}})
			r.Account = theirs
		}
		a.thing("AWS::Organizations::Organization", "arn:aws:organizations::"+theirs+":organization/o-1", object{"Id": "o-1", "ManagementAccountId": theirs})
		scp("full", 0, object{"Effect": "Allow", "Action": "*", "Resource": "*"})
		scp("more", 0, d.statement("identity"))
	}
	for _, typ := range readTypes {
		if d.gap(.05) {
			a.gaps = append(a.gaps, typ)
		}
	}
}

func (d drawn) text(a *sample, kind string) string {
	return string(snapshot.AsDocument(a.plain(d.document(kind))))
}

// compiled is the table of a snapshot.
func compiled(s *snapshot.Snapshot, o Options) *Table {
	return Compile(s, decide.Compile(s), network.Compile(s), routesOnce(), o)
}

// cuts draws what a what-if leaves out.
func (d drawn) cuts(t *Table) []string {
	var out []string
	for range 1 + d.IntN(2) {
		switch d.IntN(6) {
		case 0:
			out = append(out, d.routes[d.IntN(len(d.routes))].ID)
		case 1:
			out = append(out, t.actors[d.IntN(len(t.actors))])
		case 2:
			from, to := t.actors[d.IntN(len(t.actors))], t.snap.Resources[d.IntN(len(t.snap.Resources))].Key
			out = append(out, from+">"+string(to), from+">"+string(t.Account))
		case 3:
			out = append(out, d.one(iamARN("policy", "m1"), iamARN("policy", "m2"), "own", "bucket policy of data"))
		case 4:
			out = append(out, d.one(iamARN("policy", "m1"), iamARN("policy", "m2"), "own")+d.one("#0", "#1"))
		case 5:
			if all := t.Entries(); len(all) > 0 {
				out = append(out, all[d.IntN(len(all))].ID)
			}
		}
	}
	return out
}

// oneByOne is the same table with every edge of the account's own principals made by asking the plain evaluator one by one, and none
// left out because another is as good.
func (t *Table) oneByOne() *Table {
	t.exposeAll()
	ref := &Table{Account: t.Account, snap: &snapshot.Snapshot{Account: t.snap.Account, Partition: t.snap.Partition}, decisions: t.decisions, into: map[node][]*edge{}, entries: t.entries, admins: t.admins,
		kinds: t.kinds, cut: t.cut, single: map[node][]*edge{}, outright: map[node]bool{}, changedSelves: t.changedSelves}
	own := map[node]bool{}
	for actor, n := range t.nodes {
		own[n] = actor != t.engine.Root()
	}
	for _, list := range t.into {
		for _, e := range list {
			if !own[e.from] {
				ref.add(e)
			}
		}
	}
	add := func(from, to node, by string, v verdict, e edge) {
		if v.outcome != iam.Deny {
			e.from, e.to, e.by = from, to, by
			v.onto(&e)
			ref.add(&e)
		}
	}
	var queries []decide.Query
	met := map[node]bool{}
	for _, p := range t.decisions.Principals() {
		queries = append(queries, decide.Query{Principal: string(p)})
	}
	plain := len(queries)
	for at := 0; at < len(queries); at++ {
		as := queries[at]
		changed := at >= plain
		from := node{as.Principal, None}
		if changed {
			from = changedNode(as)
		} else {
			add(from, node{string(t.Account), Admin}, "administrator", t.administers(as), edge{direct: true})
		}
		for _, r := range t.snap.OfType("AWS::IAM::Role") {
			if string(r.Key) != as.Principal {
				q := as
				q.Action, q.On = "sts:AssumeRole", r.Key
				add(from, node{string(r.Key), None}, "assume-role", verdict{outcome: iam.Allow, seen: true}.and(t.explain(q)), edge{})
			}
		}
		for i := range t.routes {
			rt := &t.routes[i]
			for _, r := range t.ofType(rt.On) {
				to, ok := t.target(rt, r)
				state := t.holds(rt, r)
				users := strings.Contains(strings.Join(rt.When, ","), callerUser)
				if !ok || state == snapshot.Absent || users && !strings.Contains(as.Principal, ":user/") || rt.Self && (changed || !t.isSelf(r, as.Principal)) || to == from || to == (node{as.Principal, None}) {
					continue
				}
				v, _ := t.needsAs(rt, r, as)
				if v.outcome == iam.Deny {
					continue
				}
				if state == snapshot.Unknown {
					v.outcome, v.seen = iam.Unknown, false
				}
				if (!holds(rt) || rt.On == accountType) && !changed {
					if then, limited := t.limits(rt, r, as.Principal); limited {
						to = changedNode(then)
						if !met[to] {
							met[to], ref.kinds[to.id] = true, then.Principal
							queries = append(queries, then)
						}
					}
				}
				add(from, to, rt.ID, v, edge{direct: rt.Direct, trace: rt.Trace})
			}
		}
	}
	return ref
}
