package isolation

import "testing"

// Of two ways from one thing to another the certain one is told, whichever is found first.
func TestCertainBreachIsTold(t *testing.T) {
	sure, maybe := Breach{From: "a", To: "b", Certain: true}, Breach{From: "a", To: "b"}
	for _, order := range [][]Breach{{sure, maybe}, {maybe, sure}} {
		w := &walls{found: map[breachKey]Breach{}}
		for _, b := range order {
			w.add(b)
		}
		if len(w.found) != 1 || !w.found[breachKey{from: "a", to: "b"}].Certain {
			t.Errorf("%+v of %+v", w.found, order)
		}
	}
}
