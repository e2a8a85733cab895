package main

import (
	"fmt"

	"github.com/footing-dev/footing/internal/heap"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/internal/snapshot"
)

// load reads and compiles as a command does.
func load(dir string) (*assess.Assessment, error) {
	heap.CollectLate(heap.Command)
	s, err := files.Read(dir)
	if err != nil {
		return nil, err
	}
	return assess.Access(assess.Input{Snapshot: s})
}

// who answers one "who can" from nothing: read, compile, ask.
func who(dir, action, arn string) (figures, error) {
	a, err := load(dir)
	if err != nil {
		return figures{}, err
	}
	key := snapshot.Key(arn)
	if _, ok := a.Snapshot.Get(key); !ok {
		return figures{}, fmt.Errorf("%s has no resource %s", dir, arn)
	}
	return figures{Ways: len(a.Access.WhoAction(action, key))}, nil
}

// paths finds every way from every entry point to every capability on every resource: who becomes whom, all side doors, and the closure
// over both.
func paths(dir string) (figures, error) {
	a, err := load(dir)
	if err != nil {
		return figures{}, err
	}
	var done figures
	for i := 0; i < len(asked); i++ {
		typ := asked[i].typ
		if i > 0 && asked[i-1].typ == typ {
			continue
		}
		a.Access.Load(typ)
		for _, r := range a.Snapshot.OfType(typ) {
			for c := access.Read; c <= access.Admin; c++ {
				a.Access.Reaching(r.Key, c, func(*access.Entry, access.How) { done.Ways++ })
			}
		}
	}
	return done, nil
}
