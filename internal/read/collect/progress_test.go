package collect

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// After a while progress names what has been at work longest, and does so also while nothing moves.
func TestProgressNamesWhatIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []string
		p := newProgress(func(done, all int, what string, since time.Duration) {
			told = append(told, fmt.Sprintf("%d/%d %s %s", done, all, what, since))
		}, time.Now)
		stop := p.repeat(t.Context())
		p.expect(3)
		endSlow := p.begin("slow")
		slow := p.step("slow")
		slow(1, 0)
		time.Sleep(3500 * time.Millisecond)
		endQuick := p.begin("quick")
		p.step("quick")(1, 1)
		endQuick()
		time.Sleep(2 * time.Second)
		p.begin("later")
		p.step("later")(1, 1)
		slow(0, 1)
		endSlow()
		time.Sleep(time.Second)
		stop()
		n := len(told)
		time.Sleep(time.Minute)
		want := []string{
			"0/3 slow 0s", "0/3 slow 0s", "0/3 slow 0s", "0/3 slow 0s", // asked, and every second
			"1/4 quick 0s", "1/4 quick 0s", // at 3.5 s and at 4 s
		}
		if len(told) != n || !slices.Equal(told[:6], want) {
			t.Errorf("%q", told)
		}
		// At 5 s exactly it is not long yet; from then on the oldest is named, until it ends.
		if rest := told[6:]; !slices.Equal(rest, []string{"1/4 quick 0s", "2/5 slow 5.5s", "3/6 slow 5.5s", "3/6 later 500ms"}) {
			t.Errorf("%q", rest)
		}
	})
}
