package service

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/read/shape"
	"github.com/footing-dev/footing/internal/snapshot"
)

// AWS makes a new report at most every four hours and hands out the last one meanwhile; one that is a day old is no fact of today.
// "Get credential reports", https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
const (
	oldestReport = 24 * time.Hour
	reportLooks  = 40
)

func readCredentialReport(ctx context.Context, s *Scope, c *iam.Client) {
	const call = "iam:GetCredentialReport"
	content, made, err := credentialReport(ctx, s, c)
	if err != nil {
		outcome, reason := wire.Outcome(err, false)
		s.Note(call, outcome, reason)
		return
	}
	r, err := shape.CredentialReport(content, s.Account)
	if err != nil {
		s.Note(call, snapshot.Failed, "the credential report "+err.Error())
		return
	}
	if r.Newest.After(made) { // what it tells of happened before it was made
		made = r.Newest
	}
	if age := s.Taken.Sub(made); age > oldestReport {
		s.Note(call, snapshot.Failed, fmt.Sprintf("the credential report is stale: it was made on %s, %d days before", made.UTC().Format(time.DateOnly), int(age.Hours()/24)))
		return
	}
	s.Add(r.Resource)
	s.Observe(r.Used...)
	s.Note(call, snapshot.OK, "")
}

// credentialReport has a report made, waits for it, and fetches it. A report that expired or is not finished is made again.
func credentialReport(ctx context.Context, s *Scope, c *iam.Client) ([]byte, time.Time, error) {
	again := []string{"ReportNotPresent", "ReportInProgress", "ReportExpired",
		"CredentialReportNotPresentException", "CredentialReportNotReadyException", "CredentialReportExpiredException"}
	for look := 0; ; look++ {
		state, err := try(ctx, s, func(ctx context.Context) (*iam.GenerateCredentialReportOutput, error) {
			return c.GenerateCredentialReport(ctx, &iam.GenerateCredentialReportInput{})
		})
		if err != nil {
			return nil, time.Time{}, err
		}
		if state.State == types.ReportStateTypeComplete {
			out, err := try(ctx, s, func(ctx context.Context) (*iam.GetCredentialReportOutput, error) {
				return c.GetCredentialReport(ctx, &iam.GetCredentialReportInput{})
			})
			if err == nil {
				made := aws.ToTime(out.GeneratedTime)
				if out.GeneratedTime == nil {
					made = s.Taken
				}
				return out.Content, made, nil
			}
			if !slices.Contains(again, wire.Code(err)) {
				return nil, time.Time{}, err
			}
		}
		if look == reportLooks {
			return nil, time.Time{}, fmt.Errorf("the credential report was not ready in time")
		}
		if err := sleep(ctx, s.Pause); err != nil {
			return nil, time.Time{}, err
		}
	}
}
