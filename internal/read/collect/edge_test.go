package collect

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/snapshot"
)

// partly scans one service where some operations are answered and all others denied.
func partly(t *testing.T, name, region string, answers map[string]string) *snapshot.Snapshot {
	t.Helper()
	fake(t, func(w http.ResponseWriter, q request) {
		if start(w, q) {
			return
		}
		best, found := "", false
		for k := range answers {
			op, about, _ := strings.Cut(k, " ~ ")
			if op == q.operation && strings.Contains(q.body, about) && (!found || len(k) > len(best)) {
				best, found = k, true
			}
		}
		if !found {
			refuse(w, q, 403, "AccessDenied")
			return
		}
		if !strings.HasPrefix(answers[best], "<") {
			w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		}
		io.WriteString(w, answers[best])
	})
	s, err := scan(t.Context(), read.Options{Services: []string{name}, Regions: []string{region}}, service.All(), quick)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The web ACLs of CloudFront are told in one Region, and none is absent there unless both lists came.
func TestWebACLsOfCloudFront(t *testing.T) {
	const arn = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/edge/e1"
	answers := map[string]string{
		"ListWebACLs ~ CLOUDFRONT":               `{"WebACLs":[{"Name":"edge","Id":"e1","ARN":"` + arn + `"}]}`,
		"GetWebACL ~ CLOUDFRONT":                 `{"WebACL":{"Name":"edge","Id":"e1","ARN":"` + arn + `","DefaultAction":{"Block":{}},"Rules":[]}}`,
		"ListTagsForResource":                    `{}`,
		"ListLoggingConfigurations ~ CLOUDFRONT": `{"LoggingConfigurations":[]}`,
	}
	s := partly(t, "wafv2", "us-east-1", answers)
	if s.Has("AWS::WAFv2::WebACL", "us-east-1") != snapshot.Known || s.Has("AWS::WAFv2::WebACLAssociation", "us-east-1") != snapshot.Unknown {
		t.Errorf("coverage %+v", s.Coverage)
	}
	answers["ListWebACLs ~ REGIONAL"] = `{"WebACLs":[]}`
	s = partly(t, "wafv2", "us-east-1", answers)
	if r, ok := s.Get(arn); !ok || r.Text("Scope") != "CLOUDFRONT" || r.Properties["DefaultAction"] == nil {
		t.Errorf("%+v", s.Resources)
	}
	if s.Has("AWS::WAFv2::WebACLAssociation", "us-east-1") != snapshot.Absent || s.Has("AWS::WAFv2::LoggingConfiguration", "us-east-1") != snapshot.Absent {
		t.Errorf("coverage %+v", s.Coverage)
	}
}

// A transit gateway of others leaves only a route and an attachment: where it leads is not told, and no association is invented.
func TestTransitGatewayOfOthers(t *testing.T) {
	answers := map[string]string{
		"DescribeTransitGateways":              `<A><transitGatewaySet/></A>`,
		"DescribeRouteTables":                  `<A><routeTableSet><item><routeTableId>rtb-1</routeTableId><routeSet><item><destinationCidrBlock>10.0.0.0/8</destinationCidrBlock><transitGatewayId>tgw-9</transitGatewayId></item></routeSet></item></routeTableSet></A>`,
		"DescribeTransitGatewayRouteTables":    `<A><transitGatewayRouteTables/></A>`,
		"DescribeTransitGatewayVpcAttachments": `<A><transitGatewayVpcAttachments><item><transitGatewayAttachmentId>tgw-attach-1</transitGatewayAttachmentId><transitGatewayId>tgw-9</transitGatewayId><vpcId>vpc-1</vpcId><state>available</state></item></transitGatewayVpcAttachments></A>`,
		"DescribeTransitGatewayAttachments":    `<A><transitGatewayAttachments><item><transitGatewayAttachmentId>tgw-attach-1</transitGatewayAttachmentId><transitGatewayId>tgw-9</transitGatewayId><resourceType>vpc</resourceType><state>available</state><association><transitGatewayRouteTableId>tgw-rtb-9</transitGatewayRouteTableId><state>associated</state></association></item></transitGatewayAttachments></A>`,
	}
	s := partly(t, "ec2", "eu-central-1", answers)
	if len(s.OfType("AWS::EC2::TransitGatewayVpcAttachment")) != 1 || len(s.OfType("AWS::EC2::TransitGatewayAttachment")) != 0 || len(s.OfType("AWS::EC2::TransitGatewayRouteTableAssociation")) != 0 {
		t.Errorf("%+v", s.Resources)
	}
	// Security groups were denied, and may refer to a prefix list.
	if s.Has("AWS::EC2::PrefixList", "") != snapshot.Unknown {
		t.Errorf("coverage %+v", s.Coverage)
	}
	delete(answers, "DescribeTransitGatewayRouteTables")
	s = partly(t, "ec2", "eu-central-1", answers)
	for _, typ := range []string{"AWS::EC2::TransitGatewayRouteTable", "AWS::EC2::TransitGatewayRoute", "AWS::EC2::TransitGatewayRouteTableAssociation", "AWS::EC2::TransitGatewayRouteTablePropagation"} {
		if s.Has(typ, "eu-central-1") != snapshot.Unknown {
			t.Errorf("%s is not unknown", typ)
		}
	}
}
