package threatmodel

// Nearest is the candidate that a mistyped word most probably meant; "" when none is near.
func Nearest(word string, candidates []string) string {
	best, at := "", min(len(word)/3+1, len(word)-1)
	for _, c := range candidates {
		if apart := len(word) - len(c); apart > at || -apart > at {
			continue // so many letters are too many already
		}
		if d := distance(word, c); d <= at && (best == "" || d < at) {
			best, at = c, d
		}
	}
	return best
}

// distance counts the insertions, deletions and substitutions between two words (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			left, row[j+1] = row[j+1], min(left+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
