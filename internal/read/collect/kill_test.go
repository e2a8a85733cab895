package collect

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/store"
	"github.com/footing-dev/footing/internal/task"
)

// killedStore names the store that a process which is to be killed scans into.
const killedStore = "FOOTING_COLLECT_TEST_STORE"

// scanInto scans the fake account into a store, as the program does.
func scanInto(ctx context.Context, path string) (*task.Summary, *snapshot.Snapshot, error) {
	live := read.Live{Scan: func(ctx context.Context, o read.Options) (*snapshot.Snapshot, error) {
		return scan(ctx, o, service.All(), quick)
	}}
	d, err := task.OpenDesk(task.Setup{StoreAt: path, Now: time.Now, Getenv: func(string) string { return "" }, Live: live})
	if err != nil {
		return nil, nil, err
	}
	defer d.Close()
	return d.Scan(ctx, task.ScanOptions{Services: worldly})
}

// TestKilledProcess is the process that TestKilled kills; by itself it does nothing.
func TestKilledProcess(t *testing.T) {
	path := os.Getenv(killedStore)
	if path == "" {
		return
	}
	if _, _, err := scanInto(t.Context(), path); err != nil {
		t.Fatal(err)
	}
}

// killing is a store with an earlier snapshot, and a scan that is killed again and again while it makes another.
type killing struct {
	t       *testing.T
	path    string
	earlier *snapshot.Snapshot
	want    *snapshot.Snapshot
	asked   *atomic.Int64
	killAt  *atomic.Int64
	reached chan struct{}
}

// A scan that is killed harms nothing at any moment: the store opens, the last snapshot is as it was, and the scans after it come
// to the same end as one that was never killed, without asking for everything again.
func TestKilled(t *testing.T) {
	kills := 50
	if testing.Short() {
		kills = 5
	}
	k := &killing{t: t, asked: &atomic.Int64{}, killAt: &atomic.Int64{}, reached: make(chan struct{}, 1)}
	fake(t, func(w http.ResponseWriter, q request) {
		time.Sleep(time.Millisecond)
		if k.asked.Add(1) == k.killAt.Load() {
			select {
			case k.reached <- struct{}{}:
			default:
			}
		}
		if q.operation == "DescribeRegions" { // more parts than are worked on at once
			io.WriteString(w, "<DescribeRegionsResponse><regionInfo>")
			for _, name := range []string{"eu-central-1", "eu-north-1", "eu-west-1", "us-east-1", "us-west-2"} {
				fmt.Fprintf(w, "<item><regionName>%s</regionName><optInStatus>opt-in-not-required</optInStatus></item>", name)
			}
			io.WriteString(w, "</regionInfo></DescribeRegionsResponse>")
			return
		}
		world(w, q)
	})
	k.want = scanned(t, worldOptions())
	seed := uint64(time.Now().UnixNano())
	dice := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d; a whole scan makes %d requests", seed, k.want.Calls)
	resumed := 0
	k.begin()
	for done, inARow := 0, 0; done < kills; {
		if !k.kill(dice) {
			k.check() // the scan was at its end before it could be killed
			k.begin()
			inARow = 0
			continue
		}
		k.check()
		done++
		if inARow++; inARow == 3 || done == kills {
			resumed += k.finish()
			k.begin()
			inARow = 0
		}
	}
	t.Logf("%d scans went on with what killed ones had finished", resumed)
	if resumed == 0 {
		t.Error("no scan went on with anything: does this test still kill them in the middle?")
	}
}

// begin makes a store with one snapshot in it.
func (k *killing) begin() {
	k.t.Helper()
	k.path = filepath.Join(k.t.TempDir(), "store.db")
	db, err := store.Open(k.t.Context(), k.path)
	if err != nil {
		k.t.Fatal(err)
	}
	defer db.Close()
	k.earlier = &snapshot.Snapshot{Account: k.want.Account, From: "live", Taken: time.Now().UTC(), Resources: k.want.Resources[:3]}
	k.earlier.Seal()
	if _, err := db.Save(k.t.Context(), k.earlier); err != nil {
		k.t.Fatal(err)
	}
}

// kill starts a scan in a process of its own and kills it when it has asked some number of times, and a little later. False when
// the scan ended before.
func (k *killing) kill(dice *rand.Rand) bool {
	k.t.Helper()
	k.asked.Store(0)
	k.killAt.Store(1 + dice.Int64N(int64(k.want.Calls)))
	select {
	case <-k.reached:
	default:
	}
	c := exec.Command(os.Args[0], "-test.run=^TestKilledProcess$")
	c.Env = append(os.Environ(), killedStore+"="+k.path)
	if err := c.Start(); err != nil {
		k.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case <-k.reached:
		time.Sleep(time.Duration(dice.Int64N(int64(20 * time.Millisecond))))
		c.Process.Kill()
		<-ended
	case err := <-ended:
		if err != nil {
			k.t.Fatalf("a scan that nobody killed: %v", err)
		}
	}
	return c.ProcessState.ExitCode() == -1 // by a signal
}

// check looks at the store after a kill: its last snapshot is the earlier one, or the new one as a whole.
func (k *killing) check() {
	k.t.Helper()
	db, err := store.Open(k.t.Context(), k.path)
	if err != nil {
		k.t.Fatal(err)
	}
	defer db.Close()
	list, err := db.List(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	for i, e := range list {
		s, err := db.Load(k.t.Context(), e.ID)
		if err != nil {
			k.t.Fatal(err)
		}
		if i == len(list)-1 {
			same(k.t, s, k.earlier)
		} else {
			same(k.t, s, k.want)
		}
	}
	if len(list) == 0 {
		k.t.Error("the last snapshot is gone")
	}
}

// finish lets the scan come to its end, and tells whether it went on with something.
func (k *killing) finish() int {
	k.t.Helper()
	k.killAt.Store(0)
	sum, s, err := scanInto(k.t.Context(), k.path)
	if err != nil {
		k.t.Fatal(err)
	}
	same(k.t, s, k.want)
	if sum.Resumed == nil {
		return 0
	}
	if s.Calls >= k.want.Calls {
		k.t.Errorf("%d requests, where a whole scan makes %d", s.Calls, k.want.Calls)
	}
	k.check()
	return 1
}
