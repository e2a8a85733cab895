package task

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/store"
)

// reader is a live reader of three parts, which stops after some of them.
type reader struct {
	account, kind string
	stopAfter     int // parts; 0: it finishes
	read          []string
	found         int
}

func (r *reader) scan(_ context.Context, o read.Options) (*snapshot.Snapshot, error) {
	r.read = nil
	s := &snapshot.Snapshot{Account: r.account, From: "live", Taken: o.Now()}
	kept := o.Kept(read.Scan{Account: r.account, Kind: r.kind})
	r.found = len(kept)
	if len(kept) > 0 {
		o.Resumed(read.Resumed{Parts: len(kept), Of: 3, Since: kept[0].Began})
	}
	for _, name := range []string{"s3", "sns", "sqs"} {
		i := slices.IndexFunc(kept, func(p read.Part) bool { return p.Service == name })
		if i >= 0 {
			s.Resources = append(s.Resources, kept[i].Resources...)
			continue
		}
		if r.stopAfter > 0 && len(r.read) == r.stopAfter {
			return nil, fault.IO("scan again", "the scan was interrupted: %w", context.Canceled)
		}
		p := read.Part{Service: name, Began: o.Now(), Resources: []snapshot.Resource{{Key: snapshot.Key("arn:" + name), Type: "T"}}}
		r.read = append(r.read, name)
		s.Resources = append(s.Resources, p.Resources...)
		o.Keep(p)
	}
	s.Seal()
	return s, nil
}

type scanner struct {
	*reader
	t    *testing.T
	desk *Desk
	now  time.Time
	says []string
}

func newScanner(t *testing.T) *scanner {
	s := &scanner{t: t, reader: &reader{account: "111122223333", kind: "x"}, now: time.Date(2026, 11, 23, 9, 14, 0, 0, time.UTC)}
	s.desk = desk(t, Setup{Live: read.Live{Scan: s.scan}, Warn: func(says string) { s.says = append(s.says, says) }})
	s.desk.Now = func() time.Time { return s.now }
	return s
}

// broken runs a scan that is stopped, and returns the hint.
func (s *scanner) broken(after int) string {
	s.t.Helper()
	s.stopAfter = after
	_, _, err := s.desk.Scan(s.t.Context(), ScanOptions{})
	var f *fault.Error
	if !Stopped(err) || !errors.As(err, &f) {
		s.t.Fatalf("%v", err)
	}
	return f.Hinted
}

// whole runs a scan to its end, and wants it to read some parts itself.
func (s *scanner) whole(o ScanOptions, itself ...string) *Summary {
	s.t.Helper()
	s.stopAfter = 0
	sum, snap, err := s.desk.Scan(s.t.Context(), o)
	if err != nil {
		s.t.Fatal(err)
	}
	if !slices.Equal(s.read, itself) || len(snap.Resources) != 3 {
		s.t.Errorf("read %v and found %d things, want %v and 3", s.read, len(snap.Resources), itself)
	}
	return sum
}

func TestAScanGoesOn(t *testing.T) {
	s := newScanner(t)
	if hint := s.broken(2); hint != "2 parts of it are finished; the same command within an hour goes on from there" {
		t.Error(hint)
	}
	s.now = s.now.Add(time.Hour)
	sum := s.whole(ScanOptions{}, "sqs")
	if r := sum.Resumed; r == nil || r.Parts != 2 || r.Of != 3 || r.Since.Format("15:04") != "09:14" {
		t.Errorf("%+v", r)
	}
	if want := "going on with 2 of 3 parts of the scan that began at 09:14 (--fresh begins anew)"; len(s.says) != 1 || s.says[0] != want {
		t.Errorf("%q", s.says)
	}
	if sum := s.whole(ScanOptions{}, "s3", "sns", "sqs"); sum.Resumed != nil {
		t.Error("a finished scan was gone on with")
	}
}

// Interrupted again and again, a scan comes to its end.
func TestAScanGoesOnTwice(t *testing.T) {
	s := newScanner(t)
	s.broken(1)
	if hint := s.broken(1); !strings.HasPrefix(hint, "2 parts of it are finished") {
		t.Error(hint)
	}
	s.whole(ScanOptions{}, "sqs")
}

func TestNothingWasFinished(t *testing.T) {
	s := newScanner(t)
	s.desk.Live.Scan = func(context.Context, read.Options) (*snapshot.Snapshot, error) { return nil, context.Canceled }
	if hint := s.broken(0); hint != "nothing of it was finished; scan again" {
		t.Error(hint)
	}
}

// What is not of this scan, or of no use, is not gone on with.
func TestAScanBeginsAnew(t *testing.T) {
	all := []string{"s3", "sns", "sqs"}
	for name, change := range map[string]func(*scanner, *ScanOptions){
		"another account": func(s *scanner, _ *ScanOptions) { s.account = "444455556666" },
		"another kind":    func(s *scanner, _ *ScanOptions) { s.kind = "y" },
		"too late":        func(s *scanner, _ *ScanOptions) { s.now = s.now.Add(time.Hour + time.Second) },
		"the clock":       func(s *scanner, _ *ScanOptions) { s.now = s.now.Add(-time.Second) },
		"asked to":        func(_ *scanner, o *ScanOptions) { o.Fresh = true },
		"damaged": func(s *scanner, _ *ScanOptions) {
			for i, body := range []string{"{", `{"service":"sqs","began":"2026-11-23T09:14:00Z"}`, `{"service":"s3","began":"2026-11-23T09:13:00Z"}`} {
				p := store.Checkpoint{Service: []string{"s3", "sns", "s3"}[i], Began: s.now, Body: []byte(body)}
				if err := s.desk.db.KeepCheckpoint(s.t.Context(), s.account, s.kind, p); err != nil {
					s.t.Fatal(err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScanner(t)
			s.broken(2)
			var o ScanOptions
			change(s, &o)
			if sum := s.whole(o, all...); sum.Resumed != nil || len(s.says) > 0 {
				t.Errorf("%+v, %q", sum.Resumed, s.says)
			}
		})
	}
}

// What was begun anew is what counts from then on.
func TestFreshForgets(t *testing.T) {
	s := newScanner(t)
	s.broken(2)
	s.stopAfter = 1
	if _, _, err := s.desk.Scan(t.Context(), ScanOptions{Fresh: true}); !Stopped(err) || s.found > 0 {
		t.Errorf("%v, %d parts found", err, s.found)
	}
	s.whole(ScanOptions{}, "sns", "sqs")
	if _, _, err := s.desk.Scan(t.Context(), ScanOptions{From: "x", Fresh: true}); err == nil || !strings.Contains(err.Error(), "--fresh") {
		t.Errorf("%v", err)
	}
}

// A store that cannot take parts costs the going on, and is told once.
func TestPartsCannotBeKept(t *testing.T) {
	s := newScanner(t)
	scan := s.desk.Live.Scan
	s.desk.Live.Scan = func(ctx context.Context, o read.Options) (*snapshot.Snapshot, error) {
		for i := range 3 { // what cannot be encoded stands for what cannot be written
			o.Keep(read.Part{Service: fmt.Sprint(i), Resources: []snapshot.Resource{{Key: "k", Type: "T", Policy: []byte("{")}}})
		}
		return scan(ctx, o)
	}
	s.whole(ScanOptions{}, "s3", "sns", "sqs")
	if len(s.says) != 1 || !strings.HasPrefix(s.says[0], "if this scan is interrupted, the next one begins anew: ") {
		t.Errorf("%q", s.says)
	}
}
