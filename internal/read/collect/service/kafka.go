package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kafka"
	"github.com/aws/aws-sdk-go-v2/service/kafka/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Kafka reads clusters of Amazon MSK: who gets in, from where, and what is encrypted. One list tells all but the policies.
func Kafka() Service {
	return Service{
		Name: "kafka",
		Calls: []Call{
			list("kafka:ListClustersV2", "kafka:ListClustersV2", "clusterInfoList", "the Kafka clusters", "AWS::MSK::Cluster", "AWS::MSK::ServerlessCluster"),
			about("kafka:GetClusterPolicy", "kafka:GetClusterPolicy", "policy", "which other accounts connect"),
		},
		Read: readKafka,
	}
}

func readKafka(ctx context.Context, s *Scope) {
	c := kafka.NewFromConfig(s.Config())
	var found []types.Cluster
	pages(ctx, s, "kafka:ListClustersV2", kafka.NewListClustersV2Paginator(c, &kafka.ListClustersV2Input{}), func(o *kafka.ListClustersV2Output) {
		found = append(found, o.ClusterInfoList...)
	})
	Each(ctx, found, func(ctx context.Context, k types.Cluster) {
		r := kafkaCluster(s, k)
		if o := part(ctx, s, r, "Policy", "kafka:GetClusterPolicy", c.GetClusterPolicy, &kafka.GetClusterPolicyInput{ClusterArn: k.ClusterArn}, "NotFoundException"); o != nil {
			setPolicy(r, "Policy", o.Policy)
		}
		s.Add(*r)
	})
}

func kafkaCluster(s *Scope, k types.Cluster) *snapshot.Resource {
	typ := "AWS::MSK::Cluster"
	if k.Serverless != nil {
		typ = "AWS::MSK::ServerlessCluster"
	}
	r := s.New(typ, deref(k.ClusterArn), deref(k.ClusterName), "kafka:ListClustersV2")
	p := r.Properties
	set(p, "ClusterName", k.ClusterName)
	if len(k.Tags) > 0 {
		r.Tags = k.Tags
	}
	if v := k.Serverless; v != nil {
		p["VpcConfigs"] = sorted(v.VpcConfigs, func(x types.VpcConfig) any {
			return object{"SubnetIds": sorted(x.SubnetIds, same), "SecurityGroups": sorted(x.SecurityGroupIds, same)}
		})
		if a := v.ClientAuthentication; a != nil && a.Sasl != nil && a.Sasl.Iam != nil {
			p["ClientAuthentication"] = object{"Sasl": object{"Iam": enabled(a.Sasl.Iam.Enabled)}}
		}
		return r
	}
	v := k.Provisioned
	if v == nil {
		return r
	}
	set(p, "NumberOfBrokerNodes", v.NumberOfBrokerNodes)
	if v.CurrentBrokerSoftwareInfo != nil {
		set(p, "KafkaVersion", v.CurrentBrokerSoftwareInfo.KafkaVersion)
	}
	if n := v.BrokerNodeGroupInfo; n != nil {
		p["BrokerNodeGroupInfo"] = kafkaNodes(*n)
	}
	if a := v.ClientAuthentication; a != nil {
		p["ClientAuthentication"] = kafkaSignIn(*a)
	}
	if e := v.EncryptionInfo; e != nil {
		m := object{}
		if e.EncryptionAtRest != nil {
			m["EncryptionAtRest"] = object{"DataVolumeKMSKeyId": deref(e.EncryptionAtRest.DataVolumeKMSKeyId)}
		}
		if t := e.EncryptionInTransit; t != nil {
			way := object{}
			text(way, "ClientBroker", t.ClientBroker)
			set(way, "InCluster", t.InCluster)
			m["EncryptionInTransit"] = way
		}
		p["EncryptionInfo"] = m
	}
	if l := v.LoggingInfo; l != nil && l.BrokerLogs != nil {
		p["LoggingInfo"] = object{"BrokerLogs": kafkaLogs(*l.BrokerLogs)}
	}
	return r
}

func enabled(v *bool) object {
	m := object{}
	set(m, "Enabled", v)
	return m
}

func kafkaNodes(n types.BrokerNodeGroupInfo) object {
	m := object{"ClientSubnets": sorted(n.ClientSubnets, same), "SecurityGroups": sorted(n.SecurityGroups, same)}
	set(m, "InstanceType", n.InstanceType)
	if n.ConnectivityInfo == nil {
		return m
	}
	to := object{}
	if n.ConnectivityInfo.PublicAccess != nil {
		to["PublicAccess"] = object{"Type": deref(n.ConnectivityInfo.PublicAccess.Type)}
	}
	if v := n.ConnectivityInfo.VpcConnectivity; v != nil && v.ClientAuthentication != nil {
		by := object{}
		if x := v.ClientAuthentication.Sasl; x != nil {
			sasl := object{}
			if x.Iam != nil {
				sasl["Iam"] = enabled(x.Iam.Enabled)
			}
			if x.Scram != nil {
				sasl["Scram"] = enabled(x.Scram.Enabled)
			}
			by["Sasl"] = sasl
		}
		if x := v.ClientAuthentication.Tls; x != nil {
			by["Tls"] = enabled(x.Enabled)
		}
		to["VpcConnectivity"] = object{"ClientAuthentication": by}
	}
	m["ConnectivityInfo"] = to
	return m
}

func kafkaSignIn(a types.ClientAuthentication) object {
	m := object{}
	if a.Sasl != nil {
		sasl := object{}
		if a.Sasl.Iam != nil {
			sasl["Iam"] = enabled(a.Sasl.Iam.Enabled)
		}
		if a.Sasl.Scram != nil {
			sasl["Scram"] = enabled(a.Sasl.Scram.Enabled)
		}
		m["Sasl"] = sasl
	}
	if a.Tls != nil {
		tls := enabled(a.Tls.Enabled)
		many(tls, "CertificateAuthorityArnList", sorted(a.Tls.CertificateAuthorityArnList, same))
		m["Tls"] = tls
	}
	if a.Unauthenticated != nil {
		m["Unauthenticated"] = enabled(a.Unauthenticated.Enabled)
	}
	return m
}

func kafkaLogs(l types.BrokerLogs) object {
	m := object{}
	if l.CloudWatchLogs != nil {
		to := enabled(l.CloudWatchLogs.Enabled)
		set(to, "LogGroup", l.CloudWatchLogs.LogGroup)
		m["CloudWatchLogs"] = to
	}
	if l.Firehose != nil {
		to := enabled(l.Firehose.Enabled)
		set(to, "DeliveryStream", l.Firehose.DeliveryStream)
		m["Firehose"] = to
	}
	if l.S3 != nil {
		to := enabled(l.S3.Enabled)
		set(to, "Bucket", l.S3.Bucket)
		m["S3"] = to
	}
	return m
}
