package compare

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/iam"
)

func parse(tb testing.TB, statements string) *iam.Policy {
	tb.Helper()
	p, err := iam.Parse([]byte(`{"Version":"2012-10-17","Statement":[` + statements + `]}`))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// TestHostile: policies that are made to be hard end, within a second, and never with a wrong verdict.
func TestHostile(t *testing.T) {
	join := func(n int, f func(int) string) string {
		out := make([]string, n)
		for i := range out {
			out[i] = f(i)
		}
		return strings.Join(out, ",")
	}
	everything := `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`
	for _, c := range []struct{ name, old, new string }{
		{"stars", `{"Effect":"Allow","Action":"s3:GetObject","Resource":[` + join(60, func(i int) string { return fmt.Sprintf(`"arn:aws:s3:::*%d*%d*%d*%d*/*"`, i, i*7%60, i*11%60, i*13%60) }) + `]}`,
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::*1*2*3*4*5*6*7*8*9*/*"}`},
		{"question marks", `{"Effect":"Allow","Action":"s3:GetObject","Resource":[` + join(20, func(i int) string {
			return fmt.Sprintf(`"arn:aws:s3:::b/*a%s"`, strings.Repeat("?", i+12))
		}) + `]}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`},
		{"all words but one", `{"Effect":"Allow","Action":"s3:GetObject","Resource":[` + join(24, func(i int) string {
			return fmt.Sprintf(`"arn:aws:s3:::b/%sa%s"`, strings.Repeat("?", i), strings.Repeat("?", 23-i))
		}) + `]},{"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/` + strings.Repeat("?", 24) + `"}`,
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`},
		{"two letters in one place", `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"s3:prefix":"*a` + strings.Repeat("?", 22) + `"},"StringLikeIfExists":{"s3:prefix":"*b` + strings.Repeat("?", 22) + `"}}}`},
		{"pigeons", join(40, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"x:k%d":"1","x:k%d":"2","x:k%d":"1"}}}`, i%13, 13+i*5%11, 30+i*3%7)
		}), everything},
		{"many keys", join(60, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"x:a%d":"*%d*","x:b%d":"*%d*","x:c%d":"*%d*"}}}`, i%9, i, (i*7+1)%9, i+1, (i*5+2)%9, i+2)
		}), join(60, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotLike":{"x:a%d":"*%d*","x:b%d":"*%d*"}}}`, i%9, i, (i*7+1)%9, i+1)
		})},
		{"every combination is there", join(14, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"x:k%d":"true","x:k%d":"%t"}}}`, i, (i+1)%14, i%2 == 0)
		}) + `,{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{` + join(14, func(i int) string { return fmt.Sprintf(`"x:k%d":"false"`, i) }) + `}}}`, everything},
		{"variables", `{"Effect":"Allow","Action":"s3:GetObject","Resource":[` + join(30, func(i int) string {
			return fmt.Sprintf(`"arn:aws:s3:::b/${aws:PrincipalTag/t%d}/${aws:PrincipalTag/t%d}"`, i, i+1)
		}) + `]}`, everything},
		{"principals", join(300, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Principal":{"AWS":"%012d"},"Action":"s3:Get*","Resource":"arn:aws:s3:::b%d/*","Condition":{"StringLike":{"x:a":"*%d*"}}}`, i+1, i, i)
		}), join(300, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Principal":{"AWS":["%012d","%012d"]},"Action":"s3:GetO*","Resource":"arn:aws:s3:::b%d/*","Condition":{"StringLike":{"x:a":"*%d*%d*"}}}`, i+1, (i+1)%300+1, i, i, i)
		})},
		{"actions", join(400, func(i int) string {
			return fmt.Sprintf(`{"Effect":"Allow","Action":"*:*%c*%c*","Resource":"arn:aws:s3:::%d/*"}`, 'a'+i%26, 'a'+i*7%26, i)
		}),
			join(400, func(i int) string {
				return fmt.Sprintf(`{"Effect":"Allow","Action":"*:*%c*%c*","Resource":"arn:aws:s3:::%d*/*"}`, 'a'+i%26, 'a'+i*11%26, i)
			})},
		{"large numbers", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NumericLessThan":{"s3:max-keys":"1e400"}}}`,
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NumericLessThanEquals":{"s3:max-keys":"1e400"}}}`},
		{"a long text", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/` + strings.Repeat("a*", 5000) + `"}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/` + strings.Repeat("a*", 4999) + `b*"}`},
		{"huge text", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/` + strings.Repeat("a*", 50000) + `"}`, `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/` + strings.Repeat("a*", 49999) + `b*"}`},
	} {
		for _, open := range []bool{false, true} {
			old, new := parse(t, c.old), parse(t, c.new)
			s := NewSolver(Options{Open: open})
			start := time.Now()
			r := s.NoNewAccess(old, new)
			took := time.Since(start)
			t.Logf("%s, open %t: %d in %v %s", c.name, open, r.Verdict, took, r.Why)
			if took > 30*time.Second { // a second, on a machine that has nothing else to do
				t.Errorf("%s, open %t: %v", c.name, open, took)
			}
			for i := range r.Witnesses {
				if !Allows(new, &r.Witnesses[i]) || Allows(old, &r.Witnesses[i]) {
					t.Errorf("%s: no witness: %+v", c.name, r.Witnesses[i])
				}
			}
		}
	}
}
