// Package net09 wants ways to AWS that do not lead over the internet.
package net09

import (
	"embed"
	"fmt"
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
	houses := fact.EnvironmentsOf(c).Houses()
	var out []check.Result
	for _, h := range houses {
		region := ""
		var stranded []string
		for _, things := range h.Things {
			for _, r := range things {
				region = r.Region
			}
		}
		for _, r := range h.Unread {
			region = r.Region
		}
		has := endpoints(c, h.VPC)
		for _, i := range c.Snapshot.OfType("AWS::EC2::Instance") {
			if i.Text("VpcId") == h.VPC && i.Text("State") == "running" && !(has["ssm"] && has["ssmmessages"]) && cut(c, i) {
				stranded = append(stranded, fact.Name(c, i.Key))
			}
		}
		var missing []string
		if !has["s3"] {
			missing = append(missing, "S3")
		}
		if tables[region] && !has["dynamodb"] {
			missing = append(missing, "DynamoDB")
		}
		var says []string
		if len(missing) > 0 {
			says = append(says, "has no endpoint for "+strings.Join(missing, " and "))
		}
		if len(stranded) > 0 {
			says = append(says, "has machines without a way to Systems Manager: "+fact.Few(stranded))
		}
		if len(says) > 0 {
			out = append(out, check.Result{Target: h.Key(), Outcome: check.Fail, Says: fact.Name(c, h.Key()) + " " + strings.Join(says, ", and ")})
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

// endpoints are the services for which a VPC has one that works.
func endpoints(c check.Case, vpc string) map[string]bool {
	out := map[string]bool{}
	for _, e := range c.Snapshot.OfType("AWS::EC2::VPCEndpoint") {
		name := e.Text("ServiceName")
		if state := e.Text("State"); e.Text("VpcId") == vpc && (state == "" || strings.EqualFold(state, "available")) {
			out[name[strings.LastIndexByte(name, '.')+1:]] = true
		}
	}
	return out
}

// cut tells that a machine surely has no way out to the internet.
func cut(c check.Case, i *snapshot.Resource) bool {
	for _, h := range c.Network.Hosts(i) {
		if c.Network.ToInternet(h).State != snapshot.Absent {
			return false
		}
	}
	return true
}
