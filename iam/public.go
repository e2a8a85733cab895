package iam

import (
	"net/netip"
	"strings"
)

// publicAccessBlocked says whether RestrictPublicBuckets takes the bucket policy's grants away from the caller. It does so from
// everybody outside the bucket's account, AWS services excepted, as soon as the policy is public, also from accounts that the policy
// names.
//
// "Blocking public access to your Amazon S3 storage",
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func (q *query) publicAccessBlocked(in *Layers, a assume) bool {
	if q.service != "s3" || q.kind == servicePrincipal || q.sameAccount() {
		return false
	}
	restricted := in.PublicAccess != nil && in.PublicAccess.RestrictPublicBuckets
	if contains(in.Unread, LayerPublicAccess) {
		switch a {
		case atBest:
			restricted = false
		case atWorst:
			restricted = true
		}
	}
	if !restricted {
		return false
	}
	for _, p := range in.Resource {
		if p != nil && (IsPublic(p) || a == atWorst && len(p.Unparsed) > 0) {
			return true
		}
	}
	return false
}

// IsPublic says whether Amazon S3 takes a bucket or access point policy for public: some Allow reaches everybody, and no condition
// ties it to a fixed value of a key that S3 trusts. A fixed value has no wildcard and no policy variable.
//
// "The meaning of public",
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func IsPublic(p *Policy) bool {
	for i := range p.Statements {
		st := &p.Statements[i]
		if st.Effect != EffectAllow || st.Actions == nil && st.NotActions == nil {
			continue
		}
		everybody := st.NotPrincipal != nil || st.Principals != nil && st.Principals.Any
		if everybody && !tied(st.Conditions) {
			return true
		}
	}
	return false
}

func tied(conditions []Condition) bool {
	for i := range conditions {
		c := &conditions[i]
		op, ok := parseOperator(c.Operator)
		if !ok || op.negated || op.ifExists || op.set == forAll || len(c.Values) == 0 {
			continue
		}
		all := true
		for _, v := range c.Values {
			all = all && fixed(op, strings.ToLower(c.Key), v)
		}
		if all {
			return true
		}
	}
	return false
}

func fixed(op operator, key, value string) bool {
	switch key {
	case "aws:sourceip":
		return op.base == opIP && narrow(value)
	case "s3:dataaccesspointarn": // the name of the access point may be a wildcard, its account may not
		arn, ok := SplitARN(value)
		return ok && isAccountID(arn.Account) && !strings.ContainsAny(arn.Partition+arn.Service+arn.Region, "*?$")
	case "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount", "aws:userid",
		"aws:principalorgid", "aws:principalorgpaths", "aws:principalarn", "aws:principalaccount", "aws:principalservicename",
		"s3:dataaccesspointaccount", "s3:x-amz-server-side-encryption-aws-kms-key-id":
	default:
		return false
	}
	switch op.base {
	case opString, opStringFold:
		return !strings.Contains(value, "${")
	case opLike, opARN:
		return !strings.Contains(value, "${") && !strings.ContainsAny(value, "*?")
	}
	return false
}

// narrow says whether an address range is small enough not to count as everybody: at least /8 for IPv4 and /32 for IPv6.
func narrow(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	prefix, err := netip.ParsePrefix(s)
	if err != nil {
		return false
	}
	if prefix.Addr().Unmap().Is4() {
		return prefix.Bits() >= 8
	}
	return prefix.Bits() >= 32
}
