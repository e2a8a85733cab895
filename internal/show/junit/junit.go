// Package junit writes verdicts as the JUnit XML that CI systems read: a verdict is a test.
package junit

import (
	"encoding/xml"
	"io"
)

// Case is one verdict. What fails has a Failure, what could not be judged an Error, what else is not clean is Skipped; a pass has none of them.
type Case struct {
	Class   string `xml:"classname,attr"`
	Name    string `xml:"name,attr"`
	File    string `xml:"file,attr,omitempty"`
	Line    int    `xml:"line,attr,omitempty"`
	Failure *Says  `xml:"failure"`
	Error   *Says  `xml:"error"`
	Skipped *Says  `xml:"skipped"`
}

// Says is why a verdict is not clean.
type Says struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type suite struct {
	Name     string `xml:"name,attr"`
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Cases    []Case `xml:"testcase"`
}

// Write writes one suite of cases, counted.
func Write(w io.Writer, name string, cases []Case) error {
	s := suite{Name: name, Tests: len(cases), Cases: cases}
	for i := range cases {
		switch c := &cases[i]; {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(struct {
		XMLName xml.Name `xml:"testsuites"`
		Suite   suite    `xml:"testsuite"`
	}{Suite: s}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
