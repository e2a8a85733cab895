package check

import (
	"fmt"
	"strings"
)

// few is how many names a sentence holds.
const few = 4

// Few joins names in their order; of many it tells the first and counts the others: "a", "a and b", "a, b, c and 4 more".
func Few(names []string) string {
	if len(names) > few {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:few-1], ", "), len(names)-few+1)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// Count is a number of things: "1 bucket", "3 buckets".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
