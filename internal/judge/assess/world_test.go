package assess

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// world is a random account and what people state of it: what a change is made to.
type world struct {
	resources []snapshot.Resource
	gaps      []string
	model     *threatmodel.Model
	cut, with []string
}

// copied is the same world, of which everything may be changed.
func (w *world) copied() *world {
	b := *w
	b.resources, b.gaps = copied(w.resources), slices.Clone(w.gaps)
	for i := range b.resources {
		b.resources[i].Unknown = slices.Clone(b.resources[i].Unknown)
	}
	m := *w.model
	m.Trusted = map[string]string{}
	for k, v := range w.model.Trusted {
		m.Trusted[k] = v
	}
	m.People, m.Mitigations = slices.Clone(m.People), slices.Clone(m.Mitigations)
	b.model = &m
	return &b
}

func (w *world) judged(t *testing.T) *Assessment {
	t.Helper()
	s := listed(w.resources, w.gaps...)
	for _, typ := range worldTypes {
		c := snapshot.Coverage{Service: "test", Call: typ, Types: []string{typ}, Outcome: snapshot.OK}
		if slices.Contains(w.gaps, typ) {
			c.Outcome = snapshot.Denied
		}
		s.Coverage = append(s.Coverage, c)
	}
	s.Seal()
	a, err := Of(Input{Snapshot: s, Model: w.model, Cut: w.cut, With: w.with})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// worldTypes are listed beside those that draw makes.
var worldTypes = []string{"AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::RDS::DBInstance", "AWS::RDS::DBSnapshot", "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::Listener",
	"AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::ElasticLoadBalancing::LoadBalancer", "AWS::GlobalAccelerator::EndpointGroup", "AWS::EC2::NetworkInterface", "AWS::EC2::VPC"}

// world adds to a drawn account what is attached, shared, classed, and what runs; then people state something of it.
func (g generator) world(t *testing.T, resources []snapshot.Resource) *world {
	w := &world{resources: resources}
	for i := range w.resources {
		r := &w.resources[i]
		if r.Type == "AWS::IAM::User" && g.IntN(3) == 0 {
			r.Properties["ManagedPolicyArns"] = []any{arn("policy", "edge")}
		}
		if r.Type == "AWS::S3::Bucket" {
			if r.Tags == nil {
				r.Tags = map[string]string{}
			}
			if g.IntN(2) == 0 {
				r.Tags["data-class"] = g.one(threatmodel.Classes()...)
			}
			if g.IntN(3) == 0 {
				r.Tags["env"] = g.one("dev", "prod")
			}
			if g.IntN(2) == 0 {
				r.Properties["VersioningConfiguration"] = object{"Status": g.one("Enabled", "Suspended")}
			}
			if g.IntN(4) == 0 {
				r.Properties["ObjectLockEnabled"] = true
				r.Properties["ReplicationConfiguration"] = object{"Rules": []any{object{"Status": "Enabled", "Destination": object{"Bucket": "arn:aws:s3:::copy", "Account": "444455556666"}}}}
			}
		}
	}
	if g.IntN(2) == 0 {
		i := host(g.IntN(2) == 0, []int{22, 443}[g.IntN(2)], g.one("optional", "required"))[1:]
		w.resources = append(w.resources, i...)
		for n := range w.resources {
			if w.resources[n].Key == snapshot.Key(arn("role", "app")) {
				list := w.resources[n].Properties["AssumeRolePolicyDocument"].(object)
				// A host whose role keeps its service out is told as if it did not: that a host was started tells that it was let in once.
				open := slices.DeleteFunc(list["Statement"].([]any), func(s any) bool { return s.(object)["Effect"] == "Deny" })
				list["Statement"] = append(open, trust("Service", "ec2.amazonaws.com"))
			}
		}
	}
	if g.IntN(2) == 0 {
		w.resources = append(w.resources, g.shop()...)
	}
	w.model = g.stated()
	g.more(w.model)
	a := w.judged(t)
	for i := range a.Sheet.Rows {
		if r := a.Sheet.Rows[i]; g.IntN(4) == 0 {
			o := threatmodel.Override{Said: threatmodel.Said{Reason: "r", By: "b", Date: g.one("2026-05-20", "2026-05-20", "2025-05-20")}, Until: g.one("2026-07-01", "2026-07-01", "2026-05-31"), Likelihood: 1 + g.IntN(5),
				Target: threatmodel.Target{ID: r.ID, Access: strings.ToLower(r.Access.String())}, Evidence: a.Sheet.Evidence(&r)}
			if g.IntN(6) == 0 {
				o.Evidence = "100p-9w-000000000000"
			}
			w.model.Overrides = append(w.model.Overrides, o)
		}
	}
	return w
}

// shop is a database with a secret, and a copy of it that may be shared.
func (g generator) shop() []snapshot.Resource {
	db := resource("AWS::RDS::DBInstance", "arn:aws:rds:eu-west-1:"+ours+":db:shop", "shop", object{"DBInstanceIdentifier": "shop", "BackupRetentionPeriod": g.IntN(2) * 7,
		"MasterUserSecret": object{"SecretArn": "arn:aws:secretsmanager:eu-west-1:" + ours + ":secret:db-AbCdEf"}})
	copied := resource("AWS::RDS::DBSnapshot", "arn:aws:rds:eu-west-1:"+ours+":snapshot:shop-1", "shop-1", object{"DBSnapshotIdentifier": "shop-1", "DBInstanceIdentifier": "shop"})
	if g.IntN(2) == 0 {
		copied.Properties["SharedWith"] = []any{g.one("all", "999988887777", "555566667777")}
	}
	db.Region, copied.Region = "eu-west-1", "eu-west-1"
	return []snapshot.Resource{db, copied}
}

// more draws the rest of what people may state.
func (g generator) more(m *threatmodel.Model) {
	said := threatmodel.Said{Reason: "r", By: "b", Date: "2026-05-01", Line: 3}
	if g.IntN(2) == 0 {
		m.Trusted = map[string]string{}
	}
	if f := &m.Resources[0]; g.IntN(2) == 0 {
		f.Class = g.one(threatmodel.Classes()...)
		f.Impact = threatmodel.Impact{Write: g.IntN(6), Reason: g.one("", "r"), By: "b", Date: "2026-05-01"}
	}
	if g.IntN(3) == 0 {
		m.Resources = append(m.Resources, threatmodel.Resource{ID: "web", Bind: threatmodel.Bind{Tag: map[string]words{"team": {"web"}}}, Class: g.one(threatmodel.Classes()...)})
	}
	if g.IntN(3) == 0 {
		m.Resources = append(m.Resources, threatmodel.Resource{ID: "registrar", Asset: "domain registrar", Class: "internal"})
	}
	m.Units = []threatmodel.Unit{{Name: "prod", Bind: []threatmodel.Bind{{ARN: words{arn("role", "app"), "arn:aws:s3:::media"}}, {Tag: map[string]words{"env": {"prod"}}}}},
		{Name: "dev", Bind: []threatmodel.Bind{{ARN: words{arn("user", "ben"), arn("role", "ops"), "arn:aws:s3:::logs"}}}}}
	m.Threats = []threatmodel.Threat{{ID: "T-1", Target: threatmodel.Target{ID: "files"}, Mitigations: []string{"M-1"}}}
	m.Waivers = []threatmodel.Waiver{{Said: said, Target: threatmodel.Target{ID: g.one("files", "logs", "db", "account"), Access: g.one("", "read", "write")}, Until: g.one("2026-07-01", "2026-05-31"), MaxRisk: 1 + g.IntN(25)},
		{Said: said, Threat: "T-1", Until: "2026-07-01", MaxRisk: 1 + g.IntN(25)}, {Said: said, Objective: "O-3", Until: g.one("2026-07-01", "2026-05-31")}}
	if g.IntN(3) == 0 {
		m.Exceptions = []threatmodel.Exception{{Said: said, From: g.one("dev", "role/ops"), To: "prod", Action: g.one("", "s3:GetObject"), Until: g.one("2026-07-01", "2026-05-31")}}
	}
	names := threatmodel.Names{Actors: []string{"team", "app"}, Resources: []string{"files", "account"}, Units: []string{"prod", "dev"}}
	for i, s := range []string{"only team may read files", "only team and app may administer account", "nobody may write files", "nobody may read class restricted", "dev is isolated from prod",
		"administering account requires mfa", "reading files requires network", "at most 3 may administer account", "at most 2 may read files", "when risk is 12 or more, only team may write anything", "nobody may write type bucket"} {
		must, slip := threatmodel.ParseSentence(s, names)
		if slip != nil {
			panic(slip)
		}
		m.Objectives = append(m.Objectives, threatmodel.Objective{ID: fmt.Sprint("O-", i), Must: []threatmodel.Assertion{must}})
	}
	for i := range m.Thresholds {
		if g.IntN(2) == 0 {
			m.Thresholds[i].Objective = fmt.Sprint("O-", g.IntN(len(m.Objectives)))
		}
	}
}

// statementOf finds a statement in one of a resource's policies, the list that it stands in, and how to write that back; nil when the one drawn
// has another effect.
func (g generator) statementOf(r *snapshot.Resource, effect string) (st object, list []any, keep func([]any)) {
	type place struct {
		doc   object
		write func()
	}
	var docs []place
	for _, d := range policies(r) {
		docs = append(docs, place{d, func() {}})
	}
	if d, ok := r.Properties["Content"].(object); ok {
		docs = append(docs, place{d, func() {}})
	}
	if len(r.Policy) > 0 {
		var d object
		if json.Unmarshal(r.Policy, &d) == nil {
			docs = append(docs, place{d, func() { r.Policy, _ = json.Marshal(d) }})
		}
	}
	if len(docs) == 0 {
		return nil, nil, nil
	}
	p := docs[g.IntN(len(docs))]
	list = p.doc["Statement"].([]any)
	st = list[g.IntN(len(list))].(object)
	if effect != "" && st["Effect"] != effect {
		return nil, nil, nil
	}
	return st, list, func(l []any) { p.doc["Statement"] = l; p.write() }
}

// on is the kind of statement that a resource's own policies have, as generator.statement takes it.
func on(r *snapshot.Resource) string {
	return map[string]string{"AWS::S3::Bucket": "bucket", "AWS::KMS::Key": "key"}[r.Type]
}

// allows tells whether a document only allows: then less of it is less.
func allows(doc object) bool {
	return !slices.ContainsFunc(doc["Statement"].([]any), func(s any) bool { return s.(object)["Effect"] != "Allow" })
}

func (w *world) find(key string) *snapshot.Resource {
	for i := range w.resources {
		if string(w.resources[i].Key) == key {
			return &w.resources[i]
		}
	}
	return nil
}

// credentials is the row of a user in the report.
func (w *world) credentials(user string) object {
	r := w.find("arn:aws:iam::" + ours + ":credential-report")
	for _, row := range r.Properties["Rows"].([]any) {
		if row := row.(object); row["User"] == user {
			return row
		}
	}
	return nil
}

// guards are conditions that take points from a way, or close it.
var guards = []object{{"Bool": object{"aws:MultiFactorAuthPresent": "true"}}, {"IpAddress": object{"aws:SourceIp": "203.0.113.0/24"}}, {"StringEquals": object{"aws:PrincipalOrgID": "o-1"}}}

func and(st, condition object) bool {
	have, _ := st["Condition"].(object)
	out := object{}
	for k, v := range have {
		out[k] = v
	}
	for k, v := range condition {
		if out[k] != nil {
			return false
		}
		out[k] = v
	}
	st["Condition"] = out
	return true
}

// lessen closes, guards or denies something, so that nobody can do more than before; "" when what was drawn cannot be done. Of plain
// changes every number of ways and every named way is comparable; others give ways another name.
func (g generator) lessen(w *world) (what string, plain bool) {
	r := &w.resources[g.IntN(len(w.resources))]
	user := g.one(genUsers...)
	row := w.credentials(user)
	switch g.IntN(22) {
	case 0, 1, 2:
		if st, list, keep := g.statementOf(r, "Allow"); st != nil && len(list) > 1 {
			st["Effect"] = "" // marked
			keep(slices.DeleteFunc(slices.Clone(list), func(s any) bool { return s.(object)["Effect"] == "" }))
			return "an Allow removed from " + string(r.Key), true
		} else if st != nil && and(st, object{"ArnEquals": object{"aws:PrincipalArn": arn("user", "nobody")}}) {
			keep(list)
			return "an Allow of " + string(r.Key) + " that nobody meets", true
		}
	case 3:
		if own, ok := r.Properties["Policies"].([]any); ok && len(own) > 0 && allows(own[0].(object)["PolicyDocument"].(object)) {
			r.Properties["Policies"] = []any{}
			return "the policy of " + string(r.Key) + " removed", true
		}
	case 4:
		if doc := (object{}); len(r.Policy) > 0 && json.Unmarshal(r.Policy, &doc) == nil && allows(doc) {
			r.Policy = nil
			return "the policy of " + string(r.Key) + " removed", true
		}
	case 5:
		if r.Properties["Groups"] != nil && allows(policies(w.find(arn("group", "devs")))[0]) {
			delete(r.Properties, "Groups")
			return string(r.Key) + " taken out of its group", true
		}
	case 6:
		if r.Properties["ManagedPolicyArns"] != nil && allows(policies(w.find(arn("policy", "edge")))[0]) {
			delete(r.Properties, "ManagedPolicyArns")
			return "the attachment of " + string(r.Key) + " removed", true
		}
	case 7:
		if row["PasswordEnabled"] == true {
			row["PasswordEnabled"] = false
			return "the password of " + user + " taken away", true
		}
	case 8:
		if row["AccessKey1Active"] == true {
			row["AccessKey1Active"] = false
			return "the key of " + user + " taken away", true
		}
	case 9:
		if row["MfaActive"] == false && row["PasswordEnabled"] == true {
			row["MfaActive"] = true
			return "MFA for " + user, false
		}
	case 10:
		if row["AccessKey1Active"] == true {
			row["AccessKey1LastRotated"] = "2026-05-30T00:00:00Z"
			return "a new key for " + user, true
		}
	case 11:
		if x := w.find("arn:aws:rds:eu-west-1:" + ours + ":snapshot:shop-1"); x != nil && x.Properties["SharedWith"] != nil {
			delete(x.Properties, "SharedWith")
			return "the snapshot no longer shared", true
		}
	case 12:
		if x := w.find("arn:aws:ec2:eu-west-1:" + ours + ":security-group/sg-1"); x != nil {
			x.Properties["SecurityGroupIngress"] = []any{}
			return "the security group closed", false
		}
	case 13:
		if x := w.find("arn:aws:ec2:eu-west-1:" + ours + ":instance/i-1"); x != nil {
			x.Properties["MetadataOptions"] = object{"HttpTokens": "required"}
			return "tokens for the metadata of the host", true
		}
	case 14, 15:
		if st, list, keep := g.statementOf(r, ""); st != nil {
			where := on(r)
			if st["Action"] == "sts:AssumeRole" && st["Resource"] == nil {
				where = "role"
			}
			deny := g.statement(where)
			deny["Effect"] = "Deny"
			keep(append(slices.Clone(list), deny))
			return "a Deny added to " + string(r.Key), true
		}
	case 16, 17:
		if st, list, keep := g.statementOf(r, "Allow"); st != nil && and(st, guards[g.IntN(len(guards))]) {
			keep(list)
			return "a condition on an Allow of " + string(r.Key), true
		}
	case 18:
		for _, m := range w.model.Mitigations {
			if x := m.Effects[0]; x.Replace == "" && !slices.Contains(w.with, m.ID) {
				w.with = append(slices.Clone(w.with), m.ID)
				return "the mitigation " + fmt.Sprintf("%+v", x), true
			}
		}
	case 19:
		w.cut = append(slices.Clone(w.cut), g.one("assume-role", "administrator", arn("user", "ann"), arn("role", "app"), arn("user", "ben")+">"+arn("role", "app"), access.AccessKey))
		return "cut: " + w.cut[len(w.cut)-1], true
	case 20:
		for _, id := range []string{"999988887777", "555566667777"} {
			if w.model.Trusted[id] == "" {
				w.model.Trusted[id] = "somebody known"
				return id + " trusted", false
			}
		}
	case 21:
		w.model.People = append(w.model.People, threatmodel.Person{ID: "dan", Name: "Dan", Bind: threatmodel.Bind{ARN: words{arn("user", g.one(genUsers...)), arn("user", g.one(genUsers...))}}})
		return "a person stated", false
	}
	return "", false
}

// hide makes something unread: a property, a policy, tags, or all of a type, of which nothing may be listed any more. gives tells that it can
// only have let somebody in, so that what was seen alone is no more without it; a Deny, a guard, a key or a class may have kept it down.
func (g generator) hide(w *world) (what string, gives bool) {
	if g.IntN(3) == 0 {
		typ := g.one("AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::IAM::ManagedPolicy", "AWS::IAM::CredentialReport", "AWS::S3::AccountPublicAccessBlock",
			"AWS::Organizations::Policy", "AWS::EC2::SecurityGroup", "AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::RDS::DBInstance", "AWS::RDS::DBSnapshot", "AWS::EC2::Instance", "AWS::IAM::InstanceProfile")
		w.gaps = append(w.gaps, typ)
		gives = !slices.Contains([]string{"AWS::IAM::Group", "AWS::IAM::ManagedPolicy", "AWS::S3::AccountPublicAccessBlock", "AWS::Organizations::Policy", "AWS::KMS::Key"}, typ)
		if g.IntN(2) == 0 {
			w.resources = slices.DeleteFunc(w.resources, func(r snapshot.Resource) bool { return r.Type == typ })
			return "no " + typ + " listed", gives
		}
		return "not all " + typ + " listed", gives
	}
	for {
		r := &w.resources[g.IntN(len(w.resources))]
		gives := g.IntN(2) == 0
		p := g.one("Tags", "Policy", "Policies", "AssumeRolePolicyDocument", "Groups", "ManagedPolicyArns", "PermissionsBoundary", "KeyPolicy", "VersioningConfiguration", "ObjectLockEnabled",
			"ReplicationConfiguration", "BucketEncryption", "PolicyDocument")
		if gives {
			p = g.one("SharedWith", "SecurityGroupIngress", "MetadataOptions", "PublicIpAddress", "IamInstanceProfile", "BackupRetentionPeriod", "MasterUserSecret", "SecurityGroupIds", "DBInstanceIdentifier")
		}
		switch {
		case p == "Tags" && r.Tags != nil:
			r.Tags = nil
		case p == "Policy" && (r.Type == "AWS::S3::Bucket" || r.Type == "AWS::SQS::Queue" || r.Type == "AWS::KMS::Key"):
			r.Policy = nil
			delete(r.Properties, "KeyPolicy")
		case p == "DBInstanceIdentifier" && r.Type != "AWS::RDS::DBSnapshot", r.Properties[p] == nil:
			continue
		}
		if p == "AssumeRolePolicyDocument" || p == "KeyPolicy" {
			r.Unknown = append(r.Unknown, "Policy")
		}
		delete(r.Properties, p)
		r.Unknown = append(r.Unknown, p)
		return p + " of " + string(r.Key) + " not read", gives
	}
}

// restate changes statements that must change no number: who is meant, what stands together, what threatens, what must hold, what is accepted.
func (g generator) restate(w *world) string {
	m := w.model
	switch g.IntN(8) {
	case 0:
		m.UseCases = append(slices.Clone(m.UseCases), threatmodel.UseCase{ID: "all", Actor: "app", Path: []string{"people"}, Needs: map[string][]string{"files": {"admin"}, "logs": {"admin"}, "db": {"read"}, "account": {"admin"}}})
		return "more is meant"
	case 1:
		m.UseCases, m.Actors, m.Components, m.EntryPoints = nil, nil, nil, nil
		m.Objectives = nil // they name actors
		return "nothing is meant"
	case 2:
		m.Components = append(slices.Clone(m.Components), threatmodel.Component{ID: "all", Bind: threatmodel.Bind{ARN: words{"*"}}, Uses: []string{"files", "app"}})
		return "one component more"
	case 3:
		m.Units = nil
		return "no units"
	case 4:
		m.Threats, m.Objectives, m.Waivers = nil, nil, nil
		return "no threats, objectives and waivers"
	case 5:
		m.Actors = append(slices.Clone(m.Actors), threatmodel.Actor{ID: "anybody", Kind: "anonymous"})
		return "anybody is an actor"
	case 6:
		m.Thresholds = m.Thresholds[:1]
		return "one threshold"
	}
	for i := range m.Mitigations {
		m.Mitigations[i].Status = "in-place"
	}
	return "every mitigation is said to be in place"
}

// administrators are those who administer the account, with how they do and how sure that is: whoever is none any more may have other rows to himself.
func administrators(a *Assessment) string {
	var out []string
	for _, x := range a.Access.Who(a.Access.Account, access.Admin) {
		out = append(out, fmt.Sprint(x.Principal, x.Path.Outcome, x.Path.Guards, x.Path.ID()))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// overruled tells whether somebody's word counts for a row, before or after.
func overruled(rows ...risk.Row) bool {
	return slices.ContainsFunc(rows, func(r risk.Row) bool { return r.Override != nil && r.Override.Standing == risk.InForce })
}
