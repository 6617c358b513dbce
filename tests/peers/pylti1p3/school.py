"""The mock Platform and a Tool on PyLTI1p3 as two processes on loopback, and a browser that visits them. Standard library alone."""

import http.cookiejar
import json
import os
import re
import selectors
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]

# All is on loopback: nothing of the machine's proxies, here and in the child processes.
os.environ["NO_PROXY"] = "127.0.0.1"

# How long anything here may take, in seconds.
PATIENCE = 30


def mock_platform():
    """The program: as cargo built it, or where MOCK_PLATFORM says."""
    built = os.environ.get("CARGO_TARGET_DIR", ROOT / "target")
    return os.environ.get("MOCK_PLATFORM") or str(Path(built) / "debug" / "mock-platform")


class Process:
    """A child process that says on its first lines where it listens."""

    def __init__(self, arguments, lines, sockets=()):
        self.child = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, pass_fds=[socket.fileno() for socket in sockets]
        )
        try:
            self.said = self._read(lines)
        except BaseException:
            self.stop()
            raise

    def _read(self, lines):
        """So many lines, or a failure that says what came."""
        said, until = b"", time.monotonic() + PATIENCE
        with selectors.DefaultSelector() as selector:
            selector.register(self.child.stdout, selectors.EVENT_READ)
            while said.count(b"\n") < lines:
                if not selector.select(max(0, until - time.monotonic())):
                    raise TimeoutError(f"{self.child.args[0]} said only {said!r}")
                chunk = os.read(self.child.stdout.fileno(), 4096)
                if not chunk:
                    raise ChildProcessError(f"{self.child.args[0]} ended after {said!r}")
                said += chunk
        return said.decode().splitlines()

    def stop(self):
        self.child.terminate()
        try:
            self.child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.child.stdout.close()


class School:
    """A mock Platform of a profile, and the Tool that it knows."""

    # What mock-platform prints: a line with the address, one with words, seven values.
    LINES = 9

    def __init__(self, profile, key_file):
        self.processes = []
        try:
            self._start(profile, key_file)
        except BaseException:
            self.stop()
            raise

    def _start(self, profile, key_file):
        # Each must know the other's address: the Tool's is taken first, and handed over to it when there is a Platform.
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.tool = f"http://127.0.0.1:{listener.getsockname()[1]}"
            platform = self._run(
                [mock_platform(), "--listen", "127.0.0.1:0", "--profile", profile, "--tool-name", "Peer"]
                + ["--initiate-login-uri", f"{self.tool}/login", "--target-link-uri", f"{self.tool}/lessons"]
                + ["--redirect-uri", f"{self.tool}/launched", "--redirect-uri", f"{self.tool}/launch"]
                + ["--deep-linking-uri", f"{self.tool}/lessons/choose"]
                + ["--jwks-uri", f"{self.tool}/jwks.json", "--client-id", "pylti1p3", "--deployment-id", "dep 1/2"],
                self.LINES,
            )
            self.known = dict(re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in platform.said[2:])
            self.issuer = self.known["issuer"]
            self._run(
                [sys.executable, str(HERE / "tool.py"), "--listen", f"fd:{listener.fileno()}"]
                + ["--key-file", str(key_file), "--issuer", self.issuer, "--client-id", self.known["client id"]]
                + ["--deployment-id", self.known["deployment id"], "--jwks-uri", self.known["key set"]]
                + ["--authorization-endpoint", self.known["authorization endpoint"]]
                + ["--token-endpoint", self.known["token endpoint"], "--token-audience", self.known["token audience"]],
                1,
                [listener],
            )

    def _run(self, arguments, lines, sockets=()):
        process = Process(arguments, lines, sockets)
        self.processes.append(process)
        return process

    def stop(self):
        for process in self.processes:
            process.stop()

    def browser_of(self, user_id):
        """A browser in which this person is signed in at the mock Platform."""
        browser = Browser(self)
        page = browser.post(f"{self.issuer}/login", {"user": user_id})
        assert page.address == f"{self.issuer}/course", page
        return browser


class Page:
    """What a browser stands on."""

    def __init__(self, status, address, body, media_type):
        self.status, self.address, self.body, self.media_type = status, address, body, media_type
        self._read = None

    def __repr__(self):
        return f"{self.status} {self.address}\n{self.body}"

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def read(self):
        if self._read is None:
            self._read = Markup()
            self._read.feed(self.body)
        return self._read

    @property
    def text(self):
        """All words, with single spaces."""
        return " ".join(" ".join(self.read.words).split())

    def form(self):
        """The action and the hidden fields of the one form."""
        (form,) = self.read.forms
        return form["action"], form["fields"]

    def link(self, words):
        """Where the one link with these words leads."""
        (found,) = {address for address, text in self.read.links if words in text}
        return urllib.parse.urljoin(self.address, found)

    def cell(self, row, column):
        """What stands in the table in the row and column whose headings begin so."""
        heading, *rows = self.read.rows
        (position,) = [index for index, text in enumerate(heading) if text.startswith(column)]
        (found,) = [cells for cells in rows if cells[0].startswith(row)]
        return found[position]


class Markup(HTMLParser):
    """Forms, links and the rows of tables of a page."""

    def __init__(self):
        super().__init__()
        self.forms, self.links, self.rows, self.words = [], [], [], []
        self._link = self._skipped = None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self.forms.append({"action": attributes["action"], "fields": [], "method": attributes.get("method")})
        elif tag == "input" and self.forms and attributes.get("type") == "hidden":
            self.forms[-1]["fields"].append((attributes["name"], attributes.get("value", "")))
        elif tag == "a" and "href" in attributes:
            self._link = attributes["href"]
            self.links.append((self._link, ""))
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td") and self.rows:
            self.rows[-1].append("")
        elif tag in ("script", "style"):
            self._skipped = tag

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


class Browser:
    """Cookies, redirects, and forms that post themselves."""

    def __init__(self, school):
        self.school = school
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        # Nothing of the machine's proxies: all is on loopback.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)

    def get(self, address):
        return self._open(urllib.request.Request(address))

    def post(self, address, fields):
        form = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(address, data=form, method="POST"))

    def post_json(self, address, value):
        headers = {"Content-Type": "application/json"}
        return self._open(urllib.request.Request(address, data=json.dumps(value).encode(), headers=headers, method="POST"))

    def course(self):
        return self.get(f"{self.school.issuer}/course")

    def click(self, words, page=None):
        """Follows the link with these words of the course, through every form that posts itself."""
        return self.follow(self.get((page or self.course()).link(words)))

    def follow(self, page):
        """Through every form that posts itself, to the page that does not."""
        for _ in range(10):
            if page.media_type != "text/html" or ".submit()" not in page.body:
                return page
            page = self.submit(page)
        raise AssertionError(f"forms without end: {page}")

    def submit(self, page):
        action, fields = page.form()
        return self.post(urllib.parse.urljoin(page.address, action), fields)

    def _open(self, request):
        try:
            answer = self._opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            body = answer.read().decode()
            return Page(answer.status, answer.url, body, answer.headers.get_content_type())
