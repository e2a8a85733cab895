// Package check is one verdict on one thing, with its evidence: the shape in which objectives and rules say what they
// found; the shape of a rule, and the run of many.
package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Outcome is what a verdict says. The zero Outcome is Unknown: what nobody judged is not safe.
type Outcome uint8

const (
	Unknown Outcome = iota
	Fail
	Waived // it fails, and somebody accepts that until a day
	Manual // no scan can tell: somebody's word is needed
	NotApplicable
	Pass
)

var outcomeNames = [...]string{"unknown", "fail", "waived", "manual", "not-applicable", "pass"}

func (o Outcome) String() string { return outcomeNames[o] }

// Judged tells whether something is known of it.
func (o Outcome) Judged() bool { return o == Pass || o == Fail || o == Waived }

// And joins the verdicts on two parts of one thing: what surely fails decides, then what is unknown; what does not apply says nothing.
func (o Outcome) And(p Outcome) Outcome {
	for _, worst := range []Outcome{Fail, Unknown, Manual, Waived, Pass} {
		if o == worst || p == worst {
			return worst
		}
	}
	return NotApplicable
}

// Evidence is one fact that a verdict stands on. Where Outcome is Fail it breaks the rule; Unknown: it may.
type Evidence struct {
	Key     snapshot.Key // what it is about; "" for the account as a whole
	Access  access.Capability
	Outcome Outcome
	Says    string
	Risk    int          // of the row that it is about; 0 where there is none
	Who     []string     // people and machines who break it, or may: what they are in the path table; sorted
	Path    *access.Path // the worst way that breaks it; nil where it is no way, or not told
}

// Location is where a rule was stated.
type Location struct {
	File string
	Line int
}

// Result is one verdict on one thing.
type Result struct {
	Rule        string // id of the rule or objective
	Title       string
	Outcome     Outcome
	Target      snapshot.Key // what the worst evidence is about; "" where it is about no single thing
	Says        string       // one sentence
	Severity    string
	Risk        int  // 1..25, the same scale as everything else: of what broke it, else of what it speaks of
	Always      bool // it is about no single row, so that it gates whatever Risk is
	Advice      bool // no gate counts it
	Stated      bool // it can be judged where nothing of the account was read
	Days        int  // somebody's word about it counts for at most so many days; 0: until it ends
	Evidence    []Evidence
	Refs        []string
	Location    Location
	Fingerprint string
	Waiver      *threatmodel.Waiver      // that is why it is Waived
	Attested    *threatmodel.Attestation // that is why it is Pass
	Calls       []Call                   // what was asked of AWS for it, and what came of that; of rules
	With        string                   // the rule under which this failure is told, since it is the same decision; "" for its own
}

// Case is all that a verdict may look at. Now is the only clock.
type Case struct {
	Snapshot *snapshot.Snapshot
	Model    *threatmodel.Model
	Network  *network.Reach
	Access   *access.Table
	Sheet    *risk.Sheet
	File     string // where Model was read from; "" for nowhere
	Now      time.Time
	Reviewed time.Time // when somebody signed a review last; zero: nobody did, or nobody could look
	// Without is the table of paths as if some path steps were not there; see access.Options.
	Without func(steps ...string) *access.Table
}

// Fingerprint names a finding by what it is about and not by how that is written: it is the same after another run, after the policies
// were reformatted and after lines moved.
func Fingerprint(rule string, about ...string) string {
	h := sha256.New()
	h.Write([]byte(rule))
	for _, a := range about {
		h.Write([]byte("\x00" + a))
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// Severity is a word for a risk.
func Severity(risk int) string {
	switch {
	case risk >= 20:
		return "critical"
	case risk >= 15:
		return "high"
	case risk >= 10:
		return "medium"
	}
	return "low"
}

// Gates tells whether a failure counts at a gate: its risk reaches it, or it is about no single row. Advice never does.
func (r *Result) Gates(at int) bool {
	return r.Outcome == Fail && !r.Advice && (r.Always || r.Risk >= at)
}

// Summary counts outcomes.
func Summary(results []Result) map[Outcome]int {
	out := map[Outcome]int{}
	for i := range results {
		out[results[i].Outcome]++
	}
	return out
}

// InForce tells whether a waiver that ends with a day still counts on that day, and for a risk: one that grew past what was accepted ends it.
func InForce(w *threatmodel.Waiver, now time.Time, risk int) (bool, string) {
	switch {
	case w.Ahead(now):
		return false, "its waiver is dated " + w.Date + ", which is still to come"
	case w.Over(now):
		return false, "its waiver ended on " + w.Until
	case w.MaxRisk > 0 && risk > w.MaxRisk:
		return false, fmt.Sprintf("its waiver ended: the risk is %d, and at most %d was accepted", risk, w.MaxRisk)
	}
	return true, ""
}
