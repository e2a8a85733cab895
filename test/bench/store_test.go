package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/store"
	"github.com/footing-dev/footing/test/bench/account"
)

// TestStoreSteps: every step works on a small account, and what is measured is what was meant.
func TestStoreSteps(t *testing.T) {
	dir := made(t, account.Spec{Principals: 40, Resources: 1_000, Seed: 3})
	const snapshots = 14
	says := map[string]string{}
	for _, name := range storeSteps {
		steps, err := storeStep(name, dir, snapshots)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, s := range steps {
			says[s.What] = s.Says
		}
	}
	if got := says["ls"]; got != "14 snapshots" {
		t.Errorf("ls: %q", got)
	}
	if got := says["diff of the last two, loading included"]; got == "0 changed" || !strings.HasSuffix(got, " changed") {
		t.Errorf("diff: %q", got)
	}
	if _, ok := says["prune 4"]; !ok {
		t.Errorf("%v", says)
	}
	db, err := store.Open(t.Context(), filepath.Join(dir, "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if list, err := db.List(t.Context()); err != nil || len(list) != kept {
		t.Errorf("%d snapshots, %v", len(list), err)
	}
}
