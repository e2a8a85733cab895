// Package shape turns AWS's own account documents into resources: no network, no files, no SDK.
package shape

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// Decode decodes exactly one JSON document, with its numbers as written. Its error is half a sentence that says where:
// "is not JSON at line 3, column 7: …", "is not UTF-8 at line 1, column 1".
func Decode(doc []byte, v any) error {
	if at := invalidUTF8(doc); at >= 0 {
		return fmt.Errorf("is not UTF-8 at %s", position(doc, at))
	}
	if len(bytes.TrimSpace(doc)) == 0 {
		return errors.New("is empty")
	}
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return Explain(doc, err)
	}
	end := int(d.InputOffset())
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		end += len(doc[end:]) - len(bytes.TrimLeft(doc[end:], " \t\r\n"))
		return fmt.Errorf("is not one JSON document: something follows it at %s", position(doc, end))
	}
	return nil
}

// Explain says where in a document decoding failed, in the words of the document and not of Go.
func Explain(doc []byte, err error) error {
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("is not JSON at %s: %w", position(doc, int(syntax.Offset)-1), err)
	case errors.As(err, &wrong) && wrong.Field != "":
		return fmt.Errorf("has the wrong shape at %s: %s is a JSON %s", position(doc, int(wrong.Offset)-1), wrong.Field, wrong.Value)
	case errors.As(err, &wrong):
		return fmt.Errorf("has the wrong shape: it is a JSON %s", wrong.Value)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("is not JSON: it ends early at %s", position(doc, len(doc)))
	}
	return err
}

// position counts lines and columns (in characters) from 1.
func position(doc []byte, offset int) string {
	offset = min(max(offset, 0), len(doc))
	before := doc[:offset]
	line := 1 + bytes.Count(before, []byte{'\n'})
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return fmt.Sprintf("line %d, column %d", line, column)
}

func invalidUTF8(doc []byte) int {
	if utf8.Valid(doc) {
		return -1
	}
	for i := 0; i < len(doc); {
		r, n := utf8.DecodeRune(doc[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}
