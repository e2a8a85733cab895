package snapshot

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"slices"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Decoder reads JSON in one pass into what a Resource holds: equal words and equal tags share memory, policy documents become
// canonical JSON. Nothing that it returns refers to the document.
//
// It takes less than encoding/json takes: no name twice in one object, no half of a surrogate pair. Its errors are for programs.
// Whoever gets one asks encoding/json, which takes the document after all or has the words for what is wrong with it.
// A Decoder is not for concurrent use. The zero value is not usable.
type Decoder struct {
	text    *jsontext.Decoder
	words   map[string]string
	tags    map[string]map[string]string
	pairs   []string // the names and values of the tags that are being read
	scratch []byte
	canon   canon
	room    []byte // what is left of the memory for policy documents
}

// errKind: another kind of value stands where this one belongs.
var errKind = errors.New("another kind of JSON value")

const (
	longestWord = 64      // bytes; what is longer is hardly ever said twice
	mostWords   = 1 << 13 // likewise of tags
	roomAtOnce  = 64 << 10
)

// NewDecoder makes a decoder that has no document yet.
func NewDecoder() *Decoder {
	return &Decoder{text: jsontext.NewDecoder(new(bytes.Buffer)), words: map[string]string{}, tags: map[string]map[string]string{}}
}

// Reset begins a document. It must not change before it is read.
func (d *Decoder) Reset(doc []byte) { d.text.Reset(bytes.NewBuffer(doc)) }

// End tells whether nothing follows what was read.
func (d *Decoder) End() error {
	_, err := d.text.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return errors.New("something follows the JSON value")
	}
	return err
}

// Object reads an object: member is called for each name and must read the value.
func (d *Decoder) Object(member func(name string) error) error {
	if err := d.token('{'); err != nil {
		return err
	}
	for d.text.PeekKind() == '"' {
		name, err := d.Word()
		if err == nil {
			err = member(name)
		}
		if err != nil {
			return err
		}
	}
	return d.token('}')
}

// List reads a list: element must read one element.
func (d *Decoder) List(element func() error) error {
	if err := d.token('['); err != nil {
		return err
	}
	for d.more() {
		if err := element(); err != nil {
			return err
		}
	}
	return d.token(']')
}

// more tells whether a list goes on.
func (d *Decoder) more() bool {
	switch d.text.PeekKind() {
	case 'n', 't', 'f', '"', '0', '{', '[':
		return true
	}
	return false
}

func (d *Decoder) token(kind jsontext.Kind) error {
	t, err := d.text.ReadToken()
	if err != nil {
		return err
	}
	if t.Kind() != kind {
		return errKind
	}
	return nil
}

// Null reads a null, and tells whether there was one.
func (d *Decoder) Null() bool { return d.text.PeekKind() == 'n' && d.token('n') == nil }

// Skip passes over a value.
func (d *Decoder) Skip() error { return d.text.SkipValue() }

// Into reads a value by its Go type, as jsonv2.UnmarshalDecode does.
func (d *Decoder) Into(v any, options ...jsonv2.Options) error {
	return jsonv2.UnmarshalDecode(d.text, v, options...)
}

// characters are those of a string, until the next value is read.
func (d *Decoder) characters() ([]byte, error) {
	v, err := d.text.ReadValue()
	if err != nil {
		return nil, err
	}
	if v.Kind() != '"' {
		return nil, errKind
	}
	if bytes.IndexByte(v, '\\') < 0 {
		return v[1 : len(v)-1], nil
	}
	d.scratch, err = jsontext.AppendUnquote(d.scratch[:0], v)
	return d.scratch, err
}

// String reads a string that is said once: a key.
func (d *Decoder) String() (string, error) {
	c, err := d.characters()
	return string(c), err
}

// Word reads a string that is said often: a name, a type, a Region.
func (d *Decoder) Word() (string, error) {
	c, err := d.characters()
	if err != nil {
		return "", err
	}
	return d.word(c), nil
}

func (d *Decoder) word(c []byte) string {
	if w, ok := d.words[string(c)]; ok {
		return w
	}
	w := string(c)
	if len(w) <= longestWord && len(d.words) < mostWords {
		d.words[w] = w
	}
	return w
}

// Value reads any value as encoding/json does with UseNumber.
func (d *Decoder) Value() (any, error) {
	switch d.text.PeekKind() {
	case '{':
		m := map[string]any{}
		return m, d.Object(func(name string) (err error) {
			m[name], err = d.Value()
			return err
		})
	case '[':
		l := []any{}
		return l, d.List(func() error {
			v, err := d.Value()
			l = append(l, v)
			return err
		})
	case '"':
		return d.Word()
	case '0':
		v, err := d.text.ReadValue()
		if err != nil {
			return nil, err
		}
		return json.Number(d.word(v)), nil
	}
	t, err := d.text.ReadToken()
	switch {
	case err != nil:
		return nil, err
	case t.Kind() == 't', t.Kind() == 'f':
		return t.Bool(), nil
	case t.Kind() == 'n':
		return nil, nil
	}
	return nil, errKind
}

// Document reads any value as canonical JSON.
func (d *Decoder) Document() (json.RawMessage, error) {
	d.canon.members = d.canon.members[:0]
	out, err := d.canon.value(d.text, d.canon.out[:0])
	d.canon.out = out
	if err != nil {
		return nil, err
	}
	if len(d.room) < len(out) {
		d.room = make([]byte, max(roomAtOnce, len(out)))
	}
	doc := d.room[:len(out):len(out)]
	copy(doc, out)
	d.room = d.room[len(out):]
	return doc, nil
}

// Tags reads an object of strings. Equal tags are one map, which must not be changed.
func (d *Decoder) Tags() (map[string]string, error) {
	pairs := d.pairs[:0]
	err := d.Object(func(name string) error {
		value, err := d.Word()
		pairs = append(pairs, name, value)
		return err
	})
	d.pairs = pairs
	if err != nil {
		return nil, err
	}
	d.scratch = d.scratch[:0]
	for _, s := range pairs {
		d.scratch = binary.AppendUvarint(d.scratch, uint64(len(s))) // so that no two lists of pairs look the same
		d.scratch = append(d.scratch, s...)
	}
	if m, ok := d.tags[string(d.scratch)]; ok {
		return m, nil
	}
	m := make(map[string]string, len(pairs)/2)
	for p := range slices.Chunk(pairs, 2) {
		m[p[0]] = p[1]
	}
	if len(d.tags) < mostWords {
		d.tags[string(d.scratch)] = m
	}
	return m, nil
}
