package detection

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Row is whether somebody hears of one kind of events, wherever they may happen.
type Row struct {
	Happening
	Outcome  check.Outcome // Fail: nobody; Manual: a machine gets them, and somebody has to say that a person hears
	Line     string        // one sentence without a full stop
	In       string        // " in us-east-1", where it is not so everywhere
	Evidence []check.Evidence
}

// Outcome is what a word comes to.
func (w Word) Outcome() check.Outcome {
	return [...]check.Outcome{Unsure: check.Unknown, Unheard: check.Fail, Handed: check.Manual, Heard: check.Pass}[w.Hearing]
}

// told is one event in one Region.
type told struct {
	event, region string
	Word
}

// Hears judges one kind of samples.json: each of its events, in each Region in which it may happen.
func (a *Alerts) Hears(name string) Row {
	regions, others := EnabledRegions(a.Case)
	seat := Seat(a.Case)
	if !slices.Contains(regions, seat) {
		regions = append(slices.Clone(regions), seat)
	}
	if len(others) > 0 {
		regions = append(slices.Clone(regions), everywhere)
	}
	out := Row{Outcome: check.NotApplicable}
	var list []told
	for _, region := range regions {
		for _, k := range a.kinds(region) {
			if k.Name != name {
				continue
			}
			out.Happening = k
			for i := range k.Samples {
				s := &k.Samples[i]
				if s.Seat && region != seat {
					continue
				}
				w := a.Event(*s, region)
				list = append(list, told{s.Name(), region, w})
				out.Outcome = out.Outcome.And(w.Outcome())
			}
		}
	}
	out.tell(list)
	return out
}

// kinds are the sample events of a Region, read once.
func (a *Alerts) kinds(region string) []Happening {
	if a.samples[region] == nil {
		list, err := Happenings(a.Case, region)
		if err != nil { // the file is part of the program, and a test reads it
			return nil
		}
		a.samples[region] = list
	}
	return a.samples[region]
}

// tell says what decided: the events, the Regions unless all, and why.
func (r *Row) tell(list []told) {
	var events, where, why, all []string
	add := func(l *[]string, s string) {
		if s != "" && !slices.Contains(*l, s) {
			*l = append(*l, s)
		}
	}
	for _, x := range list {
		region := x.region
		if region == everywhere {
			region = "Regions that were not looked at"
		}
		add(&all, region)
		if x.Outcome() != r.Outcome {
			continue
		}
		add(&events, x.event)
		add(&where, region)
		if add(&why, x.Says); x.Hearing == Unheard {
			for _, l := range x.Lost {
				add(&why, l)
			}
		}
		r.Evidence = append(r.Evidence, check.Evidence{Key: x.Key, Outcome: r.Outcome, Says: x.event + " in " + region + ": " + strings.Join(append([]string{x.Says}, x.Lost...), "; ")})
	}
	r.Evidence = shortened(r.Evidence)
	if len(why) > 1 {
		why = slices.DeleteFunc(why, func(s string) bool { return s == nothing })
	}
	in := ""
	if len(where) < len(all) {
		r.In = " in " + check.Few(where)
		in = r.In
	}
	if len(events) > 0 && len(events) < len(r.Samples) {
		in = " (" + check.Few(events) + ")" + in
	}
	switch r.Outcome {
	case check.Fail:
		r.Line = "nobody hears of " + r.Says + in + ": " + check.Few(why)
	case check.Unknown:
		r.Line = "whether somebody hears of " + r.Says + in + " is not known: " + check.Few(why)
	case check.Manual:
		r.Line = "of " + r.Says + in + " hears only " + check.Few(why) + "; whether a person does somebody has to say"
	default:
		r.Line = "a person hears of " + r.Says + " over " + check.Few(why)
	}
}

// shortened keeps a page of evidence: what is alike in every Region is told of the first ones.
func shortened(list []check.Evidence) []check.Evidence {
	const most = 12
	if n := len(list); n > most {
		return append(list[:most:most], check.Evidence{Outcome: list[0].Outcome, Says: check.Count(n-most, "more event", "more events")})
	}
	return list
}

// RootKeys tells whether root has access keys.
func RootKeys(c check.Case) Truth {
	sums := c.Snapshot.OfType("AWS::IAM::AccountSummary")
	if len(sums) == 0 {
		return Unclear
	}
	n, st := sums[0].Number("AccountAccessKeysPresent")
	if st != snapshot.Known {
		return Unclear
	}
	return truth(n > 0)
}
