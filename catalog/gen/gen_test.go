package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/footing-dev/footing/catalog"
)

// TestCanonical: the committed file is what the generator writes of its own content, in whatever order it is given.
func TestCanonical(t *testing.T) {
	f, err := os.Open("../aws.txt.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	committed, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Decode(string(committed))
	if err != nil {
		t.Fatal(err)
	}
	r := c.Release()
	if pinned != r.Source+"@"+r.Version {
		t.Errorf("%s is pinned and %s@%s is committed", pinned, r.Source, r.Version)
	}
	b := &book{source: r.Source, version: r.Version, date: r.Date.Format("2006-01-02"), global: c.GlobalConditionKeys(), rcp: backwards(c.ServicesUnderRCP())}
	for _, s := range c.Services() {
		s.Actions, s.ResourceTypes, s.ConditionKeys = backwards(s.Actions), backwards(s.ResourceTypes), backwards(s.ConditionKeys)
		b.services = append(b.services, s)
	}
	b.services = backwards(b.services)
	var again bytes.Buffer
	if err := b.write(&again); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Bytes(), committed) {
		t.Errorf("%d bytes written, %d committed", again.Len(), len(committed))
	}
	var x, y bytes.Buffer
	if err := pack(&x, committed); err != nil {
		t.Fatal(err)
	}
	if err := pack(&y, committed); err != nil || !bytes.Equal(x.Bytes(), y.Bytes()) {
		t.Error("packing twice gives different bytes")
	}
}

func backwards[T any](list []T) []T {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

func TestWriteRefuses(t *testing.T) {
	for name, s := range map[string]catalog.Service{
		"no resource type":  {Prefix: "a", Actions: []catalog.Action{{Service: "a", Name: "Get", Level: catalog.LevelRead, Targets: []catalog.Target{{Type: "gone"}}}}},
		"no condition key":  {Prefix: "a", Actions: []catalog.Action{{Service: "a", Name: "Get", Level: catalog.LevelRead, ConditionKeys: []string{"a:Gone"}}}},
		"tab or a line bre": {Prefix: "a", Name: "A\tB"},
	} {
		err := (&book{services: []catalog.Service{s}}).write(io.Discard)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
