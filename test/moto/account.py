"""What the scripts that fill a fake account share: clients, documents, and the small words of AWS's requests.

Everything is made one call after the other, because the fake is not safe for several at once, and any call that fails ends the run:
a half-filled account would make tests pass for the wrong reason.
"""

import io
import json
import os
import urllib.request
import zipfile

import boto3
from botocore.config import Config

REGION = os.environ.get("AWS_REGION", "eu-central-1")
OTHER = "us-east-1"
GITHUB = "token.actions.githubusercontent.com"
WEB = "sts:AssumeRoleWithWebIdentity"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
SHUT = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


def client(name, region=REGION):
    made = boto3.client(name, region_name=region, config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}))
    if name == "s3control":  # the account id would otherwise stand before the host name, where a fake on an address cannot be found
        made.meta.events.register("before-sign.s3-control", without_account)
    return made


def without_account(request, **_):
    request.url = request.url.replace(f"//{ACCOUNT}.", "//")


def same_numbers(*regions):
    """Let the fake make the same ids each time, and the default networks before anything else draws one."""
    urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL"] + "/moto-api/seed?a=20261122").read()
    for region in regions:
        client("ec2", region).describe_vpcs()


ACCOUNT = client("sts").get_caller_identity()["Account"]


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action, resource="*", **more):
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal, action="sts:AssumeRole", **condition):
    one = {"Effect": "Allow", "Principal": principal, "Action": action}
    if condition:
        one["Condition"] = condition
    return policy(one)


def service(name):
    return {"Service": f"{name}.amazonaws.com"}


def arn(name, resource, region=REGION):
    return f"arn:aws:{name}:{region}:{ACCOUNT}:{resource}"


def iam_arn(resource):
    return arn("iam", resource, "")


def pairs(**tags):
    return [{"Key": key.replace("_", "-"), "Value": value} for key, value in tags.items()]


def tagged(kind, name, **tags):
    return [{"ResourceType": kind, "Tags": pairs(Name=name, **tags)}]


def code():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("main.py", "def handle(event, context): return event\n")
    return out.getvalue()


def user(name, groups=(), console=False, second_factor=False, keys=0, **tags):
    iam = client("iam")
    iam.create_user(UserName=name, Tags=pairs(**tags))
    for group in groups:
        iam.add_user_to_group(GroupName=group, UserName=name)
    if console:
        iam.create_login_profile(UserName=name, Password="Only-for-the-fake-1")
    if second_factor:
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]["SerialNumber"]
        iam.enable_mfa_device(UserName=name, SerialNumber=device, AuthenticationCode1="000001", AuthenticationCode2="000002")
    for _ in range(keys):
        iam.create_access_key(UserName=name)


def group(name, *policies):
    iam = client("iam")
    iam.create_group(GroupName=name)
    for attached in policies:
        iam.attach_group_policy(GroupName=name, PolicyArn=attached)


def role(name, document, *policies, inline=None, boundary=None, path="/", tags=None):
    iam = client("iam")
    limit = {"PermissionsBoundary": boundary} if boundary else {}
    iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=document, Tags=pairs(**(tags or {})), **limit)
    for attached in policies:
        iam.attach_role_policy(RoleName=name, PolicyArn=attached)
    if inline:
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=inline)


def written(name, *statements):
    """A policy of the account's own."""
    return client("iam").create_policy(PolicyName=name, PolicyDocument=policy(*statements))["Policy"]["Arn"]


def bucket(name, locked=False, **tags):
    s3 = client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}, ObjectLockEnabledForBucket=locked)
    if tags:
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs(**tags)})
    return s3


def opened(port, to=None, **source):
    """A rule of a security group."""
    return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": to or port, **source}]


def everywhere():
    return {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
