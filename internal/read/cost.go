package read

import (
	"context"
	"io"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Costs asks what the account was charged. The answers cost money, so it is asked only when somebody said so.
type Costs struct {
	Account string
	Now     func() time.Time
	Tell    Tell // may be nil
}

// DollarsACall is the price of a page of Cost Explorer: https://aws.amazon.com/aws-cost-management/pricing/
const DollarsACall = 0.01

// CostCalls is how many are made where every answer fits on one page: by service and usage type, by kind of charge, by resource. MostCostCalls bounds
// them.
const (
	CostCalls     = 3
	MostCostCalls = 30
)

// Asked says what asking for costs came to.
type Asked struct {
	Calls   int      `json:"calls"`
	Dollars float64  `json:"dollars"` // what the calls cost
	Notes   []string `json:"notes"`   // what was not answered, one sentence each
}

// Object is one object below an address in S3.
type Object struct {
	Key      string
	Size     int64
	Modified time.Time
	Open     func(context.Context) (io.ReadCloser, error)
}

// Extra is what a policy grants beside what a scan needs.
type Extra struct {
	Cost bool   // what is charged, by Cost Explorer
	Bill string // s3://bucket/prefix: the objects of an export
}

// Bills are the two ways to a bill that need the AWS SDK; each may be nil.
type Bills struct {
	Costs   func(context.Context, Costs) ([]snapshot.Bill, *Asked, error)
	Objects func(ctx context.Context, address string) ([]Object, error)
}
