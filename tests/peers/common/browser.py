"""A browser with cookies, forms and redirects, and no scripts: what a page's script would do a test tells it."""

import dataclasses
import functools
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser

# How long an answer may take, in seconds.
PATIENCE = 30


@dataclasses.dataclass(frozen=True)
class Form:
    """A form of a page: where it goes, and the names and values that it sends. A name may come twice."""

    action: str
    fields: list

    def __getitem__(self, name):
        (value,) = {value for one, value in self.fields if one == name}
        return value

    def __setitem__(self, name, value):
        self.fields[:] = [(one, value if one == name else before) for one, before in self.fields]


@dataclasses.dataclass(frozen=True)
class Page:
    """An answer, with the address that it came from."""

    url: str
    status: int
    headers: object
    text: str

    def __str__(self):
        return f"{self.status} {self.url}\n{self.text}"

    @property
    def json(self):
        """The answer's JSON."""
        return json.loads(self.text)

    @functools.cached_property
    def read(self):
        """What stands on the page."""
        return Markup(self.text)

    def forms(self):
        """The forms of this page."""
        return [Form(self._address(form.action), list(form.fields)) for form in self.read.forms]

    def form(self):
        """The one form of this page."""
        (form,) = self.forms()
        return form

    def attributes(self, name):
        """The values of all attributes of this name."""
        return [attributes[name] for attributes in self.read.attributes if attributes.get(name)]

    def lines(self):
        """The text that a person reads, line by line."""
        return [line.strip() for line in "".join(self.read.words).splitlines() if line.strip()]

    def words(self):
        """The text that a person reads, with single spaces."""
        return " ".join(" ".join(self.read.words).split())

    def link(self, words):
        """Where the one link with these words leads."""
        (found,) = {address for address, text in self.read.links if words in text}
        return self._address(found)

    def cell(self, row, column):
        """What stands in the table in the row and column whose headings begin so."""
        heading, *rows = self.read.rows
        (position,) = [index for index, text in enumerate(heading) if text.startswith(column)]
        (found,) = [cells for cells in rows if cells[0].startswith(row)]
        return found[position]

    def leads_to(self):
        """Where this answer redirects to."""
        location = self.headers["Location"]
        if self.status not in (302, 303) or location is None:
            raise AssertionError(f"{self.url} answered {self.status} and no redirect: {self.text[:2000]}")
        return self._address(location)

    def _address(self, relative):
        return urllib.parse.urljoin(self.url, relative)


class Markup(HTMLParser):
    """Forms, links, the rows of tables and the words of a page."""

    def __init__(self, text):
        super().__init__()
        self.attributes, self.forms, self.links, self.rows, self.words = [], [], [], [], []
        self._link = self._skipped = None
        # An ampersand begins a reference only with the semicolon: browsers read the address in `data-target="...&lti_..."` as
        # it is, and this parser would make `<i_...` of it.
        self.feed(re.sub(r"&(?!#?\w+;)", "&amp;", text))
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.attributes.append(attributes)
        if tag == "form":
            self.forms.append(Form(attributes.get("action") or "", []))
        elif tag == "input" and self.forms and attributes.get("name") and self._is_sent(attributes):
            self.forms[-1].fields.append((attributes["name"], attributes.get("value") or ""))
        elif tag == "a" and "href" in attributes:
            self._link = attributes["href"]
            self.links.append((self._link, ""))
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td") and self.rows:
            self.rows[-1].append("")
        elif tag in ("script", "style"):
            self._skipped = tag

    @staticmethod
    def _is_sent(attributes):
        kind = attributes.get("type")
        return kind not in ("submit", "button") and (kind not in ("checkbox", "radio") or "checked" in attributes)

    def handle_endtag(self, tag):
        if tag == "a":
            self._link = None
        elif tag == self._skipped:
            self._skipped = None

    def handle_data(self, data):
        if self._skipped:
            return
        self.words.append(data)
        if self._link is not None:
            address, text = self.links[-1]
            self.links[-1] = (address, text + data)
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {data}".strip()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


class Browser:
    """Somebody's browser. It follows redirects, or leaves them to a test."""

    def __init__(self, *, follows_redirects):
        # Chrome, Edge and Firefox keep `Secure` cookies of a loopback address without https.
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar(policy))
        # Nothing of the machine's proxies: all is on loopback.
        handlers = [urllib.request.ProxyHandler({}), cookies] + ([] if follows_redirects else [_NoRedirect()])
        self._opener = urllib.request.build_opener(*handlers)

    def get(self, url):
        """Opens an address."""
        return self.send(urllib.request.Request(url))

    def post(self, url, fields):
        """Sends a form."""
        return self.send(urllib.request.Request(url, urllib.parse.urlencode(fields).encode()))

    def submit(self, form):
        """Sends a page's form, as its script would."""
        return self.post(form.action, form.fields)

    def post_json(self, url, value):
        """Sends JSON, as a page's script would."""
        return self.send(urllib.request.Request(url, json.dumps(value).encode(), {"Content-Type": "application/json"}))

    def send(self, request):
        """Sends a request, and gives its answer whatever the status."""
        try:
            answer = self._opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            return Page(answer.url, answer.status, answer.headers, answer.read().decode())
