package files

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

// gap is one element of gaps.json: a call that left something unseen.
type gap struct{ Service, Region, Call, Reason, Resource string }

// gaps reads gaps.json. The error is half a sentence without a subject.
func gaps(doc []byte) ([]gap, error) {
	var list []gap
	if err := shape.Decode(doc, &list); err != nil {
		return nil, err
	}
	for i := range list {
		g := &list[i]
		if g.Call == "" {
			return nil, fmt.Errorf("has a wrong entry %d (from 0): it has no call", i)
		}
		prefix, operation, ok := strings.Cut(g.Call, ":")
		if !ok {
			prefix, operation = g.Service, g.Call
		}
		if prefix == "" {
			return nil, fmt.Errorf("has a wrong entry %d (from 0): its call %.80q has no service", i, g.Call)
		}
		g.Call = strings.ToLower(prefix) + ":" + operation
		if g.Service == "" {
			g.Service = prefix
		}
		g.Service = strings.ToLower(g.Service)
		if g.Service == "s3control" && prefix == "s3" {
			g.Call = "s3control:" + operation
		}
		if g.Region == "global" || g.Region == "aws-global" {
			g.Region = ""
		}
	}
	if list == nil {
		return nil, errors.New("has the wrong shape: it is null, not a list")
	}
	return list, nil
}

// outcome reads a reason; what it does not recognise has simply failed.
func outcome(reason string) string {
	r := strings.ToLower(reason)
	for _, c := range []struct {
		outcome string
		words   []string
	}{
		{snapshot.Denied, []string{"denied", "unauthorized", "not authorized", "forbidden", "not allowed"}},
		{snapshot.Throttled, []string{"throttl", "rate exceeded", "too many requests", "slow down"}},
		{snapshot.Truncated, []string{"truncated"}},
		{snapshot.NotAsked, []string{"not asked", "not-asked", "skipped"}},
	} {
		if slices.ContainsFunc(c.words, func(w string) bool { return strings.Contains(r, w) }) {
			return c.outcome
		}
	}
	return snapshot.Failed
}

// apply records a gap in the coverage and marks what the call would have read as unknown. The index finds resources by key.
func (g gap) apply(s *snapshot.Snapshot, index map[snapshot.Key]int) {
	c := snapshot.Coverage{
		Service: g.Service, Region: g.Region, Call: g.Call, Outcome: outcome(g.Reason), Reason: g.Reason,
	}
	if c.Reason == "" {
		c.Reason = "gaps.json does not say why"
	}
	if types := listedBy(g.Call); len(types) > 0 {
		c.Types = types
		if g.Resource != "" { // a list for one resource: the type as a whole is not complete
			c.Reason += " (for " + g.Resource + ")"
		}
		s.Coverage = append(s.Coverage, c)
		return
	}
	target := tellsOf(g.Call)
	if g.Resource == "" {
		s.Coverage = append(s.Coverage, c)
		for i := range s.Resources {
			if r := &s.Resources[i]; target.fits(r) && (g.Region == "" || r.Region == "" || r.Region == g.Region) {
				target.markMissing(r)
			}
		}
		return
	}
	i, ok := find(s, index, g.Resource, target)
	if ok {
		c.Resource = s.Resources[i].Key
		if target.fits(&s.Resources[i]) {
			target.mark(&s.Resources[i])
		}
	} else {
		c.Resource = snapshot.Key(g.Resource)
	}
	s.Coverage = append(s.Coverage, c)
}

// find looks a resource up by its ARN, or by its name among the types that the call is about.
func find(s *snapshot.Snapshot, index map[snapshot.Key]int, resource string, t tells) (int, bool) {
	if i, ok := index[snapshot.Key(resource)]; ok {
		return i, true
	}
	i := slices.IndexFunc(s.Resources, func(r snapshot.Resource) bool { return t.typ != "" && r.Type == t.typ && r.Name == resource })
	return i, i >= 0
}
