package snapshot

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Canonical re-encodes JSON with sorted keys and no space, so that equal documents are equal bytes.
// What is not JSON comes back unchanged.
func Canonical(doc json.RawMessage) json.RawMessage {
	if out, ok := canonical(doc); ok {
		return out
	}
	return doc
}

// CanonicalObject is Canonical for what must be one object in UTF-8, as a policy document is; false for anything else.
func CanonicalObject(doc []byte) (json.RawMessage, bool) {
	if start := bytes.TrimLeft(doc, " \t\r\n"); len(start) == 0 || start[0] != '{' || !utf8.Valid(doc) {
		return nil, false
	}
	return canonical(doc)
}

func canonical(doc []byte) (json.RawMessage, bool) {
	var c canon
	d := jsontext.NewDecoder(bytes.NewBuffer(doc))
	if out, err := c.value(d, make([]byte, 0, len(doc))); err == nil {
		if _, err := d.ReadToken(); errors.Is(err, io.EOF) {
			return out, true
		}
	}
	return canonicalOdd(doc)
}

// canonicalOdd also takes what encoding/json takes: a name twice, half of a surrogate pair.
func canonicalOdd(doc []byte) (json.RawMessage, bool) {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, false
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, false // two values in a row are no document
	}
	out, err := marshal(v)
	return out, err == nil
}

// marshal is canonical JSON of a decoded value: encoding/json sorts the keys of maps.
func marshal(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// canon writes values canonically as they are read.
type canon struct {
	out     []byte
	members []member // of the objects that are open, the innermost last
	scratch []byte
}

// member is a part of what was written, "name":value, without its comma. Positions are those of its first byte, its colon and its end.
type member struct{ from, colon, to int }

func (c *canon) value(d *jsontext.Decoder, out []byte) ([]byte, error) {
	switch d.PeekKind() {
	case '{':
		return c.object(d, out)
	case '[':
		return c.list(d, out)
	}
	v, err := d.ReadValue()
	if err != nil {
		return out, err
	}
	if v.Kind() == '"' {
		return c.text(out, v)
	}
	return append(out, v...), nil
}

func (c *canon) list(d *jsontext.Decoder, out []byte) ([]byte, error) {
	if _, err := d.ReadToken(); err != nil {
		return out, err
	}
	out = append(out, '[')
	for start := len(out); d.PeekKind() != ']'; {
		if len(out) > start {
			out = append(out, ',')
		}
		var err error
		if out, err = c.value(d, out); err != nil {
			return out, err
		}
	}
	_, err := d.ReadToken()
	return append(out, ']'), err
}

func (c *canon) object(d *jsontext.Decoder, out []byte) ([]byte, error) {
	if _, err := d.ReadToken(); err != nil {
		return out, err
	}
	out = append(out, '{')
	start, first := len(out), len(c.members)
	for d.PeekKind() != '}' {
		if len(out) > start {
			out = append(out, ',')
		}
		m := member{from: len(out)}
		name, err := d.ReadValue()
		if err != nil {
			return out, err
		}
		if out, err = c.text(out, name); err != nil {
			return out, err
		}
		m.colon = len(out)
		if out, err = c.value(d, append(out, ':')); err != nil {
			return out, err
		}
		m.to = len(out)
		c.members = append(c.members, m)
	}
	if _, err := d.ReadToken(); err != nil {
		return out, err
	}
	c.sort(out, start, c.members[first:])
	c.members = c.members[:first]
	return append(out, '}'), nil
}

// sort puts members, which fill out from start, into the order of their names.
func (c *canon) sort(out []byte, start int, members []member) {
	compare := func(a, b member) int { return bytes.Compare(name(out, a), name(out, b)) }
	if slices.IsSortedFunc(members, compare) {
		return
	}
	slices.SortFunc(members, compare)
	c.scratch = c.scratch[:0]
	for i, m := range members {
		if i > 0 {
			c.scratch = append(c.scratch, ',')
		}
		c.scratch = append(c.scratch, out[m.from:m.to]...)
	}
	copy(out[start:], c.scratch)
}

// name is a member's name without quotes and escapes.
func name(out []byte, m member) []byte {
	quoted := out[m.from:m.colon]
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	plain, _ := jsontext.AppendUnquote(nil, quoted) // it was just quoted
	return plain
}

// text writes a string with the escapes that encoding/json uses.
func (c *canon) text(out []byte, quoted jsontext.Value) ([]byte, error) {
	if bytes.IndexByte(quoted, '\\') < 0 && bytes.IndexByte(quoted, "\u2028"[0]) < 0 {
		return append(out, quoted...), nil
	}
	var err error
	if c.scratch, err = jsontext.AppendUnquote(c.scratch[:0], quoted); err != nil {
		return out, err
	}
	start := len(out)
	if out, err = jsontext.AppendQuote(out, c.scratch); err != nil {
		return out, err
	}
	// The two separators of lines are escaped for the sake of JavaScript.
	said := bytes.ReplaceAll(out[start:], []byte("\u2028"), []byte(`\u2028`))
	said = bytes.ReplaceAll(said, []byte("\u2029"), []byte(`\u2029`))
	return append(out[:start], said...), nil
}
