package compare

// budget counts steps, so that a hostile policy ends, and on every machine at the same place.
type budget struct{ left int }

func (b *budget) take(n int) bool {
	b.left -= n
	return b.left > 0
}

func (b *budget) spent() bool { return b.left <= 0 }

// covered says whether one of the patterns matches whatever p matches.
func (b *budget) covered(p *pattern, by []*pattern) bool {
	for _, q := range by {
		b.take(2)
		if q.covers(p, b) {
			return true
		}
	}
	return false
}
