package fact

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// AdministratorTypes are those on whose listing it rests who administers the account, and who of them is a person.
var AdministratorTypes = []string{"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::IAM::CredentialReport"}

// accountAccess is the service that lets people of Identity Center into roles of their own: entitlements of it are asked by no scan.
// https://docs.aws.amazon.com/account-access/latest/APIReference/API_PrincipalRoleEntitlement.html
const accountAccess = "account-access.amazonaws.com"

// Administrator is somebody who may do everything in the account, or may make himself so: a person or a machine, or people of whom nobody here can tell
// how many they are. Access counts as held, whether or not somebody signs in with it today. Root is none of them: it always is one.
type Administrator struct {
	ID       string // a user, somebody of the directory, a provider with its subjects, a host, a role; "person/ID" of somebody in footing.yaml
	Name     string
	Kind     Kind
	Why      string // it is of that kind
	Many     bool   // nobody knows how many, and at least one
	Unlisted bool   // so, but somebody could have listed them
	Anybody  bool   // whoever likes to
	Sure     bool   // nothing that was not read decides
	Holds    []Holding
}

// Holding is one principal of an administrator that reaches administration of the account.
type Holding struct {
	Principal   string
	Path        access.Path // the surest way, then the shortest
	Sure        bool
	Entry       *access.Entry  // as what one comes in; nil where nothing is known of that
	Assignments []snapshot.Key // of a permission set, through which it is held
}

// Administration is everybody who administers the account.
type Administration struct {
	List   []Administrator // by ID
	Vacant []string        // roles that administer the account and that nobody outside may take
	Hosted bool            // some service may hold a role that administers: what runs may be a way to it
	Off    []string        // people of the directory who are assigned, and switched off
	People *People

	c        check.Case
	entries  map[string][]*access.Entry // by principal
	at       map[string]int             // in List, by ID
	whatIf   map[string]map[string]bool // see without
	outright map[string]bool            // administers by its own policies
	tries    int
}

// Administering finds everybody who administers the account, by every way of the path table.
func Administering(c check.Case) *Administration {
	x := &Administration{c: c, People: NewPeople(c), entries: map[string][]*access.Entry{}, at: map[string]int{}, whatIf: map[string]map[string]bool{}, outright: map[string]bool{}, tries: tries(c)}
	for _, p := range c.Access.Paths(c.Access.Account, access.Admin, false) {
		list := x.entries[p.Principal]
		if !slices.ContainsFunc(list, func(e *access.Entry) bool { return e.Kind == p.Entry.Kind && e.ID == p.Entry.ID }) {
			x.entries[p.Principal] = append(list, p.Entry)
		}
	}
	for _, a := range c.Access.Who(c.Access.Account, access.Admin) {
		if a.Path.By == "root-user" {
			continue
		}
		x.outright[a.Principal] = a.Direct
		h := Holding{Principal: a.Principal, Path: a.Path, Sure: a.Path.Outcome != iam.Unknown || a.Path.Seen}
		switch r, ok := c.Snapshot.Get(snapshot.Key(a.Principal)); {
		case ok && r.Type == "AWS::IAM::User":
			kind, why := x.People.OfUser(r)
			if e := a.Path.Entry; e != nil && e.ID == a.Principal { // not of whoever else becomes this user
				h.Entry = e
			}
			x.add(Administrator{ID: a.Principal, Name: r.Name, Kind: kind, Why: why}, h)
		case ok && r.Type == "AWS::IAM::Role":
			x.ofRole(r, h)
		default:
			x.stranger(a.Principal, h)
		}
	}
	slices.SortFunc(x.List, func(a, b Administrator) int { return strings.Compare(a.ID, b.ID) })
	slices.Sort(x.Off)
	x.Off = slices.Compact(x.Off)
	return x
}

// add takes somebody in. Several principals of one person are that one. What people say of a role is about who comes in as it, but where those were
// listed one by one.
func (x *Administration) add(a Administrator, h Holding) {
	ids := []string{a.ID}
	if len(h.Assignments) == 0 && !a.Anybody && !h.runs() {
		ids = append(ids, h.Principal)
	}
	if kind, why := x.People.stated(ids...); kind != Unsaid && !a.Anybody {
		a.Kind, a.Why = kind, why
		if id := x.People.Same(ids...); id != "" && (h.Entry == nil || h.Entry.Personal()) {
			a.ID, a.Name, a.Many, a.Unlisted = "person/"+id, x.People.called(id), false, false
		}
	}
	i, met := x.at[a.ID]
	if !met {
		i = len(x.List)
		x.at[a.ID] = i
		x.List = append(x.List, a)
	}
	x.List[i].Holds = append(x.List[i].Holds, h)
	x.List[i].Sure = x.List[i].Sure || h.Sure
}

// runs tells whether what comes in is something that runs in the account.
func (h *Holding) runs() bool {
	switch {
	case h.Entry == nil:
		return false
	case h.Entry.Kind == access.ExposedHost, h.Entry.Kind == access.WebHost, h.Entry.Kind == access.PrivateHost, h.Entry.Kind == access.Pod:
		return true
	}
	return false
}

// ofRole adds whoever comes in as a role from outside the account's own principals: those are administrators of their own. A service-linked role is
// AWS's, and nobody's here (IAM User Guide, "Create a service-linked role").
func (x *Administration) ofRole(r *snapshot.Resource, h Holding) {
	if strings.Contains(string(r.Key), ":role/aws-service-role/") {
		return
	}
	before := len(x.List)
	machine := false
	for _, e := range x.entries[string(r.Key)] {
		if strings.HasPrefix(e.ID, string(r.Key)+"#") {
			continue // what runs with it was not read: that a service may hold it is enough, see below
		}
		h := h
		h.Entry = e
		if _, there := x.c.Snapshot.Get(snapshot.Key(e.Actor)); e.Unknown && !(there && h.runs()) {
			h.Sure = false // what is there surely holds its role, whoever reaches it
		}
		machine = x.comesIn(r, e, h) && h.Sure || machine
	}
	services, compute := x.holders(r)
	x.Hosted = x.Hosted || len(services) > 0
	switch {
	case compute != "" && !machine:
		x.add(Administrator{ID: string(r.Key), Name: r.Name, Kind: Machine, Why: "whatever is started with it (" + compute + ")"}, h)
	case len(x.List) == before && len(x.entries[string(r.Key)]) == 0:
		x.Vacant = append(x.Vacant, string(r.Key))
	}
}

// comesIn adds whoever a way into a role stands for, and tells whether that is what runs or acts by itself.
func (x *Administration) comesIn(r *snapshot.Resource, e *access.Entry, h Holding) (machine bool) {
	a := Administrator{ID: e.Actor, Name: Name(x.c, snapshot.Key(e.Actor)), Kind: Machine, Why: e.Says}
	switch e.Kind {
	case access.Public, access.AnyPrincipal:
		a.Kind, a.Anybody, a.Name = Unsaid, true, e.Says
	case access.OIDCNoSubject: // who gets a token: on a platform for everybody, everybody; of a company's own provider its people; of a cluster its pods
		kind, why := ofIssuer(e.ID)
		if a.Name = e.Says; !strings.Contains(e.ID, "oidc.eks.") {
			a.Kind, a.Why = Unsaid, why
			a.Anybody = kind == Machine || !strings.Contains(e.ID, ":oidc-provider/")
			a.Many = !a.Anybody
		}
	case access.SSO:
		if set := permissionSet(r); set != "" {
			x.assigned(r, set, h)
			return false
		}
		a.Kind, a.Many, a.Name = Person, true, e.Says
	case access.OIDCOrg, access.OIDCRepo, access.OIDCPinned:
		a.Kind, a.Why = ofIssuer(e.ID)
		a.Many, a.Name = a.Kind != Machine, e.Says
	case access.Service, access.ServiceBound:
		if a.ID, a.Name = string(r.Key), r.Name; e.ID == accountAccess {
			a.ID, a.Name = string(r.Key)+"#"+accountAccess, "people whom account access lets into "+r.Name
			a.Kind, a.Many, a.Unlisted = Person, true, true
		}
	case access.WebHost:
		if strings.HasPrefix(e.ID, "cognito-identity.") {
			a.Kind, a.Many, a.Name = Person, true, e.Says
		}
	}
	x.add(a, h)
	return a.Kind == Machine
}

// holders lists the AWS services that may hold a role, and the first of those that run what a customer gives them.
func (x *Administration) holders(r *snapshot.Resource) (services []string, compute string) {
	for _, a := range x.c.Access.WhoAction("sts:AssumeRole", r.Key) {
		if !a.Direct || strings.HasPrefix(a.Principal, "arn:") || !strings.Contains(a.Principal, ".amazonaws.com") || a.Principal == accountAccess {
			continue
		}
		services = append(services, a.Principal)
		switch service, _, _ := strings.Cut(a.Principal, "."); service {
		case "ec2", "lambda", "ecs-tasks":
			compute = cmp.Or(compute, a.Principal)
		}
	}
	return services, compute
}

// permissionSet is the permission set that Identity Center made a role for: AWSReservedSSO_NAME_0123456789abcdef.
// https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
func permissionSet(r *snapshot.Resource) string {
	name, ok := strings.CutPrefix(r.Name, "AWSReservedSSO_")
	if i := strings.LastIndexByte(name, '_'); ok && i > 0 {
		return name[:i]
	}
	return ""
}

// assigned adds the people to whom a permission set is assigned in this account, each once. Only the account that owns Identity Center may list
// them: elsewhere they are people of whom nobody knows how many, and never none.
func (x *Administration) assigned(r *snapshot.Resource, set string, h Holding) {
	var arn snapshot.Key
	for _, p := range x.c.Snapshot.OfType("AWS::SSO::PermissionSet") {
		if p.Text("Name") == set {
			arn = p.Key
		}
	}
	unlisted := arn == "" || x.c.Unlisted("AWS::SSO::Assignment") != nil
	who := map[string][]snapshot.Key{}
	for _, a := range x.c.Snapshot.OfType("AWS::SSO::Assignment") {
		if arn == "" || a.Text("PermissionSetArn") != string(arn) || a.Text("TargetId") != "" && a.Text("TargetId") != x.c.Snapshot.Account {
			continue
		}
		users, known := x.members(a)
		unlisted = unlisted || !known
		for _, u := range users {
			who[u] = append(who[u], a.Key)
		}
	}
	for id, through := range who {
		u := x.directory("AWS::IdentityStore::User", "UserId", id)
		a := Administrator{ID: "directory/" + id, Name: id, Kind: Person, Why: "has the permission set " + set}
		if u != nil {
			if a.ID, a.Name = string(u.Key), u.Name; u.Text("UserStatus") == "DISABLED" {
				x.Off = append(x.Off, u.Name)
				continue
			}
		}
		h := h
		h.Assignments = through
		x.add(a, h)
	}
	if unlisted {
		x.add(Administrator{ID: string(r.Key), Name: "people with the permission set " + set, Kind: Person, Many: true, Unlisted: true,
			Why: "who has the permission set " + set + " was not listed"}, h)
	}
}

// members are the users whom an assignment means, by their ids in the directory; known is false where not all were listed.
func (x *Administration) members(a *snapshot.Resource) (users []string, known bool) {
	id := a.Text("PrincipalId")
	if a.Text("PrincipalType") == "USER" && id != "" {
		return []string{id}, true
	}
	g := x.directory("AWS::IdentityStore::Group", "GroupId", id)
	if g == nil {
		return nil, false
	}
	users, st := g.Strings("Members")
	return users, st != snapshot.Unknown
}

func (x *Administration) directory(typ, property, id string) *snapshot.Resource {
	for _, r := range x.c.Snapshot.OfType(typ) {
		if r.Text(property) == id {
			return r
		}
	}
	return nil
}

// stranger adds somebody who is no principal of this account.
func (x *Administration) stranger(principal string, h Holding) {
	a := Administrator{ID: principal, Name: principal, Many: true, Why: "nobody here can tell who that is"}
	h.Entry = h.Path.Entry
	switch {
	case principal == decide.Anonymous || principal == access.AnyAccount:
		a.Anybody, a.Name = true, "anybody"
	case !strings.HasPrefix(principal, "arn:") && strings.Contains(principal, ".amazonaws.com"):
		a.Kind, a.Many, a.Why = Machine, false, "is an AWS service"
	default:
		if account := threatmodel.AccountOf(principal); account != "" {
			a.Name = strings.TrimSpace("account " + account + " " + x.c.Model.Trusted[account])
		}
	}
	x.add(a, h)
}

// MostAdministrators is how many people may administer the account: what an objective says, else two.
func MostAdministrators(c check.Case) (n int, stated bool) {
	n = 2
	for _, o := range c.Model.Objectives {
		for _, a := range o.Must {
			if a.Kind == threatmodel.AtMost && slices.Contains(a.Access, "admin") && slices.ContainsFunc(a.Targets, func(id string) bool { return isAccount(c, id) }) && (!stated || a.AtMost < n) {
				n, stated = a.AtMost, true
			}
		}
	}
	return n, stated
}

func isAccount(c check.Case, id string) bool {
	return id == risk.AccountID || slices.ContainsFunc(c.Model.Resources, func(r threatmodel.Resource) bool {
		return r.ID == id && (slices.Contains(r.Bind.Type, "AWS::Account") || slices.Contains(r.Bind.ARN, string(c.Access.Account)))
	})
}

// Persons are the administrators who are people, or may be: those who surely are, those of whom it is not known whether they administer or whether they
// are people, and people of whom nobody here can tell how many they are. Whoever lets anybody in is none of these.
func (x *Administration) Persons() (sure, perhaps, many []*Administrator) {
	for i := range x.List {
		switch a := &x.List[i]; {
		case a.Anybody || a.Kind == Machine:
		case a.Many:
			many = append(many, a)
		case a.Kind == Person && a.Sure:
			sure = append(sure, a)
		default:
			perhaps = append(perhaps, a)
		}
	}
	return sure, perhaps, many
}

// Anybody are the ways by which whoever likes to administers the account.
func (x *Administration) Anybody() (sure, perhaps []*Administrator) {
	for i := range x.List {
		switch a := &x.List[i]; {
		case a.Anybody && a.Sure:
			sure = append(sure, a)
		case a.Anybody:
			perhaps = append(perhaps, a)
		}
	}
	return sure, perhaps
}

// Obscure are the roles that administer the account and of which it was not read who comes in as them.
func (x *Administration) Obscure() (out []check.Evidence) {
	for i := range x.List {
		a := &x.List[i]
		for j := range a.Holds {
			if h := &a.Holds[j]; a.Anybody && !h.Sure {
				out = append(out, check.Evidence{Key: snapshot.Key(h.Principal), Access: access.Admin, Says: "who comes in as " + Name(x.c, snapshot.Key(h.Principal)) + ", which administers the account, was not read"})
			}
		}
	}
	return out
}

// Hidden names what was not listed and may be a way to a role that administers the account and that a service may hold.
func (x *Administration) Hidden() (out []string) {
	if !x.Hosted {
		return nil
	}
	for _, g := range x.c.Snapshot.Gaps() {
		if g.Resource == "" && slices.ContainsFunc(g.Types, x.c.Access.LeadsOn) {
			out = append(out, check.Gap(&g))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Way says how a path leads to administration of the account.
func (x *Administration) Way(p *access.Path) string {
	var words []string
	holder := p.Principal
	for _, s := range p.Steps {
		says := x.c.Access.Says(s.By)
		to := Name(x.c, snapshot.Key(s.To))
		switch {
		case s.By == "assume-role":
			says = "assumes the role " + to
		case says == "":
			says = s.By
		}
		if s.By != "assume-role" && s.To != s.From && snapshot.Key(s.To) != x.c.Access.Account {
			says += " (" + to + ")"
		}
		words = append(words, says)
		holder = s.To
	}
	if p.By == "administrator" && len(p.Because) > 0 {
		var by []string
		for _, r := range p.Because {
			if name := Name(x.c, snapshot.Key(r.Policy)); r.Layer == iam.LayerIdentity && !slices.Contains(by, name) {
				by = append(by, name)
			}
		}
		last := "has " + check.Few(by)
		if from := x.carriers(holder, p.Because[0].Policy); len(from) > 0 && string(from[0]) != holder {
			last += " through the group " + Name(x.c, from[0])
		}
		words = append(words, last)
	}
	return strings.Join(words, ", ")
}

// Evidence is an administrator as a verdict tells it, and how.
func (x *Administration) Evidence(a *Administrator, outcome check.Outcome) check.Evidence {
	h := &a.Holds[0]
	return check.Evidence{Key: snapshot.Key(h.Principal), Access: access.Admin, Outcome: outcome, Says: a.Name + ": " + x.Way(&h.Path), Who: []string{a.ID}, Path: &h.Path}
}

// Names are those of administrators, in their order.
func Names(list []*Administrator) []string {
	out := make([]string, 0, len(list))
	for _, a := range list {
		out = append(out, a.Name)
	}
	return out
}

// Outright tells whether a principal administers the account by its own policies.
func (x *Administration) Outright(principal string) bool { return x.outright[principal] }

// Stacks tells whether a role administers the account and nothing but CloudFormation holds it: it is wide by design.
func (x *Administration) Stacks(role string) bool {
	found := false
	for i := range x.List {
		for _, h := range x.List[i].Holds {
			if h.Principal == role && (h.Entry == nil || h.Entry.ID != "cloudformation.amazonaws.com") {
				return false
			}
			found = found || h.Principal == role
		}
	}
	return found
}
