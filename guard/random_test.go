package guard_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/footing-dev/footing/guard"
)

// maker writes random rules about one document: clauses that are mostly sensible, so that most of them reach a verdict.
type maker struct{ *rand.Rand }

func pick[T any](m maker, of ...T) T { return of[m.IntN(len(of))] }

const madeDoc = `
whole: 3
part: 3.5
round: 3.0
word: granite
blank: ""
flag: true
gone: null
words: [granite, slate, gravel]
numbers: [1, 2, 3]
mixed: [1, two, true, null, [1], {a: 1}]
bare: []
hollow: {}
one: [granite]
lists: [[1, 2], [3], []]
things:
  first: {kind: stone, size: 1, tags: [a, b], deep: {x: 1, list: [{k: a, v: 1}, {k: b, v: 2}]}}
  second: {kind: wood, size: 2, tags: [], deep: {x: two}}
  third: {kind: stone, size: "3", other: true}
  fourth: {kind: [stone, wood], size: null, tags: a}
names: [first, third]
t0: aab
t1: "ab ab_1"
t2: "Straße 12"
t3: ""
t4: "AB\nab"
t5: "a-b-c 1"
t6: "\u0661ab\u00e9"
t7: "bbbbaaaa1"
`

func (m maker) literal(depth int) string {
	switch m.IntN(13) {
	case 0:
		return pick(m, "1", "2", "3", "-3")
	case 1:
		return pick(m, "3.0", "3.5", "1.5")
	case 2, 3:
		return pick(m, `"granite"`, `"stone"`, `"a"`, `"1"`, `""`, `"granite and slate"`)
	case 4:
		return pick(m, "true", "false")
	case 5:
		return "null"
	case 6, 7:
		return pick(m, "/^g/", "/stone|wood/", "/a/", "/(?=gra)/")
	case 8:
		return pick(m, "r[1,3]", "r(1,3)", "r[0.5,3.5]")
	case 9:
		return pick(m, "{}", "{a: 1}", "{x: 1}")
	}
	if depth > 1 {
		return "[]"
	}
	var items []string
	for range m.IntN(4) {
		items = append(items, m.literal(depth+1))
	}
	return "[" + strings.Join(items, ", ") + "]"
}

func (m maker) query(depth int) string {
	q := pick(m, "whole", "part", "round", "word", "blank", "flag", "gone", "words", "numbers", "mixed", "bare", "hollow", "one", "lists", "things",
		"things", "things", "things.first", "things.second.deep", "missing", "names", "%lit", "%list", "%words", "%things", "%stones", "%none", "%some", "this")
	if depth > 0 {
		q = pick(m, "kind", "size", "tags", "deep", "deep.x", "other", "this", "k", "v", "missing", "deep.list", q)
	}
	for m.IntN(2) == 0 {
		q += pick(m, "[*]", "[*]", ".*", ".*", "[0]", "[-1]", ".kind", ".size", ".tags", ".deep", ".k", ".x", ".list", ".'first'", ".%names", ".Kind", "[9]",
			"[ keys == "+m.literal(1)+" ]", "[ keys in "+m.literal(1)+" ]", "[ keys not in [\"first\"] ]")
		if depth < 2 && m.IntN(4) == 0 && !strings.HasSuffix(q, " ]") {
			q += "[ " + m.clause(depth+1) + " ]"
		}
	}
	return q
}

func (m maker) clause(depth int) string {
	q := m.query(depth)
	if m.IntN(6) == 0 {
		q = "some " + q
	}
	if m.IntN(10) == 0 {
		q = "not " + q
	}
	var c string
	switch m.IntN(3) {
	case 0:
		c = q + " " + pick(m, "", "", "!", "not ") + pick(m, "exists", "empty", "is_string", "is_list", "is_struct", "is_int", "is_float", "is_bool", "is_null")
	case 1:
		c = q + " " + pick(m, "==", "==", "!=", "in", "not in", ">", ">=", "<", "<=") + " " + m.literal(0)
	default:
		c = q + " " + pick(m, "==", "!=", "in", "not in", ">", "<=") + " " + m.query(depth)
	}
	if m.IntN(8) == 0 && depth < 2 {
		c += " or " + m.clause(depth+1)
	}
	return c
}

// regex is an expression of pieces that Rust and Go read alike, and of those that only our own engine can run.
func (m maker) regex(depth int) string {
	var b strings.Builder
	for range 1 + m.IntN(3) {
		switch n := m.IntN(14); {
		case n < 4:
			b.WriteString(pick(m, "a", "b", "ab", ".", "1", " ", "ß", "_", "-"))
		case n < 8:
			b.WriteString(pick(m, `\w`, `\d`, `\s`, `\W`, `\D`, `\S`, `[a-c]`, `[^a]`, `[\w-]`, `[^\d\s]`, `\p{L}`, `\P{Lu}`, `[[:alpha:]]`, `[[:^digit:]]`, `[\W_]`, `\x61`, `\t`, `\.`, `\-`, `\u{df}`))
		case n < 10:
			b.WriteString(pick(m, "^", "$", `\b`, `\B`, `\A`, `\z`, "(?i)", "(?m)", "(?s)"))
			continue
		case depth > 2:
			b.WriteString("b")
		case n < 12:
			b.WriteString("(" + pick(m, "", "", "?:", "?P<n>", "?i:") + m.regex(depth+1) + "|" + m.regex(depth+1) + ")")
		default:
			if m.IntN(3) == 0 { // cfn-guard looks behind over a fixed length only
				b.WriteString("(" + pick(m, "?<=", "?<!") + pick(m, "a", "b", `\w`, "a|b", "ab", " ", "^", `\d\D`) + ")")
				continue
			}
			b.WriteString("(" + pick(m, "?=", "?!", "?>") + m.regex(depth+1) + ")")
			if strings.HasSuffix(b.String(), ")") && m.IntN(2) == 0 {
				continue
			}
		}
		if m.IntN(3) == 0 {
			b.WriteString(pick(m, "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?"))
			// Of a group that may be empty a possessive repetition stops earlier here than there.
			if s := b.String(); m.IntN(6) == 0 && !strings.ContainsAny(s[max(len(s)-2, 0):], ")?}") {
				b.WriteString("+")
			}
		}
	}
	if depth == 0 && m.IntN(8) == 0 {
		return "(" + b.String() + ")" + pick(m, `\1`, `.?\1`)
	}
	return b.String()
}

func (m maker) body() string {
	if m.IntN(3) == 0 {
		return pick(m, "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7") + " == /" + m.regex(0) + "/"
	}
	switch m.IntN(8) {
	case 0:
		return pick(m, "", "some ") + m.query(0) + pick(m, " ", " !empty ") + "{ " + m.clause(1) + " }"
	case 1:
		return "when " + m.clause(0) + " { " + m.clause(0) + " }"
	case 2:
		return "let x = " + m.query(0) + "\n  %x" + pick(m, "", "", "[*]", ".kind", ".*") + " " + pick(m, "==", "!=", "in", "not in") + " " + m.literal(0)
	case 3:
		return "same(" + m.query(0) + ", " + m.literal(0) + ")"
	}
	return m.clause(0)
}

const madeHead = `let lit = "granite"
let list = [1, 2, "granite"]
let words = words
let things = things.*
let stones = things.*[ kind == "stone" ]
let none = things.*[ kind == "none" ]
let some = some things.*.tags
let names = names
rule same(a, b) { %a == %b }
`

// TestOracleRandom puts random rules to both programs. Where cfn-guard aborts, we may say what we like, but not panic.
func TestOracleRandom(t *testing.T) {
	program := os.Getenv("FOOTING_CFN_GUARD")
	if program == "" {
		t.Skip("FOOTING_CFN_GUARD names no cfn-guard 3.2.1")
	}
	n, _ := strconv.Atoi(os.Getenv("FOOTING_GUARD_N"))
	seed, _ := strconv.ParseUint(os.Getenv("FOOTING_GUARD_SEED"), 10, 64)
	m := maker{rand.New(rand.NewPCG(seed, 7))}
	compared, aborted, wrong := 0, 0, 0
	for range max(n, 2000) / 50 {
		bodies := make([]string, 50)
		for i := range bodies {
			bodies[i] = m.body()
		}
		c, a, w := compareMade(t, program, bodies)
		compared, aborted, wrong = compared+c, aborted+a, wrong+w
		if wrong > 20 {
			break
		}
	}
	t.Logf("%d rules compared, %d on which cfn-guard aborts, %d differ", compared, aborted, wrong)
}

func compareMade(t *testing.T, program string, bodies []string) (compared, aborted, wrong int) {
	t.Helper()
	var src strings.Builder
	src.WriteString(madeHead)
	for i, b := range bodies {
		fmt.Fprintf(&src, "rule r%d {\n  %s\n}\n", i, b)
	}
	c := corpus{path: "made", files: map[string][]byte{"x.guard": []byte(src.String()), "x.yaml": []byte(madeDoc)}}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "rules.guard"), []byte(src.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := guard.Parse("made", []byte(src.String()))
	if err != nil {
		// Nearly everything that is made can be read; what cannot must be refused by both.
		out, _ := exec.Command(program, "parse-tree", "-r", filepath.Join(dir, "rules.guard")).CombinedOutput()
		if len(bodies) == 1 {
			if !strings.Contains(string(out), "Parsing Error") && !strings.Contains(string(out), "rror") {
				t.Errorf("we refuse and cfn-guard reads: %s\n%v", bodies[0], err)
				return 0, 0, 1
			}
			return 0, 0, 0
		}
	}
	if err == nil {
		if theirs := c.theirTest(t, program, dir, "x"); theirs != "aborted\n" {
			a, b := strings.Split(theirs, "\n"), strings.Split(c.ours("x"), "\n")
			for i := range bodies {
				compared++
				if a[i] != b[i] {
					wrong++
					t.Errorf("%s\n\twant %s, got %s", bodies[i], a[i], b[i])
				}
			}
			return
		}
		if len(bodies) == 1 {
			return 0, 1, 0
		}
	}
	half := len(bodies) / 2
	for _, part := range [][]string{bodies[:half], bodies[half:]} {
		x, y, z := compareMade(t, program, part)
		compared, aborted, wrong = compared+x, aborted+y, wrong+z
	}
	return
}
