package detection

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Trail is one trail of CloudTrail: one of the account, or one of its organisation that records the account too.
type Trail struct {
	*snapshot.Resource
	selectors []selector
	unread    bool // which events it records was not read
}

// selector is one event selector, classic or advanced, as conditions on fields: all must hold.
type selector []condition

type condition struct {
	field                         string
	equals, starts, ends          []string // one of all of these
	notEquals, notStarts, notEnds []string // none of these
}

// Trails are the trails that record the account.
func Trails(c check.Case) []Trail {
	var out []Trail
	for _, r := range c.Snapshot.OfType("AWS::CloudTrail::Trail") {
		t := Trail{Resource: r}
		t.read()
		out = append(out, t)
	}
	return out
}

// read turns the selectors of a trail into one form. A trail without any records all management events.
// "PutEventSelectors", https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
func (t *Trail) read() {
	classic, cst := t.Maps("EventSelectors")
	advanced, ast := t.Maps("AdvancedEventSelectors")
	if cst == snapshot.Unknown || ast == snapshot.Unknown {
		t.unread = true
		return
	}
	if len(classic)+len(advanced) == 0 {
		classic = []map[string]any{{}}
	}
	for _, m := range classic {
		t.selectors = append(t.selectors, fromClassic(m)...)
	}
	for _, m := range advanced {
		t.selectors = append(t.selectors, fromAdvanced(m))
	}
}

func texts(v any) (out []string) {
	for _, x := range listed(v) {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func fromClassic(m map[string]any) (out []selector) {
	var kind []condition
	switch m["ReadWriteType"] {
	case "ReadOnly":
		kind = []condition{{field: "readOnly", equals: []string{"true"}}}
	case "WriteOnly":
		kind = []condition{{field: "readOnly", equals: []string{"false"}}}
	}
	if on, said := m["IncludeManagementEvents"].(bool); on || !said {
		s := append(selector{{field: "eventCategory", equals: []string{"Management"}}}, kind...)
		if without := texts(m["ExcludeManagementEventSources"]); len(without) > 0 {
			s = append(s, condition{field: "eventSource", notEquals: without})
		}
		out = append(out, s)
	}
	for _, d := range listed(m["DataResources"]) {
		d, ok := d.(map[string]any)
		if !ok {
			continue
		}
		for _, v := range texts(d["Values"]) {
			if strings.HasSuffix(v, ":s3") { // "arn:aws:s3" means every bucket
				v += ":::"
			}
			s := append(selector{{field: "eventCategory", equals: []string{"Data"}}, {field: "resources.type", equals: texts(d["Type"])},
				{field: "resources.ARN", starts: []string{v}}}, kind...)
			out = append(out, s)
		}
	}
	return out
}

func fromAdvanced(m map[string]any) (out selector) {
	for _, f := range listed(m["FieldSelectors"]) {
		f, ok := f.(map[string]any)
		if !ok {
			continue
		}
		name, _ := f["Field"].(string)
		out = append(out, condition{name, texts(f["Equals"]), texts(f["StartsWith"]), texts(f["EndsWith"]),
			texts(f["NotEquals"]), texts(f["NotStartsWith"]), texts(f["NotEndsWith"])})
	}
	return out
}

func (x *condition) holds(v string) bool {
	begins := func(p string) bool { return strings.HasPrefix(v, p) }
	stops := func(p string) bool { return strings.HasSuffix(v, p) }
	wanted := len(x.equals)+len(x.starts)+len(x.ends) == 0 ||
		slices.Contains(x.equals, v) || slices.ContainsFunc(x.starts, begins) || slices.ContainsFunc(x.ends, stops)
	return wanted && !slices.Contains(x.notEquals, v) && !slices.ContainsFunc(x.notStarts, begins) && !slices.ContainsFunc(x.notEnds, stops)
}

// covers tells whether all text that begins so meets the condition.
func (x *condition) covers(prefix string) bool {
	touches := func(p string) bool { return strings.HasPrefix(prefix, p) || strings.HasPrefix(p, prefix) }
	begins := func(p string) bool { return strings.HasPrefix(prefix, p) }
	return len(x.equals)+len(x.ends)+len(x.notEnds) == 0 && (len(x.starts) == 0 || slices.ContainsFunc(x.starts, begins)) &&
		!slices.ContainsFunc(x.notEquals, touches) && !slices.ContainsFunc(x.notStarts, touches)
}

// Management tells whether a trail records all management events of a kind, reading or writing ones, and which sources it leaves out.
func (t *Trail) Management(reading bool) (covered Truth, without []string) {
	if t.unread {
		return Unclear, nil
	}
	covered = No
next:
	for _, s := range t.selectors {
		var left []string
		management := false
		for i := range s {
			x := &s[i]
			switch {
			case x.field == "eventCategory":
				management = x.holds("Management")
			case x.field == "readOnly":
				if !x.holds(onOff(reading)) {
					continue next
				}
			case x.field == "eventSource" && len(x.equals)+len(x.starts)+len(x.ends)+len(x.notStarts)+len(x.notEnds) == 0:
				left = append(left, x.notEquals...)
			default:
				continue next // it records a part of them
			}
		}
		if management && (covered == No || len(left) < len(without)) {
			covered, without = Yes, left
		}
	}
	return covered, without
}

func onOff(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// Objects tells whether a trail records the reading, or the writing, of every object in a bucket.
func (t *Trail) Objects(bucket string, reading bool) Truth {
	if t.unread {
		return Unclear
	}
	return some(t.selectors, func(s selector) Truth {
		data := false
		for i := range s {
			x := &s[i]
			var ok bool
			switch x.field {
			case "eventCategory":
				data = x.holds("Data")
				ok = data
			case "readOnly":
				ok = x.holds(onOff(reading))
			case "resources.type":
				ok = x.holds("AWS::S3::Object")
			case "resources.ARN":
				ok = x.covers(bucket + "/")
			case "eventSource":
				ok = x.holds("s3.amazonaws.com")
			}
			if !ok {
				return No
			}
		}
		return truth(data)
	})
}

// Recorded tells whether a trail that is on and can write, and looks at the bucket's Region, records the reading or writing of its objects.
func Recorded(trails []Trail, b *snapshot.Resource, reading bool) Truth {
	out := No
	for i := range trails {
		t := &trails[i]
		delivers, _ := t.Delivers()
		got := []Truth{t.Logging(), delivers, t.Sees(b.Region), t.Objects(string(b.Key), reading)}
		switch {
		case slices.Contains(got, No):
		case slices.Contains(got, Unclear):
			out = Unclear
		default:
			return Yes
		}
	}
	return out
}

// Records tells whether a trail records one management event, given as CloudTrail writes it.
func (t *Trail) Records(event map[string]any) Truth {
	if t.unread {
		return Unclear
	}
	text := func(m map[string]any, name string) string { s, _ := m[name].(string); return s }
	who, _ := event["userIdentity"].(map[string]any)
	reading, _ := event["readOnly"].(bool)
	has := map[string]string{"eventCategory": "Management", "readOnly": onOff(reading), "eventSource": text(event, "eventSource"),
		"eventName": text(event, "eventName"), "eventType": text(event, "eventType"), "userIdentity.arn": text(who, "arn")}
	return some(t.selectors, func(s selector) Truth {
		out := Yes
		for i := range s {
			v, known := has[s[i].field]
			if !known {
				out = out.And(Unclear)
				continue
			}
			out = out.And(truth(s[i].holds(v)))
		}
		return out
	})
}

// Sees tells whether a trail looks at a Region: one of all Regions, or of that one.
func (t *Trail) Sees(region string) Truth {
	if t.Region == region {
		return Yes
	}
	return flag(t.Resource, "IsMultiRegionTrail")
}

// Logging tells whether a trail is on.
func (t *Trail) Logging() Truth { return flag(t.Resource, "IsLogging") }

// Delivers tells whether what a trail records arrived in its bucket the last time; else why not.
func (t *Trail) Delivers() (Truth, string) {
	if t.IsUnknown("LatestDeliveryError") {
		return Unclear, ""
	}
	why := t.Text("LatestDeliveryError")
	return truth(why == ""), why
}

// flag is a switch of a resource; one that is not set is off.
func flag(r *snapshot.Resource, name string) Truth {
	on, st := r.Flag(name)
	if st == snapshot.Unknown {
		return Unclear
	}
	return truth(on)
}
