// Package net08 wants what need not face the internet to stand in private subnets.
package net08

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is NET-08.
var Rule = check.Rule{
	ID:    "NET-08",
	Title: "Machines and databases stand in private subnets",
	Why: "With a public address only a security group stands between a machine and everybody. A load balancer in front can take the traffic, and a NAT gateway or an " +
		"endpoint leads out without anybody coming in.",
	Fix: "Start its successor in a subnet without a route to an internet gateway, behind a load balancer where it serves anybody; --no-associate-public-ip-address, and for a " +
		"service AssignPublicIp DISABLED. A machine that has to face the internet (a VPN, a NAT instance) gets a waiver that says why.",
	Read: 4, Write: 4, Likelihood: 3,
	Tier: 1,
	With: []string{"NET-04"},
	Refs: []string{"wa:SEC05-BP01", "ssb:WKLD.10", "cis-3.0:2.3.3", "cis-4.0.1:2.2.3", "cis-5.0:2.2.3"},
	Sources: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html",
		"https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
		"https://docs.aws.amazon.com/AmazonECS/latest/developerguide/networking-outbound.html",
	},
	Needs: []string{"AWS::EC2::Instance", "AWS::EC2::NetworkInterface", "AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::ECS::Service", "AWS::RDS::DBInstance",
		"AWS::RDS::DBSubnetGroup"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	fleets, unread := fact.Fleets(c)
	out := machines(c, fleets)
	services := c.Snapshot.OfType("AWS::ECS::Service")
	for _, s := range services {
		const at = "NetworkConfiguration.AwsvpcConfiguration."
		if s.IsUnknown(at+"AssignPublicIp") || s.IsUnknown(at+"Subnets") {
			out = append(out, check.Result{Target: s.Key, Says: "whether the tasks of " + s.Name + " have public addresses, and where, was not read"})
		}
		if !strings.EqualFold(s.Text(at+"AssignPublicIp"), "ENABLED") {
			continue
		}
		hosts := []network.Host{}
		groups, _ := s.Strings(at + "SecurityGroups")
		subnets, _ := s.Strings(at + "Subnets")
		for _, subnet := range subnets {
			hosts = append(hosts, network.Host{Subnet: subnet, Groups: groups, Public: snapshot.Known})
		}
		if r := facing(c, hosts); r != nil {
			r.Target, r.Says = s.Key, "the tasks of "+s.Name+r.Says
			out = append(out, *r)
		}
	}
	databases := c.Snapshot.OfType("AWS::RDS::DBInstance")
	for _, d := range databases {
		if r := database(c, d); r != nil {
			out = append(out, *r)
		}
	}
	out = append(slices.Concat(out, unread), c.Blind("AWS::EC2::Instance", "AWS::ECS::Service", "AWS::RDS::DBInstance")...)
	switch n := len(fleets) + len(services) + len(databases); {
	case len(out) > 0:
		return out
	case n == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "no machine, service or database runs in a network"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "no machine, service or database has a public address that the internet finds a way to"}}
}

func machines(c check.Case, fleets []fact.Fleet) []check.Result {
	var out []check.Result
	for _, f := range fleets {
		var worst *check.Result
		n := 0
		for _, i := range f.Machines {
			r := facing(c, c.Network.Hosts(i))
			if r == nil {
				continue
			}
			n++
			if worst == nil || r.Outcome == check.Fail && (worst.Outcome != check.Fail || r.Risk > worst.Risk) {
				worst = r
			}
		}
		if worst != nil {
			worst.Target, worst.Says = f.Key, f.Says(n)+worst.Says
			out = append(out, *worst)
		}
	}
	return out
}

// facing is what the worst of some hosts has of the internet; nil where the internet finds no way to any. An address on which no security group lets
// anybody in weighs less: one rule is missing.
func facing(c check.Case, hosts []network.Host) *check.Result {
	var out *check.Result
	for _, h := range hosts {
		sure, may := c.Network.Reached(h.Bare())
		switch {
		case !tcp(may): // a datagram without an answer may still come in
			continue
		case !tcp(sure):
			if out == nil {
				out = &check.Result{Says: ": " + c.Network.FromInternet(h.Bare()).Says}
			}
			continue
		}
		switch w := c.Network.FromInternet(h); {
		case w.State == snapshot.Known && len(w.Ports) > 0:
			p := w.Ports[0]
			says := fmt.Sprintf(" at a public address, on port %d", p.From)
			if len(w.Ports) > 1 || p.To > p.From {
				says += " and others"
			}
			return &check.Result{Outcome: check.Fail, Risk: 12, Says: " can be reached from the internet" + says}
		case w.State == snapshot.Absent:
			out = &check.Result{Outcome: check.Fail, Risk: 8, Says: " has a public address, though no security group lets the internet in"}
		default:
			out = &check.Result{Outcome: check.Fail, Risk: 12, Says: " has a public address; whether the internet is let in was not read"}
		}
	}
	return out
}

func tcp(list []network.Traffic) bool {
	return slices.ContainsFunc(list, func(t network.Traffic) bool { return t.Protocol == "tcp" })
}

// database tells of one that the internet reaches: made public, in a subnet that leads to an internet gateway, behind a group that lets it in. One of these
// alone is NET-13 or NET-05.
func database(c check.Case, d *snapshot.Resource) *check.Result {
	public, st := d.Flag("PubliclyAccessible")
	if st == snapshot.Known && !public || st == snapshot.Absent {
		return nil
	}
	groups, _ := d.Strings("VPCSecurityGroups")
	port := 0
	if n, st := d.Number("Port"); st == snapshot.Known {
		port = int(n)
	}
	may := "in which subnets the database " + d.Name + " stands was not read"
	for _, g := range c.Snapshot.OfType("AWS::RDS::DBSubnetGroup") {
		if g.Region != d.Region || g.Text("DBSubnetGroupName") != d.Text("DBSubnetGroupName") || d.IsUnknown("DBSubnetGroupName") {
			continue
		}
		subnets, read := g.Strings("SubnetIds")
		if read == snapshot.Known {
			may = ""
		}
		for _, s := range subnets {
			w := c.Network.FromInternet(network.Host{Subnet: s, Groups: groups, Public: snapshot.Known})
			for _, p := range w.Ports {
				if !p.Has(port) && port != 0 {
					continue
				}
				if w.State == snapshot.Known && st == snapshot.Known && port != 0 {
					return &check.Result{Target: d.Key, Outcome: check.Fail, Risk: 25,
						Says: fmt.Sprintf("the internet reaches the database %s on port %d: it is public, in a public subnet, and its security group lets everybody in", d.Name, port)}
				}
				may = "whether the internet reaches the database " + d.Name + " was not read"
			}
			if w.State == snapshot.Unknown && len(w.Ports) == 0 {
				may = "whether the internet reaches the database " + d.Name + " is not known: " + w.Says
			}
		}
	}
	if may == "" {
		return nil
	}
	return &check.Result{Target: d.Key, Says: may}
}
