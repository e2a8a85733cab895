package catalog

import "strings"

// Expand is what the patterns of an Action element stand for ("s3:Get*", "*"): every action of the data that one of them matches, by
// service and name, and behind them, in the order written, what stands in the element literally and is not in the data.
func (c *Catalog) Expand(patterns ...string) []Action {
	out := c.filter(patterns, true)
	var literal []string
	for _, p := range patterns {
		if strings.ContainsAny(p, "*?") || has(literal, p) {
			continue
		}
		if a, ok := c.Action(p); !ok {
			literal = append(literal, p)
			out = append(out, a)
		}
	}
	return out
}

// ExpandNot is what a NotAction element stands for: every action of the data that none of the patterns matches. There are always more
// actions than the data know.
func (c *Catalog) ExpandNot(patterns ...string) []Action { return c.filter(patterns, false) }

func (c *Catalog) filter(patterns []string, want bool) []Action {
	var out []Action
	for i := range c.services {
		s := &c.services[i]
		var near []string // the patterns that can match something of this service
		for _, p := range patterns {
			if reaches(p, s.Prefix) {
				near = append(near, p)
			}
		}
		if len(near) == 0 {
			if !want {
				out = append(out, s.Actions...)
			}
			continue
		}
		for _, a := range s.Actions {
			if anyMatches(near, a.String()) == want {
				out = append(out, a)
			}
		}
	}
	return out
}

// reaches is false when no action of the service can match the pattern.
func reaches(pattern, prefix string) bool {
	head, _, ok := strings.Cut(pattern, ":")
	if strings.ContainsAny(head, "*?") {
		return true
	}
	return ok && strings.EqualFold(head, prefix)
}

func anyMatches(patterns []string, action string) bool {
	for _, p := range patterns {
		if Matches(p, action) {
			return true
		}
	}
	return false
}

func has(list []string, s string) bool {
	for _, x := range list {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}
