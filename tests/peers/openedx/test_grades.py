"""Scores and results of a component whose one line item the campus made (`declarative`)."""

import datetime

from case import Case

GRADE = {
    "scoreGiven": 8,
    "scoreMaximum": 10,
    "activityProgress": "Completed",
    "gradingProgress": "FullyGraded",
    "comment": "Well done.",
}
PROGRESS = {"activityProgress": "InProgress", "gradingProgress": "Pending"}


class Grades(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.launch = cls.world.launch("ben", cls.world.quiz)["id"]

    def setUp(self):
        from lti_consumer.models import LtiAgsScore

        # Each test has a learner of its own: what the Tool accepted for one stays accepted.
        self.learner = self.world.enrol_learner(f"learner-{self.id().rsplit('.', 1)[1]}")
        self.scores = LtiAgsScore.objects.filter(user_id=self.learner)

    def send(self, status, score, attempt):
        """Publishes a score of this learner's."""
        key = {"Idempotency-Key": f"{self.learner} {attempt}"}
        return self.call(status, "POST", f"/v1/launches/{self.launch}/scores", {"userId": self.learner} | score, **key)

    def posts(self):
        """The scores of this learner that came to the package, with their answers' status."""
        from campus.site import Witness

        return [seen for seen in Witness.seen("POST", "/scores") if self.learner.encode() in seen.body]

    def grades(self):
        """This learner's grades as they were published to the gradebook, in order."""
        from campus import course
        from campus.models import ExternalId

        user_id = ExternalId.objects.get(external_user_id=self.learner).user_id
        of_quiz = course.published(self.world.quiz.usage_key)
        return [(grade.value, grade.max_value) for grade in of_quiz if grade.user_id == user_id]

    def results(self):
        line_items = f"/v1/launches/{self.launch}/line-items"
        [item] = self.call(200, "GET", line_items)["lineItems"]
        return self.call(200, "GET", f"{line_items}/{item['lineItemId']}/results?userId={self.learner}")["results"]

    def test_a_score_reaches_the_gradebook_and_the_results(self):
        sent = self.send(200, GRADE | {"scoreMaximum": 16}, "1")
        self.assertEqual(sent["state"], "delivered")
        [post] = self.posts()
        self.assertEqual((post.status, post.headers["content-type"]), (201, "application/vnd.ims.lis.v1.score+json"))
        # 8 of 16 are 5 of the 10 that the component weighs.
        self.assertEqual(self.grades(), [(5.0, 10.0)])
        stored = self.scores.get()
        self.assertEqual(stored.timestamp, datetime.datetime.fromisoformat(sent["timestamp"]))
        self.assertEqual((stored.activity_progress, stored.grading_progress), ("Completed", "FullyGraded"))
        [result] = self.results()
        self.assertEqual(
            {name: result[name] for name in ("userId", "resultScore", "resultMaximum", "comment", "scoreOf")},
            {
                "userId": self.learner,
                "resultScore": 8.0,
                "resultMaximum": 16.0,
                "comment": "Well done.",
                "scoreOf": sent["lineItem"],
            },
        )

    def test_nothing_and_more_than_the_maximum_are_grades(self):
        self.send(200, GRADE | {"scoreGiven": 0}, "1")
        self.send(200, GRADE | {"scoreGiven": 12}, "2")
        self.assertEqual(self.grades(), [(0.0, 10.0), (10.0, 10.0)])

    def test_scores_in_the_same_moment_all_arrive_in_order(self):
        at = datetime.datetime.now(datetime.timezone.utc).isoformat()
        for points in range(3):
            self.assertEqual(self.send(200, GRADE | {"scoreGiven": points, "timestamp": at}, str(points))["state"], "delivered")
        self.assertEqual(self.grades(), [(0.0, 10.0), (1.0, 10.0), (2.0, 10.0)])

    def test_a_repeated_score_is_sent_once(self):
        first = self.send(200, GRADE, "1")
        self.assertEqual(self.send(200, GRADE, "1"), first)
        self.assertEqual(len(self.posts()), 1)

    def test_progress_does_not_wipe_a_grade(self):
        self.assertEqual(self.send(200, PROGRESS, "1")["state"], "delivered")
        self.assertEqual((self.results(), self.grades()), ([], []))
        self.send(200, GRADE, "2")
        self.assertEqual(self.send(200, PROGRESS, "3")["state"], "withheld")
        self.assertEqual([result["resultScore"] for result in self.results()], [8.0])
        self.assertEqual(self.send(200, PROGRESS | {"overwriteGrade": True}, "4")["state"], "delivered")
        self.assertEqual(self.results(), [])

    def test_a_newer_score_at_the_campus_is_told(self):
        self.send(200, GRADE, "1")
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        self.scores.update(timestamp=later, score_given=3)
        refused = self.send(409, GRADE, "2")
        self.assertEqual((refused["code"], refused["platform"]["status"]), ("score_stale", 400))
        self.assertIn("Score timestamp can only be updated to a later point in time", refused["platform"]["words"])
        self.assertEqual([result["resultScore"] for result in self.results()], [3.0])

    def test_the_campus_own_line_item_is_there_to_read(self):
        [item] = self.call(200, "GET", f"/v1/launches/{self.launch}/line-items")["lineItems"]
        self.assertEqual((item["label"], item["scoreMaximum"]), ("quiz", 10))
        self.assertEqual(item["resourceLinkId"], str(self.world.quiz.usage_key))
        for method, path in (("POST", ""), ("PUT", f"/{item['lineItemId']}"), ("DELETE", f"/{item['lineItemId']}")):
            body = None if method == "DELETE" else {"label": "Other", "scoreMaximum": 1}
            refused = self.call(409, method, f"/v1/launches/{self.launch}/line-items{path}", body)
            self.assertEqual(refused["code"], "line_items_not_granted")
