package service

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Route53 reads hosted zones and the records that lead somewhere.
func Route53() Service {
	const why = "which names lead where"
	return Service{
		Name: "route53", Global: true,
		Calls: []Call{
			list("route53:ListHostedZones", "route53:ListHostedZones", "HostedZones", why, "AWS::Route53::HostedZone"),
			below("route53:ListResourceRecordSets", "route53:ListResourceRecordSets", "ResourceRecordSets", why, "AWS::Route53::RecordSet"),
			about("route53:GetHostedZone", "route53:GetHostedZone", "HostedZone", "which networks a private zone is for"),
			about("route53:GetDNSSEC", "route53:GetDNSSEC", "Status", "whether answers are signed"),
			about("route53:ListQueryLoggingConfigs", "route53:ListQueryLoggingConfigs", "QueryLoggingConfigs", "whether questions are written down"),
			about("route53:ListTagsForResources", "route53:ListTagsForResources", "ResourceTagSets", "whose zone it is"),
		},
		Read: readRoute53,
	}
}

func readRoute53(ctx context.Context, s *Scope) {
	const call = "route53:ListHostedZones"
	c := route53.NewFromConfig(s.in(s.seat()))
	var zones []*snapshot.Resource
	complete := pages(ctx, s, call, route53.NewListHostedZonesPaginator(c, &route53.ListHostedZonesInput{}), func(o *route53.ListHostedZonesOutput) {
		for _, z := range o.HostedZones {
			id := zoneID(deref(z.Id))
			r := s.New("AWS::Route53::HostedZone", "arn:"+s.Partition+":route53:::hostedzone/"+id, dnsName(z.Name), call)
			r.Properties["Id"], r.Properties["Name"] = id, dnsName(z.Name)
			r.Properties["PrivateZone"] = z.Config != nil && z.Config.PrivateZone
			if z.LinkedService != nil {
				set(r.Properties, "LinkedService", z.LinkedService.ServicePrincipal)
			}
			zones = append(zones, r)
		}
	})
	records := newTally(complete)
	if len(zones) > 0 {
		readQueryLogs(ctx, s, c, zones)
		readZoneTags(ctx, s, c, zones)
	}
	Each(ctx, zones, func(ctx context.Context, z *snapshot.Resource) {
		if private, _ := z.Flag("PrivateZone"); private {
			readZoneNetworks(ctx, s, c, z)
		} else {
			readSigning(ctx, s, c, z)
		}
		records.count(z.Key, readRecords(ctx, s, c, z))
		s.Add(*z)
	})
	records.note(s, "route53:ListResourceRecordSets")
}

func zoneID(id string) string { return afterLast(id, '/') } // "/hostedzone/Z1"

// dnsName is a name without the dot at its end, and with a star where Route 53 writes its number.
// "DNS domain name format", https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
func dnsName(s *string) string {
	return strings.ReplaceAll(strings.TrimSuffix(deref(s), "."), `\052`, "*")
}

func readQueryLogs(ctx context.Context, s *Scope, c *route53.Client, zones []*snapshot.Resource) {
	const call = "route53:ListQueryLoggingConfigs"
	logs := map[string]string{}
	_, err := turn(ctx, s, route53.NewListQueryLoggingConfigsPaginator(c, &route53.ListQueryLoggingConfigsInput{}), func(o *route53.ListQueryLoggingConfigsOutput) {
		for _, q := range o.QueryLoggingConfigs {
			logs[zoneID(deref(q.HostedZoneId))] = deref(q.CloudWatchLogsLogGroupArn)
		}
	})
	for _, z := range zones {
		if group := logs[z.Text("Id")]; group != "" {
			z.Properties["QueryLoggingConfig"] = object{"CloudWatchLogsLogGroupArn": group}
		} else if err != nil {
			s.Miss(z, "QueryLoggingConfig", call, err)
		}
	}
}

// readZoneTags asks for the tags of ten at once, the most that one call takes.
func readZoneTags(ctx context.Context, s *Scope, c *route53.Client, zones []*snapshot.Resource) {
	for batch := range slices.Chunk(zones, 10) {
		var ids []string
		for _, z := range batch {
			ids = append(ids, z.Text("Id"))
		}
		o, err := try(ctx, s, func(ctx context.Context) (*route53.ListTagsForResourcesOutput, error) {
			return c.ListTagsForResources(ctx, &route53.ListTagsForResourcesInput{ResourceType: types.TagResourceTypeHostedzone, ResourceIds: ids})
		})
		for _, z := range batch {
			if err != nil {
				s.Miss(z, "Tags", "route53:ListTagsForResources", err)
				continue
			}
			for _, t := range o.ResourceTagSets {
				if deref(t.ResourceId) == z.Text("Id") {
					z.Tags = tagsOf(t.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
				}
			}
		}
	}
}

func readZoneNetworks(ctx context.Context, s *Scope, c *route53.Client, z *snapshot.Resource) {
	id := z.Text("Id")
	if o := part(ctx, s, z, "VPCs", "route53:GetHostedZone", c.GetHostedZone, &route53.GetHostedZoneInput{Id: &id}); o != nil {
		z.Properties["VPCs"] = sorted(o.VPCs, func(v types.VPC) any {
			return object{"VPCId": deref(v.VPCId), "VPCRegion": string(v.VPCRegion)}
		})
	}
}

func readSigning(ctx context.Context, s *Scope, c *route53.Client, z *snapshot.Resource) {
	id := z.Text("Id")
	o := part(ctx, s, z, "DNSSEC", "route53:GetDNSSEC", c.GetDNSSEC, &route53.GetDNSSECInput{HostedZoneId: &id})
	if o == nil || o.Status == nil {
		return
	}
	m := object{}
	set(m, "ServeSignature", o.Status.ServeSignature)
	many(m, "KeySigningKeys", sorted(o.KeySigningKeys, func(k types.KeySigningKey) any {
		return object{"Name": deref(k.Name), "KeyManagementServiceArn": deref(k.KmsArn), "Status": deref(k.Status)}
	}))
	z.Properties["DNSSEC"] = m
}

// leads are the types of records that say where something is, or who may speak for a name.
var leads = []types.RRType{types.RRTypeA, types.RRTypeAaaa, types.RRTypeCname, types.RRTypeNs, types.RRTypeMx, types.RRTypeTxt, types.RRTypeCaa, types.RRTypeDs}

func readRecords(ctx context.Context, s *Scope, c *route53.Client, z *snapshot.Resource) error {
	id := z.Text("Id")
	p := route53.NewListResourceRecordSetsPaginator(c, &route53.ListResourceRecordSetsInput{HostedZoneId: &id, MaxItems: aws.Int32(300)})
	_, err := turn(ctx, s, p, func(o *route53.ListResourceRecordSetsOutput) {
		for _, x := range o.ResourceRecordSets {
			if slices.Contains(leads, x.Type) || x.AliasTarget != nil {
				s.Add(*record(s, z, x))
			}
		}
	})
	return err
}

func record(s *Scope, z *snapshot.Resource, x types.ResourceRecordSet) *snapshot.Resource {
	name := dnsName(x.Name)
	key := string(z.Key) + "/recordset/" + name + "/" + string(x.Type)
	if x.SetIdentifier != nil {
		key += "/" + *x.SetIdentifier
	}
	r := s.New("AWS::Route53::RecordSet", key, name, "route53:ListResourceRecordSets")
	p := r.Properties
	p["Name"], p["HostedZoneId"] = name, z.Text("Id")
	text(p, "Type", x.Type)
	set(p, "SetIdentifier", x.SetIdentifier)
	if a := x.AliasTarget; a != nil {
		p["AliasTarget"] = object{"DNSName": dnsName(a.DNSName), "HostedZoneId": deref(a.HostedZoneId)}
	}
	var values []string
	for _, v := range x.ResourceRecords {
		// Of texts only those that tell who may send mail are kept: another may be anything, also a secret.
		if text := deref(v.Value); x.Type != types.RRTypeTxt || strings.HasPrefix(strings.ToLower(text), `"v=spf1`) || strings.HasPrefix(strings.ToLower(text), `"v=dmarc1`) {
			values = append(values, text)
		}
	}
	many(p, "ResourceRecords", sorted(values, same))
	return r
}
