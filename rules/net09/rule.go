// Package net09 wants ways to AWS that do not lead over the internet.
package net09

import (
	"cmp"
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is NET-09.
var Rule = check.Rule{
	ID:    "NET-09",
	Title: "Networks in use reach S3 and Systems Manager by VPC endpoints",
	Why: "A gateway endpoint for S3 and DynamoDB costs nothing, spares the NAT gateway's price for each gigabyte, and can say by policy which buckets may be reached at all. " +
		"A machine without a way out needs endpoints to be administered without a port.",
	Fix: "aws ec2 create-vpc-endpoint --vpc-id VPC --service-name com.amazonaws.REGION.s3 --route-table-ids TABLE; for machines without a way out the interface " +
		"endpoints ssm and ssmmessages with --vpc-endpoint-type Interface and their subnets.",
	Read: 2, Write: 2, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC05-BP02", "ssb:WKLD.12"},
	Sources: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
		"https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html",
	},
	Needs:    []string{"AWS::EC2::VPCEndpoint", "AWS::EC2::VPC", "AWS::EC2::Instance", "AWS::DynamoDB::Table"},
	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	if blind := c.Blind("AWS::EC2::VPCEndpoint", "AWS::EC2::VPC", "AWS::EC2::Instance", "AWS::DynamoDB::Table"); blind != nil {
		return blind
	}
	tables := map[string]bool{}
	for _, t := range c.Snapshot.OfType("AWS::DynamoDB::Table") {
		tables[t.Region] = true
	}
	houses, astray := fact.EnvironmentsOf(c).Houses()
	_, out := fact.Fleets(c)
	if len(astray) > 0 {
		out = append(out, check.Result{Target: c.Account(), Says: "in which network these stand was not read: " + check.Few(astray)})
	}
	for _, h := range houses {
		if r := house(c, h, tables); r != nil {
			out = append(out, *r)
		}
	}
	switch {
	case len(out) > 0:
		return out
	case len(houses) == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "nothing stands in a VPC"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("each VPC that is used has its endpoints, of %d", len(houses))}}
}

// house is what is wrong with one VPC, or was not read; nil for nothing.
func house(c check.Case, h *fact.House, tables map[string]bool) *check.Result {
	things := slices.Concat(slices.Collect(maps.Values(h.Things))...)
	things = append(things, h.Unread...)
	slices.SortFunc(things, func(a, b *snapshot.Resource) int { return cmp.Compare(a.Key, b.Key) })
	has := endpoints(c, h.VPC)
	var missing, open []string
	for _, x := range []struct {
		service, called string
		wanted          bool
	}{{"s3", "S3", true}, {"dynamodb", "DynamoDB", tables[things[0].Region]}} {
		switch st := has.state(x.service); {
		case !x.wanted:
		case st == snapshot.Absent:
			missing = append(missing, x.called)
		case st == snapshot.Unknown:
			open = append(open, x.called)
		}
	}
	stranded, perhaps := cutOff(c, things, has)
	var says []string
	if len(missing) > 0 {
		says = append(says, "has no endpoint for "+strings.Join(missing, " and "))
	}
	if len(stranded) > 0 {
		says = append(says, "has machines without a way to Systems Manager: "+check.Few(stranded))
	}
	name := fact.Name(c, h.Key())
	switch {
	case len(says) > 0:
		return &check.Result{Target: h.Key(), Outcome: check.Fail, Says: name + " " + strings.Join(says, ", and ")}
	case len(open) > 0:
		return &check.Result{Target: h.Key(), Says: "whether " + name + " has an endpoint for " + strings.Join(open, " and ") + " was not read"}
	case len(perhaps) > 0:
		return &check.Result{Target: h.Key(), Says: "whether these have a way to Systems Manager was not read: " + check.Few(perhaps)}
	}
	return nil
}

// cutOff are the running machines that have no way to Systems Manager, and those that perhaps have none.
func cutOff(c check.Case, things []*snapshot.Resource, has ways) (surely, perhaps []string) {
	managed := has.state("ssm")
	if st := has.state("ssmmessages"); st == snapshot.Absent || managed == snapshot.Known {
		managed = st
	}
	for _, i := range things {
		if i.Type != "AWS::EC2::Instance" || i.Text("State") != "running" || managed == snapshot.Known {
			continue
		}
		switch is := cut(c, i); {
		case is == snapshot.Known && managed == snapshot.Absent:
			surely = append(surely, fact.Name(c, i.Key))
		case is != snapshot.Absent:
			perhaps = append(perhaps, fact.Name(c, i.Key))
		}
	}
	return surely, perhaps
}

// ways are the services for which a VPC has an endpoint that works; Unknown: it may have.
type ways struct {
	to  map[string]snapshot.State
	dim bool // there is one of which the VPC or the service was not read
}

func (w ways) state(service string) snapshot.State {
	if st, ok := w.to[service]; ok {
		return st
	}
	if w.dim {
		return snapshot.Unknown
	}
	return snapshot.Absent
}

func endpoints(c check.Case, vpc string) ways {
	out := ways{to: map[string]snapshot.State{}}
	for _, e := range c.Snapshot.OfType("AWS::EC2::VPCEndpoint") {
		if id := e.Text("VpcId"); id != "" && id != vpc {
			continue
		}
		if e.IsUnknown("VpcId") || e.IsUnknown("ServiceName") {
			out.dim = true
			continue
		}
		name := e.Text("ServiceName")
		name = name[strings.LastIndexByte(name, '.')+1:]
		switch state := e.Text("State"); {
		case e.IsUnknown("State"):
			out.to[name] = max(out.to[name], snapshot.Unknown) // Known stays
		case state == "" || strings.EqualFold(state, "available"):
			out.to[name] = snapshot.Known
		}
	}
	return out
}

// cut tells whether a machine has no way out to the internet.
func cut(c check.Case, i *snapshot.Resource) snapshot.State {
	out := snapshot.Known
	for _, h := range c.Network.Hosts(i) {
		switch c.Network.ToInternet(h).State {
		case snapshot.Known:
			return snapshot.Absent
		case snapshot.Unknown:
			out = snapshot.Unknown
		}
	}
	return out
}
