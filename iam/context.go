package iam

import (
	"sort"
	"strings"
)

// query is one request with what follows from it.
type query struct {
	*Request
	caller
	resource   ARN
	isARN      bool
	owner      string // account of the resource; empty when nothing says
	hasBound   bool   // the caller has a permissions boundary
	actionName string // without its service, as written
	service    string // of the action, lower case
	dropped    bool   // a value of the last condition has a variable without a value
	void       bool   // the last pattern or condition failed for want of a variable's value
	voids      []Ref  // Denies that failed for nothing else
}

func newQuery(r *Request, in *Layers) *query {
	q := &query{Request: r, caller: parseCaller(r.Principal), hasBound: in.Boundary != nil}
	q.resource, q.isARN = SplitARN(r.Resource)
	q.owner = r.ResourceAccount
	if q.owner == "" && isAccountID(q.resource.Account) {
		q.owner = q.resource.Account
	}
	service, name, _ := strings.Cut(r.Action, ":")
	q.service, q.actionName = strings.ToLower(service), name
	return q
}

// sameAccount takes a resource whose owner nothing says to belong to the caller.
func (q *query) sameAccount() bool {
	return q.inAccount() && (q.owner == "" || q.owner == q.account)
}

// keyState says what is known of a condition key.
type keyState uint8

const (
	keyOpen    keyState = iota // may be missing or have any value
	keyPresent                 // exists, with an unknown value
	keyAbsent
	keyKnown
)

// key looks a condition key up. Names of keys, and of tags within them, do not depend on case.
func (q *query) key(name string) ([]string, keyState) {
	if values, ok := lookup(q.Context, name); ok {
		if len(values) == 0 {
			return nil, keyAbsent
		}
		return values, keyKnown
	}
	if containsFold(q.Absent, name) {
		return nil, keyAbsent
	}
	if containsFold(q.Present, name) {
		return nil, keyPresent
	}
	if prefix, tag, ok := strings.Cut(name, "/"); ok && q.ResourceTags != nil {
		service, kind, _ := strings.Cut(prefix, ":")
		if strings.EqualFold(kind, "ResourceTag") && (strings.EqualFold(service, "aws") || !q.Closed && strings.EqualFold(service, q.service)) {
			return q.tag(tag)
		}
	}
	if q.Closed {
		return nil, keyAbsent
	}
	return q.derived(strings.ToLower(name))
}

// lookup prefers the exact name; of several spellings the first in order counts.
func lookup(context map[string][]string, name string) ([]string, bool) {
	if values, ok := context[name]; ok {
		return values, true
	}
	best, found := "", false
	for k := range context {
		if strings.EqualFold(k, name) && (!found || k < best) {
			best, found = k, true
		}
	}
	return context[best], found
}

func (q *query) tag(name string) ([]string, keyState) {
	if v, ok := q.ResourceTags[name]; ok {
		return []string{v}, keyKnown
	}
	var same []string
	for k := range q.ResourceTags {
		if strings.EqualFold(k, name) {
			same = append(same, k)
		}
	}
	if len(same) == 0 {
		return nil, keyAbsent
	}
	sort.Strings(same)
	return []string{q.ResourceTags[same[0]]}, keyKnown
}

// derived fills in keys that follow from the request. Whatever is not certain stays open.
//
// "AWS global condition context keys",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (q *query) derived(name string) ([]string, keyState) {
	known := func(s string) ([]string, keyState) { return []string{s}, keyKnown }
	switch name {
	case "aws:principalarn":
		switch {
		case q.isRole(): // a session shows the ARN of its role
			if arn, ok := q.roleARN(); ok {
				return known(arn)
			}
			return nil, keyPresent
		case q.inAccount():
			return known(q.text)
		case q.kind == otherPrincipal || q.kind == canonicalPrincipal:
			return nil, keyOpen
		}
		return nil, keyAbsent
	case "aws:principalaccount":
		switch {
		case q.inAccount():
			return known(q.account)
		case q.kind == anonymousPrincipal:
			return known("anonymous")
		}
		return nil, keyOpen
	case "aws:principaltype":
		switch q.kind {
		case userPrincipal:
			return known("User")
		case rolePrincipal, sessionPrincipal:
			return known("AssumedRole")
		case federatedUser:
			return known("FederatedUser")
		case rootPrincipal:
			return known("Account")
		case anonymousPrincipal:
			return known("Anonymous")
		}
		return nil, keyOpen
	case "aws:username":
		switch q.kind {
		case userPrincipal:
			return known(q.text[strings.LastIndexByte(q.text, '/')+1:])
		case otherPrincipal:
			return nil, keyOpen
		}
		return nil, keyAbsent
	case "aws:userid":
		switch q.kind {
		case rootPrincipal:
			return known(q.account)
		case anonymousPrincipal:
			return known("anonymous")
		case federatedUser:
			_, name, _ := strings.Cut(q.text, "/")
			return known(q.account + ":" + name)
		case userPrincipal, rolePrincipal, sessionPrincipal:
			return nil, keyPresent // begins with an id that the ARN does not say
		}
		return nil, keyOpen
	case "aws:principalisawsservice":
		switch {
		case q.kind == servicePrincipal:
			return known("true")
		case q.inAccount():
			return known("false")
		case q.kind == anonymousPrincipal || q.kind == providerPrincipal: // unsigned requests do not carry it
			return nil, keyAbsent
		}
		return nil, keyOpen
	case "aws:principalservicename":
		switch q.kind {
		case servicePrincipal:
			return known(q.text)
		case otherPrincipal:
			return nil, keyOpen
		}
		return nil, keyAbsent
	case "aws:principalservicenameslist":
		switch q.kind {
		case servicePrincipal:
			return nil, keyPresent
		case otherPrincipal:
			return nil, keyOpen
		}
		return nil, keyAbsent
	case "aws:principalorgid", "aws:principalorgpaths":
		if q.kind == servicePrincipal || q.kind == anonymousPrincipal || q.kind == providerPrincipal {
			return nil, keyAbsent
		}
	case "aws:resourceaccount", "s3:resourceaccount":
		if q.owner != "" {
			return known(q.owner)
		}
	case "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths":
		// They say for whom a service calls, so only calls of a service itself carry them.
		if q.inAccount() || q.kind == anonymousPrincipal || q.kind == providerPrincipal {
			return nil, keyAbsent
		}
	case "kms:calleraccount":
		switch {
		case q.inAccount():
			return known(q.account)
		case q.kind == anonymousPrincipal: // KMS takes no unsigned requests
			return nil, keyAbsent
		}
	}
	if strings.HasPrefix(name, "aws:principaltag/") && (q.kind == servicePrincipal || q.kind == anonymousPrincipal) {
		return nil, keyAbsent
	}
	return nil, keyOpen
}
