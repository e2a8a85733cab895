// Package wire is the one way out to AWS: it counts every request, refuses what was not declared, and distrusts empty answers.
package wire

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Made is one kind of request that was made: an operation ("s3:ListBuckets") in a Region.
type Made struct{ Call, Region string }

// Settings are what a test may want otherwise; the zero value is what a scan uses.
type Settings struct {
	Attempt time.Duration                        // the longest one HTTP request may take; 30 s
	Watch   func(call, region string, input any) // told of every call before it is sent
	Rate    int                                  // HTTP requests a second, and as many at once after a rest; 100
	Once    bool                                 // neither repeat a request nor slow down when AWS says so
}

// Declared tells which operations may be called ("s3:ListBuckets"), and what the body of each must hold.
type Declared map[string]string

// Stream is declared of a call whose answer is no document, and may be larger than memory.
const Stream = "*"

// Wire makes requests. It is safe for use by several goroutines.
type Wire struct {
	config   aws.Config
	declared Declared
	watch    func(call, region string, input any)
	slots    chan struct{}
	resolve  func(ctx context.Context, host string) ([]string, error)

	mu   sync.Mutex
	made map[Made]int
	sent int

	rate *rate
}

// inFlight bounds the requests under way at any moment, over all services and Regions.
const inFlight = 16

// aSecond bounds how many are sent in a second, likewise. AWS counts by account, Region and service, and lets the tightest of them
// answer some twenty reads a second ("Request throttling", https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html),
// which others in the account need too: the SDK slows down what is throttled, this keeps the whole from being a burden.
const aSecond = 100

// Open takes credentials, Region and endpoints from where the SDK looks for them: its environment variables and files.
// It sends nothing yet.
func Open(ctx context.Context, declared Declared, s Settings) (*Wire, error) {
	if s.Attempt == 0 {
		s.Attempt = 30 * time.Second
	}
	w := &Wire{declared: declared, watch: s.Watch, slots: make(chan struct{}, inFlight), made: map[Made]int{}, resolve: net.DefaultResolver.LookupHost}

	retry := config.WithRetryMode(aws.RetryModeAdaptive)
	if s.Once {
		retry = config.WithRetryer(func() aws.Retryer { return aws.NopRetryer{} })
	}
	cfg, err := config.LoadDefaultConfig(ctx,
		config.WithLogger(logging.Nop{}), // what matters of a call is its outcome; it does not write to the terminal by itself
		retry,
		config.WithHTTPClient(awshttp.NewBuildableClient().WithTimeout(s.Attempt)),
		config.WithAPIOptions([]func(*middleware.Stack) error{w.install}))
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		// The global services of the standard partition answer in every Region's name; us-east-1 always exists there.
		cfg.Region = "us-east-1"
	}
	w.config = cfg
	w.rate = newRate(cmp.Or(s.Rate, aSecond))
	return w, nil
}

// Home is the configured Region.
func (w *Wire) Home() string { return w.config.Region }

// Endpoint is where requests go instead of to AWS; "" if nobody said so.
func (w *Wire) Endpoint() string { return aws.ToString(w.config.BaseEndpoint) }

// Config is a client configuration for one Region.
func (w *Wire) Config(region string) aws.Config {
	c := w.config.Copy()
	if region != "" {
		c.Region = region
	}
	return c
}

// Enter waits until a call may start, and returns what to do when it is over.
func (w *Wire) Enter(ctx context.Context) (func(), error) {
	select {
	case w.slots <- struct{}{}:
		return func() { <-w.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Sent is the number of HTTP requests so far, repeats included.
func (w *Wire) Sent() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sent
}

// Made is every kind of request so far, with how often it was asked.
func (w *Wire) Made() map[Made]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make(map[Made]int, len(w.made))
	for k, n := range w.made {
		out[k] = n
	}
	return out
}

// Undeclared is a call that no collector declared: a bug, caught before anything is sent.
type Undeclared struct{ Call string }

func (u *Undeclared) Error() string { return fmt.Sprintf("%s is not a declared call", u.Call) }

func (w *Wire) install(stack *middleware.Stack) error {
	err := stack.Initialize.Add(middleware.InitializeMiddlewareFunc("FootingDeclared", w.guard), middleware.After)
	if err != nil {
		return err
	}
	// Last in this step is nearest to the network: once an attempt, and before the answer is decoded.
	return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("FootingBody", w.receive), middleware.After)
}

func (w *Wire) guard(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	call, region := callOf(ctx), awsmiddleware.GetRegion(ctx)
	if _, ok := w.declared[call]; !ok {
		return middleware.InitializeOutput{}, middleware.Metadata{}, &Undeclared{call}
	}
	w.mu.Lock()
	w.made[Made{call, region}]++
	w.mu.Unlock()
	if w.watch != nil {
		w.watch(call, region, in.Parameters)
	}
	return next.HandleInitialize(ctx, in)
}

func (w *Wire) receive(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
	if err := w.rate.wait(ctx); err != nil {
		return middleware.DeserializeOutput{}, middleware.Metadata{}, err
	}
	w.mu.Lock()
	w.sent++
	w.mu.Unlock()
	out, meta, err := next.HandleDeserialize(ctx, in)
	if err != nil {
		return out, meta, w.nowhere(ctx, err)
	}
	if resp, ok := out.RawResponse.(*smithyhttp.Response); ok && resp.StatusCode/100 == 2 {
		if call := callOf(ctx); w.declared[call] != Stream {
			err = inspect(resp, call, w.declared[call])
		}
	}
	return out, meta, err
}

// NotOffered is a call to a service that has no address in the Region.
type NotOffered struct {
	Host string
	err  error
}

func (n *NotOffered) Error() string {
	return "there is no " + n.Host + ": the service is not offered in this Region"
}
func (n *NotOffered) Unwrap() error { return n.err }

// nowhere tells a service that is not offered in a Region from a network that is gone: both may come as a name that does not exist,
// but EC2 has an address in every Region.
// "Service endpoints and quotas", https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
func (w *Wire) nowhere(ctx context.Context, err error) error {
	var dns *net.DNSError
	if !errors.As(err, &dns) || !dns.IsNotFound {
		return err
	}
	region := awsmiddleware.GetRegion(ctx)
	name, domain, regional := strings.Cut(strings.TrimSuffix(dns.Name, "."), "."+region+".")
	if !regional || region == "" || name == "ec2" {
		return err
	}
	if _, gone := w.resolve(ctx, "ec2."+region+"."+domain); gone != nil {
		return err
	}
	return &NotOffered{Host: name + "." + region + "." + domain, err: err}
}

// callOf names the operation as IAM names its service: "s3:ListBuckets".
func callOf(ctx context.Context) string {
	service := strings.ToLower(strings.ReplaceAll(awsmiddleware.GetServiceID(ctx), " ", ""))
	return service + ":" + awsmiddleware.GetOperationName(ctx)
}
