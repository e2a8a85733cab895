package task

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// modelFile is the name that is searched for.
const modelFile = "footing.yaml"

// readModel reads --model, else FOOTING_MODEL, else the footing.yaml that is nearest upward. A demo has its own, unless --model is given.
func (d *Desk) readModel() error {
	d.Model = threatmodel.Default()
	path := d.ModelAt
	if path == "" && d.Demo {
		return nil
	}
	if path == "" {
		path = d.Getenv("FOOTING_MODEL")
	}
	if path == "" {
		if path = findModel(d.Dir); path == "" {
			return nil
		}
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return cannotRead(path, err)
	}
	if d.Model, err = threatmodel.Parse(d.modelName(path), src); err != nil {
		return err
	}
	d.stated = path
	return nil
}

// modelName is how messages call a footing.yaml: as it was given, else by the shortest way from where one stands.
func (d *Desk) modelName(path string) string {
	switch {
	case path == "":
		return modelFile + " of the sample"
	case d.ModelAt != "":
		return path
	}
	return d.short(path)
}

// file is the footing.yaml that is used, as messages call it; "" for none.
func (d *Desk) file() string {
	if sample := d.sample != nil && d.Model == d.sample.Model; d.stated == "" && !sample {
		return ""
	}
	return d.modelName(d.stated)
}

// short is a path as people would write it from where they stand.
func (d *Desk) short(path string) string {
	if rel, err := filepath.Rel(d.Dir, path); err == nil && len(rel) < len(path) {
		return rel
	}
	return path
}

func cannotRead(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fault.Input("give a footing.yaml with --model FILE", "there is no file %s", path)
	}
	return fault.Input("give a footing.yaml with --model FILE", "%s cannot be read: %w", path, plain(err))
}

// plain is the operating system's word without the path, which the sentence already names.
func plain(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// findModel looks for footing.yaml from a folder upward, to the root of the repository (where .git is) and no further:
// somebody else's file above it is not ours.
func findModel(dir string) string {
	for dir != "" {
		file := filepath.Join(dir, modelFile)
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			return file
		}
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return ""
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
	return ""
}

// suit makes the model fit the snapshot: the sample brings its own, unless a file says that it is about its account, and what is stated about
// another account is not used.
// What of it has no effect is told once.
func (d *Desk) suit(s *snapshot.Snapshot, sample bool) error {
	if err := d.fit(s, sample); err != nil {
		return err
	}
	if d.warned || d.Warn == nil {
		return nil
	}
	d.warned = true
	for _, w := range d.Model.Warnings(s, d.Now()) {
		d.warn(fmt.Sprintf("%s:%d: %s", d.modelName(d.stated), w.Line, w.Says))
	}
	d.unasked()
	return nil
}

// unasked warns of words and waivers that no rule will ever look at, since their name is one of none.
func (d *Desk) unasked() {
	if d.Asked == nil {
		return
	}
	tell := func(line int, what, rule string) {
		if rule != "" && !d.Asked(rule) {
			d.warn(fmt.Sprintf("%s:%d: the %s of %s counts for nothing: nothing that is judged is called so", d.modelName(d.stated), line, what, rule))
		}
	}
	for i := range d.Model.Waivers {
		tell(d.Model.Waivers[i].Line, "waiver", d.Model.Waivers[i].Rule)
	}
	for i := range d.Model.Attestations {
		tell(d.Model.Attestations[i].Line, "attestation", d.Model.Attestations[i].Rule)
	}
}

func (d *Desk) fit(s *snapshot.Snapshot, sample bool) error {
	switch {
	case d.ModelAt != "" && d.Model.Account != "" && d.Model.Account != s.Account:
		return fault.Input("leave --model out, or give the one of this account",
			"%s is about the account %s, and the snapshot is of %s", d.ModelAt, d.Model.Account, s.Account)
	case d.ModelAt != "":
		return nil
	case sample && d.Sample != nil && (d.stated == "" || d.Model.Account != s.Account):
		demo, err := d.theSample()
		if err != nil {
			return err
		}
		if d.stated != "" {
			d.warn(d.short(d.stated) + " is not used: the sample account brings its own")
		}
		d.Model, d.stated = demo.Model, ""
	case d.stated != "" && d.Model.Account != "" && d.Model.Account != s.Account:
		d.warn(fmt.Sprintf("%s is about the account %s and is not used: the snapshot is of %s", d.short(d.stated), d.Model.Account, s.Account))
		d.Model, d.stated = threatmodel.Default(), ""
	}
	return nil
}
