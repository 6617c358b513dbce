#!/usr/bin/env python3
"""Exercises the App API with schemathesis, by docs/openapi.json, against the local stack.

    .tools/schemathesis/bin/python tests/peers/schemathesis/run.py             # as CI does: bounded, with a fixed seed
    .tools/schemathesis/bin/python tests/peers/schemathesis/run.py --minutes 5 # more of everything, and a seed of its own

Starts target/debug/doorway-local with the mock Platform on a free loopback port, and ends it. What was sent and found is in
target/schemathesis. The exit status is that of schemathesis.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import threading

import school

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]
WORK = ROOT / "target" / "schemathesis"
APP_KEY = "the-key-of-a-test"
# Launches end there; nobody follows.
APP_URL = "http://127.0.0.1:9/app"
CI_EXAMPLES = 12
CI_SEED = 20261130


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--minutes", type=int, metavar="N", help="go on for so long instead of CI's bounded run")
    options.add_argument("--seed", type=int, help=f"the seed [default: {CI_SEED}, or with --minutes a new one]")
    options = options.parse_args()
    seed = options.seed or (random.randrange(2**31) if options.minutes else CI_SEED)

    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    stack, base_url = start_stack()
    try:
        command = [
            str(pathlib.Path(sys.executable).with_name("schemathesis")), "--config-file", str(HERE / "schemathesis.toml"),
            "run", str(ROOT / "docs" / "openapi.json"), "--url", base_url, "--seed", str(seed),
            "--report", "ndjson", "--report-ndjson-path", str(WORK / "events.ndjson"),
        ]
        if options.minutes:
            command += ["--phases", "examples,coverage,fuzzing,stateful", "--max-time", str(options.minutes * 60)]
        else:
            command += ["--phases", "examples,coverage,fuzzing", "--max-examples", str(CI_EXAMPLES)]
        environment = {
            **os.environ,
            "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1", "SCHEMATHESIS_HOOKS": "hooks",
            "DOORWAY_URL": base_url, "DOORWAY_APP_KEY": APP_KEY, "DOORWAY_APP_URL": APP_URL, "DOORWAY_SEED": str(seed),
            "DOORWAY_SPARSE": "1" if options.minutes else "8",
            "DOORWAY_TALLY": str(WORK / "tally.json"),
        }
        limit = (options.minutes or 0) * 60 + 600
        status = subprocess.run(command, cwd=WORK, env=environment, timeout=limit).returncode
    finally:
        stack.terminate()
        stack.wait(timeout=20)
    return judge(json.loads((WORK / "tally.json").read_text())) or status


def start_stack():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    program = ROOT / "target" / "debug" / "doorway-local"
    if not program.exists():
        sys.exit(f"there is no {program}: cargo build --workspace --bins makes it")
    with open(WORK / "stack.err", "w") as errors:
        stack = subprocess.Popen(
            [program, "--listen", listen, "--app-key", APP_KEY, "--app-url", APP_URL],
            stdout=subprocess.PIPE, stderr=errors, text=True,
        )
    patience = threading.Timer(60, stack.kill)
    patience.start()
    line = stack.stdout.readline()
    patience.cancel()
    if not line.startswith("doorway listening on "):
        stack.kill()
        sys.exit(f"the stack did not start: {(WORK / 'stack.err').read_text()}")
    # What it logs must be read, or it waits for the reader.
    log = open(WORK / "stack.log", "w")
    threading.Thread(target=shutil.copyfileobj, args=(stack.stdout, log), daemon=True).start()
    return stack, line.removeprefix("doorway listening on ").strip()


def judge(tally):
    """A run that met no success of a call has not tried it."""
    paths = json.loads((ROOT / "docs" / "openapi.json").read_text())["paths"]
    print(f"\nschemathesis: {sum(sum(one.values()) for one in tally.values())} requests, by call and status:")
    missing = []
    for operation in (operation for path in paths.values() for operation in path.values()):
        met = tally.get(operation["operationId"], {})
        print(f"  {operation['operationId']:16} {', '.join(f'{status}: {met[status]}' for status in sorted(met))}")
        if not any(status.startswith("2") for status in met):
            missing.append(operation["operationId"])
    if missing:
        print(f"never successful, so hardly tried: {', '.join(missing)}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
