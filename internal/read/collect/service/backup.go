package service

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Backup reads vaults and plans: what is backed up, where to, and who may touch that. Recovery points come and go, and are not read.
func Backup() Service {
	return Service{
		Name: "backup",
		Calls: []Call{
			list("backup:ListBackupVaults", "backup:ListBackupVaults", "BackupVaultList", "where backups are kept", "AWS::Backup::BackupVault"),
			list("backup:ListBackupPlans", "backup:ListBackupPlans", "BackupPlansList", "when backups are made", "AWS::Backup::BackupPlan"),
			below("backup:ListBackupSelections", "backup:ListBackupSelections", "BackupSelectionsList", "of what backups are made", "AWS::Backup::BackupSelection"),
			list("backup:DescribeRegionSettings", "backup:DescribeRegionSettings", "ResourceTypeOptInPreference", "which kinds of resources are backed up", "AWS::Backup::RegionSettings"),
			about("backup:GetBackupVaultAccessPolicy", "backup:GetBackupVaultAccessPolicy", "Policy", "who may reach backups"),
			about("backup:GetBackupPlan", "backup:GetBackupPlan", "BackupPlan", "how often, and how long it is kept"),
			about("backup:GetBackupSelection", "backup:GetBackupSelection", "BackupSelection", "of what backups are made"),
			about("backup:ListTags", "backup:ListTags", "?Tags", "whose vault or plan it is"),
		},
		Read: readBackup,
	}
}

func readBackup(ctx context.Context, s *Scope) {
	c := backup.NewFromConfig(s.Config())
	readBackupVaults(ctx, s, c)
	readBackupPlans(ctx, s, c)
	const call = "backup:DescribeRegionSettings"
	if o, ok := one(ctx, s, call, c.DescribeRegionSettings, &backup.DescribeRegionSettingsInput{}); ok {
		r := s.New("AWS::Backup::RegionSettings", s.ARN("backup", "region-settings"), "backup settings", call)
		r.Properties["ResourceTypeOptInPreference"] = flags(o.ResourceTypeOptInPreference)
		r.Properties["ResourceTypeManagementPreference"] = flags(o.ResourceTypeManagementPreference)
		s.Add(*r)
	}
}

func flags(in map[string]bool) object {
	m := object{}
	for k, v := range in {
		m[k] = v
	}
	return m
}

func readBackupVaults(ctx context.Context, s *Scope, c *backup.Client) {
	var found []types.BackupVaultListMember
	pages(ctx, s, "backup:ListBackupVaults", backup.NewListBackupVaultsPaginator(c, &backup.ListBackupVaultsInput{}), func(o *backup.ListBackupVaultsOutput) {
		found = append(found, o.BackupVaultList...)
	})
	Each(ctx, found, func(ctx context.Context, v types.BackupVaultListMember) {
		r := s.New("AWS::Backup::BackupVault", deref(v.BackupVaultArn), deref(v.BackupVaultName), "backup:ListBackupVaults")
		p := r.Properties
		set(p, "BackupVaultName", v.BackupVaultName)
		set(p, "EncryptionKeyArn", v.EncryptionKeyArn)
		text(p, "VaultType", v.VaultType)
		lock := object{}
		set(lock, "Locked", v.Locked)
		set(lock, "MinRetentionDays", v.MinRetentionDays)
		set(lock, "MaxRetentionDays", v.MaxRetentionDays)
		if v.LockDate != nil { // from then on nobody lifts the lock
			lock["LockDate"] = v.LockDate.UTC().Format(time.RFC3339)
		}
		p["LockConfiguration"] = lock
		in := &backup.GetBackupVaultAccessPolicyInput{BackupVaultName: v.BackupVaultName}
		if o := part(ctx, s, r, "Policy", "backup:GetBackupVaultAccessPolicy", c.GetBackupVaultAccessPolicy, in, "ResourceNotFoundException"); o != nil {
			setPolicy(r, "Policy", o.Policy)
		}
		readBackupTags(ctx, s, c, r)
		s.Add(*r)
	})
}

func readBackupPlans(ctx context.Context, s *Scope, c *backup.Client) {
	var found []types.BackupPlansListMember
	complete := pages(ctx, s, "backup:ListBackupPlans", backup.NewListBackupPlansPaginator(c, &backup.ListBackupPlansInput{}), func(o *backup.ListBackupPlansOutput) {
		found = append(found, o.BackupPlansList...)
	})
	selections := newTally(complete)
	Each(ctx, found, func(ctx context.Context, b types.BackupPlansListMember) {
		r := s.New("AWS::Backup::BackupPlan", deref(b.BackupPlanArn), deref(b.BackupPlanName), "backup:ListBackupPlans")
		set(r.Properties, "BackupPlanId", b.BackupPlanId)
		if o := part(ctx, s, r, "BackupPlan", "backup:GetBackupPlan", c.GetBackupPlan, &backup.GetBackupPlanInput{BackupPlanId: b.BackupPlanId}); o != nil && o.BackupPlan != nil {
			r.Properties["BackupPlan"] = object{
				"BackupPlanName": deref(o.BackupPlan.BackupPlanName),
				"BackupPlanRule": each(o.BackupPlan.Rules, backupRule),
			}
		}
		readBackupTags(ctx, s, c, r)
		selections.count(r.Key, readBackupSelections(ctx, s, c, b))
		s.Add(*r)
	})
	selections.note(s, "backup:ListBackupSelections")
}

func backupRule(x types.BackupRule) any {
	m := object{}
	set(m, "RuleName", x.RuleName)
	set(m, "TargetBackupVault", x.TargetBackupVaultName)
	set(m, "ScheduleExpression", x.ScheduleExpression)
	set(m, "ScheduleExpressionTimezone", x.ScheduleExpressionTimezone)
	set(m, "EnableContinuousBackup", x.EnableContinuousBackup)
	set(m, "TargetLogicallyAirGappedBackupVaultArn", x.TargetLogicallyAirGappedBackupVaultArn)
	backupLifecycle(m, x.Lifecycle)
	many(m, "CopyActions", sorted(x.CopyActions, func(a types.CopyAction) any {
		to := object{}
		set(to, "DestinationBackupVaultArn", a.DestinationBackupVaultArn)
		backupLifecycle(to, a.Lifecycle)
		return to
	}))
	return m
}

func backupLifecycle(m object, l *types.Lifecycle) {
	if l != nil {
		days := object{}
		set(days, "DeleteAfterDays", l.DeleteAfterDays)
		set(days, "MoveToColdStorageAfterDays", l.MoveToColdStorageAfterDays)
		m["Lifecycle"] = days
	}
}

// readBackupSelections reads what a plan backs up. Its error is that of the list.
func readBackupSelections(ctx context.Context, s *Scope, c *backup.Client, plan types.BackupPlansListMember) error {
	var found []types.BackupSelectionsListMember
	_, err := turn(ctx, s, backup.NewListBackupSelectionsPaginator(c, &backup.ListBackupSelectionsInput{BackupPlanId: plan.BackupPlanId}), func(o *backup.ListBackupSelectionsOutput) {
		found = append(found, o.BackupSelectionsList...)
	})
	for _, x := range found {
		key := deref(plan.BackupPlanArn) + ":selection/" + deref(x.SelectionId) // it has no ARN
		r := s.New("AWS::Backup::BackupSelection", key, deref(x.SelectionName), "backup:ListBackupSelections")
		m := object{}
		set(m, "SelectionName", x.SelectionName)
		set(m, "IamRoleArn", x.IamRoleArn)
		set(r.Properties, "BackupPlanId", x.BackupPlanId)
		r.Properties["BackupSelection"] = m
		in := &backup.GetBackupSelectionInput{BackupPlanId: x.BackupPlanId, SelectionId: x.SelectionId}
		o := part(ctx, s, r, "BackupSelection.Resources", "backup:GetBackupSelection", c.GetBackupSelection, in)
		if o != nil && o.BackupSelection != nil {
			backupSelection(m, *o.BackupSelection)
		} else {
			r.Unknown = append(r.Unknown, "BackupSelection.Conditions", "BackupSelection.ListOfTags", "BackupSelection.NotResources")
		}
		s.Add(*r)
	}
	return err
}

func backupSelection(m object, x types.BackupSelection) {
	m["Resources"] = sorted(x.Resources, same)
	many(m, "NotResources", sorted(x.NotResources, same))
	many(m, "ListOfTags", sorted(x.ListOfTags, func(k types.Condition) any {
		return object{"ConditionType": string(k.ConditionType), "ConditionKey": deref(k.ConditionKey), "ConditionValue": deref(k.ConditionValue)}
	}))
	if k := x.Conditions; k != nil {
		all := object{}
		pair := func(k types.ConditionParameter) any {
			return object{"ConditionKey": deref(k.ConditionKey), "ConditionValue": deref(k.ConditionValue)}
		}
		many(all, "StringEquals", sorted(k.StringEquals, pair))
		many(all, "StringLike", sorted(k.StringLike, pair))
		many(all, "StringNotEquals", sorted(k.StringNotEquals, pair))
		many(all, "StringNotLike", sorted(k.StringNotLike, pair))
		if len(all) > 0 {
			m["Conditions"] = all
		}
	}
}

func readBackupTags(ctx context.Context, s *Scope, c *backup.Client, r *snapshot.Resource) {
	if s.tags(ctx, r) {
		return
	}
	arn := string(r.Key)
	tags := map[string]string{}
	if pagesOf(ctx, s, r, "Tags", "backup:ListTags", backup.NewListTagsPaginator(c, &backup.ListTagsInput{ResourceArn: &arn}), func(o *backup.ListTagsOutput) {
		for k, v := range o.Tags {
			tags[k] = v
		}
	}) && len(tags) > 0 {
		r.Tags = tags
	}
}
