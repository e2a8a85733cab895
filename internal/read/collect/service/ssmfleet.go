package service

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/footing-dev/footing/internal/read/collect/wire"
	"github.com/footing-dev/footing/internal/snapshot"
)

// Kinds of observations about a machine: that it lacks grave patches, when it was last looked at for them, and when its agent answered last.
const (
	patchesMissing = "patches-missing"
	patchScan      = "patch-scan"
	lastPing       = "last-ping"
)

// aboutMachine is what an observation of a machine is about: the instance, where it is one.
func aboutMachine(s *Scope, id string) snapshot.Key {
	if strings.HasPrefix(id, "i-") {
		return snapshot.Key(s.ARN("ec2", "instance/"+id))
	}
	return snapshot.Key(s.ARN("ssm", "managed-instance/"+id))
}

// readManaged reads which machines Systems Manager can command, and whether they answer. Which agent one runs changes by itself and is not kept.
func readManaged(ctx context.Context, s *Scope, c *ssm.Client) {
	const call = "ssm:DescribeInstanceInformation"
	found := map[string]*snapshot.Resource{}
	var ids []string
	pages(ctx, s, call, ssm.NewDescribeInstanceInformationPaginator(c, &ssm.DescribeInstanceInformationInput{MaxResults: aws.Int32(50)}), func(o *ssm.DescribeInstanceInformationOutput) {
		for _, x := range o.InstanceInformationList {
			id := deref(x.InstanceId)
			r := s.New("AWS::SSM::ManagedInstance", s.ARN("ssm", "managed-instance/"+id), id, call)
			if name := deref(x.Name); name != "" {
				r.Name = name
			}
			p := r.Properties
			set(p, "InstanceId", x.InstanceId)
			set(p, "IamRole", x.IamRole)
			set(p, "PlatformName", x.PlatformName)
			set(p, "PlatformVersion", x.PlatformVersion)
			text(p, "PlatformType", x.PlatformType)
			text(p, "ResourceType", x.ResourceType)
			text(p, "PingStatus", x.PingStatus)
			if x.LastPingDateTime != nil {
				s.Observe(snapshot.Observation{Source: "ssm", Kind: lastPing, About: aboutMachine(s, id), At: x.LastPingDateTime.UTC()})
			}
			if !s.tags(ctx, r) {
				r.Unknown = append(r.Unknown, "Tags") // those of an instance are its own; only a call for each other machine would tell
			}
			found[id] = r
			ids = append(ids, id)
		}
	})
	slices.Sort(ids)
	for batch := range slices.Chunk(slices.Compact(ids), 50) { // the most that one call takes
		readPatchStates(ctx, s, c, batch, found)
	}
	for _, r := range found {
		s.Add(*r)
	}
}

func readPatchStates(ctx context.Context, s *Scope, c *ssm.Client, batch []string, machines map[string]*snapshot.Resource) {
	const call = "ssm:DescribeInstancePatchStates"
	_, err := turn(ctx, s, ssm.NewDescribeInstancePatchStatesPaginator(c, &ssm.DescribeInstancePatchStatesInput{InstanceIds: batch}), func(o *ssm.DescribeInstancePatchStatesOutput) {
		for _, x := range o.InstancePatchStates {
			id, critical, security := deref(x.InstanceId), aws.ToInt32(x.CriticalNonCompliantCount), aws.ToInt32(x.SecurityNonCompliantCount)
			about := aboutMachine(s, id)
			if x.OperationEndTime != nil {
				s.Observe(snapshot.Observation{Source: "ssm", Kind: patchScan, About: about, At: x.OperationEndTime.UTC()})
			}
			if critical == 0 && security == 0 {
				continue
			}
			s.Observe(snapshot.Observation{Source: "ssm", Kind: patchesMissing, About: about, Says: fmt.Sprintf("lacks %d critical and %d security patches", critical, security)})
		}
	})
	if err != nil {
		for _, id := range batch {
			s.Miss(machines[id], "Findings", call, err)
		}
	}
}

// readAssociations leaves out the parameters, which may hold anything.
func readAssociations(ctx context.Context, s *Scope, c *ssm.Client) {
	const call = "ssm:ListAssociations"
	pages(ctx, s, call, ssm.NewListAssociationsPaginator(c, &ssm.ListAssociationsInput{MaxResults: aws.Int32(50)}), func(o *ssm.ListAssociationsOutput) {
		for _, a := range o.Associations {
			name := deref(a.AssociationName)
			if name == "" {
				name = deref(a.Name)
			}
			r := s.New("AWS::SSM::Association", s.ARN("ssm", "association/"+deref(a.AssociationId)), name, call)
			p := r.Properties
			set(p, "AssociationId", a.AssociationId)
			set(p, "AssociationName", a.AssociationName)
			set(p, "Name", a.Name) // of the document
			set(p, "DocumentVersion", a.DocumentVersion)
			set(p, "InstanceId", a.InstanceId)
			set(p, "ScheduleExpression", a.ScheduleExpression)
			many(p, "Targets", sorted(a.Targets, func(t types.Target) any { return object{"Key": deref(t.Key), "Values": sorted(t.Values, same)} }))
			if !s.tags(ctx, r) {
				r.Unknown = append(r.Unknown, "Tags") // only a call for each association would tell
			}
			s.Add(*r)
		}
	})
}

// readWindows reads when something is done to machines again and again, to which, and by which document; not what it is told, which may be anything.
func readWindows(ctx context.Context, s *Scope, c *ssm.Client) {
	const call = "ssm:DescribeMaintenanceWindows"
	var found []string
	complete := pages(ctx, s, call, ssm.NewDescribeMaintenanceWindowsPaginator(c, &ssm.DescribeMaintenanceWindowsInput{MaxResults: aws.Int32(50)}), func(o *ssm.DescribeMaintenanceWindowsOutput) {
		for _, w := range o.WindowIdentities {
			r := s.New("AWS::SSM::MaintenanceWindow", s.ARN("ssm", "maintenancewindow/"+deref(w.WindowId)), deref(w.Name), call)
			p := r.Properties
			set(p, "WindowId", w.WindowId)
			set(p, "Name", w.Name)
			set(p, "Schedule", w.Schedule)
			p["Enabled"] = w.Enabled
			if !s.tags(ctx, r) {
				r.Unknown = append(r.Unknown, "Tags") // only a call for each window would tell
			}
			s.Add(*r)
			found = append(found, deref(w.WindowId))
		}
	})
	targets, tasks := newTally(complete), newTally(complete)
	to := func(l []types.Target) []any {
		return sorted(l, func(t types.Target) any { return object{"Key": deref(t.Key), "Values": sorted(t.Values, same)} })
	}
	Each(ctx, found, func(ctx context.Context, id string) {
		about := snapshot.Key(s.ARN("ssm", "maintenancewindow/"+id))
		_, err := turn(ctx, s, ssm.NewDescribeMaintenanceWindowTargetsPaginator(c, &ssm.DescribeMaintenanceWindowTargetsInput{WindowId: &id}), func(o *ssm.DescribeMaintenanceWindowTargetsOutput) {
			for _, t := range o.Targets {
				r := s.New("AWS::SSM::MaintenanceWindowTarget", s.ARN("ssm", "windowtarget/"+deref(t.WindowTargetId)), deref(t.Name), "ssm:DescribeMaintenanceWindowTargets")
				set(r.Properties, "WindowId", t.WindowId)
				set(r.Properties, "WindowTargetId", t.WindowTargetId)
				text(r.Properties, "ResourceType", t.ResourceType)
				many(r.Properties, "Targets", to(t.Targets))
				s.Add(*r)
			}
		})
		targets.count(about, err)
		_, err = turn(ctx, s, ssm.NewDescribeMaintenanceWindowTasksPaginator(c, &ssm.DescribeMaintenanceWindowTasksInput{WindowId: &id}), func(o *ssm.DescribeMaintenanceWindowTasksOutput) {
			for _, t := range o.Tasks {
				r := s.New("AWS::SSM::MaintenanceWindowTask", s.ARN("ssm", "windowtask/"+deref(t.WindowTaskId)), deref(t.Name), "ssm:DescribeMaintenanceWindowTasks")
				set(r.Properties, "WindowId", t.WindowId)
				set(r.Properties, "TaskArn", t.TaskArn)
				text(r.Properties, "TaskType", t.Type)
				many(r.Properties, "Targets", to(t.Targets))
				s.Add(*r)
			}
		})
		tasks.count(about, err)
	})
	targets.note(s, "ssm:DescribeMaintenanceWindowTargets")
	tasks.note(s, "ssm:DescribeMaintenanceWindowTasks")
}

// readDocuments reads the account's own documents, not what is in them.
func readDocuments(ctx context.Context, s *Scope, c *ssm.Client) {
	const call = "ssm:ListDocuments"
	var found []*snapshot.Resource
	in := &ssm.ListDocumentsInput{MaxResults: aws.Int32(50), Filters: []types.DocumentKeyValuesFilter{{Key: aws.String("Owner"), Values: []string{"Self"}}}}
	pages(ctx, s, call, ssm.NewListDocumentsPaginator(c, in), func(o *ssm.ListDocumentsOutput) {
		for _, d := range o.DocumentIdentifiers {
			r := s.New("AWS::SSM::Document", s.ARN("ssm", "document/"+deref(d.Name)), deref(d.Name), call)
			set(r.Properties, "Name", d.Name)
			text(r.Properties, "DocumentType", d.DocumentType)
			text(r.Properties, "DocumentFormat", d.DocumentFormat)
			set(r.Properties, "TargetType", d.TargetType)
			r.Tags = tagsOf(d.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			found = append(found, r)
		}
	})
	Each(ctx, found, func(ctx context.Context, r *snapshot.Resource) {
		in := &ssm.DescribeDocumentPermissionInput{Name: &r.Name, PermissionType: types.DocumentPermissionTypeShare, MaxResults: aws.Int32(200)}
		var with []string
		if pagesOf(ctx, s, r, "SharedWith", "ssm:DescribeDocumentPermission", follow(c.DescribeDocumentPermission, in, func(in *ssm.DescribeDocumentPermissionInput, o *ssm.DescribeDocumentPermissionOutput) bool {
			return next(&in.NextToken, o.NextToken)
		}), func(o *ssm.DescribeDocumentPermissionOutput) {
			with = append(with, o.AccountIds...)
		}) {
			many(r.Properties, "SharedWith", sorted(with, same))
		}
		s.Add(*r)
	})
}

// settings are those that decide who may do something: the role that every machine gets which has none, and whether a document may be
// given to everybody.
// "GetServiceSetting", https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetServiceSetting.html
var settings = [...]string{"/ssm/managed-instance/default-ec2-instance-management-role", "/ssm/documents/console/public-sharing-permission"}

// readActivations reads by which activations machines outside AWS register themselves and get a role: never the code. Whether one has expired is told by its
// date, and changes by itself.
func readActivations(ctx context.Context, s *Scope, c *ssm.Client) {
	const call = "ssm:DescribeActivations"
	pages(ctx, s, call, ssm.NewDescribeActivationsPaginator(c, &ssm.DescribeActivationsInput{}), func(o *ssm.DescribeActivationsOutput) {
		for _, a := range o.ActivationList {
			id := deref(a.ActivationId)
			r := s.New("AWS::SSM::Activation", s.ARN("ssm", "activation/"+id), cmp.Or(deref(a.DefaultInstanceName), deref(a.Description), id), call)
			set(r.Properties, "ActivationId", a.ActivationId)
			set(r.Properties, "IamRole", a.IamRole)
			set(r.Properties, "RegistrationLimit", a.RegistrationLimit)
			set(r.Properties, "RegistrationsCount", a.RegistrationsCount)
			for name, at := range map[string]*time.Time{"CreatedDate": a.CreatedDate, "ExpirationDate": a.ExpirationDate} {
				if at != nil {
					r.Properties[name] = at.UTC().Format(time.RFC3339)
				}
			}
			r.Tags = tagsOf(a.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			s.Add(*r)
		}
	})
}

func readSettings(ctx context.Context, s *Scope, c *ssm.Client) {
	const call = "ssm:GetServiceSetting"
	all := newTally(true)
	for _, id := range settings {
		r := s.New("AWS::SSM::ServiceSetting", s.ARN("ssm", "servicesetting"+id), id, call)
		o, err := try(ctx, s, func(ctx context.Context) (*ssm.GetServiceSettingOutput, error) {
			return c.GetServiceSetting(ctx, &ssm.GetServiceSettingInput{SettingId: &id})
		})
		if wire.Code(err) == "ServiceSettingNotFound" {
			all.count(r.Key, nil)
			continue
		}
		all.count(r.Key, err)
		if err != nil || o.ServiceSetting == nil {
			continue
		}
		r.Properties["SettingId"] = id
		set(r.Properties, "SettingValue", o.ServiceSetting.SettingValue)
		set(r.Properties, "Status", o.ServiceSetting.Status)
		s.Add(*r)
	}
	all.note(s, call)
}
