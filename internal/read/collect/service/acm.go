package service

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// ACM reads certificates, never a key.
func ACM() Service {
	return Service{
		Name: "acm",
		Calls: []Call{
			list("acm:ListCertificates", "acm:ListCertificates", "CertificateSummaryList", "which certificates there are, and when they end", "AWS::CertificateManager::Certificate"),
			about("acm:ListTagsForCertificate", "acm:ListTagsForCertificate", "?Tags", "whose it is"),
		},
		Read: readACM,
	}
}

// Unless asked for others, the list holds certificates with the shorter RSA keys alone.
// "Filters", keyTypes, https://docs.aws.amazon.com/acm/latest/APIReference/API_Filters.html
var keyTypes = []types.KeyAlgorithm{
	types.KeyAlgorithmRsa1024, types.KeyAlgorithmRsa2048, types.KeyAlgorithmRsa3072, types.KeyAlgorithmRsa4096,
	types.KeyAlgorithmEcPrime256v1, types.KeyAlgorithmEcSecp384r1, types.KeyAlgorithmEcSecp521r1,
}

func readACM(ctx context.Context, s *Scope) {
	const call = "acm:ListCertificates"
	c := acm.NewFromConfig(s.Config())
	var all []*snapshot.Resource
	in := &acm.ListCertificatesInput{MaxItems: aws.Int32(1000), Includes: &types.Filters{KeyTypes: keyTypes}}
	pages(ctx, s, call, acm.NewListCertificatesPaginator(c, in), func(o *acm.ListCertificatesOutput) {
		for _, x := range o.CertificateSummaryList {
			all = append(all, certificate(s, x, call))
		}
	})
	Each(ctx, all, func(ctx context.Context, r *snapshot.Resource) {
		if !s.tags(ctx, r) {
			arn := string(r.Key)
			if o := part(ctx, s, r, "Tags", "acm:ListTagsForCertificate", c.ListTagsForCertificate, &acm.ListTagsForCertificateInput{CertificateArn: &arn}); o != nil {
				r.Tags = tagsOf(o.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		s.Add(*r)
	})
}

func certificate(s *Scope, x types.CertificateSummary, call string) *snapshot.Resource {
	r := s.New("AWS::CertificateManager::Certificate", deref(x.CertificateArn), deref(x.DomainName), call)
	p := r.Properties
	set(p, "DomainName", x.DomainName)
	set(p, "InUse", x.InUse)
	set(p, "Exported", x.Exported)
	text(p, "Status", x.Status)
	text(p, "Type", x.Type)
	text(p, "KeyAlgorithm", x.KeyAlgorithm)
	text(p, "CertificateExport", x.ExportOption)
	text(p, "RenewalEligibility", x.RenewalEligibility)
	if x.NotAfter != nil {
		p["NotAfter"] = x.NotAfter.UTC().Format(time.RFC3339)
	}
	if aws.ToBool(x.HasAdditionalSubjectAlternativeNames) { // the list holds a hundred of them
		r.Unknown = append(r.Unknown, "SubjectAlternativeNames")
	} else {
		many(p, "SubjectAlternativeNames", sorted(x.SubjectAlternativeNameSummaries, same))
	}
	return r
}
