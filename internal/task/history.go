package task

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/footing-dev/footing/internal/act/review"
	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/store"
)

// looksBack is over how many snapshots a history goes.
const looksBack = 30

// momentKind names the records of numbers in the store; their key is the id of a snapshot.
const momentKind = "risk"

// keptMoment is such a record. It holds for one table of likelihoods and one footing.yaml: with others the numbers are worked out anew,
// and the record is replaced.
type keptMoment struct {
	Edition int    `json:"edition"`
	Table   string `json:"table"`
	Model   string `json:"model"`
	Bills   string `json:"bills,omitempty"` // which ones lay beside it, see billsName
	review.Moment
}

// momentEdition changes when a moment holds something else than before.
const momentEdition = 2

// Moments are the numbers of the last snapshots of an account, the oldest first, the one that is looked at last. What was worked out
// before is taken from the store; what is new is kept there.
func (d *Desk) Moments(ctx context.Context, now *assess.Assessment) ([]review.Moment, error) {
	model, err := json.Marshal(d.Model)
	if err != nil {
		return nil, fault.IO("", "what footing.yaml states cannot be written: %w", err)
	}
	sum := sha256.Sum256(model)
	want := keptMoment{Edition: momentEdition, Table: risk.TableVersion, Model: hex.EncodeToString(sum[:])}
	db, err := d.Store(ctx)
	if err != nil {
		return nil, err
	}
	before, err := d.earlier(ctx, db, now)
	if err != nil {
		return nil, err
	}
	var out []review.Moment
	for i, e := range before {
		if d.Tell != nil {
			d.Tell(i, len(before), "the numbers of "+e.ID, 0)
		}
		m, err := d.moment(ctx, db, e, want)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	m := momentOf(now)
	want.Bills = billsName(now.Snapshot.Bills)
	ends := len(d.Model.Overrides)+len(d.Model.Waivers) > 0 // then its numbers are those of today, and others on the day of the snapshot
	if now.Snapshot.ID != "" && d.At == "" && !ends {
		want.Moment = m
		if err := keepMoment(ctx, db, want); err != nil {
			return nil, err
		}
	}
	return append(out, m), nil
}

// earlier lists the snapshots of the same account, or of the sample, that were taken before this one, the oldest first.
func (d *Desk) earlier(ctx context.Context, db *store.DB, now *assess.Assessment) ([]store.Entry, error) {
	entries, err := db.List(ctx)
	if err != nil {
		return nil, err
	}
	s := now.Snapshot
	taken := s.Taken
	at := slices.IndexFunc(entries, func(e store.Entry) bool { return s.ID != "" && e.ID == s.ID })
	if at >= 0 {
		taken = entries[at].Taken // --at counts its ages from another day, and does not move it
	}
	var out []store.Entry
	for i, e := range entries { // of one moment, the one that was kept later comes first
		if i != at && e.Account == s.Account && (e.From == store.Sample) == (s.From == store.Sample) && (e.Taken.Before(taken) || e.Taken.Equal(taken) && at >= 0 && i > at) {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b store.Entry) int { return b.Taken.Compare(a.Taken) })
	out = out[:min(len(out), looksBack-1)]
	slices.Reverse(out)
	return out, nil
}

// moment is one of them: as it was kept, or worked out now and kept.
func (d *Desk) moment(ctx context.Context, db *store.DB, e store.Entry, want keptMoment) (review.Moment, error) {
	bills, err := d.bills(ctx, e.Account, e.From, e.Taken)
	if err != nil {
		return review.Moment{}, err
	}
	want.Bills = billsName(bills)
	if r, ok, err := db.Get(ctx, momentKind, e.ID); err != nil {
		return review.Moment{}, err
	} else if ok {
		var k keptMoment
		if json.Unmarshal(r.Body, &k) == nil && k.Edition == want.Edition && k.Table == want.Table && k.Model == want.Model && k.Bills == want.Bills {
			return k.Moment, nil
		}
	}
	s, err := db.Load(ctx, e.ID)
	if err != nil {
		return review.Moment{}, err
	}
	s.Bills = bills
	a, err := assess.Of(assess.Input{Snapshot: s, Model: d.Model}) // as of the day of the snapshot: what ended since stood then
	if err != nil {
		return review.Moment{}, err
	}
	want.Moment = momentOf(a)
	return want.Moment, keepMoment(ctx, db, want)
}

func keepMoment(ctx context.Context, db *store.DB, k keptMoment) error {
	body, err := json.Marshal(k)
	if err != nil {
		return fault.IO("", "the numbers of %s cannot be written: %w", k.Snapshot, err)
	}
	return db.Put(ctx, store.Record{Kind: momentKind, Key: k.Snapshot, At: k.Taken, Body: body})
}

// momentOf is an assessment in numbers.
func momentOf(a *assess.Assessment) review.Moment {
	m := review.Moment{Snapshot: a.Snapshot.ID, Taken: a.Snapshot.Taken.UTC(), Rows: []review.Row{}, Gaps: []string{}, Regions: append([]string{}, a.Snapshot.Regions...), Ways: map[string]int{}}
	for _, s := range a.Standings() {
		m.Rows = append(m.Rows, review.RowOf(s))
		m.Highest, m.Known = max(m.Highest, s.Shown), max(m.Known, s.ShownLow)
	}
	m.ToFix, m.Unseen = sheet.Standing(a, sheet.Gate)
	for _, c := range a.Snapshot.Gaps() {
		m.Gaps = append(m.Gaps, review.GapName(c))
	}
	slices.Sort(m.Gaps)
	m.Gaps = slices.Compact(m.Gaps)
	for i, n := range a.Touched(a.Model.Mitigations) {
		m.Ways[a.Model.Mitigations[i].ID] = n
	}
	return m
}
