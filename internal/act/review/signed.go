// Package review is the routine look at everything: what was signed, what differs since, what runs out, and when the next one is due.
package review

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/snapshot"
)

// File is the name of the file of signed reviews, beside footing.yaml. The repository is the record: whoever has it can compare, whether or
// not the snapshot of that day is at hand.
const File = "footing.reviews.jsonl"

// Signed is one line of it.
type Signed struct {
	Footing    int                `json:"footing"` // 1
	At         time.Time          `json:"at"`
	By         string             `json:"by"`
	Account    string             `json:"account"`
	Snapshot   string             `json:"snapshot"` // its id; "" for one that was never kept
	Taken      time.Time          `json:"taken"`
	Digest     string             `json:"digest"` // sha256 of this line with an empty digest
	Table      string             `json:"table"`  // version of the likelihood table
	Gaps       int                `json:"gaps"`   // calls that left something unseen
	Objectives []assess.Verdict   `json:"objectives"`
	Stated     []assess.Statement `json:"stated"`
	Rows       []Row              `json:"rows"`
}

// Row is one row of the sheet as it was signed. Risk holds the full risk, what is known of it, what the sheet showed, what was known of that,
// and the impact.
type Row struct {
	ID     string       `json:"id"`
	ARN    snapshot.Key `json:"arn"`
	Type   string       `json:"type"`
	Access string       `json:"access"` // read, write
	Risk   [5]int       `json:"risk"`
	State  string       `json:"state"` // open, in-force, accepted
}

// RowOf is a row as it is written.
func RowOf(s assess.Standing) Row {
	return Row{s.ID, s.Key, s.Type, strings.ToLower(s.Access.String()), [5]int{s.Full, s.FullLow, s.Shown, s.ShownLow, s.Impact}, s.State}
}

// Sign makes the line of an assessment.
func Sign(a *assess.Assessment, objectives []assess.Verdict, by string, at time.Time) (Signed, error) {
	by = strings.TrimSpace(by)
	if by == "" || len(by) > 200 || strings.ContainsFunc(by, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return Signed{}, fault.Input("for instance --by ana@acme.example", "%q is nobody who could sign", by)
	}
	s := Signed{Footing: 1, At: at.UTC().Truncate(time.Second), By: by, Account: a.Snapshot.Account, Snapshot: a.Snapshot.ID, Taken: a.Snapshot.Taken.UTC(),
		Table: a.Sheet.Table, Gaps: len(a.Snapshot.Gaps()), Objectives: append([]assess.Verdict{}, objectives...), Stated: []assess.Statement{}, Rows: []Row{}}
	s.Stated = append(s.Stated, a.Statements()...)
	for _, r := range a.Standings() {
		s.Rows = append(s.Rows, RowOf(r))
	}
	var err error
	s.Digest, err = s.digest()
	return s, err
}

// digest is what the line must have: a change of any other part of it shows.
func (s Signed) digest() (string, error) {
	s.Digest = ""
	b, err := s.line()
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:]), err
}

// line is the one way to write it.
func (s *Signed) line() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return nil, fault.IO("", "the review cannot be written: %w", err)
	}
	return b.Bytes(), nil
}

// Record is what the line keeps of the assessment that was signed.
func (s *Signed) Record() assess.Record {
	out := assess.Record{Taken: s.Taken, Stated: s.Stated}
	for _, r := range s.Rows {
		c, _ := access.ParseCapability(r.Access)
		out.Rows = append(out.Rows, assess.Standing{ID: r.ID, Key: r.ARN, Type: r.Type, Access: c, State: r.State,
			Numbers: assess.Numbers{Full: r.Risk[0], FullLow: r.Risk[1], Shown: r.Risk[2], ShownLow: r.Risk[3], Impact: r.Risk[4]}})
	}
	return out
}

// Append is the file with one line more. What is there is read first: nothing is added to a file that is damaged.
func Append(name string, file []byte, s Signed) ([]byte, error) {
	if _, err := Parse(name, file); err != nil {
		return nil, err
	}
	line, err := s.line()
	if err != nil {
		return nil, err
	}
	out := bytes.Clone(file)
	if len(out) > 0 && out[len(out)-1] != '\n' {
		out = append(out, '\n')
	}
	return append(out, line...), nil
}

// Parse reads the file strictly: a line is what Append writes, to the byte, or a mistake with its place. Line ends may be those of Windows,
// which git makes of them there.
func Parse(name string, file []byte) ([]Signed, error) {
	var out []Signed
	for n := 1; len(file) > 0; n++ {
		line, rest, _ := bytes.Cut(file, []byte("\n"))
		file = rest
		if line = bytes.TrimSuffix(line, []byte("\r")); len(line) == 0 {
			continue
		}
		s, err := parseLine(fmt.Sprintf("%s:%d", name, n), line)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

const restore = "take the line back from the history of the repository; a review is never edited, only followed by another"

func parseLine(at string, line []byte) (Signed, error) {
	var s Signed
	for _, mark := range []string{"<<<<<<<", "=======", ">>>>>>>", "|||||||"} {
		if bytes.HasPrefix(line, []byte(mark)) {
			return s, fault.Input("keep the lines of both sides, and take the marks out", "%s:1: two branches were merged here, and the marks are still there", at)
		}
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	err := d.Decode(&s)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
	case errors.As(err, &syntax):
		return s, fault.Input(restore, "%s:%d: this is no signed review", at, max(syntax.Offset, 1))
	case errors.As(err, &kind):
		return s, fault.Input(restore, "%s:%d: %s is no %s", at, max(kind.Offset, 1), kind.Field, kind.Value)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return s, fault.Input(restore, "%s:%d: the line ends too early", at, len(line))
	case s.Footing > 1:
		return s, fault.Input("use the version that wrote it, or a newer one", "%s:1: this review was signed by a newer footing", at)
	default:
		return s, fault.Input(restore, "%s:1: this is no signed review: %s", at, strings.TrimPrefix(err.Error(), "json: "))
	}
	if says := s.wrong(); says != "" {
		return s, fault.Input(restore, "%s:1: %s", at, says)
	}
	again, err := s.line()
	if err != nil {
		return s, err
	}
	digest, err := s.digest()
	if err != nil {
		return s, err
	}
	if digest != s.Digest || !bytes.Equal(bytes.TrimSuffix(again, []byte("\n")), line) {
		return s, fault.Input(restore, "%s:1: this review was changed after %s signed it", at, s.By)
	}
	return s, nil
}

// wrong says what a line lacks; "" for nothing.
func (s *Signed) wrong() string {
	digits := len(s.Account) == 12 && strings.Trim(s.Account, "0123456789") == ""
	switch {
	case s.Footing != 1:
		return "this is no signed review: it does not begin with \"footing\": 1"
	case s.By == "":
		return "nobody signed this review"
	case !digits:
		return fmt.Sprintf("an account is twelve digits, not %q", s.Account)
	case s.At.IsZero() || s.Taken.IsZero():
		return "this review does not say when it was signed, and when its snapshot was taken"
	}
	for _, r := range s.Rows {
		bad := r.ID == "" || r.ARN == "" || r.Access != "read" && r.Access != "write"
		for _, n := range r.Risk {
			bad = bad || n < 0 || n > 25
		}
		if bad {
			return fmt.Sprintf("the row %q is none that a sheet could have", r.ID)
		}
	}
	return ""
}

// Last is the latest review of an account, the later line of two of one moment; nil when there is none.
func Last(all []Signed, account string) *Signed {
	var last *Signed
	for i := range all {
		if s := &all[i]; s.Account == account && (last == nil || !s.At.Before(last.At)) {
			last = s
		}
	}
	return last
}
