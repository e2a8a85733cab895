// Package bill reads what AWS charges, FOCUS and CUR exports, row by row, and keeps of it one line a month, resource, service, Region and kind.
package bill

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"math"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Options of a reading.
type Options struct {
	Account string    // only what this account used; "" takes everything, which must then be of one account
	Now     time.Time // when it is read
	Most    int       // lines that are kept apart; 0 is 200,000. What lies beyond goes into lines without a resource
}

// Report says how a reading went.
type Report struct {
	Files     int      `json:"files"`
	Rows      int      `json:"rows"`
	Malformed int      `json:"malformed"`
	Mistakes  []string `json:"mistakes"`         // the first of them: file, line, and what is wrong
	Others    int      `json:"others"`           // rows of other accounts
	Pooled    int      `json:"pooled,omitempty"` // rows whose resource is not kept apart, beyond the bound
}

// mistakes is how many are told.
const mistakes = 5

// firstMonth is the one in which AWS charged for the first time.
const firstMonth = "2006-03"

const exportHint = "give a FOCUS 1.x or CUR export as CSV: a file, a folder, .csv.gz or .zip"

// Read reduces an export to bills, the oldest month first. Rows that make no sense are counted and left out.
func Read(ctx context.Context, files []File, o Options) ([]snapshot.Bill, *Report, error) {
	r := &reducer{ctx: ctx, options: o, at: map[string]int{}, words: map[string]string{}, where: map[string]string{}, files: map[uint64]string{}, seed: maphash.MakeSeed(), report: &Report{Files: len(files), Mistakes: []string{}}}
	if r.options.Most == 0 {
		r.options.Most = 200_000
	}
	for _, f := range files {
		if err := r.file(f); err != nil {
			return nil, nil, err
		}
	}
	return r.bills(files)
}

// Check reads the header of the first file, so that a wrong one is known before anything else is done.
func Check(files []File) error {
	in, err := files[0].Open()
	if err != nil {
		return unreadable(files[0].Name, err)
	}
	defer in.Close()
	_, err = begin(newScanner(in), files[0].Name)
	return err
}

// begin reads a header.
func begin(s *scanner, name string) (*layout, error) {
	header, err := s.next()
	switch {
	case errors.Is(err, io.EOF):
		return nil, fault.Input(exportHint, "%s is empty", name)
	case err == nil && (bytes.HasPrefix(header[0], []byte("\xff\xfe")) || bytes.HasPrefix(header[0], []byte("\xfe\xff"))):
		return nil, fault.Input("write it as UTF-8: iconv -f UTF-16 -t UTF-8", "%s is UTF-16", name)
	case errors.Is(err, errQuote) || errors.Is(err, errLong):
		return nil, fault.Input(exportHint, "%s:%d: the header line cannot be read: %w", name, s.rowLine, err)
	case err != nil:
		return nil, unreadable(name, err)
	}
	l, err := layoutOf(header)
	var said *fault.Error
	if errors.As(err, &said) {
		return nil, fault.Input(said.Hinted, "%s: %s", name, said.Sentence)
	}
	return l, err
}

// reducer sums rows up.
type reducer struct {
	ctx     context.Context
	options Options
	report  *Report
	layout  *layout // of the file that is read
	form    string
	basis   string

	months []month
	lines  []line
	at     map[string]int    // a line by its key
	words  map[string]string // services, Regions, currencies
	key    []byte            // the key that is looked up
	where  map[string]string // the folder that a month is in
	others map[string]int    // rows of other accounts
	files  map[uint64]string // a file by what it holds
	seed   maphash.Seed
}

type month struct {
	name    string
	through string // the latest end of a charge that lasts a day or less
	account string
}

type line struct {
	month int
	snapshot.CostLine
}

// file reads one file.
func (r *reducer) file(f File) error {
	in, err := f.Open()
	if err != nil {
		return unreadable(f.Name, err)
	}
	defer in.Close()
	sum := sums{from: in, ctx: r.ctx}
	sum.hash.SetSeed(r.seed)
	s := newScanner(&sum)
	if r.layout, err = begin(s, f.Name); err != nil {
		return err
	}
	before := r.report.Rows
	if r.form != "" && (r.form != r.layout.form || r.basis != r.layout.basis) {
		return fault.Input("give the files of one export", "%s is %s by %s, the files before it are %s by %s: they cannot be added up",
			f.Name, r.layout.form, r.layout.basis, r.form, r.basis)
	}
	r.form, r.basis = r.layout.form, r.layout.basis
	for {
		row, err := s.next()
		switch {
		case errors.Is(err, io.EOF) && r.report.Rows == before:
			return nil
		case errors.Is(err, io.EOF):
			return r.once(f.Name, sum.hash.Sum64())
		case errors.Is(err, errQuote) || errors.Is(err, errLong):
		case r.ctx.Err() != nil:
			return r.ctx.Err()
		case err != nil:
			return unreadable(f.Name, err)
		default:
			err = r.row(row, f)
		}
		var said *fault.Error
		if errors.As(err, &said) {
			return err
		}
		r.report.Rows++
		if err != nil {
			r.report.Malformed++
			if len(r.report.Mistakes) < mistakes {
				r.report.Mistakes = append(r.report.Mistakes, fmt.Sprintf("%s:%d: %s", f.Name, s.rowLine, err))
			}
		}
	}
}

// once refuses a file that holds what another did: a download that was made twice, or lies there packed and unpacked.
func (r *reducer) once(name string, sum uint64) error {
	if other, ok := r.files[sum]; ok {
		return fault.Input("leave one of them out", "%s holds the same as %s: each row would count twice", name, other)
	}
	r.files[sum] = name
	return nil
}

// sums reads a file, unpacked, and sums up what it holds. It ends when nobody waits for it any more, which blank lines without end would not.
type sums struct {
	from io.Reader
	ctx  context.Context
	hash maphash.Hash
}

func (s *sums) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.from.Read(p)
	s.hash.Write(p[:n])
	return n, err
}

// row adds one row up. An error that is no fault is about this row alone.
func (r *reducer) row(row [][]byte, f File) error {
	l := r.layout
	if len(row) != l.columns {
		return fmt.Errorf("it has %d of %d fields", len(row), l.columns)
	}
	name, ok := monthName(row[l.month])
	if !ok {
		return fmt.Errorf("%.40q is no date", row[l.month])
	}
	if name < firstMonth || name > snapshot.MonthOf(r.options.Now.AddDate(0, 0, 1)) {
		return fmt.Errorf("%s is no month that can have been charged yet", name)
	}
	amount, kind, err := l.charge(row)
	if err != nil {
		return err
	}
	currency := row[l.currency]
	if len(currency) != 3 || bytes.ContainsFunc(currency, func(c rune) bool { return c < 'A' || c > 'Z' }) {
		return fmt.Errorf("%.40q is no currency", currency)
	}
	account := field(row, l.account)
	if l.account >= 0 && len(account) == 0 { // a charge of no account below the one that pays is that one's
		account = field(row, l.payer)
	}
	if len(account) > 0 && r.options.Account != "" && string(account) != r.options.Account {
		r.report.Others++
		if r.others == nil {
			r.others = map[string]int{}
		}
		if _, ok := r.others[string(account)]; ok || len(r.others) < 1000 {
			r.others[string(account)]++
		}
		return nil
	}
	m, err := r.month(name, account, f)
	if err != nil {
		return err
	}
	if amount == 0 {
		return nil // what costs nothing tells nothing: a free thing is not known by its bill
	}
	if kind == snapshot.ChargeUsage {
		r.through(m, field(row, l.start), field(row, l.end))
	}
	return r.add(m, row, kind, currency, amount)
}

// month finds the month of a row. The same month in two folders is two versions of it.
func (r *reducer) month(name string, account []byte, f File) (int, error) {
	i := len(r.months) - 1
	for ; i >= 0; i-- {
		if r.months[i].name == name {
			break
		}
	}
	if i < 0 {
		i = len(r.months)
		if i == mostMonths {
			return 0, fmt.Errorf("the month %s is one too many", name)
		}
		r.months = append(r.months, month{name: name, account: string(account)})
		r.where[name] = path.Dir(f.Name)
	}
	if dir := r.where[name]; dir != path.Dir(f.Name) {
		return 0, fault.Input("give the folder of one version of it", "the month %s is in %s and in %s: they may be two versions of one bill, so they are not added up", name, dir, path.Dir(f.Name))
	}
	if r.options.Account == "" && r.months[i].account != string(account) {
		return 0, fault.Input("read the account whose bill is wanted", "the bill is of several accounts, %s and %s among them", r.months[i].account, account)
	}
	return i, nil
}

// mostMonths is twenty years, and mostPooled how many services, Regions and kinds of charges can be told apart beyond the bound of lines.
const (
	mostMonths = 240
	mostPooled = 50_000
)

// through notes until when charges go, by those that last a day or less: a monthly fee ends with the month before the month does.
func (r *reducer) through(m int, start, end []byte) {
	if len(end) < len("2026-10-01") || len(start) < len("2026-10-01") || string(end) <= r.months[m].through {
		return
	}
	from, err := time.Parse(time.DateOnly, string(start[:10]))
	to, err2 := time.Parse(time.DateOnly, string(end[:10]))
	if err == nil && err2 == nil && to.Sub(from) <= 24*time.Hour {
		r.months[m].through = string(end)
	}
}

// add adds an amount to its line.
func (r *reducer) add(m int, row [][]byte, kind string, currency []byte, amount float64) error {
	service, region, resource := row[r.layout.service], field(row, r.layout.region), field(row, r.layout.resource)
	if string(region) == "global" {
		region = nil
	}
	i, ok := r.at[string(r.keyOf(m, kind, currency, service, region, resource))]
	if !ok && len(r.lines) >= r.options.Most && len(resource) > 0 {
		r.report.Pooled++
		resource = nil
		i, ok = r.at[string(r.keyOf(m, kind, currency, service, region, nil))]
	}
	if !ok && len(r.lines) >= r.options.Most+mostPooled {
		return fmt.Errorf("the service %.40q is one too many", service)
	}
	if !ok {
		i = len(r.lines)
		r.at[string(r.key)] = i
		r.lines = append(r.lines, line{m, snapshot.CostLine{Service: r.word(service), Region: r.word(region), Resource: text(resource), Kind: kind, Currency: r.word(currency)}})
	}
	r.lines[i].Amount += amount
	return nil
}

// keyOf joins what makes a line, each part behind its length, in a buffer that is used again.
func (r *reducer) keyOf(m int, kind string, parts ...[]byte) []byte {
	k := append(r.key[:0], byte(m))
	k = append(k, kind...)
	for _, p := range parts {
		k = binary.AppendUvarint(k, uint64(len(p)))
		k = append(k, p...)
	}
	r.key = k
	return k
}

// word is a text that many lines have: each is kept once.
func (r *reducer) word(b []byte) string {
	w, ok := r.words[string(b)]
	if !ok {
		w = text(b)
		r.words[string(b)] = w
	}
	return w
}

func text(b []byte) string { return strings.ToValidUTF8(string(b), "?") }

// monthName is the month of a date, "2026-10".
func monthName(date []byte) (string, bool) {
	if len(date) < len("2026-10") {
		return "", false
	}
	d := date[:7]
	for i, c := range d {
		if i == 4 && c != '-' || i != 4 && (c < '0' || c > '9') {
			return "", false
		}
	}
	n := (d[5]-'0')*10 + d[6] - '0'
	return string(d), n >= 1 && n <= 12
}

// bills puts the lines together, month by month.
func (r *reducer) bills(files []File) ([]snapshot.Bill, *Report, error) {
	rep := r.report
	switch {
	case rep.Rows == 0:
		return nil, nil, fault.Input(exportHint, "the bill holds no row")
	case rep.Malformed == rep.Rows:
		return nil, nil, fault.Input(exportHint, "no row of the bill can be read: %s", rep.Mistakes[0])
	case len(r.months) == 0 && rep.Others > 0:
		return nil, nil, fault.Input("give the bill of this account, or one that it is in", "nothing in the bill is of the account %s; it is of %s", r.options.Account, r.accounts())
	}
	out := make([]snapshot.Bill, len(r.months))
	for i, m := range r.months {
		out[i] = snapshot.Bill{Account: r.options.Account, Month: m.name, Origin: snapshot.FromExport, From: r.form + " export " + nameOf(files), Basis: r.basis,
			Read: r.options.Now.UTC().Truncate(time.Second), Pooled: rep.Pooled}
		if out[i].Account == "" {
			out[i].Account = m.account
		}
		if len(m.through) >= 10 {
			out[i].Through, _ = time.Parse(time.DateOnly, m.through[:10])
			if time := strings.TrimLeft(m.through[10:], "T "); time != "" && !strings.HasPrefix(time, "00:00:00") {
				out[i].Through = out[i].Through.AddDate(0, 0, 1)
			}
		}
	}
	r.at = nil // what follows needs room
	for _, l := range r.lines {
		l.Amount = math.Round(l.Amount*1e6) / 1e6
		if l.Amount != 0 {
			out[l.month].Lines = append(out[l.month].Lines, l.CostLine)
		}
	}
	for i := range out {
		out[i].Seal()
	}
	slices.SortFunc(out, func(a, b snapshot.Bill) int { return strings.Compare(a.Month, b.Month) })
	return out, rep, nil
}

func (r *reducer) accounts() string {
	var all []string
	for a := range r.others {
		all = append(all, a)
	}
	slices.Sort(all)
	if len(all) > 3 {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:3], ", "), len(all)-3)
	}
	return strings.Join(all, ", ")
}
