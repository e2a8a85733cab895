package access

import (
	"fmt"
	"strings"
	"time"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// people adds the ways in of IAM users: a password with or without MFA, and access keys, from the credential report.
// Without the report a user may have any of them: the worst is assumed, and said to be unread.
func (t *Table) people() {
	rows, state := t.credentials()
	for _, u := range t.snap.OfType("AWS::IAM::User") {
		at := node{string(u.Key), None}
		row := rows[string(u.Key)]
		if row == nil {
			says := u.Name + ", whose password and keys were not read"
			if state == snapshot.Known {
				says = u.Name + ", newer than the credential report"
			}
			// An old key without MFA weighs more than a password without.
			t.enter(at, &entryAt{Entry: &Entry{Kind: AccessKey, ID: string(u.Key), Actor: string(u.Key), Unknown: true, Says: says, Facts: []Fact{
				{KeyOver365, snapshot.Unknown, "the age of keys was not read"}, {KeyNoMFA, snapshot.Unknown, "whether MFA guards them was not read"}}}})
			continue
		}
		password, mfa := flag(row.is, "PasswordEnabled"), flag(row.is, "MfaActive")
		if unread := row.unread("PasswordEnabled"); password || unread {
			e := &Entry{Kind: PasswordMFA, ID: string(u.Key), Actor: string(u.Key), Says: u.Name + ", with MFA", Unknown: unread || row.unread("MfaActive")}
			if !mfa {
				e.Kind, e.Says = PasswordNoMFA, u.Name+", no MFA"
			}
			if e.Unknown {
				e.Says = u.Name + ", whose password and MFA were not read"
			}
			t.enter(at, &entryAt{Entry: e})
		}
		for _, n := range []string{"AccessKey1", "AccessKey2"} {
			if unread := row.unread(n + "Active"); unread || flag(row.is, n+"Active") {
				e := t.key(u, row.is, n, password)
				if e.Unknown = unread; unread {
					e.Says = u.Name + ", whose keys were not read"
				}
				t.enter(at, &entryAt{Entry: e})
			}
		}
	}
}

// key is one active access key, with its age counted from the snapshot.
func (t *Table) key(u *snapshot.Resource, row map[string]any, n string, person bool) *Entry {
	e := &Entry{Kind: AccessKey, ID: string(u.Key), Actor: string(u.Key), Says: "key of " + u.Name}
	rotated, _ := row[n+"LastRotated"].(string)
	at, err := time.Parse(time.RFC3339, rotated)
	switch days := int(t.snap.Taken.Sub(at).Hours() / 24); {
	case err != nil:
		e.Facts = append(e.Facts, Fact{KeyOver365, snapshot.Unknown, "its age was not read"})
	default:
		e.Says = fmt.Sprintf("key of %s, %d days old", u.Name, max(days, 0))
		if days > 365 {
			e.Facts = append(e.Facts, Fact{KeyOver365, snapshot.Known, "older than a year"})
		} else if days > 90 {
			e.Facts = append(e.Facts, Fact{KeyOver90, snapshot.Known, "older than 90 days"})
		}
	}
	if person {
		e.Facts = append(e.Facts, Fact{KeyNoMFA, snapshot.Known, "a person's key, not under MFA"})
	}
	return e
}

// credential is a row of the credential report.
type credential struct {
	is     map[string]any
	report *snapshot.Resource
	at     int
}

// unread tells that a column was not there, or not understood in this row.
func (c *credential) unread(name string) bool {
	return c.report.IsUnknown("Rows."+name) || c.report.IsUnknown(fmt.Sprintf("Rows.%d.%s", c.at, name))
}

// credentials maps user ARNs, and "<root_account>", to their rows.
func (t *Table) credentials() (map[string]*credential, snapshot.State) {
	out := map[string]*credential{}
	for _, r := range t.snap.OfType("AWS::IAM::CredentialReport") {
		rows, _ := r.Maps("Rows")
		for i, row := range rows {
			arn, _ := row["Arn"].(string)
			if u, _ := row["User"].(string); u == "<root_account>" {
				arn = u
			}
			out[arn] = &credential{row, r, i}
		}
	}
	return out, t.snap.Has("AWS::IAM::CredentialReport", "")
}

func flag(row map[string]any, name string) bool {
	switch v := row[name].(type) {
	case bool:
		return v
	case string:
		return strings.EqualFold(v, "true")
	}
	return false
}

// root is always there; what guards it comes from the credential report, else from the account summary, else is unknown.
func (t *Table) root() {
	id := t.rootARN()
	at := node{id, None}
	t.add(&edge{from: at, to: node{string(t.Account), Admin}, by: "root-user", direct: true, outcome: iam.Allow})
	t.admins[id] = 0
	rows, _ := t.credentials()
	row := rows["<root_account>"]
	key, mfa, known, hidden := false, false, false, false
	if row != nil {
		_, known = row.is["MfaActive"]
		key, mfa = flag(row.is, "AccessKey1Active") || flag(row.is, "AccessKey2Active"), flag(row.is, "MfaActive")
		hidden = row.unread("AccessKey1Active") || row.unread("AccessKey2Active")
	} else if sums := t.snap.OfType("AWS::IAM::AccountSummary"); len(sums) > 0 {
		m, st := sums[0].Number("AccountMFAEnabled")
		k, _ := sums[0].Number("AccountAccessKeysPresent")
		known, mfa, key = st == snapshot.Known, m > 0, k > 0
	}
	enter := func(kind, says string, unknown bool) {
		t.enter(at, &entryAt{Entry: &Entry{Kind: kind, ID: id, Actor: id, Says: says, Unknown: unknown}})
	}
	switch {
	case !known:
		enter(RootMFA, "root", false)
		enter(RootKey, "root, whose keys and MFA were not read", true)
		return
	case key:
		enter(RootKey, "a key of root", false)
	case hidden:
		enter(RootKey, "root, whose keys were not read", true)
	}
	if mfa {
		enter(RootMFA, "root, with MFA", false)
	} else {
		enter(RootNoMFA, "root, no MFA", false)
	}
}

// blind adds the worst way in where the principals themselves could not be listed: nothing unseen is safe.
func (t *Table) blind() {
	for typ, plain := range map[string]string{"AWS::IAM::User": "IAM users", "AWS::IAM::Role": "IAM roles"} {
		if t.unread(typ) {
			id := "unread " + typ
			at := node{id, None}
			t.enter(at, &entryAt{Entry: &Entry{Kind: Public, ID: typ, Actor: id, Unknown: true, Says: "somebody unseen: " + plain + " were not read"}})
			t.add(&edge{from: at, to: node{string(t.Account), Admin}, by: "unread", outcome: iam.Unknown, direct: true})
		}
	}
}
