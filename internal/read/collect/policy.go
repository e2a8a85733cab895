package collect

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
)

type statement struct {
	Sid      string
	Effect   string
	Action   []string
	Resource string
}

// Policy is the least that a scan needs, generated from what the collectors declare: one statement for each IAM service prefix,
// everything in order. Its resource is "*" because a scan reads whatever is there. What is extra is granted only when it is asked for: calls that
// cost money, and the objects of one place.
func Policy(extra read.Extra) (*read.Policy, error) {
	actions := map[string]map[string]bool{}
	services := service.All()
	if extra.Cost {
		services = append(services, service.CostExplorer())
	}
	for _, s := range services {
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
	var all []statement
	for _, prefix := range slices.Sorted(maps.Keys(actions)) {
		all = append(all, statement{
			Sid:    "FootingReads" + strings.ToUpper(prefix[:1]) + strings.ReplaceAll(prefix[1:], "-", ""),
			Effect: "Allow", Action: slices.Sorted(maps.Keys(actions[prefix])), Resource: "*",
		})
	}
	if extra.Bill != "" {
		more, err := billStatements(extra.Bill)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	whole, err := document(all)
	if err != nil {
		return nil, err
	}
	p := &read.Policy{Whole: whole}
	for from := 0; from < len(all); {
		to, part := from, []byte(nil)
		for to < len(all) {
			longer, err := document(all[from : to+1])
			if err != nil {
				return nil, err
			}
			if part != nil && characters(longer) > mostCharacters {
				break
			}
			part, to = longer, to+1
		}
		p.Parts = append(p.Parts, part)
		from = to
	}
	return p, nil
}

// mostCharacters is what a managed policy takes. White space does not count.
// "IAM and AWS STS quotas", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const mostCharacters = 6144

func characters(doc []byte) int {
	n := 0
	for _, r := range string(doc) {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

func document(statements []statement) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(struct {
		Version   string
		Statement []statement
	}{"2012-10-17", statements})
	return b.Bytes(), err
}
