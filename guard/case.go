package guard

import (
	"strings"
	"unicode"
)

// A key that a map does not have is looked for once more in other ways to write it, so that BucketName finds bucket_name. These are the ways,
// in the order in which cfn-guard (with the crate cruet) tries them; the first that finds something is the only one tried on the rest of that
// query.
var keyCases = []func(string) string{
	func(s string) string { return joined(words(s, true, false), 0) }, // bucketName
	classCase,
	func(s string) string { return divided(s, '-') },                    // bucket-name
	func(s string) string { return joined(words(s, true, true), 0) },    // BucketName
	func(s string) string { return divided(s, '_') },                    // bucket_name
	func(s string) string { return joined(words(s, false, true), ' ') }, // Bucket Name
	func(s string) string { return joined(words(s, true, true), '-') },  // Bucket-Name
}

func casesOf(key string) []string {
	out := make([]string, len(keyCases))
	for i, f := range keyCases {
		out[i] = f(key)
	}
	return out
}

func alphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

func trimmed(s string) string {
	return strings.TrimRightFunc(s, func(r rune) bool { return !alphanumeric(r) })
}

// words cuts a name into words, in small letters. A word begins after what is neither letter nor number, at a capital after a small letter that
// did not begin a word itself, and, where digits end words, after each of them. The first item is what comes before the first beginning: it is
// empty, but for digits, where the name itself begins one.
func words(s string, digits, begins bool) []string {
	out := []string{""}
	met, small := false, false
	for _, r := range trimmed(s) {
		if !alphanumeric(r) {
			begins = begins || met
			continue
		}
		met = true
		switch last := len(out) - 1; {
		case digits && unicode.IsNumber(r):
			out[last] += string(r)
			begins = true
		case begins || small && unicode.IsUpper(r):
			out = append(out, string(asciiLower(r)))
			begins = false
		default:
			out[last] += string(asciiLower(r))
			small = unicode.IsLower(r)
		}
	}
	return out
}

// joined writes words with capitals, the head before them as it is, and between them a joint unless that is zero.
func joined(words []string, joint rune) string {
	var b strings.Builder
	b.WriteString(words[0])
	for i, w := range words[1:] {
		if i > 0 && joint != 0 {
			b.WriteRune(joint)
		}
		for k, r := range w {
			if k == 0 {
				r = asciiUpper(r)
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// divided writes a name in small letters, with a joint at each run of what is neither letter nor number, and before what is no small letter
// and has one beside it. Neighbours are counted by rune, where cruet counts bytes: the same for the ASCII names that templates have.
func divided(s string, joint rune) string {
	var b strings.Builder
	all := []rune(s)
	small := func(i int) bool { return i >= 0 && i < len(all) && unicode.IsLower(all[i]) }
	fresh := true
	for i, r := range []rune(trimmed(s)) {
		if !alphanumeric(r) {
			if !fresh {
				b.WriteRune(joint)
			}
			fresh = true
			continue
		}
		if !fresh && r == asciiUpper(r) && (small(i+1) || small(i-1)) {
			b.WriteRune(joint)
		}
		b.WriteRune(asciiLower(r))
		fresh = false
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
	c := joined(words(s, true, true), 0)
	cut := strings.LastIndexFunc(c, unicode.IsUpper)
	if cut < 0 {
		cut = 0
	}
	return c[:cut] + singular(c[cut:])
}

// singular is cruet's notion of English (version 0.14.0, BSD 2-Clause; its endings are those of the inflector of Rails), from the most particular ending to
// the most general. It is as crude as the original: Status is Status, Buses is Buse.
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
