// Package listing tells by which calls a live scan lists each type of the vocabulary, and what people call such things.
package listing

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

// Row is a type, with the collector that reads it and an API operation without which it is not complete.
type Row struct{ Type, Service, Call string }

//go:embed listing.tsv
var table string

// All are the types that a live scan lists, a row an operation, in reading order; a test of internal/read/collect/service keeps them true to the collectors.
var All = sync.OnceValue(func() (all []Row) {
	for line := range strings.Lines(table) {
		if cells := strings.Split(strings.TrimSpace(line), "\t"); len(cells) == 3 {
			all = append(all, Row{cells[0], cells[1], cells[2]})
		}
	}
	return all
})

// Calls are the operations that list a type; none for what comes from files alone.
func Calls(typ string) (out []string) {
	for _, r := range All() {
		if r.Type == typ {
			out = append(out, r.Call)
		}
	}
	return out
}

// named are the types whose last word says too little. What an account or a Region has once begins with "the".
var named = map[string]string{
	"AWS::Account":                                      "the account itself",
	"AWS::InspectorV2::Account":                         "the state of Inspector",
	"AWS::IAM::AccountSummary":                          "the account summary",
	"AWS::IAM::AccountPasswordPolicy":                   "the password policy",
	"AWS::IAM::CredentialReport":                        "the credential report",
	"AWS::IAM::OutboundWebIdentityFederation":           "the outbound identity federation",
	"AWS::Organizations::Organization":                  "the organisation",
	"AWS::Organizations::Policy":                        "policies of the organisation",
	"AWS::S3::AccountPublicAccessBlock":                 "the public access block of the account",
	"AWS::EC2::EBSEncryptionByDefault":                  "the default encryption of volumes",
	"AWS::EC2::InstanceMetadataDefaults":                "defaults of instance metadata",
	"AWS::EC2::ImageBlockPublicAccess":                  "the public access block of images",
	"AWS::EC2::SnapshotBlockPublicAccess":               "the public access block of snapshots",
	"AWS::EC2::VPCBlockPublicAccessOptions":             "the public access block of VPCs",
	"AWS::EC2::VPCBlockPublicAccessExclusion":           "exclusions from the public access block of VPCs",
	"AWS::EC2::AllowedImagesSettings":                   "allowed images",
	"AWS::EC2::SerialConsoleAccess":                     "the serial console",
	"AWS::EC2::EIP":                                     "elastic addresses",
	"AWS::EC2::VPCCidrBlock":                            "address blocks of VPCs",
	"AWS::ECR::RegistryScanningConfiguration":           "the scanning of images",
	"AWS::Bedrock::ModelInvocationLoggingConfiguration": "the logging of model invocations",
	"AWS::WAFv2::LoggingConfiguration":                  "the logging of web ACLs",
	"AWS::SecurityHub::Standard":                        "standards of Security Hub",
	"AWS::RAM::ResourceShare":                           "resource shares",
	"AWS::SSO::Instance":                                "Identity Center instances",
	"AWS::SSO::Assignment":                              "assignments of Identity Center",
	"AWS::SSM::ServiceSetting":                          "settings of Systems Manager",
	"AWS::SSM::Association":                             "associations of Systems Manager",
	"AWS::IoT::Policy":                                  "policies of IoT",
	"AWS::AutoScaling::AutoScalingGroup":                "Auto Scaling groups",
	"AWS::Backup::RegionSettings":                       "settings of AWS Backup",
	"AWS::SES::Account":                                 "settings of SES",
	"AWS::S3::MultiRegionAccessPoint":                   "multi-Region access points",
	"AWS::EKS::FargateProfile":                          "Fargate profiles",
	"AWS::EC2::EgressOnlyInternetGateway":               "egress-only internet gateways",
}

// Things is what people call the things of a type: "network interfaces".
func Things(typ string) string {
	if name, ok := named[typ]; ok {
		return name
	}
	name := []rune(typ[strings.LastIndexByte(typ, ':')+1:])
	var words []string
	for start := 0; start < len(name); {
		end := start + 1
		for end < len(name) && !begins(name, end) {
			end++
		}
		word := string(name[start:end])
		if end-start < 2 || !unicode.IsUpper(name[start+1]) {
			word = strings.ToLower(word)
		}
		if whole, ok := spelled[word]; ok {
			word = whole
		}
		words, start = append(words, word), end
	}
	out := strings.Join(words, " ")
	switch {
	case strings.HasSuffix(out, "y") && !strings.HasSuffix(out, "ey") && !strings.HasSuffix(out, "ay"):
		return strings.TrimSuffix(out, "y") + "ies"
	case strings.HasSuffix(out, "s") || strings.HasSuffix(out, "x") || strings.HasSuffix(out, "h"):
		return out + "es"
	}
	return out + "s"
}

var spelled = map[string]string{"acl": "ACL", "vpc": "VPC", "api": "API", "url": "URL", "nat": "NAT", "nodegroup": "node group", "rest": "REST"}

// begins tells that a word begins within a name: a capital after a small letter, or the last of several capitals before a small letter.
func begins(name []rune, at int) bool {
	if !unicode.IsUpper(name[at]) {
		return false
	}
	return !unicode.IsUpper(name[at-1]) || at+1 < len(name) && unicode.IsLower(name[at+1])
}
