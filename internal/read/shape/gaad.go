package shape

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Types of resources that authorization details hold.
const (
	typeUser            = "AWS::IAM::User"
	typeGroup           = "AWS::IAM::Group"
	typeRole            = "AWS::IAM::Role"
	typeInstanceProfile = "AWS::IAM::InstanceProfile"
	typeManagedPolicy   = "AWS::IAM::ManagedPolicy"
)

const gaadCall = "iam:GetAccountAuthorizationDetails"

// Details is what iam:GetAccountAuthorizationDetails says of an account.
type Details struct {
	Account   string // twelve digits; "" when no entry has an ARN of the account
	Partition string // "aws", "aws-cn", "aws-us-gov"
	Resources []snapshot.Resource
	Used      []snapshot.Observation // when roles were used last; without a moment: no use is recorded
	Types     []string               // the types whose list was there: only these are complete
	Truncated bool                   // more pages exist than were given
}

// Missing are the types whose list was not there.
func (d Details) Missing() []string {
	var out []string
	for _, t := range []string{typeUser, typeGroup, typeRole, typeInstanceProfile, typeManagedPolicy} {
		if !slices.Contains(d.Types, t) {
			out = append(out, t)
		}
	}
	return out
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
type gaadPage struct {
	UserDetailList  []gaadUser
	GroupDetailList []gaadGroup
	RoleDetailList  []gaadRole
	Policies        []gaadPolicy
	IsTruncated     bool
	Marker          *string
	NextToken       *string // the AWS CLI's own, after --max-items
}

// gaadKeys tells which lists are there: an empty one that Go wrote is null, and still an answer.
type gaadKeys struct {
	UserDetailList, GroupDetailList, RoleDetailList, Policies told
}

type gaadUser struct {
	UserName, Path, UserID, Arn string
	CreateDate                  string
	GroupList                   []string
	UserPolicyList              []gaadInline
	AttachedManagedPolicies     []gaadAttached
	PermissionsBoundary         *gaadBoundary
	Tags                        []gaadTag
}

type gaadGroup struct {
	GroupName, Path, Arn    string
	GroupPolicyList         []gaadInline
	AttachedManagedPolicies []gaadAttached
}

type gaadRole struct {
	RoleName, Path, RoleID, Arn string
	CreateDate                  string
	AssumeRolePolicyDocument    gaadDocument
	MaxSessionDuration          *json.Number // not in today's answer
	RolePolicyList              []gaadInline
	AttachedManagedPolicies     []gaadAttached
	PermissionsBoundary         *gaadBoundary
	InstanceProfileList         []gaadProfile
	RoleLastUsed                *gaadUse
	Tags                        []gaadTag
}

type gaadProfile struct {
	InstanceProfileName, Path, Arn string
	Roles                          []struct{ RoleName string }
	Tags                           *[]gaadTag
}

type gaadPolicy struct {
	PolicyName, Path, Arn, DefaultVersionID string
	PolicyVersionList                       []struct {
		VersionID        string
		IsDefaultVersion bool
		Document         gaadDocument
	}
	Tags *[]gaadTag
}

type gaadInline struct {
	PolicyName     string
	PolicyDocument gaadDocument
}

type gaadAttached struct{ PolicyName, PolicyArn string }

type gaadBoundary struct{ PermissionsBoundaryArn string }

type gaadTag struct{ Key, Value string }

// AuthorizationDetails reads the output of "aws iam get-account-authorization-details". Policy documents may be objects,
// strings of JSON or URL-encoded strings; one that cannot be understood stays as it is and is named in Unknown. Of AWS's own
// managed policies a whole answer keeps those in use.
// The error is half a sentence without a subject: "is not JSON at line 1, column 2: …".
func AuthorizationDetails(doc []byte) (Details, error) {
	return AuthorizationDetailsPages([][]byte{doc})
}

// AuthorizationDetailsPages reads all pages of one answer, in their order. The last one tells whether the answer is truncated.
func AuthorizationDetailsPages(pages [][]byte) (Details, error) {
	var b gaadBuilder
	decoder := snapshot.NewDecoder()
	for i, doc := range pages {
		p, keys, err := readPage(decoder, doc)
		if err == nil {
			err = b.page(p, keys)
		}
		if err != nil && len(pages) > 1 {
			return Details{}, fmt.Errorf("page %d %w", i+1, err)
		}
		if err != nil {
			return Details{}, err
		}
	}
	if len(pages) == 0 {
		return Details{}, errors.New("is empty")
	}
	return b.details(), nil
}

// gaadBuilder collects pages. An ARN that comes twice keeps its place and its later content.
type gaadBuilder struct {
	d     Details
	types map[string]bool
	at    map[snapshot.Key]int
	used  map[snapshot.Key]snapshot.Observation
}

func (b *gaadBuilder) page(p gaadPage, keys gaadKeys) error {
	if !keys.UserDetailList && !keys.GroupDetailList && !keys.RoleDetailList && !keys.Policies {
		return errors.New("has the wrong shape: it has none of UserDetailList, GroupDetailList, RoleDetailList and Policies")
	}
	b.d.Truncated = p.IsTruncated || set(p.Marker) || set(p.NextToken)
	b.saw(keys.UserDetailList, typeUser)
	b.saw(keys.GroupDetailList, typeGroup)
	b.saw(keys.RoleDetailList, typeRole)
	b.saw(keys.RoleDetailList, typeInstanceProfile)
	b.saw(keys.Policies, typeManagedPolicy)
	for i, u := range p.UserDetailList {
		if err := b.add("UserDetailList", i, "user/", u.resource()); err != nil {
			return err
		}
	}
	for i, g := range p.GroupDetailList {
		if err := b.add("GroupDetailList", i, "group/", g.resource()); err != nil {
			return err
		}
	}
	for i, r := range p.RoleDetailList {
		role := r.resource()
		if err := b.add("RoleDetailList", i, "role/", role); err != nil {
			return err
		}
		if o, ok := r.observed(); ok {
			if b.used == nil {
				b.used = map[snapshot.Key]snapshot.Observation{}
			}
			b.used[role.Key] = o
		}
		for j, ip := range r.InstanceProfileList {
			list := fmt.Sprintf("RoleDetailList[%d].InstanceProfileList", i)
			if err := b.add(list, j, "instance-profile/", ip.resource(role.Name)); err != nil {
				return err
			}
		}
	}
	for i, m := range p.Policies {
		if err := b.add("Policies", i, "policy/", m.resource()); err != nil {
			return err
		}
	}
	return nil
}

func set(s *string) bool { return s != nil && *s != "" }

func (b *gaadBuilder) saw(list told, typ string) {
	if !list {
		return
	}
	if b.types == nil {
		b.types = map[string]bool{}
	}
	b.types[typ] = true
}

func (b *gaadBuilder) add(list string, i int, kind string, r snapshot.Resource) error {
	a, ok := ParseARN(string(r.Key))
	if !ok || a.Service != "iam" || !strings.HasPrefix(a.Resource, kind) {
		return fmt.Errorf("has the wrong shape: %s[%d] has no ARN of iam … %s, but %.80q", list, i, kind, string(r.Key))
	}
	if a.Account != "aws" && !IsAccountID(a.Account) {
		return fmt.Errorf("has the wrong shape: %s[%d] has an ARN without an account, %.80q", list, i, string(r.Key))
	}
	if a.Account != "aws" {
		if b.d.Account == "" {
			b.d.Account, b.d.Partition = a.Account, a.Partition
		}
		if a.Account != b.d.Account {
			return fmt.Errorf("has the wrong shape: %s[%d] is of account %s, what stands before it of account %s",
				list, i, a.Account, b.d.Account)
		}
		r.Account = a.Account
	}
	r.Origin.Call = gaadCall
	if at, ok := b.at[r.Key]; ok {
		b.d.Resources[at] = r
		return nil
	}
	if b.at == nil {
		b.at = map[snapshot.Key]int{}
	}
	b.at[r.Key] = len(b.d.Resources)
	b.d.Resources = append(b.d.Resources, r)
	return nil
}

func (b *gaadBuilder) details() Details {
	d := b.d
	for _, t := range []string{typeUser, typeGroup, typeRole, typeInstanceProfile, typeManagedPolicy} {
		if b.types[t] {
			d.Types = append(d.Types, t)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(b.used)) {
		d.Used = append(d.Used, b.used[k])
	}
	if len(d.Missing()) == 0 && !d.Truncated {
		d.Resources = inUse(d.Resources)
	}
	return d
}

// inUse leaves out AWS's own managed policies that nothing is attached to: they are a catalogue, not the account.
func inUse(resources []snapshot.Resource) []snapshot.Resource {
	used := map[string]bool{}
	for i := range resources {
		arns, _ := resources[i].Strings("ManagedPolicyArns")
		for _, arn := range append(arns, resources[i].Text("PermissionsBoundary")) {
			used[arn] = true
		}
	}
	return slices.DeleteFunc(resources, func(r snapshot.Resource) bool {
		return r.Type == typeManagedPolicy && r.Account == "" && !used[string(r.Key)]
	})
}

// date writes a moment as RFC 3339 in UTC; what is not one stays as it is.
func date(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return t.UTC().Format(time.RFC3339)
}
