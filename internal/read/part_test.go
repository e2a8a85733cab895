package read

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
)

func some() Part {
	return Part{
		Service: "sqs", Region: "eu-west-1", Began: time.Date(2026, 11, 23, 10, 14, 0, 0, time.FixedZone("", 3600)),
		Resources: []snapshot.Resource{
			{Key: "arn:a", Type: "AWS::SQS::Queue", Account: "111122223333", Region: "eu-west-1", Name: "<a&b>", Tags: map[string]string{"team": "<&>"},
				Properties: map[string]any{"N": json.Number("12345678901234567890"), "I": 7, "L": []any{true, nil, "x"}, "Content": json.RawMessage(`{"Statement":[{"Action":"<a>"}]}`)},
				Policy:     json.RawMessage(`{"Statement":[{"Action":"sqs:*","Condition":{"StringLike":{"k":"<&>"}}}]}`),
				Unknown:    []string{"Tags", "KmsMasterKeyId"}, Origin: snapshot.Origin{Call: "sqs:ListQueues"}},
			{Key: "arn:b", Type: "AWS::SQS::Queue"},
		},
		Coverage:     []snapshot.Coverage{{Service: "sqs", Region: "eu-west-1", Call: "sqs:ListQueues", Types: []string{"AWS::SQS::Queue"}, Outcome: snapshot.OK}},
		Observations: []snapshot.Observation{{Source: "x", Kind: "finding", About: "arn:a", Severity: 5.5, Says: "<b>"}},
	}
}

// A part that was kept is, in a snapshot, the same bytes as one that was not.
func TestAPartIsWhatItWas(t *testing.T) {
	want := some()
	b, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodePart(b)
	if err != nil {
		t.Fatal(err)
	}
	if got.Service != want.Service || got.Region != want.Region || !got.Began.Equal(want.Began) {
		t.Errorf("%+v", got)
	}
	for name, pair := range map[string][2]any{
		"coverage": {got.Coverage, want.Coverage}, "observations": {got.Observations, want.Observations},
	} {
		g, _ := json.Marshal(pair[0])
		w, _ := json.Marshal(pair[1])
		if !bytes.Equal(g, w) {
			t.Errorf("%s: %s, want %s", name, g, w)
		}
	}
	if len(got.Resources) != len(want.Resources) {
		t.Fatalf("%d resources", len(got.Resources))
	}
	for i := range want.Resources {
		var g, w bytes.Buffer
		if err := snapshot.EncodeResource(&g, &got.Resources[i]); err != nil {
			t.Error(err)
		}
		if err := snapshot.EncodeResource(&w, &want.Resources[i]); err != nil {
			t.Error(err)
		}
		if !bytes.Equal(g.Bytes(), w.Bytes()) {
			t.Errorf("%s\nwant\n%s", g.Bytes(), w.Bytes())
		}
	}
}

// Nothing but a whole part is taken for one.
func TestNoPart(t *testing.T) {
	for name, b := range map[string]string{
		"nothing": ``, "no object": `[]`, "an empty object": `{}`, "cut off": `{"service":"sqs","began":"2026-11-23T09:14:00Z","resources":[{"key"`,
		"no moment": `{"service":"sqs"}`, "no service": `{"began":"2026-11-23T09:14:00Z"}`,
		"a gap":               `{"service":"sqs","began":"2026-11-23T09:14:00Z","coverage":[{"service":"sqs","call":"sqs:ListQueues","outcome":"denied"}]}`,
		"one thing is missed": `{"service":"sqs","began":"2026-11-23T09:14:00Z","coverage":[{"service":"sqs","call":"sqs:ListQueueTags","resource":"arn:a","outcome":"not-enabled"}]}`,
		"no outcome":          `{"service":"sqs","began":"2026-11-23T09:14:00Z","coverage":[{"service":"sqs","call":"sqs:ListQueues"}]}`,
		"a nameless thing":    `{"service":"sqs","began":"2026-11-23T09:14:00Z","resources":[{"type":"AWS::SQS::Queue"}]}`,
		"a typeless thing":    `{"service":"sqs","began":"2026-11-23T09:14:00Z","resources":[{"key":"arn:a"}]}`,
		"null for a thing":    `{"service":"sqs","began":"2026-11-23T09:14:00Z","resources":[null]}`,
		"a number for a key":  `{"service":"sqs","began":"2026-11-23T09:14:00Z","resources":[{"key":1,"type":"T"}]}`,
	} {
		if p, err := DecodePart([]byte(b)); err == nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
	p := Part{Service: "sqs", Resources: []snapshot.Resource{{Key: "a", Type: "T", Policy: json.RawMessage("{")}}}
	if b, err := p.Encode(); err == nil {
		t.Errorf("a policy that is no JSON was kept: %s", b)
	}
}

func FuzzDecodePart(f *testing.F) {
	p := some()
	b, err := p.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"service":"sqs","began":"2026-11-23T09:14:00Z","coverage":[{"outcome":"ok"}],"resources":[{"key":"a","type":"T","policy":{}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := DecodePart(b)
		if err != nil {
			return
		}
		once, err := p.Encode()
		if err != nil {
			return // a year of five digits, for instance
		}
		again, err := DecodePart(once)
		if err != nil {
			t.Fatalf("%s: %v", once, err)
		}
		if twice, err := again.Encode(); err != nil || !bytes.Equal(once, twice) {
			t.Errorf("%s\nthen\n%s, %v", once, twice, err)
		}
	})
}
