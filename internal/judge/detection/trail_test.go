package detection

import (
	"slices"
	"testing"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

type o = map[string]any

func field1(name, op string, values ...any) o { return o{"Field": name, op: values} }

func advanced(fields ...any) o { return o{"FieldSelectors": fields} }

// What a trail records, by the selectors of both kinds: management events of either kind, one sample of KMS, and objects of a bucket.
func TestTrailSelectors(t *testing.T) {
	management, data := field1("eventCategory", "Equals", "Management"), field1("eventCategory", "Equals", "Data")
	objects := field1("resources.type", "Equals", "AWS::S3::Object")
	kms := o{"eventSource": "kms.amazonaws.com", "eventName": "DisableKey", "readOnly": false, "eventType": "AwsApiCall", "userIdentity": o{"arn": "arn:aws:iam::1:user/ana"}}
	all := []any{"arn:aws:s3"}
	for name, c := range map[string]struct {
		classic, advanced []any
		unknown           []string
		reads, writes     Truth
		without           []string
		kms, gets, puts   Truth
	}{
		"none said":            {nil, nil, nil, Yes, Yes, nil, Yes, No, No},
		"not read":             {nil, nil, []string{"EventSelectors"}, Unclear, Unclear, nil, Unclear, Unclear, Unclear},
		"all":                  {[]any{o{"ReadWriteType": "All", "IncludeManagementEvents": true}}, nil, nil, Yes, Yes, nil, Yes, No, No},
		"reads":                {[]any{o{"ReadWriteType": "ReadOnly"}}, nil, nil, Yes, No, nil, No, No, No},
		"no management":        {[]any{o{"IncludeManagementEvents": false, "DataResources": []any{o{"Type": "AWS::S3::Object", "Values": all}}}}, nil, nil, No, No, nil, No, Yes, Yes},
		"without KMS":          {[]any{o{"ExcludeManagementEventSources": []any{"kms.amazonaws.com"}}}, nil, nil, Yes, Yes, []string{"kms.amazonaws.com"}, No, No, No},
		"without, and with":    {[]any{o{"ExcludeManagementEventSources": []any{"kms.amazonaws.com"}}, o{}}, nil, nil, Yes, Yes, nil, Yes, No, No},
		"writes of objects":    {[]any{o{"ReadWriteType": "WriteOnly", "DataResources": []any{o{"Type": "AWS::S3::Object", "Values": all}}}}, nil, nil, No, Yes, nil, Yes, No, Yes},
		"functions":            {[]any{o{"DataResources": []any{o{"Type": "AWS::Lambda::Function", "Values": []any{"arn:aws:lambda"}}}}}, nil, nil, Yes, Yes, nil, Yes, No, No},
		"advanced":             {nil, []any{advanced(management)}, nil, Yes, Yes, nil, Yes, No, No},
		"advanced halves":      {nil, []any{advanced(management, field1("readOnly", "Equals", "true")), advanced(management, field1("readOnly", "NotEquals", "true"))}, nil, Yes, Yes, nil, Yes, No, No},
		"advanced without KMS": {nil, []any{advanced(management, field1("eventSource", "NotEquals", "kms.amazonaws.com"))}, nil, Yes, Yes, []string{"kms.amazonaws.com"}, No, No, No},
		"one source":           {nil, []any{advanced(management, field1("eventSource", "Equals", "kms.amazonaws.com"))}, nil, No, No, nil, Yes, No, No},
		"one name":             {nil, []any{advanced(management, field1("eventName", "StartsWith", "Dis"))}, nil, No, No, nil, Yes, No, No},
		"not ana":              {nil, []any{advanced(management, field1("userIdentity.arn", "NotEndsWith", "/ana"))}, nil, No, No, nil, No, No, No},
		"a field to come":      {nil, []any{advanced(management, field1("vpcEndpointId", "Equals", "vpce-1"))}, nil, No, No, nil, Unclear, No, No},
		"objects":              {nil, []any{advanced(data, objects)}, nil, No, No, nil, No, Yes, Yes},
		"its objects":          {nil, []any{advanced(data, objects, field1("resources.ARN", "StartsWith", "arn:aws:s3:::b/"))}, nil, No, No, nil, No, Yes, Yes},
		"some of its objects":  {nil, []any{advanced(data, objects, field1("resources.ARN", "StartsWith", "arn:aws:s3:::b/x"))}, nil, No, No, nil, No, No, No},
		"all but some":         {nil, []any{advanced(data, objects, field1("resources.ARN", "NotStartsWith", "arn:aws:s3:::b/x"))}, nil, No, No, nil, No, No, No},
		"puts by name":         {nil, []any{advanced(data, objects, field1("eventName", "Equals", "PutObject"))}, nil, No, No, nil, No, No, No},
	} {
		p := o{}
		if c.classic != nil {
			p["EventSelectors"] = c.classic
		}
		if c.advanced != nil {
			p["AdvancedEventSelectors"] = c.advanced
		}
		trail := Trail{Resource: &snapshot.Resource{Type: typTrail, Properties: p, Unknown: c.unknown}}
		trail.read()
		reads, without := trail.Management(true)
		writes, _ := trail.Management(false)
		if reads != c.reads || writes != c.writes || !slices.Equal(without, c.without) {
			t.Errorf("%s: reads %d, writes %d, without %v", name, reads, writes, without)
		}
		if got := trail.Records(kms); got != c.kms {
			t.Errorf("%s: DisableKey is %d, want %d", name, got, c.kms)
		}
		if gets, puts := trail.Objects("arn:aws:s3:::b", true), trail.Objects("arn:aws:s3:::b", false); gets != c.gets || puts != c.puts {
			t.Errorf("%s: objects are read %d, written %d", name, gets, puts)
		}
	}
}

// The samples are read, are of the account, and have what CloudTrail writes of every event.
func TestSamples(t *testing.T) {
	s := &snapshot.Snapshot{Account: "444455556666", Partition: "aws-us-gov"}
	list, err := Happenings(check.Case{Snapshot: s}, "us-gov-west-1")
	if err != nil || len(list) != 9 {
		t.Fatalf("%d kinds: %v", len(list), err)
	}
	for _, k := range list {
		if k.Says == "" || len(k.Samples) == 0 {
			t.Errorf("%+v", k)
		}
		for _, x := range k.Samples {
			for _, name := range []string{"eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "eventID", "eventType", "managementEvent", "eventCategory"} {
				if x.Record[name] == nil {
					t.Errorf("%s, %s has no %s", k.Name, x.Name(), name)
				}
			}
			if x.Record["recipientAccountId"] != s.Account || x.Record["awsRegion"] != "us-gov-west-1" {
				t.Errorf("%s is of %v in %v", x.Name(), x.Record["recipientAccountId"], x.Record["awsRegion"])
			}
			if e := x.envelope(); Matches(o{"source": []any{o{"prefix": "aws."}}, "account": []any{s.Account}, "detail-type": []any{o{"wildcard": "AWS * via CloudTrail"}}}, e) != Yes {
				t.Errorf("%s: %v", x.Name(), e)
			}
		}
	}
}

// heardAccount hears of one event over log group, metric filter, alarm and topic, or over rule, bus, rule and topic.
func heardAccount(overBus bool) *snapshot.Snapshot {
	const arn = "arn:aws:"
	res := func(typ, key string, p o) snapshot.Resource {
		return snapshot.Resource{Key: snapshot.Key(arn + key), Type: typ, Account: "1", Region: "eu-west-1", Name: key, Properties: p}
	}
	stop := o{"detail": o{"eventName": []any{"StopLogging"}}}
	subscribed := []any{o{"Protocol": "email", "Endpoint": "x"}}
	s := &snapshot.Snapshot{Account: "1", Partition: "aws", Regions: []string{"eu-west-1", "us-east-1"}, Resources: []snapshot.Resource{
		res(typTrail, "cloudtrail:eu-west-1:1:trail/main", o{"IsLogging": true, "IsMultiRegionTrail": true, "CloudWatchLogsLogGroupArn": arn + "logs:eu-west-1:1:log-group:g:*"}),
		res(typFilter, "logs:eu-west-1:1:log-group:g:metric-filter:f", o{"LogGroupName": "g", "FilterPattern": `{ $.eventName = "StopLogging" }`,
			"MetricTransformations": []any{o{"MetricName": "m", "MetricNamespace": "n", "MetricValue": "1"}}}),
		res(typAlarm, "cloudwatch:eu-west-1:1:alarm:a", o{"Namespace": "n", "MetricName": "m", "Statistic": "Sum", "Threshold": 1, "EvaluationPeriods": 1,
			"ComparisonOperator": "GreaterThanOrEqualToThreshold", "AlarmActions": []any{arn + "sns:eu-west-1:1:t"}}),
		res(typTopic, "sns:eu-west-1:1:t", o{"Subscription": subscribed}),
	}}
	if overBus {
		s.Resources = append(s.Resources[:1:1],
			res(typEventRule, "events:eu-west-1:1:rule/r", o{"EventBusName": "default", "State": "ENABLED", "EventPattern": stop, "Targets": []any{o{"Arn": arn + "events:eu-west-1:1:event-bus/b"}}}),
			res(typEventRule, "events:eu-west-1:1:rule/b/s", o{"EventBusName": "b", "State": "ENABLED", "EventPattern": stop, "Targets": []any{o{"Arn": arn + "sns:eu-west-1:1:t"}}}),
			res(typTopic, "sns:eu-west-1:1:t", o{"Subscription": subscribed}))
		s.Resources[3].Policy = []byte(`{"Statement": [{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sns:Publish", "Resource": "*"}]}`)
		delete(s.Resources[0].Properties, "CloudWatchLogsLogGroupArn")
	}
	for _, typ := range append(AlertTypes(), "AWS::KMS::Key") {
		s.Coverage = append(s.Coverage, snapshot.Coverage{Call: "x:List", Types: []string{typ}, Outcome: snapshot.OK})
	}
	return s
}

// What was not read never makes a way out of none, and never a firm no.
func TestUnreadAlert(t *testing.T) {
	hear := func(s *snapshot.Snapshot, name string) Hearing {
		s.Seal()
		a := NewAlerts(check.Case{Snapshot: s})
		record := o{"eventName": name, "readOnly": false, "eventSource": "cloudtrail.amazonaws.com", "recipientAccountId": "1", "awsRegion": "eu-west-1"}
		return a.Event(Sample{Record: record}, "eu-west-1").Hearing
	}
	for _, overBus := range []bool{false, true} {
		if got := hear(heardAccount(overBus), "StopLogging"); got != Heard {
			t.Fatalf("it is %d", got)
		}
		if got := hear(heardAccount(overBus), "DeleteTrail"); got != Unheard {
			t.Fatalf("another is %d", got)
		}
		for i, r := range heardAccount(overBus).Resources {
			for p := range r.Properties {
				s := heardAccount(overBus)
				s.Resources[i].Unknown = []string{p}
				if got := hear(s, "StopLogging"); got != Heard && got != Unsure {
					t.Errorf("without %s of %s it is %d", p, r.Key, got)
				}
			}
			s := heardAccount(overBus)
			s.Resources = slices.Delete(s.Resources, i, i+1)
			if got := hear(s, "StopLogging"); got != Unheard {
				t.Errorf("without %s, which was listed, it is %d", r.Key, got)
			}
			s.Coverage = slices.DeleteFunc(s.Coverage, func(v snapshot.Coverage) bool { return v.Types[0] == r.Type })
			if got := hear(s, "StopLogging"); got != Unsure {
				t.Errorf("without %s, which nobody asked for, it is %d", r.Key, got)
			}
		}
	}
	for _, gap := range []snapshot.Coverage{
		{Call: "cloudtrail:DescribeTrails", Region: "us-east-1", Types: []string{typTrail}, Outcome: snapshot.Denied},
		{Call: "ec2:DescribeRegions", Region: everywhere, Outcome: snapshot.NotAsked},
	} {
		s := heardAccount(false)
		s.Coverage = append(s.Coverage, gap)
		if got := hear(s, "DeleteTrail"); got != Unsure {
			t.Errorf("a trail of all Regions may be elsewhere, and it is %d", got)
		}
	}
	for _, typ := range []string{typTrail, typFilter, typAlarm, typEventRule} {
		s := heardAccount(false)
		s.Coverage = append(s.Coverage, snapshot.Coverage{Call: "x:List", Region: "eu-west-1", Types: []string{typ}, Outcome: snapshot.Denied})
		if got := hear(s, "DeleteTrail"); got != Unsure {
			t.Errorf("not all of %s was listed, and it is %d", typ, got)
		}
	}
}
