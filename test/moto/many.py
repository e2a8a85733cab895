"""Fill a fake AWS account with many of each thing, to see that none is lost behind the first page of a list.

    AWS_ENDPOINT_URL=http://127.0.0.1:5000 python many.py 10

The number is how many times the smallest company: 30 roles, 5 users, 4 buckets, 6 functions, … each. Prints what it made, as JSON.
Everything is made one call after the other, as in seed.py.
"""

import io
import json
import os
import sys
import zipfile

import boto3

REGION = os.environ.get("AWS_REGION", "eu-central-1")
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
READ = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]})


def client(name):
    return boto3.client(name, region_name=REGION)


def main(scale):
    made = {}

    def many(typ, each, make):
        for number in range(each * scale):
            make(number)
        made[typ] = each * scale

    iam = client("iam")

    def role(number):
        iam.create_role(RoleName=f"worker-{number:04d}", AssumeRolePolicyDocument=TRUST)
        iam.put_role_policy(RoleName=f"worker-{number:04d}", PolicyName="own", PolicyDocument=READ)

    many("AWS::IAM::Role", 30, role)
    many("AWS::IAM::User", 5, lambda n: iam.create_user(UserName=f"person-{n:04d}"))
    s3 = client("s3")
    many("AWS::S3::Bucket", 4, lambda n: s3.create_bucket(Bucket=f"larkspur-many-{n:04d}", CreateBucketConfiguration={"LocationConstraint": REGION}))
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "def handle(event, context): return event\n")
    functions = client("lambda")
    runs_as = f"arn:aws:iam::{client('sts').get_caller_identity()['Account']}:role/worker-0000"
    many("AWS::Lambda::Function", 6, lambda n: functions.create_function(
        FunctionName=f"step-{n:04d}", Runtime="python3.12", Role=runs_as, Handler="main.handle", Code={"ZipFile": code.getvalue()}))
    sqs = client("sqs")
    many("AWS::SQS::Queue", 12, lambda n: sqs.create_queue(QueueName=f"todo-{n:04d}"))
    sns = client("sns")
    many("AWS::SNS::Topic", 12, lambda n: sns.create_topic(Name=f"news-{n:04d}"))
    dynamodb = client("dynamodb")
    many("AWS::DynamoDB::Table", 11, lambda n: dynamodb.create_table(
        TableName=f"things-{n:04d}", AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST"))
    secrets = client("secretsmanager")
    many("AWS::SecretsManager::Secret", 11, lambda n: secrets.create_secret(Name=f"many/{n:04d}", SecretString="only-for-the-fake"))
    ssm = client("ssm")
    many("AWS::SSM::Parameter", 6, lambda n: ssm.put_parameter(Name=f"/many/{n:04d}", Value="only-for-the-fake", Type="SecureString"))
    kms = client("kms")
    many("AWS::KMS::Key", 3, lambda n: kms.create_key(Description=f"many {n}"))
    ec2 = client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    many("AWS::EC2::SecurityGroup", 12, lambda n: ec2.create_security_group(GroupName=f"many-{n:04d}", Description="many", VpcId=vpc))
    made["AWS::EC2::SecurityGroup"] += 1  # the network's own
    ecr = client("ecr")
    many("AWS::ECR::Repository", 11, lambda n: ecr.create_repository(repositoryName=f"many-{n:04d}"))
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
