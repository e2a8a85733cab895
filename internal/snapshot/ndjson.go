package snapshot

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/footing-dev/footing/internal/fault"
)

// Format is the version of an export, the value of "footing" in its first line.
const Format = 1

// Kinds of lines of an export.
const (
	kindSnapshot    = "snapshot"
	kindResource    = "resource"
	kindCoverage    = "coverage"
	kindObservation = "observation"
	kindEnd         = "end"
)

type headLine struct {
	Footing int    `json:"footing"`
	Kind    string `json:"kind"`
	*Snapshot
}

type valueLine struct {
	Kind  string `json:"kind"`
	Value any    `json:"value"`
}

type endLine struct {
	Kind         string `json:"kind"`
	Resources    int    `json:"resources"`
	Coverage     int    `json:"coverage"`
	Observations int    `json:"observations"`
	SHA256       string `json:"sha256"` // of every byte before this line, uncompressed
}

// Export writes a sealed snapshot as gzip-compressed lines of JSON: a header, then resources, coverage and observations in
// their sealed order, then a line with counts and a checksum. The same snapshot gives the same bytes.
func Export(w io.Writer, s *Snapshot) error {
	zip := gzip.NewWriter(w) // its header carries neither a name nor a time unless they are set
	buffered := bufio.NewWriterSize(zip, 1<<16)
	sum := sha256.New()
	e := lineEncoder{w: io.MultiWriter(buffered, sum)}

	head := *s
	head.Taken = s.Taken.UTC()
	e.line(headLine{Footing: Format, Kind: kindSnapshot, Snapshot: &head})
	for i := range s.Resources {
		e.line(valueLine{kindResource, &s.Resources[i]})
	}
	for i := range s.Coverage {
		e.line(valueLine{kindCoverage, &s.Coverage[i]})
	}
	for i := range s.Observations {
		e.line(valueLine{kindObservation, &s.Observations[i]})
	}
	e.line(endLine{
		Kind: kindEnd, Resources: len(s.Resources), Coverage: len(s.Coverage), Observations: len(s.Observations),
		SHA256: hex.EncodeToString(sum.Sum(nil)),
	})
	if e.err != nil {
		return fault.IO("", "the snapshot could not be exported: %w", e.err)
	}
	if err := errors.Join(buffered.Flush(), zip.Close()); err != nil {
		return fault.IO("", "the snapshot could not be exported: %w", err)
	}
	return nil
}

// lineEncoder writes JSON lines and keeps the first error.
type lineEncoder struct {
	w   io.Writer
	err error
}

func (e *lineEncoder) line(v any) {
	if e.err != nil {
		return
	}
	j := json.NewEncoder(e.w)
	j.SetEscapeHTML(false)
	e.err = j.Encode(v)
}

// EncodeResource is the JSON of a resource as it is stored and exported: sorted keys, one line, no escapes for HTML.
// Equal resources give equal bytes.
func EncodeResource(b *bytes.Buffer, r *Resource) error {
	j := json.NewEncoder(b)
	j.SetEscapeHTML(false)
	if err := j.Encode(r); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the encoder's line feed
	return nil
}

// decodeStrictly decodes exactly one JSON value with its numbers as written.
func decodeStrictly(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	err := d.Decode(v)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) { // its own words name Go types
		if wrong.Field == "" {
			return fmt.Errorf("a JSON %s stands where another kind of value belongs", wrong.Value)
		}
		return fmt.Errorf("%s is a JSON %s", wrong.Field, wrong.Value)
	}
	if err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the JSON value")
	}
	return nil
}
