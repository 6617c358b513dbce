"""The mock Platform and a Tool on PyLTI1p3 as two processes on loopback, and a browser that visits them. Standard library alone."""

import os
import re
import selectors
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.append(str(HERE.parent))

from common.browser import PATIENCE, Browser

# All is on loopback: nothing of the machine's proxies, here and in the child processes.
os.environ["NO_PROXY"] = "127.0.0.1"


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
        browser = Visitor(self)
        page = browser.post(f"{self.issuer}/login", {"user": user_id})
        assert page.url == f"{self.issuer}/course", page
        return browser


class Visitor(Browser):
    """Somebody at this school. Forms that post themselves are posted."""

    def __init__(self, school):
        super().__init__(follows_redirects=True)
        self.school = school

    def course(self):
        return self.get(f"{self.school.issuer}/course")

    def click(self, words, page=None):
        """Follows the link with these words of the course, through every form that posts itself."""
        return self.follow(self.get((page or self.course()).link(words)))

    def follow(self, page):
        """Through every form that posts itself, to the page that does not."""
        for _ in range(10):
            if page.headers.get_content_type() != "text/html" or ".submit()" not in page.text:
                return page
            page = self.submit(page.form())
        raise AssertionError(f"forms without end: {page}")
