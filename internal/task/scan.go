package task

import (
	"context"
	"errors"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/internal/show/inventory"
	"github.com/footing-dev/footing/internal/snapshot"
)

// ScanOptions say what a scan reads.
type ScanOptions struct {
	From     string   // a file or folder; "" reads the live account
	Regions  []string // of a live scan; empty: every enabled one
	Services []string // of a live scan; empty: all
	Fresh    bool     // of a live scan: do not go on with what an interrupted one finished, and ask for costs also within a day

	Bill string            // a FOCUS or CUR export: a file, a folder, or s3://bucket/prefix
	Cost bool              // ask Cost Explorer, which costs money
	May  func(string) bool // asks a person before money is spent or much is fetched; nil: nobody can be asked
	Yes  bool              // whoever started this said yes before
}

// Summary is a scan as `scan --format json` prints it.
type Summary struct {
	Footing   int             `json:"footing"`
	Snapshot  string          `json:"snapshot"` // its id in the store
	Account   string          `json:"account"`
	Name      string          `json:"name"`
	Taken     time.Time       `json:"taken"`
	From      string          `json:"from"`
	Regions   []string        `json:"regions"`
	Resources int             `json:"resources"`
	Gaps      []inventory.Gap `json:"gaps"`
	Calls     int             `json:"calls"`
	Seconds   float64         `json:"seconds"`
	Resumed   *read.Resumed   `json:"resumed,omitempty"`
	Bill      *BillRead       `json:"bill,omitempty"` // the export that was read
	Cost      *CostRead       `json:"cost,omitempty"` // what Cost Explorer told
}

// Scan reads an account, from files or live, and keeps the snapshot. When nothing could be seen, the error is a fault.Blind and
// the summary and the snapshot are there nevertheless: they say what was tried.
func (d *Desk) Scan(ctx context.Context, o ScanOptions) (*Summary, *snapshot.Snapshot, error) {
	if o.From == "" && d.Live.Scan == nil {
		return nil, nil, d.noLive()
	}
	if o.From != "" && (len(o.Regions)+len(o.Services) > 0 || o.Fresh) {
		return nil, nil, fault.Input("leave one of them out", "--from reads everything there is: --region, --services and --fresh are about live calls")
	}
	m, err := d.money(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	// The store comes first: who cannot keep a snapshot should learn it before minutes of reading.
	db, err := d.Store(ctx)
	if err != nil {
		return nil, nil, err
	}
	begin := d.Now()
	c := &checkpoint{desk: d, db: db, fresh: o.Fresh}
	s, err := d.readAccount(ctx, o, c)
	if err == nil {
		err = ctx.Err() // interrupted: half a picture is no snapshot
	}
	if err == nil {
		err = c.save(ctx, s)
	}
	if err != nil {
		return nil, nil, c.stopped(err)
	}
	sum := summary(s, d.Now().Sub(begin))
	sum.Resumed = c.resumed
	if err := d.suit(s, false); err != nil {
		return nil, nil, err
	}
	if err := m.read(ctx, db, s, sum); err != nil {
		return sum, s, err
	}
	if err := d.lay(ctx, s); err != nil {
		return sum, s, err
	}
	if !seen(s) {
		return sum, s, fault.Blind(`attach the policy that "footing scan --print-policy" prints`, "Nothing could be seen, so nothing is called safe.")
	}
	return sum, s, nil
}

func (d *Desk) readAccount(ctx context.Context, o ScanOptions, c *checkpoint) (*snapshot.Snapshot, error) {
	if o.From != "" {
		return files.Read(o.From)
	}
	return d.Live.Scan(ctx, c.options(ctx, o))
}

func summary(s *snapshot.Snapshot, took time.Duration) *Summary {
	regions := s.Regions
	if regions == nil {
		regions = []string{}
	}
	return &Summary{Footing: 1, Snapshot: s.ID, Account: s.Account, Name: s.Name, Taken: s.Taken, From: s.From, Regions: regions,
		Resources: len(s.Resources), Gaps: inventory.Gaps(s), Calls: s.Calls, Seconds: float64(took.Milliseconds()) / 1000}
}

// seen tells whether a scan learnt anything. The account itself answers to everybody (sts:GetCallerIdentity needs no permission:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html), and what AWS owns says nothing about it.
func seen(s *snapshot.Snapshot) bool {
	for i := range s.Resources {
		if r := &s.Resources[i]; r.Type != accountType && !inventory.OfAWS(r.Key) {
			return true
		}
	}
	for _, c := range s.Coverage {
		for _, t := range c.Types {
			if c.Outcome == snapshot.OK && t != accountType {
				return true
			}
		}
	}
	return false
}

const accountType = "AWS::Account"

// Policy is the least-privilege policy that a live scan needs, with what is extra.
func (d *Desk) Policy(extra read.Extra) (*read.Policy, error) {
	if d.Live.Policy == nil {
		return nil, d.noLive()
	}
	return d.Live.Policy(extra)
}

func (d *Desk) noLive() error {
	return fault.Input(`read a live account with the whole program: "go run . scan" in a checkout; or read files with "footing scan --from PATH"`,
		"this build reads no live account: it was made without the AWS SDK, for a quick first look")
}

// Stopped tells whether an error is the end of a context: Ctrl-C.
func Stopped(err error) bool { return errors.Is(err, context.Canceled) }
