package service

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
)

// Every type that a scan lists has a row that says what it holds, and no type is said to come from files alone that does not.
func TestVocabulary(t *testing.T) {
	text, err := os.ReadFile("../../../../docs/vocabulary.md")
	if err != nil {
		t.Fatal(err)
	}
	live, files, ok := strings.Cut(string(text), "\nAny other type of CloudFormation may come from files")
	if !ok {
		t.Fatal("the page has lost its second table: does this test still see it?")
	}
	first, second := typesIn(live), typesIn(files)
	if len(first) < 50 || len(second) < 50 {
		t.Fatalf("%d and %d types", len(first), len(second))
	}
	for _, s := range All() {
		for _, c := range s.Calls {
			for _, typ := range c.Types {
				if !slices.Contains(first, typ) {
					t.Errorf("%s lists %s, and the first table does not say what it holds", c.Name, typ)
				}
				if slices.Contains(second, typ) {
					t.Errorf("%s lists %s, and the second table says that it comes from files", c.Name, typ)
				}
			}
		}
	}
}

// typesIn reads the first cell of every row: "AWS::EC2::VPC, Subnet *ours*".
func typesIn(text string) (out []string) {
	for line := range strings.Lines(text) {
		cell, ok := strings.CutPrefix(line, "| AWS::")
		if !ok {
			continue
		}
		cell, _, _ = strings.Cut("AWS::"+cell, " |")
		service := ""
		for _, typ := range strings.Split(strings.ReplaceAll(cell, "*ours*", ""), ",") {
			typ = strings.TrimPrefix(strings.TrimSpace(typ), "…")
			if strings.HasPrefix(typ, "AWS::") {
				service = typ[:strings.LastIndex(typ, "::")+2]
			} else {
				typ = service + typ
			}
			out = append(out, typ)
		}
	}
	return out
}

var update = flag.Bool("update", false, "rewrite the table of catalog/listing")

// A folder of files says what it was not given, and a rule what it asks for, by the types and operations of a scan.
func TestKnownTypes(t *testing.T) {
	const path = "../../../../catalog/listing/listing.tsv"
	var b strings.Builder
	seen := map[string]bool{}
	for _, s := range All() {
		for _, c := range s.Calls {
			for _, typ := range c.Types {
				if row := typ + "\t" + s.Name + "\t" + c.Name + "\n"; !seen[row] {
					seen[row] = true
					b.WriteString(row)
				}
			}
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || string(have) != b.String() {
		t.Errorf("%s is not what the collectors list (%v): run go test ./internal/read/collect/service -run KnownTypes -update", path, err)
	}
}
