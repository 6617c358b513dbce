"""A browser with cookies, forms and redirects, and no scripts: what it does of its own a test tells it."""

import dataclasses
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser

TIMEOUT_SECONDS = 30


@dataclasses.dataclass(frozen=True)
class Form:
    """A form of a page."""

    action: str
    fields: dict


@dataclasses.dataclass(frozen=True)
class Page:
    """An answer, with the address that it came from."""

    url: str
    status: int
    headers: object
    text: str

    def forms(self):
        """The forms of this page."""
        elements = _Elements(self.text).found
        forms = []
        for tag, attributes in elements:
            if tag == "form":
                forms.append(Form(urllib.parse.urljoin(self.url, attributes.get("action") or ""), {}))
            elif tag == "input" and attributes.get("name") and forms:
                forms[-1].fields[attributes["name"]] = attributes.get("value") or ""
        return forms

    def attributes(self, name):
        """The values of all attributes of this name."""
        return [attributes[name] for _, attributes in _Elements(self.text).found if attributes.get(name)]

    def lines(self):
        """The text that a person reads, line by line."""
        return [line.strip() for line in "".join(_Elements(self.text).texts).splitlines() if line.strip()]

    def leads_to(self):
        """Where this answer redirects to."""
        location = self.headers["Location"]
        if self.status not in (302, 303) or location is None:
            raise AssertionError(f"{self.url} answered {self.status} and no redirect: {self.text[:2000]}")
        return urllib.parse.urljoin(self.url, location)


class _Elements(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.texts = []
        # An ampersand begins a reference only with the semicolon: browsers read the address in `data-target="...&lti_..."` as
        # it is, and this parser would make `<i_...` of it.
        self.feed(re.sub(r"&(?!#?\w+;)", "&amp;", text))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


class Browser:
    """Somebody's browser."""

    def __init__(self):
        # Chrome, Edge and Firefox keep `Secure` cookies of a loopback address without https.
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
        self._cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar(policy))
        self._opener = urllib.request.build_opener(self._cookies, _NoRedirect())

    def get(self, url):
        """Opens an address."""
        return self._open(urllib.request.Request(url))

    def post(self, url, fields):
        """Sends a form."""
        return self._open(urllib.request.Request(url, urllib.parse.urlencode(fields).encode()))

    def submit(self, form):
        """Sends a page's form, as its script would."""
        return self.post(form.action, form.fields)

    def _open(self, request):
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return _page(answer)
        except urllib.error.HTTPError as answer:
            with answer:
                return _page(answer)


def _page(answer):
    return Page(answer.url, answer.status, answer.headers, answer.read().decode())
