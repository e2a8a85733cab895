package shape

import (
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Kinds of observations of the source "iam". internal/judge/fact reads them; the examples of KEY-02 and LP-02 hold the two together.
const (
	passwordUsed = "password-last-used"
	roleUsed     = "role-last-used"
)

// lastUse is when something was used last. No moment says that no use is recorded; that nothing is known of it is said by no observation.
func lastUse(kind string, about snapshot.Key, at time.Time) snapshot.Observation {
	o := snapshot.Observation{Source: "iam", Kind: kind, About: about, At: at.UTC()}
	if at.IsZero() {
		o.At, o.Says = time.Time{}, "no use is recorded"
	}
	return o
}

// gaadUse is when a role was used last. An empty one is no use in the time for which AWS records it (400 days).
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html
type gaadUse struct{ LastUsedDate *string }

// observed is what the details tell of a role's last use: nothing where they have no RoleLastUsed, or a moment that is none.
func (o gaadRole) observed() (snapshot.Observation, bool) {
	if o.RoleLastUsed == nil {
		return snapshot.Observation{}, false
	}
	var at time.Time
	if d := o.RoleLastUsed.LastUsedDate; d != nil {
		var err error
		if at, err = time.Parse(time.RFC3339, *d); err != nil {
			return snapshot.Observation{}, false
		}
	}
	return lastUse(roleUsed, snapshot.Key(o.Arn), at), true
}
