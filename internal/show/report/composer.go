package report

import (
	"cmp"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Threat Composer's own format, version 1: https://github.com/awslabs/threat-composer, schemas/threat-composer-v1.schema.json.
type composer struct {
	Schema          int             `json:"schema"`
	ApplicationInfo tcInfo          `json:"applicationInfo"`
	Architecture    tcDrawn         `json:"architecture"`
	Dataflow        tcDrawn         `json:"dataflow"`
	Assumptions     []tcAssumption  `json:"assumptions"`
	Mitigations     []tcMitigation  `json:"mitigations"`
	AssumptionLinks []tcAssumes     `json:"assumptionLinks"`
	MitigationLinks []tcMitigates   `json:"mitigationLinks"`
	Threats         []tcThreat      `json:"threats"`
	account         string          // makes ids
	at              map[string]bool // ids of threats that are there
}

type tcInfo struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

type tcDrawn struct {
	Description string `json:"description"`
	Image       string `json:"image"`
}

type tcAssumption struct {
	ID           string  `json:"id"`
	NumericID    int     `json:"numericId"`
	DisplayOrder int     `json:"displayOrder"`
	Content      string  `json:"content"`
	Metadata     []tcKey `json:"metadata"`
}

type tcMitigation struct {
	ID           string   `json:"id"`
	NumericID    int      `json:"numericId"`
	DisplayOrder int      `json:"displayOrder"`
	Content      string   `json:"content"`
	Status       string   `json:"status"`
	Metadata     []tcKey  `json:"metadata"`
	Tags         []string `json:"tags,omitempty"`
}

type tcAssumes struct {
	Type         string `json:"type"`
	AssumptionID string `json:"assumptionId"`
	LinkedID     string `json:"linkedId"`
}

type tcMitigates struct {
	MitigationID string `json:"mitigationId"`
	LinkedID     string `json:"linkedId"`
}

type tcThreat struct {
	ID             string   `json:"id"`
	NumericID      int      `json:"numericId"`
	DisplayOrder   int      `json:"displayOrder"`
	Source         string   `json:"threatSource"`
	Prerequisites  string   `json:"prerequisites"`
	Action         string   `json:"threatAction"`
	Impact         string   `json:"threatImpact"`
	ImpactedGoal   []string `json:"impactedGoal"`
	ImpactedAssets []string `json:"impactedAssets"`
	Statement      string   `json:"statement"`
	Status         string   `json:"status"`
	Metadata       []tcKey  `json:"metadata"`
	Tags           []string `json:"tags,omitempty"`
}

type tcKey struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
}

// What Threat Composer takes.
const (
	tcField   = 200  // one field of a statement
	tcContent = 1000 // a comment, a mitigation, an assumption
	tcWhole   = 1400 // a statement
)

// ThreatComposer writes what Threat Composer imports: threats that people stated, and one for each access at or above the lowest threshold
// that none of them speaks of. Ids are made of the account and our own ids, so that two exports differ only where the account does.
func ThreatComposer(w io.Writer, r *Report) error {
	c := &composer{
		Schema: 1, account: r.Account, at: map[string]bool{}, Assumptions: []tcAssumption{}, Mitigations: []tcMitigation{}, AssumptionLinks: []tcAssumes{},
		MitigationLinks: []tcMitigates{}, Threats: []tcThreat{},
		ApplicationInfo: tcInfo{Name: cut16(cmp.Or(r.Name, r.Account), tcField), Description: fmt.Sprintf("AWS account %s, scanned %s. Written by footing: risk is impact × likelihood, 25 at most; likelihood table %s.",
			r.Account, r.Taken.Format(time.DateOnly), r.Table)},
	}
	things := sheet.Things(r.Assessment, r.Gate)
	c.stated(r, things)
	words := sheet.Words(r.Assessment)
	for _, t := range things {
		for _, row := range []*risk.Row{t.Read, t.Write} {
			if row.ID == risk.AccountID && row == t.Read {
				continue // whoever takes over the account does both: one threat
			}
			if row.Risk() >= r.Lowest && len(r.Assessment.Sheet.Threatened(row)) == 0 {
				c.found(r, words, row)
			}
		}
	}
	c.mitigations(r)
	c.assumptions(r)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(c)
}

// stated exports the threats of footing.yaml.
func (c *composer) stated(r *Report, things []sheet.Thing) {
	for _, t := range r.Model.Threats {
		threat := tcThreat{
			Source: t.Source, Action: t.Action, Impact: t.Impact, ImpactedGoal: nonEmpty(t.Goal), ImpactedAssets: nonEmpty(t.Target.ID), Status: "threatIdentified",
			Tags: nonEmpty(cut16(t.ID, 30)), Metadata: []tcKey{},
		}
		if len(t.STRIDE) > 0 {
			threat.Metadata = append(threat.Metadata, tcKey{"STRIDE", t.STRIDE})
		}
		if i := slices.IndexFunc(things, func(x sheet.Thing) bool { return x.Read.ID == t.Target.ID }); i >= 0 {
			row := things[i].Top
			switch t.Target.Access {
			case "read":
				row = things[i].Read
			case "write":
				row = things[i].Write
			}
			if row.Risk() < r.Lowest && !row.Unknown() {
				threat.Status = "threatResolved" // by what is computed
			}
			r.Assessment.Sheet.Tell(row)
			threat.Metadata = append(threat.Metadata, numbers(r, row, sheet.Words(r.Assessment))...)
		}
		c.add(t.ID, threat)
	}
}

// found is a threat that nobody stated and the paths show.
func (c *composer) found(r *Report, w sheet.Teller, row *risk.Row) {
	r.Assessment.Sheet.Tell(row)
	threat := tcThreat{Source: "attacker", ImpactedAssets: []string{cut16(term.Clean(row.ID), tcField)}, Status: "threatIdentified", Tags: []string{"computed"}}
	if len(row.Beside.Paths) > 0 {
		e := row.Beside.Paths[0].Entry
		threat.Source, threat.Prerequisites = cmp.Or(sources[e.Kind], threat.Source), "who comes in as: "+e.Says
	}
	class := ""
	if res, ok := r.Assessment.Snapshot.Get(row.Key); ok {
		class = r.Model.Class(res)
	}
	stride := []string{"T", "D"}
	switch {
	case row.ID == risk.AccountID:
		stride = []string{"S", "T", "R", "I", "D", "E"}
		threat.Action, threat.Impact, threat.ImpactedGoal = "take over the whole account", "the loss of everything in it", []string{"confidentiality", "integrity", "availability"}
	case row.Access == access.Read:
		stride = []string{"I"}
		threat.Action, threat.Impact, threat.ImpactedGoal = "read "+row.ID, strings.Join(strings.Fields("the disclosure of "+class+" data"), " "), []string{"confidentiality"}
	default:
		threat.Action, threat.Impact, threat.ImpactedGoal = "change or delete "+row.ID, "the loss or forgery of what it holds", []string{"integrity", "availability"}
	}
	threat.Metadata = append([]tcKey{{"STRIDE", stride}}, numbers(r, row, w)...)
	c.add(name(row), threat)
}

// sources name who would do it, as Threat Composer's sentence begins: "A …".
var sources = map[string]string{
	access.Public: "person on the internet", access.AnyPrincipal: "person with any AWS account", access.OIDCNoSubject: "person with any identity of the provider",
	access.RootKey: "thief of the root user's key", access.UnknownAccount: "person in an unknown AWS account", access.ExposedHost: "person on the internet",
	access.RootNoMFA: "thief of the root user's password", access.PasswordNoMFA: "thief of a password", access.AccessKey: "thief of an access key",
	access.OIDCOrg: "person who can push to any repository of the organisation", access.Partner: "person at a partner", access.WebHost: "person who breaks into a web host",
	access.OIDCRepo: "person who can push to any branch", access.PartnerExtID: "person at a partner", access.Service: "person who makes an AWS service act",
	access.PasswordMFA: "thief of a session", access.SSO: "thief of a session", access.OIDCPinned: "person who can push to the branch", access.PrivateHost: "person who is inside the network",
	access.Pod: "person who breaks into a pod", access.RootMFA: "thief of the root user's session", access.ServiceBound: "person who makes an AWS service act",
}

// numbers are a row's priority and arithmetic.
func numbers(r *Report, row *risk.Row, w sheet.Teller) []tcKey {
	says := fmt.Sprintf("risk %d = impact %d × likelihood %d", row.Risk(), row.Impact.Level, row.Beside.Level)
	if row.Unknown() {
		says += fmt.Sprintf("; not all was read: %d on what was seen", row.Low())
	}
	if len(row.Beside.Paths) > 0 {
		says += "; worst way: " + w.Trail(row.Beside.Paths[0].Path)
	}
	priority := "Low"
	switch {
	case row.Risk() >= r.Gate:
		priority = "High"
	case row.Risk() >= r.Lowest:
		priority = "Medium"
	}
	return []tcKey{{"Priority", priority}, {"Comments", cut16(term.Clean(says), tcContent)}, {"custom:footing-risk", fmt.Sprint(row.Risk())}}
}

// add cleans and numbers a threat, and writes its sentence as Threat Composer does (src/data/threatStatementFormat.ts).
func (c *composer) add(id string, t tcThreat) {
	t.ID, t.NumericID, t.DisplayOrder = c.uuid("threat/"+id), len(c.Threats)+1, len(c.Threats)+1
	for _, s := range []*string{&t.Source, &t.Prerequisites, &t.Action, &t.Impact} {
		*s = cut16(term.Clean(*s), tcField)
	}
	if t.ImpactedGoal == nil {
		t.ImpactedGoal = []string{}
	}
	article := "A "
	if strings.IndexAny(strings.ToLower(t.Source), "aeiou") == 0 {
		article = "An "
	}
	for _, a := range []string{"a ", "an ", "the "} {
		if strings.HasPrefix(strings.ToLower(t.Source), a) {
			t.Source = t.Source[len(a):] // the sentence brings its own
		}
	}
	says := article + t.Source
	if t.Prerequisites != "" {
		says += " " + t.Prerequisites
	}
	says += " can " + t.Action
	if t.Impact != "" {
		says += ", which leads to " + t.Impact
	}
	switch goals, assets := and(t.ImpactedGoal), and(t.ImpactedAssets); {
	case goals != "" && assets != "":
		says += ", resulting in reduced " + goals + " of " + assets
	case goals != "":
		says += ", resulting in reduced " + goals
	case assets != "":
		says += ", negatively impacting " + assets
	}
	t.Statement = cut16(says, tcWhole)
	c.at[id] = true
	c.Threats = append(c.Threats, t)
}

// mitigations exports what people stated, and the steps that were found.
func (c *composer) mitigations(r *Report) {
	status := map[string]string{"proposed": "mitigationIdentified", "planned": "mitigationInProgress", "in-place": "mitigationResolved"}
	put := func(id string, m tcMitigation) string {
		m.ID, m.NumericID, m.DisplayOrder = c.uuid("mitigation/"+id), len(c.Mitigations)+1, len(c.Mitigations)+1
		m.Content = cut16(term.Clean(m.Content), tcContent)
		c.Mitigations = append(c.Mitigations, m)
		return m.ID
	}
	link := func(m, threat string) {
		if l := (tcMitigates{m, c.uuid("threat/" + threat)}); c.at[threat] && !slices.Contains(c.MitigationLinks, l) {
			c.MitigationLinks = append(c.MitigationLinks, l)
		}
	}
	for _, m := range r.Model.Mitigations {
		meta := []tcKey{}
		for _, x := range [][2]string{{"custom:footing-owner", m.Owner}, {"custom:footing-due", m.Due}, {"custom:footing-change", m.Change}} {
			if x[1] != "" {
				meta = append(meta, tcKey{x[0], x[1]})
			}
		}
		id := put(m.ID, tcMitigation{Content: cmp.Or(m.Say, m.ID), Status: cmp.Or(status[m.Status], "mitigationIdentified"), Metadata: meta, Tags: nonEmpty(cut16(m.ID, 30))})
		for _, t := range r.Model.Threats {
			if slices.Contains(t.Mitigations, m.ID) {
				link(id, t.ID)
			}
		}
	}
	for _, s := range r.Steps {
		if s.Mitigation != "" {
			continue // it is there
		}
		id := put(strings.Join(s.Cuts, "\x00"), tcMitigation{Content: strings.Join(s.Says, " "), Status: "mitigationIdentified", Tags: []string{"computed"},
			Metadata: []tcKey{{"Comments", cut16(fmt.Sprintf("%s:%s %d → %d, judged again without it and the steps before", s.ID, s.Access, s.Before, s.After), tcContent)}}})
		for _, to := range append([]Change{{ID: s.ID}}, s.Also...) {
			for _, acc := range []string{"read", "write"} {
				link(id, to.ID+":"+acc)
			}
			for _, t := range r.Model.Threats {
				if t.Target.ID == to.ID {
					link(id, t.ID)
				}
			}
		}
	}
}

// assumptions are what the numbers rest on and no scan shows: people's words, and what was not read.
func (c *composer) assumptions(r *Report) {
	put := func(id, says string, linked ...string) {
		a := tcAssumption{ID: c.uuid("assumption/" + id), NumericID: len(c.Assumptions) + 1, DisplayOrder: len(c.Assumptions) + 1, Content: cut16(term.Clean(says), tcContent), Metadata: []tcKey{}}
		c.Assumptions = append(c.Assumptions, a)
		for _, t := range linked {
			if c.at[t] {
				c.AssumptionLinks = append(c.AssumptionLinks, tcAssumes{"Threat", a.ID, c.uuid("threat/" + t)})
			}
		}
	}
	if r.Gaps > 0 {
		put("unread", fmt.Sprintf("%s; what depends on it counts as its worst.", term.Count(r.Gaps, "call gave no answer", "calls gave no answer")))
	}
	m := r.Model
	for _, id := range slices.Sorted(maps.Keys(m.Trusted)) {
		put("trusted/"+id, fmt.Sprintf("Account %s is %s: somebody named it. %s", id, m.Trusted[id], m.TrustedSaid[id].Reason))
	}
	said := func(s threatmodel.Said, until string) string {
		return fmt.Sprintf("%s (%s, %s, until %s)", s.Reason, s.By, s.Date, until)
	}
	threats := func(t threatmodel.Target) []string {
		out := []string{t.ID + ":read", t.ID + ":write"}
		if t.Access != "" {
			out = []string{t.ID + ":" + t.Access}
		}
		for _, x := range m.Threats {
			if x.Target.ID == t.ID && (t.Access == "" || x.Target.Access == "" || x.Target.Access == t.Access) {
				out = append(out, x.ID)
			}
		}
		return out
	}
	for _, o := range m.Overrides {
		put("override/"+o.Target.String(), fmt.Sprintf("Likelihood %d for %s: %s", o.Likelihood, o.Target, said(o.Said, o.Until)), threats(o.Target)...)
	}
	for _, x := range m.Waivers {
		linked := threats(x.Target)
		if x.Threat != "" {
			linked = []string{x.Threat}
		}
		put("waiver/"+x.About(), fmt.Sprintf("Accepted: %s. %s", x.About(), said(x.Said, x.Until)), linked...)
	}
	for _, x := range m.Attestations {
		put("attestation/"+x.Rule, x.Rule+": "+said(x.Said, x.Until))
	}
}

// namespace is that of DNS names (RFC 9562, section 6.6); ours begin with footing.dev.
var namespace = [16]byte{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}

// uuid is the same for the same account and id.
func (c *composer) uuid(id string) string {
	h := sha1.New()
	h.Write(namespace[:])
	h.Write([]byte("footing.dev/" + c.account + "/" + id))
	b := h.Sum(nil)[:16]
	b[6], b[8] = b[6]&0x0f|0x50, b[8]&0x3f|0x80
	x := hex.EncodeToString(b)
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}

// cut16 cuts a text to n UTF-16 units, as JavaScript counts.
func cut16(s string, n int) string {
	u := utf16.Encode([]rune(s))
	if len(u) <= n {
		return s
	}
	u = u[:n-1]
	if last := rune(u[len(u)-1]); last >= 0xd800 && last < 0xdc0 {
		u = u[:len(u)-1] // half a character
	}
	return string(utf16.Decode(u)) + "…"
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// and joins words as a sentence does.
func and(words []string) string {
	if n := len(words) - 1; n > 0 {
		return strings.Join(words[:n], ", ") + " and " + words[n]
	}
	return strings.Join(words, "")
}
