package service

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// SecretsManager reads what secrets there are and who may read them, never a value.
func SecretsManager() Service {
	return Service{
		Name: "secretsmanager",
		Calls: []Call{
			list("secretsmanager:ListSecrets", "secretsmanager:ListSecrets", "SecretList", "the names of secrets", "AWS::SecretsManager::Secret"),
			about("secretsmanager:GetResourcePolicy", "secretsmanager:GetResourcePolicy", "ARN", "who may read a secret"),
		},
		Read: readSecrets,
	}
}

func readSecrets(ctx context.Context, s *Scope) {
	c := secretsmanager.NewFromConfig(s.Config())
	var found []types.SecretListEntry
	pages(ctx, s, "secretsmanager:ListSecrets", secretsmanager.NewListSecretsPaginator(c, &secretsmanager.ListSecretsInput{MaxResults: aws.Int32(100)}), func(o *secretsmanager.ListSecretsOutput) {
		found = append(found, o.SecretList...)
	})
	Each(ctx, found, func(ctx context.Context, e types.SecretListEntry) {
		r := s.New("AWS::SecretsManager::Secret", aws.ToString(e.ARN), aws.ToString(e.Name), "secretsmanager:ListSecrets")
		set(r.Properties, "Name", e.Name)
		set(r.Properties, "KmsKeyId", e.KmsKeyId)
		r.Properties["RotationEnabled"] = aws.ToBool(e.RotationEnabled)
		set(r.Properties, "OwningService", e.OwningService)
		set(r.Properties, "PrimaryRegion", e.PrimaryRegion)
		if e.CreatedDate != nil {
			r.Properties["CreatedDate"] = second(e.CreatedDate).Format(time.RFC3339)
		}
		// No properties: an account in which somebody worked is not a changed one.
		observed := func(kind string, at *time.Time) {
			if at != nil {
				s.Observe(snapshot.Observation{Source: "secretsmanager", Kind: kind, About: r.Key, At: second(at)})
			}
		}
		observed("secret-last-used", e.LastAccessedDate)
		observed("secret-last-changed", e.LastChangedDate)
		r.Tags = tagsOf(e.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
		if o := part(ctx, s, r, "Policy", "secretsmanager:GetResourcePolicy", c.GetResourcePolicy, &secretsmanager.GetResourcePolicyInput{SecretId: e.ARN}); o != nil {
			setPolicy(r, "Policy", o.ResourcePolicy)
		}
		s.Add(*r)
	})
}
