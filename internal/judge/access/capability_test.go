package access

import (
	"testing"

	"github.com/footing-dev/footing/catalog"
)

// TestRoutesAgreeWithTheCatalogue: some permission of a plain use gives what the use gives, also by the catalogue. Whoever acts as
// somebody else gets what that one has.
func TestRoutesAgreeWithTheCatalogue(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	routes, err := Routes()
	if err != nil {
		t.Fatal(err)
	}
	gives := map[string]catalog.Capability{"READ": catalog.Read, "WRITE": catalog.Write, "ADMIN": catalog.Admin}
	for _, r := range routes {
		for _, n := range r.Needs {
			if is, _ := c.Capability(n.Action); is == 0 {
				t.Errorf("%s needs %s, which the catalogue does not know", r.ID, n.Action)
			}
		}
		if want, ok := gives[r.Gives]; ok && r.Direct && len(r.Needs) > 0 {
			agrees, says := false, ""
			for _, n := range r.Needs {
				is, why := c.Capability(n.Action)
				agrees = agrees || is.Has(want) || is.Has(catalog.Admin) || is.Has(catalog.ActsAs)
				says += " " + n.Action + " gives " + is.String() + " (" + why + ")"
			}
			if !agrees {
				t.Errorf("%s gives %s; by the catalogue%s", r.ID, r.Gives, says)
			}
		}
	}
}
