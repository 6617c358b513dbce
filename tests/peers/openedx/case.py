"""What the tests have in common."""

import unittest

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
        return answer.body if answer.text else None

    def refused(self, status, code, page):
        """Sees that the Tool showed this refusal."""
        self.assertEqual((page.status, page.headers["Location"]), (status, None), page.text)
        self.assertIn(f"· {code}", "\n".join(page.lines()))
