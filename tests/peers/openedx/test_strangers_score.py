"""A score for somebody whom the campus does not know."""

from case import Case
from test_grades import GRADE


class StrangersScore(Case):
    """The last of the tests that publish scores: a Platform that fails is left alone for a while, by all scores."""

    def test_it_stays_queued_since_the_package_fails_at_it(self):
        # It answers 500, as for any failure of its own, and not that nobody is there: the Tool cannot know better.
        launch = self.world.launch("ben", self.world.quiz)["id"]
        score = GRADE | {"userId": "00000000-0000-4000-8000-000000000000"}
        sent = self.call(202, "POST", f"/v1/launches/{launch}/scores", score, Idempotency_Key="stranger")
        told = self.call(200, "GET", f"/v1/scores/{sent['id']}")
        self.assertEqual(told["state"], "queued")
        self.assertEqual((told["attempts"][0]["outcome"], told["attempts"][0]["status"]), ("unavailable", 500))
