"""The local stack's school, as a browser and an App meet it: sign-in, launches, calls of the App API. Standard library alone."""

import http.client
import json
import re
import urllib.parse
from html.parser import HTMLParser

TEACHER, LEARNER = "41", "52"


class Forms(HTMLParser):
    """The hidden fields of a page's form, and the data that the page has for its script."""

    def __init__(self, text):
        super().__init__()
        self.action, self.fields = None, {}
        self.feed(text)
        data = re.search(r'type="application/json">(.*?)</script>', text, re.S)
        self.data = json.loads(data.group(1)) if data else {}

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and self.action is None:
            self.action = attributes.get("action")
        if tag == "input" and attributes.get("type") == "hidden":
            self.fields[attributes["name"]] = attributes.get("value", "")


class Answer:
    def __init__(self, response):
        self.status, self.headers = response.status, response.headers
        self.text = response.read().decode()

    def json(self):
        return json.loads(self.text)


class Visitor:
    """Sends requests to the stack and keeps its cookies."""

    def __init__(self, base_url):
        self.base = urllib.parse.urlsplit(base_url)
        self.cookies = {}

    def send(self, method, url, body=None, headers=None):
        url = urllib.parse.urljoin(self.base.geturl(), url)
        parts = urllib.parse.urlsplit(url)
        if parts.netloc != self.base.netloc:
            raise ValueError(f"not the stack's address: {url}")
        headers = dict(headers or {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        try:
            connection.request(method, parts._replace(scheme="", netloc="").geturl(), body, headers)
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def post_form(self, url, fields):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", url, urllib.parse.urlencode(fields), headers)


def launch(base_url, user, link):
    """Opens a link of the course as this person, up to the redirect into the App; the launch's id."""
    visitor = Visitor(base_url)
    expect(visitor.post_form("/platform/login", {"user": user}), 303)
    initiation = expect(visitor.send("GET", f"/platform/launch/{link}?method=get"), 303)
    login = expect(visitor.send("GET", initiation.headers["Location"]), 200, 302)
    # With storage on offer there is a page between; the browser goes on to where it leads.
    to_platform = login.headers["Location"] if login.status == 302 else Forms(login.text).data["next"]
    authorized = Forms(expect(visitor.send("GET", to_platform), 200).text)
    landed = expect(visitor.post_form(authorized.action, authorized.fields), 303)
    query = urllib.parse.urlsplit(landed.headers["Location"]).query
    return urllib.parse.parse_qs(query)["launch"][0]


def expect(answer, *statuses):
    if answer.status not in statuses:
        raise AssertionError(f"expected {statuses}, got {answer.status}: {answer.text[:400]}")
    return answer


class App:
    """The App's back end."""

    def __init__(self, base_url, key):
        self.visitor, self.key = Visitor(base_url), key

    def call(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body)
        return self.visitor.send(method, path, data, {"Authorization": f"Bearer {self.key}", **headers})
