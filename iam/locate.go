package iam

import (
	"fmt"
	"sort"
)

// ParseFor is [ParseLenient] and [Validate] in one, with the errors in the order of the document, each with its line and column.
func ParseFor(src []byte, layer string) (*Policy, []*ParseError) {
	p, errs := ParseLenient(src)
	for _, e := range Validate(p, layer) {
		errs = append(errs, locate(src, e))
	}
	sort.SliceStable(errs, func(i, j int) bool { return errs[i].Offset < errs[j].Offset })
	return p, errs
}

// locate reads the document once more to find where the path of an error leads. Errors are rare, so paths are written out in full
// rather than kept for every value of every policy.
func locate(src []byte, e *ParseError) *ParseError {
	nodes, bad := readJSON(src, nil)
	if bad != nil {
		return e
	}
	r := reader{src: src, nodes: nodes}
	if n := r.find(&nodes[0], "", e.Path); n != nil {
		return errorAt(src, int(n.offset), e.Path, "%s", e.Says)
	}
	return errorAt(src, int(nodes[0].offset), e.Path, "%s", e.Says)
}

// find walks down to the last value that lies on the path: a missing element is told where it is missing.
func (r *reader) find(n *node, at, path string) *node {
	i, last := 0, n
	for m := range r.below(n) {
		here := fmt.Sprintf("%s[%d]", at, i)
		if n.kind == kindObject {
			here = m.name
			if at != "" {
				here = at + "." + m.name
			}
			if here == "Statement" && m.kind == kindObject {
				here = "Statement[0]" // one statement without a list
			}
		}
		i++
		if here == path {
			return m
		}
		if len(path) > len(here) && path[:len(here)] == here && (path[len(here)] == '.' || path[len(here)] == '[') {
			last = r.find(m, here, path)
		}
	}
	return last
}
