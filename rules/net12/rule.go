// Package net12 wants it to be a decision what stands between the internet and public web addresses.
package net12

import (
	"embed"
	"fmt"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is NET-12.
var Rule = check.Rule{
	ID:    "NET-12",
	Title: "Public web addresses stand behind a web ACL, or it was decided otherwise",
	Why: "A web ACL takes away the crowd that tries every known flaw on everybody, and limits how often one address may ask. It costs money and somebody's attention; that nobody thought " +
		"of it should not be the reason.",
	Fix: "aws wafv2 associate-web-acl --web-acl-arn ACL --resource-arn LOAD-BALANCER, a distribution takes it as WebACLId; begin with AWSManagedRulesCommonRuleSet in count mode. Or " +
		"write the decision down: attestations in footing.yaml.",
	Read: 2, Write: 3, Likelihood: 2,
	Tier: 2,
	Refs: []string{"wa:SEC05-BP03", "ssb:WKLD.14"},
	Sources: []string{
		"https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating-aws-resource.html",
		"https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html",
	},
	Needs: []string{"AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::WAFv2::WebACLAssociation", "AWS::CloudFront::Distribution", "AWS::ApiGateway::Stage", "AWS::ApiGateway::RestApi"},
	Days:  365,

	Judge:    judge,
	Examples: examples,
}

// What can have a web ACL: application load balancers, distributions, stages of REST APIs. An address without one is no mistake as such: somebody's word will do.
func judge(c check.Case) []check.Result {
	behind, loose := map[string]bool{}, false
	for _, a := range c.Snapshot.OfType("AWS::WAFv2::WebACLAssociation") {
		loose = loose || a.IsUnknown("ResourceArn")
		behind[a.Text("ResourceArn")] = true
	}
	var without []check.Evidence
	var names []string
	n := 0
	var dim []string
	look := func(r *snapshot.Resource, name, acl string) {
		n++
		switch {
		case behind[string(r.Key)] || r.Text(acl) != "":
		case acl != "" && r.IsUnknown(acl), acl == "" && loose:
			dim = append(dim, name)
		default:
			names = append(names, name)
			without = append(without, check.Evidence{Key: r.Key, Outcome: check.Manual, Says: name + " has no web ACL"})
		}
	}
	for _, b := range c.Snapshot.OfType("AWS::ElasticLoadBalancingV2::LoadBalancer") {
		switch facing := c.Network.Balancer(b).Any(); {
		case facing && b.IsUnknown("Type"):
			dim = append(dim, fact.Name(c, b.Key))
		case facing && b.Text("Type") == "application":
			look(b, fact.Name(c, b.Key), "")
		}
	}
	for _, d := range c.Snapshot.OfType("AWS::CloudFront::Distribution") {
		if on, st := d.Flag("DistributionConfig.Enabled"); st != snapshot.Known || on {
			look(d, fact.Name(c, d.Key), "DistributionConfig.WebACLId")
		}
	}
	private := map[string]bool{}
	for _, a := range c.Snapshot.OfType("AWS::ApiGateway::RestApi") {
		kinds, _ := a.Strings("EndpointConfiguration.Types")
		private[a.Text("RestApiId")] = len(kinds) == 1 && kinds[0] == "PRIVATE"
	}
	for _, s := range c.Snapshot.OfType("AWS::ApiGateway::Stage") {
		if !private[s.Text("RestApiId")] {
			look(s, fact.Name(c, s.Key), "WebAclArn")
		}
	}
	if blind := c.Blind("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::WAFv2::WebACLAssociation", "AWS::CloudFront::Distribution", "AWS::ApiGateway::Stage"); blind != nil {
		return blind
	}
	switch {
	case len(dim) > 0 && len(names) == 0:
		return []check.Result{{Target: c.Account(), Says: "whether these have a web ACL was not read: " + check.Few(dim)}}
	case len(names) > 0:
		return []check.Result{{Target: c.Account(), Outcome: check.Manual, Evidence: without, Says: fmt.Sprintf("public web addresses without a web ACL, %d of %d: %s", len(names), n, check.Few(names))}}
	case n == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there is no public web address that could have a web ACL"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("every public web address has a web ACL, of %d", n)}}
}
