package collect

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/snapshot"
)

// After every failure the next scan heals, whether it begins anew or goes on with the parts that were whole: nothing is lost. And
// the scan that met the failure called nothing absent that is there.
func TestHeals(t *testing.T) {
	type hurt struct {
		failure
		hits func(request) bool
	}
	var all []hurt
	for i, f := range failures() {
		if f.settings().Wire.Once {
			all = append(all, hurt{f, some(12, i)}, hurt{f, some(12, i+5)})
		}
	}
	all = append(all,
		hurt{failure{"every second page", func(w http.ResponseWriter, q request) { refuse(w, q, 500, "InternalFailure") }, "", nil},
			func(q request) bool { return strings.Contains(q.body, "more") || strings.Contains(q.body, "Exclusive") }},
		hurt{failure{"a stale credential report", func(w http.ResponseWriter, q request) {
			answerReport(w, "2020-01-01", "")
		}, "", nil}, report},
		hurt{failure{"half of a credential report", func(w http.ResponseWriter, q request) {
			answerReport(w, "2099-01-01", "nadia,arn:aws:iam::1111")
		}, "", nil}, report},
		hurt{failure{"a Region that is off", func(w http.ResponseWriter, q request) { refuse(w, q, 403, "UnrecognizedClientException") }, "", nil},
			func(q request) bool {
				return q.region == "us-east-1" && q.service != "sts" && q.operation != "DescribeRegions"
			}},
	)
	var broken atomic.Pointer[hurt]
	fake(t, func(w http.ResponseWriter, q request) {
		if h := broken.Load(); h != nil && h.hits(q) {
			h.answer(w, q)
			return
		}
		world(w, q)
	})
	want := scanned(t, worldOptions())
	for _, h := range all {
		t.Run(h.name, func(t *testing.T) {
			kept := newShelf(t)
			broken.Store(&h)
			s, err := scan(t.Context(), kept.use(worldOptions()), service.All(), h.settings())
			broken.Store(nil)
			if err != nil {
				t.Fatal(err)
			}
			wantNothingWrong(t, s, want, h.outcome == snapshot.NotEnabled)
			if h.outcome == snapshot.NotEnabled { // an answer, and true as long as it is young
				same(t, scanned(t, worldOptions()), want)
				return
			}
			whole := len(kept.names())
			if whole == 9 || whole == 0 {
				t.Fatalf("%d parts of 9 are whole: does this failure still hit some?", whole)
			}
			healed := scanned(t, kept.use(worldOptions()))
			same(t, healed, want)
			if healed.Calls >= want.Calls {
				t.Errorf("%d requests, where a whole scan makes %d", healed.Calls, want.Calls)
			}
			same(t, scanned(t, worldOptions()), want)
		})
	}
}

// some is one request of n, the same ones each time, of who we are and where we look not one.
func some(n, which int) func(request) bool {
	return func(q request) bool {
		if q.operation == "GetCallerIdentity" || q.operation == "DescribeRegions" {
			return false
		}
		if strings.Contains(q.operation, "?versioning") { // an answer without a single member that is always there: another document looks like one
			return false
		}
		h := fnv.New32a()
		fmt.Fprint(h, q.service, q.region, q.operation, q.body)
		return int(h.Sum32()%uint32(n)) == which%n
	}
}

func report(q request) bool { return q.operation == "GetCredentialReport" }

// wantNothingWrong compares what a scan saw through failures with what there is: it may see less, and says where, but never otherwise.
func wantNothingWrong(t *testing.T, s, is *snapshot.Snapshot, mayBeOff bool) {
	t.Helper()
	for i := range s.Resources {
		r := &s.Resources[i]
		x, ok := is.Get(r.Key)
		if !ok {
			t.Errorf("%s is not there", r.Key)
			continue
		}
		if !bytes.Equal(encode(t, r), encode(t, x)) && len(r.Unknown) <= len(x.Unknown) && !mayBeOff {
			t.Errorf("%s is told wrong, and nothing of it is called unknown:\n%s\n%s", r.Key, encode(t, r), encode(t, x))
		}
	}
	missing := false
	for i := range is.Resources {
		x := &is.Resources[i]
		if _, ok := s.Get(x.Key); ok {
			continue
		}
		missing = true
		for _, c := range s.Coverage {
			about := c.Region == "" || c.Region == x.Region || c.Region == elsewhere
			for _, typ := range c.Types {
				if typ == x.Type && about && c.Outcome == snapshot.OK && s.Has(typ, x.Region) == snapshot.Absent {
					t.Errorf("%s is called absent", x.Key)
				}
			}
		}
	}
	if missing && len(s.Gaps()) == 0 && !mayBeOff {
		t.Error("something is missing, and there is no gap")
	}
}

// Every collector heals of failures of every kind among its calls, whatever it is that answers are recorded of.
func TestRecordedHeals(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "recorded", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var kinds []failure
	for _, f := range failures() {
		if f.name != "slow" && f.outcome != snapshot.NotEnabled && f.settings().Wire.Once {
			kinds = append(kinds, f)
		}
	}
	for n, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			r := recording{answers: map[string]string{}}
			for _, f := range a.Files {
				r.answers[f.Name] = strings.TrimSpace(string(f.Data))
			}
			var ill atomic.Bool
			var count atomic.Int64
			fake(t, func(w http.ResponseWriter, q request) {
				if ill.Load() && q.operation != "GetCallerIdentity" && q.operation != "DescribeRegions" {
					if i := int(count.Add(1)) + n; i%2 == 0 {
						kinds[i/2%len(kinds)].answer(w, q)
						return
					}
				}
				r.answer(w, q)
			})
			o := read.Options{Services: []string{name}, Regions: []string{"eu-central-1"}}
			want := scanned(t, o)
			ill.Store(true)
			kept := newShelf(t)
			set := quick
			set.Wire.Once = true
			s, err := scan(t.Context(), kept.use(o), service.All(), set)
			if err != nil {
				t.Fatal(err)
			}
			ill.Store(false)
			wantNothingWrong(t, s, want, false)
			same(t, scanned(t, kept.use(o)), want)
		})
	}
}
