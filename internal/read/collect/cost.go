package collect

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/fault"
	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

// costs asks Cost Explorer. It returns what was asked also with an error: the calls are paid for.
func costs(ctx context.Context, c read.Costs, set wire.Settings) ([]snapshot.Bill, *read.Asked, error) {
	s, err := aside(ctx, service.CostExplorer(), set)
	if err != nil {
		return nil, &read.Asked{Notes: []string{}}, err
	}
	s.Account = c.Account
	if c.Tell != nil {
		c.Tell(0, read.CostCalls, "Cost Explorer", 0)
	}
	bills, asked, err := service.Charges(ctx, s, c.Now())
	switch {
	case ctx.Err() != nil:
		return nil, asked, interrupted(ctx)
	case err != nil:
		f := fault.IO(`the policy of "footing scan --print-policy --cost" grants it; Cost Explorer has to be switched on in the Billing console`,
			"what the account costs could not be read: %s", wire.Says(err))
		f.Cause = err
		return nil, asked, f
	}
	return bills, asked, nil
}

// aside opens a way to AWS for what is no part of a scan.
func aside(ctx context.Context, s service.Service, set wire.Settings) (*service.Scope, error) {
	w, err := wire.Open(ctx, declared([]service.Service{s}), set)
	if err != nil {
		return nil, credentials(err)
	}
	return &service.Scope{Service: s, Home: w.Home(), Partition: "aws", Wire: w}, nil
}

// slowest is how long one file of a bill may take.
const slowest = 2 * time.Hour

// objects lists the files of an export in S3.
func objects(ctx context.Context, address string) ([]read.Object, error) {
	bucket, prefix, err := place(address)
	if err != nil {
		return nil, err
	}
	s, err := aside(ctx, service.BillBucket(), wire.Settings{Attempt: slowest})
	if err != nil {
		return nil, err
	}
	out, err := service.BillObjects(ctx, s, bucket, prefix)
	if ctx.Err() != nil {
		return nil, interrupted(ctx)
	}
	if err != nil {
		f := fault.IO(`the policy of "footing scan --print-policy --bill `+address+`" grants it`, "the bill in %s cannot be listed: %s", address, wire.Says(err))
		f.Cause = err
		return nil, f
	}
	return out, nil
}

var errPlace = errors.New("not s3://bucket/prefix")

// place takes an address apart.
func place(address string) (bucket, prefix string, err error) {
	rest, ok := strings.CutPrefix(address, "s3://")
	bucket, prefix, _ = strings.Cut(rest, "/")
	if !ok || bucket == "" || strings.ContainsAny(address, "*?\"\n ") {
		f := fault.Input("write s3://bucket/prefix", "%q is no place of a bill", address)
		f.Cause = errPlace
		return "", "", f
	}
	return bucket, prefix, nil
}

// billStatements grant what BillBucket declares, in one place.
func billStatements(address string) ([]statement, error) {
	bucket, prefix, err := place(address)
	if err != nil {
		return nil, err
	}
	return []statement{
		{Sid: "FootingListsTheBill", Effect: "Allow", Action: []string{"s3:ListBucket"}, Resource: "arn:aws:s3:::" + bucket},
		{Sid: "FootingReadsTheBill", Effect: "Allow", Action: []string{"s3:GetObject"}, Resource: "arn:aws:s3:::" + bucket + "/" + prefix + "*"},
	}, nil
}
