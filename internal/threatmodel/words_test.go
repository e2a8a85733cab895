package threatmodel_test

import (
	"slices"
	"testing"

	"github.com/footing-dev/footing/internal/judge/access"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// TestWordsOfThePathTable: what footing.yaml may speak of is what the path table has.
func TestWordsOfThePathTable(t *testing.T) {
	kinds := []string{access.Public, access.AnyPrincipal, access.OIDCNoSubject, access.RootKey, access.UnknownAccount, access.ExposedHost, access.RootNoMFA,
		access.PasswordNoMFA, access.AccessKey, access.OIDCOrg, access.Partner, access.WebHost, access.OIDCRepo, access.PartnerExtID, access.Service,
		access.PasswordMFA, access.SSO, access.OIDCPinned, access.PrivateHost, access.Pod, access.RootMFA, access.ServiceBound}
	if !slices.Equal(kinds, threatmodel.EntryKinds()) {
		t.Errorf("kinds of entry points: %v", threatmodel.EntryKinds())
	}
	facts := []string{access.KeyOver90, access.KeyOver365, access.KeyNoMFA, access.IMDSv1, access.KnownExploited, access.LikelyExploited}
	if !slices.Equal(facts, threatmodel.EntryFacts()) {
		t.Errorf("facts: %v", threatmodel.EntryFacts())
	}
	guards := (access.GuardMFA | access.GuardNetwork | access.GuardOrganization).Names()
	for i, g := range threatmodel.Guards() {
		if guards[i] != g+"-condition" {
			t.Errorf("guard %d is %s here and %s there", i, g, guards[i])
		}
	}
}
