package files

import (
	"bytes"
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
	Tags, Policy, Properties         json.RawMessage
}

var wellFormed = regexp.MustCompile(`^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$`)

// resources reads resources.json. Account is the one that resources belong to which do not say. The error is half a sentence
// without a subject.
func resources(doc []byte, account string) ([]snapshot.Resource, error) {
	var raw []json.RawMessage
	if err := shape.Decode(doc, &raw); err != nil {
		return nil, err
	}
	if raw == nil {
		return nil, errors.New("has the wrong shape: it is null, not a list")
	}
	out := make([]snapshot.Resource, 0, len(raw))
	at := make(map[snapshot.Key]int, len(raw))
	for i, b := range raw {
		r, err := resource(b, account)
		if err != nil {
			return nil, fmt.Errorf("has a wrong entry %d (from 0): %w", i, err)
		}
		if first, twice := at[r.Key]; twice {
			return nil, fmt.Errorf("has %s twice: in the entries %d and %d (from 0)", r.Key, first, i)
		}
		at[r.Key] = i
		out = append(out, r)
	}
	return out, nil
}

func resource(b []byte, account string) (snapshot.Resource, error) {
	var e entry
	if err := element(b, &e); err != nil {
		return snapshot.Resource{}, err
	}
	switch {
	case e.Arn == "":
		return snapshot.Resource{}, errors.New("it has no arn")
	case !wellFormed.MatchString(e.Type) && e.Type != "AWS::Account":
		return snapshot.Resource{}, fmt.Errorf("its type %.80q does not look like AWS::S3::Bucket", e.Type)
	case e.Account != "" && !shape.IsAccountID(e.Account):
		return snapshot.Resource{}, fmt.Errorf("its account %.80q does not have twelve digits", e.Account)
	}
	r := snapshot.Resource{
		Key: snapshot.Key(e.Arn), Type: e.Type, Account: e.Account, Region: e.Region, Name: e.Name,
		Origin: snapshot.Origin{File: "resources.json"},
	}
	if err := fill(&r, e); err != nil {
		return snapshot.Resource{}, err
	}
	derive(&r, account)
	return r, nil
}

// element decodes one object of a list and says what is wrong with it in its own words.
func element(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	err := d.Decode(v)
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field != "":
		return fmt.Errorf("its %s is a JSON %s", strings.ToLower(wrong.Field), wrong.Value)
	case errors.As(err, &wrong):
		return fmt.Errorf("it is a JSON %s, not an object", wrong.Value)
	case err == nil && string(bytes.TrimSpace(b)) == "null":
		return errors.New("it is null, not an object")
	}
	return err
}

func fill(r *snapshot.Resource, e entry) error {
	if isNull(e.Tags) {
		r.Unknown = append(r.Unknown, "Tags")
	} else if e.Tags != nil {
		if err := json.Unmarshal(e.Tags, &r.Tags); err != nil {
			return errors.New("its tags are not an object of strings")
		}
	}
	if e.Properties != nil && !isNull(e.Properties) {
		if err := element(e.Properties, &r.Properties); err != nil {
			return errors.New("its properties are not an object")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Properties)) {
		if r.Properties[name] == nil { // as for the policy: null is not read, a missing key is not set
			delete(r.Properties, name)
			r.Unknown = append(r.Unknown, name)
		}
	}
	documents(r)
	if e.Policy == nil {
		return nil
	}
	return policy(r, e.Policy)
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
