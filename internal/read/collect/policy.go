package collect

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/read/collect/service"
)

type statement struct {
	Sid      string
	Effect   string
	Action   []string
	Resource string
}

// Policy is the least that a scan needs, generated from what the collectors declare: one statement for each IAM service prefix,
// everything in order. Its resource is "*" because a scan reads whatever is there.
func Policy() ([]byte, error) {
	actions := map[string]map[string]bool{}
	for _, s := range service.All() {
		for _, c := range s.Calls {
			for _, a := range c.Actions {
				prefix, _, _ := strings.Cut(a, ":")
				if actions[prefix] == nil {
					actions[prefix] = map[string]bool{}
				}
				actions[prefix][a] = true
			}
		}
	}
	doc := struct {
		Version   string
		Statement []statement
	}{Version: "2012-10-17"}
	for _, prefix := range slices.Sorted(maps.Keys(actions)) {
		doc.Statement = append(doc.Statement, statement{
			Sid:    "FootingReads" + strings.ToUpper(prefix[:1]) + strings.ReplaceAll(prefix[1:], "-", ""),
			Effect: "Allow", Action: slices.Sorted(maps.Keys(actions[prefix])), Resource: "*",
		})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(doc); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
