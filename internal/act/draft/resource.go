package draft

import (
	"cmp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// mostResources is how many resources a draft names, the account among them.
const mostResources = 12

// named is a resource with an id.
type named struct {
	id   string
	key  snapshot.Key
	r    *snapshot.Resource // nil for the account
	rank int
}

// Why a resource is worth naming, the strongest first.
const (
	theAccount = iota
	atRisk
	restricted
	confidential
	state
	database
	speaking
	secret
	unremarkable
)

// lowest is the threshold below which a risk is out of mind.
func (m *maker) lowest() int {
	if t := m.a.Model.Thresholds; len(t) > 0 {
		return t[len(t)-1].At
	}
	return 26
}

// worthNaming chooses resources: what is at risk, then what holds data by its class, its type or its name.
func (m *maker) worthNaming() []named {
	var all []named
	met := map[snapshot.Key]int{}
	for i := range m.a.Sheet.Rows {
		row := &m.a.Sheet.Rows[i]
		if row.Within != "" {
			continue
		}
		r, ok := m.s.Get(row.Key)
		if !ok && row.ID != risk.AccountID {
			continue // it stands outside AWS
		}
		n := named{id: row.ID, key: row.Key, r: r, rank: theAccount}
		if row.ID != risk.AccountID {
			n.rank = m.rank(r)
		}
		if n.rank != theAccount && row.Risk() >= m.lowest() {
			n.rank = atRisk
		}
		if at, again := met[row.Key]; again {
			all[at].rank = min(all[at].rank, n.rank)
			continue
		}
		met[row.Key] = len(all)
		all = append(all, n)
	}
	slices.SortStableFunc(all, func(a, b named) int { return cmp.Compare(a.rank, b.rank) })
	chosen := all[:min(len(all), mostResources)]
	chosen = slices.DeleteFunc(slices.Clone(chosen), func(n named) bool { return n.rank == unremarkable })
	for _, n := range all { // what the file states is named, however many that are
		if n.r != nil && m.known.Of(n.r) != nil && !slices.ContainsFunc(chosen, func(o named) bool { return o.key == n.key }) {
			chosen = append(chosen, n)
		}
	}
	return chosen
}

func (m *maker) rank(r *snapshot.Resource) int {
	switch m.known.Class(r) {
	case "restricted":
		return restricted
	case "confidential":
		return confidential
	case "internal", "public":
		return unremarkable
	}
	store := isDatabase(r) || r.Type == "AWS::S3::Bucket"
	switch class, _ := guess(r); {
	case isDatabase(r):
		return database
	case store && isState(r):
		return state
	case store && class != "":
		return speaking
	case r.Type == "AWS::SecretsManager::Secret":
		return secret
	}
	return unremarkable
}

func isDatabase(r *snapshot.Resource) bool {
	return slices.Contains([]string{"AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DynamoDB::Table"}, r.Type)
}

func isState(r *snapshot.Resource) bool {
	return says(r.Name, "tfstate", "terraform-state", "pulumi-state")
}

func says(name string, words ...string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) })
}

// guess is a class that a resource may have, and why. It never guesses low: a class that is too low hides a risk.
func guess(r *snapshot.Resource) (class, why string) {
	for _, key := range []string{"sensitivity", "confidentiality", "data-classification", "data_classification", "data-sensitivity", "pii", "gdpr", "compliance"} {
		for k, v := range r.Tags {
			if !strings.EqualFold(k, key) {
				continue
			}
			switch {
			case says(v, "restricted", "high", "critical", "secret", "pci", "hipaa"):
				return "restricted", "by its tag " + k
			case says(v, "confidential", "medium", "private", "sensitive", "yes", "true", "personal"):
				return "confidential", "by its tag " + k
			}
		}
	}
	switch n := r.Name; {
	case isState(r):
		return "restricted", "secrets in it"
	case says(n, "patient", "health", "medical", "passport", "kyc", "payroll", "salar", "card", "payment"):
		return "restricted", "by its name"
	case says(n, "backup", "dump", "export", "archive"):
		return "confidential", "a copy of what?"
	case says(n, "upload", "document", "attachment", "media"):
		return "confidential", "people upload to it"
	case says(n, "customer", "user", "member", "guest", "invoice", "order", "account", "contract", "personal", "profile", "mail", "claim", "crm", "hr-"):
		return "confidential", "by its name"
	case strings.HasPrefix(r.Type, "AWS::RDS::DB"):
		return "confidential", "a database"
	}
	return "", ""
}

// resources names what is worth it, and says nothing of a class that is only a guess.
func (m *maker) resources() []Item {
	var out []Item
	asked := 0
	names := map[string]snapshot.Key{} // what other rows are called: the id of one is not to be the name of another
	for i := range m.a.Sheet.Rows {
		names[m.a.Sheet.Rows[i].Name] = m.a.Sheet.Rows[i].Key
	}
	for _, n := range m.worthNaming() {
		if n.rank == theAccount {
			n.r = nil
			taken := m.space(ofThings)[risk.AccountID]
			m.space(ofThings)[risk.AccountID] = true // every model has it
			if !taken && len(m.s.OfType("AWS::Account")) > 0 {
				out = append(out, item(risk.AccountID, fields{{"id", risk.AccountID}, {"bind", fields{{"type", "AWS::Account"}}}}, note("whoever has it has the rest")))
			}
			m.named = append(m.named, n)
			continue
		}
		if stated := m.known.Of(n.r); stated != nil {
			n.id = stated.ID
			m.named = append(m.named, n)
			continue
		}
		want := n.id
		if isWebsite(n.r) && names["website"] == "" && !m.space(ofThings)["website"] {
			want = "website"
		}
		for names[want] != "" && names[want] != n.key {
			want += "-" + kindOf(n.r.Type)
		}
		n.id = m.id(ofThings, want, kindOf(n.r.Type))
		m.named = append(m.named, n)
		out = append(out, m.resource(n, &asked))
	}
	return append(out, m.assets()...)
}

// mostClasses is how many classes a draft asks for; the others stand there as guesses.
const mostClasses = 4

func (m *maker) resource(n named, asked *int) Item {
	fs := fields{{"id", n.id}, {"bind", fields{{"arn", itself(n.key)}}}}
	class, why := m.known.Class(n.r), ""
	if class == "" {
		class, why = guess(n.r)
		if isWebsite(n.r) && m.readByAnyone(n.key) {
			class, why = "public", "anyone reads it today"
		}
	}
	switch {
	case n.r.Type == "AWS::SecretsManager::Secret" || class == "":
		return item(n.id, fs, "")
	case why == "":
		return item(n.id, fs, note("%s, by its tag", class))
	}
	if *asked >= mostClasses {
		return item(n.id, fs, note("class: %s? %s", class, why))
	}
	*asked++
	return item(n.id, fs, m.ask("class: %s? %s", class, why))
}

func isWebsite(r *snapshot.Resource) bool {
	_, st := r.Property("WebsiteConfiguration")
	return r.Type == "AWS::S3::Bucket" && (st == snapshot.Known || strings.HasPrefix(r.Name, "www."))
}

// readByAnyone tells whether anybody reads a resource, by what was read.
func (m *maker) readByAnyone(k snapshot.Key) bool {
	for i := range m.a.Sheet.Rows {
		if r := &m.a.Sheet.Rows[i]; r.Key == k && r.Access == access.Read {
			w := r.Beside.Worst
			return w != nil && w.Kind == access.Public && !r.Beside.Unknown()
		}
	}
	return false
}

// assets are what stands outside AWS and holds it up all the same. A stated row weighs by itself: it changes no other.
func (m *maker) assets() []Item {
	var out []Item
	add := func(id, asset string, comment func(string, ...any) string, says string) {
		if !slices.ContainsFunc(m.known.Resources, func(r threatmodel.Resource) bool { return r.ID == id || strings.EqualFold(r.Asset, asset) }) {
			out = append(out, item(id, fields{{"id", m.id(ofThings, id, "asset")}, {"asset", asset}}, comment("%s", says)))
		}
	}
	began := m.beginning()
	if began {
		add("root-mailbox", "mailbox of the root user", note, "whoever reads it resets root's password")
		add("billing", "payment method and billing contact", note, "a card that expires closes the account")
	}
	switch domains := m.domains(); {
	case len(domains) > 0:
		add("registrar", "domain registrar of "+domains[0], m.ask, "who can sign in there?")
	case began:
		add("registrar", "domain registrar", m.ask, "who can sign in there?")
	}
	switch hosts := m.sourceHosts(); {
	case len(hosts) > 0:
		add("source-host", "source host "+hosts[0], note, "whoever pushes there changes what runs here")
	case began:
		add("source-host", "source host", note, "whoever pushes there changes what runs here")
	}
	return out
}

// beginning tells that the account is as good as empty: nothing runs, nothing is kept, and nobody but root is there, by what was read.
func (m *maker) beginning() bool {
	return len(m.s.OfType("AWS::IAM::User")) == 0 && !slices.ContainsFunc(m.a.Sheet.Rows, func(r risk.Row) bool {
		_, ok := m.s.Get(r.Key)
		return ok && r.ID != risk.AccountID
	})
}

// domains lists the names that the account answers for.
func (m *maker) domains() []string {
	var out []string
	for _, typ := range []string{"AWS::Route53Domains::Domain", "AWS::Route53::HostedZone"} {
		for _, r := range m.s.OfType(typ) {
			private, _ := r.Flag("PrivateZone")
			if name := strings.TrimSuffix(cmp.Or(r.Text("Name"), r.Name), "."); strings.Contains(name, ".") && !private && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	for _, r := range m.s.OfType("AWS::S3::Bucket") {
		if isWebsite(r) && strings.Contains(r.Name, ".") && len(out) == 0 {
			out = append(out, strings.TrimPrefix(r.Name, "www."))
		}
	}
	return out
}

// kindOf is the last word of a type, in lower case.
func kindOf(typ string) string { return strings.ToLower(typ[strings.LastIndex(typ, ":")+1:]) }
