package collect

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/snapshot"
)

// shelf keeps parts as the store does: as text, and only beside others of their kind.
type shelf struct {
	t       *testing.T
	mu      sync.Mutex
	scan    read.Scan
	parts   map[read.Scan][][]byte
	resumed []read.Resumed
}

func newShelf(t *testing.T) *shelf { return &shelf{t: t, parts: map[read.Scan][][]byte{}} }

func (s *shelf) use(o read.Options) read.Options {
	o.Kept = func(k read.Scan) (out []read.Part) {
		s.scan = k
		for _, b := range s.parts[k] {
			p, err := read.DecodePart(b)
			if err != nil {
				s.t.Error(err)
			}
			out = append(out, p)
		}
		return out
	}
	o.Keep = func(p read.Part) {
		b, err := p.Encode()
		if err != nil {
			s.t.Error(err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.parts[s.scan] = append(s.parts[s.scan], b)
	}
	o.Resumed = func(r read.Resumed) { s.resumed = append(s.resumed, r) }
	return o
}

// names are the parts that are kept of the last scan.
func (s *shelf) names() (out []string) {
	for _, b := range s.parts[s.scan] {
		p, _ := read.DecodePart(b)
		out = append(out, (job{service.Service{Name: p.Service}, p.Region}).String())
	}
	slices.Sort(out)
	return out
}

func scanned(t *testing.T, o read.Options) *snapshot.Snapshot {
	t.Helper()
	s, err := scan(t.Context(), o, service.All(), quick)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// same wants two snapshots to hold the same bytes.
func same(t *testing.T, got, want *snapshot.Snapshot) {
	t.Helper()
	if g, w := encode(t, got.Resources), encode(t, want.Resources); !bytes.Equal(g, w) {
		t.Errorf("resources differ:\n%s\nwant\n%s", g, w)
	}
	if g, w := encode(t, got.Coverage), encode(t, want.Coverage); !bytes.Equal(g, w) {
		t.Errorf("coverage differs:\n%s\nwant\n%s", g, w)
	}
	if g, w := encode(t, got.Observations), encode(t, want.Observations); !bytes.Equal(g, w) {
		t.Errorf("observations differ:\n%s\nwant\n%s", g, w)
	}
	if !slices.Equal(got.Regions, want.Regions) || got.Account != want.Account || got.Name != want.Name {
		t.Errorf("%s %s %v, want %s %s %v", got.Account, got.Name, got.Regions, want.Account, want.Name, want.Regions)
	}
}

// Wherever a scan is stopped, the next one goes on from there: it asks for the rest, and sees what an undisturbed one sees.
func TestResumes(t *testing.T) {
	var asked, stopAt atomic.Int64
	var stop context.CancelFunc
	fake(t, func(w http.ResponseWriter, q request) {
		if asked.Add(1) == stopAt.Load() {
			stop()
		}
		world(w, q)
	})
	begun := time.Date(2026, 11, 23, 9, 14, 0, 500, time.UTC)
	at := func(when time.Time) read.Options {
		o := worldOptions()
		o.Now = func() time.Time { return when }
		return o
	}
	want := scanned(t, at(begun))
	whole, resumed := want.Calls, 0
	for point := int64(1); point <= int64(whole); point += 5 {
		kept := newShelf(t)
		ctx, cancel := context.WithCancel(t.Context())
		stop = cancel
		asked.Store(0)
		stopAt.Store(point)
		if s, err := scan(ctx, kept.use(at(begun)), service.All(), quick); err == nil && ctx.Err() != nil {
			same(t, s, want) // everything was read before it was stopped
		}
		cancel()
		stopAt.Store(0)
		later := begun.Add(10 * time.Minute)
		got := scanned(t, kept.use(at(later)))
		same(t, got, want)
		taken := later
		switch again := got.Calls; {
		case len(kept.resumed) == 0 && again != whole:
			t.Fatalf("stopped at %d: %d requests of %d, and nothing was kept", point, again, whole)
		case len(kept.resumed) == 0:
		default:
			resumed++
			taken = begun
			if r := kept.resumed[0]; r.Parts < 1 || r.Of != 11 || !r.Since.Equal(begun.Truncate(time.Second)) || again >= whole {
				t.Fatalf("stopped at %d: %+v, %d requests of %d", point, r, again, whole)
			}
		}
		if !got.Taken.Equal(taken.Truncate(time.Second)) {
			t.Fatalf("stopped at %d: taken %s; the first part began %s", point, got.Taken, taken)
		}
	}
	if resumed < 5 {
		t.Errorf("only %d scans went on with something: does this test still stop them?", resumed)
	}
}

// The picture is as old as the oldest part that is in it, and no older.
func TestTakenWhenTheFirstPartBegan(t *testing.T) {
	fake(t, world)
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	o := worldOptions()
	o.Now = func() time.Time { return now }
	early := read.Part{Service: "sqs", Region: "us-east-1", Began: now.Add(-50 * time.Minute)}
	late := read.Part{Service: "sns", Region: "us-east-1", Began: now.Add(-10 * time.Minute)}
	elsewhere := read.Part{Service: "sns", Region: "sa-east-1", Began: now.Add(-55 * time.Minute)}
	gone := read.Part{Service: "gone", Region: "us-east-1", Began: now.Add(-55 * time.Minute)}
	gap := read.Part{Service: "sqs", Region: "eu-central-1", Began: now.Add(-55 * time.Minute), Coverage: []snapshot.Coverage{{Outcome: snapshot.Denied}}}
	for _, c := range []struct {
		parts []read.Part
		taken time.Time
	}{
		{nil, now}, {[]read.Part{elsewhere, gone, gap}, now}, {[]read.Part{late, elsewhere}, late.Began}, {[]read.Part{early, late, gap}, early.Began},
	} {
		o.Kept = func(read.Scan) []read.Part { return c.parts }
		if s := scanned(t, o); !s.Taken.Equal(c.taken) {
			t.Errorf("%d parts: taken %s, want %s", len(c.parts), s.Taken, c.taken)
		}
	}
}

// What has a gap is asked again; what breaks, or is overtaken by the end of the scan, is not kept.
func TestOnlyWholePartsAreKept(t *testing.T) {
	fake(t, func(w http.ResponseWriter, q request) {
		if q.operation == "GetTopicAttributes" && q.region == "us-east-1" || q.operation == "ListTables" && q.region == "eu-central-1" {
			refuse(w, q, 403, "AccessDenied")
			return
		}
		world(w, q)
	})
	kept := newShelf(t)
	scanned(t, kept.use(worldOptions()))
	if want := []string{"dynamodb us-east-1", "iam", "organizations", "s3 eu-central-1", "s3 us-east-1", "s3account", "sns eu-central-1", "sqs eu-central-1", "sqs us-east-1"}; !slices.Equal(kept.names(), want) {
		t.Errorf("kept %v, want %v", kept.names(), want)
	}
	list := []service.Call{{Name: "x:List", Types: []string{"A::B::C"}}}
	for name, collector := range map[string]func(context.CancelFunc, *service.Scope){
		"broken":    func(_ context.CancelFunc, s *service.Scope) { s.Note("x:List", snapshot.OK, ""); panic("broken") },
		"overtaken": func(stop context.CancelFunc, s *service.Scope) { s.Note("x:List", snapshot.OK, ""); stop() },
		"silent":    func(context.CancelFunc, *service.Scope) {},
		"whole":     func(_ context.CancelFunc, s *service.Scope) { s.Note("x:List", snapshot.OK, "") },
	} {
		ctx, stop := context.WithCancel(t.Context())
		x := service.Service{Name: "x", Global: true, Calls: list, Read: func(_ context.Context, s *service.Scope) { collector(stop, s) }}
		kept := newShelf(t)
		s, err := scan(ctx, kept.use(readOptions()), []service.Service{service.Start(), x}, quick)
		if (err != nil) != (name == "overtaken") || (s == nil) != (err != nil) {
			t.Errorf("%s: %v, %v", name, s, err)
		}
		if got := len(kept.names()) == 1; got != (name == "whole") {
			t.Errorf("%s: kept is %v", name, got)
		}
		stop()
	}
}

// Parts stand beside each other only if they were asked for in the same way, of the same account.
func TestKinds(t *testing.T) {
	fake(t, world)
	kind := func(all []service.Service, regions, services []string) read.Scan {
		var k read.Scan
		o := read.Options{Regions: regions, Services: services, Kept: func(s read.Scan) []read.Part { k = s; return nil }}
		if _, err := scan(t.Context(), o, all, quick); err != nil {
			t.Fatal(err)
		}
		return k
	}
	all := service.All()
	base := kind(all, []string{"us-east-1", "eu-central-1"}, []string{"sqs", "sns"})
	if base.Account != "111122223333" || base.Kind == "" {
		t.Errorf("%+v", base)
	}
	if k := kind(all, []string{"eu-central-1", "us-east-1", "us-east-1"}, []string{"sns", "sqs"}); k != base {
		t.Error("the order in which Regions and services are named makes a difference")
	}
	renamed := slices.Clone(all)
	renamed[len(renamed)-1].Calls = slices.Clone(renamed[len(renamed)-1].Calls)
	renamed[len(renamed)-1].Calls[0].Holds = "Another"
	others := map[string]read.Scan{
		"Regions":    kind(all, []string{"us-east-1"}, []string{"sqs", "sns"}),
		"services":   kind(all, []string{"us-east-1", "eu-central-1"}, []string{"sqs"}),
		"swapped":    kind(all, []string{"us-east-1"}, []string{"sqs"}),
		"collectors": kind(renamed, []string{"us-east-1", "eu-central-1"}, []string{"sqs", "sns"}),
	}
	t.Setenv("AWS_REGION", "us-east-1")
	others["home"] = kind(all, []string{"us-east-1", "eu-central-1"}, []string{"sqs", "sns"})
	seen := map[read.Scan]string{base: "base"}
	for name, k := range others {
		if seen[k] != "" {
			t.Errorf("%s and %s are one kind", name, seen[k])
		}
		seen[k] = name
	}
}
