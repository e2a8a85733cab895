package objective

import (
	"slices"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// finding is who breaks a sentence about one target.
type finding struct {
	outcome check.Outcome
	beside  []string // people and machines, sorted; where it is unknown, those who may break it
	account []string // likewise, over administration of the whole account: told once
	crowd   bool     // any number of them
	surely  int      // how many there are for certain
	unread  []string // what would have to be read
}

// breaks tells whether a way breaks a sentence, if it is there. Every way counts for "at most".
func (j *Judge) breaks(a *threatmodel.Assertion, t target, w way) snapshot.State {
	switch a.Kind {
	case threatmodel.Requires:
		// Nothing ties to a network or an organization whoever administers the account: he may take the condition away.
		excused := w.account && t.key != j.Access.Account && j.is(w, j.admins) == snapshot.Known
		if slices.ContainsFunc(a.Guards, func(g string) bool { return !guarded(w, g) && (g == "mfa" || !excused) }) {
			return snapshot.Known
		}
		return snapshot.Absent
	case threatmodel.Only, threatmodel.Nobody:
		may := a.Actors
		if t.key != j.Access.Account {
			may = slices.Concat(may, j.admins)
		}
		switch j.is(w, may) {
		case snapshot.Known:
			return snapshot.Absent
		case snapshot.Unknown:
			return snapshot.Unknown
		}
	}
	return snapshot.Known
}

// guarded tells whether a way asks for a guard, or begins where it has been asked for already.
func guarded(w way, guard string) bool {
	switch guard {
	case "mfa":
		switch w.entry.Kind {
		case access.PasswordMFA, access.SSO, access.RootMFA:
			return true
		}
		return w.guards&access.GuardMFA != 0
	case "network":
		return w.guards&access.GuardNetwork != 0
	case "organization":
		return w.guards&access.GuardOrganization != 0
	}
	return false
}

// find judges a sentence about one target.
func (j *Judge) find(a *threatmodel.Assertion, t target) finding {
	seen, may := tally{}, tally{}
	unsure := map[who]way{}
	j.ways(t, func(w way) {
		is := j.breaks(a, t, w)
		if is == snapshot.Absent {
			return
		}
		by := j.taker(w)
		may.count(by, w.account)
		if is == snapshot.Known && j.certain(w) {
			seen.count(by, w.account)
		} else if len(unsure) < fewReasons {
			unsure[who{w.entry, w.principal}] = w
		}
	})
	most := 0
	if a.Kind == threatmodel.AtMost {
		most = a.AtMost
	}
	f := finding{outcome: check.Pass, surely: len(seen.who)}
	switch {
	case seen.more(most) && t.state == snapshot.Known:
		f.outcome = check.Fail
		f.beside, f.account, f.crowd = seen.names()
	case may.more(most) || a.Kind == threatmodel.AtMost && may.groups:
		f.outcome = check.Unknown
		f.beside, f.account, f.crowd = may.names()
		for _, w := range unsure {
			f.unread = append(f.unread, j.unread(t, w)...)
		}
		slices.Sort(f.unread)
		f.unread = slices.Compact(f.unread)
		if a.Kind == threatmodel.AtMost && len(f.unread) == 0 {
			f.unread = append(f.unread, "no scan tells how many share one of these ways in")
		}
		if t.state != snapshot.Known {
			f.unread = append(f.unread, "whether it is about "+j.name(string(t.key))+" was not read")
		}
	}
	return f
}

// fewReasons is of how many ways it is worked out what would have to be read.
const fewReasons = 20

// tally counts people and machines.
type tally struct {
	who    map[string]bool // true: over the account
	crowd  bool            // any number of them
	groups bool            // some of them are groups whose size no scan tells
}

func (t *tally) count(by taker, account bool) {
	if t.who == nil {
		t.who = map[string]bool{}
	}
	t.who[by.name] = t.who[by.name] || account
	t.crowd, t.groups = t.crowd || by.crowd, t.groups || by.group || by.crowd
}

// more tells whether there are more than n.
func (t *tally) more(n int) bool { return len(t.who) > n || t.crowd }

func (t *tally) names() (beside, account []string, crowd bool) {
	for who, over := range t.who {
		if over {
			account = append(account, who)
		} else {
			beside = append(beside, who)
		}
	}
	slices.Sort(beside)
	slices.Sort(account)
	return beside, account, t.crowd
}

// unread names what would have to be read to be sure of a way: what of its resource and of who takes it was not, or how one comes in.
func (j *Judge) unread(t target, w way) []string {
	var out []string
	for _, k := range []snapshot.Key{t.key, snapshot.Key(w.principal)} {
		if r, ok := j.Snapshot.Get(k); ok {
			for _, p := range r.Unknown {
				out = append(out, p+" of "+j.name(string(k))+" was not read")
			}
		}
	}
	if w.entry.Unknown {
		out = append(out, w.entry.Says)
	}
	if len(out) == 0 {
		out = j.gaps(func(string) bool { return true })
	}
	if len(out) == 0 {
		out = append(out, "a policy that was not read or not understood decides")
	}
	return out
}
