package access

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

// invoked looks for what invokes a function for others. A service needs leave of the function's policy; where that does not say for
// whose resources, anybody's account may use the service to invoke it ("AWS global condition context keys",
// aws:SourceArn, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
func (f *frontage) invoked(e *Entry, fn *snapshot.Resource) {
	if e.Kind == PrivateHost || e.Unknown {
		f.surely(e, fn)
	}
	for _, service := range []string{"apigateway.amazonaws.com", "elasticloadbalancing.amazonaws.com", "cloudfront.amazonaws.com"} {
		if e.Kind != PrivateHost {
			return
		}
		unread := f.gaps[service] != "" || strings.HasPrefix(service, "elasticloadbalancing") && len(f.loose) > 0
		if d := f.lets(service, fn); d.Outcome != iam.Deny && (unread || !f.ours(d.Residual)) {
			e.Kind, e.Unknown, e.Says = WebHost, true, "the function "+fn.Name+", invoked by "+service+"; for whom was not read"
		}
	}
}

// lets is what a function's policy says of a service.
func (f *frontage) lets(service string, fn *snapshot.Resource) iam.Decision {
	action := "lambda:InvokeFunction"
	if strings.HasPrefix(service, "cloudfront") {
		action = "lambda:InvokeFunctionUrl"
		if _, ok := f.snap.Get(fn.Key + ":url"); !ok {
			return iam.Decision{Outcome: iam.Deny}
		}
	}
	return f.explain(decide.Query{Principal: service, Action: action, On: fn.Key})
}

// surely takes the first front that is known, and that the function's policy lets in; failing that, one that is not.
func (f *frontage) surely(e *Entry, fn *snapshot.Resource) {
	for _, x := range f.behind[string(fn.Key)] {
		d := iam.Allow
		if x.by != "" {
			d = f.lets(x.by, fn).Outcome
		}
		switch {
		case d == iam.Deny:
		case !x.unknown && d != iam.Unknown:
			e.Kind, e.Unknown, e.Says = WebHost, false, "the function "+fn.Name+", "+x.says
			return
		case e.Kind == PrivateHost:
			e.Kind, e.Unknown, e.Says = WebHost, true, "the function "+fn.Name+", "+x.says
		}
	}
}

// ours tells whether conditions bind a service to resources of this account.
func (f *frontage) ours(open []iam.Condition) bool {
	return slices.ContainsFunc(open, func(c iam.Condition) bool {
		key := strings.ToLower(c.Key)
		return !c.Negated && (key == "aws:sourcearn" || key == "aws:sourceaccount") && !slices.ContainsFunc(c.Values, func(v string) bool {
			if arn, ok := iam.SplitARN(v); ok {
				return arn.Account != f.snap.Account
			}
			return v != f.snap.Account
		})
	})
}
