package collect

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/snapshot"
)

// worldly are the services that world answers for, in the three ways in which most of AWS speaks: JSON, query and REST XML.
var worldly = []string{"iam", "s3account", "s3", "organizations", "sqs", "sns", "dynamodb"}

// world is a small, healthy account: the same things in both of its Regions, lists of two pages, policies, and a service that is not used.
func world(w http.ResponseWriter, q request) {
	switch q.service {
	case "tagging":
		io.WriteString(w, `{"ResourceTagMappingList":[]}`)
	case "iam":
		worldIAM(w, q)
	case "organizations":
		refuse(w, q, 400, "AWSOrganizationsNotInUseException")
	case "s3":
		worldS3(w, q)
	case "sqs":
		worldSQS(w, q)
	case "sns":
		worldSNS(w, q)
	case "dynamodb":
		worldDynamoDB(w, q)
	default:
		if !start(w, q) {
			refuse(w, q, 403, "AccessDenied")
		}
	}
}

// letter is the last word of a name in a request: "a", "b" or "c".
func letter(text string) string {
	i := strings.LastIndex(text, "thing-")
	if i < 0 {
		return ""
	}
	return text[i+len("thing-"):][:1]
}

const worldPolicy = `{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":[\"x:Send\"],\"Resource\":\"*\",\"Condition\":{\"StringLike\":{\"aws:PrincipalOrgID\":\"<o-1>\"}}}]}`

func worldSQS(w http.ResponseWriter, q request) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	base := "https://sqs." + q.region + ".amazonaws.com/111122223333/thing-"
	switch {
	case q.operation == "ListQueues" && !strings.Contains(q.body, "more"):
		fmt.Fprintf(w, `{"QueueUrls":[%q,%q],"NextToken":"more"}`, base+"a", base+"b")
	case q.operation == "ListQueues":
		fmt.Fprintf(w, `{"QueueUrls":[%q]}`, base+"c")
	case q.operation == "GetQueueAttributes":
		fmt.Fprintf(w, `{"Attributes":{"QueueArn":"arn:aws:sqs:%s:111122223333:thing-%s","Policy":"%s"}}`, q.region, letter(q.body), worldPolicy)
	default:
		fmt.Fprintf(w, `{"Tags":{"team":"<%s&co>"}}`, letter(q.body))
	}
}

func worldSNS(w http.ResponseWriter, q request) {
	arn := "arn:aws:sns:" + q.region + ":111122223333:thing-"
	switch q.operation {
	case "ListTopics":
		fmt.Fprintf(w, `<ListTopicsResponse><ListTopicsResult><Topics><member><TopicArn>%[1]sa</TopicArn></member><member><TopicArn>%[1]sb</TopicArn></member><member><TopicArn>%[1]sc</TopicArn></member></Topics></ListTopicsResult></ListTopicsResponse>`, arn)
	case "ListSubscriptions":
		fmt.Fprintf(w, `<ListSubscriptionsResponse><ListSubscriptionsResult><Subscriptions><member><TopicArn>%sb</TopicArn><Protocol>email</Protocol><Endpoint>a@example.com</Endpoint></member></Subscriptions></ListSubscriptionsResult></ListSubscriptionsResponse>`, arn)
	case "GetTopicAttributes":
		policy := strings.NewReplacer(`\`, "", "<", "&lt;", ">", "&gt;").Replace(worldPolicy)
		fmt.Fprintf(w, `<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes><entry><key>Policy</key><value>%s</value></entry></Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>`, policy)
	default:
		io.WriteString(w, `<ListTagsForResourceResponse><ListTagsForResourceResult><Tags><member><Key>team</Key><Value>a</Value></member></Tags></ListTagsForResourceResult></ListTagsForResourceResponse>`)
	}
}

func worldDynamoDB(w http.ResponseWriter, q request) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	switch {
	case q.operation == "ListTables" && !strings.Contains(q.body, "Exclusive"):
		io.WriteString(w, `{"TableNames":["thing-a","thing-b"],"LastEvaluatedTableName":"thing-b"}`)
	case q.operation == "ListTables":
		io.WriteString(w, `{"TableNames":["thing-c"]}`)
	case q.operation == "DescribeTable":
		io.WriteString(w, `{"Table":{"DeletionProtectionEnabled":true,"SSEDescription":{"Status":"ENABLED","SSEType":"KMS"}}}`)
	case q.operation == "DescribeContinuousBackups":
		io.WriteString(w, `{"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED","PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"ENABLED"}}}`)
	case q.operation == "ListBackups":
		io.WriteString(w, `{"BackupSummaries":[]}`)
	case q.operation == "GetResourcePolicy" && letter(q.body) == "a":
		refuse(w, q, 400, "PolicyNotFoundException")
	case q.operation == "GetResourcePolicy":
		fmt.Fprintf(w, `{"Policy":"%s"}`, worldPolicy)
	default:
		io.WriteString(w, `{"Tags":[]}`)
	}
}

func worldIAM(w http.ResponseWriter, q request) {
	inside := map[string]string{
		"GetAccountAuthorizationDetails": `<IsTruncated>false</IsTruncated><UserDetailList><member><UserName>nadia</UserName><Arn>arn:aws:iam::111122223333:user/nadia</Arn></member></UserDetailList><GroupDetailList/><RoleDetailList/><Policies/>`,
		"GetAccountSummary":              `<SummaryMap><entry><key>AccountMFAEnabled</key><value>1</value></entry></SummaryMap>`,
		"ListOpenIDConnectProviders":     `<OpenIDConnectProviderList/>`,
		"ListSAMLProviders":              `<SAMLProviderList/>`,
		"ListVirtualMFADevices":          `<IsTruncated>false</IsTruncated><VirtualMFADevices/>`,
		"ListServerCertificates":         `<IsTruncated>false</IsTruncated><ServerCertificateMetadataList/>`,
		"GenerateCredentialReport":       `<State>COMPLETE</State>`,
		"GetCredentialReport":            worldReport("2099-01-01", "nadia,arn:aws:iam::111122223333:user/nadia,2026-01-01T10:00:00+00:00,true,false,false\n"),
	}
	if text, ok := inside[q.operation]; ok {
		fmt.Fprintf(w, "<%[1]sResponse><%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>", q.operation, text)
	} else if q.operation == "GetAccountPasswordPolicy" {
		refuse(w, q, 404, "NoSuchEntity")
	} else if q.operation == "GetOutboundWebIdentityFederationInfo" {
		refuse(w, q, 400, "FeatureDisabled")
	} else if !start(w, q) {
		refuse(w, q, 403, "AccessDenied")
	}
}

// worldReport is a credential report that was made on a day.
func worldReport(day, rows string) string {
	const head = "user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active\n"
	return "<Content>" + base64.StdEncoding.EncodeToString([]byte(head+rows)) + "</Content><GeneratedTime>" + day + "T10:00:00Z</GeneratedTime>"
}

// answerReport gives such a report.
func answerReport(w io.Writer, day, rows string) {
	fmt.Fprintf(w, "<GetCredentialReportResponse><GetCredentialReportResult>%s</GetCredentialReportResult></GetCredentialReportResponse>", worldReport(day, rows))
}

func worldS3(w http.ResponseWriter, q request) {
	_, query, _ := strings.Cut(q.operation, "?")
	about, _, _ := strings.Cut(query, "&")
	about, _, _ = strings.Cut(about, "=")
	none := map[string]string{
		"tagging": "NoSuchTagSet", "encryption": "ServerSideEncryptionConfigurationNotFoundError",
		"publicAccessBlock": "NoSuchPublicAccessBlockConfiguration", "ownershipControls": "OwnershipControlsNotFoundError",
	}
	switch {
	case strings.Contains(q.operation, "/v20180820/mrap/"):
		io.WriteString(w, `<ListMultiRegionAccessPointsResult><AccessPoints/></ListMultiRegionAccessPointsResult>`)
	case strings.Contains(q.operation, "/v20180820/"):
		refuse(w, q, 404, "NoSuchPublicAccessBlockConfiguration")
	case letter(q.operation) == "":
		io.WriteString(w, `<ListAllMyBucketsResult><Owner><ID>o</ID></Owner><Buckets><Bucket><Name>thing-a</Name><BucketRegion>eu-central-1</BucketRegion></Bucket><Bucket><Name>thing-b</Name><BucketRegion>us-east-1</BucketRegion></Bucket></Buckets></ListAllMyBucketsResult>`)
	case none[about] != "":
		refuse(w, q, 404, none[about])
	case about == "policy":
		io.WriteString(w, strings.ReplaceAll(worldPolicy, `\`, ""))
	case about == "acl":
		io.WriteString(w, `<AccessControlPolicy><Owner><ID>o</ID></Owner><AccessControlList><Grant><Grantee><ID>o</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>`)
	case about == "versioning":
		io.WriteString(w, `<VersioningConfiguration/>`)
	case about == "logging":
		io.WriteString(w, `<BucketLoggingStatus/>`)
	default:
		refuse(w, q, 404, "Strange")
	}
}

func worldOptions() read.Options { return read.Options{Services: worldly} }

// The account of the other tests is what they take it for: everything is seen, and everything is there.
func TestWorld(t *testing.T) {
	fake(t, world)
	s := scanned(t, worldOptions())
	for typ, n := range map[string]int{"AWS::S3::Bucket": 2, "AWS::SQS::Queue": 6, "AWS::SNS::Topic": 6, "AWS::DynamoDB::Table": 6, "AWS::IAM::User": 1, "AWS::IAM::CredentialReport": 1} {
		if got := len(s.OfType(typ)); got != n {
			t.Errorf("%d of %s", got, typ)
		}
	}
	if s.Has("AWS::Organizations::Organization", "") != snapshot.Absent {
		t.Error("there is no organization")
	}
	for _, c := range s.Gaps() {
		if c.Outcome != snapshot.NotAsked {
			t.Errorf("a gap: %+v", c)
		}
	}
}
