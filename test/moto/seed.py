"""Fill a fake AWS account with what a small company called Larkspur might run, mistakes included.

    AWS_ENDPOINT_URL=http://127.0.0.1:5000 python seed.py

Twelve people in one Region. Everything is made one call after the other, because the fake is not safe for several
at once, and any call that fails ends the run: a half-filled account would make tests pass for the wrong reason.

The mistakes, each of which a test looks for:
  a deployment role that any repository of the organisation on GitHub may take
  a partner's role without an external id
  a function with a public address, and one with a password in its environment
  a machine with a public address that accepts SSH from everywhere
  a bucket that everyone may read
  a disk copy that everyone may restore, and a database copy shared with a stranger
  an administrator without a second factor, and a user with two access keys
"""

import io
import json
import os
import zipfile

import boto3
from botocore.config import Config

REGION = os.environ.get("AWS_REGION", "eu-central-1")
PARTNER = "210987654321"
STRANGER = "345678901234"
GITHUB = "token.actions.githubusercontent.com"


def client(name):
    return boto3.client(name, region_name=REGION, config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}))


def without_account(request, **_):
    request.url = request.url.replace(f"//{ACCOUNT}.", "//")


ACCOUNT = client("sts").get_caller_identity()["Account"]


def statement(effect, action, resource="*", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal, action="sts:AssumeRole", **condition):
    one = {"Effect": "Allow", "Principal": principal, "Action": action}
    if condition:
        one["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [one]})


def arn(service, resource, region=REGION):
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"


def pairs(**tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def people_and_policies():
    iam = client("iam")
    iam.create_account_alias(AccountAlias="larkspur")
    made = {}
    for name, document in {
        "engineer": policy(statement("Allow", ["s3:*", "lambda:*", "dynamodb:*", "logs:*"])),
        "orders-reader": policy(statement("Allow", ["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::larkspur-orders", "arn:aws:s3:::larkspur-orders/*"])),
        "ship": policy(statement("Allow", ["ecs:UpdateService", "ecs:RegisterTaskDefinition"]), statement("Allow", "iam:PassRole", arn("iam", "role/orders-task", ""))),
        "ceiling": policy(statement("Allow", ["s3:*", "sqs:*", "dynamodb:*"])),
    }.items():
        made[name] = iam.create_policy(PolicyName=name, PolicyDocument=document)["Policy"]["Arn"]
    for group, attached in {"founders": "arn:aws:iam::aws:policy/AdministratorAccess", "engineers": made["engineer"]}.items():
        iam.create_group(GroupName=group)
        iam.attach_group_policy(GroupName=group, PolicyArn=attached)
    for name, group, console, second_factor, keys in (
        ("nadia", "founders", True, True, 0),
        ("owen", "founders", True, False, 0),
        ("priya", "engineers", True, True, 1),
        ("old-deployer", None, False, False, 2),
    ):
        iam.create_user(UserName=name, Tags=pairs(mail=f"{name}@larkspur.example"))
        if group:
            iam.add_user_to_group(GroupName=group, UserName=name)
        if console:
            iam.create_login_profile(UserName=name, Password="Only-for-the-fake-1")
        if second_factor:
            device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]["SerialNumber"]
            iam.enable_mfa_device(UserName=name, SerialNumber=device, AuthenticationCode1="000001", AuthenticationCode2="000002")
        for _ in range(keys):
            iam.create_access_key(UserName=name)
    iam.put_user_policy(UserName="old-deployer", PolicyName="anything-in-s3", PolicyDocument=policy(statement("Allow", "s3:*")))
    github = iam.create_open_id_connect_provider(Url=f"https://{GITHUB}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40])
    roles(iam, made, github["OpenIDConnectProviderArn"])


def roles(iam, made, github):
    web = "sts:AssumeRoleWithWebIdentity"
    service = lambda name: {"Service": f"{name}.amazonaws.com"}
    for name, document, attached, inline in (
        ("deploy", trust({"Federated": github}, web, StringEquals={f"{GITHUB}:aud": "sts.amazonaws.com"}, StringLike={f"{GITHUB}:sub": "repo:larkspur/*"}), made["ship"], None),
        ("bookkeeper", trust({"AWS": f"arn:aws:iam::{PARTNER}:root"}), "arn:aws:iam::aws:policy/ReadOnlyAccess", None),
        ("orders-function", trust(service("lambda")), "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
         policy(statement("Allow", ["dynamodb:GetItem", "dynamodb:PutItem"], arn("dynamodb", "table/orders")))),
        ("orders-task", trust(service("ecs-tasks")), made["orders-reader"], None),
        ("jump-host", trust(service("ec2")), "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", None),
    ):
        limit = {"PermissionsBoundary": made["ceiling"]} if name == "orders-task" else {}
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=document, Tags=pairs(team="platform"), **limit)
        iam.attach_role_policy(RoleName=name, PolicyArn=attached)
        if inline:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=inline)
    iam.create_instance_profile(InstanceProfileName="jump-host")
    iam.add_role_to_instance_profile(InstanceProfileName="jump-host", RoleName="jump-host")


def keys():
    kms = client("kms")
    key = kms.create_key(Description="orders", Tags=[{"TagKey": "env", "TagValue": "prod"}])["KeyMetadata"]
    kms.create_alias(AliasName="alias/orders", TargetKeyId=key["KeyId"])
    kms.enable_key_rotation(KeyId=key["KeyId"])
    kms.create_grant(KeyId=key["KeyId"], GranteePrincipal=arn("iam", "role/orders-task", ""), Operations=["Decrypt", "GenerateDataKey"])
    return key["Arn"]


def buckets(key):
    s3 = client("s3")
    closed = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    for name in ("larkspur-orders", "larkspur-site", "larkspur-trail"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs(env="prod")})
    for name in ("larkspur-orders", "larkspur-trail"):
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=closed)
        s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
    s3.put_bucket_versioning(Bucket="larkspur-orders", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_encryption(Bucket="larkspur-orders", ServerSideEncryptionConfiguration={"Rules": [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}]})
    s3.put_bucket_policy(Bucket="larkspur-site", Policy=policy(statement("Allow", "s3:GetObject", "arn:aws:s3:::larkspur-site/*", Principal="*")))
    s3.put_bucket_policy(Bucket="larkspur-trail", Policy=policy(statement(
        "Allow", "s3:PutObject", "arn:aws:s3:::larkspur-trail/*", Principal={"Service": "cloudtrail.amazonaws.com"})))
    control = client("s3control")
    # The account id would otherwise stand before the host name, where a fake on an address cannot be found.
    control.meta.events.register("before-sign.s3-control", without_account)
    control.put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=dict.fromkeys(closed, False))


def network():
    ec2 = client("ec2")
    tag = lambda kind, name: [{"ResourceType": kind, "Tags": pairs(Name=name, env="prod")}]
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16", TagSpecifications=tag("vpc", "main"))["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    subnets = {}
    for number, name in enumerate(("open", "inner")):
        subnets[name] = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{number}.0/24", AvailabilityZone=f"{REGION}a", TagSpecifications=tag("subnet", name))["Subnet"]["SubnetId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnets["open"])
    ec2.modify_subnet_attribute(SubnetId=subnets["open"], MapPublicIpOnLaunch={"Value": True})
    groups = {}
    for name in ("jump", "database"):
        groups[name] = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=groups["jump"], IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    ec2.authorize_security_group_ingress(GroupId=groups["database"], IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": groups["jump"]}]}])
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnets["open"], SecurityGroupIds=[groups["jump"]],
                      IamInstanceProfile={"Name": "jump-host"}, MetadataOptions={"HttpTokens": "optional"}, TagSpecifications=tag("instance", "jump"))
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=8, TagSpecifications=tag("volume", "orders-export"))["VolumeId"]
    for description, shared in (("kept", False), ("handed out", True)):
        copy = ec2.create_snapshot(VolumeId=volume, Description=description)["SnapshotId"]
        if shared:
            ec2.modify_snapshot_attribute(SnapshotId=copy, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"])
    return subnets, groups


def data(groups):
    rds = client("rds")
    rds.create_db_instance(DBInstanceIdentifier="orders", DBInstanceClass="db.t3.small", Engine="postgres", AllocatedStorage=20, MasterUsername="app",
                           MasterUserPassword="only-for-the-fake", StorageEncrypted=True, PubliclyAccessible=False, BackupRetentionPeriod=7,
                           VpcSecurityGroupIds=[groups["database"]], Tags=pairs(env="prod"))
    rds.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="orders-before-move")
    rds.modify_db_snapshot_attribute(DBSnapshotIdentifier="orders-before-move", AttributeName="restore", ValuesToAdd=[STRANGER])
    client("dynamodb").create_table(TableName="orders", AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                                    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST", Tags=pairs(env="prod"))
    client("secretsmanager").create_secret(Name="prod/orders", SecretString="only-for-the-fake", Tags=pairs(env="prod"))
    client("ssm").put_parameter(Name="/prod/orders/mail", Value="only-for-the-fake", Type="SecureString")
    sqs = client("sqs")
    queue = sqs.create_queue(QueueName="orders-todo", tags={"env": "prod"})["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy(statement(
        "Allow", "sqs:SendMessage", arn("sqs", "orders-todo"), Principal={"Service": "sns.amazonaws.com"}))})
    sns = client("sns")
    topic = sns.create_topic(Name="orders-news", Tags=pairs(env="prod"))["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn("sqs", "orders-todo"))


def programs(subnets, groups):
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "def handle(event, context): return event\n")
    functions = client("lambda")
    for name, variables in (("orders", {"STAGE": "prod"}), ("mailer", {"STAGE": "prod", "SMTP_PASSWORD": "correct horse battery"})):
        functions.create_function(FunctionName=name, Runtime="python3.12", Role=arn("iam", "role/orders-function", ""), Handler="main.handle",
                                  Code={"ZipFile": code.getvalue()}, Environment={"Variables": variables}, Tags={"env": "prod"})
    functions.create_function_url_config(FunctionName="orders", AuthType="NONE")
    functions.add_permission(FunctionName="orders", StatementId="everyone", Action="lambda:InvokeFunctionUrl", Principal="*", FunctionUrlAuthType="NONE")
    functions.create_event_source_mapping(FunctionName="mailer", EventSourceArn=arn("sqs", "orders-todo"))
    client("ecr").create_repository(repositoryName="orders", tags=pairs(env="prod"))
    ecs = client("ecs")
    ecs.create_cluster(clusterName="main")
    task = ecs.register_task_definition(family="orders", networkMode="awsvpc", taskRoleArn=arn("iam", "role/orders-task", ""), containerDefinitions=[
        {"name": "orders", "image": "orders:1", "memory": 128, "environment": [{"name": "API_TOKEN", "value": "0123456789abcdef"}]}])
    ecs.create_service(cluster="main", serviceName="orders", taskDefinition=task["taskDefinition"]["taskDefinitionArn"], desiredCount=1, launchType="FARGATE",
                       networkConfiguration={"awsvpcConfiguration": {"subnets": [subnets["inner"]], "securityGroups": [groups["database"]], "assignPublicIp": "DISABLED"}})


def recorder():
    trail = client("cloudtrail")
    trail.create_trail(Name="main", S3BucketName="larkspur-trail", IsMultiRegionTrail=True, EnableLogFileValidation=True)
    trail.start_logging(Name="main")
    logs = client("logs")
    logs.create_log_group(logGroupName="orders", tags={"env": "prod"})
    logs.create_log_group(logGroupName="audit")
    logs.put_retention_policy(logGroupName="audit", retentionInDays=365)
    client("iam").update_account_password_policy(MinimumPasswordLength=8)


def main():
    people_and_policies()
    buckets(keys())
    subnets, groups = network()
    data(groups)
    programs(subnets, groups)
    recorder()


if __name__ == "__main__":
    main()
