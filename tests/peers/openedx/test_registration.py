"""What an operator knows of Open edX before anybody launches: the preset, the doctor, the instructions."""

from case import Case


class Registration(Case):
    def test_the_preset_has_the_addresses_that_the_authors_page_shows(self):
        component = self.world.add_component("registered")
        shown = self.world.register(component)["registration"]
        self.assertEqual(
            {
                "issuer": self.world.campus.origin,
                "clientId": component.client_id,
                "deployments": [component.deployment_id],
                "authorizationEndpoint": component.login_url,
                "tokenEndpoint": component.token_url,
                "jwksUri": component.keyset_url,
                "algorithms": ["RS256"],
                "allowAnonymous": False,
                "status": "active",
            },
            shown,
        )

    def test_the_doctor_finds_nothing_wrong(self):
        code, answer = self.world.tool.operate("doctor", self.world.campus.origin, self.world.quiz.client_id)
        self.assertEqual((code, answer["findings"]), (0, []))
        said = {passed["check"]: passed["is"] for passed in answer["passed"]}
        self.assertEqual(said["jwks"], "1 key(s) for RS256")
        self.assertEqual(said["token"], "given for line items, results, scores, names and roles")

    def test_the_instructions_name_the_fields_of_the_component(self):
        from lti_consumer.lti_xblock import LtiConsumerXBlock

        code, answer = self.world.tool.operate("platform", "instructions", "openedx")
        self.assertEqual(code, 0)
        names = {LtiConsumerXBlock.fields[field].display_name for field in LtiConsumerXBlock.editable_field_names}
        self.assertEqual([], [field["field"] for field in answer["fields"] if field["field"] not in names])
