package cli

import (
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/catalog/practice"
	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/evidence"
	told "github.com/footing-dev/footing/internal/show/practice"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
)

// framework is --by: a table of practices that others wrote down.
type framework struct {
	name  string
	table practice.Table
}

func (b *framework) flags(c *cobra.Command) {
	c.Flags().StringVar(&b.name, "by", "", "tell it by the items of `sec|ssb|cis`: Well-Architected, Startup Security Baseline, CIS; cis-5.0 for an edition")
	complete(c, "by", practice.Names())
}

// check finds a wrong name before any work is done. foreign: other rules judge files, which no framework is about.
func (b *framework) check(foreign bool) error {
	if b.name == "" {
		return nil
	}
	if foreign {
		return fault.Input("leave one of the two out", "--by is about an account, and --rules about files")
	}
	return b.load()
}

// load finds the table of a name.
func (b *framework) load() (err error) {
	var ok bool
	if b.table, ok = practice.Load(b.name); !ok {
		return fault.Input("write one of "+strings.Join(practice.Names(), ", "), "there is no table of %q", b.name)
	}
	return nil
}

// view judges by the table.
func (b *framework) view(done sheet.Checked) told.View {
	in := evidence.Input{Case: done.Assessment.Case(), Objectives: done.Results, Rules: done.Rules}
	return told.View{Checked: done, Table: b.table, Groups: evidence.Judge(b.table, in), By: b.name}
}

// tell replaces the forms of a check by those of a framework, where one was asked for. The gate stays the same.
func (b *framework) tell(done sheet.Checked, f *forms) *forms {
	if b.name == "" {
		return f
	}
	x := b.view(done)
	f.Text = func(w *term.Screen) error { return told.Text(w, x) }
	f.JSON = func() any { return told.Document(x) }
	f.CSV = func(w io.Writer) error { return told.CSV(w, x) }
	f.More["markdown"] = func(w io.Writer) error { return told.Markdown(w, x) }
	return f
}

// asked tells what an attestation or a waiver can be about: a rule, or a practice in whatever edition.
func (a *app) asked() func(string) bool {
	var names map[string]bool
	return func(name string) bool {
		if names == nil {
			names = map[string]bool{}
			for i := range a.parts.Rules {
				names[a.parts.Rules[i].ID] = true
			}
			for _, n := range practice.Names() {
				table, _ := practice.Load(n)
				for _, g := range table.Groups {
					for i := range g.Items {
						for _, called := range g.Items[i].Names() {
							names[called] = true
						}
					}
				}
			}
		}
		return names[name]
	}
}

// wellArchitected is the format of report that is a folder of answers.
const wellArchitected = "well-architected"

// answers writes the answers for the AWS Well-Architected Tool into folders.
func (a *app) answers(v *view, folders []string) error {
	as, err := v.Desk.Assess(v.Snap)
	if err != nil {
		return err
	}
	b := framework{name: "sec"}
	if err := b.load(); err != nil {
		return err
	}
	done := sheet.Checked{Page: a.page(v, as), Results: as.Objectives(), Rules: check.Run(a.parts.Rules, as.Case())}
	files, err := told.Tool(b.view(done))
	if err != nil {
		return err
	}
	for _, dir := range folders {
		if err := makeFolder(dir); err != nil {
			return err
		}
		for _, f := range files {
			if err := writeFile(filepath.Join(dir, f.Name), func(w io.Writer) error { _, err := w.Write(f.Text); return err }); err != nil {
				return err
			}
		}
		a.say("wrote %d files into %s; nothing was sent", len(files), dir)
	}
	return nil
}
