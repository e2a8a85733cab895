// Package report is the account told as one value, and its plain printers: sheets as CSV, JSON, Markdown, Threat Composer.
package report

import (
	"time"

	"github.com/footing-dev/footing/internal/judge/assess"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// Beside is what stands beside the assessment: found by whoever may read files.
type Beside struct {
	Promises []Promise
	Review   Review
}

// Report is one account, judged and told in small values. Of fills it; every printer shows this and nothing else.
type Report struct {
	Name      string // what people call the account; may be ""
	Account   string
	Snapshot  string
	Taken     time.Time
	Now       time.Time
	Resources int
	Regions   int
	Table     string // version of the likelihood table
	Gate      int    // act from here on
	Lowest    int    // out of mind below
	Counts    Counts
	Lines     []Line   // the first of what is not out of mind, as the sheet has it
	Ways      []Way    // the worst way of each of them, in that order; not of what was only not seen, or is settled
	Steps     []Step   // what to do, one after the other
	Left      int      // still to fix after the steps
	Highest   int      // the highest known risk
	After     int      // and after the steps
	Unseen    []Unseen // the first of them; Counts has all
	Gaps      int      // calls without an answer
	Admins    []Admin
	Hidden    string // kinds of principals that could not be listed: there may be more administrators
	Fences    []Setting
	Bells     []Setting
	Promises  []Promise // objectives
	Owners    []Owner
	Alerts    []string // where alerts go
	Review    Review

	Model   *threatmodel.Model
	Command func(verb string) string // how a verb is typed
	Program string

	Assessment *assess.Assessment // what it was told from; printers show the values above
}

// first is how many lines a report tells: more than any page has a place for. To tell a row costs, where there are ten thousand.
const first = 40

// Counts is how many resources stand where.
type Counts struct {
	Fix       int `json:"to_fix"`
	Watch     int `json:"to_watch"`
	Unseen    int `json:"unseen"`
	Settled   int `json:"settled"` // accepted, or their action is in force
	OutOfMind int `json:"out_of_mind"`
}

// Shown is how many are not out of mind.
func (c Counts) Shown() int { return c.Fix + c.Watch + c.Unseen + c.Settled }

// Figure is one access to one thing, beside administration of the whole account, as the sheet shows it.
type Figure struct {
	Impact, Likelihood       int // worst end
	LowImpact, LowLikelihood int // on what was seen alone
	Who                      int // people and machines that count for breadth; 0 in lines that were not told
}

// Risk is the product, worst end.
func (f Figure) Risk() int { return f.Impact * f.Likelihood }

// Low is the product on what was seen.
func (f Figure) Low() int { return f.LowImpact * f.LowLikelihood }

// Unknown tells that something unread makes a difference.
func (f Figure) Unknown() bool { return f.Risk() != f.Low() }

// Line is one line of a sheet.
type Line struct {
	Kind       string // resource, or what the sheet groups by
	ID         string
	ARN        string
	Type       string
	Owner      string // "" when nobody answers for it
	Class      string
	Standing   string // one of sheet.ToFix, …
	Read       Figure
	Write      Figure
	Action     string // of the higher number; "" below all thresholds
	State      string
	Worst      string // the worst way of the higher one, in one line
	Paths      int    // ways in to the higher one
	Mitigation string // what people stated against it, with its status
	Review     string // the day on which somebody looks at it again; "" when nobody said
	ToldBy     string // the line that tells this one's story
	Target     string // of a group: the line whose numbers it shows
}

// Way is one path, as a strip of boxes from left to right: the way in, what it goes through, what it ends at.
type Way struct {
	ID     string `json:"id"`     // of the line
	Access string `json:"access"` // read, write
	Risk   int    `json:"risk"`
	Boxes  []Box  `json:"boxes"`
	Cut    int    `json:"cut"` // the box before whose arrow the x stands
}

// Box is one thing on a way.
type Box struct {
	Sort string `json:"sort"`           // how to draw it: an entry kind, or the end of a CloudFormation type in small letters
	Kind string `json:"kind,omitempty"` // a word before the name: "role"
	Name string `json:"name"`
	By   string `json:"by,omitempty"` // what one does to get here, where that is not plain
}

// Step is something to do, and what it changes. The numbers were judged again with the steps before it and without its ways.
type Step struct {
	Says       []string `json:"says"`                 // by hand, one sentence each
	Ways       []Way    `json:"ways"`                 // what is cut, or the worst way on which it has its effect
	Cuts       []string `json:"cuts"`                 // as who --without takes them
	Mitigation string   `json:"mitigation,omitempty"` // the id of what people stated, where the step is that
	Owner      string   `json:"owner,omitempty"`
	Due        string   `json:"due,omitempty"`
	ID         string   `json:"id"`
	Access     string   `json:"access"`
	Before     int      `json:"before"`
	After      int      `json:"after"`
	Also       []Change `json:"also"` // other things that fall, the most first
}

// Change is one number, before and after.
type Change struct {
	ID     string `json:"id"`
	Before int    `json:"before"`
	After  int    `json:"after"`
}

// Unseen is something that could be a risk, and what would let us see it.
type Unseen struct {
	ID   string `json:"id"`
	Low  int    `json:"low"`
	High int    `json:"high"`
	Why  string `json:"why"`
	Call string `json:"call,omitempty"` // the call that gave no answer
}

// Admin is somebody who can administer the account.
type Admin struct {
	Sort   string `json:"sort"` // kind of the way in
	Name   string `json:"name"`
	As     string `json:"as,omitempty"`
	Does   string `json:"does"`
	Direct bool   `json:"direct"`
	Meant  string `json:"meant,omitempty"` // the use case that he was stated for
	Sure   bool   `json:"sure"`            // false where not all was read
}

// States of a Setting.
const (
	On      = "on"
	Partly  = "partly"
	Off     = "off"
	Unknown = "unknown"
)

// Setting is something that is on or off.
type Setting struct {
	Name  string `json:"name"`
	Does  string `json:"does"`
	State string `json:"state"`
	Where string `json:"where,omitempty"` // "in 2 of 17 Regions", or what was not read
}

// Promise is a control objective, and how it stands: as check says it.
type Promise struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Outcome string `json:"outcome"` // pass, fail, waived, unknown; "" when it was not judged
	Says    string `json:"says"`
}

// Owner answers for some of what is not out of mind.
type Owner struct {
	Name string   `json:"name"` // "" for nobody
	IDs  []string `json:"ids"`
}

// Review is when everything is looked at again.
type Review struct {
	Days int       `json:"days"`
	Last time.Time `json:"last,omitzero"` // zero when nobody signed one yet
	By   string    `json:"by,omitempty"`
	Next time.Time `json:"next,omitzero"` // zero: due, and not promised
}

// Late is how many days it is overdue.
func (r Review) Late(now time.Time) int {
	if r.Next.IsZero() {
		return 0
	}
	return max(0, int(now.UTC().Truncate(24*time.Hour).Sub(r.Next).Hours()/24))
}

// Short cuts a name that somebody else wrote in its middle: its two ends tell it from others.
func Short(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-most/2]) + "…" + string(r[len(r)-most/2+1:])
}
