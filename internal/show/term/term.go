// Package term is text for a terminal: how wide it is, whether it has colours, columns that fit, and names that cannot play tricks.
package term

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// Plain is the width of everything that is not a terminal: a file, a pipe, a test.
const Plain = 80

// Screen is where text goes. Colour repeats what a sign already says; without it nothing is lost.
type Screen struct {
	io.Writer
	Width  int  // columns, at least 40
	Colour bool // escape sequences may be written
	Live   bool // a terminal, where a line can be repainted
}

// Terminal tells whether a stream is one: then somebody may be there to answer.
func Terminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// On describes a writer. colour is "auto", "always" or "never"; with auto, NO_COLOR (https://no-color.org) and TERM=dumb are
// honoured. getenv is os.Getenv, or a test's own.
func On(w io.Writer, colour string, getenv func(string) string) *Screen {
	s := &Screen{Writer: w, Width: Plain}
	dumb := getenv("TERM") == "dumb"
	if f, ok := w.(*os.File); ok && Terminal(w) {
		s.Live = !dumb
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			s.Width = width
		}
		s.Colour = !dumb && getenv("NO_COLOR") == ""
	}
	if n, err := strconv.Atoi(getenv("COLUMNS")); err == nil && n > 0 && s.Live {
		s.Width = n
	}
	switch colour {
	case "always":
		s.Colour = true
	case "never":
		s.Colour = false
	}
	s.Width = min(max(s.Width, 40), 200)
	return s
}

// Paper is a screen for files and tests: 80 columns, no colour.
func Paper(w io.Writer) *Screen { return &Screen{Writer: w, Width: Plain} }

// Bold, Dim, Red, Yellow and Green paint a text; without colour they give it back as it is.
func (s *Screen) Bold(t string) string   { return s.paint("1", t) }
func (s *Screen) Dim(t string) string    { return s.paint("2", t) }
func (s *Screen) Red(t string) string    { return s.paint("31", t) }
func (s *Screen) Yellow(t string) string { return s.paint("33", t) }
func (s *Screen) Green(t string) string  { return s.paint("32", t) }

func (s *Screen) paint(code, t string) string {
	if !s.Colour || t == "" {
		return t
	}
	return "\x1b[" + code + "m" + t + "\x1b[0m"
}
