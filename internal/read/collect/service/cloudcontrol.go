package service

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol"
	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol/types"

	"github.com/footing-dev/footing/catalog"
	"github.com/footing-dev/footing/internal/read/collect/secret"
	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

// CloudControl reads the types that no other collector lists and that something hints at: a tagged ARN, or a stack that made one.
// It calls the services with our own permissions, so it can see no more than we may.
// "Discovering resources", https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-operations-list.html
func CloudControl() Service {
	lists, reads := "cloudformation:ListResources", "cloudformation:GetResource"
	for _, t := range tailTypes() {
		lists += " " + t.list
		reads += " " + t.read
	}
	return Service{
		Name: "cloudcontrol",
		Last: true,
		Calls: []Call{
			about(listTail, lists, "TypeName", "what is in the account beside all this"),
			about(getTail, reads, "ResourceDescription", "its roles, keys and settings"),
		},
		Read: readCloudControl,
	}
}

const (
	listTail = "cloudcontrol:ListResources"
	getTail  = "cloudcontrol:GetResource"
	tagsTail = "resourcegroupstaggingapi:GetResources"
)

// The bounds in one Region: Cloud Control answers about one request a second, so this is some ten minutes at worst.
const (
	mostTypes = 60
	mostItems = 1000 // of a type
	mostReads = 300
)

// tail reads one Region, one request after another.
type tail struct {
	s       *Scope
	client  *cloudcontrol.Client
	catalog *catalog.Catalog
	types   map[string]tailType
	tags    map[string]map[string]string // by ARN; nil when nothing is known of them
	begun   bool
	reads   int
	unread  int
}

func readCloudControl(ctx context.Context, s *Scope) {
	c, err := catalog.Load()
	if err != nil {
		panic(err) // the program itself is broken
	}
	t := &tail{s: s, client: cloudcontrol.NewFromConfig(s.Config()), catalog: c, types: map[string]tailType{}}
	for _, x := range tailTypes() {
		t.types[x.name] = x
	}
	t.hint(ctx)
	for i, typ := range t.order() {
		switch {
		case handsOutSecrets.MatchString(typ[strings.LastIndex(typ, "::"):]):
			s.NoteTypes(listTail, snapshot.NotAsked, "its answer may hold secrets", typ)
		case i >= mostTypes:
			s.NoteTypes(listTail, snapshot.NotAsked, fmt.Sprintf("more than %d types are hinted at in this Region", mostTypes), typ)
		default:
			t.read(ctx, typ)
		}
	}
	if t.unread > 0 {
		s.NoteTypes(getTail, snapshot.Truncated, fmt.Sprintf("%d resources were read one by one, %d more were not", t.reads, t.unread))
	}
}

// order has the types that were looked through before the others.
func (t *tail) order() []string {
	out := t.s.Hints.types(t.s.Region)
	slices.SortStableFunc(out, func(a, b string) int {
		_, x := t.types[a]
		_, y := t.types[b]
		switch {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	})
	return out
}

// hint turns the ARNs of what has tags into types. What has tags in a service that nobody reads is a gap of its own.
func (t *tail) hint(ctx context.Context) {
	if t.s.Tags == nil {
		return
	}
	of := t.s.regionTags(ctx, t.s.Region)
	if of.err != nil {
		outcome, reason := wire.Outcome(of.err, t.s.MaybeOff)
		t.s.NoteTypes(tagsTail, outcome, reason)
		return
	}
	t.tags = of.of
	kinds, services := map[string][]string{}, readServices()
	for _, x := range tailTypes() {
		kinds[x.kind] = append(kinds[x.kind], x.name)
	}
	nobody := map[string]int{}
	for arn := range t.tags {
		a, ok := shape.ParseARN(arn)
		if !ok {
			continue
		}
		if !services[a.Service] {
			nobody[a.Service]++
			continue
		}
		for _, r := range t.catalog.TypesOf(arn) {
			for _, name := range kinds[r.Service+":"+r.Name] {
				t.s.Hints.Add(t.s.Region, name)
			}
		}
	}
	if len(nobody) > 0 {
		var said []string
		for _, name := range slices.Sorted(maps.Keys(nobody)) {
			said = append(said, fmt.Sprintf("%s (%d)", name, nobody[name]))
		}
		t.s.NoteTypes(tagsTail, snapshot.NotAsked, "no collector reads what is tagged in "+strings.Join(said, ", "))
	}
}

// readServices are the services that some collector reads, this one among them, as ARNs name most of them.
func readServices() map[string]bool {
	out := map[string]bool{}
	for _, s := range All() {
		for _, c := range s.Calls {
			for _, a := range c.Actions {
				prefix, _, _ := strings.Cut(a, ":")
				out[prefix] = true
			}
		}
	}
	return out
}

// pause keeps the pace of about one request a second.
func (t *tail) pause(ctx context.Context) error {
	if !t.begun {
		t.begun = true
		return ctx.Err()
	}
	return sleep(ctx, t.s.Pause)
}

func (t *tail) read(ctx context.Context, typ string) {
	found, outcome, reason := t.list(ctx, typ)
	t.s.NoteTypes(listTail, outcome, reason, typ)
	var denied error
	for _, d := range found {
		r, err := t.resource(ctx, typ, d, denied)
		if outcome, _ := wire.Outcome(err, false); outcome == snapshot.Denied {
			denied = err // the others of the type would be too
		}
		if r != nil {
			t.s.Add(*r)
		}
	}
}

// list turns the pages of one type. It has what came when a later page did not.
func (t *tail) list(ctx context.Context, typ string) (found []types.ResourceDescription, outcome, reason string) {
	p := cloudcontrol.NewListResourcesPaginator(t.client, &cloudcontrol.ListResourcesInput{TypeName: &typ})
	for n := 0; p.HasMorePages(); n++ {
		if len(found) >= mostItems || n >= mostItems {
			return found[:min(len(found), mostItems)], snapshot.Truncated, fmt.Sprintf("there are more than %d, the most that are listed of one type", mostItems)
		}
		err := t.pause(ctx)
		var o *cloudcontrol.ListResourcesOutput
		if err == nil {
			o, err = try(ctx, t.s, func(ctx context.Context) (*cloudcontrol.ListResourcesOutput, error) { return p.NextPage(ctx) })
		}
		if err == nil && slices.ContainsFunc(o.ResourceDescriptions, func(d types.ResourceDescription) bool { return deref(d.Identifier) == "" }) {
			err = &wire.NotADocument{Call: listTail, Says: "a resource without an identifier"}
		}
		if err != nil {
			outcome, reason = t.failed(err)
			if n > 0 {
				outcome, reason = snapshot.Truncated, fmt.Sprintf("after page %d: %s", n, reason)
			}
			return found, outcome, reason
		}
		found = append(found, o.ResourceDescriptions...)
	}
	if len(found) > mostItems {
		return found[:mostItems], snapshot.Truncated, fmt.Sprintf("%d are there, and %d the most that are listed of one type", len(found), mostItems)
	}
	return found, snapshot.OK, ""
}

// failed says what a failure of a list means. Whatever it is, the type is not absent.
func (t *tail) failed(err error) (outcome, reason string) {
	outcome, reason = wire.Outcome(err, t.s.MaybeOff)
	switch wire.Code(err) {
	case "UnsupportedActionException", "TypeNotFoundException", "PrivateTypeException":
		return snapshot.Failed, "not supported by Cloud Control in this Region: " + reason
	case "InvalidRequestException":
		return snapshot.Failed, "not listed by Cloud Control without naming what it belongs to: " + reason
	}
	return outcome, reason
}

// resource makes a resource of what the list told, or of its own model where that is too little. It is nil when it is gone meanwhile.
func (t *tail) resource(ctx context.Context, typ string, d types.ResourceDescription, denied error) (*snapshot.Resource, error) {
	known := t.types[typ]
	properties, tags, err := secret.Model(deref(d.Properties))
	if err != nil {
		properties, tags = object{}, nil // the model that is asked for may be whole
	}
	ask := err != nil || !enough(known, properties)
	if ask && denied == nil && t.reads >= mostReads {
		t.unread++
		ask = false
	}
	whole := false
	if err = denied; ask && err == nil {
		p, g, got := t.get(ctx, typ, deref(d.Identifier))
		if wire.Code(got) == "ResourceNotFoundException" {
			return nil, nil
		}
		if err = got; err == nil {
			properties, tags, whole = p, g, true
		}
	}
	r := t.s.New(typ, t.arn(known, typ, deref(d.Identifier), properties), "", listTail)
	r.Properties, r.Tags = properties, tags
	t.finish(r, known, deref(d.Identifier), whole)
	if ask && err != nil {
		t.s.Miss(r, snapshot.Properties, getTail, err)
	}
	return r, err
}

// enough tells that the list told all that decides something.
func enough(known tailType, properties object) bool {
	for name := range strings.FieldsSeq(known.needed) {
		if properties[name] == nil {
			return false
		}
	}
	return known.name != ""
}

func (t *tail) get(ctx context.Context, typ, id string) (object, map[string]string, error) {
	t.reads++
	if err := t.pause(ctx); err != nil {
		return nil, nil, err
	}
	c := t.client
	o, err := try(ctx, t.s, func(ctx context.Context) (*cloudcontrol.GetResourceOutput, error) {
		return c.GetResource(ctx, &cloudcontrol.GetResourceInput{TypeName: &typ, Identifier: &id})
	})
	if err != nil {
		return nil, nil, err
	}
	if o.ResourceDescription == nil {
		return nil, nil, &wire.NotADocument{Call: getTail, Says: "nothing about the resource"}
	}
	properties, tags, err := secret.Model(deref(o.ResourceDescription.Properties))
	if err != nil {
		return nil, nil, &wire.NotADocument{Call: getTail, Says: err.Error()}
	}
	return properties, tags, nil
}

// finish says whose a resource is, what it is called, what its policy is, and what was not read.
func (t *tail) finish(r *snapshot.Resource, known tailType, id string, whole bool) {
	if a, ok := shape.ParseARN(string(r.Key)); ok {
		if shape.IsAccountID(a.Account) {
			r.Account = a.Account
		}
		if a.Region != "" {
			r.Region = a.Region
		}
	}
	r.Name = id[strings.LastIndexAny(id, "/:|")+1:]
	for _, name := range []string{afterLast(r.Type, ':') + "Name", "Name"} {
		if s, ok := r.Properties[name].(string); ok && s != "" {
			r.Name = s
		}
	}
	if known.policy != "" {
		if doc := snapshot.AsDocument(r.Properties[known.policy]); r.Properties[known.policy] != nil {
			said := string(doc)
			setPolicy(r, "Policy", &said)
			delete(r.Properties, known.policy)
		} else if !whole {
			r.Unknown = append(r.Unknown, "Policy")
		}
	}
	for name := range strings.FieldsSeq(known.untold) {
		if r.Properties[name] == nil {
			r.Unknown = append(r.Unknown, name)
		}
	}
	if !whole {
		r.Unknown = append(r.Unknown, snapshot.Properties)
	}
	if len(r.Tags) == 0 {
		r.Tags = t.tags[string(r.Key)]
		if len(r.Tags) == 0 && !whole { // the tagging API leaves out what was never tagged, and some types
			r.Unknown = append(r.Unknown, "Tags")
		}
	}
}

// arn is the key: the ARN that the resource tells, the one that its service gives such a thing, or one of ours.
func (t *tail) arn(known tailType, typ, id string, properties object) string {
	name := afterLast(typ, ':')
	candidates := []any{properties["Arn"], properties["ARN"], properties["ResourceARN"], properties["ResourceArn"], id, properties[name+"Arn"], properties[name+"ARN"]}
	for _, c := range candidates {
		if s, _ := c.(string); isARN(s) {
			return s
		}
	}
	for _, k := range slices.Sorted(maps.Keys(properties)) {
		if s, _ := properties[k].(string); known.kind != "" && isARN(s) && t.isOf(s, known.kind) {
			return s
		}
	}
	if arn, err := t.made(known.kind, id); err == nil {
		return arn
	}
	return t.s.ARN("cloudcontrol", typ+"/"+id)
}

func isARN(s string) bool {
	_, ok := shape.ParseARN(s)
	return ok
}

func (t *tail) isOf(arn, kind string) bool {
	return slices.ContainsFunc(t.catalog.TypesOf(arn), func(r catalog.ResourceType) bool { return r.Service+":"+r.Name == kind })
}

var errNoForm = errors.New("there is no form of an ARN that the identifier alone fills")

// made fills the identifier into the ARN's form, if it is all that is missing there.
func (t *tail) made(kind, id string) (string, error) {
	prefix, name, _ := strings.Cut(kind, ":")
	s, ok := t.catalog.Service(prefix)
	if !ok || strings.ContainsAny(id, "|:*") {
		return "", errNoForm
	}
	for _, r := range s.ResourceTypes {
		if r.Name != name {
			continue
		}
		form := strings.NewReplacer("${Partition}", t.s.Partition, "${Region}", t.s.Region, "${Account}", t.s.Account, "${AccountId}", t.s.Account).Replace(r.ARN)
		before, rest, one := strings.Cut(form, "${")
		_, after, closed := strings.Cut(rest, "}")
		if one && closed && !strings.Contains(after, "${") && !strings.Contains(form, "*") {
			return before + id + after, nil
		}
	}
	return "", errNoForm
}
