package task

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/footing-dev/footing/internal/act/draft"
	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Draft is a footing.yaml that is to be written.
type Draft struct {
	Snapshot *snapshot.Snapshot
	Text     []byte
	Lines    int
	Open     int             // lines that need a person
	Sections []draft.Section // what it states; of a sync, what is added
}

// Fresh refuses to write over a footing.yaml.
func Fresh(file, program string) error {
	_, err := os.Lstat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fault.IO("give another place with -o FILE", "%s cannot be written: %w", file, plain(err))
	}
	return fault.Input(`"`+program+` init --sync" appends what is new and edits nothing; -o FILE drafts another`, "%s is there already, and what people wrote is not overwritten", file)
}

// Stated is the footing.yaml that a sync appends to: FOOTING_MODEL, else the nearest upward.
func Stated(dir string, getenv func(string) string, program string) (string, error) {
	if file := getenv("FOOTING_MODEL"); file != "" {
		return file, nil
	}
	if file := findModel(dir); file != "" {
		if rel, err := filepath.Rel(dir, file); err == nil {
			file = rel
		}
		return file, nil
	}
	return "", fault.Input(`write one with "`+program+` init"`, "there is no footing.yaml to append to, from here to the root of the repository")
}

// Draft writes the first footing.yaml of the account: what the defaults make of the snapshot.
func (d *Desk) Draft(ctx context.Context) (*Draft, error) {
	d.Setup.Warn = nil // another footing.yaml, above this one or beside it, is not what this is about
	s, err := d.Picture(ctx)
	if err != nil {
		return nil, err
	}
	d.Model = threatmodel.Default()
	a, err := d.Assess(s)
	if err != nil {
		return nil, err
	}
	f := draft.Of(a)
	out := &Draft{Snapshot: s, Text: f.Text(), Open: f.Open, Sections: f.Sections}
	out.Lines = bytes.Count(out.Text, []byte("\n"))
	if _, err := threatmodel.Parse("the draft", out.Text); err != nil {
		return nil, fault.IO("this is a mistake of footing; please report it, with the name that it stumbles over", "the draft could not be read again: %w", err)
	}
	return out, nil
}

// Sync appends to a footing.yaml, which the desk has read as its model, what the snapshot has beyond it. Without anything new the text is
// that of the file.
func (d *Desk) Sync(ctx context.Context, file string) (*Draft, error) {
	s, err := d.Picture(ctx)
	if err != nil {
		return nil, err
	}
	a, err := d.Assess(s)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, cannotRead(file, err)
	}
	f := draft.New(a)
	for _, key := range draft.Appended {
		i := slices.IndexFunc(f.Sections, func(s draft.Section) bool { return s.Key == key })
		if i < 0 {
			continue
		}
		var items []string
		for _, item := range f.Sections[i].Items {
			items = append(items, item.Appended())
		}
		if text, err = threatmodel.Append(file, text, key, items); err != nil {
			return nil, err
		}
	}
	return &Draft{Snapshot: s, Text: text, Lines: bytes.Count(text, []byte("\n")), Open: f.Open, Sections: f.Sections}, nil
}
