package catalog

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Capability is what one gains by an action: a set, because some give two things at once. The zero value is that of an action of
// which nothing is known.
type Capability uint8

// What an action can give.
const (
	None   Capability = 1 << iota // names, settings and states: neither content nor a change
	Read                          // content that exists
	Write                         // changes or deletes content, or configuration that decides content
	Admin                         // changes who may
	ActsAs                        // acts as somebody else, or with a role
)

// Has reports whether c gives all that x gives.
func (c Capability) Has(x Capability) bool { return c&x == x }

// String joins the words of docs/catalog.md with "+"; "unknown" for the zero value.
func (c Capability) String() string {
	if c == 0 {
		return "unknown"
	}
	var words []string
	for _, w := range capabilityWords() {
		if c.Has(w.c) {
			words = append(words, w.word)
		}
	}
	return strings.Join(words, "+")
}

type capabilityWord struct {
	word string
	c    Capability
}

func capabilityWords() []capabilityWord {
	return []capabilityWord{{"none", None}, {"READ", Read}, {"WRITE", Write}, {"ADMIN", Admin}, {"acts-as", ActsAs}}
}

//go:embed capability.tsv
var overrides string

// An override is a line of capability.tsv.
type override struct {
	action string // as written
	c      Capability
	newer  bool // the data do not know the action yet
	reason string
}

var loadOverrides = sync.OnceValues(func() (map[string]override, error) { return parseOverrides(overrides) })

func parseOverrides(text string) (map[string]override, error) {
	out := map[string]override{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 3 || strings.TrimSpace(f[2]) == "" {
			return nil, fmt.Errorf("capability.tsv, line %d: an action, a capability and a reason, with tabs between them", n)
		}
		o := override{action: f[0], reason: f[2]}
		f[1], o.newer = strings.CutSuffix(f[1], " newer")
		for word := range strings.SplitSeq(f[1], "+") {
			c := parseCapability(word)
			if c == 0 {
				return nil, fmt.Errorf("capability.tsv, line %d: %q is no capability", n, word)
			}
			o.c |= c
		}
		key := strings.ToLower(o.action)
		if _, twice := out[key]; twice {
			return nil, fmt.Errorf("capability.tsv, line %d: %s stands twice", n, o.action)
		}
		out[key] = o
	}
	return out, nil
}

func parseCapability(word string) Capability {
	for _, w := range capabilityWords() {
		if w.word == word {
			return w.c
		}
	}
	return 0
}

// Capability is what an action gives, and why: by an override where its access level misleads, else by the rule. For an action that
// neither the data nor the overrides know it is 0. Case does not count.
func (c *Catalog) Capability(action string) (Capability, string) {
	// A table that cannot be read is a bug that the tests find; the rule still holds.
	if known, err := loadOverrides(); err == nil {
		if o, ok := known[strings.ToLower(action)]; ok {
			return o.c, o.reason
		}
	}
	a, _ := c.Action(action)
	return rule(a)
}

// rule is the capability by the access level and the name. What reads counts as content unless its name says that it describes or lists:
// what was not looked at counts as the worse.
func rule(a Action) (Capability, string) {
	reads := a.Level == LevelRead || a.Level == LevelList || a.Level == LevelPermissions && begins(a.Name, "Get", "BatchGet", "List", "Describe")
	switch {
	case a.Level == LevelUnknown:
		return 0, "the action is not in the data"
	case reads && begins(a.Name, "Describe", "List"):
		return None, "describes or lists names, settings and states"
	case reads && begins(a.Name, "Get") && ends(a.Name, "ResourcePolicy", "ResourcePolicies"):
		return None, "who may, not what is in it"
	case reads:
		return Read, "reads; not known to return settings only"
	case governs(a.Service):
		return Admin, "changes who may, which is what the service is about"
	case a.Level == LevelTagging:
		return Write, "changes tags, which may decide who may"
	case a.Level == LevelPermissions || ends(a.Name, "ResourcePolicy"):
		return Admin, "changes who may"
	case begins(a.Name, "Get", "BatchGet", "Retrieve", "Poll", "Receive", "Query", "Select", "Search"):
		return Read | Write, "changes something, and by its name brings something back"
	}
	return Write, "changes something"
}

// governs is true of the services that exist to say who may. Their tags are those of principals, which policies ask by
// aws:PrincipalTag, or of what governs them.
func governs(service string) bool {
	switch service {
	case "iam", "identitystore", "organizations", "ram", "rolesanywhere", "sso", "sso-directory", "sts", "verifiedpermissions":
		return true
	}
	return false
}

func begins(name string, with ...string) bool {
	return slices.ContainsFunc(with, func(s string) bool { return strings.HasPrefix(name, s) })
}

func ends(name string, with ...string) bool {
	return slices.ContainsFunc(with, func(s string) bool { return strings.HasSuffix(name, s) })
}
