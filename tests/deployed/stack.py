"""Deploys infra/template.yaml into the emulator, and plays what the emulator lacks. Prints one JSON document.

    stack.py deploy NAME BINARIES SETTINGS   the stack; SETTINGS is a JSON object, see `Stack::deploy` in stack.rs
    stack.py rotate NAME SECRET FUNCTION     one rotation of that secret by that function (logical ids), as Secrets Manager calls for it
    stack.py let-a-day-pass NAME             what is noted of a day ago is noted of two days ago: nobody waits for a key's day
    stack.py worker NAME work|rest           switches the event source of the queue
    stack.py start-anew NAME FUNCTION        ends the running instances of a function
    stack.py policies NAME                   what the role of each function may do, as it was deployed

The emulator is the one at AWS_ENDPOINT_URL. Needs aws-sam-cli, which brings the translator of SAM templates and boto3.
"""

import io
import json
import platform
import sys
import time
import uuid
import zipfile
from pathlib import Path

import boto3
from boto3.dynamodb.conditions import Key
from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
CODE_BUCKET = "doorway-code"
FUNCTION = "AWS::Serverless::Function"
ROTATION = "AWS::SecretsManager::RotationSchedule"

# What the emulator (ministack 1.5.33) does not know, and why the test can do without.
LEFT_OUT = {
    ROTATION: "`rotate` plays Secrets Manager's part",
    "AWS::CodeDeploy::Application": "it knows nothing of CodeDeploy; a first deployment shifts no traffic",
    "AWS::CodeDeploy::DeploymentGroup": "as above",
    "AWS::CloudWatch::Alarm": "it knows no alarms over several metrics; nothing here waits for an alarm",
    "AWS::CloudWatch::Dashboard": "it shows alarms",
}

DAY = 24 * 3600


def translated(binaries, settings):
    """The template as CloudFormation, and the rotation schedules in it. Other than in AWS are where the code is, the
    architecture, settings of this environment, what LEFT_OUT names, and what `as_aws_reads_it` spells out."""
    template = yaml_parse(TEMPLATE.read_text())
    template["Globals"]["Function"]["Architectures"] = ["arm64" if platform.machine() == "aarch64" else "x86_64"]
    for function in of_type(template, FUNCTION).values():
        properties = function["Properties"]
        binary = properties["FunctionName"]["Fn::Sub"].removeprefix("${AWS::StackName}-")
        if binary not in settings["endpoints"]:
            sys.exit(f"the template has a function `{binary}`, which FUNCTIONS in tools/local/src/tool.rs does not name")
        properties["CodeUri"] = f"s3://{CODE_BUCKET}/{upload(binary, binaries)}"
        variables = properties.setdefault("Environment", {}).setdefault("Variables", {})
        variables.update(settings["variables"], AWS_ENDPOINT_URL=settings["endpoints"][binary])
    template = transform(template, {}, NoManagedPolicies())
    schedules = [schedule["Properties"] for schedule in of_type(template, ROTATION).values()]
    rotations = [
        {
            "secret": it["SecretId"]["Ref"],
            "function": referred_to(it["RotationLambdaARN"]),
            "immediately": it["RotateImmediatelyOnUpdate"],
        }
        for it in schedules
    ]
    template = as_aws_reads_it(template, settings["parameters"])
    left_out = {name for name, it in template["Resources"].items() if it["Type"] in LEFT_OUT}
    for name in left_out:
        del template["Resources"][name]
    for resource in template["Resources"].values():
        needed = resource.pop("DependsOn", [])
        needed = [name for name in ([needed] if isinstance(needed, str) else needed) if name not in left_out]
        if needed:
            resource["DependsOn"] = needed
    return template, rotations


def referred_to(value):
    """The resource whose ARN this is: a function, or an alias."""
    return value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0]


def as_aws_reads_it(template, given):
    """References that the emulator gives another value than AWS does: the ARN of a secret, which is its name there; numbers
    and booleans, which stay the texts that parameters are, where these are answered again as they came."""
    secrets = {name: {"Fn::GetAtt": [name, "Id"]} for name in of_type(template, "AWS::SecretsManager::Secret")}
    typed = {}
    for name, parameter in template["Parameters"].items():
        value = given.get(name, parameter.get("Default"))
        if parameter["Type"] == "Number":
            typed[name] = int(value)
        elif value in ("true", "false"):
            typed[name] = value == "true"

    def read(value, known):
        match value:
            case {"Ref": name} if name in known:
                return known[name]
            case dict():
                return {key: read(one, known) for key, one in value.items()}
            case list():
                return [read(one, known) for one in value]
        return value

    template = {**template, **{part: read(template[part], secrets) for part in ("Resources", "Outputs")}}
    for kind in ("AWS::Lambda::EventSourceMapping", "AWS::DynamoDB::Table"):
        for resource in of_type(template, kind).values():
            resource["Properties"] = read(resource["Properties"], typed)
    return template


class NoManagedPolicies:
    """The template names none of AWS's own policies."""

    def load(self):
        return {}


def of_type(template, kind):
    return {name: it for name, it in template["Resources"].items() if it["Type"] == kind}


def upload(binary, binaries):
    """Puts a function's code where Lambda fetches it: as `cargo build` leaves it, or `cargo lambda build`."""
    path = next((path for path in (binaries / binary / "bootstrap", binaries / binary) if path.is_file()), None)
    if path is None:
        sys.exit(f"{binaries} has no `{binary}`: build the functions first (cargo build --workspace --bins)")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
        zipped.write(path, "bootstrap")
    boto3.client("s3").put_object(Bucket=CODE_BUCKET, Key=f"{binary}.zip", Body=archive.getvalue())
    return f"{binary}.zip"


def deploy(name, binaries, settings):
    settings = json.loads(settings)
    boto3.client("s3").create_bucket(Bucket=CODE_BUCKET)
    template, rotations = translated(Path(binaries), settings)
    cloudformation = boto3.client("cloudformation")
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in settings["parameters"].items()]
    text = json.dumps(template)
    # More than CloudFormation takes by value, as with `sam deploy`.
    boto3.client("s3").put_object(Bucket=CODE_BUCKET, Key="template.json", Body=text.encode())
    url = f"{cloudformation.meta.endpoint_url}/{CODE_BUCKET}/template.json"
    cloudformation.create_stack(
        StackName=name, TemplateURL=url, Parameters=parameters, Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
    )
    try:
        cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
    except Exception as error:
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        reasons = [f"{e['LogicalResourceId']}: {e['ResourceStatusReason']}" for e in events if e.get("ResourceStatusReason")]
        sys.exit("\n".join([str(error), *reasons]))
    ids = physical_ids(name)
    outputs = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    return {
        "outputs": {output["OutputKey"]: output["OutputValue"] for output in outputs},
        "resources": ids,
        "rotations": rotations,
    }


def physical_ids(name):
    resources = boto3.client("cloudformation").describe_stack_resources(StackName=name)["StackResources"]
    return {it["LogicalResourceId"]: it["PhysicalResourceId"] for it in resources}


def rotate(name, secret, function):
    """The four calls of a rotation. Each must succeed, as Secrets Manager would try it again."""
    ids, secrets_manager = physical_ids(name), boto3.client("secretsmanager")
    described = secrets_manager.describe_secret(SecretId=ids[secret])
    arn, version = described["ARN"], str(uuid.uuid4())
    # The label goes over to the version to come; in the emulator it would stay on the one before as well.
    for before, labels in described["VersionIdsToStages"].items():
        if "AWSPENDING" in labels:
            secrets_manager.update_secret_version_stage(SecretId=arn, VersionStage="AWSPENDING", RemoveFromVersionId=before)
    for step in ("createSecret", "setSecret", "testSecret", "finishSecret"):
        event = {"Step": step, "SecretId": arn, "ClientRequestToken": version, "RotationToken": str(uuid.uuid4())}
        answer = boto3.client("lambda").invoke(FunctionName=ids[function], Payload=json.dumps(event))
        if answer.get("FunctionError"):
            sys.exit(f"{step} of {secret}: {answer['Payload'].read().decode()}")
    return {"version": version}


def let_a_day_pass(name):
    table = boto3.resource("dynamodb").Table(physical_ids(name)["RegistrationsTable"])
    notes = table.query(KeyConditionExpression=Key("pk").eq("tool-keys") & Key("sk").begins_with("next#"))["Items"]
    for note in notes:
        table.put_item(Item={**note, "since": note["since"] - DAY})
    return {"notes": len(notes)}


def worker(name, word):
    """Switches the event source mapping of the queue, and waits until it is switched."""
    mapping = physical_ids(name)["DeliverScoresSource"]
    boto3.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=word == "work")
    for _ in range(60):
        if boto3.client("lambda").get_event_source_mapping(UUID=mapping)["State"] == {"work": "Enabled", "rest": "Disabled"}[word]:
            return {}
        time.sleep(0.5)
    sys.exit(f"{mapping} is not switched: {word}")


def start_anew(name, function):
    """As a release does, here with the same code: the code is replaced, and aliases go on to a new version."""
    functions, binary = boto3.client("lambda"), function.removeprefix(f"{name}-")
    functions.update_function_code(FunctionName=function, S3Bucket=CODE_BUCKET, S3Key=f"{binary}.zip")
    functions.update_function_configuration(FunctionName=function, Description=str(uuid.uuid4()))
    for alias in functions.list_aliases(FunctionName=function)["Aliases"]:
        version = functions.publish_version(FunctionName=function)["Version"]
        functions.update_alias(FunctionName=function, Name=alias["Name"], FunctionVersion=version)
    return {}


def policies(name):
    iam, found = boto3.client("iam"), {}
    for page in boto3.client("lambda").get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            role = function["Role"].rsplit("/", 1)[-1]
            if iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
                sys.exit(f"{role} has managed policies: this test reads those of the template alone")
            documents = [
                iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
                for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]
            ]
            found[function["FunctionName"].removeprefix(f"{name}-")] = documents
    return found


COMMANDS = {
    "deploy": deploy,
    "rotate": rotate,
    "let-a-day-pass": let_a_day_pass,
    "worker": worker,
    "start-anew": start_anew,
    "policies": policies,
}

if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    json.dump(COMMANDS[command](*arguments), sys.stdout, indent=1)
