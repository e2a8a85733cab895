package snapshot

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"unicode/utf8"

	"github.com/footing-dev/footing/internal/fault"
)

// What an import takes at most, so that a hostile file costs bounded memory.
const (
	maxLine    = 8 << 20   // bytes in one line
	maxTotal   = 512 << 20 // bytes after decompression
	maxRecords = 2_000_000 // lines
)

const importHint = `export it again with "footing snapshot export"`

// Import reads an export, compressed or not, and returns it sealed. Every error is one sentence that names the line.
func Import(r io.Reader) (*Snapshot, error) {
	plain, err := decompress(r)
	if err != nil {
		return nil, err
	}
	in := importer{r: bufio.NewReaderSize(plain, 1<<16), sum: sha256.New(), decoder: NewDecoder()}
	return in.read()
}

func decompress(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	magic, err := b.Peek(2)
	switch {
	case len(magic) == 0 && errors.Is(err, io.EOF):
		return nil, fault.Input(importHint, "the export is empty")
	case len(magic) == 0:
		return nil, fault.IO("", "the export could not be read: %w", err)
	case !bytes.Equal(magic, []byte{0x1f, 0x8b}):
		return b, nil
	}
	zip, err := gzip.NewReader(b)
	if err != nil {
		return nil, fault.Input(importHint, "the export is not readable as gzip: %w", err)
	}
	return zip, nil
}

type importer struct {
	r     *bufio.Reader
	sum   hash.Hash
	n     int // the line being read, from 1
	total int
	s     Snapshot

	decoder *Decoder
}

func (in *importer) read() (*Snapshot, error) {
	line, err := in.next()
	if err != nil {
		return nil, err
	}
	if err := in.head(line); err != nil {
		return nil, err
	}
	for {
		in.sum.Write(line)
		if line, err = in.next(); err != nil {
			return nil, err
		}
		var v struct {
			Kind  string          `json:"kind"`
			Value json.RawMessage `json:"value"`
		}
		if err := decodeStrictly(line, &v); err != nil {
			return nil, in.bad("is not JSON: %w", err)
		}
		if v.Kind == kindEnd {
			return in.end(line)
		}
		if err := in.value(v.Kind, v.Value); err != nil {
			return nil, err
		}
	}
}

// next reads one line with its line feed.
func (in *importer) next() ([]byte, error) {
	in.n++
	if in.n > maxRecords {
		return nil, fault.Input(importHint, "the export has more than %d lines", maxRecords)
	}
	var line []byte
	for {
		part, err := in.r.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			return nil, in.bad("is longer than %d MB", maxLine>>20)
		}
		line = append(line, part...)
		in.total += len(part)
		if in.total > maxTotal {
			return nil, fault.Input(importHint, "the export is larger than %d MB at line %d", maxTotal>>20, in.n)
		}
		switch {
		case err == nil:
			if !utf8.Valid(line) {
				return nil, in.bad("is not UTF-8")
			}
			return line, nil
		case errors.Is(err, bufio.ErrBufferFull):
			// the line goes on
		case in.n == 1 && errors.Is(err, io.EOF):
			return nil, in.bad("is not the header of an export")
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil, fault.Input(importHint, "the export is truncated: it ends in line %d, before its checksum", in.n)
		case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), isFlateError(err):
			return nil, fault.Input(importHint, "the export is damaged near line %d: %w", in.n, err)
		default:
			return nil, fault.IO("", "the export could not be read after line %d: %w", in.n-1, err)
		}
	}
}

func isFlateError(err error) bool {
	var corrupt flate.CorruptInputError
	var internal flate.InternalError
	return errors.As(err, &corrupt) || errors.As(err, &internal)
}

func (in *importer) bad(format string, args ...any) error {
	return fault.Input(importHint, "line %d of the export "+format, append([]any{in.n}, args...)...)
}

func (in *importer) head(line []byte) error {
	h := headLine{Snapshot: &in.s}
	if err := decodeStrictly(line, &h); err != nil {
		return in.bad("is not the header of an export: %w", err)
	}
	switch {
	case h.Footing == 0 || h.Kind != kindSnapshot:
		return in.bad(`is not the header of an export: it lacks "footing" and "kind": "snapshot"`)
	case h.Footing > Format:
		return fault.Input("use the newer program to read it", "the export has format %d, this program reads up to %d", h.Footing, Format)
	case h.Footing < 0:
		return in.bad("has no format that exists: %d", h.Footing)
	}
	return nil
}

func (in *importer) value(kind string, value []byte) error {
	switch kind {
	case kindResource:
		r, err := in.decoder.Resource(value)
		if err != nil {
			return in.bad("is not a resource: %w", err)
		}
		if r.Key == "" || r.Type == "" {
			return in.bad("is a resource without a key or a type")
		}
		if n := len(in.s.Resources); n > 0 && in.s.Resources[n-1].Key >= r.Key {
			return in.bad("is out of order: %s stands after %s", r.Key, in.s.Resources[n-1].Key)
		}
		in.s.Resources = append(in.s.Resources, r)
	case kindCoverage:
		var c Coverage
		if err := decodeStrictly(value, &c); err != nil {
			return in.bad("is not a coverage: %w", err)
		}
		if c.Call == "" || c.Outcome == "" {
			return in.bad("is a coverage without a call or an outcome")
		}
		in.s.Coverage = append(in.s.Coverage, c)
	case kindObservation:
		var o Observation
		if err := decodeStrictly(value, &o); err != nil {
			return in.bad("is not an observation: %w", err)
		}
		in.s.Observations = append(in.s.Observations, o)
	default:
		return in.bad("is of an unknown kind, %.40q", kind)
	}
	return nil
}

func (in *importer) end(line []byte) (*Snapshot, error) {
	var e endLine
	if err := decodeStrictly(line, &e); err != nil {
		return nil, in.bad("is not the end of an export: %w", err)
	}
	if e.SHA256 != hex.EncodeToString(in.sum.Sum(nil)) {
		return nil, in.bad("has a checksum that does not fit the lines before it: the export was changed or lines are missing")
	}
	if e.Resources != len(in.s.Resources) || e.Coverage != len(in.s.Coverage) || e.Observations != len(in.s.Observations) {
		return nil, in.bad("counts other lines than there are: the export was changed or lines are missing")
	}
	// Reading to the end makes gzip verify its own checksum, and finds what was appended.
	if _, err := in.r.ReadByte(); err == nil {
		return nil, fault.Input(importHint, "the export goes on after its last line, line %d", in.n)
	} else if !errors.Is(err, io.EOF) {
		return nil, fault.Input(importHint, "the export is damaged after line %d: %w", in.n, err)
	}
	in.s.Seal()
	return &in.s, nil
}
