package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/footing-dev/footing/iam"
)

// line is a request as it is written.
type line struct {
	ID                json.RawMessage            `json:"id"`
	Principal         string                     `json:"principal"`
	Action            string                     `json:"action"`
	Resource          string                     `json:"resource"`
	ResourceAccount   string                     `json:"resource_account"`
	ResourceTags      map[string]string          `json:"resource_tags"`
	Context           map[string]json.RawMessage `json:"context"`
	Absent            []string                   `json:"absent"`
	Present           []string                   `json:"present"`
	Closed            bool                       `json:"closed"`
	ManagementAccount json.RawMessage            `json:"management_account"`
	Identity          json.RawMessage            `json:"identity"`
	Boundary          json.RawMessage            `json:"boundary"`
	Session           json.RawMessage            `json:"session"`
	ResourcePolicy    json.RawMessage            `json:"resource_policy"`
	SCP               []json.RawMessage          `json:"scp"`
	RCP               []json.RawMessage          `json:"rcp"`
	VPCEndpoint       json.RawMessage            `json:"vpc_endpoint"`
	Grants            []grant                    `json:"kms_grants"`
	PublicAccess      map[string]bool            `json:"public_access_block"`
}

// question is a decoded line. Problems are policies that AWS would refuse.
type question struct {
	id       json.RawMessage
	request  iam.Request
	layers   iam.Layers
	problems []Problem
}

// decoder remembers policies by their text, and what is odd about actions: streams repeat both from line to line.
type decoder struct {
	parsed map[string]parsed
	notice Notice // may be nil
	noted  map[string]string
}

type parsed struct {
	policy   *iam.Policy
	problems []Problem // without layer and policy
}

// maxParsed bounds what a decoder remembers.
const maxParsed = 2048

func newDecoder(notice Notice) *decoder {
	return &decoder{parsed: map[string]parsed{}, notice: notice, noted: map[string]string{}}
}

// odd is what the notice says of an action.
func (d *decoder) odd(action string) string {
	if d.notice == nil {
		return ""
	}
	says, ok := d.noted[action]
	if !ok {
		if len(d.noted) >= maxParsed {
			clear(d.noted)
		}
		says = d.notice(action)
		d.noted[action] = says
	}
	return says
}

func (d *decoder) decode(text []byte) (question, error) {
	var l line
	q := question{}
	if err := json.Unmarshal(text, &l); err != nil {
		// The id is worth saving even when another field is wrong.
		var only struct {
			ID json.RawMessage `json:"id"`
		}
		if json.Unmarshal(text, &only) == nil {
			q.id = only.ID
		}
		return q, inWords(err)
	}
	if trimmed := bytes.TrimSpace(text); trimmed[0] != '{' {
		return q, errors.New("a request is a JSON object")
	}
	q.id = l.ID
	if q.id == nil {
		q.id = json.RawMessage("null")
	}
	q.request = iam.Request{
		Principal: l.Principal, Action: l.Action, Resource: l.Resource, ResourceAccount: l.ResourceAccount,
		ResourceTags: l.ResourceTags, Absent: l.Absent, Present: l.Present, Closed: l.Closed,
	}
	if err := q.request.Check(); err != nil {
		return q, err
	}
	var err error
	if q.request.Context, err = decodeContext(l.Context); err != nil {
		return q, err
	}
	if q.request.ManagementAccount, err = decodeManagement(l.ManagementAccount, l.Principal); err != nil {
		return q, err
	}
	return q, d.layers(&q, &l)
}

// inWords turns an error of encoding/json into one that names the field and not the Go type.
func inWords(err error) error {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind) && kind.Field == "":
		return fmt.Errorf("a request is a JSON object, not a %s", kind.Value)
	case errors.As(err, &kind):
		return fmt.Errorf("%s cannot be a %s", kind.Field, kind.Value)
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON at byte %d: %s", syntax.Offset, syntax.Error())
	}
	return errors.New("not a JSON object")
}

func decodeContext(in map[string]json.RawMessage) (map[string][]string, error) {
	if in == nil {
		return nil, nil
	}
	out := make(map[string][]string, len(in))
	for key, raw := range in {
		var items []json.RawMessage
		if raw[0] != '[' {
			items = []json.RawMessage{raw}
		} else if err := json.Unmarshal(raw, &items); err != nil {
			return nil, fmt.Errorf("context %q is no list", key)
		}
		values := []string{}
		for _, item := range items {
			switch {
			case string(item) == "null": // no value
			case item[0] == '"':
				var s string
				if err := json.Unmarshal(item, &s); err != nil {
					return nil, fmt.Errorf("context %q is no string", key)
				}
				values = append(values, s)
			case item[0] == '{' || item[0] == '[':
				return nil, fmt.Errorf("context %q holds something other than strings, numbers and booleans", key)
			default:
				values = append(values, string(item))
			}
		}
		out[key] = values
	}
	return out, nil
}

// decodeManagement takes a boolean, or the id of the management account, which counts when it is the principal's own.
func decodeManagement(raw json.RawMessage, principal string) (bool, error) {
	var id string
	var flag bool
	switch {
	case raw == nil || string(raw) == "null":
		return false, nil
	case json.Unmarshal(raw, &flag) == nil:
		return flag, nil
	case json.Unmarshal(raw, &id) == nil:
		return id != "" && id == iam.Account(principal), nil
	}
	return false, errors.New("management_account is a boolean or an account id")
}

func (d *decoder) layers(q *question, l *line) (err error) {
	for _, one := range []struct {
		name string
		raw  json.RawMessage
		to   *[]*iam.Policy
	}{
		{iam.LayerIdentity, l.Identity, &q.layers.Identity},
		{iam.LayerBoundary, l.Boundary, &q.layers.Boundary},
		{iam.LayerSession, l.Session, &q.layers.Session},
		{iam.LayerResource, l.ResourcePolicy, &q.layers.Resource},
		{iam.LayerVPCEndpoint, l.VPCEndpoint, &q.layers.VPCEndpoint},
	} {
		if *one.to, err = d.layer(q, one.name, one.raw); err != nil {
			return err
		}
	}
	if q.layers.SCP, err = d.levels(q, iam.LayerSCP, l.SCP); err != nil {
		return err
	}
	if q.layers.RCP, err = d.levels(q, iam.LayerRCP, l.RCP); err != nil {
		return err
	}
	for _, g := range l.Grants {
		q.layers.Grants = append(q.layers.Grants, g.grant())
	}
	q.layers.PublicAccess, err = decodePublicAccess(l.PublicAccess)
	return err
}

func (d *decoder) levels(q *question, name string, raw []json.RawMessage) ([][]*iam.Policy, error) {
	var out [][]*iam.Policy
	for _, level := range raw {
		policies, err := d.layer(q, name, level)
		if err != nil {
			return nil, err
		}
		if policies == nil {
			return nil, fmt.Errorf("%s holds a level that is null", name)
		}
		out = append(out, policies)
	}
	return out, nil
}

// layer reads one policy document or a list of {name, policy}. Nothing and null are no layer; an empty list is one that allows nothing.
func (d *decoder) layer(q *question, name string, raw json.RawMessage) ([]*iam.Policy, error) {
	if raw == nil || string(raw) == "null" {
		return nil, nil
	}
	items := []json.RawMessage{raw}
	if raw[0] == '[' {
		if err := json.Unmarshal(raw, &items); err != nil {
			return nil, fmt.Errorf("%s is no list of policies", name)
		}
	}
	out := make([]*iam.Policy, 0, len(items))
	for i, item := range items {
		label, document, err := unwrap(item)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if label == "" {
			label = fmt.Sprintf("policy %d", i+1)
		}
		p := d.parse(name, document)
		for _, problem := range p.problems {
			problem.Layer, problem.Policy = name, label
			q.problems = append(q.problems, problem)
		}
		named := *p.policy
		named.Name = label
		out = append(out, &named)
	}
	return out, nil
}

// unwrap takes {name, policy} apart; a document, as an object or as a string that holds one, may also stand alone.
func unwrap(item json.RawMessage) (name string, document []byte, err error) {
	document = item
	if item[0] == '{' {
		var wrapped struct {
			Name   string          `json:"name"`
			Policy json.RawMessage `json:"policy"`
		}
		err := json.Unmarshal(item, &wrapped)
		if err == nil && wrapped.Policy == nil && !strings.Contains(string(item), "Statement") && wrapped.Name != "" {
			return "", nil, fmt.Errorf("%q has no policy", wrapped.Name)
		}
		if wrapped.Policy != nil {
			if err != nil {
				return "", nil, errors.New("the name of a policy is a string")
			}
			name, document = wrapped.Name, wrapped.Policy
		}
	}
	if document[0] == '"' {
		var text string
		if err := json.Unmarshal(document, &text); err != nil {
			return "", nil, errors.New("a policy is a JSON object or a string that holds one")
		}
		document = []byte(text)
	}
	return name, document, nil
}

func (d *decoder) parse(layer string, document []byte) parsed {
	key := layer + "\n" + string(document)
	if p, ok := d.parsed[key]; ok {
		return p
	}
	policy, errs := iam.ParseFor(document, layer)
	p := parsed{policy: policy}
	for _, e := range errs {
		p.problems = append(p.problems, Problem{Position: e.Position(), Says: e.Says})
	}
	if len(d.parsed) >= maxParsed {
		clear(d.parsed)
	}
	d.parsed[key] = p
	return p
}
