package fact

import (
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// GroupsOf lists the IAM groups that a user is in, in key order.
func GroupsOf(c check.Case, user *snapshot.Resource) (out []*snapshot.Resource) {
	names, _ := user.Strings("Groups")
	if len(names) == 0 {
		return nil
	}
	for _, g := range c.Snapshot.OfType("AWS::IAM::Group") {
		if slices.Contains(names, g.Name) {
			out = append(out, g)
		}
	}
	return out
}

// Carries names the policies that a user, group or role carries itself: managed ones by their ARN, inline ones by their name. Where either was not read
// the state is Unknown.
func Carries(r *snapshot.Resource) (managed, inline []string, st snapshot.State) {
	managed, ms := r.Strings("ManagedPolicyArns")
	list, is := r.Maps("Policies")
	for _, m := range list {
		name, _ := m["PolicyName"].(string)
		inline = append(inline, name)
	}
	if ms == snapshot.Unknown || is == snapshot.Unknown {
		return managed, inline, snapshot.Unknown
	}
	return managed, inline, snapshot.Known
}
