// Package vm08 wants images and machines to be looked through for known flaws.
package vm08

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
	"github.com/footing-dev/footing/internal/threatmodel"
)

//go:embed examples
var examples embed.FS

// Rule is VM-08.
var Rule = check.Rule{
	ID:    "VM-08",
	Title: "Images and machines are looked through for known flaws",
	Why: "Most of what runs was written by others, and flaws are found in it after it was built. Without somebody who compares, the first to notice is whoever " +
		"tries them.",
	Fix: "Images: aws ecr put-registry-scanning-configuration --scan-type BASIC --rules '[{\"scanFrequency\":\"SCAN_ON_PUSH\",\"repositoryFilters\":[{\"filter\":\"*\"," +
		"\"filterType\":\"WILDCARD\"}]}]', which costs nothing. Machines, and images after they were pushed: aws inspector2 enable --resource-types EC2 ECR, once a Region.",
	Read: 3, Write: 3, Likelihood: 3,
	Tier: 1,
	Refs: []string{"wa:SEC06-BP01"},
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",
		"https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html",
		"https://docs.aws.amazon.com/inspector/latest/user/scanning-ec2.html",
	},
	Needs:    []string{"AWS::ECR::Repository", "AWS::ECR::RegistryScanningConfiguration", "AWS::InspectorV2::Account", "AWS::EC2::Instance"},
	Judge:    judge,
	Examples: examples,
}

// One act mends a Region, so there is one result a Region and kind.
func judge(c check.Case) []check.Result {
	repositories, machines, first := map[string][]*snapshot.Resource{}, map[string]int{}, map[string]snapshot.Key{}
	for _, r := range c.Snapshot.OfType("AWS::ECR::Repository") {
		repositories[r.Region] = append(repositories[r.Region], r)
	}
	fleets, unread := fact.Fleets(c)
	for _, f := range fleets {
		at := f.Machines[0].Region
		machines[at] += len(f.Machines)
		first[at] = cmp.Or(first[at], f.Key)
	}
	var out []check.Result
	for _, region := range slices.Sorted(maps.Keys(repositories)) {
		if r := images(c, region, repositories[region]); r != nil {
			out = append(out, *r)
		}
	}
	for _, region := range slices.Sorted(maps.Keys(machines)) {
		is, at := inspector(c, region, "Ec2")
		r := check.Result{Target: cmp.Or(at, first[region]), Says: "whether Inspector looks through the machines in " + region + " was not read"}
		switch is {
		case snapshot.Known:
			continue
		case snapshot.Absent:
			r.Outcome, r.Says = check.Fail, fmt.Sprintf("nothing looks through the machines in %s for known flaws, %d", region, machines[region])
		}
		out = append(out, r)
	}
	out = append(slices.Concat(out, unread), c.Blind("AWS::ECR::Repository", "AWS::EC2::Instance")...)
	switch {
	case len(out) > 0:
		return out
	case len(repositories)+len(machines) == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there is no repository of images and no running machine"}}
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: "all images and machines are looked through for known flaws"}}
}

// images is what is wrong with the repositories of a Region; nil where all are looked through when an image is pushed, or all the time.
func images(c check.Case, region string, all []*snapshot.Resource) *check.Result {
	is, _ := inspector(c, region, "Ecr")
	if is == snapshot.Known {
		return nil
	}
	var filters []string
	registry := false
	for _, r := range c.Snapshot.OfType("AWS::ECR::RegistryScanningConfiguration") {
		if r.Region != region {
			continue
		}
		registry = true
		rules, _ := r.Maps("Rules")
		for _, m := range rules {
			if how, _ := m["ScanFrequency"].(string); how != "SCAN_ON_PUSH" && how != "CONTINUOUS_SCAN" {
				continue
			}
			list, _ := m["RepositoryFilters"].([]any)
			for _, f := range list {
				if x, ok := f.(map[string]any); ok {
					filters = append(filters, fmt.Sprint(x["Filter"]))
				}
			}
		}
	}
	var without []string
	out := &check.Result{}
	for _, r := range all {
		on, _ := r.Flag("ImageScanningConfiguration.ScanOnPush")
		if on || slices.ContainsFunc(filters, func(f string) bool { return matches(f, r.Text("RepositoryName")) }) {
			continue
		}
		without = append(without, fact.Name(c, r.Key))
		out.Target = r.Key
		out.Evidence = append(out.Evidence, check.Evidence{Key: r.Key, Outcome: check.Fail, Says: "nothing looks through the images of " + fact.Name(c, r.Key)})
	}
	switch {
	case len(without) == 0:
		return nil
	case is == snapshot.Unknown || !registry && !c.Listed("AWS::ECR::RegistryScanningConfiguration", region):
		out.Evidence, out.Says = nil, "whether the images in "+region+" are looked through was not read in full: "+check.Few(without)
	default:
		out.Outcome, out.Says = check.Fail, "nothing looks through images in "+region+": "+check.Few(without)
	}
	return out
}

// matches compares a repository with a filter: one without a star is found anywhere in the name
// (https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html).
func matches(filter, name string) bool {
	if !strings.Contains(filter, "*") {
		filter = "*" + filter + "*"
	}
	return threatmodel.Glob(filter, name)
}

// inspector tells whether Inspector looks through one kind of thing in a Region.
func inspector(c check.Case, region, kind string) (snapshot.State, snapshot.Key) {
	for _, r := range c.Snapshot.OfType("AWS::InspectorV2::Account") {
		if r.Region != region {
			continue
		}
		switch status := r.Text("ResourceState." + kind); {
		case r.IsUnknown("ResourceState." + kind):
			return snapshot.Unknown, r.Key
		case strings.EqualFold(status, "ENABLED"), strings.EqualFold(status, "ENABLING"):
			return snapshot.Known, r.Key
		}
		return snapshot.Absent, r.Key
	}
	if c.Listed("AWS::InspectorV2::Account", region) {
		return snapshot.Absent, ""
	}
	return snapshot.Unknown, ""
}
