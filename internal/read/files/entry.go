package files

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

// usualEntry is how many bytes an entry has, to ask for memory once. It need not be right.
const usualEntry = 400

// quickResources reads resources.json in one pass. Its error only says that carefulResources must be asked.
func quickResources(doc []byte, account string) ([]snapshot.Resource, error) {
	l, d := newList(account, len(doc)/usualEntry), snapshot.NewDecoder()
	d.Reset(doc)
	err := d.List(func() error {
		var e entry
		if err := e.read(d); err != nil {
			return err
		}
		return l.add(&e)
	})
	if err == nil {
		err = d.End()
	}
	return l.out, err
}

func (e *entry) read(d *snapshot.Decoder) error {
	return d.Object(func(name string) (err error) {
		switch name {
		case "type":
			e.Type, err = d.Word()
		case "arn":
			e.Arn, err = d.String()
		case "account":
			e.Account, err = d.Word()
		case "region":
			e.Region, err = d.Word()
		case "name":
			e.Name, err = d.String()
		case "tags":
			if e.tagsUnread = d.Null(); !e.tagsUnread {
				e.tags, err = d.Tags()
			}
		case "policy":
			e.policy, err = d.Document()
		case "properties":
			if !d.Null() {
				e.properties, err = d.Properties()
			}
		default:
			err = d.Other(name, "type", "arn", "account", "region", "name", "tags", "policy", "properties")
		}
		return err
	})
}

// carefulResources reads resources.json by encoding/json, and says what is wrong with it: first of the document, then of its entries.
func carefulResources(doc []byte, account string) ([]snapshot.Resource, error) {
	var raw []json.RawMessage
	if err := shape.Decode(doc, &raw); err != nil {
		return nil, err
	}
	if raw == nil {
		return nil, errors.New("has the wrong shape: it is null, not a list")
	}
	l := newList(account, len(raw))
	for i, b := range raw {
		e, err := l.decode(b)
		if err == nil {
			err = l.add(&e)
		}
		var twice *repeated
		if errors.As(err, &twice) {
			return nil, err
		}
		if err != nil {
			return nil, fmt.Errorf("has a wrong entry %d (from 0): %w", i, err)
		}
	}
	return l.out, nil
}

func (l *list) decode(b []byte) (entry, error) {
	var parts struct {
		Type, Arn, Account, Region, Name string
		Tags, Policy, Properties         json.RawMessage
	}
	if err := element(b, &parts); err != nil {
		return entry{}, err
	}
	e := entry{Type: parts.Type, Arn: parts.Arn, Account: parts.Account, Region: parts.Region, Name: parts.Name}
	if err := l.check(&e); err != nil {
		return e, err
	}
	if e.tagsUnread = isNull(parts.Tags); parts.Tags != nil && json.Unmarshal(parts.Tags, &e.tags) != nil {
		return e, errors.New("its tags are not an object of strings")
	}
	if parts.Properties != nil && !isNull(parts.Properties) {
		if err := element(parts.Properties, &e.properties); err != nil {
			return e, errors.New("its properties are not an object")
		}
		snapshot.KeepDocuments(e.properties)
	}
	if parts.Policy != nil {
		e.policy = snapshot.Canonical(parts.Policy)
	}
	return e, nil
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
