package decide

import (
	"encoding/json"
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

func organisation(management string) snapshot.Resource {
	return snapshot.Resource{Key: "arn:aws:organizations::" + snapshot.Key(management) + ":organization/o-1", Type: "AWS::Organizations::Organization",
		Properties: object{"Id": "o-1", "ManagementAccountId": management}}
}

func orgPolicy(t *testing.T, kind, name string, level int, statements ...object) snapshot.Resource {
	t.Helper()
	return snapshot.Resource{Key: snapshot.Key(name), Type: "AWS::Organizations::Policy", Properties: object{"Name": name, "Type": kind + "_CONTROL_POLICY",
		"Level": level, "Content": parsed(t, statements...)}}
}

func TestOrganisation(t *testing.T) {
	const other = "444455556666"
	mine := user(t, "alice", allow("s3:GetObject", objects))
	open := bucket(t, "logs", allow("s3:GetObject", objects, to("AWS", partner)))
	full := func(level int) snapshot.Resource {
		return orgPolicy(t, "SERVICE", "scp:"+string(rune('0'+level))+"/full", level, allow("*", "*"))
	}
	none := orgPolicy(t, "RESOURCE", "rcp:0/none", 0, deny("s3:*", "*", everyone))
	for name, c := range map[string]struct {
		who  string
		r    []snapshot.Resource
		want iam.Outcome
	}{
		"every level allows":                      {alice, []snapshot.Resource{organisation(other), full(0), full(1), mine, open}, iam.Allow},
		"a level allows something else":           {alice, []snapshot.Resource{organisation(other), full(0), orgPolicy(t, "SERVICE", "scp:1/list", 1, allow("ec2:*", "*")), mine, open}, iam.Deny},
		"a level of which nothing was read":       {alice, []snapshot.Resource{organisation(other), full(0), full(2), mine, open}, iam.Conditional},
		"an RCP and our own":                      {alice, []snapshot.Resource{organisation(other), none, mine, open}, iam.Deny},
		"an RCP and the partner":                  {partner, []snapshot.Resource{organisation(other), none, mine, open}, iam.Deny},
		"an RCP of the management account":        {alice, []snapshot.Resource{organisation(account), none, mine, open}, iam.Allow},
		"its resources, asked for by the partner": {partner, []snapshot.Resource{organisation(account), none, mine, open}, iam.Allow},
		"an RCP that spares a role of the partner": {partner, []snapshot.Resource{organisation(other), mine, open, orgPolicy(t, "RESOURCE", "rcp:0/p", 0,
			allow("*", "*", everyone), deny("s3:*", "*", everyone, when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::999988887777:role/app")))}, iam.Conditional},
	} {
		t.Run(name, func(t *testing.T) {
			d := Compile(build(t, nil, c.r...))
			got, _ := d.SomeObject(Query{Principal: c.who, Action: "s3:GetObject", On: logs})
			if got.Outcome != c.want {
				t.Errorf("%d, want %d %+v", got.Outcome, c.want, got)
			}
		})
	}
}

// A role's own tags are its sessions' too, unless whoever assumes it may pass others.
func TestSessionTags(t *testing.T) {
	role := func(trust json.RawMessage) snapshot.Resource {
		return snapshot.Resource{Key: "arn:aws:iam::" + account + ":role/app", Type: "AWS::IAM::Role", Account: account, Name: "app", Policy: trust,
			Tags: map[string]string{"team": "web"}, Properties: object{"RoleName": "app", "Policies": []any{object{"PolicyName": "own",
				"PolicyDocument": parsed(t, allow("s3:GetObject", objects, when("StringEquals", "aws:PrincipalTag/team", "ops")))}}}}
	}
	unread := role(nil)
	unread.Unknown = []string{"AssumeRolePolicyDocument", "Policy"}
	for name, c := range map[string]struct {
		role snapshot.Resource
		want iam.Outcome
	}{
		"its own tags":                   {role(policy(t, allow("sts:AssumeRole", nil, to("AWS", alice)))), iam.Deny},
		"tags may be passed":             {role(policy(t, allow([]any{"sts:AssumeRole", "sts:TagSession"}, nil, to("AWS", alice)))), iam.Conditional},
		"all but another action":         {role(policy(t, object{"Effect": "Allow", "NotAction": "iam:*", "Principal": object{"AWS": alice}})), iam.Conditional},
		"all but tagging":                {role(policy(t, object{"Effect": "Allow", "NotAction": "sts:TagSession", "Principal": object{"AWS": alice}})), iam.Deny},
		"a trust policy half understood": {role([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + alice + `"},"Action":"sts:AssumeRole","Kondition":{}}]}`)), iam.Conditional},
		"a trust policy not read":        {unread, iam.Conditional},
	} {
		t.Run(name, func(t *testing.T) {
			d := Compile(build(t, nil, c.role, bucket(t, "logs")))
			got, _ := d.SomeObject(Query{Principal: string(c.role.Key), Action: "s3:GetObject", On: logs})
			if got.Outcome != c.want {
				t.Errorf("%d, want %d %+v", got.Outcome, c.want, got)
			}
		})
	}
}

// What is not understood is listed, with its place, and what depends on it is unknown; the rest is decided.
func TestTroubles(t *testing.T) {
	odd := bucket(t, "odd")
	odd.Policy = []byte(`{"Version":"2012-10-17","Statement":[
 {"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"*"},
 {"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"ForAnyValues:StringEquals":{"aws:TagKeys":"x"}}}]}`)
	d := Compile(build(t, nil, user(t, "alice", allow("s3:*", "*")), odd, bucket(t, "logs")))
	if len(d.Troubles) != 1 || d.Troubles[0].About != odd.Key ||
		d.Troubles[0].Says != `line 3, column 79: Statement[1].Condition.ForAnyValues:StringEquals: unknown condition operator "ForAnyValues:StringEquals"` {
		t.Errorf("%+v", d.Troubles)
	}
	for action, want := range map[string]iam.Outcome{"s3:GetObject": iam.Unknown, "s3:PutObject": iam.Deny} {
		if got, _ := d.SomeObject(Query{Principal: alice, Action: action, On: odd.Key}); got.Outcome != want {
			t.Errorf("%s: %d, want %d", action, got.Outcome, want)
		}
	}
	if got, _ := d.SomeObject(Query{Principal: alice, Action: "s3:GetObject", On: logs}); got.Outcome != iam.Allow {
		t.Errorf("another bucket: %d", got.Outcome)
	}
}

// The policy of a secret is read as any other, and where it was not, the answer is unknown.
func TestSecretPolicies(t *testing.T) {
	const key = snapshot.Key("arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf")
	secret := func(statements ...object) snapshot.Resource {
		r := snapshot.Resource{Key: key, Type: "AWS::SecretsManager::Secret", Account: account, Name: "db"}
		if len(statements) > 0 {
			r.Policy = policy(t, statements...)
		}
		return r
	}
	unread := secret()
	unread.Unknown = []string{"Policy"}
	for name, c := range map[string]struct {
		secret snapshot.Resource
		want   iam.Outcome
	}{
		"no policy":       {secret(), iam.Deny},
		"it allows":       {secret(allow("secretsmanager:GetSecretValue", "*", to("AWS", alice))), iam.Allow},
		"it was not read": {unread, iam.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			d := Compile(build(t, nil, user(t, "alice"), c.secret))
			if got := d.Explain(Query{Principal: alice, Action: "secretsmanager:GetSecretValue", On: key}); got.Outcome != c.want {
				t.Errorf("%d, want %d", got.Outcome, c.want)
			}
		})
	}
}
