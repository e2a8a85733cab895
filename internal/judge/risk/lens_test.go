package risk

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

const ci = "arn:aws:iam::111122223333:user/ci"

// One effect on one way: what is left of it, in points.
func TestEffects(t *testing.T) {
	type e = threatmodel.Effect
	type w = threatmodel.Where
	key := func() *access.Entry {
		return &access.Entry{Kind: access.AccessKey, ID: ci, Actor: ci, Says: "key of ci", Facts: []access.Fact{{Name: access.KeyOver365, State: snapshot.Known}}}
	}
	host := func() *access.Entry {
		return &access.Entry{Kind: access.WebHost, ID: "i-1", Actor: "i-1", Facts: []access.Fact{{Name: access.IMDSv1, State: snapshot.Unknown}}}
	}
	const theirs = "arn:aws:iam::444455556666:root"
	stranger := func() *access.Entry { return &access.Entry{Kind: access.UnknownAccount, ID: theirs, Actor: theirs} }
	for name, c := range map[string]struct {
		entry  *access.Entry
		effect e
		want   int // -1: the way is gone
	}{
		"close root, and no stranger's": {stranger(), e{Close: true, Where: w{Principal: threatmodel.Words{"root", "*:root", "arn:aws:iam::*:root"}}}, 75},
		"close a stranger by name":      {stranger(), e{Close: true, Where: w{Principal: threatmodel.Words{"444455556666:root"}}}, -1},
		"close":                         {key(), e{Close: true, Where: w{Entry: threatmodel.Words{"access-key"}, Principal: threatmodel.Words{"user/ci"}}}, -1},
		"close by an ARN":               {key(), e{Close: true, Where: w{Principal: threatmodel.Words{"arn:aws:iam::*:user/ci"}}}, -1},
		"close another":                 {key(), e{Close: true, Where: w{Principal: threatmodel.Words{"user/cid", "i"}}}, 65},
		"close by the target":           {key(), e{Close: true, Where: w{Entry: threatmodel.Words{"access-*"}, Resource: threatmodel.Words{"uploads"}}}, -1},
		"close to another target":       {key(), e{Close: true, Where: w{Resource: threatmodel.Words{"orders"}}}, 65},
		"close what nobody named":       {key(), e{Close: true}, 65},
		"a guard":                       {key(), e{Guard: "mfa"}, 45},
		"a guard that is there":         {&access.Entry{Kind: access.PasswordMFA, ID: ci}, e{Guard: "mfa"}, 30},
		"a guard by its longer name":    {key(), e{Guard: "network-condition"}, 45},
		"a guard that is none":          {key(), e{Guard: "prayer"}, 65},
		"a fact":                        {host(), e{Fact: access.IMDSv1, Where: w{Entry: threatmodel.Words{"web-host"}}}, 50},
		"a fact that it has not":        {key(), e{Fact: access.IMDSv1}, 65},
		"replace":                       {key(), e{Replace: access.OIDCPinned, Where: w{Entry: threatmodel.Words{"access-key"}}}, 25},
		"replace by what is worse":      {host(), e{Replace: access.Public, Where: w{Entry: threatmodel.Words{"web-host"}}}, 100},
		"replace by another host":       {host(), e{Replace: access.PrivateHost, Where: w{Entry: threatmodel.Words{"web-host"}}}, 35},
		"replace by what is no kind":    {key(), e{Replace: "harmless", Where: w{Entry: threatmodel.Words{"access-key"}}}, 65},
		"replace what nobody named":     {key(), e{Replace: access.RootMFA}, 65},
		"steps are none of the lens's":  {key(), e{Steps: []string{"assume-role"}}, 65},
	} {
		l := newLens(&snapshot.Snapshot{Account: "111122223333"}, threatmodel.Default(), effects([]threatmodel.Mitigation{{Effects: []e{c.effect}}}))
		got, before := -1, *c.entry
		facts := slices.Clone(c.entry.Facts)
		if entry, g, open := l.see(c.entry, c.entry.ID, 0, []string{"uploads", "arn:aws:s3:::uploads"}); open {
			got, _ = points(entry, g, 0, true)
			again, _, _ := l.see(c.entry, c.entry.ID, 0, []string{"uploads"})
			if again != entry {
				t.Errorf("%s: another entry for the same way", name)
			}
		}
		if got != c.want {
			t.Errorf("%s: %d points, want %d", name, got, c.want)
		}
		if c.entry.Kind != before.Kind || c.entry.Says != before.Says || !slices.Equal(c.entry.Facts, facts) {
			t.Errorf("%s: the entry of the table was changed", name)
		}
	}
}

// What a tally sums up through a lens is what the list of the same ways through it gives.
func TestTallyThroughALens(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	kinds := []string{"*", access.AccessKey, access.PasswordMFA, access.WebHost, access.Public, access.SSO}
	effect := func() threatmodel.Effect {
		x := threatmodel.Effect{Where: threatmodel.Where{Entry: threatmodel.Words{kinds[r.IntN(len(kinds))]}}}
		if r.IntN(2) == 0 {
			x.Where.Principal = threatmodel.Words{string(rune('a' + r.IntN(26))), string(rune('a' + r.IntN(26)))}
		}
		switch r.IntN(4) {
		case 0:
			x.Close = true
		case 1:
			x.Guard = []string{"mfa", "network", "organization"}[r.IntN(3)]
		case 2:
			x.Fact = []string{access.IMDSv1, access.KeyOver365, access.KeyOver90, access.KnownExploited}[r.IntN(4)]
		case 3:
			x.Replace = kinds[1+r.IntN(len(kinds)-1)]
		}
		return x
	}
	touched := 0
	for round := range 300 {
		people := []threatmodel.Person{{ID: "ines", Bind: threatmodel.Bind{ARN: threatmodel.Words{"a", "b", "c"}}}, {ID: "otto", Bind: threatmodel.Bind{ARN: threatmodel.Words{"d", "e"}}}}
		var fx []threatmodel.Effect
		for range r.IntN(4) {
			fx = append(fx, effect())
		}
		l := newLens(&snapshot.Snapshot{}, &threatmodel.Model{People: people}, fx)
		n := newTally()
		for range 5 {
			n.reset()
			var paths []Scored
			for range r.IntN(60) {
				p := randomPath(r)
				p.Principal = p.Entry.ID
				entry, g, open := l.see(p.Entry, p.Principal, p.Guards, []string{"x"})
				if entry != p.Entry || g != p.Guards {
					touched++
				}
				if !open {
					continue
				}
				p.Entry, p.Guards = entry, g
				n.add(entry, g, p.Traces(), p.Seen)
				paths = append(paths, Score(p))
			}
			got, want := n.likelihood(), likelihood(paths)
			if got.Points != want.Points || got.LowPoints != want.LowPoints || got.Ways != want.Ways || (got.Worst == nil) != (want.Worst == nil) || got.Worst != nil && got.Worst.ID != want.Worst.ID {
				t.Fatalf("round %d: summed %+v, listed %+v", round, got, want)
			}
		}
	}
	if touched < 10000 {
		t.Errorf("only %d ways were touched: the lens was hardly tried", touched)
	}
}

// Several principals of one human being count once for breadth; what stands open to many is nobody's own.
func TestPeopleCountOnce(t *testing.T) {
	bind := threatmodel.Bind{ARN: threatmodel.Words{"p*"}, OIDC: nil}
	for kind, want := range map[string]int{access.PasswordMFA: 1, access.AccessKey: 1, access.SSO: 1, access.WebHost: 12, access.OIDCRepo: 12, access.Public: 12} {
		l := newLens(&snapshot.Snapshot{}, &threatmodel.Model{People: []threatmodel.Person{{ID: "ines", Bind: bind}}}, nil)
		n := newTally()
		n.reset()
		var paths []Scored
		for i := range 12 {
			p := access.Path{Entry: &access.Entry{Kind: kind, ID: fmt.Sprintf("p%d", i), Actor: fmt.Sprintf("p%d", i)}, Seen: true}
			p.Entry, p.Guards, _ = l.see(p.Entry, p.Entry.ID, 0, nil)
			n.add(p.Entry, 0, 0, true)
			paths = append(paths, Score(p))
		}
		if got := likelihood(paths); len(got.Actors) != want || got.Ways != 12 || got.Points != base[kind]+breadth(want) || n.likelihood().Points != got.Points {
			t.Errorf("%s: %d who could, by %d ways, %d points; summed %d", kind, len(got.Actors), got.Ways, got.Points, n.likelihood().Points)
		}
	}
}

// Evidence gets worse by more points, or by as many with more ways, with more points of all ways together, or with others; never by what is
// closed or guarded.
func TestWorse(t *testing.T) {
	const old = "70p-4w-190t-aaaaaaaaaaaa"
	for now, worsened := range map[string]bool{
		old: false, "71p-1w-71t-bbbbbbbbbbbb": true, "70p-5w-190t-bbbbbbbbbbbb": true, "70p-4w-191t-bbbbbbbbbbbb": true, "70p-4w-190t-bbbbbbbbbbbb": true,
		"70p-4w-170t-bbbbbbbbbbbb": false, "70p-3w-190t-bbbbbbbbbbbb": false, "65p-9w-300t-bbbbbbbbbbbb": false, "0p-0w-0t-bbbbbbbbbbbb": false,
	} {
		if got := worse(old, now); (got != "") != worsened {
			t.Errorf("from %s to %s: %q", old, now, got)
		}
	}
	// Where both say with what their ways begin, another beginning is worse, however few points it has.
	for _, c := range []struct {
		old, now string
		worse    bool
	}{
		{"70p-2w-99t-aaaaaaaaaaaa-11112222", "65p-1w-99t-bbbbbbbbbbbb-2222", false},
		{"70p-2w-99t-aaaaaaaaaaaa-11112222", "65p-2w-99t-bbbbbbbbbbbb-11112222", false},
		{"70p-2w-99t-aaaaaaaaaaaa-11112222", "65p-1w-99t-bbbbbbbbbbbb-3333", true},
		{"70p-2w-99t-aaaaaaaaaaaa-11112222", "65p-2w-99t-bbbbbbbbbbbb-11113333", true},
		{"70p-2w-99t-aaaaaaaaaaaa-11112222", "0p-0w-0t-bbbbbbbbbbbb", false},
		{"70p-99w-99t-aaaaaaaaaaaa", "65p-2w-99t-bbbbbbbbbbbb-11113333", false},
	} {
		if got := worse(c.old, c.now); (got != "") != c.worse {
			t.Errorf("from %s to %s: %q", c.old, c.now, got)
		}
	}
	for _, none := range []string{"", "sha256:3f1c9a0b", "70p", "70p-4w-", "70p-4w-aaaaaaaaaaaa"} {
		if worse(none, old) == "" {
			t.Errorf("%q stands as evidence", none)
		}
	}
}

// What the reader of footing.yaml takes as kinds, facts and guards is what the table of points has.
func TestWordsOfEffects(t *testing.T) {
	for _, kind := range threatmodel.EntryKinds() {
		if _, ok := base[kind]; !ok || KindWords[kind] == "" {
			t.Errorf("no points or no words for %s", kind)
		}
	}
	for _, fact := range threatmodel.EntryFacts() {
		if facts[fact] == 0 {
			t.Errorf("no points for %s", fact)
		}
	}
	for _, guard := range threatmodel.Guards() {
		if guardNamed(guard) == 0 {
			t.Errorf("no guard %s", guard)
		}
	}
	if len(threatmodel.EntryKinds()) != len(base) || len(threatmodel.EntryFacts()) != len(facts) || len(KindWords) != len(base) {
		t.Error("the table has more than the reader takes")
	}
}

// A guard comes beside those that a way asks for already.
func TestGuardsAdd(t *testing.T) {
	l := newLens(&snapshot.Snapshot{}, threatmodel.Default(), []threatmodel.Effect{{Guard: "mfa"}, {Guard: "organization"}})
	_, g, open := l.see(&access.Entry{Kind: access.AccessKey, ID: ci, Actor: ci}, ci, access.GuardNetwork, nil)
	if !open || g != access.GuardMFA|access.GuardNetwork|access.GuardOrganization {
		t.Errorf("guards %b, open %v", g, open)
	}
}

// Of equal risks the account comes first, since it holds the others; then points rank, then the key. READ and WRITE stay together.
func TestOrderOfRows(t *testing.T) {
	row := func(id string, c access.Capability, impact, points int) Row {
		l := Likelihood{Points: points, Level: Level(points), LowPoints: points, LowLevel: Level(points)}
		return Row{ID: id, Key: snapshot.Key(id), Access: c, Impact: Impact{Level: impact, Low: impact}, Beside: l, Full: l}
	}
	rows := []Row{row("z", access.Write, 1, 0), row("b", access.Read, 4, 79), row("c", access.Read, 5, 65), row("a", access.Read, 5, 65), row("z", access.Read, 5, 79), row(AccountID, access.Read, 5, 60), row("top", access.Read, 5, 80)}
	sortRows(rows)
	var got []string
	for _, r := range rows {
		got = append(got, r.ID+" "+r.Access.String())
	}
	if want := []string{"top READ", "account READ", "z READ", "z WRITE", "a READ", "c READ", "b READ"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
