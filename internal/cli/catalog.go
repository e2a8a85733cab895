package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/catalog"
	"github.com/footing-dev/footing/internal/task/policy"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// catalogueAge is the line of --version about the data on AWS.
func (a *app) catalogueAge() string {
	r, err := catalog.Released()
	if err != nil {
		return "\ncatalogue of AWS: " + err.Error()
	}
	days := int(a.now().Sub(r.Date) / (24 * time.Hour))
	return fmt.Sprintf("\ncatalogue of AWS: %s %s of %s, %d days old", r.Source, r.Version, r.Date.Format(time.DateOnly), max(days, 0))
}

// nearestAction is the action that a mistyped one most probably meant; "" when none is near. A service that does not exist is taken for
// the nearest one that has such an action.
func nearestAction(c *catalog.Catalog, action string) string {
	prefix, name, _ := strings.Cut(action, ":")
	s, ok := c.Service(prefix)
	if !ok {
		var having, all []string
		for _, x := range c.Services() {
			all = append(all, x.Prefix)
			if _, has := c.Action(x.Prefix + ":" + name); has {
				having = append(having, x.Prefix)
			}
		}
		near := threatmodel.Nearest(prefix, having)
		if near == "" {
			near = threatmodel.Nearest(prefix, all)
		}
		if s, ok = c.Service(near); !ok {
			return ""
		}
	}
	if a, ok := c.Action(s.Prefix + ":" + name); ok {
		return a.String()
	}
	names := make([]string, 0, len(s.Actions))
	for _, a := range s.Actions {
		names = append(names, a.Name)
	}
	near := threatmodel.Nearest(name, names)
	if near == "" {
		return ""
	}
	return s.Prefix + ":" + near
}

// notInTheData says of an action that the catalogue does not know that it does not, and which one was probably meant. It is "" for one
// that it knows.
func notInTheData(c *catalog.Catalog, action string, suggest bool) string {
	if _, ok := c.Action(action); ok {
		return ""
	}
	says := "the action " + action + " is not in the data; it is asked as it is written"
	if !suggest {
		return says
	}
	if near := nearestAction(c, action); near != "" {
		says += "; did you mean " + near + "?"
	}
	return says
}

// maxSuggestions bounds the time that a stream may spend on the search for what was meant.
const maxSuggestions = 64

// unknownActions is what policy eval warns of.
func unknownActions() policy.Notice {
	c, err := catalog.Load()
	if err != nil {
		return nil // they are asked all the same
	}
	unknown := 0
	return func(action string) string {
		says := notInTheData(c, action, unknown < maxSuggestions)
		if says != "" {
			unknown++
		}
		return says
	}
}

// completeActions proposes capabilities and services, and behind a colon the actions of the service. What stands before a comma stays.
func completeActions(typed string) ([]string, cobra.ShellCompDirective) {
	done, last := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		done, last = typed[:i+1], typed[i+1:]
	}
	c, err := catalog.Load()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []string
	propose := func(word string) {
		if len(word) >= len(last) && strings.EqualFold(word[:len(last)], last) {
			out = append(out, done+word)
		}
	}
	if prefix, _, ok := strings.Cut(last, ":"); ok {
		if s, found := c.Service(prefix); found {
			for _, x := range s.Actions {
				propose(x.String())
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
	if done == "" {
		for _, word := range []string{"read", "write", "admin"} {
			propose(word)
		}
	}
	for _, s := range c.Services() {
		propose(s.Prefix + ":")
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
