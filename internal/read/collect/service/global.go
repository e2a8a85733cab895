package service

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/footing-dev/footing/internal/snapshot"
)

// seats are the Regions in which a partition keeps what belongs to none.
var seats = map[string]string{"aws": "us-east-1", "aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1"}

func (s *Scope) seat() string {
	if r := seats[s.Partition]; r != "" {
		return r
	}
	return s.Home
}

// offered tells whether a service exists in the account's partition. Where it does not, there is none of its things.
func (s *Scope) offered(partitions ...string) bool {
	if slices.Contains(partitions, s.Partition) {
		return true
	}
	s.Close(snapshot.NotEnabled, s.Service.Name+" is not offered in the partition "+s.Partition)
	return false
}

// in is a client configuration for a Region of its own.
func (s *Scope) in(region string) aws.Config {
	return s.Wire.Config(region)
}
