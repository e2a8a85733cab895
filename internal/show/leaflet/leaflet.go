// Package leaflet prints three pages.
package leaflet

import (
	"io"

	"github.com/footing-dev/footing/internal/show/report"
)

func HTML(w io.Writer, r *report.Report) error { return nil }
