// Package vm09 wants the doors of Kubernetes clusters to be few.
package vm09

import (
	"cmp"
	"embed"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is VM-09.
var Rule = check.Rule{
	ID:    "VM-09",
	Title: "Not everybody reaches the API of a cluster, and few administer it",
	Why: "Whoever administers a cluster runs what he likes with the roles of its machines and pods, and reads its secrets. An API that the whole internet reaches needs one flaw, or one " +
		"token that got out.",
	Fix: "aws eks update-cluster-config --name NAME --resources-vpc-config endpointPublicAccess=false,endpointPrivateAccess=true, or publicAccessCidrs=OFFICE/32. Give people a narrower " +
		"policy than AmazonEKSClusterAdminPolicy: aws eks associate-access-policy with an access scope of namespaces.",
	Read: 4, Write: 5, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP02", "wa:SEC05-BP02"},
	Sources: []string{
		"https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
		"https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html",
		"https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
	},
	Needs: []string{"AWS::EKS::Cluster", "AWS::EKS::AccessEntry"},
	Days:  180,

	Judge:    judge,
	Examples: examples,
}

func judge(c check.Case) []check.Result {
	clusters := c.Snapshot.OfType("AWS::EKS::Cluster")
	var out []check.Result
	for _, k := range clusters {
		if r := door(k); r != nil {
			out = append(out, *r)
		}
	}
	out = append(out, c.Blind("AWS::EKS::Cluster", "AWS::EKS::AccessEntry")...)
	if len(clusters) == 0 {
		if len(out) == 0 {
			out = []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there is no cluster"}}
		}
		return out
	}
	if len(c.Unlisted("AWS::EKS::AccessEntry")) > 0 {
		return out
	}
	if r := administrators(c, clusters); r.Outcome != check.Pass || len(out) == 0 {
		out = append(out, r)
	}
	return out
}

// door is what is wrong with the endpoint of a cluster; nil for nothing. AWS lets everybody in where nobody says otherwise.
func door(k *snapshot.Resource) *check.Result {
	const at = "ResourcesVpcConfig."
	public, st := k.Flag(at + "EndpointPublicAccess")
	cidrs, cst := k.Strings(at + "PublicAccessCidrs")
	switch {
	case st == snapshot.Known && !public:
		return nil
	case st == snapshot.Unknown || cst == snapshot.Unknown:
		return &check.Result{Target: k.Key, Says: "who reaches the API of the cluster " + k.Name + " was not read"}
	case len(cidrs) == 0 || wide(cidrs):
		return &check.Result{Target: k.Key, Outcome: check.Fail, Says: "the whole internet reaches the API of the cluster " + k.Name}
	}
	return nil
}

// wide tells whether blocks add up to at least a /8 of IPv4, or a /16 of IPv6: nobody chose whom they mean. Blocks that overlap count twice; nobody writes those.
func wide(cidrs []string) bool {
	four, six := 0.0, 0.0
	for _, s := range cidrs {
		p, err := netip.ParsePrefix(s)
		switch {
		case err != nil:
			return true
		case p.Addr().Is4():
			four += 1 / float64(uint64(1)<<p.Bits())
		default:
			six += 1 / float64(uint64(1)<<min(p.Bits(), 63))
		}
	}
	return four >= 1.0/(1<<8) || six >= 1.0/(1<<16)
}

// administrators names who administers clusters: only people can tell whether that is meant. Those of a cluster's own ConfigMap are not read.
func administrators(c check.Case, clusters []*snapshot.Resource) check.Result {
	var who, own, dim []string
	r := check.Result{Target: c.Account(), Outcome: check.Manual}
	for _, e := range c.Snapshot.OfType("AWS::EKS::AccessEntry") {
		if !administers(e) {
			if e.IsUnknown("AccessPolicies") || e.IsUnknown("KubernetesGroups") {
				dim = append(dim, fact.Name(c, snapshot.Key(e.Text("PrincipalArn"))))
			}
			continue
		}
		name := fact.Name(c, snapshot.Key(e.Text("PrincipalArn")))
		if !slices.Contains(who, name) {
			who = append(who, name)
		}
		r.Evidence = append(r.Evidence, check.Evidence{Key: e.Key, Outcome: check.Manual, Says: fmt.Sprintf("%s administers %s", name, e.Text("ClusterName"))})
	}
	for _, k := range clusters {
		if mode := k.Text("AccessConfig.AuthenticationMode"); mode != "API" {
			own = append(own, k.Name)
		}
	}
	switch {
	case len(who) == 0 && len(dim) > 0:
		r.Outcome, r.Says = check.Unknown, "whether these administer clusters was not read: "+check.Few(dim)
	case len(who) == 0 && len(own) == 0:
		return check.Result{Target: c.Account(), Outcome: check.Pass, Says: "no cluster lets everybody in, and no access entry administers one"}
	case len(who) == 0:
		r.Says = "who administers these is in their own ConfigMap aws-auth, which no scan reads: " + check.Few(own)
	default:
		r.Says = fmt.Sprintf("somebody has to say that these are meant to administer clusters: %s", check.Few(who))
		if len(own) > 0 {
			r.Says += ", and who stands in aws-auth of " + check.Few(own)
		}
	}
	return r
}

func administers(e *snapshot.Resource) bool {
	groups, _ := e.Strings("KubernetesGroups")
	policies, _ := e.Maps("AccessPolicies")
	return slices.Contains(groups, "system:masters") || slices.ContainsFunc(policies, func(p map[string]any) bool {
		arn, _ := p["PolicyArn"].(string)
		scope, _ := p["AccessScope"].(map[string]any)
		kind, _ := scope["Type"].(string)
		return strings.HasSuffix(arn, "/AmazonEKSClusterAdminPolicy") && cmp.Or(kind, "cluster") == "cluster"
	})
}
