package cli

import "github.com/spf13/cobra"

// verb is one line of the help: the group it stands in, and the command.
type verb struct {
	group string
	make  func(*app) *cobra.Command
}

// verbs are all there are, in the order of the help. A new verb is one line here.
func verbs() []verb {
	return []verb{
		{"Start", demoVerb},
		{"Start", scanVerb},
		{"Start", initVerb},
		{"Look", listVerb},
		{"Look", riskVerb},
		{"Look", whoVerb},
		{"Look", reachVerb},
		{"Act", checkVerb},
		{"Act", reviewVerb},
		{"Share", reportVerb},
		{"Data", snapshotVerb},
		{"Data", rulesVerb},
		{"Data", policyVerb},
	}
}

// Groups of verbs, in the order of the help.
func groups() []string { return []string{"Start", "Look", "Act", "Share", "Data"} }
