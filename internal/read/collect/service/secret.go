package service

import (
	"maps"
	"slices"

	"github.com/footing-dev/footing/internal/read/collect/secret"
)

// environment keeps the names of variables, and of those whose value looks like a secret a digest that tells whether it changed.
// No value is kept.
func environment(p object, variables map[string]string) {
	names := slices.Sorted(maps.Keys(variables))
	many(p, "EnvironmentNames", each(names, same))
	var looking []any
	for _, name := range names {
		if secret.Looking(name, variables[name]) {
			looking = append(looking, object{"Name": name, "Digest": secret.Digest(variables[name])})
		}
	}
	many(p, "SecretLooking", looking)
}
