"""`python -m bench.vergelijk <other checkout>`: this checkout against another, round by round in turn.

Push by eight devices at once, or with `--wat boa` or `--wat regisseur` a first pull of all that one may see.

The speed of a machine drifts by more than what is looked for. So both services run all the time, idle but for their
own turn, each turn lasts about a second, and what counts is the ratio within each pair. The other checkout needs its
own `bench/`, and nothing installed that is not installed here.
"""

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve()
DEVICES, BATCHES, SIZE, PULLS = 8, 10, 100, 5
RESAMPLED = 2_000


async def serve_rounds(wat: str) -> None:
    """One side: a round for each line that comes in; its entries, or documents, per second back."""
    from bench.lezen import pull_everything  # noqa: PLC0415
    from bench.opstelling import opstelling  # noqa: PLC0415  # of the checkout that this side measures
    from bench.versturen import make_batches, push_round  # noqa: PLC0415

    async with opstelling(gemeenten=DEVICES) as o:
        await push_round(o, {n: make_batches(o.mensen[n], count=4, size=SIZE) for n in range(DEVICES)})
        if wat != "versturen":
            await push_round(o, {0: make_batches(o.mensen[0], count=30, size=SIZE)})
        print("klaar", flush=True)
        while (await asyncio.to_thread(sys.stdin.readline)).strip():
            if wat != "versturen":
                reader = o.mensen[0] if wat == "boa" else o.regisseur
                found = [(await pull_everything(o, reader))["documenten per s"] for _ in range(PULLS)]
                print(statistics.median(found), flush=True)
                continue
            work = {n: make_batches(o.mensen[n], count=BATCHES, size=SIZE) for n in range(DEVICES)}
            print((await push_round(o, work)).per_second, flush=True)


class Kant:
    """One checkout, with a service of its own."""

    def __init__(self, checkout: Path, wat: str) -> None:
        """Start it and wait until it is warm."""
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, str(HERE), "--kant", "--wat", wat],
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(checkout)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if self.hear() != "klaar":
            raise RuntimeError(f"{checkout}: the service did not start")

    def hear(self) -> str:
        """The next line."""
        assert self.process.stdout is not None  # noqa: S101  # a pipe
        return self.process.stdout.readline().strip()

    def turn(self) -> float:
        """One round: entries, or documents, per second."""
        self.tell("ronde\n")
        return float(self.hear())

    def tell(self, line: str) -> None:
        """Write a line; an empty one is the end."""
        assert self.process.stdin is not None  # noqa: S101  # a pipe
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def stop(self) -> None:
        """End it, with its database."""
        self.tell("\n")
        self.process.wait(60)


def compare(other: Path, pairs: int, wat: str) -> str:
    """One line: the medians, and the ratio (this checkout to the other) with its 95 % range by resampling."""
    both = (Kant(other.resolve(), wat), Kant(HERE.parents[1], wat))
    found = []
    for number in range(pairs):
        turns = {kant: kant.turn() for kant in (both if number % 2 else both[::-1])}
        found.append((turns[both[0]], turns[both[1]]))
    for kant in both:
        kant.stop()
    ratios, chance = [ours / theirs for theirs, ours in found], random.Random(1)  # noqa: S311
    again = sorted(statistics.median(chance.choices(ratios, k=pairs)) for _ in range(RESAMPLED))
    theirs, ours = (statistics.median(side) for side in zip(*found, strict=True))
    return (
        f"{wat}: the other {theirs:,.0f} per s, here {ours:,.0f}; ratio per pair: median"
        f" {statistics.median(ratios):.3f}, 95 % {again[RESAMPLED // 40]:.3f}–{again[-RESAMPLED // 40]:.3f}"
        f" ({pairs} pairs)"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path, nargs="?", default=HERE.parents[1])
    parser.add_argument("--paren", type=int, default=30)
    parser.add_argument("--wat", choices=("versturen", "boa", "regisseur"), default="versturen")
    parser.add_argument("--kant", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.kant:
        asyncio.run(serve_rounds(args.wat))
    else:
        print(compare(args.checkout, args.paren, args.wat))
