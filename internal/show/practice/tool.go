package practice

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/footing-dev/footing/catalog/practice"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/judge/evidence"
	"github.com/footing-dev/footing/internal/show/sheet"
	"github.com/footing-dev/footing/internal/show/term"
	"github.com/footing-dev/footing/internal/threatmodel"
)

// What the AWS Well-Architected Tool takes. Its limits are in characters; counted in bytes nothing is too long.
// https://docs.aws.amazon.com/wellarchitected/latest/APIReference/API_UpdateAnswer.html
// https://docs.aws.amazon.com/wellarchitected/latest/APIReference/API_ChoiceUpdate.html
// https://docs.aws.amazon.com/wellarchitected/latest/APIReference/API_CreateWorkload.html
const (
	mostNotes       = 2084
	mostChoiceNotes = 250
	mostName        = 100
	mostDescription = 250
	mostOwner       = 255
	mostRegions     = 50
	lens            = "wellarchitected"
)

// File is one file of a folder.
type File struct {
	Name string
	Text []byte
}

// workload is the input of CreateWorkload.
type workload struct {
	WorkloadName string
	Description  string
	Environment  string
	AccountIDs   []string `json:"AccountIds"`
	AwsRegions   []string
	ReviewOwner  string `json:",omitempty"`
	Lenses       []string
	Notes        string
}

// answer is the input of UpdateAnswer without the workload. Only the choices that are named are changed: SelectedChoices would replace those that
// people made.
type answer struct {
	LensAlias     string
	QuestionID    string                  `json:"QuestionId"`
	ChoiceUpdates map[string]choiceUpdate `json:",omitempty"`
	Notes         string
}

type choiceUpdate struct {
	Status string
	Reason string `json:",omitempty"`
	Notes  string
}

// Tool is a folder with the answers for the AWS Well-Architected Tool, and the commands that would send them.
func Tool(v View) ([]File, error) {
	made, err := encoded(v.workload())
	if err != nil {
		return nil, err
	}
	files := []File{{"create-workload.json", made}}
	var left []string
	for i := range v.Groups {
		g := &v.Groups[i]
		a, rest := v.answer(g)
		left = append(left, rest...)
		text, err := encoded(a)
		if err != nil {
			return nil, err
		}
		files = append(files, File{strings.ToLower(g.ID) + ".json", text})
	}
	return append(files, File{"commands.sh", v.commands(files[1:])}, File{"README.md", v.readme(left)}), nil
}

func encoded(x any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(x)
	return b.Bytes(), err
}

func (v *View) workload() workload {
	s, m := v.Assessment.Snapshot, v.Assessment.Model
	name := s.Name
	if m.Name != "" {
		name = m.Name
	}
	out := workload{WorkloadName: cut(term.Clean(strings.TrimSpace(name+" "+s.Account)), mostName), Environment: "PRODUCTION", AccountIDs: []string{}, AwsRegions: []string{},
		Lenses: []string{lens}, Notes: "Answers of the security pillar come from footing; see the notes of each question.",
		Description: cut("The account "+term.Clean(s.Account)+", looked at as a whole. Other pillars are not answered by footing.", mostDescription)}
	if accountID.MatchString(s.Account) {
		out.AccountIDs = append(out.AccountIDs, s.Account)
	}
	for _, r := range s.Regions {
		if regionName.MatchString(r) && len(out.AwsRegions) < mostRegions {
			out.AwsRegions = append(out.AwsRegions, r)
		}
	}
	if owner := cut(term.Clean(m.DefaultOwner), mostOwner); len(owner) >= 3 {
		out.ReviewOwner = owner
	}
	return out
}

// What the Tool takes as accounts and Regions. A scan of files has what somebody wrote there.
var (
	accountID  = regexp.MustCompile(`^\d{12}$`)
	regionName = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d+$`)
)

// answer is what is known of a question, and what of it is left to people.
func (v *View) answer(g *evidence.Group) (answer, []string) {
	out := answer{LensAlias: lens, QuestionID: g.Tool, ChoiceUpdates: map[string]choiceUpdate{}}
	var left []string
	for i := range g.Findings {
		f := &g.Findings[i]
		status, reason, why := choice(f)
		if status == "" {
			left = append(left, f.ID+" "+f.Title+": "+why)
			continue
		}
		out.ChoiceUpdates[f.Choice] = choiceUpdate{status, reason, cut(term.Clean(f.Says), mostChoiceNotes)}
	}
	out.Notes = v.notes(g)
	return out, left
}

// choice says what becomes of a choice, or why nothing does. What a scan sees a part of is no answer yet.
func choice(f *evidence.Finding) (status, reason, why string) {
	switch {
	case f.Choice == "":
		return "", "", "what the tool calls this choice is not known for certain"
	case f.State == evidence.Failing || f.State == evidence.Waived:
		return "UNSELECTED", "", ""
	case f.State == evidence.Attested, f.State == evidence.Evidenced && f.Sees == practice.Most:
		return "SELECTED", "", ""
	case f.State == evidence.NotApplicable && f.Sees == practice.Most:
		return "NOT_APPLICABLE", "OUT_OF_SCOPE", ""
	case f.State == evidence.Evidenced:
		return "", "", "only a part of it was seen, and that holds"
	case f.State == evidence.NotApplicable:
		return "", "", "only a part of it would be seen, and that is about nothing here"
	case f.State == evidence.NotCovered:
		return "", "", "not covered"
	case f.State == evidence.Unanswered:
		return "", "", "nobody gave his word for it"
	}
	return "", "", "unknown"
}

// notes are the evidence of a question: a line an item, each shortened as far as it takes for all to have room.
func (v *View) notes(g *evidence.Group) string {
	head := sheet.Milestone(v.Assessment.Snapshot)
	room := (mostNotes-len(head))/len(g.Findings) - 1
	lines := []string{head}
	for i := range g.Findings {
		f := &g.Findings[i]
		lines = append(lines, cut(fmt.Sprintf("%s %s, sees %s: %s", f.ID, f.State, f.Sees, term.Clean(f.Says)), room))
	}
	return strings.Join(lines, "\n")
}

// cut shortens a text to so many bytes, between two characters.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	const dots = "…"
	end := max(most-len(dots), 0)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + dots
}

func (v *View) commands(answers []File) []byte {
	var b strings.Builder
	b.WriteString(`# What would send these answers to the AWS Well-Architected Tool. footing runs none of it. Read it first; it needs credentials that may write there.
# A workload that is there keeps its id. This makes one, and prints it:
#   aws wellarchitected create-workload --cli-input-json file://create-workload.json
# The notes of each question are replaced, and of its choices only those that the files name.
set -eu
cd "$(dirname "$0")"
: "${WORKLOAD:?set WORKLOAD to the id of the workload, 32 characters}"
`)
	for _, f := range answers {
		fmt.Fprintf(&b, "aws wellarchitected update-answer --workload-id \"$WORKLOAD\" --cli-input-json file://%s\n", f.Name)
	}
	fmt.Fprintln(&b, sheet.MilestoneCommand(`"$WORKLOAD"`, v.Assessment.Snapshot))
	return []byte(b.String())
}

func (v *View) readme(left []string) []byte {
	var b strings.Builder
	s := v.Assessment.Snapshot
	fmt.Fprintf(&b, `# Answers for the AWS Well-Architected Tool

Account %s, scanned on %s; security pillar, edition of %s.

Nothing was sent. commands.sh has the commands, secNN.json the answers (input of UpdateAnswer), create-workload.json a workload to put them into.

A choice is selected where all that bears on it holds and most of it was seen, or where somebody gave his word; unselected where something fails; not
applicable where there is nothing that it is about. All other choices are left as they are:

`, term.Clean(s.Account), s.Taken.UTC().Format(time.DateOnly), v.Table.Edition)
	for _, l := range left {
		fmt.Fprintf(&b, "- %s\n", term.Clean(l))
	}
	if said := v.words(); len(said) > 0 {
		b.WriteString("\nOn somebody's word:\n\n")
		for _, l := range said {
			fmt.Fprintf(&b, "- %s\n", term.Clean(l))
		}
	}
	return []byte(b.String())
}

// words are the attestations behind what is selected.
func (v *View) words() []string {
	var out []string
	add := func(id string, a *threatmodel.Attestation) {
		if a != nil {
			out = append(out, fmt.Sprintf("%s: %s, on %s, until %s: %s", id, a.By, a.Date, a.Until, a.Reason))
		}
	}
	for i := range v.Groups {
		for n := range v.Groups[i].Findings {
			f := &v.Groups[i].Findings[n]
			add(f.ID, f.Attested)
			for r := range f.Results {
				if x := &f.Results[r]; x.Outcome == check.Pass {
					add(f.ID+", "+x.Rule, x.Attested)
				}
			}
		}
	}
	return slices.Compact(out)
}
