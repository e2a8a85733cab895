package store_test

import (
	"path/filepath"
	"testing"
)

// TestLoadingAllocatesLittle: a resource costs its own strings and maps, and what the database driver needs for a row.
func TestLoadingAllocatesLittle(t *testing.T) {
	const resources, most = 2000, 28
	db := open(t, filepath.Join(t.TempDir(), "store.db"))
	id, err := db.Save(t.Context(), large(resources))
	if err != nil {
		t.Fatal(err)
	}
	n := testing.AllocsPerRun(3, func() {
		if s, err := db.Load(t.Context(), id); err != nil || len(s.Resources) < resources {
			t.Fatal(err)
		}
	})
	if per := n / resources; per > most {
		t.Errorf("%.1f allocations a resource, at most %d are allowed", per, most)
	}
}

func BenchmarkLoad10k(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "store.db"))
	id, err := db.Save(b.Context(), large(10_000))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := db.Load(b.Context(), id); err != nil {
			b.Fatal(err)
		}
	}
}
