package network

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// facts is what a snapshot says of a network, by type. What is written as a resource of its own in CloudFormation (a rule, a
// route, an association) is found by what it belongs to.
type facts struct {
	snap  *snapshot.Snapshot
	types map[string][]*snapshot.Resource
	gaps  map[string]bool // types of which not all were seen, by the word of a call
	asked map[string]bool // types that some call listed
	lists map[string]list // prefix lists by id
}

// list is a managed prefix list; its blocks count only where all were read.
type list struct {
	blocks []netip.Prefix
	read   bool
}

func gather(s *snapshot.Snapshot) *facts {
	f := &facts{snap: s, types: map[string][]*snapshot.Resource{}, gaps: map[string]bool{}, asked: map[string]bool{}, lists: map[string]list{}}
	for i := range s.Resources {
		r := &s.Resources[i]
		f.types[r.Type] = append(f.types[r.Type], r)
	}
	for _, c := range s.Coverage {
		for _, t := range c.Types {
			f.asked[t] = true
			f.gaps[t] = f.gaps[t] || c.Gap()
		}
	}
	for _, r := range f.types["AWS::EC2::PrefixList"] {
		entries, whole := objects(r, "Entries")
		l := list{read: whole && !r.IsUnknown("Entries") && r.Properties["Entries"] != nil}
		for _, e := range entries {
			b, ok := block(e["Cidr"])
			l.read = l.read && ok
			l.blocks = append(l.blocks, b)
		}
		// Whoever makes a distribution comes from these addresses ("Use the CloudFront managed prefix list",
		// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html): who that is, nobody has read.
		l.read = l.read && !strings.Contains(r.Text("PrefixListName"), "cloudfront.origin-facing")
		f.lists[r.Text("PrefixListId")] = l
	}
	return f
}

// unread tells whether some resources of a type may not have been seen: nobody asked, or a call that lists them was not ok.
func (f *facts) unread(typ string) bool {
	return f.gaps[typ] || !f.asked[typ] && len(f.types[typ]) == 0
}

// refused tells whether a call that lists a type was made in a Region and did not answer in full.
func (f *facts) refused(typ, region string) bool {
	return slices.ContainsFunc(f.snap.Coverage, func(c snapshot.Coverage) bool {
		return c.Gap() && c.Outcome != snapshot.NotAsked && slices.Contains(c.Types, typ) && (c.Region == "" || region == "" || c.Region == region)
	})
}

// objects is a property that is a list of objects; false when it holds something else, too.
func objects(r *snapshot.Resource, path string) ([]map[string]any, bool) {
	all, _ := r.List(path)
	some, _ := r.Maps(path)
	return some, len(all) == len(some)
}

// gathered is a property that is a list of objects, with those that stand as resources of their own; false when it was not read whole.
func gathered(r *snapshot.Resource, path string, parts []*snapshot.Resource) ([]map[string]any, bool) {
	all, whole := objects(r, path)
	for _, p := range parts {
		all = append(all, p.Properties)
		whole = whole && len(p.Unknown) == 0
	}
	_, said := r.Properties[path]
	return all, whole && !r.IsUnknown(path) && (said || len(all) > 0)
}

// texts is a property that is a list of strings; false when it was not read whole.
func texts(r *snapshot.Resource, path string) ([]string, bool) {
	all, state := r.List(path)
	some, _ := r.Strings(path)
	return some, state != snapshot.Unknown && len(all) == len(some)
}

// parts groups the resources of a type by what a property says they belong to; stray tells that some do not say it in plain text.
func (f *facts) parts(typ, owner string) (by map[string][]*snapshot.Resource, stray bool) {
	by = map[string][]*snapshot.Resource{}
	for _, r := range f.types[typ] {
		id := r.Text(owner)
		stray = stray || id == ""
		by[id] = append(by[id], r)
	}
	return by, stray
}

// id is the identifier of a resource: the property that has it, else its name, so that a template's own names serve.
func id(r *snapshot.Resource, properties ...string) string {
	for _, p := range properties {
		if v := r.Text(p); v != "" {
			return v
		}
	}
	return string(r.Key)
}

// blocksOf reads the blocks that a rule or a route is about: written out, or the entries of a prefix list. vague: not all is known.
func (f *facts) blocksOf(m map[string]any, four, six, prefixes string) (blocks []netip.Prefix, vague bool) {
	for _, k := range []string{four, six} {
		if v := m[k]; v != nil && v != "" {
			b, ok := block(v)
			if ok {
				blocks = append(blocks, b)
			}
			vague = vague || !ok
		}
	}
	if v := m[prefixes]; prefixes != "" && v != nil && v != "" {
		name, _ := v.(string)
		l := f.lists[name]
		blocks = append(blocks, slices.DeleteFunc(slices.Clone(l.blocks), func(b netip.Prefix) bool { return !b.IsValid() })...)
		vague = vague || !l.read
	}
	return blocks, vague
}

func text(m map[string]any, names ...string) string {
	for _, n := range names {
		if s, _ := m[n].(string); s != "" {
			return s
		}
	}
	return ""
}
