package decide

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// A column may fix a key that callers have too: then what one of them sends there tells nothing of the others, nor of other columns.
func TestKeysOfCallersAndColumns(t *testing.T) {
	a := user(t, "ada", allow("s3:GetObject", "*", when("StringEquals", "aws:username", "ada")))
	table := Compile(build(t, nil, a, user(t, "bob", allow("s3:GetObject", "*", when("StringLike", "aws:username", "${aws:username}", "a*"))), bucket(t, "logs")))
	list := []Column{
		{On: logs, Context: map[string][]string{"aws:username": {"eve"}}},
		{On: logs, Absent: []string{"aws:username"}},
		{On: logs},
	}
	e := table.NewEngine()
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 0, 2}} {
		var columns []Column
		for _, i := range order {
			columns = append(columns, list[i])
		}
		m := e.Matrix(Asking{Action: "s3:GetObject"}, table.Columns(columns), nil)
		for i, p := range e.Actors() {
			for col, c := range columns {
				want := table.Explain(Query{Principal: p, Action: "s3:GetObject", On: c.On, Context: c.Context, Absent: c.Absent}).Outcome
				if got, _ := m.At(i, col); got != want {
					t.Errorf("%s, column %d of %v: engine %d, reference %d", p, col, order, got, want)
				}
			}
		}
	}
}

// An account without principals has a root user; a question without columns has no answers; neither is a mistake.
func TestNobodyAndNothing(t *testing.T) {
	for _, table := range []*Table{Compile(build(t, nil)), Compile(&snapshot.Snapshot{})} {
		e := table.NewEngine()
		if got := e.Actors(); !slices.Equal(got, []string{table.Root()}) {
			t.Errorf("actors are %v", got)
		}
		if n := e.Actor("arn:aws:iam::" + account + ":user/nobody"); n != -1 {
			t.Errorf("nobody is actor %d", n)
		}
		none := e.Matrix(Asking{Action: "s3:GetObject"}, table.Columns(nil), nil)
		none.Row(e.Root()).Allow.Each(func(int) { t.Error("a column of none") })
		e.SomeObject(Asking{Action: "s3:GetObject"}, nil, nil)
		m := e.Matrix(Asking{}, table.Columns([]Column{{}, {}}), nil)
		if o, _ := m.At(e.Root(), 1); o != table.Explain(Query{Principal: table.Root()}).Outcome {
			t.Errorf("the root user is given %d", o)
		}
	}
}

// Who is not asked changes nothing for the others, and is denied.
func TestAskedOfSome(t *testing.T) {
	for seed := range uint64(30) {
		d := drawing{Rand: rand.New(rand.NewPCG(seed, 2)), gaps: seed%2 == 0, partition: "aws"}
		s := d.account()
		table := Compile(s)
		e := table.NewEngine(drawnLacks...)
		var list []Column
		for i := range s.Resources {
			list = append(list, Column{On: s.Resources[i].Key})
		}
		as, cs := Asking{Action: d.one(drawnActions...)}, table.Columns(list)
		all, some := e.Matrix(as, cs, nil), e.Matrix(as, cs, func(actor int) bool { return actor%2 == 0 })
		for actor := range e.Actors() {
			if actor%2 == 0 && fmt.Sprint(all.Row(actor)) != fmt.Sprint(some.Row(actor)) {
				t.Errorf("seed %d, actor %d: %v when all are asked, %v when some are", seed, actor, all.Row(actor), some.Row(actor))
			}
			for col := range list {
				if o, _ := some.At(actor, col); actor%2 == 1 && o != iam.Deny {
					t.Errorf("seed %d: actor %d was not asked and has %d", seed, actor, o)
				}
			}
		}
	}
}

// The same account gives the same bytes, whatever the order of maps and however many processors there are.
func TestRowsAreStable(t *testing.T) {
	write := func(seed uint64) []byte {
		d := drawing{Rand: rand.New(rand.NewPCG(seed, 3)), gaps: seed%3 == 0, partition: "aws"}
		s := d.account()
		table := Compile(s)
		e := table.NewEngine(drawnLacks...)
		var list []Column
		var buckets []snapshot.Key
		for i := range s.Resources {
			list = append(list, Column{On: s.Resources[i].Key})
		}
		for _, b := range s.OfType("AWS::S3::Bucket") {
			buckets = append(buckets, b.Key)
		}
		var b bytes.Buffer
		cs := table.Columns(list)
		for _, action := range drawnActions {
			m := e.Matrix(Asking{Action: action}, cs, nil)
			o := e.SomeObject(Asking{Action: action}, buckets, nil)
			for actor := range e.Actors() {
				fmt.Fprintln(&b, m.Row(actor), o.Row(actor))
			}
		}
		fmt.Fprintln(&b, e.Actors(), table.Troubles)
		return b.Bytes()
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for seed := range uint64(20) {
		first := write(seed)
		for _, procs := range []int{1, 2, 4} {
			runtime.GOMAXPROCS(procs)
			if !bytes.Equal(first, write(seed)) {
				t.Fatalf("seed %d differs from run to run", seed)
			}
		}
	}
}

// Of tags whose names differ in case alone one counts, and always the same: the first in order.
func TestTwinTagsOfPrincipals(t *testing.T) {
	a := user(t, "ada", allow("s3:GetObject", "*", when("StringEquals", "aws:principaltag/team", "red")))
	a.Tags = map[string]string{"Team": "red", "tEAM": "blue", "TEAm": "green"}
	table := Compile(build(t, nil, a, bucket(t, "logs")))
	first := table.Explain(Query{Principal: string(a.Key), Action: "s3:GetObject", On: logs}).Outcome
	for range 50 {
		e := table.NewEngine()
		m := e.Matrix(Asking{Action: "s3:GetObject"}, table.Columns([]Column{{On: logs}}), nil)
		got, _ := m.At(0, 0)
		want := table.Explain(Query{Principal: string(a.Key), Action: "s3:GetObject", On: logs}).Outcome
		if got != want || want != first {
			t.Fatalf("engine %d, reference %d, at first %d", got, want, first)
		}
	}
}
