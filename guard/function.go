package guard

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// function is one of the language's functions. It maps the values of its first argument one by one and leaves out what it does not apply to,
// unless it takes them all at once.
type function struct {
	args int
	each func(v *Value) (*Value, error)                          // one value; nil leaves it out
	all  func(ev *evaluation, args [][]result) ([]*Value, error) // everything else
}

var functions = map[string]function{
	"count":         {args: 1, all: count},
	"join":          {args: 2, all: join},
	"json_parse":    {args: 1, each: jsonParse},
	"now":           {args: 0, all: now},
	"parse_boolean": {args: 1, each: parseBoolean},
	"parse_char":    {args: 1, each: parseChar},
	"parse_epoch":   {args: 1, each: parseEpoch},
	"parse_float":   {args: 1, each: parseFloat},
	"parse_int":     {args: 1, each: parseInt},
	"parse_string":  {args: 1, each: parseString},
	"regex_replace": {args: 3, all: regexReplace},
	"substring":     {args: 3, all: substring},
	"to_lower":      {args: 1, each: ofText(strings.ToLower)},
	"to_upper":      {args: 1, each: ofText(strings.ToUpper)},
	"url_decode":    {args: 1, each: urlDecode},
}

func (ev *evaluation) function(c *call, s *scope) ([]result, error) {
	if err := ev.enter(); err != nil {
		return nil, err
	}
	defer ev.leave()
	args := make([][]result, len(c.args))
	for i, a := range c.args {
		var err error
		if args[i], err = ev.operand(a, s); err != nil {
			return nil, err
		}
	}
	var values []*Value
	var err error
	if c.fn.all != nil {
		values, err = c.fn.all(ev, args)
	} else {
		values, err = mapped(args[0], c.fn.each)
	}
	if err != nil {
		return nil, placed(err, c.at)
	}
	out := make([]result, len(values))
	for i, v := range values {
		out[i].value = v
	}
	return out, nil
}

func mapped(args []result, each func(*Value) (*Value, error)) ([]*Value, error) {
	var out []*Value
	for _, r := range args {
		if r.missing != nil {
			continue
		}
		v, err := each(r.value)
		if err != nil {
			return nil, err
		}
		if v != nil {
			out = append(out, v)
		}
	}
	return out, nil
}

func ofText(f func(string) string) func(*Value) (*Value, error) {
	return func(v *Value) (*Value, error) {
		if v.kind != String {
			return nil, nil
		}
		return v.like(Value{kind: String, text: f(v.text)}), nil
	}
}

func place(args []result, n Value) *Value {
	if len(args) == 0 {
		return &n
	}
	if m := args[0].missing; m != nil {
		return m.at.like(n)
	}
	return args[0].value.like(n)
}

func count(_ *evaluation, args [][]result) ([]*Value, error) {
	n := Value{kind: Int}
	for _, r := range args[0] {
		if r.missing == nil {
			n.num++
		}
	}
	return []*Value{place(args[0], n)}, nil
}

func join(_ *evaluation, args [][]result) ([]*Value, error) {
	by := ""
	switch d := first(args[1]); {
	case d != nil && d.kind == String:
		by = d.text
	case d != nil && d.kind == Char:
		by = string(rune(d.num))
	default:
		return nil, cannot("join takes a text or a character as its second argument")
	}
	var all []string
	for _, r := range args[0] {
		if r.missing != nil {
			return nil, unanswerable("join takes texts, and %s %s", orRoot(r.missing.at.Path()), r.missing.says())
		}
		if r.value.kind != String {
			return nil, unanswerable("join takes texts, and %s is %s", orRoot(r.value.Path()), shown(r.value))
		}
		all = append(all, r.value.text)
	}
	return []*Value{place(args[0], Value{kind: String, text: strings.Join(all, by)})}, nil
}

func orRoot(path string) string {
	if path == "" {
		return "a value"
	}
	return path
}

func first(args []result) *Value {
	if len(args) == 0 || args[0].missing != nil {
		return nil
	}
	return args[0].value
}

func jsonParse(v *Value) (*Value, error) {
	if v.kind != String {
		return nil, nil
	}
	out, err := loadPlain("text", []byte(v.text))
	if err != nil {
		return nil, cannot("json_parse cannot read %s: %v", orRoot(v.Path()), err)
	}
	root := *out
	root.parent, root.step, root.at = v.parent, v.step, v.at
	for _, e := range root.Items() {
		e.parent = &root
	}
	for _, k := range root.keys {
		k.parent = &root
	}
	return &root, nil
}

func now(ev *evaluation, _ [][]result) ([]*Value, error) {
	if ev.now.IsZero() {
		return nil, cannot("now() needs the time, and none was given")
	}
	return []*Value{{kind: Int, num: ev.now.Unix()}}, nil
}

func unconvertible(v *Value, to string) error {
	return unanswerable("%s is %s, which is no %s", orRoot(v.Path()), shown(v), to)
}

func parseBoolean(v *Value) (*Value, error) {
	switch {
	case v.kind == Bool:
		return v, nil
	case v.kind != String:
		return nil, nil
	}
	switch strings.ToLower(v.text) {
	case "true":
		return v.like(Value{kind: Bool, yes: true}), nil
	case "false":
		return v.like(Value{kind: Bool}), nil
	}
	return nil, unconvertible(v, "boolean")
}

// parseChar gives a character, which no text equals, not even one of one letter, but which ranges such as r[a,f] can hold.
func parseChar(v *Value) (*Value, error) {
	switch v.kind {
	case Int:
		if v.num < 0 || v.num > 9 {
			return nil, unconvertible(v, "character")
		}
		return v.like(Value{kind: Char, num: '0' + v.num}), nil
	case String:
		if len(v.text) > 1 {
			return nil, unconvertible(v, "character")
		}
		if v.text == "" {
			return nil, nil
		}
		r, _ := utf8.DecodeRuneInString(v.text)
		return v.like(Value{kind: Char, num: int64(r)}), nil
	case Char:
		return v.like(Value{kind: String, text: string(rune(v.num))}), nil
	}
	return nil, nil
}

func parseEpoch(v *Value) (*Value, error) {
	if v.kind != String {
		return nil, nil
	}
	text := strings.ToUpper(v.text)
	if len(text) > 10 && text[10] == ' ' { // RFC 3339 allows it and Go does not
		text = text[:10] + "T" + text[11:]
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, unconvertible(v, "date such as 2024-08-21T00:00:00Z")
	}
	return v.like(Value{kind: Int, num: t.Unix()}), nil
}

func parseFloat(v *Value) (*Value, error) {
	switch v.kind {
	case Float:
		return v, nil
	case Int:
		return v.like(Value{kind: Float, float: float64(v.num)}), nil
	case String:
		f, ok := rustFloat(v.text)
		if !ok {
			return nil, unconvertible(v, "number")
		}
		return v.like(Value{kind: Float, float: f}), nil
	case Char:
		if v.num < '0' || v.num > '9' {
			return nil, unconvertible(v, "number")
		}
		return v.like(Value{kind: Float, float: float64(v.num - '0')}), nil
	}
	return nil, nil
}

func parseInt(v *Value) (*Value, error) {
	switch v.kind {
	case Int:
		return v, nil
	case Float:
		return v.like(Value{kind: Int, num: saturated(v.float)}), nil
	case String:
		n, err := strconv.ParseInt(v.text, 10, 64)
		if err != nil {
			return nil, unconvertible(v, "whole number")
		}
		return v.like(Value{kind: Int, num: n}), nil
	case Char:
		if v.num < '0' || v.num > '9' {
			return nil, unconvertible(v, "whole number")
		}
		return v.like(Value{kind: Int, num: v.num - '0'}), nil
	}
	return nil, nil
}

// saturated is a float without its fraction; what is too large becomes the largest number, as in Rust.
func saturated(f float64) int64 {
	switch {
	case f != f:
		return 0
	case f >= 1<<63:
		return 1<<63 - 1
	case f < -1<<63:
		return -1 << 63
	}
	return int64(f)
}

func parseString(v *Value) (*Value, error) {
	text := ""
	switch v.kind {
	case String:
		return v, nil
	case Int:
		text = strconv.FormatInt(v.num, 10)
	case Float:
		text = floatText(v.float)
	case Bool:
		text = strconv.FormatBool(v.yes)
	case Char:
		text = string(rune(v.num))
	default:
		return nil, nil
	}
	return v.like(Value{kind: String, text: text}), nil
}

func regexReplace(_ *evaluation, args [][]result) ([]*Value, error) {
	expr, with := first(args[1]), first(args[2])
	if expr == nil || expr.kind != String || with == nil || with.kind != String {
		return nil, cannot("regex_replace takes texts as its second and third argument")
	}
	re, err := compile(expr.text)
	if err != nil {
		return nil, cannot("regex_replace cannot read the expression %s: %v", expr, err)
	}
	return mapped(args[0], func(v *Value) (*Value, error) {
		if v.kind != String {
			return nil, nil
		}
		text, err := re.extract(v.text, with.text)
		if err != nil {
			return nil, cannot("regex_replace of %s: %v", shown(v), err)
		}
		return v.like(Value{kind: String, text: text}), nil
	})
}

func substring(_ *evaluation, args [][]result) ([]*Value, error) {
	from, err := position(first(args[1]), "second")
	if err != nil {
		return nil, err
	}
	to, err := position(first(args[2]), "third")
	if err != nil {
		return nil, err
	}
	return mapped(args[0], func(v *Value) (*Value, error) {
		if v.kind != String {
			return nil, nil
		}
		r := []rune(v.text)
		if n := int64(len(r)); from >= to || to > n {
			return nil, nil
		}
		return v.like(Value{kind: String, text: string(r[from:to])}), nil
	})
}

func position(v *Value, which string) (int64, error) {
	switch {
	case v != nil && v.kind == Int && v.num >= 0:
		return v.num, nil
	case v != nil && v.kind == Float && v.float > -1 && v.float < 1<<63:
		return int64(v.float), nil
	}
	return 0, cannot("substring takes a place in the text as its %s argument, counted from 0", which)
}

func urlDecode(v *Value) (*Value, error) {
	if v.kind != String {
		return nil, nil
	}
	// A percent sign that is no escape stands for itself.
	var b strings.Builder
	for rest := v.text; rest != ""; {
		i := strings.IndexByte(rest, '%')
		if i < 0 {
			b.WriteString(rest)
			break
		}
		b.WriteString(rest[:i])
		rest = rest[i:]
		if len(rest) >= 3 {
			if c, err := url.PathUnescape(rest[:3]); err == nil {
				b.WriteString(c)
				rest = rest[3:]
				continue
			}
		}
		b.WriteByte('%')
		rest = rest[1:]
	}
	if !utf8.ValidString(b.String()) {
		return nil, nil
	}
	return v.like(Value{kind: String, text: b.String()}), nil
}
