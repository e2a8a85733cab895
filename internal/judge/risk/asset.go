package risk

import (
	"cmp"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// assetKey is the key of a thing outside AWS, which no scan gives one.
func assetKey(st *threatmodel.Resource) snapshot.Key { return snapshot.Key("asset:" + st.ID) }

// assets are the rows of what people state that stands outside AWS. The impact is theirs. The likelihood is anything: nothing of such a
// thing is read, and what is not read counts as its worst, until somebody who knows overrides it, with a reason and for a time.
func (a *assessor) assets() []Row {
	var out []Row
	for i := range a.model.Resources {
		st := &a.model.Resources[i]
		if st.Asset == "" {
			continue
		}
		l := Likelihood{Points: base[access.Public], Level: Level(base[access.Public]), LowLevel: Level(0),
			Terms: []Term{{"outside AWS: nothing of it is read", base[access.Public]}}}
		for _, c := range []access.Capability{access.Read, access.Write} {
			out = append(out, Row{ID: st.ID, Key: assetKey(st), Name: st.ID, Type: st.Asset, Access: c, Impact: statedImpact(st, c), Full: l, Beside: l,
				Unread: []string{"Asset"}, Asset: true, Owner: cmp.Or(st.Owner, a.model.DefaultOwner)})
		}
	}
	return out
}

// statedImpact is the impact of a thing outside AWS: an owner's number, else for READ the class; what nobody stated is anything.
func statedImpact(st *threatmodel.Resource, c access.Capability) Impact {
	var i Impact
	n := st.Impact.Read
	if c == access.Write {
		n = st.Impact.Write
	}
	switch class := byClass[st.Class]; {
	case n > 0 && st.Impact.Reason != "":
		i.add("stated: "+st.Impact.Reason, n)
	case c == access.Read && class > 0:
		i.add(st.Class+" (stated)", class)
	default:
		i.unread("outside AWS, and nobody stated its impact", 5)
		i.Low = 1
	}
	return i.clamp()
}

// accountOwner is who answers for the account itself.
func (a *assessor) accountOwner() string {
	r, ok := a.snap.Get(a.table.Account)
	if !ok {
		r = &snapshot.Resource{Key: a.table.Account, Type: "AWS::Account", Account: a.snap.Account}
	}
	return cmp.Or(a.model.Owner(r), a.model.DefaultOwner)
}
