package files

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

// organizationPolicies is scp.json: levels from the root of the organisation down to the account.
type organizationPolicies struct {
	SCP, RCP [][]struct {
		Name   string
		Policy json.RawMessage
	}
}

// organization reads scp.json. The error is half a sentence without a subject.
func organization(doc []byte, account string) ([]snapshot.Resource, error) {
	var p *organizationPolicies
	if err := shape.Decode(doc, &p); err != nil {
		return nil, err
	}
	if p == nil {
		return nil, errors.New("has the wrong shape: it is null, not an object")
	}
	var out []snapshot.Resource
	seen := map[snapshot.Key]bool{}
	for _, kind := range []struct {
		name, typ string
		levels    [][]struct {
			Name   string
			Policy json.RawMessage
		}
	}{{"scp", "SERVICE_CONTROL_POLICY", p.SCP}, {"rcp", "RESOURCE_CONTROL_POLICY", p.RCP}} {
		for level, policies := range kind.levels {
			for i, policy := range policies {
				where := fmt.Sprintf("%s[%d][%d]", kind.name, level, i)
				if policy.Name == "" {
					return nil, fmt.Errorf("has the wrong shape: %s has no name", where)
				}
				r := snapshot.Resource{
					Key:        snapshot.Key(kind.name + ":" + strconv.Itoa(level) + "/" + policy.Name),
					Type:       "AWS::Organizations::Policy",
					Account:    account,
					Name:       policy.Name,
					Properties: map[string]any{"Name": policy.Name, "Type": kind.typ, "Level": level},
					Origin:     snapshot.Origin{File: "scp.json"},
				}
				if seen[r.Key] {
					return nil, fmt.Errorf("has the wrong shape: %s is the second %q of its level", where, policy.Name)
				}
				seen[r.Key] = true
				content, ok := shape.PolicyDocument(policy.Policy)
				if !ok {
					r.Unknown = []string{"Content"}
				}
				if content != nil {
					r.Properties["Content"] = content
				}
				out = append(out, r)
			}
		}
	}
	return out, nil
}
