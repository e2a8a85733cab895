package access

import (
	"slices"
	"testing"
)

// Who administers the account only under a condition has detours to tell of where they do without it, and no others.
func TestBesideAdministration(t *testing.T) {
	mfa := func(exempt ...any) object {
		s := forbid("*", "*", object{"Condition": object{"BoolIfExists": object{"aws:MultiFactorAuthPresent": "false"}}})
		if len(exempt) > 0 {
			delete(s, "Action")
			s["NotAction"] = exempt
		}
		return s
	}
	for name, c := range map[string]struct {
		ann  []object
		more func(*sample)
		want []string // the routes by which ann becomes bob
	}{
		"always":                     {[]object{permit("*", "*")}, nil, nil},
		"with MFA":                   {[]object{permit("*", "*"), mfa()}, nil, nil},
		"with MFA, but for new keys": {[]object{permit("*", "*"), mfa("iam:CreateAccessKey")}, nil, []string{"iam-create-access-key"}},
		"with MFA, new keys if the agent says so": {[]object{permit("*", "*"), mfa("iam:CreateAccessKey"), forbid("iam:CreateAccessKey", "*", on("StringNotEquals", "aws:UserAgent", "cli"))},
			nil, []string{"iam-create-access-key"}},
		"perhaps": {[]object{permit("*", "*")}, func(a *sample) {
			a.resources[0].Unknown = []string{"ManagedPolicyArns"} // something may be denied
		}, []string{"iam-create-access-key"}},
		"no administrator": {[]object{permit("iam:CreateAccessKey", "*"), mfa()}, nil, []string{"iam-create-access-key"}},
	} {
		a := newSample(t)
		a.user("ann", c.ann...)
		a.user("bob")
		if c.more != nil {
			c.more(a)
		}
		var got []string
		for _, e := range a.table().into[node{iamARN("user", "bob"), None}] {
			if e.from.id == iamARN("user", "ann") {
				got = append(got, e.by)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: ann becomes bob by %q, want %q", name, got, c.want)
		}
	}
}
