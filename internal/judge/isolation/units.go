// Package isolation tells which unit things belong to, and what leads from one unit into another.
package isolation

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/relation"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Units knows the unit of everything in a snapshot, as people state it or as tags say.
type Units struct {
	snap  *snapshot.Snapshot
	model *threatmodel.Model
	graph *relation.Graph // made when a network is asked for
	named map[snapshot.Key]place
}

// place is the unit of a resource; "" for none, and then unread tells that what would say so was not read.
type place struct {
	unit   string
	unread bool
}

// Of reads the units of a sealed snapshot.
func Of(s *snapshot.Snapshot, m *threatmodel.Model) *Units {
	return &Units{snap: s, model: m, named: map[snapshot.Key]place{}}
}

// Unit is the unit of a resource; "" for none.
func (u *Units) Unit(k snapshot.Key) string { return u.place(k).unit }

// In tells whether a resource belongs to one of some units, or to a unit within one of them. Unknown: what would say so was not read.
func (u *Units) In(k snapshot.Key, units ...string) snapshot.State {
	p := u.place(k)
	switch {
	case p.unit != "" && slices.ContainsFunc(units, func(name string) bool { return u.model.Inside(p.unit, name) }):
		return snapshot.Known
	case p.unread:
		return snapshot.Unknown
	}
	return snapshot.Absent
}

// Stated tells whether there is such a unit: somebody stated it, or something belongs to it.
func (u *Units) Stated(name string) bool {
	return slices.ContainsFunc(u.model.Units, func(x threatmodel.Unit) bool { return x.Name == name }) ||
		slices.ContainsFunc(u.snap.Resources, func(r snapshot.Resource) bool { return u.Unit(r.Key) == name })
}

func (u *Units) place(k snapshot.Key) place {
	if p, ok := u.named[k]; ok {
		return p
	}
	p := place{}
	if r, ok := u.snap.Get(k); ok {
		vpc, read := "", true
		if slices.ContainsFunc(u.model.Units, func(x threatmodel.Unit) bool {
			return slices.ContainsFunc(x.Bind, func(b threatmodel.Bind) bool { return len(b.VPC) > 0 })
		}) {
			vpc, read = u.Network(r)
		}
		var state snapshot.State
		p.unit, state = u.model.Within(r, vpc)
		p.unread = p.unit == "" && (state == snapshot.Unknown || !read)
	} else if strings.HasPrefix(string(k), "unread ") {
		p.unread = true // principals that were not listed: see access
	}
	u.named[k] = p
	return p
}

// Network is the VPC that a resource stands in: as it says itself, or as its subnet, its cluster or its security group does. read is false
// where that was not read, also where it names what was not found.
func (u *Units) Network(r *snapshot.Resource) (id string, read bool) {
	if id := r.Text("VpcId"); id != "" {
		return id, true
	}
	if u.graph == nil {
		u.graph = relation.Of(u.snap)
	}
	for _, kind := range []string{"in", "guarded by"} {
		for _, x := range u.graph.From(r.Key) {
			if to, ok := u.snap.Get(x.To); ok && x.Kind == kind && to.Text("VpcId") != "" {
				return to.Text("VpcId"), true
			}
		}
	}
	return "", !slices.ContainsFunc(places, func(path string) bool {
		v, st := r.Property(path)
		list, many := v.([]any)
		return st == snapshot.Unknown || st == snapshot.Known && v != "" && (!many || len(list) > 0)
	})
}

// places are the properties that put a resource into a network.
var places = []string{"VpcId", "SubnetId", "SubnetIds", "Subnets", "SecurityGroups", "SecurityGroupIds", "VPCSecurityGroups", "VpcSecurityGroupIds", "VpcConfig.SubnetIds",
	"NetworkConfiguration.AwsvpcConfiguration.Subnets", "ResourcesVpcConfig.SubnetIds", "VPCOptions.SubnetIds",
	"DBSubnetGroupName", "CacheSubnetGroupName", "ClusterSubnetGroupName", "SubnetGroupName"}
