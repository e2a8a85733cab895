package term

import (
	"fmt"
	"strconv"
	"time"
)

// Count writes a number with its noun: "no buckets", "1 bucket", "1,204 buckets".
func Count(n int, one, many string) string {
	switch n {
	case 0:
		return "no " + many
	case 1:
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Number groups thousands: 1,204.
func Number(n int) string {
	if n < 0 {
		return "-" + Number(-n)
	}
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Days is how many days, in UTC, lie between the day of one moment and that of a later one: 1 for yesterday.
func Days(then, now time.Time) int {
	midnight := func(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
	return int(midnight(now).Sub(midnight(then)).Hours() / 24)
}

// Age says how old a picture is, in UTC: "today 09:14", "yesterday 09:14", "12 days ago", or the day when it lies ahead.
func Age(taken, now time.Time) string {
	taken = taken.UTC()
	switch days := Days(taken, now); {
	case days == 0:
		return "today " + taken.Format("15:04")
	case days == 1:
		return "yesterday " + taken.Format("15:04")
	case days > 1:
		return fmt.Sprintf("%d days ago", days)
	}
	return taken.Format(time.DateOnly)
}
