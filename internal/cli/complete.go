package cli

import (
	"context"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/snapshot"
	"github.com/footing-dev/footing/internal/task"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// completion is a function that proposes words for what is typed so far.
type completion = func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective)

// complete proposes fixed words for a flag. A flag that does not exist is a mistake in this program, which a test finds.
func complete(c *cobra.Command, flag string, words []string) {
	completeFunc(c, flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words, cobra.ShellCompDirectiveNoFileComp
	})
}

func completeFunc(c *cobra.Command, flag string, f completion) {
	if err := c.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err)
	}
}

// peek opens the picture that the flags of a half-typed line ask for. It never makes a store, and whatever goes wrong is silent:
// a shell that completes shows no errors.
func (a *app) peek(c *cobra.Command) *snapshot.Snapshot {
	s := a.setup()
	s.Warn = nil
	if f := c.Flags().Lookup("demo"); f != nil {
		s.Demo = f.Value.String() == "true"
	}
	if f := c.Flags().Lookup("snapshot"); f != nil {
		s.Snapshot = f.Value.String()
	}
	var snap *snapshot.Snapshot
	_ = a.peekDesk(s, func(d *task.Desk) (err error) {
		snap, err = d.Picture(context.Background())
		return err
	})
	return snap
}

func (a *app) peekDesk(s task.Setup, look func(*task.Desk) error) error {
	d, err := task.OpenDesk(s)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }() // what was only read cannot be lost
	if !s.Demo {
		path, err := d.StorePath()
		if err != nil {
			return err
		}
		if _, err := os.Stat(path); err != nil {
			return err
		}
	}
	return look(d)
}

func (a *app) completeSnapshots(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var ids []string
	_ = a.peekDesk(a.setup(), func(d *task.Desk) error {
		db, err := d.Store(context.Background())
		if err != nil {
			return err
		}
		entries, err := db.List(context.Background())
		for _, e := range entries {
			ids = append(ids, e.ID+"\t"+e.Account+" "+e.Name)
		}
		return err
	})
	return ids, cobra.ShellCompDirectiveDefault // a file is a snapshot too
}

// completeResources proposes names of resources, or their ARNs once somebody begins to type one.
func (a *app) completeResources(c *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	return a.names(c, typed, func(*snapshot.Resource) bool { return true }), cobra.ShellCompDirectiveNoFileComp
}

// completePrincipals proposes users, roles and groups in the same way.
func (a *app) completePrincipals(c *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	return a.names(c, typed, func(r *snapshot.Resource) bool {
		return slices.Contains([]string{"AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group"}, r.Type)
	}), cobra.ShellCompDirectiveNoFileComp
}

func (a *app) names(c *cobra.Command, typed string, want func(*snapshot.Resource) bool) []string {
	snap := a.peek(c)
	if snap == nil {
		return nil
	}
	var out []string
	for i := range snap.Resources {
		r := &snap.Resources[i]
		word := r.Name
		if strings.HasPrefix(typed, "arn:") || word == "" {
			word = string(r.Key)
		}
		if want(r) && strings.HasPrefix(strings.ToLower(word), strings.ToLower(typed)) {
			out = append(out, word+"\t"+r.Type)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// completeSelectors proposes fields, then the types, tags and Regions that occur.
func (a *app) completeSelectors(c *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	field, _, ok := strings.Cut(typed, ":")
	if !ok {
		var out []string
		for _, f := range threatmodel.SelectorFields() {
			out = append(out, f+":")
		}
		err := a.withDesk(a.setup(), func(d *task.Desk) error {
			for _, v := range d.Model.Views {
				out = append(out, "@"+v.Name)
			}
			return nil
		})
		if err != nil {
			return out, cobra.ShellCompDirectiveError // a footing.yaml with a mistake: the verb itself will say it
		}
		return out, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
	}
	snap := a.peek(c)
	if snap == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []string
	for i := range snap.Resources {
		r := &snap.Resources[i]
		switch field {
		case "type":
			out = append(out, "type:"+r.Type)
		case "region":
			out = append(out, "region:"+r.Region)
		case "name", "near":
			out = append(out, field+":"+r.Name)
		case "account":
			out = append(out, "account:"+r.Account)
		case "tag":
			for k, v := range r.Tags {
				out = append(out, "tag:"+k, "tag:"+k+"="+v)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), cobra.ShellCompDirectiveNoFileComp
}

// completeRisks proposes the ids of the sheet, with and without the access.
func (a *app) completeRisks(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	snap := a.peek(c)
	if snap == nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	as, err := assess.Of(assess.Input{Snapshot: snap})
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []string
	for _, id := range sheet.IDs(as) {
		out = append(out, id, id+":read", id+":write")
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// completeWho proposes capabilities and services, then the actions of a service, then resources.
func (a *app) completeWho(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return a.completeResources(c, args, typed)
	}
	return completeActions(typed)
}
