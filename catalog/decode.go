package catalog

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed aws.txt.gz
var packed []byte

var load = sync.OnceValues(read)

func read() (*Catalog, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("the embedded catalogue: %w", err)
	}
	var text strings.Builder
	if n := len(packed); n > 4 { // a gzip file ends with the length of its content
		text.Grow(int(binary.LittleEndian.Uint32(packed[n-4:])))
	}
	if _, err := io.Copy(&text, z); err != nil {
		return nil, fmt.Errorf("the embedded catalogue: %w", err)
	}
	return Decode(text.String())
}

// Load decodes the embedded data on the first call (some 10 ms) and returns the same catalogue ever after. It fails only when the
// program itself is broken.
func Load() (*Catalog, error) { return load() }

// Released says which data are embedded. It reads their first line only.
func Released() (Release, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return Release{}, fmt.Errorf("the embedded catalogue: %w", err)
	}
	line, err := bufio.NewReaderSize(z, 256).ReadString('\n')
	if err != nil {
		return Release{}, fmt.Errorf("the embedded catalogue: %w", err)
	}
	return header(strings.TrimSuffix(line, "\n"))
}

// Form is the first word of a catalogue's text.
const Form = "footing-catalog-2"

func header(line string) (Release, error) {
	f := strings.Split(line, "\t")
	if len(f) != 4 || f[0] != Form {
		return Release{}, fmt.Errorf("line 1: a catalogue begins with %s, its source, version and date", Form)
	}
	day, err := time.Parse(time.DateOnly, f[3])
	if err != nil {
		return Release{}, fmt.Errorf("line 1: %q is no date", f[3])
	}
	return Release{f[1], f[2], day}, nil
}

// Decode reads a catalogue's text, as the generator writes it. Each line is a letter and fields, with tabs between them; docs/catalog.md
// shows them. What is numbered is numbered within its service, from 0.
//
//	g KEY TYPE                          a global condition key
//	r PREFIX…                           the services whose actions resource control policies apply to
//	s PREFIX NAME                       a service; what follows is about it
//	k KEY TYPE                          a condition key
//	c NUMBER…                           a set of condition keys
//	t NAME ARN SET                      a resource type; SET may be empty
//	a NAME LEVEL SET TARGETS DEPENDENT  an action; a target is the number of a type, ! when required, :SET when it has keys
func Decode(text string) (*Catalog, error) {
	line, rest, _ := strings.Cut(text, "\n")
	release, err := header(line)
	if err != nil {
		return nil, err
	}
	d := decoder{c: &Catalog{release: release}, rest: rest}
	d.c.services = make([]Service, 0, strings.Count(rest, "\ns\t")+1)
	for n := 2; d.rest != ""; n++ {
		line, d.rest, _ = strings.Cut(d.rest, "\n")
		if err := d.line(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return d.c, nil
}

type decoder struct {
	c       *Catalog
	rest    string
	s       *Service
	sets    [][]string
	targets map[string][]Target // by their text: most actions of a service share theirs
}

func (d *decoder) line(line string) error {
	if len(line) < 2 || line[1] != '\t' {
		return fmt.Errorf("%.40q does not begin with a letter and a tab", line)
	}
	kind, line := line[0], line[2:]
	if d.s == nil && kind != 'g' && kind != 'r' && kind != 's' {
		return fmt.Errorf("%q stands before the first service", kind)
	}
	switch kind {
	case 'g', 'k':
		name, typ, ok := strings.Cut(line, "\t")
		if !ok || name == "" {
			return errors.New("a condition key has a name and a type")
		}
		if kind == 'g' {
			d.c.global = append(d.c.global, ConditionKey{name, typ})
		} else {
			d.s.ConditionKeys = append(d.s.ConditionKeys, ConditionKey{name, typ})
		}
		return nil
	case 'r':
		if d.c.rcp != nil {
			return errors.New("a second list of services under resource control policies")
		}
		d.c.rcp = strings.Split(line, " ")
		return nil
	case 's':
		return d.service(line)
	case 'c':
		return d.set(line)
	case 't':
		return d.resourceType(line)
	case 'a':
		return d.action(line)
	}
	return fmt.Errorf("%q begins no line", kind)
}

func (d *decoder) service(line string) error {
	prefix, name, ok := strings.Cut(line, "\t")
	if prefix == "" || strings.Contains(prefix, ":") {
		return fmt.Errorf("%q is no service prefix", prefix)
	}
	if n := len(d.c.services); !ok || n > 0 && CompareFold(d.c.services[n-1].Prefix, prefix) >= 0 {
		return fmt.Errorf("the service %q is out of order", prefix)
	}
	d.c.services = append(d.c.services, Service{Prefix: prefix, Name: name})
	d.s = &d.c.services[len(d.c.services)-1]
	block := d.rest
	if i := strings.Index(block, "\ns\t"); i >= 0 {
		block = block[:i]
	}
	count := func(kind string) int { return strings.Count(block, "\n"+kind+"\t") + 1 }
	d.s.ConditionKeys = make([]ConditionKey, 0, count("k"))
	d.s.ResourceTypes = make([]ResourceType, 0, count("t"))
	d.s.Actions = make([]Action, 0, count("a"))
	d.sets = d.sets[:0]
	d.targets = map[string][]Target{}
	return nil
}

func (d *decoder) set(line string) error {
	keys := make([]string, 0, strings.Count(line, " ")+1)
	for word := range strings.SplitSeq(line, " ") {
		i, err := number(word, len(d.s.ConditionKeys))
		if err != nil {
			return err
		}
		keys = append(keys, d.s.ConditionKeys[i].Name)
	}
	d.sets = append(d.sets, keys)
	return nil
}

func (d *decoder) resourceType(line string) error {
	name, line, _ := strings.Cut(line, "\t")
	arn, set, ok := strings.Cut(line, "\t")
	if !ok || name == "" {
		return errors.New("a resource type has a name, an ARN and a set of keys")
	}
	keys, err := d.keys(set)
	if err != nil {
		return err
	}
	d.s.ResourceTypes = append(d.s.ResourceTypes, ResourceType{d.s.Prefix, name, arn, keys})
	return nil
}

func (d *decoder) action(line string) error {
	var f [5]string
	for i := range f[:4] {
		var more bool
		if f[i], line, more = strings.Cut(line, "\t"); !more {
			return errors.New("an action has five fields")
		}
	}
	f[4] = line
	a := Action{Service: d.s.Prefix, Name: f[0], Level: level(f[1])}
	if a.Level == LevelUnknown {
		return fmt.Errorf("%q is no access level", f[1])
	}
	if a.Name == "" {
		return errors.New("an action has a name")
	}
	if n := len(d.s.Actions); n > 0 && CompareFold(d.s.Actions[n-1].Name, a.Name) >= 0 {
		return fmt.Errorf("the action %q is out of order", a.Name)
	}
	var err error
	if a.ConditionKeys, err = d.keys(f[2]); err != nil {
		return err
	}
	if a.Targets, err = d.targetsOf(f[3]); err != nil {
		return err
	}
	if f[4] != "" {
		a.DependentActions = strings.Split(f[4], " ")
	}
	d.s.Actions = append(d.s.Actions, a)
	return nil
}

func (d *decoder) targetsOf(text string) ([]Target, error) {
	if text == "" {
		return nil, nil
	}
	if known, ok := d.targets[text]; ok {
		return known, nil
	}
	out := make([]Target, 0, strings.Count(text, " ")+1)
	for word := range strings.SplitSeq(text, " ") {
		word, set, _ := strings.Cut(word, ":")
		word, required := strings.CutSuffix(word, "!")
		i, err := number(word, len(d.s.ResourceTypes))
		if err != nil {
			return nil, err
		}
		keys, err := d.keys(set)
		if err != nil {
			return nil, err
		}
		out = append(out, Target{d.s.ResourceTypes[i].Name, required, keys})
	}
	d.targets[text] = out
	return out, nil
}

func (d *decoder) keys(set string) ([]string, error) {
	if set == "" {
		return nil, nil
	}
	i, err := number(set, len(d.sets))
	if err != nil {
		return nil, err
	}
	return d.sets[i], nil
}

func number(s string, below int) (int, error) {
	i, err := strconv.Atoi(s)
	if err != nil || i < 0 || i >= below {
		return 0, fmt.Errorf("%q is no number below %d", s, below)
	}
	return i, nil
}

func level(letter string) Level {
	for l := LevelList; l <= LevelTagging; l++ {
		if letter == l.String()[:1] {
			return l
		}
	}
	return LevelUnknown
}
