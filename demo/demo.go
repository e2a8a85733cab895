// Package demo is the sample account behind `footing demo`: recorded facts of an invented company, judged by the same code as a real account.
package demo

import (
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"

	"github.com/footing-dev/footing/internal/read/bill"
	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/internal/store"
	"github.com/footing-dev/footing/internal/task"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// recorded holds the folder that `footing scan --from` would read, the export that `--bill` would, and what its people state.
//
//go:embed account bill.csv footing.yaml
var recorded embed.FS

// Open reads the sample. Nothing in it is a result: risks, paths and counts are computed by who asks.
// An error means that the program itself is broken.
func Open() (*task.Sample, error) {
	account, err := fs.Sub(recorded, "account")
	if err != nil {
		return nil, fmt.Errorf("finding the sample account: %w", err)
	}
	s, err := files.ReadFolder(account, store.Sample)
	if err != nil {
		return nil, fmt.Errorf("reading the sample account: %w", err)
	}
	export := bill.File{Name: "bill.csv", Open: func() (io.ReadCloser, error) { return recorded.Open("bill.csv") }}
	if s.Bills, _, err = bill.Read(context.Background(), []bill.File{export}, bill.Options{Account: s.Account, Now: s.Taken}); err != nil {
		return nil, fmt.Errorf("reading the sample's bill: %w", err)
	}
	stated, err := recorded.ReadFile("footing.yaml")
	if err != nil {
		return nil, fmt.Errorf("finding what the sample's people state: %w", err)
	}
	m, err := threatmodel.Parse("footing.yaml of the sample", stated)
	if err != nil {
		return nil, fmt.Errorf("reading what the sample's people state: %w", err)
	}
	return &task.Sample{Snapshot: s, Model: m}, nil
}
