// Package net15 wants networks to tell of traffic that is not encrypted.
package net15

import (
	"embed"
	"fmt"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is NET-15.
var Rule = check.Rule{
	ID:    "NET-15",
	Title: "Networks in use tell of traffic that is not encrypted",
	Why: "What passes between machines in the clear is seen by nobody, until somebody listens. A control in the mode monitor tells " +
		"of each flow whether it was encrypted, and one in the mode enforce lets nothing else through.",
	Fix: "aws ec2 create-vpc-encryption-control --vpc-id ID makes one that monitors. Look at its price first, and leave it out " +
		"with a waiver where what passes is encrypted by the applications anyway.",
	Read: 3, Write: 2, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC09-BP02"},
	Sources: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html",
	},
	Needs:    []string{"AWS::EC2::VPC", "AWS::EC2::NetworkInterface", "AWS::EC2::VPCEncryptionControl"},
	Judge:    judge,
	Examples: examples,
}

// judge asks the networks in which something has an interface.
func judge(c check.Case) []check.Result {
	control := map[string]*snapshot.Resource{}
	for _, r := range c.Snapshot.OfType("AWS::EC2::VPCEncryptionControl") {
		control[r.Text("VpcId")] = r
	}
	used := map[string]bool{}
	strays := false // an interface whose network was not read may be in any
	for _, r := range c.Snapshot.OfType("AWS::EC2::NetworkInterface") {
		used[r.Text("VpcId")] = true
		strays = strays || r.IsUnknown("VpcId")
	}
	var without, open []string
	n := 0
	for _, v := range c.Snapshot.OfType("AWS::EC2::VPC") {
		id := v.Text("VpcId")
		if !used[id] && !strays && !v.IsUnknown("VpcId") {
			continue
		}
		n++
		x := control[id]
		switch {
		case x == nil && (!used[id] || control[""] != nil || v.IsUnknown("VpcId")):
			open = append(open, fact.Name(c, v.Key))
		case x == nil:
			without = append(without, fact.Name(c, v.Key))
		case x.IsUnknown("Mode"):
			open = append(open, fact.Name(c, v.Key))
		}
	}
	blind := c.Blind("AWS::EC2::VPC", "AWS::EC2::NetworkInterface", "AWS::EC2::VPCEncryptionControl")
	missing := len(c.UnlistedIn("", "AWS::EC2::VPCEncryptionControl")) > 0
	out := check.Result{Target: c.Account()}
	switch {
	case len(without) > 0 && !missing:
		out.Outcome, out.Says = check.Fail, "nothing tells of plain traffic in "+check.Few(without)
	case blind != nil:
		return blind
	case len(open) > 0:
		out.Says = "whether something tells of plain traffic was not read of " + check.Few(open)
	case n == 0:
		out.Outcome, out.Says = check.NotApplicable, "no network is in use"
	default:
		out.Outcome, out.Says = check.Pass, fmt.Sprintf("something tells of plain traffic in each network in use, of %d", n)
	}
	return []check.Result{out}
}
