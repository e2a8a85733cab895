package fact_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/internal/threatmodel"
)

const (
	ours   = "111122223333"
	theirs = "999988887777"
	admin  = "arn:aws:iam::aws:policy/AdministratorAccess"
)

type object = map[string]any

func arn(kind, name string) string { return "arn:aws:iam::" + ours + ":" + kind + "/" + name }

// account is one under construction, in the shapes that AWS's own calls answer with.
type account struct {
	users, groups, roles, policies []object
	report                         []string
	resources, gaps                []object
	model                          string
	noReport                       bool
}

func doc(statements ...object) object {
	return object{"Version": "2012-10-17", "Statement": statements}
}

func allow(action, resource any, more ...object) object {
	return merge("Allow", action, resource, more)
}
func deny(action, resource any, more ...object) object { return merge("Deny", action, resource, more) }

func merge(effect string, action, resource any, more []object) object {
	st := object{"Effect": effect}
	if action != nil {
		st["Action"] = action
	}
	if resource != nil {
		st["Resource"] = resource
	}
	for _, m := range more {
		for k, v := range m {
			st[k] = v
		}
	}
	return st
}

func when(operator, key string, value any) object {
	return object{"Condition": object{operator: object{key: value}}}
}

func to(kind string, who any) object { return object{"Principal": object{kind: who}} }

// attached lists managed policies as GetAccountAuthorizationDetails does.
func attached(arns ...string) []object {
	out := []object{}
	for _, a := range arns {
		out = append(out, object{"PolicyName": a[strings.LastIndex(a, "/")+1:], "PolicyArn": a})
	}
	return out
}

func inline(name string, statements ...object) []object {
	if len(statements) == 0 {
		return []object{}
	}
	return []object{{"PolicyName": name, "PolicyDocument": doc(statements...)}}
}

// user adds a user with a password and MFA, and inline statements.
func (a *account) user(name string, statements ...object) object {
	u := object{"Path": "/", "UserName": name, "UserId": "AIDA" + strings.ToUpper(name), "Arn": arn("user", name), "CreateDate": "2024-03-01T08:00:00+00:00",
		"GroupList": []string{}, "AttachedManagedPolicies": []object{}, "UserPolicyList": inline("own", statements...)}
	a.users = append(a.users, u)
	a.signsIn(name, true, true, false)
	return u
}

// machine adds a user with a key and no password.
func (a *account) machine(name string, statements ...object) object {
	u := a.user(name, statements...)
	a.signsIn(name, false, false, true)
	return u
}

// signsIn says how a user does, in place of what was said before.
func (a *account) signsIn(name string, password, mfa, key bool) {
	row := fmt.Sprintf("%s,%s,2024-03-01T08:00:00+00:00,%v,N/A,%v,%v,%s,N/A,false,N/A,N/A,false,false", name, arn("user", name), password, mfa, key,
		map[bool]string{true: "2026-10-01T08:00:00+00:00", false: "N/A"}[key])
	for i, r := range a.report {
		if strings.HasPrefix(r, name+",") {
			a.report[i] = row
			return
		}
	}
	a.report = append(a.report, row)
}

func (a *account) group(name string, policies []string, statements ...object) {
	a.groups = append(a.groups, object{"Path": "/", "GroupName": name, "GroupId": "AGPA" + strings.ToUpper(name), "Arn": arn("group", name), "CreateDate": "2024-03-01T08:00:00+00:00",
		"GroupPolicyList": inline("own", statements...), "AttachedManagedPolicies": attached(policies...)})
}

func (a *account) role(name string, trust []object, policies []string, statements ...object) object {
	path, short := "/", name
	if i := strings.LastIndex(name, "/"); i >= 0 {
		path, short = "/"+name[:i+1], name[i+1:]
	}
	r := object{"Path": path, "RoleName": short, "RoleId": "AROA" + strings.ToUpper(short), "Arn": arn("role", name), "CreateDate": "2024-03-01T08:00:00+00:00", "MaxSessionDuration": 3600,
		"AssumeRolePolicyDocument": doc(trust...), "RolePolicyList": inline("own", statements...), "AttachedManagedPolicies": attached(policies...), "InstanceProfileList": []object{}}
	a.roles = append(a.roles, r)
	return r
}

func (a *account) policy(name string, statements ...object) string {
	p := arn("policy", name)
	a.policies = append(a.policies, object{"PolicyName": name, "PolicyId": "ANPA" + strings.ToUpper(name), "Arn": p, "Path": "/", "DefaultVersionId": "v1", "AttachmentCount": 1, "IsAttachable": true,
		"PolicyVersionList": []object{{"VersionId": "v1", "IsDefaultVersion": true, "Document": doc(statements...)}}})
	return p
}

func (a *account) thing(typ, key string, properties object) {
	a.resources = append(a.resources, object{"type": typ, "arn": key, "properties": properties})
}

// sso adds a permission set with its role; assigned to users and groups of the directory, as USER:id or GROUP:id.
func (a *account) sso(set string, policies []string, assigned ...string) {
	role := "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_" + set + "_0123456789abcdef"
	a.role(role, []object{allow([]string{"sts:AssumeRoleWithSAML", "sts:TagSession"}, nil, to("Federated", "arn:aws:iam::"+ours+":saml-provider/AWSSSO_0123_DO_NOT_DELETE"),
		when("StringEquals", "SAML:aud", "https://signin.aws.amazon.com/saml"))}, policies)
	if assigned == nil {
		return
	}
	ps := "arn:aws:sso:::permissionSet/ssoins-1/ps-" + set
	a.resources = append(a.resources, object{"type": "AWS::SSO::PermissionSet", "arn": ps, "name": set, "properties": object{"Name": set, "ManagedPolicies": policies}})
	for _, who := range assigned {
		kind, id, ok := strings.Cut(who, ":")
		if !ok {
			continue // assigned to nobody
		}
		a.thing("AWS::SSO::Assignment", ps+":assignment/"+ours+"/"+kind+"/"+id, object{"PermissionSetArn": ps, "PrincipalType": kind, "PrincipalId": id, "TargetType": "AWS_ACCOUNT", "TargetId": ours})
	}
}

func (a *account) person(id string, more ...string) {
	p := object{"UserId": id, "UserName": id}
	for _, status := range more {
		p["UserStatus"] = status
	}
	a.resources = append(a.resources, object{"type": "AWS::IdentityStore::User", "arn": "arn:aws:identitystore:::user/" + id, "name": id, "properties": p})
}

func (a *account) team(id string, members ...string) {
	a.resources = append(a.resources, object{"type": "AWS::IdentityStore::Group", "arn": "arn:aws:identitystore:::group/" + id, "name": id, "properties": object{"GroupId": id, "DisplayName": id, "Members": members}})
}

// folder is the account as "scan --from" reads it.
func (a *account) folder(t *testing.T) fstest.MapFS {
	t.Helper()
	text := func(v any) *fstest.MapFile {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return &fstest.MapFile{Data: b}
	}
	policies := append([]object{{"PolicyName": "AdministratorAccess", "PolicyId": "ANPAADMIN", "Arn": admin, "Path": "/", "DefaultVersionId": "v1",
		"PolicyVersionList": []object{{"VersionId": "v1", "IsDefaultVersion": true, "Document": doc(allow("*", "*"))}}}}, a.policies...)
	list := func(l []object) []object { return append([]object{}, l...) }
	out := fstest.MapFS{
		"gaad.json":      text(object{"UserDetailList": list(a.users), "GroupDetailList": list(a.groups), "RoleDetailList": list(a.roles), "Policies": policies}),
		"resources.json": text(list(a.resources)), "gaps.json": text(list(a.gaps)),
		"account.json": text(object{"account": ours, "taken": "2026-11-22T09:00:00Z", "complete": true}),
	}
	if !a.noReport {
		out["credential-report.csv"] = &fstest.MapFile{Data: []byte("user,arn,user_creation_time,password_enabled,password_last_changed,mfa_active,access_key_1_active,access_key_1_last_rotated," +
			"access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,cert_1_active,cert_2_active\n" +
			"<root_account>,arn:aws:iam::" + ours + ":root,2024-01-10T09:00:00+00:00,not_supported,not_supported,true,false,N/A,N/A,false,N/A,N/A,false,false\n" + strings.Join(a.report, "\n") + "\n")}
	}
	return out
}

func (a *account) input(t *testing.T) assess.Input {
	t.Helper()
	s, err := files.ReadFolder(a.folder(t), "account")
	if err != nil {
		t.Fatal(err)
	}
	in := assess.Input{Snapshot: s}
	if a.model != "" {
		if in.Model, err = threatmodel.Parse("footing.yaml", []byte("footing: 1\n"+a.model)); err != nil {
			t.Fatal(err)
		}
	}
	return in
}

func (a *account) judged(t *testing.T) *assess.Assessment {
	t.Helper()
	out, err := assess.Access(a.input(t))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (a *account) asked(t *testing.T) check.Case { return a.judged(t).Case() }
