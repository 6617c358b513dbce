"""What must not get in, all of it signed by the campus's own code."""

import jwt
from case import Case

DEPLOYMENT = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"


class Refused(Case):
    def response(self, component):
        """A good response for Dan, who has a new login for it."""
        return self.world.response("dan", self.world.start("dan", component))

    def submit(self, form):
        return self.world.browser("dan").submit(form)

    def sign(self, component, claims, expires_in=3600):
        """Has the campus sign these claims with this component's key."""
        from lti_consumer.models import LtiConfiguration

        consumer = LtiConfiguration.objects.get(location=component.usage_key).get_lti_consumer()
        return consumer.key_handler.encode_and_sign(claims, expiration=expires_in)

    def test_an_id_token_gets_in_once(self):
        form = self.response(self.world.quiz)
        launch = self.world.redeem(self.submit(form).leads_to())
        self.assertEqual(launch["user"]["id"], self.world.ids["dan"])
        page = self.submit(form)
        self.refused(409, "launch_already_used", page)
        # The component stands in a frame of the campus, and so does this page; nobody else may frame it.
        self.assertIn(f"frame-ancestors {self.world.campus.origin};", page.headers["Content-Security-Policy"] + ";")

    def test_a_used_id_token_gets_in_by_no_other_login(self):
        used = self.response(self.world.quiz)
        self.world.redeem(self.submit(used).leads_to())
        form = self.response(self.world.quiz)
        good = form["id_token"]
        form["id_token"] = used["id_token"]
        self.refused(401, "nonce_mismatch", self.submit(form))
        form["id_token"] = good
        self.world.redeem(self.submit(form).leads_to())

    def test_a_token_of_another_component_is_refused(self):
        form = self.response(self.world.quiz)
        good = form["id_token"]
        form["id_token"] = self.response(self.world.workshop)["id_token"]
        self.refused(401, "key_id_unknown", self.submit(form))
        form["id_token"] = good
        self.world.redeem(self.submit(form).leads_to())

    def test_one_wrong_claim_is_refused_whoever_signed(self):
        form = self.response(self.world.quiz)
        good = form["id_token"]
        claims = jwt.decode(good, options={"verify_signature": False})
        client_id = self.world.workshop.client_id
        wrong = {
            "audience_mismatch": (401, claims | {"aud": client_id, "azp": client_id}),
            "issuer_mismatch": (401, claims | {"iss": f"{self.world.campus.origin}/"}),
            "nonce_mismatch": (401, claims | {"nonce": claims["nonce"][::-1]}),
            "user_missing": (401, {name: value for name, value in claims.items() if name != "sub"}),
            "deployment_unknown": (403, claims | {DEPLOYMENT: "2"}),
        }
        for code, (status, claims_of) in wrong.items():
            with self.subTest(code):
                form["id_token"] = self.sign(self.world.quiz, claims_of)
                self.refused(status, code, self.submit(form))
        with self.subTest("token_expired"):
            form["id_token"] = self.sign(self.world.quiz, claims, expires_in=-3600)
            self.refused(401, "token_expired", self.submit(form))
        with self.subTest("signature_invalid"):
            header, payload, signature = good.split(".")
            other = ("B" if signature[0] == "A" else "A") + signature[1:]
            form["id_token"] = f"{header}.{payload}.{other}"
            self.refused(401, "signature_invalid", self.submit(form))
        form["id_token"] = good
        self.world.redeem(self.submit(form).leads_to())

    def test_the_campus_one_deployment_is_refused_where_another_was_agreed(self):
        component = self.world.add_component("elsewhere")
        self.world.register(component, "--deployment", "2")
        self.refused(403, "deployment_unknown", self.submit(self.response(component)))

    def test_a_component_that_nobody_registered_leads_nowhere(self):
        login = self.world.start("dan", self.world.add_component("stranger"))
        self.refused(400, "registration_unknown", self.world.browser("dan").get(login))

    def test_another_browser_does_not_get_in_by_this_ones_login(self):
        form = self.response(self.world.quiz)
        page = self.world.browser("cleo").submit(form)
        self.assertNotEqual(page.status, 303, page.text)
        self.world.redeem(self.submit(form).leads_to())
