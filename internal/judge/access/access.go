// Package access is the path table: from an entry point, over steps, to READ, WRITE or ADMIN of a resource.
package access

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Capability is what somebody can do with a resource.
type Capability uint8

const (
	None  Capability = iota
	Read             // see content that exists
	Write            // change or delete content, or configuration that decides content
	Admin            // change who may: policies, grants, sharing; it counts as READ and WRITE
)

var capabilityNames = [...]string{"NONE", "READ", "WRITE", "ADMIN"}

func (c Capability) String() string { return capabilityNames[c] }

// ParseCapability reads "read", "WRITE", "admin" or "administer".
func ParseCapability(s string) (Capability, bool) {
	switch strings.ToLower(s) {
	case "read":
		return Read, true
	case "write":
		return Write, true
	case "admin", "administer":
		return Admin, true
	}
	return None, false
}

// AnyAccount is the principal that stands for anybody with an AWS account. It is written like the root of an account, with a wildcard
// in the place of its number.
const AnyAccount = "arn:aws:iam::*:root"

// Kinds of entry points, from the widest open to the narrowest.
const (
	Public         = "public"          // anybody, with or without an AWS account
	AnyPrincipal   = "any-principal"   // anybody with an AWS account
	OIDCNoSubject  = "oidc-no-subject" // any identity of an OIDC provider
	RootKey        = "root-key"
	UnknownAccount = "unknown-account" // an account that nobody has named
	ExposedHost    = "exposed-host"    // its admin or database port is open to the internet
	RootNoMFA      = "root-no-mfa"
	PasswordNoMFA  = "password-no-mfa"
	AccessKey      = "access-key"
	OIDCOrg        = "oidc-org"
	Partner        = "partner" // a named account
	WebHost        = "web-host"
	OIDCRepo       = "oidc-repo"
	PartnerExtID   = "partner-external-id"
	Service        = "service"
	PasswordMFA    = "password-mfa"
	SSO            = "sso"
	OIDCPinned     = "oidc-pinned"
	PrivateHost    = "private-host"
	Pod            = "pod"
	RootMFA        = "root-mfa"
	ServiceBound   = "service-bound"
)

// Facts that make an entry point easier.
const (
	KeyOver90       = "key-over-90-days"
	KeyOver365      = "key-over-365-days"
	KeyNoMFA        = "key-without-mfa" // a person's key whose use nothing binds to MFA
	IMDSv1          = "imdsv1"
	KnownExploited  = "known-exploited"
	LikelyExploited = "high-epss"
)

// Fact is something that makes an entry point easier; an unread fact has State Unknown.
type Fact struct {
	Name  string
	State snapshot.State
	Says  string
}

// Entry is a way into the account.
type Entry struct {
	Kind    string
	ID      string // a user, role, host, account or provider; with the subject after "#" for federation
	Facts   []Fact
	Says    string // a few words for people: "key of ci, 412 days old"
	Actor   string // whom breadth counts: a person or machine, not the role that is passed through
	Unknown bool   // whether this way exists was not read; it counts as the worst that it could be
}

// Crowd tells whether nobody in particular comes in: a role does not stand for whoever holds it then.
func (e *Entry) Crowd() bool {
	switch e.Kind {
	case Public, AnyPrincipal, OIDCNoSubject, OIDCOrg:
		return true
	}
	return e.Actor == AnyAccount
}

// Personal tells whether a human being may have that way in for himself. What runs, and what stands open to many, is nobody's own.
func (e *Entry) Personal() bool {
	switch e.Kind {
	case PasswordNoMFA, PasswordMFA, AccessKey, SSO, RootKey, RootNoMFA, RootMFA, UnknownAccount, Partner, PartnerExtID:
		return true
	}
	return false
}

// Guard is a condition that an attacker cannot choose to meet.
type Guard uint8

const (
	GuardMFA Guard = 1 << iota
	GuardNetwork
	GuardOrganization
)

// Names of the guards in a set, in stable order.
func (g Guard) Names() []string {
	out := []string{}
	for i, n := range []string{"mfa-condition", "network-condition", "organization-condition"} {
		if g&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}

// Step leads from one principal or resource to the next.
type Step struct {
	By      string // id of the route, or of what connects the two
	From    string
	To      string
	Because []iam.Ref
	Open    []iam.Condition
	Trace   bool // it changes or launches something, and is seen in the trail
}

// Path leads from an entry point to a capability.
type Path struct {
	Entry      *Entry // nil when nobody can become the principal by what was read
	Principal  string
	Steps      []Step
	Because    []iam.Ref // of the last, direct grant; empty when the last step gives the capability
	By         string    // the route of that grant
	Resource   snapshot.Key
	Capability Capability
	Outcome    iam.Outcome
	Seen       bool // Unknown, but allowed by all that was read
	Guards     Guard
	Conditions []iam.Condition
	Prefix     string // for objects: the key that is reached, when it is not any
	ViaAccount bool   // leads through administration of the whole account: told once, in the account's row

	edges []*edge // in the direction of the attack, when the reasons are still to be told
}

// Traces counts the steps that leave a trace.
func (p *Path) Traces() int {
	n := 0
	for _, s := range p.Steps {
		if s.Trace {
			n++
		}
	}
	return n
}

// ID survives reformatted policies: it is made of who, over what, to what, and not of statements.
func (p *Path) ID() string {
	h := sha256.New()
	if p.Entry != nil {
		h.Write([]byte(p.Entry.Kind + "\x00" + p.Entry.ID + "\x00"))
	}
	h.Write([]byte(p.Principal + "\x00"))
	for _, s := range p.Steps {
		h.Write([]byte(s.By + "\x00" + s.From + "\x00" + s.To + "\x00"))
	}
	h.Write([]byte(string(p.Resource) + "\x00" + p.Capability.String()))
	return hex.EncodeToString(h.Sum(nil))[:12]
}
