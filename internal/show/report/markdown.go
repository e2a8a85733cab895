package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/show/term"
)

// most is how many lines of one kind the summary has.
const most = 10

// Markdown is a short summary, for a pull request or a wiki.
func Markdown(w io.Writer, r *Report) error {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	p("## %s\n\n", plain(r.Title()))
	p("Scanned %s · %d to fix · %d to watch · %d not seen · %d settled · %d out of mind\n\n", r.Taken.Format(time.DateOnly), r.Counts.Fix, r.Counts.Watch, r.Counts.Unseen, r.Counts.Settled, r.Counts.OutOfMind)
	if len(r.Lines) == 0 {
		p("Nothing to act on that we could see.\n\n")
	} else {
		p("| | read | write | by the worst path | owner |\n|---|--:|--:|---|---|\n")
		for i, l := range r.Lines {
			if i == most {
				p("| and %d more | | | | |\n", r.Counts.Shown()-i)
				break
			}
			p("| %s | %s | %s | %s | %s |\n", plain(l.ID), number(l.Read), number(l.Write), plain(l.Worst), plain(orNobody(l.Owner)))
		}
		p("\nRisk is impact × likelihood, 25 at most. Act at %d.\n\n", r.Gate)
	}
	if len(r.Steps) > 0 {
		p("### What to do\n\n")
		for i, s := range r.Steps {
			p("%d. %s %s %d → %d\n", i+1, plain(strings.Join(s.Says, " ")), plain(s.ID), s.Before, s.After)
		}
		p("\n")
		if r.Left > 0 {
			p("%s after that.\n\n", term.Count(r.Left, "thing is still to fix", "things are still to fix"))
		}
	}
	if r.Gaps > 0 {
		p("### Not seen\n\n%s; what depends on it counts as its worst.\n\n", term.Count(r.Gaps, "call gave no answer", "calls gave no answer"))
		for i, u := range r.Unseen {
			if i == most {
				p("- and %d more\n", r.Counts.Unseen-i)
				break
			}
			p("- %s: could be %d, on what was seen %d; %s\n", plain(u.ID), u.High, u.Low, plain(u.Why))
		}
		if len(r.Unseen) > 0 {
			p("\n")
		}
	}
	broken := 0
	for _, o := range r.Promises {
		if o.Outcome == "fail" {
			if broken++; broken == 1 {
				p("### Broken objectives\n\n")
			}
			p("- %s: %s\n", plain(o.ID), plain(o.Says))
		}
	}
	if broken > 0 {
		p("\n")
	}
	if !r.Review.Next.IsZero() {
		p("Next review: %s\n", r.Review.Next.Format(time.DateOnly))
	}
	_, err := io.WriteString(w, strings.TrimRight(b.String(), "\n")+"\n")
	return err
}

// Title names the account.
func (r *Report) Title() string { return strings.TrimSpace(r.Name + " " + r.Account) }

func number(f Figure) string {
	if f.Unknown() {
		return fmt.Sprintf("%d…%d ?", f.Low(), f.Risk())
	}
	return fmt.Sprintf("%d", f.Risk())
}

func orNobody(s string) string {
	if s == "" {
		return "nobody"
	}
	return s
}

// plain is a text that somebody else wrote, as Markdown shows it: no markup, no HTML, no mention of a person, no new cell.
func plain(s string) string {
	s = term.Clean(s)
	var b strings.Builder
	for _, c := range s {
		switch {
		case strings.ContainsRune("\\`*_[]<>#|~!@$&", c):
			fmt.Fprintf(&b, "&#%d;", c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
