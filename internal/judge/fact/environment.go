package fact

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/isolation"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Environments tells which environment things belong to: the outermost of the units that people state, else what their tags say.
type Environments struct {
	units *isolation.Units
	model *threatmodel.Model
	snap  *snapshot.Snapshot
}

// EnvironmentsOf reads the environments of a case.
func EnvironmentsOf(c check.Case) *Environments {
	m := c.Model
	if m == nil {
		m = threatmodel.Default()
	}
	return &Environments{isolation.Of(c.Snapshot, m), m, c.Snapshot}
}

// Of is the environment of a thing; "" for none. Unknown: what would say so was not read.
func (e *Environments) Of(k snapshot.Key) (string, snapshot.State) {
	name := e.units.Unit(k)
	if name == "" {
		if e.units.In(k) == snapshot.Unknown {
			return "", snapshot.Unknown
		}
		return "", snapshot.Absent
	}
	for range len(e.model.Units) {
		i := slices.IndexFunc(e.model.Units, func(u threatmodel.Unit) bool { return u.Name == name })
		if i < 0 || e.model.Units[i].Parent == "" {
			break
		}
		name = e.model.Units[i].Parent
	}
	return strings.ToLower(name), snapshot.Known
}

// May tells whether people allow one environment to reach another.
func (e *Environments) May(from, to string) bool {
	return slices.ContainsFunc(e.model.Units, func(u threatmodel.Unit) bool {
		return strings.EqualFold(u.Name, from) && slices.ContainsFunc(u.MayReach, func(n string) bool { return strings.EqualFold(n, to) })
	})
}

// Housed are the types of what stands in a network by itself and says of which environment it is. Network interfaces are not among them: what made them says it.
func Housed() []string {
	return []string{"AWS::EC2::Instance", "AWS::RDS::DBInstance", "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer", "AWS::ECS::Service",
		"AWS::Lambda::Function", "AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::CacheCluster", "AWS::EKS::Cluster", "AWS::OpenSearchService::Domain", "AWS::Redshift::Cluster"}
}

// House is a VPC with what stands in it.
type House struct {
	VPC      string
	Resource *snapshot.Resource              // nil: not read
	Things   map[string][]*snapshot.Resource // by environment; "" are those of none
	Unread   []*snapshot.Resource            // whose environment was not read
}

// Environment is the only environment of a house; "" where there is none, or more than one.
func (h *House) Environment() string {
	one := ""
	for name := range h.Things {
		if name != "" && one != "" {
			return ""
		}
		if name != "" {
			one = name
		}
	}
	return one
}

// Houses lists the VPCs in which something stands, by id; of what is astray it was not read in which it stands. A VPC that has an environment itself
// gives it to what has none.
func (e *Environments) Houses() (list []*House, astray []string) {
	at := map[string]*House{}
	vpcs := map[string]*snapshot.Resource{}
	for _, v := range e.snap.OfType("AWS::EC2::VPC") {
		vpcs[v.Text("VpcId")] = v
	}
	for _, typ := range Housed() {
		for _, r := range e.snap.OfType(typ) {
			vpc, read := e.units.Network(r)
			if !read && r.Text("State") != "terminated" {
				astray = append(astray, cmp.Or(r.Name, string(r.Key)))
			}
			if vpc == "" || r.Text("State") == "terminated" {
				continue
			}
			h := at[vpc]
			if h == nil {
				h = &House{VPC: vpc, Resource: vpcs[vpc], Things: map[string][]*snapshot.Resource{}}
				at[vpc] = h
			}
			name, st := e.Of(r.Key)
			if name == "" && h.Resource != nil {
				if own, is := e.Of(h.Resource.Key); own != "" || is == snapshot.Unknown {
					name, st = own, is
				}
			}
			if st == snapshot.Unknown {
				h.Unread = append(h.Unread, r)
				continue
			}
			h.Things[name] = append(h.Things[name], r)
		}
	}
	for _, h := range at {
		list = append(list, h)
	}
	slices.SortFunc(list, func(a, b *House) int { return strings.Compare(a.VPC, b.VPC) })
	return list, astray
}

// Key is what a verdict on a house is about.
func (h *House) Key() snapshot.Key {
	if h.Resource != nil {
		return h.Resource.Key
	}
	return snapshot.Key(h.VPC)
}

// Stance is a network interface with the VPC and the environment that it stands in.
type Stance struct {
	At          int // in the interfaces of the network
	Use         Use
	VPC         string
	Environment string
}

// Stances lists the interfaces of which it is known: by what they belong to, by themselves, or since their VPC has one environment. Unread are those
// that may be of one, or in some other network.
func (e *Environments) Stances(c check.Case) (list []Stance, unread []string) {
	houses, dim := map[string]string{}, map[string]bool{}
	all, _ := e.Houses()
	for _, h := range all {
		houses[h.VPC] = h.Environment()
		dim[h.VPC] = houses[h.VPC] == "" && len(h.Unread) > 0
	}
	for _, v := range c.Snapshot.OfType("AWS::EC2::VPC") {
		own, st := e.Of(v.Key)
		if own != "" {
			houses[v.Text("VpcId")] = own
		}
		dim[v.Text("VpcId")] = dim[v.Text("VpcId")] && own == "" || st == snapshot.Unknown
	}
	s := newStands(c)
	faces := c.Network.Interfaces()
	for i := range faces {
		u := s.of(&faces[i])
		vpc, _ := c.Network.VPC(faces[i].Host().Subnet)
		name, st := e.Of(u.Key)
		if own := s.interfaces[faces[i].ID]; name == "" && own != nil {
			name, st = e.Of(own.Key)
		}
		if name == "" && st != snapshot.Unknown {
			name = houses[vpc]
		}
		switch {
		case vpc == "" || name == "" && (st == snapshot.Unknown || dim[vpc]):
			unread = append(unread, u.Name)
		case name != "":
			list = append(list, Stance{i, u, vpc, name})
		}
	}
	slices.Sort(unread)
	return list, slices.Compact(unread)
}
