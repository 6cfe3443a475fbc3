"""`make bench-dag`: an officer's day offline over 1 Mbit/s, 300 ms and 2 % loss. Fails when it stalls."""

import argparse
import json
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.dag.line import Line, Quality, bad_line, why_not
from bench.dag.report import Day, write_report
from bench.dag.veld import CONTROLES

LONGEST = 1800
"""Seconds after which a run is given up."""


def inside(namespace: str, module: str, *words: str) -> subprocess.Popen[str]:
    """A Python module of the bench, in a namespace."""
    command = ["ip", "netns", "exec", namespace, sys.executable, "-m", module, *words]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603


def end(process: subprocess.Popen[str]) -> None:
    """Close its input, and wait until it has stopped; after half a minute by force."""
    with suppress(BrokenPipeError):
        process.stdin.close()  # type: ignore[union-attr]
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def play(line: Line, controles: int) -> dict[str, Any]:
    """Both ends and the line between them; what the officer's end said when it was done."""
    server = inside(line.server_end, "bench.dag.server")
    try:
        told = server.stdout.readline()  # type: ignore[union-attr]
        if not told:
            raise RuntimeError("the server did not start")
        officer = inside(line.field_end, "bench.dag.veld", str(controles))
        try:
            officer.stdin.write(told)  # type: ignore[union-attr]
            officer.stdin.flush()  # type: ignore[union-attr]
            guard = threading.Timer(LONGEST, officer.kill)
            guard.start()
            line.carry(lambda: officer.poll() is not None)
            guard.cancel()
            said = officer.stdout.read()  # type: ignore[union-attr]
            if officer.returncode:
                raise RuntimeError(f"the officer's end stopped with {officer.returncode}")
            return json.loads(said)  # type: ignore[no-any-return]
        finally:
            officer.kill()
            end(officer)
    finally:
        end(server)


def main() -> int:
    """Measure; 1 when it stalled or did not arrive whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kort", action="store_true", help="a tenth of a day; writes nothing to docs/")
    args = parser.parse_args()
    if (reason := why_not()) is not None:
        print(f"bench-dag skipped: {reason}.")
        return 0
    quality = Quality()
    with bad_line(quality) as line:
        said = play(line, CONTROLES // 10 if args.kort else CONTROLES)
    day = Day.of(quality, line, said)
    write_report(day, None if args.kort else Path("docs/bench"))
    return 0 if day.flows_on and day.whole else 1


if __name__ == "__main__":
    sys.exit(main())
