package check

import (
	"cmp"
	"slices"
	"strings"

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
	asked := map[string]bool{} // operations that list one of the types
	for _, v := range c.Snapshot.Coverage {
		if slices.ContainsFunc(v.Types, func(t string) bool { return slices.Contains(types, t) }) {
			at[Call{Operation: v.Call, Outcome: v.Outcome}]++
			asked[v.Call] = true
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

// Unlisted is what cannot be said of resource types that were not listed in full: one piece of evidence a type. Nothing of such a type may be
// called absent.
func (c Case) Unlisted(types ...string) (out []Evidence) {
	for _, typ := range types {
		var where []string
		asked := false
		for _, v := range c.Snapshot.Coverage {
			if !slices.Contains(v.Types, typ) {
				continue
			}
			asked = true
			switch {
			case !v.Gap():
			case strings.HasPrefix(v.Reason, "the credential report "): // it came, and was too old or not whole
				out = append(out, Evidence{Says: v.Reason})
			default:
				where = append(where, strings.Join(strings.Fields(v.Call+" "+v.Region+" "+v.Outcome), " "))
			}
		}
		switch {
		case len(where) > 0:
			out = append(out, Evidence{Says: typ + " was not listed in full: " + strings.Join(where, ", ")})
		case !asked && len(c.Snapshot.OfType(typ)) == 0:
			out = append(out, Evidence{Says: "nobody asked for " + typ})
		}
	}
	return out
}

// Blind is the verdict where what would tell was not listed: unknown, with what was not. nil where all was.
func (c Case) Blind(types ...string) []Result {
	unseen := c.Unlisted(types...)
	if len(unseen) == 0 {
		return nil
	}
	says := make([]string, len(unseen))
	for i := range unseen {
		says[i] = unseen[i].Says
	}
	return []Result{{Says: strings.Join(says, "; "), Evidence: unseen}}
}

// Account is the key of the account as a whole: what a verdict is about that is about no single thing.
func (c Case) Account() snapshot.Key {
	if c.Access == nil {
		return ""
	}
	return c.Access.Account
}
