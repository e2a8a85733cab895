package catalog

import (
	"slices"
	"strings"
	"time"
)

// Catalog is one release of the data. It does not change, and may be used by several goroutines at once.
type Catalog struct {
	release  Release
	global   []ConditionKey
	rcp      []string  // prefixes, in order
	services []Service // by prefix
}

// Release says which data these are.
type Release struct {
	Source  string    // the package that they come from
	Version string    // its version
	Date    time.Time // the day on which it was made, midnight UTC
}

// Service is one service prefix: what stands before the colon of an action.
type Service struct {
	Prefix        string // "s3"
	Name          string // "Amazon S3"
	ConditionKeys []ConditionKey
	ResourceTypes []ResourceType
	Actions       []Action // by name, in an order that ignores case
}

// Action is something that a policy can allow.
type Action struct {
	Service string // "s3"; "" when the text was no action at all
	Name    string // "GetObject"
	Level   Level
	// Targets are the types of resource that it can be allowed on. Without any, it is allowed on "*" only.
	Targets          []Target
	ConditionKeys    []string // that it always looks at, beside the global ones; those of a target stand there
	DependentActions []string // that the caller needs too, as AWS documents them: "iam:PassRole"
}

// String is the action as policies name it.
func (a Action) String() string {
	if a.Service == "" {
		return a.Name
	}
	return a.Service + ":" + a.Name
}

// WildcardOnly is true of a known action that has no resources: a statement that allows it on anything but "*" allows nothing.
func (a Action) WildcardOnly() bool { return a.Level != LevelUnknown && len(a.Targets) == 0 }

// Target is a type of resource as one action sees it.
type Target struct {
	Type          string // a ResourceType of the same service
	Required      bool   // a request that succeeds names one
	ConditionKeys []string
}

// Level is the access level that AWS gives an action. It says which sort of call it is, not what one gains by it: see [Capability].
//
// "Use policy summary access levels", https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
type Level uint8

// The levels. The zero value is that of an action that is not in the data.
const (
	LevelUnknown Level = iota
	LevelList
	LevelRead
	LevelWrite
	LevelPermissions // permissions management
	LevelTagging
)

// String is the level in the words of AWS.
func (l Level) String() string {
	switch l {
	case LevelList:
		return "List"
	case LevelRead:
		return "Read"
	case LevelWrite:
		return "Write"
	case LevelPermissions:
		return "Permissions management"
	case LevelTagging:
		return "Tagging"
	}
	return "Unknown"
}

// Release says which data these are.
func (c *Catalog) Release() Release { return c.release }

// ServicesUnderRCP are the prefixes of the services whose actions resource control policies apply to, in order.
//
// "Resource control policies", https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
func (c *Catalog) ServicesUnderRCP() []string { return c.rcp }

// Services are all there are, by prefix.
func (c *Catalog) Services() []Service { return c.services }

// Service finds a service by its prefix; case does not count.
func (c *Catalog) Service(prefix string) (*Service, bool) {
	i, ok := slices.BinarySearchFunc(c.services, prefix, func(s Service, p string) int { return CompareFold(s.Prefix, p) })
	if !ok {
		return nil, false
	}
	return &c.services[i], true
}

// Action finds an action by its full name, "s3:GetObject"; case does not count. For one that is not in the data it reports false and
// returns the literal.
func (c *Catalog) Action(name string) (Action, bool) {
	prefix, short, ok := strings.Cut(name, ":")
	if !ok {
		return Action{Name: name}, false
	}
	if s, found := c.Service(prefix); found {
		if i, found := s.find(short); found {
			return s.Actions[i], true
		}
	}
	return Action{Service: prefix, Name: short}, false
}

func (s *Service) find(name string) (int, bool) {
	return slices.BinarySearchFunc(s.Actions, name, func(a Action, n string) int { return CompareFold(a.Name, n) })
}

// CompareFold is the order of the catalogue: names without regard to the case of ASCII letters. Names in the data hold no others.
func CompareFold(a, b string) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
