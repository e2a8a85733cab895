package threatmodel

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"github.com/footing-dev/footing/internal/fault"
)

// maxSource is far beyond what people write by hand; a bigger file is something else.
const maxSource = 1 << 20

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// Parse reads a footing.yaml strictly: an unknown key, a wrong word or a reference to nothing is an error with
// file:line:column. Sections that are not judged yet are accepted as they are. The name is for messages only.
func Parse(name string, src []byte) (*Model, error) {
	if len(src) > maxSource {
		return nil, fault.Input("give the footing.yaml that people wrote", "%s is larger than 1 MiB: that is no footing.yaml", name)
	}
	if !utf8.Valid(src) {
		return nil, fault.Input("save it as UTF-8", "%s is not UTF-8 text", name)
	}
	s := &source{name: name, lines: strings.Split(string(src), "\n"), anchors: map[string]ast.Node{}}
	root, err := s.root(src)
	if err != nil {
		return nil, err
	}
	m := Default()
	if root == nil {
		return m, nil
	}
	return m, s.model(root, m)
}

func (s *source) model(root ast.Node, m *Model) error {
	top, err := s.entries(root, "footing.yaml", "footing", "account", "name", "owner", "review", "policy", "units", "views", "resources",
		"components", "actors", "entry_points", "use_cases", "threats", "mitigations", "objectives", "overrides", "waivers")
	if err != nil {
		return err
	}
	var cases ast.Node
	for _, e := range top {
		switch e.key {
		case "footing":
			_, err = s.number(e.value, "the version of footing.yaml", 1, 1)
		case "account":
			m.Account, err = s.account(e.value, "account")
		case "name":
			m.Name, err = s.text(e.value, "name")
		case "policy":
			err = s.policy(e.value, m)
		case "units":
			err = s.units(e.value, m)
		case "views":
			err = s.views(e.value, m)
		case "resources":
			err = s.resources(e.value, m)
		case "actors":
			err = s.actors(e.value, m)
		case "use_cases":
			cases = e.value // refers to the others, which may stand below it
		}
		if err != nil {
			return err
		}
	}
	return s.useCases(cases, m)
}

func (s *source) account(n ast.Node, what string) (string, error) {
	id, err := s.text(n, what)
	if err == nil && id != "" && !accountID.MatchString(id) {
		return "", s.mistake(n, `quote it: account: "111122223333"`, "%s is twelve digits, not %q", what, id)
	}
	return id, err
}

func (s *source) policy(n ast.Node, m *Model) error {
	es, err := s.entries(n, "policy", "thresholds", "unknown_is", "trusted_accounts")
	if err != nil {
		return err
	}
	for _, e := range es {
		switch e.key {
		case "thresholds":
			m.Thresholds, err = s.thresholds(e.value)
		case "unknown_is":
			_, err = s.oneOf(e.value, "unknown_is", "worst")
		case "trusted_accounts":
			err = s.trusted(e.value, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *source) trusted(n ast.Node, m *Model) error {
	es, err := s.entries(n, "trusted_accounts")
	if err != nil {
		return err
	}
	for _, e := range es {
		if !accountID.MatchString(e.key) {
			return s.mistake(e.at, `quote it: {"444455556666": partner}`, "a trusted account is twelve digits, not %q", e.key)
		}
		if m.Trusted[e.key], err = s.text(e.value, "the name of a trusted account"); err != nil {
			return err
		}
	}
	return nil
}

func (s *source) thresholds(n ast.Node) ([]Threshold, error) {
	items, err := s.list(n, "thresholds")
	if err != nil {
		return nil, err
	}
	var out []Threshold
	for _, item := range items {
		es, err := s.entries(item, "a threshold", "at", "action", "within", "say", "objective")
		if err != nil {
			return nil, err
		}
		var t Threshold
		for _, e := range es {
			switch e.key {
			case "at":
				t.At, err = s.number(e.value, "at", 1, 25)
			case "action":
				t.Action, err = s.text(e.value, "action")
			case "within":
				t.Within, err = s.text(e.value, "within")
			case "say":
				t.Say, err = s.text(e.value, "say")
			}
			if err != nil {
				return nil, err
			}
		}
		if t.At == 0 || t.Action == "" {
			return nil, s.mistake(item, "for instance {at: 15, action: restrict}", "a threshold needs at and action")
		}
		if len(out) > 0 && t.At >= out[len(out)-1].At {
			return nil, s.mistake(item, "write them from the highest down", "the threshold %d is never reached: the first that matches wins", t.At)
		}
		out = append(out, t)
	}
	return out, nil
}

func (s *source) resources(n ast.Node, m *Model) error {
	items, err := s.list(n, "resources")
	if err != nil {
		return err
	}
	for _, item := range items {
		es, err := s.entries(item, "a resource", "id", "bind", "owner", "class", "impact")
		if err != nil {
			return err
		}
		var r Resource
		for _, e := range es {
			switch e.key {
			case "id":
				r.ID, err = s.text(e.value, "id")
			case "bind":
				r.Bind, err = s.bind(e.value)
			case "owner":
				r.Owner, err = s.text(e.value, "owner")
			case "class":
				r.Class, err = s.oneOf(e.value, "class", Classes()...)
			case "impact":
				r.Impact, err = s.impact(e)
			}
			if err != nil {
				return err
			}
		}
		if r.ID == "" || r.Bind.Empty() {
			return s.mistake(item, "for instance {id: orders, bind: {type: AWS::DynamoDB::Table, tag: {service: orders}}}", "a resource needs id and bind")
		}
		if slices.ContainsFunc(m.Resources, func(o Resource) bool { return o.ID == r.ID }) {
			return s.mistake(item, "give each its own id", "two resources are called %q", r.ID)
		}
		m.Resources = append(m.Resources, r)
	}
	return nil
}

func (s *source) impact(at entry) (Impact, error) {
	var im Impact
	es, err := s.entries(at.value, "impact", "read", "write", "reason", "by", "date")
	if err != nil {
		return im, err
	}
	for _, e := range es {
		switch e.key {
		case "read":
			im.Read, err = s.number(e.value, "the impact of a read", 1, 5)
		case "write":
			im.Write, err = s.number(e.value, "the impact of a write", 1, 5)
		case "reason":
			im.Reason, err = s.text(e.value, "reason")
		case "by":
			im.By, err = s.text(e.value, "by")
		case "date":
			if im.Date, err = s.text(e.value, "date"); err == nil {
				if _, bad := time.Parse(time.DateOnly, im.Date); bad != nil {
					err = s.mistake(e.value, "", "date is a day like 2026-11-02, not %q", im.Date)
				}
			}
		}
		if err != nil {
			return im, err
		}
	}
	if im.Reason == "" || im.By == "" || im.Date == "" {
		return im, s.mistake(at.at, "for instance {read: 5, reason: \"contains passports\", by: ana@acme.example, date: 2026-11-02}",
			"an impact that people state needs reason, by and date")
	}
	return im, nil
}

func (s *source) bind(n ast.Node) (Bind, error) {
	var b Bind
	es, err := s.entries(n, "bind", "arn", "type", "tag", "oidc")
	if err != nil {
		return b, err
	}
	for _, e := range es {
		switch e.key {
		case "arn":
			b.ARN, err = s.words(e.value, "arn")
		case "type":
			b.Type, err = s.words(e.value, "type")
		case "oidc":
			b.OIDC, err = s.words(e.value, "oidc")
		case "tag":
			b.Tag, err = s.tags(e.value)
		}
		if err != nil {
			return b, err
		}
	}
	return b, nil
}
