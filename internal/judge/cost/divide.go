package cost

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// names finds the resource that a bill means by an ARN or a bare id.
type names map[string][]snapshot.Key

// namesOf lists what bills call resources: the ARN, and what of it stands in bills alone: ids of EC2 and names of buckets.
func namesOf(s *snapshot.Snapshot) names {
	n := names{}
	for i := range s.Resources {
		r := &s.Resources[i]
		k := strings.TrimSuffix(string(r.Key), ":*") // log groups
		n[k] = append(n[k], r.Key)
		switch {
		case r.Type == "AWS::S3::Bucket":
			n.alias(k, strings.TrimPrefix(k[strings.LastIndexByte(k, ':')+1:], "/"), r.Key)
		case strings.HasPrefix(r.Type, "AWS::EC2::"):
			n.alias(k, k[strings.LastIndexByte(k, '/')+1:], r.Key)
		}
		for _, id := range []string{"DbiResourceId", "ClusterResourceId"} {
			n.alias(k, r.Text(id), r.Key)
		}
	}
	return n
}

func (n names) alias(key, id string, k snapshot.Key) {
	if id != "" && id != key {
		n[id] = append(n[id], k)
	}
}

// find is the resource of a name in a bill: as it stands there, or without the version of a function or the "*" of a log group.
func (n names) find(name string) (k snapshot.Key, why string) {
	found := n[name]
	if len(found) == 0 {
		found = n[strings.TrimSuffix(name, ":*")]
	}
	if len(found) == 0 && strings.Contains(name, ":function:") {
		if parts := strings.Split(name, ":"); len(parts) == 8 {
			found = n[strings.Join(parts[:7], ":")]
		}
	}
	if arn := strings.SplitN(name, ":", 6); len(found) == 0 && len(arn) == 6 {
		switch arn[2] {
		case "ec2": // of snapshots a bill's ARN names the account, and AWS's own none
			found = n[name[strings.LastIndexByte(name, '/')+1:]]
		case "rds": // a bill's ARN of a cluster ends in its resource id
			found = n[name[strings.LastIndexByte(name, ':')+1:]]
		}
	}
	switch len(found) {
	case 0:
		return "", NotHere
	case 1:
		return found[0], ""
	}
	return "", Several
}

// part is what a resource is charged in one currency.
type part struct {
	amount float64
	source string
}

// division is a bill, divided among resources.
type division struct {
	of    map[snapshot.Key]map[string]part // by currency
	total map[string]float64
	rest  map[Rest]float64 // Amount is 0 in the key
	apart map[Apart]float64
}

func divide(b *snapshot.Bill, s *snapshot.Snapshot, n names) *division {
	d := &division{of: map[snapshot.Key]map[string]part{}, total: map[string]float64{}, rest: map[Rest]float64{}, apart: map[Apart]float64{}}
	sampled := &sample{bill: b, snap: s, names: n, done: map[snapshot.CostLine]weights{}}
	only := &sole{snap: s, listed: map[string]bool{}}
	for i := range b.Lines {
		l := &b.Lines[i]
		switch l.Kind {
		case snapshot.ChargeCredit, snapshot.ChargeRefund, snapshot.ChargeTax:
			d.apart[Apart{Kind: l.Kind, Amount: Amount{Currency: l.Currency}}] += l.Amount
			continue
		}
		d.total[l.Currency] += l.Amount
		switch {
		case l.Kind == snapshot.ChargeCommitment:
			d.leave(l, UnusedRest)
		case l.Resource != "":
			k, why := n.find(l.Resource)
			if why != "" {
				d.leave(l, why)
				continue
			}
			d.give(k, l.Currency, l.Amount, Billed)
		case sampled.of(l).sum > 0:
			d.weigh(l, sampled.of(l))
		case b.Origin == snapshot.FromExport && b.Pooled > 0:
			d.leave(l, MayBePooled)
		case b.Origin == snapshot.FromExport:
			d.leave(l, NamesNone)
		default:
			if k, ok := only.of(l); ok {
				d.give(k, l.Currency, l.Amount, Allocated)
			} else {
				d.leave(l, NotOne)
			}
		}
	}
	return d
}

func (d *division) give(k snapshot.Key, currency string, amount float64, source string) {
	if d.of[k] == nil {
		d.of[k] = map[string]part{}
	}
	p := d.of[k][currency]
	if p.source != Allocated { // a sum is no better than the worst of it
		p.source = source
	}
	p.amount += amount
	d.of[k][currency] = p
}

func (d *division) leave(l *snapshot.CostLine, why string) {
	d.rest[Rest{Service: l.Service, Why: why, Currency: l.Currency}] += l.Amount
}

// weights are how charges fell on resources, as far as that was sampled.
type weights struct {
	of  map[string]float64 // by the resource's key, or by why there is none
	sum float64
}

// sample tells how the charges of a service in a Region divide. What is in another Region has no part in them, and no other money either.
type sample struct {
	bill  *snapshot.Bill
	snap  *snapshot.Snapshot
	names names
	done  map[snapshot.CostLine]weights // by service, Region and currency
}

func (s *sample) of(l *snapshot.CostLine) weights {
	at := snapshot.CostLine{Service: l.Service, Region: l.Region, Currency: l.Currency}
	out, ok := s.done[at]
	if ok || len(s.bill.Sampled) == 0 {
		return out
	}
	out.of = map[string]float64{}
	for i := range s.bill.Sampled {
		x := &s.bill.Sampled[i]
		if x.Amount <= 0 || x.Service != l.Service || x.Currency != l.Currency {
			continue
		}
		to, region := NamesNone, ""
		if x.Resource != "" {
			k, why := s.names.find(x.Resource)
			to = cmp.Or(why, string(k))
			if r, ok := s.snap.Get(k); ok {
				region = r.Region
			} else if arn := strings.SplitN(x.Resource, ":", 6); len(arn) == 6 {
				region = arn[3]
			}
		}
		if region == "" || l.Region == "" || region == l.Region {
			out.of[to] += x.Amount
			out.sum += x.Amount
		}
	}
	s.done[at] = out
	return out
}

// weigh divides a line as the sample of its service was divided.
func (d *division) weigh(l *snapshot.CostLine, w weights) {
	for _, to := range slices.Sorted(maps.Keys(w.of)) {
		amount := l.Amount * w.of[to] / w.sum
		switch to {
		case NamesNone, NotHere, Several:
			d.rest[Rest{Service: l.Service, Why: to, Currency: l.Currency}] += amount
		default:
			d.give(snapshot.Key(to), l.Currency, amount, Allocated)
		}
	}
}

// order puts the currency that most is charged in first.
func (d *division) order(a, b string) int {
	return cmp.Or(cmp.Compare(d.total[b], d.total[a]), strings.Compare(a, b))
}

func (d *division) totals() []Amount {
	out := []Amount{}
	for _, c := range slices.Sorted(maps.Keys(d.total)) {
		out = append(out, Amount{c, cents(d.total[c])})
	}
	return out
}

// rests leaves out what is less than a cent.
func (d *division) rests() []Rest {
	out := []Rest{}
	for r, amount := range d.rest {
		if r.Amount = cents(amount); r.Amount != 0 {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Rest) int {
		return cmp.Or(cmp.Compare(b.Amount, a.Amount), strings.Compare(a.Service, b.Service), strings.Compare(a.Why, b.Why), strings.Compare(a.Currency, b.Currency))
	})
	return out
}

func (d *division) aparts() []Apart {
	out := []Apart{}
	for a, amount := range d.apart {
		if a.Amount.Amount = cents(amount); a.Amount.Amount != 0 {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b Apart) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Currency, b.Currency))
	})
	return out
}

// amountOf is a property that is a number in words or in figures.
func amountOf(r *snapshot.Resource, path string) (float64, bool) {
	if x, st := r.Number(path); st == snapshot.Known {
		return x, true
	}
	x, err := strconv.ParseFloat(r.Text(path), 64)
	return x, err == nil
}
