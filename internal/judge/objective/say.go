package objective

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// most is how many names a sentence lists before it counts the rest; the evidence has them all.
const most = 3

// sentence says who breaks an assertion about one target: who over the account is told once, at the end.
func (j *Judge) sentence(a *threatmodel.Assertion, t target, f finding) string {
	does := verb(t.access) + " " + j.name(string(t.key))
	if a.Kind == threatmodel.Requires {
		does += " without " + list(guardWords(a.Guards), "and", most)
	}
	n := len(f.beside) + len(f.account)
	who := count(n, "person or machine", "people and machines")
	switch {
	case f.crowd:
		who = "anybody"
	case a.Kind == threatmodel.Only:
		who = count(n, "other", "others")
	}
	says := who + " can " + does
	over := t.key != j.Access.Account && (a.Kind == threatmodel.Only || a.Kind == threatmodel.Nobody) && len(f.beside) == 0
	switch {
	case f.outcome == check.Unknown && a.Kind == threatmodel.AtMost:
		says = fmt.Sprintf("%s surely can %s, perhaps %s, and at most %d should", count(f.surely, "person or machine", "people and machines"), does, perhaps(n, f.crowd), a.AtMost)
	case f.outcome == check.Unknown:
		says = "perhaps " + says
	case a.Kind == threatmodel.AtMost:
		says += fmt.Sprintf(", and at most %d should", a.AtMost)
	case over:
		says = fmt.Sprintf("nobody else, but %s the account can %s", map[bool]string{true: "the one who takes over", false: fmt.Sprintf("the %d who take over", n)}[n == 1], does)
	}
	who = list(j.names(f.beside), "and", most)
	if account := list(j.names(f.account), "and", most); account != "" {
		switch {
		case over || t.key == j.Access.Account:
			who = account
		case who == "":
			who = "by taking over the account " + account
		default:
			who += fmt.Sprintf("; %d by taking over the account: %s", len(f.account), account)
		}
	}
	if f.outcome == check.Unknown {
		return list(f.unread, "and", 3) + ": " + says
	}
	return says + ": " + who
}

func perhaps(n int, crowd bool) string {
	if crowd {
		return "anybody"
	}
	return fmt.Sprint(n)
}

// holds says what was found to be so.
func (j *Judge) holds(a *threatmodel.Assertion, s scope) string {
	things := map[snapshot.Key]bool{}
	for _, t := range s.targets {
		things[t.key] = true
	}
	says := "true of " + count(len(things), "thing", "things")
	if len(things) == 1 {
		says = "true of " + j.name(string(s.targets[0].key))
	}
	account := things[j.Access.Account] && len(things) == 1
	mfa := a.Kind == threatmodel.Requires && slices.Contains(a.Guards, "mfa")
	if rest := j.others(a); a.Kind != threatmodel.AtMost && !mfa && !account && len(rest) > 0 {
		says += "; " + list(rest, "and", most) + ", who administer the account, have everything"
	}
	return says
}

// others are the actors who administer the account, but for those that a sentence names.
func (j *Judge) others(a *threatmodel.Assertion) []string {
	return slices.DeleteFunc(slices.Clone(j.admins), func(id string) bool { return slices.Contains(a.Actors, id) })
}

func verb(c access.Capability) string {
	switch c {
	case access.Write:
		return "write"
	case access.Admin:
		return "administer"
	}
	return "read"
}

func guardWords(guards []string) []string {
	var out []string
	for _, g := range guards {
		switch g {
		case "mfa":
			g = "MFA"
		case "network":
			g = "coming from a network"
		case "organization":
			g = "being of an organization"
		}
		out = append(out, g)
	}
	return out
}

// targetWord says a word of a sentence as people would.
func targetWord(word string) string {
	for _, kind := range []string{ofUnit, ofClass, ofType} {
		if rest, ok := strings.CutPrefix(word, kind); ok {
			return "of the " + strings.TrimSuffix(kind, ":") + " " + rest
		}
	}
	return word
}

func targetWords(a *threatmodel.Assertion) []string {
	var out []string
	for _, t := range a.Targets {
		out = append(out, targetWord(t))
	}
	return out
}

func (j *Judge) names(ids []string) []string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		out = append(out, j.name(id))
	}
	slices.Sort(out)
	return out
}

// name is what people call something: the id of its row, its name, the end of its ARN.
func (j *Judge) name(id string) string {
	switch {
	case id == decide.Anonymous:
		return "anyone"
	case id == access.AnyAccount:
		return "anyone with an AWS account"
	case id == string(j.Access.Account):
		return "account"
	}
	for _, row := range j.rows[snapshot.Key(id)] {
		return row.ID
	}
	if p, ok := strings.CutPrefix(id, person); ok {
		for i := range j.Model.People {
			if j.Model.People[i].ID == p && j.Model.People[i].Name != "" {
				return j.Model.People[i].Name
			}
		}
		return p
	}
	if typ, ok := strings.CutPrefix(id, "unread "); ok {
		return "whoever was not listed (" + typ + ")"
	}
	if before, subject, ok := strings.Cut(id, "#"); ok {
		if strings.Contains(before, "oidc-provider/") {
			return subject
		}
		return j.name(before)
	}
	if r, ok := j.Snapshot.Get(snapshot.Key(id)); ok && r.Name != "" {
		return r.Name
	}
	account := threatmodel.AccountOf(id)
	if account != "" && account != j.Snapshot.Account {
		if name, ok := j.Model.Trusted[account]; ok {
			return name
		}
		return "account " + account
	}
	return id[strings.LastIndexAny(id, "/:")+1:]
}

// list joins words; beyond n of them it counts.
func list(words []string, last string, n int) string {
	words = slices.Clone(words)
	if len(words) > n {
		words = append(words[:n-1], fmt.Sprintf("%d more", len(words)-n+1))
	}
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
