package compare

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam"
)

// maker makes small policies that have much in common, so that pairs of them differ in little.
type maker struct {
	*rand.Rand
	named bool
}

func (m *maker) pick(list ...string) string { return list[m.IntN(len(list))] }

func (m *maker) some(list ...string) []string {
	var out []string
	for range 1 + m.IntN(2) {
		out = append(out, m.pick(list...))
	}
	return out
}

var (
	madeActions   = []string{"s3:GetObject", "s3:Get*", "s3:*", "*", "s3:PutObject", "s3:ListBucket", "sqs:SendMessage", "sqs:*", "s3:?etObject", "s3:ListAllMyBuckets"}
	madeResources = []string{
		"*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b*", "arn:aws:s3:::b/x", "arn:aws:s3:::*/x", "arn:aws:s3:::?/x*", "arn:aws:s3:*:*:b/*", "arn:aws:s3:::b/${aws:username}/*",
		"arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/${aws:username, 'x'}*", "arn:aws:s3:::b/alice/*", "arn:aws:sqs:*:*:q", "arn:aws:sqs:us-east-1:*:q?", "arn:aws:s*:::b/*", "arn:aws:s3", "arn:aws:sqs:*:111122223333:*", "arn:aws:s3:::b/${aws:TagKeys}",
	}
	madeConditions = []struct {
		key       string
		operators []string
		values    []string
	}{
		{"s3:prefix", []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "ForAnyValue:StringLike", "ForAllValues:StringEquals"}, []string{"a", "A", "a*", "ab", "*", "?", "", "a?b", "*b"}},
		{"aws:TagKeys", []string{"ForAllValues:StringEquals", "ForAnyValue:StringEquals", "ForAllValues:StringNotEquals", "ForAnyValue:StringNotEquals", "ForAllValues:StringLike", "ForAnyValue:StringLike", "StringEquals", "StringNotEquals", "ForAnyValue:StringNotLike", "ForAllValues:StringNotLike"}, []string{"a", "b", "a*", "*", "?", ""}},
		{"aws:SourceIp", []string{"IpAddress", "NotIpAddress"}, []string{"10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9", "10.0.0.1", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "::/0", "2001:db8::/32", "junk"}},
		{"s3:max-keys", []string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"}, []string{"1", "1.0", "1.5", "2", "10", "-1"}},
		{"aws:CurrentTime", []string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"}, []string{"2026-01-01T00:00:00Z", "2026-01-01", "2026-01-01T01:00:00+01:00", "2026-06-01T00:00:00Z", "1767225600", "1767225601"}},
		{"aws:SecureTransport", []string{"Bool", "StringEquals", "StringNotEquals"}, []string{"true", "false", "True"}},
		{"aws:SourceArn", []string{"ArnLike", "ArnNotLike", "ArnEquals", "StringLike"}, []string{"arn:aws:sns:*:*:t", "arn:aws:sns:us-east-1:111122223333:t", "arn:aws:*:*:111122223333:*", "*", "arn:aws:s3:::b", "arn:*"}},
		{"x:binary", []string{"BinaryEquals"}, []string{"YQ==", "Yg=="}},
		{"aws:username", []string{"StringEquals", "StringNotEquals", "StringLike"}, []string{"alice", "bob", "a*"}},
		{"aws:PrincipalTag/u", []string{"StringEquals", "StringLike", "StringNotEquals"}, []string{"${aws:username}", "alice", "${aws:username}*", "${aws:username, 'bob'}"}},
	}
	madePrincipals = []iam.Principals{
		{Any: true}, {AWS: []string{"arn:aws:iam::111122223333:root"}}, {AWS: []string{"arn:aws:iam::111122223333:user/bob"}}, {AWS: []string{"arn:aws:iam::111122223333:role/r", "arn:aws:iam::444455556666:root"}},
		{Service: []string{"s3.amazonaws.com"}}, {Federated: []string{"accounts.google.com"}}, {AWS: []string{"arn:aws:sts::111122223333:assumed-role/r/s"}}, {AWS: []string{"arn:aws:iam::111122223333:role/r", "arn:aws:iam::111122223333:root"}},
	}
)

func (m *maker) condition() iam.Condition {
	c := &madeConditions[m.IntN(len(madeConditions))]
	op := m.pick(c.operators...)
	if m.IntN(12) == 0 {
		return iam.Condition{Operator: "Null", Key: c.key, Values: []string{m.pick("true", "false")}}
	}
	if m.IntN(4) == 0 {
		op += "IfExists"
	}
	return iam.Condition{Operator: op, Key: c.key, Values: m.some(c.values...)}
}

func (m *maker) statement() iam.Statement {
	st := iam.Statement{Effect: iam.EffectAllow}
	if m.IntN(3) == 0 {
		st.Effect = iam.EffectDeny
	}
	if m.IntN(6) == 0 {
		st.NotActions = m.some(madeActions...)
	} else {
		st.Actions = m.some(madeActions...)
	}
	if m.IntN(6) == 0 {
		st.NotResources = m.some(madeResources...)
	} else {
		st.Resources = m.some(madeResources...)
	}
	if m.named {
		p := madePrincipals[m.IntN(len(madePrincipals))]
		if m.IntN(6) == 0 {
			st.NotPrincipal = &p
		} else {
			st.Principals = &p
		}
	}
	for range m.IntN(3) {
		c := m.condition()
		twice := false
		for _, d := range st.Conditions {
			twice = twice || d.Operator == c.Operator && d.Key == c.Key
		}
		if !twice {
			st.Conditions = append(st.Conditions, c)
		}
	}
	return st
}

func (m *maker) policy() *iam.Policy {
	p := &iam.Policy{Version: "2012-10-17"}
	if m.IntN(8) == 0 {
		p.Version = "2008-10-17"
	}
	for range 1 + m.IntN(3) {
		p.Statements = append(p.Statements, m.statement())
	}
	return p
}

// near changes one thing of a policy.
func (m *maker) near(p *iam.Policy) *iam.Policy {
	q := *p
	q.Statements = append([]iam.Statement(nil), p.Statements...)
	i := m.IntN(len(q.Statements))
	st, other := &q.Statements[i], m.statement()
	switch m.IntN(8) {
	case 0:
		st.Actions, st.NotActions = other.Actions, other.NotActions
	case 1:
		st.Resources, st.NotResources = other.Resources, other.NotResources
	case 2, 3:
		st.Conditions = other.Conditions
	case 4:
		q.Statements = append(q.Statements, other)
	case 5:
		if len(q.Statements) > 1 {
			q.Statements = append(q.Statements[:i], q.Statements[i+1:]...)
		}
	case 6:
		st.Principals, st.NotPrincipal = other.Principals, other.NotPrincipal
	case 7:
		if len(st.Conditions) > 0 {
			st.Conditions = append([]iam.Condition(nil), st.Conditions...)
			st.Conditions[m.IntN(len(st.Conditions))] = m.condition()
			if len(st.Conditions) == 2 && st.Conditions[0].Operator == st.Conditions[1].Operator && st.Conditions[0].Key == st.Conditions[1].Key {
				st.Conditions = st.Conditions[:1]
			}
		}
	}
	return &q
}

// request makes one at the places where policies of the maker differ.
func (m *maker) request() *Witness {
	w := &Witness{Principal: someUser, Context: map[string][]string{}}
	if m.named {
		w.Principal = m.pick("anonymous", someUser, "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/bob", "arn:aws:iam::444455556666:user/x",
			"arn:aws:sts::111122223333:assumed-role/r/s", "arn:aws:sts::111122223333:assumed-role/r/t", "s3.amazonaws.com", "ec2.amazonaws.com", "accounts.google.com", "arn:aws:iam::999988887777:root")
	}
	switch m.IntN(4) {
	case 0:
		w.Action, w.Resource = m.pick("s3:GetObject", "s3:PutObject"), m.pick("arn:aws:s3:::b/x", "arn:aws:s3:::b/xy", "arn:aws:s3:::b/alice/k", "arn:aws:s3:::b/alice", "arn:aws:s3:::c/x", "arn:aws:s3:::bc/z", "arn:aws-cn:s3:::b/x", "arn:aws:s3:::b/bob/x")
	case 1:
		w.Action, w.Resource = "s3:ListBucket", m.pick("arn:aws:s3:::b", "arn:aws:s3:::bc", "arn:aws:s3:::c")
	case 2:
		w.Action, w.Resource = "sqs:SendMessage", m.pick("arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:sqs:us-east-1:444455556666:qq", "arn:aws:sqs:eu-west-1:111122223333:r")
	case 3:
		w.Action, w.Resource = "s3:ListAllMyBuckets", "*"
	}
	set := func(key string, values ...string) {
		if m.IntN(3) > 0 {
			w.Context[key] = []string{values[m.IntN(len(values))]}
		}
	}
	set("s3:prefix", "a", "A", "ab", "axb", "zb", "", "z", "abc", "B")
	if m.IntN(3) > 0 {
		for range 1 + m.IntN(3) {
			w.Context["aws:TagKeys"] = append(w.Context["aws:TagKeys"], m.pick("a", "b", "ab", "", "c", "cc"))
		}
	}
	set("aws:SourceIp", "10.0.0.1", "10.0.0.2", "10.200.0.1", "9.255.255.255", "11.0.0.0", "127.255.255.255", "128.0.0.0", "2001:db8::1", "::1", "10.127.255.255", "10.128.0.0")
	set("s3:max-keys", "-2", "-1", "0", "1", "1.2", "1.5", "1.7", "2", "5", "10", "11")
	set("aws:CurrentTime", "2025-12-31T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:01Z", "2026-03-01T00:00:00Z", "2026-06-01T00:00:00Z", "2027-01-01T00:00:00Z")
	set("aws:SecureTransport", "true", "false")
	set("aws:SourceArn", "arn:aws:sns:us-east-1:111122223333:t", "arn:aws:sns:us-east-1:444455556666:t", "arn:aws:s3:::b", "arn:aws:sqs:x:111122223333:y:z", "text")
	set("x:binary", "YQ==", "a", "b", "Yg==", "c")
	set("aws:username", "alice", "bob", "al", "zed", "x")
	set("aws:PrincipalTag/u", "alice", "bob", "alicex", "zed", "zed1", "${aws:username}")
	return w
}

func runs(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// TestAgainstRandomRequests puts random requests to pairs of policies. None is allowed by the new one alone where the solver says that there is none, and
// what the solver finds is allowed by the new one alone.
func TestAgainstRandomRequests(t *testing.T) {
	s := NewSolver(Options{Witnesses: 2})
	count := map[Verdict]int{}
	whys := map[string]int{}
	asked, broken, seen := 0, 0, 0
	pairs := runs("FOOTING_PAIRS", 400)
	for seed := range pairs {
		m := &maker{Rand: rand.New(rand.NewPCG(uint64(seed), 7)), named: seed%3 == 0}
		old := m.policy()
		new := m.near(old)
		if seed%5 == 0 {
			new = m.policy()
		}
		if seed%2 == 0 {
			old, new = new, old
		}
		r := s.NoNewAccess(old, new)
		count[r.Verdict]++
		if r.Verdict == Unknown {
			whys[r.Why]++
		}
		show := func() string { return fmt.Sprintf("seed %d\nold %s\nnew %s\n%+v", seed, printed(old), printed(new), r) }
		for i := range r.Witnesses {
			if !Allows(new, &r.Witnesses[i]) || decide(old, &r.Witnesses[i]) != iam.Deny {
				t.Fatalf("%s\nthe witness is none", show())
			}
		}
		if r.Verdict == Broken {
			broken++
		}
		for range 400 {
			w := m.request()
			asked++
			if Allows(new, w) && decide(old, w) == iam.Deny {
				seen++
				if r.Verdict == Holds {
					t.Errorf("%s\nyet new allows and old does not: %+v", show(), *w)
				}
				break
			}
		}
	}
	if seen*2 < broken {
		t.Errorf("random requests see only %d of the %d differences: the test is weak", seen, broken)
	}
	t.Logf("%d pairs: %v (0 unknown, 1 holds, 2 broken), %d requests, which see %d of the %d differences; unknown: %v", pairs, count, asked, seen, broken, whys)
	if count[Unknown]*20 > pairs {
		t.Errorf("%d of %d are unknown", count[Unknown], pairs)
	}
}

func printed(p *iam.Policy) string {
	b, err := p.MarshalJSON()
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(b))
}
