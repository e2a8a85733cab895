// Package sheet shows who reaches what, and the risk of it: for people on a screen, for scripts as JSON and CSV.
package sheet

import (
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

// namer gives things the names that people use.
type namer struct {
	a   *assess.Assessment
	ids map[string]string // resource key → id of its row
}

func names(a *assess.Assessment) *namer {
	n := &namer{a: a, ids: map[string]string{}}
	for i := range a.Sheet.Rows {
		n.ids[string(a.Sheet.Rows[i].Key)] = a.Sheet.Rows[i].ID
	}
	return n
}

// of is the short name of a principal or resource.
func (n *namer) of(id string) string {
	switch {
	case id == "anonymous":
		return "anyone"
	case id == access.AnyAccount:
		return "anyone on AWS"
	case id == string(n.a.Access.Account):
		return "account"
	case n.ids[id] != "":
		return n.ids[id]
	case n.a.Sheet.Called(id) != "":
		return n.a.Sheet.Called(id)
	}
	if before, after, ok := strings.Cut(id, "#"); ok {
		if strings.Contains(before, "oidc-provider/") {
			return after
		}
		return n.of(before)
	}
	if r, ok := n.a.Snapshot.Get(snapshot.Key(id)); ok && r.Name != "" {
		return r.Name
	}
	arn, ok := iam.SplitARN(id)
	if !ok {
		return id
	}
	if arn.Account != n.a.Snapshot.Account && arn.Account != "" {
		if name, ok := n.a.Model.Trusted[arn.Account]; ok {
			return name
		}
		return "account " + arn.Account
	}
	return arn.Resource[strings.LastIndexAny(arn.Resource, "/:")+1:]
}

// word is what the command line takes for a principal or resource: its name where that is the only one, else what is exact.
func (n *namer) word(id string) string {
	if id == "anonymous" {
		return access.Public
	}
	name := n.of(id)
	same := 0
	for i := range n.a.Snapshot.Resources {
		if n.a.Snapshot.Resources[i].Name == name {
			same++
		}
	}
	if same == 1 || n.ids[id] != "" {
		return name
	}
	if arn, ok := iam.SplitARN(id); ok && arn.Resource == "root" {
		return arn.Account
	}
	return id
}

// kind says what sort of thing stands at the end of a step: "role deploy", "snapshot nightly-0114".
func (n *namer) kind(id string) string {
	r, ok := n.a.Snapshot.Get(snapshot.Key(id))
	if !ok {
		return n.of(id)
	}
	word := ""
	switch r.Type {
	case "AWS::IAM::Role":
		word = "role "
	case "AWS::IAM::User":
		word = "user "
	case "AWS::IAM::Group":
		word = "group "
	case "AWS::SecretsManager::Secret":
		word = "secret "
	case "AWS::RDS::DBSnapshot", "AWS::RDS::DBClusterSnapshot", "AWS::EC2::Snapshot":
		word = "snapshot "
	case "AWS::KMS::Key":
		word = "key "
	}
	return word + n.of(id)
}

// trail is a path in one line: the way in, then what it goes through.
func (n *namer) trail(p access.Path) string {
	parts := []string{}
	if p.Entry != nil {
		says := p.Entry.Says
		if !p.Seen && !p.Entry.Unknown {
			says += ", by what was not read"
		}
		parts = append(parts, says)
	}
	return strings.Join(append(parts, n.over(p)...), " ▸ ")
}

// over lists what lies between the way in and the resource.
func (n *namer) over(p access.Path) []string {
	var parts []string
	for _, s := range p.Steps {
		switch {
		case s.By == "snapshot-of" || s.By == "secret-opens" || s.By == "access-point-of":
			parts = append(parts, n.kind(s.From))
		case s.By == "assume-role":
			parts = append(parts, n.kind(s.To))
		case s.By == "administers-account":
			parts = append(parts, "the account")
		case s.To == string(p.Resource):
			parts = append(parts, n.does(s.By))
		default:
			parts = append(parts, n.does(s.By)+" ("+n.kind(s.To)+")")
		}
	}
	return parts
}

// does says what a route does.
func (n *namer) does(route string) string {
	switch route {
	case "shared":
		return "it is shared"
	case "bucket-acl":
		return "its access control list"
	case "administrator":
		return "administrator"
	case "root-user":
		return "the root user"
	}
	if s := n.a.Access.Says(route); s != "" {
		return s
	}
	return route
}

// Condition says an open condition in words.
func Condition(c iam.Condition) string {
	values := strings.Join(c.Values, " or ")
	key := strings.ToLower(c.Key)
	is := verbOf(c)
	switch key {
	case "aws:multifactorauthpresent":
		if truthy(c) {
			return "signed in with MFA"
		}
		return "signed in without MFA"
	case "aws:multifactorauthage":
		return "signed in with MFA not long ago"
	case "aws:sourceip", "aws:vpcsourceip":
		return "from an address that " + is + values
	case "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn":
		return "from a network that " + is + values
	case "aws:principalorgid", "aws:principalorgpaths":
		return "from an organisation that " + is + values
	case "aws:securetransport":
		if truthy(c) {
			return "over TLS"
		}
		return "without TLS"
	case "sts:externalid":
		return "with an external id that " + is + values
	case "kms:viaservice":
		return "through a service that " + is + values
	case "aws:requestedregion":
		return "in a Region that " + is + values
	case "aws:sourcearn", "aws:sourceaccount":
		return "on behalf of something that " + is + values
	case "aws:viaawsservice":
		if truthy(c) {
			return "through an AWS service"
		}
		return "not through an AWS service"
	case decide.TagSetting:
		return "where attribute-based access control is " + values
	case "scp":
		return "as far as the organisation's policies, which could not be read, allow it"
	}
	if k, tag, ok := strings.Cut(c.Key, "/"); ok && strings.Contains(strings.ToLower(k), "tag") {
		return "where the tag " + tag + " " + is + values
	}
	return "where " + c.Key + " " + is + values
}

// truthy tells whether a Bool condition asks, all negations counted, for true.
func truthy(c iam.Condition) bool {
	yes := len(c.Values) == 1 && strings.EqualFold(c.Values[0], "true")
	return yes != (c.Negated != negative(c.Operator))
}

func negative(op string) bool { return strings.Contains(strings.ToLower(op), "not") }

// verbOf is "is …" or "is not …", with "like" for patterns.
func verbOf(c iam.Condition) string {
	op := strings.ToLower(c.Operator)
	verb := "is "
	if c.Negated != negative(op) {
		verb = "is not "
	}
	switch {
	case strings.Contains(op, "like"):
		verb += "like "
	case strings.Contains(op, "lessthan"):
		verb += "below "
	case strings.Contains(op, "greaterthan"):
		verb += "above "
	case strings.Contains(op, "ipaddress"):
		verb += "in "
	case op == "null":
		verb += "missing: "
	}
	return verb
}
