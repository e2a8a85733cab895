package compare

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/catalog"
	"github.com/footing-dev/footing/iam"
)

// builder makes pairs of policies of which it is known, from how they are made, whether one allows more. Each statement speaks of a service
// of its own, so that what is changed in one of them shows.
type builder struct {
	*rand.Rand
	c        *catalog.Catalog
	services []catalog.Service // that are left
}

func newBuilder(seed uint64, c *catalog.Catalog) *builder {
	b := &builder{Rand: rand.New(rand.NewPCG(seed, 11)), c: c}
	for _, name := range []string{"s3", "dynamodb", "sqs", "sns", "lambda", "kms", "logs", "secretsmanager", "ssm", "ecr", "ec2", "glue", "athena", "kinesis", "events", "states", "rds", "backup"} {
		if s, ok := c.Service(name); ok {
			b.services = append(b.services, *s)
		}
	}
	b.Shuffle(len(b.services), func(i, j int) { b.services[i], b.services[j] = b.services[j], b.services[i] })
	return b
}

// subject is an action with a resource that it applies to, of a service that nothing else speaks of.
func (b *builder) subject() (service, action, form string) {
	for {
		s := b.services[0]
		b.services = b.services[1:]
		for range 50 {
			a := s.Actions[b.IntN(len(s.Actions))]
			if len(a.Targets) == 0 {
				continue
			}
			t := a.Targets[b.IntN(len(a.Targets))]
			i := slices.IndexFunc(s.ResourceTypes, func(r catalog.ResourceType) bool { return r.Name == t.Type })
			if i < 0 || strings.Contains(s.ResourceTypes[i].ARN, "*") || gap(s.ResourceTypes[i].ARN[max(0, strings.LastIndex(s.ResourceTypes[i].ARN, "${")):]) == 0 ||
				!strings.HasSuffix(s.ResourceTypes[i].ARN, "}") {
				continue
			}
			return s.Prefix, a.String(), s.ResourceTypes[i].ARN
		}
	}
}

// arn fills a form in; the last gap with name.
func arn(form, name string) string {
	out := ""
	for len(form) > 0 {
		n := gap(form)
		switch {
		case n == 0:
			out, form = out+form[:1], form[1:]
			continue
		case n == len(form):
			out += name
		case strings.HasPrefix(form, "${Partition}"):
			out += "aws"
		case strings.HasPrefix(form, "${Region}"):
			out += "us-east-1"
		case strings.HasPrefix(form, "${Account}"):
			out += "111122223333"
		default:
			out += "n"
		}
		form = form[n:]
	}
	return out
}

func condition(operator, key string, values ...string) []iam.Condition {
	return []iam.Condition{{Operator: operator, Key: key, Values: values}}
}

// step is a way to make a statement wider: from the first to the second, or with Deny to less.
type step struct {
	name         string
	narrow, wide []iam.Statement
}

func allow(action, resource string, c ...iam.Condition) iam.Statement {
	return iam.Statement{Effect: iam.EffectAllow, Actions: []string{action}, Resources: []string{resource}, Conditions: c}
}

func deny(action, resource string, c ...iam.Condition) iam.Statement {
	st := allow(action, resource, c...)
	st.Effect = iam.EffectDeny
	return st
}

// widening changes one thing.
func (b *builder) widening() step {
	service, action, form := b.subject()
	r := arn(form, "name")
	anyOf := arn(form, "*")
	one := func(name string, narrow, wide iam.Statement) step {
		return step{name, []iam.Statement{narrow}, []iam.Statement{wide}}
	}
	conditions := func(name string, narrow, wide []iam.Condition) step {
		return one(name, allow(action, r, narrow...), allow(action, r, wide...))
	}
	switch b.IntN(34) {
	case 0:
		return one("one more action", allow(action, r), iam.Statement{Effect: iam.EffectAllow, Actions: []string{action, "swf:CountOpenWorkflowExecutions"}, Resources: []string{r, "arn:aws:swf:*:*:/domain/*"}})
	case 1:
		return one("resource prefix", allow(action, arn(form, "na*")), allow(action, arn(form, "n*")))
	case 2:
		return one("another resource", allow(action, r), iam.Statement{Effect: iam.EffectAllow, Actions: []string{action}, Resources: []string{r, arn(form, "other")}})
	case 3:
		return one("every service", allow(action, r), allow(service+":*", r+"*"))
	case 4:
		return conditions("no condition", condition("StringEquals", "aws:SourceVpc", "vpc-1"), nil)
	case 5:
		bits := 9 + b.IntN(20)
		block := netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(1 + b.IntN(200)), byte(b.IntN(256)), byte(b.IntN(256)), 0}), bits).Masked()
		return conditions("one bit", condition("IpAddress", "aws:SourceIp", block.String()), condition("IpAddress", "aws:SourceIp", netip.PrefixFrom(block.Addr(), bits-1).Masked().String()))
	case 6:
		return conditions("one second", condition("DateLessThan", "aws:CurrentTime", "2026-07-01T00:00:00Z"), condition("DateLessThan", "aws:CurrentTime", "2026-07-01T00:00:01Z"))
	case 7:
		return conditions("up to and with", condition("DateLessThan", "aws:CurrentTime", "2026-07-01T00:00:00Z"), condition("DateLessThanEquals", "aws:CurrentTime", "2026-07-01T00:00:00Z"))
	case 8:
		return conditions("a tenth", condition("NumericLessThan", "aws:MultiFactorAuthAge", "3600"), condition("NumericLessThan", "aws:MultiFactorAuthAge", "3600.1"))
	case 9:
		return conditions("number with", condition("NumericGreaterThan", "aws:MultiFactorAuthAge", "5"), condition("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", "5"))
	case 10:
		return conditions("if exists", condition("Bool", "aws:MultiFactorAuthPresent", "true"), condition("BoolIfExists", "aws:MultiFactorAuthPresent", "true"))
	case 11:
		return conditions("all instead of any", condition("ForAnyValue:StringEquals", "aws:TagKeys", "a"), condition("ForAnyValue:StringEquals", "aws:TagKeys", "a", "b"))
	case 12:
		return conditions("all or nothing", append(condition("ForAllValues:StringEquals", "aws:TagKeys", "a"), condition("Null", "aws:TagKeys", "false")...), condition("ForAllValues:StringEquals", "aws:TagKeys", "a"))
	case 13:
		return conditions("one value more", condition("StringEquals", "aws:PrincipalOrgID", "o-1"), condition("StringEquals", "aws:PrincipalOrgID", "o-1", "o-2"))
	case 14:
		return conditions("one value less", condition("StringNotEquals", "aws:PrincipalOrgID", "o-1", "o-2"), condition("StringNotEquals", "aws:PrincipalOrgID", "o-1"))
	case 15:
		return conditions("case", condition("StringEquals", "aws:PrincipalTag/team", "Red"), condition("StringEqualsIgnoreCase", "aws:PrincipalTag/team", "Red"))
	case 16:
		return conditions("like", condition("StringEquals", "aws:PrincipalTag/team", "red"), condition("StringLike", "aws:PrincipalTag/team", "re?"))
	case 17:
		return conditions("arn like", condition("ArnLike", "aws:SourceArn", "arn:aws:sns:*:111122223333:*"), condition("ArnLike", "aws:SourceArn", "arn:aws:s?s:*:111122223333:*"))
	case 18:
		return conditions("arn account", condition("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*"), condition("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*"))
	case 19:
		return step{"a Deny less", []iam.Statement{allow(action, anyOf), deny(action, r)}, []iam.Statement{allow(action, anyOf)}}
	case 20:
		return step{"a narrower Deny", []iam.Statement{allow(action, anyOf), deny(action, arn(form, "n*"))}, []iam.Statement{allow(action, anyOf), deny(action, arn(form, "na*"))}}
	case 21:
		return step{"a Deny under a condition", []iam.Statement{allow(action, anyOf), deny(action, r)}, []iam.Statement{allow(action, anyOf), deny(action, r, condition("StringNotEquals", "aws:SourceVpce", "vpce-1")...)}}
	case 22:
		return step{"a Deny that misses the missing", []iam.Statement{allow(action, r), deny(action, r, condition("BoolIfExists", "aws:MultiFactorAuthPresent", "false")...)},
			[]iam.Statement{allow(action, r), deny(action, r, condition("Bool", "aws:MultiFactorAuthPresent", "false")...)}}
	case 23:
		return one("variable", allow(action, arn(form, "home-${aws:username}-x")), allow(action, arn(form, "home-${aws:username}-*")))
	case 24:
		return one("default of a variable", allow(action, arn(form, "home-${aws:username}")), allow(action, arn(form, "home-${aws:username, 'nobody'}")))
	case 25:
		return one("no variable", allow(action, arn(form, "home-${aws:username}-*")), allow(action, arn(form, "home-*-*")))
	case 26:
		return conditions("variable in a condition", condition("StringEquals", "aws:PrincipalTag/a", "${aws:username}"), condition("StringLike", "aws:PrincipalTag/a", "${aws:username}*"))
	case 27:
		return one("NotResource", iam.Statement{Effect: iam.EffectAllow, Actions: []string{action}, NotResources: []string{r, arn(form, "x*")}}, iam.Statement{Effect: iam.EffectAllow, Actions: []string{action}, NotResources: []string{r}})
	case 28:
		return conditions("binary", condition("BinaryEquals", "x:bytes", "YQ=="), condition("BinaryEquals", "x:bytes", "YQ==", "Yg=="))
	case 29:
		return conditions("all values negated", condition("ForAllValues:StringNotEquals", "aws:TagKeys", "a", "b"), condition("ForAllValues:StringNotEquals", "aws:TagKeys", "a"))
	case 30:
		return conditions("any value negated", condition("ForAnyValue:StringNotEquals", "aws:TagKeys", "a", "b"), condition("ForAnyValue:StringNotEquals", "aws:TagKeys", "a"))
	case 31:
		return conditions("not in a smaller block", condition("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"), condition("NotIpAddress", "aws:SourceIp", "10.0.0.0/9"))
	case 32:
		return conditions("two windows, one with a gap", append(condition("DateGreaterThan", "aws:CurrentTime", "2026-01-02"), condition("DateLessThan", "aws:CurrentTime", "2026-01-03")...),
			append(condition("DateGreaterThanEquals", "aws:CurrentTime", "2026-01-02"), condition("DateLessThan", "aws:CurrentTime", "2026-01-03")...))
	default:
		return one("2008 has no variables", allow(action, arn(form, "x")), allow(action, arn(form, "?")))
	}
}

// noise is a statement of another service, the same in both policies.
func (b *builder) noise() iam.Statement {
	s := b.services[0]
	b.services = b.services[1:]
	a := s.Actions[b.IntN(len(s.Actions))].Name
	st := iam.Statement{Effect: iam.EffectAllow, Actions: []string{s.Prefix + ":" + a[:1+b.IntN(len(a))] + "*"}, Resources: []string{"*"}}
	switch b.IntN(4) {
	case 0:
		st.Conditions = condition("IpAddress", "aws:SourceIp", "10.0.0.0/8", "192.168.0.0/16")
	case 1:
		st.Conditions = condition("StringEquals", "aws:PrincipalTag/team", "red", "blue")
	case 2:
		st.Resources = []string{"arn:aws:" + s.Prefix + ":*:111122223333:*"}
	}
	return st
}

// rewrite says the same in other words.
func (b *builder) rewrite(list []iam.Statement) []iam.Statement {
	var out []iam.Statement
	for _, st := range list {
		out = append(out, b.reword(st)...)
	}
	switch b.IntN(4) {
	case 0: // a Deny of what nobody allows
		out = append(out, deny("waf:*", "*"))
	case 1: // a Deny that never holds
		out = append(out, deny("*", "*", append(condition("StringEquals", "aws:RequestedRegion", "a"), condition("StringNotLike", "aws:RequestedRegion", "?")...)...))
	case 2: // twice
		out = append(out, out[b.IntN(len(out))])
	}
	b.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func (b *builder) reword(st iam.Statement) []iam.Statement {
	with := func(change func(*iam.Statement)) iam.Statement {
		n := st
		n.Conditions = slices.Clone(st.Conditions)
		change(&n)
		return n
	}
	for i := range st.Conditions {
		st = with(func(n *iam.Statement) { b.respell(&n.Conditions[i]) })
	}
	switch b.IntN(9) {
	case 0: // the actions one by one
		if st.Actions != nil {
			out := []iam.Statement{}
			for _, a := range b.c.Expand(st.Actions...) {
				out = append(out, with(func(n *iam.Statement) { n.Actions = []string{a.String()} }))
				if len(out) == 40 {
					return []iam.Statement{st}
				}
			}
			if len(out) > 0 {
				return out
			}
		}
	case 1: // the actions written out
		if st.Actions != nil {
			return []iam.Statement{with(func(n *iam.Statement) {
				n.Actions = nil
				for _, a := range b.c.Expand(st.Actions...) {
					n.Actions = append(n.Actions, strings.ToUpper(a.String()))
				}
			})}
		}
	case 2: // the complement
		if st.Actions != nil {
			return []iam.Statement{with(func(n *iam.Statement) {
				n.Actions = nil
				for _, a := range b.c.ExpandNot(st.Actions...) {
					n.NotActions = append(n.NotActions, a.String())
				}
			})}
		}
	case 3: // with and without a condition
		c := condition("StringLike", "aws:UserAgent", "a*b?")[0]
		d := condition("StringNotLike", "aws:UserAgent", "a*b?")[0]
		return []iam.Statement{with(func(n *iam.Statement) { n.Conditions = append(n.Conditions, c) }), with(func(n *iam.Statement) { n.Conditions = append(n.Conditions, d) })}
	case 4: // there or not there
		c := condition("Null", "aws:SourceIdentity", "true")[0]
		d := condition("Null", "aws:SourceIdentity", "false")[0]
		return []iam.Statement{with(func(n *iam.Statement) { n.Conditions = append(n.Conditions, c) }), with(func(n *iam.Statement) { n.Conditions = append(n.Conditions, d) })}
	case 5: // the resources one by one
		if len(st.Resources) > 1 {
			var out []iam.Statement
			for _, r := range st.Resources {
				out = append(out, with(func(n *iam.Statement) { n.Resources = []string{r} }))
			}
			return out
		}
	case 6: // before, at and after a number
		var out []iam.Statement
		for _, op := range []string{"NumericLessThan", "NumericEquals", "NumericGreaterThan"} {
			out = append(out, with(func(n *iam.Statement) {
				n.Conditions = append(n.Conditions, iam.Condition{Operator: op + "IfExists", Key: "s3:max-keys", Values: []string{"1.50"}})
			}))
		}
		return out
	case 7: // and a part of it
		if st.Resources != nil && len(st.Resources[0]) > 20 {
			return []iam.Statement{st, with(func(n *iam.Statement) {
				n.Resources = []string{n.Resources[0], strings.Replace(n.Resources[0], "*", "b?d*", 1)}
			})}
		}
	}
	return []iam.Statement{st}
}

// respell writes the values of a condition in another way.
func (b *builder) respell(c *iam.Condition) {
	op, _ := iam.ParseOperator(c.Operator)
	var out []string
	for _, v := range c.Values {
		switch {
		case op.Kind == iam.KindIP:
			p, err := netip.ParsePrefix(v)
			if err != nil || p.Bits() == p.Addr().BitLen() || b.IntN(2) == 0 {
				break
			}
			half := netip.PrefixFrom(p.Addr(), p.Bits()+1)
			out = append(out, half.String(), netip.PrefixFrom(lastOf(p), p.Bits()+1).Masked().String())
			continue
		case op.Kind == iam.KindDate:
			if t, ok := iam.ParseDate(v); ok {
				v = []string{v, fmt.Sprint(t.Unix()), t.UTC().Format("20060102T150405Z")}[b.IntN(3)]
			}
		case op.Kind == iam.KindNumeric:
			v += []string{"", "e0"}[b.IntN(2)]
		case op.Kind == iam.KindBool:
			v = strings.ToUpper(v)
		}
		out = append(out, v)
	}
	if op.Kind == iam.KindString && !strings.ContainsAny(strings.Join(c.Values, ""), "*?$") && b.IntN(2) == 0 {
		c.Operator = strings.NewReplacer("StringEquals", "StringLike", "StringNotEquals", "StringNotLike").Replace(c.Operator)
	}
	if op.Kind == iam.KindARN {
		c.Operator = strings.Replace(c.Operator, "Like", "Equals", 1)
	}
	b.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	c.Values, c.Key = out, strings.ToUpper(c.Key)
}

// TestByConstruction compares policies of which the answer is known: the same in other words, and with one thing widened. FOOTING_BUILT=1500 says how
// many; each gives four comparisons.
func TestByConstruction(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := NewSolver(Options{})
	n := runs("FOOTING_BUILT", 100)
	wrong, pairs := 0, 0
	byStep := map[string]int{}
	for seed := range n {
		b := newBuilder(uint64(seed), c)
		st := b.widening()
		var noise []iam.Statement
		for range b.IntN(4) {
			noise = append(noise, b.noise())
		}
		make := func(list []iam.Statement) *iam.Policy {
			return &iam.Policy{Version: "2012-10-17", Statements: b.rewrite(append(slices.Clone(noise), list...))}
		}
		narrow, again, wide := make(st.narrow), make(st.narrow), make(st.wide)
		byStep[st.name]++
		for _, q := range []struct {
			old, new *iam.Policy
			want     Verdict
		}{{narrow, again, Holds}, {again, narrow, Holds}, {wide, narrow, Holds}, {narrow, wide, Broken}} {
			pairs++
			r := s.NoNewAccess(q.old, q.new)
			for i := range r.Witnesses {
				if !Allows(q.new, &r.Witnesses[i]) || Allows(q.old, &r.Witnesses[i]) {
					t.Errorf("seed %d, %s: the witness is none: %+v", seed, st.name, r.Witnesses[i])
				}
			}
			if r.Verdict != q.want {
				if wrong++; wrong < 6 {
					t.Errorf("seed %d, %s: %d, want %d: %+v\nold %s\nnew %s", seed, st.name, r.Verdict, q.want, r, cut(printed(q.old)), cut(printed(q.new)))
				}
			}
		}
	}
	t.Logf("%d pairs, %d wrong, %d kinds of change", pairs, wrong, len(byStep))
	if wrong > 0 {
		t.Errorf("%d of %d pairs are wrong", wrong, pairs)
	}
}

func cut(s string) string { return s[:min(len(s), 3000)] }
