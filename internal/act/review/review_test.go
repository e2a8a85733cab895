package review

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/threatmodel"
)

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// TestSchedule: the day of the signature counts, whatever the hour; the due day itself is not late.
func TestSchedule(t *testing.T) {
	s := On(&threatmodel.Model{}, []Signed{{Account: ours, At: time.Date(2026, 9, 1, 23, 59, 0, 0, time.UTC)}}, ours)
	if due, ok := s.Due(); !ok || s.Days != 90 || !due.Equal(date("2026-11-30")) {
		t.Errorf("due %s, every %d days", due, s.Days)
	}
	for day, want := range map[string]bool{"2026-09-01": false, "2026-11-30": false, "2026-12-01": true} {
		if got := s.Overdue(date(day).Add(23 * time.Hour)); got != want {
			t.Errorf("%s: overdue %t", day, got)
		}
	}
	s = On(&threatmodel.Model{Review: threatmodel.Review{Days: 7}}, []Signed{{Account: ours, At: date("2026-09-01")}}, ours)
	if due, _ := s.Due(); !due.Equal(date("2026-09-08")) {
		t.Errorf("every week: due %s", due)
	}
	s = On(&threatmodel.Model{}, nil, ours)
	if _, ok := s.Due(); ok || s.Overdue(date("2030-01-01")) {
		t.Error("a review that nobody signed is overdue")
	}
}

func TestEndings(t *testing.T) {
	m := &threatmodel.Model{
		Overrides:    []threatmodel.Override{{Target: threatmodel.Target{ID: "db", Access: "read"}, Until: "2026-12-24", Said: threatmodel.Said{By: "ana", Reason: "vpn", Line: 7}}},
		Waivers:      []threatmodel.Waiver{{Threat: "T-1", Until: "2026-11-22"}, {Objective: "CO-1", Until: "2026-11-23"}, {Rule: "R-1", Target: threatmodel.Target{ID: "db"}, Until: "2027-02-22"}},
		Exceptions:   []threatmodel.Exception{{From: "dev", To: "prod", Action: "s3:GetObject", Until: "2026-12-01"}},
		Attestations: []threatmodel.Attestation{{Rule: "SEC-2", Until: "2026-11-30"}, {Rule: "SEC-9"}},
	}
	var got []string
	for _, e := range Endings(m, date("2026-11-23").Add(20*time.Hour), 90) {
		s := e.Until.Format(time.DateOnly) + " " + e.Kind + " " + e.About
		if e.Ended {
			s += " ended"
		}
		got = append(got, s)
	}
	want := []string{"2026-11-22 waiver T-1 ended", "2026-11-23 waiver CO-1", "2026-11-30 attestation SEC-2", "2026-12-01 exception dev → prod: s3:GetObject", "2026-12-24 override db:read"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if e := Endings(m, date("2026-12-24"), 0); len(e) != 5 || e[4].Ended || e[4].Line != 7 || e[4].By != "ana" || e[4].Reason != "vpn" {
		t.Errorf("%+v", e)
	}
}

// A scan that looked at fewer Regions proves nothing of those that it left out.
func TestFollowByRegions(t *testing.T) {
	m := &threatmodel.Model{Mitigations: []threatmodel.Mitigation{{ID: "M-1"}}}
	for now, want := range map[string]string{"eu-west-1 us-east-1": Proven, "ap-south-1 eu-west-1 us-east-1": Proven, "eu-west-1": Unproven, "": Unproven} {
		moments := []Moment{{Ways: map[string]int{"M-1": 1}, Regions: []string{"eu-west-1", "us-east-1"}}, {Ways: map[string]int{}, Regions: strings.Fields(now)}}
		if got := Follow(m, moments)[0].State; got != want {
			t.Errorf("by %q: %s, want %s", now, got, want)
		}
	}
}

// TestFollow: what became of a mitigation, by the ways that scans saw. A scan that sees less proves nothing.
func TestFollow(t *testing.T) {
	m := &threatmodel.Model{Mitigations: []threatmodel.Mitigation{{ID: "M-1", Say: "close it", Status: "planned"}}}
	for name, c := range map[string]struct {
		ways  []int
		gaps  [][]string
		state string
		since int
	}{
		"no scan":                      {nil, nil, NoEffect, -1},
		"never anything":               {[]int{0, 0, 0}, nil, NoEffect, 0},
		"there":                        {[]int{0, 3, 2}, nil, Projected, 1},
		"gone":                         {[]int{3, 0, 0}, nil, Proven, 1},
		"back":                         {[]int{3, 0, 0, 1}, nil, Regressed, 3},
		"back, and there still":        {[]int{3, 0, 1, 1}, nil, Regressed, 2},
		"back, and gone again":         {[]int{3, 0, 1, 0}, nil, Proven, 3},
		"gone, or not seen":            {[]int{3, 0}, [][]string{{}, {"iam:ListUsers"}}, Unproven, 1},
		"not seen, and there":          {[]int{3, 0, 3}, [][]string{{}, {"iam:ListUsers"}, {}}, Projected, 2},
		"not seen, and seen":           {[]int{3, 0, 0}, [][]string{{}, {"iam:ListUsers"}, {}}, Proven, 2},
		"gone, with a gap as before":   {[]int{3, 0}, [][]string{{"sns:ListTopics"}, {"sns:ListTopics"}}, Proven, 1},
		"gone, with fewer gaps":        {[]int{3, 0}, [][]string{{"a", "b"}, {"b"}}, Proven, 1},
		"gone, and then less was seen": {[]int{3, 0, 0}, [][]string{{}, {}, {"a"}}, Unproven, 2},
		"less seen, and back":          {[]int{3, 0, 0, 1}, [][]string{{}, {}, {"a"}, {}}, Regressed, 3},
	} {
		var moments []Moment
		for i, n := range c.ways {
			x := Moment{Taken: date("2026-01-01").AddDate(0, 0, i), Ways: map[string]int{"M-1": n}}
			if c.gaps != nil {
				x.Gaps = c.gaps[i]
			}
			moments = append(moments, x)
		}
		want := Followed{ID: "M-1", Say: "close it", Status: "planned", State: c.state}
		if c.since >= 0 {
			want.Since, want.Ways = moments[c.since].Taken, c.ways[len(c.ways)-1]
		}
		if got := Follow(m, moments); !reflect.DeepEqual(got, []Followed{want}) {
			t.Errorf("%s: %+v, want %+v", name, got[0], want)
		}
	}
}
