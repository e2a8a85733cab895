package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/show/inventory"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/task"
)

func snapshotVerb(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "snapshot",
		Short: "what was read, and when; what changed; in and out as files",
		Long: `Every scan keeps a snapshot: the account at one moment, with what could not be seen.
An unchanged resource is stored once, so that keeping many costs little.`,
	}
	return a.family(c, snapshotLs(a), snapshotShow(a), snapshotDiff(a), snapshotExport(a), snapshotImport(a), snapshotPrune(a))
}

func snapshotLs(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:     "ls",
		Short:   "list the kept snapshots, with their full ids",
		Long:    "Lists the kept snapshots; the one that was kept last is first. An id may be shortened wherever its beginning is clear.",
		Example: "footing snapshot ls\nfooting snapshot ls --format json",
		Args:    a.takes(0, 0, "no argument"),
	}
	out := a.writes(c, "text", "json", "csv")
	c.RunE = a.plainly(out, func(ctx context.Context, d *task.Desk, _ []string) (*forms, error) {
		shelf, err := d.Shelf(ctx)
		if err != nil {
			return nil, err
		}
		return &forms{
			Text: func(w *term.Screen) error { return shelfText(w, shelf, d) },
			JSON: shelf,
			CSV:  func(w io.Writer) error { return shelfCSV(w, shelf) },
		}, nil
	})
	return c
}

func snapshotShow(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "show [ID|FILE]",
		Short: "what one snapshot holds, and what it could not see",
		Long: `Counts the resources of a snapshot by type and lists what it could not see. Without an ID it is the latest.
--calls shows what was asked, where, and with what answer; JSON and CSV always hold that.`,
		Example:           "footing snapshot show\nfooting snapshot show 20261123T091400Z --calls\nfooting snapshot show account.ndjson.gz -o calls.csv",
		Args:              a.takes(0, 1, "at most one snapshot"),
		ValidArgsFunction: a.completeSnapshots,
	}
	in := a.reads(c, "text", "json", "csv")
	calls := c.Flags().Bool("calls", false, "show what was asked, where, and with what answer")
	run := in.run(func(v *view) (*forms, error) {
		card := task.CardOf(v.Snap)
		return &forms{
			Text: func(w *term.Screen) error { return cardText(w, card, v.Desk, *calls) },
			JSON: card,
			CSV:  func(w io.Writer) error { return inventory.CoverageCSV(w, card.Coverage) },
		}, nil
	})
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 1 {
			if in.snapshot != "" {
				return fault.Input("leave one of the two out", "the argument and --snapshot name two snapshots")
			}
			in.snapshot = args[0]
		}
		return run(c, args)
	}
	return c
}

func snapshotDiff(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "diff [BEFORE [AFTER]]",
		Short: "what changed between two snapshots",
		Long: `Compares two snapshots. Without AFTER it is the latest of the same account; without BEFORE, the one before the latest.
A resource is gone only where the later scan looked for it; otherwise it is listed as not seen.`,
		Example:           "footing snapshot diff\nfooting snapshot diff 20261101 20261123\nfooting snapshot diff before.ndjson.gz --format json",
		Args:              a.takes(0, 2, "at most two snapshots"),
		ValidArgsFunction: a.completeSnapshots,
	}
	out := a.writes(c, "text", "json")
	c.RunE = a.plainly(out, func(ctx context.Context, d *task.Desk, args []string) (*forms, error) {
		cmp, err := d.Compare(ctx, args)
		if err != nil {
			return nil, err
		}
		return &forms{Text: func(w *term.Screen) error { return diffText(w, cmp) }, JSON: cmp}, nil
	})
	return c
}

func snapshotImport(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:     "import FILE",
		Short:   "keep an exported snapshot under a new id",
		Long:    "Reads a file that `snapshot export` wrote, checks its checksum, and keeps it. - is the standard input.",
		Example: "footing snapshot import account.ndjson.gz",
		Args:    a.takes(1, 1, "one file"),
	}
	out := a.writes(c, "text", "json")
	c.RunE = a.plainly(out, func(ctx context.Context, d *task.Desk, args []string) (*forms, error) {
		kept, err := d.Import(ctx, args[0], a.stdin)
		if err != nil {
			return nil, err
		}
		return &forms{Text: func(w *term.Screen) error { return importedText(w, kept) }, JSON: kept}, nil
	})
	return c
}

func snapshotPrune(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:     "prune --keep N",
		Short:   "remove old snapshots",
		Long:    "Keeps the newest N snapshots of every account, removes the others and what only they held.",
		Example: "footing snapshot prune --keep 30\nfooting snapshot prune --keep 1 --account 111122223333",
		Args:    a.takes(0, 0, "no argument"),
	}
	keep, account := -1, ""
	c.Flags().IntVar(&keep, "keep", -1, "how many `N` of each account stay")
	c.Flags().StringVar(&account, "account", "", "only those of this account `ID`")
	out := a.writes(c, "text", "json")
	c.RunE = a.plainly(out, func(ctx context.Context, d *task.Desk, _ []string) (*forms, error) {
		if keep < 0 {
			return nil, fault.Input(`for instance "footing snapshot prune --keep 30"`, "prune needs --keep, a number of snapshots that stay")
		}
		gone, err := d.Prune(ctx, keep, account)
		if err != nil {
			return nil, err
		}
		return &forms{Text: func(w *term.Screen) error { return prunedText(w, gone) }, JSON: gone}, nil
	})
	return c
}

func snapshotExport(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "export [ID] -o FILE",
		Short: "write a snapshot as one file",
		Long: `Writes a snapshot as gzip-compressed lines of JSON, in a stable order, with a checksum at the end: the same snapshot gives the same
bytes. It holds names, policies and properties of the account, and no secrets. - is the standard output.`,
		Example:           "footing snapshot export -o account.ndjson.gz\nfooting snapshot export 20261123T091400Z -o - | gunzip | head",
		Args:              a.takes(0, 1, "at most one snapshot"),
		ValidArgsFunction: a.completeSnapshots,
	}
	var file, which string
	var demo bool
	c.Flags().StringVarP(&file, "output", "o", "", "the `FILE` to write")
	c.Flags().BoolVar(&demo, "demo", false, "export the sample account")
	c.RunE = func(c *cobra.Command, args []string) error {
		if file == "" {
			return fault.Input(`for instance "footing snapshot export -o account.ndjson.gz"`, "export needs -o FILE")
		}
		if len(args) == 1 {
			which = args[0]
		}
		setup := a.setup()
		setup.Snapshot, setup.Demo = which, demo
		return a.withDesk(setup, func(d *task.Desk) error {
			s, err := d.Picture(c.Context())
			if err != nil {
				return err
			}
			write := func(w io.Writer) error { return snapshot.Export(w, s) }
			if file == "-" {
				return write(a.stdout)
			}
			if err := writeFile(file, write); err != nil {
				return err
			}
			a.say("wrote %s", file)
			return nil
		})
	}
	return c
}
