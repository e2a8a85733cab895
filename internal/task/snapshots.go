package task

import (
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/show/inventory"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/store"
)

// Shelf is what the store holds, as `snapshot ls --format json` prints it; the one that was kept last is first.
type Shelf struct {
	Footing   int           `json:"footing"`
	Snapshots []store.Entry `json:"snapshots"`
}

// Shelf lists the kept snapshots.
func (d *Desk) Shelf(ctx context.Context) (*Shelf, error) {
	db, err := d.Store(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := db.List(ctx)
	return &Shelf{Footing: 1, Snapshots: entries}, err
}

// Card describes one snapshot, as `snapshot show --format json` prints it.
type Card struct {
	Footing int `json:"footing"`
	snapshot.Snapshot
	Resources int             `json:"resources"`
	Types     []TypeCount     `json:"types"`
	Gaps      []inventory.Gap `json:"gaps"`
	Coverage  []inventory.Ask `json:"coverage"` // every call, the good ones too
}

// TypeCount is how many resources of a type there are.
type TypeCount struct {
	Type  string `json:"type"`
	Count int    `json:"count"`
}

// CardOf describes a snapshot: types in order of their names.
func CardOf(s *snapshot.Snapshot) *Card {
	count := map[string]int{}
	for i := range s.Resources {
		count[s.Resources[i].Type]++
	}
	c := &Card{Footing: 1, Snapshot: *s, Resources: len(s.Resources), Types: []TypeCount{}, Gaps: inventory.Gaps(s), Coverage: inventory.Asks(s)}
	for _, t := range slices.Sorted(maps.Keys(count)) {
		c.Types = append(c.Types, TypeCount{t, count[t]})
	}
	return c
}

// Comparison is what differs between two snapshots, as `snapshot diff --format json` prints it.
type Comparison struct {
	Footing int    `json:"footing"`
	Before  string `json:"before"`
	After   string `json:"after"`
	Account string `json:"account"`
	snapshot.Diff
}

// Compare tells two snapshots apart: two that are named, one that is named and the latest of its account, or the latest two.
func (d *Desk) Compare(ctx context.Context, named []string) (*Comparison, error) {
	before, after, err := d.pair(ctx, named)
	if err != nil {
		return nil, err
	}
	if before.Account != after.Account {
		return nil, fault.Input(`"footing snapshot ls" lists what there is`, "the two snapshots are of different accounts, %s and %s", before.Account, after.Account)
	}
	name := func(s *snapshot.Snapshot) string {
		if s.ID != "" {
			return s.ID
		}
		return s.From
	}
	return &Comparison{Footing: 1, Before: name(before), After: name(after), Account: after.Account, Diff: snapshot.Between(before, after)}, nil
}

// pair loads what is compared. Of two snapshots in the store it loads only what differs.
func (d *Desk) pair(ctx context.Context, named []string) (before, after *snapshot.Snapshot, err error) {
	if slices.ContainsFunc(named, isPath) {
		if before, err = d.Load(ctx, named[0]); err != nil {
			return nil, nil, err
		}
		if len(named) == 2 {
			after, err = d.Load(ctx, named[1])
		} else {
			after, err = d.latest(ctx, before.Account)
		}
		return before, after, err
	}
	db, err := d.Store(ctx)
	if err != nil {
		return nil, nil, err
	}
	if len(named) < 2 {
		if named, err = d.withLatest(ctx, db, named); err != nil {
			return nil, nil, err
		}
	}
	return db.LoadDiffering(ctx, named[0], named[1])
}

// withLatest puts the latest snapshot of its account beside one that is named, or the latest two together.
func (d *Desk) withLatest(ctx context.Context, db *store.DB, named []string) ([]string, error) {
	if len(named) == 1 {
		e, err := db.Find(ctx, named[0])
		if err != nil {
			return nil, err
		}
		after, err := db.Latest(ctx, e.Account)
		return []string{e.ID, after}, err
	}
	id, err := db.Latest(ctx, d.Model.Account)
	if err != nil {
		return nil, err
	}
	after, err := db.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	entries, err := db.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Account == after.Account && e.ID != after.ID {
			return []string{e.ID, after.ID}, nil
		}
	}
	return nil, fault.Input(`scan again later, or name two: "footing snapshot diff BEFORE AFTER"`, "there is only one snapshot of %s", after.Account)
}

// Before is the snapshot to compare one with: the one that is named, else the one that was kept before it.
func (d *Desk) Before(ctx context.Context, s *snapshot.Snapshot, named string) (*snapshot.Snapshot, error) {
	if named != "" {
		before, err := d.Load(ctx, named)
		if err == nil && before.Account != s.Account {
			return nil, fault.Input(`"footing snapshot ls" lists what there is`, "the two snapshots are of different accounts, %s and %s", before.Account, s.Account)
		}
		if err == nil {
			err = d.lay(ctx, before)
		}
		return before, err
	}
	shelf, err := d.Shelf(ctx)
	if err != nil {
		return nil, err
	}
	earlier := false
	for _, e := range shelf.Snapshots {
		if e.Account == s.Account && (earlier || s.ID == "" && e.Taken.Before(s.Taken)) { // a file has no place in the order of keeping
			before, err := d.Load(ctx, e.ID)
			if err == nil {
				err = d.lay(ctx, before)
			}
			return before, err
		}
		earlier = earlier || s.ID != "" && e.ID == s.ID
	}
	return nil, fault.Input("scan again later, or name one with --since ID|FILE", "there is no snapshot of %s before this one", s.Account)
}

// Views replaces "@name" by the selectors that footing.yaml gives that name.
func (d *Desk) Views(words []string) ([]string, error) {
	var out []string
	for _, w := range words {
		name, is := strings.CutPrefix(w, "@")
		if !is {
			out = append(out, w)
			continue
		}
		selectors, ok := d.Model.View(name)
		if !ok {
			var names []string
			for _, v := range d.Model.Views {
				names = append(names, "@"+v.Name)
			}
			hint := "footing.yaml has none: views: {" + name + `: "type:bucket -tag:owner"}`
			if len(names) > 0 {
				hint = "footing.yaml has " + strings.Join(names, ", ")
			}
			return nil, fault.Input(hint, "there is no view %q", name)
		}
		out = append(out, selectors...)
	}
	return out, nil
}

func (d *Desk) latest(ctx context.Context, account string) (*snapshot.Snapshot, error) {
	db, err := d.Store(ctx)
	if err != nil {
		return nil, err
	}
	id, err := db.Latest(ctx, account)
	if err != nil {
		return nil, err
	}
	return db.Load(ctx, id)
}

// Imported says what an import kept.
type Imported struct {
	Footing   int    `json:"footing"`
	Snapshot  string `json:"snapshot"`
	Account   string `json:"account"`
	Resources int    `json:"resources"`
}

// Import keeps an exported snapshot under a new id; "-" is the given input.
func (d *Desk) Import(ctx context.Context, path string, in io.Reader) (*Imported, error) {
	s, err := importFrom(path, in)
	if err != nil {
		return nil, err
	}
	id, err := d.Keep(ctx, s)
	if err != nil {
		return nil, err
	}
	return &Imported{Footing: 1, Snapshot: id, Account: s.Account, Resources: len(s.Resources)}, nil
}

func importFrom(path string, in io.Reader) (*snapshot.Snapshot, error) {
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, noExport(path, err)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, fault.Input(`name the file, or read the folder with "footing scan --from PATH"`, "%s is a folder, not an export", path)
		}
		in = f
	}
	s, err := snapshot.Import(in)
	var said *fault.Error
	if errors.As(err, &said) {
		named := *said
		named.Sentence = path + ": " + said.Sentence
		return nil, &named
	}
	return s, err
}

func noExport(path string, err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return fault.Input(`write one with "footing snapshot export -o FILE"`, "there is no file %s", path)
	}
	return fault.Input("make it readable, or give another one", "%s cannot be read: %w", path, plain(err))
}

// Pruned lists the snapshots that are gone, the oldest first.
type Pruned struct {
	Footing int      `json:"footing"`
	Removed []string `json:"removed"`
}

// Prune keeps the newest snapshots of each account, or of one.
func (d *Desk) Prune(ctx context.Context, keep int, account string) (*Pruned, error) {
	db, err := d.Store(ctx)
	if err != nil {
		return nil, err
	}
	removed, err := db.Prune(ctx, keep, account)
	return &Pruned{Footing: 1, Removed: removed}, err
}
