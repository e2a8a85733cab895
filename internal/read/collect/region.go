package collect

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

// regions decides where to look. It returns those that were asked for and are switched off.
// If AWS does not tell its Regions, the ones that were asked for (or the configured one) are tried, and the gap is recorded.
func (r *run) regions(ctx context.Context, asked []string) (off []string, _ error) {
	all, err := service.Regions(ctx, r.scope(job{service.Start(), ""}))
	if ctx.Err() != nil {
		return nil, interrupted(ctx)
	}
	if err != nil {
		r.maybeOff = true
		r.unlisted(err)
		r.snapshot.Regions = slices.Clone(asked)
		if len(asked) == 0 {
			r.snapshot.Regions = []string{r.wire.Home()}
		}
		slices.Sort(r.snapshot.Regions)
		r.snapshot.Regions = slices.Compact(r.snapshot.Regions)
		return nil, nil
	}
	r.known = all
	enabled := map[string]bool{}
	var names []string
	for _, x := range all {
		enabled[x.Name] = x.Enabled()
		names = append(names, x.Name)
		if len(asked) == 0 && x.Enabled() {
			r.snapshot.Regions = append(r.snapshot.Regions, x.Name)
		}
	}
	for _, name := range asked {
		on, exists := enabled[name]
		switch {
		case !exists:
			return nil, fault.Input("the Regions are "+strings.Join(names, ", "), "there is no Region %q", name)
		case on && !slices.Contains(r.snapshot.Regions, name):
			r.snapshot.Regions = append(r.snapshot.Regions, name)
		case !on:
			off = append(off, name)
		}
	}
	slices.Sort(r.snapshot.Regions)
	r.others(all)
	return off, nil
}

// others says that enabled Regions were not looked at, where a scan was told to look at some alone. It names no types: what is said of
// the account is then said of these Regions, as whoever asked for them wanted, and the gap stands beside it.
func (r *run) others(all []service.Region) {
	left := 0
	for _, x := range all {
		if x.Enabled() && !slices.Contains(r.snapshot.Regions, x.Name) {
			left++
		}
	}
	if left > 0 {
		r.snapshot.Coverage = append(r.snapshot.Coverage, snapshot.Coverage{Service: "ec2", Region: elsewhere, Call: service.DescribeRegions,
			Outcome: snapshot.NotAsked, Reason: fmt.Sprintf("the scan was told to leave out %d other enabled Regions", left)})
	}
}

// elsewhere is the Region of a gap that is about every Region but those that were looked at.
const elsewhere = "*"

// unlisted records that there may be Regions which nobody looked at: nothing regional is absent from the account as a whole.
func (r *run) unlisted(err error) {
	outcome, reason := wire.Outcome(err, false)
	gap := snapshot.Coverage{Service: "ec2", Region: elsewhere, Call: service.DescribeRegions, Outcome: outcome, Reason: reason}
	for _, s := range service.All() {
		for _, c := range s.Calls {
			if !s.Global {
				gap.Types = append(gap.Types, c.Types...)
			}
		}
	}
	r.snapshot.Coverage = append(r.snapshot.Coverage, gap)
}

// leaveOut records what is not looked at: Regions that are off (nothing is there), and services that were not asked for (a gap).
func (r *run) leaveOut(all []service.Service, only, off []string) {
	for _, s := range all {
		if !s.Global {
			for _, region := range off {
				r.note(s, region, snapshot.NotEnabled, "the Region "+region+" is not enabled for the account")
			}
		}
		if chosen(s, only) {
			continue
		}
		regions := r.snapshot.Regions
		if s.Global {
			regions = []string{""}
		}
		for _, region := range regions {
			r.note(s, region, snapshot.NotAsked, "the scan was told to leave out "+s.Name)
		}
	}
}

func (r *run) note(s service.Service, region, outcome, reason string) {
	x := r.scope(job{s, region})
	x.Close(outcome, reason)
	_, coverage, _ := x.Result()
	r.snapshot.Coverage = append(r.snapshot.Coverage, coverage...)
}

func chosen(s service.Service, only []string) bool {
	return len(only) == 0 || slices.Contains(only, s.Name)
}

func known(only []string, all []service.Service) error {
	var names []string
	for _, s := range all {
		if finds(s) {
			names = append(names, s.Name)
		}
	}
	slices.Sort(names)
	for _, name := range only {
		if !slices.Contains(names, name) {
			return fault.Input("the services are "+strings.Join(names, ", "), "%s", fmt.Sprintf("there is no service %q to scan", name))
		}
	}
	return nil
}
