package detection

// Truth is yes, no, or not known. What is not understood is never a no.
type Truth uint8

const (
	Unclear Truth = iota
	No
	Yes
)

func truth(b bool) Truth {
	if b {
		return Yes
	}
	return No
}

func (t Truth) not() Truth { return [...]Truth{Unclear: Unclear, No: Yes, Yes: No}[t] }

// And is whether both are so.
func (t Truth) And(o Truth) Truth {
	switch {
	case t == No || o == No:
		return No
	case t == Yes && o == Yes:
		return Yes
	}
	return Unclear
}

// Or is whether one of the two is so.
func (t Truth) Or(o Truth) Truth { return t.not().And(o.not()).not() }

// some is whether something holds of one of a list.
func some[T any](list []T, f func(T) Truth) Truth {
	out := No
	for _, x := range list {
		if out = out.Or(f(x)); out == Yes {
			break
		}
	}
	return out
}
