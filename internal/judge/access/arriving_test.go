package access

import (
	"fmt"
	"slices"
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Whoever Arriving names is who Who names, without what leads through administration of the account, and its entry points are those that
// Reaching gives, each with the principal that it stands at.
func TestDrawnArriving(t *testing.T) {
	asked, met := 0, 0
	for seed := range drawnAccounts(t, 8) {
		d, a := newDrawn(seed, 9), newSample(t)
		d.account(a)
		s := a.snapshot()
		table := compiled(s, Options{})
		for i := range s.Resources {
			for _, c := range []Capability{Read, Write, Admin} {
				k := s.Resources[i].Key
				var reaching, arriving []string
				table.Reaching(k, c, func(e *Entry, h How) { reaching = append(reaching, fmt.Sprint(e.Kind, e.ID, h)) })
				principals := map[string]bool{}
				table.Arriving(k, c, func(e *Entry, h How) {
					if principals[h.Principal] = true; e != nil {
						arriving = append(arriving, fmt.Sprint(e.Kind, e.ID, h))
					}
				})
				slices.Sort(reaching)
				slices.Sort(arriving)
				if asked++; !slices.Equal(reaching, arriving) {
					t.Errorf("seed %d: %s of %s: %q, reaching %q", seed, c, k, arriving, reaching)
				}
				who := map[string]bool{}
				for _, w := range table.Who(k, c) {
					who[w.Principal] = true
				}
				for p := range principals {
					if met++; !who[p] && p != "anonymous" && p != AnyAccount && p[0] == 'a' {
						t.Errorf("seed %d: %s arrives at %s of %s, and Who does not name it", seed, p, c, k)
					}
				}
			}
		}
	}
	t.Logf("%d asked, %d met", asked, met)
	if met < asked/10 {
		t.Error("the accounts say too little")
	}
}

// Every pair that contents knows has its place in Openers.
func TestOpeners(t *testing.T) {
	a := newSample(t)
	bucket := a.bucket("logs")
	bucket.Properties["BucketName"] = "logs"
	a.thing("AWS::S3::AccessPoint", "arn:aws:s3:eu-west-1:"+ours+":accesspoint/p", object{"Bucket": "logs"})
	a.thing("AWS::RDS::DBInstance", "arn:aws:rds:eu-west-1:"+ours+":db:shop", object{"DBInstanceIdentifier": "shop", "MasterUserSecret": object{"SecretArn": "arn:aws:secretsmanager:eu-west-1:" + ours + ":secret:s-1"}})
	a.thing("AWS::SecretsManager::Secret", "arn:aws:secretsmanager:eu-west-1:"+ours+":secret:s-1", object{})
	a.thing("AWS::RDS::DBSnapshot", "arn:aws:rds:eu-west-1:"+ours+":snapshot:shop-1", object{"DBInstanceIdentifier": "shop"})
	a.thing("AWS::EC2::Volume", "arn:aws:ec2:eu-west-1:"+ours+":volume/vol-1", object{"VolumeId": "vol-1"})
	a.thing("AWS::EC2::Snapshot", "arn:aws:ec2:eu-west-1:"+ours+":snapshot/snap-1", object{"VolumeId": "vol-1"})
	table := a.table()
	seen := 0
	for _, c := range table.relations.contents() {
		from, _ := table.snap.Get(c.from)
		to, _ := table.snap.Get(c.to)
		if seen++; !slices.Contains(Openers(to.Type), from.Type) {
			t.Errorf("%s opens %s", from.Type, to.Type)
		}
	}
	if seen < 5 {
		t.Errorf("only %d pairs", seen)
	}
}

func TestUnreadRole(t *testing.T) {
	a := newSample(t)
	a.thing("AWS::Lambda::Function", "arn:aws:lambda:eu-west-1:"+ours+":function:f", object{})
	a.thing("AWS::EC2::Instance", "arn:aws:ec2:eu-west-1:"+ours+":instance/i-1", object{})
	table := a.table()
	for typ, path := range map[string]string{"AWS::Lambda::Function": "Role", "AWS::EC2::Instance": "IamInstanceProfile", "AWS::S3::Bucket": ""} {
		for _, unread := range []string{"Properties", path, "Tags"} {
			want := path
			if unread == "Tags" || unread == "" {
				want = ""
			}
			if got := table.UnreadRole(&snapshot.Resource{Type: typ, Unknown: []string{unread}}); got != want {
				t.Errorf("%s of which %s was not read: %q", typ, unread, got)
			}
		}
		if got := table.LeadsOn(typ); got != (path != "") {
			t.Errorf("%s leads on: %v", typ, got)
		}
	}
}

func TestTaking(t *testing.T) {
	table := newSample(t).table()
	if got := table.Taking("STS:assumerole"); !slices.Contains(got, "assume-role") {
		t.Errorf("%q", got)
	}
	got := table.Taking("s3:getobject")
	for _, id := range got {
		i := slices.IndexFunc(table.routes, func(r Route) bool { return r.ID == id })
		if i < 0 || !slices.ContainsFunc(table.routes[i].Needs, func(n Need) bool { return n.Action == "s3:GetObject" }) {
			t.Errorf("%s needs no s3:GetObject", id)
		}
	}
	if len(got) == 0 || len(table.Taking("s3:NoSuchAction")) > 0 {
		t.Errorf("%q", got)
	}
}

// What a way in asks guards the way that begins with it, and not the principal.
func TestArrivingGuards(t *testing.T) {
	a := newSample(t)
	a.bucket("logs")
	const provider = "arn:aws:iam::" + ours + ":saml-provider/people"
	st := object{"Effect": "Allow", "Action": "sts:AssumeRoleWithSAML", "Principal": object{"Federated": provider}, "Condition": object{"IpAddress": object{"aws:SourceIp": "203.0.113.0/24"}}}
	a.thing("AWS::IAM::Role", iamARN("role", "ops"), object{"RoleName": "ops", "AssumeRolePolicyDocument": a.doc(st),
		"Policies": []any{object{"PolicyName": "own", "PolicyDocument": a.doc(permit("s3:GetObject", "arn:aws:s3:::logs/*"))}}})
	table := a.table()
	guards := map[bool]Guard{}
	table.Arriving("arn:aws:s3:::logs", Read, func(e *Entry, h How) {
		if h.Principal == iamARN("role", "ops") {
			guards[e != nil] = h.Guards
		}
	})
	if len(guards) != 2 || guards[true] != GuardNetwork || guards[false] != 0 {
		t.Errorf("%v", guards)
	}
}
