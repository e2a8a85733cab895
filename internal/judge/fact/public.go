package fact

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Stranger is one access that everybody has to a thing as himself: by its policy, its access control list or its sharing, without a step between.
type Stranger struct {
	Access   access.Capability
	Verb     string // what it is called; "" for what Access is called
	Kind     string // access.Public, or access.AnyPrincipal: anybody with an AWS account
	Sure     bool   // else what would tell was not read
	Declared string // what people say of it: "is of class public"; "" where they do not mean it so
	Path     access.Path
}

// Strangers lists what everybody may do with a thing, of each access the surest way. A way on a condition that ties it to somebody (an account, an
// organisation, a network) is none.
func Strangers(c check.Case, k snapshot.Key) []Stranger {
	r, ok := c.Snapshot.Get(k)
	if !ok {
		return nil
	}
	var out []Stranger
	for a := access.Read; a <= access.Admin; a++ {
		met := false
		c.Access.Reaching(k, a, func(e *access.Entry, h access.How) {
			met = met || h.Hops == 0 && everybody(e)
		})
		if !met {
			continue
		}
		var best *Stranger
		paths := c.Access.Paths(k, a, true)
		for i := range paths {
			p := &paths[i]
			x := Stranger{Access: a, Sure: p.Outcome != iam.Unknown && !p.Entry.Unknown, Kind: p.Entry.Kind}
			switch {
			case len(p.Steps) > 0 || !everybody(p.Entry) || best != nil && !x.wider(best):
				continue
			case !x.Sure && p.By != "bucket-acl" && r.Type == "AWS::S3::Bucket" && Restricted(c, r) == snapshot.Known:
				continue // whatever the policy says
			}
			if x.Path = p.Told(); !Bound(r, &x.Path, nil) {
				x.Declared = Declared(c, k, a)
				best = &x
			}
		}
		if best != nil {
			out = append(out, *best)
		}
	}
	return out
}

// wider tells whether a way is surer than another of the same access, or as sure and open to more.
func (x *Stranger) wider(than *Stranger) bool {
	if x.Sure != than.Sure {
		return x.Sure
	}
	return x.Kind == access.Public && than.Kind != access.Public
}

func everybody(e *access.Entry) bool {
	return e != nil && (e.Kind == access.Public || e.Kind == access.AnyPrincipal) && !strings.HasPrefix(e.Actor, "unread ")
}

// Bound tells whether a way of everybody to a thing is tied to somebody all the same. The conditions of a way are those of all statements that may give
// it, so each of them is looked at by itself: one that ties nobody is enough. What a Deny asks for ties all. except tells of conditions that they are
// about something else; it may be nil.
func Bound(r *snapshot.Resource, way *access.Path, except func([]iam.Condition) bool) bool {
	not := func(list []iam.Condition) bool { return Tied(list) || except != nil && except(list) }
	var denied []iam.Condition
	for _, c := range way.Conditions {
		if c.Negated {
			denied = append(denied, c)
		}
	}
	if not(denied) {
		return true
	}
	doc, _ := r.ResourcePolicy()
	policy, _ := iam.ParseLenient(doc)
	asked := false
	for _, ref := range way.Because {
		if ref.Layer != iam.LayerResource || ref.Statement >= len(policy.Statements) {
			continue
		}
		st := &policy.Statements[ref.Statement]
		if st.Effect == iam.EffectAllow && (st.NotPrincipal != nil || st.Principals != nil && st.Principals.Any) {
			if asked = true; !not(st.Conditions) {
				return false
			}
		}
	}
	return asked || not(way.Conditions)
}

// Tied tells whether conditions that are still open keep out whoever is not meant: they ask for a fixed account, organisation, network, or resource
// for which a service acts. What a caller chooses himself (a referer, a prefix, TLS) ties nobody, nor does an address range that is as good as all.
// "The meaning of public", https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func Tied(conditions []iam.Condition) bool {
	return slices.ContainsFunc(conditions, tied)
}

func tied(c iam.Condition) bool {
	op := c.Operator
	if c.Negated { // of a Deny: allowed as long as the contrary holds
		if !strings.Contains(op, "Not") {
			return false
		}
		op = contrary.Replace(strings.TrimSuffix(op, "IfExists"))
	}
	// Whoever has no such key meets …IfExists, and ForAllValues with it.
	asks := !strings.Contains(op, "Not") && !strings.HasSuffix(op, "IfExists") && !strings.HasPrefix(op, "ForAllValues:") && len(c.Values) > 0
	all := func(narrow func(string) bool) bool {
		return asks && !slices.ContainsFunc(c.Values, func(v string) bool { return !narrow(v) })
	}
	switch strings.ToLower(c.Key) {
	case "aws:vpceaccount", "aws:vpceorgid", "aws:sourceorgid", "kms:calleraccount":
		return all(fixed)
	case "aws:principalorgpaths", "aws:vpceorgpaths", "aws:sourceorgpaths": // a unit of an organisation, and what lies below it
		return all(func(v string) bool { v = strings.TrimSuffix(v, "*"); return fixed(v) && strings.Contains(v, "/") })
	case "aws:userid": // any session of a role
		return all(func(v string) bool { return fixed(strings.TrimSuffix(v, ":*")) })
	case "aws:sourcearn", "aws:principalarn", "aws:sourcevpcarn": // anything of one account; a bucket, which names none
		if all(ofAccount) {
			return true
		}
	case "aws:vpcsourceip":
		return all(within)
	case "elasticfilesystem:accessedviamounttarget", // "Blocking public access to EFS file systems"
		"aws:principalisawsservice": // no stranger has it
		return asks && strings.HasPrefix(op, "Bool") && slices.Equal(c.Values, []string{"true"})
	}
	return !iam.IsPublic(&iam.Policy{Version: "2012-10-17", Statements: []iam.Statement{{Effect: iam.EffectAllow, Principals: &iam.Principals{Any: true},
		Actions: []string{"*"}, Resources: []string{"*"}, Conditions: []iam.Condition{{Operator: op, Key: c.Key, Values: c.Values}}}}})
}

func fixed(v string) bool { return v != "" && !strings.ContainsAny(v, "*?$") }

// ofAccount tells whether a pattern means ARNs of one account alone.
func ofAccount(v string) bool {
	arn, ok := iam.SplitARN(v)
	return ok && fixed(arn.Account)
}

// contrary turns an operator with Not into the one that holds when it does not.
var contrary = strings.NewReplacer("Not", "", "ForAllValues:", "ForAnyValue:", "ForAnyValue:", "ForAllValues:")

// within tells whether an address range is less than all.
func within(v string) bool {
	p, err := netip.ParsePrefix(v)
	return err != nil || p.Bits() >= 8
}

// Declared says why an access of everybody to a thing is meant: its class is public, which is about reading alone; a use case of anybody needs it;
// or an entry point for everybody leads there, to read or to call. "" where nobody says so.
func Declared(c check.Case, k snapshot.Key, a access.Capability) string {
	r, ok := c.Snapshot.Get(k)
	if !ok {
		return ""
	}
	if a == access.Read && c.Model.Class(r) == "public" {
		return "is of class public"
	}
	names := called(c, r)
	anybody := func(id string) bool {
		return slices.ContainsFunc(c.Model.Actors, func(x threatmodel.Actor) bool { return x.ID == id && x.Anybody() })
	}
	for i := range c.Model.UseCases {
		u := &c.Model.UseCases[i]
		if !anybody(u.Actor) {
			continue
		}
		for _, name := range names {
			if slices.ContainsFunc(u.Needs[name], func(n string) bool {
				want, _ := access.ParseCapability(n)
				return want == a || want == access.Admin
			}) {
				return "is meant for " + u.Actor + " by " + u.ID
			}
		}
	}
	if a != access.Read {
		return ""
	}
	for i := range c.Model.EntryPoints {
		e := &c.Model.EntryPoints[i]
		open := slices.Contains(e.Kind, access.Public) || slices.Contains(e.Kind, access.AnyPrincipal) || slices.Contains(e.Kind, access.WebHost)
		if open && slices.ContainsFunc(e.LeadsTo, func(id string) bool { return slices.Contains(names, id) || component(c, id, r) }) {
			return "is where " + e.ID + " leads"
		}
	}
	return ""
}

// component tells whether a resource is bound by a component of that id.
func component(c check.Case, id string, r *snapshot.Resource) bool {
	return slices.ContainsFunc(c.Model.Components, func(x threatmodel.Component) bool {
		return x.ID == id && x.Bind.Choose(r, c.Model.Ask) == snapshot.Known
	})
}

// called lists what people may call a thing: what they bind it as, its id on the sheet, its key, its name.
func called(c check.Case, r *snapshot.Resource) []string {
	out := []string{string(r.Key)}
	if st := c.Model.Of(r); st != nil && st.ID != "" {
		out = append(out, st.ID)
	}
	for _, row := range rowsOf(c, r.Key) {
		out = append(out, row.ID)
	}
	return append(out, cmp.Or(r.Name, string(r.Key)))
}

// Everybody are the ways of one thing, by what people say of them.
type Everybody struct {
	Open, Perhaps, Declared []Stranger
}

// Sorted puts what everybody may do apart: what nobody declared and is sure, what may be, what is meant.
func Sorted(list []Stranger) Everybody {
	var out Everybody
	for _, x := range list {
		switch {
		case x.Declared != "":
			out.Declared = append(out.Declared, x)
		case x.Sure:
			out.Open = append(out.Open, x)
		default:
			out.Perhaps = append(out.Perhaps, x)
		}
	}
	return out
}

// Weight is what a failure of a rule weighs where the sheet says nothing of a thing: its impact by access, and how likely it becomes.
type Weight struct{ Read, Write, Likelihood int }

// Result is the verdict on one thing, and whether there is one to tell: nothing is told of what nobody else reaches, or is meant so.
func (x Everybody) Result(c check.Case, r *snapshot.Resource, w Weight) (check.Result, bool) {
	out := check.Result{Target: r.Key}
	list := x.Open
	switch {
	case len(x.Open) > 0:
		out.Outcome, out.Says = check.Fail, fmt.Sprintf("%s may %s %s", whom(list), words(list), Name(c, r.Key))
	case len(x.Perhaps) > 0:
		list = x.Perhaps
		out.Says = fmt.Sprintf("%s may be open to %s: what would tell was not read", Name(c, r.Key), whom(list))
	default:
		return out, false
	}
	if by := sources(list); by != "" && out.Outcome == check.Fail {
		out.Says += " (" + by + ")"
	}
	for _, s := range list {
		n := w.of(c, r.Key, s.Access)
		out.Risk = max(out.Risk, n)
		e := check.Evidence{Key: r.Key, Access: s.Access, Outcome: out.Outcome, Risk: n, Path: &s.Path,
			Says: whom([]Stranger{s}) + " may " + words([]Stranger{s}) + " it"}
		out.Evidence = append(out.Evidence, e)
	}
	return out, true
}

// of is the risk of one access by everybody: the impact of the thing's row, and at most the risk of that row; else the rule's own.
func (w Weight) of(c check.Case, k snapshot.Key, a access.Capability) int {
	out, rows := 0, rowsOf(c, k)
	for _, row := range rows {
		if row.Access == a || a == access.Admin {
			out = max(out, min(row.FullRisk(), row.Impact.Level*w.Likelihood))
		}
	}
	switch {
	case out > 0:
		return out
	case a == access.Read:
		return w.Read * w.Likelihood
	case a == access.Write:
		return w.Write * w.Likelihood
	}
	return max(w.Read, w.Write) * w.Likelihood
}

func whom(list []Stranger) string {
	if slices.ContainsFunc(list, func(x Stranger) bool { return x.Kind == access.Public }) {
		return "anyone"
	}
	return "anyone with an AWS account"
}

// words are the accesses in a list: who administers a thing reads and writes it.
func words(list []Stranger) string {
	var out []string
	for _, x := range list {
		switch {
		case x.Verb != "":
			out = append(out, x.Verb)
		case x.Access == access.Read:
			out = append(out, "read")
		case x.Access == access.Write:
			out = append(out, "write")
		case x.Access == access.Admin:
			return "administer"
		}
	}
	return strings.Join(out, " and ")
}

// sources names what gives an access: "bucket policy of assets".
func sources(list []Stranger) string {
	var out []string
	for _, x := range list {
		for _, ref := range x.Path.Because {
			if !slices.Contains(out, ref.Policy) && ref.Policy != "" {
				out = append(out, ref.Policy)
			}
		}
	}
	return strings.Join(out, ", ")
}

// manyThings is from how many things of a type on it is quicker to ask the path table of all at once.
const manyThings = 20

// EachOf calls f with every resource of some types, in order, with the path table made ready for it.
func EachOf(c check.Case, types []string, f func(*snapshot.Resource)) {
	for _, typ := range types {
		list := c.Snapshot.OfType(typ)
		if len(list) > manyThings {
			c.Access.Load(typ)
		}
		for _, r := range list {
			f(r)
		}
		if len(list) > manyThings {
			c.Access.Load("")
		}
	}
}
