package policy

import (
	"fmt"
	"sort"
	"strings"

	"github.com/footing-dev/footing/iam"
)

// grant is a KMS grant, spelled as ListGrants does or in snake case.
type grant struct {
	GranteePrincipal  string            `json:"GranteePrincipal"`
	Grantee           string            `json:"grantee"`
	GranteeSnake      string            `json:"grantee_principal"`
	Operations        []string          `json:"Operations"`
	Constraints       constraints       `json:"Constraints"`
	EncryptionContext map[string]string `json:"encryption_context"`
	Subset            bool              `json:"subset"`
}

type constraints struct {
	Equals      map[string]string `json:"EncryptionContextEquals"`
	Subset      map[string]string `json:"EncryptionContextSubset"`
	EqualsSnake map[string]string `json:"encryption_context_equals"`
	SubsetSnake map[string]string `json:"encryption_context_subset"`
}

func (g grant) grant() iam.Grant {
	out := iam.Grant{Operations: g.Operations, EncryptionContext: g.EncryptionContext, Subset: g.Subset}
	for _, s := range []string{g.GranteePrincipal, g.GranteeSnake, g.Grantee} {
		if s != "" {
			out.Grantee = s
			break
		}
	}
	switch c := g.Constraints; {
	case len(c.Equals) > 0:
		out.EncryptionContext, out.Subset = c.Equals, false
	case len(c.EqualsSnake) > 0:
		out.EncryptionContext, out.Subset = c.EqualsSnake, false
	case len(c.Subset) > 0:
		out.EncryptionContext, out.Subset = c.Subset, true
	case len(c.SubsetSnake) > 0:
		out.EncryptionContext, out.Subset = c.SubsetSnake, true
	}
	return out
}

// decodePublicAccess takes the four switches as CloudFormation spells them or in snake case.
func decodePublicAccess(in map[string]bool) (*iam.PublicAccessBlock, error) {
	if in == nil {
		return nil, nil
	}
	out := &iam.PublicAccessBlock{}
	names := make([]string, 0, len(in))
	for name := range in {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		switch strings.ToLower(strings.ReplaceAll(name, "_", "")) {
		case "blockpublicacls":
			out.BlockPublicACLs = in[name]
		case "ignorepublicacls":
			out.IgnorePublicACLs = in[name]
		case "blockpublicpolicy":
			out.BlockPublicPolicy = in[name]
		case "restrictpublicbuckets":
			out.RestrictPublicBuckets = in[name]
		default:
			return nil, fmt.Errorf("public_access_block has no switch %q", name)
		}
	}
	return out, nil
}
