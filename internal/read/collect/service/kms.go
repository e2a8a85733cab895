package service

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// KMS reads keys, their policies and grants.
func KMS() Service {
	const why = "each part of a key has its own call"
	return Service{
		Name: "kms",
		Calls: []Call{
			list("kms:ListKeys", "kms:ListKeys", "Keys", "the keys", "AWS::KMS::Key"),
			list("kms:ListAliases", "kms:ListAliases", "Aliases", "what people call the keys", "AWS::KMS::Alias"),
			about("kms:DescribeKey", "kms:DescribeKey", "KeyMetadata", why),
			about("kms:GetKeyPolicy", "kms:GetKeyPolicy", "Policy", why),
			about("kms:GetKeyRotationStatus", "kms:GetKeyRotationStatus", "KeyRotationEnabled", why),
			about("kms:ListGrants", "kms:ListGrants", "Grants", "a grant gives access beside every policy"),
			about("kms:ListResourceTags", "kms:ListResourceTags", "Tags", why),
		},
		Read: readKMS,
	}
}

func readKMS(ctx context.Context, s *Scope) {
	c := kms.NewFromConfig(s.Config())
	var keys []types.KeyListEntry
	ok := pages(ctx, s, "kms:ListKeys", kms.NewListKeysPaginator(c, &kms.ListKeysInput{}), func(o *kms.ListKeysOutput) {
		keys = append(keys, o.Keys...)
	})
	if ok && len(keys) == 0 { // an alias without a key is only a name that AWS reserves
		s.NoteTypes("kms:ListKeys", snapshot.OK, "", "AWS::KMS::Alias")
		return
	}
	names := map[string]string{}
	pages(ctx, s, "kms:ListAliases", kms.NewListAliasesPaginator(c, &kms.ListAliasesInput{}), func(o *kms.ListAliasesOutput) {
		for _, a := range o.Aliases {
			name, target := aws.ToString(a.AliasName), aws.ToString(a.TargetKeyId)
			if target == "" {
				continue // an alias that AWS reserves for a key that it has not made yet
			}
			if old, ok := names[target]; !ok || name < old {
				names[target] = name
			}
			r := s.New("AWS::KMS::Alias", aws.ToString(a.AliasArn), name, "kms:ListAliases")
			r.Properties["AliasName"], r.Properties["TargetKeyId"] = name, target
			s.Add(*r)
		}
	})
	Each(ctx, keys, func(ctx context.Context, k types.KeyListEntry) {
		r := s.New("AWS::KMS::Key", aws.ToString(k.KeyArn), strings.TrimPrefix(names[aws.ToString(k.KeyId)], "alias/"), "kms:ListKeys")
		readKey(ctx, s, c, r, k.KeyId)
		s.Add(*r)
	})
}

func readKey(ctx context.Context, s *Scope, c *kms.Client, r *snapshot.Resource, id *string) {
	p := r.Properties
	var meta types.KeyMetadata
	if o := part(ctx, s, r, "KeyManager", "kms:DescribeKey", c.DescribeKey, &kms.DescribeKeyInput{KeyId: id}); o != nil && o.KeyMetadata != nil {
		meta = *o.KeyMetadata
		text(p, "KeyManager", meta.KeyManager)
		text(p, "KeyState", meta.KeyState)
		set(p, "MultiRegion", meta.MultiRegion)
	} else {
		r.Unknown = append(r.Unknown, "KeyState", "MultiRegion")
	}
	if o := part(ctx, s, r, "KeyPolicy", "kms:GetKeyPolicy", c.GetKeyPolicy, &kms.GetKeyPolicyInput{KeyId: id, PolicyName: aws.String("default")}); o != nil {
		setPolicy(r, "KeyPolicy", o.Policy)
	}
	if meta.KeyManager == types.KeyManagerTypeAws {
		// AWS rotates its keys every year, they cannot be tagged, and their grants are its services' own.
		// "AWS KMS keys", https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
		return
	}
	// A replica rotates with the key that it is a replica of, and cannot be told to.
	// "Rotate AWS KMS keys", https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
	replica := meta.MultiRegionConfiguration != nil && meta.MultiRegionConfiguration.MultiRegionKeyType == types.MultiRegionKeyTypeReplica
	if meta.KeySpec == "" || meta.KeySpec == types.KeySpecSymmetricDefault && meta.Origin == types.OriginTypeAwsKms && !replica {
		if o := part(ctx, s, r, "EnableKeyRotation", "kms:GetKeyRotationStatus", c.GetKeyRotationStatus,
			&kms.GetKeyRotationStatusInput{KeyId: id}, "UnsupportedOperationException"); o != nil {
			p["EnableKeyRotation"] = o.KeyRotationEnabled
		}
	}
	var grants []types.GrantListEntry
	if pagesOf(ctx, s, r, "Grants", "kms:ListGrants", kms.NewListGrantsPaginator(c, &kms.ListGrantsInput{KeyId: id}), func(o *kms.ListGrantsOutput) {
		grants = append(grants, o.Grants...)
	}) {
		many(p, "Grants", sorted(grants, grant))
	}
	if !s.tags(ctx, r) {
		var tags []types.Tag
		if pagesOf(ctx, s, r, "Tags", "kms:ListResourceTags", kms.NewListResourceTagsPaginator(c, &kms.ListResourceTagsInput{KeyId: id}), func(o *kms.ListResourceTagsOutput) {
			tags = append(tags, o.Tags...)
		}) {
			r.Tags = tagsOf(tags, func(t types.Tag) (*string, *string) { return t.TagKey, t.TagValue })
		}
	}
}

func grant(g types.GrantListEntry) any {
	m := object{"Operations": sorted(g.Operations, same)}
	set(m, "GrantId", g.GrantId)
	set(m, "GranteePrincipal", g.GranteePrincipal)
	if g.Constraints != nil {
		k := object{}
		pairs(k, "EncryptionContextEquals", g.Constraints.EncryptionContextEquals)
		pairs(k, "EncryptionContextSubset", g.Constraints.EncryptionContextSubset)
		m["Constraints"] = k
	}
	return m
}

func pairs(m object, name string, in map[string]string) {
	if len(in) == 0 {
		return
	}
	out := object{}
	for k, v := range in {
		out[k] = v
	}
	m[name] = out
}
