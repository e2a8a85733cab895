package task

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/footing-dev/footing/internal/act/review"
	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/store"
)

// Schedule is when the reviews of an account are due, by the lines beside footing.yaml. Without a footing.yaml none was ever signed.
func (d *Desk) Schedule(account string) (review.Schedule, error) {
	all, _, err := d.reviews()
	if err != nil {
		return review.Schedule{}, err
	}
	return review.On(d.Model, all, account), nil
}

// reviewsAt is the file of signed reviews; "" where no footing.yaml says where it would be.
func (d *Desk) reviewsAt() string {
	if d.stated == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(d.stated), review.File)
}

// reviews reads the signed reviews, and the file that they stand in.
func (d *Desk) reviews() ([]review.Signed, []byte, error) {
	at := d.reviewsAt()
	if at == "" {
		return nil, nil, nil
	}
	src, err := os.ReadFile(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fault.IO("make it readable", "%s cannot be read: %w", d.short(at), plain(err))
	}
	all, err := review.Parse(d.short(at), src)
	return all, src, err
}

// Review looks at a snapshot beside the last signed review of its account.
func (d *Desk) Review(ctx context.Context, s *snapshot.Snapshot) (*review.Review, error) {
	schedule, err := d.Schedule(s.Account)
	if err != nil {
		return nil, err
	}
	now, err := d.Assess(s)
	if err != nil {
		return nil, err
	}
	r := &review.Review{Assessment: now, Now: d.Now(), Schedule: schedule, Endings: review.Endings(d.Model, d.Now(), schedule.Days)}
	for _, v := range now.Objectives() {
		r.Objectives = append(r.Objectives, assess.Verdict{ID: v.Rule, Say: v.Title, Outcome: v.Outcome.String()})
	}
	if last := schedule.Last; last != nil {
		// The numbers and statements are those that were signed; what else differs is told from the snapshot of that day.
		var then *assess.Assessment
		if s := d.kept(ctx, last); s != nil {
			if then, err = d.Assess(s); err != nil {
				return nil, err
			}
		}
		delta := assess.Since(last.Record(), then, now)
		delta.Objectives = assess.Rejudged(last.Objectives, r.Objectives)
		r.Delta = &delta
	}
	if len(d.Model.Mitigations) > 0 {
		moments, err := d.Moments(ctx, now)
		switch {
		case err == nil:
			r.Mitigations = review.Follow(d.Model, moments)
		case ctx.Err() != nil:
			return nil, err
		default:
			d.warn(fmt.Sprintf("mitigations are not followed over the scans: %v", err))
		}
	}
	return r, nil
}

// kept is the snapshot of a signed review, where the store has it. A store that cannot be used is as good as one that has not.
func (d *Desk) kept(ctx context.Context, r *review.Signed) *snapshot.Snapshot {
	if r.Snapshot == "" {
		return nil
	}
	db, err := d.Store(ctx)
	if err != nil {
		return nil
	}
	e, err := db.Find(ctx, r.Snapshot)
	if err != nil || e.ID != r.Snapshot || e.Account != r.Account {
		return nil
	}
	s, err := db.Load(ctx, e.ID)
	if err == nil {
		err = d.lay(ctx, s)
	}
	if err != nil {
		return nil
	}
	return s
}

// Sign adds a line to the signed reviews. by is who signs; without, FOOTING_BY says, else who git was told that one is, else the owner in
// footing.yaml.
func (d *Desk) Sign(r *review.Review, by string) error {
	at := d.reviewsAt()
	switch {
	case d.At != "":
		return fault.Input("leave --at out", "a review is signed on the day on which somebody looked, and not on %s", d.At)
	case at == "" && r.Assessment.Snapshot.From == store.Sample:
		return fault.Input(`try it with your own account: "footing scan", "footing init"`, "the sample account has nobody who could sign for it")
	case at == "":
		return fault.Input(`write it first: "footing init"`, "a review is kept beside footing.yaml, and there is none")
	}
	by = cmp.Or(by, d.Getenv("FOOTING_BY"), d.Getenv("GIT_AUTHOR_EMAIL"), d.Model.DefaultOwner)
	if by == "" {
		return fault.Input("for instance --by ana@acme.example, or owner: in footing.yaml", "nobody is named who signs this review")
	}
	signed, err := review.Sign(r.Assessment, r.Objectives, by, d.Now())
	if err != nil {
		return err
	}
	if err := d.appendReview(at, signed); err != nil {
		return err
	}
	r.Signed = &signed
	return nil
}

// appendReview writes the file with its new line beside it, and renames: whoever reads it sees the old one or the whole new one.
func (d *Desk) appendReview(at string, s review.Signed) error {
	_, src, err := d.reviews()
	if err != nil {
		return err
	}
	out, err := review.Append(d.short(at), src, s)
	if err != nil {
		return err
	}
	fail := func(err error) error {
		return fault.IO("make the folder of footing.yaml writable", "%s could not be written: %w", d.short(at), plain(err))
	}
	f, err := os.CreateTemp(filepath.Dir(at), "."+review.File+".*")
	if err != nil {
		return fail(err)
	}
	defer os.Remove(f.Name()) // after the rename there is nothing left to remove
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(at); err == nil {
		mode = info.Mode().Perm()
	}
	_, wrote := f.Write(out)
	if err := errors.Join(wrote, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return fail(err)
	}
	if again, err := os.ReadFile(at); err == nil && !bytes.Equal(again, src) || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.IO("look at it, and sign again", "%s was changed at the same moment", d.short(at))
	}
	if err := os.Rename(f.Name(), at); err != nil {
		return fail(err)
	}
	return nil
}

// Overdue is the failing rule of a review that is overdue; nil when it is not, or was signed just now.
func (d *Desk) Overdue(r *review.Review) error {
	if r.Signed != nil || !r.Overdue(r.Now) {
		return nil
	}
	due, _ := r.Due()
	return &fault.Error{Status: fault.Findings, Hinted: d.SignCommand(r),
		Sentence: fmt.Sprintf("the review of %s was due on %s", r.Assessment.Snapshot.Account, due.Format(time.DateOnly))}
}

// SignCommand is what to type to sign a review, or to become able to; "" where nobody can.
func (d *Desk) SignCommand(r *review.Review) string {
	today := Desk{Setup: d.Setup} // a review is signed on the day on which somebody looked
	today.At = ""
	switch {
	case d.reviewsAt() != "":
		return today.Command("review --sign")
	case r.Assessment.Snapshot.From == store.Sample:
		return ""
	}
	return today.Command("init")
}
