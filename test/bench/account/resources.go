package account

import "fmt"

// resource is an entry of resources.json.
type resource struct {
	Type    string            `json:"type"`
	Arn     string            `json:"arn"`
	Account string            `json:"account"`
	Region  string            `json:"region"`
	Name    string            `json:"name"`
	Tags    map[string]string `json:"tags"`
	Policy  *document         `json:"policy,omitempty"`
}

// kinds are the types of resources, and how many of a hundred each is. Buckets also get what the others leave.
var kinds = []struct {
	typ, arn string
	share    int
}{
	{"AWS::S3::Bucket", "arn:aws:s3:::%s", 30},
	{"AWS::Lambda::Function", "arn:aws:lambda:" + region + ":" + id + ":function:%s", 20},
	{"AWS::DynamoDB::Table", "arn:aws:dynamodb:" + region + ":" + id + ":table/%s", 15},
	{"AWS::SQS::Queue", "arn:aws:sqs:" + region + ":" + id + ":%s", 15},
	{"AWS::KMS::Key", "arn:aws:kms:" + region + ":" + id + ":key/%s", 10},
	{"AWS::SecretsManager::Secret", "arn:aws:secretsmanager:" + region + ":" + id + ":secret:%s", 10},
}

func (m *maker) makeResources() {
	left := m.Resources
	for i := len(kinds) - 1; i >= 0; i-- {
		n := m.Resources * kinds[i].share / 100
		if i == 0 {
			n = left
		}
		left -= n
		for j := range n {
			m.resources = append(m.resources, m.resource(kinds[i].typ, kinds[i].arn, j))
		}
	}
}

func (m *maker) resource(typ, arn string, number int) resource {
	team, stage := pick(m, m.teams), pick(m, stages)
	r := resource{
		Type: typ, Account: id, Region: region, Name: fmt.Sprintf("%s-%s-%05d", team, stage, number),
		Tags: map[string]string{"team": team, "stage": stage},
	}
	inARN := r.Name
	switch typ {
	case "AWS::KMS::Key":
		r.Name = fmt.Sprintf("%08x-%04x-4abc-9def-%012x", m.Uint32(), m.IntN(1<<16), m.Uint64N(1<<48))
		inARN = r.Name
	case "AWS::SecretsManager::Secret":
		inARN += fmt.Sprintf("-%06x", m.IntN(1<<24))
	}
	r.Arn = fmt.Sprintf(arn, inARN)
	if statements := m.statements(&r); len(statements) > 0 {
		p := m.policy(statements...)
		r.Policy = &p
	}
	return r
}

// statements are those of a resource's own policy; none for most.
func (m *maker) statements(r *resource) []statement {
	switch luck := m.IntN(100); r.Type {
	case "AWS::S3::Bucket":
		return m.bucketPolicy(r.Arn, luck)
	case "AWS::KMS::Key":
		return m.keyPolicy(luck)
	case "AWS::Lambda::Function":
		if luck < 30 {
			return []statement{allow("lambda:InvokeFunction", r.Arn).by(service("events")).
				where("ArnLike", "aws:SourceArn", "arn:aws:events:"+region+":"+id+":rule/*")}
		}
	case "AWS::SQS::Queue":
		if luck >= 40 {
			return nil
		}
		list := []statement{allow("sqs:SendMessage", r.Arn).by(service("sns")).
			where("ArnEquals", "aws:SourceArn", "arn:aws:sns:"+region+":"+id+":news")}
		if luck < 15 {
			list = append(list, allow([]string{"sqs:SendMessage", "sqs:ReceiveMessage"}, r.Arn).by(named(m.anybody(2)...)))
		}
		return list
	case "AWS::SecretsManager::Secret":
		if luck < 10 {
			return []statement{deny("secretsmanager:GetSecretValue", "*").by("*").where("StringNotEquals", "aws:PrincipalArn", m.anybody(3))}
		}
	}
	return nil
}

func (m *maker) bucketPolicy(arn string, luck int) []statement {
	if luck >= 50 {
		return nil
	}
	objects := arn + "/*"
	list := []statement{deny("s3:*", []string{arn, objects}).by("*").where("Bool", "aws:SecureTransport", "false")}
	if luck < 25 {
		list = append(list, allow([]string{"s3:GetObject", "s3:ListBucket"}, []string{arn, objects}).by(named(m.anybody(1+m.IntN(3))...)))
	}
	switch {
	case luck < 10:
		list = append(list, allow("s3:GetObject", arn+"/shared/*").by(named(rootARN(pick(m, partners)))))
	case luck < 15:
		list = append(list, deny([]string{"s3:PutObject", "s3:DeleteObject"}, objects).by("*").
			where("StringNotLike", "aws:PrincipalArn", roleARN(pick(m, m.teams)+"-*")))
	case luck < 17:
		list = append(list, deny("s3:PutObject", objects).by("*").where("StringNotEquals", "s3:x-amz-server-side-encryption", "aws:kms"))
	}
	return list
}

func (m *maker) keyPolicy(luck int) []statement {
	var list []statement
	if luck < 80 { // the others leave identity policies without a say
		list = append(list, allow("kms:*", "*").by(named(rootARN(id))))
	}
	list = append(list, allow([]string{"kms:Decrypt", "kms:GenerateDataKey*", "kms:DescribeKey"}, "*").by(named(m.anybody(1+m.IntN(4))...)))
	if luck < 15 {
		list = append(list, allow([]string{"kms:Decrypt", "kms:GenerateDataKey*"}, "*").by(named("*")).
			where("StringEquals", "kms:ViaService", "s3."+region+".amazonaws.com").where("StringEquals", "kms:CallerAccount", id))
	}
	return list
}

// anybody is some principals of the account, mostly roles.
func (m *maker) anybody(n int) []string {
	out := make([]string, n)
	for i := range out {
		if len(m.users) > 0 && m.chance(15) {
			out[i] = userARN(pick(m, m.users))
		} else {
			out[i] = roleARN(pick(m, m.roles))
		}
	}
	return out
}
