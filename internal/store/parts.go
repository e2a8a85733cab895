package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"strings"
)

// A snapshot is kept as a list of parts, and a part as a list of bodies: some sixteen resources that follow each other. Where a part ends is
// told by the keys of its resources alone, so that a resource that is new or gone changes one part and moves no other. A part that is known
// by its hash is there with everything in it: what did not change costs one look-up a part, and no row.

type digest = [sha256.Size]byte

// endsPart tells whether a resource is the last of its part. Stores that were written with another rule stay readable.
func endsPart(k string) bool { return crc32.ChecksumIEEE([]byte(k))%16 == 0 }

// longestPart is for keys that were chosen to end none.
const longestPart = 256

// item is the body of a resource on its way into the store. Whoever knows that it is there already needs only its hash.
type item struct {
	key  string
	hash digest
	body []byte
}

// writer writes the parts of one snapshot. Nothing else writes meanwhile: it works in a transaction that holds the lock on the counter.
type writer struct {
	ctx    context.Context
	tx     *sql.Tx
	known  *sql.Stmt // a part by its hash
	find   *sql.Stmt // batch bodies by their hashes
	insert *sql.Stmt // batch bodies
	part   *sql.Stmt

	lastBody, lastPart int64
	parts              []int64 // of the snapshot, in order
	open               []item  // the part that is being filled
	items              []item  // those of new parts, which are not written yet
	news               []part
	rows               []any // of bodies that are not written yet
}

// part is one whose hash was not known: its id, its hash, and how many of the waiting items are its own.
type part struct {
	id   int64
	hash digest
	size int
}

// batch is how many rows one statement carries: large enough to pay for the call, small enough to keep little in memory.
const batch = 200

func newWriter(ctx context.Context, tx *sql.Tx) (*writer, error) {
	w := &writer{ctx: ctx, tx: tx}
	for _, s := range []struct {
		into **sql.Stmt
		text string
	}{
		{&w.known, `SELECT id FROM parts WHERE hash = $1`},
		{&w.find, `SELECT id, hash FROM bodies WHERE hash IN ` + placeholders(1, batch)},
		{&w.insert, insertBodies(batch)},
		{&w.part, `INSERT INTO parts (id, hash, bodies) VALUES ($1, $2, $3)`},
	} {
		stmt, err := tx.PrepareContext(ctx, s.text) //nolint:sqlclosecheck // close does it
		if err != nil {
			w.close()
			return nil, err
		}
		*s.into = stmt
	}
	err := tx.QueryRowContext(ctx, `SELECT (SELECT COALESCE(MAX(id), 0) FROM bodies), (SELECT COALESCE(MAX(id), 0) FROM parts)`).
		Scan(&w.lastBody, &w.lastPart)
	if err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *writer) close() {
	for _, s := range []*sql.Stmt{w.known, w.find, w.insert, w.part} {
		if s != nil {
			s.Close()
		}
	}
}

// placeholders is "($1, $2, …)" for n values, the first with a number.
func placeholders(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", first+i)
	}
	return "(" + b.String() + ")"
}

func insertBodies(n int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO bodies (id, hash, body) VALUES `)
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(placeholders(1+i*bodyColumns, bodyColumns))
	}
	return b.String()
}

const bodyColumns = 3

// add appends a resource to the snapshot.
func (w *writer) add(it item) error {
	w.open = append(w.open, it)
	if !endsPart(it.key) && len(w.open) < longestPart {
		return nil
	}
	return w.endPart()
}

func (w *writer) endPart() error {
	if len(w.open) == 0 {
		return nil
	}
	sum := sha256.New()
	for i := range w.open {
		sum.Write(w.open[i].hash[:])
	}
	p := part{hash: digest(sum.Sum(nil)), size: len(w.open)}
	err := w.known.QueryRowContext(w.ctx, p.hash[:]).Scan(&p.id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		w.lastPart++
		p.id = w.lastPart
		w.news = append(w.news, p)
		w.items = append(w.items, w.open...)
	case err != nil:
		return err
	}
	w.parts = append(w.parts, p.id)
	w.open = w.open[:0]
	if len(w.items) < batch {
		return nil
	}
	return w.settle()
}

// settle finds or makes the bodies of the new parts, then writes these.
func (w *writer) settle() error {
	ids := make([]int64, 0, len(w.items))
	for rest := w.items; len(rest) > 0; {
		some := rest[:min(batch, len(rest))]
		rest = rest[len(some):]
		there, err := w.there(some)
		if err != nil {
			return err
		}
		for i := range some {
			id, ok := there[some[i].hash]
			if !ok {
				if id, err = w.body(&some[i]); err != nil {
					return err
				}
				there[some[i].hash] = id
			}
			ids = append(ids, id)
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	for i := range w.news {
		p := &w.news[i]
		if _, err := w.part.ExecContext(w.ctx, p.id, p.hash[:], encodeIDs(ids[:p.size])); err != nil {
			return err
		}
		ids = ids[p.size:]
	}
	w.items, w.news = w.items[:0], w.news[:0]
	return nil
}

// there finds which of at most a batch of bodies the store has.
func (w *writer) there(items []item) (map[digest]int64, error) {
	hashes := make([]any, batch)
	for i := range hashes {
		hashes[i] = items[min(i, len(items)-1)].hash[:]
	}
	rows, err := w.find.QueryContext(w.ctx, hashes...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := make(map[digest]int64, len(items))
	var hash sql.RawBytes
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id, &hash); err != nil {
			return nil, err
		}
		if len(hash) == len(digest{}) {
			found[digest(hash)] = id
		}
	}
	return found, rows.Err()
}

// body gives a new body its id. It is written with others, at the latest by flush.
func (w *writer) body(it *item) (int64, error) {
	w.lastBody++
	w.rows = append(w.rows, w.lastBody, it.hash[:], it.body)
	if len(w.rows) < batch*bodyColumns {
		return w.lastBody, nil
	}
	_, err := w.insert.ExecContext(w.ctx, w.rows...)
	w.rows = w.rows[:0]
	return w.lastBody, err
}

// flush writes the bodies of an incomplete batch.
func (w *writer) flush() error {
	if len(w.rows) == 0 {
		return nil
	}
	_, err := w.tx.ExecContext(w.ctx, insertBodies(len(w.rows)/bodyColumns), w.rows...)
	w.rows = w.rows[:0]
	return err
}

// end writes what is left and returns the snapshot's parts.
func (w *writer) end() ([]byte, error) {
	err := w.endPart()
	if err == nil {
		err = w.settle()
	}
	return encodeIDs(w.parts), err
}

// single keeps one body outside of any part.
func (w *writer) single(body []byte) ([]byte, error) {
	it := item{hash: sha256.Sum256(body), body: body}
	there, err := w.there([]item{it})
	if err != nil || len(there) > 0 {
		return it.hash[:], err
	}
	if _, err := w.body(&it); err != nil {
		return nil, err
	}
	return it.hash[:], w.flush()
}

// encodeIDs writes ids as their distances, each from the id after the one before it: a run of ids is a row of zeros.
func encodeIDs(ids []int64) []byte {
	out := make([]byte, 0, len(ids)+8)
	next := int64(1)
	for _, id := range ids {
		out = binary.AppendVarint(out, id-next)
		next = id + 1
	}
	return out
}

var errIDs = errors.New("a list of ids is damaged")

// appendIDs reads what encodeIDs wrote.
func appendIDs(ids []int64, list []byte) ([]int64, error) {
	next := int64(1)
	for len(list) > 0 {
		distance, n := binary.Varint(list)
		id := next + distance
		if n <= 0 || id < 1 || id == math.MaxInt64 {
			return ids, errIDs
		}
		ids, next, list = append(ids, id), id+1, list[n:]
	}
	return ids, nil
}
