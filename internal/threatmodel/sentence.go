package threatmodel

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Kinds of assertions.
const (
	Only     = "only"
	Nobody   = "nobody"
	Isolated = "isolated"
	Requires = "requires"
	AtMost   = "at-most"
)

// Anything is the target that stands for everything that has a row.
const Anything = "anything"

// Forms are the sentences that an objective may be made of.
func Forms() []string {
	return []string{
		"only admins and terraform may administer account",
		"nobody may write backups",
		"dev is isolated from prod",
		"administering account requires mfa",
		"at most 3 may administer account",
		"when risk is 15 or more, only admins may write anything",
	}
}

// Names are what a sentence may speak of.
type Names struct {
	Actors    []string
	Resources []string
	Units     []string
}

func (s *source) names() Names {
	list := func(kind string) []string { return slices.Sorted(maps.Keys(s.named[kind])) }
	return Names{Actors: list("actor"), Resources: list("resource"), Units: list("unit")}
}

// Slip is the word of a sentence that is not understood.
type Slip struct {
	word int // its number among the words that space divides; one more than there are when the sentence ends too early
	says string
	hint string
}

func (e *Slip) Error() string { return e.says }

// ParseSentence reads a sentence of an objective. Keywords may be written with capitals, names are written as they are stated, in quotes when
// they are keywords too. "the" and a full stop at the end say nothing.
func ParseSentence(text string, n Names) (Assertion, *Slip) {
	p := &sentence{names: n, fields: len(strings.Fields(text))}
	p.split(text)
	a := Assertion{Text: strings.Join(strings.Fields(text), " ")}
	err := p.whole(&a)
	if err == nil && p.at < len(p.words) {
		err = p.slip("write one sentence for each thing that must hold", "the sentence goes on with %q, where it should end", p.word())
	}
	return a, err
}

type lexeme struct {
	text   string
	quoted bool // a name, never a keyword
	field  int
}

type sentence struct {
	names  Names
	words  []lexeme
	fields int
	at     int
}

// split takes commas off words, the full stop off the last one, and puts quoted words together.
func (p *sentence) split(text string) {
	fields := strings.Fields(text)
	for i := 0; i < len(fields); i++ {
		w, first := fields[i], i
		if q := w[0]; q == '"' || q == '\'' {
			for j := i; j < len(fields); j++ {
				body := strings.TrimRight(strings.Join(fields[i:j+1], " ")[1:], ".,")
				if name, ok := strings.CutSuffix(body, string(q)); ok && name != "" {
					p.words = append(p.words, lexeme{name, true, first})
					if strings.HasSuffix(fields[j], ",") {
						p.words = append(p.words, lexeme{",", false, j})
					}
					i = j
					w = ""
					break
				}
			}
		}
		if w == "" {
			continue
		}
		if i == len(fields)-1 {
			w = strings.TrimSuffix(w, ".")
		}
		body := strings.TrimRight(w, ",")
		if body != "" {
			p.words = append(p.words, lexeme{body, false, first})
		}
		if body != w {
			p.words = append(p.words, lexeme{",", false, first})
		}
	}
}

func (p *sentence) slip(hint, format string, args ...any) *Slip {
	at := p.fields
	if p.at < len(p.words) {
		at = p.words[p.at].field
	}
	return &Slip{at, fmt.Sprintf(format, args...), hint}
}

// word is the next one, as it is written; "" at the end.
func (p *sentence) word() string {
	if p.at < len(p.words) {
		return p.words[p.at].text
	}
	return ""
}

// is tells whether the next words are these keywords.
func (p *sentence) is(words ...string) bool {
	for i, w := range words {
		if p.at+i >= len(p.words) || p.words[p.at+i].quoted || !strings.EqualFold(p.words[p.at+i].text, w) {
			return false
		}
	}
	return true
}

// take goes past these keywords, if they come next.
func (p *sentence) take(words ...string) bool {
	if !p.is(words...) {
		return false
	}
	p.at += len(words)
	return true
}

// missing says what should have come next.
func (p *sentence) missing(what, form string, known ...string) *Slip {
	hint := "write it like: " + form
	if near := Nearest(strings.ToLower(p.word()), known); near != "" && p.word() != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	if p.word() == "" {
		return p.slip(hint, "the sentence ends where %s should come", what)
	}
	return p.slip(hint, "%q stands where %s should come", p.word(), what)
}

func (p *sentence) whole(a *Assertion) *Slip {
	forms := Forms()
	if !p.take("when") {
		return p.claim(a)
	}
	if !p.take("risk", "is") {
		return p.missing(`"risk is"`, forms[5], "risk", "is")
	}
	n, err := p.number(1, 25, forms[5])
	if err != nil {
		return err
	}
	a.RiskAtLeast = n
	if !p.take("or", "more") {
		return p.missing(`"or more"`, forms[5], "or")
	}
	p.take(",")
	start := p.at
	if err := p.claim(a); err != nil {
		return err
	}
	if a.Kind == Isolated {
		p.at = start
		return p.slip("leave the beginning out", "units are isolated as a whole, and not from some risk on")
	}
	return nil
}

// claim reads a sentence without its condition.
func (p *sentence) claim(a *Assertion) (err *Slip) {
	forms := Forms()
	switch {
	case p.take("only"):
		a.Kind = Only
		if a.Actors, err = p.list("the name of an actor", forms[0], p.actor); err != nil {
			return err
		}
		return p.may(a, forms[0])
	case p.take("nobody"), p.take("no", "one"):
		a.Kind = Nobody
		return p.may(a, forms[1])
	case p.take("at", "most"):
		a.Kind = AtMost
		if a.AtMost, err = p.number(1, 9999, forms[4]); err != nil {
			return err
		}
		return p.may(a, forms[4])
	case p.gerund() != "":
		return p.requires(a, forms[3])
	}
	start := p.at
	if a.From, err = p.list("the name of a unit", forms[2], p.unit); err == nil || p.has("isolated") {
		a.Kind = Isolated
		return p.isolated(a, err, forms[2])
	}
	p.at = start
	begin := []string{"only", "nobody", "when", "at most", "reading", "writing", "administering"}
	hint := "a sentence is like one of these:\n        " + strings.Join(forms, "\n        ")
	if near := Nearest(strings.ToLower(p.word()), append(begin, p.names.Units...)); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if slices.Contains(p.names.Actors, p.word()) {
		hint = fmt.Sprintf(`write "only %s may …"`, p.word())
	}
	if p.word() == "" {
		return p.slip(hint, "the sentence ends where it should say what must hold")
	}
	return p.slip(hint, "no sentence begins with %q", p.word())
}

func (p *sentence) has(word string) bool {
	return slices.ContainsFunc(p.words, func(t lexeme) bool { return !t.quoted && strings.EqualFold(t.text, word) })
}

func (p *sentence) isolated(a *Assertion, err *Slip, form string) *Slip {
	if err != nil {
		return err
	}
	if !p.take("is") && !p.take("are") {
		return p.missing(`"is isolated from"`, form, "is", "are")
	}
	for _, w := range []string{"isolated", "from"} {
		if !p.take(w) {
			return p.missing(strconv.Quote(w), form, w)
		}
	}
	start := p.at
	if a.To, err = p.list("the name of a unit", form, p.unit); err != nil {
		return err
	}
	for _, u := range a.To {
		if slices.Contains(a.From, u) {
			p.at = start
			return p.slip("name another unit", "%q cannot be isolated from itself", u)
		}
	}
	return nil
}

// may reads what comes after who: may ACCESS TARGETS.
func (p *sentence) may(a *Assertion, form string) (err *Slip) {
	if !p.take("may") && !p.take("can") {
		return p.missing(`"may"`, form, "may", "and", ",")
	}
	if a.Access, err = p.list("read, write or administer", form, func() (string, bool, []string) {
		return p.oneOf(map[string]string{"read": "read", "write": "write", "administer": "admin"})
	}); err != nil {
		return err
	}
	a.Targets, err = p.list("the name of a resource", form, p.target)
	return err
}

var gerunds = map[string]string{"reading": "read", "writing": "write", "administering": "admin"}

func (p *sentence) gerund() string {
	if p.at < len(p.words) && !p.words[p.at].quoted {
		return gerunds[strings.ToLower(p.word())]
	}
	return ""
}

func (p *sentence) requires(a *Assertion, form string) (err *Slip) {
	a.Kind = Requires
	if a.Access, err = p.list("reading, writing or administering", form, func() (string, bool, []string) { return p.oneOf(gerunds) }); err != nil {
		return err
	}
	if a.Targets, err = p.list("the name of a resource", form, p.target); err != nil {
		return err
	}
	if !p.take("requires") && !p.take("require") {
		return p.missing(`"requires"`, form, "requires", "and", ",")
	}
	guards := map[string]string{}
	for _, g := range Guards() {
		guards[g] = g
	}
	if a.Guards, err = p.list("mfa, network or organization", form, func() (string, bool, []string) { return p.oneOf(guards) }); err != nil {
		return err
	}
	for i := p.at - 1; i > 0; i-- {
		if w := p.words[i]; !w.quoted && strings.EqualFold(w.text, "or") {
			p.at = i
			return p.slip(`write "and", or one sentence for each`, `guards are asked for together: "or" would leave open which of them holds`)
		}
		if w := p.words[i]; strings.EqualFold(w.text, "requires") || strings.EqualFold(w.text, "require") {
			break
		}
	}
	return nil
}

func (p *sentence) number(low, high int, form string) (int, *Slip) {
	w := p.word()
	n, err := strconv.Atoi(w)
	if err != nil || !digits.MatchString(w) {
		return 0, p.missing(fmt.Sprintf("a number from %d to %d", low, high), form)
	}
	if n < low || n > high {
		hint := "write it like: " + form
		if n == 0 && high > 25 {
			hint = `write "nobody may …"`
		}
		return 0, p.slip(hint, "a number from %d to %d should come here, not %d", low, high, n)
	}
	p.at++
	return n, nil
}

// list reads one thing or several, between commas, "and" and "or". next takes one and tells its name, or which ones there are.
func (p *sentence) list(what, form string, next func() (name string, ok bool, known []string)) ([]string, *Slip) {
	var out []string
	for {
		name, ok, known := next()
		if !ok {
			if word := p.word(); word != "" && Nearest(strings.ToLower(word), known) == "" && len(known) > 0 && len(known) <= 12 {
				form += "; there are " + strings.Join(known, ", ")
			}
			return nil, p.missing(what, form, known...)
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
		if comma := p.take(","); !p.take("and") && !p.take("or") && !comma {
			return out, nil
		}
	}
}

func (p *sentence) oneOf(words map[string]string) (string, bool, []string) {
	if p.at < len(p.words) && !p.words[p.at].quoted {
		if v := words[strings.ToLower(p.word())]; v != "" {
			p.at++
			return v, true, nil
		}
	}
	return "", false, slices.Sorted(maps.Keys(words))
}

// named takes the longest name that the next words make: a name may have spaces.
func (p *sentence) named(known []string) (string, bool) {
	if p.at < len(p.words) && p.words[p.at].quoted {
		if name := p.word(); slices.Contains(known, name) {
			p.at++
			return name, true
		}
		return "", false
	}
	for n := min(6, len(p.words)-p.at); n > 0; n-- {
		words := make([]string, n)
		for i, w := range p.words[p.at : p.at+n] {
			words[i] = w.text
		}
		if name := strings.Join(words, " "); slices.Contains(known, name) {
			p.at += n
			return name, true
		}
	}
	return "", false
}

// called is named, also after "the".
func (p *sentence) called(known []string) (string, bool) {
	if name, ok := p.named(known); ok {
		return name, true
	}
	if p.is("the") {
		p.at++
		if name, ok := p.named(known); ok {
			return name, true
		}
		if p.word() == "" {
			p.at--
		}
	}
	return "", false
}

func (p *sentence) actor() (string, bool, []string) {
	name, ok := p.called(p.names.Actors)
	return name, ok, p.names.Actors
}

func (p *sentence) unit() (string, bool, []string) {
	name, ok := p.called(p.names.Units)
	if !ok && p.take("unit") {
		name, ok = p.named(p.names.Units)
	}
	return name, ok, p.names.Units
}

// target is the id of a resource, a unit, a class, a type, or anything.
func (p *sentence) target() (string, bool, []string) {
	if p.take(Anything) || p.take("everything") {
		return Anything, true, nil
	}
	for _, kind := range []struct {
		word  string
		known []string
	}{{"unit", p.names.Units}, {"class", Classes()}, {"type", nil}} {
		if !p.take(kind.word) {
			continue
		}
		if kind.word == "type" {
			if w := p.word(); typeWord.MatchString(w) {
				p.at++
				return "type:" + w, true, nil
			}
		} else if name, ok := p.named(kind.known); ok {
			return kind.word + ":" + name, true, nil
		}
		if !slices.Contains(p.names.Resources, kind.word) {
			return "", false, kind.known
		}
		p.at-- // a resource may be called "unit"
	}
	name, ok := p.called(p.names.Resources)
	return name, ok, append(slices.Clone(p.names.Resources), Anything, "unit", "class", "type")
}

// typeWord is a type, or the end of one, as selectors take it: AWS::S3::Bucket, s3::bucket, bucket.
var typeWord = regexp.MustCompile(`^[A-Za-z0-9*?:-]+$`)
