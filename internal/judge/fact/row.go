package fact

import (
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/risk"
)

// Gate is the risk from which somebody has to do something: the usual one.
const Gate = 15

// Open are the rows of the sheet of Gate and more to which nobody has an answer.
type Open struct {
	Above    int              // rows of Gate and more, answered or not
	Sure     []string         // "orders:read": they are so high by what was seen alone
	May      int              // others, which are so high at their worst
	Evidence []check.Evidence // one each, in the order of the sheet
}

// Unanswered looks at the rows of Gate and more that count: says tells of one that is not answered.
func Unanswered(c check.Case, counts, answered func(*risk.Row) bool, says func(*risk.Row) string) Open {
	var out Open
	for i := range c.Sheet.Rows {
		r := &c.Sheet.Rows[i]
		if r.Within != "" || r.Risk() < Gate || !counts(r) {
			continue
		}
		if out.Above++; answered(r) {
			continue
		}
		e := check.Evidence{Key: r.Key, Access: r.Access, Outcome: check.Fail, Risk: r.Risk(), Says: says(r)}
		if r.Low() < Gate {
			out.May++
			e.Outcome = check.Unknown
		} else {
			out.Sure = append(out.Sure, r.ID+":"+Verb(r))
		}
		out.Evidence = append(out.Evidence, e)
	}
	return out
}

// Verb is the access of a row in a word.
func Verb(r *risk.Row) string { return strings.ToLower(r.Access.String()) }
