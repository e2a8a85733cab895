// Command try is footing without its live reader: it starts in seconds, because the AWS SDK need not be compiled.
package main

import (
	"context"
	"os"

	"github.com/footing-dev/footing/demo"
	"github.com/footing-dev/footing/internal/cli"
	"github.com/footing-dev/footing/rules"
)

func main() {
	os.Exit(cli.Main(context.Background(), os.Args[1:], cli.Parts{Sample: demo.Open, Rules: rules.All()}))
}
