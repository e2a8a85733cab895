package catalog

import "strings"

// ConditionKey is something that a Condition may ask for.
type ConditionKey struct {
	Name string // "s3:prefix", "aws:PrincipalTag/${TagKey}"; what stands for a name of one's own is ${…} or <…>
	Type string // String, ARN, Bool, Numeric, Date, IPAddress, or ArrayOf one of these
}

// Many is true of a key that can have several values in one request, which ForAllValues and ForAnyValue are for.
func (k ConditionKey) Many() bool { return strings.HasPrefix(k.Type, "ArrayOf") }

// GlobalConditionKeys are those that every service may look at, in the order of AWS's own page.
//
// "AWS global condition context keys", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (c *Catalog) GlobalConditionKeys() []ConditionKey { return c.global }

// ConditionKey finds a key as a policy writes it: "aws:PrincipalTag/team" is aws:PrincipalTag/${TagKey}. Case does not count. Keys of
// identity providers are among those of sts.
func (c *Catalog) ConditionKey(name string) (ConditionKey, bool) {
	if k, ok := keyIn(c.global, name); ok {
		return k, true
	}
	prefix, _, _ := strings.Cut(name, ":")
	if s, ok := c.Service(prefix); ok {
		if k, ok := keyIn(s.ConditionKeys, name); ok {
			return k, true
		}
	}
	for i := range c.services {
		if k, ok := keyIn(c.services[i].ConditionKeys, name); ok {
			return k, true
		}
	}
	return ConditionKey{}, false
}

func keyIn(keys []ConditionKey, name string) (ConditionKey, bool) {
	for _, k := range keys {
		if strings.EqualFold(k.Name, name) {
			return k, true
		}
	}
	for _, k := range keys {
		if _, ok := fits(k.Name, name, ""); ok {
			return k, true
		}
	}
	return ConditionKey{}, false
}
