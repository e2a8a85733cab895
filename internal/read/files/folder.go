package files

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Files of a folder.
const (
	detailsFile   = "gaad.json"
	resourcesFile = "resources.json"
	accountFile   = "account.json"
	reportFile    = "credential-report.csv"
	scpFile       = "scp.json"
	gapsFile      = "gaps.json"
	observedFile  = "observations.json"
)

// folder is what stands in a folder, before it is put together.
type folder struct {
	fs   fs.FS
	path string // what messages call it
	s    snapshot.Snapshot
	at   map[snapshot.Key]int // index of s.Resources
	told map[string]bool      // types of which the folder says something
	full bool                 // of the others it says that there are none
}

// about is account.json. All keys are optional.
type about struct {
	Account string    // must be the account of the authorization details
	Name    string    // what people call the account
	Taken   time.Time // when it was read, RFC 3339; without it the time at which gaad.json was changed last

	Regions  []string // enabled ones, beside those that something is in
	Complete bool     // a type that does not occur is not in the account, but for what gaps.json says
}

func readFolder(fsys fs.FS, path string) (*snapshot.Snapshot, error) {
	if err := lacks(fsys, path); err != nil {
		return nil, err
	}
	f := &folder{fs: fsys, path: path, at: map[snapshot.Key]int{}, told: map[string]bool{}}
	for _, step := range []func() error{f.details, f.resources, f.report, f.organization, f.account, f.gaps, f.observed} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	for i := range f.s.Resources {
		if r := &f.s.Resources[i]; r.Region != "" && !slices.Contains(f.s.Regions, r.Region) {
			f.s.Regions = append(f.s.Regions, r.Region)
		}
	}
	return &f.s, nil
}

// lacks says which of the two files without which a folder is none is missing.
func lacks(fsys fs.FS, path string) error {
	var missing []string
	for _, name := range []string{detailsFile, resourcesFile} {
		if _, err := fs.Stat(fsys, name); errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return fault.Input(fromHint, "the folder %s has no %s", path, strings.Join(missing, " and no "))
}

// read reads one file of the folder; false when it is not there.
func (f *folder) read(name string, plain bool) (doc []byte, changed time.Time, ok bool, err error) {
	path := filepath.Join(f.path, name)
	file, err := f.fs.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, time.Time{}, false, nil
	}
	if err != nil {
		return nil, time.Time{}, false, unreadable(path, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, time.Time{}, false, unreadable(path, err)
	}
	if info.IsDir() {
		return nil, time.Time{}, false, bad(path, errors.New("is a folder, not a file"))
	}
	if plain {
		doc, err = readAll(path, file, info.Size())
	} else {
		doc, err = readJSON(path, bufio.NewReader(file), info.Size())
	}
	return doc, info.ModTime(), err == nil, err
}

func (f *folder) bad(name string, err error) error { return bad(filepath.Join(f.path, name), err) }

// add takes resources in. One that a file before told already is an error: no merge would be right for both.
func (f *folder) add(name string, resources []snapshot.Resource) error {
	f.s.Resources = slices.Grow(f.s.Resources, len(resources))
	for i := range resources {
		r := &resources[i]
		if i, twice := f.at[r.Key]; twice {
			return f.bad(name, fmt.Errorf("has %s, which another file of the folder has too (as %s)", r.Key, f.s.Resources[i].Type))
		}
		f.at[r.Key] = len(f.s.Resources)
		f.s.Resources = append(f.s.Resources, *r)
		f.told[r.Type] = true
	}
	return nil
}

func (f *folder) details() error {
	doc, changed, _, err := f.read(detailsFile, false)
	if err != nil {
		return err
	}
	d, err := shape.AuthorizationDetails(doc)
	if err != nil {
		return f.bad(detailsFile, err)
	}
	f.s.Account, f.s.Partition, f.s.Taken = d.Account, d.Partition, moment(changed)
	if err := f.aboutAccount(); err != nil {
		return err
	}
	f.s.Observations = append(f.s.Observations, d.Used...)
	f.s.Coverage = detailsCoverage(d, detailsFile)
	for i := range d.Resources {
		// A folder is complete by contract: a tag or property that the details do not tell is not set.
		r := &d.Resources[i]
		r.Unknown = slices.DeleteFunc(r.Unknown, func(u string) bool { return u == "Tags" || u == "MaxSessionDuration" })
	}
	for _, t := range append(d.Types, d.Missing()...) {
		f.told[t] = true
	}
	return f.add(detailsFile, d.Resources)
}

// aboutAccount reads account.json.
func (f *folder) aboutAccount() error {
	doc, _, ok, err := f.read(accountFile, false)
	if err != nil {
		return err
	}
	var a about
	if ok {
		if err := shape.Decode(doc, &a); err != nil {
			return f.bad(accountFile, err)
		}
	}
	switch {
	case a.Account != "" && !shape.IsAccountID(a.Account):
		return f.bad(accountFile, fmt.Errorf("has the account %.40q, which does not have twelve digits", a.Account))
	case a.Account != "" && f.s.Account != "" && a.Account != f.s.Account:
		return f.bad(accountFile, fmt.Errorf("is about account %s, but %s about %s", a.Account, detailsFile, f.s.Account))
	case a.Account == "" && f.s.Account == "":
		return f.bad(detailsFile, fmt.Errorf("does not tell its account: no user, group, role or policy in it has an ARN, and there is no %s that tells it", accountFile))
	case f.s.Account == "":
		f.s.Account = a.Account
	}
	if f.s.Partition == "" {
		f.s.Partition = "aws"
	}
	if !a.Taken.IsZero() {
		f.s.Taken = a.Taken.UTC()
	}
	f.s.Name, f.s.Regions, f.full = a.Name, a.Regions, a.Complete
	return nil
}

func (f *folder) resources() error {
	doc, _, _, err := f.read(resourcesFile, false)
	if err != nil {
		return err
	}
	list, err := resources(doc, f.s.Account)
	if err != nil {
		return f.bad(resourcesFile, err)
	}
	byService, seen := map[string][]string{}, map[string]bool{}
	for i := range list {
		if typ := list[i].Type; !seen[typ] {
			seen[typ] = true
			byService[serviceOf(typ)] = append(byService[serviceOf(typ)], typ)
		}
	}
	for service, types := range byService {
		slices.Sort(types)
		f.s.Coverage = append(f.s.Coverage, snapshot.Coverage{
			Service: service, Call: "folder:" + resourcesFile, Types: types, Outcome: snapshot.OK,
		})
	}
	return f.add(resourcesFile, list)
}

func (f *folder) report() error {
	doc, _, ok, err := f.read(reportFile, true)
	if err != nil || !ok {
		return err
	}
	report, err := shape.CredentialReport(doc, f.s.Account)
	if err != nil {
		return f.bad(reportFile, err)
	}
	r := report.Resource
	f.s.Observations = append(f.s.Observations, report.Used...)
	f.s.Coverage = append(f.s.Coverage, snapshot.Coverage{
		Service: "iam", Call: "folder:" + reportFile, Types: []string{r.Type}, Outcome: snapshot.OK,
	})
	return f.add(reportFile, []snapshot.Resource{r})
}

// organization reads scp.json. A folder without it says that there are no SCPs and RCPs.
func (f *folder) organization() error {
	const typ = "AWS::Organizations::Policy"
	f.told[typ] = true
	f.s.Coverage = append(f.s.Coverage, snapshot.Coverage{
		Service: "organizations", Call: "folder:" + scpFile, Types: []string{typ}, Outcome: snapshot.OK,
	})
	doc, _, ok, err := f.read(scpFile, false)
	if err != nil || !ok {
		return err
	}
	list, err := organization(doc, f.s.Account)
	if err != nil {
		return f.bad(scpFile, err)
	}
	return f.add(scpFile, list)
}

// account adds the account itself, unless resources.json tells more of it.
func (f *folder) account() error {
	for i := range f.s.Resources {
		if r := &f.s.Resources[i]; r.Type == "AWS::Account" && r.Account == f.s.Account {
			if f.s.Name == "" {
				f.s.Name = r.Text("Alias")
			}
			return nil
		}
	}
	told := f.told["AWS::Account"]
	err := f.add(resourcesFile, []snapshot.Resource{account(f.s.Partition, f.s.Account, f.s.Name)})
	f.told["AWS::Account"] = told
	return err
}

// observed reads observations.json: what others found, as a list of snapshot.Observation.
func (f *folder) observed() error {
	doc, _, ok, err := f.read(observedFile, false)
	if err != nil || !ok {
		return err
	}
	var list []struct {
		Source, Kind, About, Says, Link string
		Severity                        float64
		At                              time.Time
	}
	if err := shape.Decode(doc, &list); err != nil {
		return f.bad(observedFile, err)
	}
	for i, o := range list {
		if o.Source == "" || o.Kind == "" || o.About == "" {
			return f.bad(observedFile, fmt.Errorf("has a wrong entry %d (from 0): it needs source, kind and about", i))
		}
		if o.Severity < 0 || o.Severity > 10 {
			return f.bad(observedFile, fmt.Errorf("has a wrong entry %d (from 0): its severity %v is none from 0 to 10", i, o.Severity))
		}
		f.s.Observations = append(f.s.Observations, snapshot.Observation{Source: o.Source, Kind: o.Kind, About: snapshot.Key(o.About), Severity: o.Severity,
			At: o.At.UTC(), Says: o.Says, Link: o.Link})
	}
	return nil
}

// gaps reads gaps.json, and adds a gap for every type of which neither it nor another file says anything.
func (f *folder) gaps() error {
	doc, _, ok, err := f.read(gapsFile, false)
	if err != nil {
		return err
	}
	if ok {
		list, err := gaps(doc)
		if err != nil {
			return f.bad(gapsFile, err)
		}
		for _, g := range list {
			g.apply(&f.s, f.at)
			if g.Region != "" {
				continue
			}
			for _, t := range listedBy(g.Call) {
				f.told[t] = true
			}
		}
	}
	outcome, reason := snapshot.NotAsked, "the folder has none of its resources"
	if f.full {
		outcome, reason = snapshot.OK, ""
	}
	f.s.Coverage = append(f.s.Coverage, missing(f.told, outcome, reason)...)
	return nil
}
