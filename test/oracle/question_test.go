package oracle_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
)

// question is one request under its policies, with a complete context. It is asked twice: of iam.Evaluate and of the peer.
type question struct {
	name    string
	request iam.Request
	layers  iam.Layers
	raw     map[*iam.Policy]json.RawMessage // policies as they were written, where they came from a file
}

// verdict is an answer in one vocabulary: allow, deny (nothing allows) and forbid (a statement denies).
type verdict string

const (
	allow  verdict = "allow"
	deny   verdict = "deny"
	forbid verdict = "forbid"
)

func (q *question) ours() verdict { return verdictOf(iam.Evaluate(&q.request, &q.layers)) }

func verdictOf(d iam.Decision) verdict {
	switch {
	case d.Outcome == iam.Allow:
		return allow
	case d.Outcome == iam.Deny && d.Explicit:
		return forbid
	case d.Outcome == iam.Deny:
		return deny
	case d.Outcome == iam.Conditional:
		return "conditional"
	}
	return "unknown"
}

// clone copies everything that a reading may change.
func (q *question) clone() *question {
	c := *q
	c.request.Context = map[string][]string{}
	for k, v := range q.request.Context {
		c.request.Context[k] = slices.Clone(v)
	}
	c.raw = nil
	one := func(policies []*iam.Policy) []*iam.Policy {
		if policies == nil {
			return nil
		}
		out := make([]*iam.Policy, len(policies))
		for i, p := range policies {
			copied := *p
			copied.Statements = slices.Clone(p.Statements)
			for j := range copied.Statements {
				st := &copied.Statements[j]
				st.Resources, st.NotResources = slices.Clone(st.Resources), slices.Clone(st.NotResources)
				st.Conditions = slices.Clone(st.Conditions)
				for n := range st.Conditions {
					st.Conditions[n].Values = slices.Clone(st.Conditions[n].Values)
				}
			}
			out[i] = &copied
		}
		return out
	}
	levels := func(all [][]*iam.Policy) (out [][]*iam.Policy) {
		for _, policies := range all {
			out = append(out, one(policies))
		}
		return out
	}
	l := &c.layers
	l.Identity, l.Boundary, l.Session = one(l.Identity), one(l.Boundary), one(l.Session)
	l.Resource, l.VPCEndpoint = one(l.Resource), one(l.VPCEndpoint)
	l.SCP, l.RCP = levels(l.SCP), levels(l.RCP)
	return &c
}

// statements calls f for every statement; layer is its layer's name.
func (q *question) statements(f func(layer string, p *iam.Policy, st *iam.Statement)) {
	walk := func(layer string, policies []*iam.Policy) {
		for _, p := range policies {
			for i := range p.Statements {
				f(layer, p, &p.Statements[i])
			}
		}
	}
	l := &q.layers
	walk(iam.LayerIdentity, l.Identity)
	walk(iam.LayerBoundary, l.Boundary)
	walk(iam.LayerSession, l.Session)
	walk(iam.LayerResource, l.Resource)
	walk(iam.LayerVPCEndpoint, l.VPCEndpoint)
	for _, level := range l.SCP {
		walk(iam.LayerSCP, level)
	}
	for _, level := range l.RCP {
		walk(iam.LayerRCP, level)
	}
}

// owner is the account of the resource as the peer wants to be told it.
func (q *question) owner() string {
	if q.request.ResourceAccount != "" {
		return q.request.ResourceAccount
	}
	if arn, ok := iam.SplitARN(q.request.Resource); ok && len(arn.Account) == 12 {
		return arn.Account
	}
	return iam.Account(q.request.Principal)
}

type named struct {
	Name   string          `json:"name"`
	Policy json.RawMessage `json:"policy"`
}

type level struct {
	ID       string  `json:"orgIdentifier"`
	Policies []named `json:"policies"`
}

type simulation struct {
	Request struct {
		Principal any    `json:"principal"`
		Action    string `json:"action"`
		Resource  struct {
			Resource string `json:"resource"`
			Account  string `json:"accountId"`
		} `json:"resource"`
		Context map[string]any `json:"contextVariables"`
	} `json:"request"`
	Session  json.RawMessage `json:"sessionPolicy,omitempty"`
	Identity []named         `json:"identityPolicies"`
	SCP      []level         `json:"serviceControlPolicies"`
	RCP      []level         `json:"resourceControlPolicies"`
	Resource json.RawMessage `json:"resourcePolicy,omitempty"`
	Boundary []named         `json:"permissionBoundaryPolicies,omitempty"`
	Endpoint []named         `json:"vpcEndpointPolicies,omitempty"`
	Settings struct {
		S3 struct {
			Tags    bool `json:"bucketAbacEnabled"`
			Private bool `json:"blockPublicAccess"`
		} `json:"s3"`
	} `json:"additionalSettings"`
}

// inexpressible is why a question cannot be put to the peer.
type inexpressible string

func (i inexpressible) Error() string { return string(i) }

// theirs writes the question down for the peer.
func (q *question) theirs() (*simulation, error) {
	l := &q.layers
	switch {
	case len(l.Unread) > 0:
		return nil, inexpressible("a layer that was not read")
	case len(l.Grants) > 0:
		return nil, inexpressible("KMS grants")
	case len(l.Resource) > 1:
		return nil, inexpressible("two resource policies")
	case len(l.Session) > 1:
		return nil, inexpressible("two session policies")
	case l.Boundary != nil && len(l.Boundary) == 0, l.VPCEndpoint != nil && len(l.VPCEndpoint) == 0, l.Session != nil && len(l.Session) == 0:
		return nil, inexpressible("a layer without policies")
	}
	s := &simulation{Identity: []named{}, SCP: []level{}, RCP: []level{}}
	s.Request.Principal = q.request.Principal
	if q.request.Principal == "anonymous" {
		s.Request.Principal = map[string]string{"type": "Anonymous"}
	}
	s.Request.Action = q.request.Action
	s.Request.Resource.Resource, s.Request.Resource.Account = q.request.Resource, q.owner()
	s.Request.Context = map[string]any{}
	for k, v := range q.request.Context {
		if len(v) == 1 {
			s.Request.Context[k] = v[0]
		} else if len(v) > 1 {
			s.Request.Context[k] = v
		}
	}
	s.Settings.S3.Tags = true
	s.Settings.S3.Private = l.PublicAccess != nil && l.PublicAccess.RestrictPublicBuckets
	var err error
	write := func(p *iam.Policy) json.RawMessage {
		if text, ok := q.raw[p]; ok {
			return text
		}
		text, e := iam.Print(p)
		if e != nil {
			err = e
			return nil
		}
		var b bytes.Buffer
		if e := json.Compact(&b, text); e != nil {
			err = e
		}
		return b.Bytes()
	}
	list := func(policies []*iam.Policy) []named {
		out := []named{}
		for i, p := range policies {
			out = append(out, named{fmt.Sprintf("%s#%d", p.Name, i), write(p)})
		}
		return out
	}
	s.Identity, s.Boundary, s.Endpoint = list(l.Identity), list(l.Boundary), list(l.VPCEndpoint)
	if len(l.Session) == 1 {
		s.Session = write(l.Session[0])
	}
	if len(l.Resource) == 1 {
		s.Resource = write(l.Resource[0])
	}
	for i, policies := range l.SCP {
		s.SCP = append(s.SCP, level{fmt.Sprint("ou-", i), list(policies)})
	}
	for i, policies := range l.RCP {
		// The peer adds RCPFullAWSAccess to every level by itself and takes no other Allow.
		rest := slices.DeleteFunc(slices.Clone(policies), isFullAccess)
		if len(rest) == len(policies) {
			return nil, inexpressible("a level of RCPs without RCPFullAWSAccess")
		}
		s.RCP = append(s.RCP, level{fmt.Sprint("ou-", i), list(rest)})
	}
	return s, err
}

func isFullAccess(p *iam.Policy) bool {
	if len(p.Statements) != 1 {
		return false
	}
	st := &p.Statements[0]
	return st.Effect == iam.EffectAllow && slices.Equal(st.Actions, []string{"*"}) && slices.Equal(st.Resources, []string{"*"}) &&
		st.Principals != nil && st.Principals.Any && len(st.Conditions) == 0
}

// principalContext holds the keys that every request of a principal carries: what an open question derives and a complete one must say.
//
// "AWS global condition context keys",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func principalContext(principal string) map[string][]string {
	out := map[string][]string{}
	set := func(k, v string) { out[k] = []string{v} }
	arn, isARN := iam.SplitARN(principal)
	first, rest, _ := strings.Cut(arn.Resource, "/")
	account := iam.Account(principal)
	if account != "" {
		set("aws:PrincipalAccount", account)
		set("aws:PrincipalIsAWSService", "false")
		set("aws:PrincipalArn", principal)
	}
	switch {
	case principal == "anonymous":
		set("aws:PrincipalAccount", "anonymous")
		set("aws:PrincipalType", "Anonymous")
		set("aws:userid", "anonymous")
	case !isARN:
		set("aws:PrincipalIsAWSService", "true")
		set("aws:PrincipalServiceName", principal)
		out["aws:PrincipalServiceNamesList"] = []string{principal, "eu-west-1." + principal}
	case account == "": // a provider
	case arn.Resource == "root":
		set("aws:PrincipalType", "Account")
		set("aws:userid", account)
	case first == "user":
		set("aws:PrincipalType", "User")
		set("aws:username", rest[strings.LastIndexByte(rest, '/')+1:])
		set("aws:userid", "AIDAEXAMPLEEXAMPLE01")
	case first == "federated-user":
		set("aws:PrincipalType", "FederatedUser")
		set("aws:userid", account+":"+rest)
	case first == "role":
		set("aws:PrincipalType", "AssumedRole")
		set("aws:userid", "AROAEXAMPLEEXAMPLE01:session-1")
	case first == "assumed-role":
		role, session, _ := strings.Cut(rest, "/")
		set("aws:PrincipalType", "AssumedRole")
		set("aws:userid", "AROAEXAMPLEEXAMPLE01:"+session)
		set("aws:PrincipalArn", "arn:"+arn.Partition+":iam::"+account+":role/"+role)
		if strings.HasPrefix(role, "AWSServiceRoleFor") {
			set("aws:PrincipalArn", "arn:"+arn.Partition+":iam::"+account+":role/aws-service-role/ecs.amazonaws.com/"+role)
		}
	}
	return out
}
