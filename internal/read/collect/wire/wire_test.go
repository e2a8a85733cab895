package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/footing-dev/footing/internal/snapshot"
)

func TestFault(t *testing.T) {
	for _, c := range []struct {
		name, body, contentType, must, says string
	}{
		{"json", `{"Keys":[]}`, "", "Keys", ""},
		{"json in white space", " \n{\"Keys\":[]}\n", "", "Keys", ""},
		{"json without the field", `{"Key":[]}`, "", "Keys", "without Keys"},
		{"json with null", `{"Keys":null}`, "", "Keys", "without Keys"},
		{"json that may be empty", `{}`, "", "?Keys", ""},
		{"json that may be empty and holds the field", `{"Keys":[]}`, "", "?Keys", ""},
		{"json that may be empty and holds another", `{"nothing":[]}`, "", "?Keys", "without Keys"},
		{"json that needs nothing", `{}`, "", "", ""},
		{"json cut off", `{"Keys":[`, "", "", "ends or breaks"},
		{"a list", `[]`, "", "", "neither"},
		{"a string", `"ok"`, "", "", "neither"},
		{"text", `OK`, "", "", "neither"},
		{"nothing", ``, "", "", "empty"},
		{"white space", " \r\n\t", "", "", "empty"},
		{"xml", `<?xml version="1.0"?><A><Buckets/></A>`, "", "Buckets", ""},
		{"xml with a mark", "\xef\xbb\xbf<A><Buckets></Buckets></A>\n", "", "Buckets", ""},
		{"xml without the element", `<A><Bucket/></A>`, "", "Buckets", "without Buckets"},
		{"xml with a prefix", `<x:A xmlns:x="u"><Buckets/></x:A>`, "", "Buckets", ""},
		{"xml of one element", `<LocationConstraint xmlns="u"/>`, "", "LocationConstraint", ""},
		{"xml cut off", `<A><Buckets/>`, "", "Buckets", "ends in the middle"},
		{"xml cut off after an element", `<A><Buckets></Buckets>`, "", "Buckets", "ends in the middle"},
		{"no root", `<?xml version="1.0"?>`, "", "", "no root"},
		{"a web page", `<!DOCTYPE html><HTML></HTML>`, "", "", "web page"},
		{"an error", `<Error><Code>InternalError</Code></Error>`, "", "", "error inside"},
		{"cbor", "\xa0", "application/cbor", "", ""},
		{"cbor that is no map", "\x80", "application/cbor", "", "CBOR"},
		{"no cbor", "", "application/cbor", "", "CBOR"},
	} {
		got := fault([]byte(c.body), c.contentType, c.must)
		if (c.says == "") != (got == "") || !strings.Contains(got, c.says) {
			t.Errorf("%s: %q, want %q", c.name, got, c.says)
		}
	}
}

func FuzzFault(f *testing.F) {
	for _, s := range []string{`{"Keys":[]}`, `<A><Keys/></A>`, `<`, `</`, `<a`, `{`, "<!--", "<a:b/>", "\xef\xbb\xbf", "<a>\x00</a>", "<x/>>"} {
		f.Add([]byte(s), "", "Keys")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType, must string) {
		fault(body, contentType, must)
	})
}

func TestInspectKeepsTheBody(t *testing.T) {
	resp := &smithyhttp.Response{Response: &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"Keys":[]}`))}}
	if err := inspect(resp, "kms:ListKeys", "Keys"); err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(resp.Body); err != nil || string(b) != `{"Keys":[]}` {
		t.Errorf("%s, %v", b, err)
	}
}

func TestOutcome(t *testing.T) {
	api := func(status int, code, message string) error {
		return &smithy.OperationError{ServiceID: "S", OperationName: "O", Err: &smithyhttp.ResponseError{
			Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}},
			Err:      &smithy.GenericAPIError{Code: code, Message: message},
		}}
	}
	for _, c := range []struct {
		err      error
		maybeOff bool
		outcome  string
		reason   string
	}{
		{nil, false, snapshot.OK, ""},
		{api(403, "AccessDenied", "User is not authorized"), false, snapshot.Denied, "AccessDenied: User is not authorized"},
		{api(400, "AccessDeniedException", ""), false, snapshot.Denied, "AccessDeniedException"},
		{api(403, "UnauthorizedOperation", "You may not. Encoded authorization failure message: xyz"), false, snapshot.Denied, "UnauthorizedOperation: You may not."},
		{api(400, "AccessDeniedException", "AWS::X::Y Handler returned status FAILED: You may not (Service: X, Status Code: 403, Request ID: 0fce0fb9-3d12) (HandlerErrorCode: AccessDenied, RequestToken: 1ad82714-85a2)"), false, snapshot.Denied,
			"AccessDeniedException: AWS::X::Y Handler returned status FAILED: You may not (Service: X, Status Code: 403) (HandlerErrorCode: AccessDenied)"},
		{api(403, "AuthorizationError", "no"), false, snapshot.Denied, "AuthorizationError: no"},
		{api(403, "SomethingNew", "no"), false, snapshot.Denied, "SomethingNew: no"},
		{api(400, "ThrottlingException", "Rate exceeded"), false, snapshot.Throttled, "ThrottlingException: Rate exceeded"},
		{api(503, "SlowDown", "x"), false, snapshot.Throttled, "SlowDown: x"},
		{api(429, "", "x"), false, snapshot.Throttled, "x"},
		{api(403, "OptInRequired", "x"), false, snapshot.NotEnabled, "OptInRequired: x"},
		{api(400, "SubscriptionRequiredException", "x"), false, snapshot.NotEnabled, "SubscriptionRequiredException: x"},
		{api(400, "AWSOrganizationsNotInUseException", "x"), false, snapshot.NotEnabled, "AWSOrganizationsNotInUseException: x"},
		{api(401, "InvalidAccessException", "Account 111122223333 is not subscribed to AWS Security Hub"), false, snapshot.NotEnabled, "InvalidAccessException: Account 111122223333 is not subscribed to AWS Security Hub"},
		{api(401, "InvalidAccessException", "x"), false, snapshot.Failed, "InvalidAccessException: x"},
		{api(403, "UnrecognizedClientException", "x"), true, snapshot.NotEnabled, "UnrecognizedClientException: x"},
		{api(403, "UnrecognizedClientException", "x"), false, snapshot.Failed, "UnrecognizedClientException: x"},
		{api(403, "ExpiredToken", "x"), false, snapshot.Failed, "ExpiredToken: x"},
		{api(500, "InternalFailure", "line\none"), false, snapshot.Failed, "InternalFailure: line one"},
		{fmt.Errorf("call: %w", &NotADocument{"s3:ListBuckets", "an empty document"}), false, snapshot.Failed, "s3:ListBuckets answered with an empty document"},
		{fmt.Errorf("call: %w", context.DeadlineExceeded), false, snapshot.Failed, "no answer in time"},
		{fmt.Errorf("dial: %w", errors.New("connection refused")), false, snapshot.Failed, "connection refused"},
		{fmt.Errorf("dial: %w", &net.DNSError{Err: "no such host", Name: "mq.mx-central-1.amazonaws.com", IsNotFound: true}), false, snapshot.Failed, "lookup mq.mx-central-1.amazonaws.com: no such host"},
		{fmt.Errorf("dial: %w", &net.DNSError{Err: "server misbehaving", Name: "mq.mx-central-1.amazonaws.com", IsTemporary: true}), false, snapshot.Failed, "lookup mq.mx-central-1.amazonaws.com: server misbehaving"},
		{fmt.Errorf("dial: %w", &net.DNSError{Err: "no such host", Name: "fake.local", IsNotFound: true}), false, snapshot.Failed, "lookup fake.local: no such host"},
		{api(500, "Long", strings.Repeat("é", 1000)), false, snapshot.Failed, "Long: " + strings.Repeat("é", 293) + "…"},
	} {
		outcome, reason := Outcome(c.err, c.maybeOff)
		if outcome != c.outcome || reason != c.reason {
			t.Errorf("%v: %s %q, want %s %q", c.err, outcome, reason, c.outcome, c.reason)
		}
	}
}

// A service without an address in a Region is not offered there; a network that is gone knows no name at all, and is a failure.
func TestNotOffered(t *testing.T) {
	none := func(host string) error {
		return fmt.Errorf("send: %w", &net.DNSError{Err: "no such host", Name: host, IsNotFound: true})
	}
	for _, c := range []struct {
		name    string
		err     error
		online  bool
		outcome string
	}{
		{"not offered", none("lightsail.eu-south-1.amazonaws.com"), true, snapshot.NotEnabled},
		{"not offered, with a dot", none("api.sagemaker.eu-south-1.amazonaws.com."), true, snapshot.NotEnabled},
		{"no network", none("lightsail.eu-south-1.amazonaws.com"), false, snapshot.Failed},
		{"the one that is everywhere", none("ec2.eu-south-1.amazonaws.com"), true, snapshot.Failed},
		{"no Region in the name", none("iam.amazonaws.com"), true, snapshot.Failed},
		{"no answer", fmt.Errorf("send: %w", &net.DNSError{Err: "i/o timeout", Name: "lightsail.eu-south-1.amazonaws.com", IsTimeout: true}), true, snapshot.Failed},
		{"another failure", errors.New("connection refused"), true, snapshot.Failed},
	} {
		asked := ""
		w := &Wire{resolve: func(_ context.Context, host string) ([]string, error) {
			asked = host
			if !c.online {
				return nil, errors.New("no such host")
			}
			return []string{"192.0.2.1"}, nil
		}}
		var got error
		_, _, err := (awsmiddleware.RegisterServiceMetadata{Region: "eu-south-1"}).HandleInitialize(t.Context(), middleware.InitializeInput{},
			middleware.InitializeHandlerFunc(func(ctx context.Context, _ middleware.InitializeInput) (o middleware.InitializeOutput, m middleware.Metadata, err error) {
				got = w.nowhere(ctx, c.err)
				return o, m, nil
			}))
		if err != nil {
			t.Fatal(err)
		}
		if outcome, reason := Outcome(got, false); outcome != c.outcome || !errors.Is(got, c.err) {
			t.Errorf("%s: %s %q after asking for %q", c.name, outcome, reason, asked)
		}
	}
}
