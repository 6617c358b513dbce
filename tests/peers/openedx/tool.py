"""The Tool: the local stack's own program, the command that operates it, and an App that calls the App API."""

import dataclasses
import json
import os
import pathlib
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAMS = pathlib.Path(os.environ.get("DOORWAY_PROGRAMS", ROOT / "target" / "debug"))
APP = "https://app.maple.example"
APP_KEY = "the key of this test's App"
TIMEOUT_SECONDS = 60


class Tool:
    """A running Tool without Registrations. `url` is its public URL."""

    def __init__(self, folder: pathlib.Path):
        self._data = folder / "doorway"
        self._log = folder / "tool.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [PROGRAMS / "doorway-local", "--no-demo", "--allow-http-platforms", "--listen", "127.0.0.1:0",
                 "--data", self._data, "--app-url", f"{APP}/lti", "--app-key", APP_KEY],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )
        greeting = "doorway listening on "
        first = self.wait_for_log("\n").splitlines()[:1]
        if not first or not first[0].startswith(greeting):
            self.close()
            raise AssertionError(f"the Tool did not start:\n{self._log.read_text()}")
        self.url = first[0].removeprefix(greeting).strip()

    def wait_for_log(self, text):
        """What the Tool has printed, once this text is in it; without the text when it does not come."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while True:
            printed = self._log.read_text()
            if text in printed or self._process.poll() is not None or time.monotonic() > deadline:
                return printed
            time.sleep(0.05)

    def close(self):
        """Ends the Tool."""
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def operate(self, *arguments):
        """Runs the command `doorway` on this Tool. Returns its exit code and its answer."""
        command = [PROGRAMS / "doorway", f"--local={self._data}", "--json", *arguments]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
        if not done.stdout:
            raise AssertionError(f"{arguments} answered {done.returncode}: {done.stderr}")
        return done.returncode, json.loads(done.stdout)


@dataclasses.dataclass(frozen=True)
class Answer:
    """An answer of the App API."""

    status: int
    headers: object
    text: str

    @property
    def body(self):
        """The answer's JSON."""
        return json.loads(self.text)


class App:
    """A back end that knows the App's key."""

    def __init__(self, tool):
        self._url = tool.url

    def call(self, method, path, body=None, **headers):
        """Calls the App API."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["Authorization"] = f"Bearer {APP_KEY}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as answer:
            with answer:
                return Answer(answer.status, answer.headers, answer.read().decode())

    def redeem(self, url):
        """Redeems the code with which a browser arrives at this address."""
        arrived = urllib.parse.urlsplit(url)
        if f"{arrived.scheme}://{arrived.netloc}" != APP:
            raise AssertionError(f"{url} is no place of the App")
        [code] = urllib.parse.parse_qs(arrived.query)["launch"]
        answer = self.call("POST", f"/v1/launches/{code}/redeem")
        if answer.status != 200:
            raise AssertionError(f"{answer.status} {answer.text}")
        return answer.body
