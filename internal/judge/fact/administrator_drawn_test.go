package fact_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/rules"
)

// drawn is a random account: users, groups, roles that trust each other, services and strangers, policies and boundaries.
func drawn(r *rand.Rand) *account {
	a := &account{}
	one := func(l ...string) string { return l[r.IntN(len(l))] }
	users, roles, groups := []string{"ana", "bo", "ci"}, []string{"one", "two", "three", "boss"}, []string{"ops", "devs"}
	target := func() string {
		return one("*", arn("user", one(users...)), arn("role", one(roles...)), arn("group", one(groups...)), arn("policy", one("p", "q")))
	}
	statement := func() object {
		actions := []string{"*", "iam:*", "iam:PutUserPolicy", "iam:CreateAccessKey", "iam:AttachRolePolicy", "iam:AddUserToGroup", "iam:CreatePolicyVersion", "iam:UpdateAssumeRolePolicy",
			"sts:AssumeRole", "sts:*", "s3:*", "s3:GetObject", "lambda:*", "iam:PassRole", "iam:Get*", "ec2:RunInstances", "iam:DeleteUserPermissionsBoundary"}
		list := []string{one(actions...), one(actions[2:]...)}
		var more []object
		if r.IntN(6) == 0 {
			more = append(more, when(one("Bool", "BoolIfExists"), "aws:MultiFactorAuthPresent", one("true", "false")))
		}
		switch r.IntN(10) {
		case 0:
			return deny(list[1:], target(), more...)
		case 1:
			return allow(nil, target(), append(more, object{"NotAction": list})...)
		}
		return allow(list, target(), more...)
	}
	some := func() (out []object) {
		for range r.IntN(3) {
			out = append(out, statement())
		}
		return out
	}
	managed := func() (out []string) {
		for _, p := range []string{admin, arn("policy", "p"), arn("policy", "q")} {
			if r.IntN(7) == 0 {
				out = append(out, p)
			}
		}
		return out
	}
	a.policy("p", statement())
	a.policy("q", statement(), statement())
	for _, g := range groups {
		a.group(g, managed(), some()...)
	}
	for _, u := range users {
		x := a.user(u, some()...)
		with(x, has(managed()...))
		if r.IntN(2) == 0 {
			with(x, in(one(groups...)))
		}
		if r.IntN(4) == 0 {
			with(x, within(arn("policy", one("p", "q"))))
		}
		a.signsIn(u, r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(2) == 0)
	}
	for _, name := range roles {
		trust := [][]object{here, service(one("ec2", "lambda", "cloudformation")), {allow("sts:AssumeRole", nil, to("AWS", arn("user", one(users...))))}, {allow("sts:AssumeRole", nil, to("AWS", arn("role", one(roles...))))},
			{allow("sts:AssumeRole", nil, root(ours), mfa)}, {allow("sts:AssumeRole", nil, root(theirs))}, githubTrust("repo:acme/web:*")}
		a.role(name, trust[r.IntN(len(trust))], managed(), some()...)
	}
	if r.IntN(2) == 0 {
		a.thing("AWS::Lambda::Function", "arn:aws:lambda:eu-west-1:"+ours+":function:job", object{"FunctionName": "job", "Role": arn("role", one(roles...))})
	}
	if r.IntN(3) == 0 {
		a.sso("Admin", managed(), "USER:cy", "GROUP:leads")
		a.person("cy")
		a.team("leads", "cy")
	}
	if r.IntN(3) == 0 {
		a.role("aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport", service("support"), nil, allow("*", "*"))
	}
	return a
}

// On random accounts: whoever reaches administration of the account in the table is told, and nobody else; and an edge that is told takes it away.
func TestDrawnAdministering(t *testing.T) {
	found, cut, none := 0, 0, 0
	for seed := range uint64(150) {
		a := drawn(rand.New(rand.NewPCG(seed, 11)))
		c := a.asked(t)
		as := fact.Administering(c)
		got := map[string]bool{}
		for i := range as.List {
			x := &as.List[i]
			for _, h := range x.Holds {
				got[h.Principal] = true
			}
			if found++; holdsEdge(t, fmt.Sprint("seed ", seed), a, as, x) {
				cut++
			} else {
				none++
			}
		}
		for _, role := range as.Vacant {
			if got[role] {
				t.Errorf("seed %d: %s is vacant, and somebody's", seed, role)
			}
			got[role] = true
		}
		want := map[string]bool{}
		for _, w := range c.Access.Who(c.Access.Account, access.Admin) {
			if !strings.HasSuffix(w.Principal, ":"+ours+":root") && !strings.Contains(w.Principal, "aws-service-role") {
				want[w.Principal] = true
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("seed %d: told %v, the table has %v", seed, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
		}
	}
	t.Logf("%d administrators, %d with an edge, %d without", found, cut, none)
	if cut < 100 || none < 20 {
		t.Errorf("the accounts say too little: %d edges, %d without", cut, none)
	}
}

// The rules that stand on this say something of every random account, with a target where they fail.
func TestDrawnRules(t *testing.T) {
	outcomes := map[string]map[check.Outcome]int{}
	for seed := range uint64(80) {
		a := drawn(rand.New(rand.NewPCG(seed, 5)))
		as, err := assess.Of(a.input(t))
		if err != nil {
			t.Fatal(err)
		}
		var of []check.Rule
		for _, r := range rules.All() {
			if p := r.ID[:3]; p == "ADM" || p == "MFA" || p == "GRP" {
				of = append(of, r)
				if outcomes[r.ID] == nil {
					outcomes[r.ID] = map[check.Outcome]int{}
				}
			}
		}
		c := as.Case()
		people, perhaps, many := fact.Administering(c).Persons()
		for _, x := range check.Run(of, c) {
			outcomes[x.Rule][x.Outcome]++
			if x.Says == "" || x.Target == "" || x.Outcome == check.Fail && x.Risk == 0 {
				t.Errorf("seed %d: %+v", seed, x)
			}
			if x.Rule == "ADM-01" && (x.Outcome == check.Fail) != (len(people) > 2 || len(people)+len(perhaps)+len(many) == 0) {
				t.Errorf("seed %d: %s with %d people: %s", seed, x.Outcome, len(people), x.Says)
			}
		}
	}
	for _, id := range []string{"ADM-01", "ADM-03", "ADM-04", "ADM-05", "MFA-01"} {
		if outcomes[id][check.Fail] == 0 || outcomes[id][check.Pass] == 0 {
			t.Errorf("%s: %v: the accounts say too little", id, outcomes[id])
		}
	}
}
