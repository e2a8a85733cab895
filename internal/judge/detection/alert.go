// Package detection tells whether what happens in an account is recorded, and whether a person hears of it: trails and their selectors, event patterns and metric
// filters, alarms and topics, and what GuardDuty watches. Sample events are followed along the way; each answer is yes, no, or unclear.
package detection

import (
	"slices"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Hearing is how surely something that happens reaches a person.
type Hearing uint8

const (
	Unsure  Hearing = iota // a part of the way was not read, or not understood
	Unheard                // nobody
	Handed                 // a function, a queue or another account gets it: somebody has to say that a person hears of it
	Heard                  // a person, or a chat channel or pager of theirs
)

// Word is whether something reaches a person, and how or why not.
type Word struct {
	Hearing
	Says string       // the way that counts
	Key  snapshot.Key // where that way begins
	Lost []string     // ways that end before anybody is reached
}

// or is the better of two ways: one that arrives is enough.
func (w Word) or(o Word) Word {
	rank := [...]int{Unheard: 0, Unsure: 1, Handed: 2, Heard: 3}
	if rank[o.Hearing] > rank[w.Hearing] || w.Says == "" {
		w.Hearing, w.Says, w.Key = o.Hearing, o.Says, o.Key
	}
	for _, l := range o.Lost {
		if !slices.Contains(w.Lost, l) {
			w.Lost = append(w.Lost, l)
		}
	}
	return w
}

func nobody(why string) Word {
	w := Word{Hearing: Unheard}
	if why != "" {
		w.Lost = []string{why}
	}
	return w
}

// via is a word that came over something.
func (w Word) via(says string, key snapshot.Key) Word {
	if w.Says != "" {
		w.Says, w.Key = says+" → "+w.Says, key
	}
	return w
}

// Alerts follows what happens in an account to whoever hears of it: from trails over log groups, metric filters and alarms, and from event buses over
// rules, to topics and their subscribers.
type Alerts struct {
	check.Case
	trails  []Trail
	samples map[string][]Happening   // by Region
	parsed  map[snapshot.Key]*Filter // nil: not understood
}

// AlertTypes are the types over which those ways lead.
func AlertTypes() []string {
	return []string{typTrail, typFilter, typAlarm, typComposite, typLogAlarm, typEventRule, typTopic, typDetector, typHub}
}

const (
	typTrail     = "AWS::CloudTrail::Trail"
	typFilter    = "AWS::Logs::MetricFilter"
	typAlarm     = "AWS::CloudWatch::Alarm"
	typComposite = "AWS::CloudWatch::CompositeAlarm"
	typLogAlarm  = "AWS::CloudWatch::LogAlarm"
	typEventRule = "AWS::Events::Rule"
	typTopic     = "AWS::SNS::Topic"
	typDetector  = "AWS::GuardDuty::Detector"
	typHub       = "AWS::SecurityHub::Hub"
)

// NewAlerts is ready to be asked.
func NewAlerts(c check.Case) *Alerts {
	return &Alerts{c, Trails(c), map[string][]Happening{}, map[snapshot.Key]*Filter{}}
}

const nothing = "nothing looks for it"

// Event tells who hears of an event in a Region: over CloudWatch, over EventBridge, or because GuardDuty tells the same.
func (a *Alerts) Event(s Sample, region string) Word {
	out := a.overLogs(s.Record, region)
	out = out.or(a.overBus(s, region))
	if s.Finding != "" {
		out = out.or(a.Finding(s.Finding, "2", region))
	}
	if out.Hearing == Unheard && out.Says == "" {
		out.Says = nothing
	}
	return out
}

// unseen makes what nobody hears of unread where a type was not listed in full.
func (a *Alerts) unseen(w Word, region string, types ...string) Word {
	if list := a.UnlistedIn(region, types...); w.Hearing == Unheard && len(list) > 0 {
		w.Hearing, w.Says = Unsure, list[0].Says
	}
	return w
}

// overLogs follows an event into the log group of a trail, and to what watches that.
func (a *Alerts) overLogs(record map[string]any, region string) Word {
	out := nobody("")
	for i := range a.trails {
		t := &a.trails[i]
		group, st := t.Property("CloudWatchLogsLogGroupArn")
		arn, _ := group.(string)
		told := t.Logging().And(t.Sees(region)).And(t.Records(record))
		switch {
		case st == snapshot.Absent || told == No:
			continue
		case st == snapshot.Unknown || told == Unclear:
			out = out.or(Word{Unsure, "not all of trail " + t.Name + " was read", t.Key, nil})
			continue
		}
		if why := t.Text("LatestCloudWatchLogsDeliveryError"); why != "" {
			out = out.or(nobody("trail " + t.Name + " cannot write to its log group: " + why))
			continue
		}
		part := strings.SplitN(arn, ":", 7)
		if len(part) < 7 {
			continue
		}
		name := strings.TrimSuffix(part[6], ":*")
		if part[4] != a.Snapshot.Account {
			out = out.or(Word{Handed, "trail " + t.Name + " writes to a log group of account " + part[4], t.Key, nil})
			continue
		}
		out = out.or(a.unseen(a.group(record, name, part[3]), part[3], typFilter, typAlarm, typComposite, typLogAlarm, typTopic))
	}
	if why := a.hiddenTrail(); out.Hearing == Unheard && why != "" {
		out.Hearing, out.Says = Unsure, why
	}
	return out
}

// hiddenTrail says why there may be a trail that was not seen: one of all Regions is read in its home alone.
func (a *Alerts) hiddenTrail() string {
	_, others := EnabledRegions(a.Case)
	if missed := append(a.Unlisted(typTrail), others...); len(missed) > 0 {
		return "a trail may be where nobody looked: " + missed[0].Says
	}
	return ""
}

// group follows an event from a log group over its metric filters, and over alarms that query the group itself.
func (a *Alerts) group(record map[string]any, name, region string) Word {
	out := nobody("")
	for _, f := range InRegion(a.Case, typFilter, region) {
		text, st := f.Property("FilterPattern")
		said, _ := text.(string)
		switch {
		case f.IsUnknown("LogGroupName"):
			st = snapshot.Unknown
		case f.Text("LogGroupName") != name:
			continue
		}
		if st == snapshot.Unknown {
			out = out.or(Word{Unsure, "the pattern of metric filter " + f.Name + " was not read", f.Key, nil})
			continue
		}
		parsed, seen := a.parsed[f.Key]
		if !seen {
			parsed, _ = ParseFilter(said)
			a.parsed[f.Key] = parsed
		}
		if parsed == nil {
			out = out.or(Word{Unsure, "the pattern of metric filter " + f.Name + " is not understood", f.Key, nil})
			continue
		}
		switch parsed.Matches(record) {
		case Yes:
			out = out.or(a.metric(f, region).via("metric filter "+f.Name, f.Key))
		case Unclear:
			out = out.or(Word{Unsure, "whether metric filter " + f.Name + " matches cannot be told", f.Key, nil})
		}
	}
	for _, l := range InRegion(a.Case, typLogAlarm, region) {
		groups, _ := l.Strings("ScheduledQueryConfiguration.LogGroupIdentifiers")
		if slices.ContainsFunc(groups, func(g string) bool { return g == name || strings.HasSuffix(strings.TrimSuffix(g, ":*"), ":"+name) }) {
			if w := a.actions(l); w.Hearing != Unheard {
				out = out.or(Word{Unsure, "what alarm " + l.Name + " looks for in the log is not understood", l.Key, nil})
			}
		}
	}
	return out
}

// metric follows the metrics that a filter counts to the alarms on them.
func (a *Alerts) metric(f *snapshot.Resource, region string) Word {
	list, st := f.Maps("MetricTransformations")
	if st == snapshot.Unknown {
		return Word{Unsure, "what it counts was not read", f.Key, nil}
	}
	out := nobody("")
	watched := false
	for _, m := range list {
		name, _ := m["MetricName"].(string)
		space, _ := m["MetricNamespace"].(string)
		value, _ := m["MetricValue"].(string)
		for _, x := range InRegion(a.Case, typAlarm, region) {
			stat, is := watches(x, name, space)
			if is == No {
				continue
			}
			watched = true
			switch is.And(fires(x, stat, value)) {
			case Yes:
				out = out.or(a.alarm(x))
			case No:
				out = out.or(nobody("alarm " + x.Name + " does not go off at one event"))
			default:
				if w := a.alarm(x); w.Hearing != Unheard {
					out = out.or(Word{Unsure, "whether alarm " + x.Name + " goes off at one event cannot be told", x.Key, nil})
				}
			}
		}
	}
	if !watched {
		return nobody("no alarm watches what metric filter " + f.Name + " counts")
	}
	return out
}

// watches tells whether an alarm is on a metric, and by which statistic. One that reckons with several metrics is unclear.
func watches(x *snapshot.Resource, name, space string) (stat string, is Truth) {
	if x.Text("MetricName") == name && x.Text("Namespace") == space {
		if dimensions, st := x.Maps("Dimensions"); st == snapshot.Unknown || len(dimensions) > 0 { // of which a filter may count some apart
			return x.Text("Statistic"), Unclear
		}
		return x.Text("Statistic"), Yes
	}
	queries, _ := x.Maps("Metrics")
	for _, q := range queries {
		s, _ := q["MetricStat"].(map[string]any)
		m, _ := s["Metric"].(map[string]any)
		if m["MetricName"] == name && m["Namespace"] == space {
			if stat, _ = s["Stat"].(string); len(queries) == 1 {
				return stat, Yes
			}
			return stat, Unclear
		}
	}
	for _, p := range []string{"MetricName", "Namespace", "Metrics"} {
		if x.IsUnknown(p) {
			return "", Unclear
		}
	}
	return "", No
}

// fires tells whether one counted event sets an alarm off.
// "Alarm evaluation", https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
func fires(x *snapshot.Resource, stat, value string) Truth {
	limit, st := x.Number("Threshold")
	op, known := map[string]string{"GreaterThanOrEqualToThreshold": ">=", "GreaterThanThreshold": ">", "LessThanThreshold": "<", "LessThanOrEqualToThreshold": "<="}[x.Text("ComparisonOperator")]
	counted, err := strconv.ParseFloat(value, 64)
	if st != snapshot.Known || !known || err != nil || !slices.Contains([]string{"Sum", "Maximum", "Average", "Minimum", "SampleCount"}, stat) {
		return Unclear
	}
	if stat == "SampleCount" {
		counted = 1
	}
	cmp := 0
	if counted < limit {
		cmp = -1
	} else if counted > limit {
		cmp = 1
	}
	needed, st := x.Number("DatapointsToAlarm")
	if st == snapshot.Absent {
		needed, st = x.Number("EvaluationPeriods")
	}
	switch {
	case !ordered(op, cmp):
		return No
	case st == snapshot.Unknown || x.IsUnknown("TreatMissingData"):
		return Unclear
	case needed <= 1:
		return Yes
	case x.Text("TreatMissingData") == "notBreaching":
		return No
	}
	return Unclear // it may go off before enough periods are there
}

// alarm follows an alarm to whom it tells, by itself or in a composite alarm.
func (a *Alerts) alarm(x *snapshot.Resource) Word {
	out := a.actions(x)
	for _, y := range InRegion(a.Case, typComposite, x.Region) {
		text := y.Text("AlarmRule")
		switch {
		case y.IsUnknown("AlarmRule"):
			out = out.or(Word{Unsure, "the rule of alarm " + y.Name + " was not read", y.Key, nil})
		case !strings.Contains(text, x.Name):
		default:
			w := a.actions(y)
			if w.Hearing != Unheard && !anyOf(text, x) {
				w = Word{Unsure, "whether alarm " + y.Name + " follows cannot be told", y.Key, nil}
			}
			out = out.or(w)
		}
	}
	return out.via("alarm "+x.Name, x.Key)
}

// anyOf tells whether the rule of a composite alarm is ALARM(x), perhaps OR others.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
func anyOf(rule string, x *snapshot.Resource) bool {
	found := false
	for part := range strings.SplitSeq(rule, " OR ") {
		in, ok := strings.CutPrefix(strings.TrimSpace(part), "ALARM(")
		in, end := strings.CutSuffix(in, ")")
		in = strings.Trim(strings.TrimSpace(in), `"'`)
		if !ok || !end || strings.ContainsAny(in, `()"' `) {
			return false
		}
		found = found || in == x.Name || in == string(x.Key)
	}
	return found
}

// actions follows what an alarm does to whom it tells.
func (a *Alerts) actions(x *snapshot.Resource) Word {
	list, st := x.Strings("AlarmActions")
	on, ost := x.Flag("ActionsEnabled")
	switch {
	case st == snapshot.Unknown || ost == snapshot.Unknown:
		return Word{Unsure, "whom alarm " + x.Name + " tells was not read", x.Key, nil}
	case ost == snapshot.Known && !on: // they are on where nothing is said
		return nobody("the actions of alarm " + x.Name + " are switched off")
	case len(list) == 0:
		return nobody("alarm " + x.Name + " tells nobody")
	}
	out := nobody("")
	for _, arn := range list {
		out = out.or(a.listener(arn, publisher{"cloudwatch.amazonaws.com", string(x.Key), ""}, 0, nil))
	}
	return out
}

// overBus follows an event over the event bus of its Region, which gets it when a trail logs it.
func (a *Alerts) overBus(s Sample, region string) Word {
	w := a.bus(s.envelope(), "default", region, 0)
	if w.Hearing == Unheard {
		return w
	}
	told := some(a.trails, func(t Trail) Truth { return t.Logging().And(t.Sees(region)).And(t.Records(s.Record)) })
	if told == No && a.hiddenTrail() != "" {
		told = Unclear
	}
	switch told {
	case No:
		return nobody("EventBridge gets no such event, since no trail logs it")
	case Unclear:
		return Word{Unsure, "whether a trail logs it, which EventBridge needs, was not read", "", w.Lost}
	}
	return w
}

// Finding tells who hears of a finding of GuardDuty in a Region.
func (a *Alerts) Finding(typ, severity, region string) Word {
	on := some(InRegion(a.Case, typDetector, region), func(d *snapshot.Resource) Truth { return flag(d, "Enable") })
	if on == No && !a.Listed(typDetector, region) {
		on = Unclear
	}
	if on == No {
		return nobody("")
	}
	w := a.bus(finding(a.Snapshot.Account, region, typ, severity), "default", region, 0)
	if len(InRegion(a.Case, typHub, region)) > 0 {
		w = w.or(a.bus(imported(a.Snapshot.Account, region, typ, severity), "default", region, 0))
	} else if w.Hearing == Unheard {
		w = a.unseen(w, region, typHub)
	}
	if w.Hearing != Unheard && on == Unclear {
		return Word{Unsure, "whether GuardDuty is on in " + region + " was not read", "", w.Lost}
	}
	return w.via("GuardDuty finding", "")
}

// mostBuses bounds how often an event is passed on: two buses may send each other their events.
const mostBuses = 3

// bus follows an event over the rules of an event bus.
func (a *Alerts) bus(e map[string]any, name, region string, hops int) Word {
	out := nobody("")
	for _, r := range InRegion(a.Case, typEventRule, region) {
		on := r.Text("EventBusName")
		on = on[strings.LastIndexByte(on, '/')+1:]
		if on == "" {
			on = "default"
		}
		unread := r.IsUnknown("EventBusName") || r.IsUnknown("State")
		if on != name && !r.IsUnknown("EventBusName") || r.Text("State") == "DISABLED" {
			continue
		}
		pattern, st := r.Property("EventPattern")
		if st == snapshot.Absent { // it has a schedule
			continue
		}
		matches := Unclear
		if st == snapshot.Known {
			matches = Matches(pattern, e)
		}
		if matches == No {
			continue
		}
		w := a.targets(r, e, hops)
		if matches == Unclear && w.Hearing != Unheard {
			w = Word{Unsure, "whether rule " + r.Name + " matches cannot be told", r.Key, w.Lost}
		}
		if unread && w.Hearing != Unheard {
			w = Word{Unsure, "whether rule " + r.Name + " is on was not read", r.Key, w.Lost}
		}
		out = out.or(w.via("rule "+r.Name, r.Key))
	}
	return a.unseen(out, region, typEventRule)
}

func (a *Alerts) targets(r *snapshot.Resource, e map[string]any, hops int) Word {
	if strings.HasPrefix(r.Text("ManagedBy"), "notifications.") {
		return Word{Handed, "AWS User Notifications, whose addresses no scan reads", r.Key, nil}
	}
	list, st := r.Maps("Targets")
	switch {
	case st == snapshot.Unknown:
		return Word{Unsure, "the targets of rule " + r.Name + " were not read", r.Key, nil}
	case len(list) == 0:
		return nobody("rule " + r.Name + " has no target")
	}
	out := nobody("")
	for _, t := range list {
		arn, _ := t["Arn"].(string)
		role, _ := t["RoleArn"].(string)
		out = out.or(a.listener(arn, publisher{"events.amazonaws.com", string(r.Key), role}, hops, e))
	}
	return out
}
