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
func (t *frontage) invoked(e *Entry, f *snapshot.Resource) {
	if e.Kind == PrivateHost || e.Unknown {
		t.surely(e, f)
	}
	for _, service := range []string{"apigateway.amazonaws.com", "elasticloadbalancing.amazonaws.com", "cloudfront.amazonaws.com"} {
		if e.Kind != PrivateHost {
			return
		}
		unread := t.gaps[service] != "" || strings.HasPrefix(service, "elasticloadbalancing") && len(t.loose) > 0
		if d := t.lets(service, f); d.Outcome != iam.Deny && (unread || !t.ours(d.Residual)) {
			e.Kind, e.Unknown, e.Says = WebHost, true, "the function "+f.Name+", invoked by "+service+"; for whom was not read"
		}
	}
}

// lets is what a function's policy says of a service.
func (t *frontage) lets(service string, f *snapshot.Resource) iam.Decision {
	action := "lambda:InvokeFunction"
	if strings.HasPrefix(service, "cloudfront") {
		action = "lambda:InvokeFunctionUrl"
		if _, ok := t.snap.Get(f.Key + ":url"); !ok {
			return iam.Decision{Outcome: iam.Deny}
		}
	}
	return t.explain(decide.Query{Principal: service, Action: action, On: f.Key})
}

// surely takes the first front that is known, and that the function's policy lets in; failing that, one that is not.
func (t *frontage) surely(e *Entry, f *snapshot.Resource) {
	for _, x := range t.behind[string(f.Key)] {
		d := iam.Allow
		if x.by != "" {
			d = t.lets(x.by, f).Outcome
		}
		switch {
		case d == iam.Deny:
		case !x.unknown && d != iam.Unknown:
			e.Kind, e.Unknown, e.Says = WebHost, false, "the function "+f.Name+", "+x.says
			return
		case e.Kind == PrivateHost:
			e.Kind, e.Unknown, e.Says = WebHost, true, "the function "+f.Name+", "+x.says
		}
	}
}

// ours tells whether conditions bind a service to resources of this account.
func (t *frontage) ours(open []iam.Condition) bool {
	return slices.ContainsFunc(open, func(c iam.Condition) bool {
		key := strings.ToLower(c.Key)
		return !c.Negated && (key == "aws:sourcearn" || key == "aws:sourceaccount") && !slices.ContainsFunc(c.Values, func(v string) bool {
			if arn, ok := iam.SplitARN(v); ok {
				return arn.Account != t.snap.Account
			}
			return v != t.snap.Account
		})
	})
}
