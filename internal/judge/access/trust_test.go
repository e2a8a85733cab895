package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

func TestSubjects(t *testing.T) {
	const github, gitlab, terraform, bitbucket = "token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io",
		"api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc"
	aud := func(host string) object { return object{host + ":aud": "sts.amazonaws.com"} }
	sub := func(op, host string, values ...any) object {
		return object{"StringEquals": aud(host), op: object{host + ":sub": values}}
	}
	for name, c := range map[string]struct {
		host string
		cond object
		want string
	}{
		"an organisation":             {github, sub("StringLike", github, "repo:acme/*"), OIDCOrg},
		"a repository":                {github, sub("StringLike", github, "repo:acme/web:*"), OIDCRepo},
		"a branch":                    {github, sub("StringLike", github, "repo:acme/web:ref:refs/heads/main"), OIDCPinned},
		"an environment":              {github, sub("ForAnyValue:StringEquals", github, "repo:acme/web:environment:prod"), OIDCPinned},
		"any branch":                  {github, sub("StringLike", github, "repo:acme/web:ref:refs/heads/*"), OIDCRepo},
		"any branch of a form":        {github, sub("StringLike", github, "repo:acme/web:ref:refs/heads/release-*"), OIDCRepo},
		"any environment":             {github, sub("StringLike", github, "repo:acme/web:environment:*"), OIDCRepo},
		"pull requests":               {github, sub("StringEquals", github, "repo:acme/web:pull_request"), OIDCRepo},
		"a branch of any repository":  {github, sub("StringLike", github, "repo:acme/*:ref:refs/heads/main"), OIDCOrg},
		"names that begin alike":      {github, sub("StringLike", github, "repo:acme/web*"), OIDCOrg},
		"organisations alike":         {github, sub("StringLike", github, "repo:acme*/web:*"), OIDCNoSubject},
		"a name in any organisation":  {github, sub("StringLike", github, "repo:*/web:ref:refs/heads/main"), OIDCNoSubject},
		"all":                         {github, sub("StringLike", github, "*"), OIDCNoSubject},
		"all repositories":            {github, sub("StringLike", github, "repo:*"), OIDCNoSubject},
		"a letter of the kind":        {github, sub("StringLike", github, "r?po:acme/web:ref:refs/heads/main"), OIDCNoSubject},
		"none asked":                  {github, object{"StringEquals": aud(github)}, OIDCNoSubject},
		"no condition":                {github, nil, OIDCNoSubject},
		"vacuously true":              {github, sub("ForAllValues:StringLike", github, "repo:acme/web:*"), OIDCNoSubject},
		"if there is one":             {github, sub("StringEqualsIfExists", github, "repo:acme/web:ref:refs/heads/main"), OIDCNoSubject},
		"all but one":                 {github, sub("StringNotEquals", github, "repo:acme/web:ref:refs/heads/main"), OIDCNoSubject},
		"it exists":                   {github, sub("Null", github, "false"), OIDCNoSubject},
		"case of the key":             {github, object{"StringLike": object{"TOKEN.actions.githubusercontent.com:SUB": "repo:acme/web:*"}}, OIDCRepo},
		"one of several is wide":      {github, sub("StringLike", github, "repo:acme/web:ref:refs/heads/main", "repo:acme/*"), OIDCOrg},
		"the claim of another host":   {github, sub("StringLike", gitlab, "project_path:acme/web:*"), OIDCNoSubject},
		"a project of GitLab":         {gitlab, sub("StringLike", gitlab, "project_path:acme/web:*"), OIDCRepo},
		"a group of GitLab":           {gitlab, sub("StringLike", gitlab, "project_path:acme/*:ref_type:branch:ref:main"), OIDCOrg},
		"any branch of GitLab":        {gitlab, sub("StringLike", gitlab, "project_path:acme/web:ref_type:branch:ref:*"), OIDCRepo},
		"a branch of GitLab":          {gitlab, sub("StringEquals", gitlab, "project_path:acme/web:ref_type:branch:ref:main"), OIDCPinned},
		"anybody's project of GitLab": {gitlab, sub("StringLike", gitlab, "project_path:*:ref_type:branch:ref:main"), OIDCNoSubject},
		"Terraform, any project":      {terraform, sub("StringLike", terraform, "organization:acme:project:*:workspace:*:run_phase:*"), OIDCOrg},
		"Terraform, any organisation": {terraform, sub("StringLike", terraform, "organization:*"), OIDCNoSubject},
		"Terraform, alike":            {terraform, sub("StringLike", terraform, "organization:acme*"), OIDCNoSubject},
		"Terraform, one":              {terraform, sub("StringEquals", terraform, "organization:acme:project:p:workspace:w:run_phase:apply"), OIDCPinned},
		"Bitbucket, a repository":     {bitbucket, sub("StringLike", bitbucket, "{3fa85f64-5717}:*"), OIDCOrg},
		"Bitbucket, any":              {bitbucket, sub("StringLike", bitbucket, "*"), OIDCNoSubject},
		"Google, one":                 {"accounts.google.com", sub("StringEquals", "accounts.google.com", "110000000000000000000"), OIDCPinned},
		"Google, none asked":          {"accounts.google.com", object{"StringEquals": aud("accounts.google.com")}, OIDCNoSubject},
		"a pod": {"oidc.eks.eu-west-1.amazonaws.com/id/ABC", object{"StringEquals": object{
			"oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub": "system:serviceaccount:shop:web"}}, Pod},
		"pods of a namespace": {"oidc.eks.eu-west-1.amazonaws.com/id/ABC", object{"StringLike": object{
			"oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub": "system:serviceaccount:shop:*"}}, Pod},
		"any pod": {"oidc.eks.eu-west-1.amazonaws.com/id/ABC", object{"StringEquals": object{
			"oidc.eks.eu-west-1.amazonaws.com/id/ABC:aud": "sts.amazonaws.com"}}, OIDCNoSubject},
		"signed-up": {"cognito-identity.amazonaws.com", object{"StringEquals": object{"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"},
			"ForAnyValue:StringLike": object{"cognito-identity.amazonaws.com:amr": "authenticated"}}, WebHost},
		"guests": {"cognito-identity.amazonaws.com", object{"StringEquals": object{"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"},
			"ForAnyValue:StringLike": object{"cognito-identity.amazonaws.com:amr": "unauthenticated"}}, AnyPrincipal},
		"guests too": {"cognito-identity.amazonaws.com", object{"StringEquals": object{"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"},
			"ForAnyValue:StringLike": object{"cognito-identity.amazonaws.com:amr": []any{"authenticated", "unauthenticated"}}}, AnyPrincipal},
		"either by a wildcard": {"cognito-identity.amazonaws.com", object{"StringEquals": object{"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"},
			"ForAnyValue:StringLike": object{"cognito-identity.amazonaws.com:amr": "*authenticated"}}, AnyPrincipal},
		"anybody's pool": {"cognito-identity.amazonaws.com", object{"ForAnyValue:StringLike": object{"cognito-identity.amazonaws.com:amr": "authenticated"}}, AnyPrincipal},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSample(t)
			provider := "arn:aws:iam::" + ours + ":oidc-provider/" + c.host
			if c.host == "accounts.google.com" || c.host == "cognito-identity.amazonaws.com" {
				provider = c.host
			}
			var more []object
			if c.cond != nil {
				more = append(more, object{"Condition": c.cond})
			}
			a.role("ci", trusting("Federated", provider, more...))
			if got := a.table().kindsInto(iamARN("role", "ci")); !slices.Equal(got, []string{c.want}) {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
}

// The widest of several statements is a way in of its own.
func TestSeveralStatements(t *testing.T) {
	const host = "token.actions.githubusercontent.com"
	a := newSample(t)
	provider := "arn:aws:iam::" + ours + ":oidc-provider/" + host
	a.role("ci", append(trusting("Federated", provider, on("StringEquals", host+":sub", "repo:acme/web:ref:refs/heads/main")),
		trusting("Federated", provider, on("StringLike", host+":sub", "repo:acme/*"))...))
	if got := a.table().kindsInto(iamARN("role", "ci")); !slices.Equal(got, []string{OIDCOrg, OIDCPinned}) {
		t.Error(got)
	}
}

func TestTrustOfOthers(t *testing.T) {
	root, named := "arn:aws:iam::"+theirs+":root", map[string]string{theirs: "Acme Backup"}
	for name, c := range map[string]struct {
		trust   []object
		trusted map[string]string
		want    []string // principal kind guards
	}{
		"nobody has named it":   {trusting("AWS", root), nil, []string{root + " " + UnknownAccount}},
		"named":                 {trusting("AWS", root), named, []string{root + " " + Partner}},
		"by its number":         {trusting("AWS", theirs), named, []string{root + " " + Partner}},
		"with an external id":   {trusting("AWS", root, on("StringEquals", "sts:ExternalId", "x")), named, []string{root + " " + PartnerExtID}},
		"any external id":       {trusting("AWS", root, on("StringLike", "sts:ExternalId", "*")), named, []string{root + " " + Partner}},
		"with and without":      {append(trusting("AWS", root, on("StringEquals", "sts:ExternalId", "x")), trusting("AWS", root)...), named, []string{root + " " + Partner}},
		"with MFA":              {trusting("AWS", root, on("Bool", "aws:MultiFactorAuthPresent", "true")), named, []string{root + " " + Partner + " mfa-condition"}},
		"a role of it":          {trusting("AWS", "arn:aws:iam::"+theirs+":role/deploy"), named, []string{"arn:aws:iam::" + theirs + ":role/deploy " + Partner}},
		"roles of it":           {trusting("AWS", root, on("ArnLike", "aws:PrincipalArn", "arn:aws:iam::"+theirs+":role/deploy-*")), named, []string{root + " " + Partner}},
		"everybody":             {trusting("AWS", "*"), named, []string{"arn:aws:iam::*:root " + AnyPrincipal}},
		"an organisation":       {trusting("AWS", "*", on("StringEquals", "aws:PrincipalOrgID", "o-1")), named, []string{"arn:aws:iam::*:root " + AnyPrincipal + " organization-condition"}},
		"an account by a key":   {trusting("AWS", "*", on("StringEquals", "aws:PrincipalAccount", theirs)), named, []string{root + " " + Partner}},
		"a role name anywhere":  {trusting("AWS", "*", on("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/deploy")), named, []string{"arn:aws:iam::*:root " + AnyPrincipal}},
		"our own by a key":      {trusting("AWS", "*", on("StringEquals", "aws:PrincipalAccount", ours)), named, nil},
		"a service":             {trusting("Service", "backup.amazonaws.com"), nil, []string{iamARN("role", "r") + " " + Service}},
		"a service, for us":     {trusting("Service", "backup.amazonaws.com", on("StringEquals", "aws:SourceAccount", ours)), nil, []string{iamARN("role", "r") + " " + ServiceBound}},
		"certificates":          {trusting("Service", rolesAnywhere), nil, []string{iamARN("role", "r") + " " + Service}},
		"one certificate":       {trusting("Service", rolesAnywhere, on("StringEquals", "aws:PrincipalTag/x509Subject/CN", "web")), nil, []string{iamARN("role", "r") + " " + Service}},
		"of one authority":      {trusting("Service", rolesAnywhere, on("ArnEquals", "aws:SourceArn", "arn:aws:rolesanywhere:eu-west-1:"+ours+":trust-anchor/a")), nil, []string{iamARN("role", "r") + " " + ServiceBound}},
		"all but a certificate": {append(trusting("Service", rolesAnywhere), forbid("sts:AssumeRole", nil, toAll, on("StringNotEquals", "aws:PrincipalTag/x509Subject/CN", "web"))), nil, []string{iamARN("role", "r") + " " + Service}},
		"a tag that none has":   {trusting("Service", "backup.amazonaws.com", on("StringEquals", "aws:PrincipalTag/x509Subject/CN", "web")), nil, nil},
		"compute runs nothing":  {trusting("Service", "ec2.amazonaws.com"), nil, nil},
		"denied after all":      {append(trusting("AWS", root), forbid("sts:AssumeRole", nil, toAll)), named, nil},
		"single sign-on":        {trusting("Federated", "arn:aws:iam::"+ours+":saml-provider/okta", on("StringEquals", "SAML:aud", "https://signin.aws.amazon.com/saml")), nil, []string{iamARN("role", "r") + " " + SSO}},
		"a token of any issuer": {[]object{permit("sts:AssumeRoleWithWebIdentity", nil, toAll)}, nil, []string{iamARN("role", "r") + " " + OIDCNoSubject}},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSample(t)
			a.options.Trusted = c.trusted
			r := a.role("r", c.trust, permit("s3:GetObject", "arn:aws:s3:::logs/*"))
			key := r.Key
			a.bucket("logs")
			table := a.table()
			var got []string
			for _, p := range table.Paths("arn:aws:s3:::logs", Read, false) {
				if p.Entry.Kind == RootKey || p.Entry.Kind == RootMFA {
					continue
				}
				s := p.Principal + " " + p.Entry.Kind
				for _, g := range p.Guards.Names() {
					s += " " + g
				}
				if p.Principal != string(key) && (len(p.Steps) != 1 || p.Steps[0].To != string(key)) {
					t.Errorf("%s: steps %v", s, p.Steps)
				}
				got = append(got, s)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// A step into a role of the same account needs both sides, and what limits either.
func TestAssume(t *testing.T) {
	alice, role := iamARN("user", "alice"), iamARN("role", "r")
	may := permit("sts:AssumeRole", role)
	for name, c := range map[string]struct {
		trust, own []object
		edit       func(a *sample)
		want       string
	}{
		"both sides":                {trusting("AWS", "arn:aws:iam::"+ours+":root"), []object{may}, nil, "allow"},
		"trust names the user":      {trusting("AWS", alice), nil, nil, "allow"},
		"only the account trusts":   {trusting("AWS", "arn:aws:iam::"+ours+":root"), nil, nil, ""},
		"only the user may":         {trusting("AWS", iamARN("user", "bob")), []object{may}, nil, ""},
		"all of any account":        {trusting("AWS", "*"), nil, nil, "allow"},
		"denied by himself":         {trusting("AWS", alice), []object{forbid("sts:*", "*")}, nil, ""},
		"denied by the trust":       {append(trusting("AWS", alice), forbid("sts:AssumeRole", nil, to("AWS", alice))), []object{may}, nil, ""},
		"with MFA":                  {trusting("AWS", alice, on("Bool", "aws:MultiFactorAuthPresent", "true")), nil, nil, "conditional mfa-condition"},
		"MFA or nothing":            {trusting("AWS", alice, on("BoolIfExists", "aws:MultiFactorAuthPresent", "true")), nil, nil, "conditional"},
		"not when MFA is false":     {append(trusting("AWS", alice), forbid("sts:AssumeRole", nil, toAll, on("Bool", "aws:MultiFactorAuthPresent", "false"))), nil, nil, "conditional"},
		"not without MFA":           {append(trusting("AWS", alice), forbid("sts:AssumeRole", nil, toAll, on("BoolIfExists", "aws:MultiFactorAuthPresent", "false"))), nil, nil, "conditional mfa-condition"},
		"a network":                 {trusting("AWS", alice, on("IpAddress", "aws:SourceIp", "203.0.113.0/24")), nil, nil, "conditional network-condition"},
		"all but a network":         {trusting("AWS", alice, on("NotIpAddress", "aws:SourceIp", "203.0.113.0/24")), nil, nil, "conditional"},
		"the internet as a network": {trusting("AWS", alice, on("IpAddress", "aws:SourceIp", "0.0.0.0/0", "::/0")), nil, nil, "conditional"},
		"MFA or a session's name": {append(trusting("AWS", alice, on("Bool", "aws:MultiFactorAuthPresent", "true")),
			trusting("AWS", alice, on("StringLike", "sts:RoleSessionName", "ops-*"))...), nil, nil, "conditional"},
		"within a boundary": {trusting("AWS", "arn:aws:iam::"+ours+":root"), []object{may}, func(a *sample) {
			a.resources[0].Properties["PermissionsBoundary"] = iamARN("policy", "edge")
			a.thing("AWS::IAM::ManagedPolicy", iamARN("policy", "edge"), object{"PolicyDocument": a.doc(permit("s3:*", "*"))})
		}, ""},
		"an unread boundary": {trusting("AWS", "arn:aws:iam::"+ours+":root"), []object{may}, func(a *sample) {
			a.resources[0].Properties["PermissionsBoundary"] = iamARN("policy", "gone")
		}, "unknown"},
		"denied by an SCP": {trusting("AWS", alice), []object{may}, func(a *sample) {
			a.thing("AWS::Organizations::Organization", "arn:aws:organizations::444455556666:organization/o-1", object{"Id": "o-1", "ManagementAccountId": "444455556666"})
			a.add(limit(a, "scp:0/full", 0, permit("*", "*")))
			a.add(limit(a, "scp:1/none", 1, permit("*", "*"), forbid("sts:AssumeRole", "*")))
		}, ""},
		"an SCP without it": {trusting("AWS", alice), []object{may}, func(a *sample) {
			a.thing("AWS::Organizations::Organization", "arn:aws:organizations::444455556666:organization/o-1", object{"Id": "o-1", "ManagementAccountId": "444455556666"})
			a.add(limit(a, "scp:0/full", 0, permit("*", "*")))
		}, "allow"},
		"unread identity policies": {trusting("AWS", "arn:aws:iam::"+ours+":root"), nil, func(a *sample) { a.resources[0].Unknown = []string{"Policies"} }, "unknown"},
		"an unread trust": {trusting("AWS", alice), []object{may}, func(a *sample) {
			a.resources[1].Properties, a.resources[1].Unknown = object{"RoleName": "r"}, []string{"AssumeRolePolicyDocument"}
		}, "unknown"},
		"an ARN of a session": {trusting("AWS", "arn:aws:sts::"+ours+":assumed-role/r/x"), nil, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSample(t)
			a.user("alice", c.own...)
			a.role("r", c.trust)
			if c.edit != nil {
				c.edit(a)
			}
			got := ""
			for _, e := range a.table().into[node{role, None}] {
				if e.from.id == alice {
					got = [...]string{iam.Unknown: "unknown", iam.Allow: "allow", iam.Conditional: "conditional"}[e.outcome]
					for _, g := range e.guards.Names() {
						got += " " + g
					}
				}
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func limit(a *sample, key string, level int, statements ...object) (r snapshot.Resource) {
	r.Key, r.Type, r.Name = snapshot.Key(key), "AWS::Organizations::Policy", key
	r.Properties = object{"Name": key, "Type": "SERVICE_CONTROL_POLICY", "Level": level, "Content": a.doc(statements...)}
	return r
}

// A trust policy that was not read, or not understood, may let in anybody.
func TestUnreadTrust(t *testing.T) {
	for name, edit := range map[string]func(r *snapshot.Resource){
		"not read":       func(r *snapshot.Resource) { r.Unknown = []string{"AssumeRolePolicyDocument"} },
		"not understood": func(r *snapshot.Resource) { r.Properties["AssumeRolePolicyDocument"] = object{"Statement": 7} },
		"one statement": func(r *snapshot.Resource) {
			r.Properties["AssumeRolePolicyDocument"] = object{"Version": "2012-10-17", "Statement": []any{object{"Effect": "Maybe"}}}
		},
	} {
		a := newSample(t)
		edit(a.role("r", trusting("Service", "ec2.amazonaws.com")))
		a.user("u", permit([]any{"iam:PassRole", "glue:*"}, "*"))
		table := a.table()
		if got := fmt.Sprint(table.kindsInto(iamARN("role", "r"))); got != "[public?]" {
			t.Errorf("%s: %s", name, got)
		}
		// Nor is it known which services hold it: whoever passes it to one may become it.
		if got := table.into[node{iamARN("role", "r"), None}]; !slices.ContainsFunc(got, func(e *edge) bool {
			return e.from.id == iamARN("user", "u") && strings.HasPrefix(e.by, "pass-role-glue") && e.outcome == iam.Unknown
		}) {
			t.Errorf("%s: passed to nobody: %d edges", name, len(got))
		}
	}
}
