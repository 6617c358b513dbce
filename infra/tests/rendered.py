"""The template as CloudFormation would see it: translated by SAM, and with conditions and parameters resolved.

`aws-sam-translator` is what AWS runs for `Transform: AWS::Serverless-2016-10-31`; it comes with the SAM CLI. What CloudFormation does
after it (conditions, `Fn::If`, `Ref` of a parameter) is done here, no further than this template uses it.
"""

import copy
import json
import logging
import os
import pathlib
import re

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
logging.getLogger("samtranslator").setLevel(logging.ERROR)  # it warns that features of its own have no switch

from samtranslator.translator.transform import transform  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "infra" / "template.yaml").read_text()
NO_VALUE = object()
PSEUDO = {"AWS::Region": "eu-central-1", "AWS::AccountId": "111122223333", "AWS::Partition": "aws",
          "AWS::URLSuffix": "amazonaws.com", "AWS::StackName": "doorway-test"}

# Every parameter that switches something on, with a value that does.
MINIMAL = {"AppUrl": "https://app.example.com/lti"}
WATCHED = MINIMAL | {"Alarms": "true"}
FULL = WATCHED | {
    "DomainName": "lti.example.com",
    "CertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/1",
    "HostedZoneId": "Z1",
    "EdgeWebAclArn": "arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/1",
    "KmsKeyArn": "arn:aws:kms:eu-central-1:111122223333:key/1",
    "PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/boundary",
    "AlarmEmail": "ops@example.com",
    "EventBusName": "school-events",
    "Dashboard": "true",
    "TrafficShift": "Canary10Percent10Minutes",
    "Revision": "abc",
}


class _NoManagedPolicies:
    def load(self):
        return {}


def source():
    """The template as it is written."""
    return yaml_parse(SOURCE)


def render(parameters, text=SOURCE):
    """The resources and outputs that CloudFormation makes with these parameters."""
    template = yaml_parse(text)
    given = {name: str(parameters.get(name, declared.get("Default"))) for name, declared in template["Parameters"].items()}
    code = template["Resources"]
    for resource in code.values():  # `sam deploy` uploads the folder and writes where it is
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/" + resource["Properties"]["CodeUri"].rsplit("/", 1)[-1]
    translated = transform(template, dict(given), _NoManagedPolicies())
    return Rendered(translated, given)


class Rendered:
    def __init__(self, template, given):
        self.given = given | PSEUDO
        self.conditions = {}
        for name in template["Conditions"]:
            self.conditions[name] = self._holds(template["Conditions"], name)
        self.resources = {
            name: self._resolve(copy.deepcopy(resource))
            for name, resource in template["Resources"].items()
            if self.conditions.get(resource.get("Condition"), True)
        }
        self.outputs = {
            name: self._resolve(copy.deepcopy(output))
            for name, output in template["Outputs"].items()
            if self.conditions.get(output.get("Condition"), True)
        }

    def of_type(self, kind):
        """The resources of this type, by name; `kind` without its `AWS::`."""
        found = {name: one["Properties"] for name, one in self.resources.items() if one["Type"] == f"AWS::{kind}"}
        assert found, f"no AWS::{kind} is rendered"
        return found

    def _holds(self, conditions, name):
        def value(expression):
            if isinstance(expression, str):
                return expression
            (verb, argument), = expression.items()
            match verb:
                case "Ref":
                    return self.given[argument]
                case "Condition":
                    return value(conditions[argument])
                case "Fn::Equals":
                    return value(argument[0]) == value(argument[1])
                case "Fn::Not":
                    return not value(argument[0])
                case "Fn::And":
                    return all(value(one) for one in argument)
                case "Fn::Or":
                    return any(value(one) for one in argument)
            raise AssertionError(f"{name} uses {verb}")

        return value(conditions[name])

    def _resolve(self, value):
        if isinstance(value, list):
            return [one for one in map(self._resolve, value) if one is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (verb, argument), = value.items()
            if verb == "Ref" and argument == "AWS::NoValue":
                return NO_VALUE
            if verb == "Ref" and argument in self.given:
                return self.given[argument]
            if verb == "Fn::If":
                return self._resolve(argument[1 if self.conditions[argument[0]] else 2])
            if verb == "Fn::Sub" and isinstance(argument, str):
                known = re.sub(r"\$\{([A-Za-z:]+)\}", lambda m: self.given.get(m[1], m[0]), argument)
                return known if "${" not in known else {"Fn::Sub": known}
        return {key: one for key, one in ((key, self._resolve(one)) for key, one in value.items()) if one is not NO_VALUE}

    def references(self):
        """The names that `Ref`, `Fn::GetAtt` and `Fn::Sub` of rendered resources and outputs mention."""
        text = json.dumps([self.resources, self.outputs])
        names = set(re.findall(r'"Ref": "([^"]+)"', text)) | set(re.findall(r'"Fn::GetAtt": \["([^"]+)"', text))
        names |= {name.split(".")[0] for name in re.findall(r"\$\{([A-Za-z]+(?:\.[A-Za-z]+)?)\}", text)}
        return names - {"ConfigName"}  # SAM's own, in a `Fn::Sub` with its value beside it


def statements(role):
    """The statements of a role's own policies."""
    return [one for policy in role.get("Policies", []) for one in policy["PolicyDocument"]["Statement"]]


def as_list(value):
    return value if isinstance(value, list) else [value]
