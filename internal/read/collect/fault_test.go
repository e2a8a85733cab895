package collect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/mototest"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

var quick = settings{Pause: time.Millisecond, Wire: wire.Settings{Attempt: 20 * time.Second, Rate: 100_000}}

// impatient is how long an answer may take where answers are slow.
const impatient = 300 * time.Millisecond

// failure is one way in which AWS does not answer.
type failure struct {
	name    string
	answer  func(http.ResponseWriter, request)
	outcome string
	only    []string // services; nil: all
}

func failures() []failure {
	few := []string{"sqs", "kms", "lambda", "account"} // where each case costs its time once a call
	return []failure{
		{"denied", func(w http.ResponseWriter, q request) { refuse(w, q, 403, "AccessDenied") }, snapshot.Denied, nil},
		{"not enabled", func(w http.ResponseWriter, q request) { refuse(w, q, 403, "OptInRequired") }, snapshot.NotEnabled, nil},
		{"throttled", func(w http.ResponseWriter, q request) { refuse(w, q, 400, "ThrottlingException") }, snapshot.Throttled, nil},
		{"throttled, and the SDK slows down", func(w http.ResponseWriter, q request) { refuse(w, q, 400, "ThrottlingException") }, snapshot.Throttled, few},
		{"500", func(w http.ResponseWriter, q request) { refuse(w, q, 500, "InternalFailure") }, snapshot.Failed, nil},
		{"503 in HTML", func(w http.ResponseWriter, q request) {
			w.WriteHeader(503)
			io.WriteString(w, "<html><body>later</body></html>")
		}, snapshot.Failed, nil},
		{"reset", func(w http.ResponseWriter, q request) { panic(http.ErrAbortHandler) }, snapshot.Failed, nil},
		{"slow", func(w http.ResponseWriter, q request) { time.Sleep(2 * impatient) }, snapshot.Failed, nil},
		{"a wrong clock", skewed, snapshot.Failed, nil},
		{"half an answer", func(w http.ResponseWriter, q request) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, `{"Keys":[`)
		}, snapshot.Failed, nil},
		{"200 and half a document", func(w http.ResponseWriter, q request) { io.WriteString(w, half(q)) }, snapshot.Failed, nil},
		{"200 and empty", func(w http.ResponseWriter, q request) {}, snapshot.Failed, nil},
		{"200 and a web page", func(w http.ResponseWriter, q request) {
			io.WriteString(w, "<!DOCTYPE html><html><body>Sign in to the hotel's network</body></html>")
		}, snapshot.Failed, nil},
		{"200 and another document", func(w http.ResponseWriter, q request) {
			if q.service == "iam" || q.service == "ec2" || q.service == "rds" || q.service == "sns" || q.service == "s3" {
				io.WriteString(w, "<Answer><nothing/></Answer>")
				return
			}
			io.WriteString(w, `{"nothing":[]}`)
		}, snapshot.Failed, []string{"iam", "s3", "ec2", "kms", "lambda", "rds", "dynamodb", "secretsmanager", "ssm", "ecs", "ecr", "sqs", "sns", "cloudtrail"}},
	}
}

// settings are those of a scan that meets the failure: one that is not worth waiting for, unless the waiting is what is tried.
func (f failure) settings() settings {
	set := quick
	set.Wire.Once = !strings.Contains(f.name, "slows down")
	if f.name == "slow" {
		set.Wire.Attempt = impatient
	}
	return set
}

// skewed is the answer to a request that was signed too long ago, in the words of the service.
func skewed(w http.ResponseWriter, q request) {
	code := "InvalidSignatureException"
	switch q.service {
	case "s3":
		code = "RequestTimeTooSkewed"
	case "ec2":
		code = "RequestExpired"
	case "iam", "sts", "rds", "sns", "elasticloadbalancing":
		code = "SignatureDoesNotMatch"
	}
	const says = "Signature expired: 20261123T091400Z is now earlier than 20261123T095900Z (20261123T101400Z - 15 min.)"
	if q.cbor {
		refuseCBOR(w, 403, code, says)
		return
	}
	b := httptest.NewRecorder()
	refuse(b, q, 403, code)
	for name, values := range b.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(b.Code)
	strings.NewReplacer(">no<", ">"+says+"<", `"no"`, `"`+says+`"`).WriteString(w, b.Body.String())
}

func refuseCBOR(w http.ResponseWriter, status int, code, says string) {
	w.Header().Set("Content-Type", "application/cbor")
	w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
	w.WriteHeader(status)
	w.Write(cbor(nil, map[string]any{"__type": code, "message": says}))
}

// half is the beginning of a document.
func half(q request) string {
	switch q.service {
	case "s3", "ec2", "iam", "rds", "sns", "elasticloadbalancing":
		return "<Answer><List><item>"
	}
	return `{"List":[{"Name":"a"},`
}

// However AWS fails to answer, the scan ends with a snapshot in which everything is a gap and nothing is absent.
func TestNothingAnswers(t *testing.T) {
	for _, c := range failures() {
		t.Run(c.name, func(t *testing.T) {
			fake(t, func(w http.ResponseWriter, q request) {
				if !start(w, q) {
					c.answer(w, q)
				}
			})
			s, err := scan(t.Context(), read.Options{Services: c.only, Regions: []string{"eu-central-1", "me-south-1"}}, service.All(), c.settings())
			if err != nil {
				t.Fatal(err)
			}
			wantOnlyGaps(t, s, c.outcome, c.only)
		})
	}
}

func wantOnlyGaps(t *testing.T, s *snapshot.Snapshot, outcome string, only []string) {
	t.Helper()
	if len(s.Observations) > 0 {
		t.Errorf("observed out of nothing: %v", s.Observations)
	}
	if len(s.Resources) > 0 || s.Account != "111122223333" {
		t.Errorf("account %s, %d resources: %v", s.Account, len(s.Resources), s.Resources)
	}
	for _, c := range s.Coverage {
		if c.Region == "me-south-1" {
			if c.Outcome != snapshot.NotEnabled {
				t.Errorf("a Region that is off: %+v", c)
			}
			continue
		}
		if c.Outcome != outcome && c.Outcome != snapshot.NotAsked || c.Reason == "" {
			t.Errorf("want %s: %+v", outcome, c)
		}
	}
	for _, v := range service.All() {
		for _, call := range v.Calls {
			for _, typ := range call.Types {
				absent := outcome == snapshot.NotEnabled && s.Has(typ, "eu-central-1") == snapshot.Absent // that is an answer
				if got := s.Has(typ, "eu-central-1"); got != snapshot.Unknown && !absent {
					t.Errorf("%s is %v", typ, got)
				}
				asked := slices.ContainsFunc(s.Coverage, func(c snapshot.Coverage) bool {
					return slices.Contains(c.Types, typ) && c.Outcome == outcome
				})
				if !asked && chosen(v, only) && !call.Below {
					t.Errorf("%s is not covered by an outcome %s", typ, outcome)
				}
			}
		}
	}
}

// Pages that came are kept when the next one does not, and the list is not called complete.
func TestTruncated(t *testing.T) {
	pages := map[string]string{
		"ListKeys":                       `{"Keys":[{"KeyId":"k","KeyArn":"arn:aws:kms:eu-central-1:111122223333:key/k"}],"Truncated":true,"NextMarker":"more"}`,
		"ListTables":                     `{"TableNames":["t"],"LastEvaluatedTableName":"t"}`,
		"ListQueues":                     `{"QueueUrls":["https://sqs.eu-central-1.amazonaws.com/111122223333/q"],"NextToken":"more"}`,
		"DescribeVpcs":                   `<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet><nextToken>more</nextToken></DescribeVpcsResponse>`,
		"ListTopics":                     `<ListTopicsResponse><ListTopicsResult><Topics><member><TopicArn>arn:aws:sns:eu-central-1:111122223333:n</TopicArn></member></Topics><NextToken>more</NextToken></ListTopicsResult></ListTopicsResponse>`,
		"GetAccountAuthorizationDetails": `<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult><IsTruncated>true</IsTruncated><Marker>more</Marker><UserDetailList><member><UserName>u</UserName><Arn>arn:aws:iam::111122223333:user/u</Arn></member></UserDetailList><GroupDetailList/><RoleDetailList/><Policies/></GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>`,
		"GET /2015-03-31/functions":      `{"Functions":[{"FunctionName":"f","FunctionArn":"arn:aws:lambda:eu-central-1:111122223333:function:f"}],"NextMarker":"more"}`,
		"GET /?bucket-region":            `<ListAllMyBucketsResult><Owner><ID>o</ID></Owner><Buckets><Bucket><Name>b</Name><BucketRegion>eu-central-1</BucketRegion></Bucket></Buckets><ContinuationToken>more</ContinuationToken></ListAllMyBucketsResult>`,
	}
	fake(t, func(w http.ResponseWriter, q request) {
		if start(w, q) {
			return
		}
		again := strings.Contains(q.body, "more") || strings.Contains(q.operation, "more") || strings.Contains(q.body, "ExclusiveStartTableName")
		for op, page := range pages {
			if strings.HasPrefix(q.operation, op) && !again {
				if q.service == "sqs" || q.service == "kms" || q.service == "dynamodb" {
					w.Header().Set("Content-Type", "application/x-amz-json-1.0")
				}
				io.WriteString(w, page)
				return
			}
		}
		refuse(w, q, 403, "AccessDenied")
	})
	s, err := scan(t.Context(), read.Options{Regions: []string{"eu-central-1"}}, service.All(), quick)
	if err != nil {
		t.Fatal(err)
	}
	for typ, key := range map[string]snapshot.Key{
		"AWS::KMS::Key": "arn:aws:kms:eu-central-1:111122223333:key/k", "AWS::DynamoDB::Table": "arn:aws:dynamodb:eu-central-1:111122223333:table/t",
		"AWS::SQS::Queue": "arn:aws:sqs:eu-central-1:111122223333:q", "AWS::EC2::VPC": "arn:aws:ec2:eu-central-1:111122223333:vpc/vpc-1",
		"AWS::SNS::Topic": "arn:aws:sns:eu-central-1:111122223333:n", "AWS::IAM::User": "arn:aws:iam::111122223333:user/u",
		"AWS::Lambda::Function": "arn:aws:lambda:eu-central-1:111122223333:function:f", "AWS::S3::Bucket": "arn:aws:s3:::b",
	} {
		if _, ok := s.Get(key); !ok {
			t.Errorf("%s of the first page is gone", key)
		}
		if !slices.ContainsFunc(s.Coverage, func(c snapshot.Coverage) bool {
			return slices.Contains(c.Types, typ) && c.Outcome == snapshot.Truncated && strings.HasPrefix(c.Reason, "after page 1: ")
		}) {
			t.Errorf("%s is not called truncated", typ)
		}
	}
	if s.Has("AWS::IAM::Role", "") != snapshot.Unknown {
		t.Error("roles may stand on the pages that did not come")
	}
	// What is told about one thing and was denied is unknown of that thing, and a gap that names it.
	b, _ := s.Get("arn:aws:s3:::b")
	if !b.IsUnknown("Policy") || !b.IsUnknown("PublicAccessBlockConfiguration.BlockPublicPolicy") {
		t.Errorf("unknown of the bucket: %v", b.Unknown)
	}
	if !slices.ContainsFunc(s.Gaps(), func(c snapshot.Coverage) bool {
		return c.Call == "s3:GetBucketPolicy" && c.Resource == b.Key && c.Outcome == snapshot.Denied
	}) {
		t.Error("no gap names the bucket")
	}
}

// When AWS does not tell its Regions, the configured one is looked at, and nothing is absent elsewhere.
func TestRegionsDenied(t *testing.T) {
	fake(t, func(w http.ResponseWriter, q request) {
		switch {
		case q.operation == "ListQueues":
			w.Header().Set("Content-Type", "application/x-amz-json-1.0")
			io.WriteString(w, "{}")
		case q.service == "kms":
			refuse(w, q, 400, "UnrecognizedClientException")
		case q.operation == "DescribeRegions" || !start(w, q):
			refuse(w, q, 403, "AccessDenied")
		}
	})
	s, err := scan(t.Context(), read.Options{Services: []string{"sqs", "kms"}}, service.All(), quick)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.Regions, []string{mototest.Region}) {
		t.Errorf("Regions %v", s.Regions)
	}
	if s.Has("AWS::SQS::Queue", mototest.Region) != snapshot.Absent || s.Has("AWS::SQS::Queue", "") != snapshot.Unknown {
		t.Error("there are no queues here; elsewhere nobody looked")
	}
	if s.Has("AWS::KMS::Key", mototest.Region) != snapshot.Absent {
		t.Error("a Region that does not know us is off")
	}
}

// Who we are is the one thing that must be answered.
func TestNoAccount(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter, request){
		"bad key":  func(w http.ResponseWriter, q request) { refuse(w, q, 403, "InvalidClientTokenId") },
		"denied":   func(w http.ResponseWriter, q request) { refuse(w, q, 403, "AccessDenied") },
		"empty":    func(w http.ResponseWriter, q request) {},
		"web page": func(w http.ResponseWriter, q request) { io.WriteString(w, "<html></html>") },
		"reset":    func(w http.ResponseWriter, q request) { panic(http.ErrAbortHandler) },
		"no account": func(w http.ResponseWriter, q request) {
			io.WriteString(w, "<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>")
		},
		"odd account": func(w http.ResponseWriter, q request) {
			io.WriteString(w, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>12</Account><Arn>x</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>")
		},
	} {
		t.Run(name, func(t *testing.T) {
			fake(t, answer)
			wantFault(t, fault.Failed, func() (*snapshot.Snapshot, error) { return scan(t.Context(), read.Options{}, service.All(), quick) })
		})
	}
	t.Run("wrong clock", func(t *testing.T) {
		fake(t, skewed)
		wantFault(t, fault.Failed, func() (*snapshot.Snapshot, error) {
			s, err := scan(t.Context(), read.Options{}, service.All(), quick)
			if err == nil || !strings.Contains(err.Error(), "its clock is wrong (SignatureDoesNotMatch: Signature expired") {
				t.Errorf("not said plainly: %v", err)
			}
			return s, err
		})
	})
	t.Run("no credentials", func(t *testing.T) {
		fake(t, func(w http.ResponseWriter, q request) { start(w, q) })
		os.Unsetenv("AWS_ACCESS_KEY_ID")
		os.Unsetenv("AWS_SECRET_ACCESS_KEY")
		wantFault(t, fault.Failed, func() (*snapshot.Snapshot, error) {
			s, err := Live().Scan(t.Context(), read.Options{})
			if err != nil && !strings.Contains(err.Error(), "no credentials were found") {
				t.Errorf("not said plainly: %v", err)
			}
			return s, err
		})
	})
	t.Run("no such profile", func(t *testing.T) {
		fake(t, func(w http.ResponseWriter, q request) { start(w, q) })
		t.Setenv("AWS_PROFILE", "nobody")
		wantFault(t, fault.Failed, func() (*snapshot.Snapshot, error) { return Live().Scan(t.Context(), read.Options{}) })
	})
	t.Run("no such Region", func(t *testing.T) {
		fake(t, func(w http.ResponseWriter, q request) { start(w, q) })
		wantFault(t, fault.Usage, func() (*snapshot.Snapshot, error) {
			return scan(t.Context(), read.Options{Regions: []string{"eu-cental-1"}}, service.All(), quick)
		})
	})
	t.Run("no such service", func(t *testing.T) {
		wantFault(t, fault.Usage, func() (*snapshot.Snapshot, error) {
			return scan(t.Context(), read.Options{Services: []string{"S3"}}, service.All(), quick)
		})
	})
}

func wantFault(t *testing.T, status int, run func() (*snapshot.Snapshot, error)) {
	t.Helper()
	s, err := run()
	var f *fault.Error
	if s != nil || !errors.As(err, &f) || f.Status != status || f.Hinted == "" || strings.Contains(f.Sentence, "\n") {
		t.Errorf("snapshot %v, error %v", s, err)
	}
}

// A scan that is interrupted ends soon, with an error and no snapshot.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	fake(t, func(w http.ResponseWriter, q request) {
		if !start(w, q) {
			cancel(errors.New("enough"))
			time.Sleep(50 * time.Millisecond)
			refuse(w, q, 500, "InternalFailure")
		}
	})
	begun := time.Now()
	wantFault(t, fault.Failed, func() (*snapshot.Snapshot, error) { return scan(ctx, read.Options{}, service.All(), quick) })
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}

// A collector that panics, in its own goroutine or in one it started, is a gap; what it said before is not believed.
func TestCollectorBreaks(t *testing.T) {
	fake(t, func(w http.ResponseWriter, q request) { start(w, q) })
	for name, read := range map[string]func(context.Context, *service.Scope){
		"itself": func(_ context.Context, s *service.Scope) {
			s.Note("x:List", snapshot.OK, "")
			panic("broken")
		},
		"below": func(ctx context.Context, s *service.Scope) {
			s.Note("x:List", snapshot.OK, "")
			service.Each(ctx, []int{1, 2, 3}, func(_ context.Context, i int) {
				if i == 2 {
					panic(fmt.Sprint("broken at ", i))
				}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			all := []service.Service{service.Start(), {Name: "x", Global: true, Read: read, Calls: []service.Call{{Name: "x:List", Types: []string{"A::B::C"}}}}}
			s, err := scan(t.Context(), readOptions(), all, quick)
			if err != nil {
				t.Fatal(err)
			}
			gaps := slices.DeleteFunc(slices.Clone(s.Gaps()), func(g snapshot.Coverage) bool { return g.Region == elsewhere })
			if s.Has("A::B::C", "") != snapshot.Unknown || len(gaps) != 1 || !strings.Contains(gaps[0].Reason, "broken") {
				t.Errorf("coverage %+v", s.Coverage)
			}
		})
	}
}

func readOptions() read.Options { return read.Options{Regions: []string{"eu-central-1"}} }

// A call that nobody declared is refused before it is sent.
func TestUndeclared(t *testing.T) {
	sent := false
	fake(t, func(w http.ResponseWriter, q request) { sent = sent || !start(w, q) })
	kms := service.KMS()
	kms.Calls = kms.Calls[:1] // ListKeys alone
	s, err := scan(t.Context(), readOptions(), []service.Service{service.Start(), {Name: "kms", Read: func(ctx context.Context, x *service.Scope) {
		x.Service = kms
		service.KMS().Read(ctx, x)
	}}}, quick)
	if err != nil {
		t.Fatal(err)
	}
	if sent {
		t.Error("an undeclared call was sent")
	}
	if !slices.ContainsFunc(s.Gaps(), func(c snapshot.Coverage) bool { return strings.Contains(c.Reason, "not a declared call") }) {
		t.Errorf("coverage %+v", s.Coverage)
	}
}

// Progress never runs backwards past what is done, and ends with everything done.
func TestProgress(t *testing.T) {
	fake(t, func(w http.ResponseWriter, q request) {
		if !start(w, q) {
			refuse(w, q, 403, "AccessDenied")
		}
	})
	type told struct{ done, all int }
	last := make(chan told, 10_000)
	o := readOptions()
	o.Tell = func(done, all int, what string, _ time.Duration) {
		if what == "" || done > all {
			t.Errorf("%d of %d: %q", done, all, what)
		}
		last <- told{done, all}
	}
	if _, err := scan(t.Context(), o, service.All(), quick); err != nil {
		t.Fatal(err)
	}
	close(last)
	most := 0
	for x := range last {
		most = max(most, x.done)
	}
	if most < 40 {
		t.Errorf("%d calls were told", most)
	}
}
