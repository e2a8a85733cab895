package main

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"testing"
)

// written is a matrix file, read.
type written struct {
	principals []string
	blocks     []writtenBlock
}

type writtenBlock struct {
	action    string
	resources []string
	cells     []byte
}

func (b *writtenBlock) cell(principal, resource int) uint64 {
	row := (len(b.resources) + 63) / 64 * 16
	return binary.LittleEndian.Uint64(b.cells[principal*row+resource/32*8:]) >> (resource % 32 * 2) & 3
}

func readMatrix(t *testing.T, b []byte) (f written) {
	t.Helper()
	head, cells, ok := bytes.Cut(b, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !ok || lines[0] != "footing matrix 1" {
		t.Fatalf("it begins with %q", lines[0])
	}
	for lines = lines[1:]; len(lines) > 0; {
		name, count, _ := strings.Cut(lines[0], " ")
		n, err := strconv.Atoi(count)
		if err != nil {
			t.Fatal(err)
		}
		list := lines[1 : n+1]
		lines = lines[n+1:]
		if name == "principals" {
			f.principals = list
			continue
		}
		size := len(f.principals) * ((n + 63) / 64) * 16
		f.blocks = append(f.blocks, writtenBlock{name, list, cells[:size]})
		cells = cells[size:]
	}
	if len(cells) > 0 || len(f.blocks) != len(asked) {
		t.Fatalf("%d bytes are left after %d actions", len(cells), len(f.blocks))
	}
	return f
}
