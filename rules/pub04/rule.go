// Package pub04 wants no resource policy to be open to everybody.
package pub04

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/catalog"
	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/iam/compare"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/fact"
	"github.com/footing-dev/footing/internal/snapshot"
)

//go:embed examples
var examples embed.FS

var weight = fact.Weight{Read: 4, Write: 4, Likelihood: 3}

// Rule is PUB-04.
var Rule = check.Rule{
	ID:    "PUB-04",
	Title: "No resource policy is open to everybody, unless it is meant to be",
	Why: "A star for the principal, with no condition that ties it to an account, an organisation, a network or a resource, lets in whoever " +
		"knows the name. A condition on an address range as wide as the world, or on what a caller says of himself, ties nobody. Buckets have " +
		"a rule of their own (PUB-02), and so have the URLs of functions (PUB-05). REST APIs are left out: they are front doors, whose methods " +
		"decide. A resource share (RAM) can name accounts and organisations, never everybody.",
	Fix: "Name the accounts or the organisation in the policy (aws:PrincipalOrgID), or for a service the resource for which it acts " +
		"(aws:SourceArn, aws:SourceAccount). What is meant for everybody: say so in footing.yaml, with the class public or a use case.",
	Read: weight.Read, Write: weight.Write, Likelihood: weight.Likelihood,
	Tier: 1,
	Refs: []string{"wa:SEC03-BP07", "ssb:WKLD.02"},
	Sources: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html",
	},
	Needs:    needs,
	Judge:    judge,
	Examples: examples,
}

const (
	function    = "AWS::Lambda::Function"
	logsPolicy  = "AWS::Logs::ResourcePolicy"
	accessPoint = "AWS::S3::AccessPoint"
)

// needs are the types whose policies a scan reads and that are looked at first.
var needs = []string{
	"AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::ECR::Repository", "AWS::KMS::Key", "AWS::SecretsManager::Secret", function, "AWS::Lambda::LayerVersion",
	"AWS::EFS::FileSystem", "AWS::Backup::BackupVault", "AWS::OpenSearchService::Domain", "AWS::DynamoDB::Table", "AWS::Kinesis::Stream", "AWS::Events::EventBus",
	"AWS::Glue::Catalog", "AWS::Logs::Destination", logsPolicy, accessPoint, "AWS::MSK::Cluster", "AWS::SES::EmailIdentity",
}

// elsewhere are types whose policy another rule judges, or that is not their own.
var elsewhere = []string{"AWS::S3::Bucket", "AWS::IAM::Role", "AWS::ApiGateway::RestApi", "AWS::Glue::Database", "AWS::Glue::Connection", "AWS::Glue::Table"}

func judge(c check.Case) []check.Result {
	out := c.Blind(needs...)
	j := judgement{Case: c, solver: compare.NewSolver(compare.Options{})}
	fact.EachOf(c, types(c), func(r *snapshot.Resource) {
		if v, tell := j.of(r); tell {
			out = append(out, v)
		}
	})
	if len(out) > 0 {
		return out
	}
	if j.policies == 0 {
		return []check.Result{{Target: c.Account(), Outcome: check.NotApplicable, Says: "nothing has a resource policy"}}
	}
	says := "no resource policy is open to everybody, of " + check.Count(j.policies, "policy", "policies")
	if len(j.meant) > 0 {
		says = fmt.Sprintf("of %s only those are open that are meant to be: %s", check.Count(j.policies, "resource policy", "resource policies"), strings.Join(j.meant, ", "))
	}
	return []check.Result{{Target: c.Account(), Outcome: check.Pass, Says: says}}
}

// types are those of everything that has a policy, or may: the ones of the list first.
func types(c check.Case) []string {
	out := slices.Clone(needs)
	for i := range c.Snapshot.Resources {
		r := &c.Snapshot.Resources[i]
		if _, st := r.ResourcePolicy(); st != snapshot.Absent && !slices.Contains(out, r.Type) && !slices.Contains(elsewhere, r.Type) {
			out = append(out, r.Type)
		}
	}
	return out
}

type judgement struct {
	check.Case
	solver   *compare.Solver
	policies int
	meant    []string
}

// of judges the policy of one thing: first what the path table knows of it, then whatever else it allows.
func (j *judgement) of(r *snapshot.Resource) (check.Result, bool) {
	doc, st := r.ResourcePolicy()
	if r.Type == logsPolicy {
		doc, st = r.Document("PolicyDocument")
	}
	if st == snapshot.Absent || r.Text("KeyManager") == "AWS" {
		return check.Result{}, false
	}
	j.policies++
	if blocked(j.Case, r) {
		return check.Result{}, false
	}
	list := fact.Strangers(j.Case, r.Key)
	if r.Type == function {
		list = append(list, calls(j.Case, r)...)
	}
	x := fact.Sorted(list)
	if v, tell := x.Result(j.Case, r, weight); tell {
		return v, true
	}
	if len(x.Declared) > 0 {
		j.meant = append(j.meant, fact.Name(j.Case, r.Key)+" "+x.Declared[0].Declared)
		return check.Result{}, false
	}
	if st == snapshot.Unknown {
		return check.Result{Target: r.Key, Says: fmt.Sprintf("the policy of %s was not read", fact.Name(j.Case, r.Key))}, true
	}
	return j.rest(r, doc)
}

// rest is what a policy allows to everybody that is neither reading nor writing as the path table has it: names and counts of a queue, or anything
// of a type that no route is about.
func (j *judgement) rest(r *snapshot.Resource, doc []byte) (check.Result, bool) {
	p, _ := iam.ParseLenient(doc)
	if p = others(r.Type, p); !iam.IsPublic(p) && len(p.Unparsed) == 0 {
		return check.Result{}, false
	}
	name := fact.Name(j.Case, r.Key)
	found := j.solver.NotPublic(p)
	switch {
	case found.Verdict == compare.Holds:
		return check.Result{}, false
	case found.Verdict == compare.Unknown:
		return check.Result{Target: r.Key, Says: fmt.Sprintf("whether the policy of %s is open to everybody could not be decided: %s", name, found.Why)}, true
	case fact.Declared(j.Case, r.Key, access.Read) != "" && (reads(found.Witnesses[0].Action) || fact.Declared(j.Case, r.Key, access.Write) != ""):
		j.meant = append(j.meant, name+" "+fact.Declared(j.Case, r.Key, access.Read))
		return check.Result{}, false
	}
	w := found.Witnesses[0]
	if meant(w.Context) {
		return check.Result{}, false
	}
	out := check.Result{Target: r.Key, Outcome: check.Fail, Says: fmt.Sprintf("anyone may call %s on %s", w.Action, name)}
	if j.Access.About(r.Type) && !j.Access.Knows(w.Action) {
		out.Risk = 5 // it neither reads nor writes what is in it
	}
	return out, true
}

// copyInto is all that AWS Backup lets another account do to a vault, whatever its policy says.
// "Vault access policies", https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
const copyInto = "backup:CopyIntoBackupVault"

// others is a policy without what it allows to nobody strange: to whom a condition ties it, and over the URL of a function, which is PUB-05's. What it
// denies is kept.
func others(typ string, p *iam.Policy) *iam.Policy {
	out := *p
	out.Statements = nil
	for i := range p.Statements {
		st := p.Statements[i]
		if st.Effect == iam.EffectAllow {
			url := func(action string) bool { return strings.EqualFold(action, "lambda:InvokeFunctionUrl") }
			if fact.Tied(st.Conditions) || byURL(st.Conditions) || len(st.Actions) > 0 && !slices.ContainsFunc(st.Actions, func(a string) bool { return !url(a) }) {
				continue
			}
			if typ == "AWS::Backup::BackupVault" {
				if !st.SpeaksOf(copyInto) {
					continue
				}
				st.Actions, st.NotActions = []string{copyInto}, nil
			}
		}
		out.Statements = append(out.Statements, st)
	}
	return &out
}

// reads tells whether an action is one that reads.
func reads(action string) bool {
	c, err := catalog.Load()
	if err != nil {
		return false
	}
	a, ok := c.Action(action)
	return ok && (a.Level == catalog.LevelRead || a.Level == catalog.LevelList)
}

// meant tells that a request is not that of a stranger though it names nobody, as what is denied to others has it: it comes over a function's URL, from
// within the network of a file system, or from an account that a key knows.
func meant(context map[string][]string) bool {
	for k, v := range context {
		switch strings.ToLower(k) {
		case "lambda:invokedviafunctionurl", "elasticfilesystem:accessedviamounttarget":
			return slices.Contains(v, "true")
		case "kms:calleraccount":
			return true
		}
	}
	return false
}

// calls are the ways in which everybody may call a function, its URL aside. To call it is to use it: what it gives back is read.
func calls(c check.Case, r *snapshot.Resource) []fact.Stranger {
	doc, st := r.ResourcePolicy()
	if st != snapshot.Known {
		return nil
	}
	if p, _ := iam.ParseLenient(doc); !iam.IsPublic(p) && len(p.Unparsed) == 0 {
		return nil // asked of every function it would cost much, and none of them lets strangers in
	}
	for _, a := range c.Access.WhoAction("lambda:InvokeFunction", r.Key) {
		kind := map[string]string{"anonymous": access.Public, access.AnyAccount: access.AnyPrincipal}[a.Principal]
		if kind == "" || !a.Direct || fact.Bound(r, &a.Path, byURL) {
			continue
		}
		return []fact.Stranger{{Access: access.Read, Verb: "call", Kind: kind, Sure: a.Path.Outcome != iam.Unknown, Declared: fact.Declared(c, r.Key, access.Read), Path: a.Path}}
	}
	return nil
}

// byURL tells that only calls through a function's URL are allowed.
func byURL(conditions []iam.Condition) bool {
	return slices.ContainsFunc(conditions, func(c iam.Condition) bool {
		return strings.EqualFold(c.Key, "lambda:InvokedViaFunctionUrl") && !c.Negated && slices.Equal(c.Values, []string{"true"}) ||
			strings.EqualFold(c.Key, "lambda:FunctionUrlAuthType")
	})
}

// blocked tells that no stranger gets in whatever the policy says: an access point blocks public policies, or the account does; it or a search domain is
// reached from one network alone; or the domain asks for users of its own, for which its policy is left open.
// "Managing public access to access points", https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html
// "Recommended configurations", https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html#fgac-recommendations
func blocked(c check.Case, r *snapshot.Resource) bool {
	switch r.Type {
	case accessPoint:
		return fact.Restricted(c, r) == snapshot.Known || r.Text("NetworkOrigin") == "VPC"
	case "AWS::OpenSearchService::Domain":
		users, _ := r.Flag("AdvancedSecurityOptions.Enabled")
		anonymous, st := r.Flag("AdvancedSecurityOptions.AnonymousAuthEnabled")
		return r.Text("VPCOptions.VPCId") != "" || users && !anonymous && st != snapshot.Unknown
	}
	return false
}
