package detection

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
)

// samples.json has events as CloudTrail writes them, in the kinds that somebody should hear of. ACCOUNT, REGION and PARTITION stand for those of the account.
//
//go:embed samples.json
var samples string

// Happening is one kind of events: a change of permissions, of a trail, …
type Happening struct {
	Name, Says string
	Samples    []Sample
}

// Sample is one event.
type Sample struct {
	Seat    bool           // it is told in one Region only, that of global services
	Finding string         // the type of the GuardDuty finding that tells the same; "" for none
	Record  map[string]any // as in a log file of CloudTrail
}

// Happenings are all kinds of sample events, of an account in a Region.
func Happenings(c check.Case, region string) ([]Happening, error) {
	partition := c.Snapshot.Partition
	if partition == "" {
		partition = "aws"
	}
	text := strings.NewReplacer("ACCOUNT", c.Snapshot.Account, "REGION", region, "PARTITION", partition).Replace(samples)
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	d.DisallowUnknownFields()
	var out []Happening
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("samples.json: %w", err)
	}
	return out, nil
}

// Name is what was called.
func (s *Sample) Name() string { n, _ := s.Record["eventName"].(string); return n }

// envelope is the event that EventBridge gets of it.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
func (s *Sample) envelope() map[string]any {
	source, _ := s.Record["eventSource"].(string)
	kind := "AWS API Call via CloudTrail"
	if s.Record["eventType"] == "AwsConsoleSignIn" {
		kind = "AWS Console Sign In via CloudTrail"
	}
	return event("aws."+strings.TrimSuffix(source, ".amazonaws.com"), kind, s.Record["recipientAccountId"], s.Record["awsRegion"], s.Record)
}

func event(source, kind string, account, region any, detail map[string]any) map[string]any {
	return map[string]any{"version": "0", "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718", "detail-type": kind, "source": source, "account": account,
		"time": "2026-11-22T09:00:00Z", "region": region, "resources": []any{}, "detail": detail}
}

// finding is what EventBridge gets of a finding of GuardDuty.
// https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html
func finding(account, region, typ string, severity string) map[string]any {
	return event("aws.guardduty", "GuardDuty Finding", account, region, map[string]any{
		"schemaVersion": "2.0", "accountId": account, "region": region, "id": "16afba5c5c43e07c9e3e5e2e544e95df", "type": typ,
		"severity": json.Number(severity), "createdAt": "2026-11-22T09:00:00.000Z", "updatedAt": "2026-11-22T09:00:00.000Z",
		"title": "A finding", "description": "A finding", "resource": map[string]any{"resourceType": "AccessKey"},
		"service": map[string]any{"serviceName": "guardduty", "archived": false, "count": json.Number("1")},
	})
}

// imported is what EventBridge gets of that finding when Security Hub took it in.
// https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
func imported(account, region, typ, severity string) map[string]any {
	label := "LOW"
	switch n := rational(severity); {
	case n == nil:
	case n.Cmp(rational("7")) >= 0:
		label = "HIGH"
	case n.Cmp(rational("4")) >= 0:
		label = "MEDIUM"
	}
	return event("aws.securityhub", "Security Hub Findings - Imported", account, region, map[string]any{"findings": []any{map[string]any{
		"SchemaVersion": "2018-10-08", "ProductName": "GuardDuty", "CompanyName": "Amazon", "AwsAccountId": account, "Region": region,
		"ProductArn": "arn:aws:securityhub:" + region + "::product/aws/guardduty", "Types": []any{"TTPs/" + typ}, "GeneratorId": "arn:aws:guardduty:" + region,
		"Severity": map[string]any{"Label": label, "Product": json.Number(severity)}, "RecordState": "ACTIVE", "WorkflowState": "NEW",
		"Workflow": map[string]any{"Status": "NEW"}, "Title": "A finding",
	}}})
}
