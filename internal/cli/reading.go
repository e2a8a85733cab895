package cli

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/task"
)

// reading is the flags of a verb that looks at one snapshot.
type reading struct {
	app      *app
	out      *output
	demo     bool
	snapshot string
	model    string
	at       string
}

// view is what such a verb looks at.
type view struct {
	Ctx  context.Context
	Desk *task.Desk
	Snap *snapshot.Snapshot
	Args []string
}

// reads gives a verb --demo, --snapshot, --model, --at, --format and -o.
func (a *app) reads(c *cobra.Command, formats ...string) *reading {
	r := &reading{app: a, out: a.writes(c, formats...)}
	f := c.Flags()
	f.BoolVar(&r.demo, "demo", false, "look at the sample account")
	f.StringVar(&r.snapshot, "snapshot", "", "look at `ID|FILE` instead of the latest snapshot")
	f.StringVar(&r.model, "model", "", "read what people state from `FILE` (default: the nearest footing.yaml upward)")
	f.StringVar(&r.at, "at", "", "count ages from `DATE`")
	for _, name := range []string{"demo", "snapshot", "model", "at"} {
		f.Lookup(name).Annotations = map[string][]string{everywhere: {"true"}}
	}
	completeFunc(c, "snapshot", a.completeSnapshots)
	return r
}

// run opens the desk and the picture, does the work and prints what came of it: also when an error comes with a result,
// because a gate that fails has something to say.
func (r *reading) run(work func(*view) (*forms, error)) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		if err := r.out.check(); err != nil {
			return err
		}
		return r.app.withDesk(r.setup(), func(desk *task.Desk) error {
			snap, err := desk.Picture(c.Context())
			if err != nil {
				return err
			}
			result, err := work(&view{Ctx: c.Context(), Desk: desk, Snap: snap, Args: args})
			if result != nil {
				if printed := r.out.print(result); printed != nil {
					return printed
				}
			}
			return err
		})
	}
}

func (r *reading) setup() task.Setup {
	s := r.app.setup()
	s.Demo, s.Snapshot, s.ModelAt, s.At = r.demo, r.snapshot, r.model, r.at
	return s
}

// setup is a desk for verbs that look at no snapshot, or at several.
func (a *app) setup() task.Setup {
	dir, err := os.Getwd()
	if err != nil {
		dir = "" // a folder that is gone: nothing is searched upward from it
	}
	return task.Setup{
		Program: a.program, StoreAt: a.store, Dir: dir, Getenv: a.getenv, Now: a.now,
		Warn: func(says string) { a.say("footing: %s", says) },
		Live: a.parts.Live, Sample: a.parts.Sample, Asked: a.asked(),
	}
}

// withDesk opens a desk for one piece of work.
func (a *app) withDesk(s task.Setup, work func(*task.Desk) error) (err error) {
	desk, err := task.OpenDesk(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, desk.Close()) }()
	return work(desk)
}

// plainly runs a verb that looks at no snapshot, or at several.
func (a *app) plainly(out *output, work func(context.Context, *task.Desk, []string) (*forms, error)) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		return a.withDesk(a.setup(), func(d *task.Desk) error {
			result, err := work(c.Context(), d, args)
			if err != nil {
				return err
			}
			return out.print(result)
		})
	}
}
