package access

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// routes.tsv says what routes/*.yaml say.
func TestRouteTable(t *testing.T) {
	var want bytes.Buffer
	list := entries(t)
	for _, e := range list {
		fmt.Fprintln(&want, e.line())
	}
	if *update {
		if err := os.WriteFile("routes.tsv", want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("routes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Fatal("routes.tsv is not what the routes say: go test ./internal/judge/access -run TestRouteTable -update")
	}
	routes, err := parseRoutes(string(got))
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		if !reflect.DeepEqual(routes[i], list[i].Route) {
			t.Errorf("%s is read as %+v, and written as %+v", list[i].ID, routes[i], list[i].Route)
		}
	}
}

// line is a route as a line of routes.tsv.
func (e *entry) line() string {
	flags := ""
	for _, f := range []struct {
		is   bool
		name string
	}{{e.Direct, "d"}, {e.Trace, "t"}, {e.Self, "s"}} {
		if f.is {
			flags += f.name
		}
	}
	var needs []string
	for _, n := range e.Needs {
		s := n.Action
		if n.On != "" {
			s += "@" + n.On
		}
		for i, k := range slices.Sorted(maps.Keys(n.With)) {
			s += map[bool]string{true: "?", false: "&"}[i == 0] + k + "=" + n.With[k]
		}
		needs = append(needs, s)
	}
	return strings.Join([]string{e.ID, e.On, e.Gives, e.Becomes, flags, strings.Join(needs, " "), strings.Join(e.When, "; "), e.Says, e.See}, "\t")
}

func FuzzRouteTable(f *testing.F) {
	f.Add("a\tAWS::S3::Bucket\tREAD\t\td\ts3:GetObject@object kms:Decrypt@key?kms:ViaService=s3&b=\tnot acls; customer\tsays\thttps://example.com\n")
	f.Add("a\t\n")
	f.Fuzz(func(t *testing.T, table string) {
		routes, err := parseRoutes(table)
		if err == nil && len(routes) != len(slices.Collect(strings.Lines(table))) {
			t.Errorf("%d routes of %q", len(routes), table)
		}
	})
}

// Every command reads the table before it does anything else.
func TestRoutesAreCheapToRead(t *testing.T) {
	routes := allRoutes(t)
	r := testing.Benchmark(BenchmarkRoutes)
	if n := r.AllocedBytesPerOp(); n > 1<<20 {
		t.Errorf("reading %d routes takes %d bytes", len(routes), n)
	}
	if n := r.AllocsPerOp(); n > int64(4*len(routes)) {
		t.Errorf("reading %d routes takes %d allocations", len(routes), n)
	}
}

func BenchmarkRoutes(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if len(allRoutes(b)) == 0 {
			b.Fatal("no routes")
		}
	}
}
