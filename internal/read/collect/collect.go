// Package collect reads one live AWS account. With the rooms below it, it is the only owner of the AWS SDK.
package collect

import (
	"context"
	"time"

	"github.com/footing-dev/footing/internal/read"
	"github.com/footing-dev/footing/internal/read/collect/service"
	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Live is the reader of the account that the SDK's own environment and files give credentials for.
//
// Scan returns an error (a *fault.Error) and no snapshot when AWS does not even say which account it is, when a Region or
// service that was asked for does not exist, and when the context ends. Anything else that goes wrong is coverage in the
// snapshot: also a scan that could read nothing returns one, and the caller decides what that means.
func Live() read.Live {
	return read.Live{
		Scan: func(ctx context.Context, o read.Options) (*snapshot.Snapshot, error) {
			return scan(ctx, o, service.All(), settings{Pause: time.Second})
		},
		Policy: Policy,
		Bills: read.Bills{
			Costs: func(ctx context.Context, c read.Costs) ([]snapshot.Bill, *read.Asked, error) {
				return costs(ctx, c, wire.Settings{})
			},
			Objects: objects,
		},
	}
}

// settings are what tests need otherwise.
type settings struct {
	Wire  wire.Settings
	Pause time.Duration // between two looks at something that AWS is preparing
	Made  func(map[wire.Made]int)
}

// declared gathers what the services say they call.
func declared(all []service.Service) wire.Declared {
	d := wire.Declared{}
	for _, s := range all {
		for _, c := range s.Calls {
			d[c.Name] = c.Holds
		}
	}
	return d
}
