"""What the tests have in common."""

import unittest
import urllib.parse

from world import world


class Case(unittest.TestCase):
    """A test in the one world."""

    @classmethod
    def setUpClass(cls):
        cls.world = world()
        cls.app = cls.world.app

    def call(self, status, method, path, body=None, **headers):
        """Calls the App API, which must answer with this status. Returns the answer's JSON."""
        answer = self.app.call(method, path, body, **headers)
        self.assertEqual(answer.status, status, answer.text)
        return answer.json if answer.text else None

    @staticmethod
    def token_requests(component):
        """The forms that the Tool sent to this component's token endpoint, with the requests that brought them."""
        from campus.site import Witness

        seen = Witness.seen("POST", urllib.parse.urlsplit(component.token_url).path)
        tools = [one for one in seen if one.headers["user-agent"].startswith("Doorway/")]
        return [(dict(urllib.parse.parse_qsl(one.body.decode())), one) for one in tools]

    def refused(self, status, code, page):
        """Sees that the Tool showed this refusal."""
        self.assertEqual((page.status, page.headers["Location"]), (status, None), page.text)
        self.assertIn(f"· {code}", "\n".join(page.lines()))
