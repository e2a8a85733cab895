package files

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

// entry is one element of resources.json. More keys may stand in it.
type entry struct {
	Type, Arn, Account, Region, Name string

	tags       map[string]string
	tagsUnread bool            // they are null
	policy     json.RawMessage // canonical
	properties map[string]any  // with policy documents as a snapshot keeps them
}

var wellFormed = regexp.MustCompile(`^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$`)

// list is resources.json as far as it was read.
type list struct {
	account string // of resources that do not say
	out     []snapshot.Resource
	at      map[snapshot.Key]int
	types   map[string]bool // that are well-formed
}

// resources reads resources.json. Account is the one that resources belong to which do not say. The error is half a sentence
// without a subject.
func resources(doc []byte, account string) ([]snapshot.Resource, error) {
	if out, err := quickResources(doc, account); err == nil {
		return out, nil
	}
	return carefulResources(doc, account)
}

func newList(account string, size int) *list {
	return &list{
		account: account, out: make([]snapshot.Resource, 0, size), at: make(map[snapshot.Key]int, size),
		types: map[string]bool{"AWS::Account": true},
	}
}

// add takes the next entry in.
func (l *list) add(e *entry) error {
	if err := l.check(e); err != nil {
		return err
	}
	r, err := e.resource(l.account)
	if err != nil {
		return err
	}
	if first, twice := l.at[r.Key]; twice {
		return &repeated{r.Key, first, len(l.out)}
	}
	l.at[r.Key] = len(l.out)
	l.out = append(l.out, r)
	return nil
}

// repeated is a resource that comes twice.
type repeated struct {
	key           snapshot.Key
	first, second int
}

func (e *repeated) Error() string {
	return fmt.Sprintf("has %s twice: in the entries %d and %d (from 0)", e.key, e.first, e.second)
}

// check looks at what every entry has.
func (l *list) check(e *entry) error {
	switch {
	case e.Arn == "":
		return errors.New("it has no arn")
	case !l.types[e.Type] && !wellFormed.MatchString(e.Type):
		return fmt.Errorf("its type %.80q does not look like AWS::S3::Bucket", e.Type)
	case e.Account != "" && !shape.IsAccountID(e.Account):
		return fmt.Errorf("its account %.80q does not have twelve digits", e.Account)
	}
	l.types[e.Type] = true
	return nil
}

func (e *entry) resource(account string) (snapshot.Resource, error) {
	r := snapshot.Resource{
		Key: snapshot.Key(e.Arn), Type: e.Type, Account: e.Account, Region: e.Region, Name: e.Name,
		Tags: e.tags, Properties: e.properties, Origin: snapshot.Origin{File: resourcesFile},
	}
	if e.tagsUnread {
		r.Unknown = append(r.Unknown, "Tags")
	}
	for _, name := range slices.Sorted(maps.Keys(r.Properties)) {
		if r.Properties[name] == nil { // as for the policy: null is not read, a missing key is not set
			delete(r.Properties, name)
			r.Unknown = append(r.Unknown, name)
		}
	}
	documents(&r)
	if e.policy != nil {
		if err := policy(&r, e.policy); err != nil {
			return snapshot.Resource{}, err
		}
	}
	derive(&r, account)
	return r, nil
}

// derive fills what an entry may leave out from its ARN.
func derive(r *snapshot.Resource, account string) {
	a, _ := shape.ParseARN(string(r.Key))
	if r.Account == "" && shape.IsAccountID(a.Account) {
		r.Account = a.Account
	}
	if r.Account == "" {
		r.Account = account
	}
	if r.Region == "" {
		r.Region = a.Region
	}
	if r.Region == "global" || r.Region == "aws-global" {
		r.Region = ""
	}
	if r.Name == "" {
		r.Name = r.Tags["Name"]
	}
	if r.Name == "" {
		r.Name = nameOf(string(r.Key))
	}
}

// randomSuffix is what Secrets Manager appends to a secret's name in its ARN
// (https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html).
var randomSuffix = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)

// nameOf is what people would call a resource of which only the ARN is known. Names of secrets and parameters may hold slashes.
func nameOf(key string) string {
	key = strings.TrimSuffix(strings.TrimSuffix(key, ":url"), ":target")
	a, ok := shape.ParseARN(key)
	if !ok {
		return key[strings.LastIndexByte(key, '/')+1:]
	}
	switch a.Service {
	case "secretsmanager":
		return randomSuffix.ReplaceAllString(strings.TrimPrefix(a.Resource, "secret:"), "")
	case "ssm":
		if rest, ok := strings.CutPrefix(a.Resource, "parameter"); ok {
			if strings.Count(rest, "/") == 1 {
				return rest[1:]
			}
			return rest
		}
	}
	return a.Resource[strings.LastIndexAny(a.Resource, ":/")+1:]
}
