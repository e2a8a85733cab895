package evidence

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Stated is what footing.yaml, or a signed review, shows of a practice: Pass, or Manual where people state nothing of it.
type Stated struct {
	Outcome check.Outcome
	Says    string
}

// stated asks what people state, for those practices that are about stating. The slugs are those of catalog/practice.
func (in *Input) stated(slug string) []Stated {
	switch slug {
	case "sec_securely_operate_control_objectives":
		return one(in.objectives())
	case "sec_securely_operate_threat_model":
		return []Stated{in.threats(), in.reviewed()}
	case "sec_permissions_define":
		return one(in.meant())
	case "sec_data_classification_identify_data":
		return one(in.classed())
	case "sec_data_classification_define_protection":
		return in.byClass()
	}
	return nil
}

func one(s Stated) []Stated { return []Stated{s} }

// objectives: they are stated, and it could be judged whether they hold. One that is broken was validated all the same: it fails a gate of its own,
// and is told here.
func (in *Input) objectives() Stated {
	n := len(in.Objectives)
	are := check.Count(n, "objective is", "objectives are") + " stated"
	found := check.Summary(in.Objectives)
	switch {
	case n == 0:
		return Stated{check.Manual, "no objective is stated in footing.yaml"}
	case found[check.Unknown] == n:
		return Stated{check.Unknown, are + ", and none could be judged"}
	case found[check.Unknown] > 0:
		return Stated{check.Unknown, fmt.Sprintf("%s, and %d of them could not be judged", are, found[check.Unknown])}
	case found[check.Fail] > 0:
		return Stated{check.Pass, fmt.Sprintf("%s and judged, and %d of them broken", are, found[check.Fail])}
	}
	return Stated{check.Pass, are + " and judged"}
}

// threats: somebody described the account. The scan itself ranks what can be done to each thing.
func (in *Input) threats() Stated {
	switch {
	case in.Model != nil && len(in.Model.Resources)+len(in.Model.Actors)+len(in.Model.Threats) > 0:
	case in.File != "":
		return Stated{check.Manual, "footing.yaml names no thing, no actor and no threat: nobody said what matters"}
	default:
		return Stated{check.Manual, "there is no footing.yaml: nobody said what matters"}
	}
	m := in.Model
	return Stated{check.Pass, fmt.Sprintf("footing.yaml names %s, %s, %s and %s", check.Count(len(m.Resources), "thing", "things"), check.Count(len(m.Actors), "actor", "actors"),
		check.Count(len(m.Threats), "threat", "threats"), check.Count(len(m.Mitigations), "mitigation", "mitigations"))}
}

// reviewed: whether it is due again, a rule says (GOV-10).
func (in *Input) reviewed() Stated {
	if in.Reviewed.IsZero() {
		return Stated{check.Manual, "nobody signed a review of it yet"}
	}
	return Stated{check.Pass, "reviewed on " + in.Reviewed.Format(time.DateOnly)}
}

// meant: who is to have access, and an objective that says who alone.
func (in *Input) meant() Stated {
	if in.Model == nil || len(in.Model.UseCases) == 0 {
		return Stated{check.Manual, "no use case says who is meant to reach what"}
	}
	return Stated{check.Pass, check.Count(len(in.Model.UseCases), "use case says", "use cases say") + " who is meant to reach what"}
}

// classed: what holds content has a class, by footing.yaml or a tag. The rules tell which has none; here it counts whether people class at all.
func (in *Input) classed() Stated {
	if in.Sheet == nil || in.Model == nil {
		return Stated{check.Unknown, "nobody looked for what holds content"}
	}
	all, with, unread := 0, 0, 0
	for i := range in.Sheet.Rows {
		row := &in.Sheet.Rows[i]
		r, ok := in.Snapshot.Get(row.Key)
		if !ok || row.Access != access.Read || row.Key == in.Account() {
			continue
		}
		all++
		switch {
		case in.Model.Class(r) != "":
			with++
		case r.IsUnknown("Tags") || len(in.Model.Perhaps(r)) > 0:
			unread++
		}
	}
	switch {
	case all == 0 && len(in.Snapshot.Gaps()) > 0:
		return Stated{check.Unknown, "what holds content was not listed in full"}
	case all == 0:
		return Stated{check.NotApplicable, "nothing here holds content"}
	case with == 0 && unread > 0:
		return Stated{check.Unknown, fmt.Sprintf("whether any of %d things has a class was not read", all)}
	case unread > 0:
		return Stated{check.Unknown, fmt.Sprintf("%d of %d things have a class, and of %d it was not read", with, all, unread)}
	case with == 0:
		return Stated{check.Manual, fmt.Sprintf("none of %d things has a class", all)}
	}
	return Stated{check.Pass, fmt.Sprintf("%d of %d things have a class", with, all)}
}

// byClass: the objectives that ask for something of a class. Where none does, nothing is said: the sheet weighs classes without one.
func (in *Input) byClass() []Stated {
	if in.Model == nil {
		return nil
	}
	var out []Stated
	for _, o := range in.Model.Objectives {
		if !slices.ContainsFunc(o.Must, func(m threatmodel.Assertion) bool {
			return slices.ContainsFunc(m.Targets, func(t string) bool { return strings.HasPrefix(t, "class:") })
		}) {
			continue
		}
		for i := range in.Objectives {
			if r := &in.Objectives[i]; r.Rule == o.ID && r.Outcome != check.NotApplicable {
				out = append(out, Stated{r.Outcome, "objective " + o.ID + " asks for it by class, and " + byClassSays[r.Outcome]})
			}
		}
	}
	return out
}

var byClassSays = map[check.Outcome]string{check.Pass: "holds", check.Fail: "is broken", check.Unknown: "could not be judged", check.Waived: "is waived", check.Manual: "wants a word"}
