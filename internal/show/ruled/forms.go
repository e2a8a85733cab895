package ruled

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/footing-dev/footing/guard"
	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/show/junit"
)

// CheckJSON is `check --rules --format json`.
type CheckJSON struct {
	Footing int            `json:"footing"`
	Results []ResultJSON   `json:"results"`
	Summary map[string]int `json:"summary"`
}

// ResultJSON is what one rule says of one document. It has the keys of every check's results.
type ResultJSON struct {
	Rule        string         `json:"rule"`
	Title       string         `json:"title"`
	Outcome     string         `json:"outcome"`
	Target      string         `json:"target"` // the document
	Says        string         `json:"says"`
	Severity    string         `json:"severity"` // "": Guard rules have none
	Evidence    []EvidenceJSON `json:"evidence"`
	Refs        []string       `json:"refs"`
	Location    LocationJSON   `json:"location"` // of the first property that fails
	Fingerprint string         `json:"fingerprint"`
	RuleAt      LocationJSON   `json:"rule_location"`
}

// EvidenceJSON is one clause that does not hold for one value.
type EvidenceJSON struct {
	About    string       `json:"about"` // the path of the property
	Outcome  string       `json:"outcome"`
	Says     string       `json:"says"`
	Message  string       `json:"message,omitempty"`
	Clause   string       `json:"clause"`
	ClauseAt LocationJSON `json:"clause_location"`
	Location LocationJSON `json:"location"`
}

// LocationJSON is a place in a file; line 0 is the file as a whole.
type LocationJSON struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column,omitempty"`
}

var outcomes = []check.Outcome{check.Pass, check.Fail, check.Unknown, check.Manual, check.NotApplicable, check.Waived}

// CheckValue shapes results for JSON.
func CheckValue(c *Checked) CheckJSON {
	out := CheckJSON{Footing: 1, Results: []ResultJSON{}, Summary: map[string]int{}}
	for _, o := range outcomes {
		out.Summary[o.String()] = c.Count(o)
	}
	for i := range c.Results {
		r := &c.Results[i]
		j := ResultJSON{Rule: r.Rule, Title: r.title(), Outcome: r.Outcome().String(), Target: r.Document, Says: r.Says(), Evidence: []EvidenceJSON{}, Refs: []string{},
			Fingerprint: check.Fingerprint(r.Rule, r.Document), RuleAt: LocationJSON{r.File, r.At.Line, r.At.Column}}
		line, column := r.where()
		j.Location = LocationJSON{r.Document, line, column}
		for _, f := range r.Failures {
			j.Evidence = append(j.Evidence, EvidenceJSON{About: f.Path, Outcome: check.Fail.String(), Says: f.Says, Message: f.Message, Clause: f.Clause,
				ClauseAt: LocationJSON{r.File, f.At.Line, f.At.Column}, Location: LocationJSON{r.Document, f.Where.Line, f.Where.Column}})
		}
		out.Results = append(out.Results, j)
	}
	return out
}

// title is the rule's own words where it fails with some, else its name.
func (r *Result) title() string {
	if m := r.message(); m != "" {
		return m
	}
	return r.Result.Rule
}

// CheckJUnit writes what fails as failures, what could not be judged as errors, and what does not apply as skipped.
func CheckJUnit(w io.Writer, c *Checked) error {
	var cases []junit.Case
	for i := range c.Results {
		r := &c.Results[i]
		line, _ := r.where()
		x := junit.Case{Class: r.Document, Name: r.Rule, File: r.Document, Line: line}
		say := &junit.Says{Message: r.Says()}
		for _, f := range r.Failures {
			say.Text += fmt.Sprintf("%s:%s %s %s\n", r.Document, f.Where, says(f), f.Message)
		}
		switch r.Status {
		case guard.Fail:
			x.Failure = say
		case guard.Unjudged:
			x.Error = say
		case guard.Skip:
			x.Skipped = say
		}
		cases = append(cases, x)
	}
	return junit.Write(w, "footing check --rules", cases)
}

// SARIF 2.1.0, as far as code scanning reads it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type (
	sarifLog struct {
		Version string     `json:"version"`
		Schema  string     `json:"$schema"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		URI   string      `json:"informationUri"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string    `json:"id"`
		Short sarifText `json:"shortDescription"`
	}
	sarifResult struct {
		RuleID    string            `json:"ruleId"`
		Level     string            `json:"level"`
		Message   sarifText         `json:"message"`
		Locations []sarifLocation   `json:"locations"`
		Prints    map[string]string `json:"partialFingerprints"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		Line   int `json:"startLine"`
		Column int `json:"startColumn,omitempty"`
	}
)

// CheckSARIF writes a result for each property that fails.
func CheckSARIF(w io.Writer, c *Checked) error {
	run := sarifRun{Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "footing", URI: "https://footing.dev", Rules: []sarifRule{}}
	known := map[string]bool{}
	for i := range c.Results {
		r := &c.Results[i]
		if r.Status != guard.Fail && r.Status != guard.Unjudged {
			continue
		}
		if !known[r.Rule] {
			known[r.Rule] = true
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{r.Rule, sarifText{r.title()}})
		}
		failures := r.Failures
		level := "error"
		if r.Status == guard.Unjudged {
			level = "warning"
			failures = []guard.Failure{{Says: r.Says()}}
		}
		for _, f := range failures {
			text := strings.TrimSpace(f.Message + " " + says(f))
			if r.Status == guard.Unjudged {
				text = f.Says
			}
			at := sarifPhysical{sarifArtifact{r.Document}, sarifRegion{max(f.Where.Line, 1), f.Where.Column}}
			run.Results = append(run.Results, sarifResult{RuleID: r.Rule, Level: level, Message: sarifText{text}, Locations: []sarifLocation{{at}},
				Prints: map[string]string{"footing/v1": check.Fingerprint(r.Rule, r.Document, f.Path, f.Clause)}})
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{Version: "2.1.0", Schema: "https://json.schemastore.org/sarif-2.1.0.json", Runs: []sarifRun{run}})
}

// TestJSON is `rules test --format json`.
type TestJSON struct {
	Footing  int            `json:"footing"`
	Passed   int            `json:"passed"`
	Failed   int            `json:"failed"`
	Cases    []TestCaseJSON `json:"cases"`
	Warnings []string       `json:"warnings"`
}

// TestCaseJSON is one case.
type TestCaseJSON struct {
	Name     string          `json:"name"`
	OK       bool            `json:"ok"`
	Rules    string          `json:"rules"` // the rule file
	Location LocationJSON    `json:"location"`
	Checks   []TestCheckJSON `json:"checks"`
}

// TestCheckJSON is one expectation.
type TestCheckJSON struct {
	Rule     string   `json:"rule"`
	Expected string   `json:"expected"`
	Got      []string `json:"got"` // of the rules with that name; empty if there is none
	OK       bool     `json:"ok"`
	Says     string   `json:"says,omitempty"`
}

// TestValue shapes the outcome of tests for JSON.
func TestValue(t *Tested) TestJSON {
	out := TestJSON{Footing: 1, Cases: []TestCaseJSON{}, Warnings: append([]string{}, t.Warnings...)}
	out.Passed, out.Failed = t.Counts()
	for i := range t.Cases {
		c := &t.Cases[i]
		j := TestCaseJSON{Name: c.Name, OK: c.OK(), Rules: c.Rules, Location: LocationJSON{File: c.File, Line: c.Line}, Checks: []TestCheckJSON{}}
		for _, k := range c.Checks {
			x := TestCheckJSON{Rule: k.Rule, Expected: k.Status.String(), OK: k.OK, Got: []string{}}
			for _, got := range k.Got {
				x.Got = append(x.Got, got.Status.String())
				if !k.OK && x.Says == "" {
					x.Says = strings.TrimPrefix(because(got), ": ")
				}
			}
			j.Checks = append(j.Checks, x)
		}
		out.Cases = append(out.Cases, j)
	}
	return out
}
