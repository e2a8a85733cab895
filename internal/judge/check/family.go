package check

import (
	"cmp"
	"slices"
	"strings"
)

// families are the first parts of ids, in the order in which their rules are told where the risk does not decide: who may do everything, how people
// sign in and what they are given; what else has rights; what is open; what runs and lies there; what is seen of it; how it is run.
var families = []struct{ id, name string }{
	{"ADM", "Administrators"}, {"ROOT", "Root"}, {"MFA", "Sign-in"}, {"GRP", "Groups"},
	{"IDP", "Identity providers"}, {"KEY", "Keys"}, {"PWD", "Passwords"}, {"USR", "Users and roles"}, {"LP", "Permissions"}, {"GRD", "Guardrails"}, {"IAM", "IAM, the rest"},
	{"PUB", "What is public"}, {"NET", "Networks"}, {"VM", "Machines and code"}, {"DAT", "Data"}, {"LOG", "Logs"}, {"DET", "Detection"}, {"ACCT", "The account"}, {"GOV", "How it is run"},
}

// Family is the name of the family of a rule, and its place among them.
func Family(id string) (name string, place int) {
	first, _, _ := strings.Cut(id, "-")
	if i := slices.IndexFunc(families, func(f struct{ id, name string }) bool { return f.id == first }); i >= 0 {
		return families[i].name, i
	}
	return first, len(families)
}

// Compare orders ids of rules: by their families, then by themselves.
func Compare(a, b string) int {
	_, x := Family(a)
	_, y := Family(b)
	return cmp.Or(x-y, strings.Compare(a, b))
}
