"""The Tool's log, with a Platform whose values it has never seen."""

from case import Case


class Log(Case):
    def test_it_holds_no_name_no_address_no_id_of_a_person_and_no_token(self):
        launch = self.world.launch("ben", self.world.quiz)
        self.call(200, "GET", f"/v1/launches/{launch['id']}/memberships")
        log = self.world.tool.wait_for_log("/memberships")
        self.assertIn("/memberships", log)
        personal = ["Okafor", "Morgan", "@maple.example", "eyJ", *self.world.ids.values()]
        self.assertEqual([], [text for text in personal if text in log])
