package task

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/act/review"
	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Assess judges a snapshot whole: paths and the risk sheet. cut names path steps to leave out, for a what-if.
func (d *Desk) Assess(s *snapshot.Snapshot, cut ...string) (*assess.Assessment, error) {
	signed, _, err := d.reviews()
	if err != nil {
		return nil, err
	}
	in := assess.Input{Snapshot: s, Model: d.Model, Cut: cut, Now: d.Now(), File: d.file()}
	if last := review.Last(signed, s.Account); last != nil {
		in.Reviewed = last.At
	}
	return assess.Of(in)
}

// Access judges who reaches what, without the sheet.
func (d *Desk) Access(s *snapshot.Snapshot, cut ...string) (*assess.Assessment, error) {
	return assess.Access(assess.Input{Snapshot: s, Model: d.Model, Cut: cut})
}

// Resource finds what a word of the command line means: an ARN, a key, or a name. "" and "account" are the account itself.
func (d *Desk) Resource(a *assess.Assessment, word string) (snapshot.Key, error) {
	if word == "" || word == "account" {
		return a.Access.Account, nil
	}
	if _, ok := a.Snapshot.Get(snapshot.Key(word)); ok {
		return snapshot.Key(word), nil
	}
	if k := snapshot.Key(word); k == a.Access.Account {
		return k, nil
	}
	kind, name, qualified := strings.Cut(word, "/")
	var found []snapshot.Key
	for i := range a.Snapshot.Resources {
		r := &a.Snapshot.Resources[i]
		if stated := d.Model.Of(r); stated != nil && stated.ID == word {
			found = append(found, r.Key)
			continue
		}
		if r.Name == word || qualified && r.Name == name && strings.Contains(strings.ToLower(r.Type), strings.ToLower(kind)) {
			found = append(found, r.Key)
		}
	}
	// A name is most often meant of the thing itself, and not of a role, policy or security group that is called after it.
	if content := slices.DeleteFunc(slices.Clone(found), func(k snapshot.Key) bool {
		r, ok := a.Snapshot.Get(k)
		return !ok || !a.Access.About(r.Type)
	}); len(content) == 1 {
		return content[0], nil
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", fault.Input("find it with "+d.Command("list WORD"), "there is no resource %q in this snapshot", word)
	}
	list := make([]string, 0, len(found))
	for _, k := range found[:min(len(found), 4)] {
		list = append(list, string(k))
	}
	return "", fault.Input("give its ARN", "%q may mean %d resources: %s", word, len(found), strings.Join(list, ", "))
}

// Starting finds the nodes that a word means as a starting point of reach.
func (d *Desk) Starting(a *assess.Assessment, word string) ([]string, error) {
	if nodes := a.Access.Nodes(word); len(nodes) > 0 {
		return nodes, nil
	}
	return nil, fault.Input("give a user, role, host, function, account id, or a kind of entry point such as access-key", "there is no starting point %q in this snapshot", word)
}

// Targets lists the resources that have capabilities: all that some route is about.
func (d *Desk) Targets(a *assess.Assessment) []snapshot.Key {
	var out []snapshot.Key
	for i := range a.Snapshot.Resources {
		if r := &a.Snapshot.Resources[i]; a.Access.About(r.Type) {
			out = append(out, r.Key)
		}
	}
	return out
}
