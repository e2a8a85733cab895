package collect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
)

// part reads one service in one Region, and hands it over if nothing of it is missing.
func (r *run) part(ctx context.Context, j job) read.Part {
	defer r.progress.begin(j.String())()
	p := read.Part{Service: j.service.Name, Region: j.region, Began: r.moment()}
	s := r.scope(j)
	collect(ctx, s)
	p.Resources, p.Coverage, p.Observations = s.Result()
	// A collector that the end of the scan overtook may have left something out without a word.
	if r.ask.Keep != nil && finds(j.service) && ctx.Err() == nil && p.Whole() {
		r.ask.Keep(p)
	}
	return p
}

// resume finds the jobs that an earlier scan of the same kind finished. The others stay empty. The snapshot is then as old as the oldest of them.
func (r *run) resume(all []service.Service, jobs []job) []read.Part {
	parts := make([]read.Part, len(jobs))
	if r.ask.Kept == nil {
		return parts
	}
	type place struct{ service, region string }
	kept := map[place]read.Part{}
	for _, p := range r.ask.Kept(read.Scan{Account: r.snapshot.Account, Kind: r.kind(all)}) {
		kept[place{p.Service, p.Region}] = p
	}
	used := read.Resumed{Since: r.snapshot.Taken}
	for i, j := range jobs {
		if !finds(j.service) {
			continue
		}
		used.Of++
		p, ok := kept[place{j.service.Name, j.region}]
		if !ok || !p.Whole() {
			continue
		}
		parts[i] = p
		used.Parts++
		if p.Began.Before(used.Since) {
			used.Since = p.Began
		}
	}
	r.snapshot.Taken = used.Since
	if used.Parts > 0 && r.ask.Resumed != nil {
		r.ask.Resumed(used)
	}
	return parts
}

// kind is a digest of all that decides what a part holds, beside the account: what is asked, where, of whom, and by which program.
func (r *run) kind(all []service.Service) string {
	set := func(l []string) []string { return slices.Compact(slices.Sorted(slices.Values(l))) }
	about := []any{set(r.ask.Regions), set(r.ask.Services), r.wire.Home(), r.wire.Endpoint(), r.maybeOff, build()}
	for _, s := range all {
		about = append(about, s.Name, s.Global, s.Calls)
	}
	text, err := json.Marshal(about)
	if err != nil {
		panic(fmt.Sprintf("strings, numbers and lists of them became unprintable: %v", err))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// build tells one version of the program from another, where that was noted when it was built.
func build() []string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	out := []string{info.Main.Version}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" || s.Key == "vcs.modified" {
			out = append(out, s.Value)
		}
	}
	return out
}

// finds tells whether a service lists anything. The others only help.
func finds(s service.Service) bool {
	return slices.ContainsFunc(s.Calls, func(c service.Call) bool { return len(c.Types) > 0 })
}
