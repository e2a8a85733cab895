package compare

import (
	"slices"
	"strings"

	"github.com/footing-dev/footing/iam"
)

// The accounts of somebody of whom no policy speaks.
const (
	someAccount  = "111122223333"
	otherAccount = "999988887777"
	someUser     = "arn:aws:iam::" + someAccount + ":user/someone"
)

// strangers are principals in an account that no policy names, and outside of all.
func strangers(p *people) []string {
	account := p.fresh()
	return []string{
		"anonymous",
		"arn:aws:iam::" + account + ":user/someone",
		"arn:aws:sts::" + account + ":assumed-role/someone/session",
		"arn:aws:iam::" + account + ":root",
		"arn:aws:iam::" + account + ":saml-provider/someone",
	}
}

// people gathers who is named in Principal and NotPrincipal elements.
type people struct {
	named    []string
	accounts []string
	sessions []string // roles, as ACCOUNT/NAME, of which single sessions are named
	has      map[string]bool
}

func (p *people) add(s string) {
	if s != "" && !p.has[s] {
		p.has[s] = true
		p.named = append(p.named, s)
	}
}

func (p *people) read(of *iam.Principals) {
	if of == nil {
		return
	}
	for _, list := range [...][]string{of.AWS, of.Service, of.Federated, of.Canonical} {
		for _, s := range list {
			p.add(s)
		}
	}
	for _, s := range of.AWS {
		arn, ok := iam.SplitARN(s)
		if !ok {
			continue
		}
		if a := arn.Account; len(a) == 12 && !p.has[a] {
			p.has[a] = true
			p.accounts = append(p.accounts, a)
		}
		if role, session, ok := strings.Cut(strings.TrimPrefix(arn.Resource, "assumed-role/"), "/"); ok && session != "" && arn.Service == "sts" {
			if r := arn.Account + "/" + role; !slices.Contains(p.sessions, r) {
				p.sessions = append(p.sessions, r)
			}
		}
	}
}

// fresh is an account that nobody is of.
func (p *people) fresh() string {
	for _, a := range [...]string{someAccount, otherAccount} {
		if !p.has[a] {
			return a
		}
	}
	for n := 0; ; n++ {
		a := "5000000" + string([]byte{byte('0' + n/10000%10), byte('0' + n/1000%10), byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)})
		if !p.has[a] {
			return a
		}
	}
}

// everybody is one principal of each sort that the policies can tell apart: those that they name, sessions of roles that they name, somebody
// else in the accounts that they name, and somebody of whom they do not speak. A role stands for any of its sessions; where one is named
// apart, that one and another stand for the role.
func everybody(policies ...*policy) []string {
	p := &people{has: map[string]bool{}}
	for _, c := range policies {
		for i := range c.source.Statements {
			p.read(c.source.Statements[i].Principals)
			p.read(c.source.Statements[i].NotPrincipal)
		}
	}
	return append(append([]string{"anonymous"}, p.all()...), strangers(p)[1:]...)
}

func (p *people) all() []string {
	var out []string
	for _, s := range p.named {
		arn, ok := iam.SplitARN(s)
		first, rest, _ := strings.Cut(arn.Resource, "/")
		if !ok || first != "role" || arn.Service != "iam" {
			out = append(out, s)
			continue
		}
		name := rest[strings.LastIndexByte(rest, '/')+1:]
		if slices.Contains(p.sessions, arn.Account+"/"+name) {
			out = append(out, "arn:"+arn.Partition+":sts::"+arn.Account+":assumed-role/"+name+"/footing-other")
			continue
		}
		out = append(out, s)
	}
	for _, a := range p.accounts {
		out = append(out,
			"arn:aws:iam::"+a+":root",
			"arn:aws:iam::"+a+":user/footing-other",
			"arn:aws:sts::"+a+":assumed-role/footing-other/session",
		)
	}
	for _, role := range p.sessions {
		account, name, _ := strings.Cut(role, "/")
		out = append(out, "arn:aws:sts::"+account+":assumed-role/"+name+"/footing-other")
	}
	return append(out, "footing-other.amazonaws.com", strings.Repeat("0f", 32))
}

// caller is one principal and which statements mean it.
type caller struct {
	name    string
	service bool
	means   []bool // statement after statement, of the old and then of the new policy
}

// callers are the principals that the statements tell apart, the first of each sort. Vague is true when the policies do not decide
// whether they mean one of them.
func (s *Solver) callers(names []string, policies ...*policy) (out []caller, vague bool) {
	seen := map[string]bool{}
	for _, name := range names {
		c := caller{name: name}
		r := iam.Request{Principal: name, Action: "s3:GetObject", Resource: "*", ResourceAccount: otherAccount, Closed: true}
		if r.Check() != nil {
			continue // an id of somebody who is gone: nobody
		}
		probe := iam.NewProbe(&r, false)
		traits := probe.Traits()
		c.service = !traits.InAccount && strings.Contains(name, ".") && !strings.Contains(name, ":")
		sure := true
		for _, p := range policies {
			for i := range p.source.Statements {
				n := probe.Principal(&p.source.Statements[i])
				sure = sure && !n.Session
				c.means = append(c.means, n.Name || n.Role || n.Account)
			}
		}
		key := make([]byte, len(c.means)+1)
		for i, m := range c.means {
			if m {
				key[i] = 1
			}
		}
		if c.service {
			key[len(c.means)] = 1
		}
		vague = vague || !sure
		if sure && !seen[string(key)] {
			seen[string(key)] = true
			out = append(out, c)
		}
	}
	return out, vague
}
