package access

import (
	"slices"
	"testing"

	"github.com/footing-dev/footing/iam"
)

// TestEverybodyAtOnce: what the engine says of every route, resource and principal is what they are told when asked one by one. In the
// account of every example, and in variations of it whose caller is allowed patterns of all kinds.
func TestEverybodyAtOnce(t *testing.T) {
	routes, list := allRoutes(t), entries(t)
	patterns := func(arn string) []string {
		half := arn[:len(arn)/2]
		return []string{arn, "*", half + "*", arn + "/*", arn + "*", half + "?" + arn[len(half)+1:], "arn:aws:*", arn[:len(arn)-1] + "?", arn + ":*", arn + "/${aws:username}/*"}
	}
	asked, there := 0, 0
	for i := range list {
		e := &list[i].Example
		for variation := range 4 {
			allow := e.Allow
			if variation > 0 {
				allow = nil
				for j, g := range e.Allow {
					if len(g.Resource) > 8 {
						p := patterns(g.Resource)
						g.Resource = p[(variation*3+i+j)%len(p)]
					}
					allow = append(allow, g)
				}
			}
			table, _ := taken(t, routes, &list[i], e.snapshot(t, allow, e.Deny, nil))
			for j := range routes {
				rt := &routes[j]
				on := table.ofType(rt.On)
				granted := func(n Need) bool { // other routes are asked once: what is never allowed does not vary
					return slices.ContainsFunc(e.Allow, func(g ExampleGrant) bool { return g.Action == n.Action })
				}
				if len(on) == 0 || variation > 0 && !slices.ContainsFunc(rt.Needs, granted) {
					continue
				}
				engine := byEngine(table, rt, on)
				for actor := range table.actors {
					got := engine(actor)
					for col, r := range on {
						want, _ := table.needsAs(rt, r, table.queries[actor])
						x := got.at(col)
						asked++
						if x.outcome != iam.Deny {
							there++
						}
						if x.outcome != want.outcome || x.outcome == iam.Unknown && x.seen != want.seen {
							t.Errorf("example of %s, variation %d: %s takes %s on %s: %+v, one by one %+v", list[i].ID, variation, table.actors[actor], rt.ID, r.Key, x, want)
						}
					}
				}
			}
		}
	}
	t.Logf("%d asked, %d there", asked, there)
	if asked < 10000 || there < 1000 {
		t.Fatalf("only %d asked, %d there", asked, there)
	}
}

// TestOwnPolicyLetsIn: a need of "any secret" is met by a secret whose own policy names the caller, who has no such permission himself.
func TestOwnPolicyLetsIn(t *testing.T) {
	a := newSample(t)
	a.user("alice", permit("rds-data:ExecuteStatement", "*"))
	db := a.thing("AWS::RDS::DBCluster", "arn:aws:rds:eu-west-1:"+ours+":cluster:orders", object{"DBClusterIdentifier": "orders", "Engine": "aurora-postgresql", "EnableHttpEndpoint": true})
	secret := a.thing("AWS::SecretsManager::Secret", "arn:aws:secretsmanager:eu-west-1:"+ours+":secret:orders-a1b2c3", object{"Name": "orders"},
		permit("secretsmanager:GetSecretValue", "*", to("AWS", iamARN("user", "alice"))))
	answers := func() map[string]iam.Outcome {
		out := map[string]iam.Outcome{}
		for _, x := range a.table().Who(db.Key, Read) {
			out[x.Principal] = x.Path.Outcome
		}
		return out
	}
	if got := answers()[iamARN("user", "alice")]; got != iam.Allow {
		t.Errorf("with the secret's own policy alice reads the cluster with outcome %d", got)
	}
	secret.Policy = nil
	if got, ok := answers()[iamARN("user", "alice")]; ok {
		t.Errorf("without it alice still has outcome %d", got)
	}
}
