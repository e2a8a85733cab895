// Package snapshot is what is: the facts about one account at one moment. Every reader writes this vocabulary, every judge reads it.
package snapshot

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Key is the ARN where there is one, else k8s:cluster/ns/kind/name, cfn:stack/LogicalId, tf:address, file:path.
type Key string

// State says how much is known of a fact. The zero value is Unknown.
type State uint8

const (
	Unknown State = iota // not read, or denied, or known only after apply
	Absent               // read, and not there
	Known                // read, and there
)

// Origin tells where a resource was learnt.
type Origin struct {
	Call    string `json:"call,omitempty"` // the API operation, "s3:ListBuckets"
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Address string `json:"address,omitempty"` // Terraform address
	Stack   string `json:"stack,omitempty"`   // CloudFormation stack
}

// Resource is one thing, in the CloudFormation vocabulary whatever it was read from.
type Resource struct {
	Key     Key    `json:"key"`
	Type    string `json:"type"` // "AWS::S3::Bucket"
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"` // empty for global resources
	Name    string `json:"name,omitempty"`   // what people call it
	// Tags are never changed in place: equal ones may be one map.
	Tags map[string]string `json:"tags,omitempty"`
	// Properties has CloudFormation property names; values are as encoding/json decodes them with UseNumber,
	// or the plain Go ints, bools, strings, []any and map[string]any that encode to the same bytes. Policy documents
	// (AssumeRolePolicyDocument, PolicyDocument, those in Policies …) may be canonical JSON instead, a json.RawMessage:
	// readers keep them so. Document and AsDocument take both.
	Properties map[string]any `json:"properties,omitempty"`
	// Policy is the resource-based policy document (bucket, key, queue, trust policy …) as canonical JSON.
	// nil means "has none", unless Unknown names "Policy".
	Policy json.RawMessage `json:"policy,omitempty"`
	// Unknown lists what could not be read: "Policy", "Tags", a dotted property path, or "Properties": those that are not there. Sorted.
	Unknown []string `json:"unknown,omitempty"`
	Origin  Origin   `json:"origin,omitzero"`
}

// Outcomes of a call.
const (
	OK         = "ok"
	Denied     = "denied"
	NotEnabled = "not-enabled" // the service or Region is off: an answer, its types are absent there
	Throttled  = "throttled"
	Truncated  = "truncated" // some pages came, not all
	Failed     = "failed"
	NotAsked   = "not-asked"
)

// Coverage is positive evidence: a type is absent only where a call that lists it was ok.
type Coverage struct {
	Service  string   `json:"service"`
	Region   string   `json:"region,omitempty"`   // empty for global services
	Call     string   `json:"call"`               // the API operation, "s3:ListBuckets"
	Types    []string `json:"types,omitempty"`    // the types that this call lists completely
	Resource Key      `json:"resource,omitempty"` // the one resource that the call was about; Types is then empty
	Outcome  string   `json:"outcome"`
	Reason   string   `json:"reason,omitempty"` // one sentence, when not ok
}

// Gap tells whether the call left something unseen.
func (c Coverage) Gap() bool { return c.Outcome != OK && c.Outcome != NotEnabled }

// Observation is what somebody else said about a resource: a GuardDuty or Access Analyzer finding, a patch state, a known-exploited CVE.
type Observation struct {
	Source   string    `json:"source"`
	Kind     string    `json:"kind"`
	About    Key       `json:"about"`
	Severity float64   `json:"severity,omitempty"`
	At       time.Time `json:"at,omitzero"`
	Says     string    `json:"says,omitempty"`
	Link     string    `json:"link,omitempty"`
}

// Snapshot is one account at one moment.
type Snapshot struct {
	ID        string    `json:"id,omitempty"` // given by the store
	Account   string    `json:"account"`      // twelve digits
	Name      string    `json:"name,omitempty"`
	Partition string    `json:"partition,omitempty"` // "aws", "aws-cn", "aws-us-gov"
	Regions   []string  `json:"regions,omitempty"`
	Taken     time.Time `json:"taken"`          // ages are measured against this, never against the wall clock
	From      string    `json:"from,omitempty"` // "live", or the path it was read from
	Calls     int       `json:"calls,omitempty"`

	Resources    []Resource    `json:"-"` // sorted by Key after Seal
	Coverage     []Coverage    `json:"-"`
	Observations []Observation `json:"-"`
	// Bills are the months that were read until Taken, the oldest first. Whoever opens a snapshot lays them beside it: they are kept apart.
	Bills []Bill `json:"-"`

	index  map[Key]int
	ofType map[string][]*Resource
}

// Seal sorts everything, merges duplicates (the later wins) and builds the index. Readers call it once, last.
func (s *Snapshot) Seal() {
	s.Resources = inOrder(s.Resources)
	for i := range s.Resources {
		if r := &s.Resources[i]; !ascending(r.Unknown) {
			r.Unknown = slices.Compact(slices.Sorted(slices.Values(r.Unknown))) // never in place: Apply shares resources
		}
	}
	slices.SortStableFunc(s.Coverage, compareCoverage)
	slices.SortStableFunc(s.Observations, compareObservation)
	slices.Sort(s.Regions)
	s.Regions = slices.Compact(s.Regions)
	s.reindex()
}

// inOrder sorts resources by key; of those with the same key the last one stays. It sorts their positions: a resource is large.
func inOrder(l []Resource) []Resource {
	ordered := true
	for i := 1; i < len(l) && ordered; i++ {
		ordered = l[i-1].Key < l[i].Key
	}
	if ordered {
		return l
	}
	order := make([]int, len(l))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(strings.Compare(string(l[a].Key), string(l[b].Key)), a-b)
	})
	out := make([]Resource, 0, len(l))
	for i, at := range order {
		if i+1 == len(order) || l[order[i+1]].Key != l[at].Key {
			out = append(out, l[at])
		}
	}
	return out
}

// ascending tells that a list is sorted and holds nothing twice.
func ascending(l []string) bool {
	for i := 1; i < len(l); i++ {
		if l[i-1] >= l[i] {
			return false
		}
	}
	return true
}

func compareCoverage(a, b Coverage) int {
	return cmp.Or(
		strings.Compare(a.Service, b.Service),
		strings.Compare(a.Region, b.Region),
		strings.Compare(a.Call, b.Call),
		strings.Compare(string(a.Resource), string(b.Resource)),
		strings.Compare(a.Outcome, b.Outcome),
		strings.Compare(a.Reason, b.Reason),
		slices.Compare(a.Types, b.Types))
}

// Observed is what was observed about a resource, sorted.
func (s *Snapshot) Observed(k Key) []Observation {
	at := func(o Observation, k Key) int { return strings.Compare(string(o.About), string(k)) }
	from, _ := slices.BinarySearchFunc(s.Observations, k, at)
	to := from
	for to < len(s.Observations) && s.Observations[to].About == k {
		to++
	}
	return s.Observations[from:to]
}

func compareObservation(a, b Observation) int {
	return cmp.Or(
		strings.Compare(string(a.About), string(b.About)),
		strings.Compare(a.Source, b.Source),
		strings.Compare(a.Kind, b.Kind),
		a.At.Compare(b.At),
		strings.Compare(a.Says, b.Says),
		strings.Compare(a.Link, b.Link),
		cmp.Compare(a.Severity, b.Severity))
}

func (s *Snapshot) reindex() {
	s.index, s.ofType = make(map[Key]int, len(s.Resources)), map[string][]*Resource{}
	for i := range s.Resources {
		r := &s.Resources[i]
		s.index[r.Key] = i
		s.ofType[r.Type] = append(s.ofType[r.Type], r)
	}
}

// Get finds a resource by its key. The snapshot must be sealed.
func (s *Snapshot) Get(k Key) (*Resource, bool) {
	i, ok := s.index[k]
	if !ok {
		return nil, false
	}
	return &s.Resources[i], true
}

// OfType lists the resources of one type, in key order.
func (s *Snapshot) OfType(typ string) []*Resource {
	return slices.Clip(s.ofType[typ])
}

// Has tells whether the account has a resource of a type in a Region ("" = anywhere it was looked for).
// Known: there is one. Absent: a call that lists the type was ok, in every Region that was asked. Else Unknown.
func (s *Snapshot) Has(typ, region string) State {
	for i := range s.Resources {
		if r := &s.Resources[i]; r.Type == typ && (region == "" || r.Region == region) {
			return Known
		}
	}
	state := Unknown
	for _, c := range s.Coverage {
		if !slices.Contains(c.Types, typ) || (region != "" && c.Region != "" && c.Region != region) {
			continue
		}
		if c.Gap() {
			return Unknown
		}
		state = Absent
	}
	return state
}

// Gaps lists every call that left something unseen.
func (s *Snapshot) Gaps() []Coverage {
	var out []Coverage
	for _, c := range s.Coverage {
		if c.Gap() {
			out = append(out, c)
		}
	}
	return out
}
