package fact

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Kind is whether somebody is a human being. The zero Kind is Unsaid: nothing tells.
type Kind uint8

const (
	Unsaid Kind = iota
	Person
	Machine
)

// People tells persons from machines, and which principals are one person.
type People struct {
	c    check.Case
	rows map[snapshot.Key]Credential
	not  string // why the credential report was not read; "" where it was
}

// NewPeople prepares that. Where there is no credential report, less can be told.
func NewPeople(c check.Case) *People {
	p := &People{c: c, rows: map[snapshot.Key]Credential{}}
	rows, blind := Credentials(c)
	if blind != nil {
		p.not = blind[0].Says
	}
	for _, r := range rows {
		if r.User != Root {
			p.rows[r.Key] = r
		}
	}
	return p
}

// Credential is the row of a user in the credential report; not ok where there is no report, or the user is newer than it.
func (p *People) Credential(user snapshot.Key) (Credential, bool) {
	r, ok := p.rows[user]
	return r, ok
}

// Same is the id of the person of footing.yaml whom the principals are bound to; "" of somebody whom nobody wrote down.
func (p *People) Same(ids ...string) string {
	for i := range p.c.Model.People {
		x := &p.c.Model.People[i]
		if slices.ContainsFunc(ids, func(id string) bool { return p.bound(x.Bind, id) }) {
			return x.ID
		}
	}
	return ""
}

// called is the name of a person of footing.yaml.
func (p *People) called(id string) string {
	for i := range p.c.Model.People {
		if x := &p.c.Model.People[i]; x.ID == id && x.Name != "" {
			return x.Name
		}
	}
	return id
}

// bound tells whether a selector chooses somebody for certain: as he is in the snapshot, by the ARN alone where he is not there, or by the subjects
// with which he signs in, all of them.
func (p *People) bound(b threatmodel.Bind, id string) bool {
	if _, subjects, ok := strings.Cut(id, "#"); ok && len(b.OIDC) > 0 {
		return !slices.ContainsFunc(strings.Split(subjects, "|"), func(s string) bool { return !b.MatchOIDC(s) })
	}
	if r, ok := p.c.Snapshot.Get(snapshot.Key(id)); ok {
		return b.Choose(r, p.c.Model.Ask) == snapshot.Known
	}
	named := b.Names(id, p.c.Snapshot.Account)
	b.ARN = nil
	return named && b.Empty()
}

// stated is what footing.yaml says of somebody: among its people, or an actor of a kind.
func (p *People) stated(ids ...string) (Kind, string) {
	if id := p.Same(ids...); id != "" {
		return Person, "footing.yaml has " + id + " among the people"
	}
	for i := range p.c.Model.Actors {
		a := &p.c.Model.Actors[i]
		kind := map[string]Kind{"human": Person, "machine": Machine}[a.Kind]
		if kind != Unsaid && slices.ContainsFunc(ids, func(id string) bool { return p.bound(a.Bind, id) }) {
			return kind, "footing.yaml binds it to the " + a.Kind + " " + a.ID
		}
	}
	return Unsaid, ""
}

// OfUser tells what an IAM user is, and why: what people say of it, then how it comes in, then what it is called. A user who has neither a password
// nor a key counts as a person's, since no machine can work with it.
func (p *People) OfUser(u *snapshot.Resource) (Kind, string) {
	if kind, why := p.stated(string(u.Key)); kind != Unsaid {
		return kind, why
	}
	switch said := strings.ToLower(strings.TrimSpace(u.Tags["footing:kind"])); said {
	case "person", "human":
		return Person, "tagged footing:kind=" + said
	case "machine":
		return Machine, "tagged footing:kind=" + said
	}
	row, known := p.rows[u.Key]
	switch {
	case !known && p.not == "":
		return Unsaid, "newer than the credential report"
	case !known:
		return Unsaid, "may be a person or a machine: " + p.not
	case row.Password:
		return Person, "has a password for the console"
	case row.MFA:
		return Person, "has an MFA device"
	case row.Missed("PasswordEnabled", "MfaActive"):
		return Unsaid, "has a row in the credential report that was not read in full"
	}
	if strings.HasPrefix(u.Name, "BedrockAPIKey-") { // https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-generate.html
		return Machine, "made by AWS for an API key of Bedrock"
	}
	if word := machineWord(u.Text("Path") + "/" + u.Name); word != "" && !u.IsUnknown("Tags") {
		return Machine, "called " + word + ", without a password"
	}
	if strings.Contains(u.Name, "@") {
		return Person, "called like an address"
	}
	if !row.Keys[0].Active && !row.Keys[1].Active && !row.Missed("AccessKey1Active", "AccessKey2Active") {
		return Person, "has neither a password nor a key, so no machine works with it"
	}
	return Unsaid, "has a key and no password, and nobody says whether it is a person or a machine"
}

// MayBeMachine tells that tags, which were not read, may say of a user that it is a machine, and that nobody else says what it is.
func (p *People) MayBeMachine(u *snapshot.Resource) bool {
	kind, _ := p.stated(string(u.Key))
	return kind == Unsaid && u.IsUnknown("Tags")
}

// machineWords are what machines are called. A name is a guess: it counts only where nothing else tells, and never of who has a password.
var machineWords = []string{"agent", "ansible", "automation", "backup", "backups", "bitbucket", "bot", "build", "builder", "buildkite", "cd", "ci", "cicd", "circleci", "cron",
	"datadog", "deploy", "deployer", "deployment", "exporter", "github", "gitlab", "grafana", "jenkins", "job", "machine", "machines", "monitoring", "packer", "pipeline",
	"pulumi", "robot", "runner", "scheduler", "script", "service", "services", "ses", "smtp", "svc", "sync", "terraform", "tf", "travis", "uploader", "worker"}

// machineWord is the first word of a path or name that only a machine would have; "" of none.
func machineWord(name string) string {
	for word := range strings.FieldsFuncSeq(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("-_./@+=, ", r) }) {
		if _, found := slices.BinarySearch(machineWords, strings.TrimRight(word, "0123456789")); found {
			return word
		}
	}
	return ""
}

// issuers of tokens for builds and other machines: what stands in an OIDC provider's URL.
var machineIssuers = []string{"token.actions.githubusercontent.com", "gitlab", "bitbucket", "circleci", "buildkite", "app.terraform.io", "oidc.eks.", "oidc.vercel.com", "semaphoreci",
	"spacelift", "pulumi", "container.googleapis.com", "travis", "jenkins", "codefresh"}

// ofIssuer tells what signs in with the tokens of an OIDC provider.
func ofIssuer(provider string) (Kind, string) {
	_, host, ok := strings.Cut(provider, "oidc-provider/")
	if !ok {
		host = provider
	}
	host, _, _ = strings.Cut(strings.ToLower(host), "#")
	for _, m := range machineIssuers {
		if strings.Contains(host, m) {
			return Machine, "signs in with a token of " + host
		}
	}
	return Unsaid, "signs in with a token of " + host
}
