package leaflet

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// page objects of a PDF: /Type /Page, and not /Pages.
var pageObject = regexp.MustCompile(`/Type\s*/Page[^s]`)

// TestPrinted lets a real browser print every account. FOOTING_CHROMIUM says which: `make leaflet` looks for Debian's.
// FOOTING_LEAFLETS names a folder where pages and PDFs stay, for eyes.
func TestPrinted(t *testing.T) {
	browser := os.Getenv("FOOTING_CHROMIUM")
	if browser == "" {
		t.Skip("set FOOTING_CHROMIUM to a Chromium, or run make leaflet")
	}
	dir := os.Getenv("FOOTING_LEAFLETS")
	if dir == "" {
		dir = t.TempDir()
	}
	// Without a height of its own a page that is too full becomes two: so nothing is cut off that the real style would hide.
	const free = `<style>.page{height:auto!important;overflow:visible!important}.steps,.steps li{min-height:min-content!important;overflow:visible!important}</style></head>`
	const letter = `<style>@page{size:letter}</style></head>`
	for name, r := range accounts(t) {
		html := printed(t, r)
		for _, form := range []struct{ name, more string }{{"", ""}, {"-free", free}, {"-letter", letter}, {"-letter-free", letter[:len(letter)-len("</head>")] + free}} {
			file := filepath.Join(dir, name+form.name)
			page := html
			if form.more != "" {
				page = regexp.MustCompile(`</head>`).ReplaceAllLiteralString(html, form.more)
			}
			if err := os.WriteFile(file+".html", []byte(page), 0o644); err != nil {
				t.Fatal(err)
			}
			if n := pages(t, browser, file); n != 3 {
				t.Errorf("%s%s: %d pages", name, form.name, n)
			}
		}
	}
}

// pages prints a file with the browser, and counts.
func pages(t *testing.T, browser, file string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(), "--no-pdf-header-footer", "--print-to-pdf="+file+".pdf", "file://"+file+".html")
	out, err := c.CombinedOutput()
	pdf, missing := os.ReadFile(file + ".pdf")
	if err := errors.Join(err, missing); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return len(pageObject.FindAll(pdf, -1))
}
