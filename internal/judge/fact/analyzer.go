package fact

import (
	"slices"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Analyzer is the type of an analyzer of IAM Access Analyzer, of whichever kind.
const Analyzer = "AWS::AccessAnalyzer::Analyzer"

// Analyzers lists those that look for access from outside, in key order; one of which the kind was not read may be one.
func Analyzers(c check.Case) []*snapshot.Resource {
	var out []*snapshot.Resource
	for _, a := range c.Snapshot.OfType(Analyzer) {
		if t := a.Text("Type"); t == "ACCOUNT" || t == "ORGANIZATION" || a.IsUnknown("Type") {
			out = append(out, a)
		}
	}
	return out
}

// analyzed are the types at whose policies an analyzer of external access looks, but for roles, which stand in no Region.
// "IAM Access Analyzer supported resource types", https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html
var analyzed = []string{"AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Lambda::Function", "AWS::Lambda::LayerVersion", "AWS::SQS::Queue", "AWS::SecretsManager::Secret", "AWS::SNS::Topic",
	"AWS::EC2::Snapshot", "AWS::RDS::DBSnapshot", "AWS::RDS::DBClusterSnapshot", "AWS::ECR::Repository", "AWS::EFS::FileSystem", "AWS::DynamoDB::Table", "AWS::S3Express::DirectoryBucket"}

// Analyzable lists the Regions in which an analyzer of external access has something to look at, and those that people say are in use; sorted.
func Analyzable(c check.Case) []string {
	out := slices.Clone(c.Model.Regions)
	for _, typ := range analyzed {
		for _, r := range c.Snapshot.OfType(typ) {
			if r.Region != "" && r.Text("KeyManager") != "AWS" && !slices.Contains(out, r.Region) {
				out = append(out, r.Region)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Unanalyzed are the lists of what an analyzer looks at that gave no full answer, but for those of Regions where somebody looks.
func Unanalyzed(c check.Case, looks map[string]bool) []string {
	var out []string
	for _, v := range c.Snapshot.Coverage {
		if v.Gap() && !looks[v.Region] && slices.ContainsFunc(v.Types, func(t string) bool { return slices.Contains(analyzed, t) }) {
			v.Types = slices.DeleteFunc(slices.Clone(v.Types), func(t string) bool { return !slices.Contains(analyzed, t) })
			out = append(out, check.Gap(&v))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
