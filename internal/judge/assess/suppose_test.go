package assess

import (
	"slices"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
	"github.com/footing-dev/footing/internal/threatmodel"
)

type words = threatmodel.Words

// stated draws what people state of a random account: who is one person, mitigations, actors and use cases.
func (g generator) stated() *threatmodel.Model {
	m := threatmodel.Default()
	m.Trusted = map[string]string{"555566667777": "Acme Backup"}
	if g.IntN(2) == 0 {
		m.People = []threatmodel.Person{{ID: "ann", Name: "Ann", Bind: threatmodel.Bind{ARN: words{arn("user", "ann"), arn("user", "ben")}}}}
	}
	m.Actors = []threatmodel.Actor{{ID: "team", Bind: threatmodel.Bind{ARN: words{arn("user", g.one(genUsers...))}}}, {ID: "app", Bind: threatmodel.Bind{ARN: words{arn("role", "app")}}}}
	m.Resources = []threatmodel.Resource{{ID: "files", Bind: threatmodel.Bind{ARN: words{"arn:aws:s3:::media"}}}, {ID: "account", Bind: threatmodel.Bind{Type: words{"AWS::Account"}}}}
	m.UseCases = []threatmodel.UseCase{{ID: "work", Actor: "team", Needs: map[string][]string{"files": {"read"}, "logs": {"read", "write"}, "account": {"admin"}}},
		{ID: "serve", Actor: "app", Needs: map[string][]string{"files": {"write"}}}}
	m.Components = []threatmodel.Component{{ID: "app", Bind: threatmodel.Bind{ARN: words{arn("role", "app")}}, Uses: []string{"files"}}, {ID: "people", Bind: threatmodel.Bind{Type: words{"AWS::IAM::User"}}}}
	m.EntryPoints = []threatmodel.EntryPoint{{ID: "keys", Kind: words{access.AccessKey}}, {ID: "ann", Bind: threatmodel.Bind{ARN: words{arn("user", "ann")}}}}
	for _, id := range []string{"M-1", "M-2", "M-3"} {
		x := threatmodel.Effect{Where: threatmodel.Where{Entry: words{g.one("*", "*", "*", access.AccessKey, access.PasswordMFA, access.PasswordNoMFA, access.UnknownAccount, access.Public)}}}
		if g.IntN(3) == 0 {
			x.Where.Principal = words{g.one("user/ann", "user/ben", "role/*", "root")}
		}
		if g.IntN(5) == 0 {
			x.Where.Resource = words{g.one("files", "logs", "account", "k-1")}
		}
		switch g.IntN(5) {
		case 0:
			x.Close = true
		case 1:
			x.Guard = g.one("mfa", "network", "organization")
		case 2:
			x.Fact = g.one(access.KeyOver90, access.KeyOver365, access.KeyNoMFA)
		case 3:
			x.Replace = g.one(access.OIDCPinned, access.SSO, access.Public)
		case 4:
			x = threatmodel.Effect{Steps: []string{g.one("assume-role", "administrator", arn("user", "ann"), arn("role", "app"))}}
		}
		m.Mitigations = append(m.Mitigations, threatmodel.Mitigation{ID: id, Effects: []threatmodel.Effect{x}})
	}
	return m
}

// On random accounts, with random mitigations: what is summed is what is told, closing and guarding never raise a row, what meets nothing
// changes nothing, and what changes something meets something.
func TestSupposing(t *testing.T) {
	changed, touches := 0, 0
	for seed := range uint64(80) {
		g, resources := draw(seed)
		m := g.stated()
		before, err := Of(Input{Snapshot: sealed(resources), Model: m})
		if err != nil {
			t.Fatal(err)
		}
		touched := before.Touched(m.Mitigations)
		tell(t, before)
		for i, mit := range m.Mitigations {
			after := before.Supposing(mit.ID)
			tell(t, after)
			if touched[i] > 0 {
				touches++
			}
			old := rows(before)
			for c, r := range rows(after) {
				o := old[c]
				if r.Full.Points == o.Full.Points && r.Beside.Points == o.Beside.Points && r.Beside.LowPoints == o.Beside.LowPoints && r.Beside.Ways == o.Beside.Ways {
					continue
				}
				changed++
				if touched[i] == 0 {
					t.Error(named(seed, "%+v meets nothing, and changes %s %s from %d to %d points", mit.Effects, r.ID, r.Access, o.Full.Points, r.Full.Points))
				}
			}
			if mit.Effects[0].Replace == "" && len(mit.Effects[0].Steps) == 0 {
				noHigher(t, seed, mit.ID, before, after)
			}
		}
		all := before.Supposing("M-1", "M-2", "M-3")
		tell(t, all)
		direct, err := Of(Input{Snapshot: sealed(resources), Model: m, With: []string{"M-3", "M-1", "M-2"}})
		if err != nil {
			t.Fatal(err)
		}
		for c, r := range rows(direct) {
			if o := rows(all)[c]; o.Full.Points != r.Full.Points || o.Risk() != r.Risk() {
				t.Error(named(seed, "%s: one by one %d points, at once %d", r.ID, o.Full.Points, r.Full.Points))
			}
		}
	}
	if changed < 200 || touches < 30 {
		t.Errorf("only %d rows changed, by %d mitigations that meet something", changed, touches)
	}
}

// A mitigation with path steps counts those that it meets, and what they leave is what "who --without" leaves.
func TestSupposingSteps(t *testing.T) {
	list := user(object{"PasswordEnabled": true, "MfaActive": true})
	list[0].Properties["Policies"] = []any{object{"PolicyName": "own", "PolicyDocument": doc([]any{object{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}})}}
	list = append(list, reader(trust("AWS", arn("user", "ann"))), bucket())
	m := threatmodel.Default()
	step := arn("user", "ann") + ">" + arn("role", "app")
	m.Mitigations = []threatmodel.Mitigation{{ID: "M-1", Effects: []threatmodel.Effect{{Steps: []string{step, "no-such-step"}}}}, {ID: "M-2", Effects: []threatmodel.Effect{{Steps: []string{"nothing"}}}}}
	a, err := Of(Input{Snapshot: sealed(list), Model: m})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Touched(m.Mitigations); !slices.Equal(got, []int{1, 0}) {
		t.Errorf("met %v", got)
	}
	logsRow := cell{logs, access.Read}
	if before, after := rows(a)[logsRow], rows(a.Supposing("M-1"))[logsRow]; before.Beside.Points != 30 || after.Beside.Points != 0 {
		t.Errorf("from %d to %d points, want 30 to 0", before.Beside.Points, after.Beside.Points)
	}
	for id, want := range map[string][]string{"logs": {"M-1"}} {
		for i := range a.Sheet.Rows {
			if r := &a.Sheet.Rows[i]; r.ID == id && r.Access == access.Read {
				if got := a.Sheet.Mitigations(r); !slices.Equal(got, want) {
					t.Errorf("%s is touched by %v", id, got)
				}
			}
		}
	}
}

// A way in counts once a row, however many ways it has there: ann reads the bucket with MFA, and without as the role.
func TestTouchedCountsWaysIn(t *testing.T) {
	list := user(object{"PasswordEnabled": true, "MfaActive": false})
	list[0].Properties["Policies"] = []any{object{"PolicyName": "own", "PolicyDocument": doc([]any{
		object{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*", "Condition": object{"Bool": object{"aws:MultiFactorAuthPresent": "true"}}},
		object{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}})}}
	a, err := Of(Input{Snapshot: sealed(append(list, reader(trust("AWS", arn("user", "ann"))), bucket()))})
	if err != nil {
		t.Fatal(err)
	}
	ways := 0
	a.Access.Reaching(logs, access.Read, func(e *access.Entry, _ access.How) {
		if e.Kind == access.PasswordNoMFA {
			ways++
		}
	})
	got := a.Touched([]threatmodel.Mitigation{
		{ID: "M-1", Effects: []threatmodel.Effect{{Close: true, Where: threatmodel.Where{Entry: words{access.PasswordNoMFA}}}}},
		{ID: "M-2", Effects: []threatmodel.Effect{{Close: true, Where: threatmodel.Where{Entry: words{access.PasswordNoMFA}, Resource: words{"account"}}}}},
	})
	if ways < 2 || !slices.Equal(got, []int{1, 0}) {
		t.Errorf("%d ways, of which %v are touched", ways, got)
	}
}

// Every group's row is what its ways make by themselves, worked out again the long way; no way is lost among actors and entry points.
func TestGroupsAgainstTheirWays(t *testing.T) {
	withWays := 0
	for seed := range uint64(25) {
		g, resources := draw(seed)
		copied := append(g.shop(), resource("AWS::RDS::DBSnapshot", "arn:aws:rds:eu-west-1:"+ours+":snapshot:alone", "alone", nil))
		a, err := Of(Input{Snapshot: sealed(append(resources, copied...)), Model: g.stated()})
		if err != nil {
			t.Fatal(err)
		}
		a.Sheet.TellAll()
		top := 0
		for i := range a.Sheet.Rows {
			if r := &a.Sheet.Rows[i]; r.Within == "" {
				top = max(top, r.Risk())
			}
		}
		for _, kind := range []string{risk.Component, risk.UseCase, risk.Actor, risk.EntryPoint} {
			most := 0
			for _, r := range a.Sheet.Grouped(kind) {
				if r.Kind != kind || sum(r.Beside.Terms) != r.Beside.Points || sum(r.Impact.Terms) != r.Impact.Level || len(r.Beside.Terms) == 0 {
					t.Error(named(seed, "%s %s: %v make not %d, or %v not %d", kind, r.ID, r.Beside.Terms, r.Beside.Points, r.Impact.Terms, r.Impact.Level))
				}
				if r.Target == "" {
					continue
				}
				withWays++
				target := rows(a)[cell{r.Key, r.Access}]
				if target.ID != r.Target || r.Beside.Points > target.Beside.Points || r.Risk() > target.Risk() || r.Impact.Level != target.Impact.Level {
					t.Error(named(seed, "%s %s: %d points of %s, which has %d", kind, r.ID, r.Beside.Points, r.Target, target.Beside.Points))
				}
				best := 0 // the highest that this group's ways make of any target
				for i := range a.Sheet.Rows {
					x := &a.Sheet.Rows[i]
					if x.Access != r.Access || x.Within != "" {
						continue
					}
					points, who := 0, map[string]bool{}
					for _, p := range x.Beside.Paths {
						if !goesThrough(a, kind, r.ID, p) {
							continue
						}
						points = max(points, p.High)
						if p.High >= 10 {
							who[p.Entry.Actor] = true
						}
					}
					if len(who) >= 4 {
						points += 5 // no account here has more than ten
					}
					if points > 0 {
						best = max(best, x.Impact.Level*risk.Level(points))
					}
				}
				if best != r.Risk() {
					t.Error(named(seed, "%s %s %s: %d, its ways make %d", kind, r.ID, r.Access, r.Risk(), best))
				}
				most = max(most, r.Risk())
			}
			if (kind == risk.Actor || kind == risk.EntryPoint) && most < top-5 {
				t.Error(named(seed, "%s: nobody has more than %d, and the sheet %d", kind, most, top))
			}
		}
	}
	if withWays < 300 {
		t.Errorf("only %d groups have ways", withWays)
	}
}

// A copy is told in the row of what it is a copy of: no group leads to it by itself.
func TestGroupsLeadToNoCopy(t *testing.T) {
	list := user(object{"PasswordEnabled": true, "MfaActive": true})
	copied := resource("AWS::RDS::DBSnapshot", "arn:aws:rds:eu-west-1:"+ours+":snapshot:shop-1", "shop-1", object{"DBSnapshotIdentifier": "shop-1", "DBInstanceIdentifier": "shop"})
	db := resource("AWS::RDS::DBInstance", "arn:aws:rds:eu-west-1:"+ours+":db:shop", "shop", object{"DBInstanceIdentifier": "shop", "BackupRetentionPeriod": 7})
	list[0].Properties["Policies"] = []any{object{"PolicyName": "own", "PolicyDocument": doc([]any{object{"Effect": "Allow", "Action": "rds:*", "Resource": string(copied.Key)}})}}
	a, err := Of(Input{Snapshot: sealed(append(list, db, copied))})
	if err != nil {
		t.Fatal(err)
	}
	row := rows(a)[cell{copied.Key, access.Write}]
	if row.Within != "shop" || row.Beside.Ways != 1 {
		t.Fatalf("within %q, written in %d ways: this test proves nothing", row.Within, row.Beside.Ways)
	}
	for _, kind := range []string{risk.Actor, risk.EntryPoint} {
		for _, r := range a.Sheet.Grouped(kind) {
			if r.Target == row.ID {
				t.Errorf("%s %s leads to %s", r.Kind, r.ID, r.Target)
			}
		}
	}
}

// goesThrough says in the words of the method what groups take.
func goesThrough(a *Assessment, kind, id string, p risk.Scored) bool {
	is := func(who string) bool { return p.Principal == who || p.Entry.ID == who }
	switch kind {
	case risk.UseCase:
		return p.Meant == id
	case risk.Component:
		for _, r := range a.Snapshot.Resources {
			mine := id == "app" && (string(r.Key) == arn("role", "app") || r.Key == "arn:aws:s3:::media") || id == "people" && r.Type == "AWS::IAM::User"
			if !mine {
				continue
			}
			if is(string(r.Key)) || slices.ContainsFunc(p.Steps, func(s access.Step) bool {
				return s.From == string(r.Key) || s.To == string(r.Key) && r.Key != p.Resource
			}) {
				return true
			}
		}
		return false
	case risk.Actor:
		for _, x := range a.Model.Actors {
			if slices.ContainsFunc(x.Bind.ARN, is) {
				return x.ID == id || slices.ContainsFunc(a.Model.Actors, func(o threatmodel.Actor) bool { return o.ID == id && slices.ContainsFunc(o.Bind.ARN, is) })
			}
		}
		return p.Entry.Actor == id || p.Entry.Actor == "person:"+id
	}
	keys, ann := p.Entry.Kind == access.AccessKey, is(arn("user", "ann"))
	switch {
	case id == "keys":
		return keys
	case id == "ann":
		return ann
	}
	return !keys && !ann && p.Entry.Kind+" "+p.Entry.ID == id
}
