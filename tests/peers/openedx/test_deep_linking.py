"""Deep linking: a teacher's choice, checked and stored by the package, and launched afterwards."""

import functools

import jwt
from case import Case
from tool import APP

CLAIM = "https://purl.imsglobal.org/spec/lti/claim"
CONTENT = "https://purl.imsglobal.org/spec/lti-dl/claim"
LIGHT = {
    "type": "ltiResourceLink",
    "title": "How light bends",
    "url": f"{APP}/lessons/light",
    "custom": {"lesson": "how-light-bends"},
    "lineItem": {"scoreMaximum": 10, "label": "Light", "resourceId": "light", "tag": "quiz"},
    "available": {"startDateTime": "2026-03-01T09:00:00Z"},
}
ICON = {"url": "https://example.org/icon.png", "width": 16, "height": 16}


class DeepLinking(Case):
    @functools.cached_property
    def component(self):
        return self.world.picker

    def ask(self):
        """Ada follows the author's page to the App. Returns the launch."""
        page = self.world.browser("ada").get(f"{self.world.campus.origin}/studio/{self.component.usage_key}")
        [login] = [url for url in page.attributes("href") if url.startswith(f"{self.world.tool.url}/lti/login?")]
        return self.world.go_on("ada", login)

    def choose(self, launch, *items):
        """The App has this choice signed. Returns the form of the page that it hands to the browser."""
        answer = self.app.call(
            "POST", f"/v1/launches/{launch['id']}/deep-link", {"contentItems": list(items)}, Accept="text/html"
        )
        self.assertEqual(answer.status, 200, answer.text)
        return answer.form()

    def save(self, *items):
        """Ada chooses, and the campus stores it."""
        page = self.world.browser("ada").submit(self.choose(self.ask(), *items))
        self.assertEqual(page.status, 200, page.text)
        self.assertIn("The LTI Deep Linking content was successfully saved in the LMS.", page.lines())

    def stored(self):
        from lti_consumer.models import LtiDlContentItem

        items = LtiDlContentItem.objects.filter(lti_configuration__location=self.component.usage_key).order_by("pk")
        return [(item.content_type, item.attributes) for item in items]

    def test_the_request_is_read_with_its_settings(self):
        launch = self.ask()
        self.assertEqual(launch["messageType"], "LtiDeepLinkingRequest")
        settings = launch["services"]["deepLinking"]
        self.assertEqual(settings["accept_types"], ["ltiResourceLink", "link", "html", "image"])
        self.assertEqual((settings["accept_multiple"], settings["auto_create"]), (True, True))
        self.assertTrue(settings["deep_link_return_url"].startswith(f"{self.world.campus.origin}/api/lti_consumer/"))
        self.assertNotIn("resourceLink", launch)

    def test_the_response_is_as_the_standard_has_it(self):
        form = self.choose(self.ask(), LIGHT)
        self.assertEqual([name for name, _ in form.fields], ["JWT"])
        token = form["JWT"]
        claims = jwt.decode(
            token,
            jwt.PyJWKClient(f"{self.world.tool.url}/.well-known/jwks.json").get_signing_key_from_jwt(token),
            algorithms=["RS256"],
            audience=self.world.campus.origin,
            issuer=self.component.client_id,
            options={"require": ["iss", "aud", "iat", "exp", "nonce"]},
        )
        self.assertEqual(claims[f"{CLAIM}/message_type"], "LtiDeepLinkingResponse")
        self.assertEqual((claims[f"{CLAIM}/version"], claims[f"{CLAIM}/deployment_id"]), ("1.3.0", "1"))
        self.assertEqual(claims[f"{CONTENT}/content_items"], [LIGHT])
        self.assertNotIn(f"{CONTENT}/data", claims)  # none came

    def test_one_link_is_stored_and_launched(self):
        self.save(LIGHT)
        [(content_type, attributes)] = self.stored()
        self.assertEqual(content_type, "ltiResourceLink")
        self.assertEqual({name: attributes[name] for name in ("url", "title", "custom", "lineItem")},
                         {name: LIGHT[name] for name in ("url", "title", "custom", "lineItem")})
        # The login still names the component's own URL; the token names the choice, and is believed.
        login = self.world.start("ben", self.component)
        self.assertNotIn("lessons", login)
        form = self.world.response("ben", login)
        arrived = self.world.browser("ben").submit(form).leads_to()
        self.assertTrue(arrived.startswith(f"{LIGHT['url']}?launch="), arrived)
        launch = self.world.redeem(arrived)
        self.assertEqual((launch["targetLinkUri"], launch["custom"]), (LIGHT["url"], LIGHT["custom"]))
        self.assertEqual((launch["user"]["isLearner"], launch["messageType"]), (True, "LtiResourceLinkRequest"))

    def test_several_items_of_all_types_are_stored_and_shown(self):
        items = [
            LIGHT,
            {"type": "link", "url": "https://example.org/lens", "title": "Lenses", "text": "A page.", "icon": ICON},
            {"type": "html", "html": "<p>Bring a <b>prism</b>.</p>", "title": "Homework"},
            {"type": "image", "url": "https://example.org/prism.png", "width": 300, "height": 200},
        ]
        self.save(*items)
        self.assertEqual([content_type for content_type, _ in self.stored()], [item["type"] for item in items])
        # Now the course shows them on a page, from which the link is launched.
        page = self.world.browser("cleo").get(self.world.start("cleo", self.component))
        self.assertIn("How light bends", page.lines())
        [login] = [url for url in page.attributes("href") if url.startswith(f"{self.world.tool.url}/lti/login?")]
        self.assertEqual(self.world.go_on("cleo", login)["targetLinkUri"], LIGHT["url"])

    def test_nothing_chosen_is_stored_too(self):
        self.save(LIGHT)
        self.save()
        self.assertEqual(self.stored(), [])

    def test_what_the_campus_does_not_take_is_refused_before_it_is_signed(self):
        path = f"/v1/launches/{self.ask()['id']}/deep-link"
        refused = self.call(422, "POST", path, {"contentItems": [{"type": "file", "url": "https://example.org/a.pdf"}]})
        self.assertEqual((refused["code"], refused["field"]), ("deep_link_invalid", "contentItems[0].type"))

    def test_the_package_takes_the_response_from_nobody_but_a_teacher_and_unchanged(self):
        form = self.choose(self.ask(), LIGHT)
        self.assertEqual(self.world.browser("ben").submit(form).status, 403)
        token = form["JWT"]
        header, payload, signature = token.split(".")
        form["JWT"] = f"{header}.{payload[:-1]}.{signature}"
        self.assertEqual(self.world.browser("ada").submit(form).status, 403)
        form["JWT"] = token
        self.assertEqual(self.world.browser("ada").submit(form).status, 200)

    def test_the_package_fails_at_a_frame_without_a_size_and_keeps_what_was_there(self):
        # By the standard both sizes are optional; the package wants them and does not catch that it did not get them.
        self.save(LIGHT)
        before = self.stored()
        link = {"type": "link", "url": "https://example.org/lens", "iframe": {"src": "https://example.org/lens"}}
        self.assertEqual(self.world.browser("ada").submit(self.choose(self.ask(), link)).status, 500)
        self.assertEqual(self.stored(), before)
        self.save(link | {"iframe": link["iframe"] | {"width": 600, "height": 400}})
        self.assertEqual([content_type for content_type, _ in self.stored()], ["link"])

    def test_no_students_launch_becomes_a_choice(self):
        launch = self.world.launch("ben", self.world.quiz)
        refused = self.call(409, "POST", f"/v1/launches/{launch['id']}/deep-link", {"contentItems": [LIGHT]})
        self.assertEqual(refused["code"], "deep_linking_not_granted")
