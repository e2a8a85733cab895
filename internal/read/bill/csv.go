package bill

import (
	"bytes"
	"errors"
	"io"
)

// longest is the largest row: whatever is longer began with a quote that nobody closed.
const longest = 1 << 20

// scanner splits CSV into rows (RFC 4180) without copying: a row is good until the next one is asked for. After a row that is broken it goes on
// with the next line.
type scanner struct {
	from     io.Reader
	buf      []byte
	at, end  int // the unread part of buf
	ended    bool
	line     int // the line that the next row begins in
	rowLine  int // the line that the last row began in
	fields   [][]byte
	unquoted []byte // fields whose doubled quotes were made single
}

var (
	errQuote = errors.New("a quote is not closed, or stands inside a field")
	errLong  = errors.New("the row is longer than a megabyte")
)

func newScanner(r io.Reader) *scanner {
	s := &scanner{from: r, buf: make([]byte, 2*longest), line: 1}
	return s
}

// next is the next row. io.EOF ends the file; errQuote and errLong are about one row.
func (s *scanner) next() ([][]byte, error) {
	for {
		n, lines, err := s.row()
		if err != nil {
			return nil, err
		}
		row := s.buf[s.at : s.at+n]
		s.rowLine = s.line
		if lines < 0 { // broken: only its first line is left out
			s.skipLine()
			if lines == -2 {
				return nil, errLong
			}
			return nil, errQuote
		}
		row = bytes.TrimRight(row, "\r\n")
		if !s.split(row) { // what a stray quote joined to its line are rows of their own
			s.skipLine()
			return nil, errQuote
		}
		s.at += n
		s.line += lines
		if len(row) == 0 {
			continue
		}
		return s.fields, nil
	}
}

// row finds the end of a row: how many bytes and lines it has, -1 lines when a quote is not closed, -2 when it is too long.
func (s *scanner) row() (n, lines int, err error) {
	quoted := false
	for i := 0; ; {
		chunk := s.buf[s.at+i : s.end]
		var j int
		if quoted {
			j = bytes.IndexByte(chunk, '"')
		} else {
			j = bytes.IndexByte(chunk, '\n')
			if q := bytes.IndexByte(chunk[:max(j, 0)], '"'); j < 0 {
				q = bytes.IndexByte(chunk, '"')
				if q >= 0 {
					j = q
				}
			} else if q >= 0 {
				j = q
			}
		}
		if j >= 0 {
			switch {
			case chunk[j] == '"':
				if quoted {
					lines += bytes.Count(chunk[:j], []byte{'\n'})
				}
				quoted = !quoted
				i += j + 1
				continue
			default:
				return i + j + 1, lines + 1, nil
			}
		}
		if quoted {
			lines += bytes.Count(chunk, []byte{'\n'})
		}
		i += len(chunk)
		if i > longest {
			return 0, -2, nil
		}
		if s.ended {
			switch {
			case i == 0:
				return 0, 0, io.EOF
			case quoted:
				return 0, -1, nil
			}
			return i, lines, nil
		}
		if err := s.fill(); err != nil {
			return 0, 0, err
		}
	}
}

// fill reads more behind what is not read yet.
func (s *scanner) fill() error {
	if s.at > 0 && s.end == len(s.buf) {
		copy(s.buf, s.buf[s.at:s.end])
		s.end -= s.at
		s.at = 0
	}
	for range 100 {
		n, err := s.from.Read(s.buf[s.end:])
		s.end += n
		if err == io.EOF {
			s.ended = true
			return nil
		}
		if n > 0 || err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// skipLine leaves one line out.
func (s *scanner) skipLine() {
	s.line++
	for {
		if j := bytes.IndexByte(s.buf[s.at:s.end], '\n'); j >= 0 {
			s.at += j + 1
			return
		}
		s.at = s.end
		if s.ended || s.fill() != nil {
			return
		}
	}
}

// split cuts a row into fields; false when a quote stands where none may.
func (s *scanner) split(row []byte) bool {
	s.fields, s.unquoted = s.fields[:0], s.unquoted[:0]
	for {
		if len(row) == 0 || row[0] != '"' {
			j := bytes.IndexByte(row, ',')
			field := row
			if j >= 0 {
				field = row[:j]
			}
			if bytes.IndexByte(field, '"') >= 0 {
				return false
			}
			s.fields = append(s.fields, field)
			if j < 0 {
				return true
			}
			row = row[j+1:]
			continue
		}
		row = row[1:]
		begin := len(s.unquoted)
		for {
			j := bytes.IndexByte(row, '"')
			if j < 0 {
				return false
			}
			if j+1 < len(row) && row[j+1] == '"' {
				s.unquoted = append(s.unquoted, row[:j+1]...)
				row = row[j+2:]
				continue
			}
			if len(s.unquoted) == begin {
				s.fields = append(s.fields, row[:j])
			} else {
				s.unquoted = append(s.unquoted, row[:j]...)
				s.fields = append(s.fields, s.unquoted[begin:])
			}
			row = row[j+1:]
			break
		}
		if len(row) == 0 {
			return true
		}
		if row[0] != ',' {
			return false
		}
		row = row[1:]
	}
}
