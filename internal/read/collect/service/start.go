package service

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Start is what every scan asks first: who it is, and which Regions the account uses. It lists nothing.
func Start() Service {
	return Service{
		Name: "sts", Global: true,
		Calls: []Call{
			about("sts:GetCallerIdentity", "sts:GetCallerIdentity", "Account", "to know which account this is"),
			about(DescribeRegions, DescribeRegions, "regionInfo", "to look in every enabled Region"),
		},
		Read: func(context.Context, *Scope) {},
	}
}

// Identify asks whose credentials these are: the account and the ARN of the caller.
func Identify(ctx context.Context, s *Scope) (account, arn string, err error) {
	c := sts.NewFromConfig(s.Config())
	out, err := try(ctx, s, func(ctx context.Context) (*sts.GetCallerIdentityOutput, error) {
		return c.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	})
	if err != nil {
		return "", "", err
	}
	return aws.ToString(out.Account), aws.ToString(out.Arn), nil
}

// Region is a Region of the partition.
type Region struct {
	Name   string
	Status string // of the account's own list: ENABLED_BY_DEFAULT, ENABLED, DISABLED
}

// Enabled tells that something can be there.
func (r Region) Enabled() bool { return r.Status != regionOff }

// What DescribeRegions calls them, and what AWS::Account.Regions does, in the words of account:ListRegions: one call is enough for both.
var regionStatus = map[string]string{"opt-in-not-required": "ENABLED_BY_DEFAULT", "opted-in": "ENABLED", "not-opted-in": regionOff}

const regionOff = "DISABLED"

// DescribeRegions is the call that Regions makes.
const DescribeRegions = "ec2:DescribeRegions"

// Regions lists all Regions of the partition in order of name, those that are switched off too.
func Regions(ctx context.Context, s *Scope) ([]Region, error) {
	c := ec2.NewFromConfig(s.Config())
	out, err := try(ctx, s, func(ctx context.Context) (*ec2.DescribeRegionsOutput, error) {
		return c.DescribeRegions(ctx, &ec2.DescribeRegionsInput{AllRegions: aws.Bool(true)})
	})
	if err != nil {
		return nil, err
	}
	var all []Region
	for _, r := range out.Regions {
		all = append(all, Region{aws.ToString(r.RegionName), cmp.Or(regionStatus[aws.ToString(r.OptInStatus)], "ENABLED")})
	}
	slices.SortFunc(all, func(a, b Region) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}
