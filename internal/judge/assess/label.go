package assess

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/isolation"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// labels answers the binds of footing.yaml that ask what no resource tells of itself: its unit, its network, whether the internet reaches
// it, and what it can do.
type labels struct {
	a     *Assessment
	plain *threatmodel.Model // as stated, without labels: what a label names is not chosen by labels
	units *isolation.Units
	able  map[string]map[string]snapshot.State // by capability and who has it
}

// labelled is a model whose binds are answered from an assessment.
func labelled(a *Assessment) *threatmodel.Model {
	l := &labels{a: a, plain: a.Model, units: isolation.Of(a.Snapshot, a.Model), able: map[string]map[string]snapshot.State{}}
	m := *a.Model
	m.Ask = l.tell
	return &m
}

func (l *labels) tell(k snapshot.Key, label string) snapshot.State {
	kind, rest, _ := strings.Cut(label, ":")
	switch kind {
	case "unit":
		return l.units.In(k, rest)
	case "vpc":
		return l.within(k, rest)
	case "exposure":
		return l.exposed(k)
	case "capability":
		return l.can(k, rest)
	}
	return snapshot.Unknown
}

func (l *labels) within(k snapshot.Key, vpc string) snapshot.State {
	r, ok := l.a.Snapshot.Get(k)
	if !ok {
		return snapshot.Unknown
	}
	id, read := l.units.Network(r)
	if !read {
		return snapshot.Unknown
	}
	return known(id != "" && threatmodel.Glob(vpc, id), snapshot.Known)
}

// exposed tells whether the internet reaches a thing: as a load balancer that faces it, as a host, or by what the path table says of the ways
// in. Of what is none of these nothing is said.
func (l *labels) exposed(k snapshot.Key) snapshot.State {
	r, ok := l.a.Snapshot.Get(k)
	if !ok {
		return snapshot.Unknown
	}
	if strings.HasPrefix(r.Type, "AWS::ElasticLoadBalancing") {
		scheme, st := r.Property("Scheme") // one that says none faces the internet, see network.Reach.Balancer
		return known(scheme != "internal", st)
	}
	best := snapshot.Unknown
	for _, e := range l.a.Access.Entries() {
		if e.ID == string(k) && !e.Unknown {
			switch e.Kind {
			case access.WebHost, access.ExposedHost, access.Public:
				return snapshot.Known
			case access.PrivateHost:
				best = snapshot.Absent
			}
		}
	}
	if r.Type != "AWS::EC2::Instance" {
		return best
	}
	best = snapshot.Absent
	for _, h := range l.a.Network.Hosts(r) {
		switch l.a.Network.FromInternet(h).State {
		case snapshot.Known:
			return snapshot.Known
		case snapshot.Unknown:
			best = snapshot.Unknown
		}
	}
	return best
}

func known(yes bool, st snapshot.State) snapshot.State {
	switch {
	case st == snapshot.Unknown:
		return st
	case yes:
		return snapshot.Known
	}
	return snapshot.Absent
}

// can tells whether somebody has a capability: "admin" of the account, or "read:uploads" of what people call so.
func (l *labels) can(k snapshot.Key, capability string) snapshot.State {
	who, ok := l.able[capability]
	if !ok {
		who = map[string]snapshot.State{}
		l.able[capability] = who
		word, id, _ := strings.Cut(capability, ":")
		if c, ok := access.ParseCapability(word); ok {
			for target, is := range l.called(id) {
				for _, x := range l.a.Access.Who(target, c) {
					if is == snapshot.Known && x.Path.Outcome != iam.Unknown {
						who[x.Principal] = snapshot.Known
					} else if who[x.Principal] != snapshot.Known {
						who[x.Principal] = snapshot.Unknown
					}
				}
			}
		}
	}
	if st, ok := who[string(k)]; ok {
		return st
	}
	return snapshot.Absent
}

// called lists what people call by an id: the account, or what footing.yaml binds under it; Unknown where it only may bind it.
func (l *labels) called(id string) map[snapshot.Key]snapshot.State {
	if id == "" || id == "account" {
		return map[snapshot.Key]snapshot.State{l.a.Access.Account: snapshot.Known}
	}
	out := map[snapshot.Key]snapshot.State{}
	for i := range l.a.Snapshot.Resources {
		r := &l.a.Snapshot.Resources[i]
		if !l.a.Access.About(r.Type) {
			continue
		}
		if st := l.plain.Of(r); st != nil && st.ID == id {
			out[r.Key] = snapshot.Known
		}
		if slices.ContainsFunc(l.plain.Perhaps(r), func(st *threatmodel.Resource) bool { return st.ID == id }) {
			out[r.Key] = snapshot.Unknown
		}
	}
	return out
}
