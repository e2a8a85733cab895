package network

import (
	"slices"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Protocols that have ports.
const (
	tcp = "tcp"
	udp = "udp"
)

var allPorts = Ports{0, 65535}

// opening is a range of ports of one protocol that is open to addresses of one family.
type opening struct {
	Ports
	proto string
	six   bool
}

// protocol reads a protocol by name or number; "" stands for all of them.
func protocol(v any) string {
	s, isText := v.(string)
	if n, ok := number(v); !isText && ok {
		return protocol(strconv.Itoa(n))
	}
	switch s = strings.ToLower(s); s {
	case "-1", "all", "":
		return ""
	case "6":
		return tcp
	case "17":
		return udp
	}
	return s
}

// through keeps what a network ACL lets in: rules count in order of their number, the first that matches a packet decides
// (Amazon VPC User Guide, "Network ACL rules"). An Allow for a part of the internet that nobody has chosen lets in; a Deny takes
// away only when it is for the whole of an address family, since a narrower one leaves the rest of the internet in.
func through(acl *snapshot.Resource, open []opening) []opening {
	entries, state := acl.Maps("Entries")
	if state != snapshot.Known {
		return open
	}
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b map[string]any) int {
		x, _ := number(a["RuleNumber"])
		y, _ := number(b["RuleNumber"])
		return x - y
	})
	var out []opening
	for _, o := range open {
		out = append(out, passed(entries, o)...)
	}
	return out
}

// passed follows one opening through the rules of a network ACL.
func passed(entries []map[string]any, o opening) []opening {
	var out []opening
	left := []Ports{o.Ports} // what no rule has decided
	for _, e := range entries {
		if egress, _ := e["Egress"].(bool); egress {
			continue
		}
		if p := protocol(e["Protocol"]); p != "" && p != o.proto {
			continue
		}
		cidr, whole := e["CidrBlock"], "0.0.0.0/0"
		if o.six {
			cidr, whole = e["Ipv6CidrBlock"], "::/0"
		}
		block, _ := cidr.(string)
		action, _ := e["RuleAction"].(string)
		allow := strings.EqualFold(action, "allow")
		if block != whole && !(allow && everywhere(block)) {
			continue
		}
		var rest []Ports
		r := aclPorts(e)
		for _, p := range left {
			if p.To < r.From || r.To < p.From {
				rest = append(rest, p)
				continue
			}
			if allow {
				out = append(out, opening{Ports{max(p.From, r.From), min(p.To, r.To)}, o.proto, o.six})
			}
			if block != whole {
				rest = append(rest, p)
				continue
			}
			if p.From < r.From {
				rest = append(rest, Ports{p.From, r.From - 1})
			}
			if r.To < p.To {
				rest = append(rest, Ports{r.To + 1, p.To})
			}
		}
		left = rest
	}
	return out
}

func aclPorts(e map[string]any) Ports {
	m, _ := e["PortRange"].(map[string]any)
	from, ok1 := number(m["From"])
	to, ok2 := number(m["To"])
	if !ok1 || !ok2 {
		return allPorts
	}
	return Ports{from, to}
}
