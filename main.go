// Command footing reads one AWS account and tells who can do what with it, by which path, and at which risk.
package main

import (
	"context"
	"os"

	"github.com/footing-dev/footing/demo"
	"github.com/footing-dev/footing/internal/cli"
	"github.com/footing-dev/footing/internal/read/collect"
	"github.com/footing-dev/footing/rules"
)

func main() {
	os.Exit(cli.Main(context.Background(), os.Args[1:], cli.Parts{Live: collect.Live(), Sample: demo.Open, Rules: rules.All()}))
}
