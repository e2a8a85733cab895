package network

import (
	"math/bits"
	"slices"
)

// answers numbers distinct answers in the order in which they are met. They lie one after the other; slots find them: the upper half
// of a slot is part of the hash, the lower half the number plus one.
type answers struct {
	width int
	cells []uint64
	slots []uint64
}

func newAnswers(width int) *answers { return &answers{width: width, slots: make([]uint64, 1<<10)} }

func (a *answers) count() int { return len(a.cells) / a.width }

func (a *answers) at(n int32) []uint64 { return a.cells[int(n)*a.width:][:a.width] }

// number finds the number of an answer, a new one when it was not met before.
func (a *answers) number(answer []uint64) int32 {
	h := hash(answer)
	mask := uint64(len(a.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		slot := a.slots[i]
		if slot == 0 {
			n := a.count()
			a.cells = append(a.cells, answer...)
			a.slots[i] = h>>32<<32 | uint64(n+1)
			if 2*n > len(a.slots) {
				a.grow()
			}
			return int32(n)
		}
		if slot>>32 == h>>32 {
			if n := int32(uint32(slot)) - 1; slices.Equal(a.at(n), answer) {
				return n
			}
		}
	}
}

func (a *answers) grow() {
	a.slots = make([]uint64, 4*len(a.slots))
	mask := uint64(len(a.slots) - 1)
	for n := range a.count() {
		h := hash(a.at(int32(n)))
		i := h & mask
		for a.slots[i] != 0 {
			i = (i + 1) & mask
		}
		a.slots[i] = h>>32<<32 | uint64(n+1)
	}
}

func hash(words []uint64) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, w := range words {
		hi, lo := bits.Mul64(h^w, 0xd6e8feb86659fd93)
		h = hi ^ lo
	}
	return h
}
