package decide

import (
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

const (
	logs    = snapshot.Key("arn:aws:s3:::logs")
	objects = "arn:aws:s3:::logs/*"
	alice   = "arn:aws:iam::111122223333:user/alice"
	partner = "arn:aws:iam::999988887777:root"
)

func TestPublicPolicy(t *testing.T) {
	get := func(more ...object) object { return allow("s3:GetObject", objects, append(more, everyone)...) }
	for name, c := range map[string]struct {
		st                           object
		anonymous, stranger, partner iam.Outcome
	}{
		"nothing narrows it":    {get(), iam.Allow, iam.Allow, iam.Allow},
		"from a network":        {get(when("IpAddress", "aws:SourceIp", "203.0.113.0/24")), iam.Conditional, iam.Conditional, iam.Conditional},
		"from an endpoint":      {get(when("StringEquals", "aws:SourceVpce", "vpce-1")), iam.Conditional, iam.Conditional, iam.Conditional},
		"an organisation":       {get(when("StringEquals", "aws:PrincipalOrgID", "o-1")), iam.Deny, iam.Conditional, iam.Conditional},
		"encrypted transport":   {get(when("Bool", "aws:SecureTransport", "true")), iam.Conditional, iam.Conditional, iam.Conditional},
		"an account":            {get(when("StringEquals", "aws:PrincipalAccount", "999988887777")), iam.Deny, iam.Deny, iam.Allow},
		"our account":           {get(when("StringEquals", "aws:PrincipalAccount", account)), iam.Deny, iam.Deny, iam.Deny},
		"a role of ours":        {get(when("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/app")), iam.Deny, iam.Deny, iam.Deny},
		"a role of the partner": {get(when("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::999988887777:role/app")), iam.Deny, iam.Deny, iam.Conditional},
		"roles of the partner":  {get(when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::999988887777:role/app-*")), iam.Deny, iam.Deny, iam.Conditional},
		"a name in any account": {get(when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/app")), iam.Deny, iam.Conditional, iam.Conditional},
		"all but one of them":   {get(when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::999988887777:role/app")), iam.Allow, iam.Allow, iam.Allow},
	} {
		t.Run(name, func(t *testing.T) {
			d := Compile(build(t, nil, bucket(t, "logs", c.st)))
			for who, want := range map[string]iam.Outcome{Anonymous: c.anonymous, Stranger: c.stranger, partner: c.partner} {
				got, _ := d.SomeObject(Query{Principal: who, Action: "s3:GetObject", On: logs})
				if got.Outcome != want {
					t.Errorf("%s: %d, want %d %v", who, got.Outcome, want, got.Residual)
				}
				if got.Outcome == iam.Conditional && len(got.Residual) == 0 {
					t.Errorf("%s: conditional without a condition", who)
				}
			}
		})
	}
}

// A Deny for everybody but some names lets those names in, whatever their account.
func TestDenyAllButNames(t *testing.T) {
	d := Compile(build(t, nil, bucket(t, "logs",
		allow("s3:GetObject", objects, to("AWS", partner)),
		deny("s3:*", objects, everyone, when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::999988887777:role/app")))))
	got, _ := d.SomeObject(Query{Principal: partner, Action: "s3:GetObject", On: logs})
	if got.Outcome != iam.Conditional {
		t.Errorf("%d, want conditional", got.Outcome)
	}
}

func TestSomeObject(t *testing.T) {
	for name, c := range map[string]struct {
		who  []object
		on   []object
		want iam.Outcome
		key  string
	}{
		"all":                           {[]object{allow("s3:GetObject", objects)}, nil, iam.Allow, ""},
		"the bucket alone":              {[]object{allow("s3:GetObject", "arn:aws:s3:::logs")}, nil, iam.Deny, ""},
		"a prefix":                      {[]object{allow("s3:GetObject", "arn:aws:s3:::logs/2026/*")}, nil, iam.Allow, "2026/*"},
		"one object":                    {[]object{allow("s3:GetObject", "arn:aws:s3:::logs/a.txt")}, nil, iam.Allow, "a.txt"},
		"a prefix of any bucket":        {[]object{allow("s3:GetObject", "arn:aws:s3:::*/2026/*")}, nil, iam.Allow, "2026/*"},
		"another bucket":                {[]object{allow("s3:GetObject", "arn:aws:s3:::other/2026/*")}, nil, iam.Deny, ""},
		"his own prefix":                {[]object{allow("s3:GetObject", "arn:aws:s3:::logs/home/${aws:username}/*")}, nil, iam.Allow, "home/alice/*"},
		"his own prefix, by the bucket": {nil, []object{allow("s3:GetObject", "arn:aws:s3:::logs/home/${aws:username}/*", to("AWS", alice))}, iam.Allow, "home/alice/*"},
		"a prefix of who knows":         {[]object{allow("s3:GetObject", "arn:aws:s3:::logs/${aws:userid}/*")}, nil, iam.Conditional, "*/*"},
		"a variable with a default":     {[]object{allow("s3:GetObject", "arn:aws:s3:::logs/${aws:PrincipalTag/team, 'none'}/*")}, nil, iam.Allow, "none/*"},
		"all but a prefix":              {[]object{allow("s3:GetObject", objects), deny("s3:*", "arn:aws:s3:::logs/secret/*")}, nil, iam.Allow, ""},
		"the bucket denies all":         {[]object{allow("s3:GetObject", objects)}, []object{deny("s3:*", objects, everyone)}, iam.Deny, ""},
		"the bucket denies it":          {[]object{allow("s3:GetObject", "arn:aws:s3:::logs/2026/*")}, []object{deny("s3:*", "arn:aws:s3:::logs/2026/*", everyone)}, iam.Deny, ""},
		"a part of what denied":         {[]object{allow("s3:GetObject", "arn:aws:s3:::logs/2026/*")}, []object{deny("s3:*", "arn:aws:s3:::logs/2026/12/*", everyone)}, iam.Allow, "2026/*"},
		"denied but a prefix": {[]object{allow("s3:GetObject", objects)}, []object{{"Effect": "Deny", "Principal": "*", "Action": "s3:*",
			"NotResource": []any{"arn:aws:s3:::logs/open/*", "arn:aws:s3:::logs"}}}, iam.Allow, "open/*"},
		"allowed but a prefix": {[]object{{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::logs/secret/*"}}, nil, iam.Allow, ""},
		"the bucket lets in":   {nil, []object{allow("s3:GetObject", "arn:aws:s3:::logs/in/*", to("AWS", alice))}, iam.Allow, "in/*"},
		"a digit":              {[]object{allow("s3:GetObject", "arn:aws:s3:::logs/part-?")}, nil, iam.Allow, "part-0"},
		"two patterns in line": {[]object{allow("s3:GetObject", "arn:aws:s3:::logs/*.csv")}, []object{deny("s3:*", "arn:aws:s3:::logs/raw/*", everyone)}, iam.Allow, "*.csv"},
		"narrowed to one suffix": {[]object{allow("s3:GetObject", "arn:aws:s3:::logs/raw/*")}, []object{{"Effect": "Deny", "Principal": "*", "Action": "s3:*",
			"NotResource": "arn:aws:s3:::logs/*.csv"}}, iam.Allow, "raw/*.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			d := Compile(build(t, nil, user(t, "alice", c.who...), bucket(t, "logs", c.on...)))
			got, key := d.SomeObject(Query{Principal: alice, Action: "s3:GetObject", On: logs})
			if got.Outcome != c.want || key != c.key {
				t.Errorf("%d %q, want %d %q", got.Outcome, key, c.want, c.key)
			}
		})
	}
}

func TestUnread(t *testing.T) {
	with := func(r snapshot.Resource, unknown ...string) snapshot.Resource { r.Unknown = unknown; return r }
	attached := func(r snapshot.Resource, property string, arn any) snapshot.Resource {
		r.Properties[property] = arn
		return r
	}
	get := allow("s3:GetObject", objects)
	const org, orgPolicy = "AWS::Organizations::Organization", "AWS::Organizations::Policy"
	member := snapshot.Resource{Key: "arn:aws:organizations::444455556666:organization/o-1", Type: org, Properties: object{"Id": "o-1", "ManagementAccountId": "444455556666"}}
	for name, c := range map[string]struct {
		gaps []string
		r    []snapshot.Resource
		want iam.Outcome
		seen iam.Outcome
	}{
		"all read":                   {nil, []snapshot.Resource{user(t, "alice", get), bucket(t, "logs")}, iam.Allow, iam.Allow},
		"identity policies":          {nil, []snapshot.Resource{with(user(t, "alice"), "Policies"), bucket(t, "logs")}, iam.Unknown, iam.Deny},
		"one document":               {nil, []snapshot.Resource{with(user(t, "alice", get), "Policies.0.PolicyDocument"), bucket(t, "logs")}, iam.Unknown, iam.Deny},
		"attached, not in snapshot":  {nil, []snapshot.Resource{attached(user(t, "alice"), "ManagedPolicyArns", []any{"arn:aws:iam::111122223333:policy/gone"}), bucket(t, "logs")}, iam.Unknown, iam.Deny},
		"which are attached":         {nil, []snapshot.Resource{with(user(t, "alice"), "ManagedPolicyArns"), bucket(t, "logs")}, iam.Unknown, iam.Deny},
		"a group that is not there":  {nil, []snapshot.Resource{attached(user(t, "alice"), "Groups", []any{"gone"}), bucket(t, "logs")}, iam.Unknown, iam.Deny},
		"which groups":               {nil, []snapshot.Resource{with(user(t, "alice"), "Groups"), bucket(t, "logs")}, iam.Unknown, iam.Deny},
		"allowed, others unread":     {nil, []snapshot.Resource{with(user(t, "alice", get), "ManagedPolicyArns"), bucket(t, "logs")}, iam.Unknown, iam.Allow},
		"boundary not there":         {nil, []snapshot.Resource{attached(user(t, "alice", get), "PermissionsBoundary", "arn:aws:iam::111122223333:policy/gone"), bucket(t, "logs")}, iam.Unknown, iam.Allow},
		"boundary there":             {nil, []snapshot.Resource{attached(user(t, "alice", get), "PermissionsBoundary", "arn:aws:iam::111122223333:policy/edge"), managed(t, "edge", allow("ec2:*", "*")), bucket(t, "logs")}, iam.Deny, iam.Deny},
		"nothing allowed, boundary":  {nil, []snapshot.Resource{attached(user(t, "alice"), "PermissionsBoundary", "arn:aws:iam::111122223333:policy/gone"), bucket(t, "logs")}, iam.Deny, iam.Deny},
		"bucket policy":              {nil, []snapshot.Resource{user(t, "alice", get), with(bucket(t, "logs"), "Policy")}, iam.Unknown, iam.Allow},
		"bucket policy, no identity": {nil, []snapshot.Resource{user(t, "alice"), with(bucket(t, "logs"), "Policy")}, iam.Unknown, iam.Deny},
		"explicit deny":              {nil, []snapshot.Resource{user(t, "alice", deny("*", "*")), with(bucket(t, "logs"), "Policy")}, iam.Deny, iam.Deny},
		"a misspelt bucket policy":   {nil, []snapshot.Resource{user(t, "alice", get), {Key: logs, Type: "AWS::S3::Bucket", Account: account, Name: "logs", Policy: []byte(`{"Statement":[{"Effekt":"Deny"}]}`)}}, iam.Unknown, iam.Allow},
		"no organisation":            {[]string{orgPolicy}, []snapshot.Resource{user(t, "alice", get), bucket(t, "logs")}, iam.Allow, iam.Allow},
		"unread SCPs of a member":    {[]string{orgPolicy}, []snapshot.Resource{member, user(t, "alice", get), bucket(t, "logs")}, iam.Conditional, iam.Allow},
		"organisation unread":        {[]string{org, orgPolicy}, []snapshot.Resource{user(t, "alice", get), bucket(t, "logs")}, iam.Conditional, iam.Allow},
		"some SCPs, others unread": {[]string{orgPolicy}, []snapshot.Resource{member, {Key: "scp:0/full", Type: orgPolicy, Properties: object{"Name": "full", "Type": "SERVICE_CONTROL_POLICY",
			"Level": 0, "Content": parsed(t, allow("*", "*"))}}, user(t, "alice", get), bucket(t, "logs")}, iam.Conditional, iam.Allow},
		"an SCP without its text": {nil, []snapshot.Resource{member, {Key: "scp:0/full", Type: orgPolicy, Unknown: []string{"Content"}, Properties: object{"Name": "full", "Type": "SERVICE_CONTROL_POLICY",
			"Level": 0}}, user(t, "alice", get), bucket(t, "logs")}, iam.Conditional, iam.Deny},
	} {
		t.Run(name, func(t *testing.T) {
			d := Compile(build(t, c.gaps, c.r...))
			got, _ := d.SomeObject(Query{Principal: alice, Action: "s3:GetObject", On: logs})
			if got.Outcome != c.want || got.Seen != c.seen {
				t.Errorf("%d, seen %d; want %d, %d", got.Outcome, got.Seen, c.want, c.seen)
			}
		})
	}
}

func TestTagSetting(t *testing.T) {
	tagged := bucket(t, "logs")
	tagged.Tags = map[string]string{"team": "web"}
	for name, c := range map[string]struct {
		st   []object
		want iam.Outcome
	}{
		"only with the tag":    {[]object{allow("s3:ListBucket", "*", when("StringEquals", "aws:ResourceTag/team", "web"))}, iam.Conditional},
		"only with another":    {[]object{allow("s3:ListBucket", "*", when("StringEquals", "aws:ResourceTag/team", "ops"))}, iam.Deny},
		"not with the tag":     {[]object{allow("s3:ListBucket", "*"), deny("*", "*", when("StringEquals", "aws:ResourceTag/team", "web"))}, iam.Conditional},
		"not with another":     {[]object{allow("s3:ListBucket", "*"), deny("*", "*", when("StringEquals", "aws:ResourceTag/team", "ops"))}, iam.Allow},
		"no tag has a say":     {[]object{allow("s3:ListBucket", "*")}, iam.Allow},
		"either way it is his": {[]object{allow("s3:ListBucket", "*", when("StringEqualsIfExists", "aws:ResourceTag/team", "web"))}, iam.Allow},
	} {
		t.Run(name, func(t *testing.T) {
			d := Compile(build(t, nil, user(t, "alice", c.st...), tagged))
			if got := d.Explain(Query{Principal: alice, Action: "s3:ListBucket", On: logs}); got.Outcome != c.want {
				t.Errorf("%d, want %d %v", got.Outcome, c.want, got.Residual)
			}
		})
	}
}

// Of a level of which some policies were not read, another may allow what those that were read do not; what these deny stays denied.
func TestHalfALevel(t *testing.T) {
	org := snapshot.Resource{Key: "o-1", Type: "AWS::Organizations::Organization", Properties: object{"Id": "o-1", "ManagementAccountId": "444455556666"}}
	scp := snapshot.Resource{Key: "scp:0/narrow", Type: "AWS::Organizations::Policy", Properties: object{"Name": "narrow", "Type": "SERVICE_CONTROL_POLICY", "Level": float64(0),
		"Content": parsed(t, allow("sqs:*", "*"), deny("s3:PutObject", "*"))}}
	below := snapshot.Resource{Key: "scp:2/full", Type: "AWS::Organizations::Policy", Properties: object{"Name": "full", "Type": "SERVICE_CONTROL_POLICY", "Level": float64(2),
		"Content": parsed(t, allow("*", "*"))}}
	for _, c := range []struct {
		gaps     []string
		policies []snapshot.Resource
		get, put iam.Outcome
	}{
		{nil, []snapshot.Resource{scp}, iam.Deny, iam.Deny},
		{[]string{"AWS::Organizations::Policy"}, []snapshot.Resource{scp}, iam.Conditional, iam.Deny},
		{[]string{"AWS::Organizations::Policy"}, []snapshot.Resource{below}, iam.Conditional, iam.Conditional},
		{[]string{"AWS::Organizations::Policy"}, nil, iam.Conditional, iam.Conditional},
	} {
		table := Compile(build(t, c.gaps, append(c.policies, org, user(t, "alice", allow("s3:*", "*")), bucket(t, "logs"))...))
		for action, want := range map[string]iam.Outcome{"s3:GetObject": c.get, "s3:PutObject": c.put} {
			if got := table.Explain(Query{Principal: alice, Action: action, On: logs}); got.Outcome != want {
				t.Errorf("gaps %v, %d policies: %s is %d, want %d", c.gaps, len(c.policies), action, got.Outcome, want)
			}
			m := table.NewEngine().Matrix(Asking{Action: action}, table.Columns([]Column{{On: logs}}), nil)
			if got, _ := m.At(0, 0); got != want {
				t.Errorf("gaps %v, %d policies: %s is %d to the engine, want %d", c.gaps, len(c.policies), action, got, want)
			}
		}
	}
}
