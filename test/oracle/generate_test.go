package oracle_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
)

// maker makes the questions of one seed, one for each number, the same on every machine.
type maker struct {
	*rand.Rand
	q     *question
	known []contextKey // what the request carries, with its values
}

func newMaker(seed uint64, number int) *maker {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, uint64(number))), q: &question{name: fmt.Sprintf("%d/%d", seed, number)}}
	m.makeRequest()
	m.makeLayers()
	return m
}

func one[T any](m *maker, list []T) T { return list[m.IntN(len(list))] }

func (m *maker) chance(percent int) bool { return m.IntN(100) < percent }

func (m *maker) makeRequest() {
	r := &m.q.request
	r.Closed = true
	r.Principal = one(m, principals)
	target := one(m, targets)
	if strings.Contains(r.Principal, "oidc-provider") { // what it can ask for
		target = targets[13]
	}
	if target.action == "sts:GetCallerIdentity" && iam.Account(r.Principal) == "" { // only who has credentials asks who he is
		target = targets[16]
	}
	owner := home
	switch {
	case strings.Contains(r.Principal, "oidc-provider"): // a role trusts providers of its own account
	case m.chance(15):
		owner = other
	case m.chance(5):
		owner = third
	}
	r.Action, r.Resource, r.ResourceAccount = target.action, strings.ReplaceAll(target.resource, "OWNER", owner), owner
	if r.Resource == "*" && iam.Account(r.Principal) != "" {
		r.ResourceAccount = iam.Account(r.Principal)
	}
	r.ManagementAccount = m.chance(3)
	r.Context = m.makeContext(r.Principal, r.ResourceAccount)
	for name, values := range r.Context {
		if kindOf(name) != nil {
			continue
		}
		k := contextKey{name: name, values: values}
		if name == "aws:PrincipalArn" {
			k.kind = arnText
		}
		m.known = append(m.known, k)
	}
	sortKeys(m.known)
	for _, k := range keys {
		if v, ok := r.Context[k.name]; ok {
			k.values = v
			m.known = append(m.known, k)
		}
	}
}

// makeContext is a complete context: the principal's keys, and some others.
func (m *maker) makeContext(principal, owner string) map[string][]string {
	context := principalContext(principal)
	if owner != "" {
		context["aws:ResourceAccount"] = []string{owner}
	}
	for _, k := range keys {
		if m.chance(60) || !carries(principal, k.name) {
			continue
		}
		values := []string{one(m, k.values)}
		if k.many && m.chance(60) {
			values = append(values, one(m, k.values))
		}
		context[k.name] = values
	}
	return context
}

func sortKeys(list []contextKey) {
	for i := range list {
		for j := i; j > 0 && list[j].name < list[j-1].name; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

func (m *maker) makeLayers() {
	r, l := &m.q.request, &m.q.layers
	inAccount := iam.Account(r.Principal) != ""
	isSession := strings.Contains(r.Principal, ":assumed-role/") || strings.Contains(r.Principal, ":role/") || strings.Contains(r.Principal, "federated-user")
	same := iam.Account(r.Principal) == r.ResourceAccount
	if strings.HasPrefix(r.Action, "s3:") && r.Resource != "*" && m.chance(25) {
		l.PublicAccess = &iam.PublicAccessBlock{RestrictPublicBuckets: m.chance(80)}
	}
	if strings.HasPrefix(r.Action, "s3:") && r.Resource != "*" && !same && m.chance(30) {
		m.publicBucket(inAccount)
		return
	}
	isRoot, isFederated := strings.HasSuffix(r.Principal, ":root"), strings.Contains(r.Principal, ":federated-user/")
	if inAccount {
		if !isRoot {
			for range m.IntN(3) {
				l.Identity = append(l.Identity, m.policy(iam.LayerIdentity))
			}
			if !same && m.chance(70) {
				l.Identity = append(l.Identity, full(false))
			}
			if m.chance(20) && !isFederated {
				l.Boundary = []*iam.Policy{m.policy(iam.LayerBoundary)}
			}
		}
		if isSession && m.chance(20) {
			l.Session = []*iam.Policy{m.policy(iam.LayerSession)}
		}
		if m.chance(20) {
			for range 1 + m.IntN(2) {
				l.SCP = append(l.SCP, m.guard(iam.LayerSCP))
			}
		}
	}
	if m.alwaysHasPolicy() || m.mayHavePolicy() && m.chance(65) {
		l.Resource = []*iam.Policy{m.policy(iam.LayerResource)}
	}
	if r.Resource != "*" && m.chance(12) {
		for range 1 + m.IntN(2) {
			l.RCP = append(l.RCP, m.guard(iam.LayerRCP))
		}
	}
	if m.chance(8) && (inAccount || r.Principal == "anonymous") {
		l.VPCEndpoint = []*iam.Policy{m.policy(iam.LayerVPCEndpoint)}
	}
}

// publicBucket is a bucket whose policy speaks to everybody under one condition, which decides whether S3 takes it for public.
func (m *maker) publicBucket(inAccount bool) {
	l := &m.q.layers
	l.PublicAccess = &iam.PublicAccessBlock{RestrictPublicBuckets: true}
	if inAccount {
		l.Identity = []*iam.Policy{full(false)}
	}
	l.Resource = []*iam.Policy{full(true)}
	l.Resource[0].Statements[0].Conditions = []iam.Condition{m.condition()}
}

// alwaysHasPolicy: there is no role without a trust policy and no key without a key policy.
func (m *maker) alwaysHasPolicy() bool {
	return m.isTrust() || strings.Contains(m.q.request.Resource, ":key/")
}

// mayHavePolicy is false of what has no policy of its own.
func (m *maker) mayHavePolicy() bool {
	service, _, _ := strings.Cut(m.q.request.Action, ":")
	return m.q.request.Resource != "*" && !slices.Contains([]string{"iam", "ec2", "ssm", "states"}, service) && !strings.Contains(m.q.request.Resource, ":alias/")
}

func full(named bool) *iam.Policy {
	st := iam.Statement{Effect: iam.EffectAllow, Actions: []string{"*"}, Resources: []string{"*"}}
	if named {
		st.Principals = &iam.Principals{Any: true}
	}
	return &iam.Policy{Name: "full", Version: "2012-10-17", Statements: []iam.Statement{st}}
}

// guard is one level of SCPs or RCPs. RCPs have Denies only, beside RCPFullAWSAccess.
func (m *maker) guard(layer string) []*iam.Policy {
	if layer == iam.LayerRCP {
		return []*iam.Policy{full(true), m.policy(layer)}
	}
	if m.chance(70) {
		return []*iam.Policy{full(false), m.policy(layer)}
	}
	return []*iam.Policy{m.policy(layer)}
}

func (m *maker) policy(layer string) *iam.Policy {
	p := &iam.Policy{Name: layer, Version: "2012-10-17"}
	if m.chance(4) && layer != iam.LayerSCP && layer != iam.LayerRCP {
		p.Version = "2008-10-17"
	}
	for range 1 + m.IntN(3) {
		p.Statements = append(p.Statements, m.statement(layer))
	}
	return p
}

func (m *maker) statement(layer string) iam.Statement {
	st := iam.Statement{Effect: iam.EffectAllow}
	if layer == iam.LayerRCP || m.chance(25) {
		st.Effect = iam.EffectDeny
	}
	pattern := m.actionPattern
	if layer == iam.LayerRCP { // it names a service
		pattern = func() string {
			for {
				if s := m.actionPattern(); s != "*" {
					return s
				}
			}
		}
	}
	if m.chance(8) && layer != iam.LayerRCP && layer != iam.LayerResource {
		st.NotActions = m.list(m.actionPattern)
	} else {
		st.Actions = m.list(pattern)
	}
	trust := layer == iam.LayerResource && m.isTrust()
	switch {
	case trust:
	case m.chance(8):
		st.NotResources = m.list(m.resourcePattern)
	default:
		st.Resources = m.list(m.resourcePattern)
	}
	switch layer {
	case iam.LayerResource, iam.LayerVPCEndpoint:
		p := m.principals()
		if layer == iam.LayerVPCEndpoint {
			p = &iam.Principals{Any: true}
		}
		if m.chance(8) && layer == iam.LayerResource && st.Effect == iam.EffectDeny {
			p.Any = false
			if len(p.AWS)+len(p.Service)+len(p.Federated) == 0 {
				p.AWS = []string{one(m, principals[:5])}
			}
			st.NotPrincipal = p
		} else {
			st.Principals = p
		}
	case iam.LayerRCP:
		st.Principals = &iam.Principals{Any: true}
	}
	conditions := 0
	if m.chance(55) || st.Effect == iam.EffectDeny {
		conditions = 1 + m.IntN(2)
	}
	for range conditions {
		c := m.condition()
		clash := false
		for _, have := range st.Conditions {
			clash = clash || strings.EqualFold(have.Operator, c.Operator) && strings.EqualFold(have.Key, c.Key)
		}
		if !clash {
			st.Conditions = append(st.Conditions, c)
		}
	}
	return st
}

func (m *maker) isTrust() bool {
	return strings.HasPrefix(m.q.request.Action, "sts:") && m.q.request.Resource != "*"
}

func (m *maker) list(make func() string) []string {
	out := []string{make()}
	for m.chance(25) {
		out = append(out, make())
	}
	return out
}

func (m *maker) actionPattern() string {
	action := m.q.request.Action
	service, name, _ := strings.Cut(action, ":")
	switch m.IntN(12) {
	case 0:
		return "*"
	case 1, 2:
		return service + ":*"
	case 3:
		return service + ":" + name[:1+m.IntN(len(name))] + "*"
	case 4:
		return service + ":*" + name[m.IntN(len(name)):]
	case 5:
		i := m.IntN(len(name))
		return service + ":" + name[:i] + "?" + name[i+1:]
	case 6:
		return strings.ToUpper(service) + ":" + strings.ToLower(name)
	case 7:
		return one(m, targets).action
	}
	return action
}

func (m *maker) resourcePattern() string {
	resource := m.q.request.Resource
	if resource == "*" {
		if m.chance(70) {
			return "*"
		}
		return strings.ReplaceAll(one(m, targets).resource, "OWNER", home)
	}
	parts := strings.SplitN(resource, ":", 6)
	last := parts[5]
	cut := m.IntN(len(last))
	switch m.IntN(16) {
	case 0, 1, 2:
		return "*"
	case 3, 4:
		parts[5] = last[:cut] + "*"
	case 5:
		parts[5] = "*" + last[cut:]
	case 6:
		parts[5] = last[:cut] + "?" + last[cut+1:]
	case 7:
		parts[3], parts[4] = "*", "*"
	case 8:
		if parts[4] != "" {
			parts[4] = one(m, []string{home, other, "*", "1111*"})
		}
	case 9:
		parts[5] = strings.ToUpper(last)
	case 10, 11:
		parts[5] = m.withVariable(last)
	case 12:
		return strings.ReplaceAll(one(m, targets).resource, "OWNER", home)
	case 13:
		switch {
		case m.chance(30):
			return strings.Join(parts[:3+m.IntN(3)], ":") + one(m, []string{"", ":*", "*"})
		case m.chance(50):
			return strings.Join(parts[:3], ":") + ":*:" + last
		}
	}
	return strings.Join(parts, ":")
}

// withVariable replaces a part of s by a policy variable, often one that has that value.
func (m *maker) withVariable(s string) string {
	name := one(m, []string{"aws:username", "aws:PrincipalTag/team", "aws:principaltag/project", "aws:PrincipalAccount", "aws:userid", "aws:SourceIdentity",
		"aws:TagKeys", "aws:PrincipalOrgID", "aws:UserAgent"})
	if m.chance(15) {
		return one(m, []string{"${*}", "${?}", "${$}"}) + s[m.IntN(len(s)):]
	}
	ref := "${" + name + "}"
	value := ""
	if v, ok := m.q.request.Context[name]; ok && len(v) == 1 {
		value = v[0]
	} else if m.chance(40) {
		value = one(m, []string{"alice", "data", "target", "jobs"})
		ref = "${" + name + ", '" + value + "'}"
	}
	if i := strings.Index(s, value); i >= 0 && value != "" {
		return s[:i] + ref + s[i+len(value):]
	}
	i := m.IntN(len(s))
	return s[:i] + ref + s[i:]
}

func (m *maker) principals() *iam.Principals {
	p := &iam.Principals{}
	add := func(s string) {
		switch {
		case s == "anonymous":
			p.Any = true
		case strings.Contains(s, "oidc-provider"):
			p.Federated = append(p.Federated, s)
		case strings.HasPrefix(s, "arn:"):
			p.AWS = append(p.AWS, s)
		default:
			p.Service = append(p.Service, s)
		}
	}
	for again := true; again; again = m.chance(30) {
		caller := m.q.request.Principal
		account := iam.Account(caller)
		switch n := m.IntN(10); {
		case n < 2:
			p.Any = true
		case n < 4 && account != "":
			add("arn:aws:iam::" + account + ":root")
		case n < 5 && strings.Contains(caller, ":assumed-role/"):
			role := strings.Split(caller, "/")[1]
			add("arn:aws:iam::" + account + ":role/" + one(m, []string{"", "", "path/"}) + role)
		case n < 5 && strings.Contains(caller, ":role/"):
			add("arn:aws:sts::" + account + ":assumed-role/" + caller[strings.LastIndexByte(caller, '/')+1:] + "/i-1")
		case n < 5 && strings.Contains(caller, ":federated-user/"):
			add("arn:aws:iam::" + account + ":user/carol")
		case n < 8:
			add(caller)
		default:
			add(one(m, principals))
		}
	}
	if p.Any {
		*p = iam.Principals{Any: true}
	}
	return p
}

func (m *maker) condition() iam.Condition {
	k := one(m, m.known)
	switch {
	case m.chance(20):
		k = one(m, keys)
	case m.q.layers.PublicAccess != nil && m.chance(50):
		// What S3 looks at to tell whether a bucket policy is public.
		for range 20 {
			if k = one(m, m.known); strings.HasPrefix(k.name, "aws:Principal") || strings.HasPrefix(k.name, "aws:Source") {
				break
			}
		}
	}
	c := iam.Condition{Key: k.name}
	if m.chance(5) {
		c.Key = strings.ToLower(c.Key)
	}
	if m.chance(8) {
		c.Operator, c.Values = "Null", []string{one(m, []string{"true", "false", "False"})}
		return c
	}
	c.Operator, c.Values = m.operator(k)
	if m.chance(12) {
		c.Operator += "IfExists"
	}
	if k.many && m.chance(90) || m.chance(4) {
		c.Operator = one(m, []string{"ForAnyValue:", "ForAllValues:"}) + c.Operator
	}
	return c
}

func (m *maker) operator(k contextKey) (op string, values []string) {
	value := func() string {
		if m.chance(70) {
			return one(m, k.values)
		}
		if known := kindOf(k.name); known != nil {
			return one(m, known.values)
		}
		return one(m, []string{home, other, "alice", "User", "AssumedRole", "true"})
	}
	pattern := func() string {
		v := value()
		switch {
		case len(v) == 0 || m.chance(25):
		case m.chance(10):
			return "*"
		case m.chance(20):
			i := m.IntN(len(v))
			return v[:i] + "?" + v[i+1:]
		case m.chance(40):
			return v[:m.IntN(len(v))] + "*"
		case m.chance(40):
			return "*" + v[m.IntN(len(v)):]
		default:
			return m.withVariable(v)
		}
		return v
	}
	switch k.kind {
	case number:
		numbers := func() string { return one(m, append([]string{"0.5", "60", "-1", "3600.0", "59.9"}, k.values...)) }
		return one(m, []string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"}), m.list(numbers)
	case date:
		dates := func() string {
			return one(m, append([]string{"2026-09-24", "2026-09-24T02:00:00+02:00", "1790208000", "2026", "2026-02"}, k.values...))
		}
		return one(m, []string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"}), m.list(dates)
	case boolean:
		return "Bool", []string{one(m, []string{"true", "false", "True", "FALSE"})}
	case address:
		ranges := func() string {
			return one(m, append([]string{"10.0.0.0/8", "203.0.113.0/24", "0.0.0.0/0", "::/0", "2001:db8::/32", "203.0.113.7/32", "198.51.100.128/25"}, k.values...))
		}
		return one(m, []string{"IpAddress", "NotIpAddress"}), m.list(ranges)
	case arnText:
		arns := func() string {
			v := one(m, k.values)
			if m.chance(30) {
				v = one(m, principals[:7])
			}
			parts := strings.SplitN(v, ":", 6)
			if len(parts) < 6 || m.chance(40) {
				return v
			}
			parts[3+m.IntN(3)] = "*"
			return strings.Join(parts, ":")
		}
		if m.chance(80) {
			return one(m, []string{"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"}), m.list(arns)
		}
	}
	switch m.IntN(9) {
	case 0, 1:
		return one(m, []string{"StringLike", "StringNotLike"}), m.list(pattern)
	case 2:
		return "StringLike", m.list(pattern)
	case 3:
		return one(m, []string{"StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"}), m.list(func() string { return strings.ToUpper(value()) })
	case 4:
		return one(m, []string{"StringNotEquals", "stringnotequals"}), m.list(value)
	case 5:
		if m.chance(20) {
			return "BinaryEquals", []string{base64.StdEncoding.EncodeToString([]byte(value()))}
		}
	case 6:
		return one(m, []string{"StringEquals", "StringNotEquals"}), m.list(func() string {
			if v := value(); v != "" {
				return m.withVariable(v)
			}
			return "${aws:username}"
		})
	}
	return "StringEquals", m.list(value)
}
