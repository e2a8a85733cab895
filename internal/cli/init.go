package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/act/draft"
	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/task"
)

func initVerb(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "init",
		Short: "write footing.yaml from the latest snapshot (--sync appends what is new)",
		Long: `Drafts the whole first footing.yaml: units, resources worth naming, components, actors, entry points, use cases, threats,
mitigations and objectives, from what the latest snapshot tells. It lowers no risk by itself: it trusts no account, states no class that
nobody stated, and accepts nothing. Lines that need somebody who knows have the mark "<- check", ten of them at most.

It never writes over a file. --sync appends to a footing.yaml what later scans find, at the end of its lists, and edits no line.`,
		Example: `
footing init
footing init -o models/shop.yaml
footing init --sync
footing init --demo -o -`,
		Args: a.takes(0, 0, "no argument"),
	}
	setup, sync, file := a.setup(), false, ""
	f := c.Flags()
	f.StringVarP(&file, "output", "o", "", "write to `FILE` instead of footing.yaml; - is the standard output")
	f.BoolVar(&sync, "sync", false, "append what is new to the footing.yaml that is there")
	f.BoolVar(&setup.Demo, "demo", false, "look at the sample account")
	f.StringVar(&setup.Snapshot, "snapshot", "", "look at `ID|FILE` instead of the latest snapshot")
	completeFunc(c, "snapshot", a.completeSnapshots)
	c.RunE = func(c *cobra.Command, _ []string) error {
		setup.StoreAt = a.store
		if sync {
			return a.sync(c, setup, file)
		}
		return a.draft(c, setup, file)
	}
	return c
}

// draft writes the first file.
func (a *app) draft(c *cobra.Command, setup task.Setup, file string) error {
	if file == "" {
		file = "footing.yaml"
	}
	if file != "-" {
		if err := task.Fresh(file, setup.Program); err != nil {
			return err
		}
	}
	return a.withDesk(setup, func(d *task.Desk) error {
		made, err := d.Draft(c.Context())
		if err != nil {
			return err
		}
		if file == "-" {
			_, err := a.stdout.Write(made.Text)
			return err
		}
		if err := writeFile(file, writesBytes(made.Text)); err != nil {
			return err
		}
		drafted(a.screen(a.stdout), d, made, file)
		return nil
	})
}

// sync appends to the file that is there.
func (a *app) sync(c *cobra.Command, setup task.Setup, file string) (err error) {
	if file == "-" {
		return fault.Input("name the footing.yaml to append to", "--sync appends to a file, and - is none")
	}
	if setup.ModelAt = file; file == "" {
		if setup.ModelAt, err = task.Stated(setup.Dir, a.getenv, setup.Program); err != nil {
			return err
		}
	}
	at := setup.ModelAt
	return a.withDesk(setup, func(d *task.Desk) error {
		made, err := d.Sync(c.Context(), at)
		if err != nil {
			return err
		}
		if len(made.Sections) > 0 {
			if err := writeFile(at, writesBytes(made.Text)); err != nil {
				return err
			}
		}
		if file == "" && !d.Demo {
			d.ModelAt = "" // every verb finds it
		}
		synced(a.screen(a.stdout), d, made, at)
		return nil
	})
}

// stated counts what a draft states, and what it only proposes.
func stated(sections []draft.Section) string {
	var out, proposed []string
	for _, s := range sections {
		n, only := 0, 0
		for _, i := range s.Items {
			switch {
			case i.ID == "":
			case i.Proposal():
				only++
			default:
				n++
			}
		}
		many := strings.ReplaceAll(s.Key, "_", " ")
		if n > 0 {
			out = append(out, term.Count(n, strings.TrimSuffix(many, "s"), many))
		}
		if only > 0 {
			proposed = append(proposed, term.Count(only, strings.TrimSuffix(many, "s"), many))
		}
	}
	says := strings.Join(out, ", ")
	if len(proposed) > 0 {
		says += "; in comments, to be taken up: " + strings.Join(proposed, ", ")
	}
	return says
}

func drafted(w *term.Screen, d *task.Desk, made *task.Draft, file string) {
	s := made.Snapshot
	fmt.Fprintf(w, "%s  %s about %s\n\n", w.Bold("wrote "+term.Clean(file)), term.Count(made.Lines, "line", "lines"), strings.TrimSpace(term.Clean(s.Name)+" "+s.Account))
	for _, line := range term.Wrap(stated(made.Sections), w.Width-4) {
		fmt.Fprintf(w, "  %s\n", line)
	}
	fmt.Fprintln(w)
	if file != "footing.yaml" || d.Demo {
		d.ModelAt = file
	}
	if made.Open > 0 {
		fmt.Fprintf(w, "%s: look for \"<- check\"\n\n", term.Count(made.Open, "line needs somebody who knows", "lines need somebody who knows"))
		fmt.Fprintf(w, " Next   grep -n -e '<- check' %s\n", term.Clean(file))
	}
	fmt.Fprintf(w, " Then   %s\n", d.Command("risk"))
	fmt.Fprintf(w, " Later  %s\n", strings.Replace(d.Command("init --sync"), "--model", "-o", 1))
}

func synced(w *term.Screen, d *task.Desk, made *task.Draft, file string) {
	if len(made.Sections) == 0 {
		fmt.Fprintf(w, "Nothing new: %s names all that this snapshot has worth naming. It was not touched.\n", term.Clean(file))
		return
	}
	n := 0
	for _, s := range made.Sections {
		n += len(s.Items)
	}
	fmt.Fprintf(w, "%s  %s, at the end of the lists\n\n", w.Bold("appended to "+term.Clean(file)), term.Count(n, "item", "items"))
	for _, s := range made.Sections {
		var ids []string
		for _, i := range s.Items {
			ids = append(ids, i.ID)
		}
		for i, line := range term.Wrap(strings.Join(ids, ", "), w.Width-18) {
			key := ""
			if i == 0 {
				key = strings.ReplaceAll(s.Key, "_", " ")
			}
			fmt.Fprintf(w, "  %s%s\n", term.Pad(key, 14), line)
		}
	}
	fmt.Fprintln(w)
	if made.Open > 0 {
		fmt.Fprintf(w, " Next   grep -n -e '<- check' %s\n", term.Clean(file))
	}
	fmt.Fprintf(w, " Then   %s\n", d.Command("risk"))
}
