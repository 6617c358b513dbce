"""Access tokens: the Tool's client assertion, judged by the package and by PyJWT."""

import time

import jwt
from case import Case
from cryptography.hazmat.primitives.asymmetric import rsa

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
DEPLOYMENT = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"


class Tokens(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.launch = cls.world.launch("ada", cls.world.quiz)["id"]

    def ask(self, form):
        """Asks the quiz's token endpoint for a token, as a Tool does."""
        return self.world.browser("ben").post(self.world.quiz.token_url, form)

    def read_everything(self):
        """One call of each service that reads."""
        [item] = self.call(200, "GET", f"/v1/launches/{self.launch}/line-items")["lineItems"]
        self.call(200, "GET", f"/v1/launches/{self.launch}/line-items/{item['lineItemId']}/results")
        self.call(200, "GET", f"/v1/launches/{self.launch}/memberships")

    def test_the_assertion_is_as_the_standard_has_it(self):
        self.read_everything()
        requests = self.token_requests(self.world.quiz)
        self.assertGreaterEqual(len(requests), 3)
        self.assertEqual({seen.status for _, seen in requests}, {200})
        keys = jwt.PyJWKClient(f"{self.world.tool.url}/.well-known/jwks.json")
        for form, seen in requests:
            self.assertEqual(seen.headers["content-type"], "application/x-www-form-urlencoded")
            self.assertEqual(set(form), {"grant_type", "client_assertion_type", "client_assertion", "scope"})
            self.assertEqual(form["grant_type"], "client_credentials")
            self.assertEqual(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            assertion = form["client_assertion"]
            self.assertEqual(jwt.get_unverified_header(assertion)["alg"], "RS256")
            claims = jwt.decode(
                assertion,
                keys.get_signing_key_from_jwt(assertion),  # by its `kid`
                algorithms=["RS256"],
                audience=self.world.quiz.token_url,
                issuer=self.world.quiz.client_id,
                subject=self.world.quiz.client_id,
                options={"require": ["iss", "sub", "aud", "iat", "exp", "jti"], "strict_aud": True},
            )
            self.assertEqual(claims[DEPLOYMENT], self.world.quiz.deployment_id)
            self.assertLessEqual(claims["exp"] - claims["iat"], 300)
            self.assertLessEqual(claims["iat"], time.time())
        ids = [jwt.decode(form["client_assertion"], options={"verify_signature": False})["jti"] for form, _ in requests]
        self.assertEqual(len(set(ids)), len(ids))

    def test_the_package_has_the_tools_keys_from_its_key_set_alone(self):
        from campus import course
        from lti_consumer.models import Lti1p3Passport

        self.read_everything()
        passport = Lti1p3Passport.objects.get(lti_1p3_client_id=self.world.quiz.client_id)
        key_set = f"{self.world.tool.url}/.well-known/jwks.json"
        self.assertEqual((passport.lti_1p3_tool_public_key, passport.lti_1p3_tool_keyset_url), ("", key_set))
        self.assertEqual(course.load(self.world.quiz.usage_key).lti_1p3_tool_public_key, "")

    def test_a_token_is_asked_for_what_a_call_needs_and_serves_again(self):
        self.read_everything()
        before = len(self.token_requests(self.world.quiz))
        self.read_everything()
        requests = self.token_requests(self.world.quiz)
        self.assertEqual(len(requests), before)
        asked = {form["scope"] for form, _ in requests}
        self.assertLessEqual({f"{AGS}/lineitem.readonly", f"{AGS}/result.readonly", ROSTER}, asked)

    def test_the_token_endpoint_takes_no_assertion_but_the_tools(self):
        self.read_everything()
        form, _ = self.token_requests(self.world.quiz)[-1]
        self.assertEqual(self.ask(form).status, 200)
        claims = jwt.decode(form["client_assertion"], options={"verify_signature": False})
        stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        header = {"kid": jwt.get_unverified_header(form["client_assertion"])["kid"]}
        forged = self.ask(form | {"client_assertion": jwt.encode(claims, stranger, algorithm="RS256", headers=header)})
        self.assertEqual((forged.status, forged.text), (400, '{"error": "invalid_client"}'))
        none = self.ask(form | {"client_assertion": "none"})
        self.assertEqual((none.status, none.text), (400, '{"error": "invalid_grant"}'))
