"""Fill a fake AWS account with the first account of Kelpworks (neglected.py), after somebody looked after it.

    AWS_ENDPOINT_URL=http://127.0.0.1:5000 python tended.py

People come in by Identity Center, and one user with a hardware key lies in a safe. Each environment has a network, whatever serves customers stands
behind a load balancer, and nothing else can be reached; what is kept is encrypted, copied, tagged, and has an owner.
"""

from account import *

SUPPLIER = "210987654321"
OWNED = {"owner": "tomasz@kelpworks.example", "managed_by": "terraform"}
PROD = {**OWNED, "env": "prod"}
STORE = {**PROD, "data_class": "confidential"}
SSO = "/aws-reserved/sso.amazonaws.com/eu-central-1/"


def people():
    iam = client("iam")
    iam.create_account_alias(AccountAlias="kelpworks")
    iam.update_account_password_policy(MinimumPasswordLength=16, PasswordReusePrevention=24)
    without = {"Effect": "Deny", "NotAction": ["iam:ListMFADevices", "iam:EnableMFADevice", "iam:CreateVirtualMFADevice", "iam:ResyncMFADevice", "sts:GetSessionToken"],
               "Resource": "*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}
    group("sealed", ADMINISTRATOR, written("nothing-without-mfa", without))
    group("tills", written("till", allow("sqs:SendMessage", arn("sqs", "todo"))))
    user("in-the-safe", ["sealed"], console=True, **OWNED)
    user("till", ["tills"], keys=1, **OWNED)
    iam.tag_user(UserName="till", Tags=[{"Key": "footing:kind", "Value": "machine"}])


def roles():
    iam = client("iam")
    github = iam.create_open_id_connect_provider(Url=f"https://{GITHUB}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40])["OpenIDConnectProviderArn"]
    saml = iam.create_saml_provider(Name="AWSSSO_0a1b2c3d4e5f6a7b_DO_NOT_DELETE", SAMLMetadataDocument="<EntityDescriptor>" + "x" * 1000 + "</EntityDescriptor>")["SAMLProviderArn"]
    sign_in = trust({"Federated": saml}, ["sts:AssumeRoleWithSAML", "sts:TagSession"], StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"})
    role("AWSReservedSSO_admin_0123456789abcdef", sign_in, ADMINISTRATOR, path=SSO)
    role("AWSReservedSSO_engineer_fedcba9876543210", sign_in, "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/AWSSupportAccess", path=SSO)
    ceiling = written("ceiling", allow(["ecs:*", "ecr:*", "lambda:*", "logs:*", "iam:PassRole"]))
    role("deploy", trust({"Federated": github}, WEB, StringEquals={f"{GITHUB}:aud": "sts.amazonaws.com", f"{GITHUB}:sub": "repo:kelpworks/shop:environment:prod"}),
         inline=policy(allow(["ecs:UpdateService", "ecs:DescribeServices"])), boundary=ceiling, tags=OWNED)
    role("bookkeeper", trust({"AWS": f"arn:aws:iam::{SUPPLIER}:root"}, StringEquals={"sts:ExternalId": "kelp-7"}), inline=policy(allow("ce:GetCostAndUsage")), tags=OWNED)
    role("nightly", trust(service("scheduler"), StringEquals={"aws:SourceAccount": ACCOUNT}), inline=policy(allow("sqs:SendMessage", arn("sqs", "todo"))), tags=OWNED)
    role("shop", trust(service("ec2")), "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", tags=OWNED)
    role("prices", trust(service("lambda")), inline=policy(allow("dynamodb:GetItem", arn("dynamodb", "table/carts"))), tags=OWNED)
    role("helpdesk", trust(service("account-access"), ["sts:AssumeRole", "sts:SetContext", "sts:TagSession"]), "arn:aws:iam::aws:policy/AWSSupportAccess", tags=OWNED)
    role("backups", trust(service("backup"), StringEquals={"aws:SourceAccount": ACCOUNT}), "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup", tags=OWNED)
    role("platform", trust(service("eks")), "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy", tags=OWNED)
    role("servers", policy({"Effect": "Allow", "Principal": service("rolesanywhere"), "Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"], "Condition": {
        "StringEquals": {"aws:PrincipalTag/x509Subject/CN": "till-7.kelpworks.example"},
        "ArnEquals": {"aws:SourceArn": arn("rolesanywhere", "trust-anchor/ta-1")}}}), inline=policy(allow("sqs:SendMessage", arn("sqs", "todo"))), tags=OWNED)
    iam.create_instance_profile(InstanceProfileName="shop")
    iam.add_role_to_instance_profile(InstanceProfileName="shop", RoleName="shop")


def keys():
    kms = client("kms")
    key = kms.create_key(Description="kept", Tags=[{"TagKey": k.replace("_", "-"), "TagValue": v} for k, v in PROD.items()])["KeyMetadata"]
    kms.create_alias(AliasName="alias/kept", TargetKeyId=key["KeyId"])
    kms.enable_key_rotation(KeyId=key["KeyId"])
    return key["Arn"]


def buckets(key):
    client("s3control").put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=SHUT)
    for name in ("kelp-uploads", "kelp-trail", "kelp-logs"):
        s3 = bucket(name, locked=name == "kelp-trail", **{**STORE, "data_class": "restricted" if name == "kelp-trail" else "confidential"})
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=SHUT)
        s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        if name == "kelp-trail":
            s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}}})
        both = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
        statements = [deny("s3:*", both, Principal={"AWS": "*"}, Condition={"Bool": {"aws:SecureTransport": "false"}})]
        if name == "kelp-trail":
            statements.append(allow("s3:PutObject", both[1], Principal=service("cloudtrail"), Condition={"StringEquals": {"aws:SourceArn": arn("cloudtrail", "trail/all")}}))
        if name == "kelp-logs":
            statements.append(allow("s3:PutObject", both[1], Principal=service("logging.s3"), Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}}))
        s3.put_bucket_policy(Bucket=name, Policy=policy(*statements))
    s3.put_bucket_logging(Bucket="kelp-trail", BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": "kelp-logs", "TargetPrefix": "trail/"}})


def no_default_networks():
    for region in (REGION, OTHER):
        ec2 = client("ec2", region)
        for vpc in ec2.describe_vpcs()["Vpcs"]:
            here = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
            for subnet in ec2.describe_subnets(Filters=here)["Subnets"]:
                ec2.delete_subnet(SubnetId=subnet["SubnetId"])
            ec2.delete_vpc(VpcId=vpc["VpcId"])
        ec2.enable_ebs_encryption_by_default()


def empty_default_group(ec2, vpc):
    here = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    for found in ec2.describe_security_groups(Filters=here)["SecurityGroups"]:
        if found["IpPermissions"]:
            ec2.revoke_security_group_ingress(GroupId=found["GroupId"], IpPermissions=found["IpPermissions"])
        if found["IpPermissionsEgress"]:
            ec2.revoke_security_group_egress(GroupId=found["GroupId"], IpPermissions=found["IpPermissionsEgress"])


def network(env, block, *names):
    """A network: public subnets for load balancers, and private ones without a way out but endpoints."""
    ec2 = client("ec2")
    tags = {**OWNED, "env": env}
    vpc = ec2.create_vpc(CidrBlock=f"10.{block}.0.0/16", TagSpecifications=tagged("vpc", env, **tags))["Vpc"]["VpcId"]
    empty_default_group(ec2, vpc)
    subnets = {}
    for number, name in enumerate(names):
        subnets[name] = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.{block}.{number}.0/24", AvailabilityZone=REGION + name[-1], TagSpecifications=tagged("subnet", f"{env}-{name}", **tags))["Subnet"]["SubnetId"]
    public = [subnets[name] for name in names if name.startswith("public")]
    if public:
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        out = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=out, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        for subnet in public:
            ec2.associate_route_table(RouteTableId=out, SubnetId=subnet)
    tables = [t["RouteTableId"] for t in ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]]
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway", RouteTableIds=tables)
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.dynamodb", VpcEndpointType="Gateway", RouteTableIds=tables)
    return vpc, subnets


def group_of(vpc, name, *rules, **tags):
    ec2 = client("ec2")
    made = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc, TagSpecifications=tagged("security-group", name, **tags))["GroupId"]
    for rule in rules:
        ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=rule)
    return made


def machine(name, vpc, subnets, group, key, **tags):
    """A machine without a key pair, which Systems Manager reaches inside the network."""
    ec2 = client("ec2")
    inner = group_of(vpc, "endpoints", opened(443, UserIdGroupPairs=[{"GroupId": group}]), **tags)
    for endpoint in ("ssm", "ssmmessages"):
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.{endpoint}", VpcEndpointType="Interface", SubnetIds=[subnets["private-a"]], SecurityGroupIds=[inner], PrivateDnsEnabled=True)
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    return ec2.run_instances(
        ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnets["private-a"], SecurityGroupIds=[group], IamInstanceProfile={"Name": "shop"},
        MetadataOptions={"HttpTokens": "required"}, TagSpecifications=tagged("instance", name, **tags) + tagged("volume", name, **tags),
        BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 8, "Encrypted": True, "KmsKeyId": key}}])["Instances"][0]["InstanceId"]


def served(vpc, subnets, key):
    """What serves customers: a load balancer, a machine behind it, a database behind that."""
    front = group_of(vpc, "front", opened(443, **everywhere()), opened(80, **everywhere()), **PROD)
    web = group_of(vpc, "web", opened(8080, UserIdGroupPairs=[{"GroupId": front}]), **PROD)
    database = group_of(vpc, "database", opened(5432, UserIdGroupPairs=[{"GroupId": web}]), **PROD)
    shop = machine("shop", vpc, subnets, web, key, **PROD)
    balancers = client("elbv2")
    balancer = balancers.create_load_balancer(Name="shop", Subnets=[subnets["public-a"], subnets["public-b"]], SecurityGroups=[front], Scheme="internet-facing", Type="application", Tags=pairs(**PROD))["LoadBalancers"][0]["LoadBalancerArn"]
    target = balancers.create_target_group(Name="shop", Protocol="HTTP", Port=8080, VpcId=vpc, Tags=pairs(**PROD))["TargetGroups"][0]["TargetGroupArn"]
    balancers.register_targets(TargetGroupArn=target, Targets=[{"Id": shop}])
    certificate = client("acm").request_certificate(DomainName="shop.kelpworks.example", Tags=pairs(**PROD))["CertificateArn"]
    balancers.create_listener(LoadBalancerArn=balancer, Protocol="HTTPS", Port=443, SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06", Certificates=[{"CertificateArn": certificate}],
                              DefaultActions=[{"Type": "forward", "TargetGroupArn": target}])
    balancers.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[
        {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}])
    waf = client("wafv2")
    acl = waf.create_web_acl(Name="shop", Scope="REGIONAL", DefaultAction={"Allow": {}}, Rules=[], VisibilityConfig={
        "SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "shop"}, Tags=pairs(**PROD))["Summary"]["ARN"]
    waf.associate_web_acl(WebACLArn=acl, ResourceArn=balancer)
    return shop, database


def data(key, subnets, database):
    rds = client("rds")
    rds.create_db_subnet_group(DBSubnetGroupName="inner", DBSubnetGroupDescription="inner", SubnetIds=[subnets["private-a"], subnets["private-b"]])
    rds.create_db_instance(DBInstanceIdentifier="orders", DBInstanceClass="db.t4g.small", Engine="postgres", EngineVersion="17.6", AllocatedStorage=20, MasterUsername="app",
                           MasterUserPassword="only-for-the-fake", StorageEncrypted=True, KmsKeyId=key, PubliclyAccessible=False, BackupRetentionPeriod=14, DeletionProtection=True,
                           DBSubnetGroupName="inner", VpcSecurityGroupIds=[database], Tags=pairs(**STORE))
    dynamodb = client("dynamodb")
    dynamodb.create_table(TableName="carts", AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                          BillingMode="PAY_PER_REQUEST", DeletionProtectionEnabled=True, Tags=pairs(**STORE))
    dynamodb.update_continuous_backups(TableName="carts", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    client("efs").create_file_system(CreationToken="files", Encrypted=True, Tags=pairs(Name="files", **STORE))
    client("secretsmanager").create_secret(Name="payments", SecretString="only-for-the-fake", KmsKeyId=key, Tags=pairs(**PROD))
    client("ssm").put_parameter(Name="/shop/mail_password", Value="only-for-the-fake", Type="SecureString", KeyId=key, Tags=pairs(**PROD))
    client("ssm").create_document(Name="set-up-shop", DocumentType="Command", DocumentFormat="JSON", Content='{"schemaVersion":"2.2","mainSteps":[]}', Tags=pairs(**PROD))
    client("sqs").create_queue(QueueName="todo", tags={"env": "prod", "managed-by": "terraform"})
    backup = client("backup")
    backup.create_backup_vault(BackupVaultName="kept", EncryptionKeyArn=key)
    backup.put_backup_vault_lock_configuration(BackupVaultName="kept", MinRetentionDays=7, ChangeableForDays=3)


def programs(subnets):
    functions = client("lambda")
    functions.create_function(FunctionName="prices", Runtime="python3.14", Role=iam_arn("role/prices"), Handler="main.handle", Code={"ZipFile": code()},
                              Environment={"Variables": {"STAGE": "prod"}}, Tags={"env": "prod", "managed-by": "terraform"})
    functions.create_function_url_config(FunctionName="prices", AuthType="AWS_IAM")
    client("ecr").create_repository(repositoryName="shop", imageTagMutability="IMMUTABLE", imageScanningConfiguration={"scanOnPush": True}, tags=pairs(**PROD))
    client("eks").create_cluster(name="platform", version="1.35", roleArn=iam_arn("role/platform"), tags={"env": "prod", "managed-by": "terraform"},
                                 resourcesVpcConfig={"subnetIds": [subnets["private-a"], subnets["private-b"]], "endpointPublicAccess": False, "endpointPrivateAccess": True},
                                 accessConfig={"authenticationMode": "API"})


def watched(region):
    """What happens is told to people, in each Region."""
    sns = client("sns", region)
    topic = sns.create_topic(Name="alarms", Tags=pairs(**PROD))["TopicArn"]
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy(allow("sns:Publish", topic, Principal=service("events"))))
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="alarms@kelpworks.example")
    events = client("events", region)
    for name, pattern in {
        "changes": {"detail-type": ["AWS API Call via CloudTrail"], "detail": {"eventName": [{"prefix": p} for p in (
            "Put", "Attach", "Create", "Delete", "Stop", "Update", "Authorize", "Disable", "Schedule")]}},
        "sign-in": {"detail-type": ["AWS Console Sign In via CloudTrail"], "detail": {"additionalEventData": {"MFAUsed": [{"anything-but": "Yes"}]}}},
        "root": {"detail-type": ["AWS API Call via CloudTrail", "AWS Console Sign In via CloudTrail"], "detail": {"userIdentity": {"type": ["Root"]}}},
        "findings": {"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"], "detail": {"severity": [{"numeric": [">=", 7]}]}},
    }.items():
        events.put_rule(Name=name, EventPattern=json.dumps(pattern), Tags=pairs(**PROD))
        events.put_targets(Rule=name, Targets=[{"Id": "people", "Arn": topic}])
    client("guardduty", region).create_detector(Enable=True, Features=[{"Name": name, "Status": "ENABLED"} for name in (
        "S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS", "EBS_MALWARE_PROTECTION", "RUNTIME_MONITORING")])
    config = client("config", region)
    config.put_configuration_recorder(ConfigurationRecorder={
        "name": "default", "roleARN": iam_arn("role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"),
        "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": region == REGION}})
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "kelp-logs"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    client("inspector2", region).enable(accountIds=[ACCOUNT], resourceTypes=["EC2", "ECR"])


def recorder(key):
    trail = client("cloudtrail")
    trail.create_trail(Name="all", S3BucketName="kelp-trail", IsMultiRegionTrail=True, EnableLogFileValidation=True, KmsKeyId=key, TagsList=pairs(**PROD))
    trail.put_event_selectors(TrailName="all", EventSelectors=[{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": [
        {"Type": "AWS::S3::Object", "Values": [f"arn:aws:s3:::{name}/" for name in ("kelp-uploads", "kelp-trail", "kelp-logs")]}]}])
    trail.start_logging(Name="all")
    ec2 = client("ec2")
    for vpc in ec2.describe_vpcs()["Vpcs"]:
        ec2.create_flow_logs(ResourceType="VPC", ResourceIds=[vpc["VpcId"]], TrafficType="ALL", LogDestinationType="s3", LogDestination="arn:aws:s3:::kelp-logs")
    client("cloudformation").create_stack(StackName="queues", TemplateBody=json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "later"}}}}), Tags=pairs(**PROD))
    money = client("budgets")
    money.create_budget(AccountId=ACCOUNT, Budget={"BudgetName": "month", "BudgetLimit": {"Amount": "500", "Unit": "USD"}, "TimeUnit": "MONTHLY", "BudgetType": "COST"}, NotificationsWithSubscribers=[
        {"Notification": {"NotificationType": "FORECASTED", "ComparisonOperator": "GREATER_THAN", "Threshold": 100, "ThresholdType": "PERCENTAGE"},
         "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "money@kelpworks.example"}]}])
    for region in (REGION, OTHER):
        watched(region)


def main():
    same_numbers(REGION, OTHER)
    no_default_networks()
    people()
    roles()
    key = keys()
    buckets(key)
    vpc, subnets = network("prod", 20, "public-a", "public-b", "private-a", "private-b")
    shop, database = served(vpc, subnets, key)
    lab, inside = network("dev", 30, "private-a")
    trial = machine("trial", lab, inside, group_of(lab, "trial", **{**OWNED, "env": "dev"}), key, **{**OWNED, "env": "dev"})
    data(key, subnets, database)
    programs(subnets)
    recorder(key)
    print(json.dumps({
        "shop": shop, "trial": trial, "balancer": client("elbv2").describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"],
        "stack": client("cloudformation").describe_stacks()["Stacks"][0]["StackId"], "subnet-a": subnets["private-a"], "subnet-b": subnets["private-b"], "vpc": vpc,
        "vpc-dev": client("ec2").describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["dev"]}])["Vpcs"][0]["VpcId"]}))


if __name__ == "__main__":
    main()
