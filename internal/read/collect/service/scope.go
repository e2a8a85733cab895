package service

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"golang.org/x/sync/errgroup"

	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Scope is one service in one Region: what its collector knows, and where it puts what it finds.
type Scope struct {
	Service   Service
	Account   string
	Partition string
	Region    string // empty for a global service
	Home      string // the Region that global services are asked in
	MaybeOff  bool   // the Region is not known to be enabled
	Taken     time.Time
	Regions   []Region      // of the partition; nil where AWS did not tell
	Pause     time.Duration // between two looks at something that AWS is preparing, and between two requests to what is slow
	Wire      *wire.Wire
	Tags      *TagIndex             // shared by all scopes of a scan; may be nil
	Hints     *Hints                // likewise
	Step      func(asked, done int) // progress; may be nil

	mu           sync.Mutex
	resources    []snapshot.Resource
	coverage     []snapshot.Coverage
	observations []snapshot.Observation
}

// The bounds of one service in one Region: calls at once, time for a call with its repeats, pages of a list.
const (
	atOnce    = 8
	callTime  = 2 * time.Minute
	mostPages = 10_000
)

// Config is the client configuration for the scope's Region, or for the home Region of a global service.
func (s *Scope) Config() aws.Config {
	if s.Region == "" {
		return s.Wire.Config(s.Home)
	}
	return s.Wire.Config(s.Region)
}

// ARN builds an ARN of this account in the scope's Region.
func (s *Scope) ARN(service, resource string) string {
	return "arn:" + s.Partition + ":" + service + ":" + s.Region + ":" + s.Account + ":" + resource
}

// New is a resource of this account and Region, learnt by a call.
func (s *Scope) New(typ, key, name, call string) *snapshot.Resource {
	return &snapshot.Resource{
		Key: snapshot.Key(key), Type: typ, Account: s.Account, Region: s.Region, Name: name,
		Properties: map[string]any{}, Origin: snapshot.Origin{Call: call},
	}
}

// Add keeps finished resources.
func (s *Scope) Add(rs ...snapshot.Resource) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resources = append(s.resources, rs...)
}

// Observe keeps what somebody else said about a resource.
func (s *Scope) Observe(os ...snapshot.Observation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.observations = append(s.observations, os...)
}

// Note records what a call could see; the types come from the declaration.
func (s *Scope) Note(call, outcome, reason string) {
	s.NoteTypes(call, outcome, reason, s.declared(call).Types...)
}

// NoteTypes records what a call could see where it answers for other types than it declares.
func (s *Scope) NoteTypes(call, outcome, reason string, types ...string) {
	service, _, _ := strings.Cut(call, ":")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.coverage = append(s.coverage, snapshot.Coverage{
		Service: service, Region: s.Region, Call: call, Types: types, Outcome: outcome, Reason: reason,
	})
}

// Miss records that a part of a resource could not be read.
func (s *Scope) Miss(r *snapshot.Resource, part, call string, err error) {
	outcome, reason := wire.Outcome(err, false)
	s.miss(r, part, call, outcome, reason)
}

func (s *Scope) miss(r *snapshot.Resource, part, call, outcome, reason string) {
	if !slices.Contains(r.Unknown, part) {
		r.Unknown = append(r.Unknown, part)
	}
	service, _, _ := strings.Cut(call, ":")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.coverage = append(s.coverage, snapshot.Coverage{
		Service: service, Region: r.Region, Call: call, Resource: r.Key, Outcome: outcome, Reason: reason,
	})
}

// Result is what the collector found.
func (s *Scope) Result() ([]snapshot.Resource, []snapshot.Coverage, []snapshot.Observation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.resources, s.coverage, s.observations
}

// Close accounts for every declared list that the collector did not come to: nobody asked is a gap too.
func (s *Scope) Close(outcome, reason string) {
	s.mu.Lock()
	var told []string
	for _, c := range s.coverage {
		told = append(told, c.Types...)
	}
	s.mu.Unlock()
	for _, c := range s.Service.Calls {
		var open []string
		for _, t := range c.Types {
			if !slices.Contains(told, t) {
				open = append(open, t)
			}
		}
		if len(open) > 0 {
			s.NoteTypes(c.Name, outcome, reason, open...)
		}
	}
}

// Fail withdraws what the scope said to have listed completely: its collector broke.
func (s *Scope) Fail(reason string) {
	s.mu.Lock()
	for i := range s.coverage {
		if len(s.coverage[i].Types) > 0 {
			s.coverage[i].Outcome, s.coverage[i].Reason = snapshot.Failed, reason
		}
	}
	s.mu.Unlock()
	s.Close(snapshot.Failed, reason)
}

func (s *Scope) declared(call string) Call {
	for _, c := range s.Service.Calls {
		if c.Name == call {
			return c
		}
	}
	return Call{}
}

func (s *Scope) step(asked, done int) {
	if s.Step != nil {
		s.Step(asked, done)
	}
}

// Each does something for every item, a few at once. A panic for one item reaches the caller's goroutine as a panic there,
// so that the collector as a whole is what fails.
func Each[T any](ctx context.Context, items []T, do func(context.Context, T)) {
	var g errgroup.Group
	g.SetLimit(atOnce)
	for _, item := range items {
		g.Go(func() (err error) {
			defer func() {
				if p := recover(); p != nil {
					err = fmt.Errorf("%v", p)
				}
			}()
			if ctx.Err() == nil {
				do(ctx, item)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		panic(err)
	}
}
