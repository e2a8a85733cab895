package listing

import (
	"strings"
	"testing"
)

// Every type has a name that can stand in a sentence, and one that is alone in its service.
func TestThings(t *testing.T) {
	for typ, want := range map[string]string{
		"AWS::EC2::NetworkInterface": "network interfaces", "AWS::EC2::NetworkAcl": "network ACLs", "AWS::EC2::VPC": "VPCs", "AWS::EC2::NatGateway": "NAT gateways",
		"AWS::IAM::ManagedPolicy": "managed policies", "AWS::IAM::OIDCProvider": "OIDC providers", "AWS::IAM::AccountSummary": "the account summary", "AWS::KMS::Alias": "aliases",
		"AWS::RDS::DBProxy": "DB proxies", "AWS::ApiGateway::RestApi": "REST APIs", "AWS::EKS::AccessEntry": "access entries", "AWS::Route53::HostedZone": "hosted zones",
		"Something": "somethings", "": "s",
	} {
		if got := Things(typ); got != want {
			t.Errorf("%q: %q, want %q", typ, got, want)
		}
	}
	of := map[string]string{}
	for _, r := range All() {
		name := Things(r.Type)
		if !strings.HasPrefix(name, "the ") && !strings.Contains(name, "s ") && !strings.HasSuffix(name, "s") {
			t.Errorf("%s is called %q", r.Type, name)
		}
		service := r.Type[:strings.LastIndexByte(r.Type, ':')]
		if other := of[service+name]; other != "" && other != r.Type {
			t.Errorf("%s and %s are both called %q", other, r.Type, name)
		}
		of[service+name] = r.Type
	}
	for typ := range named {
		if len(Calls(typ)) == 0 {
			t.Errorf("%s has a name and no call that lists it", typ)
		}
	}
}
