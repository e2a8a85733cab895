package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/snapshot"
)

func demoVerb(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "demo",
		Short: "try it on a sample account; needs no AWS",
		Long: `Judges a recorded sample account, with the same code as a real one. Nothing leaves this machine.
Its snapshot is kept, so that the verbs after it work without flags until an account was scanned.`,
		Example: `
footing demo
footing risk --demo`,
		Args: a.takes(0, 0, "no argument"),
	}
	in := a.reads(c, "text", "json")
	in.demo = true
	begin := a.now()
	c.RunE = in.run(func(v *view) (*forms, error) {
		as, err := v.Desk.Assess(v.Snap)
		if err != nil {
			return nil, err
		}
		kept := *v.Snap
		if _, err := v.Desk.Keep(v.Ctx, &kept); err != nil {
			a.say("footing: the sample could not be kept (%v); add --demo to the verbs after it", err)
		}
		p := a.page(v, as)
		return &forms{
			Text: func(w *term.Screen) error {
				fmt.Fprintf(w, "%s\n%s\n\n", w.Bold("footing · a sample: "+firstLine(v.Snap)), took(a.now().Sub(begin)))
				return sheet.Overview(w, p)
			},
			JSON: func() any { return sheet.JSON(as, p.Gate, nil) },
		}, nil
	})
	return c
}

// firstLine counts people by their passwords: who signs in to the console is a person.
func firstLine(s *snapshot.Snapshot) string {
	people := 0
	for _, r := range s.OfType("AWS::IAM::CredentialReport") {
		rows, _ := r.Maps("Rows")
		for _, row := range rows {
			if on, _ := row["PasswordEnabled"].(bool); on && row["User"] != "<root_account>" {
				people++
			}
		}
	}
	return fmt.Sprintf("%s, %s, one AWS account, %s", s.Name, term.Count(people, "person", "people"), term.Count(len(s.Resources), "resource", "resources"))
}

func took(d time.Duration) string {
	const says = "Recorded data. Nothing leaves this machine."
	t := fmt.Sprintf("%.1f s", d.Seconds())
	return says + strings.Repeat(" ", max(74-len(says)-len(t), 2)) + t
}
