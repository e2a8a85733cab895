package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

// expose adds what the policy and the ACL of a resource give to principals that are not of this account: other accounts, AWS services,
// everybody. A policy that was not read may give it to anybody. It is asked when a search meets the resource.
func (t *Table) expose(r *snapshot.Resource) {
	if t.exposed[r.Key] || r.Type == "AWS::IAM::Role" { // trust policies are ways in, not exposure: see trusts
		return
	}
	t.exposed[r.Key] = true
	who := t.strangers(r)
	for _, rt := range t.byType[r.Type] {
		if !holds(rt) || !rt.Direct {
			continue
		}
		for _, p := range who {
			t.offer(rt, r, p)
		}
	}
	if r.Type == "AWS::S3::Bucket" {
		t.acl(r)
	}
	for c := Read; c <= Admin; c++ {
		slices.SortStableFunc(t.into[node{string(r.Key), c}], compareEdges)
	}
}

// exposeAll does so for all resources.
func (t *Table) exposeAll() {
	for i := range t.snap.Resources {
		t.expose(&t.snap.Resources[i])
	}
}

// offer asks a direct route of one stranger.
func (t *Table) offer(rt *Route, r *snapshot.Resource, p string) {
	v, prefix := t.needs(rt, r, p)
	if rt.Needs[0].within() {
		v = v.and(t.beyond(r, rt.Needs[0].Action, p))
	}
	if v.outcome == iam.Deny {
		return
	}
	e := &Entry{ID: p, Actor: p}
	e.Kind, e.Says = t.stranger(p, v.open)
	principal := p
	if p == decide.Stranger {
		principal, e.ID, e.Actor = AnyAccount, AnyAccount, decide.Anonymous
	}
	at := node{principal + viaKind(e.Kind), None}
	t.kinds[at.id] = principal
	ed := &edge{from: at, to: node{string(r.Key), rt.capability()}, by: rt.ID, direct: true, prefix: prefix}
	v.onto(ed)
	if p == decide.Anonymous || p == decide.Stranger {
		for _, o := range t.into[ed.to] {
			if o.from == at && o.outcome == iam.Allow {
				return
			}
		}
	}
	t.add(ed)
	t.once(at, e)
}

// rejected tells that a service takes an action from nobody of another account, whatever the policy of the thing says.
// "Vault access policies", https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
func (t *Table) rejected(r *snapshot.Resource, action, p string) bool {
	if r.Type != "AWS::Backup::BackupVault" || t.ours(p) || strings.EqualFold(action, "backup:CopyIntoBackupVault") {
		return false
	}
	_, foreign := iam.SplitARN(p)
	return foreign || p == decide.Anonymous
}

// beyond decides what a stranger needs beside the policy of what he comes to. Of an access point the bucket has to let him in as well; what stands in
// a network is reached from there alone; and a domain may know users of its own, whom an open policy leaves to it.
// "Configuring IAM policies for using access points", https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
// "The bigger picture", https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html#fgac-access-policies
func (t *Table) beyond(r *snapshot.Resource, action, p string) iam.Decision {
	d := iam.Decision{Outcome: iam.Allow, Seen: iam.Allow}
	within, users := "", false
	switch r.Type {
	case "AWS::S3::AccessPoint":
		d = t.behind(r, action, p)
		if r.Text("NetworkOrigin") == "VPC" {
			within = cmp.Or(r.Text("VpcConfiguration.VpcId"), unnamed)
		}
	case "AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain":
		within = r.Text("VPCOptions.VPCId")
		on, _ := r.Flag("AdvancedSecurityOptions.Enabled")
		anonymous, st := r.Flag("AdvancedSecurityOptions.AnonymousAuthEnabled")
		users = on && !anonymous && st != snapshot.Unknown
	}
	only := func(c iam.Condition) {
		if d.Outcome == iam.Allow {
			d.Outcome, d.Seen = iam.Conditional, iam.Conditional
		}
		d.Residual = append(slices.Clip(d.Residual), c)
	}
	if within != "" {
		only(iam.Condition{Operator: "StringEquals", Key: "aws:SourceVpc", Values: []string{within}})
	}
	if users {
		only(iam.Condition{Operator: "Setting", Key: "the caller", Values: []string{"a user of the domain"}})
	}
	return d
}

// behind is what the bucket of an access point says of a stranger who comes through it.
func (t *Table) behind(point *snapshot.Resource, action, p string) iam.Decision {
	b, ok := t.snap.Get(snapshot.Key(t.arn() + "s3:::" + point.Text("Bucket")))
	if !ok || b.Type != "AWS::S3::Bucket" { // another account's, or not listed
		return iam.Decision{Outcome: iam.Unknown, Seen: iam.Allow}
	}
	d, _ := t.someObject(decide.Query{Principal: p, Action: action, On: b.Key, Context: map[string][]string{
		"s3:DataAccessPointArn": {string(point.Key)}, "s3:DataAccessPointAccount": {t.snap.Account}, "s3:AccessPointNetworkOrigin": {point.Text("NetworkOrigin")}}})
	return d
}

// viaKind keeps the ways of one stranger apart: with an external id he is another risk than without.
func viaKind(kind string) string {
	if kind == "" {
		return ""
	}
	return "\x00" + kind
}

// once adds an entry point unless the node has it.
func (t *Table) once(at node, e *Entry) {
	for _, o := range t.entries[at] {
		if o.Kind == e.Kind && o.ID == e.ID {
			return
		}
	}
	t.enter(at, &entryAt{Entry: e})
}

// strangers lists whom a resource's policy may mean outside the account; with an unread policy, everybody.
func (t *Table) strangers(r *snapshot.Resource) []string {
	ps, read := t.decisions.Policies(r.Key)
	var out []string
	if !read || slices.ContainsFunc(ps, func(p *iam.Policy) bool { return len(p.Unparsed) > 0 }) {
		out = append(out, decide.Stranger)
		if b, _ := t.decisions.PublicAccess(r.Key); b == nil || !b.RestrictPublicBuckets {
			out = append(out, decide.Anonymous) // whatever the policy says, Block Public Access keeps out who has no account
		}
	}
	for _, p := range ps {
		for i := range p.Statements {
			st := &p.Statements[i]
			if st.Effect != iam.EffectAllow {
				continue
			}
			if st.NotPrincipal != nil {
				out = append(out, decide.Anonymous, decide.Stranger)
			}
			if st.Principals == nil {
				continue
			}
			if st.Principals.Any {
				out = append(out, decide.Anonymous, decide.Stranger)
				out = append(out, t.narrowed(st)...)
			}
			for _, a := range st.Principals.AWS {
				if arn, ok := iam.SplitARN(a); ok && arn.Account != t.snap.Account {
					out = append(out, a)
				}
			}
			out = append(out, st.Principals.Service...)
			out = append(out, st.Principals.Canonical...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// narrowed finds other accounts that a statement for everybody is narrowed down to by its conditions.
func (t *Table) narrowed(st *iam.Statement) []string {
	var out []string
	for _, c := range st.Conditions {
		if strings.EqualFold(c.Key, "aws:SourceArn") { // only a service that acts for that resource has the key
			for _, v := range c.Values {
				if arn, ok := iam.SplitARN(v); ok && arn.Service != "" && !strings.ContainsAny(arn.Service, "*?") {
					out = append(out, arn.Service+".amazonaws.com")
				}
			}
		}
		switch strings.ToLower(c.Key) {
		case "aws:principalaccount", "aws:sourceaccount", "aws:principalarn", "aws:sourceowner":
			for _, v := range c.Values {
				account := v
				if arn, ok := iam.SplitARN(v); ok {
					account = arn.Account
				}
				if len(account) == 12 && account != t.snap.Account && strings.Trim(account, "0123456789") == "" {
					out = append(out, t.arn()+"iam::"+account+":root")
				}
			}
		}
	}
	return out
}

// stranger classifies a principal from outside.
func (t *Table) stranger(p string, open []iam.Condition) (kind, says string) {
	has := func(keys ...string) bool {
		return slices.ContainsFunc(open, func(c iam.Condition) bool {
			return !c.Negated && slices.Contains(keys, strings.ToLower(c.Key)) && !slices.Contains(c.Values, "*") && !strings.EqualFold(c.Operator, "Null")
		})
	}
	switch p {
	case decide.Anonymous:
		return Public, "anyone"
	case decide.Stranger:
		return AnyPrincipal, "anyone with an AWS account"
	}
	if p == AnyAccount {
		return UnknownAccount, "another account"
	}
	arn, ok := iam.SplitARN(p)
	if !ok {
		if strings.Contains(p, ".") {
			if has("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths") {
				return ServiceBound, "the service " + p + ", for this account"
			}
			return Service, "the service " + p
		}
		return UnknownAccount, "an account that nobody has named"
	}
	if arn.Account == "cloudfront" { // an origin access identity
		return ServiceBound, "CloudFront"
	}
	name, named := t.trusted[arn.Account]
	if !named {
		return UnknownAccount, "account " + arn.Account + ", which nobody has named"
	}
	if has("sts:externalid") {
		return PartnerExtID, name + ", with an external id"
	}
	return Partner, name + ", without an external id"
}

// Groups of everybody in S3 access control lists (Amazon S3 User Guide, "Access control list (ACL) overview").
const (
	allUsers = "http://acs.amazonaws.com/groups/global/AllUsers"
	authUser = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
)

// acl adds what a bucket's access control list gives to everybody, unless ACLs are off or public ones are ignored.
func (t *Table) acl(r *snapshot.Resource) {
	rules, _ := r.Maps("OwnershipControls.Rules")
	for _, rule := range rules {
		if o, _ := rule["ObjectOwnership"].(string); o == "BucketOwnerEnforced" {
			return
		}
	}
	block, read := t.decisions.PublicAccess(r.Key)
	if block != nil && block.IgnorePublicACLs {
		return
	}
	grants, state := r.Maps("AccessControlList.Grants")
	if state == snapshot.Unknown {
		t.unreadACL(r)
		return
	}
	read = read && !r.IsUnknown("OwnershipControls")
	owner := aclOwner(r, grants)
	for _, g := range grants {
		grantee, _ := g["Grantee"].(map[string]any)
		uri, _ := grantee["URI"].(string)
		permission, _ := g["Permission"].(string)
		kind, says, at := Public, "anyone", decide.Anonymous
		switch uri {
		case allUsers:
		case authUser:
			kind, says, at = AnyPrincipal, "anyone with an AWS account", AnyAccount
		default:
			id, _ := grantee["ID"].(string)
			if id == "" || id == owner {
				continue
			}
			kind, says, at = UnknownAccount, "another account, known by its canonical id only", id
		}
		outcome := iam.Allow
		if !read {
			outcome = iam.Unknown
		}
		for _, c := range aclCapabilities(permission) {
			n := node{at + viaKind(kind), None}
			t.kinds[n.id] = at
			t.add(&edge{from: n, to: node{string(r.Key), c}, by: "bucket-acl", direct: true, outcome: outcome, seen: !read,
				because: []iam.Ref{{Layer: "acl", Policy: "ACL of " + r.Name}}})
			t.once(n, &Entry{Kind: kind, ID: at, Actor: at, Says: says})
		}
	}
}

// aclOwner is the canonical id of the bucket's owner: as read, else the first that has full control, which a new bucket gives its owner.
func aclOwner(r *snapshot.Resource, grants []map[string]any) string {
	if id := r.Text("AccessControlList.Owner.ID"); id != "" {
		return id
	}
	for _, g := range grants {
		grantee, _ := g["Grantee"].(map[string]any)
		if id, _ := grantee["ID"].(string); id != "" && g["Permission"] == "FULL_CONTROL" {
			return id
		}
	}
	return ""
}

// aclCapabilities: READ of a bucket lists the names of its objects, which is content; WRITE replaces and deletes them.
func aclCapabilities(permission string) []Capability {
	switch permission {
	case "READ":
		return []Capability{Read}
	case "WRITE":
		return []Capability{Write}
	case "WRITE_ACP":
		return []Capability{Admin}
	case "FULL_CONTROL":
		return []Capability{Read, Write, Admin}
	}
	return nil
}

func (t *Table) unreadACL(r *snapshot.Resource) {
	n := node{decide.Anonymous + viaKind(Public), None}
	t.kinds[n.id] = decide.Anonymous
	for _, c := range []Capability{Read, Write} {
		t.add(&edge{from: n, to: node{string(r.Key), c}, by: "bucket-acl", direct: true, outcome: iam.Unknown})
	}
	t.once(n, &Entry{Kind: Public, ID: decide.Anonymous, Actor: decide.Anonymous, Says: "anyone"})
}

// shared adds snapshots and images that were given to other accounts, or to everybody.
func (t *Table) shared() {
	share := func(r *snapshot.Resource, with string, outcome iam.Outcome) {
		// Whoever copies what everybody is given needs an account, and anybody can open one: public, and a way in of its own.
		e := &Entry{Kind: Public, ID: "anyone on AWS", Actor: decide.Anonymous, Says: "anyone on AWS"}
		principal, via := decide.Anonymous, "shared"
		if with != "all" {
			principal = t.arn() + "iam::" + with + ":root"
			if with == unnamed {
				principal = AnyAccount
			}
			e = &Entry{ID: principal, Actor: principal}
			e.Kind, e.Says = t.stranger(principal, nil)
			via = e.Kind
		}
		at := node{principal + viaKind(via), None}
		t.kinds[at.id] = principal
		t.add(&edge{from: at, to: node{string(r.Key), Read}, by: "shared", outcome: outcome, direct: true,
			because: []iam.Ref{{Layer: "sharing", Policy: "sharing of " + r.Name}}})
		t.once(at, e)
	}
	for _, typ := range []string{"AWS::RDS::DBSnapshot", "AWS::RDS::DBClusterSnapshot"} {
		for _, r := range t.snap.OfType(typ) {
			with, state := r.Strings("SharedWith")
			if state == snapshot.Unknown {
				share(r, "all", iam.Unknown)
			}
			for _, w := range with {
				share(r, w, iam.Allow)
			}
		}
	}
	for _, r := range t.snap.OfType("AWS::EC2::Snapshot") {
		t.shareSnapshot(r, share)
	}
	for _, r := range t.snap.OfType("AWS::EC2::Image") {
		shareImage(r, share)
	}
}

// shareImage: an image may be given to everybody, to accounts, and to an organization or a part of one
// (Amazon EC2 User Guide, "Understand shared AMI usage").
func shareImage(r *snapshot.Resource, share func(*snapshot.Resource, string, iam.Outcome)) {
	public, known := r.Flag("Public")
	grants, state := r.Maps("LaunchPermissions")
	everybody := public
	for _, g := range grants {
		group, _ := g["Group"].(string)
		everybody = everybody || group == "all"
		if id, _ := g["UserId"].(string); id != "" {
			share(r, id, iam.Allow)
		}
		for _, k := range []string{"OrganizationArn", "OrganizationalUnitArn"} {
			if arn, _ := g[k].(string); arn != "" {
				share(r, unnamed, iam.Allow)
			}
		}
	}
	switch {
	case everybody:
		share(r, "all", iam.Allow)
	case known == snapshot.Unknown || known == snapshot.Absent && state == snapshot.Unknown:
		share(r, "all", iam.Unknown)
	case state == snapshot.Unknown:
		share(r, unnamed, iam.Unknown) // not public, but which accounts have it was not read
	}
}

// unnamed stands for accounts that a sharing means, and that were not read or are not listed.
const unnamed = "unnamed"

// shareSnapshot: a key of AWS's own cannot be shared, and Block Public Access for snapshots ends public sharing
// (Amazon EBS User Guide, "Block public access for Amazon EBS snapshots").
func (t *Table) shareSnapshot(r *snapshot.Resource, share func(*snapshot.Resource, string, iam.Outcome)) {
	blocked := false
	for _, b := range t.snap.OfType("AWS::EC2::SnapshotBlockPublicAccess") {
		blocked = blocked || b.Region == r.Region && b.Text("State") == "block-all-sharing"
	}
	encrypted, _ := r.Flag("Encrypted")
	grants, state := r.Maps("CreateVolumePermissions")
	if state == snapshot.Unknown {
		if blocked || encrypted { // cannot be public, but given to some account
			share(r, unnamed, iam.Unknown)
		} else {
			share(r, "all", iam.Unknown)
		}
	}
	for _, g := range grants {
		if group, _ := g["Group"].(string); group == "all" && !blocked {
			share(r, "all", iam.Allow)
		}
		if id, _ := g["UserId"].(string); id != "" {
			share(r, id, iam.Allow)
		}
	}
}
