"""The Tool: the local stack's own program, and the command that operates it."""

import json
import os
import pathlib
import subprocess
import time

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
