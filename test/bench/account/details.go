package account

import (
	"fmt"
	"strings"
)

// The answer of iam:GetAccountAuthorizationDetails, as far as it says anything of access.
type details struct {
	UserDetailList  []user
	GroupDetailList []group
	RoleDetailList  []role
	Policies        []attachable
}

type user struct {
	Path, UserName, UserId, Arn, CreateDate string
	GroupList                               []string
	UserPolicyList                          []inline
	AttachedManagedPolicies                 []attached
	Tags                                    []tag
}

type group struct {
	Path, GroupName, GroupId, Arn, CreateDate string
	GroupPolicyList                           []inline
	AttachedManagedPolicies                   []attached
}

type role struct {
	Path, RoleName, RoleId, Arn, CreateDate string
	AssumeRolePolicyDocument                document
	InstanceProfileList                     []profile
	RolePolicyList                          []inline
	AttachedManagedPolicies                 []attached
	PermissionsBoundary                     *boundary `json:",omitempty"`
	Tags                                    []tag
}

type attachable struct {
	PolicyName, PolicyId, Arn, Path, DefaultVersionId, CreateDate, UpdateDate string
	AttachmentCount, PermissionsBoundaryUsageCount                            int
	IsAttachable                                                              bool
	PolicyVersionList                                                         []version
}

type (
	version struct {
		Document         document
		VersionId        string
		IsDefaultVersion bool
		CreateDate       string
	}
	inline struct {
		PolicyName     string
		PolicyDocument document
	}
	attached struct{ PolicyName, PolicyArn string }
	boundary struct{ PermissionsBoundaryType, PermissionsBoundaryArn string }
	profile  struct {
		Path, InstanceProfileName, InstanceProfileId, Arn, CreateDate string
		Roles                                                         []struct{}
	}
	tag struct{ Key, Value string }
)

// purposes are what roles are for; the middle of their names.
var purposes = []string{"function", "host", "task", "pipeline", "person", "partner"}

// name gives users and roles their names, so that policies can mean them.
func (m *maker) name() {
	users := m.Principals / 5
	if m.Equal {
		users = 0
	}
	for i := range users {
		m.users = append(m.users, fmt.Sprintf("person%04d", i))
	}
	for i := range m.Principals - users {
		name := fmt.Sprintf("%s-%s-%05d", pick(m, m.teams), pick(m, purposes), i)
		if m.Equal {
			name = fmt.Sprintf("%s-%s-%05d", m.teams[0], purposes[0], i)
		}
		m.roles = append(m.roles, name)
	}
}

func (m *maker) details() details {
	d := details{UserDetailList: []user{}, RoleDetailList: []role{}}
	for i, name := range m.users {
		team := pick(m, m.teams)
		u := user{Path: "/", UserName: name, UserId: fmt.Sprintf("AIDA%017d", i), Arn: userARN(name), CreateDate: dated, Tags: []tag{{"team", team}}}
		if m.chance(80) {
			u.GroupList = []string{"makers-" + team}
		}
		if m.chance(30) {
			u.AttachedManagedPolicies = m.attach(team)
		}
		if m.chance(40) {
			u.UserPolicyList = []inline{{"extra", m.inline(1 + m.IntN(4))}}
		}
		d.UserDetailList = append(d.UserDetailList, u)
	}
	for i, t := range m.teams {
		d.GroupDetailList = append(d.GroupDetailList, group{
			Path: "/", GroupName: "makers-" + t, GroupId: fmt.Sprintf("AGPA%017d", i), Arn: "arn:aws:iam::" + id + ":group/makers-" + t, CreateDate: dated,
			AttachedManagedPolicies: []attached{own("build-" + t), own(mfa)},
		})
	}
	same := []inline{{"extra", m.inline(3)}}
	for i, name := range m.roles {
		r := m.role(name, i)
		if m.Equal {
			r.AttachedManagedPolicies, r.PermissionsBoundary, r.RolePolicyList = []attached{own("build-" + m.teams[0]), own(byTag)}, nil, same
		}
		d.RoleDetailList = append(d.RoleDetailList, r)
	}
	for i, p := range m.managed {
		d.Policies = append(d.Policies, attachable{
			PolicyName: p.name, PolicyId: fmt.Sprintf("ANPA%017d", i), Arn: p.arn, Path: "/", DefaultVersionId: "v1", CreateDate: dated, UpdateDate: dated,
			AttachmentCount: 1, IsAttachable: true,
			PolicyVersionList: []version{{Document: p.document, VersionId: "v1", IsDefaultVersion: true, CreateDate: dated}},
		})
	}
	return d
}

func (m *maker) role(name string, number int) role {
	team, rest, _ := strings.Cut(name, "-")
	purpose, _, _ := strings.Cut(rest, "-")
	r := role{
		Path: "/", RoleName: name, RoleId: fmt.Sprintf("AROA%017d", number), Arn: roleARN(name), CreateDate: dated,
		AssumeRolePolicyDocument: document{latest, []statement{m.trust(team, purpose)}},
		AttachedManagedPolicies:  m.attach(team), Tags: []tag{{"team", team}}, InstanceProfileList: []profile{},
	}
	if purpose == "host" {
		r.InstanceProfileList = []profile{{
			Path: "/", InstanceProfileName: name, InstanceProfileId: fmt.Sprintf("AIPA%017d", number),
			Arn: "arn:aws:iam::" + id + ":instance-profile/" + name, CreateDate: dated, Roles: []struct{}{},
		}}
	}
	if m.chance(60) {
		r.RolePolicyList = []inline{{"extra", m.inline(1 + m.IntN(6))}}
	}
	if m.chance(10) {
		r.PermissionsBoundary = &boundary{"Policy", ownPolicy(fence)}
	}
	return r
}

// trust says who becomes a role.
func (m *maker) trust(team, purpose string) statement {
	s := statement{Effect: "Allow", Action: "sts:AssumeRole"}
	const provider = "token.actions.githubusercontent.com"
	switch purpose {
	case "function":
		return s.by(service("lambda"))
	case "host":
		return s.by(service("ec2"))
	case "task":
		return s.by(service("ecs-tasks"))
	case "person":
		return s.by(named(rootARN(id)))
	case "partner":
		return s.by(named(rootARN(pick(m, partners))))
	}
	s.Action = "sts:AssumeRoleWithWebIdentity"
	return s.by(map[string]any{"Federated": "arn:aws:iam::" + id + ":oidc-provider/" + provider}).
		where("StringLike", provider+":sub", "repo:example/"+team+":*").where("StringEquals", provider+":aud", "sts.amazonaws.com")
}

func aws(name string) attached { return attached{name, awsPolicy(name)} }
func own(name string) attached { return attached{name, ownPolicy(name)} }

// attach draws managed policies: few administrators, some readers, mostly a team's own.
func (m *maker) attach(team string) []attached {
	switch luck := m.IntN(100); {
	case luck < 3:
		return []attached{aws(admin)}
	case luck < 6:
		return []attached{aws(power)}
	case luck < 16:
		return []attached{aws(viewer)}
	case luck < 50:
		return []attached{own("build-" + team)}
	case luck < 60:
		return []attached{own("build-" + team), own(byTag), aws(logger)}
	case luck < 70:
		return []attached{aws(s3Viewer), aws(logger)}
	}
	return []attached{aws(logger)}
}
