// Package vm07 wants nothing to run on a version that is no longer looked after.
package vm07

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

// Rule is VM-07.
var Rule = check.Rule{
	ID:    "VM-07",
	Title: "Nothing runs on a version that AWS no longer looks after",
	Why: "Flaws that are found in a version after its end are mended for nobody, or only for those who pay extended support. Upgrades that were put off come all at once, and on " +
		"the day that AWS chooses.",
	Fix: "Functions: aws lambda update-function-configuration --function-name NAME --runtime RUNTIME. Clusters: aws eks update-cluster-version, one minor version at a time. " +
		"Databases: aws rds modify-db-instance --engine-version VERSION --allow-major-version-upgrade, after a copy was tried; " +
		"--auto-minor-version-upgrade for the small ones.",
	Read: 3, Write: 3, Likelihood: 3,
	Tier: 2,
	Refs: []string{"wa:SEC06-BP01", "cis-3.0:2.3.2", "cis-4.0.1:2.2.2", "cis-5.0:2.2.2"},
	Sources: []string{
		"https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
		"https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
		"https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html",
		"https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html",
		"https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html",
	},
	Needs:    []string{"AWS::Lambda::Function", "AWS::EKS::Cluster", "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"},
	Judge:    judge,
	Examples: examples,
}

// thing is what has a version.
type thing struct {
	*snapshot.Resource
	what, version, says string
}

// CIS asks that minor versions of databases come by themselves: without that a version ends within its own lifetime, and nobody notices.
func minor(c check.Case) []check.Result {
	var out []check.Result
	for _, d := range c.Snapshot.OfType("AWS::RDS::DBInstance") {
		switch on, st := d.Flag("AutoMinorVersionUpgrade"); {
		case st == snapshot.Unknown:
			out = append(out, check.Result{Target: d.Key, Says: "whether minor versions of " + fact.Name(c, d.Key) + " come by themselves was not read"})
		case st == snapshot.Known && !on:
			out = append(out, check.Result{Target: d.Key, Outcome: check.Fail, Risk: 4, Says: "minor versions of the database " + fact.Name(c, d.Key) + " do not come by themselves"})
		}
	}
	return out
}

// The table is of one day and says so. What it does not know is unknown: most of what is missing is newer than it. Operating systems of machines are not in it.
func judge(c check.Case) []check.Result {
	all := things(c)
	var out []check.Result
	var strange, soon []string
	for _, t := range all {
		if t.version == "" {
			out = append(out, check.Result{Target: t.Key, Says: "the version of " + fact.Name(c, t.Key) + " was not read"})
			continue
		}
		life, known := fact.LifespanOf(t.what, t.version)
		name := fmt.Sprintf("%s (%s)", fact.Name(c, t.Key), t.says)
		now := c.Snapshot.Taken
		switch {
		case !known:
			if !slices.Contains(strange, t.says) {
				strange = append(strange, t.says)
			}
		case now.After(life.Ends) && now.Before(life.Extended):
			out = append(out, check.Result{Target: t.Key, Outcome: check.Fail, Risk: 4, Says: fmt.Sprintf("%s is in extended support, which costs, since %s and until %s", name, day(life.Ends), day(life.Extended))})
		case now.After(life.Ends):
			out = append(out, check.Result{Target: t.Key, Outcome: check.Fail, Says: fmt.Sprintf("%s has not been looked after since %s", name, day(last(life)))})
		case now.AddDate(0, 0, 90).After(life.Ends):
			soon = append(soon, fmt.Sprintf("%s until %s", name, day(life.Ends)))
		}
	}
	asOf := fact.LifespansAsOf()
	age := fmt.Sprintf("the table of versions is of %s, %d days before the scan", day(asOf), max(0, fact.Days(c, asOf)))
	if len(strange) > 0 {
		slices.Sort(strange)
		out = append(out, check.Result{Target: c.Account(), Says: fmt.Sprintf("how long these are looked after is not known: %s; %s", check.Few(strange), age)})
	}
	for _, m := range minor(c) { // one finding a thing
		if i := slices.IndexFunc(out, func(r check.Result) bool { return r.Target == m.Target }); i < 0 {
			out = append(out, m)
		} else if m.Outcome == check.Fail && out[i].Outcome == check.Fail {
			out[i].Says += "; " + m.Says
		}
	}
	out = append(out, c.Blind("AWS::Lambda::Function", "AWS::EKS::Cluster", "AWS::RDS::DBInstance", "AWS::RDS::DBCluster")...)
	switch {
	case len(out) > 0:
		return out
	case len(all) == 0:
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "there are no functions with a runtime, clusters or databases"}}
	}
	says := fmt.Sprintf("AWS looks after the versions of all functions, clusters and databases, %d", len(all))
	if len(soon) > 0 {
		says += "; not for long: " + check.Few(soon)
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: says + "; " + age}}
}

func last(l fact.Lifespan) time.Time {
	if l.Extended.IsZero() {
		return l.Ends
	}
	return l.Extended
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

func things(c check.Case) []thing {
	var out []thing
	for _, f := range c.Snapshot.OfType("AWS::Lambda::Function") {
		if f.Text("PackageType") == "Image" || f.Text("Runtime") == "" && !f.IsUnknown("Runtime") {
			continue // an image brings its own, which nobody reads
		}
		out = append(out, thing{f, "lambda", f.Text("Runtime"), f.Text("Runtime")})
	}
	for _, k := range c.Snapshot.OfType("AWS::EKS::Cluster") {
		out = append(out, thing{k, "eks", k.Text("Version"), "Kubernetes " + k.Text("Version")})
	}
	for _, typ := range []string{"AWS::RDS::DBInstance", "AWS::RDS::DBCluster"} {
		for _, d := range c.Snapshot.OfType(typ) {
			engine := d.Text("Engine")
			if typ == "AWS::RDS::DBInstance" && (strings.HasPrefix(engine, "aurora") || d.Text("DBClusterIdentifier") != "") {
				continue // its cluster has the version
			}
			out = append(out, thing{d, engine, d.Text("EngineVersion"), strings.TrimSpace(engine + " " + d.Text("EngineVersion"))})
		}
	}
	return out
}
