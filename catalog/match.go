package catalog

import "strings"

// Matches reports whether an action ("s3:GetObject") matches a pattern of a policy ("s3:Get*"), where * stands for any run of
// characters and ? for one. Case does not count.
//
// "IAM JSON policy elements: Action", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func Matches(pattern, action string) bool {
	p, star, mark := 0, -1, 0
	for i := 0; i < len(action); {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || lower(pattern[p]) == lower(action[i])):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// fits reports whether s fits a pattern in which ${…}, <…> and * stand for one or more characters, none of which is in stop, and how
// many characters of the pattern are fixed. Case does not count: what is case-sensitive in an ARN is what the gaps hold.
func fits(pattern, s, stop string) (fixed int, ok bool) {
	p, back, mark := 0, -1, 0
	for i := 0; i < len(s); {
		if gap := gapAt(pattern, p); gap > 0 && strings.IndexByte(stop, s[i]) < 0 {
			p += gap
			i++
			back, mark = p, i
			continue
		} else if gap == 0 && p < len(pattern) && lower(pattern[p]) == lower(s[i]) {
			p++
			i++
			continue
		}
		if back < 0 || mark >= len(s) || strings.IndexByte(stop, s[mark]) >= 0 {
			return 0, false
		}
		mark++
		p, i = back, mark
	}
	if p < len(pattern) {
		return 0, false
	}
	for p := 0; p < len(pattern); {
		if gap := gapAt(pattern, p); gap > 0 {
			p += gap
			continue
		}
		p++
		fixed++
	}
	return fixed, true
}

// gapAt is the length of the gap that begins at p, 0 when none does.
func gapAt(pattern string, p int) int {
	rest := pattern[min(p, len(pattern)):]
	switch {
	case strings.HasPrefix(rest, "*"):
		return 1
	case strings.HasPrefix(rest, "${"):
		return strings.IndexByte(rest, '}') + 1
	case strings.HasPrefix(rest, "<"):
		return strings.IndexByte(rest, '>') + 1
	}
	return 0
}
