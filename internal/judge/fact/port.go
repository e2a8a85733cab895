package fact

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Port is one on which only those who run a thing have business.
type Port struct {
	Protocol string
	Number   int
	Name     string
}

func (p Port) String() string { return fmt.Sprintf("%s %d (%s)", p.Protocol, p.Number, p.Name) }

// AdminPorts are where machines are administered; whoever finds one open tries passwords and known flaws.
func AdminPorts() []Port {
	return []Port{
		{"tcp", 22, "SSH"}, {"tcp", 23, "Telnet"}, {"tcp", 135, "RPC"}, {"tcp", 139, "NetBIOS"}, {"tcp", 445, "SMB"}, {"tcp", 2375, "Docker"}, {"tcp", 2376, "Docker"},
		{"tcp", 3389, "RDP"}, {"udp", 3389, "RDP"}, {"tcp", 5900, "VNC"}, {"tcp", 5985, "WinRM"}, {"tcp", 5986, "WinRM"}, {"tcp", 6443, "Kubernetes"}, {"tcp", 10250, "kubelet"},
	}
}

// DataPorts are those of databases, caches, searches and queues.
func DataPorts() []Port {
	return []Port{
		{"tcp", 1433, "SQL Server"}, {"tcp", 1521, "Oracle"}, {"tcp", 2181, "ZooKeeper"}, {"tcp", 3306, "MySQL"}, {"tcp", 5432, "PostgreSQL"}, {"tcp", 5439, "Redshift"},
		{"tcp", 5601, "Kibana"}, {"tcp", 5984, "CouchDB"}, {"tcp", 6379, "Redis"}, {"tcp", 7001, "Cassandra"}, {"tcp", 8182, "Neptune"}, {"tcp", 9042, "Cassandra"}, {"tcp", 9092, "Kafka"},
		{"tcp", 9200, "OpenSearch"}, {"tcp", 9300, "OpenSearch"}, {"tcp", 11211, "Memcached"}, {"udp", 11211, "Memcached"}, {"tcp", 27017, "MongoDB"}, {"tcp", 27018, "MongoDB"},
		{"tcp", 27019, "MongoDB"},
	}
}

// among lists the ports that are in some traffic.
func among(ports []Port, traffic []network.Traffic) []Port {
	var out []Port
	for _, p := range ports {
		if slices.ContainsFunc(traffic, func(t network.Traffic) bool { return t.Protocol == p.Protocol && t.Has(p.Number) }) {
			out = append(out, p)
		}
	}
	return out
}

// Opening is a security group that lets the whole internet in on some ports.
type Opening struct {
	Group *snapshot.Resource
	Ports []Port
	Sure  bool // else not all of its rules were read
	Every bool // it opens every TCP port
	Uses  []Use
}

// Use is something with an address, and whether the internet reaches it on one of some ports.
type Use struct {
	Key     snapshot.Key
	Name    string
	Subnet  string
	Ports   []Port // which
	Reached snapshot.State
	Says    string // how, where something stands in front of it
}

// Openings lists the security groups that let the internet in on some of the ports, with what stands in them; beside them what the internet reaches
// there though no single group of it does that; and what it may reach by what was not read.
func Openings(c check.Case, ports []Port) (groups []Opening, beside, unread []Use) {
	at, order := map[string]*Opening{}, []string(nil)
	for _, g := range c.Snapshot.OfType("AWS::EC2::SecurityGroup") {
		id := g.Text("GroupId")
		if id == "" {
			id = string(g.Key)
		}
		sure, may := c.Network.Opens(id)
		o := &Opening{Group: g, Ports: among(ports, sure), Sure: true}
		o.Every = slices.Contains(sure, network.Traffic{Protocol: "tcp", Ports: network.Ports{To: 65535}})
		if len(o.Ports) == 0 {
			o.Ports, o.Sure = among(ports, may), false
		}
		if len(o.Ports) > 0 {
			at[id], order = o, append(order, id)
		}
	}
	s := newStands(c)
	all := c.Network.Interfaces()
	for i := range all {
		host := all[i].Host()
		stand := s.at(&all[i])
		var open []Port // by one group alone
		for _, id := range host.Groups {
			if o := at[id]; o != nil {
				open = append(open, o.Ports...)
				o.Uses = append(o.Uses, stand.use(o.Ports))
			}
		}
		rest := slices.DeleteFunc(slices.Clone(ports), func(p Port) bool { return slices.Contains(open, p) })
		u := stand.use(rest)
		list := &beside
		switch stand.beyond(&u, host) {
		case snapshot.Absent:
			continue
		case snapshot.Unknown:
			list = &unread
		}
		if !slices.ContainsFunc(*list, func(o Use) bool { return o.Key == u.Key && o.Reached == u.Reached }) {
			*list = append(*list, u)
		}
	}
	for _, id := range order {
		groups = append(groups, *at[id])
	}
	return groups, beside, unread
}

// stands knows what interfaces belong to.
type stands struct {
	check.Case
	instances  map[string]*snapshot.Resource
	interfaces map[string]*snapshot.Resource
}

func newStands(c check.Case) *stands {
	s := &stands{c, map[string]*snapshot.Resource{}, map[string]*snapshot.Resource{}}
	for _, r := range c.Snapshot.OfType("AWS::EC2::Instance") {
		s.instances[r.Text("InstanceId")] = r
	}
	for _, r := range c.Snapshot.OfType("AWS::EC2::NetworkInterface") {
		s.interfaces[r.Text("NetworkInterfaceId")] = r
	}
	delete(s.instances, "")
	delete(s.interfaces, "")
	return s
}

// stand is one interface: what it is of, and what the internet reaches there.
type stand struct {
	*stands
	Use
	own       *snapshot.Resource // nil for one that was made up
	sure, may []network.Traffic
	doors     []access.Door
}

// of names what an interface belongs to.
func (s *stands) of(i *network.Interface) Use {
	u := Use{Key: snapshot.Key(i.ID), Name: i.ID, Subnet: i.Host().Subnet, Reached: snapshot.Absent}
	own := s.interfaces[i.ID]
	switch host := s.instances[i.Owner]; {
	case host != nil:
		u.Key, u.Name = host.Key, host.Name
	case own != nil:
		u.Key = own.Key
		u.Name = cmp.Or(own.Text("Description"), u.Name)
		if parts := strings.Split(strings.TrimPrefix(u.Name, "ELB "), "/"); len(parts) == 3 { // ELB net/NAME/ID
			u.Name = "the load balancer " + parts[1]
		}
	case i.Owner != "":
		u.Key, u.Name = snapshot.Key(i.Owner), Name(s.Case, snapshot.Key(i.Owner))
	}
	return u
}

// at looks at one interface: by its own address, and through what stands in front of its instance.
func (s *stands) at(i *network.Interface) *stand {
	out := &stand{stands: s, Use: s.of(i), own: s.interfaces[i.ID]}
	out.sure, out.may = s.Network.Reached(i.Host())
	if host := s.instances[i.Owner]; host != nil && s.Access != nil {
		out.doors = s.Access.Doors(host)
	}
	return out
}

// use tells whether the internet reaches an interface on some ports.
func (s *stand) use(ports []Port) Use {
	u := s.Use
	s.listening(s.own, ports, func(p Port, is snapshot.State) {
		switch {
		case is == snapshot.Absent:
		case is == snapshot.Known && len(among([]Port{p}, s.sure)) > 0:
			u.reach(p, snapshot.Known, "")
		case len(among([]Port{p}, s.may)) > 0:
			u.reach(p, snapshot.Unknown, "")
		}
	})
	for _, d := range s.doors {
		for _, p := range ports {
			if p.Protocol == "tcp" && d.Ports.Has(p.Number) {
				u.reach(p, map[bool]snapshot.State{false: snapshot.Known, true: snapshot.Unknown}[d.Unknown], d.Says)
			}
		}
	}
	return u
}

// reach adds a port on which it is reached; what is sure comes before what is not.
func (u *Use) reach(p Port, is snapshot.State, says string) {
	if is == snapshot.Unknown && u.Reached == snapshot.Known {
		return
	}
	if is != u.Reached {
		u.Ports, u.Says = nil, says
	}
	u.Reached = is
	if !slices.Contains(u.Ports, p) {
		u.Ports = append(u.Ports, p)
	}
}

// listening tells on which ports something may answer at an interface that AWS made for a service: a load balancer on its listeners, a database on its
// own port, a function on none ("Find the network interfaces of your load balancer", and what the services write into descriptions).
func (s *stands) listening(own *snapshot.Resource, ports []Port, tell func(Port, snapshot.State)) {
	all := func(is func(Port) snapshot.State) {
		for _, p := range ports {
			tell(p, is(p))
		}
	}
	what, kind := "", ""
	if own != nil {
		what, kind = own.Text("Description"), own.Text("InterfaceType")
	}
	name, balancer := strings.CutPrefix(what, "ELB ")
	switch {
	case kind == "lambda":
	case strings.HasPrefix(what, "RDSNetworkInterface"):
		all(func(p Port) snapshot.State {
			if slices.Contains(DataPorts(), p) {
				return snapshot.Known
			}
			return snapshot.Absent
		})
	case balancer:
		all(func(p Port) snapshot.State { return s.listener(name, p.Number) })
	default:
		all(func(Port) snapshot.State { return snapshot.Known })
	}
}

// listener tells whether a load balancer, by the name that its interfaces have, listens on a port.
func (s *stands) listener(name string, port int) snapshot.State {
	best := snapshot.Absent
	lists := func(r *snapshot.Resource, property string) bool {
		n, st := r.Number(property)
		if st == snapshot.Unknown {
			best = snapshot.Unknown
		}
		return st == snapshot.Known && int(n) == port
	}
	typ := "AWS::ElasticLoadBalancingV2::Listener"
	if strings.Contains(name, "/") {
		for _, l := range s.Snapshot.OfType(typ) {
			switch of := l.IsUnknown("LoadBalancerArn"); {
			case !of && !strings.HasSuffix(l.Text("LoadBalancerArn"), ":loadbalancer/"+name):
			case lists(l, "Port") && of:
				best = snapshot.Unknown
			case lists(l, "Port"):
				return snapshot.Known
			}
		}
	} else {
		typ = "AWS::ElasticLoadBalancing::LoadBalancer"
		for _, b := range s.Snapshot.OfType(typ) {
			if b.Text("LoadBalancerName") != name {
				continue
			}
			lines, st := b.Maps("Listeners")
			if st == snapshot.Unknown {
				best = snapshot.Unknown
			}
			for _, l := range lines {
				if lists(&snapshot.Resource{Properties: l}, "LoadBalancerPort") {
					return snapshot.Known
				}
			}
		}
	}
	if len(s.Unlisted(typ)) > 0 {
		return snapshot.Unknown
	}
	return best
}

// beyond tells whether a use is worth telling though no group of it opens the ports; Unknown: whether it is one was not read. A load balancer
// without groups is, unless instances stand behind it, which tell of themselves. These are unknown: it may show them its own address or hand on those of
// its clients ("Client IP preservation", https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html).
func (s *stand) beyond(u *Use, h network.Host) snapshot.State {
	switch {
	case u.Reached != snapshot.Known:
		return u.Reached
	case h.Unfiltered() && s.own == nil:
		return snapshot.Absent
	case h.Unfiltered():
		return s.moreBehind()
	case u.Says != "":
		u.Reached = snapshot.Unknown
	}
	return snapshot.Known
}

// moreBehind tells whether something else than instances stands behind the load balancer that an interface is of.
func (s *stand) moreBehind() snapshot.State {
	best := snapshot.Absent
	if s.own.IsUnknown("Description") {
		best = snapshot.Unknown
	}
	kinds := map[string]string{}
	for _, g := range s.Snapshot.OfType("AWS::ElasticLoadBalancingV2::TargetGroup") {
		kinds[string(g.Key)] = g.Text("TargetType") // "": not read
	}
	name, _ := strings.CutPrefix(s.own.Text("Description"), "ELB ")
	for _, l := range s.Snapshot.OfType("AWS::ElasticLoadBalancingV2::Listener") {
		if l.IsUnknown("LoadBalancerArn") {
			best = snapshot.Unknown
		}
		if !strings.HasSuffix(l.Text("LoadBalancerArn"), ":loadbalancer/"+name) {
			continue
		}
		actions, st := l.Maps("DefaultActions")
		if st == snapshot.Unknown {
			best = snapshot.Unknown
		}
		for _, a := range actions {
			refs := []any{a["TargetGroupArn"]}
			config, _ := a["ForwardConfig"].(map[string]any)
			groups, _ := config["TargetGroups"].([]any)
			for _, g := range groups {
				m, _ := g.(map[string]any)
				refs = append(refs, m["TargetGroupArn"])
			}
			for _, r := range refs {
				switch kind := kinds[fmt.Sprint(r)]; {
				case r == nil || kind == "instance":
				case kind == "":
					best = snapshot.Unknown
				default:
					return snapshot.Known
				}
			}
		}
	}
	return best
}

// ExposedTypes are those on whose listing Exposed rests: what has an address, and what stands in front.
func ExposedTypes() []string {
	return []string{"AWS::EC2::SecurityGroup", "AWS::EC2::NetworkInterface", "AWS::EC2::Instance", "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::Listener",
		"AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::ElasticLoadBalancing::LoadBalancer", "AWS::GlobalAccelerator::Accelerator", "AWS::GlobalAccelerator::Listener",
		"AWS::GlobalAccelerator::EndpointGroup"}
}

// Exposed judges what the internet reaches on some ports, by what opens them: a security group that nothing uses weighs 5 at most, one whose things have no
// public way in 10, and one through which the internet reaches something all of weight.
func Exposed(c check.Case, ports []Port, weight int, what string) []check.Result {
	groups, beside, unread := Openings(c, ports)
	var out []check.Result
	for i := range groups {
		out = append(out, groups[i].judge(c, weight))
	}
	for _, u := range beside {
		r := check.Result{Target: u.Key, Outcome: check.Fail, Risk: weight,
			Says: fmt.Sprintf("the internet reaches %s on %s, though no single security group opens that", u.Name, PortNames(u.Ports))}
		if u.Reached == snapshot.Unknown {
			r.Outcome, r.Says = check.Unknown, fmt.Sprintf("%s is %s, on %s; whether its security groups see the address of a client there is not known", u.Name, u.Says, PortNames(u.Ports))
		}
		out = append(out, r)
	}
	if len(unread) > 0 {
		r := check.Result{Target: c.Account(), Risk: weight}
		var names []string
		for _, u := range unread {
			names = append(names, u.Name)
			r.Evidence = append(r.Evidence, check.Evidence{Key: u.Key, Says: strings.TrimSuffix("whether the internet reaches "+u.Name+" on "+PortNames(u.Ports)+" was not read, "+u.Says, ", ")})
		}
		r.Says = "whether the internet reaches these on a port of " + what + " was not read: " + check.Few(names)
		out = append(out, r)
	}
	needs := ExposedTypes()
	if len(c.Network.Interfaces()) == 0 {
		needs = needs[:3] // nothing stands behind anything
	}
	out = append(out, c.Blind(needs...)...)
	if len(out) > 0 {
		return out
	}
	n := len(c.Snapshot.OfType("AWS::EC2::SecurityGroup"))
	if n == 0 {
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there are no security groups"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("no security group of %d opens a port of %s to the internet", n, what)}}
}

func (o *Opening) judge(c check.Case, weight int) check.Result {
	r := check.Result{Target: o.Group.Key, Outcome: check.Fail}
	name := o.Group.Text("GroupName")
	if name == "" {
		name = Name(c, o.Group.Key)
	}
	opens := PortNames(o.Ports)
	if o.Every {
		opens = "every TCP port"
	}
	says := fmt.Sprintf("security group %s opens %s to the internet", name, opens)
	if !o.Sure {
		r.Outcome, r.Risk, r.Says = check.Unknown, weight, fmt.Sprintf("whether security group %s opens %s to the internet was not read", name, PortNames(o.Ports))
		return r
	}
	var reached, may, still []string
	for _, u := range o.Uses {
		e := check.Evidence{Key: u.Key, Outcome: check.Pass, Says: u.Name + " has no way in from the internet there"}
		to := &still
		switch u.Reached {
		case snapshot.Known:
			to, e.Outcome, e.Says = &reached, check.Fail, strings.TrimSuffix(u.Name+" is reached on "+PortNames(u.Ports)+", "+u.Says, ", ")
		case snapshot.Unknown:
			to, e.Outcome, e.Says = &may, check.Unknown, strings.TrimSuffix("whether "+u.Name+" is reached was not read, "+u.Says, ", ")
		}
		if !slices.Contains(*to, u.Name) {
			*to = append(*to, u.Name)
		}
		r.Evidence = append(r.Evidence, e)
	}
	switch {
	case len(reached) > 0:
		r.Risk, r.Says = weight, fmt.Sprintf("group %s opens %s to the internet on %s", name, check.Few(reached), opens)
	case len(may) > 0:
		r.Risk, r.Says = weight, says+"; whether that reaches "+check.Few(may)+" was not read"
	case len(c.Unlisted("AWS::EC2::NetworkInterface")) > 0:
		r.Risk, r.Says = weight, says+"; what uses it was not read in full"
	case len(still) > 0:
		r.Risk, r.Says = min(10, weight), says+"; what is in it has no way in from there: "+check.Few(still)
	default:
		r.Risk, r.Says = min(5, weight), says+"; nothing is in it"
	}
	return r
}

// PortNames names ports, those beyond the first three as a number.
func PortNames(ports []Port) string {
	names := make([]string, len(ports))
	for i, p := range ports {
		names[i] = p.String()
	}
	return check.Few(names)
}
