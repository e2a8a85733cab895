package cost

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/footing-dev/footing/internal/snapshot"
)

// PricesAt is the day on which the price table was looked up.
const PricesAt = "2026-11-26"

// PricesFrom says whose prices they are.
const PricesFrom = "list prices of us-east-1 at " + PricesAt

// prices.tsv says what it is and where it is from.
//
//go:embed prices.tsv
var pricesText string

// hours is what AWS counts a month as: 730 hours, as its own calculator does (https://calculator.aws/).
const hours = 730

type price struct {
	dollars float64
	per     string // "hour", "month", "GB-month"
}

// prices is the table, read when a price is first asked for. Its form is checked by a test.
var prices = sync.OnceValue(func() map[string]price {
	out := map[string]price{}
	for line := range strings.Lines(pricesText) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) != 4 || strings.HasPrefix(line, "#") {
			continue
		}
		if x, err := strconv.ParseFloat(f[2], 64); err == nil {
			out[f[0]+" "+f[1]] = price{x, f[3]}
		}
	}
	return out
})

// estimate is the list price of what a resource costs by being there. What it costs by being used is not in it, and what the table does not
// know has none.
func estimate(r *snapshot.Resource) (Figure, bool) {
	if free(r) {
		return Figure{Currency: "USD", Source: Estimated, Period: PricesAt, From: "AWS takes nothing for it"}, true
	}
	kind, times, ok := priced(r)
	p, listed := prices()[r.Type+" "+kind]
	if !ok || !listed {
		return Figure{}, false
	}
	if p.per == "hour" {
		times *= hours
	}
	from := PricesFrom
	if r.Type == "AWS::EKS::Cluster" && r.Text("UpgradePolicy.SupportType") != "STANDARD" {
		from += ", six times as much once its version is in extended support"
	}
	return Figure{Monthly: cents(p.dollars * times), Currency: "USD", Source: Estimated, Period: PricesAt, From: from}, true
}

// free tells what AWS takes nothing for: that is known, and not the same as unknown.
// https://aws.amazon.com/iam/faqs/, https://aws.amazon.com/vpc/pricing/, https://aws.amazon.com/kms/pricing/
func free(r *snapshot.Resource) bool {
	switch r.Type {
	case "AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::EC2::NetworkAcl", "AWS::EC2::SecurityGroup", "AWS::EC2::InternetGateway":
		return true
	case "AWS::KMS::Key":
		return r.Text("KeyManager") == "AWS"
	case "AWS::KMS::Alias", "AWS::Account", "AWS::S3::AccountPublicAccessBlock", "AWS::EC2::SnapshotBlockPublicAccess", "AWS::EC2::ImageBlockPublicAccess",
		"AWS::EC2::EBSEncryptionByDefault", "AWS::EC2::InstanceMetadataDefaults", "AWS::EC2::AllowedImagesSettings", "AWS::EC2::SerialConsoleAccess", "AWS::EC2::VPCBlockPublicAccessOptions":
		return true
	}
	return strings.HasPrefix(r.Type, "AWS::IAM::") || strings.HasPrefix(r.Type, "AWS::Organizations::")
}

// priced tells which line of the table a resource is, and how many times it is charged; false where that was not read, or it is charged nothing
// for being there.
func priced(r *snapshot.Resource) (kind string, times float64, ok bool) {
	switch r.Type {
	case "AWS::EC2::Instance": // other systems cost up to twice as much, and spot instances what the market says
		linux := r.Text("PlatformDetails") == "" || r.Text("PlatformDetails") == "Linux/UNIX"
		return r.Text("InstanceType"), 1, r.Text("State") == "running" && linux && r.Text("InstanceLifecycle") == "" && !r.IsUnknown("PlatformDetails")
	case "AWS::EC2::Volume":
		size, st := r.Number("Size")
		return r.Text("VolumeType"), size, st == snapshot.Known
	case "AWS::RDS::DBInstance":
		twice, st := r.Flag("MultiAZ")
		times = 1
		if twice {
			times = 2
		}
		return r.Text("Engine") + " " + r.Text("DBInstanceClass"), times, st != snapshot.Unknown
	case "AWS::ElasticLoadBalancingV2::LoadBalancer":
		return r.Text("Type"), 1, true
	case "AWS::EC2::VPCEndpoint":
		subnets, _ := r.List("SubnetIds")
		return r.Text("VpcEndpointType"), float64(len(subnets)), len(subnets) > 0
	case "AWS::KMS::Key":
		state := r.Text("KeyState")
		return "-", 1, r.Text("KeyManager") == "CUSTOMER" && (state == "Enabled" || state == "Disabled")
	case "AWS::Route53::HostedZone":
		return "-", 1, r.Text("LinkedService") == "" && !r.IsUnknown("LinkedService")
	}
	return "-", 1, true
}
