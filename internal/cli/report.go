package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/show/leaflet"
	"github.com/footing-dev/footing/internal/show/report"
)

func reportVerb(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "report",
		Short: "leaflet (HTML, to print), sheets (CSV), JSON, Markdown, Threat Composer",
		Long: `The account on paper, and for other programs.

  markdown         a short summary, for a pull request or a wiki
  leaflet, html    three pages to print and hang on a wall: the account at a glance, what to do, who may do what
  csv              one sheet, or with -o FOLDER/ all of them, a file each
  json             everything in one document
  threat-composer  for https://github.com/awslabs/threat-composer, "Import": threats, mitigations, assumptions
  well-architected with -o FOLDER/: answers for the AWS Well-Architected Tool, and the commands that would send them

The leaflet is one file that asks for nothing else: no script, no request. It fits A4 and Letter, and needs no colour.
Every number on it was judged: a step's is the whole account judged again as if the ways marked x were not there.`,
		Example: `
footing report --format leaflet -o leaflet.html
footing report --format csv --sheet resources
footing report --format csv -o sheets/
footing report -o report.json -o summary.md
footing report -o acme.tc.json
footing report --format well-architected -o answers/`,
		Args: a.takes(0, 0, "no argument"),
	}
	in := a.reads(c, "markdown", "leaflet", "html", "csv", "json", "threat-composer", wellArchitected)
	which := report.Sheets()[0]
	c.Flags().StringVar(&which, "sheet", which, "the `NAME` of the CSV sheet: "+strings.Join(report.Sheets(), ", "))
	complete(c, "sheet", report.Sheets())
	c.RunE = func(c *cobra.Command, args []string) error {
		if !slices.Contains(report.Sheets(), which) {
			return fault.Input("write one of "+strings.Join(report.Sheets(), ", "), "there is no sheet %q", which)
		}
		folders, err := in.folders()
		if err != nil {
			return err
		}
		if in.out.format == wellArchitected {
			return in.run(func(v *view) (*forms, error) { return nil, a.answers(v, folders) })(c, args)
		}
		return in.run(func(v *view) (*forms, error) {
			r, err := v.Desk.Report(v.Snap)
			if err != nil {
				return nil, err
			}
			a.warnings(v, r.Assessment)
			for _, dir := range folders {
				if err := a.sheets(dir, r); err != nil {
					return nil, err
				}
			}
			if len(folders) > 0 && len(in.out.files) == 0 {
				return nil, nil
			}
			page := func(w io.Writer) error { return leaflet.HTML(w, r) }
			return &forms{
				JSON: func() any { return report.Document(r) },
				CSV:  func(w io.Writer) error { return report.CSV(w, r.Sheet(which)) },
				More: map[string]func(io.Writer) error{
					"markdown": func(w io.Writer) error { return report.Markdown(w, r) }, "leaflet": page, "html": page,
					"threat-composer": func(w io.Writer) error { return report.ThreatComposer(w, r) },
				},
			}, nil
		})(c, args)
	}
	return c
}

// folders takes those of -o that are folders, or are written like one: all sheets go there.
func (r *reading) folders() ([]string, error) {
	var folders, files []string
	for _, f := range r.out.files {
		info, err := os.Stat(f)
		if r.out.format != wellArchitected && !strings.HasSuffix(f, "/") && !strings.HasSuffix(f, string(filepath.Separator)) && (err != nil || !info.IsDir()) {
			files = append(files, f)
			continue
		}
		if r.out.format != "" && r.out.format != "csv" && r.out.format != wellArchitected {
			return nil, fault.Input("give the name of a file", "only sheets (--format csv) are written into a folder, and %s is one", f)
		}
		folders = append(folders, f)
	}
	if r.out.format == wellArchitected && (len(folders) == 0 || slices.Contains(folders, "-")) {
		return nil, fault.Input("give one with -o FOLDER/", "these answers are a folder of files")
	}
	r.out.files = files
	return folders, nil
}

// sheets writes every sheet into a folder.
func (a *app) sheets(dir string, r *report.Report) error {
	if err := makeFolder(dir); err != nil {
		return err
	}
	for _, name := range report.Sheets() {
		file := filepath.Join(dir, name+".csv")
		if err := writeFile(file, func(w io.Writer) error { return report.CSV(w, r.Sheet(name)) }); err != nil {
			return err
		}
		a.say("wrote %s", file)
	}
	return nil
}

// makeFolder makes a folder when it is not there.
func makeFolder(dir string) error {
	err := os.MkdirAll(dir, 0o755)
	if err == nil {
		return nil
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return fault.IO("give another place with -o FOLDER/", "the folder %s could not be made: %w", dir, err)
}
