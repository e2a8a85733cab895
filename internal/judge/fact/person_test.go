package fact_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

func TestOfUser(t *testing.T) {
	tag := func(v string) object { return object{"Tags": []object{{"Key": "footing:kind", "Value": v}}} }
	for _, x := range []struct {
		user               string
		password, mfa, key bool
		more               object
		model              string
		want               fact.Kind
	}{
		{user: "ana", password: true, want: fact.Person},
		{user: "ana", mfa: true, key: true, want: fact.Person},
		{user: "ana", want: fact.Person},
		{user: "ana", key: true, want: fact.Unsaid},
		{user: "ana@acme.example", key: true, want: fact.Person},
		{user: "ci", key: true, want: fact.Machine},
		{user: "CI2", key: true, want: fact.Machine},
		{user: "web-deploy", key: true, want: fact.Machine},
		{user: "cicely", key: true, want: fact.Unsaid},
		{user: "robotham", key: true, want: fact.Unsaid},
		{user: "ses-smtp-user.20260301", key: true, want: fact.Machine},
		{user: "BedrockAPIKey-k3x9", want: fact.Machine},
		{user: "deploy", password: true, key: true, want: fact.Person},
		{user: "zeta", key: true, more: tag("machine"), want: fact.Machine},
		{user: "zeta", key: true, more: tag(" Person "), want: fact.Person},
		{user: "zeta", key: true, more: tag("cat"), want: fact.Unsaid},
		{user: "zeta", password: true, more: tag("machine"), want: fact.Machine},
		{user: "ci", key: true, more: tag("human"), want: fact.Person},
		{user: "zeta", key: true, model: `actors: [{id: robots, kind: machine, bind: {arn: "*:user/zeta"}}]`, want: fact.Machine},
		{user: "ci", key: true, model: `actors: [{id: team, kind: human, bind: {arn: "*:user/ci"}}]`, want: fact.Person},
		{user: "ci", key: true, more: tag("machine"), model: `people: [{id: cy, bind: {arn: "*:user/ci"}}]`, want: fact.Person},
	} {
		a := &account{model: x.model}
		with(a.user(x.user), x.more)
		a.signsIn(x.user, x.password, x.mfa, x.key)
		c := a.asked(t)
		u, _ := c.Snapshot.Get(snapshot.Key(arn("user", x.user)))
		if got, why := fact.NewPeople(c).OfUser(u); got != x.want || why == "" {
			t.Errorf("%+v: %d %q, want %d", x, got, why, x.want)
		}
	}
}

// Without a row in the credential report nothing but what people say tells.
func TestOfUserUnread(t *testing.T) {
	for _, noReport := range []bool{true, false} {
		a := &account{noReport: noReport}
		a.user("ci")
		a.report = nil
		c := a.asked(t)
		u, _ := c.Snapshot.Get(snapshot.Key(arn("user", "ci")))
		if got, why := fact.NewPeople(c).OfUser(u); got != fact.Unsaid || !strings.Contains(why, "credential report") {
			t.Errorf("%d %q", got, why)
		}
	}
}

// What is allowed without MFA: with a key, which carries no such condition key, and in a session that did without.
func TestUnguarded(t *testing.T) {
	open := allow("s3:GetObject", "*")
	rest := object{"NotAction": []string{"iam:EnableMFADevice", "sts:GetSessionToken"}}
	for name, x := range map[string]struct {
		statements   []object
		key, session []string
		unread       bool
	}{
		"nothing asks":                         {[]object{open}, []string{"s3:GetObject"}, []string{"s3:GetObject"}, false},
		"Bool on an Allow":                     {[]object{allow("s3:*", "*", mfa)}, nil, nil, false},
		"BoolIfExists on an Allow":             {[]object{allow("s3:*", "*", when("BoolIfExists", "aws:MultiFactorAuthPresent", "true"))}, []string{"s3:*"}, nil, false},
		"an age on an Allow":                   {[]object{allow("s3:*", "*", when("NumericLessThan", "aws:MultiFactorAuthAge", "3600"))}, nil, nil, false},
		"BoolIfExists on a Deny":               {[]object{open, deny(nil, "*", rest, when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"))}, nil, nil, false},
		"Bool on a Deny":                       {[]object{open, deny(nil, "*", rest, when("Bool", "aws:MultiFactorAuthPresent", "false"))}, []string{"s3:GetObject"}, nil, false},
		"Null on a Deny":                       {[]object{open, deny("*", "*", when("Null", "aws:MultiFactorAuthPresent", "true"))}, nil, []string{"s3:GetObject"}, false},
		"a Deny of other actions":              {[]object{open, deny("iam:*", "*", when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"))}, []string{"s3:GetObject"}, []string{"s3:GetObject"}, false},
		"a Deny that leaves iam out":           {[]object{allow("*", "*"), deny(nil, "*", object{"NotAction": "iam:*"}, when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"))}, []string{"*"}, []string{"*"}, false},
		"enrolling":                            {[]object{allow([]string{"iam:EnableMFADevice", "iam:ListMFADevices", "sts:GetSessionToken"}, "*")}, nil, nil, false},
		"enrolling, and more by a wildcard":    {[]object{allow("iam:*MFADevice", "*")}, []string{"iam:*MFADevice"}, []string{"iam:*MFADevice"}, false},
		"a key of KMS":                         {[]object{allow("kms:Decrypt", "arn:aws:kms:eu-west-1:"+ours+":key/1")}, []string{"kms:Decrypt"}, []string{"kms:Decrypt"}, false},
		"another condition says nothing of it": {[]object{allow("s3:*", "*", when("IpAddress", "aws:SourceIp", "203.0.113.0/24"))}, []string{"s3:*"}, []string{"s3:*"}, false},
	} {
		a := &account{}
		a.user("ana", x.statements...)
		c := a.asked(t)
		u, _ := c.Snapshot.Get(snapshot.Key(arn("user", "ana")))
		for i, want := range [][]string{x.key, x.session} {
			got, unread := fact.Unguarded(c, u, fact.NoMFA()[i])
			if !slices.Equal(got, want) || unread != x.unread {
				t.Errorf("%s, %d: %q %v, want %q", name, i, got, unread, want)
			}
		}
	}
	// A role that asks for MFA itself needs nothing of the user's policies; one that is not here may be anybody's.
	for resource, open := range map[string]bool{arn("role", "asks"): false, arn("role", "open"): true, "*": true, arn("role", "a*"): false, arn("role", "closed"): false, "arn:aws:iam::" + theirs + ":role/x": true} {
		a := &account{}
		a.role("asks", []object{allow("sts:AssumeRole", nil, root(ours), mfa)}, nil)
		a.role("open", here, nil)
		a.role("closed", service("ec2"), nil)
		a.user("ana", allow("sts:AssumeRole", resource))
		c := a.asked(t)
		u, _ := c.Snapshot.Get(snapshot.Key(arn("user", "ana")))
		for _, lacking := range fact.NoMFA() {
			if got, unread := fact.Unguarded(c, u, lacking); len(got) > 0 != open || unread {
				t.Errorf("a role like %s, with %v: %q %v", resource, lacking, got, unread)
			}
		}
	}
	a := &account{}
	a.group("people", nil, deny("*", "*", when("BoolIfExists", "aws:MultiFactorAuthPresent", "false")))
	with(a.user("ana", open), in("people"))
	with(a.user("bo", open), in("people", "gone"))
	with(a.user("cy"), has(arn("policy", "unseen")))
	with(a.user("dan", open), within(arn("policy", "unseen")))
	with(a.user("eve", open), within(a.policy("fence", allow("ec2:*", "*"))))
	c := a.asked(t)
	for name, unread := range map[string]bool{"ana": false, "bo": true, "cy": true, "dan": true, "eve": false} {
		u, _ := c.Snapshot.Get(snapshot.Key(arn("user", name)))
		if what, got := fact.Unguarded(c, u, fact.NoMFA()[0]); len(what) > 0 || got != unread {
			t.Errorf("%s: %q, unread %v", name, what, got)
		}
	}
}
