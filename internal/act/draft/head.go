package draft

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/threatmodel"
)

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// head is what stands above the first list.
func (m *maker) head() []string {
	of := ""
	if !m.s.Taken.IsZero() {
		of = " of " + m.s.Taken.UTC().Format("2006-01-02")
	}
	lines := []string{
		threatmodel.EditorLine(threatmodel.SchemaAddress),
		"# footing.yaml: what PEOPLE state about this account, drafted by footing from the scan" + of + ". Now it is yours.",
		"# Scores are never stored here: every run computes them from the latest scan and this file. The draft lowers none.",
		"# Lines with \"<- check\" need somebody who knows. \"footing init --sync\" appends what is new, and edits nothing.",
		"footing: 1",
	}
	if accountID.MatchString(m.s.Account) {
		lines = append(lines, `account: "`+m.s.Account+`"`)
	}
	if strings.TrimSpace(m.s.Name) != "" {
		lines = append(lines, "name: "+quote(m.s.Name))
	}
	if owner, why := m.owner(); owner != "" {
		lines = append(lines, "owner: "+quote(owner)+"  "+m.ask("%s. Answers for what has no owner of its own", why))
	} else {
		lines = append(lines, "# owner: ana@example.com  "+m.ask("who answers for what has no owner of its own?"))
	}
	if regions := m.regions(); len(regions) > 0 {
		lines = append(lines, remark(folded("regions: "+flow(regions), 2), "# where there is something")...)
	}
	return slices.Concat(lines, []string{"review: {every: 90d}"}, m.policy())
}

// owner is who answers for most: by tags, else the mail address of whoever administers the account.
func (m *maker) owner() (owner, why string) {
	count := map[string]int{}
	for i := range m.s.Resources {
		for k, v := range m.s.Resources[i].Tags {
			if v = strings.TrimSpace(v); strings.EqualFold(k, "owner") && strings.Contains(v, "@") {
				count[v]++
			}
		}
	}
	if len(count) > 0 {
		best := slices.MinFunc(slices.Collect(maps.Keys(count)), func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
		return best, "a guess: most tags say so"
	}
	for _, p := range m.a.Access.Paths(m.a.Access.Account, access.Admin, true) {
		if u, ok := m.s.Get(userKey(p.Entry)); ok && strings.Contains(u.Tags["email"], "@") {
			return u.Tags["email"], "a guess: an administrator"
		}
	}
	return "", ""
}

func (m *maker) policy() []string {
	lines := []string{
		"policy:",
		"  # risk = impact × likelihood, 1 to 25. The first line it reaches wins. What was not read counts as its worst.",
		"  thresholds:",
	}
	for _, t := range m.a.Model.Thresholds {
		lines = append(lines, "    - "+strings.ReplaceAll(flow(fields{{"at", verbatim(fmt.Sprint(t.At))}, {"action", t.Action}, {"within", verbatim(t.Within)}, {"say", t.Say}}), mayBreak, " "))
	}
	strangers := m.strangers()
	asked := func(i int, s stranger) string {
		if i < mostAsked {
			return m.ask("who? %s", s.why)
		}
		return note("%s", s.why)
	}
	switch len(strangers) {
	case 0:
		return append(lines, `  # trusted_accounts: {"444455556666": partner}  # naming a foreign account lowers what it weighs`)
	case 1:
		return append(lines, "  # Naming a foreign account lowers what it weighs, so only people do it:",
			cut(fmt.Sprintf(`  # trusted_accounts: {"%s": name}  %s`, strangers[0].account, asked(0, strangers[0])), width))
	}
	lines = append(lines, "  # Naming a foreign account lowers what it weighs, so only people do it:", "  # trusted_accounts:")
	for i, s := range strangers {
		lines = append(lines, cut(fmt.Sprintf(`  #   "%s": name  %s`, s.account, asked(i, s)), width))
	}
	return lines
}

const (
	mostAsked     = 2
	mostStrangers = 10
)

type stranger struct{ account, why string }

// strangers lists foreign accounts that something of this account names, with the evidence.
func (m *maker) strangers() []stranger {
	var out []stranger
	for _, e := range m.entry {
		account := foreign(e)
		if account == "" || m.known.Trusted[account] != "" || slices.ContainsFunc(out, func(s stranger) bool { return s.account == account }) {
			continue
		}
		out = append(out, stranger{account, m.letsIn(e)})
	}
	slices.SortFunc(out, func(a, b stranger) int { return strings.Compare(a.account, b.account) })
	if more := len(out) - mostStrangers; more > 0 {
		out = out[:mostStrangers]
		out[mostStrangers-1].why += fmt.Sprintf("; %d more are not listed", more)
	}
	return out
}

// foreign is the account that a way in comes from; "" for ways of this account, and of no account in particular.
func foreign(e *access.Entry) string {
	switch e.Kind {
	case access.UnknownAccount, access.Partner, access.PartnerExtID:
		if parts := strings.Split(e.ID, ":"); len(parts) > 4 && accountID.MatchString(parts[4]) {
			return parts[4]
		}
	}
	return ""
}

// letsIn names what lets a foreign account in.
func (m *maker) letsIn(e *access.Entry) string {
	account := foreign(e)
	for _, typ := range []string{"AWS::IAM::Role", ""} {
		for i := range m.s.Resources {
			r := &m.s.Resources[i]
			if typ != "" && r.Type != typ {
				continue
			}
			if doc, _ := r.ResourcePolicy(); strings.Contains(string(doc), account) {
				if typ != "" {
					return fmt.Sprintf("role %s lets it in%s", r.Name, map[bool]string{true: " with", false: ", without"}[e.Kind == access.PartnerExtID]+" an external id")
				}
				return fmt.Sprintf("the policy of %s %s names it", kindOf(r.Type), r.Name)
			}
			if with, _ := r.Strings("SharedWith"); typ == "" && slices.Contains(with, account) {
				return fmt.Sprintf("%s %s is shared with it", kindOf(r.Type), r.Name)
			}
		}
	}
	return "something names it"
}
