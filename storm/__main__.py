"""`python -m storm`: many seeds in two processes, one seed again, or the proof that the planted bugs are found."""

import argparse
import sys
import time
from itertools import islice
from pathlib import Path

from storm.bewijs import prove, shrink
from storm.mutaties import MUTATIES
from storm.reeks import Opgave, storm
from storm.run import Uitslag
from storm.verslag import line_of, table_of

REGEL = 50
"""One line per so many seeds."""
DOC = Path("docs/bench/storm.md")


def read_args() -> argparse.Namespace:
    """What is asked."""
    parser = argparse.ArgumentParser(prog="python -m storm", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="how many seeds")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--seed", type=int, help="this one only")
    parser.add_argument("--mutatie", choices=MUTATIES, help="plant this bug")
    parser.add_argument("--mutaties", nargs="*", metavar="NAAM", help="prove that each planted bug (or these) is found")
    parser.add_argument("--krimp", action="store_true", help="leave out of --seed all that its finding can do without")
    parser.add_argument("--write", action="store_true", help=f"put the table in {DOC}")
    return parser.parse_args()


def main() -> None:
    """Run what is asked; exit status 1 at any finding."""
    args = read_args()
    if args.mutaties is not None:
        sys.exit(prove(args.mutaties or tuple(MUTATIES)))
    if args.krimp:
        print(*shrink(args.seed, args.mutatie), sep="\n")
        return
    seeds = [args.seed] if args.seed is not None else range(args.first, args.first + args.seeds)
    started = time.monotonic()
    done: list[Uitslag] = []
    outcomes = storm([Opgave.of(seed, args.mutatie) for seed in seeds])
    while chunk := list(islice(outcomes, REGEL)):
        done += chunk
        print(line_of(done, time.monotonic() - started), flush=True)
        for uitslag in (u for u in chunk if u.bevindingen):
            print(f"  seed {uitslag.seed}: again with  make storm SEED={uitslag.seed}")
            print(*(f"    {wat[:1200]}" for wat in uitslag.bevindingen[:5]), sep="\n", flush=True)
    table = table_of(done, time.monotonic() - started)
    print(table)
    if args.write:
        DOC.parent.mkdir(exist_ok=True)
        DOC.write_text(table, encoding="utf-8")
    sys.exit(any(u.bevindingen for u in done))


if __name__ == "__main__":
    main()
