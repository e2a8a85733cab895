package shape

import "strings"

// ARN is an Amazon Resource Name in its parts
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
type ARN struct{ Partition, Service, Region, Account, Resource string }

// ParseARN splits an ARN; false when it is none.
func ParseARN(s string) (ARN, bool) {
	p := strings.SplitN(s, ":", 6)
	if len(p) < 6 || p[0] != "arn" || p[1] == "" || p[2] == "" || p[5] == "" {
		return ARN{}, false
	}
	return ARN{p[1], p[2], p[3], p[4], p[5]}, true
}

// IsAccountID tells whether a string has the form of an account id: twelve digits.
func IsAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
