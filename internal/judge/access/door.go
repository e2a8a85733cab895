package access

import (
	"slices"

	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Door is a range of ports of an instance to which something that faces the internet leads: a load balancer, an accelerator, a distribution.
type Door struct {
	Ports   network.Ports
	Says    string // "behind the load balancer shop on port 22"
	Unknown bool
}

// Doors lists the doors of an instance, as far as its security groups let anybody in there. Whom they let in is not compared: a network load balancer
// may hand on the addresses of its clients or show its own.
func (t *Table) Doors(i *snapshot.Resource) []Door {
	f := t.front
	if f == nil {
		return nil
	}
	out := slices.Clip(f.doors[i.Key])
	var subnets, groups []string
	for _, h := range f.net.Hosts(i) {
		subnets, groups = append(subnets, h.Subnet), append(groups, h.Groups...)
	}
	if says := f.maybe(subnets, groups); says != "" {
		out = append(out, Door{network.Ports{To: 65535}, says, true})
	}
	return out
}

func (f *frontage) door(i snapshot.Key, ports network.Ports, x front) {
	if d := (Door{ports, x.says, x.unknown}); !slices.Contains(f.doors[i], d) {
		f.doors[i] = append(f.doors[i], d)
	}
}
