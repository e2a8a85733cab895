package decide

import (
	"slices"
	"testing"

	"github.com/footing-dev/footing/catalog"
	"github.com/footing-dev/footing/iam"
)

// TestServicesUnderRCP: package iam, which knows no catalogue, lets resource control policies bind the same services as the data on AWS.
func TestServicesUnderRCP(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	under := c.ServicesUnderRCP()
	if len(under) < 50 || !slices.Contains(under, "s3") {
		t.Fatalf("the data list %d services: %v", len(under), under)
	}
	all := slices.Clone(under)
	for _, s := range c.Services() {
		all = append(all, s.Prefix)
	}
	allow, err := iam.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	deny, err := iam.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	layers := &iam.Layers{Identity: []*iam.Policy{allow}, RCP: [][]*iam.Policy{{deny}}}
	for _, service := range all {
		request := &iam.Request{
			Principal: "arn:aws:iam::111122223333:user/alice", Action: service + ":Anything", Resource: "*",
			ResourceAccount: "111122223333", Closed: true,
		}
		binds := iam.Evaluate(request, layers).Outcome == iam.Deny
		if binds != slices.Contains(under, service) {
			t.Errorf("%s: bound by RCPs %v, in the data %v", service, binds, !binds)
		}
	}
}
