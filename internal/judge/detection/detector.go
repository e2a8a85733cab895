package detection

import (
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Watch is whether something that is switched on Region by Region is on in one.
type Watch struct {
	Region  string
	On      Truth
	Absent  bool   // it is not offered there, or the Region is not enabled
	Why     string // why not, or what was not read
	Used    bool   // something of the account is in the Region, or may be
	Watcher *snapshot.Resource
}

// Watches tells of each enabled Region whether a resource of a type is there and on. on judges one; several may be in a Region.
func Watches(c check.Case, typ, none string, on func(*snapshot.Resource) (Truth, string)) (list []Watch, others []check.Evidence) {
	regions, others := EnabledRegions(c)
	for _, region := range regions {
		all, _ := fact.LookedAt(c, region)
		w := Watch{Region: region, On: No, Why: none, Used: !all || fact.In(c, region) > 0}
		for _, r := range InRegion(c, typ, region) {
			is, why := on(r)
			if w.Watcher == nil || w.On == No || is == Yes {
				w.On, w.Why, w.Watcher = is, why, r
			}
		}
		if list := c.UnlistedIn(region, typ); w.On != Yes && len(list) > 0 {
			w.On, w.Why = Unclear, list[0].Says
		}
		w.Absent = w.Watcher == nil && Off(c, typ, region)
		list = append(list, w)
	}
	return list, others
}

// Detector tells whether a detector of GuardDuty looks: one may be there and suspended.
func Detector(d *snapshot.Resource) (Truth, string) {
	switch on := flag(d, "Enable"); on {
	case Yes:
		return Yes, ""
	case No:
		return No, "detector " + d.Name + " is suspended"
	}
	return Unclear, "whether detector " + d.Name + " is on was not read"
}
