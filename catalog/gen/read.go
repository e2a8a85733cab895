package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/footing-dev/footing/catalog"
)

// book is a release of the data on its way from the package to the text.
type book struct {
	source, version, date string
	global                []catalog.ConditionKey
	rcp                   []string
	services              []catalog.Service
}

// The files of the package, as far as they are used.
type (
	sourceAction struct {
		Name             string         `json:"name"`
		AccessLevel      string         `json:"accessLevel"`
		ResourceTypes    []sourceTarget `json:"resourceTypes"`
		ConditionKeys    []string       `json:"conditionKeys"`
		DependentActions []string       `json:"dependentActions"`
	}
	sourceTarget struct {
		Name             string   `json:"name"`
		Required         bool     `json:"required"`
		ConditionKeys    []string `json:"conditionKeys"`
		DependentActions []string `json:"dependentActions"`
	}
	sourceType struct {
		Key           string   `json:"key"`
		ARN           string   `json:"arn"`
		ConditionKeys []string `json:"conditionKeys"`
	}
	sourceKey struct {
		Key  string `json:"key"`
		Type string `json:"type"`
	}
)

func read(pkg fs.FS) (*book, error) {
	var about struct{ Name, Version, UpdatedAt string }
	if err := readJSON(pkg, "package.json", &about); err != nil {
		return nil, err
	}
	date, _, ok := strings.Cut(about.UpdatedAt, "T")
	if !ok {
		return nil, fmt.Errorf("package.json: updatedAt is %q", about.UpdatedAt)
	}
	b := &book{source: about.Name, version: about.Version, date: date}
	script, err := fs.ReadFile(pkg, "dist/cjs/globalConditionKeys.js")
	if err != nil {
		return nil, err
	}
	if b.global = globalKeys(string(script)); len(b.global) < 30 {
		return nil, fmt.Errorf("dist/cjs/globalConditionKeys.js: only %d keys are recognised; has its form changed?", len(b.global))
	}
	if err := readJSON(pkg, "data/rcpSupportedServices.json", &b.rcp); err != nil {
		return nil, err
	}
	names := map[string]string{}
	if err := readJSON(pkg, "data/serviceNames.json", &names); err != nil {
		return nil, err
	}
	for prefix, name := range names {
		s, err := readService(pkg, prefix, name)
		if err != nil {
			return nil, fmt.Errorf("service %s: %w", prefix, err)
		}
		b.services = append(b.services, s)
	}
	return b, nil
}

func readService(pkg fs.FS, prefix, name string) (catalog.Service, error) {
	s := catalog.Service{Prefix: prefix, Name: name}
	actions, types, keys := map[string]sourceAction{}, map[string]sourceType{}, map[string]sourceKey{}
	for _, f := range []struct {
		folder string
		into   any
	}{{"actions", &actions}, {"resourceTypes", &types}, {"conditionKeys", &keys}} {
		if err := readJSON(pkg, path.Join("data", f.folder, prefix+".json"), f.into); err != nil {
			return s, err
		}
	}
	for _, k := range keys {
		s.ConditionKeys = append(s.ConditionKeys, catalog.ConditionKey{Name: k.Key, Type: k.Type})
	}
	for _, t := range types {
		s.ResourceTypes = append(s.ResourceTypes, catalog.ResourceType{Service: prefix, Name: t.Key, ARN: t.ARN, ConditionKeys: t.ConditionKeys})
	}
	for _, a := range actions {
		level, ok := levels[a.AccessLevel]
		if !ok {
			return s, fmt.Errorf("%s has the access level %q", a.Name, a.AccessLevel)
		}
		out := catalog.Action{Service: prefix, Name: a.Name, Level: level, ConditionKeys: a.ConditionKeys, DependentActions: a.DependentActions}
		for _, t := range a.ResourceTypes {
			if len(t.DependentActions) > 0 {
				return s, fmt.Errorf("%s has dependent actions of a resource type, which the text has no place for", a.Name)
			}
			out.Targets = append(out.Targets, catalog.Target{Type: t.Name, Required: t.Required, ConditionKeys: t.ConditionKeys})
		}
		s.Actions = append(s.Actions, out)
	}
	return s, nil
}

// levels are the words of the source. What manages permissions or tags is a write as well, which goes without saying.
var levels = map[string]catalog.Level{
	"List":                          catalog.LevelList,
	"Read":                          catalog.LevelRead,
	"Write":                         catalog.LevelWrite,
	"Tagging, Write":                catalog.LevelTagging,
	"Permissions management, Write": catalog.LevelPermissions,
}

var globalKey = regexp.MustCompile(`key: '([^']+)',\s*category: '[^']*',\s*type: '([^']+)'`)

// globalKeys reads the list of global condition keys, which the package has as code. A key that ends with a name of one's own is
// spelt like those of the services.
func globalKeys(script string) []catalog.ConditionKey {
	var out []catalog.ConditionKey
	for _, m := range globalKey.FindAllStringSubmatch(script, -1) {
		out = append(out, catalog.ConditionKey{Name: strings.Replace(m[1], "/tag-key", "/${TagKey}", 1), Type: m[2]})
	}
	return out
}

func readJSON(pkg fs.FS, name string, into any) error {
	src, err := fs.ReadFile(pkg, name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(src, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
