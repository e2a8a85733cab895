package collect

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

// collectors bounds how many services and Regions are worked on at once; wire bounds the requests below them.
const collectors = 16

// job is one service in one Region, or a global service.
type job struct {
	service service.Service
	region  string
}

func (j job) String() string { return strings.TrimSpace(j.service.Name + " " + j.region) }

// run is one scan under way.
type run struct {
	wire     *wire.Wire
	ask      read.Options
	snapshot *snapshot.Snapshot
	settings settings
	began    time.Time
	known    []service.Region // all of the partition; nil where that could not be read
	maybeOff bool             // the same
	progress *progress
	tags     *service.TagIndex
	hints    *service.Hints
}

func scan(ctx context.Context, o read.Options, all []service.Service, set settings) (*snapshot.Snapshot, error) {
	if err := known(o.Services, all); err != nil {
		return nil, err
	}
	w, err := wire.Open(ctx, declared(all), set.Wire)
	if err != nil {
		return nil, credentials(err)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	r := &run{wire: w, ask: o, settings: set, hints: service.NewHints(all), progress: newProgress(o.Tell, o.Now)}
	r.tags = &service.TagIndex{All: slices.ContainsFunc(all, func(s service.Service) bool { return s.Last && chosen(s, o.Services) })}
	r.began = r.moment()
	r.snapshot = &snapshot.Snapshot{Taken: r.began, From: "live", Partition: "aws"}
	defer r.progress.repeat(ctx)()
	if err := r.identify(ctx); err != nil {
		return nil, err
	}
	off, err := r.regions(ctx, o.Regions)
	if err != nil {
		return nil, err
	}
	r.tags.Regions = r.snapshot.Regions
	r.leaveOut(all, o.Services, off)
	jobs := r.plan(all, o.Services)
	if err := r.work(ctx, jobs, r.resume(all, jobs)); err != nil {
		return nil, err
	}
	r.finish()
	if set.Made != nil {
		set.Made(w.Made())
	}
	return r.snapshot, nil
}

// identify asks who we are. Nothing can be told about an account that is not known, so this is the one call that must succeed.
func (r *run) identify(ctx context.Context) error {
	s := r.scope(job{service.Start(), ""})
	account, arn, err := service.Identify(ctx, s)
	if err != nil {
		if ctx.Err() != nil {
			return interrupted(ctx)
		}
		return credentials(err)
	}
	a, ok := shape.ParseARN(arn)
	if !ok || !shape.IsAccountID(account) {
		return fault.IO("is AWS_ENDPOINT_URL set to something that is not AWS?",
			"cannot tell which account this is: sts:GetCallerIdentity names the account %.40q and the caller %.80q", account, arn)
	}
	r.snapshot.Account, r.snapshot.Partition = account, a.Partition
	return nil
}

// plan lists the work: the global services first, then every Region.
func (r *run) plan(all []service.Service, only []string) []job {
	var jobs []job
	for _, s := range all {
		if s.Global && chosen(s, only) {
			jobs = append(jobs, job{s, ""})
		}
	}
	for _, region := range r.snapshot.Regions {
		for _, s := range all {
			if !s.Global && chosen(s, only) {
				jobs = append(jobs, job{s, region})
			}
		}
	}
	return jobs
}

// work reads the jobs that have no part yet, in two rounds: what comes last asks for what the others found.
func (r *run) work(ctx context.Context, jobs []job, parts []read.Part) error {
	var open []int
	for i, j := range jobs {
		if parts[i].Service == "" {
			open = append(open, i)
			r.progress.expect(len(j.service.Calls))
		}
	}
	for _, last := range []bool{false, true} {
		if err := r.round(ctx, jobs, parts, open, last); err != nil {
			return err
		}
		r.gather(jobs, parts, last)
	}
	return nil
}

// round runs the open jobs of one round.
func (r *run) round(ctx context.Context, jobs []job, parts []read.Part, open []int, last bool) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(collectors)
	for _, i := range open {
		if jobs[i].service.Last != last {
			continue
		}
		g.Go(func() error {
			if gctx.Err() == nil {
				parts[i] = r.part(gctx, jobs[i])
			}
			r.progress.expect(-len(jobs[i].service.Calls))
			return nil // what a collector could not do is coverage, never the end of the scan
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return interrupted(ctx)
	}
	return nil
}

// gather takes what the parts of a round tell. What an earlier round found was read better there.
func (r *run) gather(jobs []job, parts []read.Part, last bool) {
	known := map[snapshot.Key]bool{}
	for i := range r.snapshot.Resources {
		known[r.snapshot.Resources[i].Key] = true
	}
	for i, p := range parts {
		if jobs[i].service.Last != last {
			continue
		}
		for _, x := range p.Resources {
			if !known[x.Key] {
				r.snapshot.Resources = append(r.snapshot.Resources, x)
			}
		}
		r.snapshot.Coverage = append(r.snapshot.Coverage, p.Coverage...)
		r.snapshot.Observations = append(r.snapshot.Observations, p.Observations...)
	}
	r.hints.From(r.snapshot.Resources)
}

// moment is now, never later.
func (r *run) moment() time.Time { return r.ask.Now().UTC().Truncate(time.Second) }

// collect runs one collector. If it breaks, what it said is complete is not believed.
func collect(ctx context.Context, s *service.Scope) {
	defer func() {
		if p := recover(); p != nil {
			s.Fail(fmt.Sprintf("the collector broke: %v", p))
		}
	}()
	s.Service.Read(ctx, s)
	s.Close(snapshot.NotAsked, "the collector did not come to it")
}

func (r *run) scope(j job) *service.Scope {
	return &service.Scope{
		Service: j.service, Region: j.region, Account: r.snapshot.Account, Partition: r.snapshot.Partition,
		Home: r.wire.Home(), MaybeOff: r.maybeOff, Taken: r.began, Regions: r.known, Pause: r.settings.Pause, Wire: r.wire, Tags: r.tags, Hints: r.hints,
		Step: r.progress.step(j.String()),
	}
}

func (r *run) finish() {
	r.snapshot.Calls = r.wire.Sent()
	read := slices.ContainsFunc(r.snapshot.Coverage, func(c snapshot.Coverage) bool { return c.Outcome == snapshot.OK || c.Outcome == snapshot.Truncated })
	if !read { // that there is an account is no finding
		r.snapshot.Resources = nil
	}
	withPaths(r.snapshot)
	r.snapshot.Seal()
	r.snapshot.Observations = once(r.snapshot.Observations)
	for _, a := range r.snapshot.OfType("AWS::Account") {
		r.snapshot.Name = a.Text("Alias")
	}
}

// withPaths lets observations about a user or role find it: who observes them tells their names without the path.
func withPaths(s *snapshot.Snapshot) {
	keys := map[string]snapshot.Key{}
	for i := range s.Resources {
		r := &s.Resources[i]
		if before, path, _ := strings.Cut(string(r.Key), "/"); r.Type == "AWS::IAM::User" || r.Type == "AWS::IAM::Role" {
			keys[before+"/"+path[strings.LastIndexByte(path, '/')+1:]] = r.Key
		}
	}
	for i := range s.Observations {
		if k, ok := keys[string(s.Observations[i].About)]; ok {
			s.Observations[i].About = k
		}
	}
}

// once leaves out an observation that another Region or another finding repeats; of sorted ones, the earliest stays.
func once(sorted []snapshot.Observation) []snapshot.Observation {
	seen := map[snapshot.Observation]bool{}
	return slices.DeleteFunc(sorted, func(o snapshot.Observation) bool {
		o.At = time.Time{}
		again := seen[o]
		seen[o] = true
		return again
	})
}

func credentials(err error) error {
	if wire.WrongClock(err) {
		f := fault.IO("set this machine's clock, or have it set by a time service (NTP)",
			"cannot tell which account this is: AWS refuses what this machine signs, because its clock is wrong (%s)", wire.Says(err))
		f.Cause = err
		return f
	}
	f := fault.IO(`set AWS_PROFILE, or sign in ("aws sso login"), and see that "aws sts get-caller-identity" answers`,
		"cannot tell which account this is: %s", wire.Says(err))
	f.Cause = err
	return f
}

func interrupted(ctx context.Context) error {
	f := fault.IO("scan again", "the scan was interrupted: %s", context.Cause(ctx)) // what is kept is known to who keeps it
	f.Cause = ctx.Err()
	return f
}
