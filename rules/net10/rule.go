// Package net10 wants nothing of a network to lie about that nothing uses.
package net10

import (
	"embed"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is NET-10.
var Rule = check.Rule{
	ID:    "NET-10",
	Title: "No security group, address or subnet lies about unused",
	Why: "A group that nothing uses is one that somebody picks some day because of its name, with rules that nobody looked at. A kept address costs money, and may still " +
		"be named in somebody's firewall.",
	Fix: "aws ec2 delete-security-group --group-id ID; aws ec2 release-address --allocation-id ID; aws ec2 delete-subnet --subnet-id ID. AWS refuses where something " +
		"still uses it.",
	Read: 1, Write: 1, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC05-BP02", "ssb:ACCT.09"},
	Sources: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/deleting-security-groups.html",
		"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html",
	},
	Needs:    []string{"AWS::EC2::SecurityGroup", "AWS::EC2::Subnet", "AWS::EC2::EIP", "AWS::EC2::NetworkInterface", "AWS::EC2::LaunchTemplate", "AWS::EC2::VPC"},
	Judge:    judge,
	Examples: examples,
}

// Whatever any other resource names is used. Subnets of a default VPC are its own (NET-02), and a default group cannot be deleted (NET-06).
func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::EC2::SecurityGroup", "AWS::EC2::Subnet", "AWS::EC2::EIP", "AWS::EC2::NetworkInterface", "AWS::EC2::LaunchTemplate", "AWS::EC2::VPC"); blind != nil {
		return blind
	}
	used := map[string]bool{}
	for i := range c.Snapshot.Resources {
		r := &c.Snapshot.Resources[i]
		own := ""
		switch r.Type {
		case "AWS::EC2::RouteTable", "AWS::EC2::NetworkAcl": // they name every subnet that they are of
			continue
		case "AWS::EC2::SecurityGroup":
			own = r.Text("GroupId")
		case "AWS::EC2::Subnet":
			own = r.Text("SubnetId")
		case "AWS::EC2::EIP":
			own = r.Text("AllocationId")
		}
		names(r.Properties, func(id string) {
			if id != own {
				used[id] = true
			}
		})
	}
	own := map[string]bool{}
	for _, v := range c.Snapshot.OfType("AWS::EC2::VPC") {
		if is, _ := v.Flag("IsDefault"); is {
			own[v.Text("VpcId")] = true
		}
	}
	var out []check.Result
	tell := func(typ, what string, idle func(*snapshot.Resource) bool) {
		r := check.Result{Target: c.Account(), Outcome: check.Fail}
		var all []string
		for _, x := range c.Snapshot.OfType(typ) {
			if idle(x) {
				all = append(all, fact.Name(c, x.Key))
				r.Evidence = append(r.Evidence, check.Evidence{Key: x.Key, Outcome: check.Fail, Says: fact.Name(c, x.Key) + " is used by nothing"})
			}
		}
		if len(all) > 0 {
			r.Target = r.Evidence[0].Key
			r.Says = what + " that nothing uses, " + strconv.Itoa(len(all)) + ": " + check.Few(all)
			out = append(out, r)
		}
	}
	tell("AWS::EC2::SecurityGroup", "security groups", func(x *snapshot.Resource) bool {
		return x.Text("GroupName") != "default" && !used[x.Text("GroupId")]
	})
	tell("AWS::EC2::EIP", "addresses", func(x *snapshot.Resource) bool {
		return x.Text("AllocationId") != "" && x.Text("InstanceId") == "" && x.Text("NetworkInterfaceId") == "" && !used[x.Text("AllocationId")]
	})
	tell("AWS::EC2::Subnet", "subnets", func(x *snapshot.Resource) bool { return !own[x.Text("VpcId")] && !used[x.Text("SubnetId")] })
	if len(out) == 0 {
		out = []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "every security group, address and subnet is used"}}
	}
	return out
}

// names calls tell with every text in some properties that may be the id of such a thing.
func names(v any, tell func(string)) {
	switch v := v.(type) {
	case string:
		for _, id := range strings.Split(v, ",") { // some lists are written as one text
			if strings.HasPrefix(id, "sg-") || strings.HasPrefix(id, "subnet-") || strings.HasPrefix(id, "eipalloc-") {
				tell(id)
			}
		}
	case []any:
		for _, x := range v {
			names(x, tell)
		}
	case map[string]any:
		for _, x := range v {
			names(x, tell)
		}
	}
}
