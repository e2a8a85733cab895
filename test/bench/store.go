package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/footing-dev/footing/internal/heap"
	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/store"
	"github.com/footing-dev/footing/test/bench/account"
)

// step is what one process does to a store, and what that costs beyond reading or making the snapshot.
type step struct {
	What string
	CPU  float64
	Peak float64 // most memory that was resident until then, MB
	Says string
}

// kept is how many snapshots are left when the others are pruned.
const kept = 10

// storeSteps are done in this order, each by a process of its own.
var storeSteps = []string{"fill", "load", "diff", "ls", "prune"}

// stored fills a store with snapshots of an account and measures every use of it.
func stored(dir string, resources, snapshots int) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	spec := account.Spec{Principals: 1_000, Resources: resources, Seed: 1}
	at := filepath.Join(dir, nameOf(spec))
	if err := generate(self, at, spec); err != nil {
		return err
	}
	path := filepath.Join(at, "store.db")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	fmt.Println("| what | CPU s | peak MB | |\n|---|--:|--:|---|")
	for _, name := range storeSteps {
		cmd := exec.Command(self, "store-step", name, at, "--snapshots", strconv.Itoa(snapshots))
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("store %s: %w", name, err)
		}
		var steps []step
		if err := json.Unmarshal(out, &steps); err != nil {
			return fmt.Errorf("store %s: %w", name, err)
		}
		for _, s := range steps {
			fmt.Printf("| %s | %.2f | %.0f | %s |\n", s.What, s.CPU, s.Peak, s.Says)
		}
		if name == "fill" || name == "prune" {
			fmt.Printf("| the closed store | | | %s |\n", onDisk(path))
		}
	}
	return nil
}

// storeStep does one thing to the store of an account.
func storeStep(name, dir string, snapshots int) (steps []step, err error) {
	heap.CollectLate(heap.Command)
	ctx := context.Background()
	path := filepath.Join(dir, "store.db")
	db, err := store.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	switch name {
	case "fill":
		return fill(ctx, db, path, dir, snapshots)
	case "prune":
		return prune(ctx, db, path)
	}
	list, err := db.List(ctx)
	if err != nil {
		return nil, err
	}
	if len(list) < 2 {
		return nil, errors.New("the store has less than two snapshots")
	}
	switch name {
	case "ls":
		return []step{sinceStart("ls", strconv.Itoa(len(list))+" snapshots")}, nil
	case "load":
		s, err := db.Load(ctx, list[0].ID)
		if err != nil {
			return nil, err
		}
		return []step{sinceStart("load the last", fmt.Sprintf("%d resources", len(s.Resources)))}, nil
	case "diff":
		return diff(ctx, db, list[1].ID, list[0].ID)
	}
	return nil, fmt.Errorf("there is no step %q", name)
}

func diff(ctx context.Context, db *store.DB, before, after string) ([]step, error) {
	a, b, err := db.LoadDiffering(ctx, before, after)
	if err != nil {
		return nil, err
	}
	d := snapshot.Between(a, b)
	return []step{sinceStart("diff of the last two, loading included", fmt.Sprintf("%d changed", len(d.Changed)))}, nil
}

// fill saves an account once, once more unchanged, and then again and again with one resource in a hundred changed.
func fill(ctx context.Context, db *store.DB, path, dir string, snapshots int) ([]step, error) {
	s, err := files.Read(dir)
	if err != nil {
		return nil, err
	}
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	steps := []step{sinceStart("reading the account from JSON", fmt.Sprintf("%d resources, %.0f MB in memory", len(s.Resources), float64(memory.HeapAlloc)/(1<<20)))}
	var changed []float64
	for i := range snapshots {
		if i > 1 {
			change(s, i)
		}
		s.Taken = s.Taken.Add(time.Hour)
		start := cpu()
		if _, err := db.Save(ctx, s); err != nil {
			return nil, err
		}
		spent := cpu() - start
		switch {
		case i > 1:
			changed = append(changed, spent)
			continue
		case i == 1:
			steps = append(steps, step{"save, unchanged", spent, peak(), onDisk(path)})
		default:
			steps = append(steps, step{"save, new", spent, peak(), onDisk(path)})
		}
	}
	if len(changed) > 0 {
		slices.Sort(changed)
		steps = append(steps, step{"save, 1 % changed (median)", changed[len(changed)/2], peak(), fmt.Sprintf("%d snapshots: %s", snapshots, onDisk(path))})
	}
	return steps, nil
}

// change gives one resource in a hundred another tag, others in each round.
func change(s *snapshot.Snapshot, round int) {
	for i := range s.Resources {
		r := &s.Resources[i]
		h := fnv.New64a()
		fmt.Fprint(h, round, r.Key)
		if h.Sum64()%100 == 0 {
			r.Tags = maps.Clone(r.Tags) // equal tags may be one map
			if r.Tags == nil {
				r.Tags = map[string]string{}
			}
			r.Tags["round"] = strconv.Itoa(round)
		}
	}
}

func prune(ctx context.Context, db *store.DB, path string) ([]step, error) {
	removed, err := db.Prune(ctx, kept, "")
	if err != nil {
		return nil, err
	}
	done := sinceStart(fmt.Sprintf("prune %d", len(removed)), onDisk(path))
	list, err := db.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range list { // what is left must be whole
		if s, err := db.Load(ctx, e.ID); err != nil || len(s.Resources) != e.Resources {
			return nil, fmt.Errorf("%s after pruning: %w", e.ID, err)
		}
	}
	return []step{done}, nil
}

// onDisk is the size of a store with its log.
func onDisk(path string) string {
	var total int64
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(path + suffix); err == nil {
			total += info.Size()
		}
	}
	return fmt.Sprintf("%.0f MB on disk", float64(total)/1e6)
}

func sinceStart(what, says string) step { return step{what, cpu(), peak(), says} }

func cpu() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return seconds(u.Utime) + seconds(u.Stime)
}

func peak() float64 {
	mb, _ := ownPeak()
	return mb
}
