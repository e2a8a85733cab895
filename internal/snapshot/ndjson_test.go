package snapshot

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/fault"
)

func sample() *Snapshot {
	s := &Snapshot{
		ID: "20261123T091400Z-000001", Account: "111122223333", Name: "acme", Partition: "aws", Regions: []string{"eu-west-1"},
		Taken: time.Date(2026, 11, 23, 10, 14, 0, 5, time.FixedZone("", 3600)), From: "live", Calls: 12,
		Resources: []Resource{
			{
				Key: "arn:aws:s3:::<b>", Type: "AWS::S3::Bucket", Account: "111122223333", Region: "eu-west-1", Name: "b",
				Tags:       map[string]string{"k": "a&b"},
				Properties: map[string]any{"BucketName": "b", "N": json.Number("12345678901234567890"), "Deep": map[string]any{"L": []any{true, nil, "x"}}},
				Policy:     json.RawMessage(`{"Statement":[{"Condition":{"StringLike":{"k":"<>"}}}]}`),
				Unknown:    []string{"Tags"}, Origin: Origin{Call: "s3:ListBuckets"},
			},
			{Key: "arn:aws:s3:::a", Type: "AWS::S3::Bucket"},
		},
		Coverage:     []Coverage{{Service: "s3", Call: "s3:ListBuckets", Types: []string{"AWS::S3::Bucket"}, Outcome: OK}, {Service: "kms", Call: "kms:ListKeys", Outcome: Denied, Reason: "no"}},
		Observations: []Observation{{Source: "guardduty", Kind: "finding", About: "arn:aws:s3:::a", Severity: 7.5, At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Says: "look"}},
	}
	s.Seal()
	return s
}

func export(t testing.TB, s *Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Export(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unzip(t testing.TB, b []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestExportImport(t *testing.T) {
	want := sample()
	b := export(t, want)
	if !bytes.Equal(b, export(t, sample())) {
		t.Error("two exports of the same snapshot differ")
	}
	plain := unzip(t, b)
	if first, _, _ := strings.Cut(string(plain), "\n"); !strings.HasPrefix(first, `{"footing":1,"kind":"snapshot",`) {
		t.Errorf("header %s", first)
	}
	for name, in := range map[string][]byte{"gzip": b, "plain": plain} {
		got, err := Import(bytes.NewReader(in))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !got.Taken.Equal(want.Taken) {
			t.Errorf("%s: taken %v, want %v", name, got.Taken, want.Taken)
		}
		got.Taken = want.Taken
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, got, want)
		}
		if _, ok := got.Get("arn:aws:s3:::a"); !ok {
			t.Errorf("%s: not sealed", name)
		}
		if !bytes.Equal(export(t, got), b) {
			t.Errorf("%s: exported again, the bytes differ", name)
		}
	}
}

// signed puts the right end under lines that a test made up.
func signed(lines ...string) string {
	body := strings.Join(lines, "\n") + "\n"
	counts := map[string]int{}
	for _, l := range lines {
		var v struct{ Kind string }
		_ = json.Unmarshal([]byte(l), &v)
		counts[v.Kind]++
	}
	sum := sha256.Sum256([]byte(body))
	return body + fmt.Sprintf(`{"kind":"end","resources":%d,"coverage":%d,"observations":%d,"sha256":%q}`+"\n",
		counts[kindResource], counts[kindCoverage], counts[kindObservation], hex.EncodeToString(sum[:]))
}

const header = `{"footing":1,"kind":"snapshot","account":"111122223333","taken":"2026-11-23T09:14:00Z"}`

func TestImportRefuses(t *testing.T) {
	whole := export(t, sample())
	plain := string(unzip(t, whole))
	lines := strings.SplitAfter(plain, "\n")
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 0x55
	for _, c := range []struct{ name, in, says string }{
		{"nothing", "", "the export is empty"},
		{"a word", "hello", "line 1"},
		{"no header", `{"a":1}` + "\n", "line 1"},
		{"other output of this program", `{"footing":1,"rows":[]}` + "\n", "line 1"},
		{"a newer format", signed(strings.Replace(header, `"footing":1`, `"footing":9`, 1)), "format 9"},
		{"a negative format", signed(strings.Replace(header, `"footing":1`, `"footing":-1`, 1)), "line 1"},
		{"account as a number", signed(strings.Replace(header, `"111122223333"`, `111122223333`, 1)), "line 1"},
		{"taken is no date", signed(strings.Replace(header, `2026-11-23T09:14:00Z`, `today`, 1)), "line 1"},
		{"cut between lines", strings.Join(lines[:3], ""), "truncated: it ends in line 4"},
		{"cut within a line", plain[:len(lines[0])+10], "truncated: it ends in line 2"},
		{"cut gzip", string(whole[:len(whole)-20]), "truncated"},
		{"cut gzip header", string(whole[:5]), "gzip"},
		{"a line taken out", strings.Join(append(append([]string{}, lines[:1]...), lines[2:]...), ""), "checksum"},
		{"a byte changed", strings.Replace(plain, "a&b", "a&c", 1), "checksum"},
		{"damaged gzip", string(flipped), "line"},
		{"something after the end", plain + "more\n", "goes on after its last line"},
		{"not UTF-8", header + "\n" + `{"kind":"resource","value":{"key":"` + "\xff\xfe" + `"}}` + "\n", "line 2 of the export is not UTF-8"},
		{"noise", strings.Repeat("\x00\x9d\x17\xf3", 1<<14), "line 1"},
		{"unknown kind", signed(header, `{"kind":"surprise","value":{}}`), `unknown kind, "surprise"`},
		{"resource of the wrong shape", signed(header, `{"kind":"resource","value":[]}`), "line 2 of the export is not a resource"},
		{"resource without a value", signed(header, `{"kind":"resource"}`), "line 2"},
		{"resource without a key", signed(header, `{"kind":"resource","value":{"type":"T"}}`), "without a key"},
		{"resource twice", signed(header, `{"kind":"resource","value":{"key":"a","type":"T"}}`, `{"kind":"resource","value":{"key":"a","type":"T"}}`), "line 3 of the export is out of order"},
		{"coverage of the wrong shape", signed(header, `{"kind":"coverage","value":{"call":1}}`), "line 2 of the export is not a coverage: call is a JSON number"},
		{"coverage of nothing", signed(header, `{"kind":"coverage","value":{}}`), "without a call"},
		{"observation of the wrong shape", signed(header, `{"kind":"observation","value":"x"}`), "line 2 of the export is not an observation"},
		{"wrong counts", strings.Replace(plain, `"coverage":2,"obs`, `"coverage":3,"obs`, 1), "counts other lines"},
		{"two values in a line", header + `{}` + "\n", "line 1"},
		{"a long line", header + "\n" + strings.Repeat("a", maxLine+1), "line 2 of the export is longer than 8 MB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Import(strings.NewReader(c.in))
			if err == nil {
				t.Fatalf("accepted: %+v", s)
			}
			var e *fault.Error
			if !errors.As(err, &e) || e.Status != fault.Usage || e.Hinted == "" {
				t.Errorf("not an input error with a hint: %#v", err)
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %q, not %q", err, c.says)
			}
			if strings.ContainsAny(err.Error(), "\n\x00") {
				t.Errorf("not one sentence: %q", err)
			}
			if strings.Contains(err.Error(), "Go struct") {
				t.Errorf("speaks of Go: %q", err)
			}
		})
	}
}

func TestImportReportsAFailingReader(t *testing.T) {
	broken := io.MultiReader(strings.NewReader(header+"\n"), failing{})
	_, err := Import(broken)
	var e *fault.Error
	if !errors.As(err, &e) || e.Status != fault.Failed {
		t.Errorf("%#v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the cable is out") }

// zeros is an endless line.
type zeros struct{ n int }

func (z *zeros) Read(p []byte) (int, error) {
	if z.n <= 0 {
		return 0, io.EOF
	}
	n := min(len(p), z.n)
	clear(p[:n])
	z.n -= n
	return n, nil
}

// A gigabyte of zeros compresses to a megabyte; it must cost neither time nor memory.
func TestImportOfAZipBombIsBounded(t *testing.T) {
	var bomb bytes.Buffer
	z, _ := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	io.WriteString(z, header+"\n")
	io.Copy(z, &zeros{n: 200 << 20})
	z.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Import(&bomb)
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("%v", err)
	}
	if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 64 {
		t.Errorf("took %d MB", used)
	}
}

func TestExportToABrokenWriter(t *testing.T) {
	var e *fault.Error
	if err := Export(brokenWriter{}, sample()); !errors.As(err, &e) || e.Status != fault.Failed {
		t.Errorf("%#v", err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func FuzzImport(f *testing.F) {
	b := export(f, sample())
	plain := unzip(f, b)
	f.Add(b)
	f.Add(plain)
	f.Add(plain[:len(plain)/2])
	f.Add([]byte(signed(header, `{"kind":"resource","value":{"key":"a","type":"T","policy":{"a":1}}}`)))
	f.Add([]byte(header + "\n"))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, in []byte) {
		s, err := Import(bytes.NewReader(in))
		if err != nil {
			var e *fault.Error
			if !errors.As(err, &e) {
				t.Fatalf("not one of our errors: %v", err)
			}
			return
		}
		again, err := Import(bytes.NewReader(export(t, s)))
		if err != nil {
			t.Fatalf("what was imported cannot be exported and imported: %v", err)
		}
		if d := Between(s, again); !d.Empty() {
			t.Fatalf("differs after a second trip: %+v", d)
		}
	})
}

func BenchmarkBetween(b *testing.B) {
	make := func() *Snapshot {
		s := &Snapshot{}
		for i := range 100_000 {
			s.Resources = append(s.Resources, Resource{
				Key: Key(fmt.Sprintf("arn:aws:s3:::bucket-%06d", i)), Type: "AWS::S3::Bucket",
				Properties: map[string]any{"BucketName": fmt.Sprint(i), "V": map[string]any{"Status": "Enabled"}},
			})
		}
		s.Seal()
		return s
	}
	x, y := make(), make()
	for b.Loop() {
		if !Between(x, y).Empty() {
			b.Fatal("differs")
		}
	}
}
