package fact

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// NoMFA are the two requests without MFA: with a long-lived key, which carries no such condition key, and in a session that did without.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
func NoMFA() []map[string][]string {
	return []map[string][]string{{}, {"aws:MultiFactorAuthPresent": {"false"}}}
}

// enrolling is what one needs before one has MFA, to get it, and what the page of one's own credentials lists: a policy that enforces MFA leaves it out. A
// virtual device is deleted only while it is nobody's.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only.html
var enrolling = []string{"iam:changepassword", "iam:createvirtualmfadevice", "iam:deletevirtualmfadevice", "iam:enablemfadevice", "iam:getaccountpasswordpolicy", "iam:getaccountsummary", "iam:getloginprofile", "iam:getmfadevice",
	"iam:getuser", "iam:listaccesskeys", "iam:listaccountaliases", "iam:listmfadevices", "iam:listservicespecificcredentials", "iam:listsigningcertificates", "iam:listsshpublickeys", "iam:listusers", "iam:listvirtualmfadevices", "iam:resyncmfadevice", "sts:getcalleridentity", "sts:getsessiontoken"}

// telling are actions that stand for what a pattern allows: what a policy that enforces MFA must not leave out.
var telling = []string{"any:any", "iam:PutUserPolicy", "iam:CreateAccessKey", "iam:DeactivateMFADevice", "sts:AssumeRole", "s3:GetObject", "s3:PutObject", "ec2:RunInstances", "secretsmanager:GetSecretValue",
	"kms:Decrypt", "lambda:UpdateFunctionCode", "dynamodb:DeleteTable", "cloudtrail:StopLogging", "ssm:StartSession"}

// Unguarded lists what a user's own policies allow in a request without MFA, as they write it, beside enrolling. unread tells that some of them were not
// read or not understood. Policies of the organization are not looked at: they could only take away.
func Unguarded(c check.Case, user *snapshot.Resource, lacking map[string][]string) (what []string, unread bool) {
	own, unread := policiesOf(c, user)
	l := iam.Layers{Identity: own}
	switch arn, st := user.Property("PermissionsBoundary"); st {
	case snapshot.Unknown:
		unread = true
	case snapshot.Known:
		name, _ := arn.(string)
		p, ok := managed(c, name)
		if !ok {
			return nil, true
		}
		l.Boundary = []*iam.Policy{p}
	}
	req := iam.Request{Principal: string(user.Key), Context: lacking}
	for _, k := range []string{"aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"} {
		if lacking[k] == nil {
			req.Absent = append(req.Absent, k)
		}
	}
	for _, p := range own {
		unread = unread || len(p.Unparsed) > 0
		for i := range p.Statements {
			st := &p.Statements[i]
			if st.Effect != iam.EffectAllow {
				continue
			}
			for _, a := range asked(st) {
				if slices.Contains(what, a.written) {
					continue
				}
				switch decided(c, a, req, l) {
				case iam.Allow, iam.Conditional:
					what = append(what, a.written)
				case iam.Unknown:
					unread = true
				}
			}
		}
	}
	return what, unread
}

// decided answers a question. A role's own policy has a say in whether it is assumed, and may ask for MFA; other resources of this account leave it to the
// caller's policies.
func decided(c check.Case, q question, req iam.Request, l iam.Layers) iam.Outcome {
	req.Action, req.Resource = q.action, q.resource
	leaves := iam.Statement{Effect: iam.EffectAllow, Actions: []string{"*"}, Resources: []string{"*"}, Principals: &iam.Principals{AWS: []string{rootOf(req.Principal)}}}
	switch service, _, _ := strings.Cut(strings.ToLower(q.action), ":"); service {
	case "kms":
		l.Resource = []*iam.Policy{{Version: "2012-10-17", Statements: []iam.Statement{leaves}}}
	case "sts":
		best, met := iam.Deny, false
		for _, r := range c.Snapshot.OfType("AWS::IAM::Role") {
			if !iam.Match(q.pattern, string(r.Key)) {
				continue
			}
			met = true
			doc, st := r.Document("AssumeRolePolicyDocument")
			trust, bad := iam.ParseLenient(doc)
			req.Resource, l.Resource = string(r.Key), []*iam.Policy{trust}
			o := iam.Evaluate(&req, &l).Outcome
			if st != snapshot.Known || len(bad) > 0 {
				o = iam.Unknown
			}
			switch {
			case o == iam.Allow || o == iam.Conditional:
				return o
			case o == iam.Unknown:
				best = o
			}
		}
		if met {
			return best
		}
		l.Resource = []*iam.Policy{{Version: "2012-10-17", Statements: []iam.Statement{leaves}}} // of another account, whose roles nobody here sees
	}
	return iam.Evaluate(&req, &l).Outcome
}

// rootOf is the root of a principal's account, which in a policy stands for all that the account lets its principals do.
func rootOf(principal string) string {
	before, _, _ := strings.Cut(principal, ":user/")
	return before + ":root"
}

// question is one request that a statement allows, and the patterns that it stands for.
type question struct{ written, action, pattern, resource string }

func asked(st *iam.Statement) (out []question) {
	resources := slices.Clone(st.Resources)
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	patterns := st.Actions
	if len(patterns) == 0 {
		patterns = []string{"*"}
	}
	like := strings.NewReplacer("*", "any", "?", "a")
	for _, written := range patterns {
		var actions []string
		if !strings.ContainsAny(written, "*?") {
			actions = []string{written}
		} else if service, name, ok := strings.Cut(written, ":"); ok {
			actions = []string{like.Replace(service) + ":" + like.Replace(name)}
		}
		for _, t := range telling {
			if strings.ContainsAny(written, "*?") && iam.MatchAction(written, t) {
				actions = append(actions, t)
			}
		}
		for _, a := range actions {
			if slices.Contains(enrolling, strings.ToLower(a)) {
				continue
			}
			for _, r := range resources {
				resource := like.Replace(r)
				if r == "*" {
					resource = "arn:aws:any:::any"
				}
				out = append(out, question{written, a, r, resource})
			}
		}
	}
	return out
}

// policiesOf are the policies of a user, with those of his groups.
func policiesOf(c check.Case, user *snapshot.Resource) (out []*iam.Policy, unread bool) {
	if names, st := user.Strings("Groups"); st == snapshot.Unknown || len(names) != len(GroupsOf(c, user)) {
		unread = true
	}
	for _, r := range append([]*snapshot.Resource{user}, GroupsOf(c, user)...) {
		arns, inline, st := Carries(r)
		unread = unread || st == snapshot.Unknown
		docs, _ := r.Maps("Policies")
		for i, m := range docs {
			p, _ := iam.ParseLenient(snapshot.AsDocument(m["PolicyDocument"]))
			p.Name = inline[i]
			out = append(out, p)
		}
		for _, arn := range arns {
			p, ok := managed(c, arn)
			if !ok {
				unread = true
				continue
			}
			out = append(out, p)
		}
	}
	return out, unread
}

// managed is a managed policy as it is in force.
func managed(c check.Case, arn string) (*iam.Policy, bool) {
	r, ok := c.Snapshot.Get(snapshot.Key(arn))
	if !ok {
		return nil, false
	}
	doc, st := r.Document("PolicyDocument")
	if st != snapshot.Known {
		return nil, false
	}
	p, _ := iam.ParseLenient(doc)
	p.Name = arn
	return p, true
}

// VirtualDevices are the virtual MFA devices that are assigned, by user. Security keys, passkeys and hardware tokens are in no such list: whoever has MFA and no
// virtual device has one of those. Where they were not listed, or not whose they are, the verdict is unknown, and stands in blind.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html
func VirtualDevices(c check.Case) (by map[snapshot.Key][]*snapshot.Resource, blind []check.Result) {
	const typ = "AWS::IAM::VirtualMFADevice"
	by = map[snapshot.Key][]*snapshot.Resource{}
	blind = c.Blind(typ)
	for _, d := range c.Snapshot.OfType(typ) {
		switch _, st := d.Property("UserArn"); st {
		case snapshot.Known:
			user := snapshot.Key(d.Text("UserArn"))
			by[user] = append(by[user], d)
		case snapshot.Unknown:
			blind = append(blind, check.Result{Target: d.Key, Says: "whose device " + d.Name + " is was not read"})
		}
	}
	return by, blind
}
