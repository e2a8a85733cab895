package leaflet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/show/draw"
	"github.com/footing-dev/footing/internal/show/report"
)

func TestThreePages(t *testing.T) {
	for name, r := range accounts(t) {
		page := printed(t, r)
		if n := strings.Count(page, `<section class="page"`); n != 3 {
			t.Errorf("%s: %d pages", name, n)
		}
		for _, no := range []string{"1 / 3", "2 / 3", "3 / 3"} {
			if !strings.Contains(page, no) {
				t.Errorf("%s: no page %s", name, no)
			}
		}
		if again := printed(t, r); again != page {
			t.Errorf("%s: two runs differ", name)
		}
	}
}

// TestAsksForNothing: no script, no request, no event; styles are our own.
func TestAsksForNothing(t *testing.T) {
	asks := regexp.MustCompile(`(?i)<(script|link|img|iframe|object|embed|form|base)\b|\bon[a-z]+\s*=\s*["']|\b(src|href)\s*=|@import|url\(|javascript:`)
	for name, r := range accounts(t) {
		page := strings.ReplaceAll(printed(t, r), `xmlns="http://www.w3.org/2000/svg"`, "")
		if name == "hostile" {
			page = strings.ReplaceAll(page, "&lt;", "") // what is escaped is text
		}
		if hit := asks.FindString(page); hit != "" {
			t.Errorf("%s: the page has %q", name, hit)
		}
		if strings.Contains(page, "http://") || strings.Contains(page, "https://") {
			t.Errorf("%s: an address", name)
		}
	}
}

// TestEscapes: whatever people call a bucket, a user or a tag stays a text, in HTML and in drawings.
func TestEscapes(t *testing.T) {
	page := printed(t, accounts(t)["hostile"])
	if strings.Contains(page, "<script") || !strings.Contains(page, "&lt;script&gt;") {
		t.Error("a name became an element")
	}
	if n := strings.Count(page, "&lt;script"); n < 20 {
		t.Errorf("the name is shown %d times: this test looks at nothing", n)
	}
	wellFormed(t, "hostile", page)
}

// TestWellFormed: every element is closed, every id stands once, and every drawing says what it is.
func TestWellFormed(t *testing.T) {
	for name, r := range accounts(t) {
		wellFormed(t, name, printed(t, r))
	}
}

func wellFormed(t *testing.T, name, page string) {
	t.Helper()
	page = regexp.MustCompile(`<(meta[^>]*|br)>`).ReplaceAllString(strings.TrimPrefix(page, "<!doctype html>\n"), "<$1/>")
	d := xml.NewDecoder(strings.NewReader(page))
	d.Entity = xml.HTMLEntity
	ids, named := map[string]bool{}, []string{}
	drawings, titles := 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "svg":
			drawings++
		case "desc":
			titles++
		}
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "id":
				if ids[a.Value] {
					t.Errorf("%s: the id %s stands twice", name, a.Value)
				}
				ids[a.Value] = true
			case "aria-labelledby":
				named = append(named, strings.Fields(a.Value)...)
			}
		}
	}
	for _, id := range named {
		if !ids[id] {
			t.Errorf("%s: nothing has the id %s", name, id)
		}
	}
	if drawings < 5 || titles != drawings {
		t.Errorf("%s: %d drawings, %d of which say what they are", name, drawings, titles)
	}
}

// TestSampleSays: what somebody must find on the pages of the sample.
func TestSampleSays(t *testing.T) {
	page := printed(t, accounts(t)["demo"])
	text := regexp.MustCompile(`(?s)<style>.*?</style>|<svg.*?</svg>|<[^>]*>`).ReplaceAllString(page, " ")
	text = strings.Join(strings.Fields(text), " ")
	for _, want := range []string{
		"AWS account 1111 2222 3333 · 501 resources · scanned 23 November 2026, 3 days ago", "4 to fix", "1 to watch", "38 out of mind",
		"A trips-db 25 20", "D cold-backups 8…20 ? 6…15 ?", "Five steps to a firmer footing", "Make snapshot trips-0117 private.",
		"Take administration from bram. Let only one branch sign in as terraform, not any repository of otterslip.", "highest known 25 ▸ 15",
		"cold-backups could be 20; on what was seen, 8: its policy could not be read. Let the scan call s3:GetBucketPolicy .",
		"Who can take over the account 7", "CloudTrail", "hugo@otterslip.example trips-db, trips-db-login, cold-backups", "below 10: footing risk --all",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the leaflet does not say %q", want)
		}
	}
	// Every command on paper must exist: fix and serve do not yet.
	for _, m := range regexp.MustCompile(`<code>footing ([a-z]+)`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains("scan risk who check review", m[1]) {
			t.Errorf("the leaflet prints footing %s", m[1])
		}
	}
}

// TestWays: whatever the length of a way, its strip has at most six boxes, ends in the right place and stays on the paper.
func TestWays(t *testing.T) {
	for n := 2; n <= 6; n++ {
		w := report.Way{ID: "x", Cut: n - 2}
		for i := range n {
			w.Boxes = append(w.Boxes, report.Box{Sort: "role", Kind: "role", Name: strings.Repeat("name-", 12), By: fmt.Sprint("does ", i)})
		}
		d := strip(w, 168, 16.5)
		for _, m := range d.Marks {
			for _, p := range m.Points {
				right := p.X
				if m.Text != "" && m.Align == draw.Left {
					right += draw.Width(m.Text, m.Size, m.Bold)
				}
				if p.X < -0.01 || right > d.W+0.01 || p.Y < -0.01 || p.Y > d.H+0.01 {
					t.Errorf("%d boxes: %+v is off the paper", n, m)
				}
			}
		}
		if s := short(w, 4); len(s.Boxes) > 4 || s.Boxes[len(s.Boxes)-1] != w.Boxes[n-1] || s.Boxes[s.Cut+1] != w.Boxes[w.Cut+1] {
			t.Errorf("%d boxes: short is %+v", n, s)
		}
	}
}

// TestStairs: a thick line stands between two neighbours when one is to act on and the other is not, and nowhere else.
func TestStairs(t *testing.T) {
	for gate := 1; gate <= 25; gate++ {
		d := draw.New(100, 100, "", "")
		stairs(d, gate, func(i, l int) (float64, float64) { return float64(l-1) * 10, float64(5-i) * 10 }, 10, 10)
		between := func(x, y float64) bool {
			for _, m := range d.Marks {
				a, b := m.Points[0], m.Points[1]
				if a.X <= x && x <= b.X && a.Y <= y && y <= b.Y {
					return true
				}
			}
			return false
		}
		for i := 1; i <= 5; i++ {
			for l := 1; l <= 5; l++ {
				x, y := float64(l-1)*10, float64(5-i)*10
				if l > 1 && between(x, y+5) != ((i*l >= gate) != (i*(l-1) >= gate)) {
					t.Errorf("gate %d: between %d×%d and %d×%d", gate, i, l-1, i, l)
				}
				if i > 1 && between(x+5, y+10) != ((i*l >= gate) != ((i-1)*l >= gate)) {
					t.Errorf("gate %d: between %d×%d and %d×%d", gate, i-1, l, i, l)
				}
			}
		}
	}
}
