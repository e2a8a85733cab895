package oracle_test

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footing-dev/footing/iam"
)

// class is one way in which the peer differs: it answers the question with the help of the next one, the last of which is our
// evaluator. It may change the question, which is a copy.
type class struct {
	id     string
	answer func(q *question, next func(*question) verdict) verdict
}

// reads is a class that reads the question differently.
func reads(id string, change func(*question)) class {
	return class{id, func(q *question, next func(*question) verdict) verdict {
		change(q)
		return next(q)
	}}
}

// conditions is a class that reads single conditions differently.
func conditions(id string, change func(*question, *iam.Condition)) class {
	return reads(id, func(q *question) {
		q.statements(func(_ string, _ *iam.Policy, st *iam.Statement) {
			for i := range st.Conditions {
				change(q, &st.Conditions[i])
			}
		})
	})
}

// all are the ways of the peer, in the order in which they are laid around our evaluator: first those that read policies differently,
// then those that decide differently on what was read.
var all = []class{
	// Condition values and operators.
	conditions("multivalued-single", manyNeedSet),
	conditions("any-value-if-exists", func(q *question, c *iam.Condition) {
		if op := strings.ToLower(c.Operator); strings.HasPrefix(op, "foranyvalue:") && strings.HasSuffix(op, "ifexists") && q.value(c.Key) == nil {
			never(c)
		}
	}),
	conditions("empty-set", func(q *question, c *iam.Condition) {
		if slices.Equal(q.value(c.Key), []string{""}) {
			c.Operator = strings.TrimPrefix(c.Operator, "ForAllValues:")
		}
	}),
	conditions("void-variable", func(q *question, c *iam.Condition) {
		if strings.Contains(strings.ToLower(c.Operator), "not") && q.value(c.Key) != nil && slices.ContainsFunc(c.Values, q.void) {
			never(c)
		}
	}),
	conditions("address-spelling", func(_ *question, c *iam.Condition) {
		for i, v := range c.Values {
			if a, err := netip.ParseAddr(v); err == nil && a.Is6() && a.String() != v && strings.Contains(c.Operator, "IpAddress") {
				c.Values[i] = "255.255.255.255/32" // nobody's address
			}
		}
	}),
	conditions("cidr-of-everything", func(_ *question, c *iam.Condition) {
		if strings.Contains(c.Operator, "IpAddress") {
			c.Values = slices.DeleteFunc(c.Values, func(s string) bool { return s == "0.0.0.0/0" })
		}
	}),
	conditions("address-family", hostOfOtherFamily),
	conditions("date-of-digits", func(_ *question, c *iam.Condition) {
		for i, s := range c.Values {
			if n, err := strconv.ParseInt(s, 10, 64); err == nil && strings.Contains(c.Operator, "Date") {
				c.Values[i] = time.UnixMilli(n).UTC().Format("2006-01-02T15:04:05.000Z")
			}
		}
	}),
	conditions("binary", func(_ *question, c *iam.Condition) {
		c.Operator = strings.Replace(c.Operator, "BinaryEquals", "StringEquals", 1)
	}),
	// Variables and resources.
	variables("variable-of-many", func(q *question, key, fallback string) (string, bool) {
		switch {
		case !isMany(key):
			return "", false
		case fallback == "":
			return "${no:value}", true
		}
		return fallback, true
	}),
	variables("empty-variable", func(q *question, key, fallback string) (string, bool) {
		if !slices.Equal(q.value(key), []string{""}) {
			return "", false
		}
		if fallback == "" {
			return "${$}{" + key + "}", true // stays as it is written
		}
		return fallback, true
	}),
	reads("version-2008", func(q *question) {
		q.statements(func(_ string, p *iam.Policy, _ *iam.Statement) { p.Version = "2012-10-17" })
	}),
	reads("short-arn", shortARNs),
	reads("star-over-colons", starStaysInPart),
	reads("resource-type-wildcard", literalResourceType),
	reads("file-system-default", noFileSystemDefault),
	// Who is meant.
	reads("root-user", rootAsUser),
	reads("federated-user", federatedUserIsUser),
	reads("provider-account", providerHasAccount),
	reads("deny-not-principal", notPrincipalSparesAnyMatch),
	// Who is bound by what.
	reads("management-account", func(q *question) { q.request.ManagementAccount = false }),
	reads("service-linked-role", plainRole),
	{"identity-of-everybody", identityOfEverybody},
	{"rcp-scope", rcpEverywhere},
	{"session-policy", sessionAlwaysLimits},
	{"public-condition", publicByFewerKeys},
	{"public-form", publicInOtherForms},
	{"block-public-access", publicAccessIsExplicit},
	{"alias-of-aws", aliasesOfAWS},
	{"role-of-service", rolesOfServices},
}

// peer is our evaluator with the ways of the peer laid around it.
func peer(q *question, classes []class) verdict {
	if len(classes) == 0 {
		return q.ours()
	}
	return classes[0].answer(q, func(q *question) verdict { return peer(q, classes[1:]) })
}

// agree compares an answer of ours with one of the peer's. Ours is conditional where the caller is a role, which stands for any of its
// sessions, and a policy names single ones.
func agree(ours, theirs verdict) bool {
	return ours == theirs || ours == "conditional" && theirs != forbid
}

// explain finds a smallest set of classes that makes our evaluator give the peer's answer; nil if there is none.
func explain(q *question, theirs verdict, classes []class) []string {
	says := func(classes ...class) bool { return agree(peer(q.clone(), classes), theirs) }
	for _, c := range classes {
		if says(c) {
			return []string{c.id}
		}
	}
	rest := slices.Clone(classes)
	for i := 0; !says(rest...); i++ { // two of them may stand in each other's way
		if i == len(classes) {
			return nil
		}
		rest = slices.Delete(slices.Clone(classes), i, i+1)
	}
	for i := 0; i < len(rest); {
		fewer := slices.Delete(slices.Clone(rest), i, i+1)
		if says(fewer...) {
			rest = fewer
			continue
		}
		i++
	}
	var ids []string
	for _, c := range rest {
		ids = append(ids, c.id)
	}
	return ids
}

// show prints a question for a person.
func (q *question) show() string {
	s, err := q.theirs()
	if err != nil {
		return err.Error()
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
