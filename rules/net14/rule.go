// Package net14 advises to close networks to the internet where nothing needs it.
package net14

import (
	"embed"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is NET-14.
var Rule = check.Rule{
	ID:    "NET-14",
	Title: "Networks in which nothing is public are closed to the internet",
	Why: "One route and one address put a machine on the internet. Where nothing is meant to be there, block public access for VPCs " +
		"refuses that for the whole Region, whatever is made later.",
	Fix: "In each Region named: aws ec2 modify-vpc-block-public-access-options --internet-gateway-block-mode block-bidirectional " +
		"(block-ingress where what is inside has to reach out); exclude the networks that are meant to be open.",
	Read: 2, Write: 3, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC05-BP02", "wa:SEC05-BP01"},
	Sources: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html",
		"https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html",
	},
	Needs:    []string{"AWS::EC2::VPCBlockPublicAccessOptions", "AWS::EC2::NetworkInterface"},
	Judge:    judge,
	Examples: examples,
}

// A Region in which something has an address of the internet decides for itself; the rule is about the others, empty ones too: there an intruder
// launches first.
func judge(c check.Case) []check.Result {
	const faces = "AWS::EC2::NetworkInterface"
	if blind := c.Blind(faces); blind != nil {
		return blind
	}
	public, dim := map[string]bool{}, map[string]bool{} // dim: whether something is was not read
	for _, r := range c.Snapshot.OfType(faces) {
		_, v4 := r.Property("PublicIp")
		v6, st := r.Strings("Ipv6Addresses")
		public[r.Region] = public[r.Region] || v4 == snapshot.Known || len(v6) > 0
		dim[r.Region] = dim[r.Region] || v4 == snapshot.Unknown || st == snapshot.Unknown
	}
	for _, typ := range []string{"AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer"} { // their interfaces may be seen later
		for _, r := range c.Snapshot.OfType(typ) {
			public[r.Region] = public[r.Region] || r.Text("Scheme") == "internet-facing"
		}
	}
	return fact.Everywhere(c, "where nothing has a public address the internet is blocked", "nothing has a public address, and the way to the internet is open", func(r *snapshot.Resource) (check.Outcome, string) {
		mode, st := r.Property("InternetGatewayBlockMode")
		switch {
		case public[r.Region]:
			return check.NotApplicable, ""
		case st == snapshot.Unknown:
			return check.Unknown, "whether the internet is blocked was not read"
		case mode == "block-bidirectional" || mode == "block-ingress":
			return check.Pass, ""
		case dim[r.Region]:
			return check.Unknown, "whether anything has a public address was not read"
		}
		return check.Fail, "nothing has a public address, and the internet is not blocked"
	}, "AWS::EC2::VPCBlockPublicAccessOptions")
}
