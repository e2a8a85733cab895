package cli

import (
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
)

const module = "github.com/footing-dev/footing"

// cached is where `go run` puts what it builds: a temporary go-build folder, or the build cache.
var cached = regexp.MustCompile(`[/\\]go-build[^/\\]*[/\\]|[/\\][0-9a-f]{2}[/\\][0-9a-f]{64}-d[/\\]`)

// typed is how the program was started, so that printed commands can be pasted: "go run ." or "go run ./demo/try" in a checkout,
// "go run module@version" from anywhere, "./footing" when built in place, else "footing".
func typed(arg0, exe string, info *debug.BuildInfo) string {
	if cached.MatchString(filepath.ToSlash(exe)) && info != nil {
		sub, ours := strings.CutPrefix(info.Path, module)
		switch {
		case !ours:
			return "footing"
		case info.Main.Version != "" && info.Main.Version != "(devel)" && info.Main.Sum != "":
			return "go run " + info.Path + "@" + info.Main.Version
		case sub == "":
			return "go run ."
		}
		return "go run ." + sub
	}
	if strings.ContainsAny(arg0, `/\`) && !filepath.IsAbs(arg0) {
		return arg0
	}
	return "footing"
}

// version names the module version, or the commit that a checkout was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "footing, unknown version"
	}
	v, commit, dirty, when := info.Main.Version, "", "", ""
	if v == "" || v == "(devel)" {
		v = "development version"
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = s.Value[:min(12, len(s.Value))]
		case "vcs.time":
			when = " of " + s.Value
		case "vcs.modified":
			if s.Value == "true" {
				dirty = ", with changes"
			}
		}
	}
	if commit != "" {
		commit = fmt.Sprintf(" (commit %s%s%s)", commit, when, dirty)
	}
	return fmt.Sprintf("footing %s%s, %s %s/%s", v, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
