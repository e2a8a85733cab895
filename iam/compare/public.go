package compare

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
)

// familiar are literals that hold for requests of those whom a policy knows: by the value of a key that says who or from where. The others are
// strangers. An account in an ARN makes it known whatever the rest is, an organisation in a path likewise.
//
// The keys are those that Amazon S3 trusts, and newer ones of the same sort: "The meaning of public",
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func (s *Solver) familiar(p *iam.Policy) []lit {
	known := map[string]*iam.Condition{}
	var order []string
	note := func(operator, key, value string) {
		name := operator + "\n" + strings.ToLower(key)
		c, ok := known[name]
		if !ok {
			c = &iam.Condition{Operator: operator, Key: key}
			known[name] = c
			order = append(order, name)
		}
		if !slices.Contains(c.Values, value) {
			c.Values = append(c.Values, value)
		}
	}
	for i := range p.Statements {
		for _, c := range p.Statements[i].Conditions {
			op, ok := iam.ParseOperator(c.Operator)
			if !ok {
				continue
			}
			for _, v := range c.Values {
				acquainted(op, c.Key, v, note)
			}
		}
	}
	slices.Sort(order)
	var out []lit
	for _, name := range order {
		if a, ok := s.condition(known[name], false); ok {
			out = append(out, lit{a, true})
		}
	}
	return out
}

func acquainted(op iam.Operator, key, v string, note func(operator, key, value string)) {
	patterned := op.Kind == iam.KindLike || op.Kind == iam.KindARN
	if strings.Contains(v, "${") {
		return
	}
	switch strings.ToLower(key) {
	case "aws:sourceip", "aws:vpcsourceip":
		if op.Kind == iam.KindIP && narrow(v) {
			note("ForAnyValue:IpAddress", key, v)
		}
		return
	case "aws:sourcearn", "aws:principalarn", "s3:dataaccesspointarn":
		arn, ok := iam.SplitARN(v)
		if ok && !strings.ContainsAny(arn.Account, "*?") && arn.Account != "" {
			note("ForAnyValue:ArnLike", key, "arn:*:*:*:"+arn.Account+":*")
			return
		}
	case "aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths":
		if org, _, ok := strings.Cut(v, "/"); ok && !strings.ContainsAny(org, "*?") {
			note("ForAnyValue:StringLike", key, org+"/*")
			return
		}
	case "aws:userid":
		if id, _, ok := strings.Cut(v, ":"); ok && !strings.ContainsAny(id, "*?") {
			note("ForAnyValue:StringLike", key, id+":*")
			return
		}
	case "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount", "aws:principalorgid", "aws:principalaccount",
		"aws:principalservicename", "aws:sourceorgid", "aws:vpceaccount", "aws:vpceorgid", "aws:vpcarn", "s3:dataaccesspointaccount",
		"kms:calleraccount", "s3:x-amz-server-side-encryption-aws-kms-key-id":
	default:
		return
	}
	switch {
	case op.Kind > iam.KindLike && op.Kind != iam.KindARN:
	case patterned && strings.ContainsAny(v, "*?"):
	case op.Kind == iam.KindStringFold:
		note("ForAnyValue:StringEqualsIgnoreCase", key, v)
	default:
		note("ForAnyValue:StringEquals", key, v)
	}
}

// narrow says whether an address range is too small to be everybody's.
func narrow(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil:
		return false
	case p.Addr().Unmap().Is4():
		return p.Bits() >= 8
	}
	return p.Bits() >= 32
}
