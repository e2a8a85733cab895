package guard

import (
	"strings"
	"unicode"
)

// A key that a map does not have is looked for once more in other ways to write it, so that BucketName finds bucket_name. These are the ways,
// in the order in which cfn-guard (with the crate cruet) tries them; the first that finds something is the only one tried on the rest of that
// query.
var keyCases = []func(string) string{
	func(s string) string { return camelLike(s, camelStyle{digits: true}) },
	classCase,
	func(s string) string { return snakeLike(s, '-') },
	func(s string) string { return camelLike(s, camelStyle{newWord: true, digits: true}) },
	func(s string) string { return snakeLike(s, '_') },
	func(s string) string { return camelLike(s, camelStyle{newWord: true, first: true, joint: ' '}) },
	func(s string) string {
		return camelLike(s, camelStyle{newWord: true, first: true, joint: '-', digits: true})
	},
}

func casesOf(key string) []string {
	out := make([]string, len(keyCases))
	for i, f := range keyCases {
		out[i] = f(key)
	}
	return out
}

type camelStyle struct {
	newWord bool // the first letter begins a word
	first   bool // no joint before the first word
	joint   rune // between words; none if zero
	digits  bool // a digit ends a word
}

func alphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

func trimmed(s string) string {
	return strings.TrimRightFunc(s, func(r rune) bool { return !alphanumeric(r) })
}

func camelLike(s string, style camelStyle) string {
	var b strings.Builder
	newWord, first, last, found := style.newWord, style.first, ' ', false
	for _, r := range trimmed(s) {
		switch {
		case !alphanumeric(r) && found:
			newWord = true
		case !found && !alphanumeric(r):
		case unicode.IsNumber(r) && style.digits:
			found, newWord = true, true
			b.WriteRune(r)
		case newWord || unicode.IsLower(last) && unicode.IsUpper(r):
			found, newWord = true, false
			if style.joint != 0 && !first {
				b.WriteRune(style.joint)
			}
			b.WriteRune(asciiUpper(r))
			first = false
		default:
			found, last = true, r
			b.WriteRune(asciiLower(r))
		}
	}
	return b.String()
}

func snakeLike(s string, joint rune) string {
	var b strings.Builder
	runes := []rune(s)
	at := func(i int) rune {
		if i < 0 || i >= len(runes) {
			return 'A'
		}
		return runes[i]
	}
	first := true
	// cruet asks for the neighbours by byte offset, which is the same for the ASCII names that templates have.
	for i, r := range trimmed(s) {
		switch {
		case !alphanumeric(r):
			if !first {
				first = true
				b.WriteRune(joint)
			}
		case !first && r == asciiUpper(r) && (unicode.IsLower(at(i+1)) || unicode.IsLower(at(i-1))):
			b.WriteRune(joint)
			b.WriteRune(asciiLower(r))
		default:
			first = false
			b.WriteRune(asciiLower(r))
		}
	}
	return b.String()
}

func asciiUpper(r rune) rune {
	if 'a' <= r && r <= 'z' {
		return r - 'a' + 'A'
	}
	return r
}

func asciiLower(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r - 'A' + 'a'
	}
	return r
}

// classCase is PascalCase with its last word in the singular.
func classCase(s string) string {
	c := camelLike(s, camelStyle{newWord: true, digits: true})
	cut := strings.LastIndexFunc(c, unicode.IsUpper)
	if cut < 0 {
		cut = 0
	}
	return c[:cut] + singular(c[cut:])
}

// singular is the crate's notion of English, from the most particular ending to the most general. It is as crude as the original: Status is
// Status, Buses is Buse.
func singular(s string) string {
	for _, e := range endings {
		stem, ok := strings.CutSuffix(s, e.plural)
		if !ok {
			continue
		}
		if e.after == "" || hasOneSuffix(stem, e.after) {
			return stem + e.singular
		}
		if e.not != "" && stem != "" && !strings.ContainsAny(stem[len(stem)-1:], e.not) {
			return stem + e.singular
		}
	}
	return s
}

// endings: plural becomes singular after one of the letters of after (separated by blanks; anything if empty), or after any letter but not.
var endings = []struct{ plural, singular, after, not string }{
	{plural: "s", after: "database"},
	{plural: "zes", after: "quiz"},
	{plural: "ices", singular: "ix", after: "matr"},
	{plural: "ices", singular: "ex", after: "vert ind"},
	{plural: "es", after: "alias status"},
	{plural: "", after: "alias status"},
	{plural: "us", singular: "us", after: "octop vir"},
	{plural: "i", singular: "us", after: "octop vir"},
	{plural: "is", singular: "is", after: "cris test"},
	{plural: "es", singular: "is", after: "cris test"},
	{plural: "s", after: "shoe"},
	{plural: "es", after: "bus"},
	{plural: "", after: "bus"},
	{plural: "ice", singular: "ouse", after: "m l"},
	{plural: "es", after: "x ch ss sh"},
	{plural: "ovies", singular: "ovie", after: "m"},
	{plural: "eries", singular: "eries", after: "s"},
	{plural: "ies", singular: "y", after: "qu", not: "aeiouy"},
	{plural: "ves", singular: "f", after: "l r"},
	{plural: "s", after: "tive hive"},
	{plural: "ves", singular: "fe", after: "-", not: "f"},
	{plural: "sis", singular: "sis", after: "analy ba diagno parenthe progno synop the"},
	{plural: "ses", singular: "sis", after: "analy ba diagno parenthe progno synop the"},
	{plural: "a", singular: "um", after: "t i"},
	{plural: "es", after: "o"},
	{plural: "ews", singular: "ews", after: "n"},
	{plural: "", after: "ss"},
	{plural: "s"},
}

func hasOneSuffix(s, suffixes string) bool {
	for e := range strings.SplitSeq(suffixes, " ") {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}
