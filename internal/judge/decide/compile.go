package decide

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// compiler parses each distinct document once.
type compiler struct {
	*Table
	parsed map[policyID]*iam.Policy
	tags   map[string]bool // lower-case tag keys that some policy asks of a principal
	org    snapshot.State
	orgID  string

	blocks     []*snapshot.Resource // S3 Block Public Access of accounts
	blocksRead snapshot.State
}

// Compile reads every policy of a sealed snapshot. Policies that cannot be understood are listed in Troubles, never dropped.
func Compile(s *snapshot.Snapshot) *Table {
	c := &compiler{
		Table: &Table{
			Account: s.Account, snap: s,
			principals: map[snapshot.Key]*principal{},
			resources:  map[snapshot.Key]*resource{},
			named:      map[string]bool{"grant": true, "sharing": true},
		},
		parsed: map[policyID]*iam.Policy{},
		tags:   map[string]bool{},
	}
	c.ownAccount = map[string][]string{sourceOwner: {s.Account}}
	c.everything = []*iam.Policy{{Name: "the caller's own account", Version: "2012-10-17", Statements: []iam.Statement{
		{Effect: iam.EffectAllow, Actions: []string{"*"}, Resources: []string{"*"}},
	}}}
	c.organisation()
	const block = "AWS::S3::AccountPublicAccessBlock"
	c.blocks, c.blocksRead = s.OfType(block), s.Has(block, "")
	for i := range s.Resources {
		r := &s.Resources[i]
		c.resources[r.Key] = c.resource(r)
	}
	groups := c.groups()
	for i := range s.Resources {
		r := &s.Resources[i]
		switch r.Type {
		case "AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group":
			if a, ok := iam.SplitARN(string(r.Key)); !ok || a.Account == s.Account { // a file may tell of others; they come from outside
				c.principals[r.Key] = c.principal(r, groups)
			}
		}
	}
	for _, r := range s.Resources {
		if p := c.principals[r.Key]; p != nil {
			c.attributes(&r, p)
			p.keyPatterns = objectPatterns(p.identity, p.boundary)
		}
	}
	slices.SortStableFunc(c.Troubles, func(a, b Trouble) int {
		return cmp.Or(strings.Compare(string(a.About), string(b.About)), strings.Compare(a.Policy, b.Policy), strings.Compare(a.Says, b.Says))
	})
	return c.Table
}

// policyID is what policies are interned by: a Ref must name the policy that people know.
type policyID struct{ name, document string }

// parse reads a policy that several may have, once.
func (c *compiler) parse(about snapshot.Key, name string, doc json.RawMessage) *iam.Policy {
	id := policyID{name, string(doc)}
	p, ok := c.parsed[id]
	if !ok {
		p = c.read(about, name, doc)
		c.parsed[id] = p
	}
	return p
}

// read reads a policy that only one has.
func (c *compiler) read(about snapshot.Key, name string, doc json.RawMessage) *iam.Policy {
	p, errs := iam.ParseLenient(doc)
	if p == nil {
		p = &iam.Policy{Unparsed: []int{-1}}
	}
	p.Name = name
	c.named[name] = true
	for _, e := range errs {
		c.Troubles = append(c.Troubles, Trouble{about, name, e.Error()})
	}
	for i := range p.Statements {
		c.noteTags(&p.Statements[i])
	}
	return p
}

const principalTag = "aws:principaltag/"

// noteTags collects which principal tags are ever asked for, so that a tag that a principal does not have is known to be missing.
func (c *compiler) noteTags(st *iam.Statement) {
	note := func(s string) {
		if k, ok := strings.CutPrefix(strings.ToLower(s), principalTag); ok {
			c.tags[k] = true
		}
	}
	for _, cond := range st.Conditions {
		note(cond.Key)
		for _, v := range cond.Values {
			eachVariable(v, note)
		}
	}
	for _, v := range st.Resources {
		eachVariable(v, note)
	}
	for _, v := range st.NotResources {
		eachVariable(v, note)
	}
}

// organisation reads SCP and RCP levels. A member account that cannot read them is "allowed at most";
// a standalone account has none.
func (c *compiler) organisation() {
	s := c.snap
	c.org = s.Has("AWS::Organizations::Organization", "")
	for _, o := range s.OfType("AWS::Organizations::Organization") {
		c.orgID = o.Text("Id")
		c.management = o.Text("ManagementAccountId") == c.Account && c.Account != ""
	}
	levels, astray := map[string][][]*iam.Policy{}, false
	for _, p := range s.OfType("AWS::Organizations::Policy") {
		if p.IsUnknown("Level") || p.IsUnknown("Type") {
			astray = true
			continue
		}
		n, _ := p.Number("Level")
		level := min(max(int(n), 0), 16) // an organisation is at most five units deep
		doc, _ := p.Document("Content")
		l := levels[p.Text("Type")]
		for len(l) <= level {
			l = append(l, nil)
		}
		l[level] = append(l[level], c.parse(p.Key, p.Text("Name"), doc))
		levels[p.Text("Type")] = l
	}
	if c.org == snapshot.Absent || c.management {
		return // neither binds the management account: not its principals, nor its resources, whoever asks for them
	}
	// What was read of them may be a part. Others above or below only take away, but others on one level may allow what those that were
	// read do not: each level is taken to have one that was not.
	if astray || s.Has("AWS::Organizations::Policy", "") == snapshot.Unknown || slices.ContainsFunc(s.Gaps(), func(g snapshot.Coverage) bool {
		return slices.Contains(g.Types, "AWS::Organizations::Policy")
	}) {
		c.unreadOrg = []string{iam.LayerSCP, iam.LayerRCP}
		unread := &iam.Policy{Unparsed: []int{iam.AllUnparsed}}
		for _, l := range levels {
			for i := range l {
				if len(l[i]) > 0 {
					l[i] = append(l[i], unread)
				}
			}
		}
	}
	c.scp = c.withoutHoles(levels["SERVICE_CONTROL_POLICY"], iam.LayerSCP)
	c.rcp = c.withoutHoles(levels["RESOURCE_CONTROL_POLICY"], iam.LayerRCP)
}

// withoutHoles drops levels of which no policy is in the snapshot. Every root, unit and account has one at least
// ("DetachPolicy", https://docs.aws.amazon.com/organizations/latest/APIReference/API_DetachPolicy.html), so such a level was not read;
// it does not allow nothing.
func (c *compiler) withoutHoles(levels [][]*iam.Policy, layer string) [][]*iam.Policy {
	full := slices.DeleteFunc(slices.Clone(levels), func(l []*iam.Policy) bool { return len(l) == 0 })
	if len(full) < len(levels) {
		c.unreadOrg = append(c.unreadOrg, layer)
	}
	return full
}

// groups maps the names in a user's Groups to the group resource.
func (c *compiler) groups() map[string]*snapshot.Resource {
	out := map[string]*snapshot.Resource{}
	for _, g := range c.snap.OfType("AWS::IAM::Group") {
		out[g.Text("GroupName")] = g
	}
	return out
}

func (c *compiler) principal(r *snapshot.Resource, groups map[string]*snapshot.Resource) *principal {
	p := &principal{}
	c.identity(p, r)
	names, state := r.Strings("Groups")
	if state == snapshot.Unknown {
		p.unread = append(p.unread, iam.LayerIdentity)
	}
	for _, n := range names {
		if g := groups[n]; g != nil {
			c.identity(p, g)
		} else {
			p.unread = append(p.unread, iam.LayerIdentity)
		}
	}
	switch arn, state := r.Property("PermissionsBoundary"); state {
	case snapshot.Unknown:
		p.unread = append(p.unread, iam.LayerBoundary)
	case snapshot.Known:
		name, _ := arn.(string)
		if m, ok := c.managed(name); ok {
			p.boundary = []*iam.Policy{m}
		} else {
			p.unread = append(p.unread, iam.LayerBoundary)
		}
	}
	return p
}

// identity adds the inline and managed policies of a user, role or group.
func (c *compiler) identity(p *principal, r *snapshot.Resource) {
	inline, state := r.Maps("Policies")
	if state == snapshot.Unknown {
		p.unread = append(p.unread, iam.LayerIdentity)
	}
	for i, m := range inline {
		name, _ := m["PolicyName"].(string)
		if r.IsUnknown(fmt.Sprintf("Policies.%d.PolicyDocument", i)) {
			p.unread = append(p.unread, iam.LayerIdentity)
			continue
		}
		p.identity = append(p.identity, c.parse(r.Key, name, snapshot.AsDocument(m["PolicyDocument"])))
	}
	attached, state := r.Strings("ManagedPolicyArns")
	if state == snapshot.Unknown {
		p.unread = append(p.unread, iam.LayerIdentity)
	}
	for _, arn := range attached {
		if m, ok := c.managed(arn); ok {
			p.identity = append(p.identity, m)
		} else {
			p.unread = append(p.unread, iam.LayerIdentity)
		}
	}
}

func (c *compiler) managed(arn string) (*iam.Policy, bool) {
	r, ok := c.snap.Get(snapshot.Key(arn))
	if !ok {
		return nil, false
	}
	doc, state := r.Document("PolicyDocument")
	if state != snapshot.Known {
		return nil, false
	}
	return c.parse(r.Key, arn, doc), true
}

// attributes fills in the keys that follow from who the principal is.
func (c *compiler) attributes(r *snapshot.Resource, p *principal) {
	p.context = map[string][]string{"kms:CallerAccount": {r.Account}}
	switch c.org {
	case snapshot.Known:
		p.context["aws:PrincipalOrgID"] = []string{c.orgID}
	case snapshot.Absent:
		p.absent = append(p.absent, "aws:PrincipalOrgID", "aws:PrincipalOrgPaths")
	}
	if r.Type == "AWS::IAM::User" && r.Text("UserId") != "" {
		p.context["aws:userid"] = []string{r.Text("UserId")}
	}
	if r.IsUnknown("Tags") || r.Type == "AWS::IAM::Role" && c.takesTags(r) {
		return // tags of a session join the role's, and replace those of the same name
	}
	for k, v := range r.Tags {
		p.context["aws:PrincipalTag/"+k] = []string{v}
	}
	for k := range c.tags {
		if !hasTag(r.Tags, k) {
			p.absent = append(p.absent, "aws:PrincipalTag/"+k)
		}
	}
	slices.Sort(p.absent)
}

func hasTag(tags map[string]string, lower string) bool {
	for k := range tags {
		if strings.ToLower(k) == lower {
			return true
		}
	}
	return false
}

// takesTags tells whether the trust policy lets somebody pass session tags, or may do so
// (IAM User Guide, "Pass session tags in AWS STS").
func (c *compiler) takesTags(role *snapshot.Resource) bool {
	trust := c.resources[role.Key]
	for _, p := range trust.policy {
		if len(p.Unparsed) > 0 {
			return true
		}
		for i := range p.Statements {
			st := &p.Statements[i]
			tag := func(a string) bool { return iam.MatchAction(a, "sts:TagSession") }
			if st.Effect == iam.EffectAllow && (slices.ContainsFunc(st.Actions, tag) || st.NotActions != nil && !slices.ContainsFunc(st.NotActions, tag)) {
				return true
			}
		}
	}
	return slices.Contains(trust.unread, iam.LayerResource)
}

// resource reads what stands on the resource's side: its policy, KMS grants, and S3 Block Public Access.
func (c *compiler) resource(r *snapshot.Resource) *resource {
	res := &resource{account: r.Account, tagsOptIn: r.Type == "AWS::S3::Bucket" || r.Type == "AWS::DynamoDB::Table"}
	if !r.IsUnknown("Tags") {
		res.tags = r.Tags
		if res.tags == nil {
			res.tags = map[string]string{}
		}
	}
	switch doc, state := r.ResourcePolicy(); state {
	case snapshot.Unknown:
		res.unread = append(res.unread, iam.LayerResource)
	case snapshot.Known:
		res.policy = []*iam.Policy{c.read(r.Key, policyName(r), doc)}
		res.callers = callerPatterns(append(res.policy[:1:1], slices.Concat(c.rcp...)...))
	}
	switch r.Type {
	case "AWS::KMS::Key":
		c.grants(res, r)
	case "AWS::S3::Bucket":
		c.publicAccess(res, r)
		res.keyPatterns = objectPatterns(res.policy)
	case "AWS::S3::AccessPoint":
		c.publicAccess(res, r)
	}
	return res
}

// policyName is what people call a resource's own policy.
func policyName(r *snapshot.Resource) string {
	switch r.Type {
	case "AWS::IAM::Role":
		return "trust policy of " + r.Name
	case "AWS::S3::Bucket":
		return "bucket policy of " + r.Name
	case "AWS::KMS::Key":
		return "key policy of " + r.Name
	}
	return "policy of " + r.Name
}

func (c *compiler) grants(res *resource, r *snapshot.Resource) {
	grants, state := r.Maps("Grants")
	if state == snapshot.Unknown {
		res.unread = append(res.unread, iam.LayerGrant)
	}
	for _, g := range grants {
		grant := iam.Grant{}
		grant.Grantee, _ = g["GranteePrincipal"].(string)
		ops, _ := g["Operations"].([]any)
		for _, o := range ops {
			if s, ok := o.(string); ok {
				grant.Operations = append(grant.Operations, s)
			}
		}
		cons, _ := g["Constraints"].(map[string]any)
		for _, kind := range []string{"EncryptionContextEquals", "EncryptionContextSubset"} {
			if m, ok := cons[kind].(map[string]any); ok {
				grant.EncryptionContext, grant.Subset = map[string]string{}, kind == "EncryptionContextSubset"
				for k, v := range m {
					grant.EncryptionContext[k], _ = v.(string)
				}
			}
		}
		res.grants = append(res.grants, grant)
	}
}

// publicAccess is the stricter of the account's setting and that of the bucket or access point
// (Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage").
func (c *compiler) publicAccess(res *resource, r *snapshot.Resource) {
	var account *snapshot.Resource
	for _, a := range c.blocks {
		if a.Account == r.Account || a.Account == "" {
			account = a
		}
	}
	unread := account == nil && c.blocksRead == snapshot.Unknown
	flag := func(name string) bool {
		own, state := r.Flag("PublicAccessBlockConfiguration." + name)
		unread = unread || state == snapshot.Unknown
		if account != nil {
			all, state := account.Flag(name)
			unread = unread || state == snapshot.Unknown
			own = own || all
		}
		return own
	}
	res.public = &iam.PublicAccessBlock{
		BlockPublicACLs: flag("BlockPublicAcls"), IgnorePublicACLs: flag("IgnorePublicAcls"),
		BlockPublicPolicy: flag("BlockPublicPolicy"), RestrictPublicBuckets: flag("RestrictPublicBuckets"),
	}
	if unread && !res.public.RestrictPublicBuckets {
		res.unread = append(res.unread, iam.LayerPublicAccess)
	}
}
