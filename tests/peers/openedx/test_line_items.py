"""Line items that the Tool makes (`programmatic`)."""

import urllib.parse

from case import Case


class LineItems(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        launch = cls.world.launch("ada", cls.world.workshop)
        cls.link_id = launch["resourceLink"]["id"]
        cls.launch = launch["id"]
        cls.path = f"/v1/launches/{cls.launch}/line-items"

    def create(self, resource_id, **members):
        body = {"label": "Final test", "scoreMaximum": 20, "resourceId": resource_id} | members
        return self.call(201, "POST", self.path, body)

    def list(self, **query):
        return self.call(200, "GET", f"{self.path}?{urllib.parse.urlencode(query)}")["lineItems"]

    def test_a_line_item_is_created_once_and_found_again(self):
        wanted = {"label": "Final test", "scoreMaximum": 20, "resourceId": "found", "tag": "test"}
        created = self.call(201, "POST", f"{self.path}?findOrCreate=true", wanted)
        self.assertEqual({name: created[name] for name in wanted}, wanted)
        self.assertEqual(self.call(200, "POST", f"{self.path}?findOrCreate=true", wanted), created)
        self.assertEqual(self.call(200, "GET", f"{self.path}/{created['lineItemId']}"), created)
        self.assertEqual(self.list(resourceId="found"), [created])

    def test_line_items_are_found_by_link_resource_and_tag(self):
        linked = self.create("filtered-1", resourceLinkId=self.link_id, tag="essay")
        tagged = self.create("filtered-2", tag="essay")
        self.assertCountEqual(self.list(tag="essay"), [linked, tagged])
        self.assertEqual(self.list(resourceId="filtered-2"), [tagged])
        self.assertEqual(self.list(resourceLinkId=self.link_id, tag="essay"), [linked])
        everything = self.list()
        self.assertIn(linked, everything)
        self.assertIn(tagged, everything)

    def test_a_line_item_is_changed_and_keeps_the_rest(self):
        # Its dates and its link are `null` here, which the package sends and does not take back.
        created = self.create("changed", tag="kept")
        changed = self.call(200, "PUT", f"{self.path}/{created['lineItemId']}", {"label": "Essay", "scoreMaximum": 30})
        self.assertEqual(changed, created | {"label": "Essay", "scoreMaximum": 30})
        self.assertEqual(self.call(200, "GET", f"{self.path}/{created['lineItemId']}"), changed)

    def test_dates_are_the_same_moment_at_the_campus(self):
        created = self.create("dated", startDateTime="2026-03-01T10:00:00+01:00", endDateTime="2026-06-01T00:00:00Z")
        self.assertEqual((created["startDateTime"], created["endDateTime"]), ("2026-03-01T09:00:00Z", "2026-06-01T00:00:00Z"))
        refused = self.call(502, "PUT", f"{self.path}/{created['lineItemId']}", {"endDateTime": None})
        self.assertEqual(refused["platform"]["words"], '{"endDateTime":["This field may not be null."]}')

    def test_a_score_goes_to_the_line_item_that_it_names(self):
        created = self.create("scored")
        score = {"scoreGiven": 15, "scoreMaximum": 20, "activityProgress": "Completed", "gradingProgress": "FullyGraded"}
        score |= {"userId": self.world.ids["cleo"], "lineItem": created["lineItemId"]}
        sent = self.call(200, "POST", f"/v1/launches/{self.launch}/scores", score, Idempotency_Key="1")
        self.assertEqual((sent["state"], sent["lineItem"]), ("delivered", created["id"]))
        [result] = self.call(200, "GET", f"{self.path}/{created['lineItemId']}/results")["results"]
        self.assertEqual((result["userId"], result["resultScore"]), (self.world.ids["cleo"], 15.0))

    def test_what_the_package_refuses_is_told_in_its_words(self):
        for words, members in {
            "A valid integer is required": {"label": "Half", "scoreMaximum": 2.5, "resourceId": "half"},
            "Must provide at least one of resource_id or resource_link_id": {"label": "Bare", "scoreMaximum": 2},
        }.items():
            with self.subTest(words):
                refused = self.call(502, "POST", self.path, members)
                self.assertEqual((refused["code"], refused["platform"]["status"]), ("platform_refused", 400))
                self.assertIn(words, refused["platform"]["words"])

    def test_the_package_lets_nobody_delete_and_nothing_is_lost(self):
        # Its permissions know an action `delete`, and the framework's is called `destroy`: no scope is enough.
        created = self.create("deleted")
        refused = self.call(502, "DELETE", f"{self.path}/{created['lineItemId']}")
        self.assertEqual((refused["code"], refused["platform"]["status"]), ("platform_refused", 403))
        self.assertEqual(self.list(resourceId="deleted"), [created])

    def test_the_line_item_of_another_component_is_not_there(self):
        launch = self.world.launch("ada", self.world.quiz)
        [item] = self.call(200, "GET", f"/v1/launches/{launch['id']}/line-items")["lineItems"]
        refused = self.call(404, "GET", f"{self.path}/{item['lineItemId']}")
        self.assertEqual(refused["code"], "line_item_unknown")
