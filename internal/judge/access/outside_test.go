package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// ways lists who from outside has a capability, and how surely: "anonymous public allow".
func (t *Table) ways(key string, c Capability) []string {
	var out []string
	for _, a := range t.Who(t.snap.Resources[t.at(key)].Key, c) {
		if t.ours(a.Principal) {
			continue
		}
		s := a.Principal + " " + [...]string{iam.Unknown: "unknown", iam.Allow: "allow", iam.Conditional: "conditional"}[a.Path.Outcome]
		out = append(out, strings.TrimSpace(s))
	}
	return out
}

func (t *Table) at(key string) int {
	return slices.IndexFunc(t.snap.Resources, func(r snapshot.Resource) bool { return string(r.Key) == key })
}

func TestBucketExposure(t *testing.T) {
	const logs = "arn:aws:s3:::logs"
	get := permit("s3:GetObject", logs+"/*", toAll)
	grant := func(group, permission string) object {
		return object{"AccessControlList": object{"Grants": []any{object{"Grantee": object{"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/" + group}, "Permission": permission}}}}
	}
	owner := func(o string) object {
		return object{"OwnershipControls": object{"Rules": []any{object{"ObjectOwnership": o}}}}
	}
	block := func(flags ...string) object {
		b := object{}
		for _, f := range flags {
			b[f] = true
		}
		return object{"PublicAccessBlockConfiguration": b}
	}
	allBlocked := []string{"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"}
	both := func(parts ...object) object {
		out := object{}
		for _, p := range parts {
			for k, v := range p {
				out[k] = v
			}
		}
		return out
	}
	anyone := []string{"anonymous allow"}
	for name, c := range map[string]struct {
		p       object
		st      []object
		unknown []string
		account object
		gaps    []string
		want    []string
	}{
		"nothing":                        {},
		"public policy":                  {st: []object{get}, want: anyone},
		"blocked by the bucket":          {p: block(allBlocked...), st: []object{get}},
		"blocked by the account":         {st: []object{get}, account: object{"RestrictPublicBuckets": true}},
		"new ones blocked, this stays":   {p: block("BlockPublicPolicy", "BlockPublicAcls"), st: []object{get}, want: anyone},
		"policy not read":                {unknown: []string{"Policy"}, want: []string{"anonymous unknown"}},
		"policy not read, but blocked":   {p: block(allBlocked...), unknown: []string{"Policy"}, want: []string{"arn:aws:iam::*:root unknown"}},
		"block not read":                 {st: []object{get}, unknown: []string{"PublicAccessBlockConfiguration"}, want: []string{"anonymous unknown"}},
		"account's block not read":       {st: []object{get}, gaps: []string{"AWS::S3::AccountPublicAccessBlock"}, want: []string{"anonymous unknown"}},
		"from a network":                 {st: []object{permit("s3:GetObject", logs+"/*", toAll, on("IpAddress", "aws:SourceIp", "203.0.113.0/24"))}, want: []string{"anonymous conditional"}},
		"an organisation":                {st: []object{permit("s3:GetObject", logs+"/*", toAll, on("StringEquals", "aws:PrincipalOrgID", "o-1"))}, want: []string{"arn:aws:iam::*:root conditional"}},
		"an account":                     {st: []object{permit("s3:GetObject", logs+"/*", toAll, on("StringEquals", "aws:PrincipalAccount", theirs))}, want: []string{"arn:aws:iam::" + theirs + ":root allow"}},
		"a role of an account":           {st: []object{permit("s3:GetObject", logs+"/*", toAll, on("ArnLike", "aws:PrincipalArn", "arn:aws:iam::"+theirs+":role/x*"))}, want: []string{"arn:aws:iam::" + theirs + ":root conditional"}},
		"ourselves, by an ARN":           {st: []object{permit("s3:GetObject", logs+"/*", toAll, on("ArnLike", "aws:PrincipalArn", "arn:aws:iam::"+ours+":role/*"))}},
		"ours under a policy for all":    {st: []object{permit("s3:GetObject", logs+"/*", toAll, on("StringEquals", "aws:PrincipalAccount", ours))}},
		"all but one":                    {st: []object{{"Effect": "Allow", "NotPrincipal": object{"AWS": iamARN("user", "bob")}, "Action": "s3:GetObject", "Resource": logs + "/*"}}, want: anyone},
		"another account":                {st: []object{permit("s3:GetObject", logs+"/*", to("AWS", theirs))}, want: []string{"arn:aws:iam::" + theirs + ":root allow"}},
		"a user of another":              {st: []object{permit("s3:GetObject", logs+"/*", to("AWS", "arn:aws:iam::"+theirs+":user/x"))}, want: []string{"arn:aws:iam::" + theirs + ":user/x allow"}},
		"a service":                      {st: []object{permit("s3:GetObject", logs+"/*", to("Service", "cloudfront.amazonaws.com"))}, want: []string{"cloudfront.amazonaws.com allow"}},
		"denied to all":                  {st: []object{get, forbid("s3:*", []any{logs, logs + "/*"}, toAll)}},
		"public ACL":                     {p: both(grant("AllUsers", "READ"), owner("ObjectWriter")), want: []string{"anonymous allow"}},
		"public ACL, before ownership":   {p: grant("AllUsers", "READ"), want: []string{"anonymous allow"}},
		"ACL for accounts":               {p: both(grant("AuthenticatedUsers", "READ"), owner("BucketOwnerPreferred")), want: []string{"arn:aws:iam::*:root allow"}},
		"full control":                   {p: grant("AllUsers", "FULL_CONTROL"), want: []string{"anonymous allow"}},
		"ACL of permissions may be read": {p: grant("AllUsers", "READ_ACP")},
		"ACLs are off":                   {p: both(grant("AllUsers", "READ"), owner("BucketOwnerEnforced"))},
		"ACLs are ignored":               {p: both(grant("AllUsers", "READ"), block("IgnorePublicAcls"))},
		"ACLs are ignored everywhere":    {p: grant("AllUsers", "READ"), account: object{"IgnorePublicAcls": true}},
		"new ACLs are blocked":           {p: both(grant("AllUsers", "READ"), block("BlockPublicAcls")), want: []string{"anonymous allow"}},
		"ACL not read":                   {unknown: []string{"AccessControlList"}, want: []string{"anonymous unknown"}},
		"grants not read":                {unknown: []string{"AccessControlList.Grants"}, want: []string{"anonymous unknown"}},
		"ACL not read, but off":          {p: owner("BucketOwnerEnforced"), unknown: []string{"AccessControlList"}},
		"ownership not read":             {p: grant("AllUsers", "READ"), unknown: []string{"OwnershipControls"}, want: []string{"anonymous unknown"}},
		"ACL, block not read":            {p: grant("AllUsers", "READ"), unknown: []string{"PublicAccessBlockConfiguration"}, want: []string{"anonymous unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSample(t)
			a.gaps = c.gaps
			if c.account != nil {
				a.thing("AWS::S3::AccountPublicAccessBlock", "arn:aws:s3::"+ours+":account-public-access-block", c.account)
			}
			b := a.bucket("logs", c.st...)
			for k, v := range c.p {
				b.Properties[k] = a.plain(v)
			}
			b.Unknown = c.unknown
			if got := a.table().ways(logs, Read); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestSharing(t *testing.T) {
	const anyone, partner, somebody = "anonymous", "arn:aws:iam::" + theirs + ":root", "arn:aws:iam::*:root"
	ebs, image := "arn:aws:ec2:eu-west-1:"+ours+":snapshot/snap-1", "arn:aws:ec2:eu-west-1:"+ours+":image/ami-1"
	rds := "arn:aws:rds:eu-west-1:" + ours + ":snapshot:shop-1"
	key := "arn:aws:kms:eu-west-1:" + ours + ":key/k-1"
	all, account := object{"Group": "all"}, object{"UserId": theirs}
	for name, c := range map[string]struct {
		typ, arn string
		p        object
		unknown  []string
		state    string // of block public access for snapshots
		want     []string
	}{
		"volume, own":                    {"AWS::EC2::Snapshot", ebs, object{}, nil, "", nil},
		"volume, public":                 {"AWS::EC2::Snapshot", ebs, object{"CreateVolumePermissions": []any{all}}, nil, "", []string{anyone + " allow"}},
		"volume, public but blocked":     {"AWS::EC2::Snapshot", ebs, object{"CreateVolumePermissions": []any{all}}, nil, "block-all-sharing", nil},
		"volume, new sharing is blocked": {"AWS::EC2::Snapshot", ebs, object{"CreateVolumePermissions": []any{all}}, nil, "block-new-sharing", []string{anyone + " allow"}},
		"volume, an account":             {"AWS::EC2::Snapshot", ebs, object{"CreateVolumePermissions": []any{account}}, nil, "block-all-sharing", []string{partner + " allow"}},
		"volume, not read":               {"AWS::EC2::Snapshot", ebs, object{}, []string{"CreateVolumePermissions"}, "", []string{anyone + " unknown"}},
		"volume, not read, blocked":      {"AWS::EC2::Snapshot", ebs, object{}, []string{"CreateVolumePermissions"}, "block-all-sharing", []string{somebody + " unknown"}},
		"volume, not read, encrypted":    {"AWS::EC2::Snapshot", ebs, object{"Encrypted": true, "KmsKeyId": key}, []string{"CreateVolumePermissions"}, "", []string{somebody + " unknown"}},
		"database, public":               {"AWS::RDS::DBSnapshot", rds, object{"SharedWith": []any{"all"}}, nil, "", []string{anyone + " allow"}},
		"database, an account":           {"AWS::RDS::DBSnapshot", rds, object{"SharedWith": []any{theirs}}, nil, "", []string{partner + " allow"}},
		"database, not read":             {"AWS::RDS::DBSnapshot", rds, object{}, []string{"SharedWith"}, "", []string{anyone + " unknown"}},
		"cluster, public":                {"AWS::RDS::DBClusterSnapshot", "arn:aws:rds:eu-west-1:" + ours + ":cluster-snapshot:shop-1", object{"SharedWith": []any{"all"}}, nil, "", []string{anyone + " allow"}},
		"image, own":                     {"AWS::EC2::Image", image, object{"Public": false}, nil, "", nil},
		"image, public":                  {"AWS::EC2::Image", image, object{"Public": true}, nil, "", []string{anyone + " allow"}},
		"image, public by permission":    {"AWS::EC2::Image", image, object{"LaunchPermissions": []any{all}}, nil, "", []string{anyone + " allow"}},
		"image, an account":              {"AWS::EC2::Image", image, object{"Public": false, "LaunchPermissions": []any{account}}, nil, "", []string{partner + " allow"}},
		"image, not read":                {"AWS::EC2::Image", image, object{}, []string{"LaunchPermissions", "Public"}, "", []string{anyone + " unknown"}},
		"image, not public, else unread": {"AWS::EC2::Image", image, object{"Public": false}, []string{"LaunchPermissions"}, "", []string{somebody + " unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSample(t)
			if c.state != "" {
				a.thing("AWS::EC2::SnapshotBlockPublicAccess", "arn:aws:ec2:eu-west-1:"+ours+":snapshot-block-public-access", object{"State": c.state})
			}
			a.thing(c.typ, c.arn, c.p).Unknown = c.unknown
			if got := a.table().ways(c.arn, Read); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// Where content is under a customer's key, who may not use the key does not read.
func TestKeys(t *testing.T) {
	const k1, k2 = "arn:aws:kms:eu-west-1:" + ours + ":key/k-1", "arn:aws:kms:eu-west-1:" + theirs + ":key/k-2"
	root := permit("kms:*", "*", to("AWS", "arn:aws:iam::"+ours+":root"))
	decrypt := permit("kms:Decrypt", "*")
	for name, c := range map[string]struct {
		ref  string
		own  []object
		key  []object
		p    object
		hide []string
		want string
	}{
		"no key":                      {"", nil, []object{root}, nil, nil, "allow"},
		"AWS's own":                   {"alias/aws/s3", nil, []object{root}, nil, nil, "allow"},
		"with decrypt":                {k1, []object{decrypt}, []object{root}, nil, nil, "allow"},
		"without":                     {k1, nil, []object{root}, nil, nil, ""},
		"by its id":                   {"k-1", nil, []object{root}, nil, nil, ""},
		"by an alias":                 {"arn:aws:kms:eu-west-1:" + ours + ":alias/shop", nil, []object{root}, nil, nil, ""},
		"by an alias, with decrypt":   {"alias/shop", []object{decrypt}, []object{root}, nil, nil, "allow"},
		"a key that AWS manages":      {k1, nil, []object{root}, object{"KeyManager": "AWS"}, nil, "allow"},
		"no delegation":               {k1, []object{decrypt}, []object{permit("kms:*", "*", to("AWS", iamARN("role", "boss")))}, nil, nil, ""},
		"the key policy names him":    {k1, nil, []object{permit("kms:Decrypt", "*", to("AWS", iamARN("user", "alice")))}, nil, nil, "allow"},
		"for that service":            {k1, nil, []object{permit("kms:Decrypt", "*", to("AWS", iamARN("user", "alice")), on("StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com"))}, nil, nil, "allow"},
		"for another service":         {k1, nil, []object{permit("kms:Decrypt", "*", to("AWS", iamARN("user", "alice")), on("StringEquals", "kms:ViaService", "sqs.eu-west-1.amazonaws.com"))}, nil, nil, ""},
		"a grant":                     {k1, nil, []object{root}, object{"Grants": []any{object{"GranteePrincipal": iamARN("user", "alice"), "Operations": []any{"Decrypt"}}}}, nil, "allow"},
		"a grant for something else":  {k1, nil, []object{root}, object{"Grants": []any{object{"GranteePrincipal": iamARN("user", "alice"), "Operations": []any{"Encrypt"}}}}, nil, ""},
		"grants not read":             {k1, nil, []object{root}, nil, []string{"Grants"}, "unknown"},
		"key policy not read":         {k1, nil, nil, nil, []string{"Policy"}, "unknown"},
		"a key of another account":    {k2, []object{decrypt}, []object{root}, nil, nil, "unknown"},
		"an alias that is not there":  {"alias/gone", nil, []object{root}, nil, nil, "unknown"},
		"denied by the key":           {k1, []object{decrypt}, []object{root, forbid("kms:Decrypt", "*", toAll)}, nil, nil, ""},
		"explicitly denied to anyone": {k1, []object{decrypt, forbid("kms:*", "*")}, []object{root}, nil, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSample(t)
			alice := iamARN("user", "alice")
			a.user("alice", append(c.own, permit([]any{"s3:GetObject", "secretsmanager:GetSecretValue"}, "*"))...)
			b := a.bucket("logs")
			if c.ref != "" {
				b.Properties["BucketEncryption"] = a.plain(object{"ServerSideEncryptionConfiguration": []any{object{"ServerSideEncryptionByDefault": object{"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": c.ref}}}})
			}
			key := a.thing("AWS::KMS::Key", k1, object{"KeyManager": "CUSTOMER"})
			if c.key != nil {
				key.Properties["KeyPolicy"] = a.doc(c.key...)
			}
			for k, v := range c.p {
				key.Properties[k] = a.plain(v)
			}
			key.Unknown = c.hide
			a.thing("AWS::KMS::Alias", "arn:aws:kms:eu-west-1:"+ours+":alias/shop", object{"AliasName": "alias/shop", "TargetKeyId": "k-1"})
			got := ""
			for _, w := range a.table().Who("arn:aws:s3:::logs", Read) {
				if w.Principal == alice {
					got = [...]string{iam.Unknown: "unknown", iam.Allow: "allow", iam.Conditional: "conditional"}[w.Path.Outcome]
				}
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// The default policy of a topic names everybody, and means its own account.
func TestTopicPolicies(t *testing.T) {
	const topic = "arn:aws:sns:eu-west-1:" + ours + ":news"
	for name, c := range map[string]struct {
		condition object
		want      []string
	}{
		"ours alone":            {on("StringEquals", "AWS:SourceOwner", ours), nil},
		"another's":             {on("StringEquals", "AWS:SourceOwner", theirs), []string{"arn:aws:iam::" + theirs + ":root allow"}},
		"a bucket's events":     {on("ArnLike", "aws:SourceArn", "arn:aws:s3:::uploads"), []string{"s3.amazonaws.com conditional"}},
		"nothing narrows it":    {nil, []string{"anonymous allow"}},
		"an organisation alone": {on("StringEquals", "aws:PrincipalOrgID", "o-1"), []string{"arn:aws:iam::*:root conditional"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSample(t)
			a.thing("AWS::SNS::Topic", topic, nil, permit("sns:Publish", topic, toAll, c.condition))
			if got := a.table().ways(topic, Write); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestListsOfOtherAccounts: an access control list gives to an account that only its canonical id names; what it gives the owner is nobody's.
func TestListsOfOtherAccounts(t *testing.T) {
	owner, other := strings.Repeat("a", 64), strings.Repeat("b", 64)
	grant := func(id, permission string) object {
		return object{"Grantee": object{"Type": "CanonicalUser", "ID": id}, "Permission": permission}
	}
	for name, c := range map[string]struct {
		list object
		want []string
	}{
		"the owner alone":            {object{"Grants": []any{grant(owner, "FULL_CONTROL")}}, nil},
		"another reads":              {object{"Grants": []any{grant(owner, "FULL_CONTROL"), grant(other, "READ")}}, []string{other + " allow"}},
		"another alone, owner known": {object{"Owner": object{"ID": owner}, "Grants": []any{grant(other, "FULL_CONTROL")}}, []string{other + " allow"}},
		"another only writes":        {object{"Grants": []any{grant(owner, "FULL_CONTROL"), grant(other, "WRITE")}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSample(t)
			b := a.bucket("logs")
			b.Properties["AccessControlList"] = a.plain(c.list)
			var got []string
			for _, x := range a.table().Who(b.Key, Read) {
				if !strings.Contains(x.Principal, ":root") {
					got = append(got, x.Principal+" "+[]string{"unknown", "deny", "conditional", "allow"}[x.Path.Outcome])
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// An open policy of a search domain speaks of what is in it; the domain itself is another thing.
func TestDomainExposure(t *testing.T) {
	const shop = "arn:aws:es:eu-west-1:" + ours + ":domain/shop"
	anyone, conditional := []string{"anonymous allow"}, []string{"anonymous conditional"}
	open := permit("es:*", shop+"/*", toAll)
	for name, c := range map[string]struct {
		p    object
		st   object
		read []string
		may  []string // who changes its configuration
	}{
		"all of it":                  {st: open, read: anyone},
		"one index":                  {st: permit("es:ESHttpGet", shop+"/products/*", toAll), read: anyone},
		"the domain by name":         {st: permit("es:ESHttpGet", shop, toAll), read: anyone},
		"everything":                 {st: permit("es:*", "*", toAll), read: anyone, may: anyone},
		"another domain":             {st: permit("es:ESHttpGet", shop+"ping/*", toAll)},
		"an office":                  {st: permit("es:ESHttp*", shop+"/*", toAll, on("IpAddress", "aws:SourceIp", "203.0.113.0/24")), read: conditional},
		"another account":            {st: permit("es:ESHttpGet", shop+"/*", to("AWS", theirs)), read: []string{"arn:aws:iam::" + theirs + ":root allow"}},
		"in a network":               {p: object{"VPCOptions": object{"VPCId": "vpc-1"}}, st: open, read: conditional},
		"users of its own":           {p: object{"AdvancedSecurityOptions": object{"Enabled": true}}, st: open, read: conditional},
		"users, and whoever is none": {p: object{"AdvancedSecurityOptions": object{"Enabled": true, "AnonymousAuthEnabled": true}}, st: open, read: anyone},
	} {
		a := newSample(t)
		a.thing("AWS::OpenSearchService::Domain", shop, c.p, c.st)
		table := a.table()
		if got := table.ways(shop, Read); !slices.Equal(got, c.read) {
			t.Errorf("%s: %q, want %q", name, got, c.read)
		}
		if got := table.ways(shop, Admin); !slices.Equal(got, c.may) {
			t.Errorf("%s: %q configure it, want %q", name, got, c.may)
		}
		var called []string
		for _, x := range table.WhoAction("es:ESHttpGet", shop) {
			if !table.ours(x.Principal) {
				called = append(called, x.Principal)
			}
		}
		if len(called) != len(c.read) {
			t.Errorf("%s: %q may call es:ESHttpGet", name, called)
		}
	}
}

// What a policy of a domain or access point gives to users of the account, who have nothing of their own; and what it denies to those who have.
func TestPartsByTheirOwnPolicy(t *testing.T) {
	const shop, readers = "arn:aws:es:eu-west-1:" + ours + ":domain/shop", "arn:aws:s3:eu-west-1:" + ours + ":accesspoint/readers"
	bob := to("AWS", iamARN("user", "bob"))
	for name, c := range map[string]struct {
		typ, arn string
		own, of  object
		want     bool
	}{
		"let into a domain":              {"AWS::OpenSearchService::Domain", shop, permit("sqs:ListQueues", "*"), permit("es:ESHttpGet", shop+"/logs-*", bob), true},
		"let into another":               {"AWS::OpenSearchService::Domain", shop, permit("sqs:ListQueues", "*"), permit("es:ESHttpGet", shop+"ping/*", bob), false},
		"by himself":                     {"AWS::OpenSearchService::Domain", shop, permit("es:ESHttpGet", shop+"/logs-*"), nil, true},
		"by himself, by the name":        {"AWS::OpenSearchService::Domain", shop, permit("es:ESHttpGet", shop), nil, true},
		"by himself, another":            {"AWS::OpenSearchService::Domain", shop, permit("es:ESHttpGet", shop+"ping/*"), nil, false},
		"by himself, denied":             {"AWS::OpenSearchService::Domain", shop, permit("es:ESHttpGet", "*"), forbid("es:*", shop+"/*", bob), false},
		"let in by an access point":      {"AWS::S3::AccessPoint", readers, permit("sqs:ListQueues", "*"), permit("s3:GetObject", readers+"/object/raw/*", bob), true},
		"let in under his name":          {"AWS::S3::AccessPoint", readers, permit("sqs:ListQueues", "*"), permit("s3:GetObject", readers+"/object/${aws:username}/*", bob), true},
		"by himself, denied there":       {"AWS::S3::AccessPoint", readers, permit("s3:GetObject", "*"), forbid("s3:GetObject", readers+"/object/*", bob), false},
		"by himself, some of it is kept": {"AWS::S3::AccessPoint", readers, permit("s3:GetObject", "*"), forbid("s3:GetObject", readers+"/object/raw/*", bob), true},
	} {
		a := newSample(t)
		a.user("bob", c.own)
		var statements []object
		if c.of != nil {
			statements = append(statements, c.of)
		}
		a.thing(c.typ, c.arn, object{"Name": "readers", "Bucket": "data"}, statements...)
		table := a.table()
		got := slices.ContainsFunc(table.Who(snapshot.Key(c.arn), Read), func(x Answer) bool { return x.Principal == iamARN("user", "bob") })
		action := map[bool]string{true: "s3:GetObject", false: "es:ESHttpGet"}[c.typ == "AWS::S3::AccessPoint"]
		may := slices.ContainsFunc(table.WhoAction(action, snapshot.Key(c.arn)), func(x Answer) bool { return x.Principal == iamARN("user", "bob") })
		if got != c.want || may != c.want {
			t.Errorf("%s: reads %v, may call %v", name, got, may)
		}
	}
}

// Recovery points have ARNs of many services, and the policy of their vault counts for all.
func TestRecoveryPoints(t *testing.T) {
	const vault = "arn:aws:backup:eu-west-1:" + ours + ":backup-vault:main"
	bob := to("AWS", iamARN("user", "bob"))
	all := permit("backup:DeleteRecoveryPoint", "*")
	for name, c := range map[string]struct {
		own, of object
		want    bool
	}{
		"everything":           {all, nil, true},
		"those of AWS Backup":  {permit("backup:DeleteRecoveryPoint", "arn:aws:backup:*:"+ours+":recovery-point:*"), nil, true},
		"those of disks":       {permit("backup:DeleteRecoveryPoint", "arn:aws:ec2:*::snapshot/*"), nil, true},
		"those of databases":   {permit("backup:DeleteRecoveryPoint", "arn:aws:rds:*:*:snapshot:awsbackup:*"), nil, true},
		"in another Region":    {permit("backup:DeleteRecoveryPoint", "arn:aws:ec2:us-east-1::snapshot/*"), nil, false},
		"denied by the vault":  {all, forbid("backup:DeleteRecoveryPoint", "*", bob), false},
		"denied of disks":      {permit("backup:DeleteRecoveryPoint", "arn:aws:ec2:*::snapshot/*"), forbid("backup:DeleteRecoveryPoint", "arn:aws:ec2:*::snapshot/*", bob), false},
		"denied of disks only": {all, forbid("backup:DeleteRecoveryPoint", "arn:aws:ec2:*::snapshot/*", bob), true},
		"allowed by the vault": {permit("sqs:ListQueues", "*"), permit("backup:DeleteRecoveryPoint", "*", bob), true},
	} {
		a := newSample(t)
		a.user("bob", c.own)
		var statements []object
		if c.of != nil {
			statements = append(statements, c.of)
		}
		a.thing("AWS::Backup::BackupVault", vault, object{"BackupVaultName": "main"}, statements...)
		got := slices.ContainsFunc(a.table().Who(vault, Write), func(x Answer) bool { return x.Principal == iamARN("user", "bob") })
		if got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Whoever has no account here has to be let in by the access point and by its bucket.
func TestAccessPointExposure(t *testing.T) {
	const point, data = "arn:aws:s3:eu-west-1:" + ours + ":accesspoint/readers", "arn:aws:s3:::data"
	anyone := []string{"anonymous allow"}
	open := permit("s3:GetObject", point+"/object/*", toAll)
	delegated := permit("s3:*", data+"/*", toAll, on("StringEquals", "s3:DataAccessPointAccount", ours))
	for name, c := range map[string]struct {
		p       object
		st      object
		bucket  []object
		account object
		of      string // the bucket behind it
		want    []string
	}{
		"the bucket leaves it to it": {st: open, bucket: []object{delegated}, want: anyone},
		"the bucket does not":        {st: open},
		"the bucket does, it not":    {st: permit("s3:GetObject", point+"/object/*", to("AWS", iamARN("user", "bob"))), bucket: []object{delegated}},
		"another access point":       {st: open, bucket: []object{permit("s3:*", data+"/*", toAll, on("StringEquals", "s3:DataAccessPointArn", point+"2"))}},
		"both are open":              {st: open, bucket: []object{permit("s3:GetObject", data+"/*", toAll)}, want: anyone},
		"it blocks":                  {p: object{"PublicAccessBlockConfiguration": object{"RestrictPublicBuckets": true}}, st: open, bucket: []object{delegated}},
		"the account blocks":         {st: open, bucket: []object{delegated}, account: object{"RestrictPublicBuckets": true}},
		"another account":            {st: permit("s3:GetObject", point+"/object/*", to("AWS", theirs)), bucket: []object{delegated}, want: []string{"arn:aws:iam::" + theirs + ":root allow"}},
		"from one network":           {p: object{"NetworkOrigin": "VPC", "VpcConfiguration": object{"VpcId": "vpc-1"}}, st: open, bucket: []object{delegated}, want: []string{"anonymous conditional"}},
		"a bucket that was not seen": {st: open, of: "elsewhere", want: []string{"anonymous unknown"}},
	} {
		a := newSample(t)
		if c.account != nil {
			a.thing("AWS::S3::AccountPublicAccessBlock", "arn:aws:s3::"+ours+":account-public-access-block", c.account)
		}
		a.bucket("data", c.bucket...)
		p := object{"Name": "readers", "Bucket": "data", "NetworkOrigin": "Internet"}
		for k, v := range c.p {
			p[k] = v
		}
		if c.of != "" {
			p["Bucket"] = c.of
		}
		a.thing("AWS::S3::AccessPoint", point, p, c.st)
		if got := a.table().ways(point, Read); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Of other accounts AWS Backup takes nothing but copies, whatever the policy of a vault says.
func TestVaultExposure(t *testing.T) {
	const vault = "arn:aws:backup:eu-west-1:" + ours + ":backup-vault:main"
	a := newSample(t)
	a.user("bob", permit("sqs:ListQueues", "*"))
	a.thing("AWS::Backup::BackupVault", vault, object{"BackupVaultName": "main"}, permit("backup:*", "*", toAll))
	table := a.table()
	if got := table.ways(vault, Write); got != nil {
		t.Errorf("%q write it", got)
	}
	for action, want := range map[string]int{"backup:DeleteBackupVault": 0, "backup:CopyIntoBackupVault": 1} {
		n, bob := 0, false
		for _, x := range table.WhoAction(action, vault) {
			if bob = bob || x.Principal == iamARN("user", "bob"); !table.ours(x.Principal) {
				n++
			}
		}
		if n != want || !bob {
			t.Errorf("%s: %d from outside, and bob %v", action, n, bob)
		}
	}
}
