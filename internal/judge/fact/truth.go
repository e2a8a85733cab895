package fact

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

func (t Truth) and(o Truth) Truth {
	switch {
	case t == No || o == No:
		return No
	case t == Yes && o == Yes:
		return Yes
	}
	return Unclear
}

func (t Truth) or(o Truth) Truth { return t.not().and(o.not()).not() }

// some is whether something holds of one of a list.
func some[T any](list []T, f func(T) Truth) Truth {
	out := No
	for _, x := range list {
		if out = out.or(f(x)); out == Yes {
			break
		}
	}
	return out
}
