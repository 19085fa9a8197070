"""How many planted vote rings are found, and whom it touches: `python -m bench.rings [--seeds 20]` from the project's root.

Each seed draws 2,000 people with clusters of friends and 20 rings of three to eight (tests/superfans/synthetic.py). The
figures of the detection were chosen on seeds 1 to 3; what is printed here comes from seeds 1,001 onwards. A ring is found
if one suspicion names at least two thirds of its members, and they are at least half of all whom it names.
"""

from __future__ import annotations

import argparse

from tests.superfans.scoring import REPORTED_ON, WORLDS, Scored, score

HEADS = ("rings found", "precision", "members", "precision", "ordinary touched", "worst seed", "kudos", "slowest")


def main() -> None:
    options = argparse.ArgumentParser(description="Planted vote rings: found, and whom it touches.")
    options.add_argument("--seeds", type=int, default=20)
    seeds = options.parse_args().seeds
    print(f"{seeds} seeds from {REPORTED_ON}; precision of suspicions, then of members named")
    print(f"{'':52} " + " ".join(f"{head:>{max(len(head), 9)}}" for head in HEADS))
    for title, world in WORLDS.items():
        print(f"{title:52} " + _line(score(world, range(REPORTED_ON, REPORTED_ON + seeds)), seeds), flush=True)


def _line(found: Scored, seeds: int) -> str:
    rings = found.rings > 0
    cells = (
        f"{found.ring_recall:.1%}" if rings else "-",
        f"{found.ring_precision:.1%}" if rings else "-",
        f"{found.member_recall:.1%}" if rings else "-",
        f"{found.member_precision:.1%}" if rings else "-",
        f"{found.share_touched:.3%}",
        f"{found.worst:.3%}",
        f"{found.kudos / seeds:,.0f}",
        f"{found.seconds:.1f} s",
    )
    return " ".join(f"{cell:>{max(len(head), 9)}}" for cell, head in zip(cells, HEADS, strict=True))


if __name__ == "__main__":
    main()
