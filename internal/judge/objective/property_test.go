package objective_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// drawn draws small accounts whose policies meet often, with people who are meant to do some of it.
type drawn struct{ *rand.Rand }

func (d drawn) one(of ...string) string { return of[d.IntN(len(of))] }

const queue = "arn:aws:sqs:eu-west-1:" + ours + ":jobs"

func (d drawn) statement(on string) object {
	st := object{"Effect": "Allow", "Action": d.one("s3:GetObject", "s3:PutObject", "s3:*", "s3:PutBucketPolicy", "sts:AssumeRole", "sqs:ReceiveMessage", "sqs:*", "iam:PutUserPolicy", "iam:*", "*",
		"lambda:UpdateFunctionCode", "iam:PassRole")}
	if d.IntN(6) == 0 {
		st["Effect"] = "Deny"
	}
	switch d.IntN(6) {
	case 0:
		st["Condition"] = object{"Bool": object{"aws:MultiFactorAuthPresent": "true"}}
	case 1:
		st["Condition"] = object{"IpAddress": object{"aws:SourceIp": "203.0.113.0/24"}}
	}
	switch on {
	case "":
		st["Resource"] = d.one("*", photos, photos+"/*", "arn:aws:s3:::*", queue, arn("role", "*"), arn("role", "ops"), arn("user", "ann"))
	case "role":
		st["Action"] = "sts:AssumeRole"
	default:
		st["Resource"] = "*"
		if on == "bucket" {
			st["Resource"] = []any{photos, photos + "/*"}
		}
	}
	if on != "" {
		st["Principal"] = []any{"*", object{"AWS": ours}, object{"AWS": arn("user", "ann")}, object{"AWS": arn("role", "ops")}, object{"AWS": theirs}}[d.IntN(5)]
	}
	return st
}

func (d drawn) statements(on string) []object {
	var out []object
	for range 1 + d.IntN(2) {
		out = append(out, d.statement(on))
	}
	return out
}

func (d drawn) account(t *testing.T) *account {
	a := newAccount(t)
	a.units()
	a.model.UseCases = []threatmodel.UseCase{{ID: "root", Actor: "root", Needs: map[string][]string{"account": {"admin"}}}}
	a.thing("AWS::SQS::Queue", queue, "jobs", object{"QueueName": "jobs"})
	a.model.Resources = append(a.model.Resources, threatmodel.Resource{ID: "jobs", Bind: arns(queue)})
	if d.IntN(3) == 0 {
		a.get(photos).Policy = raw(doc(d.statements("bucket")...))
	}
	for _, name := range []string{"ann", "ben", "cat"} {
		u := a.user(name, d.statements("")...)
		if d.IntN(2) == 0 {
			u.Properties["Path"] = d.one("/dev/", "/prod/")
		}
		if d.IntN(2) == 0 {
			a.key(name)
		}
		a.actor(name, arn("user", name))
	}
	for _, name := range []string{"ops", "fn"} {
		who := trust("Service", "lambda.amazonaws.com")
		if name == "ops" {
			who = d.statement("role")
		}
		a.role(name, who, d.statements("")...)
		if d.IntN(2) == 0 {
			a.get(arn("role", name)).Properties["Path"] = d.one("/dev/", "/prod/")
		}
		a.actor(name, arn("role", name))
	}
	a.function("resize", "fn")
	for i := range a.resources {
		if r := &a.resources[i]; d.IntN(2) == 0 {
			r.Tags = map[string]string{d.one("env", "class"): d.one("dev", "prod", "restricted", "confidential")}
		}
	}
	if d.IntN(3) == 0 {
		a.network(d.one("10.0.1.0/24", "10.0.2.0/24", "0.0.0.0/0"))
	}
	for i, s := range []string{
		"only ann and ops may read photos", "only ben, fn and root may administer account", "only cat may write jobs, photos", "nobody may administer jobs", "nobody may write anything",
		"nobody may read class restricted", "nobody may write unit prod", "reading photos requires mfa", "administering account requires mfa", "writing jobs requires network",
		"at most 2 may read photos", "at most 3 may administer account", "at most 4 may write jobs", "when risk is 12 or more, only ann, ben and root may read anything", "dev is isolated from prod", "prod is isolated from dev",
	} {
		a.model.Objectives = append(a.model.Objectives, *a.objective(fmt.Sprint("O-", i, " ", s), s))
	}
	return a
}

func (a *account) outcomes() map[string]check.Result {
	j, _ := a.judge()
	out := map[string]check.Result{}
	for _, r := range j.All() {
		out[r.Rule] = r
	}
	return out
}

// copied is the same account, of which resources may be changed.
func (a *account) copied() *account {
	b := *a
	b.resources, b.gaps = slices.Clone(a.resources), slices.Clone(a.gaps)
	b.report = plain(a.report).([]any)
	for i := range b.resources {
		b.resources[i].Properties = plain(b.resources[i].Properties).(object)
		b.resources[i].Unknown = slices.Clone(b.resources[i].Unknown)
	}
	return &b
}

// seeds is how many accounts a property is tried on; FOOTING_ACCOUNTS says otherwise.
func seeds(t *testing.T, n int) uint64 {
	if v := os.Getenv("FOOTING_ACCOUNTS"); v != "" {
		var err error
		if n, err = strconv.Atoi(v); err != nil {
			t.Fatal(err)
		}
	}
	return uint64(n)
}

// worth orders outcomes by how good they are.
var worth = map[check.Outcome]int{check.Fail: 0, check.Unknown: 1, check.NotApplicable: 2, check.Pass: 2}

// Where less is allowed, nothing that held is broken, and nothing that was broken is only unknown for that.
func TestLessAllowedBreaksNothing(t *testing.T) {
	kept, mended := map[string]int{}, map[string]int{}
	for seed := range seeds(t, 60) {
		d := drawn{rand.New(rand.NewPCG(seed, 11))}
		a := d.account(t)
		before := a.outcomes()
		for range 4 {
			b := a.copied()
			what := d.close(b)
			if what == "" {
				continue
			}
			for id, now := range b.outcomes() {
				was := before[id]
				if worth[now.Outcome] < worth[was.Outcome] {
					t.Errorf("seed %d, %s: %s was %s (%s), is %s: %s", seed, what, id, was.Outcome, was.Says, now.Outcome, now.Says)
				}
				if now.Outcome != was.Outcome {
					mended[id]++
				} else {
					kept[id]++
				}
			}
		}
	}
	t.Logf("mended %v", mended)
	if len(mended) < 10 {
		t.Error("hardly anything that was closed made a difference: the accounts say too little")
	}
}

// close takes something away that lets somebody in.
func (d drawn) close(a *account) string {
	r := &a.resources[d.IntN(len(a.resources))]
	if r.Type == "AWS::IAM::User" && d.IntN(3) == 0 {
		for _, row := range a.report {
			if row := row.(object); row["Arn"] == string(r.Key) {
				delete(row, "AccessKey1Active")
				row["PasswordEnabled"] = d.IntN(2) == 0 && row["PasswordEnabled"] == true
			}
		}
		return "a key taken from " + r.Name
	}
	var docs []object
	if p, ok := r.Properties["AssumeRolePolicyDocument"].(object); ok {
		docs = append(docs, p)
	}
	own, _ := r.Properties["Policies"].([]any)
	for _, p := range own {
		docs = append(docs, p.(object)["PolicyDocument"].(object))
	}
	if len(docs) == 0 {
		return ""
	}
	list := docs[d.IntN(len(docs))]["Statement"].([]any)
	st := list[d.IntN(len(list))].(object)
	if st["Effect"] != "Allow" {
		return ""
	}
	// An Allow that nothing meets: an empty list of statements would be no policy.
	asked, _ := st["Condition"].(object)
	if asked == nil {
		asked = object{}
	}
	asked["StringEquals"] = object{"aws:PrincipalAccount": ours, "aws:PrincipalArn": "arn:aws:iam::" + ours + ":user/nobody"}
	st["Condition"] = asked
	return "an Allow taken from " + r.Name
}

// Where less was read, nothing that was broken or unknown holds.
func TestLessReadIsNeverBetter(t *testing.T) {
	changed := map[string]int{}
	for seed := range seeds(t, 60) {
		d := drawn{rand.New(rand.NewPCG(seed, 12))}
		a := d.account(t)
		before := a.outcomes()
		for range 4 {
			b := a.copied()
			what := d.hide(b)
			for id, now := range b.outcomes() {
				was := before[id]
				// What is not applicable says nothing; a thing that is not seen any more must not make it so either.
				if was.Outcome != check.Pass && was.Outcome != check.NotApplicable && worth[now.Outcome] == worth[check.Pass] {
					t.Errorf("seed %d, %s: %s was %s (%s), is %s: %s", seed, what, id, was.Outcome, was.Says, now.Outcome, now.Says)
				}
				if now.Outcome != was.Outcome {
					changed[id]++
				}
			}
		}
	}
	t.Logf("changed %v", changed)
	if len(changed) < 10 {
		t.Error("hardly anything that was hidden made a difference: the accounts say too little")
	}
}

// hide makes something not read: a property, a policy, tags, or all of a type.
func (d drawn) hide(a *account) string {
	if d.IntN(3) == 0 {
		typ := d.one("AWS::IAM::User", "AWS::IAM::Role", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::Lambda::Function", "AWS::IAM::CredentialReport", "AWS::S3::AccountPublicAccessBlock",
			"AWS::Organizations::Policy")
		a.gaps = append(a.gaps, typ)
		if d.IntN(2) == 0 {
			a.resources = slices.DeleteFunc(a.resources, func(r snapshot.Resource) bool { return r.Type == typ })
		}
		return typ + " not listed"
	}
	for {
		r := &a.resources[d.IntN(len(a.resources))]
		p := d.one("Tags", "Policy", "Policies", "AssumeRolePolicyDocument", "Path", "SecurityGroupIngress", "Role", "PermissionsBoundary", "Groups")
		switch {
		case p == "Tags":
			r.Tags = nil
		case p == "Policy":
			r.Policy = nil
		case r.Properties[p] == nil && p != "PermissionsBoundary" && p != "Groups":
			continue
		}
		delete(r.Properties, p)
		r.Unknown = append(r.Unknown, p)
		return p + " of " + r.Name + " not read"
	}
}
