package cli

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/task"
	"github.com/footing-dev/footing/internal/threatmodel"
	"github.com/footing-dev/footing/rules"
)

var update = flag.Bool("update", false, "rewrite the transcripts with what the program prints now")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"footing": func() {
			os.Exit(Main(context.Background(), os.Args[1:], Parts{Program: "footing", Live: fakeLive(os.Getenv("LIVE")), Sample: sample, Rules: rules.All()}))
		},
	})
}

// TestScripts runs the transcripts: one a verb, and one for everything that a person can do wrong.
func TestScripts(t *testing.T) {
	account, err := filepath.Abs("testdata/account")
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := filepath.Abs("../../docs/schema")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			e.Setenv("XDG_DATA_HOME", "")
			e.Setenv("SCHEMAS", schemas)
			when := time.Date(2026, 11, 22, 9, 14, 0, 0, time.UTC)
			for _, name := range []string{"gaad.json", "resources.json"} {
				b, err := os.ReadFile(filepath.Join(account, name))
				if err != nil {
					return err
				}
				to := filepath.Join(e.WorkDir, "account", name)
				if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, b, 0o644), os.Chtimes(to, when, when)); err != nil {
					return err
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "valid": valid, "cut": cut, "noise": noise,
		},
	})
}

// exits runs a command and checks its status: `exits 2 footing list --snapshot nope`.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS command…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// valid checks the last output, or a file, against a schema of docs/schema: `valid list.json`, `valid list.json out.json`.
// For policy-… it checks every line.
func valid(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 1 {
		args = append(args, "stdout")
	}
	docs := []string{ts.ReadFile(args[1])}
	if strings.HasPrefix(args[0], "policy-") {
		docs = strings.Split(strings.TrimSpace(docs[0]), "\n")
	}
	schema, err := compileSchema(filepath.Join(ts.Getenv("SCHEMAS"), args[0]))
	ts.Check(err)
	for _, d := range docs {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(d))
		ts.Check(err)
		if err := schema.Validate(doc); (err != nil) != neg {
			ts.Fatalf("%s: %v", args[0], err)
		}
	}
}

func compileSchema(path string) (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	return c.Compile(path)
}

// TestSchemas: each one compiles, and asks for more than an object.
func TestSchemas(t *testing.T) {
	files, err := filepath.Glob("../../docs/schema/*.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d schemas: %v", len(files), err)
	}
	for _, f := range files {
		schema, err := compileSchema(f)
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		for _, nothing := range []any{map[string]any{}, map[string]any{"footing": 2}, []any{}, "text"} {
			if schema.Validate(nothing) == nil {
				t.Errorf("%s takes %v", f, nothing)
			}
		}
	}
}

// cut keeps the first bytes of a file: `cut export.gz 200`.
func cut(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

// noise writes a file of bytes that are nothing: `noise file MEGABYTES`.
func noise(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	b := make([]byte, n<<20)
	x := uint32(2463534242) // xorshift: the same noise every time
	for i := range b {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		b[i] = byte(x)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o644))
}

// fakeLive is a live reader that sees everything it is asked for, only a part, or nothing.
func fakeLive(how string) read.Live {
	l := read.Live{
		Policy: func(read.Extra) (*read.Policy, error) {
			doc := []byte("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": []\n}\n")
			p := &read.Policy{Whole: doc, Parts: [][]byte{doc}}
			if how == "everything" {
				p.Parts = [][]byte{doc, doc}
			}
			return p, nil
		},
		Scan: func(_ context.Context, o read.Options) (*snapshot.Snapshot, error) {
			s := &snapshot.Snapshot{Account: "111122223333", Name: "acme", Partition: "aws", Regions: []string{"eu-west-1"}, From: "live", Calls: 3, Taken: o.Now()}
			s.Resources = []snapshot.Resource{{Key: "arn:aws:account::111122223333:account", Type: "AWS::Account", Account: "111122223333"}}
			s.Coverage = []snapshot.Coverage{
				{Service: "sts", Call: "sts:GetCallerIdentity", Types: []string{"AWS::Account"}, Outcome: snapshot.OK},
				{Service: "s3", Call: "s3:ListBuckets", Types: []string{"AWS::S3::Bucket"}, Outcome: snapshot.Denied, Reason: "s3:ListBuckets was denied"},
			}
			if how == "partial" || how == "unpaid" {
				s.Resources = append(s.Resources, snapshot.Resource{Key: "arn:aws:sqs:eu-west-1:111122223333:jobs", Type: "AWS::SQS::Queue",
					Account: "111122223333", Region: "eu-west-1", Name: "jobs", Unknown: []string{"Tags"}})
				s.Coverage = append(s.Coverage, snapshot.Coverage{Service: "sqs", Region: "eu-west-1", Call: "sqs:ListQueues", Types: []string{"AWS::SQS::Queue"}, Outcome: snapshot.OK})
			}
			if o.Tell != nil {
				o.Tell(3, 3, "sqs in eu-west-1", 0)
			}
			s.Seal()
			return s, nil
		},
	}
	l.Costs, l.Objects = fakeCosts(how), fakeObjects
	switch how {
	case "":
		return read.Live{}
	case "refused":
		l.Scan = func(context.Context, read.Options) (*snapshot.Snapshot, error) {
			return nil, fault.IO("sign in", "AWS did not say which account this is")
		}
	case "halts": // after the first of two parts, unless an earlier scan finished it
		whole := fakeLive("partial").Scan
		l.Scan = func(ctx context.Context, o read.Options) (*snapshot.Snapshot, error) {
			if kept := o.Kept(read.Scan{Account: "111122223333", Kind: "x"}); len(kept) > 0 {
				o.Resumed(read.Resumed{Parts: len(kept), Of: 2, Since: kept[0].Began})
				return whole(ctx, o)
			}
			o.Keep(read.Part{Service: "sqs", Region: "eu-west-1", Began: o.Now().UTC().Truncate(time.Second)})
			return nil, fault.IO("scan again", "the scan was interrupted: %w", context.Canceled)
		}
	case "crash":
		l.Scan = func(context.Context, read.Options) (*snapshot.Snapshot, error) { panic("a bug") }
	case "wait":
		l.Scan = func(ctx context.Context, _ read.Options) (*snapshot.Snapshot, error) {
			io.WriteString(os.Stdout, "reading\n")
			<-ctx.Done()
			return nil, ctx.Err()
		}
	}
	return l
}

// fakeCosts is a Cost Explorer that counts what it is asked.
func fakeCosts(how string) func(context.Context, read.Costs) ([]snapshot.Bill, *read.Asked, error) {
	return func(_ context.Context, c read.Costs) ([]snapshot.Bill, *read.Asked, error) {
		if how == "unpaid" {
			return nil, &read.Asked{Calls: 1, Dollars: 0.01, Notes: []string{}}, fault.IO("", "what the account costs could not be read: ce:GetCostAndUsage was denied")
		}
		last := time.Date(c.Now().Year(), c.Now().Month()-1, 1, 0, 0, 0, 0, time.UTC)
		b := snapshot.Bill{Account: c.Account, Month: snapshot.MonthOf(last), Through: last.AddDate(0, 1, 0), Origin: snapshot.FromCostExplorer, From: "Cost Explorer", Basis: "AmortizedCost", Read: c.Now().UTC(),
			Lines: []snapshot.CostLine{{Service: "Amazon Simple Queue Service", Region: "eu-west-1", Usage: "EU-Requests-Tier1", Kind: snapshot.ChargeUsage, Amount: 12.5, Currency: "USD"}}}
		return []snapshot.Bill{b}, &read.Asked{Calls: 3, Dollars: 0.03, Notes: []string{}}, nil
	}
}

// fakeObjects is a bucket with two months of an export, two versions of the second, and something else.
func fakeObjects(_ context.Context, address string) ([]read.Object, error) {
	const head = "BillingCurrency,BillingPeriodStart,ChargeCategory,ServiceName,ResourceId,SubAccountId,EffectiveCost\n"
	row := func(month, amount string) string {
		return "USD," + month + "-01T00:00:00Z,Usage,AWSQueueService,arn:aws:sqs:eu-west-1:111122223333:jobs,111122223333," + amount + "\n"
	}
	var out []read.Object
	for _, o := range []struct{ key, body string }{
		{"x/acme/data/BILLING_PERIOD=2026-09/acme-1.csv", head + row("2026-09", "4")},
		{"x/acme/data/BILLING_PERIOD=2026-10/v1/acme-1.csv", head + row("2026-10", "1000")},
		{"x/acme/data/BILLING_PERIOD=2026-10/v2/acme-1.csv", head + row("2026-10", "5")},
		{"x/acme/metadata/BILLING_PERIOD=2026-10/acme-Manifest.json", `{"dataFiles": ["s3://acme-bills/x/acme/data/BILLING_PERIOD=2026-10/v2/acme-1.csv"]}`},
		{"x/readme.txt", "not a bill"},
	} {
		size := int64(len(o.body))
		if strings.HasSuffix(address, "/large") {
			size = 1 << 40
		}
		out = append(out, read.Object{Key: o.key, Size: size, Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(o.body)), nil }})
	}
	return out, nil
}

func sample() (*task.Sample, error) {
	s := &snapshot.Snapshot{Account: "999988887777", Name: "sample", Partition: "aws", Taken: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)}
	s.Resources = []snapshot.Resource{{Key: "arn:aws:s3:::sample-bucket", Type: "AWS::S3::Bucket", Account: s.Account, Region: "eu-west-1", Name: "sample-bucket"}}
	s.Coverage = []snapshot.Coverage{{Service: "s3", Call: "s3:ListBuckets", Types: []string{"AWS::S3::Bucket"}, Outcome: snapshot.OK}}
	s.Seal()
	m := threatmodel.Default()
	m.Resources = []threatmodel.Resource{{ID: "bucket", Bind: threatmodel.Bind{Type: threatmodel.Words{"AWS::S3::Bucket"}}, Class: "restricted"}}
	return &task.Sample{Snapshot: s, Model: m}, nil
}
