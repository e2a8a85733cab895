package shape

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
)

// PolicyDocument reads a policy document in any form in which AWS hands it out: an object, a string of JSON, or a URL-encoded
// string of JSON (RFC 3986: a plus sign is a plus sign;
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html). The value is the object; ok is false when there
// is none, and the value is then what was there, so that nothing is dropped.
func PolicyDocument(raw json.RawMessage) (value any, ok bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return nil, false
	}
	if Decode(raw, &value) != nil {
		return string(raw), false
	}
	if object, ok := value.(map[string]any); ok {
		return object, true
	}
	text, ok := value.(string)
	if !ok {
		return value, false
	}
	if object, ok := object(text); ok {
		return object, true
	}
	if plain, err := url.PathUnescape(text); err == nil {
		if object, ok := object(plain); ok {
			return object, true
		}
	}
	return text, false
}

func object(text string) (map[string]any, bool) {
	if !strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		return nil, false
	}
	var m map[string]any
	err := Decode([]byte(text), &m)
	return m, err == nil && m != nil
}
