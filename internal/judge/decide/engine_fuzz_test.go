package decide

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// draw makes a small account in which anything may stand: the compiled engine must decide it as the reference does.
type drawing struct {
	*rand.Rand
	gaps bool // some of the account is not read, or not understood
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
	drawnRoles = []string{"app", "ops/deploy", "ci-main", "aws-service-role/x.amazonaws.com/AWSServiceRoleForX"}
	drawnKeys  = []string{
		"aws:PrincipalArn", "aws:PrincipalTag/team", "aws:principaltag/TEAM", "aws:ResourceTag/team", "aws:ResourceAccount", "aws:username", "aws:userid",
		"aws:SourceIp", "aws:MultiFactorAuthPresent", "aws:PrincipalOrgID", "aws:PrincipalAccount", "aws:PrincipalType", "aws:SecureTransport",
		"kms:ViaService", "kms:CallerAccount", "aws:SourceArn", "aws:SourceAccount", "aws:SourceOwner", "aws:TagKeys", "s3:ResourceAccount",
		"secretsmanager:ResourceTag/team", "aws:PrincipalIsAWSService", "aws:RequestedRegion", "aws:CurrentTime", "sts:ExternalId", "aws:ViaAWSService",
	}
	drawnActions = []string{
		"s3:GetObject", "s3:PutObject", "s3:GetBucketPolicy", "s3:PutBucketPolicy", "kms:Decrypt", "kms:RetireGrant", "kms:PutKeyPolicy", "sts:AssumeRole",
		"sts:GetCallerIdentity", "sts:TagSession", "iam:PassRole", "iam:UpdateRole", "iam:AttachRolePolicy", "secretsmanager:GetSecretValue", "dynamodb:GetItem",
		"sqs:SendMessage", "iam:CreatePolicyVersion",
	}
)

func (d drawing) actions() []any {
	return d.some(3, append([]string{"*", "s3:*", "s3:Get*", "kms:*", "sts:*", "iam:*", "S3:getobject", "?ms:Decrypt", "sqs:*", "*:Get*", "secretsmanager:*"}, drawnActions...)...)
}

func (d drawing) resources() []any {
	return d.some(3, "*", "arn:aws:s3:::data", "arn:aws:s3:::data/*", "arn:aws:s3:::d*", "arn:aws:s3:::*/x", "arn:*:s3:*:*:logs/*", "arn:aws:s3:::${aws:username}/*",
		"arn:aws:s3:::${aws:PrincipalTag/team}-*", "arn:aws:s3:::data/${aws:ResourceTag/team}", "arn:aws:s3:::data/${aws:PrincipalTag/none, 'x'}", "arn:aws:s3:::data/${aws:SourceIp}",
		"arn:aws:kms:*:*:key/*", "arn:aws:kms:eu-west-1:"+account+":key/one", "arn:aws:kms", "arn:aws:iam::*:role/*", "arn:aws:iam::"+account+":role/ci-*", prefix+"role/app",
		"arn:aws:secretsmanager:eu-west-1:"+account+":secret:db-??????", "arn:aws:sqs:*:"+account+":*", "arn:aws:dynamodb:*:*:table/?rders", "arn:aws:s3:::${*}", "arn:aws:s3:::data/${missing}/a", "arn:aws:sqs:*:jobs", "arn:aws:*:key/*", "arn:*:secret:db-*")
}

func (d drawing) who() any {
	arns := []string{prefix + "root", account, other, "arn:aws:iam::" + other + ":root", "arn:aws:iam::" + other + ":role/x", "arn:aws:sts::" + account + ":assumed-role/app/one",
		"arn:aws:sts::" + account + ":assumed-role/deploy/two", "AIDAJQABLZS4A3QDU576Q"}
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
		m[d.one(drawnKeys...)] = values
		out[op] = m
	}
	return out
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
			if st["Effect"] == "Deny" && d.chance(.15) {
				st["NotPrincipal"] = object{"AWS": d.some(3, prefix+"root", prefix+"user/ada", prefix+"role/app", "arn:aws:sts::"+account+":assumed-role/app/one")}
			} else {
				st["Principal"] = d.who()
			}
		}
		if kind == "rcp" {
			st["Principal"] = "*"
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
	s := &snapshot.Snapshot{Account: account, Partition: "aws"}
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
		return map[string]string{d.one("team", "Team", "env"): d.one("red", "blue", "ada")}
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
	add(principal("group", "AWS::IAM::Group", "devs"))
	s.Resources[len(s.Resources)-1].Properties["GroupName"] = "devs"
	for _, u := range drawnUsers {
		r := principal("user", "AWS::IAM::User", u)
		r.Properties["UserId"] = "AIDAJQABLZS4A3QDU576Q"
		if d.chance(.4) {
			r.Properties["Groups"] = []any{"devs"}
		}
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
				r.Properties["Grants"] = []any{object{"GranteePrincipal": d.one(prefix+"user/ada", prefix+"role/app", prefix+"root", account, other, "s3.amazonaws.com"), "Operations": d.some(2, "Decrypt", "RetireGrant"),
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
	thing("AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:"+account+":jobs", false)
	organisation := d.chance(.4)
	if organisation {
		master := d.one(other, other, account)
		add(snapshot.Resource{Key: "arn:aws:organizations::1:organization/o-1", Type: "AWS::Organizations::Organization", Properties: object{"Id": "o-1", "ManagementAccountId": master}})
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
	s.Seal()
	return s
}

// cells compares every cell of one drawn account and returns how many there were.
func cells(t testing.TB, seed uint64, outcomes *[4]int) int {
	d := drawing{rand.New(rand.NewPCG(seed, 1)), seed%3 == 0}
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
	list = append(list, Column{Resource: "*"}, Column{Resource: prefix + "user/new"}, Column{Resource: "arn:aws:iam::aws:policy/ReadOnlyAccess"}, Column{Resource: "short"})
	d.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	cs := table.Columns(list)
	n := 0
	for round := range 4 {
		as := Asking{Action: d.one(drawnActions...)}
		if d.chance(.3) {
			as.Context = map[string][]string{d.one(drawnKeys...): {d.one("red", "true", account)}}
		}
		if d.chance(.3) {
			as.Absent = []string{d.one(drawnKeys...)}
		}
		if round == 2 {
			e.Edited(prefix + "user/ada")
			e.Unbound(prefix + "role/app")
		}
		m := e.Matrix(as, cs, nil)
		for i, p := range e.Actors() {
			for col, c := range list {
				q := Query{Principal: p, Action: as.Action, On: c.On, Resource: c.Resource, Context: merge(c.Context, as.Context), Absent: joined(c.Absent, as.Absent), Edited: i == e.Root()+1, Unbound: i == e.Root()+2}
				want := table.Explain(q)
				got, seen := m.At(i, col)
				n++
				outcomes[got]++
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
	m := e.SomeObject(as, buckets, nil)
	for i, p := range e.Actors() {
		for col, b := range buckets {
			want, key := table.SomeObject(Query{Principal: p, Action: as.Action, On: b, Edited: i == e.Root()+1, Unbound: i == e.Root()+2})
			got, seen := m.At(i, col)
			n++
			outcomes[got]++
			if got != want.Outcome || got == iam.Unknown && seen != saw(want) {
				t.Fatalf("seed %d: %s %s of some object of %s: engine %d (seen %v), reference %d (seen %d) at %q because %v open %v", seed, p, as.Action, b, got, seen, want.Outcome, want.Seen, key, want.Because, want.Residual)
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

// needs asks the reference, one lack after the other, which of them nobody gets around.
func needs(t *Table, q Query) []bool {
	out := make([]bool, len(drawnLacks))
	for i, l := range drawnLacks {
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
