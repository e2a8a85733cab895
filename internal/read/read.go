// Package read is what all readers share: how a scan is asked for, how it tells how far it is, and the parts that it is made of.
package read

import (
	"context"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Tell reports progress: calls done, calls known so far, and what is being read. Once a scan takes long, that is what has been at work
// longest, and since says for how long; before, since is 0. It may be called from several goroutines.
type Tell func(done, all int, what string, since time.Duration)

// Options of a live scan.
type Options struct {
	Regions  []string         // empty: every enabled Region
	Services []string         // empty: all
	Now      func() time.Time // the only clock
	Tell     Tell             // may be nil

	// A scan that is interrupted can go on later. Each of these may be nil.
	Kept    func(Scan) []Part // the finished parts of an earlier, unfinished scan of the same kind; asked once
	Resumed func(Resumed)     // told once, before anything else is read, if some of them are used
	Keep    func(Part)        // told of each finished part; may be called from several goroutines
}

// Scan says which parts may stand beside each other: those of the same account, read in the same way.
type Scan struct {
	Account string
	Kind    string // a digest: what is asked, where, and by which collectors
}

// Resumed says how much of a scan was finished earlier.
type Resumed struct {
	Parts int       `json:"parts"` // that were finished earlier
	Of    int       `json:"of"`    // all parts
	Since time.Time `json:"since"` // when the first of them was begun
}

// Live reads the account that the SDK's own environment and files give credentials for. It stands apart from the reader itself,
// so that a program that reads no live account need not contain the AWS SDK.
type Live struct {
	Scan   func(context.Context, Options) (*snapshot.Snapshot, error)
	Policy func(Extra) (*Policy, error)
	Bills
}

// Policy is the least that a scan needs, as JSON documents.
type Policy struct {
	Whole []byte   // all of it: for a permission set, or to read
	Parts [][]byte // the same in documents that each fit into a managed policy
}
