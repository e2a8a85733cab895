// Package fact answers what rules ask of an account, each question in one place: whose credentials there are, who is a person, what administers the
// account, what the internet reaches, what is in use. Every answer says what of it was not read.
package fact

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/footing-dev/footing/internal/judge/check"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Credential is what the credential report tells of one user, or of root.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
type Credential struct {
	User            string // "<root_account>" for root
	Key             snapshot.Key
	Created         time.Time // zero: not told
	Password        bool
	PasswordChanged time.Time // zero: never, or not told
	PasswordUsed    time.Time // zero: never used since that is recorded, or not told
	UseUntold       bool      // nobody told when the password was used last
	MFA             bool
	Keys            [2]AccessKey
	Certificates    [2]bool
	Unread          []string // properties of the row that could not be understood
}

// Missed tells that one of some columns was not read.
func (x *Credential) Missed(columns ...string) bool {
	return slices.ContainsFunc(x.Unread, func(name string) bool { return slices.Contains(columns, name) })
}

// AccessKey is one of the two that a user may have.
type AccessKey struct {
	Active        bool
	Rotated, Used time.Time // zero: never, or not told
}

// Root is the name of root's row.
const Root = "<root_account>"

// PasswordUsed and RoleUsed are kinds of observations of the source "iam": when a password, or a role, was used last. They are no properties,
// since an account in which somebody worked is not a changed one.
const (
	PasswordUsed = "password-last-used"
	RoleUsed     = "role-last-used"
)

// Credentials reads the credential report, in the order of its rows. Where there is none the verdict is unknown, and stands in blind.
func Credentials(c check.Case) (rows []Credential, blind []check.Result) {
	const typ = "AWS::IAM::CredentialReport"
	reports := c.Snapshot.OfType(typ)
	if len(reports) == 0 {
		if blind = c.Blind(typ); blind == nil {
			blind = []check.Result{{Says: "there is no credential report"}}
		}
		return nil, blind
	}
	list, st := reports[0].Maps("Rows")
	if st != snapshot.Known {
		return nil, []check.Result{{Says: "the credential report was not read", Target: reports[0].Key}}
	}
	for i, row := range list {
		text := func(name string) string { s, _ := row[name].(string); return s }
		yes := func(name string) bool { b, _ := row[name].(bool); return b }
		moment := func(name string) time.Time { t, _ := time.Parse(time.RFC3339, text(name)); return t }
		x := Credential{User: text("User"), Key: snapshot.Key(text("Arn")), Created: moment("UserCreationTime"), Password: yes("PasswordEnabled"),
			PasswordChanged: moment("PasswordLastChanged"), MFA: yes("MfaActive"), Certificates: [2]bool{yes("Cert1Active"), yes("Cert2Active")}}
		for k := range x.Keys {
			n := fmt.Sprintf("AccessKey%d", k+1)
			x.Keys[k] = AccessKey{yes(n + "Active"), moment(n + "LastRotated"), moment(n + "LastUsedDate")}
		}
		var told bool
		x.PasswordUsed, told = lastUsed(c, x.Key, PasswordUsed)
		x.UseUntold = !told
		for _, name := range []string{"UserCreationTime", "PasswordEnabled", "PasswordLastChanged", "MfaActive", "Cert1Active", "Cert2Active", "AccessKey1Active", "AccessKey1LastRotated",
			"AccessKey1LastUsedDate", "AccessKey2Active", "AccessKey2LastRotated", "AccessKey2LastUsedDate"} {
			if reports[0].IsUnknown(fmt.Sprintf("Rows.%d.%s", i, name)) || reports[0].IsUnknown("Rows."+name) {
				x.Unread = append(x.Unread, name)
			}
		}
		rows = append(rows, x)
	}
	return rows, nil
}

// RoleLastUsed is when a role was used last: zero where no use is recorded, which is of the last 400 days. False: nobody told.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html
func RoleLastUsed(c check.Case, role snapshot.Key) (time.Time, bool) {
	return lastUsed(c, role, RoleUsed)
}

func lastUsed(c check.Case, about snapshot.Key, kind string) (time.Time, bool) {
	for _, o := range c.Snapshot.Observed(about) {
		if o.Source == "iam" && o.Kind == kind {
			return o.At, true
		}
	}
	return time.Time{}, false
}

// Name is what a person calls a thing: its name, else the end of its key.
func Name(c check.Case, k snapshot.Key) string {
	if r, ok := c.Snapshot.Get(k); ok && r.Name != "" {
		return r.Name
	}
	s := string(k)
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '/' || s[i] == ':' {
			return cmp.Or(s[i+1:], s)
		}
	}
	return s
}

// Days is how many whole days lie between a moment and the moment at which the account was looked at.
func Days(c check.Case, t time.Time) int { return int(c.Snapshot.Taken.Sub(t).Hours() / 24) }
