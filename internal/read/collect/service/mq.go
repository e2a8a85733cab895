package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/mq"
	"github.com/aws/aws-sdk-go-v2/service/mq/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// MQ reads message brokers: from where they are reached and how their users sign in, but no password.
func MQ() Service {
	return Service{
		Name: "mq",
		Calls: []Call{
			list("mq:ListBrokers", "mq:ListBrokers", "brokerSummaries", "the brokers", "AWS::AmazonMQ::Broker"),
			about("mq:DescribeBroker", "mq:DescribeBroker", "brokerArn", "from where a broker is reached, and how one signs in"),
		},
		Read: readMQ,
	}
}

func readMQ(ctx context.Context, s *Scope) {
	c := mq.NewFromConfig(s.Config())
	var ids []string
	_, err := turn(ctx, s, mq.NewListBrokersPaginator(c, &mq.ListBrokersInput{}), func(o *mq.ListBrokersOutput) {
		for _, b := range o.BrokerSummaries {
			ids = append(ids, deref(b.BrokerId))
		}
	})
	askEach(ctx, s, "mq:ListBrokers", ids, err,
		func(ctx context.Context, id string) (*mq.DescribeBrokerOutput, error) {
			return c.DescribeBroker(ctx, &mq.DescribeBrokerInput{BrokerId: &id})
		},
		func(_ context.Context, _ string, b *mq.DescribeBrokerOutput) { s.Add(*broker(s, b)) }, "NotFoundException")
}

func broker(s *Scope, b *mq.DescribeBrokerOutput) *snapshot.Resource {
	r := s.New("AWS::AmazonMQ::Broker", deref(b.BrokerArn), deref(b.BrokerName), "mq:DescribeBroker")
	p := r.Properties
	set(p, "BrokerName", b.BrokerName)
	text(p, "EngineType", b.EngineType)
	set(p, "EngineVersion", b.EngineVersion)
	text(p, "DeploymentMode", b.DeploymentMode)
	set(p, "HostInstanceType", b.HostInstanceType)
	set(p, "PubliclyAccessible", b.PubliclyAccessible)
	set(p, "AutoMinorVersionUpgrade", b.AutoMinorVersionUpgrade)
	text(p, "AuthenticationStrategy", b.AuthenticationStrategy)
	p["SubnetIds"] = sorted(b.SubnetIds, same)
	p["SecurityGroups"] = sorted(b.SecurityGroups, same)
	many(p, "Users", sorted(b.Users, func(u types.UserSummary) any { return object{"Username": deref(u.Username)} }))
	if e := b.EncryptionOptions; e != nil {
		m := object{}
		set(m, "UseAwsOwnedKey", e.UseAwsOwnedKey)
		set(m, "KmsKeyId", e.KmsKeyId)
		p["EncryptionOptions"] = m
	}
	if l := b.Logs; l != nil {
		m := object{}
		set(m, "General", l.General)
		set(m, "Audit", l.Audit)
		p["Logs"] = m
	}
	if l := b.LdapServerMetadata; l != nil {
		p["LdapServerMetadata"] = object{"Hosts": sorted(l.Hosts, same)}
	}
	if len(b.Tags) > 0 {
		r.Tags = b.Tags
	}
	return r
}
