"""The mock Platform, seen by a Tool that others wrote: PyLTI1p3 launches, chooses content, grades and reads the roster.

Each class runs one profile of the mock Platform: a pair of processes of its own. What is asserted is seen from both ends: what
the library accepted and read, and what the Platform's pages show. Run it with the Python that has PyLTI1p3:

    cargo build -p doorway-mock-platform --bins
    .tools/pylti1p3/bin/python -m unittest discover --start-directory tests/peers/pylti1p3
"""

import tempfile
import unittest
import urllib.parse
from pathlib import Path

import jwt
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pylti1p3.exception import LtiServiceException
from pylti1p3.registration import Registration
from pylti1p3.service_connector import ServiceConnector

from school import School

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
PERSON = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
MEMBERSHIP_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
GROUPS_SCOPE = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"

TEACHER, BEN, CHLOE, ASSISTANT = "41", "52", "53", "61"


def new_key():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def setUpModule():
    global FOLDER, KEY_FILE, KEY, STRANGER
    FOLDER = tempfile.TemporaryDirectory()
    KEY, STRANGER = new_key(), new_key()
    KEY_FILE = Path(FOLDER.name) / "tool.pem"
    KEY_FILE.touch(mode=0o600)
    KEY_FILE.write_text(KEY[0])


def tearDownModule():
    FOLDER.cleanup()


class Profile:
    """What holds at every profile; a class below says what differs."""

    profile = None
    # `product_family_code` of the launches.
    product = "maple"
    # What a roster has: the suspended one is hidden by some. In how many pages it comes.
    members, pages = 307, 4
    # How a score is refused that is older than the last, and one whose token has another scope.
    stale, other_scope = 409, 403
    # How a score is refused for somebody who is not in the course.
    nobody = 422

    @classmethod
    def setUpClass(cls):
        cls.school = School(cls.profile, KEY_FILE)

    @classmethod
    def tearDownClass(cls):
        cls.school.stop()

    def launch(self, user_id, words):
        """The browser of somebody who clicked this link, and what the Tool answered."""
        browser = self.school.browser_of(user_id)
        page = browser.click(words)
        self.assertEqual(page.status, 200, page)
        self.assertEqual(page.url, f"{self.school.tool}/launch")
        return browser, page

    def tool(self, launch, path):
        return f"{self.school.tool}/launches/{launch}/{path}"

    def roles_of(self, member, more):
        return {MEMBERSHIP + member, PERSON + more}

    def connector(self, key=None, session=None):
        """The library's own service connector, with the Tool's key or another."""
        private, public = key or KEY
        known = self.school.known
        registration = Registration().set_issuer(known["issuer"]).set_client_id(known["client id"])
        registration.set_auth_token_url(known["token endpoint"]).set_auth_audience(known["token audience"])
        registration.set_tool_private_key(private).set_tool_public_key(public)
        return ServiceConnector(registration, session)

    def refused(self, status, words, call):
        with self.assertRaises(LtiServiceException) as raised:
            call()
        answer = raised.exception.response
        self.assertEqual(answer.status_code, status, answer.text)
        self.assertIn(words, f"{answer.reason} {answer.text}")

    # ---- launches -------------------------------------------------------------------------------------------------------------

    def test_a_learners_launch_is_accepted_and_read(self):
        browser, page = self.launch(BEN, "How light bends")
        read, course = page.json, browser.course()
        claims = read["claims"]
        self.assertEqual(claims["iss"], self.school.issuer)
        self.assertEqual(claims[f"{LTI}message_type"], "LtiResourceLinkRequest")
        self.assertEqual(claims[f"{LTI}deployment_id"], self.school.known["deployment id"])
        self.assertEqual(claims[f"{LTI}target_link_uri"], f"{self.school.tool}/lessons")
        self.assertEqual((claims["sub"], claims["name"], claims["email"]), (BEN, "Ben Okafor", "ben@maple.example"))
        self.assertEqual(set(claims[f"{LTI}roles"]), self.roles_of("Learner", "Student"))
        self.assertEqual(read["is"], {"student": True, "teacher": False, "staff": False, "assistant": False})
        self.assertEqual(claims[f"{LTI}custom"], {"lesson": "how-light-bends", "due_at": ""})
        self.assertEqual(claims[f"{LTI}resource_link"]["id"], "link-1201")
        self.assertEqual(claims[f"{LTI}tool_platform"]["product_family_code"], self.product)
        # What people see in the course is what the library read.
        context, link = claims[f"{LTI}context"], claims[f"{LTI}resource_link"]
        for shown in (context["title"], context["label"], link["title"], link["description"]):
            self.assertIn(shown, course.words())
        self.assertEqual(read["services"], {"ags": True, "nrps": True, "groups": False})
        self.assertEqual(
            set(claims[AGS]["scope"]), {SCOPE + name for name in ("lineitem", "result.readonly", "score")}
        )

    def test_the_library_tells_teachers_and_assistants_from_learners(self):
        _, page = self.launch(TEACHER, "How light bends")
        self.assertEqual(set(page.json["claims"][f"{LTI}roles"]), self.roles_of("Instructor", "Faculty"))
        self.assertTrue(page.json["is"]["teacher"] and not page.json["is"]["student"])
        _, page = self.launch(ASSISTANT, "How light bends")
        self.assertTrue(page.json["is"]["teacher"])

    def test_a_login_by_get_launches_as_well(self):
        browser = self.school.browser_of(BEN)
        page = browser.follow(browser.get(f"{self.school.issuer}/launch/quiz?method=get"))
        self.assertEqual(page.json["claims"][f"{LTI}resource_link"]["id"], "link-1202")

    def test_a_launch_without_services_says_so(self):
        _, page = self.launch(BEN, "A lesson without grades")
        self.assertEqual(page.json["services"], {"ags": False, "nrps": False, "groups": False})

    def test_a_submission_review_is_accepted(self):
        browser, page = self.launch(TEACHER, "Review Ben's work")
        claims = page.json["claims"]
        self.assertEqual(claims[f"{LTI}message_type"], "LtiSubmissionReviewRequest")
        self.assertEqual(claims[f"{LTI}for_user"]["user_id"], BEN)
        reviewed = browser.get(self.tool(page.json["launch"], "line-item")).json
        self.assertEqual((reviewed["label"], reviewed["resourceLinkId"]), ("How light bends", "link-1201"))

    # ---- grades ---------------------------------------------------------------------------------------------------------------

    def test_a_grade_is_in_the_gradebook_and_is_read_back(self):
        browser, page = self.launch(BEN, "Quiz: refraction")
        launch = page.json["launch"]
        score = {"scoreGiven": 3.5, "scoreMaximum": 5, "comment": "Mind the angle."}
        self.assertEqual(browser.post_json(self.tool(launch, "scores"), score).status, 200)
        # Out of 5 at the Tool, out of 10 in the column.
        for who, row in ((browser, "Quiz: refraction"), (self.school.browser_of(TEACHER), "Ben Okafor")):
            grades = who.get(f"{self.school.issuer}/gradebook")
            cell = grades.cell(row, "Grade" if who is browser else "Quiz: refraction")
            self.assertIn("7/10", cell.replace(" ", ""))
            self.assertIn("Mind the angle.", cell)
        for reader in ("own", "library"):
            answer = browser.get(self.tool(launch, f"results?reader={reader}"))
            (result,) = [result for result in answer.json["results"] if result["userId"] == BEN]
            self.assertEqual((result["resultScore"], result["resultMaximum"]), (7, 10))
            self.assertEqual(result["comment"], "Mind the angle.")
            self.assertEqual(result["scoreOf"], page.json["claims"][AGS]["lineitem"])

    def test_a_line_item_is_created_once_and_found_afterwards(self):
        browser, page = self.launch(CHLOE, "How light bends")
        launch = page.json["launch"]
        wanted = {"label": "Essay on light", "scoreMaximum": 20, "tag": "essay"}
        made = browser.post_json(self.tool(launch, "line-items"), wanted).json
        self.assertEqual({name: made[name] for name in wanted}, wanted)
        self.assertEqual(browser.post_json(self.tool(launch, "line-items"), wanted).json, made)
        score = {"scoreGiven": 18, "scoreMaximum": 20, "lineItem": made["id"]}
        self.assertEqual(browser.post_json(self.tool(launch, "scores"), score).status, 200)
        # Were there two columns of that name, there would be no telling which.
        grades = self.school.browser_of(TEACHER).get(f"{self.school.issuer}/gradebook")
        self.assertIn("18/20", grades.cell("Chloé Martin", "Essay on light").replace(" ", ""))

    def test_a_score_that_is_older_than_the_last_is_refused(self):
        browser, page = self.framed(CHLOE, "colours")
        launch = page.json["launch"]
        newer = {"scoreGiven": 60, "scoreMaximum": 100, "timestamp": "2026-11-30T12:00:05.000+00:00"}
        older = {"scoreGiven": 10, "scoreMaximum": 100, "timestamp": "2026-11-30T12:00:00.000+00:00"}
        self.assertEqual(browser.post_json(self.tool(launch, "scores"), newer).status, 200)
        answer = browser.post_json(self.tool(launch, "scores"), older)
        self.assertEqual((answer.status, answer.json["status"]), (502, self.stale), answer)
        grades = browser.get(f"{self.school.issuer}/gradebook")
        self.assertIn("60/100", grades.cell("Mixing colours", "Grade").replace(" ", ""))

    def framed(self, user_id, link):
        """A launch of a link whose page of the course has the Tool in a frame."""
        browser = self.school.browser_of(user_id)
        return browser, browser.follow(browser.get(f"{self.school.issuer}/launch/{link}"))

    def test_a_score_for_nobody_in_the_course_is_refused(self):
        browser, page = self.launch(TEACHER, "How light bends")
        score = {"scoreGiven": 1, "scoreMaximum": 1, "userId": "nobody"}
        answer = browser.post_json(self.tool(page.json["launch"], "scores"), score)
        self.assertEqual((answer.status, answer.json["status"]), (502, self.nobody), answer)

    # ---- deep linking ---------------------------------------------------------------------------------------------------------

    def test_what_a_teacher_chose_is_in_the_course_and_launches(self):
        teacher = self.school.browser_of(TEACHER)
        login = teacher.get(teacher.course().link("Choose content"))
        self.assertEqual(login.form()["target_link_uri"], f"{self.school.tool}/lessons/choose")
        choosing = teacher.follow(login)
        self.assertIn("Lessons for Physics: light and colour", choosing.words())
        chosen = teacher.post(choosing.form().action, {"lenses": "on", "mirrors": "on"})
        done = teacher.follow(chosen)
        self.assertEqual(done.status, 200, done)
        self.assertIn("2 links were added to the course.", done.words())
        # Posted again it is refused, and adds nothing.
        again = teacher.follow(chosen)
        self.assertEqual(again.status, 400, again)
        course = self.school.browser_of(BEN).course()
        for title in ("Lenses", "Mirrors"):
            self.assertEqual(sum(title in text for _, text in course.read.links), 1)

        student, page = self.launch(BEN, "Lenses")
        claims = page.json["claims"]
        self.assertEqual(claims[f"{LTI}custom"], {"lesson": "lenses"})
        self.assertEqual(claims[f"{LTI}target_link_uri"], f"{self.school.tool}/lessons/lenses")
        self.assertEqual(claims[f"{LTI}resource_link"]["title"], "Lenses")
        column = student.get(self.tool(page.json["launch"], "line-item")).json
        self.assertEqual((column["label"], column["scoreMaximum"]), ("Lenses", 40))
        self.assertEqual((column["resourceId"], column["tag"]), ("lenses", "grade"))
        self.assertEqual(column["resourceLinkId"], claims[f"{LTI}resource_link"]["id"])
        score = {"scoreGiven": 1, "scoreMaximum": 1}
        self.assertEqual(student.post_json(self.tool(page.json["launch"], "scores"), score).status, 200)
        grades = student.get(f"{self.school.issuer}/gradebook")
        self.assertIn("40/40", grades.cell("Lenses", "Grade").replace(" ", ""))
        # One that brought no points brought no column.
        _, page = self.launch(BEN, "Mirrors")
        self.assertNotIn("lineitem", page.json["claims"][AGS])

    def test_an_empty_choice_comes_back_and_adds_nothing(self):
        teacher = self.school.browser_of(TEACHER)
        answer = teacher.post(teacher.click("Choose content").form().action, {})
        claims = jwt.decode(answer.form()["JWT"], options={"verify_signature": False})
        # README.md says that a `null` comes back where no `data` was sent: at Moodle.
        self.assertEqual(claims["https://purl.imsglobal.org/spec/lti-dl/claim/data"] is None, self.profile == "moodle")
        done = teacher.follow(answer)
        self.assertEqual(done.status, 200, done)
        self.assertIn("Nothing was added to the course.", done.words())

    # ---- the roster -----------------------------------------------------------------------------------------------------------

    def test_the_whole_roster_is_read(self):
        browser, page = self.launch(TEACHER, "How light bends")
        read = browser.get(self.tool(page.json["launch"], "members")).json
        self.assertEqual((len(read["members"]), read["pages"]), (self.members, self.pages))
        self.assertEqual(read["context"]["id"], page.json["claims"][f"{LTI}context"]["id"])
        by_id = {member["user_id"]: member for member in read["members"]}
        self.assertEqual(len(by_id), self.members, "nobody comes twice")
        self.assertEqual(by_id[BEN]["name"], "Ben Okafor")
        # The gradebook has a row for everybody who learns.
        grades = browser.get(f"{self.school.issuer}/gradebook")
        rows = {cells[0] for cells in grades.read.rows[1:]}
        self.assertEqual(len(rows), 303)
        roles = {user_id: {role.removeprefix(MEMBERSHIP) for role in m["roles"]} for user_id, m in by_id.items()}
        self.assertIn("Instructor", roles[TEACHER])
        learners = [
            member for user_id, member in by_id.items()
            if "Learner" in roles[user_id] and user_id not in (ASSISTANT, "1999")
        ]
        self.assertLessEqual({member.get("name") or f"Student {member['user_id']}" for member in learners}, rows)
        self.assertEqual(len(learners), 303 - (307 - self.members))

    def test_the_librarys_own_reader_follows_pages_only_where_there_is_one(self):
        """It writes the next page's URL in small letters, and the Platform's are not to be changed."""
        browser, page = self.launch(TEACHER, "How light bends")
        answer = browser.get(self.tool(page.json["launch"], "members?reader=library"))
        if self.pages == 1:
            self.assertEqual(len(answer.json["members"]), self.members)
        else:
            self.assertEqual((answer.status, answer.json["status"]), (502, 400), answer)
            self.assertIn("the page is unknown", answer.json["body"])

    # ---- what the Platform refuses --------------------------------------------------------------------------------------------

    def test_an_assertion_of_another_key_is_refused(self):
        scopes = [f"{SCOPE}score"]
        self.assertTrue(self.connector().get_access_token(scopes))
        # Under the id of the Tool's key, and under its own, which the Tool does not publish.
        self.refused(400, "signature", lambda: self.connector((STRANGER[0], KEY[1])).get_access_token(scopes))
        self.refused(400, "kid", lambda: self.connector(STRANGER).get_access_token(scopes))

    def test_an_assertion_is_good_once(self):
        sent = []
        session = requests.Session()
        session.hooks["response"].append(lambda answer, **_: sent.append(answer.request))
        self.connector(session=session).get_access_token([f"{SCOPE}score"])
        (first,) = sent
        assertion = dict(urllib.parse.parse_qsl(first.body))["client_assertion"]
        claims = jwt.decode(assertion, options={"verify_signature": False})
        self.assertEqual(set(claims), {"iss", "sub", "aud", "iat", "exp", "jti"}, "README.md says that it names no Deployment")
        again = session.post(first.url, data=first.body, headers={"Content-Type": first.headers["Content-Type"]})
        self.assertEqual(again.status_code, 400)
        self.assertEqual(again.json()["error"], "invalid_client")
        self.assertIn("jti", again.json()["error_description"])

    def test_a_scope_that_is_not_offered_is_refused(self):
        self.refused(400, "invalid_scope", lambda: self.connector().get_access_token([GROUPS_SCOPE]))

    def test_a_token_is_good_for_its_scopes_alone(self):
        _, page = self.launch(BEN, "How light bends")
        scores, _, query = page.json["claims"][AGS]["lineitem"].partition("?")
        scores = f"{scores}/scores" + (f"?{query}" if query else "")

        def send():
            connector = self.connector()
            return connector.make_service_request(
                [MEMBERSHIP_SCOPE], scores, is_post=True, data="{}", content_type=SCORE_TYPE
            )

        with self.assertRaises(LtiServiceException) as raised:
            send()
        self.assertEqual(raised.exception.response.status_code, self.other_scope)


# The wrong launches of the mock Platform that PyLTI1p3 2.0.0 accepts, and Doorway does not. README.md says of each who is right.
ACCEPTED = {
    "foreign-key-set", "foreign-certificate", "compressed-payload", "padded-token", "duplicate-issuer", "extra-audience",
    "expiry-as-text", "no-expiry", "posted-twice", "id-token-twice", "login-no-target", "login-parameter-twice",
}


class Plain(Profile, unittest.TestCase):
    profile = "plain"

    def test_every_wrong_launch_is_refused_but_for_those_that_are_known(self):
        browser = self.school.browser_of(TEACHER)
        developer = browser.get(f"{self.school.issuer}/developer")
        wrong = {address.partition("wrong=")[2]: address for address, _ in developer.read.links if "wrong=" in address}
        self.assertGreater(len(wrong), 60)
        accepted = {name for name, address in wrong.items() if self.is_accepted(browser, name, address)}
        self.assertEqual(accepted, ACCEPTED)
        self.assertEqual(browser.click("How light bends").status, 200)

    def is_accepted(self, browser, name, address):
        page = browser.get(self.school.issuer + address)
        if name == "posted-twice":
            response = browser.submit(page.form()).form()
            self.assertEqual(browser.submit(response).status, 200)
            page = browser.submit(response)
        else:
            page = browser.follow(page)
        self.assertTrue(page.url.startswith(self.school.tool), page)
        self.assertIn(page.status, (200, 400), page)
        if page.status == 400:
            # In the library's words, not by an accident of ours.
            self.assertTrue(page.json["error"], page)
        return page.status == 200

    def test_each_difference_is_explained(self):
        explained = (Path(__file__).parent / "README.md").read_text()
        for name in ACCEPTED:
            self.assertIn(f"`{name}`", explained)

    def test_a_data_privacy_launch_has_another_name_in_the_library(self):
        browser = self.school.browser_of(BEN)
        page = browser.click("My data")
        self.assertEqual((page.status, page.json["error"]), (400, "Unrecognized message type"))

    def test_results_come_in_pages_of_which_the_library_reads_the_first(self):
        browser, page = self.framed(TEACHER, "eye")
        launch = page.json["launch"]
        scores = [{"userId": str(1101 + number), "scoreGiven": number, "scoreMaximum": 100} for number in range(60)]
        self.assertEqual(browser.post_json(self.tool(launch, "scores"), scores).json, {"sent": 60})
        read = browser.get(self.tool(launch, "results")).json
        self.assertEqual(read["pages"], 2)
        points = {result["userId"]: result["resultScore"] for result in read["results"]}
        self.assertEqual(points, {score["userId"]: score["scoreGiven"] for score in scores})
        self.assertEqual(len(browser.get(self.tool(launch, "results?reader=library")).json["results"]), 50)


class Moodle(Profile, unittest.TestCase):
    profile, product = "moodle", "moodle"
    members, pages = 306, 1
    other_scope, nobody = 401, 400


class Canvas(Profile, unittest.TestCase):
    profile, product = "canvas", "canvas"
    members, pages = 306, 7
    stale = 400


class Blackboard(Profile, unittest.TestCase):
    profile, product = "blackboard", "BlackboardLearn"
    nobody = 400


class Brightspace(Profile, unittest.TestCase):
    profile, product = "brightspace", "desire2learn"
    nobody = 404


class Sakai(Profile, unittest.TestCase):
    profile, product = "sakai", "sakai"
    stale, other_scope, nobody = 400, 400, 400


class Schoology(Profile, unittest.TestCase):
    profile = "schoology"

    def roles_of(self, member, more):
        return {MEMBERSHIP + member}


class OpenEdx(Profile, unittest.TestCase):
    profile = "open-edx"

    def roles_of(self, member, more):
        nothing = {PERSON + "None", PERSON.replace("institution", "system") + "None"}
        return {MEMBERSHIP + member, PERSON + more} | nothing


if __name__ == "__main__":
    unittest.main()
