package account

// managed is a policy that can be attached.
type managed struct {
	name, arn string
	document  document
}

const (
	admin    = "AdministratorAccess"
	power    = "PowerUserAccess"
	viewer   = "ReadOnlyAccess"
	s3Viewer = "AmazonS3ReadOnlyAccess"
	logger   = "AWSLambdaBasicExecutionRole"
	mfa      = "must-use-mfa"
	fence    = "fence"
	byTag    = "own-team-by-tag"
)

// viewed are services that the broad reader's policy names one by one, as AWS's own does.
var viewed = []string{"s3", "ec2", "rds", "lambda", "dynamodb", "sqs", "sns", "kms", "iam", "logs", "cloudwatch", "ecs", "eks", "ecr",
	"elasticloadbalancing", "autoscaling", "apigateway", "cloudfront", "route53", "cloudtrail", "config", "organizations", "glue", "athena",
	"kinesis", "ssm", "states", "events", "backup", "elasticache", "es", "batch"}

func (m *maker) makeManaged() {
	aws := func(name string, list ...statement) { // AWS's own have no further conditions
		m.managed = append(m.managed, managed{name, awsPolicy(name), document{latest, list}})
	}
	own := func(name string, list ...statement) {
		m.managed = append(m.managed, managed{name, ownPolicy(name), m.policy(list...)})
	}
	aws(admin, allow("*", "*"))
	aws(power, statement{Effect: "Allow", NotAction: []string{"iam:*", "organizations:*", "account:*"}, Resource: "*"},
		allow([]string{"iam:CreateServiceLinkedRole", "iam:ListRoles", "organizations:DescribeOrganization", "account:ListRegions"}, "*"))
	var reads []string
	for _, s := range viewed {
		reads = append(reads, s+":Get*", s+":List*", s+":Describe*")
	}
	aws(viewer, allow(reads, "*"))
	aws(s3Viewer, allow([]string{"s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"}, "*"))
	aws(logger, allow([]string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}, "*"))

	own(mfa, statement{Effect: "Deny", NotAction: []string{"iam:ChangePassword", "iam:GetUser", "sts:GetSessionToken"}, Resource: "*"}.
		where("BoolIfExists", "aws:MultiFactorAuthPresent", "false"))
	own(fence,
		allow([]string{"s3:*", "dynamodb:*", "lambda:*", "sqs:*", "logs:*", "secretsmanager:*", "kms:*", "sts:*"}, "*"),
		deny([]string{"iam:*", "organizations:*"}, "*"),
		deny("*", "*").where("StringNotEqualsIfExists", "aws:RequestedRegion", []string{region, "us-east-1"}))
	own(byTag, allow([]string{"dynamodb:GetItem", "dynamodb:PutItem", "secretsmanager:GetSecretValue", "sqs:*", "lambda:*"}, "*").
		where("StringEquals", "aws:ResourceTag/team", "${aws:PrincipalTag/team}"))
	for _, t := range m.teams {
		own("build-"+t, m.team(t)...)
	}
}

// team is what a team may do with what bears its name. Live things change through its pipelines only.
func (m *maker) team(t string) []statement {
	here := region + ":" + id + ":"
	return []statement{
		allow([]string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"}, []string{"arn:aws:s3:::" + t + "-*", "arn:aws:s3:::" + t + "-*/*"}),
		allow([]string{"dynamodb:*Item", "dynamodb:Query", "dynamodb:Scan", "dynamodb:DescribeTable"}, "arn:aws:dynamodb:*:"+id+":table/"+t+"-*"),
		allow([]string{"lambda:InvokeFunction", "lambda:GetFunction*", "lambda:UpdateFunctionCode"}, "arn:aws:lambda:"+here+"function:"+t+"-*"),
		allow("sqs:*", "arn:aws:sqs:*:"+id+":"+t+"-*"),
		allow([]string{"kms:Decrypt", "kms:GenerateDataKey"}, "*").where("StringEquals", "kms:ViaService", []string{"s3." + region + ".amazonaws.com"}),
		deny([]string{"s3:DeleteObject", "lambda:UpdateFunctionCode", "dynamodb:DeleteItem"}, []string{
			"arn:aws:s3:::" + t + "-live-*/*", "arn:aws:lambda:*:*:function:" + t + "-live-*", "arn:aws:dynamodb:*:*:table/" + t + "-live-*",
		}).where("StringNotLike", "aws:PrincipalArn", roleARN("*-pipeline-*")),
	}
}

// inline is a policy about n resources one by one, with a habit or two of people who write such policies.
func (m *maker) inline(n int) document {
	var list []statement
	for range n {
		list = append(list, m.single(pick(m, m.resources)))
	}
	if m.chance(15) {
		list = append(list, deny("*", "*").where("NotIpAddress", "aws:SourceIp", []string{"10.0.0.0/8", "198.51.100.0/24"}).
			where("Bool", "aws:ViaAWSService", "false"))
	}
	if m.chance(10) {
		list = append(list, allow([]string{"s3:GetObject", "s3:PutObject"}, "arn:aws:s3:::"+pick(m, m.teams)+"-play-*/desk/${aws:username}/*"))
	}
	if m.chance(10) {
		list = append(list, allow("iam:PassRole", roleARN("*")).where("StringEquals", "iam:PassedToService", "lambda.amazonaws.com"))
	}
	if m.chance(5) {
		list = append(list, allow("sts:AssumeRole", roleARN(pick(m, m.roles))))
	}
	return m.policy(list...)
}

func (m *maker) single(r resource) statement {
	switch r.Type {
	case "AWS::S3::Bucket":
		return allow(pick(m, [][]string{{"s3:GetObject"}, {"s3:GetObject", "s3:PutObject"}, {"s3:*Object"}}), r.Arn+"/*")
	case "AWS::KMS::Key":
		return allow([]string{"kms:Decrypt", "kms:GenerateDataKey*"}, r.Arn)
	case "AWS::Lambda::Function":
		return allow(pick(m, [][]string{{"lambda:InvokeFunction"}, {"lambda:UpdateFunctionCode", "lambda:PublishVersion"}}), []string{r.Arn, r.Arn + ":*"})
	case "AWS::DynamoDB::Table":
		return allow([]string{"dynamodb:GetItem", "dynamodb:Query"}, []string{r.Arn, r.Arn + "/index/*"})
	case "AWS::SecretsManager::Secret":
		return allow("secretsmanager:GetSecretValue", r.Arn[:len(r.Arn)-6]+"??????")
	}
	return allow([]string{"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"}, r.Arn)
}
