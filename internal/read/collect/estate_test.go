package collect

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/mototest"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/threatmodel"
	"github.com/footing-dev/footing/rules"
)

// estate is a whole account behind an endpoint: what the fake AWS knows of it, and recorded answers to what that does not know. Answers of the
// fake are kept, so that the same account can be read many times, whatever befalls the calls.
//
// test/moto/NAME.py fills it, and prints the ids of what it made by name. It lies in testdata/judged/NAME:
//
//	answers.txtar   the recorded answers: as in testdata/recorded, with the client before the operation ("guardduty:GET /detector"), and
//	                perhaps a Region ("guardduty@us-east-1:GET /detector"); {shop} is the id of what is called shop; a credential report is
//	                written as its lines. testdata/judged/answers.txtar has what is the same in each account
//	footing.yaml    what its people state; may be missing
//	rules.txt       what every rule comes to: go test -run Judged -update writes it; read it
//	but-WHAT.txtar  other answers, perhaps another footing.yaml, and in want the lines that this changes
type estate struct {
	name  string
	shift time.Duration         // of what the fake says, so that the account was made on one day, and is looked at on one day
	own   map[string]*recording // by client, or client@Region
	moto  string
	model string // footing.yaml
	ids   *strings.Replacer
	free  []string  // names whose members have any names
	kept  *sync.Map // by request
	whole *snapshot.Snapshot
}

// kept is an answer of the fake.
type kept struct {
	status int
	header http.Header
	body   []byte
}

// judgedOn is when the accounts are looked at. What the fake made is as old then as it says here.
var (
	judgedOn = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	estates  = map[string]struct{ made, reviewed time.Time }{
		"neglected": {made: judgedOn.AddDate(0, 0, -400)}, "tended": {judgedOn.AddDate(0, 0, -20), judgedOn.AddDate(0, 0, -10)},
	}
)

func estateNames() []string { return slices.Sorted(maps.Keys(estates)) }

func judgedOptions() read.Options {
	return read.Options{Now: func() time.Time { return judgedOn }}
}

// opened are the estates that a test has filled and read whole: others read them again, without the fake.
var opened = map[string]*estate{}

// estateOf is an estate behind an endpoint that the SDK uses for the rest of the test.
func estateOf(t *testing.T, name string) *estate {
	t.Helper()
	e := opened[name]
	if e == nil {
		e = openEstate(t, name)
		e.whole = e.scan(t)
		opened[name] = e
	}
	serve(t, e)
	return e
}

func openEstate(t *testing.T, name string) *estate {
	t.Helper()
	m := mototest.Start(t)
	ids := map[string]string{}
	if err := json.Unmarshal(m.Python(t, name+".py"), &ids); err != nil {
		t.Fatal(err)
	}
	var pairs []string
	for name, id := range ids {
		pairs = append(pairs, "{"+name+"}", id)
	}
	e := &estate{name: name, shift: time.Until(estates[name].made), moto: m.Endpoint, own: map[string]*recording{}, ids: strings.NewReplacer(pairs...), kept: &sync.Map{}}
	if text, err := os.ReadFile(e.file("footing.yaml")); err == nil {
		e.model = string(text)
	}
	for _, file := range []string{filepath.Join("testdata", "judged", "answers.txtar"), e.file("answers.txtar")} {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		e.answers(t, a)
	}
	return e
}

func (e *estate) file(name string) string { return filepath.Join("testdata", "judged", e.name, name) }

// answers adds recorded answers, in the place of those of the same name.
func (e *estate) answers(t *testing.T, a *txtar.Archive) (want string) {
	t.Helper()
	for _, f := range a.Files {
		client, operation, ok := strings.Cut(f.Name, ":")
		switch {
		case f.Name == "want":
			want = string(f.Data)
			continue
		case f.Name == "footing.yaml":
			e.model = string(f.Data)
			continue
		case !ok:
			t.Fatalf("%s: %q names no client", e.name, f.Name)
		}
		r := e.own[client]
		if r == nil {
			r = &recording{answers: map[string]string{}}
			e.own[client] = r
		}
		if operation == "free" {
			e.free = append(e.free, strings.Fields(string(f.Data))...)
			continue
		}
		r.answers[operation] = reported(strings.TrimSpace(e.ids.Replace(string(f.Data))))
	}
	return want
}

// but is the same account with some other answers, and how that is to change what rules come to.
func (e *estate) but(t *testing.T, a *txtar.Archive) (*estate, string) {
	t.Helper()
	other := *e
	other.own = map[string]*recording{}
	for client, r := range e.own {
		other.own[client] = &recording{answers: maps.Clone(r.answers)}
	}
	want := other.answers(t, a)
	return &other, want
}

// reported makes the answer of GetCredentialReport of its lines.
func reported(text string) string {
	if !strings.HasPrefix(text, "user,arn,") {
		return text
	}
	return "<GetCredentialReportResponse><GetCredentialReportResult><Content>" + base64.StdEncoding.EncodeToString([]byte(text+"\n")) +
		"</Content><GeneratedTime>" + judgedOn.Format(time.RFC3339) + "</GeneratedTime></GetCredentialReportResult></GetCredentialReportResponse>"
}

var (
	isoTime  = regexp.MustCompile(`\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d`)
	unixTime = regexp.MustCompile(`\b1\d{9}\b`)
)

// moved is an answer of the fake in which what happened just now happened when the account was made.
func (e *estate) moved(text []byte) []byte {
	now := time.Now()
	shift := func(at time.Time) (time.Time, bool) { return at.Add(e.shift), now.Sub(at).Abs() < time.Hour }
	text = isoTime.ReplaceAllFunc(text, func(b []byte) []byte {
		layout := "2006-01-02" + string(b[10]) + "15:04:05"
		if at, err := time.Parse(layout, string(b)); err == nil {
			if to, just := shift(at); just {
				return []byte(to.UTC().Format(layout))
			}
		}
		return b
	})
	return unixTime.ReplaceAllFunc(text, func(b []byte) []byte {
		n, _ := strconv.ParseInt(string(b), 10, 64)
		if to, just := shift(time.Unix(n, 0)); just {
			return strconv.AppendInt(nil, to.Unix(), 10)
		}
		return b
	})
}

// ServeHTTP answers with what is recorded, else with what the fake says, or said before.
func (e *estate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	q := parse(r)
	best, from := "", ""
	for _, client := range []string{q.client + "@" + q.region, q.client} {
		if own := e.own[client]; own != nil {
			if name := own.find(q); len(name) > len(best) {
				best, from = name, client
			}
		}
	}
	if from != "" {
		write(w, q, e.own[from].answers[best])
		return
	}
	a, err := e.ask(r, q, body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	for k, v := range a.header {
		w.Header()[k] = v
	}
	w.WriteHeader(a.status)
	w.Write(a.body)
}

func (e *estate) ask(r *http.Request, q request, body []byte) (kept, error) {
	key := strings.Join([]string{q.client, q.region, q.operation, q.body}, "\n")
	if a, ok := e.kept.Load(key); ok {
		return a.(kept), nil
	}
	to, err := http.NewRequestWithContext(r.Context(), r.Method, e.moto+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return kept{}, err
	}
	to.Header, to.Host = r.Header.Clone(), r.Host
	resp, err := http.DefaultClient.Do(to)
	if err != nil {
		return kept{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return kept{}, err
	}
	resp.Header.Del("Content-Length")
	a := kept{resp.StatusCode, resp.Header, e.moved(text)}
	e.kept.Store(key, a)
	return a, nil
}

// scan reads the account from an endpoint of its own.
func (e *estate) scan(t *testing.T) *snapshot.Snapshot {
	t.Helper()
	serve(t, e)
	return scanned(t, judgedOptions())
}

// judge runs every rule over a snapshot, with what the people of the account state.
func (e *estate) judge(t *testing.T, s *snapshot.Snapshot) []check.Result {
	t.Helper()
	in := assess.Input{Snapshot: s, Reviewed: estates[e.name].reviewed}
	if e.model != "" {
		m, err := threatmodel.Parse("footing.yaml", []byte(e.model))
		if err != nil {
			t.Fatal(err)
		}
		in.Model, in.File = m, "footing.yaml"
	}
	as, err := assess.Of(in)
	if err != nil {
		t.Fatal(err)
	}
	return check.Run(rules.All(), as.Case())
}

// lines writes results, a line each: sorted, and things by their names where those tell more than a number.
func (e *estate) lines(s *snapshot.Snapshot, results []check.Result) []string {
	var called []string
	for i := range s.Resources {
		r := &s.Resources[i]
		key := string(r.Key)
		id := key[strings.LastIndexAny(key, ":/")+1:]
		switch kind, _, _ := strings.Cut(id, "-"); {
		case r.Name == "":
		case r.Name == id && randomID.MatchString(id):
			called = append(called, id, kind+"-?")
		case randomID.MatchString(id), strings.HasPrefix(id, r.Name+"-") && len(id) == len(r.Name)+len("-AbCdEf"):
			called = append(called, id, "<"+r.Name+">")
		}
	}
	names := strings.NewReplacer(called...)
	var out []string
	for i := range results {
		x := &results[i]
		out = append(out, names.Replace(fmt.Sprintf("%s %s %d %s: %s", x.Rule, x.Outcome, x.Risk, x.Target, x.Says)))
	}
	slices.Sort(out)
	return out
}

var randomID = regexp.MustCompile(`^([a-z]+-)?[0-9a-f-]{8,36}$`)

// check wants every member of a recorded answer to be one that the SDK reads.
func (e *estate) check(t *testing.T) {
	t.Helper()
	const at = "github.com/aws/aws-sdk-go-v2/service/"
	args := []string{"list", "-f", "{{.ImportPath}} {{.Dir}}"}
	for client := range e.own {
		client, _, _ = strings.Cut(client, "@")
		args = append(args, at+client)
	}
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		t.Fatalf("a client is not one of the SDK: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		path, dir, _ := strings.Cut(strings.TrimSpace(line), " ")
		client := strings.TrimPrefix(path, at)
		names := memberNamesOf(t, dir)
		for of, r := range e.own {
			if before, _, _ := strings.Cut(of, "@"); before == client {
				r.free = e.free
				r.reads(t, names)
			}
		}
	}
}
