package shape

import (
	"encoding/json"
	"errors"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/footing-dev/footing/internal/snapshot"
)

var errNoNumber = errors.New("not a number")

// told is a key that is there, whatever stands under it.
type told bool

// UnmarshalJSON notes that the key is there.
func (t *told) UnmarshalJSON([]byte) error {
	*t = true
	return nil
}

// gaadDocument is a policy document as canonical JSON, in whatever form it came.
type gaadDocument json.RawMessage

// UnmarshalJSON keeps the document.
func (g *gaadDocument) UnmarshalJSON(b []byte) error {
	*g = gaadDocument(snapshot.Canonical(append([]byte(nil), b...)))
	return nil
}

// readPage reads one page of authorization details. The error is half a sentence without a subject.
func readPage(d *snapshot.Decoder, doc []byte) (gaadPage, gaadKeys, error) {
	if p, keys, err := quickPage(d, doc); err == nil {
		return p, keys, nil
	}
	var p gaadPage
	var keys gaadKeys
	err := Decode(doc, &p)
	if err == nil {
		err = json.Unmarshal(doc, &keys)
	}
	return p, keys, err
}

// quickPage reads it in one pass. Its error only says that encoding/json must be asked.
func quickPage(d *snapshot.Decoder, doc []byte) (p gaadPage, keys gaadKeys, err error) {
	into := func(v any) error { return d.Into(v, quickly(d)) }
	d.Reset(doc)
	err = d.Object(func(name string) error {
		switch name {
		case "UserDetailList":
			keys.UserDetailList = true
			return into(&p.UserDetailList)
		case "GroupDetailList":
			keys.GroupDetailList = true
			return into(&p.GroupDetailList)
		case "RoleDetailList":
			keys.RoleDetailList = true
			return into(&p.RoleDetailList)
		case "Policies":
			keys.Policies = true
			return into(&p.Policies)
		case "IsTruncated":
			return into(&p.IsTruncated)
		case "Marker":
			return into(&p.Marker)
		case "NextToken":
			return into(&p.NextToken)
		}
		return d.Other(name, "UserDetailList", "GroupDetailList", "RoleDetailList", "Policies", "IsTruncated", "Marker", "NextToken")
	})
	if err == nil {
		err = d.End()
	}
	return p, keys, err
}

// quickly makes names match as encoding/json has them match, and reads documents, numbers and strings by the decoder.
func quickly(d *snapshot.Decoder) jsonv2.Options {
	return jsonv2.JoinOptions(
		jsonv2.MatchCaseInsensitiveNames(true),
		jsonv1.MatchCaseSensitiveDelimiter(true),
		jsonv2.WithUnmarshalers(jsonv2.JoinUnmarshalers(
			jsonv2.UnmarshalFromFunc(func(_ *jsontext.Decoder, g *gaadDocument) error {
				doc, err := d.Document()
				*g = gaadDocument(doc)
				return err
			}),
			jsonv2.UnmarshalFromFunc(func(_ *jsontext.Decoder, n *json.Number) error {
				v, err := d.Value()
				number, ok := v.(json.Number)
				if err == nil && !ok {
					err = errNoNumber
				}
				*n = number
				return err
			}),
		)))
}
