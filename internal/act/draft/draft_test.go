package draft_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/footing-dev/footing/demo"
	"github.com/footing-dev/footing/internal/act/draft"
	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/read/files"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
)

func judge(t testing.TB, s *snapshot.Snapshot, m *threatmodel.Model) *assess.Assessment {
	t.Helper()
	a, err := assess.Of(assess.Input{Snapshot: s, Model: m})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func sample(t testing.TB) *snapshot.Snapshot {
	t.Helper()
	s, err := demo.Open()
	if err != nil {
		t.Fatal(err)
	}
	return s.Snapshot
}

func read(t testing.TB, path string) *snapshot.Snapshot {
	t.Helper()
	s, err := files.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// holds checks what every draft promises, and returns its text with the model that it states.
func holds(t *testing.T, s *snapshot.Snapshot) ([]byte, *threatmodel.Model) {
	t.Helper()
	before := judge(t, s, nil)
	f := draft.Of(before)
	text := f.Text()
	if again := draft.Of(judge(t, s, nil)).Text(); !bytes.Equal(text, again) {
		t.Errorf("two drafts of one account differ:\n%s\n%s", text, again)
	}
	m, err := threatmodel.Parse("footing.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, w := range m.Warnings(s, s.Taken) {
		t.Errorf("line %d: %s\n%s", w.Line, w.Says, text)
	}
	if n := strings.Count(string(text), draft.Check); n != f.Open || n > 10 {
		t.Errorf("%d lines ask for a person, and %d are told", n, f.Open)
	}
	after := judge(t, s, m)
	notLower(t, before, after)
	for _, r := range after.Objectives() {
		if r.Outcome != check.Pass {
			t.Errorf("%s is stated and does not hold on the first day: %s\n%s", r.Rule, r.Says, text)
		}
	}
	return text, m
}

// notLower checks that no row's risk falls by what a model states: neither its worst end nor what was seen alone.
func notLower(t *testing.T, before, after *assess.Assessment) {
	t.Helper()
	type name struct {
		key snapshot.Key
		c   access.Capability
	}
	was := map[name][4]int{}
	for i := range before.Sheet.Rows {
		r := &before.Sheet.Rows[i]
		was[name{r.Key, r.Access}] = [4]int{r.FullRisk(), r.Risk(), r.FullLow(), r.Low()}
	}
	met := 0
	for i := range after.Sheet.Rows {
		r := &after.Sheet.Rows[i]
		old, ok := was[name{r.Key, r.Access}]
		if !ok {
			continue // what stands outside AWS
		}
		met++
		for i, now := range []int{r.FullRisk(), r.Risk(), r.FullLow(), r.Low()} {
			if now < old[i] {
				t.Errorf("%s %s: %v became %d", r.Key, r.Access, old, now)
			}
		}
	}
	if met != len(was) {
		t.Errorf("%d rows of %d are still there", met, len(was))
	}
}

// synced appends what is new to a file, the way the verb does.
func synced(t *testing.T, s *snapshot.Snapshot, text []byte) ([]byte, []draft.Section) {
	t.Helper()
	m, err := threatmodel.Parse("footing.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	f := draft.New(judge(t, s, m))
	for _, key := range draft.Appended {
		for _, sec := range f.Sections {
			if sec.Key != key {
				continue
			}
			var items []string
			for _, i := range sec.Items {
				items = append(items, i.Appended())
			}
			if text, err = threatmodel.Append("footing.yaml", text, key, items); err != nil {
				t.Fatalf("%v\n%s\n%s", err, text, items)
			}
		}
	}
	return text, f.Sections
}

func TestSample(t *testing.T) {
	text, m := holds(t, sample(t))
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if len(lines) > 120 {
		t.Errorf("%d lines", len(lines))
	}
	for i, l := range lines {
		if n := utf8.RuneCountInString(l); n > 120 || strings.TrimRight(l, " ") != l {
			t.Errorf("line %d has %d columns: %q", i+1, n, l)
		}
	}
	var ids []string
	for _, r := range m.Resources {
		ids = append(ids, r.ID)
		if r.Class != "" {
			t.Errorf("%s is stated to be %s, and nobody said so", r.ID, r.Class)
		}
	}
	if want := strings.Fields("account trips-db trips-db-login cold-backups guest-uploads website invoices otterslip-tfstate card-gateway mail-login registrar source-host"); !slices.Equal(ids, want) {
		t.Errorf("names %v, want %v", ids, want)
	}
	if len(m.Trusted) > 0 || len(m.People) > 0 || len(m.Overrides) > 0 || len(m.Waivers) > 0 {
		t.Errorf("states what only people may: %+v", m)
	}
	for _, want := range []string{
		`  # trusted_accounts: {"444455556666": name}  # <- check: who? role insurer-read lets it in, without an external id`,
		`  - {id: admins, kind: human, bind: {arn: ["*:user/bram", "*:user/ines", "*:user/otto"]}}`,
		`     effect: {replace: {from: oidc-org, to: oidc-pinned}, where: {principal: role/terraform}}}`,
		`  # - {id: CO-1, must: "only api may read or write trips-db"}  # <- check: not so today: anyone on AWS, dev-box, 6 more`,
		`  # - {id: CO-2, must: "only root and admins may administer account"}  # <- check: not so today: terraform, deploy, cleo`,
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("lacks %s", want)
		}
	}
	// What stands above the lowest threshold has a threat, and every threat says how it may be met or why not.
	a := judge(t, sample(t), m)
	for i := range a.Sheet.Rows {
		r := &a.Sheet.Rows[i]
		if _, counts := m.Threshold(r.Risk()); !counts || r.Within != "" || !slices.ContainsFunc(a.Snapshot.Resources, func(x snapshot.Resource) bool { return x.Key == r.Key }) && r.ID != "account" {
			continue
		}
		if !slices.ContainsFunc(m.Threats, func(x threatmodel.Threat) bool {
			return x.Target.ID == r.ID && (x.Target.Access == "" || strings.EqualFold(x.Target.Access, r.Access.String())) && len(x.STRIDE) > 0 && x.Source != "" && x.Action != ""
		}) {
			t.Errorf("%s %s is %d and has no threat", r.ID, r.Access, r.Risk())
		}
	}
	if again, sections := synced(t, sample(t), text); len(sections) > 0 || !bytes.Equal(again, text) {
		t.Errorf("the same scan adds to its own draft: %+v", sections)
	}
}

// The demo's commented proposals are read once somebody uncomments them.
func TestProposalsCanBeUncommented(t *testing.T) {
	text, _ := holds(t, sample(t))
	open := strings.NewReplacer("  # - {", "  - {", "  # trusted_accounts", "  trusted_accounts").Replace(string(text))
	m, err := threatmodel.Parse("footing.yaml", []byte(open))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Objectives) != 3 || len(m.Trusted) != 1 {
		t.Errorf("%d objectives and %d trusted accounts", len(m.Objectives), len(m.Trusted))
	}
}

func TestOtherAccounts(t *testing.T) {
	for _, path := range []string{"../../read/files/testdata/acme", "../../cli/testdata/account"} {
		t.Run(path, func(t *testing.T) {
			s := read(t, path)
			text, _ := holds(t, s)
			if again, sections := synced(t, s, text); len(sections) > 0 || !bytes.Equal(again, text) {
				t.Errorf("the same scan adds to its own draft: %+v", sections)
			}
		})
	}
}

func TestEmptyAccount(t *testing.T) {
	s := &snapshot.Snapshot{Account: "111122223333", Resources: []snapshot.Resource{
		{Key: "arn:aws:account::111122223333:account", Type: "AWS::Account", Account: "111122223333"},
		{Key: "arn:aws:iam::111122223333:account-summary", Type: "AWS::IAM::AccountSummary", Properties: map[string]any{"AccountMFAEnabled": 0, "AccountAccessKeysPresent": 0}},
	}, Coverage: []snapshot.Coverage{{Service: "iam", Call: "iam:GetAccountAuthorizationDetails", Types: []string{"AWS::IAM::User", "AWS::IAM::Role"}, Outcome: snapshot.OK}}}
	s.Seal()
	text, m := holds(t, s)
	var ids []string
	for _, r := range m.Resources {
		ids = append(ids, r.ID)
	}
	if want := strings.Fields("account root-mailbox billing registrar source-host"); !slices.Equal(ids, want) {
		t.Errorf("names %v, want %v\n%s", ids, want, text)
	}
	if len(m.Objectives) < 2 || len(m.Threats) != 1 || m.Mitigations[0].ID != "M-mfa-root" {
		t.Errorf("too little for a beginning:\n%s", text)
	}
	if _, sections := synced(t, s, text); len(sections) > 0 {
		t.Errorf("adds %+v", sections)
	}
}

// What a later scan finds is appended, once, and no line is edited.
func TestSync(t *testing.T) {
	s := sample(t)
	text, _ := holds(t, s)
	edited := strings.Replace(string(text), "id: guest-uploads,", "id: uploads, class: restricted,", 1) // and all that refers to it
	edited = strings.NewReplacer("guest-uploads]", "uploads]", "guest-uploads,", "uploads,", "guest-uploads:", "uploads:").Replace(edited)
	later := *s
	later.Resources = append(slices.Clone(s.Resources),
		snapshot.Resource{Key: "arn:aws:s3:::customer-exports", Type: "AWS::S3::Bucket", Name: "customer-exports", Account: s.Account, Region: "eu-west-1",
			Properties: map[string]any{"BucketName": "customer-exports"},
			Policy:     []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::customer-exports/*"}]}`)},
		snapshot.Resource{Key: "arn:aws:s3:::api", Type: "AWS::S3::Bucket", Name: "api", Account: s.Account, Region: "eu-west-1",
			Properties: map[string]any{"BucketName": "api"}, Tags: map[string]string{"data-class": "restricted"}})
	later.Seal()
	out, sections := synced(t, &later, []byte(edited))
	var added []string
	for _, sec := range sections {
		for _, i := range sec.Items {
			added = append(added, sec.Key+" "+i.ID)
		}
	}
	for _, want := range []string{"resources customer-exports", "threats T-customer-exports", "mitigations M-private-customer-exports", "resources api-2"} {
		if !slices.Contains(added, want) {
			t.Errorf("adds %v, and not %s", added, want)
		}
	}
	if strings.Contains(strings.Join(added, " "), "uploads") {
		t.Errorf("adds %v: what somebody renamed is there already", added)
	}
	kept := strings.Split(string(out), "\n")
	for l := range strings.SplitSeq(strings.TrimSuffix(edited, "\n"), "\n") {
		i := slices.Index(kept, l)
		if i < 0 {
			t.Fatalf("the line %q is gone", l)
		}
		kept = kept[i+1:]
	}
	if again, sections := synced(t, &later, out); len(sections) > 0 || !bytes.Equal(again, out) {
		t.Errorf("a second time adds %+v", sections)
	}
	if text, err := threatmodel.Parse("footing.yaml", out); err != nil || text == nil {
		t.Fatal(err)
	}
}

// One human being with two users counts twice until somebody says so: that lowers a risk.
func TestPeopleAreProposedOnly(t *testing.T) {
	s := sample(t)
	twice := *s
	twice.Resources = slices.Clone(s.Resources)
	for i := range twice.Resources {
		if r := &twice.Resources[i]; r.Name == "otto" || r.Name == "ines" {
			r.Tags = map[string]string{"email": "Ines@otterslip.example"}
		}
	}
	twice.Seal()
	text, m := holds(t, &twice)
	if len(m.People) > 0 {
		t.Errorf("states that %+v are one", m.People)
	}
	want := `  # - {id: ines, bind: {arn: ["*:user/ines", "*:user/otto"]}}`
	if !slices.Contains(strings.Split(string(text), "\n"), want) {
		t.Errorf("lacks %s\n%s", want, text)
	}
	m, err := threatmodel.Parse("footing.yaml", bytes.Replace(text, []byte("  # - {id: ines,"), []byte("  - {id: ines,"), 1))
	if err != nil || len(m.People) != 1 {
		t.Errorf("%v: %+v", err, m)
	}
}
