"""A key of the Tool's is taken away. It comes after the tests that look at what this key signed."""

import jwt
from case import Case


class Revoked(Case):
    def ask(self):
        """Has the doctor ask for a token. Returns the form that brought the assertion, and the id of its key."""
        code, answer = self.world.tool.operate("doctor", self.world.campus.origin, self.world.quiz.client_id)
        self.assertEqual((code, answer["findings"]), (0, []))
        form, seen = self.token_requests(self.world.quiz)[-1]
        self.assertEqual(seen.status, 200)
        return form, jwt.get_unverified_header(form["client_assertion"])["kid"]

    def test_the_next_key_is_taken_and_what_the_revoked_one_signed_is_not(self):
        form, revoked = self.ask()
        code, answer = self.world.tool.operate("keys", "revoke", revoked)
        self.assertEqual(code, 0, answer)
        _, used = self.ask()
        self.assertNotEqual(used, revoked)
        page = self.world.browser("ben").post(self.world.quiz.token_url, form)
        self.assertEqual((page.status, page.text), (400, '{"error": "invalid_client"}'))
