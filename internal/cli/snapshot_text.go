package cli

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/show/inventory"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/task"
)

// maxKeys is how many resources of one kind a comparison shows; JSON has them all.
const maxKeys = 20

func shelfText(w *term.Screen, s *task.Shelf, d *task.Desk) error {
	if len(s.Snapshots) == 0 {
		fmt.Fprint(w, "No snapshot yet.\n\n")
		lead := "Next   "
		if d.Live.Scan != nil {
			fmt.Fprintf(w, "%s%s\n", lead, d.Command("scan"))
			lead = "       "
		}
		_, err := fmt.Fprintf(w, "%s%s\n", lead, d.Command("scan --from PATH"))
		return err
	}
	var rows [][]string
	for _, e := range s.Snapshots {
		rows = append(rows, []string{e.ID, strings.TrimSpace(e.Account + " " + e.Name), e.Taken.UTC().Format("2006-01-02 15:04"),
			term.Number(e.Resources), term.Number(e.Gaps), e.From})
	}
	err := term.Table(w, []term.Column{{Head: "ID"}, {Head: "ACCOUNT", Least: 12}, {Head: "TAKEN (UTC)"}, {Head: "THINGS", Right: true},
		{Head: "GAPS", Right: true}, {Head: "FROM", Least: 6}}, rows)
	fmt.Fprintf(w, "\nNext   %s\n", d.Command("snapshot diff"))
	return err
}

func shelfCSV(w io.Writer, s *task.Shelf) error {
	c := csv.NewWriter(w)
	c.Write([]string{"id", "account", "name", "taken", "from", "resources", "gaps", "calls"})
	for _, e := range s.Snapshots {
		c.Write([]string{e.ID, e.Account, e.Name, e.Taken.UTC().Format(time.RFC3339), e.From,
			strconv.Itoa(e.Resources), strconv.Itoa(e.Gaps), strconv.Itoa(e.Calls)})
	}
	c.Flush()
	return c.Error()
}

func cardText(w *term.Screen, c *task.Card, d *task.Desk, calls bool) error {
	fmt.Fprintf(w, "%s · %s\n", w.Bold(inventory.Heading(&c.Snapshot, d.Now())), term.Count(c.Resources, "resource", "resources"))
	if c.ID != "" {
		fmt.Fprintf(w, "kept as %s, from %s\n", c.ID, term.Clean(c.From))
	}
	fmt.Fprintln(w)
	if calls {
		if err := inventory.CoverageText(w, c.Coverage); err != nil {
			return err
		}
		_, err := fmt.Fprintf(w, "\nNext   %s\n", d.Command("list"))
		return err
	}
	var rows [][]string
	for _, t := range c.Types {
		rows = append(rows, []string{strings.TrimPrefix(t.Type, "AWS::"), term.Number(t.Count)})
	}
	if err := term.Table(w, []term.Column{{Head: "TYPE", Least: 20}, {Head: "COUNT", Right: true}}, rows); err != nil {
		return err
	}
	fmt.Fprintln(w)
	if len(c.Gaps) > 0 {
		fmt.Fprintf(w, "%s not seen: %s\n", w.Yellow("?"), term.Count(len(c.Gaps), "call gave no answer", "calls gave no answer"))
		inventory.WriteGaps(w, c.Gaps)
		fmt.Fprintln(w)
	}
	_, err := fmt.Fprintf(w, "Next   %s\n", d.Command("list"))
	return err
}

func diffText(w *term.Screen, c *task.Comparison) error {
	fmt.Fprintf(w, "%s · %s → %s\n\n", w.Bold(c.Account), c.Before, c.After)
	if c.Empty() {
		_, err := fmt.Fprintln(w, "Nothing differs.")
		return err
	}
	keys := func(sign, title string, list []snapshot.Key) {
		if len(list) == 0 {
			return
		}
		fmt.Fprintf(w, "%s %s\n", title, term.Number(len(list)))
		for i, k := range list {
			if i == maxKeys {
				fmt.Fprintf(w, "  and %s more (--format json)\n", term.Number(len(list)-maxKeys))
				break
			}
			fmt.Fprintf(w, "  %s %s\n", sign, term.Clean(string(k)))
		}
		fmt.Fprintln(w)
	}
	keys("+", "Added", c.Added)
	keys("-", "Gone", c.Gone)
	if len(c.Changed) > 0 {
		fmt.Fprintf(w, "Changed %s\n", term.Number(len(c.Changed)))
		for i, r := range c.Changed {
			if i == maxKeys {
				fmt.Fprintf(w, "  and %s more (--format json)\n", term.Number(len(c.Changed)-maxKeys))
				break
			}
			fmt.Fprintf(w, "  ~ %s  %s\n", term.Clean(string(r.Key)), strings.Join(r.Properties, ", "))
		}
		fmt.Fprintln(w)
	}
	keys("?", "Not seen again (their list could not be read)", c.Unseen)
	return nil
}

func importedText(w *term.Screen, i *task.Imported) error {
	_, err := fmt.Fprintf(w, "%s · %s\nkept as %s\n", i.Account, term.Count(i.Resources, "resource", "resources"), i.Snapshot)
	return err
}

func prunedText(w *term.Screen, p *task.Pruned) error {
	for _, id := range p.Removed {
		fmt.Fprintf(w, "removed %s\n", id)
	}
	_, err := fmt.Fprintf(w, "%s removed\n", term.Count(len(p.Removed), "snapshot", "snapshots"))
	return err
}
