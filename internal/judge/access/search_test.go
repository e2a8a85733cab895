package access

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

// graph is a random table: some principals, some resources, edges of every kind between them.
func graph(r *rand.Rand) *Table {
	t := &Table{Account: "account", snap: &snapshot.Snapshot{}, into: map[node][]*edge{}, entries: map[node][]*entryAt{}, admins: map[string]Guard{},
		kinds: map[string]string{}, cut: map[string]bool{}, single: map[node][]*edge{}}
	var nodes []node
	for i := range 3 + r.IntN(3) {
		n := node{fmt.Sprintf("p%d", i), None}
		nodes = append(nodes, n)
		if r.IntN(2) == 0 {
			t.enter(n, &entryAt{Entry: &Entry{Kind: AccessKey, ID: n.id, Actor: n.id}})
		}
	}
	for i := range 2 {
		for _, c := range []Capability{Read, Write, Admin} {
			nodes = append(nodes, node{fmt.Sprintf("r%d", i), c})
		}
	}
	nodes = append(nodes, node{"account", Admin})
	for i := range 4 + r.IntN(14) {
		from, to := nodes[r.IntN(len(nodes))], nodes[r.IntN(len(nodes))]
		if from == to || !from.isPrincipal() && to.isPrincipal() {
			continue
		}
		e := &edge{from: from, to: to, by: fmt.Sprintf("e%d", i), guards: Guard(r.IntN(8) & r.IntN(8)), direct: r.IntN(3) == 0}
		e.trace = !e.direct && r.IntN(3) == 0 // a plain use changes nothing first
		e.outcome = []iam.Outcome{iam.Allow, iam.Allow, iam.Conditional, iam.Unknown}[r.IntN(4)]
		e.seen = e.outcome == iam.Unknown && r.IntN(2) == 0
		t.into[to] = append(t.into[to], e)
	}
	return t
}

// worth is what a way is worth to an attacker who gets past some guards for nothing.
func worthOf(g, free Guard, traces int) int {
	return 100 - 20*bits.OnesCount8(uint8(g&^free)) - min(5*traces, 15)
}

// walk visits every simple way backward from a node, by itself, with the same two rules: ADMIN counts as READ and WRITE, and who
// administers the account administers everything.
func (t *Table) walk(at node, seenNodes map[node]bool, g Guard, traces int, sure certain, visit func(node, Guard, int, certain)) {
	seenNodes[at] = true
	defer delete(seenNodes, at)
	visit(at, g, traces, sure)
	next := func(n node, g Guard, traces int, sure certain) {
		if !seenNodes[n] {
			t.walk(n, seenNodes, g, traces, sure, visit)
		}
	}
	if at.cap == Read || at.cap == Write {
		next(node{at.id, Admin}, g, traces, sure)
	}
	if account := (node{"account", Admin}); !at.isPrincipal() && at != account {
		next(account, g, traces, sure)
	}
	for _, e := range t.into[at] {
		n := traces
		if e.trace {
			n++
		}
		next(e.from, g|e.guards, n, min(sure, e.certain()))
	}
}

func TestSearchAgainstEveryWay(t *testing.T) {
	for seed := range uint64(400) {
		table := graph(rand.New(rand.NewPCG(seed, 1)))
		for _, free := range []Guard{0, GuardMFA} {
			for _, least := range []certain{unseen, seen, allowed} {
				want, got := map[string]int{}, map[string]int{}
				table.walk(node{"r0", Read}, map[node]bool{}, 0, 0, allowed, func(n node, g Guard, traces int, sure certain) {
					if sure >= least && len(table.entries[n]) > 0 {
						want[n.id] = max(want[n.id], worthOf(g, free, traces))
					}
				})
				for _, p := range table.Paths("r0", Read, false) {
					if least == seen && !p.Seen || least == allowed && p.Outcome != iam.Allow {
						continue
					}
					got[p.Principal] = max(got[p.Principal], worthOf(p.Guards, free, p.Traces()))
				}
				if fmt.Sprint(want) != fmt.Sprint(got) {
					t.Fatalf("seed %d, free %d, at least %d: every way %v, search %v", seed, free, least, want, got)
				}
			}
		}
	}
}

// Whatever is reached forward is reached backward, and the other way round.
func TestSearchBothWays(t *testing.T) {
	for seed := range uint64(200) {
		table := graph(rand.New(rand.NewPCG(seed, 2)))
		for id := range map[string]bool{"p0": true, "p1": true, "p2": true} {
			reached := map[string]bool{}
			for _, r := range table.Reach([]string{id}, []snapshot.Key{"r0", "r1"}) {
				reached[string(r.Resource)+r.Capability.String()] = true
			}
			for _, k := range []snapshot.Key{"r0", "r1"} {
				for _, c := range []Capability{Read, Write, Admin} {
					back := len(table.backward(node{string(k), c}, whole).found[node{id, None}]) > 0
					if back != reached[string(k)+c.String()] {
						t.Fatalf("seed %d: %s to %s of %s: backward %v, forward %v", seed, id, c, k, back, !back)
					}
				}
			}
		}
	}
}

// Who administers the account only with MFA, but reads one bucket without, is told beside the account.
func TestAdministratorWithEasierWay(t *testing.T) {
	a := newSample(t)
	a.user("alice", permit("*", "*", on("Bool", "aws:MultiFactorAuthPresent", "true")), permit("s3:GetObject", "arn:aws:s3:::logs/*"))
	a.user("boss", permit("*", "*"))
	a.bucket("logs")
	a.bucket("other")
	table := a.table()
	for bucket, want := range map[snapshot.Key]string{"arn:aws:s3:::logs": "[arn:aws:iam::111122223333:user/alice []]", "arn:aws:s3:::other": "[]"} {
		var got []string
		for _, p := range table.Paths(bucket, Read, true) {
			got = append(got, fmt.Sprint(p.Principal, " ", p.Guards.Names()))
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", bucket, got, want)
		}
	}
}

// A surer way is found behind a shorter one.
func TestSurestWay(t *testing.T) {
	a := newSample(t)
	role := iamARN("role", "reader")
	a.user("alice", permit("s3:GetObject", "arn:aws:s3:::logs/*", on("StringEquals", "aws:RequestedRegion", "eu-west-1")), permit("sts:AssumeRole", role))
	a.role("reader", trusting("AWS", iamARN("user", "alice")), permit("s3:GetObject", "arn:aws:s3:::logs/*"))
	a.bucket("logs")
	for _, w := range a.table().Who("arn:aws:s3:::logs", Read) {
		if w.Principal == iamARN("user", "alice") && (w.Path.Outcome != iam.Allow || len(w.Path.Steps) != 1) {
			t.Errorf("outcome %d over %d steps, want allowed over one", w.Path.Outcome, len(w.Path.Steps))
		}
	}
}

// TestOtherPartition: the same escalation is found in an account of another partition.
func TestOtherPartition(t *testing.T) {
	for _, partition := range []string{"aws", "aws-cn", "aws-us-gov"} {
		arn := "arn:" + partition + ":iam::" + ours + ":"
		s := &snapshot.Snapshot{Account: ours, Partition: partition, Resources: []snapshot.Resource{
			{Key: snapshot.Key(arn + "user/alice"), Type: "AWS::IAM::User", Account: ours, Name: "alice", Properties: map[string]any{"UserName": "alice", "Policies": []any{map[string]any{
				"PolicyName": "own", "PolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": []any{
					map[string]any{"Effect": "Allow", "Action": []any{"iam:PassRole"}, "Resource": arn + "role/boss"},
					map[string]any{"Effect": "Allow", "Action": []any{"lambda:CreateFunction", "lambda:InvokeFunction"}, "Resource": "arn:" + partition + ":lambda:*:*:function:*"}}}}}}},
			{Key: snapshot.Key(arn + "role/boss"), Type: "AWS::IAM::Role", Account: ours, Name: "boss", Properties: map[string]any{"RoleName": "boss",
				"AssumeRolePolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Principal": map[string]any{"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}},
				"Policies":                 []any{map[string]any{"PolicyName": "all", "PolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Action": "*", "Resource": "arn:" + partition + ":*"}}}}}}},
		}}
		s.Seal()
		table := Compile(s, decide.Compile(s), network.Compile(s), allRoutes(t), Options{})
		found := map[string]bool{}
		for _, a := range table.Who(table.Account, Admin) {
			found[a.Principal] = a.Path.Outcome != iam.Deny
		}
		for _, want := range []string{arn + "user/alice", arn + "role/boss", arn + "root"} {
			if !found[want] {
				t.Errorf("%s: %s does not administer the account: %v", partition, want, found)
			}
		}
	}
}

// TestSecondInterface: an instance without a public address of its own is open by a second interface that has one.
func TestSecondInterface(t *testing.T) {
	kinds := func(public string) []string {
		a := newSample(t)
		a.role("app", trusting("Service", "ec2.amazonaws.com"))
		ec2 := "arn:aws:ec2:eu-west-1:" + ours + ":"
		a.thing("AWS::IAM::InstanceProfile", iamARN("instance-profile", "app"), object{"InstanceProfileName": "app", "Roles": []any{"app"}})
		a.thing("AWS::EC2::Instance", ec2+"instance/i-1", object{"InstanceId": "i-1", "State": "running", "IamInstanceProfile": iamARN("instance-profile", "app"), "SubnetId": "subnet-1",
			"SecurityGroupIds": []any{"sg-1"}, "MetadataOptions": object{"HttpTokens": "required"}})
		a.thing("AWS::EC2::NetworkInterface", ec2+"network-interface/eni-2", object{"NetworkInterfaceId": "eni-2", "InstanceId": "i-1", "SubnetId": "subnet-2", "GroupSet": []any{"sg-2"}, "PublicIp": public})
		a.thing("AWS::EC2::SecurityGroup", ec2+"security-group/sg-1", object{"GroupId": "sg-1"})
		a.thing("AWS::EC2::SecurityGroup", ec2+"security-group/sg-2", object{"GroupId": "sg-2", "SecurityGroupIngress": []any{object{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}}})
		a.thing("AWS::EC2::RouteTable", ec2+"route-table/rtb-1", object{"RouteTableId": "rtb-1", "Associations": []any{object{"SubnetId": "subnet-1"}, object{"SubnetId": "subnet-2"}},
			"Routes": []any{object{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}}})
		return a.table().kindsInto(iamARN("role", "app"))
	}
	if got := kinds("203.0.113.9"); len(got) != 1 || !strings.Contains(got[0], ExposedHost) {
		t.Errorf("with a public second interface: %q, want one %s", got, ExposedHost)
	}
	if got := kinds(""); len(got) != 1 || !strings.Contains(got[0], PrivateHost) {
		t.Errorf("without: %q, want one %s", got, PrivateHost)
	}
}
