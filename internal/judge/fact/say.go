package fact

import (
	"fmt"

	"github.com/footing-dev/footing/internal/judge/check"
)

// Few joins names in their order; of many it tells the first and counts the others: "a", "a and b", "a, b, c and 4 more".
func Few(names []string) string { return check.Few(names) }

// Count is a number of things: "1 bucket", "3 buckets".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
