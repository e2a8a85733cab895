package access

import (
	"testing"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// TestWhoIsNeverAskedIsDenied: what is pruned would be denied. In the account of every example, and in variations of it whose
// caller is allowed patterns of all kinds, every route is asked of everybody and every resource without pruning.
func TestWhoIsNeverAskedIsDenied(t *testing.T) {
	routes, list := allRoutes(t), entries(t)
	patterns := func(arn string) []string {
		half := arn[:len(arn)/2]
		return []string{arn, "*", half + "*", arn + "/*", arn + "*", half + "?" + arn[len(half)+1:], "arn:aws:*", arn[:len(arn)-1] + "?", arn + ":*", arn + "/${aws:username}/*"}
	}
	cells := 0
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
			g := table.newGrants()
			for j := range routes {
				for k := range table.snap.Resources {
					r := &table.snap.Resources[k]
					if routes[j].On != r.Type || table.holds(&routes[j], r) == snapshot.Absent {
						continue
					}
					for _, p := range g.principal {
						if table.worthAsking(g, &routes[j], r, p) {
							continue
						}
						cells++
						if v, _ := table.needs(&routes[j], r, p); v.outcome != iam.Deny {
							t.Errorf("example of %s, variation %d: %s is never asked for %s on %s, and would be outcome %d", routes[i].ID, variation, p, routes[j].ID, r.Key, v.outcome)
						}
					}
				}
			}
		}
	}
	if cells < 1000 {
		t.Fatalf("only %d cells were pruned", cells)
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
