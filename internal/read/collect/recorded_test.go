package collect

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/snapshot"
)

var update = flag.Bool("update", false, "rewrite what recorded answers give")

// recorded are services that the fake AWS knows too little of. Their answers are written out in testdata/recorded, one file a service:
//
//	-- DescribeThings --                 the answer to an operation; XML, or JSON (which is turned into CBOR where the service speaks that)
//	-- DescribeThings ~ "name":"a" --    the answer when the request holds that text
//	-- GET /things/a ~ page=2 --         for REST: the method and the beginning of the path, and what the address holds
//	-- free --                           names whose members have any names, such as tags
//	-- want --                           the resources and observations that come of it, one a line; go test -run Recorded -update writes it
//
// An answer "!Code" is an error with that code. Every call that the service declares must be made, nothing else, and nothing may be a gap.
// Every member of an answer must be one that the SDK reads.
func TestRecorded(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "recorded", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			i := slices.IndexFunc(service.All(), func(s service.Service) bool { return s.Name == name })
			if i < 0 {
				t.Fatalf("there is no service %q", name)
			}
			record(t, file, service.All()[i])
		})
	}
}

// recording is one file.
type recording struct {
	answers map[string]string
	free    []string
	want    string
	mu      sync.Mutex
	missing []string
}

func record(t *testing.T, file string, about service.Service) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r := recording{answers: map[string]string{}}
	for _, f := range a.Files {
		switch text := string(f.Data); f.Name {
		case "free":
			r.free = strings.Fields(text)
		case "want":
			r.want = text
		default:
			if _, twice := r.answers[f.Name]; twice {
				t.Errorf("two answers to %s", f.Name)
			}
			r.answers[f.Name] = strings.TrimSpace(text)
		}
	}
	fake(t, r.answer)
	var w watcher
	set := quick
	set.Wire.Watch = w.watch
	s, err := scan(t.Context(), read.Options{Services: []string{about.Name}, Regions: []string{"eu-central-1"}}, service.All(), set)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range r.missing {
		t.Errorf("no answer is recorded to %s", m)
	}
	for _, g := range s.Gaps() {
		if g.Outcome != snapshot.NotAsked {
			t.Errorf("a gap: %+v", g)
		}
	}
	for _, c := range about.Calls {
		made := false
		for call := range w.calls {
			made = made || strings.HasPrefix(call, c.Name+" ")
		}
		if !made {
			t.Errorf("%s is declared and was not made", c.Name)
		}
		for _, typ := range c.Types {
			if s.Has(typ, "") == snapshot.Unknown {
				t.Errorf("of %s nothing is known", typ)
			}
		}
	}
	for call, n := range w.calls {
		if n > 1 {
			t.Errorf("asked %d times: %s", n, call)
		}
	}
	r.check(t, about)
	var got bytes.Buffer
	for i := range s.Resources {
		fmt.Fprintf(&got, "%s\n", encode(t, &s.Resources[i]))
	}
	for i := range s.Observations {
		fmt.Fprintf(&got, "observed %s\n", encode(t, &s.Observations[i]))
	}
	if *update {
		a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name == "want" })
		a.Files = append(a.Files, txtar.File{Name: "want", Data: got.Bytes()})
		if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got.String() != r.want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), r.want)
	}
}

// answer gives what is recorded; what is not is written down as missing.
func (r *recording) answer(w http.ResponseWriter, q request) {
	if start(w, q) {
		return
	}
	if _, told := r.answers["GetResources"]; q.operation == "GetResources" && !told { // of the tagging API
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		io.WriteString(w, `{"ResourceTagMappingList":[]}`)
		return
	}
	best := r.find(q)
	if best == "" {
		r.mu.Lock()
		r.missing = append(r.missing, q.operation+" "+q.body)
		r.mu.Unlock()
		refuse(w, q, 403, "AccessDenied")
		return
	}
	write(w, q, r.answers[best])
}

// find is the name of the most telling answer to a request.
func (r *recording) find(q request) (best string) {
	for name := range r.answers {
		op, about, _ := strings.Cut(name, " ~ ")
		same := op == q.operation || strings.Contains(op, " ") && strings.HasPrefix(q.operation, op)
		if same && (strings.Contains(q.body, about) || strings.Contains(q.operation, about)) && len(name) > len(best) {
			best = name
		}
	}
	return best
}

// write gives a recorded answer in the way in which the service speaks.
func write(w http.ResponseWriter, q request, text string) {
	if code, is := strings.CutPrefix(text, "!"); is {
		refuse(w, q, 400, code)
		return
	}
	switch {
	case q.cbor:
		var v any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			panic(fmt.Sprintf("%s: %v", q.operation, err))
		}
		w.Header().Set("Content-Type", "application/cbor")
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		w.Write(cbor(nil, v))
	case strings.HasPrefix(text, "<"):
		w.Header().Set("Content-Type", "text/xml")
		io.WriteString(w, text)
	default:
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		io.WriteString(w, text)
	}
}

// cbor encodes a JSON value (RFC 8949). A time is {"$time": SECONDS}.
func cbor(to []byte, v any) []byte {
	head := func(major byte, n uint64) []byte {
		to = append(to, major<<5|27)
		return binary.BigEndian.AppendUint64(to, n)
	}
	switch v := v.(type) {
	case nil:
		return append(to, 0xf6)
	case bool:
		if v {
			return append(to, 0xf5)
		}
		return append(to, 0xf4)
	case json.Number:
		if n, err := v.Int64(); err == nil && n >= 0 {
			return head(0, uint64(n))
		}
		f, _ := v.Float64()
		return binary.BigEndian.AppendUint64(append(to, 0xfb), math.Float64bits(f))
	case string:
		return append(head(3, uint64(len(v))), v...)
	case []any:
		to = head(4, uint64(len(v)))
		for _, x := range v {
			to = cbor(to, x)
		}
		return to
	case map[string]any:
		if at, is := v["$time"]; is {
			return cbor(append(to, 0xc1), at)
		}
		to = head(5, uint64(len(v)))
		for k, x := range v {
			to = cbor(cbor(to, k), x)
		}
		return to
	}
	panic(fmt.Sprintf("cannot encode %T", v))
}

// check wants every member of every answer to be one that the SDK reads: a misspelt one would be left out in silence.
func (r *recording) check(t *testing.T, about service.Service) {
	t.Helper()
	read := map[string]bool{}
	packages := map[string]bool{}
	for _, c := range append([]service.Call{{Name: "resourcegroupstaggingapi:GetResources"}}, about.Calls...) {
		name, _, _ := strings.Cut(c.Name, ":")
		if packages[name] {
			continue
		}
		packages[name] = true
		dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/aws/aws-sdk-go-v2/service/"+name).Output()
		if err != nil {
			t.Fatalf("no package for %s", c.Name)
		}
		maps.Copy(read, memberNamesOf(t, strings.TrimSpace(string(dir))))
	}
	r.reads(t, read)
}

// memberNamesOf are the names that the client of the SDK in a folder knows, in small letters.
func memberNamesOf(t *testing.T, dir string) map[string]bool {
	t.Helper()
	read := map[string]bool{}
	files, _ := filepath.Glob(filepath.Join(dir, "schemas", "*.go")) // the newer clients have these, the older ones one file
	older, _ := filepath.Glob(filepath.Join(dir, "deserializers.go"))
	if files = append(files, older...); len(files) == 0 {
		t.Fatalf("%s does not say what it reads: does this test still see the SDK?", dir)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range memberNames.FindAllSubmatch(text, -1) {
			read[strings.ToLower(string(m[1]))] = true
		}
	}
	return read
}

// reads wants every member of every answer to be among the names that the SDK reads.
func (r *recording) reads(t *testing.T, read map[string]bool) {
	t.Helper()
	for name, text := range r.answers {
		var names []string
		if strings.HasPrefix(text, "<") {
			names = elements(t, name, text)
		} else if !strings.HasPrefix(text, "!") && !strings.HasPrefix(text, `{"Version":"2012-10-17"`) { // a policy is read as it is
			var v any
			if err := json.Unmarshal([]byte(text), &v); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			names = members(v, r.free, nil)
		}
		for _, n := range names {
			if !read[strings.ToLower(n)] {
				t.Errorf("%s: the SDK reads no member %q", name, n)
			}
		}
	}
}

// memberNames are the names in the schemas or the decoders of the SDK, those of the wire among them.
var memberNames = regexp.MustCompile(`"([A-Za-z][\w.-]*)"`)

func members(v any, free, to []string) []string {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if strings.HasPrefix(k, "$") {
				continue
			}
			to = append(to, k)
			if m, is := x.(map[string]any); is && slices.Contains(free, k) {
				for _, below := range m {
					to = members(below, free, to)
				}
				continue
			}
			to = members(x, free, to)
		}
	case []any:
		for _, x := range v {
			to = members(x, free, to)
		}
	}
	return to
}

func elements(t *testing.T, name, text string) (out []string) {
	d := xml.NewDecoder(strings.NewReader(text))
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return out
		}
		switch x := token.(type) {
		case xml.StartElement:
			if depth > 0 && x.Name.Local != "member" && x.Name.Local != "item" && !strings.HasSuffix(x.Name.Local, "Result") && x.Name.Local != "ResponseMetadata" && x.Name.Local != "requestId" {
				out = append(out, x.Name.Local)
			}
			depth++
		case xml.EndElement:
			depth--
		}
	}
}
