"""What infra/template.yaml promises, of the template that CloudFormation gets."""

import json
import re
import tempfile
import tomllib
import unittest

from samcli.cli.types import CfnParameterOverridesType

from rendered import FULL, MINIMAL, ROOT, SOURCE, WATCHED, as_list, render, source, statements

minimal = render(MINIMAL)
watched = render(WATCHED)
full = render(FULL)
regional = render({name: value for name, value in FULL.items() if name != "EdgeWebAclArn"})
both = {"minimal": minimal, "full": full}

# Without an App API key anybody can call these. (The routes say which: see below.)
OPEN = {"LoginFunction", "LaunchFunction", "RegisterFunction", "JwksFunction"}


def function_role(name, rendered):
    return rendered.resources[rendered.resources[name]["Properties"]["Role"]["Fn::GetAtt"][0]]["Properties"]


def secrets_read_by(name, rendered):
    """The secrets whose values a function may get."""
    found = set()
    for one in statements(function_role(name, rendered)):
        if "secretsmanager:GetSecretValue" in as_list(one["Action"]):
            found |= {secret["Ref"] for secret in as_list(one["Resource"])}
    return found


class Data(unittest.TestCase):
    def test_tables_are_encrypted_on_demand_protected_and_expire(self):
        for rendered in both.values():
            tables = rendered.of_type("DynamoDB::Table")
            self.assertEqual(set(tables), {"RegistrationsTable", "LaunchesTable", "ScoresTable"})
            for name, table in tables.items():
                with self.subTest(name):
                    self.assertEqual(table["BillingMode"], "PAY_PER_REQUEST")
                    self.assertEqual(table["TimeToLiveSpecification"], {"AttributeName": "expires_at", "Enabled": True})
                    self.assertTrue(table["SSESpecification"]["SSEEnabled"])
                    self.assertEqual(table["DeletionProtectionEnabled"], "true")

    def test_registrations_can_be_restored_to_any_second(self):
        tables = minimal.of_type("DynamoDB::Table")
        self.assertIs(tables["RegistrationsTable"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], True)
        self.assertEqual(tables["LaunchesTable"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], "false")

    def test_what_nobody_can_make_again_outlives_the_stack(self):
        kept = ("AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::SecretsManager::Secret")
        for name, resource in minimal.resources.items():
            if resource["Type"] in kept:
                with self.subTest(name):
                    self.assertEqual(resource["UpdateReplacePolicy"], "Retain")
                    # Launches are personal data: they go, when deletion protection was switched off.
                    self.assertEqual(resource["DeletionPolicy"], "Delete" if name == "LaunchesTable" else "Retain")

    def test_a_key_of_ones_own_encrypts_everything_that_is_stored(self):
        key = FULL["KmsKeyArn"]
        for kind, path in {
            "DynamoDB::Table": lambda one: one["SSESpecification"].get("KMSMasterKeyId"),
            "SecretsManager::Secret": lambda one: one.get("KmsKeyId"),
            "SQS::Queue": lambda one: one.get("KmsMasterKeyId"),
            "Logs::LogGroup": lambda one: one.get("KmsKeyId"),
            "SNS::Topic": lambda one: one.get("KmsMasterKeyId"),
        }.items():
            for name, one in full.of_type(kind).items():
                self.assertEqual(path(one), key, name)
            for name, one in minimal.of_type(kind).items():
                self.assertIsNone(path(one), name)
        for name, queue in minimal.of_type("SQS::Queue").items():
            self.assertIs(queue["SqsManagedSseEnabled"], True, name)

    def test_functions_may_use_that_key_through_the_services_that_they_use_and_no_other(self):
        prefixes = {"dynamodb", "secretsmanager", "sqs"}
        for name in full.of_type("Lambda::Function"):
            allowed = statements(function_role(name, full))
            use = [one for one in allowed if one["Sid"] == "UseKey"]
            self.assertEqual(len(use), 1, name)
            self.assertEqual(use[0]["Resource"], FULL["KmsKeyArn"])
            through = {service.split(".")[0] for service in use[0]["Condition"]["StringEquals"]["kms:ViaService"]}
            services = {action.split(":")[0] for one in allowed for action in as_list(one["Action"])} & prefixes
            self.assertEqual(through, services, name)
            self.assertFalse([one for one in statements(function_role(name, minimal)) if one["Sid"] == "UseKey"], name)

    def test_dead_scores_can_be_moved_back(self):
        queues = minimal.of_type("SQS::Queue")
        target = queues["ScoreDeliveries"]["RedrivePolicy"]["deadLetterTargetArn"]
        self.assertEqual(target, {"Fn::GetAtt": ["DeadScoreDeliveries", "Arn"]})
        self.assertEqual(queues["DeadScoreDeliveries"]["RedriveAllowPolicy"], {"redrivePermission": "allowAll"})


class Functions(unittest.TestCase):
    def test_every_function_of_the_workspace_is_deployed_for_arm64_traced_and_with_its_own_log(self):
        crates = {path.parent.name for path in (ROOT / "functions").glob("*/Cargo.toml")}
        for rendered in both.values():
            functions = rendered.of_type("Lambda::Function")
            self.assertEqual({one["FunctionName"].removeprefix("doorway-test-") for one in functions.values()}, crates)
            for name, one in functions.items():
                with self.subTest(name):
                    crate = one["FunctionName"].removeprefix("doorway-test-")
                    self.assertEqual(one["Architectures"], ["arm64"])
                    self.assertEqual(one["Runtime"], "provided.al2023")
                    self.assertEqual(one["Code"], {"S3Bucket": "bucket", "S3Key": crate})
                    self.assertEqual(one["TracingConfig"], {"Mode": "Active"})
                    log = rendered.resources[one["LoggingConfig"]["LogGroup"]["Ref"]]["Properties"]
                    self.assertEqual(log["LogGroupName"], f"/aws/lambda/doorway-test-{crate}")
                    self.assertNotIn("VpcConfig", one)

    def test_every_log_ends(self):
        for rendered in both.values():
            for name, log in rendered.of_type("Logs::LogGroup").items():
                self.assertEqual(log["RetentionInDays"], "30", name)

    def test_whoever_calls_a_function_calls_its_alias(self):
        for rendered in both.values():
            functions = rendered.of_type("Lambda::Function")
            aliases = {name: one["FunctionName"]["Ref"] for name, one in rendered.of_type("Lambda::Alias").items()}
            self.assertEqual(set(aliases.values()), set(functions))
            callers = [one["FunctionName"] for one in rendered.of_type("Lambda::Permission").values()]
            callers += [one["FunctionName"] for one in rendered.of_type("Lambda::EventSourceMapping").values()]
            callers += [one["IntegrationUri"] for one in rendered.of_type("ApiGatewayV2::Integration").values()]
            callers += [one["RotationLambdaARN"] for one in rendered.of_type("SecretsManager::RotationSchedule").values()]
            self.assertEqual({caller["Ref"] for caller in callers}, set(aliases))

    def test_old_versions_stay_and_a_new_revision_publishes_a_version_of_each(self):
        before, after = render(MINIMAL | {"Revision": "one"}), render(MINIMAL | {"Revision": "two"})
        for version, properties in before.of_type("Lambda::Version").items():
            resource = before.resources[version]
            self.assertEqual((resource["DeletionPolicy"], resource["UpdateReplacePolicy"]), ("Retain", "Retain"), version)
            # Lambda publishes nothing if the function is as it was; CloudFormation replaces a version whose description changes.
            for name in (properties["FunctionName"]["Ref"], version):
                old, new = (one.resources[name]["Properties"]["Description"] for one in (before, after))
                self.assertTrue(old.endswith("revision one") and new == old.replace("one", "two"), name)

    def test_other_code_and_other_settings_of_the_template_publish_a_version(self):
        versions = set(minimal.of_type("Lambda::Version"))
        slower = render(MINIMAL, SOURCE.replace("    Timeout: 10\n", "    Timeout: 11\n"))
        changed = {name for name in versions if name not in slower.resources}
        self.assertTrue(any(name.startswith("LoginFunctionVersion") for name in changed), changed)

    def test_traffic_is_shifted_by_codedeploy_where_it_is_asked_for(self):
        self.assertNotIn("AWS::CodeDeploy::DeploymentGroup", {one["Type"] for one in minimal.resources.values()})
        groups = full.of_type("CodeDeploy::DeploymentGroup")
        self.assertEqual(len(groups), len(full.of_type("Lambda::Function")) - 1)  # all but rotate-keys
        for name, group in groups.items():
            alarms = {one["Name"]["Ref"] for one in group["AlarmConfiguration"]["Alarms"]}
            self.assertEqual(alarms, {"LaunchFailuresAlarm", "FunctionErrorsAlarm", "ServerErrorsAlarm"}, name)
            self.assertIn("DEPLOYMENT_STOP_ON_ALARM", group["AutoRollbackConfiguration"]["Events"])
            self.assertIn("Canary10Percent10Minutes", json.dumps(group["DeploymentConfigName"]))
            self.assertEqual(group["ServiceRoleArn"], {"Fn::GetAtt": ["TrafficShiftRole", "Arn"]})

    def test_every_way_of_shifting_is_in_the_mapping(self):
        template = source()
        ways = set(template["Parameters"]["TrafficShift"]["AllowedValues"])
        self.assertEqual(ways, set(template["Mappings"]["TrafficShifts"]))

    def test_concurrency_is_reserved_where_a_number_is_given_and_nowhere_else(self):
        for name, one in minimal.of_type("Lambda::Function").items():
            self.assertNotIn("ReservedConcurrentExecutions", one, name)
            chosen = name.removesuffix("Function") + "ReservedConcurrency"
            reserved = render(MINIMAL | {chosen: "7"}).of_type("Lambda::Function")
            self.assertEqual({other for other, it in reserved.items() if "ReservedConcurrentExecutions" in it}, {name})
            self.assertEqual(reserved[name]["ReservedConcurrentExecutions"], "7")


class Rights(unittest.TestCase):
    def test_no_function_on_the_open_internet_can_read_a_key_that_signs(self):
        for rendered in both.values():
            # Who is open: the routes outside the App API, whose functions check a key first.
            integrations = rendered.of_type("ApiGatewayV2::Integration")
            opened = set()
            for route in rendered.of_type("ApiGatewayV2::Route").values():
                if not route["RouteKey"].split(" ")[1].startswith("/v1/"):
                    integration = route["Target"]["Fn::Sub"].split("${")[1].rstrip("}")
                    opened.add(integrations[integration]["IntegrationUri"]["Ref"].removesuffix("Aliaslive"))
            self.assertEqual(opened, OPEN)
            for name in opened:
                self.assertLessEqual(secrets_read_by(name, rendered), {"StateKey"}, name)
            self.assertIn("SigningKeys", secrets_read_by("ScoresFunction", rendered))  # the look-up does find them

    def test_rights_name_their_actions_and_their_resources(self):
        for rendered in both.values():
            for name, role in rendered.of_type("IAM::Role").items():
                for one in statements(role):
                    with self.subTest(role=name, statement=one["Sid"]):
                        self.assertEqual(one["Effect"], "Allow")
                        for action in as_list(one["Action"]):
                            self.assertRegex(action, r"^[a-z0-9]+:[A-Z][A-Za-z]+\*?$")
                            self.assertTrue(not action.endswith("*") or action.startswith("kms:"), action)
                        if one["Sid"] != "SendTraces":
                            self.assertNotIn("*", as_list(one["Resource"]))

    def test_a_function_has_what_its_settings_name_and_no_more(self):
        """Every table, queue and secret that a role names is one that the function is told of, and the other way round."""
        for name, function in minimal.of_type("Lambda::Function").items():
            told = {
                value["Ref"] for value in function["Environment"]["Variables"].values() if isinstance(value, dict) and "Ref" in value
            }
            text = json.dumps([one["Resource"] for one in statements(function_role(name, minimal))])
            named = set(re.findall(r'"Ref": "(\w+)"', text)) | set(re.findall(r'"Fn::GetAtt": \["(\w+)"', text))
            named = {one for one in named if not one.endswith("Logs")}
            spare = {"LaunchesTable"} if name == "DeliverScoresFunction" else set()  # its settings are those of `scores`
            self.assertEqual(told - spare, named, name)

    def test_every_role_has_the_boundary_where_an_account_demands_one(self):
        for name, role in full.of_type("IAM::Role").items():
            self.assertEqual(role["PermissionsBoundary"], FULL["PermissionsBoundaryArn"], name)
        for name, role in minimal.of_type("IAM::Role").items():
            self.assertNotIn("PermissionsBoundary", role, name)

    def test_only_its_route_or_its_service_may_invoke_a_function(self):
        for name, one in minimal.of_type("Lambda::Permission").items():
            self.assertTrue("SourceArn" in one or "SourceAccount" in one, name)


class Addresses(unittest.TestCase):
    def url(self, **parameters):
        rendered = render(MINIMAL | parameters)
        urls = {
            json.dumps(one["Environment"]["Variables"]["DOORWAY_PUBLIC_URL"])
            for one in rendered.of_type("Lambda::Function").values()
            if "DOORWAY_PUBLIC_URL" in one["Environment"]["Variables"]
        } | {json.dumps(rendered.outputs["ApiUrl"]["Value"])}
        self.assertEqual(len(urls), 1, urls)
        for output, path in {"LoginUrl": "/lti/login", "LaunchUrl": "/lti/launch", "JwksUrl": "/.well-known/jwks.json"}.items():
            joined = rendered.outputs[output]["Value"]["Fn::Join"][1]
            self.assertEqual([json.dumps(joined[0]), joined[1]], [*urls, path])
        return urls.pop()

    def test_the_public_url_is_the_one_given_else_the_domain_else_that_of_the_api(self):
        domain = {name: FULL[name] for name in ("DomainName", "CertificateArn")}
        self.assertIn("${HttpApi}.execute-api.eu-central-1", self.url())
        self.assertEqual(self.url(**domain), '"https://lti.example.com"')
        self.assertEqual(self.url(PublicUrl="https://t.example.com", **domain), '"https://t.example.com"')

    def test_a_domain_leads_to_the_api_or_with_a_web_acl_to_the_edge(self):
        self.assertEqual(regional.of_type("ApiGatewayV2::ApiMapping")["DomainMapping"]["DomainName"], {"Ref": "Domain"})
        self.assertNotIn("Edge", regional.resources)
        self.assertNotIn("Domain", full.resources)
        for rendered, target in ((regional, "Domain"), (full, "Edge")):
            record = rendered.of_type("Route53::RecordSet")["DomainRecord"]
            self.assertEqual(record["AliasTarget"]["DNSName"]["Fn::GetAtt"][0], target)
        for name in ("Domain", "DomainMapping", "DomainRecord", "Edge"):
            self.assertNotIn(name, minimal.resources)

    def test_the_edge_hands_on_everything_and_keeps_nothing(self):
        edge = full.of_type("CloudFront::Distribution")["Edge"]["DistributionConfig"]
        self.assertEqual(edge["WebACLId"], FULL["EdgeWebAclArn"])
        behaviour = edge["DefaultCacheBehavior"]
        self.assertEqual(behaviour["CachePolicyId"], "4135ea2d-6df8-44a3-9df3-4b5a84be39ad")
        self.assertEqual(behaviour["OriginRequestPolicyId"], "b689b0a8-53d0-40ab-baf2-68738e2966ac")
        self.assertNotIn("CacheBehaviors", edge)
        methods = {route["RouteKey"].split(" ")[0] for route in full.of_type("ApiGatewayV2::Route").values()}
        self.assertLessEqual(methods, set(behaviour["AllowedMethods"]))
        self.assertTrue(all(one["ErrorCachingMinTTL"] == 0 for one in edge["CustomErrorResponses"]))

    def test_requests_are_throttled(self):
        stage = minimal.of_type("ApiGatewayV2::Stage")["HttpApiStage"]
        self.assertEqual(stage["DefaultRouteSettings"]["ThrottlingRateLimit"], "500")
        self.assertEqual(stage["RouteSettings"]["DELETE /v1/users"]["ThrottlingRateLimit"], 1)


class Watching(unittest.TestCase):
    def test_every_alarm_tells_a_topic_when_it_begins_and_when_it_ends(self):
        given = render(WATCHED | {"AlarmTopicArn": "arn:aws:sns:eu-central-1:111122223333:ops", "AlarmEmail": "a@b.example"})
        self.assertFalse({"AlarmTopic", "AlarmMail"} & set(given.resources))
        self.assertEqual(full.of_type("SNS::Subscription")["AlarmMail"]["Endpoint"], "ops@example.com")
        for rendered, topic in ((given, given.given["AlarmTopicArn"]), (watched, {"Ref": "AlarmTopic"})):
            for name, alarm in rendered.of_type("CloudWatch::Alarm").items():
                with self.subTest(name):
                    self.assertEqual(alarm["AlarmActions"], [topic])
                    self.assertEqual(alarm["OKActions"], [topic])
                    self.assertEqual(alarm["TreatMissingData"], "notBreaching")

    def test_there_are_alarms_for_scores_and_keys_always_and_all_where_they_are_asked_for_or_needed(self):
        always = {"DeadScoresAlarm", "LateScoresAlarm", "KeyRotationAlarm"}
        self.assertEqual(set(minimal.of_type("CloudWatch::Alarm")), always)
        everything = set(watched.of_type("CloudWatch::Alarm"))
        self.assertEqual(len(everything), 10)
        for parameters in ({"Dashboard": "true"}, {"TrafficShift": "Canary10Percent5Minutes"}):
            self.assertEqual(set(render(MINIMAL | parameters).of_type("CloudWatch::Alarm")), everything)

    def test_every_alarm_has_its_section_and_its_place_on_the_dashboard(self):
        operations = (ROOT / "docs" / "operations.md").read_text()
        board = json.dumps(full.of_type("CloudWatch::Dashboard")["Overview"])
        for name in watched.of_type("CloudWatch::Alarm"):
            self.assertIn(f"\n### {name}\n", operations)
            self.assertIn(f"${{{name}.Arn}}", board)

    def test_alarms_use_metrics_that_are_asked_for_and_no_more_than_ten(self):
        for name, alarm in watched.of_type("CloudWatch::Alarm").items():
            if "Metrics" not in alarm:
                continue
            by_id = {one["Id"]: one for one in alarm["Metrics"]}
            self.assertEqual(len(by_id), len(alarm["Metrics"]), name)
            shown = [one for one in alarm["Metrics"] if one.get("ReturnData", True)]
            self.assertEqual(len(shown), 1, name)
            used = set(re.findall(r"FILL\((\w+),", shown[0]["Expression"]))
            self.assertEqual(used, set(by_id) - {shown[0]["Id"]}, name)
            self.assertLessEqual(len(used), 10, name)

    def test_a_canary_that_always_fails_rings_and_a_single_failure_at_night_does_not(self):
        alarm = watched.of_type("CloudWatch::Alarm")["LaunchFailuresAlarm"]
        expression = alarm["Metrics"][-1]["Expression"]

        def percent(**counts):
            math = {"FILL": lambda value, _: value, "IF": lambda holds, then, other: then if holds else other, "MAX": max}
            return eval(expression, {"__builtins__": {}}, math | counts)

        canary = percent(logins=100, launches=100, ofLogins=0, ofLaunches=10)
        self.assertGreater(canary, alarm["Threshold"])
        self.assertLessEqual(percent(logins=2, launches=1, ofLogins=0, ofLaunches=1), alarm["Threshold"])
        self.assertLessEqual(percent(logins=100, launches=100, ofLogins=1, ofLaunches=5), alarm["Threshold"])

    def test_errors_and_throttles_of_every_function_ring(self):
        functions = set(minimal.of_type("Lambda::Function"))
        alarms = watched.of_type("CloudWatch::Alarm")

        def looked_at(alarm):
            return {one["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"] for one in alarm["Metrics"] if "MetricStat" in one}

        self.assertEqual(looked_at(alarms["ThrottlesAlarm"]), functions)
        self.assertEqual(looked_at(alarms["FunctionErrorsAlarm"]) | {"RotateKeysFunction"}, functions)
        self.assertEqual(alarms["KeyRotationAlarm"]["Dimensions"][0]["Value"], {"Ref": "RotateKeysFunction"})
        self.assertEqual(len(looked_at(alarms["TableThrottlesAlarm"])), len(minimal.of_type("DynamoDB::Table")))

    def test_metrics_of_our_own_are_those_that_the_code_writes(self):
        code = (ROOT / "shared/web/src/log/metrics.rs").read_text()
        self.assertIn('NAMESPACE: &str = "Doorway"', code)
        counts = set(re.findall(r'"(\w+)"', " ".join(re.findall(r"(?:counts|OF_REQUEST: .*?) = &?\[(.*?)\];", code)))) | {"duration_ms"}
        self.assertIn('["function"]', code)
        used = set()
        for alarm in watched.of_type("CloudWatch::Alarm").values():
            for metric in [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one] + [alarm]:
                if metric.get("Namespace") == "Doorway":
                    self.assertEqual([one["Name"] for one in metric["Dimensions"]], ["function"])
                    used.add(metric["MetricName"])
        board = full.of_type("CloudWatch::Dashboard")["Overview"]["DashboardBody"]["Fn::Sub"]
        for widget in json.loads(board)["widgets"]:
            for metric in widget["properties"].get("metrics", []):
                if metric[0] == "Doorway":
                    self.assertEqual(metric[2], "function")
                    used.add(metric[1])
        self.assertLessEqual(used, counts)
        self.assertLessEqual({"requests", "failures", "refusals", "duration_ms", "dead"}, used)


class Parameters(unittest.TestCase):
    def test_every_parameter_is_used_and_asked_for_in_a_group(self):
        template = source()
        rest = json.dumps({name: part for name, part in template.items() if name not in ("Parameters", "Metadata", "Rules")}, default=str)
        grouped = [one for group in template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"] for one in group["Parameters"]]
        self.assertEqual(sorted(grouped), sorted(template["Parameters"]))
        for name, parameter in template["Parameters"].items():
            self.assertTrue(f'"Ref": "{name}"' in rest or f"${{{name}}}" in rest, f"nothing uses {name}")
            self.assertTrue(parameter["Description"], name)

    def test_both_sides_of_every_condition_render_and_refer_to_nothing_that_is_not_there(self):
        seen = {}
        cases = [MINIMAL, FULL, *({name: value for name, value in FULL.items() if name != left_out} for left_out in FULL if left_out != "AppUrl")]
        cases += [MINIMAL | {name: value} for name, value in FULL.items()]
        cases += [MINIMAL | {"PublicUrl": "https://t.example.com", "AlarmTopicArn": "arn:aws:sns:eu-central-1:1:ops"}]
        cases += [MINIMAL | {name: "1" for name in source()["Parameters"] if name.endswith("ReservedConcurrency")}]
        for parameters in cases:
            rendered = render(parameters)
            for name, holds in rendered.conditions.items():
                seen.setdefault(name, set()).add(holds)
            self.assertEqual(rendered.references() - set(rendered.resources), set(), parameters)
        self.assertEqual({name for name, values in seen.items() if values != {True, False}}, set())

    def test_the_values_of_every_stage_are_ones_that_the_template_takes(self):
        template = source()
        samconfig = tomllib.loads((ROOT / "infra/samconfig.toml").read_text())
        stages = {path.stem for path in (ROOT / "infra/parameters").glob("*.yaml")}
        self.assertEqual(stages, {"dev", "staging", "production"})
        for stage in stages:
            deploy = samconfig[stage]["deploy"]["parameters"]
            self.assertEqual(deploy["stack_name"], f"doorway-{stage}")
            self.assertEqual(deploy["parameter_overrides"], [f"file://parameters/{stage}.yaml"])
            file = ROOT / f"infra/parameters/{stage}.yaml"
            # What an operator will take the `#` away from must be right, too.
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as whole:
                whole.write(re.sub(r"(?m)^# ([A-Z]\w+: )", r"\1", file.read_text()))
                whole.flush()
                # As `sam deploy` reads them: a bare `true` would become `True`, which no parameter takes.
                values = CfnParameterOverridesType().convert([f"file://{file}", f"file://{whole.name}"], None, None)
            self.assertIn("AppUrl", values)
            render(values)
            for name, value in values.items():
                with self.subTest(stage=stage, parameter=name):
                    declared = template["Parameters"][name]
                    if "AllowedValues" in declared:
                        self.assertIn(value, [str(one) for one in declared["AllowedValues"]])
                    if "AllowedPattern" in declared:
                        self.assertRegex(value, declared["AllowedPattern"])
                    if "MinValue" in declared:
                        self.assertGreaterEqual(int(value), declared["MinValue"])


if __name__ == "__main__":
    unittest.main()
