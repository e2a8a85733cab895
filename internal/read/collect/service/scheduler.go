package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/footing-dev/footing/internal/snapshot"
)

// Scheduler reads schedules: what each sets off, and with which role. What it tells its target is not kept: it may hold a secret.
func Scheduler() Service {
	return Service{
		Name: "scheduler",
		Calls: []Call{
			list("scheduler:ListSchedules", "scheduler:ListSchedules", "Schedules", "the schedules", "AWS::Scheduler::Schedule"),
			about("scheduler:GetSchedule", "scheduler:GetSchedule", "Arn", "the role of a schedule"),
		},
		Read: readScheduler,
	}
}

// mostSchedules bounds the calls about single schedules in a Region: programs make them by the thousand.
const mostSchedules = 1000

func readScheduler(ctx context.Context, s *Scope) {
	c := scheduler.NewFromConfig(s.Config())
	var found []types.ScheduleSummary
	pages(ctx, s, "scheduler:ListSchedules", scheduler.NewListSchedulesPaginator(c, &scheduler.ListSchedulesInput{}), func(o *scheduler.ListSchedulesOutput) {
		found = append(found, o.Schedules...)
	})
	ask := len(found) <= mostSchedules
	Each(ctx, found, func(ctx context.Context, v types.ScheduleSummary) {
		r := s.New("AWS::Scheduler::Schedule", deref(v.Arn), deref(v.Name), "scheduler:ListSchedules") // it has no tags; its group may
		p := r.Properties
		set(p, "Name", v.Name)
		set(p, "GroupName", v.GroupName)
		text(p, "State", v.State)
		target := object{}
		if v.Target != nil {
			set(target, "Arn", v.Target.Arn)
		}
		p["Target"] = target
		var o *scheduler.GetScheduleOutput
		if ask {
			o = part(ctx, s, r, "Target.RoleArn", "scheduler:GetSchedule", c.GetSchedule, &scheduler.GetScheduleInput{Name: v.Name, GroupName: v.GroupName})
		}
		if o == nil {
			r.Unknown = append(r.Unknown, "Target.RoleArn", "Target.EcsParameters", "Target.DeadLetterConfig", "ScheduleExpression", "KmsKeyArn")
		} else {
			set(p, "ScheduleExpression", o.ScheduleExpression)
			text(p, "KmsKeyArn", deref(o.KmsKeyArn))
			scheduleTarget(target, o.Target)
		}
		s.Add(*r)
	})
	if !ask {
		s.NoteTypes("scheduler:GetSchedule", snapshot.NotAsked, "there are too many schedules to ask of each which role it has")
	}
}

func scheduleTarget(m object, t *types.Target) {
	if t == nil {
		return
	}
	set(m, "RoleArn", t.RoleArn)
	if t.DeadLetterConfig != nil {
		m["DeadLetterConfig"] = object{"Arn": deref(t.DeadLetterConfig.Arn)}
	}
	if e := t.EcsParameters; e != nil {
		run := object{}
		set(run, "TaskDefinitionArn", e.TaskDefinitionArn)
		text(run, "LaunchType", e.LaunchType)
		if e.NetworkConfiguration != nil && e.NetworkConfiguration.AwsvpcConfiguration != nil {
			n := e.NetworkConfiguration.AwsvpcConfiguration
			at := object{"Subnets": sorted(n.Subnets, same), "SecurityGroups": sorted(n.SecurityGroups, same)}
			text(at, "AssignPublicIp", n.AssignPublicIp)
			run["NetworkConfiguration"] = object{"AwsvpcConfiguration": at}
		}
		m["EcsParameters"] = run
	}
}
