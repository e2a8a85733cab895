package account

// condition gives nine of ten statements one more condition, and some of them two. Some can be decided from what an account says of
// itself, some depend on the caller's tags, some on the resource's, some on both, and some stay open until the request is made.
func (m *maker) condition(s *statement) {
	if !m.chance(90) {
		return
	}
	for range 1 + m.IntN(2) {
		f := families[m.IntN(len(families))]
		operator, key, value := f(m)
		if s.Condition == nil {
			s.Condition = conditions{}
		}
		if s.Condition[operator] == nil {
			s.Condition[operator] = map[string]any{}
		}
		if s.Condition[operator][key] == nil {
			s.Condition[operator][key] = value
		}
	}
}

// families draws conditions, at least one of each family of operators.
var families = []func(m *maker) (operator, key string, value any){
	func(m *maker) (string, string, any) { return "StringEquals", "aws:PrincipalTag/team", m.some(m.teams) },
	func(m *maker) (string, string, any) {
		return "StringEquals", "aws:ResourceTag/team", "${aws:PrincipalTag/team, 'nobody'}"
	},
	func(m *maker) (string, string, any) {
		return "StringEqualsIfExists", "aws:RequestedRegion", []string{region, "us-east-1"}
	},
	func(m *maker) (string, string, any) {
		return "StringNotEquals", "aws:ResourceTag/stage", pick(m, stages)
	},
	func(m *maker) (string, string, any) {
		return "StringNotEqualsIgnoreCase", "aws:PrincipalTag/stage", "PLAY"
	},
	func(m *maker) (string, string, any) {
		return "StringEqualsIgnoreCase", "aws:PrincipalType", "assumedrole"
	},
	func(m *maker) (string, string, any) {
		return "StringLike", "aws:PrincipalTag/team", "squad?" + m.digit()
	},
	func(m *maker) (string, string, any) {
		return "StringNotLike", "aws:PrincipalArn", []string{roleARN(pick(m, m.teams) + "-*"), userARN("person*" + m.digit())}
	},
	func(m *maker) (string, string, any) { return "NumericLessThan", "aws:MultiFactorAuthAge", "3600" },
	func(m *maker) (string, string, any) { return "NumericGreaterThanEquals", "s3:TlsVersion", "1.2" },
	func(m *maker) (string, string, any) {
		return "NumericNotEqualsIfExists", "aws:PrincipalTag/grade", "0.5"
	},
	func(m *maker) (string, string, any) {
		return "DateGreaterThan", "aws:CurrentTime", "2025-01-01T00:00:00Z"
	},
	func(m *maker) (string, string, any) {
		return "DateLessThanEquals", "aws:TokenIssueTime", "2035-01-01T00:00:00Z"
	},
	func(m *maker) (string, string, any) { return "Bool", "aws:SecureTransport", "true" },
	func(m *maker) (string, string, any) { return "BoolIfExists", "aws:MultiFactorAuthPresent", "true" },
	func(m *maker) (string, string, any) { return "Bool", "aws:PrincipalIsAWSService", "false" },
	func(m *maker) (string, string, any) { return "BinaryEquals", "aws:PrincipalTag/seal", "c2VhbA==" },
	func(m *maker) (string, string, any) {
		return "IpAddress", "aws:SourceIp", []string{"198.51.100.0/24", "2001:db8::/32"}
	},
	func(m *maker) (string, string, any) { return "NotIpAddress", "aws:SourceIp", "203.0.113.7" },
	func(m *maker) (string, string, any) {
		return "ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/" + pick(m, m.teams) + "-*"
	},
	func(m *maker) (string, string, any) {
		return "ArnNotEquals", "aws:PrincipalArn", roleARN(pick(m, m.roles))
	},
	func(m *maker) (string, string, any) { return "Null", "aws:PrincipalTag/team", "false" },
	func(m *maker) (string, string, any) { return "Null", "aws:ResourceTag/stage", "false" },
	func(m *maker) (string, string, any) {
		return "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-example/r-root/ou-" + m.digit() + "*"
	},
	func(m *maker) (string, string, any) {
		return "ForAllValues:StringEquals", "aws:TagKeys", []string{"team", "stage"}
	},
	func(m *maker) (string, string, any) {
		return "StringEquals", "aws:ResourceAccount", "${aws:PrincipalAccount}"
	},
}

func (m *maker) digit() string { return string(rune('0' + m.IntN(10))) }

// some is up to three of a list.
func (m *maker) some(of []string) []string {
	out := make([]string, 1+m.IntN(3))
	for i := range out {
		out[i] = pick(m, of)
	}
	return out
}
