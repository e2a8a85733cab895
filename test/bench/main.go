// Command bench measures the access engine and the store on made-up accounts. Every subcommand does one thing in one process, so that its processor
// time and its memory can be measured from outside; "all" does that for all of them and prints one table. See docs/performance.md.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime/pprof"
	"slices"
	"strconv"

	"github.com/footing-dev/footing/test/bench/account"
)

const usage = `usage: bench generate PRINCIPALS RESOURCES DIR [--seed N] [--dense] [--equal]
       bench matrix DIR OUT [--workers N]
       bench who DIR ACTION ARN
       bench paths DIR
       bench all [--dir DIR] [--runs N] [--quick]
       bench store [--dir DIR] [--resources N] [--snapshots N]
       each with [--profile FILE]`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New(usage)
	}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	var spec account.Spec
	f.Uint64Var(&spec.Seed, "seed", 1, "generate: another account of the same size")
	f.BoolVar(&spec.Dense, "dense", false, "generate: conditions on nearly every statement")
	f.BoolVar(&spec.Equal, "equal", false, "generate: all principals alike")
	workers := f.Int("workers", 1, "matrix: types of resources that are decided at the same time")
	profile := f.String("profile", "", "write a profile of the processor time to `FILE`")
	dir := f.String("dir", ".cache/bench", "all, store: where accounts are kept")
	runs := f.Int("runs", 5, "all: how often each measurement is taken; the median counts")
	quick := f.Bool("quick", false, "all: the two smaller sizes only")
	resources := f.Int("resources", 100_000, "store: resources of the account")
	snapshots := f.Int("snapshots", 100, "store: snapshots that are kept")
	words, err := parse(f, args[1:])
	if err != nil {
		return err
	}
	if *profile != "" {
		out, err := os.Create(*profile)
		if err != nil {
			return err
		}
		defer out.Close()
		if err := pprof.StartCPUProfile(out); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	want := map[string]int{"generate": 3, "matrix": 2, "who": 3, "paths": 1, "all": 0, "store": 0, "store-step": 2}
	if n, ok := want[args[0]]; !ok || n != len(words) {
		return errors.New(usage)
	}
	var done figures
	switch args[0] {
	case "generate":
		var bad [2]error
		spec.Principals, bad[0] = strconv.Atoi(words[0])
		spec.Resources, bad[1] = strconv.Atoi(words[1])
		if err := errors.Join(bad[:]...); err != nil {
			return err
		}
		return account.Write(words[2], spec)
	case "matrix":
		done, err = matrix(words[0], words[1], *workers)
	case "who":
		done, err = who(words[0], words[1], words[2])
	case "paths":
		done, err = paths(words[0])
	case "all":
		return all(*dir, *runs, *quick)
	case "store":
		return stored(*dir, *resources, *snapshots)
	case "store-step":
		steps, err := storeStep(words[0], words[1], *snapshots)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(steps)
	}
	if err != nil {
		return err
	}
	done.measure()
	return json.NewEncoder(os.Stdout).Encode(done)
}

// parse lets flags stand anywhere.
func parse(f *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			return nil, err
		}
		args = f.Args()
		if len(args) == 0 {
			return slices.Clip(words), nil
		}
		words, args = append(words, args[0]), args[1:]
	}
}
