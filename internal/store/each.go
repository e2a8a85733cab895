package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
)

// nearby is the largest distance of two wanted ids that one statement still reads together: passing over a few rows is cheaper than
// another statement.
const nearby = 32

// wanted is an id and its place in the list that was asked for.
type wanted struct {
	id int64
	at int
}

// each reads rows by their ids, in the order that they lie in, and calls visit with the place of the id and the row's second column, which is
// valid until visit returns. A row that is missing is passed over.
func each(ctx context.Context, tx *sql.Tx, query string, ids []int64, visit func(at int, body []byte) error) error {
	order := make([]wanted, len(ids))
	for at, id := range ids {
		order[at] = wanted{id, at}
	}
	slices.SortFunc(order, func(a, b wanted) int { return cmp.Compare(a.id, b.id) })
	span, err := tx.PrepareContext(ctx, query+` WHERE id BETWEEN $1 AND $2 ORDER BY id`)
	if err != nil {
		return err
	}
	defer span.Close()
	for len(order) > 0 {
		n := 1
		for n < len(order) && order[n].id-order[n-1].id <= nearby {
			n++
		}
		if err := eachOf(ctx, span, order[:n], visit); err != nil {
			return err
		}
		order = order[n:]
	}
	return nil
}

func eachOf(ctx context.Context, span *sql.Stmt, order []wanted, visit func(at int, body []byte) error) error {
	rows, err := span.QueryContext(ctx, order[0].id, order[len(order)-1].id)
	if err != nil {
		return err
	}
	defer rows.Close()
	var body sql.RawBytes
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id, &body); err != nil {
			return err
		}
		for len(order) > 0 && order[0].id < id {
			order = order[1:]
		}
		for len(order) > 0 && order[0].id == id {
			if err := visit(order[0].at, body); err != nil {
				return err
			}
			order = order[1:]
		}
	}
	return rows.Err()
}
