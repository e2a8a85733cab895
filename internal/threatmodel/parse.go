package threatmodel

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"github.com/footing-dev/footing/internal/fault"
)

// maxSource is far beyond what people write by hand; a bigger file is something else.
const maxSource = 1 << 20

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// Sections are the keys of a footing.yaml, in the order in which they are written.
func Sections() []string {
	return []string{"footing", "account", "name", "owner", "regions", "review", "alerts", "policy", "people", "units", "views", "resources", "components",
		"actors", "entry_points", "use_cases", "threats", "mitigations", "objectives", "overrides", "waivers", "exceptions", "attestations"}
}

// Parse reads a footing.yaml strictly: an unknown key, a wrong word or a reference to nothing is an error with
// file:line:column. The name is for messages only.
func Parse(name string, src []byte) (*Model, error) {
	s, root, err := open(name, src)
	if err != nil {
		return nil, err
	}
	m := Default()
	if root == nil {
		return m, nil
	}
	if err := s.model(root, m); err != nil {
		return nil, err
	}
	return m, nil
}

// open reads the syntax alone. root is nil when the file says nothing.
func open(name string, src []byte) (s *source, root ast.Node, err error) {
	if len(src) > maxSource {
		return nil, nil, fault.Input("give the footing.yaml that people wrote", "%s is larger than 1 MiB: that is no footing.yaml", name)
	}
	if !utf8.Valid(src) {
		return nil, nil, fault.Input("save it as UTF-8", "%s is not UTF-8 text", name)
	}
	// The parser counts some lines twice that end in CR and LF.
	src = bytes.ReplaceAll(src[byteOrderMark(src):], []byte("\r\n"), []byte("\n"))
	s = newSource(name, src)
	root, err = s.root(src)
	return s, root, err
}

// byteOrderMark is the length of the mark that some editors begin a file with.
func byteOrderMark(src []byte) int {
	if strings.HasPrefix(string(src[:min(len(src), 3)]), "\ufeff") {
		return 3
	}
	return 0
}

func (s *source) model(root ast.Node, m *Model) error {
	var version int
	fields := []field{
		may("footing", into(&version, func(n ast.Node, _ string) (int, error) { return s.number(n, "the version of footing.yaml", 1, 1) })),
		may("account", into(&m.Account, s.account)),
		may("name", s.intoText(&m.Name)),
		may("owner", s.intoText(&m.DefaultOwner)),
		may("regions", s.regions(m)),
		may("review", s.review(m)),
		may("alerts", s.each(func(n ast.Node) error { return s.alert(n, m) })),
		may("policy", func(e entry) error { return s.policy(e.value, m) }),
		may("people", s.each(func(n ast.Node) error { return s.person(n, m) })),
		may("units", s.each(func(n ast.Node) error { return s.unit(n, m) })),
		may("views", func(e entry) error { return s.views(e.value, m) }),
		may("resources", s.each(func(n ast.Node) error { return s.resource(n, m) })),
		may("components", s.each(func(n ast.Node) error { return s.component(n, m) })),
		may("actors", s.each(func(n ast.Node) error { return s.actor(n, m) })),
		may("entry_points", s.each(func(n ast.Node) error { return s.entryPoint(n, m) })),
		may("use_cases", s.each(func(n ast.Node) error { return s.useCase(n, m) })),
		may("threats", s.each(func(n ast.Node) error { return s.threat(n, m) })),
		may("mitigations", s.each(func(n ast.Node) error { return s.mitigation(n, m) })),
		may("objectives", s.each(func(n ast.Node) error { return s.objective(n, m) })),
		may("overrides", s.each(func(n ast.Node) error { return s.override(n, m) })),
		may("waivers", s.each(func(n ast.Node) error { return s.waiver(n, m) })),
		may("exceptions", s.each(func(n ast.Node) error { return s.exception(n, m) })),
		may("attestations", s.each(func(n ast.Node) error { return s.attestation(n, m) })),
	}
	for i := range fields {
		fields[i].blank = i >= slices.Index(Sections(), "regions") // a section whose items are all commented out
	}
	s.named["resource"] = map[string]int{theAccount: 0}
	if err := s.record(root, "footing.yaml", "", fields...); err != nil {
		return err
	}
	for _, check := range s.later {
		if err := check(); err != nil {
			return err
		}
	}
	return s.circles()
}

// theAccount is the account itself: it has a row, and so a name, in every model.
const theAccount = "account"

func (s *source) account(n ast.Node, what string) (string, error) {
	id, err := s.word(n, what)
	if err == nil && !accountID.MatchString(id) {
		return "", s.mistake(n, `quote it: "111122223333"`, "%s is twelve digits, not %q", what, id)
	}
	return id, err
}

var region = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]+$`)

func (s *source) regions(m *Model) func(entry) error {
	return s.each(func(n ast.Node) error {
		name, err := s.text(n, "a Region")
		switch {
		case err != nil:
			return err
		case !region.MatchString(name):
			return s.mistake(n, "for instance eu-west-1", "%q is no name of a Region", name)
		case slices.Contains(m.Regions, name):
			return s.mistake(n, "keep one of the two", "the Region %s stands here twice", name)
		}
		m.Regions = append(m.Regions, name)
		return nil
	})
}

var days = regexp.MustCompile(`^([1-9][0-9]{0,3})d$`)

// period is a number of days, as it is written: 90d.
func (s *source) period(n ast.Node, what string) (string, error) {
	t, err := s.text(n, what)
	if err == nil && !days.MatchString(t) {
		return "", s.mistake(n, "write days: 14d", "%s is a number of days like 90d, not %q", what, t)
	}
	return t, err
}

func (s *source) review(m *Model) func(entry) error {
	return func(e entry) error {
		var every string
		if err := s.record(e.value, "review", "review: {every: 90d}", must("every", into(&every, s.period))); err != nil {
			return err
		}
		m.Review.Days, _ = strconv.Atoi(strings.TrimSuffix(every, "d"))
		return nil
	}
}

func (s *source) alert(n ast.Node, m *Model) error {
	a := Alert{Line: line(n)}
	to := func(ok func(string) bool, like string) func(entry) error {
		return func(e entry) error {
			t, err := s.text(e.value, e.key)
			switch {
			case err != nil:
				return err
			case a.Kind != "":
				return s.mistake(e.at, "begin another item", "an alert goes to one place, and this one has %s and %s", a.Kind, e.key)
			case !ok(t):
				return s.mistake(e.value, "for instance "+like, "%q is no place that %s reaches", t, e.key)
			}
			a.Kind, a.To = e.key, t
			return nil
		}
	}
	web := func(t string) bool { return strings.HasPrefix(t, "https://") && !strings.ContainsAny(t, " \n") }
	err := s.record(n, "an alert", "", may("email", to(func(t string) bool { return Glob("?*@?*", t) && !strings.ContainsAny(t, " \n") }, "{email: ana@acme.example}")),
		may("sns", to(func(t string) bool { return Glob("arn:aws*:sns:*:*:*", t) }, `{sns: "arn:aws:sns:eu-west-1:111122223333:alerts"}`)),
		may("slack", to(web, `{slack: "https://hooks.slack.com/services/…"}`)), may("webhook", to(web, `{webhook: "https://acme.example/alerts"}`)))
	if err == nil && a.Kind == "" {
		err = s.mistake(n, "for instance {email: ana@acme.example}", "an alert needs email, sns, slack or webhook")
	}
	m.Alerts = append(m.Alerts, a)
	return err
}

func (s *source) policy(n ast.Node, m *Model) error {
	var unknown string
	return s.record(n, "policy", "", may("thresholds", func(e entry) error {
		m.Thresholds = nil
		if err := s.each(func(n ast.Node) error { return s.threshold(n, m) })(e); err != nil || len(m.Thresholds) > 0 {
			return err
		}
		return s.mistake(e.value, "leave the key out for those that hold without it", "thresholds is an empty list: no risk would ever ask for anything")
	}), may("unknown_is", s.intoOneOf(&unknown, "worst")), may("trusted_accounts", func(e entry) error { return s.trusted(e.value, m) }),
		may("class_tags", func(e entry) error {
			tags, err := s.words(e.value, e.key, s.text)
			m.ClassTags = tags
			return err
		}))
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
		name := ""
		switch e.value.(type) {
		case *ast.MappingNode, *ast.MappingValueNode:
			said := Said{Line: line(e.at)}
			err = s.record(e.value, "a trusted account", `"444455556666": {name: partner, reason: "runs our billing", by: ana@acme.example, date: 2026-11-02}`,
				append([]field{must("name", s.intoText(&name))}, s.saying(&said)...)...)
			if m.TrustedSaid == nil {
				m.TrustedSaid = map[string]Said{}
			}
			m.TrustedSaid[e.key] = said
		case nil:
			err = s.mistake(e.at, `for instance {"444455556666": partner}`, "the trusted account %s has no name", e.key)
		default:
			name, err = s.text(e.value, "the name of a trusted account")
		}
		if err != nil {
			return err
		}
		m.Trusted[e.key] = name
	}
	return nil
}

func (s *source) threshold(n ast.Node, m *Model) error {
	var t Threshold
	err := s.record(n, "a threshold", `{at: 15, action: restrict, within: 14d, say: "Only one team may administer it."}`,
		must("at", s.intoNumber(&t.At, 1, 25)), must("action", s.intoText(&t.Action)), may("within", into(&t.Within, s.period)), may("say", s.intoText(&t.Say)),
		may("objective", s.refer(&t.Objective, "the objective of a threshold", "objective")))
	if err != nil {
		return err
	}
	if k := len(m.Thresholds); k > 0 && t.At >= m.Thresholds[k-1].At {
		return s.mistake(n, "write them from the highest down", "the threshold %d is never reached: the first that matches wins", t.At)
	}
	m.Thresholds = append(m.Thresholds, t)
	return nil
}

// views reads names for choices of resources: {buckets: "type:bucket -region:eu-*"}, or a list of selectors.
func (s *source) views(n ast.Node, m *Model) error {
	es, err := s.entries(n, "views")
	if err != nil {
		return err
	}
	for _, e := range es {
		v := View{Name: e.key}
		if e.value == nil {
			return s.mistake(e.at, `for instance views: {open: "type:bucket -tag:owner"}`, "the view %q is empty", e.key)
		}
		words, err := s.words(e.value, fmt.Sprintf("the view %q", e.key), s.text)
		if err != nil {
			return err
		}
		if v.Selectors = words; len(words) == 1 {
			v.Selectors = strings.Fields(words[0])
		}
		if _, bad := ParseSelectors(v.Selectors); bad != nil {
			return s.mistake(e.value, `"footing list --help" tells the selectors`, "in the view %q: %s", e.key, bad)
		}
		m.Views = append(m.Views, v)
	}
	return nil
}
