package check

import (
	"fmt"
	"time"
)

// attest answers what no scan can see with somebody's word, as long as that counts.
func (x *run) attest(r *Rule, out *Result) {
	for i := range x.Model.Attestations {
		a := &x.Model.Attestations[i]
		if a.Rule != r.ID {
			continue
		}
		_, err := time.Parse(time.DateOnly, a.Date)
		switch {
		case err != nil || a.Ahead(x.Now):
			out.Says += fmt.Sprintf("; the word of %s is dated %s, which is still to come", a.By, a.Date)
		case a.Over(x.Now):
			out.Says += fmt.Sprintf("; the word of %s ended on %s", a.By, a.Until)
		case r.Days > 0 && a.Older(r.Days, x.Now):
			out.Says += fmt.Sprintf("; the word of %s is of %s, and counts for %d days", a.By, a.Date, r.Days)
		default:
			out.Outcome, out.Attested = Pass, a
			out.Says = fmt.Sprintf("%s said so on %s, until %s: %s", a.By, a.Date, a.Until, a.Reason)
			return
		}
	}
}
