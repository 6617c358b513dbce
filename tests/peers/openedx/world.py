"""The campus, the Tool, and how they came to know each other. Made once for all tests, and ended with them."""

import atexit
import contextlib
import dataclasses
import functools
import json
import os
import pathlib
import shutil
import sys
import urllib.parse
from importlib.metadata import version

from campus.server import Campus
from tool import APP, APP_KEY, PROGRAMS, ROOT, Tool

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

from common.app import App
from common.browser import Browser


@dataclasses.dataclass(frozen=True)
class Component:
    """A component of the course, with what its author's page says. To the Tool each is a Platform of its own."""

    usage_key: object
    client_id: str
    deployment_id: str
    keyset_url: str
    token_url: str
    login_url: str

    @property
    def block_id(self):
        """What the preset asks for."""
        return self.keyset_url.rsplit("/", 1)[1]


class World:
    """One campus and one Tool."""

    def __init__(self, folder):
        with contextlib.ExitStack() as closing:
            self.tool = Tool(folder)
            closing.callback(self.tool.close)
            self.campus = Campus(folder)
            closing.callback(self.campus.close)
            enrol = self.campus.enrol
            self.ids = {
                "ada": enrol("ada", "Ada Morgan", "instructor"),
                "tom": enrol("tom", "Tom Baker", "staff"),
                "root": enrol("root", "Rosa Oot", "student", is_staff=True),
                "tia": enrol("tia", "Tia Ahmed", "student", forum_role="Community TA"),
                "ben": enrol("ben", "Ben Okafor", "student"),
                "cleo": enrol("cleo", "Cleo Park", "student"),
                "dan": enrol("dan", "Dan Ruiz", "student"),
            }
            self._closing = closing.pop_all()
        self.app = App(self.tool.url, APP_KEY)
        self._browsers = {}

    def close(self):
        """Ends both."""
        self._closing.close()

    def browser(self, username):
        """This person's browser, signed in at the campus."""
        if username not in self._browsers:
            browser = Browser(follows_redirects=False)
            signed_in = browser.post(f"{self.campus.origin}/sign-in", {"username": username})
            if signed_in.status != 200:
                raise AssertionError(signed_in.text)
            self._browsers[username] = browser
        return self._browsers[username]

    def add_component(self, name, **fields):
        """Adds a component, as an author does in Studio who has the values of README.md, and reads what it says to a Tool."""
        from campus import course

        usage_key = course.add_component(
            name,
            lti_1p3_oidc_url=f"{self.tool.url}/lti/login",
            lti_1p3_redirect_uris=[f"{self.tool.url}/lti/launch"],
            lti_1p3_tool_key_mode="keyset_url",
            lti_1p3_tool_keyset_url=f"{self.tool.url}/.well-known/jwks.json",
            **{"lti_1p3_launch_url": f"{APP}/{name}", **fields},
        )
        lines = self.browser("ada").get(f"{self.campus.origin}/studio/{usage_key}").lines()
        says = {name.strip(): lines[at + 1] for at, name in enumerate(lines[:-1])}
        return Component(
            usage_key,
            says["Client ID:"],
            says["Deployment ID:"],
            says["Keyset URL:"],
            says["Access Token URL:"],
            says["Login URL:"],
        )

    def register(self, component, *arguments):
        """Registers a component, as an operator does: by the preset. Returns what is then registered."""
        code, answer = self.tool.operate(
            "platform", "add", "openedx", self.campus.origin,
            "--client-id", component.client_id, "--block-id", component.block_id, *arguments,
        )
        if code != 0:
            raise AssertionError(json.dumps(answer))
        code, answer = self.tool.operate("platform", "show", self.campus.origin, component.client_id)
        if code != 0:
            raise AssertionError(json.dumps(answer))
        return answer

    @functools.cached_property
    def quiz(self):
        """A graded component whose one line item is the campus's, with names, e-mail addresses and a roster."""
        component = self.add_component(
            "quiz",
            has_score=True,
            weight=10.0,
            lti_1p3_enable_nrps=True,
            ask_to_send_username=True,
            ask_to_send_full_name=True,
            ask_to_send_email=True,
            custom_parameters=["lesson=how-light-bends", "level = 2"],
        )
        self.register(component)
        return component

    @functools.cached_property
    def workshop(self):
        """A component in which the Tool makes line items. It shares no names, and its target is the Tool's own URL."""
        component = self.add_component(
            "workshop",
            has_score=True,
            lti_1p3_launch_url=f"{self.tool.url}/lti/launch",
            lti_advantage_ags_mode="programmatic",
        )
        self.register(component)
        return component

    @functools.cached_property
    def picker(self):
        """A component for which a teacher chooses content."""
        component = self.add_component(
            "picker",
            lti_advantage_deep_linking_enabled=True,
            lti_advantage_deep_linking_launch_url=f"{self.tool.url}/lti/launch",
        )
        self.register(component)
        return component

    def enrol_learner(self, username):
        """A further learner. Returns the id by which Tools will know the person."""
        self.ids[username] = self.campus.enrol(username, username, "student")
        return self.ids[username]

    def start(self, username, component):
        """Opens a component in the course. Returns where its script leads the frame: the login at the Tool."""
        page = self.browser(username).get(f"{self.campus.origin}/component/{component.usage_key}")
        if page.status != 200:
            raise AssertionError(page.text)
        [login] = page.attributes("data-target")
        return login

    def response(self, username, login):
        """Begins this login at the Tool and goes on to the campus. Returns the campus's form with the id_token."""
        browser = self.browser(username)
        page = browser.get(browser.get(login).leads_to())
        if page.status != 200:
            raise AssertionError(page.text)
        [form] = page.forms()
        return form

    def redeem(self, url):
        """The App redeems the code with which a browser arrives at this address. Returns the Launch."""
        arrived = urllib.parse.urlsplit(url)
        if f"{arrived.scheme}://{arrived.netloc}" != APP:
            raise AssertionError(f"{url} is no place of the App")
        [code] = urllib.parse.parse_qs(arrived.query)["launch"]
        answer = self.app.call("POST", f"/v1/launches/{code}/redeem")
        if answer.status != 200:
            raise AssertionError(answer)
        return answer.json

    def launch(self, username, component):
        """A click on the component, to the redeemed Launch."""
        return self.go_on(username, self.start(username, component))

    def go_on(self, username, login):
        """From the login to the redeemed Launch."""
        form = self.response(username, login)
        return self.redeem(self.browser(username).submit(form).leads_to())


@functools.cache
def world():
    """The one world of these tests. What both printed stays in `target/openedx`."""
    print(f"Open edX's lti-consumer-xblock {version('lti-consumer-xblock')} against {PROGRAMS / 'doorway-local'}")
    # The package and PyJWT ask for keys as the environment says. All of it is on this machine.
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = "localhost,127.0.0.1"
    folder = ROOT / "target" / "openedx"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = World(folder)
    atexit.register(made.close)
    return made
