// Package risk is impact times likelihood, computed from paths, with the arithmetic kept as terms.
package risk

import "github.com/footing-dev/footing/internal/judge/access"

// Likelihood points. They are expert judgement and not measured frequencies: one table, with a version that every sheet prints.

// TableVersion names the edition of the points below; it changes when any of them does.
const TableVersion = "1"

// base points of an entry point.
var base = map[string]int{
	access.Public:         100,
	access.AnyPrincipal:   95,
	access.OIDCNoSubject:  95,
	access.RootKey:        85,
	access.UnknownAccount: 75,
	access.ExposedHost:    70,
	access.RootNoMFA:      70,
	access.PasswordNoMFA:  65,
	access.AccessKey:      55,
	access.OIDCOrg:        55,
	access.Partner:        55,
	access.WebHost:        50,
	access.OIDCRepo:       45,
	access.PartnerExtID:   35,
	access.Service:        35,
	access.PasswordMFA:    30,
	access.SSO:            25,
	access.OIDCPinned:     25,
	access.PrivateHost:    20,
	access.Pod:            20, // compute without inbound from the internet
	access.RootMFA:        10,
	access.ServiceBound:   5,
}

// aggravating facts.
var facts = map[string]int{
	access.KeyOver90:       5,
	access.KeyOver365:      10,
	access.KeyNoMFA:        10,
	access.IMDSv1:          15,
	access.KnownExploited:  35,
	access.LikelyExploited: 20,
}

// guards take points away.
const (
	guardPoints = 20 // each of MFA, network and organisation
	tracePoints = 5  // a step that changes or launches something and is seen
	tracesAtAll = 15 // a chain of dummy roles must not lower a risk
)

// withMFA lists the entry points whose base has counted MFA already.
var withMFA = map[string]bool{access.PasswordMFA: true, access.SSO: true, access.RootMFA: true}

// breadth points for a number of people and machines with a path of ten points or more.
func breadth(n int) int {
	switch {
	case n > 30:
		return 15
	case n > 10:
		return 10
	case n >= 4:
		return 5
	}
	return 0
}

const breadthFrom = 10 // points that a path must have to count for breadth

// Level is the likelihood 1–5 of a number of points.
func Level(points int) int {
	switch {
	case points >= 80:
		return 5
	case points >= 60:
		return 4
	case points >= 40:
		return 3
	case points >= 20:
		return 2
	}
	return 1
}

// LevelFrom is the number of points from which on a level holds.
func LevelFrom(level int) int { return [...]int{0, 0, 20, 40, 60, 80}[level] }

// LevelWords says what a likelihood means.
var LevelWords = [...]string{"", "should not happen", "once in some years", "about yearly", "several times a year", "ongoing"}
