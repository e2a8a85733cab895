// Package mototest starts a fake AWS on the loopback interface for tests, and fills it. No other package may import it.
package mototest

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Region is where everything in the filled account is.
const Region = "eu-central-1"

// Server is a running fake.
type Server struct {
	Endpoint string
	PID      int
	venv     string
}

// Start runs a fake until the test ends. The test is skipped when the Python environment is missing
// (FOOTING_VENV, default .cache/venv in the repository), except in CI, where that is a failure.
func Start(t testing.TB) *Server {
	t.Helper()
	venv := os.Getenv("FOOTING_VENV")
	if venv == "" {
		venv = filepath.Join(root(t), ".cache", "venv")
	}
	binary := filepath.Join(venv, "bin", "moto_server")
	if _, err := os.Stat(binary); err != nil {
		says := fmt.Sprintf("no fake AWS: %s is missing; make it with: python3 -m venv .cache/venv && .cache/venv/bin/pip install -r test/moto/requirements.txt", binary)
		if os.Getenv("CI") == "true" {
			t.Fatal(says)
		}
		t.Skip(says)
	}
	port := freePort(t)
	var output bytes.Buffer
	cmd := exec.Command(binary, "-H", "127.0.0.1", "-p", port)
	set := settings("")
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(kv string) bool { // the fake must not ask another one
		k, _, _ := strings.Cut(kv, "=")
		_, ours := set[k]
		return ours
	}), "MOTO_IAM_LOAD_MANAGED_POLICIES=true", "PYTHONHASHSEED=0")
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatalf("start the fake AWS: %v", err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-ended
	})
	s := &Server{Endpoint: "http://127.0.0.1:" + port, PID: cmd.Process.Pid, venv: venv}
	for deadline := time.Now().Add(time.Minute); ; {
		if resp, err := http.Get(s.Endpoint + "/moto-api/data.json"); err == nil {
			resp.Body.Close()
			return s
		}
		select {
		case <-ended:
			t.Fatalf("the fake AWS ended: %s", output.String())
		case <-time.After(100 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatal("the fake AWS does not answer")
		}
	}
}

// Seed fills the fake with a script, by default test/moto/seed.py.
func (s *Server) Seed(t testing.TB, script ...string) {
	t.Helper()
	if len(script) == 0 {
		script = []string{filepath.Join(root(t), "test", "moto", "seed.py")}
	}
	s.python(t, script)
}

// Python runs a script of test/moto against the fake and returns what it prints.
func (s *Server) Python(t testing.TB, script string, args ...string) []byte {
	t.Helper()
	return s.python(t, append([]string{filepath.Join(root(t), "test", "moto", script)}, args...))
}

func (s *Server) python(t testing.TB, script []string) []byte {
	t.Helper()
	cmd := exec.Command(filepath.Join(s.venv, "bin", "python"), script...)
	cmd.Env = s.environment()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("fill the fake AWS: %v\n%s%s", err, out, stderr.String())
	}
	return out
}

// CLI runs the AWS command line against the fake and returns what it prints.
func (s *Server) CLI(t testing.TB, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(filepath.Join(s.venv, "bin", "aws"), args...)
	cmd.Env = s.environment()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("aws %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return out
}

// Use points the SDK's environment at the fake for the rest of the test.
func (s *Server) Use(t *testing.T) { Use(t, s.Endpoint) }

// Use points the SDK's environment at any endpoint, with credentials that mean nothing and no files.
func Use(t *testing.T, endpoint string) {
	t.Helper()
	for k, v := range settings(endpoint) {
		t.Setenv(k, v)
	}
}

func settings(endpoint string) map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": Region, "AWS_DEFAULT_REGION": Region,
		"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": "",
	}
}

func (s *Server) environment() []string {
	set := settings(s.Endpoint)
	env := slices.DeleteFunc(os.Environ(), func(kv string) bool {
		k, _, _ := strings.Cut(kv, "=")
		_, ours := set[k]
		return ours
	})
	for k, v := range set {
		if v != "" { // to the command line an empty profile is one that does not exist
			env = append(env, k+"="+v)
		}
	}
	return env
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// root is the repository: the folder with go.mod.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above this folder")
		}
	}
}
