"""The local stack's school, as a browser meets it: sign-in and launches."""

import json
import pathlib
import re
import sys
import urllib.parse

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

from common.browser import Browser

TEACHER, LEARNER = "41", "52"


def launch(base_url, user, link):
    """Opens a link of the course as this person, up to the redirect into the App; the launch's id."""
    visitor = Browser(follows_redirects=False)
    expect(visitor.post(f"{base_url}/platform/login", {"user": user}), 303)
    initiation = visitor.get(f"{base_url}/platform/launch/{link}?method=get").leads_to()
    login = expect(visitor.get(initiation), 200, 302)
    # With storage on offer there is a page between; the browser goes on to where it leads.
    to_platform = login.leads_to() if login.status == 302 else data_of(login)["next"]
    response = expect(visitor.get(to_platform), 200).form()
    landed = expect(visitor.submit(response), 303).leads_to()
    return urllib.parse.parse_qs(urllib.parse.urlsplit(landed).query)["launch"][0]


def data_of(page):
    """What the page has for its script."""
    return json.loads(re.search(r'type="application/json">(.*?)</script>', page.text, re.S)[1])


def expect(answer, *statuses):
    """The answer, which has one of these statuses."""
    if answer.status not in statuses:
        raise AssertionError(f"expected {statuses}, got {answer}")
    return answer
