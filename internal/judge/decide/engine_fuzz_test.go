package decide

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// draw makes a small account in which anything may stand: the compiled engine must decide it as the reference does.
type drawing struct {
	*rand.Rand
	gaps      bool // some of the account is not read, or not understood
	partition string
}

func (d drawing) one(of ...string) string { return of[d.IntN(len(of))] }

func (d drawing) some(n int, of ...string) []any {
	var out []any
	for range 1 + d.IntN(n) {
		out = append(out, d.one(of...))
	}
	return out
}

func (d drawing) chance(p float64) bool { return d.Float64() < p }

func (d drawing) gap(p float64) bool { return d.chance(p) && d.gaps }

const (
	other  = "444455556666"
	prefix = "arn:aws:iam::" + account + ":"
)

var (
	drawnUsers = []string{"ada", "bob", "team/cyd"}
	drawnRoles = []string{"app", "twin/app", "ops/deploy", "ci-main", "aws-service-role/x.amazonaws.com/AWSServiceRoleForX"}
	drawnKeys  = []string{
		"aws:PrincipalArn", "aws:PrincipalTag/team", "aws:principaltag/TEAM", "aws:ResourceTag/team", "aws:ResourceAccount", "aws:username", "aws:userid",
		"aws:SourceIp", "aws:MultiFactorAuthPresent", "aws:PrincipalOrgID", "aws:PrincipalAccount", "aws:PrincipalType", "aws:SecureTransport",
		"kms:ViaService", "kms:CallerAccount", "aws:SourceArn", "aws:SourceAccount", "aws:SourceOwner", "aws:TagKeys", "s3:ResourceAccount",
		"secretsmanager:ResourceTag/team", "aws:PrincipalIsAWSService", "aws:RequestedRegion", "aws:CurrentTime", "sts:ExternalId", "aws:ViaAWSService",
		"aws:PrincipalTag/empty", "aws:ResourceTag/empty", "dynamodb:ResourceTag/Team", "aws:CalledVia", "aws:PrincipalOrgPaths", "kms:EncryptionContext:a",
		"kms:EncryptionContextKeys", "aws:MultiFactorAuthAge", "aws:SourceVpc", "iam:PermissionsBoundary",
	}
	drawnActions = []string{
		"s3:GetObject", "s3:PutObject", "s3:GetBucketPolicy", "s3:PutBucketPolicy", "kms:Decrypt", "kms:RetireGrant", "kms:PutKeyPolicy", "sts:AssumeRole",
		"sts:GetCallerIdentity", "sts:TagSession", "iam:PassRole", "iam:UpdateRole", "iam:AttachRolePolicy", "secretsmanager:GetSecretValue", "dynamodb:GetItem",
		"sqs:SendMessage", "iam:CreatePolicyVersion", "elasticfilesystem:ClientMount", "elasticfilesystem:DescribeFileSystems",
	}
)

func (d drawing) actions() []any {
	return d.some(3, append([]string{"*", "s3:*", "s3:Get*", "kms:*", "sts:*", "iam:*", "S3:getobject", "?ms:Decrypt", "sqs:*", "*:Get*", "secretsmanager:*"}, drawnActions...)...)
}

func (d drawing) resources() []any {
	return d.some(3, "*", "arn:aws:s3:::data", "arn:aws:s3:::data/*", "arn:aws:s3:::d*", "arn:aws:s3:::*/x", "arn:*:s3:*:*:logs/*", "arn:aws:s3:::${aws:username}/*",
		"arn:aws:s3:::${aws:PrincipalTag/team}-*", "arn:aws:s3:::data/${aws:ResourceTag/team}", "arn:aws:s3:::data/${aws:PrincipalTag/none, 'x'}", "arn:aws:s3:::data/${aws:SourceIp}",
		"arn:aws:kms:*:*:key/*", "arn:aws:kms:eu-west-1:"+account+":key/one", "arn:aws:kms", "arn:aws:iam::*:role/*", "arn:aws:iam::"+account+":role/ci-*", prefix+"role/app",
		"arn:aws:secretsmanager:eu-west-1:"+account+":secret:db-??????", "arn:aws:sqs:*:"+account+":*", "arn:aws:dynamodb:*:*:table/?rders", "arn:aws:s3:::${*}", "arn:aws:s3:::data/${missing}/a", "arn:aws:sqs:*:jobs", "arn:aws:*:key/*", "arn:*:secret:db-*",
		"arn:aws:s3:::${aws:PrincipalTag/none, 'd'}*", "arn:aws:s3:::${aws:ResourceTag/team, 'red'}-x", "arn:aws:s3:::data/${aws:PrincipalTag/empty}x", "arn:aws:s3:::*${$}*", "arn:aws:s3:::dat${?}",
		"arn:aws:s3:::data/${aws:ResourceTag/none, 'a}b'}", "*${aws:username}", "arn:aws:${aws:username}:::data", "arn:aws:s3:::data/${aws:TagKeys}", "arn:aws:s3:::data/${aws:username", "arn:aws:s3:::more-?",
		"arn:aws:s3:::more-*/x", "arn:aws:s3:::${aws:username}-${aws:ResourceTag/team}", "arn:aws:sqs:eu-west-1:"+account+":${aws:PrincipalTag/team}-*")
}

func (d drawing) who() any {
	arns := []string{prefix + "root", account, other, "arn:aws:iam::" + other + ":root", "arn:aws:iam::" + other + ":role/x", "arn:aws:sts::" + account + ":assumed-role/app/one",
		"arn:aws:sts::" + account + ":assumed-role/deploy/two", "AIDAJQABLZS4A3QDU576Q",
		"arn:aws:sts::" + other + ":assumed-role/app/one", "arn:aws:sts::" + account + ":federated-user/ada"}
	for _, u := range drawnUsers {
		arns = append(arns, prefix+"user/"+u)
	}
	for _, r := range drawnRoles {
		arns = append(arns, prefix+"role/"+r)
	}
	switch {
	case d.chance(.25):
		return "*"
	case d.chance(.1):
		return object{"AWS": "*"}
	case d.chance(.1):
		return object{"AWS": append(d.some(3, arns...), "*")}
	case d.chance(.1):
		return object{"Service": d.some(2, "lambda.amazonaws.com", "s3.amazonaws.com")}
	}
	return object{"AWS": d.some(3, arns...)}
}

func (d drawing) conditions() object {
	out := object{}
	for range 1 + d.IntN(2) {
		op := d.one("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "ArnLike", "ArnNotLike", "Bool", "Null", "IpAddress", "NotIpAddress", "StringEqualsIgnoreCase",
			"ForAnyValue:StringEquals", "ForAllValues:StringLike", "ForAnyValue:StringNotEquals", "ForAllValues:StringNotEquals", "DateGreaterThan", "NumericLessThan")
		if op != "Null" && d.chance(.25) {
			op += "IfExists"
		}
		values := d.some(2, "red", "blue", "${aws:PrincipalTag/team}", "${aws:username}", "${aws:ResourceTag/team}", "*", "true", "false", account, "o-1", prefix+"role/ci-*", prefix+"user/ada", "r*", "${aws:PrincipalTag/none, 'red'}")
		switch op {
		case "Null", "NullIfExists", "Bool", "BoolIfExists":
			values = []any{d.one("true", "false")}
		case "IpAddress", "NotIpAddress", "IpAddressIfExists", "NotIpAddressIfExists":
			values = []any{"10.0.0.0/8"}
		case "DateGreaterThan", "DateGreaterThanIfExists":
			values = []any{"2026-01-01T00:00:00Z"}
		case "NumericLessThan", "NumericLessThanIfExists":
			values = []any{"5"}
		case "ArnLike", "ArnNotLike", "ArnLikeIfExists", "ArnNotLikeIfExists":
			values = d.some(2, prefix+"role/*", prefix+"user/${aws:username}", "arn:aws:iam::*:role/app", "arn:*:iam::"+account+":*")
		}
		m, _ := out[op].(object)
		if m == nil {
			m = object{}
		}
		m[d.key()] = values
		out[op] = m
	}
	return out
}

// principals draws Principal or NotPrincipal.
func (d drawing) principals(st object) {
	switch {
	case !d.chance(.15) || st["Effect"] == "Allow" && !d.chance(.1):
		st["Principal"] = d.who()
	case d.chance(.2):
		st["NotPrincipal"] = d.who()
	default:
		st["NotPrincipal"] = object{"AWS": d.some(3, prefix+"root", prefix+"user/ada", prefix+"role/app", prefix+"role/"+drawnRoles[len(drawnRoles)-1], "arn:aws:sts::"+account+":assumed-role/app/one"),
			"Service": "s3.amazonaws.com"}
	}
}

// policy draws a document; kind says what it is attached to.
func (d drawing) policy(kind string) object {
	var list []any
	for range 1 + d.IntN(3) {
		st := object{"Effect": "Allow"}
		if d.chance(.35) {
			st["Effect"] = "Deny"
		}
		if d.chance(.12) {
			st["NotAction"] = d.actions()
		} else {
			st["Action"] = d.actions()
		}
		switch {
		case kind == "trust":
		case d.chance(.1):
			st["NotResource"] = d.resources()
		case d.chance(.4):
			st["Resource"] = "*"
		default:
			st["Resource"] = d.resources()
		}
		if kind == "resource" || kind == "trust" {
			d.principals(st)
		}
		if kind == "rcp" {
			st["Principal"] = "*"
			if d.chance(.2) {
				delete(st, "Principal")
				d.principals(st)
			}
		}
		if d.chance(.45) {
			st["Condition"] = d.conditions()
		}
		if d.gap(.03) {
			st["Condition"] = object{"ForAnyValues:StringLike": object{"aws:TagKeys": "x"}} // not understood
		}
		list = append(list, st)
	}
	out := object{"Version": "2012-10-17", "Statement": list}
	if d.chance(.1) {
		out["Version"] = "2008-10-17"
	}
	return out
}

func (d drawing) account() *snapshot.Snapshot {
	s := &snapshot.Snapshot{Account: account, Partition: d.partition}
	add := func(r snapshot.Resource) { s.Resources = append(s.Resources, r) }
	doc := func(o object) json.RawMessage {
		b, err := json.Marshal(o)
		if err != nil {
			panic(err)
		}
		return b
	}
	tags := func() map[string]string {
		if d.chance(.4) {
			return nil
		}
		out := map[string]string{d.one("team", "Team", "env"): d.one("red", "blue", "ada")}
		for d.chance(.3) {
			out[d.one("empty", "env")] = d.one("", "red", "*")
		}
		return out
	}
	var managed []any
	for i := range 3 {
		arn := prefix + "policy/m" + strconv.Itoa(i)
		managed = append(managed, arn)
		add(snapshot.Resource{Key: snapshot.Key(arn), Type: "AWS::IAM::ManagedPolicy", Account: account, Name: "m", Properties: object{"PolicyDocument": doc(d.policy("identity"))}})
	}
	principal := func(kind, typ, name string) snapshot.Resource {
		r := snapshot.Resource{Key: snapshot.Key(prefix + kind + "/" + name), Type: typ, Account: account, Name: name, Tags: tags(), Properties: object{}}
		if d.chance(.7) {
			r.Properties["Policies"] = []any{object{"PolicyName": "own", "PolicyDocument": d.policy("identity")}}
		}
		for _, m := range managed {
			if d.chance(.4) {
				l, _ := r.Properties["ManagedPolicyArns"].([]any)
				r.Properties["ManagedPolicyArns"] = append(l, m)
			}
		}
		if d.chance(.25) {
			r.Properties["PermissionsBoundary"] = managed[0]
		}
		for _, u := range []string{"Policies", "Tags", "PermissionsBoundary", "ManagedPolicyArns"} {
			if d.gap(.03) {
				r.Unknown = append(r.Unknown, u)
			}
		}
		return r
	}
	for _, g := range []string{"devs", "ops"} {
		add(principal("group", "AWS::IAM::Group", g))
		s.Resources[len(s.Resources)-1].Properties["GroupName"] = g
	}
	for _, u := range drawnUsers {
		r := principal("user", "AWS::IAM::User", u)
		r.Properties["UserId"] = "AIDAJQABLZS4A3QDU576Q"
		if d.chance(.4) {
			r.Properties["Groups"] = d.some(2, "devs", "ops")
		}
		add(r)
	}
	if d.chance(.1) { // somebody of another account, of whom a file told
		r := principal("user", "AWS::IAM::User", "eve")
		r.Key, r.Account = snapshot.Key("arn:aws:iam::"+other+":user/eve"), other
		add(r)
	}
	for _, name := range drawnRoles {
		r := principal("role", "AWS::IAM::Role", name)
		r.Properties["AssumeRolePolicyDocument"] = doc(d.policy("trust"))
		add(r)
	}
	thing := func(typ, arn string, always bool) {
		r := snapshot.Resource{Key: snapshot.Key(arn), Type: typ, Account: account, Name: arn, Tags: tags(), Properties: object{}}
		if d.chance(.1) {
			r.Account = other
		}
		if always || d.chance(.7) {
			r.Policy = doc(d.policy("resource"))
		}
		for _, u := range []string{"Policy", "Tags"} {
			if d.gap(.04) {
				r.Unknown = append(r.Unknown, u)
			}
		}
		if typ == "AWS::KMS::Key" {
			r.Properties["KeyPolicy"], r.Policy = r.Policy, nil
			if d.chance(.4) {
				r.Properties["Grants"] = []any{object{"GranteePrincipal": d.one(prefix+"user/ada", prefix+"role/app", prefix+"root", account, other, "s3.amazonaws.com", "arn:aws:sts::"+account+":assumed-role/app/one", prefix+"role/twin/app"), "Operations": d.some(2, "Decrypt", "RetireGrant"),
					"Constraints": object{d.one("EncryptionContextEquals", "EncryptionContextSubset", "None"): object{"a": "b"}}}}
			}
			if d.gap(.05) {
				r.Unknown = append(r.Unknown, "Grants")
			}
		}
		if typ == "AWS::S3::Bucket" && d.chance(.4) {
			r.Properties["PublicAccessBlockConfiguration"] = object{"RestrictPublicBuckets": d.chance(.5)}
			if d.gap(.2) {
				r.Unknown = append(r.Unknown, "PublicAccessBlockConfiguration")
			}
		}
		add(r)
	}
	for _, b := range []string{"data", "data2", "logs", "ada", "red-x"} {
		thing("AWS::S3::Bucket", "arn:aws:s3:::"+b, false)
	}
	thing("AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+account+":key/one", true)
	thing("AWS::KMS::Key", "arn:aws:kms:eu-west-1:"+account+":key/two", true)
	thing("AWS::SecretsManager::Secret", "arn:aws:secretsmanager:eu-west-1:"+account+":secret:db-a1b2c3", false)
	thing("AWS::DynamoDB::Table", "arn:aws:dynamodb:eu-west-1:"+account+":table/orders", false)
	thing("AWS::EFS::FileSystem", "arn:aws:elasticfilesystem:eu-west-1:"+account+":file-system/fs-1", false)
	thing("AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:"+account+":jobs", false)
	organisation := d.chance(.4)
	if d.chance(.2) {
		add(snapshot.Resource{Key: "block", Type: "AWS::S3::AccountPublicAccessBlock", Account: d.one(account, other), Properties: object{"RestrictPublicBuckets": d.chance(.5)}})
	}
	if organisation {
		master := d.one(other, other, account)
		add(snapshot.Resource{Key: "arn:aws:organizations::1:organization/o-1", Type: "AWS::Organizations::Organization", Properties: object{"Id": "o-1", "ManagementAccountId": master}})
		if d.chance(.3) { // some accounts have no policy on a level, or two
			add(snapshot.Resource{Key: "scp-more", Type: "AWS::Organizations::Policy", Properties: object{"Name": "more", "Type": "SERVICE_CONTROL_POLICY", "Level": float64(d.IntN(3)), "Content": doc(d.policy("identity"))}})
		}
		for i := range d.IntN(3) {
			content := d.policy("identity")
			if d.chance(.6) {
				content = object{"Version": "2012-10-17", "Statement": []any{object{"Effect": "Allow", "Action": "*", "Resource": "*"}, content["Statement"].([]any)[0]}}
			}
			add(snapshot.Resource{Key: snapshot.Key("scp" + strconv.Itoa(i)), Type: "AWS::Organizations::Policy", Properties: object{"Name": "scp", "Type": "SERVICE_CONTROL_POLICY", "Level": float64(i), "Content": doc(content)}})
		}
		if d.chance(.5) {
			content := d.policy("rcp")
			content["Statement"] = append(content["Statement"].([]any), object{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})
			add(snapshot.Resource{Key: "rcp", Type: "AWS::Organizations::Policy", Properties: object{"Name": "rcp", "Type": "RESOURCE_CONTROL_POLICY", "Level": float64(0), "Content": doc(content)}})
		}
	}
	for _, typ := range []string{"AWS::Organizations::Organization", "AWS::Organizations::Policy", "AWS::S3::AccountPublicAccessBlock"} {
		c := snapshot.Coverage{Service: "test", Call: typ, Types: []string{typ}, Outcome: snapshot.OK}
		if d.gap(.15) {
			c.Outcome = snapshot.Denied
		}
		s.Coverage = append(s.Coverage, c)
	}
	for i := range s.Resources {
		d.move(&s.Resources[i])
	}
	s.Seal()
	return s
}

// here is an ARN in the account's partition.
func (d drawing) here(arn string) string {
	return strings.ReplaceAll(arn, "arn:aws:", "arn:"+d.partition+":")
}

// move takes a resource to the account's partition.
func (d drawing) move(r *snapshot.Resource) {
	if d.partition == "aws" {
		return
	}
	r.Key, r.Policy = snapshot.Key(d.here(string(r.Key))), json.RawMessage(d.here(string(r.Policy)))
	b, err := json.Marshal(r.Properties)
	if err != nil {
		panic(err)
	}
	r.Properties = nil
	if err := json.Unmarshal([]byte(d.here(string(b))), &r.Properties); err != nil {
		panic(err)
	}
}

// key draws a condition key, more often one of those that several of principal, resource and question may fix.
func (d drawing) key() string {
	if d.chance(.5) {
		return d.one("aws:username", "aws:PrincipalTag/team", "kms:CallerAccount", "aws:PrincipalArn", "aws:ResourceTag/team", "aws:SourceIp")
	}
	return d.one(drawnKeys...)
}

// context draws what a request says of keys; a key with no values is missing.
func (d drawing) context() map[string][]string {
	out := map[string][]string{}
	for range 1 + d.IntN(2) {
		var values []string
		for range d.IntN(4) {
			values = append(values, d.one("red", "blue", "true", account, "", "10.1.2.3", "o-1"))
		}
		out[d.key()] = values
	}
	return out
}

// columns draws more columns beside those of the account's resources: so many that they do not fit one word or two, some of them twice,
// and some that fix keys that principals have too.
func (d drawing) columns(beside []Column) []Column {
	var out []Column
	if d.chance(.2) {
		for i := range 20 + d.IntN(120) {
			out = append(out, Column{Resource: "arn:aws:s3:::more-" + strconv.Itoa(i)})
		}
	}
	for d.chance(.7) {
		c := beside[d.IntN(len(beside))]
		if d.chance(.7) {
			c.Context = d.context()
		}
		if d.chance(.3) {
			c.Absent = []string{d.key()}
		}
		out = append(out, c)
	}
	return out
}

// cells compares every cell of one drawn account and returns how many there were.
// few draws one to three of some columns, and tells which.
func (d drawing) few(list []Column) (few []Column, at []int) {
	for range 1 + d.IntN(3) {
		i := d.IntN(len(list))
		few, at = append(few, list[i]), append(at, i)
	}
	return few, at
}

func cells(t testing.TB, seed uint64, outcomes *[4]int) int {
	d := drawing{Rand: rand.New(rand.NewPCG(seed, 1)), gaps: seed%3 == 0, partition: "aws"}
	if d.chance(.1) {
		d.partition = d.one("aws-cn", "aws-us-gov")
	}
	s := d.account()
	table := Compile(s)
	e := table.NewEngine(drawnLacks...)
	var list []Column
	for i := range s.Resources {
		list = append(list, Column{On: s.Resources[i].Key})
		if s.Resources[i].Type == "AWS::S3::Bucket" {
			list = append(list, Column{On: s.Resources[i].Key, Resource: string(s.Resources[i].Key) + "/x"})
		}
		if s.Resources[i].Type == "AWS::KMS::Key" {
			list = append(list, Column{On: s.Resources[i].Key, Context: map[string][]string{"kms:ViaService": {"red"}}, Absent: []string{"aws:SourceIp"}})
		}
	}
	list = append(list, d.columns(list)...)
	list = append(list, Column{Resource: "*"}, Column{Resource: prefix + "user/new"}, Column{Resource: "arn:aws:iam::aws:policy/ReadOnlyAccess"}, Column{Resource: "short"})
	for i := range list {
		list[i].On, list[i].Resource = snapshot.Key(d.here(string(list[i].On))), d.here(list[i].Resource)
	}
	d.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	cs := table.Columns(list)
	n := 0
	for round := range 4 {
		as := Asking{Action: d.one(drawnActions...)}
		if d.chance(.3) {
			as.Context = d.context()
		}
		if d.chance(.3) {
			as.Absent = []string{d.one(drawnKeys...)}
		}
		if round == 2 {
			e.Edited(d.here(prefix + "user/ada"))
			e.Unbound(d.here(prefix + "role/app"))
		}
		m := e.Matrix(as, cs, nil)
		few, at := d.few(list) // what holds of all columns at once decides more quickly
		small := e.Matrix(as, table.Columns(few), nil)
		prospects := e.Prospects(as.Action)
		for i, p := range e.Actors() {
			for col, all := range at {
				got, seen := small.At(i, col)
				if want, wantSeen := m.At(i, all); got != want || seen != wantSeen {
					t.Fatalf("seed %d: %s %s on %+v: %d (seen %v) among few, %d (seen %v) among all", seed, p, as.Action, few[col], got, seen, want, wantSeen)
				}
			}
			for col, c := range list {
				q := Query{Principal: p, Action: as.Action, On: c.On, Resource: c.Resource, Context: merge(c.Context, as.Context), Absent: joined(c.Absent, as.Absent), Edited: i == e.Root()+1, Unbound: i == e.Root()+2}
				want := table.Explain(q)
				got, seen := m.At(i, col)
				n++
				outcomes[got]++
				if want.Outcome != iam.Deny && !prospects.Has(i) {
					t.Fatalf("seed %d: %s %s on %s (%s) is %d, and no prospect", seed, p, as.Action, c.On, c.Resource, want.Outcome)
				}
				if got == iam.Conditional {
					row := m.Row(i)
					for l, needed := range needs(table, q) {
						if has := row.Lacks != nil && row.Lacks[l].Has(cs.place[col]); has != needed {
							t.Fatalf("seed %d: %s %s on %s (%s), context %v, absent %v: lack %d: engine %v, one by one %v, open %v", seed, p, as.Action, c.On, c.Resource, q.Context, q.Absent, l, has, needed, want.Residual)
						}
					}
				}
				if got != want.Outcome || got == iam.Unknown && seen != (want.Seen == iam.Allow || want.Seen == iam.Conditional) {
					t.Fatalf("seed %d: %s %s on %s (%s), context %v, absent %v: engine %d (seen %v), reference %d (seen %d) because %v open %v", seed, p, as.Action, c.On, c.Resource, q.Context, q.Absent,
						got, seen, want.Outcome, want.Seen, want.Because, want.Residual)
				}
			}
		}
	}
	var buckets []snapshot.Key
	for _, b := range s.OfType("AWS::S3::Bucket") {
		buckets = append(buckets, b.Key)
	}
	as := Asking{Action: d.one("s3:GetObject", "s3:PutObject")}
	if d.chance(.3) {
		as.Context = d.context()
	}
	m := e.SomeObject(as, buckets, nil)
	for i, p := range e.Actors() {
		for col, b := range buckets {
			q := Query{Principal: p, Action: as.Action, On: b, Context: as.Context, Edited: i == e.Root()+1, Unbound: i == e.Root()+2}
			want, key := table.SomeObject(q)
			got, seen := m.At(i, col)
			n++
			outcomes[got]++
			if got != want.Outcome || got == iam.Unknown && seen != saw(want) {
				t.Fatalf("seed %d: %s %s of some object of %s: engine %d (seen %v), reference %d (seen %d) at %q because %v open %v", seed, p, as.Action, b, got, seen, want.Outcome, want.Seen, key, want.Because, want.Residual)
			}
			// Of what is said to be needed, the last is needed whatever else the caller has.
			last := len(drawnLacks) - 1
			if row := m.Row(i); row.Lacks != nil && row.Lacks[last].Has(m.Place(col)) {
				for _, has := range drawnLacks[last].Requests {
					with := q
					with.Context, with.Absent = merge(q.Context, has), drawnLacks[last].Keys
					if d, key := table.SomeObject(with); d.Outcome != iam.Deny {
						t.Fatalf("seed %d: %s %s of some object of %s needs an organisation, but is not denied without at %q: %v", seed, p, as.Action, b, key, d)
					}
				}
			}
		}
	}
	return n
}

// drawnLacks are multi-factor authentication, an address, an organisation.
var drawnLacks = []Lack{
	{[]string{"aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"}, []map[string][]string{{}, {"aws:MultiFactorAuthPresent": {"false"}}}},
	{[]string{"aws:SourceIp", "aws:SourceVpc"}, []map[string][]string{{"aws:SourceIp": {"192.0.2.1"}}, {"aws:SourceIp": {"2001:db8::1"}}}},
	{[]string{"aws:PrincipalOrgID"}, []map[string][]string{{}, {"aws:PrincipalOrgID": {"o-other"}}}},
}

// needs asks the reference, one lack after the other, which of them nobody gets around. The last is asked first, as the engine does: of two of which
// either will do, the first in the list is needed.
func needs(t *Table, q Query) []bool {
	out := make([]bool, len(drawnLacks))
	for i, l := range slices.Backward(drawnLacks) {
		out[i] = true
		for _, has := range l.Requests {
			with := q
			with.Context, with.Absent = merge(q.Context, has), joined(q.Absent, l.Keys)
			if t.Explain(with).Outcome != iam.Deny {
				q, out[i] = with, false
				break
			}
		}
	}
	return out
}

func joined(a, b []string) []string { return append(append([]string(nil), a...), b...) }

// The compiled engine decides as the reference does, cell by cell. FOOTING_CELLS runs until so many cells were compared.
func TestEngineAgainstReference(t *testing.T) {
	want := 100_000
	if v := os.Getenv("FOOTING_CELLS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			t.Fatal(err)
		}
		want = n
	}
	n, seed := 0, uint64(0)
	var outcomes [4]int
	for ; n < want; seed++ {
		n += cells(t, seed, &outcomes)
	}
	t.Logf("%d cells of %d accounts: unknown %d, deny %d, conditional %d, allow %d", n, seed, outcomes[0], outcomes[1], outcomes[2], outcomes[3])
	for o, count := range outcomes {
		if count < n/100 {
			t.Errorf("only %d cells have outcome %d: the accounts say too little", count, o)
		}
	}
}
