package objective_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/threatmodel"
)

var (
	get   = permit("s3:GetObject", photos+"/*")
	all   = permit("*", "*")
	mfa   = when("Bool", "aws:MultiFactorAuthPresent", "true")
	aws   = object{"Principal": "*"}
	tags  = func(kv ...string) map[string]string { return map[string]string{kv[0]: kv[1]} }
	trust = trusts
)

// Each form of sentence on accounts where it holds, where it is broken, and where what would tell was not read.
func TestForms(t *testing.T) {
	policy := func(a *account, statements ...object) {
		a.get(photos).Policy = raw(doc(statements...))
	}
	admin := func(name string) func(*account) {
		return func(a *account) { a.user(name, all); a.actor(name, arn("user", name)) }
	}
	both := func(fs ...func(*account)) func(*account) {
		return func(a *account) {
			for _, f := range fs {
				f(a)
			}
		}
	}
	reader := func(name string) func(*account) {
		return func(a *account) { a.user(name, get); a.actor(name, arn("user", name)) }
	}
	administers := func(id string) func(*account) {
		return func(a *account) {
			a.model.UseCases = append(a.model.UseCases, threatmodel.UseCase{ID: id, Actor: id, Needs: map[string][]string{"account": {"admin"}}})
		}
	}
	hide := func(key string, what ...string) func(*account) {
		return func(a *account) {
			r := a.get(key)
			r.Unknown = append(r.Unknown, what...)
			for _, p := range what {
				delete(r.Properties, p)
			}
		}
	}
	gap := func(typ string) func(*account) { return func(a *account) { a.gaps = append(a.gaps, typ) } }
	meant := both(administers("root"))
	for name, c := range map[string]struct {
		do   func(*account)
		must string
		want check.Outcome
		says string // part of the sentence
	}{
		"only: him":                            {both(meant, reader("ann")), "only ann may read photos", check.Pass, "true of photos"},
		"only: the account's row says so":      {both(reader("ann")), "only ann may read photos", check.Fail, "the one who takes over the account"},
		"only: another":                        {both(meant, reader("ann"), reader("ben")), "only ann may read photos", check.Fail, "1 other can read photos: ben"},
		"only: both are named":                 {both(meant, reader("ann"), reader("ben")), "only ann and ben may read photos", check.Pass, ""},
		"only: writing is another matter":      {both(meant, reader("ann"), reader("ben")), "only ann may write photos", check.Pass, ""},
		"only: administering is reading":       {both(meant, reader("ann"), func(a *account) { a.user("eve", permit("s3:PutBucketPolicy", photos)) }), "only ann may read photos", check.Fail, "eve"},
		"only: and writing":                    {both(meant, reader("ann"), func(a *account) { a.user("eve", permit("s3:PutBucketPolicy", photos)) }), "only ann may write photos", check.Fail, "eve"},
		"only: under a condition":              {both(meant, reader("ann"), func(a *account) { a.user("ben", permit("s3:GetObject", "*", mfa)) }), "only ann may read photos", check.Fail, "ben"},
		"only: by an unread policy":            {both(meant, reader("ann"), func(a *account) { a.user("ben") }, hide(arn("user", "ben"), "Policies")), "only ann may read photos", check.Unknown, "Policies of ben was not read: perhaps 1 other can read photos"},
		"only: his own unread policy":          {both(meant, reader("ann"), hide(arn("user", "ann"), "Policies")), "only ann may read photos", check.Pass, ""},
		"only: by an unread bucket policy":     {both(meant, reader("ann"), hide(photos, "Policy")), "only ann may read photos", check.Unknown, "Policy of photos was not read"},
		"only: by all that was read":           {both(meant, reader("ann"), reader("ben"), hide(photos, "Policy")), "only ann may read photos", check.Fail, "1 other can read photos: ben"},
		"only: users were not listed":          {both(meant, reader("ann"), gap("AWS::IAM::User")), "only ann may read photos", check.Unknown, "IAM users were not read"},
		"only: who signs in was not read":      {both(meant, reader("ann"), reader("ben"), gap("AWS::IAM::CredentialReport")), "only ann may read photos", check.Unknown, "ben"},
		"only: who does not sign in":           {both(meant, reader("ann"), func(a *account) { a.role("idle", trust("Service", "lambda.amazonaws.com"), get) }), "only ann may read photos", check.Pass, ""},
		"only: the account":                    {both(admin("ann")), "only ann and root may administer account", check.Pass, "true of account"},
		"only: root is somebody":               {both(admin("ann")), "only ann may administer account", check.Fail, "root"},
		"only: administrators are not excused": {both(admin("ann"), admin("ben"), administers("ben")), "only ann and root may administer account", check.Fail, "ben"},
		"only: who is meant to administer":     {both(admin("ann"), meant, administers("ann"), reader("cat")), "only cat may read photos", check.Pass, "ann and root, who administer the account"},
		"only: who is not":                     {both(admin("ann"), meant, reader("cat")), "only cat may read photos", check.Fail, "but the one who takes over the account can read photos: ann"},

		"only: functions were not listed": {both(meant, reader("ann"), gap("AWS::Lambda::Function")), "only ann may read photos", check.Unknown, "a way may lead over what was not seen: test:ListAWS::Lambda::Function was denied, so functions are unknown"},
		"only: as what a function runs": {both(meant, reader("ann"), func(a *account) { a.role("fn", trust("Service", "lambda.amazonaws.com")); a.function("resize", "fn") }, hide("arn:aws:lambda:eu-west-1:"+ours+":function:resize", "Role")),
			"only ann may read photos", check.Unknown, "Role of resize was not read"},
		"only: access points": {both(meant, reader("ann"), gap("AWS::S3::AccessPoint")), "only ann may read photos", check.Unknown, "so access points are unknown"},
		"only: snapshots of databases are none of a bucket's": {both(meant, reader("ann"), gap("AWS::RDS::DBSnapshot")), "only ann may read photos", check.Pass, ""},

		"nobody: so it is":                 {both(meant), "nobody may read photos", check.Pass, ""},
		"nobody: but one":                  {both(meant, reader("ann")), "nobody may read photos", check.Fail, "1 person or machine can read photos: ann"},
		"nobody: anyone":                   {both(meant, func(a *account) { policy(a, permit("s3:GetObject", photos+"/*", aws)) }), "nobody may read photos", check.Fail, "anybody can read photos: anyone"},
		"nobody: perhaps":                  {both(meant, hide(photos, "Policy")), "nobody may read photos", check.Unknown, "perhaps anybody"},
		"nobody: a class":                  {both(meant, func(a *account) { a.get(photos).Tags = tags("data-class", "restricted") }, reader("ann")), "nobody may read class restricted", check.Fail, "ann"},
		"nobody: no such class":            {both(meant, reader("ann")), "nobody may read class restricted", check.NotApplicable, "nothing in this snapshot is of the class restricted"},
		"nobody: a class, tags unread":     {both(meant, reader("ann"), hide(photos, "Tags")), "nobody may read class restricted", check.Unknown, "whether it is about photos was not read"},
		"nobody: a class, nobody, unread":  {both(meant, hide(photos, "Tags")), "nobody may read class restricted", check.Pass, ""},
		"nobody: a type":                   {both(meant, reader("ann")), "nobody may read type bucket", check.Fail, "ann"},
		"nobody: no such type":             {both(meant, reader("ann")), "nobody may read type queue", check.NotApplicable, "nothing"},
		"nobody: a type that nobody reads": {both(meant, gap("AWS::SQS::Queue")), "nobody may read type queue", check.Unknown, "test:ListAWS::SQS::Queue was denied"},
		"nobody: there may be more":        {both(meant, gap("AWS::S3::Bucket")), "nobody may write type bucket", check.Unknown, "there may be more"},
		"nobody: anything":                 {both(meant, reader("ann")), "nobody may read anything", check.Fail, "ann"},
		"nobody: a unit":                   {both(meant, reader("ann"), func(a *account) { a.units(); a.get(photos).Tags = tags("env", "prod") }), "nobody may read unit prod", check.Fail, "ann"},
		"nobody: of another unit":          {both(meant, reader("ann"), func(a *account) { a.units(); a.get(photos).Tags = tags("env", "dev") }), "nobody may read unit prod", check.NotApplicable, ""},
		"nobody: a unit, tags unread":      {both(meant, reader("ann"), func(a *account) { a.units() }, hide(photos, "Tags")), "nobody may read unit prod", check.Unknown, ""},

		"mfa: by nature":                      {both(reader("ann")), "reading photos requires mfa", check.Pass, ""},
		"mfa: a key":                          {both(reader("ann"), func(a *account) { a.key("ann") }), "reading photos requires mfa", check.Fail, "1 person or machine can read photos without MFA: ann"},
		"mfa: a key under a condition":        {both(func(a *account) { a.user("ann", permit("s3:GetObject", "*", mfa)); a.key("ann") }), "reading photos requires mfa", check.Pass, ""},
		"mfa: over the account":               {both(admin("ann"), func(a *account) { a.key("ann") }), "reading photos requires mfa", check.Fail, "by taking over the account ann"},
		"mfa: administrators are not excused": {both(admin("ann"), meant, administers("ann"), func(a *account) { a.key("ann") }), "reading photos requires mfa", check.Fail, "by taking over the account ann"},
		"mfa: a machine": {both(func(a *account) {
			a.role("fn", trust("Service", "lambda.amazonaws.com"), get)
			a.function("resize", "fn")
		}), "reading photos requires mfa", check.Fail, "resize"},
		"mfa: perhaps a key":    {both(reader("ann"), gap("AWS::IAM::CredentialReport")), "reading photos requires mfa", check.Unknown, "ann"},
		"mfa: is not a network": {both(reader("ann")), "reading photos requires network", check.Fail, "without coming from a network"},
		"network: asked for": {both(func(a *account) {
			a.user("ann", permit("s3:GetObject", "*", when("IpAddress", "aws:SourceIp", "203.0.113.0/24")))
		}), "reading photos requires network", check.Fail, "root"},
		"network: of who is not an administrator": {both(meant, func(a *account) {
			a.user("ann", permit("s3:GetObject", "*", when("IpAddress", "aws:SourceIp", "203.0.113.0/24")))
		}), "reading photos requires network", check.Pass, "root, who administer"},
		"network: administrators who are not meant": {both(meant, admin("ann")), "reading photos requires network", check.Fail, "by taking over the account ann"},
		"network: the account":                      {both(meant), "administering account requires network", check.Fail, "root"},
		"organization: of a policy": {both(func(a *account) {
			policy(a, permit("s3:GetObject", photos+"/*", aws, when("StringEquals", "aws:PrincipalOrgID", "o-1")))
		}), "reading photos requires organization", check.Fail, "root"},
		"mfa and network: one of them":  {both(func(a *account) { a.user("ann", permit("s3:GetObject", "*", mfa)); a.key("ann") }), "reading photos requires mfa and network", check.Fail, ""},
		"mfa: administering the bucket": {both(reader("ann"), func(a *account) { a.key("ann") }), "administering photos requires mfa", check.Pass, ""},

		"at most: as many":            {both(admin("ann"), admin("ben")), "at most 3 may administer account", check.Pass, ""},
		"at most: more":               {both(admin("ann"), admin("ben")), "at most 2 may administer account", check.Fail, "3 people and machines can administer account, and at most 2 should: ann, ben and root"},
		"at most: perhaps more":       {both(admin("ann"), func(a *account) { a.user("ben") }, hide(arn("user", "ben"), "Policies")), "at most 2 may administer account", check.Unknown, "2 people and machines surely can administer account, perhaps 3"},
		"at most: perhaps as many":    {both(admin("ann"), func(a *account) { a.user("ben") }, hide(arn("user", "ben"), "Policies")), "at most 3 may administer account", check.Pass, ""},
		"at most: roles are none":     {both(admin("ann"), func(a *account) { a.role("ops", trust("AWS", arn("user", "ann")), all) }), "at most 2 may administer account", check.Pass, ""},
		"at most: anyone is too many": {both(func(a *account) { policy(a, permit("s3:GetObject", photos+"/*", aws)) }), "at most 500 may read photos", check.Fail, "anybody"},
		"at most: everybody counts":   {both(admin("ann"), meant, administers("ann"), reader("cat")), "at most 2 may read photos", check.Fail, "cat; 2 by taking over the account: ann and root"},
		"at most: a crowd of people":  {both(func(a *account) { a.sso("Ops", all) }), "at most 5 may administer account", check.Unknown, "no scan tells how many"},
		"at most: known to be one": {both(func(a *account) {
			a.sso("Ops", all)
			a.model.People = []threatmodel.Person{{ID: "ann", Bind: arns(arn("role", "AWSReservedSSO_Ops_1"))}}
		}), "at most 2 may administer account", check.Pass, ""},
		"at most: one with two names": {both(admin("ann"), admin("ann-old"), func(a *account) {
			a.model.People = []threatmodel.Person{{ID: "ann", Bind: arns(arn("user", "ann*"))}}
		}), "at most 2 may administer account", check.Pass, ""},
		"at most: a machine is nobody's own": {both(func(a *account) {
			a.role("ann-fn", trust("Service", "lambda.amazonaws.com"), all)
			a.function("one", "ann-fn")
			a.function("two", "ann-fn")
			a.model.People = []threatmodel.Person{{ID: "ann", Bind: arns(arn("role", "ann-*"))}}
		}), "at most 2 may administer account", check.Fail, "3 people and machines"},
		"at most: two with two names": {both(admin("ann"), admin("ann-old")), "at most 2 may administer account", check.Fail, ""},

		"risk: of little":     {both(meant, reader("ann")), "when risk is 20 or more, nobody may read anything", check.Pass, "has a risk of 20 or more"},
		"risk: of much":       {both(meant, reader("ann"), func(a *account) { a.get(photos).Tags = tags("class", "restricted"); a.key("ann") }), "when risk is 15 or more, nobody may read anything", check.Fail, "ann"},
		"risk: perhaps much":  {both(meant, func(a *account) { a.user("ann", get) }, hide(photos, "Tags", "Policy")), "when risk is 15 or more, nobody may read anything", check.Unknown, ""},
		"risk: of any class":  {both(meant, reader("ann"), func(a *account) { a.key("ann") }, hide(photos, "Tags")), "when risk is 15 or more, nobody may read anything", check.Unknown, ""},
		"risk: of one class":  {both(meant, reader("ann"), func(a *account) { a.key("ann") }), "when risk is 15 or more, nobody may read anything", check.Pass, ""},
		"risk: of the others": {both(meant, reader("ann"), func(a *account) { a.get(photos).Tags = tags("class", "restricted"); a.key("ann") }), "when risk is 15 or more, only ann may read anything", check.Pass, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t)
			c.do(a)
			r := a.must(c.must)
			if r.Outcome != c.want || !strings.Contains(r.Says, c.says) {
				t.Errorf("%s: %s, %q; want %s, with %q", c.must, r.Outcome, r.Says, c.want, c.says)
			}
			broken := false
			for _, e := range r.Evidence {
				broken = broken || e.Outcome == r.Outcome
				if e.Outcome == check.Fail && e.Key != "" && e.Path == nil {
					t.Errorf("%s: %q, and no way is told", c.must, e.Says)
				}
			}
			if (c.want == check.Fail || c.want == check.Unknown) && !broken || r.Risk < 1 || r.Risk > 25 {
				t.Errorf("%s: %s of risk %d, by evidence %+v", c.must, r.Outcome, r.Risk, r.Evidence)
			}
		})
	}
}

func (a *account) units() {
	a.model.Units = nil
	for _, u := range []string{"dev", "prod", "shared"} {
		a.model.Units = append(a.model.Units, threatmodel.Unit{Name: u, Bind: []threatmodel.Bind{{Tag: map[string]threatmodel.Words{"env": {u}}}, {Path: threatmodel.Words{"/" + u + "/"}}}})
	}
}

// key gives somebody an access key beside the password.
func (a *account) key(user string) {
	for _, r := range a.report {
		if row := r.(object); row["User"] == user {
			row["AccessKey1Active"], row["AccessKey1LastRotated"] = true, "2026-05-20T00:00:00Z"
		}
	}
}

// sso is a permission set of Identity Center.
func (a *account) sso(name string, statements ...object) {
	provider := "arn:aws:iam::" + ours + ":saml-provider/AWSSSO_x"
	st := object{"Effect": "Allow", "Action": "sts:AssumeRoleWithSAML", "Principal": object{"Federated": provider},
		"Condition": object{"StringEquals": object{"SAML:aud": "https://signin.aws.amazon.com/saml"}}}
	a.role("AWSReservedSSO_"+name+"_1", st, statements...)
}

func raw(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// Who is the actor of a sentence, and who is not.
func TestActors(t *testing.T) {
	oidc := func(id string, subjects ...string) func(*account) {
		return func(a *account) {
			a.model.Actors = append(a.model.Actors, threatmodel.Actor{ID: id, Bind: threatmodel.Bind{OIDC: subjects}})
		}
	}
	is := func(id string, who ...string) func(*account) { return func(a *account) { a.actor(id, who...) } }
	for name, c := range map[string]struct {
		do   func(*account)
		who  func(*account)
		want check.Outcome
	}{
		"who assumes a role": {func(a *account) {
			a.user("ann", permit("sts:AssumeRole", arn("role", "ops")))
			a.role("ops", trust("AWS", arn("user", "ann")), get)
		}, is("x", arn("user", "ann")), check.Pass},
		"a role that others assume": {func(a *account) {
			a.user("ann", permit("sts:AssumeRole", arn("role", "ops")))
			a.role("ops", trust("AWS", arn("user", "ann")), get)
		}, is("x", arn("role", "ops")), check.Fail},
		"a function by its role": {func(a *account) {
			a.role("fn", trust("Service", "lambda.amazonaws.com"), get)
			a.function("resize", "fn")
		}, is("x", arn("role", "fn")), check.Pass},
		"a function by itself": {func(a *account) {
			a.role("fn", trust("Service", "lambda.amazonaws.com"), get)
			a.function("resize", "fn")
		},
			is("x", "arn:aws:lambda:*:"+ours+":function:resize"), check.Pass},
		"one of two functions": {func(a *account) {
			a.role("fn", trust("Service", "lambda.amazonaws.com"), get)
			a.function("resize", "fn")
			a.function("other", "fn")
		}, is("x", "arn:aws:lambda:*:"+ours+":function:resize"), check.Fail},
		"a permission set":        {func(a *account) { a.sso("Ops", get) }, is("x", arn("role", "AWSReservedSSO_Ops_*")), check.Pass},
		"another permission set":  {func(a *account) { a.sso("Ops", get) }, is("x", arn("role", "AWSReservedSSO_Dev_*")), check.Fail},
		"a branch by its subject": {func(a *account) { a.role("ci", federates(github, "repo:o/r:ref:refs/heads/main"), get) }, oidc("x", "repo:o/r:ref:refs/heads/main"), check.Pass},
		"any branch by its subject": {func(a *account) { a.role("ci", federates(github, "repo:o/r:*"), get) },
			oidc("x", "repo:o/r:*"), check.Pass},
		"any branch, where one is meant":   {func(a *account) { a.role("ci", federates(github, "repo:o/r:*"), get) }, oidc("x", "repo:o/r:ref:refs/heads/main"), check.Fail},
		"any branch, where a ? is meant":   {func(a *account) { a.role("ci", federates(github, "repo:o/r:*"), get) }, oidc("x", "repo:o/r:?"), check.Fail},
		"one branch, where any is meant":   {func(a *account) { a.role("ci", federates(github, "repo:o/r:ref:refs/heads/main"), get) }, oidc("x", "repo:o/*"), check.Pass},
		"another repository":               {func(a *account) { a.role("ci", federates(github, "repo:o/other:*"), get) }, oidc("x", "repo:o/r:*"), check.Fail},
		"a subject is no user":             {func(a *account) { a.user("ann", get) }, oidc("x", "*"), check.Fail},
		"a branch by its role":             {func(a *account) { a.role("ci", federates(github, "repo:o/r:ref:refs/heads/main"), get) }, is("x", arn("role", "ci")), check.Pass},
		"any repository is nobody's role":  {func(a *account) { a.role("ci", federates(github, "repo:o/*"), get) }, is("x", arn("role", "ci")), check.Fail},
		"anybody's token is nobody's role": {func(a *account) { a.role("ci", federates(github, ""), get) }, is("x", arn("role", "ci")), check.Fail},
		"a trust policy that was not read": {func(a *account) {
			r := a.role("ci", trust("AWS", ours), get)
			delete(r.Properties, "AssumeRolePolicyDocument")
			r.Unknown = []string{"AssumeRolePolicyDocument"}
		}, is("x", arn("role", "ci")), check.Unknown},
		"another account":                   {func(a *account) { a.role("p", trust("AWS", theirs), get) }, is("x", "arn:aws:iam::"+theirs+":root"), check.Pass},
		"another account by its role":       {func(a *account) { a.role("p", trust("AWS", theirs), get) }, is("x", arn("role", "p")), check.Fail},
		"a wildcard is not another account": {func(a *account) { a.role("p", trust("AWS", theirs), get) }, is("x", "arn:aws:iam::*:root"), check.Fail},
		"everything is not another account": {func(a *account) { a.role("p", trust("AWS", theirs), get) }, is("x", "*"), check.Fail},
		"everything is everybody here":      {func(a *account) { a.user("ann", get); a.user("ben", get) }, is("x", "*"), check.Pass},
		"what anybody may, everybody may": {func(a *account) {
			a.get(photos).Policy = raw(doc(permit("s3:GetObject", photos+"/*", aws)))
			a.user("ben", get)
		}, anonymous, check.Pass},
		"anyone is nobody in particular": {func(a *account) { a.get(photos).Policy = raw(doc(permit("s3:GetObject", photos+"/*", aws))) }, is("x", "*"), check.Fail},
		"somebody outside whom nobody bound": {func(a *account) { a.user("ann", get) }, func(a *account) {
			a.model.Actors = append(a.model.Actors, threatmodel.Actor{ID: "x", Kind: "human", Outside: true})
		}, check.Fail},
		"a person by a tag":                   {func(a *account) { a.user("ann", get).Tags = tags("team", "web") }, tagged, check.Pass},
		"a person by a tag that was not read": {func(a *account) { a.user("ann", get).Unknown = []string{"Tags"} }, tagged, check.Unknown},
		"a person by another tag":             {func(a *account) { a.user("ann", get).Tags = tags("team", "ops") }, tagged, check.Fail},
		"a host whose exposure was not read": {func(a *account) {
			a.role("host", trust("Service", "ec2.amazonaws.com"), get)
			a.thing("AWS::IAM::InstanceProfile", arn("instance-profile", "host"), "host", object{"InstanceProfileName": "host", "Roles": []any{"host"}})
			a.thing("AWS::EC2::Instance", "arn:aws:ec2:eu-west-1:"+ours+":instance/i-1", "box", object{"InstanceId": "i-1", "IamInstanceProfile": arn("instance-profile", "host"), "SubnetId": "s-1"}).Unknown = []string{"PublicIpAddress"}
		}, is("x", arn("user", "ann")), check.Fail},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t)
			a.model.UseCases = []threatmodel.UseCase{{ID: "root", Actor: "root", Needs: map[string][]string{"account": {"admin"}}}}
			c.do(a)
			c.who(a)
			if r := a.must("only x may read photos"); r.Outcome != c.want {
				t.Errorf("%s, %q; want %s", r.Outcome, r.Says, c.want)
			}
		})
	}
}

func anonymous(a *account) {
	a.model.Actors = append(a.model.Actors, threatmodel.Actor{ID: "x", Kind: "anonymous", Outside: true})
}

func tagged(a *account) {
	a.model.Actors = append(a.model.Actors, threatmodel.Actor{ID: "x", Bind: threatmodel.Bind{Tag: map[string]threatmodel.Words{"team": {"web"}}}})
}
