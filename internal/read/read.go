// Package read is what all readers share: how a scan is asked for, and how it tells how far it is.
package read

import (
	"context"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Tell reports progress: calls done, calls known so far, and what is being read. It may be called from several goroutines.
type Tell func(done, all int, what string)

// Options of a live scan.
type Options struct {
	Regions  []string         // empty: every enabled Region
	Services []string         // empty: all
	Now      func() time.Time // the only clock
	Tell     Tell             // may be nil
}

// Live reads the account that the SDK's own environment and files give credentials for. It stands apart from the reader itself,
// so that a program that reads no live account need not contain the AWS SDK.
type Live struct {
	Scan   func(context.Context, Options) (*snapshot.Snapshot, error)
	Policy func() (*Policy, error)
}

// Policy is the least that a scan needs, as JSON documents.
type Policy struct {
	Whole []byte   // all of it: for a permission set, or to read
	Parts [][]byte // the same in documents that each fit into a managed policy
}
