package access

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Holder is a principal of the account whose own permissions allow something, or may.
type Holder struct {
	Principal string
	Outcome   iam.Outcome
	Seen      bool // allowed on what was read
	Guards    Guard
}

// WhoMay lists who of the account's own users and roles, root among them, is allowed a need by his own permissions: no steps, and nobody from
// outside. Without a resource it is about the account. Stable order.
func (t *Table) WhoMay(n Need, r *snapshot.Resource) []Holder {
	if r == nil {
		r = &snapshot.Resource{Key: t.Account, Type: "AWS::Account", Account: t.snap.Account}
	}
	row := t.newAsker([]*snapshot.Resource{r}).ask(n, func(actor int) bool { return !t.isChanged(actor) })
	var out []Holder
	for actor, p := range t.actors {
		if strings.Contains(p, ":group/") || t.isChanged(actor) {
			continue
		}
		if x := row(actor).at(0); x.outcome != iam.Deny {
			out = append(out, Holder{Principal: p, Outcome: x.outcome, Seen: x.certain() > unseen, Guards: x.guards})
		}
	}
	slices.SortFunc(out, func(a, b Holder) int { return strings.Compare(a.Principal, b.Principal) })
	return out
}

// Administrators lists who administers the account by his own policies, root among them: no steps. Stable order.
func (t *Table) Administrators() []Holder {
	var out []Holder
	for _, e := range t.into[node{string(t.Account), Admin}] {
		if e.direct && e.by != "unread" && !strings.Contains(e.from.id, ":group/") {
			out = append(out, Holder{Principal: e.from.id, Outcome: e.outcome, Seen: e.certain() > unseen, Guards: e.guards})
		}
	}
	slices.SortFunc(out, func(a, b Holder) int { return strings.Compare(a.Principal, b.Principal) })
	return out
}
