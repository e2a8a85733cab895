// Package dat12 wants keys in use to stay.
package dat12

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/judge/relation"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is DAT-12.
var Rule = check.Rule{
	ID:    "DAT-12",
	Title: "No key that something uses is to be deleted or is switched off",
	Why: "When a key is gone, what is under it is gone: nobody can bring either back, AWS included. To schedule its deletion is how somebody with the " +
		"right to do so takes data hostage, or loses it by mistake. A key that is switched off can be read with again once it is on.",
	Fix:  "aws kms cancel-key-deletion --key-id ID, then aws kms enable-key --key-id ID. Look in the trail for who did it.",
	Read: 1, Write: 5, Likelihood: 4,
	Tier: 1,
	Refs: []string{"wa:SEC08-BP01"},
	Sources: []string{
		"https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
		"https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html",
	},
	Needs:    needs,
	Judge:    judge,
	Examples: examples,
}

var needs = []string{"AWS::KMS::Key", "AWS::KMS::Alias"}

// states of keys that nobody decrypts with.
var states = map[string]string{
	"PendingDeletion": "is to be deleted", "PendingReplicaDeletion": "is to be deleted as soon as its replicas are", "Disabled": "is switched off",
}

func judge(c check.Case) []check.Result {
	out := c.Blind(needs...)
	under := uses(c)
	unkeyed := c.Access.Unkeyed()
	for _, a := range c.Snapshot.OfType("AWS::KMS::Alias") {
		if a.IsUnknown("TargetKeyId") || a.IsUnknown("AliasName") {
			unkeyed = append(unkeyed, a.Key) // it may be what something calls the key
		}
	}
	var idle []string
	keys := 0
	for _, k := range c.Snapshot.OfType("AWS::KMS::Key") {
		if k.Text("KeyManager") == "AWS" {
			continue
		}
		keys++
		state, st := k.Property("KeyState")
		says := states[fmt.Sprint(state)]
		if st != snapshot.Unknown && says == "" {
			continue
		}
		name := fact.Name(c, k.Key)
		v := check.Result{Target: k.Key}
		used := under[k.Key]
		for _, u := range used {
			v.Evidence = append(v.Evidence, check.Evidence{Key: u, Outcome: check.Fail, Says: fact.Name(c, u) + " is under it"})
		}
		switch {
		case st == snapshot.Unknown && len(used) == 0 && len(unkeyed) == 0:
			idle = append(idle, name)
			continue
		case st == snapshot.Unknown:
			v.Says = "whether " + name + " is to be deleted was not read"
		case len(used) > 0:
			v.Outcome, v.Says = check.Fail, fmt.Sprintf("%s %s, and %s under it", name, says, things(c, used))
			if state == "Disabled" {
				v.Risk = 10 // it can be switched on again
			}
		case len(unkeyed) > 0:
			v.Says = fmt.Sprintf("%s %s; under which key %s was not read", name, says, check.Count(len(unkeyed), "thing is", "things are"))
		default:
			idle = append(idle, name)
			continue
		}
		out = append(out, v)
	}
	switch {
	case len(out) > 0:
		return out
	case keys == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there are no keys of our own"}}
	case len(idle) > 0:
		if blind := c.BlindTo(func(typ string) bool {
			return !strings.HasPrefix(typ, "AWS::IAM::") && !strings.HasPrefix(typ, "AWS::Organizations::")
		}); blind != nil {
			return blind
		}
		return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "nothing that was read is under the keys that are to be deleted or switched off: " + strings.Join(idle, ", ")}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "no key is to be deleted or switched off, of " + check.Count(keys, "key", "keys")}}
}

// uses lists what is under each key, as relations and the path table have it.
func uses(c check.Case) map[snapshot.Key][]snapshot.Key {
	out := map[snapshot.Key][]snapshot.Key{}
	graph := relation.Of(c.Snapshot)
	for _, k := range c.Snapshot.OfType("AWS::KMS::Key") {
		for _, x := range graph.To(k.Key) {
			if x.Kind == "uses key" {
				out[k.Key] = append(out[k.Key], x.From)
			}
		}
	}
	for _, o := range c.Access.Opens() {
		if o.By == "encrypts" {
			out[o.From] = append(out[o.From], o.To)
		}
	}
	for k, list := range out {
		slices.Sort(list)
		out[k] = slices.Compact(list)
	}
	return out
}

func things(c check.Case, keys []snapshot.Key) string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = fact.Name(c, k)
	}
	verb := " is"
	if len(keys) > 1 {
		verb = " are"
	}
	return check.Few(names) + verb
}
