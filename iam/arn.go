package iam

import "strings"

// ARN is an Amazon Resource Name in its parts: arn:Partition:Service:Region:Account:Resource. Resource may contain further colons.
type ARN struct {
	Partition, Service, Region, Account, Resource string
}

// SplitARN cuts an ARN at its first five colons. It reports false when s does not begin with "arn:" or has fewer parts.
func SplitARN(s string) (ARN, bool) {
	if !strings.HasPrefix(s, "arn:") {
		return ARN{}, false
	}
	var parts [4]string
	rest := s[len("arn:"):]
	for i := range 4 {
		var more bool
		if parts[i], rest, more = strings.Cut(rest, ":"); !more {
			return ARN{}, false
		}
	}
	return ARN{parts[0], parts[1], parts[2], parts[3], rest}, true
}

// String puts the parts together again.
func (a ARN) String() string {
	return "arn:" + a.Partition + ":" + a.Service + ":" + a.Region + ":" + a.Account + ":" + a.Resource
}

func isAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// isUniqueID recognises ids such as AIDA… and AROA…, which a policy shows instead of an ARN once the principal is gone.
//
// "AWS JSON policy elements: Principal",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func isUniqueID(s string) bool {
	if len(s) < 16 || len(s) > 128 || s[0] != 'A' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
