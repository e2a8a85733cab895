package service

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const sdk = "github.com/aws/aws-sdk-go-v2/service/"

// Every list that the SDK can turn pages of is read with a paginator: without one, the first page looks like everything.
// And every call in the source is declared: the policy that is printed holds its action.
func TestEveryListIsPaged(t *testing.T) {
	declared := map[string]bool{}
	for _, s := range append(All(), CostExplorer(), BillBucket()) {
		for _, c := range s.Calls {
			declared[c.Name] = true
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	calls, pages := 0, 0
	fset := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for alias, dir := range clients(t, f) {
			operations, paged := operationsOf(t, dir)
			ast.Inspect(f, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				x, ok := sel.X.(*ast.Ident)
				if !ok {
					return true
				}
				if x.Name == alias && strings.HasSuffix(sel.Sel.Name, "Paginator") {
					op := strings.TrimSuffix(strings.TrimPrefix(sel.Sel.Name, "New"), "Paginator")
					pages++
					if !declared[alias+":"+op] {
						t.Errorf("%s: %s:%s is not declared", fset.Position(sel.Pos()), alias, op)
					}
				}
				if x.Name == "c" && slices.Contains(operations, sel.Sel.Name) {
					calls++
					if slices.Contains(paged, sel.Sel.Name) {
						t.Errorf("%s: %s:%s has a paginator and is called without", fset.Position(sel.Pos()), alias, sel.Sel.Name)
					}
					if !declared[alias+":"+sel.Sel.Name] {
						t.Errorf("%s: %s:%s is not declared", fset.Position(sel.Pos()), alias, sel.Sel.Name)
					}
				}
				return true
			})
		}
	}
	if calls < 25 || pages < 30 {
		t.Errorf("found only %d calls and %d paginators: does this test still see the source?", calls, pages)
	}
}

// clients maps the name of an SDK package in a file to its folder.
func clients(t *testing.T, f *ast.File) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, i := range f.Imports {
		path := strings.Trim(i.Path.Value, `"`)
		if name, ok := strings.CutPrefix(path, sdk); ok && !strings.Contains(name, "/") {
			b, err := exec.Command("go", "list", "-f", "{{.Dir}}", path).Output()
			if err != nil {
				t.Fatalf("go list %s: %v", path, err)
			}
			out[name] = strings.TrimSpace(string(b))
		}
	}
	return out
}

var paginatorFunc = regexp.MustCompile(`(?m)^func New(\w+)Paginator\(`)

func operationsOf(t *testing.T, dir string) (operations, paged []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "api_op_*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no operations in %s", dir)
	}
	for _, name := range files {
		op := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(name), "api_op_"), ".go")
		operations = append(operations, op)
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if m := paginatorFunc.FindSubmatch(b); m != nil {
			paged = append(paged, string(m[1]))
		}
	}
	return operations, paged
}

// Nothing that a collector calls, and nothing that the policy grants, can change anything.
func TestReadOnly(t *testing.T) {
	// What is a read and is not called one: making a credential report changes nothing but the report; looking for routes is a list with
	// filters; API Gateway has one action for all its reads, and Budgets one for a budget; several builds, accounts or collections at once.
	reads := regexp.MustCompile(`^[a-z0-9-]+:(Get|List|Describe)[A-Z]\w*$|^iam:GenerateCredentialReport$|^ec2:SearchTransitGatewayRoutes$|^apigateway:GET$|^budgets:ViewBudget$|` +
		`^code(build|deploy):BatchGet[A-Z]\w*$|^inspector2:BatchGetAccountStatus$|^aoss:BatchGetCollection$`)
	// What would give the content of things, and is never needed.
	content := regexp.MustCompile(`:(GetObject$|GetSecretValue|GetParameter|GetItem|GetFunction$|GetRecords|GetLogEvents|GetAuthorizationToken|GetCallerIdentityToken|GetSessionToken)`)
	seen := map[string]string{}
	for _, s := range All() {
		for _, c := range s.Calls {
			if len(c.Actions) == 0 || c.Why == "" {
				t.Errorf("%s declares no action or no reason", c.Name)
			}
			if by, ok := seen[c.Name]; ok {
				t.Errorf("%s is declared by %s and by %s", c.Name, by, s.Name)
			}
			seen[c.Name] = s.Name
			for _, name := range append([]string{c.Name}, c.Actions...) {
				if !reads.MatchString(name) || content.MatchString(name) {
					t.Errorf("%s is not a read of configuration", name)
				}
			}
		}
	}
}
