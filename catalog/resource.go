package catalog

import "strings"

// ResourceType is a kind of thing that actions are allowed on.
type ResourceType struct {
	Service string // the prefix of the service whose actions are allowed on it
	Name    string // "bucket"
	// ARN shows its ARNs, with ${…} for what differs: "arn:${Partition}:s3:::${BucketName}".
	ARN           string
	ConditionKeys []string
}

// TypesOf are the types that a concrete ARN can be of. A name may hold more than its pattern shows (the key of an object has slashes,
// the name of a log group too), so each service answers with the closest of its patterns: first those in which no ${…} has to hold
// a slash or a colon, then those in which none has to hold a colon, then the rest; among equals those with most fixed text.
func (c *Catalog) TypesOf(arn string) []ResourceType {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return nil
	}
	out := c.typesOf(parts, false)
	if out == nil {
		// A few patterns leave the service open: a recovery point of AWS Backup is a resource of the service that it came from.
		out = c.typesOf(parts, true)
	}
	return out
}

func (c *Catalog) typesOf(arn []string, open bool) []ResourceType {
	var out []ResourceType
	for i := range c.services {
		best, mark := 0, len(out)
		for _, t := range c.services[i].ResourceTypes {
			switch n := closeness(t.ARN, arn, open); {
			case n == 0 || n < best:
			case n > best:
				best, out = n, append(out[:mark], t)
			default:
				out = append(out, t)
			}
		}
	}
	return out
}

// closeness is 0 when the ARN does not fit the pattern, and the greater the closer it fits.
func closeness(pattern string, arn []string, open bool) int {
	for i := range 5 {
		part, rest, ok := strings.Cut(pattern, ":")
		isOpen := strings.ContainsAny(part, "$*")
		if !ok || !isOpen && part != arn[i] || i == 2 && isOpen != open {
			return 0
		}
		pattern = rest
	}
	const most = 1 << 12 // no pattern is as long
	for i, stop := range []string{":/", ":", ""} {
		if fixed, ok := fits(pattern, arn[5], stop); ok {
			return (3-i)*most + fixed + 1
		}
	}
	return 0
}

// ActionsOn are the actions that can be allowed on a concrete ARN, by service and name. Those on what lies inside it (the objects of
// a bucket) have ARNs of their own and are not among them.
func (c *Catalog) ActionsOn(arn string) []Action {
	var out []Action
	types := c.TypesOf(arn)
	for len(types) > 0 {
		s, _ := c.Service(types[0].Service)
		n := 1
		for n < len(types) && types[n].Service == s.Prefix {
			n++
		}
		for _, a := range s.Actions {
			if a.onAny(types[:n]) {
				out = append(out, a)
			}
		}
		types = types[n:]
	}
	return out
}

func (a *Action) onAny(types []ResourceType) bool {
	for _, t := range a.Targets {
		for i := range types {
			if types[i].Name == t.Type {
				return true
			}
		}
	}
	return false
}
