"""Fill a fake AWS account with the first account of a small company called Kelpworks, which nobody has looked after.

    AWS_ENDPOINT_URL=http://127.0.0.1:5000 python neglected.py

Nine people and what they began with: root's key, passwords without a second factor, permissions given to whoever asked, and things that are
open because that made them work. Who administers it, and by which way, is what the tests count:

    ines      a policy of AWS's, attached to her            tomasz   *:* of the account's own, by a group
    yuki      iam:* in a policy of her own                  dara     everything but organizations:* (NotAction), by a group
    pavel     may write a new version of a policy of his    lena     may take a role that may take an administrator's role
    rosa      administrator, and everything denied to her   sam      may take an administrator's role that has a boundary
    terraform a role that an organisation on GitHub takes   staff    a role that an identity provider gives out
"""

from account import *

STRANGER = "345678901234"


def people():
    iam = client("iam")
    iam.create_account_alias(AccountAlias="kelpworks")
    iam.update_account_password_policy(MinimumPasswordLength=8)
    group("everyone", written("all", allow("*")))
    group("builders", written("all-but-organizations", {"Effect": "Allow", "NotAction": "organizations:*", "Resource": "*"}))
    group("interns")
    user("ines", console=True, second_factor=True, keys=1)
    iam.attach_user_policy(UserName="ines", PolicyArn=ADMINISTRATOR)
    user("tomasz", ["everyone"], console=True)
    user("yuki", console=True)
    iam.put_user_policy(UserName="yuki", PolicyName="people", PolicyDocument=policy(allow("iam:*")))
    user("dara", ["builders"], console=True, keys=1)
    user("pavel", console=True)
    own = written("pavel", allow(["s3:ListAllMyBuckets", "iam:CreatePolicyVersion"]))
    iam.attach_user_policy(UserName="pavel", PolicyArn=own)
    user("lena", console=True)
    iam.put_user_policy(UserName="lena", PolicyName="step", PolicyDocument=policy(allow("sts:AssumeRole", iam_arn("role/step"))))
    user("rosa", console=True)
    iam.attach_user_policy(UserName="rosa", PolicyArn=ADMINISTRATOR)
    iam.put_user_policy(UserName="rosa", PolicyName="gone", PolicyDocument=policy(deny("*")))
    user("sam", console=True)
    iam.put_user_policy(UserName="sam", PolicyName="capped", PolicyDocument=policy(allow("sts:AssumeRole", iam_arn("role/capped"))))
    user("test", console=True)
    group("writers", written("site", allow("s3:PutObject", "arn:aws:s3:::kelp-site/*")))
    user("quinn", ["writers"], keys=1)
    iam.tag_user(UserName="quinn", Tags=[{"Key": "footing:kind", "Value": "person"}])
    user("build-server", keys=2)
    iam.tag_user(UserName="build-server", Tags=[{"Key": "footing:kind", "Value": "machine"}])
    iam.put_user_policy(UserName="build-server", PolicyName="ship", PolicyDocument=policy(
        allow(["s3:*", "lambda:UpdateFunctionCode"]), allow(["cloudtrail:StopLogging", "account-access:CreateEntitlement"]), allow(["iam:CreateRole", "iam:AttachRolePolicy"], iam_arn("role/job-*"))))
    iam.attach_user_policy(UserName="build-server", PolicyArn="arn:aws:iam::aws:policy/AWSCloudShellFullAccess")


def roles():
    iam = client("iam")
    github = iam.create_open_id_connect_provider(Url=f"https://{GITHUB}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40])["OpenIDConnectProviderArn"]
    saml = iam.create_saml_provider(Name="directory", SAMLMetadataDocument="<EntityDescriptor>" + "x" * 1000 + "</EntityDescriptor>")["SAMLProviderArn"]
    role("deploy", trust({"Federated": github}, WEB, StringEquals={f"{GITHUB}:aud": "sts.amazonaws.com"}), inline=policy(allow("s3:PutObject", "arn:aws:s3:::kelp-site/*")))
    role("terraform", trust({"Federated": github}, WEB, StringEquals={f"{GITHUB}:aud": "sts.amazonaws.com"}, StringLike={f"{GITHUB}:sub": "repo:kelpworks/*"}), ADMINISTRATOR)
    role("helpdesk", trust(service("account-access"), ["sts:AssumeRole", "sts:SetContext", "sts:TagSession"]), "arn:aws:iam::aws:policy/ReadOnlyAccess")
    role("staff", trust({"Federated": saml}, "sts:AssumeRoleWithSAML", StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"}), ADMINISTRATOR)
    role("step", trust({"AWS": iam_arn("root")}), inline=policy(allow("sts:AssumeRole", iam_arn("role/top"))))
    role("top", trust({"AWS": iam_arn("role/step")}), ADMINISTRATOR)
    role("capped", trust({"AWS": iam_arn("root")}), ADMINISTRATOR, boundary="arn:aws:iam::aws:policy/ReadOnlyAccess")
    role("bookkeeper", trust({"AWS": f"arn:aws:iam::{STRANGER}:root"}), "arn:aws:iam::aws:policy/ReadOnlyAccess")
    role("anyone", trust({"AWS": "*"}, StringEquals={"sts:ExternalId": "kelp", "aws:PrincipalType": "AssumedRole"}), "arn:aws:iam::aws:policy/ReadOnlyAccess")
    role("lena-only", trust({"AWS": iam_arn("user/lena")}))
    role("nightly", trust(service("scheduler")), inline=policy(allow("sqs:SendMessage")))
    role("web", trust(service("ec2")), inline=policy(allow(["s3:*", "sts:GetWebIdentityToken", "sts:AssumeRoot"]), allow(["rds:DeleteDBInstance", "backup:DeleteRecoveryPoint", "backup:DeleteBackupVault", "ec2:DeleteSnapshot"])))
    role("office", trust(service("rolesanywhere"), ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]), "arn:aws:iam::aws:policy/ReadOnlyAccess")
    role("worker", trust(service("lambda")), ADMINISTRATOR)
    role("cluster", trust(service("eks")), "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy")
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    iam.upload_server_certificate(ServerCertificateName="shop", CertificateBody="of the fake", PrivateKey="of the fake")


def organization():
    """The account made one, with another account that was to be tried, and runs everything itself."""
    organizations = client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    organizations.create_account(Email="trial@kelpworks.example", AccountName="trial")


def buckets():
    s3 = bucket("kelp-site")
    s3.put_bucket_policy(Bucket="kelp-site", Policy=policy(allow("s3:GetObject", "arn:aws:s3:::kelp-site/*", Principal="*")))
    bucket("kelp-uploads")
    s3.put_bucket_ownership_controls(Bucket="kelp-uploads", OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
    everybody = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}
    owner = s3.get_bucket_acl(Bucket="kelp-uploads")["Owner"]
    s3.put_bucket_acl(Bucket="kelp-uploads", AccessControlPolicy={"Owner": owner, "Grants": [
        {"Grantee": {"Type": "CanonicalUser", "ID": owner["ID"]}, "Permission": "FULL_CONTROL"}, *({"Grantee": everybody, "Permission": p} for p in ("READ", "WRITE"))]})
    s3.put_bucket_lifecycle_configuration(Bucket="kelp-uploads", LifecycleConfiguration={"Rules": [
        {"ID": "all", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}]})
    bucket("kelp-trail", data_class="restricted")


def keys():
    kms = client("kms")
    first = kms.create_key(Description="orders")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/orders", TargetKeyId=first)
    kms.put_key_policy(KeyId=first, PolicyName="default", Policy=policy(
        allow("kms:*", Principal={"AWS": iam_arn("root")}), allow("kms:Decrypt", Principal={"AWS": "*"}), allow("kms:Decrypt", Principal={"AWS": f"arn:aws:iam::{STRANGER}:root"})))
    second = kms.create_key(Description="old")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/old", TargetKeyId=second)
    client("secretsmanager").create_secret(Name="invoices", SecretString="only-for-the-fake", KmsKeyId=second)
    kms.schedule_key_deletion(KeyId=second, PendingWindowInDays=7)


def network():
    """All of it stands in the network that came with the account, and what is for trying things beside what is for customers."""
    ec2 = client("ec2")
    vpc = next(v["VpcId"] for v in ec2.describe_vpcs()["Vpcs"] if v["IsDefault"])
    subnets = sorted(s["SubnetId"] for s in ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"])
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]  # AWS makes it with the network, the fake does not
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"][0]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    groups = {}
    for name in ("web", "database", "left-over"):
        groups[name] = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=groups["web"], IpPermissions=opened(22, **everywhere()) + opened(80, **everywhere()) + opened(3000, IpRanges=[{"CidrIp": "10.0.0.0/8"}]))
    ec2.authorize_security_group_ingress(GroupId=groups["database"], IpPermissions=opened(5432, IpRanges=[{"CidrIp": "0.0.0.0/1"}, {"CidrIp": "128.0.0.0/1"}]))
    ec2.create_key_pair(KeyName="everybody")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    started = {}
    for name, env, group_ in (("shop", "prod", "web"), ("trial", "dev", "web")):
        started[name] = ec2.run_instances(
            ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnets[0], SecurityGroupIds=[groups[group_]], KeyName="everybody",
            IamInstanceProfile={"Name": "web"}, MetadataOptions={"HttpTokens": "optional"}, UserData="#!/bin/sh\nexport DB_PASSWORD=correct-horse-battery\n",
            TagSpecifications=tagged("instance", name, env=env))["Instances"][0]["InstanceId"]
    started["lab"] = lab(ec2, image, vpc, table)
    own = ec2.create_image(InstanceId=started["shop"], Name="shop-2024")["ImageId"]
    ec2.modify_image_attribute(ImageId=own, LaunchPermission={"Add": [{"Group": "all"}]})
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=8, TagSpecifications=tagged("volume", "orders-export"))["VolumeId"]
    copy = ec2.create_snapshot(VolumeId=volume, Description="before the move", TagSpecifications=tagged("snapshot", "before-the-move"))["SnapshotId"]
    ec2.modify_snapshot_attribute(SnapshotId=copy, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"])
    ec2.allocate_address(Domain="vpc", TagSpecifications=tagged("elastic-ip", "once-the-shop"))
    balancer = client("elbv2").create_load_balancer(Name="shop", Subnets=subnets[:2], SecurityGroups=[groups["web"]], Scheme="internet-facing", Type="application")["LoadBalancers"][0]["LoadBalancerArn"]
    target = client("elbv2").create_target_group(Name="shop", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
    client("elbv2").create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[{"Type": "forward", "TargetGroupArn": target}])
    return subnets, groups, started


def lab(ec2, image, vpc, table):
    """A network of its own for trying things, with a way into the other."""
    other = ec2.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=tagged("vpc", "lab", env="dev"))["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=other, CidrBlock="10.9.0.0/24", AvailabilityZone=f"{REGION}a", TagSpecifications=tagged("subnet", "lab"))["Subnet"]["SubnetId"]
    way = ec2.create_vpc_peering_connection(VpcId=other, PeerVpcId=vpc)["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=way)
    back = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [other]}])["RouteTables"][0]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="10.9.0.0/16", VpcPeeringConnectionId=way)
    ec2.create_route(RouteTableId=back, DestinationCidrBlock="172.31.0.0/16", VpcPeeringConnectionId=way)
    group_ = ec2.create_security_group(GroupName="lab", Description="lab", VpcId=other)["GroupId"]
    return ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnet, SecurityGroupIds=[group_], KeyName="everybody",
                             TagSpecifications=tagged("instance", "lab", env="dev"))["Instances"][0]["InstanceId"]


def data(subnets, groups):
    rds = client("rds")
    rds.create_db_subnet_group(DBSubnetGroupName="all", DBSubnetGroupDescription="all", SubnetIds=subnets)
    rds.create_db_instance(DBInstanceIdentifier="orders", DBInstanceClass="db.t3.small", Engine="postgres", EngineVersion="9.6.24", AllocatedStorage=20, MasterUsername="app",
                           MasterUserPassword="only-for-the-fake", StorageEncrypted=False, PubliclyAccessible=True, BackupRetentionPeriod=0,
                           DBSubnetGroupName="all", VpcSecurityGroupIds=[groups["database"]], Tags=pairs(env="prod", data_class="restricted"))
    rds.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="orders-2024")
    rds.modify_db_snapshot_attribute(DBSnapshotIdentifier="orders-2024", AttributeName="restore", ValuesToAdd=["all"])
    client("dynamodb").create_table(TableName="carts", AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                                    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST", Tags=pairs(env="prod"))
    client("efs").create_file_system(CreationToken="files", Encrypted=False, Tags=pairs(Name="files"))
    client("secretsmanager").create_secret(Name="payments", SecretString="only-for-the-fake")
    client("ssm").put_parameter(Name="/shop/mail_password", Value="correct-horse-battery", Type="String")
    client("ssm").create_document(Name="set-up-shop", DocumentType="Command", DocumentFormat="JSON", Content='{"schemaVersion":"2.2","mainSteps":[]}')
    client("ssm").modify_document_permission(Name="set-up-shop", PermissionType="Share", AccountIdsToAdd=["all"])
    sqs = client("sqs")
    queue = sqs.create_queue(QueueName="todo")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy(allow("sqs:*", arn("sqs", "todo"), Principal="*"))})
    client("backup").create_backup_vault(BackupVaultName="first-try")


def programs():
    functions = client("lambda")
    functions.create_function(FunctionName="prices", Runtime="python3.7", Role=iam_arn("role/worker"), Handler="main.handle",
                              Code={"ZipFile": code()}, Environment={"Variables": {"STRIPE_SECRET_KEY": "correct horse battery"}}, Tags={"env": "prod"})
    functions.create_function_url_config(FunctionName="prices", AuthType="NONE")
    for action in ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"):
        functions.add_permission(FunctionName="prices", StatementId=action.replace(":", "-"), Action=action, Principal="*")
    ecr = client("ecr")
    ecr.create_repository(repositoryName="shop")
    ecr.set_repository_policy(repositoryName="shop", policyText=policy({"Effect": "Allow", "Principal": "*", "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}))
    client("eks").create_cluster(name="trial", version="1.24", roleArn=iam_arn("role/cluster"), resourcesVpcConfig={"subnetIds": [], "endpointPublicAccess": True})


def recorder():
    """A trail that somebody set up for an afternoon."""
    s3 = client("s3")
    s3.put_bucket_policy(Bucket="kelp-trail", Policy=policy(allow("s3:PutObject", "arn:aws:s3:::kelp-trail/*", Principal=service("cloudtrail"))))
    client("cloudformation").create_stack(StackName="first", TemplateBody=json.dumps({
        "Parameters": {"DatabasePassword": {"Type": "String"}}, "Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "later"}}}}),
        Parameters=[{"ParameterKey": "DatabasePassword", "ParameterValue": "correct-horse-battery"}])
    client("cloudtrail").create_trail(Name="afternoon", S3BucketName="kelp-trail", IsMultiRegionTrail=False, EnableLogFileValidation=False)


def main():
    same_numbers(REGION, OTHER, "af-south-1")
    people()
    roles()
    organization()
    buckets()
    keys()
    subnets, groups, started = network()
    data(subnets, groups)
    programs()
    recorder()
    print(json.dumps(started))


if __name__ == "__main__":
    main()
