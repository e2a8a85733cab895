package service

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer/types"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

// The calls of Cost Explorer. Each page costs money.
const (
	costCall   = "costexplorer:GetCostAndUsage"
	sampleCall = "costexplorer:GetCostAndUsageWithResources"
)

// CostExplorer declares what is asked about charges. It is not among All: a scan never makes these calls by itself.
func CostExplorer() Service {
	return Service{
		Name: "costexplorer", Global: true,
		Calls: []Call{
			about(costCall, "ce:GetCostAndUsage", "ResultsByTime", "what each service is charged"),
			about(sampleCall, "ce:GetCostAndUsageWithResources", "ResultsByTime", "how that falls on resources, where somebody switched it on"),
		},
		Read: func(context.Context, *Scope) {},
	}
}

// months is how many are asked for: the last two whole ones, so that growth can be told, and the current one.
const months = 3

// sampled is over how many days Cost Explorer knows single resources.
// "GetCostAndUsageWithResources", https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsageWithResources.html
const sampled = 14

// metric spreads what was paid ahead over what it covers, as EffectiveCost of FOCUS does.
const metric = "AmortizedCost"

// kindsApart are record types that are no charges.
// "Filtering the data that you want to view", https://docs.aws.amazon.com/cost-management/latest/userguide/ce-filtering.html
var kindsApart = map[string]string{"Credit": snapshot.ChargeCredit, "Refund": snapshot.ChargeRefund, "Tax": snapshot.ChargeTax}

// spender asks Cost Explorer, and counts.
type spender struct {
	scope  *Scope
	client *costexplorer.Client
	asked  *read.Asked
	bills  map[string]*snapshot.Bill
}

// Charges asks what the account was charged, by service and usage type; where that is switched on, by resource too. What it made of the calls is
// told also when it fails: they are paid for.
func Charges(ctx context.Context, s *Scope, now time.Time) ([]snapshot.Bill, *read.Asked, error) {
	now = now.UTC()
	p := &spender{scope: s, client: costexplorer.NewFromConfig(s.Config()), asked: &read.Asked{Notes: []string{}}, bills: map[string]*snapshot.Bill{}}
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	begin := time.Date(now.Year(), now.Month()-months+1, 1, 0, 0, 0, 0, time.UTC)
	for m := begin; !m.After(today); m = m.AddDate(0, 1, 0) {
		if m.Equal(today) { // nothing of this month has been charged yet
			break
		}
		through := m.AddDate(0, 1, 0)
		if through.After(today) {
			through = today
		}
		p.bills[snapshot.MonthOf(m)] = &snapshot.Bill{Account: s.Account, Month: snapshot.MonthOf(m), Through: through, Origin: snapshot.FromCostExplorer,
			From: "Cost Explorer", Basis: metric, Read: now.Truncate(time.Second), Lines: []snapshot.CostLine{}}
	}
	err := p.charges(ctx, begin, today)
	if err == nil {
		err = p.apart(ctx, begin, today)
	}
	if err == nil {
		err = p.sample(ctx, today)
	}
	p.asked.Dollars = math.Round(float64(p.asked.Calls)*read.DollarsACall*100) / 100
	if err != nil {
		return nil, p.asked, err
	}
	var out []snapshot.Bill
	for _, b := range p.bills {
		if len(b.Lines) > 0 {
			b.Seal()
			out = append(out, *b)
		}
	}
	slices.SortFunc(out, func(a, b snapshot.Bill) int { return strings.Compare(a.Month, b.Month) })
	return out, p.asked, nil
}

// charges asks by service and usage type, without credits, refunds and taxes: those have no use.
func (p *spender) charges(ctx context.Context, from, to time.Time) error {
	var apart []string
	for k := range kindsApart {
		apart = append(apart, k)
	}
	slices.Sort(apart)
	in := &costexplorer.GetCostAndUsageInput{
		TimePeriod: interval(from, to), Granularity: types.GranularityMonthly, Metrics: []string{metric},
		GroupBy: groups("SERVICE", "USAGE_TYPE"),
		Filter:  both(p.mine(), types.Expression{Not: dimension(types.DimensionRecordType, apart...)}),
	}
	return p.pages(ctx, in, func(b *snapshot.Bill, keys []string, amount float64, currency string) {
		b.Lines = append(b.Lines, snapshot.CostLine{Service: keys[0], Usage: keys[1], Region: regionOf(keys[1]), Kind: snapshot.ChargeUsage, Amount: amount, Currency: currency})
	})
}

// apart asks for what is no charge, in one sum a month and kind.
func (p *spender) apart(ctx context.Context, from, to time.Time) error {
	in := &costexplorer.GetCostAndUsageInput{
		TimePeriod: interval(from, to), Granularity: types.GranularityMonthly, Metrics: []string{metric},
		GroupBy: groups("RECORD_TYPE"), Filter: p.mine(),
	}
	return p.pages(ctx, in, func(b *snapshot.Bill, keys []string, amount float64, currency string) {
		if kind := kindsApart[keys[0]]; kind != "" {
			b.Lines = append(b.Lines, snapshot.CostLine{Kind: kind, Amount: amount, Currency: currency})
		}
	})
}

// pages asks for costs to the end of the list, or of what may be spent.
func (p *spender) pages(ctx context.Context, in *costexplorer.GetCostAndUsageInput, line func(*snapshot.Bill, []string, float64, string)) error {
	for {
		if err := p.spend(); err != nil {
			return err
		}
		out, err := try(ctx, p.scope, func(ctx context.Context) (*costexplorer.GetCostAndUsageOutput, error) {
			return p.client.GetCostAndUsage(ctx, in)
		})
		if err != nil {
			return err
		}
		for _, r := range out.ResultsByTime {
			b := p.bills[month(r.TimePeriod)]
			if b == nil {
				continue
			}
			if err := amounts(r.Groups, len(in.GroupBy), func(keys []string, amount float64, currency string) { line(b, keys, amount, currency) }); err != nil {
				return err
			}
		}
		if aws.ToString(out.NextPageToken) == "" {
			return nil
		}
		in.NextPageToken = out.NextPageToken
	}
}

// sample asks how the last days' costs of the services that were charged fell on resources. That it is not switched on is an answer, and whatever else
// comes in its way takes nothing from what is known by then.
func (p *spender) sample(ctx context.Context, today time.Time) error {
	latest := p.latest()
	services := map[string]bool{}
	for _, b := range p.bills {
		for _, l := range b.Lines {
			if l.Service != "" && l.Amount > 0 {
				services[l.Service] = true
			}
		}
	}
	if len(services) == 0 || latest == nil {
		return nil
	}
	var names []string
	for s := range services {
		names = append(names, s)
	}
	slices.Sort(names)
	in := &costexplorer.GetCostAndUsageWithResourcesInput{
		TimePeriod: interval(today.AddDate(0, 0, 1-sampled), today), Granularity: types.GranularityDaily, Metrics: []string{metric},
		GroupBy: groups("SERVICE", "RESOURCE_ID"), Filter: both(p.mine(), *dimension(types.DimensionService, names...)),
	}
	sums := map[snapshot.CostLine]float64{}
	for {
		if err := p.spend(); err != nil {
			p.notSampled(err)
			return nil
		}
		out, err := try(ctx, p.scope, func(ctx context.Context) (*costexplorer.GetCostAndUsageWithResourcesOutput, error) {
			return p.client.GetCostAndUsageWithResources(ctx, in)
		})
		if err != nil {
			p.notSampled(err)
			return ctx.Err()
		}
		for _, r := range out.ResultsByTime {
			err := amounts(r.Groups, 2, func(keys []string, amount float64, currency string) {
				id := keys[1]
				if id == "NoResourceId" {
					id = ""
				}
				sums[snapshot.CostLine{Service: keys[0], Resource: id, Kind: snapshot.ChargeUsage, Currency: currency}] += amount
			})
			if err != nil {
				p.notSampled(err)
				return nil
			}
		}
		if aws.ToString(out.NextPageToken) == "" {
			break
		}
		in.NextPageToken = out.NextPageToken
	}
	for l, amount := range sums {
		l.Amount = math.Round(amount*1e6) / 1e6
		latest.Sampled = append(latest.Sampled, l)
	}
	return nil
}

// latest is the last whole month: the one that figures are taken of.
func (p *spender) latest() *snapshot.Bill {
	var best *snapshot.Bill
	for _, b := range p.bills {
		if len(b.Lines) > 0 && (best == nil || b.Whole() && (!best.Whole() || b.Month > best.Month)) {
			best = b
		}
	}
	return best
}

func (p *spender) notSampled(err error) {
	says := wire.Says(err)
	if code := wire.Code(err); code == "DataUnavailableException" || code == "ValidationException" {
		says = "costs of single resources are not switched on in the settings of Cost Explorer"
	}
	p.asked.Notes = append(p.asked.Notes, sampleCall+": "+says)
}

var errSpent = errors.New("the answers have more pages than may be paid for")

func (p *spender) spend() error {
	if p.asked.Calls == read.MostCostCalls {
		return fmt.Errorf("%w (%d)", errSpent, read.MostCostCalls)
	}
	p.asked.Calls++
	return nil
}

// mine narrows to the account: to the management account Cost Explorer tells of the whole organization.
func (p *spender) mine() *types.Expression {
	return dimension(types.DimensionLinkedAccount, p.scope.Account)
}

func dimension(d types.Dimension, values ...string) *types.Expression {
	return &types.Expression{Dimensions: &types.DimensionValues{Key: d, Values: values}}
}

func both(a *types.Expression, b types.Expression) *types.Expression {
	return &types.Expression{And: []types.Expression{*a, b}}
}

func groups(dimensions ...string) []types.GroupDefinition {
	var out []types.GroupDefinition
	for _, d := range dimensions {
		out = append(out, types.GroupDefinition{Type: types.GroupDefinitionTypeDimension, Key: aws.String(d)})
	}
	return out
}

func interval(from, to time.Time) *types.DateInterval {
	return &types.DateInterval{Start: aws.String(from.Format(time.DateOnly)), End: aws.String(to.Format(time.DateOnly))}
}

func month(p *types.DateInterval) string {
	if p == nil || len(aws.ToString(p.Start)) < len("2026-10") {
		return ""
	}
	return (*p.Start)[:len("2026-10")]
}

// amounts hands on groups with an amount. An answer that is not understood is no cost of 0.
func amounts(groups []types.Group, keys int, line func([]string, float64, string)) error {
	for _, g := range groups {
		m, ok := g.Metrics[metric]
		amount, err := strconv.ParseFloat(aws.ToString(m.Amount), 64)
		if !ok || err != nil || len(g.Keys) != keys || aws.ToString(m.Unit) == "" {
			return fmt.Errorf("the answer of Cost Explorer has a group without %s in a currency: %.100q", metric, g.Keys)
		}
		if amount != 0 {
			line(g.Keys, amount, *m.Unit)
		}
	}
	return nil
}

// regionCodes begin usage types. Those of us-east-1 have USE1 or none, like those of global services.
// "Understanding your AWS billing and usage reports for Amazon S3", https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html
var regionCodes = map[string]string{
	"AFS1": "af-south-1", "APE1": "ap-east-1", "APN1": "ap-northeast-1", "APN2": "ap-northeast-2", "APN3": "ap-northeast-3",
	"APS1": "ap-southeast-1", "APS2": "ap-southeast-2", "APS3": "ap-south-1", "APS4": "ap-southeast-3", "APS5": "ap-south-2", "APS6": "ap-southeast-4",
	"CAN1": "ca-central-1", "CPT": "af-south-1", "EU": "eu-west-1", "EUC1": "eu-central-1", "EUC2": "eu-central-2", "EUN1": "eu-north-1",
	"EUS1": "eu-south-1", "EUS2": "eu-south-2", "EUW1": "eu-west-1", "EUW2": "eu-west-2", "EUW3": "eu-west-3", "ILC1": "il-central-1",
	"MEC1": "me-central-1", "MES1": "me-south-1", "SAE1": "sa-east-1", "USE1": "us-east-1", "USE2": "us-east-2", "USW1": "us-west-1", "USW2": "us-west-2",
}

// regionOf is the Region that a usage type begins with; "us-east-1" where it begins with none that looks like one, "" where that is not known.
func regionOf(usage string) string {
	code, _, ok := strings.Cut(usage, "-")
	if r := regionCodes[code]; ok && r != "" {
		return r
	}
	if ok && len(code) == 4 && code == strings.ToUpper(code) && code[3] >= '0' && code[3] <= '9' {
		return "" // a Region that this table does not know
	}
	return "us-east-1"
}
