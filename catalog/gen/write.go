package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/catalog"
)

// write writes the text that catalog.Decode reads. The order is that of the names, whatever the order of the book, so equal books give
// equal text.
func (b *book) write(w io.Writer) error {
	t := &text{w: bufio.NewWriter(w)}
	t.line(catalog.Form, b.source, b.version, b.date)
	for _, k := range b.global {
		t.line("g", k.Name, k.Type)
	}
	if len(b.rcp) > 0 {
		t.line("r", strings.Join(slices.Sorted(slices.Values(b.rcp)), " "))
	}
	for _, s := range sorted(b.services, func(s catalog.Service) string { return s.Prefix }) {
		t.service(s)
	}
	if t.err != nil {
		return t.err
	}
	return t.w.Flush()
}

type text struct {
	w    *bufio.Writer
	keys map[string]int // of the service, by name in small letters
	sets map[string]int // by text
	err  error          // the first
}

func (t *text) fail(format string, args ...any) {
	if t.err == nil {
		t.err = fmt.Errorf(format, args...)
	}
}

func (t *text) line(fields ...string) {
	for i, f := range fields {
		if strings.ContainsAny(f, "\t\n\r") {
			t.fail("%q has a tab or a line break", f)
		}
		if i > 0 {
			t.w.WriteByte('\t')
		}
		t.w.WriteString(f)
	}
	t.w.WriteByte('\n') // what a bufio.Writer could not write, its Flush tells
}

func (t *text) service(s catalog.Service) {
	t.line("s", s.Prefix, s.Name)
	t.keys, t.sets = map[string]int{}, map[string]int{}
	for i, k := range sorted(s.ConditionKeys, func(k catalog.ConditionKey) string { return k.Name }) {
		t.line("k", k.Name, k.Type)
		t.keys[strings.ToLower(k.Name)] = i
	}
	types := sorted(s.ResourceTypes, func(r catalog.ResourceType) string { return r.Name })
	number := map[string]int{}
	var lines [][]string // they refer to sets, which have to stand before them
	for i, r := range types {
		number[strings.ToLower(r.Name)] = i
		lines = append(lines, []string{"t", r.Name, r.ARN, t.set(r.ConditionKeys)})
	}
	for _, a := range sorted(s.Actions, func(a catalog.Action) string { return a.Name }) {
		set := t.set(a.ConditionKeys)
		var targets []string
		for _, on := range sorted(a.Targets, func(on catalog.Target) string { return on.Type }) {
			i, ok := number[strings.ToLower(on.Type)]
			if !ok {
				t.fail("%s: there is no resource type %q", a, on.Type)
			}
			word := strconv.Itoa(i)
			if on.Required {
				word += "!"
			}
			if keys := t.set(on.ConditionKeys); keys != "" {
				word += ":" + keys
			}
			targets = append(targets, word)
		}
		dependent := slices.Sorted(slices.Values(a.DependentActions))
		lines = append(lines, []string{"a", a.Name, a.Level.String()[:1], set, strings.Join(targets, " "), strings.Join(dependent, " ")})
	}
	sets := make([]string, len(t.sets))
	for keys, i := range t.sets {
		sets[i] = keys
	}
	for _, keys := range sets {
		t.line("c", keys)
	}
	for _, l := range lines {
		t.line(l...)
	}
}

// set is the number of a set of keys, "" for none. Sets are numbered as they are first met.
func (t *text) set(names []string) string {
	if len(names) == 0 {
		return ""
	}
	var keys []int
	for _, name := range names {
		i, ok := t.keys[strings.ToLower(name)]
		if !ok {
			t.fail("there is no condition key %q in the service", name)
		}
		keys = append(keys, i)
	}
	slices.Sort(keys)
	words := make([]string, 0, len(keys))
	for _, k := range slices.Compact(keys) {
		words = append(words, strconv.Itoa(k))
	}
	all := strings.Join(words, " ")
	n, ok := t.sets[all]
	if !ok {
		n = len(t.sets)
		t.sets[all] = n
	}
	return strconv.Itoa(n)
}

// sorted is a copy in the order of names without regard to case.
func sorted[T any](list []T, name func(T) string) []T {
	return slices.SortedFunc(slices.Values(list), func(a, b T) int {
		return cmp.Or(cmp.Compare(strings.ToLower(name(a)), strings.ToLower(name(b))), cmp.Compare(name(a), name(b)))
	})
}
