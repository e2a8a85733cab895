package fact_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/fact"
)

// told writes administrators as a test wants them: "perhaps", how many, the kind, the name.
func told(list []fact.Administrator) []string {
	out := []string{}
	for i := range list {
		a := &list[i]
		var words []string
		if !a.Sure {
			words = append(words, "perhaps")
		}
		switch {
		case a.Anybody:
			words = append(words, "anybody")
		case a.Unlisted:
			words = append(words, "unlisted")
		case a.Many:
			words = append(words, "many")
		}
		kind := [...]string{fact.Unsaid: "somebody", fact.Person: "person", fact.Machine: "machine"}[a.Kind]
		out = append(out, strings.Join(append(words, kind, a.Name), " "))
	}
	slices.Sort(out)
	return out
}

func root(account string) object { return to("AWS", "arn:aws:iam::"+account+":root") }

var here = []object{allow("sts:AssumeRole", nil, root(ours))}

func service(name string) []object {
	return []object{allow("sts:AssumeRole", nil, to("Service", name+".amazonaws.com"))}
}

// with gives a user, role or group more of what GetAccountAuthorizationDetails tells.
func with(o object, more ...object) {
	for _, m := range more {
		for k, v := range m {
			o[k] = v
		}
	}
}

func in(groups ...string) object    { return object{"GroupList": groups} }
func has(policies ...string) object { return object{"AttachedManagedPolicies": attached(policies...)} }
func within(boundary string) object {
	return object{"PermissionsBoundary": object{"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary}}
}

const github = "arn:aws:iam::" + ours + ":oidc-provider/token.actions.githubusercontent.com"

func githubTrust(sub string) []object {
	return []object{allow("sts:AssumeRoleWithWebIdentity", nil, to("Federated", github),
		object{"Condition": object{"StringLike": object{"token.actions.githubusercontent.com:sub": sub}, "StringEquals": object{"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}})}
}

var mfa = when("Bool", "aws:MultiFactorAuthPresent", "true")

var cases = []struct {
	name  string
	build func(*account)
	want  string // comma-separated
}{
	{"nobody", func(a *account) { a.user("ana", allow("s3:*", "*")) }, ""},
	{"attached to a user", func(a *account) { with(a.user("ana"), has(admin)) }, "person ana"},
	{"inline star", func(a *account) { a.user("ana", allow("*", "*")) }, "person ana"},
	{"star colon star", func(a *account) { a.user("ana", allow("*:*", "*")) }, "person ana"},
	{"a policy of their own that says the same", func(a *account) {
		with(a.user("ana"), has(a.policy("everything", allow([]string{"*"}, []string{"*"}))))
	}, "person ana"},
	{"two statements that come to it", func(a *account) { a.user("ana", allow([]string{"iam:*", "s3:*", "ec2:*"}, "*"), allow("*", "*")) }, "person ana"},
	{"iam star alone", func(a *account) { a.user("ana", allow("iam:*", "*")) }, "person ana"},
	{"iam star on the roles of a team: makes one for itself", func(a *account) { a.user("ana", allow("iam:*", arn("role", "team/*"))) }, "person ana"},
	{"NotAction without iam", func(a *account) {
		a.user("ana", allow(nil, "*", object{"NotAction": []string{"iam:*", "organizations:*", "account:*"}}))
	}, ""},
	{"NotAction that leaves iam in", func(a *account) {
		a.user("ana", allow(nil, "*", object{"NotAction": []string{"organizations:*", "aws-portal:*"}}))
	}, "person ana"},
	{"a narrow deny beside star", func(a *account) { a.user("ana", allow("*", "*"), deny("s3:DeleteBucket", "arn:aws:s3:::trail-logs")) }, "person ana"},
	{"deny of everything", func(a *account) { a.user("ana", allow("*", "*"), deny("*", "*")) }, ""},
	{"deny of iam and sts, and star", func(a *account) { a.user("ana", allow("*", "*"), deny([]string{"iam:*", "sts:*"}, "*")) }, ""},
	{"deny under a condition on MFA", func(a *account) {
		a.user("ana", allow("*", "*"), deny("*", "*", when("BoolIfExists", "aws:MultiFactorAuthPresent", "false")))
	}, "person ana"},
	{"deny outside of a Region", func(a *account) {
		a.user("ana", allow("*", "*"), deny(nil, "*", object{"NotAction": []string{"iam:*", "sts:*", "cloudfront:*"}}, when("StringNotEquals", "aws:RequestedRegion", "eu-west-1")))
	}, "person ana"},
	{"a boundary that cuts it", func(a *account) {
		with(a.user("ana"), has(admin), within(a.policy("fence", allow([]string{"s3:*", "ec2:Describe*"}, "*"))))
	}, ""},
	{"a boundary that lets it through", func(a *account) { with(a.user("ana"), has(admin), within(admin)) }, "person ana"},
	{"a boundary that one may drop", func(a *account) {
		with(a.user("ana"), has(admin), within(a.policy("fence", allow([]string{"s3:*", "iam:DeleteUserPermissionsBoundary"}, "*"))))
	}, "person ana"},
	{"a boundary within which one rewrites the boundary", func(a *account) {
		with(a.user("ana"), has(admin), within(a.policy("fence", allow([]string{"s3:*", "iam:CreatePolicyVersion"}, "*"))))
	}, "person ana"},
	{"a group's", func(a *account) {
		a.group("admins", []string{admin})
		with(a.user("ana"), in("admins"))
		a.user("bo")
	}, "person ana"},
	{"a group's, of a group without members", func(a *account) {
		a.group("admins", []string{admin})
		a.user("bo", allow("s3:*", "*"))
	}, ""},
	{"a group that one may join", func(a *account) {
		a.group("admins", []string{admin})
		a.user("bo", allow("iam:AddUserToGroup", arn("group", "admins")))
	}, "person bo"},
	{"a harmless group that one may join", func(a *account) {
		a.group("readers", nil, allow("s3:GetObject", "*"))
		a.user("bo", allow("iam:AddUserToGroup", arn("group", "readers")))
	}, ""},
	{"a group's inline policy", func(a *account) {
		a.group("ops", nil, allow("*", "*"))
		with(a.user("ana"), in("ops"))
	}, "person ana"},
	{"a role that trusts the account, which one may assume", func(a *account) {
		a.role("admin", here, []string{admin})
		a.user("ana", allow("sts:AssumeRole", arn("role", "admin")))
		a.user("bo", allow("sts:AssumeRole", arn("role", "reader")))
	}, "person ana"},
	{"a role that trusts another user", func(a *account) {
		a.role("admin", []object{allow("sts:AssumeRole", nil, to("AWS", arn("user", "ana")))}, []string{admin})
		a.user("ana")
		a.user("bo", allow("sts:AssumeRole", "*"))
	}, "person ana"},
	{"a role whose trust denies", func(a *account) {
		a.role("admin", []object{allow("sts:AssumeRole", nil, root(ours)), deny("sts:AssumeRole", nil, to("AWS", arn("user", "ana")))}, []string{admin})
		a.user("ana", allow("sts:AssumeRole", "*"))
	}, ""},
	{"a chain of three roles", func(a *account) {
		a.role("one", here, nil, allow("sts:AssumeRole", arn("role", "two")))
		a.role("two", []object{allow("sts:AssumeRole", nil, to("AWS", arn("role", "one")))}, nil, allow("sts:AssumeRole", arn("role", "three")))
		a.role("three", []object{allow("sts:AssumeRole", nil, to("AWS", arn("role", "two")))}, []string{admin})
		a.user("ana", allow("sts:AssumeRole", arn("role", "one")))
	}, "person ana"},
	{"a chain with a link that is missing", func(a *account) {
		a.role("one", here, nil)
		a.role("two", []object{allow("sts:AssumeRole", nil, root(ours))}, []string{admin})
		a.user("ana", allow("sts:AssumeRole", arn("role", "one")))
	}, ""},
	{"writes itself a policy", func(a *account) { a.user("ana", allow("iam:PutUserPolicy", arn("user", "ana"))) }, "person ana"},
	{"writes somebody low a policy", func(a *account) {
		a.user("ana", allow("iam:PutUserPolicy", arn("user", "low")))
		a.user("low")
	}, ""},
	{"makes itself a key of an administrator", func(a *account) {
		with(a.user("ana"), has(admin))
		a.user("bo", allow("iam:CreateAccessKey", arn("user", "*")))
	}, "person ana,person bo"},
	{"makes itself a key of itself", func(a *account) { a.user("bo", allow("iam:CreateAccessKey", arn("user", "bo"))) }, ""},
	{"rewrites a policy that it has", func(a *account) {
		p := a.policy("team", allow("s3:GetObject", "*"))
		with(a.user("ana", allow("iam:CreatePolicyVersion", p)), has(p))
	}, "person ana"},
	{"rewrites a policy that nobody has", func(a *account) {
		p := a.policy("team", allow("s3:GetObject", "*"))
		a.user("ana", allow("iam:CreatePolicyVersion", p))
	}, ""},
	{"opens the door of a role", func(a *account) {
		a.role("admin", service("cloudformation"), []string{admin})
		a.user("ana", allow([]string{"iam:UpdateAssumeRolePolicy", "sts:AssumeRole"}, arn("role", "admin")))
	}, "machine admin,person ana"},
	{"passes a role to a function", func(a *account) {
		a.role("boss", service("lambda"), []string{admin})
		a.user("ana", allow("iam:PassRole", arn("role", "boss")), allow([]string{"lambda:CreateFunction", "lambda:InvokeFunction"}, "*"))
	}, "machine boss,person ana"},
	{"passes a role and has nothing to run", func(a *account) {
		a.role("boss", service("lambda"), []string{admin})
		a.user("ana", allow("iam:PassRole", "*"), allow("s3:*", "*"))
	}, "machine boss"},
	{"passes a role that the service may not hold", func(a *account) {
		a.role("boss", service("ec2"), []string{admin})
		a.user("ana", allow("iam:PassRole", arn("role", "boss")), allow([]string{"lambda:CreateFunction", "lambda:InvokeFunction"}, "*"))
	}, "machine boss"},
	{"rewrites what a function does", func(a *account) {
		a.role("boss", service("lambda"), []string{admin})
		a.thing("AWS::Lambda::Function", "arn:aws:lambda:eu-west-1:"+ours+":function:job", object{"FunctionName": "job", "Role": arn("role", "boss")})
		a.user("ana", allow("lambda:UpdateFunctionCode", "*"))
	}, "machine job,person ana"},
	{"runs commands on a host", func(a *account) {
		a.role("boss", service("ec2"), []string{admin})
		a.thing("AWS::IAM::InstanceProfile", arn("instance-profile", "boss"), object{"InstanceProfileName": "boss", "Roles": []string{"boss"}})
		a.thing("AWS::EC2::Instance", "arn:aws:ec2:eu-west-1:"+ours+":instance/i-1", object{"InstanceId": "i-1", "IamInstanceProfile": "boss", "State": "running"})
		a.user("ana", allow([]string{"ssm:SendCommand"}, "*"))
	}, "machine i-1,person ana"},
	{"a build of one branch", func(a *account) { a.role("deploy", githubTrust("repo:acme/web:ref:refs/heads/main"), []string{admin}) }, "machine repo:acme/web:ref:refs/heads/main"},
	{"a build of anybody", func(a *account) { a.role("deploy", githubTrust("repo:*"), []string{admin}) }, "anybody somebody any repository of anybody"},
	{"any pod of a cluster", func(a *account) {
		a.role("pods", []object{allow("sts:AssumeRoleWithWebIdentity", nil, to("Federated", arn("oidc-provider", "oidc.eks.eu-west-1.amazonaws.com/id/0AB")))}, []string{admin})
	}, "machine any identity of the cluster"},
	{"any identity of a company's own provider", func(a *account) {
		a.role("web", []object{allow("sts:AssumeRoleWithWebIdentity", nil, to("Federated", arn("oidc-provider", "login.acme.example")))}, []string{admin})
	}, "many somebody anybody with a token of login.acme.example"},
	{"a user without credentials of whom a host may make itself a key", func(a *account) {
		with(a.user("ana-spare"), has(admin))
		a.signsIn("ana-spare", false, false, false)
		a.role("web", service("ec2"), nil, allow("iam:CreateAccessKey", "*"))
		a.thing("AWS::IAM::InstanceProfile", arn("instance-profile", "web"), object{"InstanceProfileName": "web", "Roles": []string{"web"}})
		a.thing("AWS::EC2::Instance", "arn:aws:ec2:eu-west-1:"+ours+":instance/i-1", object{"InstanceId": "i-1", "IamInstanceProfile": "web", "State": "running"})
		a.model = "people: [{id: ana, name: Ana, bind: {arn: \"" + arn("user", "ana-spare") + "\"}}]"
	}, "machine i-1,person Ana"},
	{"a build that may do little", func(a *account) { a.role("deploy", githubTrust("repo:acme/web:*"), nil, allow("s3:*", "*")) }, ""},
	{"people of a company's own provider", func(a *account) {
		a.role("ops", []object{allow("sts:AssumeRoleWithSAML", nil, to("Federated", "arn:aws:iam::"+ours+":saml-provider/okta"), when("StringEquals", "SAML:aud", "https://signin.aws.amazon.com/saml"))}, []string{admin})
	}, "many person people who sign in through okta"},
	{"that provider, and one person alone", func(a *account) {
		a.role("ops", []object{allow("sts:AssumeRoleWithSAML", nil, to("Federated", "arn:aws:iam::"+ours+":saml-provider/okta"), when("StringEquals", "SAML:aud", "https://signin.aws.amazon.com/saml"))}, []string{admin})
		a.model = "people: [{id: ana, name: Ana, bind: {arn: \"" + arn("role", "ops") + "\"}}]"
	}, "person Ana"},
	{"single sign-on, listed", func(a *account) {
		a.sso("Admin", []string{admin}, "USER:ana", "GROUP:ops")
		a.person("ana")
		a.person("bo")
		a.person("cy")
		a.team("ops", "bo")
	}, "person ana,person bo"},
	{"single sign-on, of a set that does little", func(a *account) {
		a.sso("Reader", []string{a.policy("look", allow("s3:Get*", "*"))}, "USER:ana")
		a.person("ana")
	}, ""},
	{"single sign-on, assigned to nobody", func(a *account) { a.sso("Admin", []string{admin}, "nobody") }, ""},
	{"single sign-on in an account that may not list it", func(a *account) { a.sso("Admin", []string{admin}) }, "unlisted person people with the permission set Admin"},
	{"single sign-on, in two groups", func(a *account) {
		a.sso("Admin", []string{admin}, "GROUP:ops", "GROUP:leads")
		a.person("bo")
		a.team("ops", "bo")
		a.team("leads", "bo")
	}, "person bo"},
	{"single sign-on, with two sets", func(a *account) {
		a.sso("Admin", []string{admin}, "GROUP:ops")
		a.sso("Rescue_kit", []string{admin}, "USER:bo")
		a.person("bo")
		a.team("ops", "bo")
	}, "person bo"},
	{"single sign-on, of somebody who left", func(a *account) {
		a.sso("Admin", []string{admin}, "USER:bo", "USER:cy")
		a.person("bo", "DISABLED")
		a.person("cy", "ENABLED")
	}, "person cy"},
	{"single sign-on, of a group that was not listed", func(a *account) { a.sso("Admin", []string{admin}, "GROUP:ops") }, "unlisted person people with the permission set Admin"},
	{"single sign-on and a user, one person", func(a *account) {
		a.sso("Admin", []string{admin}, "USER:bo")
		a.person("bo")
		with(a.user("bo-breakglass"), has(admin))
		a.model = "people: [{id: bo, name: Bo, bind: {arn: [\"arn:aws:identitystore:::user/bo\", \"" + arn("user", "bo-breakglass") + "\"]}}]"
	}, "person Bo"},
	{"a role of account access", func(a *account) {
		a.role("lead", []object{allow([]string{"sts:AssumeRole", "sts:SetContext", "sts:TagSession"}, nil, to("Service", "account-access.amazonaws.com"))}, []string{admin})
	}, "unlisted person people whom account access lets into lead"},
	{"another account", func(a *account) {
		a.role("OrganizationAccountAccessRole", []object{allow("sts:AssumeRole", nil, root(theirs))}, []string{admin})
	}, "many somebody account " + theirs},
	{"everybody", func(a *account) {
		a.role("oops", []object{allow("sts:AssumeRole", nil, object{"Principal": "*"})}, []string{admin})
	}, "anybody somebody anybody"},
	{"a service-linked role", func(a *account) {
		a.role("aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport", service("support"), nil, allow("*", "*"))
	}, ""},
	{"the role that CloudFormation works with", func(a *account) {
		a.role("cdk-hnb659fds-cfn-exec-role-"+ours+"-eu-west-1", service("cloudformation"), []string{admin})
	}, "machine cdk-hnb659fds-cfn-exec-role-" + ours + "-eu-west-1"},
	{"a role that a host may hold, and none does", func(a *account) { a.role("boss", service("ec2"), []string{admin}) }, "machine boss"},
	{"a role that nobody may assume", func(a *account) {
		a.role("old", []object{allow("sts:AssumeRole", nil, to("AWS", "AROA4BE74TF6D55D2CC5Q"))}, []string{admin})
	}, ""},
	{"a machine with a key", func(a *account) { with(a.machine("ci-deploy"), has(admin)) }, "machine ci-deploy"},
	{"a key, and nobody says whose", func(a *account) { with(a.machine("zeta"), has(admin)) }, "somebody zeta"},
	{"a key, tagged as a machine's", func(a *account) {
		with(a.machine("zeta"), has(admin), object{"Tags": []object{{"Key": "footing:kind", "Value": "machine"}}})
	}, "machine zeta"},
	{"a person called like a machine", func(a *account) { with(a.user("deploy"), has(admin)) }, "person deploy"},
	{"neither a password nor a key", func(a *account) {
		with(a.user("ana"), has(admin))
		a.signsIn("ana", false, false, false)
	}, "person ana"},
	{"no credential report", func(a *account) {
		with(a.user("ana"), has(admin))
		a.noReport = true
	}, "somebody ana"},
	{"two users of one person", func(a *account) {
		with(a.user("ana"), has(admin))
		with(a.user("ana-admin"), has(admin))
		a.model = "people: [{id: ana, bind: {arn: [\"" + arn("user", "ana") + "\", \"" + arn("user", "ana-admin") + "\"]}}]"
	}, "person ana"},
	{"a policy that was not read", func(a *account) { with(a.user("ana"), has(arn("policy", "unseen"))) }, "perhaps person ana"},
	{"an MFA condition on the role", func(a *account) {
		a.role("admin", []object{allow("sts:AssumeRole", nil, root(ours), mfa)}, []string{admin})
		a.user("ana", allow("sts:AssumeRole", arn("role", "admin")))
	}, "person ana"},
	{"goes back to another version of its policy", func(a *account) {
		p := a.policy("team", allow("s3:GetObject", "*"))
		with(a.user("ana", allow("iam:SetDefaultPolicyVersion", p)), has(p))
	}, "perhaps person ana"},
}

// Who administers the account is found by every way, and counted once.
func TestAdministering(t *testing.T) {
	if len(cases) < 40 {
		t.Fatalf("only %d accounts", len(cases))
	}
	for _, x := range cases {
		a := &account{}
		x.build(a)
		c := a.asked(t)
		as := fact.Administering(c)
		want := strings.Split(x.want, ",")
		if x.want == "" {
			want = []string{}
		}
		if got := told(as.List); !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", x.name, got, want)
			for _, who := range as.List {
				for _, h := range who.Holds {
					t.Logf("  %s as %s: %s %v", who.ID, h.Principal, h.Path.By, h.Path.Steps)
				}
			}
		}
		for i := range as.List {
			holdsEdge(t, x.name, a, as, &as.List[i])
		}
	}
}

// holdsEdge tries the edge of an administrator on the table.
func holdsEdge(t *testing.T, name string, a *account, as *fact.Administration, who *fact.Administrator) bool {
	e := as.Edge(who)
	if e == nil || e.Cut == "" {
		return false
	}
	if e.Says == "" || e.Key == "" {
		t.Errorf("%s: %s: %+v", name, who.Name, e)
	}
	b := a.judged(t).Table(e.Cut)
	for _, w := range b.Who(b.Account, access.Admin) {
		for _, h := range who.Holds {
			if w.Principal == h.Principal {
				t.Errorf("%s: %s administers the account without %s too: %s", name, who.Name, e.Cut, fmt.Sprint(w.Path.Steps))
			}
		}
	}
	if missed := b.Missed(); len(missed) > 0 {
		t.Errorf("%s: the edge of %s met nothing: %q", name, who.Name, missed)
	}
	return true
}

// The edge that is told is the one that a person would cut, and none where one is not enough.
func TestEdge(t *testing.T) {
	for _, x := range []struct {
		name  string
		build func(*account)
		want  string
	}{
		{"a chain is cut where it begins", func(a *account) {
			a.role("one", here, nil, allow("sts:AssumeRole", arn("role", "two")))
			a.role("two", []object{allow("sts:AssumeRole", nil, root(ours))}, []string{admin})
			a.user("ana", allow("sts:AssumeRole", arn("role", "one")))
		}, "ana: that ana may assume the role one"},
		{"two roles that lead there have one policy before them", func(a *account) {
			a.role("one", here, []string{admin})
			a.role("two", here, []string{admin})
			a.user("ana", allow("sts:AssumeRole", arn("role", "one")), allow("s3:*", "*"), allow("sts:AssumeRole", arn("role", "two")))
		}, "ana: the policy own, which ana has"},
		{"a statement", func(a *account) { a.user("ana", allow("s3:*", "*"), allow("iam:PutUserPolicy", arn("user", "ana"))) }, "ana: statement 1 of the policy own, which ana has"},
		{"AWS's own policy, through a group", func(a *account) {
			a.group("admins", []string{admin})
			with(a.user("ana"), in("admins"))
		}, "ana: the policy AdministratorAccess, which ana has through the group admins"},
		{"AWS's own policy, twice", func(a *account) {
			a.group("admins", []string{admin})
			with(a.user("ana"), in("admins"), has(admin))
		}, "ana: no single cut is enough"},
		{"one inline policy of a group, and one of the same name", func(a *account) {
			a.group("ops", nil, allow("*", "*"))
			with(a.user("ana", allow("*", "*")), in("ops"))
		}, "ana: no single cut is enough"},
		{"an assignment", func(a *account) {
			a.sso("Admin", []string{admin}, "GROUP:ops")
			a.person("bo")
			a.team("ops", "bo")
		}, "bo: the assignment of the group ops to the permission set Admin"},
		{"two assignments of one permission set", func(a *account) {
			a.sso("Admin", []string{admin}, "GROUP:ops", "USER:bo")
			a.person("bo")
			a.team("ops", "bo")
		}, "bo: the policy AdministratorAccess of the permission set Admin"},
		{"a user and an assignment", func(a *account) {
			a.sso("Admin", []string{admin}, "USER:bo")
			a.person("bo")
			a.user("bo", allow("*", "*"))
			a.model = "people: [{id: bo, bind: {arn: [\"arn:aws:identitystore:::user/bo\", \"" + arn("user", "bo") + "\"]}}]"
		}, "bo: no single cut is enough"},
		{"two people of one policy have each the same", func(a *account) {
			p := a.policy("everything", allow("*", "*"))
			with(a.user("ana"), has(p))
			with(a.user("bo"), has(p))
		}, "ana: statement 0 of the policy everything, which ana has,bo: statement 0 of the policy everything, which bo has"},
	} {
		a := &account{}
		x.build(a)
		as := fact.Administering(a.asked(t))
		var got []string
		for i := range as.List {
			if e := as.Edge(&as.List[i]); e != nil {
				got = append(got, as.List[i].Name+": "+e.Says)
			} else {
				got = append(got, as.List[i].Name+": "+as.Uncut())
			}
			holdsEdge(t, x.name, a, as, &as.List[i])
		}
		if strings.Join(got, ",") != x.want {
			t.Errorf("%s:\n got %q\nwant %q", x.name, got, x.want)
		}
	}
}

// Where there are many principals few what-ifs are made, and that is said.
func TestFewTries(t *testing.T) {
	a := &account{}
	for i := range 1001 {
		u := a.machine(fmt.Sprint("u", i))
		if i < 4 {
			with(u, has(a.policy(fmt.Sprint("p", i), allow("*", "*"))))
		}
	}
	as := fact.Administering(a.asked(t))
	edges := 0
	for i := range as.List {
		if as.Edge(&as.List[i]) != nil {
			edges++
		}
	}
	if len(as.List) != 4 || edges != 2 || !strings.Contains(as.Uncut(), "not tried") {
		t.Errorf("%d administrators, %d edges: %s", len(as.List), edges, as.Uncut())
	}
}
