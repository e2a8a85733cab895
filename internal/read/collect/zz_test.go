package collect

import (
	"fmt"
	"os"
	"testing"
)

func TestZZ(t *testing.T) {
	e := openEstate(t, os.Getenv("ZZ"))
	serve(t, e)
	s := scanned(t, judgedOptions())
	for _, g := range s.Gaps() {
		if g.Region != "us-east-1" {
			fmt.Printf("GAP %s %s %s %.150s %s\n", g.Call, g.Region, g.Outcome, g.Reason, g.Resource)
		}
	}
	fmt.Println(s.Calls, len(s.Resources))
	for _, l := range e.lines(s, e.judge(t, s)) {
		fmt.Println(l)
	}
}
