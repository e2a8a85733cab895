// Package decide brings together all the layers of one account's policies, so that any principal, action and resource can be decided.
package decide

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Anonymous is the principal of a request that nobody signed.
const Anonymous = "anonymous"

// Stranger is a principal of an account that nobody in this one knows: it stands for "any AWS principal".
const Stranger = "arn:aws:iam::000000000000:root"

// Trouble is a policy that could not be understood, wholly or in part; the answers that depend on it are unknown.
type Trouble struct {
	About  snapshot.Key
	Policy string
	Says   string
}

// Table decides requests of one snapshot. It is safe for concurrent use after Compile.
type Table struct {
	Account  string
	Troubles []Trouble // policies that were not understood, in key order

	snap       *snapshot.Snapshot
	principals map[snapshot.Key]*principal
	resources  map[snapshot.Key]*resource
	scp, rcp   [][]*iam.Policy
	unreadOrg  []string // iam.LayerSCP, iam.LayerRCP, when they exist or may exist and were not read
	management bool
	everything []*iam.Policy       // what is assumed of a caller whose own policies are elsewhere
	named      map[string]bool     // names of policies
	ownAccount map[string][]string // keys that follow from being a principal of the account
}

// principal is a user, role or group with all that its own account says of it.
type principal struct {
	identity, boundary []*iam.Policy
	unread             []string
	context            map[string][]string
	absent             []string
	keyPatterns        []objectPattern
}

// resource is the layers that stand on the resource's side.
type resource struct {
	policy      []*iam.Policy
	grants      []iam.Grant
	public      *iam.PublicAccessBlock
	unread      []string
	tags        map[string]string // nil: not read
	tagsOptIn   bool              // tags count only where attribute-based access control is on, which is not read
	account     string
	keyPatterns []objectPattern
	callers     []string // what its policy asks of the caller's ARN
}

// Query is one question about the account.
type Query struct {
	Principal string // an ARN of this or another account, a service name, or Anonymous
	Action    string
	On        snapshot.Key        // the resource whose policy has a say; "" for none
	Resource  string              // the ARN of the request when it is not On itself (an object of a bucket); else ""
	Context   map[string][]string // what is known beside
	Absent    []string            // keys known to be missing beside
	Present   []string            // keys known to be there, with whatever value
	Edited    bool                // as if its own policies allowed everything: it may write them; its boundary still limits
	Unbound   bool                // as if it had no permissions boundary
}

// sourceOwner is a key that the default policy of SNS topics writes for "our own account": the account of who asks
// (Amazon SNS Developer Guide, "Example cases for Amazon SNS access control").
const sourceOwner = "aws:SourceOwner"

// Principals lists users, roles and groups of the account, sorted. A group is asked as if it were a user who has nothing else.
func (t *Table) Principals() []snapshot.Key {
	out := make([]snapshot.Key, 0, len(t.principals))
	for k := range t.principals {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Explain decides one query with its reasons.
func (t *Table) Explain(q Query) iam.Decision {
	in := iam.Layers{}
	r := iam.Request{
		Principal: q.Principal, Action: q.Action, Resource: q.Resource,
		Context: q.Context, Absent: q.Absent, Present: q.Present, ManagementAccount: t.management,
	}
	if r.Resource == "" {
		r.Resource = requested(q.On)
	}
	if p := t.principals[snapshot.Key(q.Principal)]; p != nil {
		r.Principal = member(q.Principal)
		in.Identity, in.Boundary = p.identity, p.boundary
		for _, u := range p.unread {
			if q.Edited && u == iam.LayerIdentity || q.Unbound && u == iam.LayerBoundary {
				continue
			}
			in.Unread = append(in.Unread, u)
		}
		if q.Edited {
			in.Identity = t.everything
		}
		if q.Unbound {
			in.Boundary = nil
		}
		r.Context = merge(p.context, q.Context)
		r.Absent = append(slices.Clone(p.absent), q.Absent...)
		in.SCP = t.scp
		in.Unread = append(in.Unread, t.unreadOrg...)
	} else {
		// Another account's principal, a service or the account's root: its own permissions are not ours to read, and are assumed.
		in.Identity = t.everything
		if t.isRoot(q.Principal) {
			in.SCP = t.scp
			in.Unread = append(in.Unread, t.unreadOrg...)
		}
	}
	if a, ok := iam.SplitARN(q.Principal); ok && a.Account != "" {
		r.Context = merge(map[string][]string{sourceOwner: {a.Account}}, r.Context)
	} else if q.Principal == Anonymous {
		r.Absent = append(slices.Clip(r.Absent), sourceOwner)
	}
	in.RCP = t.rcp
	r.ResourceAccount = t.Account
	res := t.resources[q.On]
	if res == nil {
		return iam.Evaluate(&r, &in)
	}
	in.Resource, in.Grants, in.PublicAccess = res.policy, res.grants, res.public
	in.Unread = append(in.Unread, res.unread...)
	r.ResourceAccount = cmp.Or(res.account, t.Account)
	if q.Resource == "" || q.Resource == string(q.On) {
		r.ResourceTags = res.tags
	}
	evaluate := func() iam.Decision {
		if t.foreign(q.Principal) {
			return t.anyOf(r, &in, res.callers)
		}
		return iam.Evaluate(&r, &in)
	}
	d := evaluate()
	if !res.tagsOptIn || len(res.tags) == 0 {
		return d
	}
	r.ResourceTags = map[string]string{}
	return either(d, evaluate())
}

// either joins two answers of which one holds, by a setting that is not read: whether the tags of a bucket or table count.
func either(on, off iam.Decision) iam.Decision {
	if on.Outcome == off.Outcome {
		return on
	}
	if on.Outcome == iam.Unknown || off.Outcome == iam.Unknown {
		if on.Outcome == iam.Unknown {
			return on
		}
		return off
	}
	best, values := on, "on"
	if on.Outcome == iam.Deny {
		best, values = off, "off"
	}
	best.Outcome, best.Seen, best.Explicit = iam.Conditional, iam.Conditional, false
	best.Residual = append(slices.Clip(best.Residual), iam.Condition{Operator: "Setting", Key: TagSetting, Values: []string{values}})
	return best
}

// TagSetting is the key of a condition that no policy writes: the answer depends on whether attribute-based access control is on
// for the bucket or table. Off, their tags do not count (Amazon S3 User Guide, "Using tags for attribute-based access control (ABAC)";
// Amazon DynamoDB Developer Guide, "Using attribute-based access control with DynamoDB").
const TagSetting = "attribute-based access control"

// requested is the ARN of a resource as requests name it. Those of EBS snapshots and images have no account, also where a file says
// one (Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2").
func requested(k snapshot.Key) string {
	s := string(k)
	if !strings.Contains(s, ":snapshot/snap-") && !strings.Contains(s, ":image/ami-") {
		return s
	}
	a, ok := iam.SplitARN(s)
	if !ok || a.Service != "ec2" {
		return s
	}
	a.Account = ""
	return a.String()
}

func (t *Table) isRoot(principal string) bool {
	a, ok := iam.SplitARN(principal)
	return ok && a.Account == t.Account && a.Resource == "root"
}

// member is a principal as IAM knows it: a group is none, its member is.
func member(principal string) string {
	if before, group, ok := strings.Cut(principal, ":group/"); ok {
		return before + ":user/any-member-of/" + group
	}
	return principal
}

// merge lets the question's own keys win, in whatever case they are written.
func merge(base, over map[string][]string) map[string][]string {
	if len(over) == 0 {
		return base
	}
	out := make(map[string][]string, len(base)+len(over))
	for k, v := range base {
		out[k] = v
	}
	for k := range over {
		for b := range base {
			if strings.EqualFold(b, k) {
				delete(out, b)
			}
		}
	}
	for k, v := range over {
		out[k] = v
	}
	return out
}

// Policies returns the parsed resource-based policies of a resource, and whether they were read.
func (t *Table) Policies(k snapshot.Key) ([]*iam.Policy, bool) {
	r := t.resources[k]
	if r == nil {
		return nil, true
	}
	return r.policy, !slices.Contains(r.unread, iam.LayerResource)
}

// Identity returns the parsed identity policies of a principal of the account.
func (t *Table) Identity(k snapshot.Key) []*iam.Policy {
	if p := t.principals[k]; p != nil {
		return p.identity
	}
	return nil
}

// PublicAccess is S3 Block Public Access as it takes effect on a bucket; nil when nothing blocks, and whether it was read.
func (t *Table) PublicAccess(k snapshot.Key) (*iam.PublicAccessBlock, bool) {
	r := t.resources[k]
	if r == nil {
		return nil, true
	}
	return r.public, !slices.Contains(r.unread, iam.LayerPublicAccess)
}

// UnreadIdentity tells whether some identity policy of a principal was not read.
func (t *Table) UnreadIdentity(k snapshot.Key) bool {
	p := t.principals[k]
	return p != nil && slices.Contains(p.unread, iam.LayerIdentity)
}

// HasGrants tells whether a key has KMS grants, or may have.
func (t *Table) HasGrants(k snapshot.Key) bool {
	r := t.resources[k]
	return r != nil && (len(r.grants) > 0 || slices.Contains(r.unread, iam.LayerGrant))
}

// HasPolicy tells whether some policy has a name, as a Ref has it.
func (t *Table) HasPolicy(name string) bool { return t.named[name] }
