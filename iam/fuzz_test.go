package iam_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/footing-dev/footing/iam"
)

func FuzzParse(f *testing.F) {
	f.Add([]byte(everyElement))
	f.Add([]byte("\xef\xbb\xbf{}"))
	f.Add([]byte(`{"Statement":[{"Effect":"Deny","Action":"s3:*"},3,{"Effect":"Allow","Action":[]}],"Statement":{}}`))
	f.Add([]byte(`{"Statement":{"Effect":"Allow","Action":"*:*","Condition":{"forallvalues:nullIfExists":{"a:b":[1e9,true,null]}}}}`))
	for _, cases := range readCases(f) {
		for _, c := range cases {
			f.Add([]byte(c.In))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		kept, errs := iam.ParseLenient(src)
		for _, e := range errs {
			if e.Says == "" || e.Offset < 0 || e.Offset > len(src) || e.Line < 1 || e.Column < 1 || e.Error() == "" {
				t.Errorf("a poor error: %#v", e)
			}
		}
		if (len(errs) > 0) != (len(kept.Unparsed) > 0) {
			t.Errorf("errors %v, but unparsed %v", errs, kept.Unparsed)
		}
		for _, layer := range []string{iam.LayerIdentity, iam.LayerResource, iam.LayerRCP} {
			iam.Validate(kept, layer)
		}
		p, err := iam.Parse(src)
		if (err == nil) != (len(errs) == 0) {
			t.Fatalf("strict says %v, lenient says %v", err, errs)
		}
		if err != nil {
			return
		}
		printed, err := iam.Print(p)
		if err != nil {
			t.Fatalf("cannot print what was parsed: %v", err)
		}
		again, err := iam.Parse(printed)
		if err != nil {
			t.Fatalf("cannot read what was printed: %v\n%s", err, printed)
		}
		if !reflect.DeepEqual(p, again) {
			t.Errorf("not the same after printing:\n%#v\n%#v", p, again)
		}
	})
}

// FuzzEvaluate holds decisions on generated accounts against what must be true of all decisions: more Denies or fewer Allows never
// open anything, knowing more of the request never turns one answer into the other, and a layer that could not be read never yields an
// answer that reading it could refute.
func FuzzEvaluate(f *testing.F) {
	for seed := range 64 {
		data := make([]byte, 160)
		for i := range data {
			data[i] = byte((i*i*7 + seed*31 + i*seed) >> 1)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		g := &generator{data: data}
		r, l := g.request(), g.layers()
		before := iam.Evaluate(r, l)
		check(t, before)

		all := iam.Statement{Effect: iam.EffectDeny, Actions: []string{"*"}, Principals: &iam.Principals{Any: true}}
		all.Conditions = g.conditions()
		denied := *l
		denied.Resource = append(slices.Clone(l.Resource), &iam.Policy{Version: "2012-10-17", Statements: []iam.Statement{all}})
		if after := iam.Evaluate(r, &denied); after.Outcome > before.Outcome {
			t.Errorf("a Deny more: from %d to %d", before.Outcome, after.Outcome)
		}

		for i := range l.Identity {
			for j, st := range l.Identity[i].Statements {
				if st.Effect != iam.EffectAllow {
					continue
				}
				less := *l.Identity[i]
				less.Statements = slices.Delete(slices.Clone(less.Statements), j, j+1)
				fewer := *l
				fewer.Identity = slices.Clone(l.Identity)
				fewer.Identity[i] = &less
				after := iam.Evaluate(r, &fewer)
				check(t, after)
				if after.Outcome > before.Outcome {
					t.Errorf("an Allow less: from %d to %d", before.Outcome, after.Outcome)
				}
			}
		}

		unread := *l
		unread.Unread = []string{g.pick(iam.LayerIdentity, iam.LayerBoundary, iam.LayerSession, iam.LayerResource, iam.LayerSCP, iam.LayerRCP, iam.LayerVPCEndpoint, iam.LayerGrant, iam.LayerPublicAccess)}
		after := iam.Evaluate(r, &unread)
		check(t, after)
		if before.Explicit && after.Outcome != iam.Deny {
			t.Errorf("an explicit Deny became %d with %v unread", after.Outcome, unread.Unread)
		}
		if after.Seen != before.Outcome {
			t.Errorf("seen is %d, was %d", after.Seen, before.Outcome)
		}
		if after.Outcome == iam.Allow && before.Outcome != iam.Allow || after.Outcome == iam.Deny && before.Outcome != iam.Deny {
			t.Errorf("from %d to %d with %v unread", before.Outcome, after.Outcome, unread.Unread)
		}

		// Every key decided, the answer is a plain one, and the same if it was plain before.
		known := *r
		known.Context, known.Present = map[string][]string{}, nil
		known.Absent = slices.Clone(r.Absent)
		for k, v := range r.Context {
			known.Context[k] = v
		}
		for _, k := range vocabulary {
			if _, ok := known.Context[k]; ok || slices.Contains(r.Absent, k) {
				continue
			}
			if !tagless(r, k) && (slices.Contains(r.Present, k) || g.next()%2 == 0) {
				known.Context[k] = []string{g.pick("red", "blue", "true", "false", "7", "*")}
			} else {
				known.Absent = append(known.Absent, k)
			}
		}
		plain := iam.Evaluate(&known, l)
		check(t, plain)
		if before.Outcome != iam.Conditional && plain.Outcome != before.Outcome {
			t.Errorf("%d became %d when %v was known:\n%+v\nbefore %+v\nafter %+v%s", before.Outcome, plain.Outcome, known.Context, *r, before, plain, describe(l))
		}
		if plain.Outcome == iam.Conditional {
			for _, c := range plain.Residual {
				if c.Key != "sts:RoleSessionName" {
					t.Errorf("all keys are known, but %v is open", c)
				}
			}
		}
	})
}

var vocabulary = []string{"aws:PrincipalTag/team", "aws:SecureTransport", "aws:ResourceTag/team", "s3:max-keys", "aws:TagKeys"}

// generator makes requests and layers of small parts out of bytes, so that they meet often.
type generator struct {
	data []byte
	at   int
}

func (g *generator) next() int {
	if g.at >= len(g.data) {
		return 0
	}
	g.at++
	return int(g.data[g.at-1])
}

func (g *generator) pick(from ...string) string { return from[g.next()%len(from)] }

func (g *generator) request() *iam.Request {
	r := &iam.Request{
		Principal: g.pick("arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/s",
			"arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:role/app", "sns.amazonaws.com", "anonymous"),
		Action:   g.pick("s3:GetObject", "kms:Decrypt", "sts:AssumeRole", "sqs:SendMessage", "s3:DeleteBucketPolicy"),
		Resource: g.pick("arn:aws:s3:::b/red", "arn:aws:kms:eu-west-1:111122223333:key/1", "arn:aws:iam::111122223333:role/app", "arn:aws:s3:::b"),
		Context:  map[string][]string{},
	}
	for _, k := range vocabulary {
		if tagless(r, k) {
			continue
		}
		switch g.next() % 6 {
		case 0:
			r.Context[k] = []string{g.pick("red", "blue", "true", "false", "7")}
		case 1:
			r.Absent = append(r.Absent, k)
		case 2:
			r.Present = append(r.Present, k)
		}
	}
	if g.next()%4 == 0 {
		r.ResourceAccount = g.pick("111122223333", "444455556666")
	}
	return r
}

// tagless is true of tags of a caller that cannot have any: that they are missing follows from the request.
func tagless(r *iam.Request, key string) bool {
	return !strings.HasPrefix(r.Principal, "arn:") && strings.HasPrefix(key, "aws:PrincipalTag/")
}

func (g *generator) layers() *iam.Layers {
	l := &iam.Layers{Identity: g.policies(false), Resource: g.policies(true)}
	flags := g.next()
	if flags&1 != 0 {
		l.Boundary = g.policies(false)
	}
	if flags&2 != 0 {
		l.Session = g.policies(false)
	}
	if flags&4 != 0 {
		l.SCP = [][]*iam.Policy{g.policies(false), g.policies(false)}
	}
	if flags&8 != 0 {
		l.VPCEndpoint = g.policies(true)
	}
	if flags&16 != 0 {
		l.PublicAccess = &iam.PublicAccessBlock{RestrictPublicBuckets: true}
	}
	if flags&32 != 0 {
		l.Grants = []iam.Grant{{Grantee: "arn:aws:iam::111122223333:role/app", Operations: []string{"Decrypt"}}}
	}
	return l
}

func (g *generator) policies(named bool) []*iam.Policy {
	p := &iam.Policy{Version: g.pick("2012-10-17", "2012-10-17", "2008-10-17")}
	for range 1 + g.next()%3 {
		st := iam.Statement{Effect: iam.Effect(min(g.next()%4, 1)), Conditions: g.conditions()}
		if actions := []string{g.pick("*", "s3:*", "kms:*", "s3:Get*", "sts:AssumeRole")}; g.next()%5 == 0 {
			st.NotActions = actions
		} else {
			st.Actions = actions
		}
		if resources := []string{g.pick("*", "*", "arn:aws:s3:::b/${aws:PrincipalTag/team}", "arn:aws:s3:::b/*", "arn:aws:kms:*:*:key/*")}; g.next()%5 == 0 {
			st.NotResources = resources
		} else {
			st.Resources = resources
		}
		if named {
			who := &iam.Principals{AWS: []string{g.pick("arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/s")}}
			switch g.next() % 5 {
			case 0:
				st.NotPrincipal = who
			case 1:
				st.Principals = &iam.Principals{Any: true, Service: []string{"sns.amazonaws.com"}}
			default:
				st.Principals = who
			}
		}
		p.Statements = append(p.Statements, st)
	}
	return []*iam.Policy{p}
}

func (g *generator) conditions() []iam.Condition {
	var out []iam.Condition
	for range g.next() % 3 {
		out = append(out, iam.Condition{
			Operator: g.pick("", "", "ForAllValues:", "ForAnyValue:") + g.pick("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "Bool", "NumericLessThan") + g.pick("", "IfExists"),
			Key:      g.pick(vocabulary...),
			Values:   []string{g.pick("red", "true", "*", "10", "${aws:PrincipalTag/team}", "${aws:PrincipalTag/team, 'red'}")},
		})
	}
	if g.next()%8 == 0 {
		out = append(out, iam.Condition{Operator: "Null", Key: g.pick(vocabulary...), Values: []string{g.pick("true", "false")}})
	}
	return out
}

func check(t *testing.T, d iam.Decision) {
	t.Helper()
	if (d.Outcome == iam.Conditional) != (len(d.Residual) > 0) {
		t.Errorf("outcome %d with residual %v", d.Outcome, d.Residual)
	}
	if d.Explicit && d.Outcome != iam.Deny {
		t.Errorf("explicit, but outcome %d", d.Outcome)
	}
}

func FuzzMatch(f *testing.F) {
	for _, s := range [][2]string{{"*", ""}, {"a*b?c", "axxbyc"}, {"**a", "ba"}, {"?", "é"}, {"a*a*a", "aaaa"}, {"", "x"}, {"*.*", "a.b.c"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if len(pattern) > 24 || len(s) > 48 || !utf8.ValidString(pattern) || !utf8.ValidString(s) {
			return
		}
		if got, want := iam.Match(pattern, s), naive([]rune(pattern), []rune(s)); got != want {
			t.Errorf("Match(%q, %q) = %v", pattern, s, got)
		}
	})
}

func FuzzMatchARN(f *testing.F) {
	for _, s := range [][2]string{{"arn:aws:sqs:*:q", "arn:aws:sqs:eu:1:q"}, {"a:*b:*", "a:xb:c:d:e:f"}, {"*a:?:*", "ba:c:"}, {"a:*:b*:c", "a::b:b:c:c"}, {"a*", "a:b"}, {"a:b", "a:b:c"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if len(pattern) > 24 || len(s) > 48 || !utf8.ValidString(pattern) || !utf8.ValidString(s) || strings.Trim(s, "*") == "" || strings.Trim(pattern, "*") == "" {
			return
		}
		if got, want := iam.MatchARN(pattern, s), naiveARN([]rune(pattern), []rune(s)); got != want {
			t.Errorf("MatchARN(%q, %q) = %v", pattern, s, got)
		}
	})
}

// naiveARN is naive with what holds before the fifth colon of an ARN.
func naiveARN(pattern, s []rune) bool {
	row := make([]bool, len(s)+1)
	row[0] = true
	colons := 0
	for k, p := range pattern {
		next := make([]bool, len(s)+1)
		free := colons >= 5 || p == '*' && (k+1 == len(pattern) || pattern[k+1] == ':')
		for j := range next {
			switch {
			case p == '*':
				next[j] = row[j] || j > 0 && next[j-1] && (free || s[j-1] != ':')
			case j > 0 && p == '?':
				next[j] = row[j-1] && (free || s[j-1] != ':')
			case j > 0:
				next[j] = row[j-1] && p == s[j-1]
			}
		}
		if p == ':' {
			colons++
		}
		row = next
	}
	for j := range row {
		if row[j] && (j == len(s) || colons < 5 && s[j] == ':') {
			return true
		}
	}
	return false
}

// naive is the definition of the wildcards, written as a table of all prefixes.
func naive(pattern, s []rune) bool {
	row := make([]bool, len(s)+1)
	row[0] = true
	for _, p := range pattern {
		next := make([]bool, len(s)+1)
		for j := range next {
			switch {
			case p == '*':
				next[j] = row[j] || j > 0 && next[j-1]
			case j > 0:
				next[j] = row[j-1] && (p == '?' || p == s[j-1])
			}
		}
		row = next
	}
	return row[len(s)]
}

func describe(l *iam.Layers) string {
	out := ""
	for name, policies := range map[string][]*iam.Policy{"identity": l.Identity, "boundary": l.Boundary, "session": l.Session, "resource": l.Resource, "endpoint": l.VPCEndpoint} {
		for _, p := range policies {
			text, err := iam.Print(p)
			out += fmt.Sprintf("\n%s %s %v", name, text, err)
		}
	}
	return fmt.Sprintf("%s\n%d levels of SCPs", out, len(l.SCP))
}
