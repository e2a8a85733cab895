package access

import (
	"testing"

	"github.com/footing-dev/footing/catalog"
)

// TestRoutesAgreeWithTheCatalogue: the first permission of a plain use gives what the use gives, also by the catalogue.
func TestRoutesAgreeWithTheCatalogue(t *testing.T) {
	exceptions := map[string]string{
		"ebs-read-blocks":         "the first need lists the blocks, the second reads them",
		"ebs-read-changed-blocks": "the first need lists the blocks, the second reads them",
	}
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
			is, why := c.Capability(r.Needs[0].Action)
			agrees := is.Has(want) || is.Has(catalog.Admin)
			if _, excepted := exceptions[r.ID]; excepted == agrees {
				t.Errorf("%s gives %s; by the catalogue %s gives %s (%s)", r.ID, r.Gives, r.Needs[0].Action, is, why)
			}
		}
	}
}
