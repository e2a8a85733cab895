package detection

import (
	"testing"

	"github.com/footing-dev/footing/internal/snapshot"
)

// One counted event sets an alarm off, or does not, or that cannot be told.
func TestFires(t *testing.T) {
	for name, c := range map[string]struct {
		p       o
		unknown []string
		stat    string
		value   string
		want    Truth
	}{
		"at one":                      {o{"Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold", "EvaluationPeriods": 1}, nil, "Sum", "1", Yes},
		"above one":                   {o{"Threshold": 1, "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}, nil, "Sum", "1", No},
		"above none":                  {o{"Threshold": 0, "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}, nil, "Average", "1", Yes},
		"at five":                     {o{"Threshold": 5, "ComparisonOperator": "GreaterThanOrEqualToThreshold", "EvaluationPeriods": 1}, nil, "Sum", "1", No},
		"each counts five":            {o{"Threshold": 5, "ComparisonOperator": "GreaterThanOrEqualToThreshold", "EvaluationPeriods": 1}, nil, "Sum", "5", Yes},
		"how many":                    {o{"Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold", "EvaluationPeriods": 1}, nil, "SampleCount", "0", Yes},
		"below":                       {o{"Threshold": 1, "ComparisonOperator": "LessThanThreshold", "EvaluationPeriods": 1}, nil, "Sum", "1", No},
		"one of three":                {o{"Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold", "EvaluationPeriods": 3, "DatapointsToAlarm": 1}, nil, "Sum", "1", Yes},
		"three, and silence is calm":  {o{"Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold", "EvaluationPeriods": 3, "TreatMissingData": "notBreaching"}, nil, "Sum", "1", No},
		"three, and silence is none":  {o{"Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold", "EvaluationPeriods": 3}, nil, "Sum", "1", Unclear},
		"a field of the event":        {o{"Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold", "EvaluationPeriods": 1}, nil, "Sum", "$.size", Unclear},
		"a percentile":                {o{"Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold", "EvaluationPeriods": 1}, nil, "p99", "1", Unclear},
		"an unusual band":             {o{"ComparisonOperator": "GreaterThanUpperThreshold", "EvaluationPeriods": 1}, nil, "Sum", "1", Unclear},
		"the threshold was not read":  {o{"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}, []string{"Threshold"}, "Sum", "1", Unclear},
		"the periods were not read":   {o{"Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold"}, []string{"EvaluationPeriods"}, "Sum", "1", Unclear},
		"it is high, that much is so": {o{"Threshold": 9, "ComparisonOperator": "GreaterThanOrEqualToThreshold"}, []string{"EvaluationPeriods"}, "Sum", "1", No},
	} {
		if got := fires(&snapshot.Resource{Properties: c.p, Unknown: c.unknown}, c.stat, c.value); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// A composite alarm follows one of its alarms where it needs no other.
func TestAnyOf(t *testing.T) {
	x := &snapshot.Resource{Key: "arn:aws:cloudwatch:eu-west-1:1:alarm:root", Name: "root"}
	for rule, want := range map[string]bool{
		`ALARM(root)`: true, `ALARM("root") OR ALARM(other)`: true, `ALARM( 'root' )`: true, `ALARM("arn:aws:cloudwatch:eu-west-1:1:alarm:root")`: true,
		`ALARM(root) AND ALARM(other)`: false, `NOT ALARM(root)`: false, `OK(root)`: false, `ALARM(root-2)`: false, `(ALARM(root))`: false, `ALARM(root) OR TRUE`: false,
		`ALARM(other) OR NOT (ALARM(root))`: false, ``: false,
	} {
		if got := anyOf(rule, x); got != want {
			t.Errorf("%s: %v", rule, got)
		}
	}
}
