// Package net11 wants public addresses to speak TLS, and none that is old.
package net11

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is NET-11.
var Rule = check.Rule{
	ID:    "NET-11",
	Title: "Public web addresses force HTTPS, with TLS 1.2 or newer",
	Why: "What goes over plain HTTP is read and changed by whoever is on the way, sign-ins and cookies too. Old TLS has flaws that are known and tools that " +
		"use them.",
	Fix: "A listener: aws elbv2 modify-listener --listener-arn ARN --default-actions Type=redirect,RedirectConfig='{Protocol=HTTPS,Port=443,StatusCode=HTTP_301}', and --ssl-policy " +
		"ELBSecurityPolicy-TLS13-1-2-2021-06 on that of port 443. A distribution: ViewerProtocolPolicy redirect-to-https, and with a name and certificate of your own " +
		"MinimumProtocolVersion TLSv1.2_2021.",
	Read: 3, Write: 3, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC09-BP02", "ssb:WKLD.13"},
	Sources: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html",
		"https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html",
		"https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html",
	},
	Needs: []string{"AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule", "AWS::ElasticLoadBalancing::LoadBalancer",
		"AWS::CloudFront::Distribution"},
	Judge:    judge,
	Examples: examples,
}

// verdict is what is wrong with one address. Worst first: it fails, or may.
type verdict struct {
	outcome check.Outcome
	says    []string
	risk    int
}

func (v *verdict) add(o check.Outcome, says string) {
	if v.outcome == check.Fail && o == check.Unknown {
		return
	}
	if v.outcome != o {
		v.says = nil
	}
	v.outcome = o
	if !slices.Contains(v.says, says) {
		v.says = append(v.says, says)
	}
}

// What the internet does not reach is exempt, and so is what passes TLS on without opening it. APIs of API Gateway and URLs of functions have no plain form.
func judge(c check.Case) []check.Result {
	var out []check.Result
	n := 0
	tell := func(r *snapshot.Resource, name string, v verdict) {
		n++
		if v.outcome != check.Pass {
			out = append(out, check.Result{Target: r.Key, Outcome: v.outcome, Risk: v.risk, Says: name + " " + strings.Join(v.says, ", and ")})
		}
	}
	for _, b := range c.Snapshot.OfType("AWS::ElasticLoadBalancingV2::LoadBalancer") {
		if v := balancer(c, b); v != nil {
			tell(b, "the load balancer "+fact.Name(c, b.Key), *v)
		}
	}
	for _, b := range c.Snapshot.OfType("AWS::ElasticLoadBalancing::LoadBalancer") {
		if v := classic(c, b); v != nil {
			tell(b, "the load balancer "+fact.Name(c, b.Key), *v)
		}
	}
	for _, d := range c.Snapshot.OfType("AWS::CloudFront::Distribution") {
		if on, st := d.Flag("DistributionConfig.Enabled"); st != snapshot.Known || on {
			tell(d, "the distribution "+fact.Name(c, d.Key), distribution(d))
		}
	}
	out = append(out, c.Blind("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule",
		"AWS::ElasticLoadBalancing::LoadBalancer", "AWS::CloudFront::Distribution")...)
	switch {
	case len(out) > 0:
		return out
	case n == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "the internet reaches no load balancer on a web port, and there is no distribution"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: fmt.Sprintf("all public load balancers and distributions force HTTPS with TLS 1.2 or newer, %d", n)}}
}

// balancer judges the listeners that the internet reaches; nil where there are none for the web.
func balancer(c check.Case, b *snapshot.Resource) *verdict {
	facing := c.Network.Balancer(b)
	var out *verdict
	for _, l := range c.Snapshot.OfType("AWS::ElasticLoadBalancingV2::Listener") {
		port, pst := l.Number("Port")
		protocol := l.Text("Protocol")
		at := facing.On(int(port))
		of := l.Text("LoadBalancerArn")
		if of == "" || of == string(b.Key) && (pst == snapshot.Unknown || l.IsUnknown("Protocol")) {
			if facing.Any() {
				out = cmp.Or(out, &verdict{outcome: check.Pass})
				out.add(check.Unknown, "may have a listener that was not read")
			}
			continue
		}
		if of != string(b.Key) || at == snapshot.Absent || protocol != "HTTP" && protocol != "HTTPS" && protocol != "TLS" {
			continue
		}
		out = cmp.Or(out, &verdict{outcome: check.Pass})
		is, says := check.Pass, ""
		if protocol == "HTTP" {
			is, says = plain(c, l)
		} else {
			is, says = policy(l.Text("SslPolicy"))
		}
		if is == check.Pass {
			continue
		}
		if at == snapshot.Unknown {
			is, says = check.Unknown, says+" (whether the internet reaches it was not read)"
		}
		out.add(is, fmt.Sprintf("%s on port %d", says, int(port)))
	}
	return out
}

// plain judges a listener of HTTP: all that it does must be to send clients to HTTPS, or to answer by itself.
func plain(c check.Case, l *snapshot.Resource) (check.Outcome, string) {
	actions, st := l.Maps("DefaultActions")
	dim := st == snapshot.Unknown
	for _, r := range c.Snapshot.OfType("AWS::ElasticLoadBalancingV2::ListenerRule") {
		if of := r.Text("ListenerArn"); of == string(l.Key) || of == "" {
			more, st := r.Maps("Actions")
			dim = dim || of == "" || st == snapshot.Unknown
			if of != "" {
				actions = append(slices.Clip(actions), more...)
			}
		}
	}
	for _, a := range actions {
		to, _ := a["RedirectConfig"].(map[string]any)
		protocol, _ := to["Protocol"].(string)
		switch kind, _ := a["Type"].(string); {
		case kind == "fixed-response", kind == "redirect" && strings.EqualFold(protocol, "HTTPS"):
		default:
			return check.Fail, "serves plain HTTP"
		}
	}
	if dim {
		return check.Unknown, "may serve plain HTTP, by actions that were not read,"
	}
	return check.Pass, ""
}

// policy judges a security policy by its name, which tells the oldest TLS that it accepts. A balancer whose listener names none has ELBSecurityPolicy-2016-08,
// which accepts TLS 1.0.
func policy(name string) (check.Outcome, string) {
	switch {
	case name == "", strings.Contains(name, "-2016-08"), strings.Contains(name, "TLS-1-0"), strings.Contains(name, "TLS13-1-0"), strings.Contains(name, "-FS-2018-06"),
		strings.Contains(name, "-2015-"), strings.Contains(name, "-2014-"), strings.Contains(name, "-2011-"):
		return check.Fail, "accepts TLS 1.0"
	case strings.Contains(name, "TLS-1-1"), strings.Contains(name, "TLS13-1-1"), strings.Contains(name, "FS-1-1"):
		return check.Fail, "accepts TLS 1.1"
	case strings.Contains(name, "-1-2-"), strings.Contains(name, "-1-3-"):
		return check.Pass, ""
	}
	return check.Unknown, "has a policy of its own, " + name + ", which was not read,"
}

// classic judges a balancer of the first generation, which cannot redirect.
func classic(c check.Case, b *snapshot.Resource) *verdict {
	facing := c.Network.Balancer(b)
	lines, st := b.Maps("Listeners")
	var out *verdict
	if st == snapshot.Unknown && facing.Any() {
		out = &verdict{says: []string{"has listeners that were not read"}}
	}
	for _, l := range lines {
		line := snapshot.Resource{Properties: l}
		port, _ := line.Number("LoadBalancerPort")
		protocol := strings.ToUpper(line.Text("Protocol"))
		at := facing.On(int(port))
		if at == snapshot.Absent || protocol != "HTTP" && protocol != "HTTPS" && protocol != "SSL" {
			continue
		}
		out = cmp.Or(out, &verdict{outcome: check.Pass})
		is, says := check.Fail, "serves plain HTTP"
		if protocol != "HTTP" {
			names, _ := line.Strings("PolicyNames")
			is, says = check.Unknown, "has a security policy that was not read"
			for _, n := range names {
				if strings.HasPrefix(n, "ELBSecurityPolicy-") {
					is, says = policy(n)
				}
			}
		}
		if is == check.Pass {
			continue
		}
		if at == snapshot.Unknown {
			is = check.Unknown
		}
		out.add(is, fmt.Sprintf("%s on port %d", says, int(port)))
	}
	return out
}

// distribution judges what a distribution offers to those who view it. One without a name of its own has CloudFront's certificate, with which TLS 1.0 cannot be
// switched off: that weighs less.
func distribution(d *snapshot.Resource) verdict {
	const at = "DistributionConfig."
	v := verdict{outcome: check.Pass}
	behaviors, st := d.Maps(at + "CacheBehaviors")
	one, ost := d.Property(at + "DefaultCacheBehavior")
	if m, ok := one.(map[string]any); ok {
		behaviors = append(slices.Clip(behaviors), m)
	}
	if st == snapshot.Unknown || ost != snapshot.Known {
		v.add(check.Unknown, "has behaviours that were not read")
	}
	for _, b := range behaviors {
		if how, _ := b["ViewerProtocolPolicy"].(string); how == "allow-all" {
			v.add(check.Fail, "serves plain HTTP")
		}
	}
	own, _ := d.Flag(at + "ViewerCertificate.CloudFrontDefaultCertificate")
	least, lst := d.Property(at + "ViewerCertificate.MinimumProtocolVersion")
	text, _ := least.(string)
	switch {
	case own && v.outcome == check.Pass:
		v.add(check.Fail, "accepts TLS 1.0, since it has CloudFront's own certificate")
		v.risk = 3
	case own:
	case lst == snapshot.Unknown:
		v.add(check.Unknown, "accepts a TLS that was not read")
	case strings.HasPrefix(text, "TLSv1.2"), strings.HasPrefix(text, "TLSv1.3"):
	default:
		v.add(check.Fail, "accepts old TLS ("+text+")")
	}
	return v
}
