package task

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/store"
)

// oldestPart is how old a finished part may be for a scan to go on with it. A picture of an account whose halves lie further
// apart is a picture of no account.
const oldestPart = time.Hour

// checkpoint is where a live scan leaves what it has finished, so that the next one goes on from there when this one is interrupted.
// That it fails is never the end of a scan: then there is only nothing to go on with.
type checkpoint struct {
	desk    *Desk
	db      *store.DB
	fresh   bool
	scan    read.Scan // set before any part is kept
	resumed *read.Resumed

	mu     sync.Mutex
	kept   int // parts that are in the store, earlier ones too
	failed bool
}

// options are those of the live reader.
func (c *checkpoint) options(ctx context.Context, o ScanOptions) read.Options {
	going := context.WithoutCancel(ctx) // what is finished is kept, also while the scan is being stopped
	return read.Options{
		Regions: o.Regions, Services: o.Services, Now: c.desk.Now, Tell: c.desk.Tell,
		Kept:    func(s read.Scan) []read.Part { return c.find(ctx, s) },
		Resumed: c.goOn,
		Keep:    func(p read.Part) { c.keep(going, p) },
	}
}

// find gives the parts of an earlier scan, and forgets those that are too old, or unwanted.
func (c *checkpoint) find(ctx context.Context, s read.Scan) []read.Part {
	c.scan = s
	now := c.desk.Now()
	err := c.db.DropCheckpointsOutside(ctx, now.Add(-oldestPart), now) // one from the future was kept before the clock was set back
	if err == nil && c.fresh {
		err = c.db.DropCheckpoints(ctx, s.Account, s.Kind)
	}
	var stored []store.Checkpoint
	if err == nil {
		stored, err = c.db.Checkpoints(ctx, s.Account, s.Kind)
	}
	if err != nil {
		c.fail(ctx, err)
		return nil
	}
	var parts []read.Part
	for _, p := range stored {
		part, err := read.DecodePart(p.Body)
		if err == nil && part.Service == p.Service && part.Region == p.Region && part.Began.Equal(p.Began) { // else it is read again
			parts = append(parts, part)
		}
	}
	return parts
}

func (c *checkpoint) goOn(r read.Resumed) {
	c.resumed, c.kept = &r, r.Parts
	c.desk.warn(fmt.Sprintf("going on with %d of %d parts of the scan that began at %s (--fresh begins anew)", r.Parts, r.Of, r.Since.UTC().Format("15:04")))
}

func (c *checkpoint) keep(ctx context.Context, p read.Part) {
	body, err := p.Encode()
	c.mu.Lock() // one writer at a time: the database would let the others wait in vain
	defer c.mu.Unlock()
	if c.failed {
		return
	}
	if err == nil {
		err = c.db.KeepCheckpoint(ctx, c.scan.Account, c.scan.Kind, store.Checkpoint{Service: p.Service, Region: p.Region, Began: p.Began, Body: body})
	}
	if err != nil {
		c.fail(ctx, err)
		return
	}
	c.kept++
}

func (c *checkpoint) fail(ctx context.Context, err error) {
	if !c.failed && ctx.Err() == nil {
		c.desk.warn("if this scan is interrupted, the next one begins anew: " + err.Error())
	}
	c.failed = true
}

// save keeps the finished snapshot in place of its parts.
func (c *checkpoint) save(ctx context.Context, s *snapshot.Snapshot) error {
	_, err := c.db.SaveWhole(ctx, s, c.scan.Kind)
	return err
}

// stopped says with what the next scan goes on when this one was stopped. Other errors stay as they are.
func (c *checkpoint) stopped(err error) error {
	if !Stopped(err) {
		return err
	}
	hint := "nothing of it was finished; scan again"
	if c.kept > 0 {
		hint = term.Count(c.kept, "part of it is finished", "parts of it are finished") + "; the same command within an hour goes on from there"
	}
	return fault.IO(hint, "%w", err)
}
