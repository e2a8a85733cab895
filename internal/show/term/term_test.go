package term

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestTableFits(t *testing.T) {
	var b bytes.Buffer
	rows := [][]string{
		{"orders", strings.Repeat("long-", 30), "7"},
		{"東京バケット", "x\x1b[31mred\u202e", "1,204"},
	}
	if err := Table(Paper(&b), []Column{{Head: "NAME"}, {Head: "TAGS", Least: 8}, {Head: "N", Right: true}}, rows); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, l := range lines {
		if Width(l) > 80 || strings.TrimRight(l, " ") != l || strings.ContainsAny(l, "\x1b\u202e") {
			t.Errorf("bad line %q (%d columns)", l, Width(l))
		}
	}
	if !strings.HasSuffix(lines[1], "…      7") || !strings.HasPrefix(lines[2], "東京バケット  x·[31mred·") {
		t.Errorf("%s", b.String())
	}
}

func TestWidths(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "e\u0301": 1, "東京": 4, "▶": 1, "·": 1} {
		if got := Width(s); got != want {
			t.Errorf("Width(%q) = %d, want %d", s, got, want)
		}
	}
	if got := Fit("東京都", 4); got != "東…" {
		t.Errorf("Fit cuts to %q", got)
	}
	if got := strings.Join(Wrap("one two three", 7), "|"); got != "one two|three" {
		t.Errorf("Wrap gives %q", got)
	}
}

func TestColourOnlyWhenAsked(t *testing.T) {
	none := func(string) string { return "" }
	for colour, want := range map[string]string{"auto": "x", "never": "x", "always": "\x1b[1mx\x1b[0m"} {
		if got := On(&bytes.Buffer{}, colour, none).Bold("x"); got != want {
			t.Errorf("--color=%s: %q", colour, got)
		}
	}
}

func TestWords(t *testing.T) {
	for n, want := range map[int]string{0: "no keys", 1: "1 key", 1204: "1,204 keys", 1000000: "1,000,000 keys"} {
		if got := Count(n, "key", "keys"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	for ago, want := range map[time.Duration]string{0: "today 01:00", 2 * time.Hour: "yesterday 23:00", 49 * time.Hour: "2 days ago", -48 * time.Hour: "2026-11-25"} {
		if got := Age(now.Add(-ago), now); got != want {
			t.Errorf("%s: %q, want %q", ago, got, want)
		}
	}
}

// The line that is repainted names what takes long, and for how long; elsewhere a line is written now and then.
func TestProgress(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	var b bytes.Buffer
	p := NewProgress(&Screen{Writer: &b, Width: 60, Live: true}, clock)
	p.Tell(1, 9, "s3", 0)
	now = now.Add(time.Second)
	p.Tell(2, 9, "s3", 0)
	now = now.Add(6 * time.Second)
	p.Tell(3, 9, "sqs \x1beu-central-1", 6700*time.Millisecond)
	p.Done()
	if want := "\r\x1b[Kreading: 2 of 9 calls, s3\r\x1b[Kreading: 3 of 9 calls, sqs ·eu-central-1 for 7s\r\x1b[K"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	b.Reset()
	p = NewProgress(Paper(&b), clock)
	for range 11 {
		now = now.Add(time.Second)
		p.Tell(4, 9, "s3", 61*time.Second)
	}
	if want := strings.Repeat("reading: 4 of 9 calls, s3 for 1m1s\n", 2); b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
