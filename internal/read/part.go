package read

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Part is a finished piece of a scan: what one service in one Region gave. Only a part without a gap is kept: the next scan shall
// ask again for whatever this one did not see.
type Part struct {
	Service      string
	Region       string    // empty for a global service
	Began        time.Time // when it was begun to be read: nothing in it is older
	Resources    []snapshot.Resource
	Coverage     []snapshot.Coverage
	Observations []snapshot.Observation
}

// Whole tells that every call of the part was answered.
func (p *Part) Whole() bool {
	return !slices.ContainsFunc(p.Coverage, func(c snapshot.Coverage) bool {
		return c.Gap() || c.Resource != "" && c.Outcome != snapshot.OK // that something is not enabled is no answer about one resource
	})
}

// stored is the JSON of a part.
type stored struct {
	Service      string                 `json:"service"`
	Region       string                 `json:"region,omitempty"`
	Began        time.Time              `json:"began"`
	Resources    []json.RawMessage      `json:"resources,omitempty"`
	Coverage     []snapshot.Coverage    `json:"coverage,omitempty"`
	Observations []snapshot.Observation `json:"observations,omitempty"`
}

// Encode is the part as JSON. Its resources have the bytes that a snapshot stores.
func (p *Part) Encode() ([]byte, error) {
	s := stored{Service: p.Service, Region: p.Region, Began: p.Began.UTC(), Coverage: p.Coverage, Observations: p.Observations}
	var all bytes.Buffer
	ends := make([]int, len(p.Resources))
	for i := range p.Resources {
		if err := snapshot.EncodeResource(&all, &p.Resources[i]); err != nil {
			return nil, fmt.Errorf("the resource %s: %w", p.Resources[i].Key, err)
		}
		ends[i] = all.Len()
	}
	begin := 0
	for _, end := range ends {
		s.Resources = append(s.Resources, all.Bytes()[begin:end])
		begin = end
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(s)
	return out.Bytes(), err
}

// DecodePart reads what Encode wrote. Whatever it returns without an error is whole.
func DecodePart(b []byte) (Part, error) {
	var s stored
	if err := json.Unmarshal(b, &s); err != nil {
		return Part{}, err
	}
	p := Part{Service: s.Service, Region: s.Region, Began: s.Began, Coverage: s.Coverage, Observations: s.Observations}
	d := snapshot.NewDecoder()
	for _, raw := range s.Resources {
		r, err := d.Resource(raw)
		if err != nil {
			return Part{}, err
		}
		if r.Key == "" || r.Type == "" {
			return Part{}, errors.New("a resource without a key or a type")
		}
		p.Resources = append(p.Resources, r)
	}
	if p.Service == "" || p.Began.IsZero() || !p.Whole() {
		return Part{}, errors.New("no part of a scan")
	}
	return p, nil
}
