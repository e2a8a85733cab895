// Package files reads an account from files: authorization details, an exported snapshot, or a folder.
package files

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

// maxFile is the largest JSON or CSV file that is read, in bytes: twenty times the details of an account with 10,000 roles.
const maxFile = 256 << 20

const fromHint = `give the output of "aws iam get-account-authorization-details", an exported snapshot, or a folder with gaad.json and resources.json`

// Read reads the output of "aws iam get-account-authorization-details", an export (gzip or plain lines), or a folder with
// gaad.json, resources.json and, if present, account.json, credential-report.csv, scp.json and gaps.json. The snapshot is sealed
// and its From is the path. Every error is one sentence that names the file, with exit status 2, or 1 when reading itself failed.
func Read(path string) (*snapshot.Snapshot, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	var s *snapshot.Snapshot
	if info.IsDir() {
		s, err = readFolder(os.DirFS(path), path)
	} else {
		s, err = readFile(path, info)
	}
	if err != nil {
		return nil, err
	}
	s.From = path
	s.Seal()
	return s, nil
}

// ReadFolder reads such a folder from a file system, for instance one that is embedded. Messages call it by its name, which is
// also the From of the snapshot.
func ReadFolder(folder fs.FS, name string) (*snapshot.Snapshot, error) {
	s, err := readFolder(folder, name)
	if err != nil {
		return nil, err
	}
	s.From = name
	s.Seal()
	return s, nil
}

// unreadable tells apart what the user can put right (exit 2) and what the system failed to do (exit 1).
func unreadable(path string, err error) error {
	reason := err
	var p *fs.PathError
	if errors.As(err, &p) {
		reason = p.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fault.Input(fromHint, "there is no file or folder %s", path)
	case p != nil && p.Op != "read": // it could not even be opened
		return fault.Input("make it readable, or give another one", "%s cannot be read: %w", path, reason)
	}
	return fault.IO("", "%s could not be read: %w", path, reason)
}

// bad is an error about the content of a file; err is half a sentence without a subject.
func bad(path string, err error) error {
	return fault.Input(fromHint, "%s %w", path, err)
}

func readFile(path string, info fs.FileInfo) (*snapshot.Snapshot, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer f.Close()
	b := bufio.NewReaderSize(f, 1<<16)
	start, err := b.Peek(1 << 15)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, unreadable(path, err)
	}
	if isExport(start) {
		s, err := snapshot.Import(b)
		if err != nil {
			return nil, named(path, err)
		}
		return s, nil
	}
	doc, err := readJSON(path, b, info.Size())
	if err != nil {
		return nil, err
	}
	return fromDetails(path, doc, info.ModTime())
}

// named puts a file's name before a sentence, and keeps hint and status.
func named(path string, err error) error {
	var e *fault.Error
	if !errors.As(err, &e) {
		return bad(path, err)
	}
	out := *e
	out.Sentence = path + ": " + e.Sentence
	return &out
}

// isExport looks for gzip, or for the key that an export begins with.
func isExport(start []byte) bool {
	if bytes.HasPrefix(start, []byte{0x1f, 0x8b}) {
		return true
	}
	d := json.NewDecoder(bytes.NewReader(start))
	open, err := d.Token()
	if err != nil || open != json.Delim('{') {
		return false
	}
	key, err := d.Token()
	return err == nil && key == "footing"
}

// readJSON reads a file that must hold a JSON object or list. It looks at the first bytes before it reads the rest, so that
// noise of any size is refused at once.
func readJSON(path string, b *bufio.Reader, size int64) ([]byte, error) {
	start, err := b.Peek(1 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, unreadable(path, err)
	}
	if err == nil && !startsJSON(start) {
		if cut := trimRune(start); !utf8.Valid(cut) {
			return nil, bad(path, errors.New("is not UTF-8 text"))
		}
		return nil, bad(path, errors.New("is not JSON at line 1, column 1: no object or list begins there"))
	}
	return readAll(path, b, size)
}

// readAll reads a file up to the limit, without the byte order mark that some editors write. Size is what the file is said to
// have, so that memory is asked for once; 0 when nobody knows.
func readAll(path string, r io.Reader, size int64) ([]byte, error) {
	var b bytes.Buffer
	if 0 < size && size <= maxFile {
		b.Grow(int(size) + bytes.MinRead)
	}
	if _, err := b.ReadFrom(io.LimitReader(r, maxFile+1)); err != nil {
		return nil, unreadable(path, err)
	}
	doc := b.Bytes()
	if len(doc) > maxFile {
		return nil, bad(path, fmt.Errorf("is larger than %d MB", maxFile>>20))
	}
	return bytes.TrimPrefix(doc, []byte("\ufeff")), nil
}

func startsJSON(b []byte) bool {
	b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\ufeff")), " \t\r\n")
	return len(b) == 0 || b[0] == '{' || b[0] == '['
}

// trimRune cuts a character that a peek ended in the middle of.
func trimRune(b []byte) []byte {
	for i := 1; i <= utf8.UTFMax && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// fromDetails is an account of which only the authorization details are known: everything else was not asked.
func fromDetails(path string, doc []byte, changed time.Time) (*snapshot.Snapshot, error) {
	d, err := shape.AuthorizationDetails(doc)
	if err != nil {
		return nil, bad(path, err)
	}
	if d.Account == "" {
		return nil, bad(path, errors.New("does not tell its account: no user, group, role or policy in it has an ARN"))
	}
	s := &snapshot.Snapshot{Account: d.Account, Partition: d.Partition, Taken: moment(changed), Resources: d.Resources, Observations: d.Used}
	s.Resources = append(s.Resources, account(s.Partition, s.Account, ""))
	s.Coverage = detailsCoverage(d, filepath.Base(path))
	occur := map[string]bool{}
	for _, t := range append(d.Types, d.Missing()...) {
		occur[t] = true
	}
	s.Coverage = append(s.Coverage, missing(occur, snapshot.NotAsked, "only the authorization details of IAM were given")...)
	return s, nil
}

// moment is a file's time as a snapshot has it.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// detailsCoverage says what the authorization details cover; a list that is missing was not asked for.
func detailsCoverage(d shape.Details, file string) []snapshot.Coverage {
	c := snapshot.Coverage{Service: "iam", Call: "iam:GetAccountAuthorizationDetails", Types: d.Types, Outcome: snapshot.OK}
	if d.Truncated {
		c.Outcome = snapshot.Truncated
		c.Reason = file + " is one page of several: it ends with a marker of the next one"
	}
	out := []snapshot.Coverage{c}
	if missing := d.Missing(); len(missing) > 0 {
		out = append(out, snapshot.Coverage{
			Service: c.Service, Call: c.Call, Types: missing, Outcome: snapshot.NotAsked, Reason: file + " has no list of them",
		})
	}
	return out
}

// account is the account itself. No file but resources.json tells its alias and contacts.
func account(partition, id, name string) snapshot.Resource {
	return snapshot.Resource{
		Key:        snapshot.Key("arn:" + partition + ":account::" + id + ":account"),
		Type:       "AWS::Account",
		Account:    id,
		Name:       name,
		Properties: map[string]any{"AccountId": id},
		Unknown:    []string{"Alias", "Contacts"},
	}
}
