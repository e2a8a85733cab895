// Package net03 wants no network path from one environment to another.
package net03

import (
	"cmp"
	"embed"
	"fmt"
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/judge/network"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is NET-03.
var Rule = check.Rule{
	ID:    "NET-03",
	Title: "No network path leads from one environment to another",
	Why: "Development is where more people may do more, and where less is looked at. A peering or a transit gateway with routes makes it the front room of " +
		"production.",
	Fix: "Take the route out (aws ec2 delete-route --route-table-id ID --destination-cidr-block BLOCK), on both sides, or narrow it to what has to be reached. " +
		"Where it is meant, footing.yaml says so: units, may_reach.",
	Read: 4, Write: 4, Likelihood: 2,
	Tier: 1,
	Refs: []string{"wa:SEC05-BP02", "cis-3.0:5.5", "cis-4.0.1:5.6", "cis-5.0:5.6"},
	Sources: []string{
		"https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html",
		"https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html",
	},
	Needs:    needs(),
	Judge:    judge,
	Examples: examples,
}

func needs() []string {
	return []string{"AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::EC2::SecurityGroup", "AWS::EC2::NetworkInterface", "AWS::EC2::Instance",
		"AWS::EC2::VPCPeeringConnection", "AWS::EC2::TransitGatewayAttachment"}
}

// pair is two VPCs of different environments, in the direction of the packets that open a connection.
type pair struct{ from, to string }

// Within one VPC it is NET-01 that says so. What the whole internet reaches tells nothing of an environment. What leads into another account
// is not looked at: nobody says of which environment that is.
func judge(c check.Case) []check.Result {
	e := fact.EnvironmentsOf(c)
	stances, unread := e.Stances(c)
	of := map[string]string{} // environment by VPC, of what was met
	var seen []string
	for _, s := range stances {
		of[s.VPC] = s.Environment
		if !slices.Contains(seen, s.Environment) {
			seen = append(seen, s.Environment)
		}
	}
	blind := c.Blind(needs()...)
	if len(unread) > 0 {
		blind = append(blind, check.Result{Target: c.Account(), Says: "in which environment and network these stand was not read: " + check.Few(unread)})
	}
	if len(seen) < 2 {
		if blind != nil {
			return blind
		}
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there are not two environments in networks"}}
	}
	found := connections(c, e, stances)
	out := make([]check.Result, 0, len(found))
	for _, p := range found {
		out = append(out, *p.result)
	}
	for _, r := range routes(c, e, of) {
		if !slices.ContainsFunc(found, func(f connection) bool { return f.pair == r.pair || f.pair == pair{r.to, r.from} }) {
			out = append(out, *r.result)
		}
	}
	out = append(out, blind...)
	if len(out) == 0 {
		out = []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "no connection passes between " + check.Few(slices.Sorted(slices.Values(seen))) + " but what footing.yaml allows"}}
	}
	return out
}

type connection struct {
	pair
	result *check.Result
}

const mostEvidence = 10

// connections asks of each pair of interfaces of different environments and VPCs what passes between them.
func connections(c check.Case, e *fact.Environments, stances []fact.Stance) []connection {
	all := c.Network.All(1)
	var out []connection
	at := map[pair]int{}
	more := map[pair]int{}
	for _, to := range stances {
		var open []network.Traffic
		asked := false
		for _, from := range stances {
			if from.Environment == to.Environment || from.VPC == to.VPC || e.May(from.Environment, to.Environment) {
				continue
			}
			sure, may := all.Between(from.At, to.At)
			if len(may) == 0 {
				continue
			}
			if !asked {
				open, asked = c.Network.Open(to.At), true
			}
			is, left := check.Fail, network.Beside(sure, open)
			if len(left) == 0 {
				is, left = check.Unknown, network.Beside(may, open)
			}
			if len(left) == 0 {
				continue
			}
			k := pair{from.VPC, to.VPC}
			says := fmt.Sprintf("%s connects to %s on %s", from.Use.Name, to.Use.Name, left[0])
			if is == check.Unknown {
				says = fmt.Sprintf("%s may connect to %s on %s", from.Use.Name, to.Use.Name, left[0])
			}
			i, ok := at[k]
			if !ok {
				i, at[k] = len(out), len(out)
				out = append(out, connection{k, &check.Result{Target: to.Use.Key, Outcome: is, Says: fmt.Sprintf("%s gets into %s: %s", from.Environment, to.Environment, says)}})
			} else if out[i].result.Outcome == check.Unknown && is == check.Fail {
				*out[i].result = check.Result{Target: to.Use.Key, Outcome: is, Says: fmt.Sprintf("%s gets into %s: %s", from.Environment, to.Environment, says), Evidence: out[i].result.Evidence}
			}
			if more[k]++; len(out[i].result.Evidence) < mostEvidence {
				out[i].result.Evidence = append(out[i].result.Evidence, check.Evidence{Key: from.Use.Key, Outcome: is, Says: says})
			}
		}
	}
	for _, x := range out {
		if n := more[x.pair] - 1; n > 0 {
			x.result.Says += fmt.Sprintf(", and %d more", n)
		}
		if x.result.Outcome == check.Unknown {
			x.result.Says += "; not all on the way was read"
		}
	}
	slices.SortFunc(out, func(a, b connection) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	return out
}

// routes lists the peerings that have routes on both sides, though no connection passes: nothing but security groups keeps the two apart.
func routes(c check.Case, e *fact.Environments, of map[string]string) []connection {
	type side struct{ peering, vpc string }
	routed, dim := map[side]bool{}, map[string]bool{} // dim: VPCs of which a table was not read; "" for any
	for _, t := range c.Snapshot.OfType("AWS::EC2::RouteTable") {
		list, st := t.Maps("Routes")
		if vpc := t.Text("VpcId"); vpc == "" || st == snapshot.Unknown {
			dim[vpc] = true
		}
		for _, r := range list {
			if id, _ := r["VpcPeeringConnectionId"].(string); id != "" {
				routed[side{id, t.Text("VpcId")}] = true
			}
		}
	}
	var out []connection
	for _, p := range c.Snapshot.OfType("AWS::EC2::VPCPeeringConnection") {
		a, b, id := p.Text("VpcId"), p.Text("PeerVpcId"), p.Text("Id")
		if st := p.Text("Status"); st != "" && st != "active" {
			continue
		}
		if a == "" || b == "" {
			out = append(out, connection{pair{a, b}, &check.Result{Target: p.Key, Risk: 4, Says: "between which networks peering " + id + " leads was not read"}})
		}
		if of[a] == "" || of[b] == "" || of[a] == of[b] || e.May(of[a], of[b]) || e.May(of[b], of[a]) {
			continue
		}
		sure := true
		may := !slices.ContainsFunc([]string{a, b}, func(vpc string) bool {
			there := routed[side{id, vpc}]
			sure = sure && there
			return !there && !dim[vpc] && !dim[""]
		})
		switch {
		case may && !sure:
			out = append(out, connection{pair{a, b}, &check.Result{Target: p.Key, Risk: 4, Says: fmt.Sprintf("whether %s has routes between %s and %s on both sides was not read", id, of[a], of[b])}})
		case sure:
			out = append(out, connection{pair{a, b}, &check.Result{Target: p.Key, Outcome: check.Fail, Risk: 4,
				Says: fmt.Sprintf("%s has routes between %s and %s on both sides; only security groups and network ACLs keep them apart", id, of[a], of[b])}})
		}
	}
	return out
}
