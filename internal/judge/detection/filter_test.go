package detection

import (
	"strings"
	"testing"
)

// The forms of the page "Filter pattern syntax", each both ways, and what it leaves open.
func TestFilter(t *testing.T) {
	e := decoded(t, aRecord)
	for text, want := range map[string]Truth{
		``:                            Yes,
		`  `:                          Yes,
		`{ $.source = "aws.signin" }`: Yes,
		`{$.source=aws.signin}`:       Yes,
		`{ $.source = "aws.iam" }`:    No,
		`{ $.source = "aws.*" }`:      Yes,
		`{ $.source = *iam }`:         No,
		`{ $.source != "aws.iam" }`:   Yes,
		`{ $.source != "aws.*" }`:     No,
		`{ $.absent = "x" }`:          No,
		`{ $.absent != "x" }`:         Unclear,
		`{ $.who.type = "Root" && $.who.arn EXISTS }`:                                            Yes,
		`{ $.who.type = "Root" && $.who.invokedBy NOT EXISTS && $.source != "AwsServiceEvent" }`: Yes,
		`{ $.who.type = "Root" && $.who.arn NOT EXISTS }`:                                        No,
		`{ ($.source = "a") || ($.who.type = "Root") }`:                                          Yes,
		`{ ($.source = "a") || ($.who.type = "b") }`:                                             No,
		`{ $.source = "a" && $.n = 3 || $.on IS TRUE }`:                                          Yes, // && binds closer
		`{ $.source = "a" && ($.n = 3 || $.on IS TRUE) }`:                                        No,
		`{(($.n=3)||($.n=4))&&(($.source="aws.signin"))}`:                                        Yes,
		`{ $.n = 3 }`:                 Yes,
		`{ $.n = 3.0 }`:               Yes,
		`{ $.n = 4 }`:                 No,
		`{ $.n > 2 }`:                 Yes,
		`{ $.n >= 4 }`:                No,
		`{ $.x <= 3.5 }`:              Yes,
		`{ $.x < 3.5 }`:               No,
		`{ $.n > x }`:                 Unclear,
		`{ $.source > 2 }`:            Unclear,
		`{ $.absent > 2 }`:            No,
		`{ $.on IS TRUE }`:            Yes,
		`{ $.on IS FALSE }`:           No,
		`{ $.on = "true" }`:           Unclear,
		`{ $.gone IS NULL }`:          Yes,
		`{ $.source IS NULL }`:        No,
		`{ $.gone EXISTS }`:           Unclear,
		`{ $.list[1] = "b" }`:         Yes,
		`{ $.list[2] = "b" }`:         No,
		`{ $.things[0].k = "a" }`:     Yes,
		`{ $.list = "a" }`:            Unclear,
		`{ $.["who"].type = "Root" }`: Unclear, // no name after the dot
		`{ $["who"].type = "Root" }`:  Yes,
		`{ $.source = %sign% }`:       Yes,
		`{ $.source = %^iam% }`:       No,
		`{ $.path = "a*b\\c" }`:       Yes,
	} {
		f, err := ParseFilter(text)
		if err != nil {
			if want != Unclear {
				t.Errorf("%s: %v", text, err)
			}
			continue
		}
		if got := f.Matches(e); got != want {
			t.Errorf("%s is %d, want %d", text, got, want)
		}
	}
}

// What is not understood says where.
func TestBadFilter(t *testing.T) {
	for text, want := range map[string]string{
		`ERROR`:                       "column 1: it is no pattern for JSON",
		`[ip, user]`:                  "column 1: it is no pattern",
		`{}`:                          "column 2: a field is wanted",
		`{ $.a }`:                     "column 7: a comparison is wanted",
		`{ $.a = }`:                   "column 9: a value is wanted",
		`{ $.a = "x }`:                "column 9: the text is not closed",
		`{ $.a = 1 } x`:               "column 13: &&",
		`{ ($.a = 1 }`:                "column 12: a bracket is not closed",
		`{ $.a = 1 && }`:              "column 14: a field is wanted",
		`{ $ = 1 }`:                   "a field is wanted",
		`{ $.a[x] = 1 }`:              "a place in a list",
		`{ $.a = %(% }`:               "the regular expression",
		`{ $.a > %x% }`:               "the regular expression",
		`{` + strings.Repeat("(", 99): "too many brackets",
	} {
		if _, err := ParseFilter(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// A pattern is read or refused; what it says does not depend on brackets around it, and its contrary is never both.
func FuzzFilter(f *testing.F) {
	f.Add(`{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }`)
	f.Add(`{ $.a[0].b NOT EXISTS || $["c d"] IS NULL || $.e >= 1.5e3 || $.f = %x[0-9]+% }`)
	f.Add(`{ (($.n = 3)) && $.on IS TRUE }`)
	e := decoded(f, aRecord)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParseFilter(text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "column ") {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		body := strings.TrimSpace(text)
		if body == "" {
			return
		}
		inner := body[1 : len(body)-1]
		if q, err := ParseFilter("{(" + inner + ")}"); err == nil && q.Matches(e) != p.Matches(e) {
			t.Errorf("%q differs in brackets", text)
		}
	})
}
