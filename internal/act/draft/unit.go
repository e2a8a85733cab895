package draft

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// mostUnits is how many units a draft proposes; more are no environments.
const mostUnits = 6

// place is a unit.
type place struct {
	name string
	tags map[string][]string // values by key
	vpcs []string
	path string
	size int  // resources
	dev  bool // where things are tried out
}

// stages maps what people call an environment to one word.
var stages = map[string]string{
	"production": "prod", "prd": "prod", "live": "prod", "development": "dev", "devel": "dev", "staging": "staging", "stage": "staging", "stg": "staging",
	"preprod": "staging", "testing": "test", "qa": "test", "sandbox": "sandbox",
}

func stage(word string) string {
	word = strings.ToLower(strings.TrimSpace(word))
	return cmp.Or(stages[word], word)
}

// units proposes environments from tags, and networks that no tag places.
func (m *maker) units() []Item {
	all := map[string]*place{}
	at := func(name string) *place {
		if all[name] == nil {
			all[name] = &place{name: name, tags: map[string][]string{}, dev: slices.Contains([]string{"dev", "test", "sandbox"}, name)}
		}
		return all[name]
	}
	inside := map[string]int{}
	for i := range m.s.Resources {
		r := &m.s.Resources[i]
		if vpc := m.vpc(r); vpc != "" && !furniture(r) {
			inside[vpc]++
		}
		for _, key := range []string{"unit", "environment", "env", "stage"} {
			for k, v := range r.Tags {
				// A wildcard in a bind would choose more than what is called so.
				if !strings.EqualFold(k, key) || strings.TrimSpace(v) == "" || strings.ContainsAny(v, "*?") {
					continue
				}
				u := at(stage(v))
				u.size++
				if !slices.Contains(u.tags[k], v) {
					u.tags[k] = append(u.tags[k], v)
				}
				if vpc := r.Text("VpcId"); r.Type == "AWS::EC2::VPC" && !slices.Contains(u.vpcs, vpc) {
					u.vpcs = append(u.vpcs, vpc)
				}
			}
		}
	}
	for _, vpc := range m.s.OfType("AWS::EC2::VPC") {
		id := vpc.Text("VpcId")
		placed := slices.ContainsFunc(slices.Collect(maps.Values(all)), func(u *place) bool { return slices.Contains(u.vpcs, id) })
		if first, _ := vpc.Flag("IsDefault"); !placed && inside[id] > 0 && (!first || inside[id] > 2) && id != "" {
			name := cmp.Or(vpc.Tags["Name"], vpc.Name, id)
			for part := range strings.FieldsFuncSeq(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("-_. /", r) }) {
				if u := all[stage(part)]; u != nil {
					name = u.name
				}
			}
			u := at(name)
			u.vpcs, u.size = append(u.vpcs, id), u.size+inside[id]
		}
	}
	for _, role := range m.s.OfType("AWS::IAM::Role") {
		if first, _, ok := strings.Cut(strings.TrimPrefix(role.Text("Path"), "/"), "/"); ok && all[stage(first)] != nil {
			all[stage(first)].path = "/" + first + "/"
		}
	}
	m.places = m.chosen(all)
	var out []Item
	for i := range m.places {
		out = append(out, m.unit(&m.places[i]))
	}
	m.place()
	if len(out) == 0 && !m.beginning() {
		out = append(out, Item{Lines: []string{"# - {name: prod, bind: [{tag: {env: prod}}, {vpc: vpc-0aaa}, {iam_path: /prod/}]}"}, Comment: "# nothing tells them apart yet"})
	}
	return out
}

// chosen keeps the largest. Where things are tried out comes first: a machine of theirs that stands in a network of others is still theirs.
func (m *maker) chosen(all map[string]*place) []place {
	list := slices.SortedFunc(maps.Values(all), func(a, b *place) int { return cmp.Or(b.size-a.size, strings.Compare(a.name, b.name)) })
	list = list[:min(len(list), mostUnits)]
	slices.SortStableFunc(list, func(a, b *place) int {
		last := func(u *place) int {
			switch {
			case u.dev:
				return 0
			case len(u.tags) > 0 && u.name != "prod":
				return 1
			case len(u.tags) > 0:
				return 2
			}
			return 3
		}
		return last(a) - last(b)
	})
	out := make([]place, 0, len(list))
	for _, u := range list {
		out = append(out, *u)
	}
	return out
}

func (m *maker) unit(u *place) Item {
	var binds []fields
	for _, k := range sortedKeys(u.tags) {
		slices.Sort(u.tags[k])
		binds = append(binds, fields{{"tag", fields{{k, oneOrMore(u.tags[k])}}}})
	}
	if slices.Sort(u.vpcs); len(u.vpcs) > 0 {
		binds = append(binds, fields{{"vpc", oneOrMore(u.vpcs)}})
	}
	if u.path != "" {
		binds = append(binds, fields{{"iam_path", u.path}})
	}
	comment := ""
	if len(u.tags) == 0 {
		comment = m.ask("production? Add what of it stands in no network")
	}
	u.name = m.id(ofUnits, u.name, "unit")
	return item(u.name, fields{{"name", u.name}, {"bind", binds}}, comment)
}

// vpc is the network that a resource stands in; "" for none that was read.
func (m *maker) vpc(r *snapshot.Resource) string {
	id, _ := m.where.Network(r)
	return id
}

// furniture is what stands in every network, and in every Region whether or not anybody uses it.
func furniture(r *snapshot.Resource) bool {
	switch kind := strings.TrimPrefix(r.Type, "AWS::EC2::"); kind {
	case "VPC", "Subnet", "RouteTable", "NetworkAcl", "InternetGateway", "SecurityGroup", "DHCPOptions", "SnapshotBlockPublicAccess",
		"Route", "SubnetRouteTableAssociation", "NetworkAclEntry", "SubnetNetworkAclAssociation":
		return true
	}
	return r.Text("KeyManager") == "AWS" || strings.HasPrefix(r.Text("AliasName"), "alias/aws/")
}

// place makes the model that has the proposed units.
func (m *maker) place() {
	for _, u := range m.places {
		var binds []threatmodel.Bind
		for _, k := range sortedKeys(u.tags) {
			binds = append(binds, threatmodel.Bind{Tag: map[string]threatmodel.Words{k: u.tags[k]}})
		}
		if len(u.vpcs) > 0 {
			binds = append(binds, threatmodel.Bind{VPC: u.vpcs})
		}
		if u.path != "" {
			binds = append(binds, threatmodel.Bind{Path: threatmodel.Words{u.path}})
		}
		m.placed.Units = append(m.placed.Units, threatmodel.Unit{Name: u.name, Bind: binds})
	}
}

// unitOf is the proposed unit of a resource.
func (m *maker) unitOf(r *snapshot.Resource) string {
	if len(m.places) == 0 {
		return ""
	}
	return m.placed.Unit(r, m.vpc(r))
}

var regionName = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]+$`)

// regions lists where there is something that somebody put there.
func (m *maker) regions() []string {
	var out []string
	for i := range m.s.Resources {
		r := &m.s.Resources[i]
		if regionName.MatchString(r.Region) && !furniture(r) && !fact.Fixture(r) && !slices.Contains(out, r.Region) {
			out = append(out, r.Region)
		}
	}
	slices.Sort(out)
	return out
}
