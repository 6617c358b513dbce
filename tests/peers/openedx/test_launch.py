"""Launches: from the component in the course to the App."""

import jwt
from case import Case
from tool import APP

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
FLAGS = ("isInstructor", "isLearner", "isAdministrator", "isTeachingAssistant", "isPlatformAdministrator")


class Launch(Case):
    def flags(self, launch):
        return {flag for flag in FLAGS if launch["user"][flag]}

    def test_a_student_arrives_with_role_name_and_place(self):
        launch = self.world.launch("ben", self.world.quiz)
        self.assertEqual(launch["messageType"], "LtiResourceLinkRequest")
        self.assertEqual(
            {name: launch["user"].get(name) for name in ("id", "name", "email")},
            {"id": self.world.ids["ben"], "name": "Ben Okafor", "email": "ben@maple.example"},
        )
        self.assertEqual(self.flags(launch), {"isLearner"})
        self.assertEqual(
            launch["context"],
            {
                "id": "course-v1:Maple+PHY2+2026",
                "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
                "label": "course-v1:Maple+PHY2+2026",
                "title": "Physics: light and colour - Maple",
            },
        )
        self.assertEqual(launch["resourceLink"], {"id": str(self.world.quiz.usage_key)})
        self.assertEqual(launch["targetLinkUri"], f"{APP}/quiz")
        self.assertEqual(launch["custom"], {"lesson": "how-light-bends", "level": "2"})
        self.assertEqual(launch["launchPresentation"], {"documentTarget": "iframe"})
        self.assertEqual((launch["platform"]["name"], launch["platform"]["deploymentId"]), ("Maple Campus", "1"))

    def test_an_instructor_arrives_as_one(self):
        launch = self.world.launch("ada", self.world.quiz)
        self.assertEqual((launch["user"]["id"], launch["user"]["name"]), (self.world.ids["ada"], "Ada Morgan"))
        self.assertEqual(self.flags(launch), {"isInstructor", "isAdministrator"})
        self.assertIn(f"{MEMBERSHIP}Instructor", launch["user"]["roles"])

    def test_every_role_of_the_campus_is_understood(self):
        for person, flags in {
            "tom": {"isInstructor"},
            # Who helps in the forum is a learner and, by a sub-role, an instructor.
            "tia": {"isLearner", "isInstructor", "isTeachingAssistant"},
            "root": {"isInstructor", "isAdministrator", "isPlatformAdministrator"},
        }.items():
            with self.subTest(person):
                self.assertEqual(self.flags(self.world.launch(person, self.world.quiz)), flags)

    def test_what_the_component_does_not_share_does_not_arrive(self):
        launch = self.world.launch("ben", self.world.workshop)
        self.assertEqual(launch["user"]["id"], self.world.ids["ben"])
        self.assertEqual([], [name for name in ("name", "givenName", "familyName", "email") if name in launch["user"]])
        self.assertEqual((launch["custom"], "nrps" in launch["services"]), ({}, False))

    def test_a_component_without_services_grants_none(self):
        component = self.world.add_component("reading", lti_advantage_ags_mode="disabled")
        self.world.register(component)
        launch = self.world.launch("ben", component)
        self.assertEqual(launch["services"], {})
        score = {"scoreGiven": 1, "scoreMaximum": 1, "activityProgress": "Completed", "gradingProgress": "FullyGraded"}
        refused = self.call(409, "POST", f"/v1/launches/{launch['id']}/scores", score, Idempotency_Key="1")
        self.assertEqual(refused["code"], "scores_not_granted")

    def test_the_claims_are_those_that_the_campus_signed(self):
        form = self.world.response("cleo", self.world.start("cleo", self.world.quiz))
        signed = jwt.decode(form["id_token"], options={"verify_signature": False})
        launch = self.world.redeem(self.world.browser("cleo").submit(form).leads_to())
        self.assertEqual(launch["claims"], signed)

    def test_the_tools_own_url_as_target_leads_to_the_app(self):
        form = self.world.response("ben", self.world.start("ben", self.world.workshop))
        arrived = self.world.browser("ben").submit(form).leads_to()
        self.assertTrue(arrived.startswith(f"{APP}/lti?launch="), arrived)

    def test_the_campus_takes_the_tools_request_and_no_changed_one(self):
        browser = self.world.browser("ben")
        request = browser.get(self.world.start("ben", self.world.quiz)).leads_to()
        self.assertTrue(request.startswith(f"{self.world.quiz.login_url}?"), request)
        for right, wrong in {
            "lti%2Flaunch": "lti%2Flaunch2",
            "nonce=": "nonsense=",
            "state=": "stated=",
            self.world.quiz.client_id: self.world.workshop.client_id,
        }.items():
            with self.subTest(wrong):
                self.assertEqual(request.count(right), 1)
                self.assertEqual(browser.get(request.replace(right, wrong)).status, 400)
        self.assertEqual(browser.get(request).status, 200)

    def test_new_keys_of_the_campus_are_fetched(self):
        from lti_consumer.models import Lti1p3Passport

        component = self.world.add_component("rotated")
        self.world.register(component)
        passport = Lti1p3Passport.objects.filter(lti_1p3_client_id=component.client_id)
        key_ids = set()
        for _ in range(2):
            form = self.world.response("ben", self.world.start("ben", component))
            key_ids.add(jwt.get_unverified_header(form["id_token"])["kid"])
            self.world.redeem(self.world.browser("ben").submit(form).leads_to())
            # The package makes a new pair where there is none.
            passport.update(lti_1p3_internal_private_key="", lti_1p3_internal_public_jwk="")
        self.assertEqual(len(key_ids), 2)
