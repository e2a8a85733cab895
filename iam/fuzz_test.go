package iam_test

import (
	"reflect"
	"slices"
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

// FuzzEvaluate holds decisions against what must be true of all of them: more Denies or fewer Allows never open anything, and what
// could not be read never turns into an answer that reading it could refute.
func FuzzEvaluate(f *testing.F) {
	f.Add([]byte(everyElement), []byte(everyElement), "arn:aws:iam::111122223333:role/a", "s3:GetObject", "arn:aws:s3:::b/k", "aws:username", "alice", uint8(0))
	f.Add([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`),
		[]byte(`{"Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*"}}`), "arn:aws:sts::111122223333:assumed-role/a/b", "kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1", "aws:SecureTransport", "true", uint8(1))
	f.Add([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"NotAction":"s3:*","NotResource":"arn:aws:s3:::${aws:username, 'x'}"}}`),
		[]byte(`{"Statement":[]}`), "anonymous", "sts:AssumeRole", "arn:aws:iam::111122223333:role/x", "", "", uint8(6))
	f.Fuzz(func(t *testing.T, identity, resource []byte, principal, action, arn, key, value string, flags uint8) {
		mine, _ := iam.ParseLenient(identity)
		theirs, _ := iam.ParseLenient(resource)
		r := &iam.Request{Principal: principal, Action: action, Resource: arn, Context: map[string][]string{key: {value}}, Closed: flags&1 != 0}
		l := &iam.Layers{Identity: []*iam.Policy{mine}, Resource: []*iam.Policy{theirs}}
		if flags&2 != 0 {
			l.Boundary = []*iam.Policy{theirs}
		}
		if flags&4 != 0 {
			l.SCP = [][]*iam.Policy{{mine}, {theirs}}
		}
		if flags&8 != 0 {
			l.PublicAccess = &iam.PublicAccessBlock{RestrictPublicBuckets: true}
		}
		before := iam.Evaluate(r, l)
		check(t, before)

		all := iam.Statement{Effect: iam.EffectDeny, Actions: []string{action}, Resources: []string{"*"}, Principals: &iam.Principals{Any: true}}
		denied := *l
		denied.Resource = append(slices.Clone(l.Resource), &iam.Policy{Version: "2012-10-17", Statements: []iam.Statement{all}})
		if after := iam.Evaluate(r, &denied); after.Outcome > before.Outcome && before.Outcome != iam.Unknown {
			t.Errorf("a Deny more: from %d to %d", before.Outcome, after.Outcome)
		}

		for i := range mine.Statements {
			if mine.Statements[i].Effect != iam.EffectAllow {
				continue
			}
			less := *mine
			less.Statements = slices.Delete(slices.Clone(mine.Statements), i, i+1)
			fewer := *l
			fewer.Identity = []*iam.Policy{&less}
			after := iam.Evaluate(r, &fewer)
			check(t, after)
			if after.Outcome > before.Outcome && before.Outcome != iam.Unknown {
				t.Errorf("an Allow less: from %d to %d", before.Outcome, after.Outcome)
			}
		}

		unread := *l
		unread.Unread = []string{iam.LayerIdentity, iam.LayerSCP}
		after := iam.Evaluate(r, &unread)
		check(t, after)
		if after.Outcome != iam.Unknown && after.Outcome != before.Outcome && before.Outcome == iam.Deny && before.Explicit {
			t.Errorf("an explicit Deny became %d when more was unread", after.Outcome)
		}
	})
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
