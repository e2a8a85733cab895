package collect

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/footing-dev/footing/internal/read/collect/mototest"
)

// request is one call as the fake sees it.
type request struct {
	client                     string // of the SDK: "ec2"
	service, region, operation string // as in the signature's scope; the operation or, for REST, "GET /path"
	form                       url.Values
	body                       string
	cbor                       bool // the request is, and the answer must be
}

// fake answers every call with one function, but for who we are and (unless told otherwise) which Regions there are.
func fake(t *testing.T, answer func(http.ResponseWriter, request)) {
	t.Helper()
	serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(w, parse(r)) }))
}

// serve points the SDK at a handler for the rest of the test.
func serve(t *testing.T, h http.Handler) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	mototest.Use(t, server.URL)
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
}

// peek is parse for a request that somebody else will answer.
func peek(r *http.Request) request {
	q := parse(r)
	r.Body = io.NopCloser(strings.NewReader(q.body))
	return q
}

func parse(r *http.Request) request {
	b, _ := io.ReadAll(r.Body)
	q := request{body: string(b)}
	if _, agent, ok := strings.Cut(r.UserAgent(), " api/"); ok {
		q.client, _, _ = strings.Cut(agent, "#")
	}
	if _, scope, ok := strings.Cut(r.Header.Get("Authorization"), "Credential="); ok {
		parts := strings.Split(scope, "/")
		if len(parts) > 3 {
			q.region, q.service = parts[2], parts[3]
		}
	}
	target := r.Header.Get("X-Amz-Target")
	q.form, _ = url.ParseQuery(string(b))
	q.cbor = strings.Contains(r.Header.Get("Smithy-Protocol"), "cbor")
	if i := strings.Index(r.URL.Path, "/operation/"); q.cbor && i >= 0 {
		q.operation = r.URL.Path[i+len("/operation/"):]
		return q
	}
	switch {
	case target != "":
		q.operation = target[strings.LastIndexByte(target, '.')+1:]
	case q.form.Get("Action") != "":
		q.operation = q.form.Get("Action")
	default:
		q.operation = r.Method + " " + r.URL.RequestURI()
	}
	return q
}

// start answers the calls that begin every scan; false if it is another call.
func start(w http.ResponseWriter, q request) bool {
	switch q.operation {
	case "GetCallerIdentity":
		fmt.Fprint(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/reader</Arn><UserId>U</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	case "DescribeRegions":
		fmt.Fprint(w, `<DescribeRegionsResponse><regionInfo>`+
			`<item><regionName>eu-central-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>`+
			`<item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>`+
			`<item><regionName>me-south-1</regionName><optInStatus>not-opted-in</optInStatus></item></regionInfo></DescribeRegionsResponse>`)
	default:
		return false
	}
	return true
}

// refuse writes an error in the words of the service's protocol.
func refuse(w http.ResponseWriter, q request, status int, code string) {
	if code == "AccessDenied" {
		switch q.service {
		case "ec2":
			code = "UnauthorizedOperation"
		case "sns":
			code = "AuthorizationError"
		case "iam", "sts", "rds", "s3", "elasticloadbalancing", "autoscaling", "elasticache", "redshift", "cloudformation", "cloudfront", "route53":
		default:
			code = "AccessDeniedException"
		}
	}
	if q.cbor {
		refuseCBOR(w, status, code, "no")
		return
	}
	switch q.service {
	case "ec2":
		w.WriteHeader(status)
		fmt.Fprintf(w, `<Response><Errors><Error><Code>%s</Code><Message>no</Message></Error></Errors><RequestID>r</RequestID></Response>`, code)
	case "iam", "sts", "rds", "sns", "elasticloadbalancing", "autoscaling", "elasticache", "redshift", "cloudformation":
		w.WriteHeader(status)
		fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>`, code)
	case "cloudfront", "route53":
		w.WriteHeader(status)
		fmt.Fprintf(w, `<ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>%s</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>`, code)
	case "s3":
		w.WriteHeader(status)
		if strings.Contains(q.operation, "/v20180820/") { // S3 Control wraps its errors, S3 itself does not
			fmt.Fprintf(w, `<ErrorResponse><Error><Code>%s</Code><Message>no</Message></Error></ErrorResponse>`, code)
			return
		}
		fmt.Fprintf(w, `<Error><Code>%s</Code><Message>no</Message></Error>`, code)
	default:
		w.Header().Set("X-Amzn-ErrorType", code)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"__type":%q,"message":"no"}`, code)
	}
}
