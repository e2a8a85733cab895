package compare

import (
	"testing"
)

func (v Verdict) String() string { return [...]string{"unknown", "holds", "broken"}[v] }

const bucket = `"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"`

// TestNoNewAccess: what surprises.
func TestNoNewAccess(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		want           Verdict
		witness        func(*Witness) bool
	}{
		{"an account holds its users", `{"Effect":"Allow","Principal":{"AWS":"111122223333"},` + bucket + `}`, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/bob"},` + bucket + `}`, Holds, nil},
		{"a user is not his account", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/bob"},` + bucket + `}`, `{"Effect":"Allow","Principal":{"AWS":"111122223333"},` + bucket + `}`, Broken,
			func(w *Witness) bool { return w.Principal == "arn:aws:iam::111122223333:root" }},
		{"a role holds its sessions", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/p/r"},` + bucket + `}`, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/r/s"},` + bucket + `}`, Holds, nil},
		{"a session is not its role", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/r/s"},` + bucket + `}`, `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/p/r"},` + bucket + `}`, Broken,
			func(w *Witness) bool {
				return w.Principal == "arn:aws:sts::111122223333:assumed-role/r/footing-other"
			}},
		{"everybody is more than every service", `{"Effect":"Allow","Principal":{"Service":["s3.amazonaws.com","sns.amazonaws.com"]},` + bucket + `}`, `{"Effect":"Allow","Principal":"*",` + bucket + `}`, Broken,
			func(w *Witness) bool { return w.Principal == "anonymous" }},
		{"NotPrincipal denies the others", `{"Effect":"Allow","Principal":{"AWS":["111122223333","arn:aws:iam::111122223333:role/r"]},` + bucket + `}`,
			`{"Effect":"Allow","Principal":"*",` + bucket + `},{"Effect":"Deny","NotPrincipal":{"AWS":["111122223333","arn:aws:iam::111122223333:role/r"]},"Action":"*","Resource":"*"}`, Holds, nil},
		{"NotPrincipal with Allow is nearly everybody", `{"Effect":"Allow","Principal":{"AWS":"111122223333"},` + bucket + `}`, `{"Effect":"Allow","NotPrincipal":{"AWS":"444455556666"},` + bucket + `}`, Broken, nil},
		{"a federated provider", `{"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"accounts.google.com:aud":"x"}}}`,
			`{"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},"Action":"sts:AssumeRoleWithWebIdentity"}`, Broken,
			func(w *Witness) bool { return w.Principal == "accounts.google.com" }},
		{"identity and resource", `{"Effect":"Allow",` + bucket + `}`, `{"Effect":"Allow","Principal":"*",` + bucket + `}`, Unknown, nil},
		{"an action does not apply to the bucket", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}`, Holds, nil},
		{"nor one of buckets to objects", `{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}`, `{"Effect":"Allow","Action":"s3:ListBucket","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}`, Holds, nil},
		{"a function and its versions", `{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:111122223333:function:f"}`, `{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:111122223333:function:f:*"}`, Broken, nil},
		{"a log group and what is in it", `{"Effect":"Allow","Action":"logs:CreateLogStream","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:g"}`, `{"Effect":"Allow","Action":"logs:CreateLogStream","Resource":"arn:aws:logs:us-east-1:111122223333:log-group:g:*"}`, Broken, nil},
		{"before, at and after", `{"Effect":"Allow",` + bucket + `,"Condition":{"NumericLessThanEquals":{"s3:max-keys":"5"}}},{"Effect":"Allow",` + bucket + `,"Condition":{"NumericGreaterThan":{"s3:max-keys":"5"}}}`, `{"Effect":"Allow",` + bucket + `,"Condition":{"Null":{"s3:max-keys":"false"}}}`, Holds, nil},
		{"what is no number", `{"Effect":"Allow",` + bucket + `,"Condition":{"NumericLessThanEquals":{"x:y":"5"}}},{"Effect":"Allow",` + bucket + `,"Condition":{"NumericGreaterThan":{"x:y":"5"}}}`, `{"Effect":"Allow",` + bucket + `,"Condition":{"Null":{"x:y":"false"}}}`, Broken, nil},
		{"seconds as a number", `{"Effect":"Allow",` + bucket + `,"Condition":{"NumericLessThan":{"aws:EpochTime":"1767225600"}}}`, `{"Effect":"Allow",` + bucket + `,"Condition":{"NumericLessThan":{"aws:EpochTime":"1767225599"}}}`, Holds, nil},
		{"seconds as a date", `{"Effect":"Allow",` + bucket + `,"Condition":{"DateLessThan":{"aws:EpochTime":"1767225599"}}}`, `{"Effect":"Allow",` + bucket + `,"Condition":{"DateLessThan":{"aws:EpochTime":"2026-01-01"}}}`, Broken, nil},
		{"an address as a text", `{"Effect":"Allow",` + bucket + `,"Condition":{"StringLike":{"aws:SourceIp":"10.*"}}}`, `{"Effect":"Allow",` + bucket + `,"Condition":{"StringLike":{"aws:SourceIp":"10.1.*"}}}`, Holds, nil},
		{"an address as a text and as one", `{"Effect":"Allow",` + bucket + `,"Condition":{"StringLike":{"aws:SourceIp":"10.*"}}}`, `{"Effect":"Allow",` + bucket + `,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}`, Unknown, nil},
		{"actions without resources are on *", `{"Effect":"Allow","Action":"iam:*","Resource":"arn:aws:iam::111122223333:user/a"}`, `{"Effect":"Allow","Action":["iam:ListUsers","iam:GetUser"],"Resource":"arn:aws:iam::111122223333:user/a*"}`, Broken,
			func(w *Witness) bool { return w.Action == "iam:GetUser" }},
		{"nothing to allow", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, `{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"arn:aws:s3:::*"}`, Holds, nil},
		{"the whole Internet in halves", `{"Effect":"Allow",` + bucket + `,"Condition":{"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1","::/0"]}}}`, `{"Effect":"Allow",` + bucket + `,"Condition":{"Null":{"aws:SourceIp":"false"}}}`, Holds, nil},
		{"a Deny does not see a missing key", `{"Effect":"Allow",` + bucket + `,"Condition":{"Bool":{"aws:SecureTransport":"true"}}}`, `{"Effect":"Allow",` + bucket + `},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`, Broken,
			func(w *Witness) bool { return len(w.Context) == 0 }},
		{"any of two values", `{"Effect":"Allow",` + bucket + `,"Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}}`, `{"Effect":"Allow",` + bucket + `,"Condition":{"ForAnyValue:StringEquals":{"aws:TagKeys":["a","b"]}}}`, Broken,
			func(w *Witness) bool { return len(w.Context["aws:TagKeys"]) == 2 }},
		{"one value of one", `{"Effect":"Allow",` + bucket + `,"Condition":{"StringEquals":{"aws:SourceVpc":"a"}}}`, `{"Effect":"Allow",` + bucket + `,"Condition":{"StringEquals":{"aws:SourceVpc":["a","b"]},"StringNotEquals":{"aws:SourceVpc":"b"}}}`, Holds, nil},
		{"what AWS owns nobody changes", `{"Effect":"Allow","Action":"iam:DeletePolicy","Resource":"arn:aws:iam::111122223333:policy/*"}`, `{"Effect":"Allow","Action":"iam:DeletePolicy","Resource":["arn:aws:iam::111122223333:policy/*","arn:aws:iam::aws:policy/*"]}`, Holds, nil},
		{"nobody needs leave to ask who he is", `{"Effect":"Allow",` + bucket + `}`, `{"Effect":"Allow","Action":"sts:GetCallerIdentity","Resource":"*"}`, Holds, nil},
		{"an action that is not in the data", `{"Effect":"Allow",` + bucket + `}`, `{"Effect":"Allow","Action":"newservice:DoIt","Resource":"*"}`, Broken, nil},
		{"case of an action that is not in the data", `{"Effect":"Allow","Action":"NEWSERVICE:*","Resource":"*"}`, `{"Effect":"Allow","Action":"newservice:DoIt","Resource":"*"}`, Holds, nil},
		{"a variable of many values is void", `{"Effect":"Allow",` + bucket + `}`, `{"Effect":"Allow",` + bucket + `},{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::c/${aws:TagKeys}"}`, Holds, nil},
		{"a Deny with a variable fails open", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"aws:username":"false"}}}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/${aws:username}/*"}`, Broken,
			func(w *Witness) bool { return len(w.Context) == 0 }},
	} {
		r := NoNewAccess(parse(t, c.old), parse(t, c.new), Options{})
		if r.Verdict != c.want || c.witness != nil && (len(r.Witnesses) != 1 || !c.witness(&r.Witnesses[0])) {
			t.Errorf("%s: %+v, want %s", c.name, r, c.want)
		}
	}
}

func TestOpen(t *testing.T) {
	now := `{"Effect":"Allow","Action":["s3:GetA*","s3:GetB*","s3:GetD*","s3:GetE*","s3:GetI*","s3:GetJ*","s3:GetL*","s3:GetM*","s3:GetO*","s3:GetR*","s3:GetS*"],"Resource":"*"}`
	all := `{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}`
	for _, c := range []struct {
		old, new     string
		closed, open Verdict
	}{
		{now, all, Holds, Broken},
		{all, now, Holds, Holds},
		{`{"Effect":"Allow","NotAction":"s3:*","Resource":"*"},{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, `{"Effect":"Allow","Action":"*","Resource":"*"}`, Holds, Holds},
		{`{"Effect":"Allow","Action":"nowhere:a*","Resource":"*"}`, `{"Effect":"Allow","Action":"nowhere:*","Resource":"*"}`, Holds, Broken},
		{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, `{"Effect":"Allow","Action":"S3:getobject","Resource":"arn:aws:s3:::b"}`, Holds, Holds},
	} {
		for _, open := range []bool{false, true} {
			want := c.closed
			if open {
				want = c.open
			}
			if r := NoNewAccess(parse(t, c.old), parse(t, c.new), Options{Open: open}); r.Verdict != want {
				t.Errorf("old %s\nnew %s\nopen %t: %+v, want %s", c.old, c.new, open, r, want)
			}
		}
	}
}

func TestNotGranted(t *testing.T) {
	p := parse(t, `{"Effect":"Allow","Action":["s3:*","iam:Pass*"],"Resource":"arn:aws:s3:::b/*"},{"Effect":"Deny","Action":"s3:Delete*","Resource":"*"}`)
	for _, c := range []struct {
		access []Access
		want   Verdict
	}{
		{[]Access{{Actions: []string{"s3:PutObject"}}}, Broken},
		{[]Access{{Actions: []string{"s3:DeleteObject", "ec2:*"}}}, Holds},
		{[]Access{{Actions: []string{"iam:PassRole"}}}, Holds}, // a role is no object
		{[]Access{{Actions: []string{"s3:PutObject"}, Resources: []string{"arn:aws:s3:::c/*"}}}, Holds},
		{[]Access{{Actions: []string{"s3:PutObject"}, Resources: []string{"arn:aws:s3:::*/x"}}}, Broken},
		{[]Access{{Actions: []string{"ec2:*"}}, {Actions: []string{"*"}}}, Broken},
		{[]Access{{Actions: []string{"s3:NotThereYet"}}}, Broken},
	} {
		if r := NotGranted(p, c.access, Options{}); r.Verdict != c.want {
			t.Errorf("%v: %+v, want %s", c.access, r, c.want)
		}
	}
}

func TestNotPublic(t *testing.T) {
	when := func(condition string) string {
		return `{"Effect":"Allow","Principal":"*",` + bucket + `,"Condition":{` + condition + `}}`
	}
	for _, c := range []struct {
		policy string
		want   Verdict
	}{
		{`{"Effect":"Allow","Principal":"*",` + bucket + `}`, Broken},
		{`{"Effect":"Allow","Principal":{"AWS":"111122223333"},` + bucket + `}`, Holds},
		{`{"Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},` + bucket + `}`, Broken},
		{`{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},` + bucket + `}`, Holds},
		{when(`"StringEquals":{"aws:PrincipalOrgID":"o-1"}`), Holds},
		{when(`"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}`), Broken},
		{when(`"StringLike":{"aws:PrincipalOrgID":"o-*"}`), Broken},
		{when(`"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-1/r-1/*"}`), Holds},
		{when(`"ForAllValues:StringLike":{"aws:PrincipalOrgPaths":"o-1/r-1/*"}`), Broken},
		{when(`"StringNotEquals":{"aws:SourceVpce":"vpce-1"}`), Broken},
		{when(`"StringEquals":{"aws:SourceVpce":["vpce-1","vpce-2"]}`), Holds},
		{when(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}`), Holds},
		{when(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/admin"}`), Broken},
		{when(`"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}`), Holds},
		{when(`"IpAddress":{"aws:SourceIp":"0.0.0.0/1"}`), Broken},
		{when(`"StringEquals":{"aws:PrincipalTag/team":"red"}`), Broken}, // anybody can wear a tag
		{when(`"StringEquals":{"aws:PrincipalAccount":"${aws:PrincipalTag/a}"}`), Broken},
		{`{"Effect":"Allow","Principal":"*",` + bucket + `},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}}}`, Holds},
		{`{"Effect":"Allow","Principal":"*",` + bucket + `},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}}}`, Holds},
		{`{"Effect":"Allow","Principal":"*",` + bucket + `},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"},"Null":{"aws:PrincipalOrgID":"false"}}}`, Broken},
	} {
		if r := NotPublic(parse(t, c.policy), Options{}); r.Verdict != c.want {
			t.Errorf("%s: %+v, want %s", c.policy, r, c.want)
		}
	}
}
