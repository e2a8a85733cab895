package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/catalog/listing"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Call is one API operation that a verdict rests on, and what came of it.
type Call struct {
	Operation string // "iam:GetAccountAuthorizationDetails"
	Outcome   string // of snapshot.Coverage
	Times     int    // in how many Regions, or of how many resources
}

// Calls lists what was asked of AWS to learn of resource types, sorted.
func (c Case) Calls(types ...string) []Call {
	at := map[Call]int{}
	for _, v := range c.Snapshot.Coverage {
		if slices.ContainsFunc(v.Types, func(t string) bool { return slices.Contains(types, t) }) {
			at[Call{Operation: v.Call, Outcome: v.Outcome}]++
		}
	}
	for _, v := range c.Snapshot.Coverage {
		if r, ok := c.Snapshot.Get(v.Resource); ok && len(v.Types) == 0 && slices.Contains(types, r.Type) {
			at[Call{Operation: v.Call, Outcome: v.Outcome}]++
		}
	}
	out := make([]Call, 0, len(at))
	for call, n := range at {
		call.Times = n
		out = append(out, call)
	}
	slices.SortFunc(out, func(a, b Call) int {
		return cmp.Or(strings.Compare(a.Operation, b.Operation), strings.Compare(a.Outcome, b.Outcome))
	})
	return out
}

// silence is an operation that did not tell all, in some Regions, with the types that it would have listed.
type silence struct {
	call, outcome  string
	types, regions []string
}

// Unlisted is what cannot be said of resource types that were not listed in full: one piece of evidence, and one sentence, an operation and outcome.
// Nothing of such a type may be called absent.
func (c Case) Unlisted(types ...string) []Evidence { return c.unlisted("", types) }

// UnlistedIn is Unlisted of one Region.
func (c Case) UnlistedIn(region string, types ...string) []Evidence {
	return c.unlisted(region, types)
}

// everywhere is the Region of a gap about every Region but those that were looked at.
const everywhere = "*"

func (c Case) unlisted(in string, types []string) []Evidence {
	var list []*silence
	var out []Evidence // nil where all was listed
	tell := func(call, outcome, region, typ string) {
		at := slices.IndexFunc(list, func(s *silence) bool { return s.call == call && s.outcome == outcome })
		if at < 0 {
			at, list = len(list), append(list, &silence{call: call, outcome: outcome})
		}
		s := list[at]
		if !slices.Contains(s.types, typ) {
			s.types = append(s.types, typ)
		}
		if !slices.Contains(s.regions, region) {
			s.regions = append(s.regions, region)
		}
	}
	for _, typ := range types {
		asked := false
		for _, v := range c.Snapshot.Coverage {
			if !slices.Contains(v.Types, typ) || in != "" && v.Region != "" && v.Region != in && (v.Region != everywhere || slices.Contains(c.Snapshot.Regions, in)) {
				continue
			}
			asked = true
			switch {
			case !v.Gap():
			case strings.HasPrefix(v.Reason, "the credential report "): // it came, and was too old or not whole
				out = append(out, Evidence{Says: v.Reason})
			default:
				tell(v.Call, v.Outcome, v.Region, typ)
			}
		}
		if asked || in == "" && len(c.Snapshot.OfType(typ)) > 0 {
			continue
		}
		call := ""
		if calls := listing.Calls(typ); len(calls) > 0 {
			call = calls[0]
		}
		tell(call, snapshot.NotAsked, in, typ)
	}
	for _, s := range list {
		out = append(out, Evidence{Says: s.String()})
	}
	return out
}

// became says what came of a call.
var became = map[string]string{snapshot.Denied: "was denied", snapshot.NotAsked: "was not asked", snapshot.Throttled: "was throttled", snapshot.Truncated: "was cut short",
	snapshot.Failed: "failed"}

// String is one sentence: "iam:GetAccountAuthorizationDetails was denied, so users and roles are unknown".
func (s *silence) String() string {
	var things []string
	for _, typ := range s.types {
		if name := listing.Things(typ); !slices.Contains(things, name) {
			things = append(things, name)
		}
	}
	what := Few(things)
	if s.call == "" {
		return "nobody asked for " + what
	}
	if what == "" {
		what = "what it tells"
	}
	where, there := "", ""
	if !slices.Contains(s.regions, "") && !slices.Contains(s.regions, everywhere) {
		where, there = " in "+Few(s.regions), " there"
	}
	is := "are"
	if len(things) < 2 && (strings.HasPrefix(what, "the ") || len(things) == 0) {
		is = "is"
	}
	return s.call + " " + became[s.outcome] + where + ", so " + what + there + " " + is + " unknown"
}

// mostCalls is how many calls a verdict names; its evidence has all.
const mostCalls = 3

// Blind is the verdict about the account where what would tell was not listed: unknown, with what was not. nil where all was.
func (c Case) Blind(types ...string) []Result {
	unlisted := c.Unlisted(types...)
	if len(unlisted) == 0 {
		return nil
	}
	var says []string
	for i := range unlisted {
		if says = append(says, unlisted[i].Says); len(says) == mostCalls && len(unlisted) > mostCalls {
			says[i] = fmt.Sprintf("and likewise %d more calls", len(unlisted)-i)
			break
		}
	}
	return []Result{{Target: c.Account(), Says: strings.Join(says, "; "), Evidence: unlisted}}
}

// BlindTo is Blind of every type of a kind that some call left unlisted: for what rests on more types than one would name.
func (c Case) BlindTo(kind func(typ string) bool) []Result {
	var types []string
	for _, v := range c.Snapshot.Gaps() {
		for _, typ := range v.Types {
			if kind(typ) && !slices.Contains(types, typ) {
				types = append(types, typ)
			}
		}
	}
	slices.Sort(types)
	return c.Blind(types...)
}

// Listed tells whether the resources of a type were listed in full in a Region.
func (c Case) Listed(typ, region string) bool { return len(c.UnlistedIn(region, typ)) == 0 }

// Gap says in one sentence what is not known since a call was not answered.
func Gap(v *snapshot.Coverage) string {
	return (&silence{v.Call, v.Outcome, v.Types, []string{v.Region}}).String()
}

// Account is the key of the account as a whole: what a verdict is about that is about no single thing.
func (c Case) Account() snapshot.Key {
	if c.Access == nil {
		return ""
	}
	return c.Access.Account
}
