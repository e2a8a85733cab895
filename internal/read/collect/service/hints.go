package service

import (
	"maps"
	"slices"
	"sync"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Hints are types that a scan came across and that no collector lists, Region by Region. Collectors add to them, and the one that runs
// last asks for them. A nil *Hints takes and has none.
type Hints struct {
	listed map[string]bool

	mu      sync.Mutex
	regions map[string]map[string]bool
}

// NewHints knows what the collectors list by themselves.
func NewHints(all []Service) *Hints {
	h := &Hints{listed: map[string]bool{}, regions: map[string]map[string]bool{}}
	for _, s := range all {
		for _, c := range s.Calls {
			for _, typ := range c.Types {
				h.listed[typ] = true
			}
		}
	}
	return h
}

// Add says that a Region may hold a resource of a CloudFormation type.
func (h *Hints) Add(region, typ string) {
	if h == nil || !asType.MatchString(typ) || h.listed[typ] || toldElsewhere(typ) {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.regions[region] == nil {
		h.regions[region] = map[string]bool{}
	}
	h.regions[region][typ] = true
}

// From takes the hints in resources that were read: what a stack made. A scan that goes on where another ended has them too.
func (h *Hints) From(resources []snapshot.Resource) {
	for i := range resources {
		if r := &resources[i]; r.Type == "AWS::CloudFormation::Stack" {
			made, _ := r.Maps("Resources")
			for _, m := range made {
				typ, _ := m["ResourceType"].(string)
				h.Add(r.Region, typ)
			}
		}
	}
}

// types are those of a Region, in order.
func (h *Hints) types(region string) []string {
	if h == nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Sorted(maps.Keys(h.regions[region]))
}
