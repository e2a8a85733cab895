package wire

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/footing-dev/footing/internal/snapshot"
)

// The codes by which services say the same thing. Sources: "Common error types" in each service's API reference,
// and "Error codes for the Amazon EC2 API", https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html.
var (
	deniedCodes = []string{
		"AccessDenied", "AccessDeniedException", "AccessDeniedFault", "AuthorizationError", "AuthorizationErrorException",
		"AllAccessDisabled", "UnauthorizedOperation", "Client.UnauthorizedOperation", "NotAuthorized", "NotAuthorizedException",
		"UnauthorizedAccess", "UnauthorizedException", "Forbidden", "KMSAccessDeniedException", "KMS.AccessDeniedException",
	}
	throttleCodes = []string{
		"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException", "TooManyRequestsException",
		"RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "ProvisionedThroughputExceededException",
		"PriorRequestNotComplete", "SlowDown", "EC2ThrottledException", "TransactionInProgressException",
	}
	offCodes = []string{
		"OptInRequired", "SubscriptionRequiredException", "AWSOrganizationsNotInUseException", "RegionDisabledException",
		"NotSignedUp", "AccountNotEnabled",
	}
	// Codes that mean that the service is off when the message says so, and else something wrong with the account.
	// "DescribeHub", https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeHub.html
	offSayings = []struct{ code, says string }{{"InvalidAccessException", "not subscribed to AWS Security Hub"}}
	// A Region that is off does not know the account's credentials. Elsewhere these mean that the credentials are bad.
	// "Error message considerations for Regions that are disabled", https://docs.aws.amazon.com/general/latest/gr/rande-manage.html
	strangerCodes = []string{"UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "InvalidAccessKeyId"}
	// The credentials ended or the clock is wrong: nobody refused, and signing in again helps.
	lapsedCodes = []string{"ExpiredToken", "ExpiredTokenException", "RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture", "SignatureDoesNotMatch", "InvalidSignatureException"}
)

// WrongClock tells that AWS refused a signature because of the moment at which it was made. Some services have a code for that, the others
// say it in the message of a code that also means a wrong key.
// "Troubleshooting AWS Signature Version 4 signing errors", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
func WrongClock(err error) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	switch api.ErrorCode() {
	case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture":
		return true
	case "SignatureDoesNotMatch", "InvalidSignatureException":
		return strings.HasPrefix(api.ErrorMessage(), "Signature expired") || strings.HasPrefix(api.ErrorMessage(), "Signature not yet current")
	}
	return false
}

// Code is the API's error code, "" when the error is not an answer of the API.
func Code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// Outcome classifies the error of a call: one of the snapshot's outcomes and one sentence.
// maybeOff says that the Region is not known to be enabled.
func Outcome(err error, maybeOff bool) (outcome, reason string) {
	if err == nil {
		return snapshot.OK, ""
	}
	code, status := Code(err), 0
	var resp *smithyhttp.ResponseError
	if errors.As(err, &resp) {
		status = resp.HTTPStatusCode()
	}
	reason = Says(err)
	var nowhere *NotOffered
	switch {
	case errors.As(err, &nowhere), slices.Contains(offCodes, code), saysOff(code, reason), maybeOff && slices.Contains(strangerCodes, code):
		return snapshot.NotEnabled, reason
	case slices.Contains(throttleCodes, code), status == 429:
		return snapshot.Throttled, reason
	case slices.Contains(deniedCodes, code), status == 403 && !slices.Contains(strangerCodes, code) && !slices.Contains(lapsedCodes, code):
		return snapshot.Denied, reason
	}
	return snapshot.Failed, reason
}

func saysOff(code, reason string) bool {
	for _, o := range offSayings {
		if o.code == code && strings.Contains(reason, o.says) {
			return true
		}
	}
	return false
}

// Says is an error as one line without what changes from one request to the next (request ids, encoded messages).
func Says(err error) string {
	var api smithy.APIError
	var undeclared *Undeclared
	var noDocument *NotADocument
	var nowhere *NotOffered
	var resp *smithyhttp.ResponseError
	text := ""
	switch {
	case noCredentials(err):
		text = "no credentials were found, or they could not be renewed"
	case errors.As(err, &undeclared):
		text = undeclared.Error()
	case errors.As(err, &noDocument):
		text = noDocument.Error()
	case errors.As(err, &nowhere):
		text = nowhere.Error()
	case errors.As(err, &api):
		text, _, _ = strings.Cut(api.ErrorMessage(), " Encoded authorization failure message")
		if code := api.ErrorCode(); code != "" && code != text {
			text = strings.TrimSuffix(code+": "+text, ": ")
		}
	case errors.Is(err, context.DeadlineExceeded):
		text = "no answer in time"
	case errors.As(err, &resp) && resp.HTTPStatusCode() != 0: // without a status there was no answer at all
		text = fmt.Sprintf("an answer with status %d that is no document", resp.HTTPStatusCode())
	default:
		text = innermost(err).Error()
	}
	text = strings.Join(strings.Fields(requestIDs.ReplaceAllString(text, "")), " ")
	if utf8.RuneCountInString(text) > 300 {
		text = string([]rune(text)[:299]) + "…"
	}
	return text
}

// requestIDs are what Cloud Control quotes of the requests that it made.
var requestIDs = regexp.MustCompile(`,? *\b(Extended )?(Request ?ID|RequestToken): [^,()]*`)

// noCredentials tells that no request could be signed. The SDK has no type for it.
func noCredentials(err error) bool {
	text := err.Error()
	return strings.Contains(text, "failed to refresh cached credentials") || strings.Contains(text, "failed to retrieve credentials")
}

func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
