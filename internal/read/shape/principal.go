package shape

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// newResource starts a resource of IAM, which is global. A name that is left out is the last part of the ARN.
func newResource(typ, arn, property, name string) snapshot.Resource {
	if name == "" {
		name = arn[strings.LastIndexAny(arn, ":/")+1:]
	}
	return snapshot.Resource{Key: snapshot.Key(arn), Type: typ, Name: name, Properties: map[string]any{property: name}}
}

func (u gaadUser) resource() snapshot.Resource {
	r := newResource(typeUser, u.Arn, "UserName", u.UserName)
	text(&r, "Path", u.Path)
	text(&r, "UserId", u.UserID)
	text(&r, "CreateDate", date(u.CreateDate))
	if len(u.GroupList) > 0 {
		groups := make([]any, len(u.GroupList))
		for i, g := range u.GroupList {
			groups[i] = g
		}
		r.Properties["Groups"] = groups
	}
	inline(&r, u.UserPolicyList)
	attached(&r, u.AttachedManagedPolicies)
	boundary(&r, u.PermissionsBoundary)
	r.Tags = tags(u.Tags)
	return r
}

func (g gaadGroup) resource() snapshot.Resource {
	r := newResource(typeGroup, g.Arn, "GroupName", g.GroupName)
	text(&r, "Path", g.Path)
	inline(&r, g.GroupPolicyList)
	attached(&r, g.AttachedManagedPolicies)
	return r
}

func (o gaadRole) resource() snapshot.Resource {
	r := newResource(typeRole, o.Arn, "RoleName", o.RoleName)
	text(&r, "Path", o.Path)
	text(&r, "RoleId", o.RoleID)
	text(&r, "CreateDate", date(o.CreateDate))
	document(r.Properties, &r, "AssumeRolePolicyDocument", "AssumeRolePolicyDocument", o.AssumeRolePolicyDocument)
	if o.MaxSessionDuration != nil {
		r.Properties["MaxSessionDuration"] = *o.MaxSessionDuration
	} else {
		r.Unknown = append(r.Unknown, "MaxSessionDuration")
	}
	inline(&r, o.RolePolicyList)
	attached(&r, o.AttachedManagedPolicies)
	boundary(&r, o.PermissionsBoundary)
	r.Tags = tags(o.Tags)
	return r
}

// resource of an instance profile. Its own Roles are often left out, for the role that it stands under.
func (p gaadProfile) resource(role string) snapshot.Resource {
	r := newResource(typeInstanceProfile, p.Arn, "InstanceProfileName", p.InstanceProfileName)
	text(&r, "Path", p.Path)
	roles := []any{}
	for _, o := range p.Roles {
		if o.RoleName != "" {
			roles = append(roles, o.RoleName)
		}
	}
	if len(roles) == 0 {
		roles = append(roles, role)
	}
	r.Properties["Roles"] = roles
	maybeTags(&r, p.Tags)
	return r
}

func (m gaadPolicy) resource() snapshot.Resource {
	r := newResource(typeManagedPolicy, m.Arn, "ManagedPolicyName", m.PolicyName)
	text(&r, "Path", m.Path)
	var doc gaadDocument
	version := m.DefaultVersionID
	for _, v := range m.PolicyVersionList {
		if v.IsDefaultVersion || (m.DefaultVersionID != "" && v.VersionID == m.DefaultVersionID) {
			doc, version = v.Document, v.VersionID
		}
	}
	text(&r, "DefaultVersionId", version)
	document(r.Properties, &r, "PolicyDocument", "PolicyDocument", doc)
	if a, _ := ParseARN(m.Arn); a.Account != "aws" { // AWS's own policies have no tags
		maybeTags(&r, m.Tags)
	}
	return r
}

func text(r *snapshot.Resource, name, value string) {
	if value != "" {
		r.Properties[name] = value
	}
}

// document puts a policy document under a name; path is what Unknown says when it cannot be understood.
func document(into map[string]any, r *snapshot.Resource, name, path string, doc gaadDocument) {
	if len(doc) > 0 && doc[0] == '{' {
		into[name] = json.RawMessage(doc)
		return
	}
	v, ok := PolicyDocument(json.RawMessage(doc))
	if !ok {
		r.Unknown = append(r.Unknown, path)
	}
	if v != nil {
		into[name] = v
	}
}

func inline(r *snapshot.Resource, policies []gaadInline) {
	if len(policies) == 0 {
		return
	}
	list := make([]any, len(policies))
	for i, p := range policies {
		m := map[string]any{"PolicyName": p.PolicyName}
		document(m, r, "PolicyDocument", fmt.Sprintf("Policies.%d.PolicyDocument", i), p.PolicyDocument)
		list[i] = m
	}
	r.Properties["Policies"] = list
}

func attached(r *snapshot.Resource, policies []gaadAttached) {
	if len(policies) == 0 {
		return
	}
	arns := make([]any, len(policies))
	for i, p := range policies {
		arns[i] = p.PolicyArn
	}
	r.Properties["ManagedPolicyArns"] = arns
}

func boundary(r *snapshot.Resource, b *gaadBoundary) {
	if b == nil {
		return
	}
	if b.PermissionsBoundaryArn == "" {
		r.Unknown = append(r.Unknown, "PermissionsBoundary") // there is one, and it is not said which
		return
	}
	r.Properties["PermissionsBoundary"] = b.PermissionsBoundaryArn
}

func tags(l []gaadTag) map[string]string {
	if len(l) == 0 {
		return nil
	}
	m := make(map[string]string, len(l))
	for _, t := range l {
		m[t.Key] = t.Value
	}
	return m
}

// maybeTags: today's answer does not tell the tags of instance profiles and managed policies, so without them they are unknown.
func maybeTags(r *snapshot.Resource, l *[]gaadTag) {
	if l == nil {
		r.Unknown = append(r.Unknown, "Tags")
		return
	}
	r.Tags = tags(*l)
}
