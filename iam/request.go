package iam

import (
	"fmt"
	"strings"
)

// Check says what makes r no question that can be decided: a principal of no known form, an action that is not "service:Name", or no
// resource. Evaluate answers such a request too, with what little it matches.
func (r *Request) Check() error {
	switch service, name, found := strings.Cut(r.Action, ":"); {
	case r.Principal == "":
		return fmt.Errorf("the principal is missing")
	case parseCaller(r.Principal).kind == otherPrincipal:
		return fmt.Errorf("%q is no principal: expected an ARN, a service name or anonymous", r.Principal)
	case r.Action == "":
		return fmt.Errorf("the action is missing")
	case !found || service == "" || name == "" || strings.ContainsAny(r.Action, "*? ") || strings.Contains(name, ":"):
		return fmt.Errorf("%q is no action: expected one such as s3:GetObject", r.Action)
	case r.Resource == "":
		return fmt.Errorf("the resource is missing")
	case r.ResourceAccount != "" && !isAccountID(r.ResourceAccount):
		return fmt.Errorf("%q is no account: expected twelve digits", r.ResourceAccount)
	}
	return nil
}

// Account is the account of a principal: twelve digits, or empty for a service, a provider, a canonical id and anonymous.
func Account(principal string) string { return parseCaller(principal).account }
