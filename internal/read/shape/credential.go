package shape

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/footing-dev/footing/internal/snapshot"
)

// reportColumn is one column of the credential report that is kept
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html).
type reportColumn struct {
	column, property string
	kind             byte // 't'ext, 'b'oolean, 'd'ate
}

var reportColumns = [...]reportColumn{
	{"user", "User", 't'},
	{"arn", "Arn", 't'},
	{"user_creation_time", "UserCreationTime", 'd'},
	{"password_enabled", "PasswordEnabled", 'b'},
	{"password_last_changed", "PasswordLastChanged", 'd'},
	{"mfa_active", "MfaActive", 'b'},
	{"access_key_1_active", "AccessKey1Active", 'b'},
	{"access_key_1_last_rotated", "AccessKey1LastRotated", 'd'},
	{"access_key_1_last_used_date", "AccessKey1LastUsedDate", 'd'},
	{"access_key_2_active", "AccessKey2Active", 'b'},
	{"access_key_2_last_rotated", "AccessKey2LastRotated", 'd'},
	{"access_key_2_last_used_date", "AccessKey2LastUsedDate", 'd'},
	{"cert_1_active", "Cert1Active", 'b'},
	{"cert_2_active", "Cert2Active", 'b'},
}

// passwordColumn tells when a password was used last, which is observed and no property: an account in which somebody signed in has not changed.
const passwordColumn = "password_last_used"

// Report is a credential report.
type Report struct {
	Resource snapshot.Resource
	Used     []snapshot.Observation // of each user and of root, when a password was used last; without a moment: no use is recorded
	Newest   time.Time              // the newest moment in it: it was made then or later, and does not say when; zero when it holds none
}

// CredentialReport reads the CSV of iam:GetCredentialReport into one resource with Rows sorted by User. Columns are found by
// the header. A value that AWS says is not there (N/A, not_supported, no_information) is left out; one that cannot be understood
// is left out and named in Unknown ("Rows.3.MfaActive"), a column that is missing likewise ("Rows.MfaActive").
// Account may be "", then the report's ARNs tell it. The error is half a sentence without a subject that names the line.
func CredentialReport(doc []byte, account string) (Report, error) {
	p, err := newReport(doc, account)
	if err != nil {
		return Report{}, err
	}
	for {
		record, err := p.csv.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Report{}, explainCSV(err)
		}
		if err := p.row(record); err != nil {
			return Report{}, err
		}
	}
	r, err := p.resource()
	return Report{Resource: r, Used: p.used, Newest: p.newest}, err
}

type report struct {
	csv                *csv.Reader
	at                 map[string]int // column → index
	account, partition string
	rows               []reportRow
	used               []snapshot.Observation
	newest             time.Time
	unknown            []string
}

type reportRow struct {
	values map[string]any
	odd    []string // properties that could not be understood
}

func newReport(doc []byte, account string) (*report, error) {
	if at := invalidUTF8(doc); at >= 0 {
		return nil, fmt.Errorf("is not UTF-8 at %s", position(doc, at))
	}
	c := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(doc, []byte("\ufeff"))))
	c.ReuseRecord = true
	header, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("is empty")
	}
	if err != nil {
		return nil, explainCSV(err)
	}
	p := &report{csv: c, at: map[string]int{}, account: account, partition: "aws"}
	for i, name := range header {
		name = strings.TrimSpace(name)
		if _, twice := p.at[name]; twice {
			return nil, fmt.Errorf("has the column %.40q twice in line 1", name)
		}
		p.at[name] = i
	}
	for _, must := range []string{"user", "arn"} {
		if _, ok := p.at[must]; !ok {
			return nil, fmt.Errorf("is not a credential report: line 1 names no column %q", must)
		}
	}
	for _, col := range reportColumns {
		if _, ok := p.at[col.column]; !ok {
			p.unknown = append(p.unknown, "Rows."+col.property)
		}
	}
	return p, nil
}

func (p *report) row(record []string) error {
	line, _ := p.csv.FieldPos(0)
	row := reportRow{values: map[string]any{}}
	for _, col := range reportColumns {
		i, ok := p.at[col.column]
		if !ok {
			continue
		}
		v, ok := p.value(col.kind, strings.TrimSpace(record[i]))
		if !ok {
			row.odd = append(row.odd, col.property)
		} else if v != nil {
			row.values[col.property] = v
		}
	}
	user, _ := row.values["User"].(string)
	arn, _ := row.values["Arn"].(string)
	if user == "" {
		return fmt.Errorf("has no user in line %d", line)
	}
	a, ok := ParseARN(arn)
	if !ok || a.Service != "iam" || !IsAccountID(a.Account) {
		return fmt.Errorf("has no ARN of an IAM user in line %d, but %.80q", line, arn)
	}
	if p.account == "" {
		p.account = a.Account
	}
	if a.Account != p.account {
		return fmt.Errorf("is about account %s in line %d, not about %s", a.Account, line, p.account)
	}
	p.partition = a.Partition
	p.rows = append(p.rows, row)
	if i, ok := p.at[passwordColumn]; ok {
		p.password(snapshot.Key(arn), strings.TrimSpace(record[i]))
	}
	return nil
}

// password notes when a password was used last: no_information is none since October 2014, N/A is no password. What cannot be understood is not noted.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
func (p *report) password(about snapshot.Key, s string) {
	switch v, ok := p.value('d', s); {
	case v != nil:
		t, _ := time.Parse(time.RFC3339, v.(string))
		p.used = append(p.used, lastUse(passwordUsed, about, t))
	case ok && s != "not_supported":
		p.used = append(p.used, lastUse(passwordUsed, about, time.Time{}))
	}
}

// value reads one field. nil and true: the report says that there is none.
func (p *report) value(kind byte, s string) (any, bool) {
	switch s {
	case "N/A", "not_supported", "no_information":
		return nil, true
	}
	switch kind {
	case 'b':
		if strings.EqualFold(s, "true") {
			return true, true
		}
		return false, strings.EqualFold(s, "false")
	case 'd':
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return nil, false
		}
		if t.After(p.newest) {
			p.newest = t.UTC()
		}
		return t.UTC().Format(time.RFC3339), true
	}
	return s, s != ""
}

func (p *report) resource() (snapshot.Resource, error) {
	if p.account == "" {
		return snapshot.Resource{}, errors.New("has no line after its header")
	}
	slices.SortStableFunc(p.rows, func(a, b reportRow) int {
		return strings.Compare(a.values["User"].(string), b.values["User"].(string))
	})
	list := make([]any, len(p.rows))
	for i, row := range p.rows {
		list[i] = row.values
		for _, property := range row.odd {
			p.unknown = append(p.unknown, fmt.Sprintf("Rows.%d.%s", i, property))
		}
	}
	slices.Sort(p.unknown)
	return snapshot.Resource{
		Key:        snapshot.Key("arn:" + p.partition + ":iam::" + p.account + ":credential-report"),
		Type:       "AWS::IAM::CredentialReport",
		Account:    p.account,
		Name:       "credential report",
		Properties: map[string]any{"Rows": list},
		Unknown:    p.unknown,
		Origin:     snapshot.Origin{Call: "iam:GetCredentialReport"},
	}, nil
}

func explainCSV(err error) error {
	var e *csv.ParseError
	if errors.As(err, &e) {
		return fmt.Errorf("is not CSV in line %d: %w", e.Line, e.Err)
	}
	return err
}
