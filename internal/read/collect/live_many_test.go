package collect

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/mototest"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Of many things none is lost behind a first page, nothing is asked twice, and a second look sees the same.
func TestLiveMany(t *testing.T) {
	m := mototest.Start(t)
	var made map[string]int
	if err := json.Unmarshal(m.Python(t, "many.py", "10"), &made); err != nil {
		t.Fatal(err)
	}
	m.Use(t)
	var w watcher
	set := settings{Pause: 10 * time.Millisecond, Wire: wire.Settings{Watch: w.watch}}
	options := read.Options{Regions: []string{mototest.Region}, Now: func() time.Time { return time.Now().Add(500 * time.Millisecond) }}
	s, err := scan(t.Context(), options, service.All(), set)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d requests, %d resources", s.Calls, len(s.Resources))
	for typ, n := range made {
		if got := len(s.OfType(typ)); got != n {
			t.Errorf("%s: %d of %d", typ, got, n)
		}
		if s.Has(typ, "") != snapshot.Known {
			t.Errorf("%s is not known to be there", typ)
		}
	}
	for call, n := range w.calls {
		if n > 1 && !strings.HasPrefix(call, "iam:GenerateCredentialReport") {
			t.Errorf("asked %d times: %s", n, call)
		}
	}
	options.Now = func() time.Time { return s.Taken.Add(time.Hour) }
	again, err := scan(t.Context(), options, service.All(), settings{Pause: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if d := snapshot.Between(s, again); !d.Empty() || !bytes.Equal(encode(t, s.Resources), encode(t, again.Resources)) {
		t.Errorf("an unchanged account changed: %d new, %d gone, %d changed, %d unseen", len(d.Added), len(d.Gone), len(d.Changed), len(d.Unseen))
	}
}
