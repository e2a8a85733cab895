package shape

import (
	"bytes"
	"encoding/json"
	"net/url"

	"github.com/footing-dev/footing/internal/snapshot"
)

// PolicyDocument reads a policy document in any form in which AWS hands it out: an object, a string of JSON, or a URL-encoded
// string of JSON (RFC 3986: a plus sign is a plus sign;
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html). The value is the object as
// canonical JSON, a json.RawMessage; ok is false when there is none, and the value is then what was there, decoded, so that
// nothing is dropped.
func PolicyDocument(raw json.RawMessage) (value any, ok bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return nil, false
	}
	if object, ok := snapshot.CanonicalObject(raw); ok {
		return object, true
	}
	if Decode(raw, &value) != nil {
		return string(raw), false
	}
	text, ok := value.(string)
	if !ok {
		return value, false
	}
	if object, ok := snapshot.CanonicalObject([]byte(text)); ok {
		return object, true
	}
	if plain, err := url.PathUnescape(text); err == nil {
		if object, ok := snapshot.CanonicalObject([]byte(plain)); ok {
			return object, true
		}
	}
	return text, false
}
