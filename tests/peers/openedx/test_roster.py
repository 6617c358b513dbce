"""Memberships, by the package's view: with names where the course allows it."""

from case import Case

LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"


class Roster(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = f"/v1/launches/{cls.world.launch('ada', cls.world.quiz)['id']}/memberships"

    def everybody(self):
        """Everybody in the course, with what the campus calls them."""
        from campus.models import Enrolment

        return {str(one.user.external.external_user_id): one for one in Enrolment.objects.select_related("user__external")}

    def walk(self, query):
        """All members, page by page, and how many pages there were."""
        members, pages, cursor = [], 0, ""
        while True:
            page = self.call(200, "GET", f"{self.path}?{query}{cursor}")
            members += page["members"]
            pages += 1
            self.assertLessEqual(pages, 100)
            if page["complete"]:
                return members, pages
            cursor = f"&cursor={page['next']}"

    def share_names(self, enabled):
        from campus import course
        from lti_consumer.models import CourseAllowPIISharingInLTIFlag

        CourseAllowPIISharingInLTIFlag.objects.create(course_id=course.KEY, enabled=enabled)

    def test_everybody_is_there_with_the_id_and_role_of_their_launches(self):
        roster = self.call(200, "GET", self.path)
        self.assertEqual((roster["complete"], roster["context"]["id"]), (True, "course-v1:Maple+PHY2+2026"))
        members = {member["userId"]: member for member in roster["members"]}
        self.assertEqual(set(members), set(self.everybody()))
        flags = ("isInstructor", "isLearner", "isAdministrator", "isTeachingAssistant")
        for person in ("ada", "tom", "tia", "ben"):
            user = self.world.launch(person, self.world.quiz)["user"]
            self.assertEqual({flag: user[flag] for flag in flags}, {flag: members[user["id"]][flag] for flag in flags})
        self.assertEqual({member["status"] for member in members.values()}, {"Active"})

    def test_names_are_there_where_the_course_shares_them(self):
        for enabled in (True, False):
            self.share_names(enabled)
            members = {member["userId"]: member for member in self.call(200, "GET", self.path)["members"]}
            ben = members[self.world.ids["ben"]]
            shown = (ben.get("name"), ben.get("email"))
            self.assertEqual(shown, ("Ben Okafor", "ben@maple.example") if enabled else (None, None))

    def test_pages_are_followed_to_the_end(self):
        members, pages = self.walk("limit=2")
        self.assertEqual(sorted(member["userId"] for member in members), sorted(self.everybody()))
        self.assertEqual(pages, -(-len(members) // 2))

    def test_a_role_that_the_package_does_not_filter_by_is_filtered_here(self):
        for query in ("role=Learner", "role=Learner&limit=3"):
            members, _ = self.walk(query)
            self.assertTrue(all(LEARNER in member["roles"] for member in members), members)
            learners = {user_id for user_id, one in self.everybody().items() if one.role == "student"}
            self.assertEqual({member["userId"] for member in members}, learners)

    def test_a_link_that_the_package_does_not_filter_by_is_told(self):
        roster = self.call(200, "GET", f"{self.path}?resourceLink=true")
        self.assertEqual({member["userId"] for member in roster["members"]}, set(self.everybody()))
        self.assertIs(roster.get("resourceLinkIgnored"), True)

    def test_a_component_without_the_service_has_no_roster(self):
        launch = self.world.launch("ada", self.world.workshop)
        refused = self.call(409, "GET", f"/v1/launches/{launch['id']}/memberships")
        self.assertEqual(refused["code"], "memberships_not_granted")
