package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/show/term"
)

// forms are the ways in which one result can be written; nil where a verb has none of that form.
type forms struct {
	Text func(*term.Screen) error
	JSON any // "footing": 1 first; or a func() any that makes it, where that is work
	CSV  func(io.Writer) error
	More map[string]func(io.Writer) error // other formats, by name
}

// output is --format and -o of one verb.
type output struct {
	app    *app
	format string
	files  []string
	forms  []string // what the verb can write
}

// everywhere marks flags that most verbs have, for the help.
const everywhere = "everywhere"

// writes gives a verb --format and -o. The first form is the default.
func (a *app) writes(c *cobra.Command, formats ...string) *output {
	o := &output{app: a, forms: formats}
	c.Flags().StringVar(&o.format, "format", "", "write `"+strings.Join(formats, "|")+"` (default "+formats[0]+")")
	c.Flags().StringArrayVarP(&o.files, "output", "o", nil, "write to `FILE` instead, the format from its extension; may be repeated")
	for _, name := range []string{"format", "output"} {
		c.Flags().Lookup(name).Annotations = map[string][]string{everywhere: {"true"}}
	}
	complete(c, "format", formats)
	return o
}

// check finds a wrong format before any work is done.
func (o *output) check() error {
	if o.format != "" && !slices.Contains(o.forms, o.format) {
		return fault.Input("write one of "+strings.Join(o.forms, ", "), "this verb has no format %q", o.format)
	}
	for _, f := range o.files {
		if _, err := o.formatOf(f); err != nil {
			return err
		}
	}
	return nil
}

func (o *output) formatOf(file string) (string, error) {
	if o.format != "" {
		return o.format, nil
	}
	if file == "" || file == "-" {
		return o.forms[0], nil
	}
	ext := strings.TrimPrefix(strings.ToLower(filepath.Ext(file)), ".")
	if form, ok := map[string]string{"txt": "text", "md": "markdown", "xml": "junit"}[ext]; ok {
		ext = form
	}
	if ext == "json" && strings.HasSuffix(strings.ToLower(file), ".tc.json") && slices.Contains(o.forms, "threat-composer") {
		ext = "threat-composer" // as it names its own files
	}
	if !slices.Contains(o.forms, ext) {
		return "", fault.Input("name the format with --format "+strings.Join(o.forms, "|"), "the extension of %s says no format that this verb can write", file)
	}
	return ext, nil
}

// print writes a result to every file that was asked for, or to the standard output.
func (o *output) print(f *forms) error {
	if len(o.files) == 0 {
		return o.to("", o.app.stdout, f)
	}
	for _, file := range o.files {
		if file == "-" {
			if err := o.to(file, o.app.stdout, f); err != nil {
				return err
			}
			continue
		}
		if err := writeFile(file, func(w io.Writer) error { return o.to(file, w, f) }); err != nil {
			return err
		}
		o.app.say("wrote %s", file)
	}
	return nil
}

func (o *output) to(file string, w io.Writer, f *forms) error {
	format, err := o.formatOf(file)
	if err != nil {
		return err
	}
	if write := f.More[format]; write != nil {
		return write(w)
	}
	switch format {
	case "json":
		v := f.JSON
		if made, ok := v.(func() any); ok {
			v = made()
		}
		return writeJSON(w, v)
	case "csv":
		return f.CSV(w)
	}
	if file == "" || file == "-" {
		var b bytes.Buffer // one write: a screen appears at once
		s := *o.app.screen(w)
		s.Writer = &b
		if err := f.Text(&s); err != nil {
			return err
		}
		_, err := w.Write(b.Bytes())
		return err
	}
	return f.Text(term.Paper(w))
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
