package iam_test

import (
	"sync"
	"testing"

	"github.com/footing-dev/footing/iam"
)

// One parsed policy serves all principals, also at the same time: what is filled in for one must not stay for the next.
func TestOnePolicyForManyPrincipals(t *testing.T) {
	p, err := iam.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::data/${aws:PrincipalTag/team}/*","Condition":{"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	layers := &iam.Layers{Identity: []*iam.Policy{p}}
	ask := func(mine, folder string) iam.Outcome {
		return iam.Evaluate(&iam.Request{
			Principal: "arn:aws:iam::111122223333:user/" + mine, Action: "s3:GetObject", Resource: "arn:aws:s3:::data/" + folder + "/f",
			Context: map[string][]string{"aws:PrincipalTag/team": {mine}}, ResourceTags: map[string]string{"team": folder},
		}, layers).Outcome
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for _, c := range []struct {
				mine, folder string
				want         iam.Outcome
			}{{"red", "red", iam.Allow}, {"blue", "red", iam.Deny}, {"blue", "blue", iam.Allow}, {"red", "blue", iam.Deny}} {
				if got := ask(c.mine, c.folder); got != c.want {
					t.Errorf("%s in %s: outcome %d, want %d", c.mine, c.folder, got, c.want)
				}
			}
		})
	}
	group.Wait()
}
