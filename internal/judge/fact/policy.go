package fact

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Principals are the types without which it is not known who may do what.
func Principals() []string {
	return []string{"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"}
}

// Document is a policy that the account wrote itself: a managed one, or one that stands in a user, group or role.
type Document struct {
	Key      snapshot.Key // of the policy, or of whom it stands in
	Says     string       // what people call it
	Holders  []snapshot.Key
	Boundary bool // nobody has it but as a permissions boundary, where it gives nothing
	Policy   *iam.Policy
	Unread   bool // it, or a part of it, was not read or not understood
}

// Documents lists them by key. Of AWS's own policies it says nothing.
func Documents(c check.Case) []Document {
	holders, bounds := map[string][]snapshot.Key{}, map[string]bool{}
	var out []Document
	for _, typ := range []string{"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role"} {
		for _, r := range c.Snapshot.OfType(typ) {
			arns, _ := r.Strings("ManagedPolicyArns")
			for _, arn := range arns {
				holders[arn] = append(holders[arn], r.Key)
			}
			bounds[r.Text("PermissionsBoundary")] = true
			out = append(out, inline(r)...)
		}
	}
	for _, r := range c.Snapshot.OfType("AWS::IAM::ManagedPolicy") {
		if r.Account != c.Snapshot.Account {
			continue
		}
		d := document(r, "PolicyDocument")
		d.Says, d.Holders = "policy "+r.Name, holders[string(r.Key)]
		d.Boundary = len(d.Holders) == 0 && bounds[string(r.Key)]
		out = append(out, d)
	}
	slices.SortStableFunc(out, func(a, b Document) int {
		return strings.Compare(string(a.Key)+"\x00"+a.Says, string(b.Key)+"\x00"+b.Says)
	})
	return out
}

func inline(r *snapshot.Resource) []Document {
	policies, st := r.Maps("Policies")
	if st == snapshot.Unknown {
		return []Document{{Key: r.Key, Says: "the inline policies of " + r.Name, Holders: []snapshot.Key{r.Key}, Unread: true}}
	}
	var out []Document
	for i, p := range policies {
		d := Document{Key: r.Key, Unread: true}
		if doc, there := p["PolicyDocument"]; there && !r.IsUnknown(fmt.Sprintf("Policies.%d.PolicyDocument", i)) {
			d = parsed(r.Key, snapshot.AsDocument(doc))
		}
		name, _ := p["PolicyName"].(string)
		d.Says, d.Holders = fmt.Sprintf("inline policy %s of %s", name, r.Name), []snapshot.Key{r.Key}
		out = append(out, d)
	}
	return out
}

func document(r *snapshot.Resource, path string) Document {
	doc, st := r.Document(path)
	if st != snapshot.Known {
		return Document{Key: r.Key, Unread: true}
	}
	return parsed(r.Key, doc)
}

func parsed(k snapshot.Key, doc []byte) Document {
	p, _ := iam.ParseLenient(doc)
	return Document{Key: k, Policy: p, Unread: p == nil || len(p.Unparsed) > 0}
}

// Trust is the trust policy of a role; nil where it was not read or not understood in full.
func Trust(role *snapshot.Resource) *iam.Policy {
	d := document(role, "AssumeRolePolicyDocument")
	if d.Unread {
		return nil
	}
	return d.Policy
}

// ServiceLinked tells whether a role is one that AWS made for a service of its own, and that nobody else can assume or change.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
func ServiceLinked(role snapshot.Key) bool {
	return strings.Contains(string(role), ":role/aws-service-role/")
}

// Outright are the users and roles whose own policies administer the account, root among them. Who can make himself one is none of them.
func Outright(c check.Case) map[snapshot.Key]bool {
	out := map[snapshot.Key]bool{}
	if c.Access != nil {
		for _, h := range c.Access.Administrators() {
			if h.Seen {
				out[snapshot.Key(h.Principal)] = true
			}
		}
	}
	return out
}

// Ask is one question of who may do something.
type Ask struct {
	Need access.Need
	On   *snapshot.Resource // nil: the account
	Says string             // what one does then: "stop trail main"
}

// Able is somebody who may, and what.
type Able struct {
	Who          snapshot.Key
	May, Perhaps []string // what is asked that he may; and what may be, and was not read
}

// Besides lists who may do something by his own permissions, and is no administrator and no role of AWS's own.
func Besides(c check.Case, asks []Ask) []Able {
	if c.Access == nil {
		return nil
	}
	admins := Outright(c)
	by := map[snapshot.Key]*Able{}
	for _, ask := range asks {
		for _, h := range c.Access.WhoMay(ask.Need, ask.On) {
			k := snapshot.Key(h.Principal)
			if admins[k] || ServiceLinked(k) {
				continue
			}
			a := by[k]
			if a == nil {
				a = &Able{Who: k}
				by[k] = a
			}
			if h.Seen {
				a.May = append(a.May, ask.Says)
			} else {
				a.Perhaps = append(a.Perhaps, ask.Says)
			}
		}
	}
	out := make([]Able, 0, len(by))
	for _, a := range by {
		out = append(out, *a)
	}
	slices.SortFunc(out, func(a, b Able) int { return strings.Compare(string(a.Who), string(b.Who)) })
	return out
}

// Only is the verdict on what nobody but administrators is to do: one result for the account, with a piece of evidence for each who may. What is
// what they may: "turn off what watches the account".
func Only(c check.Case, able []Able, what string) check.Result {
	out := check.Result{Target: c.Account(), Outcome: check.Pass, Says: "nobody but administrators may " + what}
	var may, perhaps []string
	for _, a := range able {
		e := check.Evidence{Key: a.Who, Outcome: check.Fail}
		name := Name(c, a.Who)
		if len(a.May) > 0 {
			may = append(may, name)
			e.Says = name + " may " + check.Few(a.May)
		} else {
			perhaps = append(perhaps, name)
			e.Outcome, e.Says = check.Unknown, name+" may perhaps "+check.Few(a.Perhaps)+": not all that limits it was read"
		}
		out.Evidence = append(out.Evidence, e)
	}
	switch {
	case len(may) > 0:
		out.Outcome, out.Says = check.Fail, check.Few(may)+" may "+what+", and are no administrators outright"
		if len(may) == 1 {
			out.Says = may[0] + " may " + what + ", and is no administrator outright"
		}
	case len(perhaps) > 0:
		out.Outcome, out.Says = check.Unknown, "whether "+check.Few(perhaps)+" may "+what+" was not read"
	}
	return out
}
