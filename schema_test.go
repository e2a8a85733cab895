package main_test

import (
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestSampleMatchesSchemas: every JSON that the sample account gives is what docs/schema promises. It has more kinds of entry
// points, steps and gaps than any transcript.
func TestSampleMatchesSchemas(t *testing.T) {
	try := tryIt(t)
	if _, err := try("demo"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ schema, command string }{
		{"risk", "demo --format json"},
		{"risk", "risk --format json"},
		{"risk", "risk account --format json"},
		{"review", "review --format json"},
		{"risk-history", "risk --history --format json"},
		{"risk-history", "risk trips-db --history --format json"},
		{"who", "who admin --format json"},
		{"who", "who read trips-db --format json"},
		{"who", "who write guest-uploads --format json"},
		{"who", "who read cold-backups --format json"},
		{"who", "who s3:GetObject guest-uploads --format json"},
		{"reach", "reach bram --format json"},
		{"reach", "reach access-key --format json"},
		{"report", "report --format json"},
		{"list", "list --format json"},
		{"list", "list type:bucket --format json"},
		{"snapshot-ls", "snapshot ls --format json"},
		{"snapshot-show", "snapshot show --format json"},
	} {
		out, err := try(strings.Fields(c.command)...)
		if err != nil {
			t.Errorf("%s: %v", c.command, err)
			continue
		}
		schema, err := jsonschema.NewCompiler().Compile("docs/schema/" + c.schema + ".json")
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
		if err != nil {
			t.Errorf("%s: %v", c.command, err)
			continue
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", c.command, err)
		}
		if again, _ := try(strings.Fields(c.command)...); again != out {
			t.Errorf("%s: two runs differ", c.command)
		}
	}
}
