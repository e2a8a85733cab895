// Package oracle_test holds iam.Evaluate against a peer that other people wrote: the npm package @cloud-copilot/iam-simulate, run as a
// process of its own. It is asked only where FOOTING_ORACLE=1 is set; make oracle installs the peer and sets it.
package oracle_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const driver = "../../.cache/oracle/driver.mjs"

// installed skips where nobody asked for the peer, and fails where somebody did and it is not there.
func installed(t *testing.T) {
	t.Helper()
	if os.Getenv("FOOTING_ORACLE") != "1" {
		t.Skip("the outside oracle is asked by make oracle (it needs Node.js and npm), or with FOOTING_ORACLE=1 once that has installed it")
	}
	if _, err := os.Stat(driver); err != nil {
		t.Fatalf("the peer is not installed: %v; make oracle does that", err)
	}
}

// setting is a number from the environment.
func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	s := os.Getenv(name)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// tally counts what the peer said.
type tally struct {
	sync.Mutex
	asked, agreed int
	refused       map[string]int // by the peer's word
	inexpressible map[string]int // by ours
	ours          map[verdict]int
	classes       map[string]int
	several       int
	left          []string // disagreements that no class covers
}

func newTally() *tally {
	return &tally{refused: map[string]int{}, inexpressible: map[string]int{}, ours: map[verdict]int{}, classes: map[string]int{}}
}

// hear compares one answer of the peer with ours. Keys that the peer does not know for the action are taken out for us too.
func (c *tally) hear(q *question, a answer, classes []class) {
	c.Lock()
	defer c.Unlock()
	c.asked++
	if a.Error != "" {
		word := a.Error
		if word == "policy.errors" || word == "exception" {
			word += ": " + reasonOf(a.Detail)
		}
		c.refused[word]++
		return
	}
	if len(a.Ignored) > 0 {
		q = q.clone()
		for _, k := range a.Ignored {
			delete(q.request.Context, k)
		}
	}
	ours, theirs := q.ours(), a.verdict()
	c.ours[ours]++
	if agree(ours, theirs) {
		c.agreed++
		return
	}
	found := explain(q, theirs, classes)
	if found == nil {
		c.left = append(c.left, fmt.Sprintf("%s: ours %s, theirs %s\n%s", q.name, ours, theirs, q.show()))
		return
	}
	if len(found) > 1 {
		c.several++
	}
	for _, id := range found {
		c.classes[id]++
	}
}

// reasonOf picks the messages out of the peer's description of an error.
func reasonOf(detail json.RawMessage) string {
	var text []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if s, ok := v["message"].(string); ok && s != "policy.errors" {
				text = append(text, s)
			}
			for _, one := range v {
				walk(one)
			}
		case []any:
			for _, one := range v {
				walk(one)
			}
		}
	}
	var v any
	if json.Unmarshal(detail, &v) == nil {
		walk(v)
	}
	slices.Sort(text)
	return strings.Join(slices.Compact(text), "; ")
}

// report prints the figures, and fails on what is not covered.
func (c *tally) report(t *testing.T, took time.Duration) {
	t.Helper()
	t.Logf("asked %d in %.1f s (%.0f a second), agreed %d, refused by the peer %v, not put to it %v, ours %v",
		c.asked, took.Seconds(), float64(c.asked)/took.Seconds(), c.agreed, c.refused, c.inexpressible, c.ours)
	t.Logf("disagreements by class: %v (%d with more than one)", c.classes, c.several)
	for i, s := range c.left {
		if i == setting(t, "FOOTING_ORACLE_SHOW", 10) {
			break
		}
		t.Error(s)
	}
	if len(c.left) > 0 {
		t.Errorf("%d disagreements that no entry of adjudication.yaml covers", len(c.left))
	}
}

// run asks the peer all questions, in as many processes as there are processors.
func run(t *testing.T, c *tally, classes []class, next func() *question) time.Duration {
	t.Helper()
	var lock sync.Mutex
	take := func() (*question, *simulation) {
		for {
			lock.Lock()
			q := next()
			lock.Unlock()
			if q == nil {
				return nil, nil
			}
			s, err := q.theirs()
			var no inexpressible
			switch {
			case err == nil:
				return q, s
			case errors.As(err, &no):
				c.Lock()
				c.inexpressible[no.Error()]++
				c.Unlock()
			default:
				t.Errorf("%s: %v", q.name, err)
			}
		}
	}
	began := time.Now()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var wait sync.WaitGroup
	path, err := filepath.Abs(driver)
	if err != nil {
		t.Fatal(err)
	}
	for range setting(t, "FOOTING_ORACLE_PROCESSES", runtime.NumCPU()) {
		wait.Go(func() {
			if err := ask(ctx, path, take, func(q *question, a answer) { c.hear(q, a, classes) }); err != nil {
				t.Error(err)
				cancel()
			}
		})
	}
	wait.Wait()
	return time.Since(began)
}

// TestAgainstPeer replays our own decision cases, then asks random questions, one in ten of which is an open question completed at
// random. FOOTING_ORACLE_N is their number, FOOTING_ORACLE_SEED where they start.
func TestAgainstPeer(t *testing.T) {
	installed(t)
	classes := adjudicated(t)
	count, seed := setting(t, "FOOTING_ORACLE_N", 200_000), uint64(setting(t, "FOOTING_ORACLE_SEED", 1))

	cases, refused := corpus(t)
	replayed, i := newTally(), 0
	took := run(t, replayed, classes, func() *question {
		if i == len(cases) {
			return nil
		}
		i++
		return cases[i-1]
	})
	t.Logf("our own cases: %d, and %d about policies that AWS refuses", len(cases), refused)
	replayed.report(t, took)
	if compared := replayed.asked - sum(replayed.refused); compared < len(cases)*4/5 {
		t.Errorf("only %d of our cases were compared", compared)
	}

	asked, n := newTally(), 0
	var completions []*question
	took = run(t, asked, classes, func() *question {
		switch {
		case len(completions) > 0:
			q := completions[0]
			completions = completions[1:]
			n++
			return q
		case n >= count:
			return nil
		case n%10 == 0:
			_, completions = openQuestion(t, seed, n, 2)
		}
		n++
		return newMaker(seed, n).q
	})
	t.Logf("random questions, seed %d", seed)
	asked.report(t, took)
	if few := asked.asked - sum(asked.refused); few < count*99/100 {
		t.Errorf("the peer answered only %d of %d", few, count)
	}
	for id, n := range replayed.classes {
		asked.classes[id] += n
	}
	if count >= 200_000 {
		asked.used(t, classes)
	}
}

func sum(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}
