package detection

import (
	"slices"
	"strconv"
	"strings"

	"github.com/footing-dev/footing/iam"
	"github.com/footing-dev/footing/internal/judge/decide"
	"github.com/footing-dev/footing/internal/snapshot"
)

// publisher is a service that tells something to somebody, on behalf of a rule or an alarm.
type publisher struct {
	service string
	source  string // ARN of the rule or alarm
	role    string // it does so with a role of the account, whose permissions count; "" with none
}

// listener tells who hears when something is told to an ARN. An event is passed on between buses; alarms have none.
func (a *Alerts) listener(arn string, by publisher, hops int, e map[string]any) Word {
	part := strings.SplitN(arn, ":", 6)
	if len(part) < 6 {
		return nobody("")
	}
	service, region, account, rest := part[2], part[3], part[4], part[5]
	name := rest[strings.LastIndexAny(rest, ":/")+1:]
	foreign := account != "" && account != a.Snapshot.Account
	switch {
	case service == "sns" && foreign:
		return Word{Handed, "topic " + name + " of account " + account, "", nil}
	case service == "sns":
		return a.topic(snapshot.Key(arn), region, name, by)
	case service == "events" && strings.HasPrefix(rest, "api-destination/"):
		return Word{Heard, "API destination " + strings.Split(rest, "/")[1], snapshot.Key(arn), nil}
	case service == "events" && strings.HasPrefix(rest, "event-bus/") && foreign:
		return Word{Handed, "an event bus of account " + account, "", nil}
	case service == "events" && strings.HasPrefix(rest, "event-bus/") && e != nil:
		if hops >= mostBuses {
			return nobody("the event is passed on from bus to bus")
		}
		return a.bus(e, strings.TrimPrefix(rest, "event-bus/"), region, hops+1).via("event bus "+name+" in "+region, snapshot.Key(arn))
	case service == "lambda" && !foreign:
		function := strings.Split(strings.TrimPrefix(rest, "function:"), ":")[0]
		return a.machine("AWS::Lambda::Function", strings.Join(part[:5], ":")+":function:"+function, region, "function "+function)
	case service == "sqs" && !foreign:
		return a.machine("AWS::SQS::Queue", arn, region, "queue "+name)
	case service == "logs":
		return nobody("it is only written to log group " + name)
	case slices.Contains([]string{"autoscaling", "automate", "swf"}, service):
		return nobody("an action on " + service + " tells nobody")
	}
	return Word{Handed, strings.TrimSuffix(service+" "+name, " "), snapshot.Key(arn), nil}
}

// machine is what a person may stand behind, if it is there.
func (a *Alerts) machine(typ, arn, region, says string) Word {
	if _, ok := a.Snapshot.Get(snapshot.Key(arn)); !ok && a.Listed(typ, region) {
		return nobody(says + " is not there any more")
	}
	return Word{Handed, says, snapshot.Key(arn), nil}
}

// personal are the protocols by which a topic tells people: mail, messages, pushes, and the web addresses of chats and pagers.
var personal = []string{"email", "email-json", "sms", "application", "http", "https"}

// topic tells who hears of what is published to a topic. Filters of subscriptions are not read.
func (a *Alerts) topic(key snapshot.Key, region, name string, by publisher) Word {
	r, ok := a.Snapshot.Get(key)
	if !ok {
		if !a.Listed(typTopic, region) {
			return Word{Unsure, "topic " + name + " was not read", key, nil}
		}
		return nobody("topic " + name + " is not there any more")
	}
	can, why := a.publishes(r, by)
	if can == No {
		return nobody(why)
	}
	list, st := r.Maps("Subscription")
	waiting, _ := r.Maps("PendingSubscription")
	out := nobody("")
	machines := 0
	for _, s := range list {
		protocol, _ := s["Protocol"].(string)
		if slices.Contains(personal, protocol) {
			out = out.or(Word{Heard, "topic " + name + ", " + protocol, key, nil})
		} else {
			machines++
		}
	}
	switch {
	case out.Hearing == Heard:
	case st == snapshot.Unknown:
		return Word{Unsure, "who is subscribed to topic " + name + " was not read", key, nil}
	case machines > 0:
		out = Word{Handed, "topic " + name + ", which only functions and queues hear", key, nil}
	case len(waiting) > 0:
		return nobody("nobody has confirmed a subscription to topic " + name + " (" + strconv.Itoa(len(waiting)) + " waiting)")
	default:
		return nobody("nobody is subscribed to topic " + name)
	}
	if can == Unclear {
		return Word{Unsure, why, key, nil}
	}
	return out
}

// publishes tells whether a service may publish to a topic: by the policy of the topic, and by that of the key which encrypts it. The policy that
// a topic has from the start lets in what acts as the account, which alarms do and rules of EventBridge do not.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
func (a *Alerts) publishes(r *snapshot.Resource, by publisher) (Truth, string) {
	whom, refused := by.service, "the policy of topic "+r.Name+" does not let "+by.service+" publish"
	if by.role != "" {
		whom = "the role " + by.role[strings.LastIndexByte(by.role, '/')+1:]
		refused = whom + " may not publish to topic " + r.Name
	}
	can, unclear := Yes, "whether "+whom+" may publish to topic "+r.Name+" cannot be told"
	doc, st := r.ResourcePolicy()
	switch {
	case by.role == "" && st == snapshot.Unknown:
		can = Unclear
	case by.role == "" && st == snapshot.Absent:
		can = truth(by.service == "cloudwatch.amazonaws.com")
	default:
		can = a.lets(doc, "sns:Publish", string(r.Key), by)
	}
	if can == No {
		return No, refused
	}
	key := r.Text("KmsMasterKeyId")
	switch {
	case r.IsUnknown("KmsMasterKeyId"):
		return Unclear, unclear
	case key == "" || by.role != "" && strings.HasSuffix(key, "alias/aws/sns"):
		return can, unclear
	case strings.HasSuffix(key, "alias/aws/sns"):
		return No, "topic " + r.Name + " is encrypted with the key of SNS, which does not let " + by.service + " in"
	}
	k := a.key(key, r.Region)
	if k == nil {
		return Unclear, "the key that encrypts topic " + r.Name + " was not read"
	}
	doc, st = k.ResourcePolicy()
	switch {
	case by.role != "" && k.Text("KeyManager") == "AWS": // whoever in the account may publish may use it
		return can, unclear
	case k.Text("KeyManager") == "AWS":
		return No, "topic " + r.Name + " is encrypted with the key of SNS, which does not let " + by.service + " in"
	case k.Text("KeyState") != "" && k.Text("KeyState") != "Enabled":
		return No, "the key that encrypts topic " + r.Name + " is " + k.Text("KeyState")
	case st == snapshot.Unknown:
		return Unclear, unclear
	}
	opens := a.lets(doc, "kms:GenerateDataKey", string(k.Key), by)
	if opens == No {
		return No, "the key that encrypts topic " + r.Name + " does not let " + whom + " in"
	}
	return can.And(opens), unclear
}

// acts asks whether a role may do something.
func (a *Alerts) acts(role, action string, on snapshot.Key) Truth {
	if _, ok := a.Snapshot.Get(snapshot.Key(role)); !ok {
		return Unclear
	}
	switch a.Access.Decide(decide.Query{Principal: role, Action: action, On: on, Context: map[string][]string{"aws:SecureTransport": {"true"}}}).Outcome {
	case iam.Allow:
		return Yes
	case iam.Deny:
		return No
	}
	return Unclear
}

// lets asks a resource's policy whether a service may do something for what it acts for, or the role with which it does.
func (a *Alerts) lets(doc []byte, action, resource string, by publisher) Truth {
	if by.role != "" {
		return a.acts(by.role, action, snapshot.Key(resource))
	}
	p, _ := iam.ParseLenient(doc)
	if p == nil {
		return Unclear
	}
	context := map[string][]string{"aws:SourceArn": {by.source}, "aws:SourceAccount": {a.Snapshot.Account}, "aws:SecureTransport": {"true"}, "aws:PrincipalIsAWSService": {"true"}}
	q := &iam.Request{Principal: by.service, Action: action, Resource: resource, ResourceAccount: a.Snapshot.Account, Context: context}
	if by.service == "cloudwatch.amazonaws.com" {
		context["aws:SourceOwner"] = []string{a.Snapshot.Account}
	} else {
		q.Absent = []string{"aws:SourceOwner"}
	}
	switch iam.Evaluate(q, &iam.Layers{Resource: []*iam.Policy{p}}).Outcome {
	case iam.Allow:
		return Yes
	case iam.Deny:
		return No
	}
	return Unclear
}

// key finds a KMS key by its ARN, its id, or an alias of it.
func (a *Alerts) key(id, region string) *snapshot.Resource {
	name := id[strings.LastIndexByte(id, ':')+1:]
	if strings.HasPrefix(name, "alias/") {
		for _, x := range InRegion(a.Case, "AWS::KMS::Alias", region) {
			if x.Text("AliasName") == name {
				name = x.Text("TargetKeyId")
				break
			}
		}
	}
	name = name[strings.LastIndexByte(name, '/')+1:]
	for _, k := range InRegion(a.Case, "AWS::KMS::Key", region) {
		if strings.HasSuffix(string(k.Key), ":key/"+name) {
			return k
		}
	}
	return nil
}
