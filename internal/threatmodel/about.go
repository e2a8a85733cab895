package threatmodel

import "cmp"

// About is what a waiver accepts, in a few words.
func (w Waiver) About() string {
	switch {
	case w.Rule != "" && w.Target.ID != "":
		return w.Rule + " of " + w.Target.ID
	case w.Target.ID != "":
		return w.Target.String()
	}
	return cmp.Or(w.Threat, w.Objective, w.Rule)
}

// About is what an exception lets through.
func (x Exception) About() string {
	s := x.From + " → " + x.To
	if x.Action != "" {
		s += ": " + x.Action
	}
	return s
}
