// Package pub05 wants the URLs of functions to ask who calls.
package pub05

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is PUB-05.
var Rule = check.Rule{
	ID:    "PUB-05",
	Title: "No function can be called by everybody over its URL, unless meant",
	Why: "A URL without sign-in runs code in the account for whoever has its address, as often as he likes, with the role of the function. It " +
		"is open when its sign-in type is NONE and the function's policy lets everybody call it; without such a policy nobody gets in.",
	Fix: "aws lambda update-function-url-config --function-name NAME --auth-type AWS_IAM, or put CloudFront before it. One that is meant for " +
		"everybody: say so in footing.yaml, with an entry point that leads to it, a use case, or the class public.",
	Read: 4, Write: 4, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP07", "ssb:WKLD.13"},
	Sources: []string{
		"https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
		"https://docs.aws.amazon.com/lambda/latest/api/API_FunctionUrlConfig.html",
	},
	Needs:    needs,
	Judge:    judge,
	Examples: examples,
}

var needs = []string{"AWS::Lambda::Url", "AWS::Lambda::Function"}

func judge(c check.Case) []check.Result {
	out := c.Blind(needs...)
	urls := c.Snapshot.OfType("AWS::Lambda::Url")
	var meant []string
	for _, u := range urls {
		v, says := of(c, u)
		switch {
		case v.Outcome == check.Pass && says != "":
			meant = append(meant, says)
		case v.Outcome != check.Pass:
			out = append(out, v)
		}
	}
	switch {
	case len(out) > 0:
		return out
	case len(urls) == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no function has a URL"}}
	case len(meant) > 0:
		return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "of the URLs of functions only those are open that are meant to be: " + strings.Join(meant, ", ")}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "no URL of a function is open to everybody, of " + check.Count(len(urls), "URL", "URLs")}}
}

// of judges one URL. says is why it is open by intention.
func of(c check.Case, u *snapshot.Resource) (v check.Result, says string) {
	target := u.Text("TargetFunctionArn")
	v = check.Result{Target: u.Key}
	fn, ok := c.Snapshot.Get(snapshot.Key(target))
	name := fact.Name(c, snapshot.Key(target))
	auth, st := u.Property("AuthType")
	switch {
	case st != snapshot.Known:
		v.Says = "how the URL of " + name + " asks who calls was not read"
		return v, ""
	case !ok:
		function, alias := qualified(c, target)
		if function == nil {
			v.Says = "the function " + name + " behind a URL was not read"
			return v, ""
		}
		if auth != "NONE" {
			v.Outcome = check.Pass
			return v, ""
		}
		if why := fact.Declared(c, function.Key, access.Read); why != "" {
			v.Outcome = check.Pass
			return v, function.Name + " " + why
		}
		v.Says = fmt.Sprintf("the URL of the alias %s of %s asks nobody who he is; whom the alias's own policy lets in was not read", alias, function.Name)
		return v, ""
	}
	who, perhaps := callers(c, fn, u, auth.(string))
	if who == "" {
		v.Outcome = check.Pass
		return v, ""
	}
	if why := fact.Declared(c, fn.Key, access.Read); why != "" {
		v.Outcome = check.Pass
		return v, fn.Name + " " + why
	}
	v.Says = fmt.Sprintf("%s may call %s over its URL", who, fn.Name)
	if perhaps != "" {
		v.Says = fmt.Sprintf("%s may be able to call %s over its URL: %s", who, fn.Name, perhaps)
		return v, ""
	}
	v.Outcome = check.Fail
	return v, ""
}

// qualified is the function of an alias's ARN, and the alias.
func qualified(c check.Case, arn string) (*snapshot.Resource, string) {
	i := strings.LastIndexByte(arn, ':')
	if i < 0 {
		return nil, ""
	}
	fn, ok := c.Snapshot.Get(snapshot.Key(arn[:i]))
	if !ok {
		return nil, ""
	}
	return fn, arn[i+1:]
}

// both is the month from whose end a new URL needs leave to invoke the function as well. Accounts that had a URL in the Region by then were let off for
// all of theirs, until the day last.
// "Control access to Lambda function URLs", https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
var (
	both = time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC)
	last = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
)

// callers tells who of everybody may call over a URL; perhaps is why that is not sure.
func callers(c check.Case, fn, u *snapshot.Resource, auth string) (who, perhaps string) {
	whom, sure := everybody(c, fn, "lambda:InvokeFunctionUrl", auth)
	if whom == "" {
		return "", ""
	}
	if !sure {
		return whom, "its policy was not read"
	}
	if also, sure := everybody(c, fn, "lambda:InvokeFunction", auth); also == "" {
		if made, err := time.Parse(time.RFC3339, u.Text("CreationTime")); err == nil && made.After(both) && c.Snapshot.Taken.After(last) {
			return "", ""
		}
		return whom, "its policy lets them use the URL and not invoke the function, which some accounts with URLs from before October 2025 accept"
	} else if !sure {
		return whom, "its policy was not read"
	}
	return whom, ""
}

// everybody names who of everybody is allowed an action over a URL with that kind of sign-in. Without sign-in nobody is known; with it whoever has
// an account is.
func everybody(c check.Case, fn *snapshot.Resource, action, auth string) (string, bool) {
	for _, a := range c.Access.WhoAction(action, fn.Key) {
		who := map[string]string{"anonymous": "anyone", access.AnyAccount: "anyone with an AWS account"}[a.Principal]
		if who == "" || auth == "NONE" && a.Principal != "anonymous" || !a.Direct || fact.Bound(fn, &a.Path, func(list []iam.Condition) bool { return otherwise(list, auth) }) {
			continue
		}
		if auth != "NONE" {
			who = "anyone with an AWS account"
		}
		return who, a.Path.Outcome != iam.Unknown
	}
	return "", true
}

// otherwise tells that a policy is about another kind of URL, or about calls that do not come over one.
func otherwise(conditions []iam.Condition, auth string) bool {
	return slices.ContainsFunc(conditions, func(c iam.Condition) bool {
		switch strings.ToLower(c.Key) {
		case "lambda:functionurlauthtype":
			return slices.Contains(c.Values, auth) == c.Negated
		case "lambda:invokedviafunctionurl":
			return slices.Contains(c.Values, "true") == c.Negated
		}
		return false
	})
}
