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

// run is one scan under way.
type run struct {
	wire     *wire.Wire
	snapshot *snapshot.Snapshot
	settings settings
	maybeOff bool // the Region list could not be read
	progress *progress
	tags     *service.TagIndex
}

func scan(ctx context.Context, o read.Options, all []service.Service, set settings) (*snapshot.Snapshot, error) {
	if err := known(o.Services, all); err != nil {
		return nil, err
	}
	w, err := wire.Open(ctx, declared(all), set.Wire)
	if err != nil {
		return nil, credentials(err)
	}
	now := time.Now
	if o.Now != nil {
		now = o.Now
	}
	r := &run{wire: w, settings: set, tags: &service.TagIndex{}, progress: newProgress(o.Tell), snapshot: &snapshot.Snapshot{
		Taken: now().UTC().Truncate(time.Second), From: "live", Partition: "aws",
	}}
	if err := r.identify(ctx); err != nil {
		return nil, err
	}
	off, err := r.regions(ctx, o.Regions)
	if err != nil {
		return nil, err
	}
	r.leaveOut(all, o.Services, off)
	if err := r.work(ctx, r.plan(all, o.Services)); err != nil {
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

func (r *run) work(ctx context.Context, jobs []job) error {
	scopes := make([]*service.Scope, len(jobs))
	for i, j := range jobs {
		scopes[i] = r.scope(j)
		r.progress.expect(len(j.service.Calls))
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(collectors)
	for _, s := range scopes {
		g.Go(func() error {
			if gctx.Err() == nil {
				collect(gctx, s)
			}
			r.progress.expect(-len(s.Service.Calls))
			return nil // what a collector could not do is coverage, never the end of the scan
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return interrupted(ctx)
	}
	for _, s := range scopes {
		resources, coverage, observations := s.Result()
		r.snapshot.Resources = append(r.snapshot.Resources, resources...)
		r.snapshot.Coverage = append(r.snapshot.Coverage, coverage...)
		r.snapshot.Observations = append(r.snapshot.Observations, observations...)
	}
	return nil
}

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
		Home: r.wire.Home(), MaybeOff: r.maybeOff, Taken: r.snapshot.Taken, Pause: r.settings.Pause, Wire: r.wire, Tags: r.tags,
		Step: r.progress.step(strings.TrimSpace(j.service.Name + " " + j.region)),
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
	f := fault.IO(`set AWS_PROFILE, or sign in ("aws sso login"), and see that "aws sts get-caller-identity" answers`,
		"cannot tell which account this is: %s", wire.Says(err))
	f.Cause = err
	return f
}

func interrupted(ctx context.Context) error {
	f := fault.IO("nothing was kept; scan again", "the scan was interrupted: %s", context.Cause(ctx))
	f.Cause = ctx.Err()
	return f
}
