package service

import (
	"bytes"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

func readBucket(ctx context.Context, s *Scope, c *s3.Client, r *snapshot.Resource) {
	b, p := aws.String(r.Name), r.Properties
	if o := part(ctx, s, r, "Policy", "s3:GetBucketPolicy", c.GetBucketPolicy, &s3.GetBucketPolicyInput{Bucket: b}, "NoSuchBucketPolicy"); o != nil {
		setPolicy(r, "Policy", o.Policy)
	}
	if o := part(ctx, s, r, "PublicAccessBlockConfiguration", "s3:GetPublicAccessBlock", c.GetPublicAccessBlock,
		&s3.GetPublicAccessBlockInput{Bucket: b}, "NoSuchPublicAccessBlockConfiguration"); o != nil && o.PublicAccessBlockConfiguration != nil {
		k := o.PublicAccessBlockConfiguration
		p["PublicAccessBlockConfiguration"] = object{
			"BlockPublicAcls": aws.ToBool(k.BlockPublicAcls), "IgnorePublicAcls": aws.ToBool(k.IgnorePublicAcls),
			"BlockPublicPolicy": aws.ToBool(k.BlockPublicPolicy), "RestrictPublicBuckets": aws.ToBool(k.RestrictPublicBuckets),
		}
	}
	readOwnership(ctx, s, c, r, b)
	if o := part(ctx, s, r, "BucketEncryption", "s3:GetBucketEncryption", c.GetBucketEncryption,
		&s3.GetBucketEncryptionInput{Bucket: b}, "ServerSideEncryptionConfigurationNotFoundError"); o != nil && o.ServerSideEncryptionConfiguration != nil {
		p["BucketEncryption"] = object{"ServerSideEncryptionConfiguration": each(o.ServerSideEncryptionConfiguration.Rules, encryptionRule)}
	}
	if o := part(ctx, s, r, "VersioningConfiguration", "s3:GetBucketVersioning", c.GetBucketVersioning, &s3.GetBucketVersioningInput{Bucket: b}); o != nil && o.Status != "" {
		m := object{"Status": string(o.Status)}
		text(m, "MFADelete", o.MFADelete)
		p["VersioningConfiguration"] = m
	}
	if !s.tags(ctx, r) {
		if o := part(ctx, s, r, "Tags", "s3:GetBucketTagging", c.GetBucketTagging, &s3.GetBucketTaggingInput{Bucket: b}, "NoSuchTagSet"); o != nil {
			r.Tags = s3Tags(o.TagSet)
		}
	}
	readLogging(ctx, s, c, r, b)
	readLock(ctx, s, c, r, b)
	readReplication(ctx, s, c, r, b)
}

// readOwnership reads who owns objects and, where access control lists have an effect, the bucket's own.
func readOwnership(ctx context.Context, s *Scope, c *s3.Client, r *snapshot.Resource, b *string) {
	o := part(ctx, s, r, "OwnershipControls", "s3:GetBucketOwnershipControls", c.GetBucketOwnershipControls,
		&s3.GetBucketOwnershipControlsInput{Bucket: b}, "OwnershipControlsNotFoundError")
	if o != nil && o.OwnershipControls != nil {
		r.Properties["OwnershipControls"] = object{"Rules": each(o.OwnershipControls.Rules, func(x types.OwnershipControlsRule) any {
			return object{"ObjectOwnership": string(x.ObjectOwnership)}
		})}
		if aclsOff(o.OwnershipControls.Rules) {
			return
		}
	}
	if o := part(ctx, s, r, "AccessControlList", "s3:GetBucketAcl", c.GetBucketAcl, &s3.GetBucketAclInput{Bucket: b}); o != nil {
		list := object{"Grants": sorted(o.Grants, func(g types.Grant) any {
			who := object{}
			if g.Grantee != nil {
				text(who, "Type", g.Grantee.Type)
				set(who, "URI", g.Grantee.URI)
				set(who, "ID", g.Grantee.ID)
			}
			return object{"Grantee": who, "Permission": string(g.Permission)}
		})}
		if o.Owner != nil && o.Owner.ID != nil {
			list["Owner"] = object{"ID": *o.Owner.ID}
		}
		r.Properties["AccessControlList"] = list
	}
}

// readLogging asks whether access to a bucket is logged where that matters: of buckets that CloudTrail writes to, which their policy has to allow.
// Of the others it is unknown. "Amazon S3 bucket policy for CloudTrail",
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
func readLogging(ctx context.Context, s *Scope, c *s3.Client, r *snapshot.Resource, b *string) {
	if !ofTrail(r) {
		r.Unknown = append(r.Unknown, "LoggingConfiguration")
		return
	}
	o := part(ctx, s, r, "LoggingConfiguration", "s3:GetBucketLogging", c.GetBucketLogging, &s3.GetBucketLoggingInput{Bucket: b})
	if o == nil || o.LoggingEnabled == nil {
		return
	}
	m := object{}
	set(m, "DestinationBucketName", o.LoggingEnabled.TargetBucket)
	set(m, "LogFilePrefix", o.LoggingEnabled.TargetPrefix)
	r.Properties["LoggingConfiguration"] = m
}

func ofTrail(r *snapshot.Resource) bool {
	return r.IsUnknown("Policy") || bytes.Contains(r.Policy, []byte("cloudtrail.amazonaws.com"))
}

// readLock asks of the same buckets whether they keep what comes in. Only those that keep versions can.
// "Configuring S3 Object Lock", https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html
func readLock(ctx context.Context, s *Scope, c *s3.Client, r *snapshot.Resource, b *string) {
	if status, st := r.Property("VersioningConfiguration.Status"); st != snapshot.Unknown && status != "Enabled" {
		return
	}
	if !ofTrail(r) {
		r.Unknown = append(r.Unknown, "ObjectLockConfiguration", "ObjectLockEnabled")
		return
	}
	o := part(ctx, s, r, "ObjectLockConfiguration", "s3:GetObjectLockConfiguration", c.GetObjectLockConfiguration,
		&s3.GetObjectLockConfigurationInput{Bucket: b}, "ObjectLockConfigurationNotFoundError")
	if r.IsUnknown("ObjectLockConfiguration") {
		r.Unknown = append(r.Unknown, "ObjectLockEnabled")
	}
	if o == nil || o.ObjectLockConfiguration == nil {
		return
	}
	r.Properties["ObjectLockEnabled"] = o.ObjectLockConfiguration.ObjectLockEnabled == types.ObjectLockEnabledEnabled
	if k := o.ObjectLockConfiguration.Rule; k != nil && k.DefaultRetention != nil {
		m := object{}
		text(m, "Mode", k.DefaultRetention.Mode)
		set(m, "Days", k.DefaultRetention.Days)
		set(m, "Years", k.DefaultRetention.Years)
		r.Properties["ObjectLockConfiguration"] = object{"Rule": object{"DefaultRetention": m}}
	}
}

func readReplication(ctx context.Context, s *Scope, c *s3.Client, r *snapshot.Resource, b *string) {
	// Only a versioned bucket can be replicated; one whose versioning is unknown is asked.
	// "Requirements and considerations for replication", https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html
	if _, st := r.Property("VersioningConfiguration.Status"); st == snapshot.Absent {
		return
	}
	o := part(ctx, s, r, "ReplicationConfiguration", "s3:GetBucketReplication", c.GetBucketReplication,
		&s3.GetBucketReplicationInput{Bucket: b}, "ReplicationConfigurationNotFoundError")
	if o == nil || o.ReplicationConfiguration == nil {
		return
	}
	m := object{}
	set(m, "Role", o.ReplicationConfiguration.Role)
	m["Rules"] = each(o.ReplicationConfiguration.Rules, func(x types.ReplicationRule) any {
		rule := object{"Status": string(x.Status)}
		set(rule, "Id", x.ID)
		if x.Destination != nil {
			to := object{}
			set(to, "Bucket", x.Destination.Bucket)
			set(to, "Account", x.Destination.Account)
			rule["Destination"] = to
		}
		return rule
	})
	r.Properties["ReplicationConfiguration"] = m
}

func encryptionRule(x types.ServerSideEncryptionRule) any {
	m := object{}
	if d := x.ApplyServerSideEncryptionByDefault; d != nil {
		by := object{"SSEAlgorithm": string(d.SSEAlgorithm)}
		set(by, "KMSMasterKeyID", d.KMSMasterKeyID)
		m["ServerSideEncryptionByDefault"] = by
	}
	set(m, "BucketKeyEnabled", x.BucketKeyEnabled)
	if x.BlockedEncryptionTypes != nil {
		m["BlockedEncryptionTypes"] = object{"EncryptionType": sorted(x.BlockedEncryptionTypes.EncryptionType, same)}
	}
	return m
}
