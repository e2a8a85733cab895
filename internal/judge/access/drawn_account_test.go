package access

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// drawnAccounts is how many accounts a test draws; FOOTING_ACCOUNTS says otherwise.
func drawnAccounts(t *testing.T, n int) uint64 {
	if v := os.Getenv("FOOTING_ACCOUNTS"); v != "" {
		var err error
		if n, err = strconv.Atoi(v); err != nil {
			t.Fatal(err)
		}
	}
	return uint64(n)
}

// What the engine says of every route, resource and principal, changed selves too, is what they are told when asked one by one.
func TestDrawnCells(t *testing.T) {
	asked, there, changed := 0, 0, 0
	for seed := range drawnAccounts(t, 12) {
		d, a := newDrawn(seed, 1), newSample(t)
		d.account(a)
		table := a.table()
		for i := range table.routes {
			rt := &table.routes[i]
			on := table.ofType(rt.On)
			if len(on) == 0 {
				continue
			}
			engine := byEngine(table, rt, on)
			for actor := range table.actors {
				if actor == table.engine.Root() {
					continue // has no routes: it has everything
				}
				got := engine(actor)
				for col, r := range on {
					want, _ := table.needsAs(rt, r, table.queries[actor])
					x := got.at(col)
					asked++
					if x.outcome != iam.Deny {
						there++
						if table.isChanged(actor) {
							changed++
						}
					}
					if x.outcome != want.outcome || x.outcome == iam.Unknown && x.seen != want.seen {
						t.Errorf("seed %d: %q takes %s on %s: %+v, one by one %+v", seed, table.nodes[actor].id, rt.ID, r.Key, x, want)
					}
				}
			}
		}
	}
	t.Logf("%d asked, %d there, %d of them of changed selves", asked, there, changed)
	if there < asked/100 || changed == 0 {
		t.Errorf("the accounts say too little")
	}
}

// byEngine asks all needs of a route on resources, of every actor who may have them.
func byEngine(t *Table, rt *Route, on []*snapshot.Resource) func(actor int) *cells {
	a, able := t.newAsker(on), t.able(rt)
	var needs []rows
	for _, n := range rt.Needs {
		needs = append(needs, a.need(n, able))
	}
	return func(actor int) *cells {
		got := newCells(len(on))
		if able.Has(actor) {
			got.all(len(on))
			for _, row := range needs {
				got.and(row(actor))
			}
		}
		return got
	}
}

// surely lists who has a capability, and how surely.
func surely(t *Table, k snapshot.Key, c Capability) map[string]string {
	out := map[string]string{}
	for _, a := range t.Who(k, c) {
		out[a.Principal] = [...]string{iam.Unknown: "unknown", iam.Conditional: "conditional", iam.Allow: "allowed"}[a.Path.Outcome]
	}
	return out
}

// Nobody is lost, with or without a what-if, by asking everybody at once, by what is left out as superfluous, or by what is asked late.
func TestDrawnTables(t *testing.T) {
	asked := 0
	for seed := range drawnAccounts(t, 12) {
		d, a := newDrawn(seed, 2), newSample(t)
		d.account(a)
		s := a.snapshot()
		options := Options{}
		for try := range 4 {
			table := compiled(s, options)
			ref := table.oneByOne()
			for i := range s.Resources {
				for _, c := range []Capability{Read, Write, Admin} {
					k := s.Resources[i].Key
					asked++
					if got, want := surely(table, k, c), surely(ref, k, c); fmt.Sprint(got) != fmt.Sprint(want) {
						for p := range want {
							if got[p] != want[p] {
								t.Errorf("seed %d, without %q: %s to %s of %s: %q, one by one %q", seed, options.Cut, p, c, k, got[p], want[p])
							}
						}
						for p := range got {
							if want[p] == "" {
								t.Errorf("seed %d, without %q: %s to %s of %s: %q, one by one nothing", seed, options.Cut, p, c, k, got[p])
							}
						}
					}
				}
			}
			if got, want := surely(table, table.Account, Admin), surely(ref, table.Account, Admin); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("seed %d, without %q: the account: %v, one by one %v", seed, options.Cut, got, want)
			}
			if options.Cut = d.cuts(table); try == 2 {
				options.Cut = []string{"own#0", "own#1", "own#2"}
			}
		}
	}
	t.Logf("%d rows", asked)
}

// What Reaching sums up is what Paths tells: the same ways in, worth the same to an attacker whatever guards he gets past.
func TestDrawnReaching(t *testing.T) {
	rows, ways := 0, 0
	for seed := range drawnAccounts(t, 10) {
		d, a := newDrawn(seed, 3), newSample(t)
		d.account(a)
		s := a.snapshot()
		options := Options{}
		for range 3 {
			told, summed, loaded := compiled(s, options), compiled(s, options), compiled(s, options)
			for i := range s.Resources {
				r := &s.Resources[i]
				loaded.Load(r.Type)
				for _, c := range []Capability{Read, Write, Admin} {
					worth := func(out map[string]int, e *Entry, g Guard, traces int, seen bool) {
						for free := range Guard(8) {
							id := e.Kind + " " + e.ID + " past " + strings.Join(free.Names(), "+")
							out[id] = max(out[id], worthOf(g, free, traces))
							if seen {
								out["seen "+id] = max(out["seen "+id], worthOf(g, free, traces))
							}
						}
					}
					want := map[string]int{}
					for _, p := range told.Paths(r.Key, c, true) {
						worth(want, p.Entry, p.Guards, p.Traces(), p.Seen)
						ways++
					}
					for name, table := range map[string]*Table{"one by one": summed, "loaded": loaded} {
						got := map[string]int{}
						table.Reaching(r.Key, c, func(e *Entry, h How) { worth(got, e, h.Guards, h.Traces, h.Seen) })
						rows++
						if fmt.Sprint(got) != fmt.Sprint(want) {
							for id := range want {
								if got[id] != want[id] {
									t.Errorf("seed %d, without %q, %s, %s of %s: %s: summed %d, told %d", seed, options.Cut, name, c, r.Key, id, got[id], want[id])
								}
							}
							for id := range got {
								if _, ok := want[id]; !ok {
									t.Errorf("seed %d, without %q, %s, %s of %s: %s: summed %d, not told", seed, options.Cut, name, c, r.Key, id, got[id])
								}
							}
						}
					}
				}
			}
			options.Cut = d.cuts(told)
		}
	}
	t.Logf("%d rows, %d ways", rows, ways)
	if ways < rows/10 {
		t.Errorf("the accounts say too little")
	}
}

// What a principal reaches is what lists it among those who do, with and without a what-if.
func TestDrawnBothWays(t *testing.T) {
	reached := 0
	for seed := range drawnAccounts(t, 6) {
		d, a := newDrawn(seed, 8), newSample(t)
		d.account(a)
		s := a.snapshot()
		options := Options{}
		for range 2 {
			table := compiled(s, options)
			var keys []snapshot.Key
			for i := range s.Resources {
				keys = append(keys, s.Resources[i].Key)
			}
			forward, backward := map[string]string{}, map[string]string{}
			for _, p := range table.decisions.Principals() {
				if strings.Contains(string(p), ":group/") {
					continue
				}
				for _, r := range table.Reach([]string{string(p)}, keys) {
					if r.Resource != p {
						forward[fmt.Sprint(p, " ", r.Capability, " ", r.Resource)] = fmt.Sprint(r.Path.Outcome)
					}
				}
			}
			for _, k := range append(keys, table.Account) {
				for _, c := range []Capability{Read, Write, Admin} {
					for _, w := range table.Who(k, c) {
						if isOurs(w.Principal) && w.Principal != table.rootARN() && w.Principal != string(k) && (k != table.Account || c == Admin) {
							backward[fmt.Sprint(w.Principal, " ", c, " ", k)] = fmt.Sprint(w.Path.Outcome)
							reached++
						}
					}
				}
			}
			for k, v := range backward {
				if forward[k] != v {
					t.Errorf("seed %d, without %q: %s: backward %s, forward %q", seed, options.Cut, k, v, forward[k])
				}
			}
			for k, v := range forward {
				if backward[k] == "" {
					t.Errorf("seed %d, without %q: %s: forward %s, backward nothing", seed, options.Cut, k, v)
				}
			}
			options.Cut = d.cuts(table)
		}
	}
	t.Logf("%d reached", reached)
}

// All decides as one question does.
func TestDrawnMatrix(t *testing.T) {
	there := 0
	for seed := range drawnAccounts(t, 8) {
		d, a := newDrawn(seed, 4), newSample(t)
		d.account(a)
		table := a.table()
		got, want := map[Cell]int{}, map[Cell]int{}
		types := table.DirectActions()
		for _, c := range table.All(nil) {
			if isOurs(c.Principal) {
				got[c]++
			}
		}
		for action, on := range types {
			for _, p := range append(table.decisions.Principals(), snapshot.Key(table.rootARN())) {
				if strings.Contains(string(p), ":group/") {
					continue
				}
				for i := range table.snap.Resources {
					r := &table.snap.Resources[i]
					if !slices.Contains(on, r.Type) || !ofService(action, r.Type) {
						continue
					}
					if v, _ := table.one(action, r, string(p)); v.outcome != iam.Deny {
						want[Cell{string(p), action, r.Key, v.outcome}]++
						there++
					}
				}
			}
		}
		for c, n := range want {
			if got[c] != n {
				t.Errorf("seed %d: %v is there %d times, want %d", seed, c, got[c], n)
			}
		}
		for c := range got {
			if want[c] == 0 {
				t.Errorf("seed %d: %v is there, one by one not", seed, c)
			}
		}
	}
	t.Logf("%d cells are there", there)
}

func isOurs(p string) bool { return strings.Contains(p, ":"+ours+":") }

// Taking an Allow from somebody's policies, or adding a Deny, lets nobody in; not having read something keeps nobody out.
func TestDrawnChanges(t *testing.T) {
	asked := 0
	for seed := range drawnAccounts(t, 10) {
		d, a := newDrawn(3*seed+1, 5), newSample(t) // without gaps at first
		d.account(a)
		before := a.table()
		was := map[string]map[string]string{}
		eachRow := func(t *Table, f func(row string, who map[string]string)) {
			for i := range t.snap.Resources {
				for _, c := range []Capability{Read, Write, Admin} {
					f(c.String()+" of "+string(t.snap.Resources[i].Key), surely(t, t.snap.Resources[i].Key, c))
				}
			}
			f("account", surely(t, t.Account, Admin))
		}
		eachRow(before, func(row string, who map[string]string) { was[row] = who })
		order := map[string]int{"unknown": 1, "conditional": 2, "allowed": 3}
		for range 4 {
			b := newSample(t)
			b.resources = nil
			for _, r := range a.resources {
				r.Properties = a.plain(r.Properties).(object)
				b.resources = append(b.resources, r)
			}
			what := ""
			r := &b.resources[d.IntN(len(b.resources))]
			for r.Type != "AWS::IAM::User" && r.Type != "AWS::IAM::Role" && r.Type != "AWS::IAM::Group" {
				r = &b.resources[d.IntN(len(b.resources))]
			}
			closes := d.chance(.5)
			if closes {
				own, _ := r.Properties["Policies"].([]any)
				statements := []any{object{"Effect": "Deny", "Action": d.some(d.action), "Resource": d.resource()}}
				if len(own) == 0 || d.chance(.5) {
					r.Properties["Policies"] = append(own, a.plain(object{"PolicyName": "more", "PolicyDocument": object{"Version": "2012-10-17", "Statement": statements}}))
					what = "denying " + string(r.Key) + " " + fmt.Sprint(statements)
				} else {
					r.Properties["Policies"] = own[1:]
					st := own[0].(object)["PolicyDocument"].(object)["Statement"].([]any)
					if slices.ContainsFunc(st, func(s any) bool { return s.(object)["Effect"] == "Deny" }) {
						continue
					}
					what = "taking its policy from " + string(r.Key)
				}
			} else {
				r = &b.resources[d.IntN(len(b.resources))]
				p := d.one("Policies", "ManagedPolicyArns", "PermissionsBoundary", "Tags", "Policy", "KeyPolicy", "KmsKeyId", "Grants", "Role", "AssumeRolePolicyDocument", "PolicyDocument", "BucketEncryption", "Content")
				r.Unknown = append(slices.Clone(r.Unknown), p)
				if p == "Policy" {
					r.Policy = nil
				}
				delete(r.Properties, p)
				what = "not reading " + p + " of " + string(r.Key)
			}
			eachRow(b.table(), func(row string, who map[string]string) {
				asked++
				if closes {
					for p, now := range who {
						if order[now] > order[was[row][p]] {
							t.Errorf("seed %d: %s makes %s of %s %s, was %q", seed, what, row, p, now, was[row][p])
						}
					}
					return
				}
				for p := range was[row] {
					if who[p] == "" && isOurs(p) {
						t.Errorf("seed %d: %s keeps %s from %s, was %q", seed, what, p, row, was[row][p])
					}
				}
			})
		}
	}
	t.Logf("%d rows", asked)
}

// The same account gives the same bytes, whatever the order of maps and however many processors there are.
func TestDrawnTablesAreStable(t *testing.T) {
	write := func(seed uint64) string {
		d, a := newDrawn(seed, 6), newSample(t)
		d.account(a)
		s := a.snapshot()
		table := compiled(s, Options{})
		var b bytes.Buffer
		for _, e := range table.Entries() {
			fmt.Fprintln(&b, *e)
		}
		for i := range s.Resources {
			for _, c := range []Capability{Read, Write, Admin} {
				for _, p := range table.Paths(s.Resources[i].Key, c, seed%2 == 0) {
					p = p.Told()
					e := *p.Entry
					p.Entry = nil
					fmt.Fprintln(&b, e, p)
				}
				table.Reaching(s.Resources[i].Key, c, func(e *Entry, h How) { fmt.Fprintln(&b, *e, h) })
				for _, w := range table.Who(s.Resources[i].Key, c) {
					w.Others = toldAlone(w.Others)
					e := w.Path.Entry
					w.Path.Entry = nil
					fmt.Fprintln(&b, w, e != nil && e.ID != "")
				}
			}
		}
		fmt.Fprintln(&b, table.All(nil))
		for _, r := range table.Reach([]string{iamARN("user", "ada")}, []snapshot.Key{"arn:aws:s3:::data", drawnKey}) {
			r.Path.Entry = nil
			fmt.Fprintln(&b, r)
		}
		for _, w := range table.WhoAction("s3:GetObject", "arn:aws:s3:::data") {
			w.Path.Entry = nil
			w.Others = toldAlone(w.Others)
			fmt.Fprintln(&b, w)
		}
		return b.String()
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for seed := range drawnAccounts(t, 6) {
		first := write(seed)
		for _, procs := range []int{1, 4} {
			runtime.GOMAXPROCS(procs)
			if again := write(seed); again != first {
				x, y := strings.Split(first, "\n"), strings.Split(again, "\n")
				for i := range x {
					if i < len(y) && x[i] != y[i] {
						t.Fatalf("seed %d: line %d is\n%s\nand then\n%s", seed, i, x[i], y[i])
					}
				}
				t.Fatalf("seed %d: %d lines and then %d", seed, len(x), len(y))
			}
		}
	}
}

// Whoever is no administrator any more in a what-if still has what is left to him.
func TestAdministratorNoMore(t *testing.T) {
	a := newSample(t)
	half := func(name string, actions ...any) {
		a.thing("AWS::IAM::ManagedPolicy", iamARN("policy", name), object{"PolicyDocument": a.doc(permit(actions, "*"))})
	}
	half("data", "s3:*", "dynamodb:*", "secretsmanager:*", "ec2:*")
	half("people", "iam:*")
	a.user("alice").Properties["ManagedPolicyArns"] = []any{iamARN("policy", "data"), iamARN("policy", "people")}
	a.bucket("logs")
	for _, cut := range [][]string{nil, {iamARN("policy", "people")}, {iamARN("policy", "people"), iamARN("policy", "data")}} {
		a.options.Cut = cut
		table := a.table()
		var beside, account int
		for _, p := range table.Paths("arn:aws:s3:::logs", Read, true) {
			if p.Principal == iamARN("user", "alice") && !p.ViaAccount {
				beside++
			}
		}
		for _, p := range table.Paths(table.Account, Admin, true) {
			if p.Principal == iamARN("user", "alice") {
				account++
			}
		}
		summed := 0
		table.Reaching("arn:aws:s3:::logs", Read, func(e *Entry, h How) {
			if e.Actor == iamARN("user", "alice") {
				summed++
			}
		})
		if want := map[int][2]int{0: {0, 1}, 1: {1, 0}, 2: {0, 0}}[len(cut)]; beside != want[0] || summed != want[0] || account != want[1] {
			t.Errorf("without %q: %d ways beside the account, summed %d, %d to it", cut, beside, summed, account)
		}
	}
}

// A what-if leaves out what it names, and nothing else: not what another policy allows too, and a Deny that is gone denies nothing.
func TestWithoutAPolicy(t *testing.T) {
	read := func(name string, more ...object) func(a *sample) {
		return func(a *sample) {
			a.thing("AWS::IAM::ManagedPolicy", iamARN("policy", name), object{"PolicyDocument": a.doc(append([]object{permit("s3:*", "arn:aws:s3:::logs*")}, more...)...)})
		}
	}
	for _, c := range []struct {
		cut    []string
		more   []object
		reads  bool
		missed int
	}{
		{nil, nil, true, 0},
		{[]string{iamARN("policy", "one")}, nil, true, 0},
		{[]string{iamARN("policy", "one") + "#0"}, nil, true, 0},
		{[]string{iamARN("policy", "one"), iamARN("policy", "two")}, nil, false, 0},
		{[]string{iamARN("policy", "one"), "nothing#3"}, nil, true, 1},
		{[]string{iamARN("policy", "one") + "#7"}, nil, true, 1},
		{nil, []object{forbid("s3:*", "*")}, false, 0},
		{[]string{iamARN("policy", "two") + "#1"}, []object{forbid("s3:*", "*")}, true, 0},
		{[]string{iamARN("policy", "two")}, []object{forbid("s3:*", "*")}, true, 0},
		{[]string{iamARN("policy", "two") + "#1"}, []object{forbid("s3:*", "*", on("Bool", "aws:SecureTransport", "false"))}, true, 0},
	} {
		a := newSample(t)
		read("one")(a)
		read("two", c.more...)(a)
		a.user("alice").Properties["ManagedPolicyArns"] = []any{iamARN("policy", "one"), iamARN("policy", "two")}
		a.bucket("logs")
		a.options.Cut = c.cut
		table := a.table()
		if _, reads := surely(table, "arn:aws:s3:::logs", Read)[iamARN("user", "alice")]; reads != c.reads || len(table.Missed()) != c.missed {
			t.Errorf("without %q, with %v: reads %v, missed %q", c.cut, c.more, reads, table.Missed())
		}
	}
}

// A question about one action leaves nothing behind: what is asked after it is answered as before.
func TestQuestionsLeaveNothingBehind(t *testing.T) {
	for seed := range drawnAccounts(t, 6) {
		d, a := newDrawn(seed, 7), newSample(t)
		d.account(a)
		a.options.Trusted = map[string]string{theirs: "partner"}
		if seed == 0 {
			a.bucket("open", permit("s3:ListBucketMultipartUploads", "*", toAll), permit("s3:GetBucketTagging", "*", to("AWS", "arn:aws:iam::"+theirs+":root")))
		}
		table := a.table()
		state := func() string {
			var b strings.Builder
			for _, e := range table.Entries() {
				fmt.Fprintln(&b, e.Kind, e.ID)
			}
			for _, word := range []string{Public, "partner", theirs, "ada"} {
				fmt.Fprintln(&b, word, table.Nodes(word))
			}
			for i := range table.snap.Resources {
				for _, p := range table.Paths(table.snap.Resources[i].Key, Read, true) {
					fmt.Fprintln(&b, p.Entry.Kind, p.Entry.ID, p.Principal, p.Guards, p.Outcome)
				}
			}
			return b.String()
		}
		before := state()
		for i := range table.snap.Resources {
			for _, action := range []string{"s3:ListBucketMultipartUploads", "s3:GetBucketTagging", "sqs:SendMessage", "sts:AssumeRole", "kms:Encrypt"} {
				table.WhoAction(action, table.snap.Resources[i].Key)
			}
		}
		if after := state(); after != before {
			t.Errorf("seed %d: before\n%s\nafter\n%s", seed, before, after)
		}
	}
}

// toldAlone is paths with their reasons and without pointers, so that they print alike.
func toldAlone(paths []Path) []Path {
	var out []Path
	for _, p := range paths {
		p = p.Told()
		p.Entry = nil
		out = append(out, p)
	}
	return out
}
