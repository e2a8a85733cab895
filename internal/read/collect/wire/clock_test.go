package wire

import (
	"errors"
	"fmt"
	"testing"

	"github.com/aws/smithy-go"

	"github.com/footing-dev/footing/internal/snapshot"
)

// A signature that was made at the wrong time is told from one that was made with the wrong key.
func TestWrongClock(t *testing.T) {
	for _, c := range []struct {
		code, message string
		want          bool
	}{
		{"RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", true},
		{"RequestExpired", "Request has expired.", true},
		{"InvalidSignatureException", "Signature expired: 20261123T091400Z is now earlier than 20261123T095900Z", true},
		{"SignatureDoesNotMatch", "Signature not yet current: 20261123T111400Z is still later than 20261123T102900Z", true},
		{"SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.", false},
		{"InvalidSignatureException", "The request signature we calculated does not match the signature you provided.", false},
		{"AccessDenied", "Signature expired", false},
		{"ExpiredToken", "The security token included in the request is expired", false},
	} {
		err := fmt.Errorf("call: %w", &smithy.GenericAPIError{Code: c.code, Message: c.message})
		if got := WrongClock(err); got != c.want {
			t.Errorf("%s: %s: %v", c.code, c.message, got)
		}
		if outcome, _ := Outcome(err, true); c.want && outcome != snapshot.Failed {
			t.Errorf("%s is %s", c.code, outcome)
		}
	}
	if WrongClock(errors.New("connection refused")) || WrongClock(nil) {
		t.Error("no answer is no word about the clock")
	}
}
