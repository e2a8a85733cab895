package draft

import (
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/judge/risk"
)

// Who does it is a thing that one can say of somebody.
func TestSource(t *testing.T) {
	for _, c := range []struct{ kind, says, want string }{
		{access.AccessKey, "key of ci, 412 days old", "a thief of ci's key"},
		{access.ExposedHost, "dev-box, port 22 open", "whoever gets into dev-box"},
		{access.ExposedHost, "what runs as app was not read", "whoever gets into what runs as app"},
		{access.Public, "anyone", "anyone"},
	} {
		if got := source(risk.Scored{Path: access.Path{Entry: &access.Entry{Kind: c.kind, Says: c.says}}}); got != c.want {
			t.Errorf("%s %q: %q", c.kind, c.says, got)
		}
	}
}
